-- Who may be the same guest is looked up by index: within a site, by the first and the last syllable of the name ("Nguyễn Văn An" and
-- "Nguyễn An"), or by the whole name of a collective. Filled by the service, as participants.identity is.
ALTER TABLE participants ADD COLUMN name_key uuid;
COMMENT ON COLUMN participants.name_key IS 'Hash of kind and of both ends of the folded name, or of a collective the whole of it; null once erased';

CREATE FUNCTION folded(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(btrim(regexp_replace(lower(translate(regexp_replace(normalize($1, NFD), '[\u0300-\u036f]', '', 'g'), 'Đđ', 'Dd')), '[^[:alnum:]]+', ' ', 'g')), '')
$$;
COMMENT ON FUNCTION folded IS 'A text in lower case, without tone and letter marks, one space between syllables: what src/participants/identity.rs makes of Latin letters';

UPDATE participants SET name_key = substr(encode(sha256(convert_to(
    kind || U&'\001F' || CASE kind WHEN 'person' THEN split_part(folded(full_name), ' ', 1) || ' ' || split_part(folded(full_name), ' ', -1) ELSE folded(full_name) END
    || U&'\001F', 'UTF8')), 'hex'), 1, 32)::uuid
WHERE erased_at IS NULL;
-- Whom a file names again is found by the same index: every index costs an import its share.
CREATE INDEX participants_name_key_idx ON participants (campaign_id, site_id, name_key, identity);
DROP INDEX participants_identity_idx;

CREATE TABLE participant_distinctions (
    campaign_id          uuid NOT NULL,
    id                   uuid NOT NULL,
    participant_id       uuid NOT NULL,
    other_participant_id uuid NOT NULL,
    actor_id             uuid NOT NULL,
    occurred_at          timestamptz NOT NULL,
    CONSTRAINT participant_distinctions_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT participant_distinctions_pair_key UNIQUE (campaign_id, participant_id, other_participant_id),
    CONSTRAINT participant_distinctions_order_check CHECK (participant_id < other_participant_id),
    CONSTRAINT participant_distinctions_participant_fkey FOREIGN KEY (campaign_id, participant_id) REFERENCES participants (campaign_id, id) ON DELETE CASCADE,
    CONSTRAINT participant_distinctions_other_fkey FOREIGN KEY (campaign_id, other_participant_id) REFERENCES participants (campaign_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE participant_distinctions IS 'Append-only: pairs of guests of whom somebody said that they are two, so that they are not proposed as duplicates again';
CREATE INDEX participant_distinctions_other_idx ON participant_distinctions (campaign_id, other_participant_id);
