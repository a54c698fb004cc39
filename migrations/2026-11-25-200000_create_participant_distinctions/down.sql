DROP TABLE participant_distinctions;
DROP INDEX participants_name_key_idx;
DROP FUNCTION folded(text);
ALTER TABLE participants DROP COLUMN name_key;
