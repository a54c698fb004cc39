CREATE TABLE plans (
    id               uuid NOT NULL CONSTRAINT plans_pkey PRIMARY KEY,
    campaign_id      uuid NOT NULL CONSTRAINT plans_campaign_fkey REFERENCES campaigns (id),
    parent_plan_id   uuid CONSTRAINT plans_parent_fkey REFERENCES plans (id),
    org_unit_id      uuid NOT NULL CONSTRAINT plans_org_unit_fkey REFERENCES org_units (id),
    state            text NOT NULL CONSTRAINT plans_state_check CHECK (state IN ('draft', 'submitted', 'issued', 'closed')),
    number           integer CONSTRAINT plans_number_check CHECK (number > 0),
    symbol           text NOT NULL,
    document_number  text,
    title            text NOT NULL,
    summary          text,
    issue_place      text,
    issued_on        date,
    issue_year       integer,
    signatory_name   text,
    signatory_title  text,
    signatory_post   text,
    return_comment   text,
    submitted_at     timestamptz,
    issued_at        timestamptz,
    closed_at        timestamptz,
    tokens           text[] NOT NULL,
    version          integer NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT plans_number_key UNIQUE (org_unit_id, symbol, issue_year, number),
    CONSTRAINT plans_issued_check CHECK (state IN ('draft', 'submitted') OR (number IS NOT NULL AND issued_on IS NOT NULL AND signatory_name IS NOT NULL))
);
COMMENT ON COLUMN plans.document_number IS 'Number and symbol as printed, such as 81/KH-BCĐ';
COMMENT ON COLUMN plans.signatory_title IS 'Committee title, printed first';
COMMENT ON COLUMN plans.signatory_post IS 'State post, printed under the committee title';
COMMENT ON COLUMN plans.issue_year IS 'Numbers run within a calendar year: the year of issued_on';
CREATE INDEX plans_campaign_idx ON plans (campaign_id);
CREATE INDEX plans_tokens_idx ON plans USING gin (tokens);

CREATE TABLE plan_recipients (
    plan_id      uuid NOT NULL CONSTRAINT plan_recipients_plan_fkey REFERENCES plans (id) ON DELETE CASCADE,
    no           integer NOT NULL,
    name         text NOT NULL,
    org_unit_id  uuid CONSTRAINT plan_recipients_org_unit_fkey REFERENCES org_units (id),
    CONSTRAINT plan_recipients_pkey PRIMARY KEY (plan_id, no)
);
CREATE TABLE plan_legal_bases (
    plan_id    uuid NOT NULL CONSTRAINT plan_legal_bases_plan_fkey REFERENCES plans (id) ON DELETE CASCADE,
    no         integer NOT NULL,
    citation   text NOT NULL,
    clause     text,
    issuer     text,
    issued_on  date,
    subject    text,
    note       text,
    CONSTRAINT plan_legal_bases_pkey PRIMARY KEY (plan_id, no)
);
COMMENT ON COLUMN plan_legal_bases.citation IS 'Number and symbol as printed; not a key, since one document can be cited under two';
CREATE TABLE plan_rules (
    plan_id     uuid NOT NULL CONSTRAINT plan_rules_plan_fkey REFERENCES plans (id) ON DELETE CASCADE,
    no          integer NOT NULL,
    rule_id     text NOT NULL,
    kind        text NOT NULL,
    clause      text NOT NULL,
    obligation  text NOT NULL CONSTRAINT plan_rules_obligation_check CHECK (obligation IN ('must', 'should', 'may')),
    statement   text NOT NULL,
    CONSTRAINT plan_rules_pkey PRIMARY KEY (plan_id, no),
    CONSTRAINT plan_rules_rule_id_key UNIQUE (plan_id, rule_id)
);
COMMENT ON COLUMN plan_rules.kind IS 'What the service checks with it: event_window, report_limit, provincial_pilot_count, district_nominations, … or other';
