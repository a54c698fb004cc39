ALTER TABLE report_versions DROP COLUMN form_id;
ALTER TABLE reports DROP COLUMN form_id;
COMMENT ON COLUMN reports.figures IS 'Indicator code -> {value, basis}; absent means not reported, which is not zero';
DROP TABLE report_forms;
