-- When a report can be submitted and until when, extensions and exemptions, and the record of all of it.
ALTER TABLE report_obligations
    ADD COLUMN limit_kind text NOT NULL DEFAULT 'exclusive' CONSTRAINT report_obligations_limit_kind_check CHECK (limit_kind IN ('exclusive', 'inclusive')),
    ADD COLUMN planned_due_before timestamptz,
    ADD COLUMN opens_at timestamptz,
    ADD COLUMN grace_minutes integer CONSTRAINT report_obligations_grace_check CHECK (grace_minutes >= 0),
    ADD COLUMN closes_at timestamptz,
    ADD COLUMN exempted_at timestamptz,
    ADD CONSTRAINT report_obligations_times_check CHECK ((opens_at IS NULL OR opens_at < due_before) AND (closes_at IS NULL OR closes_at >= due_before));
COMMENT ON COLUMN report_obligations.limit_kind IS 'How the limit is worded: exclusive “trước ngày”, inclusive “đến hết ngày”; due_before is the first late instant of either';
COMMENT ON COLUMN report_obligations.planned_due_before IS 'The limit before the first extension; null while there is none';
COMMENT ON COLUMN report_obligations.opens_at IS 'Before it no report is submitted; null: from the beginning';
COMMENT ON COLUMN report_obligations.grace_minutes IS 'How long after the limit a report is still taken, as late; null where nothing is said';
COMMENT ON COLUMN report_obligations.closes_at IS 'From it on nothing is submitted without an extension; null: never';
COMMENT ON COLUMN report_obligations.exempted_at IS 'Since when the body owes no report; null while it owes one';

CREATE TABLE report_obligation_decisions (
    campaign_id    uuid NOT NULL CONSTRAINT report_obligation_decisions_campaign_fkey REFERENCES campaigns (id),
    id             uuid NOT NULL,
    obligation_id  uuid NOT NULL,
    org_unit_id    uuid NOT NULL CONSTRAINT report_obligation_decisions_org_unit_fkey REFERENCES org_units (id),
    via_org_unit_id uuid CONSTRAINT report_obligation_decisions_via_org_unit_fkey REFERENCES org_units (id),
    action         text NOT NULL CONSTRAINT report_obligation_decisions_action_check CHECK (action IN ('created', 'moved', 'extended', 'exempted', 'restored', 'deleted')),
    opens_at       timestamptz,
    due_before     timestamptz NOT NULL,
    closes_at      timestamptz,
    is_exempt      boolean NOT NULL,
    reason         text,
    actor_id       uuid,
    occurred_at    timestamptz NOT NULL,
    CONSTRAINT report_obligation_decisions_pkey PRIMARY KEY (campaign_id, id)
);
COMMENT ON TABLE report_obligation_decisions IS 'Append-only: what an obligation became, each time. Of a deleted one the record stays, so no key refers to it';
COMMENT ON COLUMN report_obligation_decisions.due_before IS 'The limit after the decision, like the other times';
COMMENT ON COLUMN report_obligation_decisions.actor_id IS 'Account that decided; null where the service laid it down by itself';
CREATE INDEX report_obligation_decisions_obligation_idx ON report_obligation_decisions (campaign_id, obligation_id, occurred_at);
CREATE INDEX report_obligation_decisions_org_unit_idx ON report_obligation_decisions (org_unit_id);
CREATE INDEX report_obligation_decisions_via_org_unit_idx ON report_obligation_decisions (via_org_unit_id);

-- The wording of the limit, as the rule in force says it.
UPDATE report_obligations o SET limit_kind = 'inclusive'
FROM plans p JOIN plan_rules r ON r.plan_id = p.id AND r.kind = 'report_limit' AND (r.parameters ->> 'inclusive')::boolean
WHERE o.plan_id = p.id AND o.rule_id = r.rule_id;
INSERT INTO report_obligation_decisions (campaign_id, id, obligation_id, org_unit_id, via_org_unit_id, action, due_before, is_exempt, occurred_at)
SELECT campaign_id, gen_random_uuid(), id, org_unit_id, via_org_unit_id, 'created', due_before, false, created_at FROM report_obligations;
