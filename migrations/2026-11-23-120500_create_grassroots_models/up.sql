CREATE TABLE grassroots_models (
    campaign_id        uuid NOT NULL CONSTRAINT grassroots_models_campaign_fkey REFERENCES campaigns (id),
    id                 uuid NOT NULL,
    org_unit_id        uuid NOT NULL CONSTRAINT grassroots_models_org_unit_fkey REFERENCES org_units (id),
    name               text NOT NULL,
    kind               text NOT NULL CONSTRAINT grassroots_models_kind_check CHECK (kind IN ('self_governing', 'security_camera', 'warning_signal', 'lighting', 'fire_safety', 'safe_area', 'skilful_mobilisation', 'other')),
    description        text,
    launched_on        date NOT NULL,
    site_id            uuid,
    state              text NOT NULL CONSTRAINT grassroots_models_state_check CHECK (state IN ('piloted', 'replicated', 'ended')),
    replication_count  integer NOT NULL CONSTRAINT grassroots_models_replication_count_check CHECK (replication_count >= 0),
    ended_on           date,
    end_reason         text,
    tokens             text[] NOT NULL,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    CONSTRAINT grassroots_models_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT grassroots_models_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id),
    CONSTRAINT grassroots_models_ended_check CHECK ((state = 'ended') = (ended_on IS NOT NULL))
);
COMMENT ON COLUMN grassroots_models.org_unit_id IS 'Body that runs it; scope is judged by it';
COMMENT ON COLUMN grassroots_models.replication_count IS 'Number of its rows in model_replications, kept in the transaction of each';
CREATE INDEX grassroots_models_id_idx ON grassroots_models (id);
CREATE INDEX grassroots_models_org_unit_idx ON grassroots_models (org_unit_id);
CREATE INDEX grassroots_models_site_idx ON grassroots_models (campaign_id, site_id);
CREATE INDEX grassroots_models_tokens_idx ON grassroots_models USING gin (tokens);

CREATE TABLE model_replications (
    campaign_id          uuid NOT NULL,
    id                   uuid NOT NULL,
    grassroots_model_id  uuid NOT NULL,
    org_unit_id          uuid NOT NULL CONSTRAINT model_replications_org_unit_fkey REFERENCES org_units (id),
    replicated_on        date NOT NULL,
    recorded_by          uuid NOT NULL,
    recorded_at          timestamptz NOT NULL,
    CONSTRAINT model_replications_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT model_replications_place_key UNIQUE (campaign_id, grassroots_model_id, org_unit_id),
    CONSTRAINT model_replications_model_fkey FOREIGN KEY (campaign_id, grassroots_model_id) REFERENCES grassroots_models (campaign_id, id)
);
COMMENT ON TABLE model_replications IS 'Append-only; one row for each place that took the model over';
CREATE INDEX model_replications_org_unit_idx ON model_replications (org_unit_id);
