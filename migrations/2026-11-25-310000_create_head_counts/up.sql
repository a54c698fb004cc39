-- How many people were seen at a site at one moment, where nobody is listed by name. Never added to guests.
CREATE TABLE head_counts (
    campaign_id    uuid NOT NULL,
    id             uuid NOT NULL,
    site_id        uuid NOT NULL,
    org_unit_id    uuid NOT NULL CONSTRAINT head_counts_org_unit_fkey REFERENCES org_units (id),
    head_count     integer NOT NULL CONSTRAINT head_counts_head_count_check CHECK (head_count >= 0),
    counted_at     timestamptz NOT NULL,
    received_at    timestamptz NOT NULL,
    actor_id       uuid NOT NULL,
    supersedes_id  uuid,
    CONSTRAINT head_counts_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT head_counts_supersedes_key UNIQUE (campaign_id, supersedes_id),
    CONSTRAINT head_counts_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id),
    CONSTRAINT head_counts_supersedes_fkey FOREIGN KEY (campaign_id, supersedes_id) REFERENCES head_counts (campaign_id, id)
);
COMMENT ON TABLE head_counts IS 'Append-only: a count that was wrong is superseded by another one, once';
COMMENT ON COLUMN head_counts.counted_at IS 'By the clock of the device';
CREATE INDEX head_counts_id_idx ON head_counts (id);
CREATE INDEX head_counts_site_idx ON head_counts (campaign_id, site_id, counted_at);
CREATE INDEX head_counts_org_unit_idx ON head_counts (org_unit_id);
