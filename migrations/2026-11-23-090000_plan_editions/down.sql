ALTER TABLE report_obligations DROP COLUMN plan_id;
-- A plan that was superseded is one that was issued.
UPDATE plans SET state = 'issued' WHERE state = 'superseded';
ALTER TABLE plans
    DROP CONSTRAINT plans_state_check,
    ADD CONSTRAINT plans_state_check CHECK (state IN ('draft', 'submitted', 'issued', 'closed')),
    DROP COLUMN edition,
    DROP COLUMN first_edition_id,
    DROP COLUMN amends_plan_id,
    DROP COLUMN amendment_note,
    DROP COLUMN superseded_at;
