CREATE TABLE campaigns (
    id                         uuid NOT NULL CONSTRAINT campaigns_pkey PRIMARY KEY,
    org_unit_id                uuid NOT NULL CONSTRAINT campaigns_org_unit_fkey REFERENCES org_units (id),
    admin_unit_id              uuid CONSTRAINT campaigns_admin_unit_fkey REFERENCES admin_units (id),
    name                       text NOT NULL,
    year                       integer NOT NULL CONSTRAINT campaigns_year_check CHECK (year BETWEEN 2005 AND 2100),
    state                      text NOT NULL CONSTRAINT campaigns_state_check CHECK (state IN ('draft', 'issued', 'running', 'reporting', 'closed')),
    event_from                 date NOT NULL,
    event_to                   date NOT NULL,
    report_due_before          date NOT NULL,
    provincial_pilot_count     integer NOT NULL CONSTRAINT campaigns_pilot_count_check CHECK (provincial_pilot_count BETWEEN 0 AND 1000),
    min_district_nominations   integer NOT NULL CONSTRAINT campaigns_min_nominations_check CHECK (min_district_nominations BETWEEN 0 AND 1000),
    tokens                     text[] NOT NULL,
    version                    integer NOT NULL DEFAULT 1,
    created_at                 timestamptz NOT NULL,
    updated_at                 timestamptz NOT NULL,
    CONSTRAINT campaigns_window_check CHECK (event_to >= event_from),
    CONSTRAINT campaigns_org_unit_year_key UNIQUE (org_unit_id, year)
);
COMMENT ON COLUMN campaigns.event_from IS 'First day of the festival window, included (R1, II.2.2.3)';
COMMENT ON COLUMN campaigns.event_to IS 'Last day of the festival window, included (R1, II.2.2.3)';
COMMENT ON COLUMN campaigns.report_due_before IS 'A report is in time while it is submitted before this day begins in Asia/Ho_Chi_Minh (R2, III.3)';
COMMENT ON COLUMN campaigns.provincial_pilot_count IS 'Exact number of pilot sites the province selects (R3)';
COMMENT ON COLUMN campaigns.min_district_nominations IS 'Least number of sites each district nominates (R4)';
