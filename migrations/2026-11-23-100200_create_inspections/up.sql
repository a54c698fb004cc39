CREATE TABLE inspections (
    campaign_id            uuid NOT NULL CONSTRAINT inspections_campaign_fkey REFERENCES campaigns (id),
    id                     uuid NOT NULL,
    org_unit_id            uuid NOT NULL CONSTRAINT inspections_org_unit_fkey REFERENCES org_units (id),
    inspector_org_unit_id  uuid NOT NULL CONSTRAINT inspections_inspector_fkey REFERENCES org_units (id),
    planned_on             date NOT NULL,
    inspected_on           date,
    team_lead              text,
    subject                text NOT NULL,
    findings               text,
    recommendations        text,
    follow_up_note         text,
    clause                 text,
    state                  text NOT NULL CONSTRAINT inspections_state_check CHECK (state IN ('planned', 'done', 'followed_up', 'cancelled')),
    cancel_reason          text,
    done_at                timestamptz,
    followed_up_at         timestamptz,
    cancelled_at           timestamptz,
    tokens                 text[] NOT NULL,
    version                integer NOT NULL DEFAULT 1,
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    CONSTRAINT inspections_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT inspections_bodies_check CHECK (org_unit_id <> inspector_org_unit_id),
    CONSTRAINT inspections_done_check CHECK (state NOT IN ('done', 'followed_up') OR (inspected_on IS NOT NULL AND findings IS NOT NULL AND done_at IS NOT NULL)),
    CONSTRAINT inspections_cancelled_check CHECK (state <> 'cancelled' OR cancel_reason IS NOT NULL)
);
COMMENT ON COLUMN inspections.org_unit_id IS 'The body inspected';
COMMENT ON COLUMN inspections.team_lead IS 'Who leads the team, as written: personal data, kept out of events';
CREATE INDEX inspections_id_idx ON inspections (id);
CREATE INDEX inspections_org_unit_idx ON inspections (org_unit_id);
CREATE INDEX inspections_inspector_idx ON inspections (inspector_org_unit_id);
CREATE INDEX inspections_tokens_idx ON inspections USING gin (tokens);
