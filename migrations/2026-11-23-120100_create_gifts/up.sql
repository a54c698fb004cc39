CREATE TABLE gifts (
    campaign_id         uuid NOT NULL CONSTRAINT gifts_campaign_fkey REFERENCES campaigns (id),
    id                  uuid NOT NULL,
    org_unit_id         uuid NOT NULL CONSTRAINT gifts_org_unit_fkey REFERENCES org_units (id),
    recipient_category  text NOT NULL CONSTRAINT gifts_recipient_category_check CHECK (recipient_category IN ('policy_beneficiary', 'poor_household', 'special_hardship', 'community_elder', 'force_on_duty', 'pupil', 'collective', 'other')),
    recipient_count     integer NOT NULL CONSTRAINT gifts_recipient_count_check CHECK (recipient_count > 0),
    value_vnd           bigint NOT NULL CONSTRAINT gifts_value_vnd_check CHECK (value_vnd >= 0),
    giver               text NOT NULL,
    content             text,
    given_on            date NOT NULL,
    site_id             uuid,
    activity_id         uuid,
    tokens              text[] NOT NULL,
    version             integer NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    CONSTRAINT gifts_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT gifts_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id),
    CONSTRAINT gifts_activity_fkey FOREIGN KEY (campaign_id, activity_id) REFERENCES activities (campaign_id, id)
);
COMMENT ON COLUMN gifts.org_unit_id IS 'Body that organises the visit; scope is judged by it';
CREATE INDEX gifts_id_idx ON gifts (id);
CREATE INDEX gifts_org_unit_idx ON gifts (org_unit_id);
CREATE INDEX gifts_site_idx ON gifts (campaign_id, site_id);
CREATE INDEX gifts_activity_idx ON gifts (campaign_id, activity_id);
CREATE INDEX gifts_tokens_idx ON gifts USING gin (tokens);
