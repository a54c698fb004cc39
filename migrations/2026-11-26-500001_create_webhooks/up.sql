-- Webhooks: the change feed, brought to a machine instead of fetched by it.
CREATE TABLE webhooks (
    id               uuid NOT NULL,
    api_client_id    uuid NOT NULL CONSTRAINT webhooks_api_client_fkey REFERENCES api_clients (id) ON DELETE CASCADE,
    url              text NOT NULL CONSTRAINT webhooks_url_check CHECK (length(url) BETWEEN 8 AND 500),
    resources        text[],
    only_campaign_id uuid CONSTRAINT webhooks_campaign_fkey REFERENCES campaigns (id) ON DELETE CASCADE,
    is_active        boolean NOT NULL DEFAULT true,
    secret_no        integer NOT NULL DEFAULT 1 CONSTRAINT webhooks_secret_no_check CHECK (secret_no > 0),
    rotated_at       timestamptz,
    after_xid        bigint NOT NULL,
    after_seq        bigint NOT NULL,
    failures         integer NOT NULL DEFAULT 0 CONSTRAINT webhooks_failures_check CHECK (failures >= 0),
    failing_since    timestamptz,
    last_failure     text CONSTRAINT webhooks_last_failure_check CHECK (last_failure ~ '^[a-z0-9_]{1,40}$'),
    last_attempt_at  timestamptz,
    last_success_at  timestamptz,
    next_attempt_at  timestamptz NOT NULL,
    version          integer NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT webhooks_pkey PRIMARY KEY (id),
    CONSTRAINT webhooks_url_key UNIQUE (api_client_id, url),
    CONSTRAINT webhooks_failing_check CHECK ((failures = 0) = (failing_since IS NULL))
);
COMMENT ON COLUMN webhooks.resources IS 'Kinds of objects that are told of; all that the machine may read when null';
COMMENT ON COLUMN webhooks.secret_no IS 'The secret is derived from the signing key, the id and this number: none is stored';
COMMENT ON COLUMN webhooks.after_xid IS 'With after_seq, the position in the change feed up to which the receiver has confirmed';
COMMENT ON COLUMN webhooks.next_attempt_at IS 'Also the claim of the instance that delivers: no other one looks at the webhook before';
CREATE INDEX webhooks_campaign_idx ON webhooks (only_campaign_id);
CREATE INDEX webhooks_next_attempt_idx ON webhooks (next_attempt_at) WHERE is_active;
