DROP TABLE participant_distinctions;
CREATE INDEX participants_identity_idx ON participants (campaign_id, site_id, identity);
DROP INDEX participants_name_key_idx;
DROP FUNCTION folded(text);
ALTER TABLE participants DROP COLUMN name_key;
