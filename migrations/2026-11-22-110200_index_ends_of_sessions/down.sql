DROP INDEX refresh_tokens_used_idx;
DROP INDEX sessions_expires_idx;
