-- An issued plan is amended by a new edition: a plan of its own, with its own number, that keeps the old one readable.
ALTER TABLE plans
    ADD COLUMN edition integer NOT NULL DEFAULT 1 CONSTRAINT plans_edition_check CHECK (edition > 0),
    ADD COLUMN first_edition_id uuid CONSTRAINT plans_first_edition_fkey REFERENCES plans (id),
    ADD COLUMN amends_plan_id uuid CONSTRAINT plans_amends_fkey REFERENCES plans (id) CONSTRAINT plans_amends_key UNIQUE,
    ADD COLUMN amendment_note text,
    ADD COLUMN superseded_at timestamptz;
UPDATE plans SET first_edition_id = id;
ALTER TABLE plans
    ALTER COLUMN first_edition_id SET NOT NULL,
    ADD CONSTRAINT plans_edition_key UNIQUE (first_edition_id, edition),
    ADD CONSTRAINT plans_amends_check CHECK ((edition = 1) = (amends_plan_id IS NULL)),
    DROP CONSTRAINT plans_state_check,
    ADD CONSTRAINT plans_state_check CHECK (state IN ('draft', 'submitted', 'issued', 'superseded', 'closed'));
COMMENT ON COLUMN plans.first_edition_id IS 'What all editions of a plan have in common: the first, which is its own';
COMMENT ON COLUMN plans.amends_plan_id IS 'The edition before; an edition is amended once';
COMMENT ON COLUMN plans.amendment_note IS 'Why it amends the edition before';

-- By which edition a report was judged in time or late.
ALTER TABLE report_obligations ADD COLUMN plan_id uuid CONSTRAINT report_obligations_plan_fkey REFERENCES plans (id);
UPDATE report_obligations o SET plan_id = (
    SELECT p.id FROM plans p
    WHERE p.campaign_id = o.campaign_id AND p.parent_plan_id IS NULL AND p.state IN ('issued', 'closed')
    ORDER BY p.issued_on DESC LIMIT 1
) WHERE o.rule_id IS NOT NULL;
CREATE INDEX report_obligations_plan_idx ON report_obligations (plan_id);
