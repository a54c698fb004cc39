ALTER TABLE delegates DROP COLUMN erased_at;
ALTER TABLE commendations DROP COLUMN erased_at;
ALTER TABLE opinions DROP COLUMN erased_at;
ALTER TABLE participants DROP COLUMN erased_at;
DROP TABLE erasures;
DROP TABLE processing_purpose_changes;
DROP TABLE processing_purposes;
