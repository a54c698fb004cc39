-- A device that checks guests in at sites of one body. Who knows the code enrols it, once; then it has a secret of its own.
CREATE TABLE devices (
    campaign_id      uuid NOT NULL CONSTRAINT devices_campaign_fkey REFERENCES campaigns (id),
    id               uuid NOT NULL,
    org_unit_id      uuid NOT NULL CONSTRAINT devices_org_unit_fkey REFERENCES org_units (id),
    name             text NOT NULL,
    code_hash        bytea,
    code_expires_at  timestamptz,
    enrolment_id     uuid,
    secret_hash      bytea,
    enrolled_at      timestamptz,
    revoked_at       timestamptz,
    last_seen_at     timestamptz,
    clock_skew_ms    bigint,
    tokens           text[] NOT NULL,
    version          integer NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT devices_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT devices_code_check CHECK ((code_hash IS NULL) = (code_expires_at IS NULL)),
    CONSTRAINT devices_enrolment_check CHECK ((enrolment_id IS NULL) = (secret_hash IS NULL) AND (enrolment_id IS NULL) = (enrolled_at IS NULL)),
    CONSTRAINT devices_revoked_check CHECK (revoked_at IS NULL OR (code_hash IS NULL AND secret_hash IS NULL))
);
COMMENT ON COLUMN devices.org_unit_id IS 'Body whose sites it serves; scope is judged by it';
COMMENT ON COLUMN devices.code_hash IS 'Keyed hash of the code that enrols it; null once used';
COMMENT ON COLUMN devices.enrolment_id IS 'Tokens of another enrolment are void';
COMMENT ON COLUMN devices.clock_skew_ms IS 'Receipt minus device time when it last told its time';
CREATE UNIQUE INDEX devices_name_key ON devices (campaign_id, org_unit_id, name) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX devices_id_key ON devices (id);
CREATE UNIQUE INDEX devices_code_key ON devices (code_hash);
CREATE INDEX devices_org_unit_idx ON devices (org_unit_id);
CREATE INDEX devices_tokens_idx ON devices USING gin (tokens);

CREATE TABLE device_sites (
    campaign_id  uuid NOT NULL,
    device_id    uuid NOT NULL,
    site_id      uuid NOT NULL,
    CONSTRAINT device_sites_pkey PRIMARY KEY (campaign_id, device_id, site_id),
    CONSTRAINT device_sites_device_fkey FOREIGN KEY (campaign_id, device_id) REFERENCES devices (campaign_id, id),
    CONSTRAINT device_sites_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id)
);
CREATE INDEX device_sites_site_idx ON device_sites (campaign_id, site_id);
