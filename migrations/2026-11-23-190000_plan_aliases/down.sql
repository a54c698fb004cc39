ALTER TABLE plans DROP COLUMN aliases, DROP COLUMN archive_marks;
