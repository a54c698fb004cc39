DROP INDEX check_ins_occurred_idx;
DROP INDEX check_ins_org_unit_idx;
DROP INDEX check_ins_site_idx;
DROP INDEX participants_created_idx;
DROP INDEX report_obligations_via_idx;
DROP INDEX sites_nominated_by_idx;
DROP INDEX plan_recipients_org_unit_idx;
DROP INDEX plans_parent_idx;
