-- Short names that a plan defines (S04) and its archive marks (S07): kept as printed, found by the search.
ALTER TABLE plans
    ADD COLUMN aliases jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN archive_marks text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT plans_aliases_check CHECK (jsonb_typeof(aliases) = 'array');
