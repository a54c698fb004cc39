ALTER TABLE report_obligation_decisions DROP COLUMN to_org_unit_id;
ALTER TABLE report_obligations DROP COLUMN to_org_unit_id;
