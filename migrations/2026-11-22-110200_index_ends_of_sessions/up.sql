-- What housekeeping looks for.
CREATE INDEX sessions_expires_idx ON sessions (expires_at);
CREATE INDEX refresh_tokens_used_idx ON refresh_tokens (used_at);
