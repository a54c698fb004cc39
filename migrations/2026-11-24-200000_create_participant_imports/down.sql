ALTER TABLE participants DROP COLUMN import_id, DROP COLUMN identity;
DROP TABLE participant_import_keys;
DROP TABLE participant_import_rows;
DROP TABLE participant_import_parts;
DROP TABLE participant_imports;
