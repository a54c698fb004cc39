CREATE TABLE participants (
    campaign_id          uuid NOT NULL CONSTRAINT participants_campaign_fkey REFERENCES campaigns (id),
    id                   uuid NOT NULL,
    site_id              uuid NOT NULL,
    org_unit_id          uuid NOT NULL CONSTRAINT participants_org_unit_fkey REFERENCES org_units (id),
    kind                 text NOT NULL CONSTRAINT participants_kind_check CHECK (kind IN ('person', 'collective')),
    category             text NOT NULL,
    state                text NOT NULL CONSTRAINT participants_state_check CHECK (state IN ('listed', 'invited', 'accepted', 'declined')),
    full_name            text NOT NULL,
    title                text,
    organisation         text,
    representative_name  text,
    invited_at           timestamptz,
    responded_at         timestamptz,
    decline_reason       text,
    entry_count          integer NOT NULL DEFAULT 0,
    is_present           boolean NOT NULL DEFAULT false,
    first_entered_at     timestamptz,
    last_op_at           timestamptz,
    last_op_id           uuid,
    tokens               text[] NOT NULL,
    version              integer NOT NULL DEFAULT 1,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    CONSTRAINT participants_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT participants_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id)
) WITH (fillfactor = 80);
COMMENT ON COLUMN participants.org_unit_id IS 'The body that organises the site; scope is judged by it';
COMMENT ON COLUMN participants.last_op_at IS 'Device time of the latest check-in operation; with last_op_id it makes the state independent of the order of arrival';
CREATE INDEX participants_id_idx ON participants (id);
CREATE INDEX participants_site_idx ON participants (campaign_id, site_id, id);
CREATE INDEX participants_org_unit_idx ON participants (org_unit_id);
CREATE INDEX participants_tokens_idx ON participants USING gin (tokens);

CREATE TABLE check_ins (
    campaign_id     uuid NOT NULL,
    id              uuid NOT NULL,
    site_id         uuid NOT NULL,
    participant_id  uuid NOT NULL,
    org_unit_id     uuid NOT NULL CONSTRAINT check_ins_org_unit_fkey REFERENCES org_units (id),
    device_id       uuid NOT NULL,
    op_id           uuid NOT NULL,
    direction       text NOT NULL CONSTRAINT check_ins_direction_check CHECK (direction IN ('entry', 'exit')),
    occurred_at     timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    actor_id        uuid NOT NULL,
    CONSTRAINT check_ins_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT check_ins_op_key UNIQUE (campaign_id, device_id, op_id),
    CONSTRAINT check_ins_participant_fkey FOREIGN KEY (campaign_id, participant_id) REFERENCES participants (campaign_id, id)
);
COMMENT ON TABLE check_ins IS 'Append-only log; figures are derived from it and equal a recount';
COMMENT ON COLUMN check_ins.occurred_at IS 'Time by the device';
COMMENT ON COLUMN check_ins.received_at IS 'Time of receipt by the service';
CREATE INDEX check_ins_id_idx ON check_ins (id);
CREATE INDEX check_ins_participant_idx ON check_ins (campaign_id, participant_id);
