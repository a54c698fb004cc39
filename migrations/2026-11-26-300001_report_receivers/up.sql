-- To whom a report is owed: so far always to the body that owns the campaign.
ALTER TABLE report_obligations ADD COLUMN to_org_unit_id uuid CONSTRAINT report_obligations_to_org_unit_fkey REFERENCES org_units (id);
UPDATE report_obligations o SET to_org_unit_id = c.org_unit_id FROM campaigns c WHERE c.id = o.campaign_id;
ALTER TABLE report_obligations ALTER COLUMN to_org_unit_id SET NOT NULL;
COMMENT ON COLUMN report_obligations.to_org_unit_id IS 'The body to which the report is owed: it returns, accepts, extends and exempts';
CREATE INDEX report_obligations_to_org_unit_idx ON report_obligations (to_org_unit_id);

ALTER TABLE report_obligation_decisions ADD COLUMN to_org_unit_id uuid CONSTRAINT report_obligation_decisions_to_org_unit_fkey REFERENCES org_units (id);
UPDATE report_obligation_decisions d SET to_org_unit_id = c.org_unit_id FROM campaigns c WHERE c.id = d.campaign_id;
ALTER TABLE report_obligation_decisions ALTER COLUMN to_org_unit_id SET NOT NULL;
CREATE INDEX report_obligation_decisions_to_org_unit_idx ON report_obligation_decisions (to_org_unit_id);
