-- When who is reminded of what: the schedule of a campaign as data, and the reminders that were sent, each once.
CREATE TABLE reminder_stages (
    campaign_id  uuid NOT NULL CONSTRAINT reminder_stages_campaign_fkey REFERENCES campaigns (id) ON DELETE CASCADE,
    id           uuid NOT NULL,
    code         text NOT NULL CONSTRAINT reminder_stages_code_check CHECK (code ~ '^[a-z][a-z0-9_]{1,39}$'),
    subject      text NOT NULL CONSTRAINT reminder_stages_subject_check CHECK (subject IN ('report', 'duty')),
    kind         text NOT NULL CONSTRAINT reminder_stages_kind_check CHECK (kind IN ('due_soon', 'due_today', 'overdue', 'escalated')),
    days         integer NOT NULL,
    local_time   text NOT NULL CONSTRAINT reminder_stages_time_check CHECK (local_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    levels       integer,
    is_active    boolean NOT NULL DEFAULT true,
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT reminder_stages_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT reminder_stages_code_key UNIQUE (campaign_id, code),
    CONSTRAINT reminder_stages_days_check CHECK (
        CASE kind WHEN 'due_soon' THEN days BETWEEN -365 AND -1 WHEN 'due_today' THEN days = 0 ELSE days BETWEEN 1 AND 365 END),
    CONSTRAINT reminder_stages_levels_check CHECK (CASE kind WHEN 'escalated' THEN levels BETWEEN 1 AND 5 ELSE levels IS NULL END)
);
COMMENT ON COLUMN reminder_stages.days IS 'Days after the last day in time; negative before it';
COMMENT ON COLUMN reminder_stages.local_time IS 'HH:MM in Viet Nam';
COMMENT ON COLUMN reminder_stages.levels IS 'Of an escalation: how many levels above the body it climbs, one a day';
CREATE INDEX reminder_stages_id_idx ON reminder_stages (id);

CREATE TABLE reminders (
    campaign_id     uuid NOT NULL CONSTRAINT reminders_campaign_fkey REFERENCES campaigns (id),
    id              uuid NOT NULL,
    stage_id        uuid NOT NULL,
    subject         text NOT NULL CONSTRAINT reminders_subject_check CHECK (subject IN ('report', 'duty')),
    obligation_id   uuid,
    duty_id         uuid,
    kind            text NOT NULL CONSTRAINT reminders_kind_check CHECK (kind IN ('due_soon', 'due_today', 'overdue', 'escalated')),
    step            integer NOT NULL CONSTRAINT reminders_step_check CHECK (step >= 0),
    level           integer NOT NULL CONSTRAINT reminders_level_check CHECK (level > 0),
    org_unit_id     uuid NOT NULL CONSTRAINT reminders_org_unit_fkey REFERENCES org_units (id),
    to_org_unit_id  uuid NOT NULL CONSTRAINT reminders_to_fkey REFERENCES org_units (id),
    due_before      timestamptz NOT NULL,
    planned_at      timestamptz NOT NULL,
    sent_at         timestamptz NOT NULL,
    CONSTRAINT reminders_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT reminders_obligation_key UNIQUE (campaign_id, obligation_id, due_before, stage_id, step),
    CONSTRAINT reminders_duty_key UNIQUE (campaign_id, duty_id, due_before, stage_id, step),
    CONSTRAINT reminders_stage_fkey FOREIGN KEY (campaign_id, stage_id) REFERENCES reminder_stages (campaign_id, id),
    CONSTRAINT reminders_duty_fkey FOREIGN KEY (campaign_id, duty_id) REFERENCES duties (campaign_id, id),
    CONSTRAINT reminders_about_check CHECK (
        CASE subject WHEN 'report' THEN obligation_id IS NOT NULL AND duty_id IS NULL ELSE duty_id IS NOT NULL AND obligation_id IS NULL END)
);
COMMENT ON TABLE reminders IS 'Append-only: what was sent, each stage of each limit once. Of a deleted obligation the record stays, so no key refers to it';
COMMENT ON COLUMN reminders.step IS 'Of an escalation: how many days after its first';
COMMENT ON COLUMN reminders.level IS '1 is the body that owes, 2 the body above it, and so on up to the one that demands';
COMMENT ON COLUMN reminders.planned_at IS 'When the schedule had it; sent_at is later when the service was down';
CREATE INDEX reminders_id_idx ON reminders (id);
CREATE INDEX reminders_stage_idx ON reminders (campaign_id, stage_id);
CREATE INDEX reminders_org_unit_idx ON reminders (org_unit_id);
CREATE INDEX reminders_to_idx ON reminders (to_org_unit_id);

INSERT INTO reminder_stages (campaign_id, id, code, subject, kind, days, local_time, levels, created_at, updated_at)
SELECT c.id,
       overlay(overlay(gen_random_uuid()::text PLACING lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint >> 16), 8, '0') FROM 1 FOR 8) PLACING '7' FROM 15 FOR 1)::uuid,
       s.code, s.subject, s.kind, s.days, '08:00', s.levels, now(), now()
FROM campaigns c, (VALUES
    ('report_due_in_7_days', 'report', 'due_soon', -7, NULL::integer),
    ('report_due_in_3_days', 'report', 'due_soon', -3, NULL),
    ('report_due_today', 'report', 'due_today', 0, NULL),
    ('report_overdue', 'report', 'overdue', 1, NULL),
    ('report_escalated', 'report', 'escalated', 2, 3),
    ('duty_due_in_3_days', 'duty', 'due_soon', -3, NULL),
    ('duty_overdue', 'duty', 'overdue', 1, NULL),
    ('duty_escalated', 'duty', 'escalated', 2, 3)
) AS s (code, subject, kind, days, levels);
