CREATE TABLE feed_epoch (
    is_only  boolean NOT NULL DEFAULT true CONSTRAINT feed_epoch_pkey PRIMARY KEY CONSTRAINT feed_epoch_check CHECK (is_only),
    base     bigint NOT NULL,
    cluster  bigint NOT NULL
);
COMMENT ON TABLE feed_epoch IS 'Transaction numbers belong to a server and are not restored with a dump: the feed counts from a base of its own, which is raised when the data came from elsewhere';
COMMENT ON COLUMN feed_epoch.base IS 'Added to the number of a transaction; a restore raises it above everything the feed has handed out';
COMMENT ON COLUMN feed_epoch.cluster IS 'System identifier of the server that the base holds for';
INSERT INTO feed_epoch (base, cluster) SELECT 0, system_identifier FROM pg_control_system();

-- Volatile, and so with a snapshot of its own: a writer that waited for a raise sees the raised base.
CREATE FUNCTION feed_xid() RETURNS bigint LANGUAGE plpgsql VOLATILE AS
$$BEGIN RETURN pg_current_xact_id()::text::bigint + (SELECT base FROM feed_epoch); END$$;
COMMENT ON FUNCTION feed_xid() IS 'Number of the current transaction in the change feed';
ALTER TABLE events ALTER COLUMN xid SET DEFAULT feed_xid();
