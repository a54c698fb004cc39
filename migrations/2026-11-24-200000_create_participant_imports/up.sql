CREATE TABLE participant_imports (
    campaign_id    uuid NOT NULL CONSTRAINT participant_imports_campaign_fkey REFERENCES campaigns (id),
    id             uuid NOT NULL,
    site_id        uuid NOT NULL,
    org_unit_id    uuid NOT NULL CONSTRAINT participant_imports_org_unit_fkey REFERENCES org_units (id),
    format         text NOT NULL CONSTRAINT participant_imports_format_check CHECK (format IN ('ndjson', 'csv', 'xlsx')),
    is_dry_run     boolean NOT NULL,
    state          text NOT NULL CONSTRAINT participant_imports_state_check CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    size_bytes     bigint NOT NULL,
    checksum       text NOT NULL,
    delimiter      text,
    header         text[] NOT NULL,
    stored_bytes   bigint NOT NULL,
    position_bytes bigint NOT NULL,
    next_line      integer NOT NULL,
    read_count     integer NOT NULL DEFAULT 0,
    added_count    integer NOT NULL DEFAULT 0,
    repeated_count integer NOT NULL DEFAULT 0,
    refused_count  integer NOT NULL DEFAULT 0,
    categories     text[] NOT NULL DEFAULT '{}',
    error_code     text,
    error_vi       text,
    error_en       text,
    lease_token    uuid,
    lease_until    timestamptz,
    attempts       integer NOT NULL DEFAULT 0,
    created_by     uuid NOT NULL,
    version        integer NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    started_at     timestamptz,
    finished_at    timestamptz,
    CONSTRAINT participant_imports_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT participant_imports_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id),
    CONSTRAINT participant_imports_counts_check CHECK (read_count = added_count + repeated_count + refused_count)
);
COMMENT ON TABLE participant_imports IS 'Files of guests: what became of each. A row is work to do while it is queued or running';
COMMENT ON COLUMN participant_imports.header IS 'What each column of a table holds, in their order; empty for NDJSON';
COMMENT ON COLUMN participant_imports.stored_bytes IS 'Bytes kept in participant_import_parts: of a workbook, its rows as CSV';
COMMENT ON COLUMN participant_imports.position_bytes IS 'Up to here the stored bytes are worked off; it moves in the transaction of the rows before it';
COMMENT ON COLUMN participant_imports.lease_token IS 'Who works on it; whoever finds another token here has lost it';
COMMENT ON COLUMN participant_imports.lease_until IS 'By the clock of the machine, not of the demo: then another worker may take it over';
COMMENT ON COLUMN participant_imports.attempts IS 'Times it was taken over since the last rows were worked off';
CREATE INDEX participant_imports_id_idx ON participant_imports (id);
CREATE INDEX participant_imports_site_idx ON participant_imports (campaign_id, site_id);
CREATE INDEX participant_imports_org_unit_idx ON participant_imports (org_unit_id);
CREATE INDEX participant_imports_waiting_idx ON participant_imports (created_at, id) WHERE state IN ('queued', 'running');

CREATE TABLE participant_import_parts (
    campaign_id uuid NOT NULL,
    import_id   uuid NOT NULL,
    no          integer NOT NULL,
    bytes       bytea NOT NULL,
    CONSTRAINT participant_import_parts_pkey PRIMARY KEY (campaign_id, import_id, no),
    CONSTRAINT participant_import_parts_import_fkey FOREIGN KEY (campaign_id, import_id) REFERENCES participant_imports (campaign_id, id)
);
-- Compressing what is read once costs more than it saves.
ALTER TABLE participant_import_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE participant_import_parts IS 'The bytes of a file of guests, personal data: deleted in the transaction that ends its import';

CREATE TABLE participant_import_rows (
    campaign_id    uuid NOT NULL,
    id             uuid NOT NULL,
    import_id      uuid NOT NULL,
    line           integer NOT NULL,
    verdict        text NOT NULL CONSTRAINT participant_import_rows_verdict_check CHECK (verdict IN ('repeated', 'refused')),
    participant_id uuid,
    problems       jsonb NOT NULL,
    CONSTRAINT participant_import_rows_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT participant_import_rows_line_key UNIQUE (campaign_id, import_id, line),
    CONSTRAINT participant_import_rows_import_fkey FOREIGN KEY (campaign_id, import_id) REFERENCES participant_imports (campaign_id, id)
);
COMMENT ON TABLE participant_import_rows IS 'Append-only: the rows of a file that were not simply added, and why; no word of the row itself';
COMMENT ON COLUMN participant_import_rows.participant_id IS 'The guest who was there already; not referenced, for a guest can be taken off the list';

CREATE TABLE participant_import_keys (
    campaign_id uuid NOT NULL,
    import_id   uuid NOT NULL,
    identity    uuid NOT NULL,
    CONSTRAINT participant_import_keys_pkey PRIMARY KEY (campaign_id, import_id, identity),
    CONSTRAINT participant_import_keys_import_fkey FOREIGN KEY (campaign_id, import_id) REFERENCES participant_imports (campaign_id, id)
);
COMMENT ON TABLE participant_import_keys IS 'Whom a dry run would have added so far; deleted at its end';

-- Filled by the service. The import is not referenced by a foreign key: imports are never deleted, and each guest would be
-- checked against the one row that all of them share.
ALTER TABLE participants ADD COLUMN identity uuid, ADD COLUMN import_id uuid;
COMMENT ON COLUMN participants.identity IS 'Hash of kind, folded name, body and post: who it is within a site, as far as a list can tell';
COMMENT ON COLUMN participants.import_id IS 'The file of guests that the row came with';

-- What src/participants/identity.rs makes, for the rows that are there: the same for every text in Latin letters.
CREATE FUNCTION pg_temp.folded(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(btrim(regexp_replace(lower(translate(regexp_replace(normalize($1, NFD), '[\u0300-\u036f]', '', 'g'), 'Đđ', 'Dd')), '[^[:alnum:]]+', ' ', 'g')), '')
$$;
UPDATE participants SET identity = substr(encode(sha256(convert_to(
    kind || U&'\001F' || pg_temp.folded(full_name) || U&'\001F' || pg_temp.folded(organisation) || U&'\001F' || pg_temp.folded(title) || U&'\001F', 'UTF8')), 'hex'), 1, 32)::uuid;
DROP FUNCTION pg_temp.folded(text);

CREATE INDEX participants_identity_idx ON participants (campaign_id, site_id, identity);
CREATE INDEX participants_import_idx ON participants (campaign_id, import_id, id) WHERE import_id IS NOT NULL;
