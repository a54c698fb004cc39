CREATE TABLE obstacles (
    campaign_id           uuid NOT NULL CONSTRAINT obstacles_campaign_fkey REFERENCES campaigns (id),
    id                    uuid NOT NULL,
    org_unit_id           uuid NOT NULL CONSTRAINT obstacles_org_unit_fkey REFERENCES org_units (id),
    title                 text NOT NULL,
    description           text NOT NULL,
    proposal              text,
    receiver_org_unit_id  uuid NOT NULL CONSTRAINT obstacles_receiver_fkey REFERENCES org_units (id),
    through_org_unit_id   uuid CONSTRAINT obstacles_through_fkey REFERENCES org_units (id),
    state                 text NOT NULL CONSTRAINT obstacles_state_check CHECK (state IN ('raised', 'in_progress', 'answered', 'closed')),
    raised_at             timestamptz NOT NULL,
    started_at            timestamptz,
    answer                text,
    answered_at           timestamptz,
    closed_at             timestamptz,
    tokens                text[] NOT NULL,
    version               integer NOT NULL DEFAULT 1,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL,
    CONSTRAINT obstacles_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT obstacles_answered_check CHECK ((state IN ('answered', 'closed')) = (answer IS NOT NULL) AND (answer IS NULL) = (answered_at IS NULL)),
    CONSTRAINT obstacles_closed_check CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
COMMENT ON COLUMN obstacles.org_unit_id IS 'Body that raises it; scope is judged by it';
CREATE INDEX obstacles_id_idx ON obstacles (id);
CREATE INDEX obstacles_org_unit_idx ON obstacles (org_unit_id);
CREATE INDEX obstacles_receiver_idx ON obstacles (receiver_org_unit_id);
CREATE INDEX obstacles_through_idx ON obstacles (through_org_unit_id);
CREATE INDEX obstacles_tokens_idx ON obstacles USING gin (tokens);
