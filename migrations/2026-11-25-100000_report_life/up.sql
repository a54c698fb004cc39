-- The life of a report as it was lived: every step with who took it and when, comments by field, and the lock.
ALTER TABLE reports
    ADD COLUMN is_nil boolean,
    ADD COLUMN return_comments jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN locked_at timestamptz,
    ADD CONSTRAINT reports_locked_check CHECK (locked_at IS NULL OR state = 'accepted');
COMMENT ON COLUMN reports.is_nil IS 'Whether the last submission answers every figure in it with a nil return; null before it';
COMMENT ON COLUMN reports.return_comments IS 'Comments of the last return by field: [{pointer, text}]';
COMMENT ON COLUMN reports.locked_at IS 'A locked report is an accepted one under seal; only an extension opens it again';

CREATE TABLE report_steps (
    campaign_id         uuid NOT NULL CONSTRAINT report_steps_campaign_fkey REFERENCES campaigns (id),
    id                  uuid NOT NULL,
    report_id           uuid NOT NULL,
    obligation_id       uuid NOT NULL,
    action              text NOT NULL,
    from_state          text,
    to_state            text,
    version_no          integer,
    first_submitted_at  timestamptz,
    is_late             boolean,
    is_nil              boolean,
    comment             text,
    comments            jsonb NOT NULL DEFAULT '[]',
    actor_id            uuid,
    occurred_at         timestamptz NOT NULL,
    CONSTRAINT report_steps_pkey PRIMARY KEY (campaign_id, id)
);
COMMENT ON TABLE report_steps IS 'Append-only: every step of a report. Steps of a draft outlive it, so no key refers to it: what stood at an instant stays known';
COMMENT ON COLUMN report_steps.to_state IS 'State after the step; null for a draft that was deleted';
COMMENT ON COLUMN report_steps.version_no IS 'Last submission at that time; null before the first';
COMMENT ON COLUMN report_steps.is_late IS 'What the report was judged to be by its first submission, after the step';
COMMENT ON COLUMN report_steps.actor_id IS 'Account that took the step; null where nobody had written it down before there were steps';
CREATE INDEX report_steps_report_idx ON report_steps (campaign_id, report_id);
CREATE INDEX report_steps_obligation_idx ON report_steps (campaign_id, obligation_id, occurred_at);

-- What is known of reports that are there: when they were begun, each submission, the last return, the acceptance.
WITH nil_versions AS (
    SELECT v.*, v.figures <> '{}' AND NOT EXISTS (SELECT FROM jsonb_each(v.figures) f WHERE (f.value ->> 'is_nil')::boolean IS NOT TRUE) AS nil
    FROM report_versions v
)
UPDATE reports r SET is_nil = v.nil
FROM nil_versions v
WHERE v.campaign_id = r.campaign_id AND v.report_id = r.id
  AND v.no = (SELECT max(l.no) FROM report_versions l WHERE l.campaign_id = r.campaign_id AND l.report_id = r.id);

INSERT INTO report_steps (campaign_id, id, report_id, obligation_id, action, from_state, to_state, occurred_at)
SELECT campaign_id, gen_random_uuid(), id, obligation_id, 'created', NULL, 'draft', created_at FROM reports;
INSERT INTO report_steps (campaign_id, id, report_id, obligation_id, action, from_state, to_state, version_no, first_submitted_at, is_late, is_nil, actor_id, occurred_at)
SELECT r.campaign_id, gen_random_uuid(), r.id, r.obligation_id, 'submitted', CASE WHEN v.no = 1 THEN 'draft' ELSE 'returned' END, 'submitted',
       v.no, r.first_submitted_at, r.is_late,
       v.figures <> '{}' AND NOT EXISTS (SELECT FROM jsonb_each(v.figures) f WHERE (f.value ->> 'is_nil')::boolean IS NOT TRUE),
       v.submitted_by, v.submitted_at
FROM reports r JOIN report_versions v ON v.campaign_id = r.campaign_id AND v.report_id = r.id;
INSERT INTO report_steps (campaign_id, id, report_id, obligation_id, action, from_state, to_state, version_no, first_submitted_at, is_late, is_nil, comment, occurred_at)
SELECT r.campaign_id, gen_random_uuid(), r.id, r.obligation_id, 'returned', 'submitted', 'returned',
       (SELECT max(v.no) FROM report_versions v WHERE v.campaign_id = r.campaign_id AND v.report_id = r.id AND v.submitted_at <= r.returned_at),
       r.first_submitted_at, r.is_late, r.is_nil, r.return_comment, r.returned_at
FROM reports r WHERE r.returned_at IS NOT NULL;
INSERT INTO report_steps (campaign_id, id, report_id, obligation_id, action, from_state, to_state, version_no, first_submitted_at, is_late, is_nil, occurred_at)
SELECT r.campaign_id, gen_random_uuid(), r.id, r.obligation_id, 'accepted', 'submitted', 'accepted',
       (SELECT max(v.no) FROM report_versions v WHERE v.campaign_id = r.campaign_id AND v.report_id = r.id),
       r.first_submitted_at, r.is_late, r.is_nil, r.accepted_at
FROM reports r WHERE r.state = 'accepted' AND r.accepted_at IS NOT NULL;
