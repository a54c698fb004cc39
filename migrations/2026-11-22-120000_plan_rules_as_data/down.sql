ALTER TABLE plans DROP COLUMN items;
DROP TABLE plan_clauses;
ALTER TABLE plan_rules DROP CONSTRAINT plan_rules_parameters_check;
ALTER TABLE plan_rules DROP COLUMN parameters, DROP COLUMN also_in, DROP COLUMN is_confirmed, DROP COLUMN confidence;
COMMENT ON COLUMN plan_rules.kind IS 'What the service checks with it: event_window, report_limit, provincial_pilot_count, district_nominations, … or other';
