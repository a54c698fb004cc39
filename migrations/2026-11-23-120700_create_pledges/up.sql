CREATE TABLE pledges (
    campaign_id       uuid NOT NULL CONSTRAINT pledges_campaign_fkey REFERENCES campaigns (id),
    id                uuid NOT NULL,
    org_unit_id       uuid NOT NULL CONSTRAINT pledges_org_unit_fkey REFERENCES org_units (id),
    topic             text NOT NULL,
    household_count   integer NOT NULL CONSTRAINT pledges_household_count_check CHECK (household_count >= 0),
    person_count      integer NOT NULL CONSTRAINT pledges_person_count_check CHECK (person_count >= 0),
    collective_count  integer NOT NULL CONSTRAINT pledges_collective_count_check CHECK (collective_count >= 0),
    signed_on         date NOT NULL,
    site_id           uuid,
    tokens            text[] NOT NULL,
    version           integer NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT pledges_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT pledges_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id),
    CONSTRAINT pledges_signed_check CHECK (household_count + person_count + collective_count > 0)
);
COMMENT ON COLUMN pledges.org_unit_id IS 'Body that organises the signing; scope is judged by it';
CREATE INDEX pledges_id_idx ON pledges (id);
CREATE INDEX pledges_org_unit_idx ON pledges (org_unit_id);
CREATE INDEX pledges_site_idx ON pledges (campaign_id, site_id);
CREATE INDEX pledges_tokens_idx ON pledges USING gin (tokens);
