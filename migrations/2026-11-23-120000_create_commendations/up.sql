CREATE TABLE commendations (
    campaign_id           uuid NOT NULL CONSTRAINT commendations_campaign_fkey REFERENCES campaigns (id),
    id                    uuid NOT NULL,
    org_unit_id           uuid NOT NULL CONSTRAINT commendations_org_unit_fkey REFERENCES org_units (id),
    awardee_kind          text NOT NULL CONSTRAINT commendations_awardee_kind_check CHECK (awardee_kind IN ('collective', 'individual')),
    awardee_name          text NOT NULL,
    award_form            text NOT NULL CONSTRAINT commendations_award_form_check CHECK (award_form IN ('bang_khen', 'giay_khen', 'ky_niem_chuong', 'other')),
    award_level           text NOT NULL CONSTRAINT commendations_award_level_check CHECK (award_level IN ('central', 'province', 'district', 'commune', 'unit')),
    decision_number       text,
    decided_on            date,
    awarding_body         text,
    awarding_org_unit_id  uuid CONSTRAINT commendations_awarding_fkey REFERENCES org_units (id),
    reason                text NOT NULL,
    site_id               uuid,
    activity_id           uuid,
    tokens                text[] NOT NULL,
    version               integer NOT NULL DEFAULT 1,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL,
    CONSTRAINT commendations_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT commendations_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id),
    CONSTRAINT commendations_activity_fkey FOREIGN KEY (campaign_id, activity_id) REFERENCES activities (campaign_id, id),
    CONSTRAINT commendations_awarding_check CHECK (num_nonnulls(awarding_body, awarding_org_unit_id) = 1)
);
COMMENT ON COLUMN commendations.org_unit_id IS 'Body that records it; scope is judged by it';
COMMENT ON COLUMN commendations.awardee_name IS 'Personal data for an individual: kept out of events';
CREATE INDEX commendations_id_idx ON commendations (id);
CREATE INDEX commendations_org_unit_idx ON commendations (org_unit_id);
CREATE INDEX commendations_awarding_idx ON commendations (awarding_org_unit_id);
CREATE INDEX commendations_site_idx ON commendations (campaign_id, site_id);
CREATE INDEX commendations_activity_idx ON commendations (campaign_id, activity_id);
CREATE INDEX commendations_tokens_idx ON commendations USING gin (tokens);
