DROP TABLE report_obligation_decisions;
ALTER TABLE report_obligations DROP CONSTRAINT report_obligations_times_check;
ALTER TABLE report_obligations
    DROP COLUMN exempted_at,
    DROP COLUMN closes_at,
    DROP COLUMN grace_minutes,
    DROP COLUMN opens_at,
    DROP COLUMN planned_due_before,
    DROP COLUMN limit_kind;
