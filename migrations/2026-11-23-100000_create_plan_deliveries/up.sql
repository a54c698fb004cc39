-- Whether an issued plan reached those on its list: the state beside each line, and the log that it comes from.
ALTER TABLE plan_recipients
    ADD COLUMN state text NOT NULL DEFAULT 'pending' CONSTRAINT plan_recipients_state_check CHECK (state IN ('pending', 'sent', 'acknowledged')),
    ADD COLUMN channel text CONSTRAINT plan_recipients_channel_check CHECK (channel IN ('paper', 'electronic', 'email')),
    ADD COLUMN sent_at timestamptz,
    ADD COLUMN sent_by uuid,
    ADD COLUMN acknowledged_at timestamptz,
    ADD COLUMN acknowledged_by uuid,
    ADD COLUMN is_noted_by_issuer boolean,
    ADD COLUMN acknowledge_note text,
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD CONSTRAINT plan_recipients_sent_check CHECK (state = 'pending' OR (channel IS NOT NULL AND sent_at IS NOT NULL AND sent_by IS NOT NULL)),
    ADD CONSTRAINT plan_recipients_acknowledged_check CHECK (state <> 'acknowledged' OR (acknowledged_at IS NOT NULL AND acknowledged_by IS NOT NULL AND is_noted_by_issuer IS NOT NULL));
COMMENT ON COLUMN plan_recipients.channel IS 'How it was sent: paper, electronic (trục liên thông văn bản), email';
COMMENT ON COLUMN plan_recipients.is_noted_by_issuer IS 'Whether the issuer noted an acknowledgement that came on paper; else the body acknowledged by itself';

CREATE TABLE plan_deliveries (
    campaign_id   uuid NOT NULL CONSTRAINT plan_deliveries_campaign_fkey REFERENCES campaigns (id),
    id            uuid NOT NULL,
    plan_id       uuid NOT NULL,
    recipient_no  integer NOT NULL,
    state         text NOT NULL CONSTRAINT plan_deliveries_state_check CHECK (state IN ('sent', 'acknowledged')),
    channel       text CONSTRAINT plan_deliveries_channel_check CHECK (channel IN ('paper', 'electronic', 'email')),
    note          text,
    actor_id      uuid NOT NULL,
    occurred_at   timestamptz NOT NULL,
    CONSTRAINT plan_deliveries_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT plan_deliveries_recipient_fkey FOREIGN KEY (plan_id, recipient_no) REFERENCES plan_recipients (plan_id, no)
);
COMMENT ON TABLE plan_deliveries IS 'Append-only: what was sent to and acknowledged by each recipient of an issued plan';
CREATE INDEX plan_deliveries_recipient_idx ON plan_deliveries (plan_id, recipient_no);
