-- What persons asked about their data, and by when it is answered and done (law 91/2025/QH15, decree 356/2025/NĐ-CP).
CREATE TABLE data_requests (
    campaign_id             uuid NOT NULL CONSTRAINT data_requests_campaign_fkey REFERENCES campaigns (id),
    id                      uuid NOT NULL,
    org_unit_id             uuid NOT NULL CONSTRAINT data_requests_org_unit_fkey REFERENCES org_units (id),
    kind                    text NOT NULL CONSTRAINT data_requests_kind_check CHECK (kind IN ('access', 'correction', 'erasure', 'restriction', 'withdrawal')),
    participant_id          uuid,
    reference               text,
    involves_third_parties  boolean NOT NULL,
    received_at             timestamptz NOT NULL,
    state                   text NOT NULL CONSTRAINT data_requests_state_check CHECK (state IN ('received', 'answered', 'done', 'refused')),
    answer_due_before       timestamptz NOT NULL,
    done_due_before         timestamptz NOT NULL,
    extended_days           integer CONSTRAINT data_requests_extended_days_check CHECK (extended_days BETWEEN 1 AND 15),
    answered_at             timestamptz,
    done_at                 timestamptz,
    refused_at              timestamptz,
    refuse_reason           text,
    tokens                  text[] NOT NULL,
    version                 integer NOT NULL DEFAULT 1,
    created_at              timestamptz NOT NULL,
    updated_at              timestamptz NOT NULL,
    CONSTRAINT data_requests_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT data_requests_about_check CHECK (num_nonnulls(participant_id, reference) = 1),
    CONSTRAINT data_requests_done_check CHECK ((state = 'done') = (done_at IS NOT NULL)),
    CONSTRAINT data_requests_refused_check CHECK ((state = 'refused') = (refused_at IS NOT NULL) AND (refused_at IS NULL) = (refuse_reason IS NULL))
);
COMMENT ON COLUMN data_requests.org_unit_id IS 'The body that received it and answers; scope is judged by it';
COMMENT ON COLUMN data_requests.participant_id IS 'The guest, by id: a guest who is taken off the list leaves the request standing';
COMMENT ON COLUMN data_requests.reference IS 'Whom it is about where it is no guest, in words: personal data, kept out of events';
CREATE INDEX data_requests_id_idx ON data_requests (id);
CREATE INDEX data_requests_org_unit_idx ON data_requests (org_unit_id);
CREATE INDEX data_requests_participant_idx ON data_requests (campaign_id, participant_id);
CREATE INDEX data_requests_tokens_idx ON data_requests USING gin (tokens);

CREATE TABLE data_request_steps (
    campaign_id      uuid NOT NULL,
    id               uuid NOT NULL,
    data_request_id  uuid NOT NULL,
    action           text NOT NULL,
    from_state       text,
    to_state         text NOT NULL,
    note             text,
    actor_id         uuid NOT NULL,
    occurred_at      timestamptz NOT NULL,
    CONSTRAINT data_request_steps_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT data_request_steps_request_fkey FOREIGN KEY (campaign_id, data_request_id) REFERENCES data_requests (campaign_id, id)
);
COMMENT ON TABLE data_request_steps IS 'Append-only: every step of a request with what was said of it';
CREATE INDEX data_request_steps_request_idx ON data_request_steps (campaign_id, data_request_id);
