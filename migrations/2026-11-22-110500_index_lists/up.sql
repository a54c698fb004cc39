-- What deletes look up from the other side, and what lists are filtered and sorted by.
CREATE INDEX plans_parent_idx ON plans (parent_plan_id);
CREATE INDEX plan_recipients_org_unit_idx ON plan_recipients (org_unit_id);
CREATE INDEX sites_nominated_by_idx ON sites (nominated_by);
CREATE INDEX report_obligations_via_idx ON report_obligations (via_org_unit_id);

-- Not for updated_at: a check-in changes it, and with an index on it would no longer be a change within the page (HOT).
CREATE INDEX participants_created_idx ON participants (created_at, id);

-- Every index on the log costs each check-in, so there are three, and each answers what would else read the whole log:
-- the log of one site in the order of time, which is what a gate looks at;
CREATE INDEX check_ins_site_idx ON check_ins (campaign_id, site_id, occurred_at, id);
-- the log in the scope of a body, and the deletion of a body;
CREATE INDEX check_ins_org_unit_idx ON check_ins (org_unit_id);
-- the log of a province in a span or in the order of time.
CREATE INDEX check_ins_occurred_idx ON check_ins (occurred_at, id);
-- None for received_at: ids are made on receipt, so the order of ids is that of receipt. None for device_id alone:
-- check_ins_op_key answers it with the campaign. None for direction, which halves a list at the most.
