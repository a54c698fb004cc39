CREATE TABLE opinions (
    campaign_id              uuid NOT NULL CONSTRAINT opinions_campaign_fkey REFERENCES campaigns (id),
    id                       uuid NOT NULL,
    org_unit_id              uuid NOT NULL CONSTRAINT opinions_org_unit_fkey REFERENCES org_units (id),
    activity_id              uuid,
    text                     text NOT NULL,
    raised_at                timestamptz NOT NULL,
    is_anonymous             boolean NOT NULL,
    raised_by_name           text,
    answer_due_before        timestamptz,
    state                    text NOT NULL CONSTRAINT opinions_state_check CHECK (state IN ('raised', 'referred', 'answered')),
    referred_to_org_unit_id  uuid CONSTRAINT opinions_referred_to_fkey REFERENCES org_units (id),
    refer_note               text,
    referred_at              timestamptz,
    answer                   text,
    answered_by_org_unit_id  uuid CONSTRAINT opinions_answered_by_fkey REFERENCES org_units (id),
    answered_at              timestamptz,
    tokens                   text[] NOT NULL,
    version                  integer NOT NULL DEFAULT 1,
    created_at               timestamptz NOT NULL,
    updated_at               timestamptz NOT NULL,
    CONSTRAINT opinions_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT opinions_activity_fkey FOREIGN KEY (campaign_id, activity_id) REFERENCES activities (campaign_id, id),
    CONSTRAINT opinions_anonymous_check CHECK (NOT is_anonymous OR raised_by_name IS NULL),
    CONSTRAINT opinions_answered_check CHECK ((state = 'answered') = (answer IS NOT NULL) AND num_nulls(answer, answered_by_org_unit_id, answered_at) IN (0, 3)),
    CONSTRAINT opinions_referred_check CHECK (state <> 'referred' OR (referred_to_org_unit_id IS NOT NULL AND referred_at IS NOT NULL))
);
COMMENT ON COLUMN opinions.org_unit_id IS 'Body that organises the forum; scope is judged by it';
COMMENT ON COLUMN opinions.raised_by_name IS 'Personal data: never kept of an anonymous opinion, kept out of events';
CREATE INDEX opinions_id_idx ON opinions (id);
CREATE INDEX opinions_org_unit_idx ON opinions (org_unit_id);
CREATE INDEX opinions_activity_idx ON opinions (campaign_id, activity_id);
CREATE INDEX opinions_referred_to_idx ON opinions (referred_to_org_unit_id);
CREATE INDEX opinions_answered_by_idx ON opinions (answered_by_org_unit_id);
CREATE INDEX opinions_tokens_idx ON opinions USING gin (tokens);
