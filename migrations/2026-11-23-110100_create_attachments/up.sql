-- Files that belong to something. The bytes are in an object store under their checksum.
CREATE TABLE attachments (
    campaign_id  uuid NOT NULL,
    id           uuid NOT NULL,
    owner_kind   text NOT NULL CONSTRAINT attachments_owner_kind_check CHECK (owner_kind IN ('plan', 'document', 'report', 'site', 'activity')),
    owner_id     uuid NOT NULL,
    org_unit_id  uuid NOT NULL CONSTRAINT attachments_org_unit_fkey REFERENCES org_units (id),
    name         text NOT NULL,
    media_type   text NOT NULL,
    size_bytes   bigint NOT NULL CONSTRAINT attachments_size_check CHECK (size_bytes > 0),
    checksum     text NOT NULL CONSTRAINT attachments_checksum_check CHECK (checksum ~ '^[0-9a-f]{64}$'),
    uploaded_by  uuid NOT NULL,
    deleted_at   timestamptz,
    deleted_by   uuid,
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    CONSTRAINT attachments_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT attachments_deleted_check CHECK ((deleted_at IS NULL) = (deleted_by IS NULL))
);
COMMENT ON COLUMN attachments.campaign_id IS 'The nil UUID for what belongs to no campaign';
COMMENT ON COLUMN attachments.owner_id IS 'A row of the table that owner_kind names; looked up by the code, since one key cannot lead to many tables';
COMMENT ON COLUMN attachments.checksum IS 'SHA-256 of the bytes, in hexadecimal: the name of the object';
COMMENT ON COLUMN attachments.deleted_at IS 'A deletion is a mark; the object goes when no row without a mark names it';
CREATE INDEX attachments_id_idx ON attachments (id);
CREATE INDEX attachments_owner_idx ON attachments (owner_kind, owner_id, id);
CREATE INDEX attachments_org_unit_idx ON attachments (org_unit_id);
CREATE INDEX attachments_checksum_idx ON attachments (checksum);
