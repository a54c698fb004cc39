ALTER TABLE events ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text::bigint);
DROP FUNCTION feed_xid();
DROP TABLE feed_epoch;
