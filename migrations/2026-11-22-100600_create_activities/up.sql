CREATE TABLE activities (
    campaign_id       uuid NOT NULL CONSTRAINT activities_campaign_fkey REFERENCES campaigns (id),
    id                uuid NOT NULL,
    org_unit_id       uuid NOT NULL CONSTRAINT activities_org_unit_fkey REFERENCES org_units (id),
    site_id           uuid,
    kind              text NOT NULL,
    phase             text NOT NULL CONSTRAINT activities_phase_check CHECK (phase IN ('before', 'during', 'after')),
    state             text NOT NULL CONSTRAINT activities_state_check CHECK (state IN ('planned', 'held', 'cancelled')),
    title             text NOT NULL,
    place             text,
    starts_at         timestamptz NOT NULL,
    ends_at           timestamptz CONSTRAINT activities_times_check CHECK (ends_at > starts_at),
    attendance_count  integer CONSTRAINT activities_attendance_check CHECK (attendance_count >= 0),
    cost_vnd          bigint CONSTRAINT activities_cost_check CHECK (cost_vnd >= 0),
    funding_source    text CONSTRAINT activities_funding_check CHECK (funding_source IN ('provincial_budget', 'budget_estimate', 'mobilised_funds')),
    cancel_reason     text,
    held_at           timestamptz,
    cancelled_at      timestamptz,
    tokens            text[] NOT NULL,
    version           integer NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT activities_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT activities_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id)
);
COMMENT ON COLUMN activities.attendance_count IS 'Attendances (lượt người tham dự) counted or estimated by the organiser';
COMMENT ON COLUMN activities.cost_vnd IS 'Whole đồng';
CREATE INDEX activities_id_idx ON activities (id);
CREATE INDEX activities_site_idx ON activities (campaign_id, site_id);
CREATE INDEX activities_org_unit_idx ON activities (org_unit_id);
CREATE INDEX activities_tokens_idx ON activities USING gin (tokens);
