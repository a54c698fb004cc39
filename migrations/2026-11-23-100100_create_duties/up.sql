-- Section III of a plan as assignments: who is charged with what, how far it is, and who was reminded of it.
CREATE TABLE duties (
    campaign_id         uuid NOT NULL CONSTRAINT duties_campaign_fkey REFERENCES campaigns (id),
    id                  uuid NOT NULL,
    plan_id             uuid NOT NULL CONSTRAINT duties_plan_fkey REFERENCES plans (id),
    rule_id             text,
    org_unit_id         uuid NOT NULL CONSTRAINT duties_org_unit_fkey REFERENCES org_units (id),
    issuer_org_unit_id  uuid NOT NULL CONSTRAINT duties_issuer_fkey REFERENCES org_units (id),
    title               text NOT NULL,
    statement           text,
    clause              text,
    deadline            timestamptz,
    state               text NOT NULL CONSTRAINT duties_state_check CHECK (state IN ('assigned', 'in_progress', 'done', 'cancelled')),
    progress_note       text,
    cancel_reason       text,
    reopen_comment      text,
    started_at          timestamptz,
    done_at             timestamptz,
    done_by             uuid,
    cancelled_at        timestamptz,
    tokens              text[] NOT NULL,
    version             integer NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    CONSTRAINT duties_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT duties_rule_key UNIQUE (campaign_id, plan_id, rule_id, org_unit_id),
    CONSTRAINT duties_rule_fkey FOREIGN KEY (plan_id, rule_id) REFERENCES plan_rules (plan_id, rule_id),
    CONSTRAINT duties_done_check CHECK (state <> 'done' OR (done_at IS NOT NULL AND done_by IS NOT NULL)),
    CONSTRAINT duties_cancelled_check CHECK (state <> 'cancelled' OR cancel_reason IS NOT NULL)
);
COMMENT ON COLUMN duties.org_unit_id IS 'The body charged';
COMMENT ON COLUMN duties.issuer_org_unit_id IS 'The body that issued the plan: it assigns, cancels, reopens and reminds';
COMMENT ON COLUMN duties.deadline IS 'Excluded: done in time while before this instant; overdue is derived from the clock';
CREATE INDEX duties_id_idx ON duties (id);
CREATE INDEX duties_plan_rule_idx ON duties (plan_id, rule_id);
CREATE INDEX duties_org_unit_idx ON duties (org_unit_id);
CREATE INDEX duties_issuer_idx ON duties (issuer_org_unit_id);
CREATE INDEX duties_tokens_idx ON duties USING gin (tokens);

CREATE TABLE duty_steps (
    campaign_id  uuid NOT NULL,
    id           uuid NOT NULL,
    duty_id      uuid NOT NULL,
    action       text NOT NULL,
    from_state   text,
    to_state     text NOT NULL,
    note         text,
    actor_id     uuid NOT NULL,
    occurred_at  timestamptz NOT NULL,
    CONSTRAINT duty_steps_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT duty_steps_duty_fkey FOREIGN KEY (campaign_id, duty_id) REFERENCES duties (campaign_id, id)
);
COMMENT ON TABLE duty_steps IS 'Append-only: every step of a duty with what was said of it';
CREATE INDEX duty_steps_duty_idx ON duty_steps (campaign_id, duty_id);

CREATE TABLE duty_reminders (
    campaign_id     uuid NOT NULL,
    id              uuid NOT NULL,
    duty_id         uuid NOT NULL,
    level           integer NOT NULL CONSTRAINT duty_reminders_level_check CHECK (level > 0),
    to_org_unit_id  uuid NOT NULL CONSTRAINT duty_reminders_to_fkey REFERENCES org_units (id),
    message         text,
    reminded_on     date NOT NULL,
    reminded_at     timestamptz NOT NULL,
    reminded_by     uuid NOT NULL,
    CONSTRAINT duty_reminders_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT duty_reminders_day_key UNIQUE (campaign_id, duty_id, reminded_on),
    CONSTRAINT duty_reminders_duty_fkey FOREIGN KEY (campaign_id, duty_id) REFERENCES duties (campaign_id, id)
);
COMMENT ON TABLE duty_reminders IS 'Append-only: one reminder of a duty a local day at the most';
COMMENT ON COLUMN duty_reminders.level IS '1 is the body charged, 2 the body above it, and so on up to the issuer';
COMMENT ON COLUMN duty_reminders.reminded_on IS 'The day in Viet Nam';
CREATE INDEX duty_reminders_to_idx ON duty_reminders (to_org_unit_id);
