CREATE TABLE events (
    campaign_id       uuid NOT NULL,
    id                uuid NOT NULL,
    xid               bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    seq               bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    resource          text NOT NULL,
    resource_id       uuid NOT NULL,
    resource_version  integer NOT NULL,
    org_unit_id       uuid NOT NULL,
    action            text NOT NULL,
    actor_id          uuid NOT NULL,
    occurred_at       timestamptz NOT NULL,
    data              jsonb NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (campaign_id, id)
);
COMMENT ON TABLE events IS 'What changed, append-only; read in the order (xid, seq) up to the oldest running transaction, so that a cursor never passes a row that is not yet visible';
COMMENT ON COLUMN events.campaign_id IS 'The nil UUID for what belongs to no campaign';
COMMENT ON COLUMN events.data IS 'State before and after, and the reason where one was given; no personal data';
CREATE INDEX events_order_idx ON events (xid, seq);

CREATE TABLE idempotency_keys (
    caller      uuid NOT NULL,
    route       text NOT NULL,
    key         text NOT NULL,
    body_hash   bytea NOT NULL,
    status      smallint NOT NULL,
    body        text,
    location    text,
    etag        text,
    created_at  timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (caller, route, key)
);
COMMENT ON TABLE idempotency_keys IS 'Answers to repeat, written in the transaction of the work; kept 24 hours';
CREATE INDEX idempotency_keys_created_idx ON idempotency_keys (created_at);

CREATE TABLE demo_clock (
    is_only    boolean NOT NULL DEFAULT true CONSTRAINT demo_clock_pkey PRIMARY KEY CONSTRAINT demo_clock_check CHECK (is_only),
    offset_ms  bigint NOT NULL
);
COMMENT ON TABLE demo_clock IS 'Demo mode only: how far the domain clock is from the real one, in milliseconds';
