CREATE TABLE media_items (
    campaign_id   uuid NOT NULL CONSTRAINT media_items_campaign_fkey REFERENCES campaigns (id),
    id            uuid NOT NULL,
    org_unit_id   uuid NOT NULL CONSTRAINT media_items_org_unit_fkey REFERENCES org_units (id),
    outlet        text NOT NULL,
    kind          text NOT NULL CONSTRAINT media_items_kind_check CHECK (kind IN ('news_item', 'article', 'feature', 'broadcast', 'social_post', 'poster', 'leaflet', 'other')),
    title         text NOT NULL,
    url           text,
    published_on  date NOT NULL,
    site_id       uuid,
    tokens        text[] NOT NULL,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CONSTRAINT media_items_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT media_items_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id)
);
COMMENT ON COLUMN media_items.org_unit_id IS 'Body whose work it is about; scope is judged by it';
CREATE INDEX media_items_id_idx ON media_items (id);
CREATE INDEX media_items_org_unit_idx ON media_items (org_unit_id);
CREATE INDEX media_items_site_idx ON media_items (campaign_id, site_id);
CREATE INDEX media_items_tokens_idx ON media_items USING gin (tokens);
