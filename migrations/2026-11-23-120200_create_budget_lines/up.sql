CREATE TABLE budget_lines (
    campaign_id      uuid NOT NULL CONSTRAINT budget_lines_campaign_fkey REFERENCES campaigns (id),
    id               uuid NOT NULL,
    org_unit_id      uuid NOT NULL CONSTRAINT budget_lines_org_unit_fkey REFERENCES org_units (id),
    source           text NOT NULL CONSTRAINT budget_lines_source_check CHECK (source IN ('budget', 'yearly_estimate', 'other_lawful')),
    decision_number  text,
    purpose          text NOT NULL,
    planned_vnd      bigint NOT NULL CONSTRAINT budget_lines_planned_vnd_check CHECK (planned_vnd >= 0),
    spent_vnd        bigint NOT NULL CONSTRAINT budget_lines_spent_vnd_check CHECK (spent_vnd >= 0),
    tokens           text[] NOT NULL,
    version          integer NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT budget_lines_pkey PRIMARY KEY (campaign_id, id)
);
COMMENT ON COLUMN budget_lines.org_unit_id IS 'Body whose money it is; scope is judged by it';
COMMENT ON COLUMN budget_lines.spent_vnd IS 'Sum of budget_spendings, kept in the transaction of each';
CREATE INDEX budget_lines_id_idx ON budget_lines (id);
CREATE INDEX budget_lines_org_unit_idx ON budget_lines (org_unit_id);
CREATE INDEX budget_lines_tokens_idx ON budget_lines USING gin (tokens);

CREATE TABLE budget_spendings (
    campaign_id     uuid NOT NULL,
    id              uuid NOT NULL,
    budget_line_id  uuid NOT NULL,
    spent_on        date NOT NULL,
    amount_vnd      bigint NOT NULL CONSTRAINT budget_spendings_amount_check CHECK (amount_vnd <> 0),
    note            text NOT NULL,
    recorded_by     uuid NOT NULL,
    recorded_at     timestamptz NOT NULL,
    CONSTRAINT budget_spendings_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT budget_spendings_line_fkey FOREIGN KEY (campaign_id, budget_line_id) REFERENCES budget_lines (campaign_id, id)
);
COMMENT ON TABLE budget_spendings IS 'Append-only; a correction is a row below zero';
CREATE INDEX budget_spendings_line_idx ON budget_spendings (campaign_id, budget_line_id);
