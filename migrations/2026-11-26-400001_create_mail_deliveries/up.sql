-- Mail: where an official wants to be written to, and the outbox of reminders that go out by mail, each once.
CREATE TABLE mail_addresses (
    user_id     uuid NOT NULL CONSTRAINT mail_addresses_user_fkey REFERENCES users (id) ON DELETE CASCADE,
    address     text NOT NULL CONSTRAINT mail_addresses_address_check CHECK (length(address) BETWEEN 3 AND 254),
    updated_at  timestamptz NOT NULL,
    CONSTRAINT mail_addresses_pkey PRIMARY KEY (user_id)
);
COMMENT ON TABLE mail_addresses IS 'Given by the official, shown to nobody else, gone with the account';

CREATE TABLE mail_deliveries (
    campaign_id      uuid NOT NULL CONSTRAINT mail_deliveries_campaign_fkey REFERENCES campaigns (id),
    id               uuid NOT NULL,
    reminder_id      uuid NOT NULL,
    user_id          uuid NOT NULL,
    org_unit_id      uuid NOT NULL CONSTRAINT mail_deliveries_org_unit_fkey REFERENCES org_units (id),
    state            text NOT NULL CONSTRAINT mail_deliveries_state_check CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled')),
    attempts         integer NOT NULL DEFAULT 0 CONSTRAINT mail_deliveries_attempts_check CHECK (attempts >= 0),
    failure          text CONSTRAINT mail_deliveries_failure_check CHECK (failure ~ '^[a-z0-9_]{1,40}$'),
    next_attempt_at  timestamptz,
    claimed_at       timestamptz,
    finished_at      timestamptz,
    created_at       timestamptz NOT NULL,
    CONSTRAINT mail_deliveries_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT mail_deliveries_reminder_key UNIQUE (campaign_id, reminder_id, user_id),
    CONSTRAINT mail_deliveries_reminder_fkey FOREIGN KEY (campaign_id, reminder_id) REFERENCES reminders (campaign_id, id),
    CONSTRAINT mail_deliveries_times_check CHECK (
        CASE state
            WHEN 'queued' THEN next_attempt_at IS NOT NULL AND finished_at IS NULL
            WHEN 'sending' THEN claimed_at IS NOT NULL AND next_attempt_at IS NULL AND finished_at IS NULL
            ELSE finished_at IS NOT NULL AND next_attempt_at IS NULL
        END)
);
COMMENT ON TABLE mail_deliveries IS 'One row for each reminder and official addressed. The address is not copied; times are real ones, in a demo too';
COMMENT ON COLUMN mail_deliveries.user_id IS 'Of a deleted account the record stays, so no key refers to it';
COMMENT ON COLUMN mail_deliveries.org_unit_id IS 'Body that the reminder went to';
COMMENT ON COLUMN mail_deliveries.state IS 'unknown: the conversation with the mail server broke after the letter had been handed over, or the service did; it is never sent again';
COMMENT ON COLUMN mail_deliveries.failure IS 'Why it was put off or not sent: smtp_ and the reply code, or a word';
CREATE INDEX mail_deliveries_id_idx ON mail_deliveries (id);
CREATE INDEX mail_deliveries_org_unit_idx ON mail_deliveries (org_unit_id);
CREATE INDEX mail_deliveries_queued_idx ON mail_deliveries (next_attempt_at) WHERE state = 'queued';
CREATE INDEX mail_deliveries_sending_idx ON mail_deliveries (claimed_at) WHERE state = 'sending';
