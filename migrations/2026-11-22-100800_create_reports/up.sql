CREATE TABLE report_obligations (
    campaign_id      uuid NOT NULL CONSTRAINT report_obligations_campaign_fkey REFERENCES campaigns (id),
    id               uuid NOT NULL,
    org_unit_id      uuid NOT NULL CONSTRAINT report_obligations_org_unit_fkey REFERENCES org_units (id),
    via_org_unit_id  uuid CONSTRAINT report_obligations_via_fkey REFERENCES org_units (id),
    due_before       timestamptz NOT NULL,
    rule_id          text,
    clause           text,
    version          integer NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT report_obligations_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT report_obligations_org_unit_key UNIQUE (campaign_id, org_unit_id)
);
COMMENT ON COLUMN report_obligations.via_org_unit_id IS 'The desk that takes the report in (III.3: the movement division)';
COMMENT ON COLUMN report_obligations.due_before IS 'A report is in time while submitted_at is earlier than this instant';
CREATE INDEX report_obligations_id_idx ON report_obligations (id);
CREATE INDEX report_obligations_org_unit_idx ON report_obligations (org_unit_id);

CREATE TABLE reports (
    campaign_id         uuid NOT NULL CONSTRAINT reports_campaign_fkey REFERENCES campaigns (id),
    id                  uuid NOT NULL,
    obligation_id       uuid NOT NULL,
    org_unit_id         uuid NOT NULL CONSTRAINT reports_org_unit_fkey REFERENCES org_units (id),
    state               text NOT NULL CONSTRAINT reports_state_check CHECK (state IN ('draft', 'submitted', 'returned', 'accepted')),
    figures             jsonb NOT NULL,
    narrative           text,
    return_comment      text,
    first_submitted_at  timestamptz,
    submitted_at        timestamptz,
    is_late             boolean,
    returned_at         timestamptz,
    accepted_at         timestamptz,
    version             integer NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    CONSTRAINT reports_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT reports_obligation_key UNIQUE (campaign_id, obligation_id),
    CONSTRAINT reports_obligation_fkey FOREIGN KEY (campaign_id, obligation_id) REFERENCES report_obligations (campaign_id, id),
    CONSTRAINT reports_submitted_check CHECK ((state = 'draft') = (first_submitted_at IS NULL))
);
COMMENT ON COLUMN reports.figures IS 'Indicator code -> {value, basis}; absent means not reported, which is not zero';
COMMENT ON COLUMN reports.is_late IS 'Whether the first submission came after the limit; null before it';
CREATE INDEX reports_id_idx ON reports (id);
CREATE INDEX reports_org_unit_idx ON reports (org_unit_id);

CREATE TABLE report_versions (
    campaign_id   uuid NOT NULL,
    id            uuid NOT NULL,
    report_id     uuid NOT NULL,
    no            integer NOT NULL,
    figures       jsonb NOT NULL,
    narrative     text,
    submitted_at  timestamptz NOT NULL,
    is_late       boolean NOT NULL,
    submitted_by  uuid NOT NULL,
    CONSTRAINT report_versions_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT report_versions_no_key UNIQUE (campaign_id, report_id, no),
    CONSTRAINT report_versions_report_fkey FOREIGN KEY (campaign_id, report_id) REFERENCES reports (campaign_id, id)
);
COMMENT ON TABLE report_versions IS 'What was submitted, each time; append-only';
