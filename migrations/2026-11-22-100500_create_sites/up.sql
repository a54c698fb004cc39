CREATE TABLE sites (
    campaign_id       uuid NOT NULL CONSTRAINT sites_campaign_fkey REFERENCES campaigns (id),
    id                uuid NOT NULL,
    org_unit_id       uuid NOT NULL CONSTRAINT sites_org_unit_fkey REFERENCES org_units (id),
    admin_unit_id     uuid CONSTRAINT sites_admin_unit_fkey REFERENCES admin_units (id),
    name              text NOT NULL,
    kind              text NOT NULL CONSTRAINT sites_kind_check CHECK (kind IN ('residential_area', 'commune', 'ward', 'township', 'agency', 'enterprise', 'educational_institution')),
    state             text NOT NULL CONSTRAINT sites_state_check CHECK (state IN ('draft', 'nominated', 'selected', 'not_selected', 'scheduled', 'held', 'closed')),
    pilot_level       text NOT NULL CONSTRAINT sites_pilot_level_check CHECK (pilot_level IN ('none', 'unit', 'commune', 'district', 'province')),
    address           text,
    lat               double precision CONSTRAINT sites_lat_check CHECK (lat BETWEEN -90 AND 90),
    lon               double precision CONSTRAINT sites_lon_check CHECK (lon BETWEEN -180 AND 180),
    priority_reasons  text[] NOT NULL,
    suitability_note  text,
    decision_reason   text,
    starts_at         timestamptz,
    ends_at           timestamptz CONSTRAINT sites_times_check CHECK (ends_at > starts_at),
    nominated_by      uuid CONSTRAINT sites_nominated_by_fkey REFERENCES org_units (id),
    nominated_at      timestamptz,
    decided_at        timestamptz,
    held_at           timestamptz,
    closed_at         timestamptz,
    tokens            text[] NOT NULL,
    version           integer NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT sites_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT sites_name_key UNIQUE (campaign_id, org_unit_id, name)
);
COMMENT ON COLUMN sites.priority_reasons IS 'Why the area has priority (R8); shown only to roles that may see it';
COMMENT ON COLUMN sites.suitability_note IS 'Conditions for the activities and for people to reach the site (R9)';
COMMENT ON COLUMN sites.nominated_by IS 'The district committee that nominated the site to the province (R4)';
CREATE INDEX sites_id_idx ON sites (id);
CREATE INDEX sites_org_unit_idx ON sites (org_unit_id);
CREATE INDEX sites_tokens_idx ON sites USING gin (tokens);

CREATE TABLE site_counters (
    campaign_id    uuid NOT NULL,
    site_id        uuid NOT NULL,
    listed         integer NOT NULL DEFAULT 0,
    invited        integer NOT NULL DEFAULT 0,
    accepted       integer NOT NULL DEFAULT 0,
    declined       integer NOT NULL DEFAULT 0,
    entries        integer NOT NULL DEFAULT 0,
    persons        integer NOT NULL DEFAULT 0,
    present        integer NOT NULL DEFAULT 0,
    CONSTRAINT site_counters_pkey PRIMARY KEY (campaign_id, site_id),
    CONSTRAINT site_counters_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id) ON DELETE CASCADE,
    CONSTRAINT site_counters_check CHECK (listed >= 0 AND invited >= 0 AND accepted >= 0 AND declined >= 0 AND entries >= 0 AND persons >= 0 AND present >= 0 AND persons <= entries AND present <= persons)
) WITH (fillfactor = 50);
COMMENT ON TABLE site_counters IS 'Figures of one site, changed in the transaction of the write they count';
COMMENT ON COLUMN site_counters.listed IS 'Participants on the list, whatever their state';
COMMENT ON COLUMN site_counters.invited IS 'Participants who were invited, those who answered included';
COMMENT ON COLUMN site_counters.entries IS 'Entries (lượt): entry operations logged';
COMMENT ON COLUMN site_counters.persons IS 'Distinct participants (người) with at least one entry';
COMMENT ON COLUMN site_counters.present IS 'Participants whose latest operation is an entry';
