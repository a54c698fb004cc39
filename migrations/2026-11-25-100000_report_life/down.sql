DROP TABLE report_steps;
ALTER TABLE reports DROP CONSTRAINT reports_locked_check;
ALTER TABLE reports DROP COLUMN locked_at, DROP COLUMN return_comments, DROP COLUMN is_nil;
