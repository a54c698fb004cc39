-- Frozen consolidations: what was added up at one instant, signed and sent; never changed, whatever the reports say later.
CREATE TABLE consolidations (
    campaign_id      uuid NOT NULL CONSTRAINT consolidations_campaign_fkey REFERENCES campaigns (id),
    id               uuid NOT NULL,
    org_unit_id      uuid NOT NULL CONSTRAINT consolidations_org_unit_fkey REFERENCES org_units (id),
    no               integer NOT NULL,
    state            text NOT NULL CONSTRAINT consolidations_state_check CHECK (state IN ('frozen', 'signed', 'sent')),
    as_of            timestamptz NOT NULL,
    content          text NOT NULL,
    checksum         text NOT NULL,
    expected_count   bigint NOT NULL,
    accepted_count   bigint NOT NULL,
    note             text,
    document_number  text,
    signed_on        date,
    signatory_name   text,
    signatory_title  text,
    signed_at        timestamptz,
    sent_at          timestamptz,
    frozen_by        uuid NOT NULL,
    version          integer NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT consolidations_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT consolidations_no_key UNIQUE (campaign_id, org_unit_id, no),
    CONSTRAINT consolidations_counts_check CHECK (accepted_count BETWEEN 0 AND expected_count),
    CONSTRAINT consolidations_signed_check CHECK (state = 'frozen' OR (signed_at IS NOT NULL AND signed_on IS NOT NULL AND signatory_name IS NOT NULL)),
    CONSTRAINT consolidations_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
COMMENT ON TABLE consolidations IS 'What the accepted reports under a body added up to at one instant (R17)';
COMMENT ON COLUMN consolidations.no IS 'Running number of the body in the campaign; a later one replaces none before it';
COMMENT ON COLUMN consolidations.content IS 'The answer of the consolidation, byte for byte: what checksum is made of';
COMMENT ON COLUMN consolidations.checksum IS 'SHA-256 of content in UTF-8, hexadecimal';
CREATE INDEX consolidations_id_idx ON consolidations (id);
CREATE INDEX consolidations_org_unit_idx ON consolidations (org_unit_id);

CREATE TABLE consolidation_addressees (
    campaign_id       uuid NOT NULL,
    consolidation_id  uuid NOT NULL,
    no                integer NOT NULL,
    name              text NOT NULL,
    org_unit_id       uuid CONSTRAINT consolidation_addressees_org_unit_fkey REFERENCES org_units (id),
    channel           text NOT NULL,
    sent_at           timestamptz NOT NULL,
    sent_by           uuid NOT NULL,
    acknowledged_at   timestamptz,
    acknowledged_by   uuid,
    reference         text,
    CONSTRAINT consolidation_addressees_pkey PRIMARY KEY (campaign_id, consolidation_id, no),
    CONSTRAINT consolidation_addressees_consolidation_fkey FOREIGN KEY (campaign_id, consolidation_id) REFERENCES consolidations (campaign_id, id),
    CONSTRAINT consolidation_addressees_acknowledged_check CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
COMMENT ON TABLE consolidation_addressees IS 'To whom a consolidation went (S75: the centre and the provincial People''s Committee)';
CREATE INDEX consolidation_addressees_org_unit_idx ON consolidation_addressees (org_unit_id);

-- A finding is computed; what is kept is how it was settled, for the figures that it was found in.
CREATE TABLE consolidation_settlements (
    campaign_id     uuid NOT NULL CONSTRAINT consolidation_settlements_campaign_fkey REFERENCES campaigns (id),
    id              uuid NOT NULL,
    report_id       uuid NOT NULL,
    kind            text NOT NULL CONSTRAINT consolidation_settlements_kind_check CHECK (kind IN ('differs_from_records', 'outlier', 'reported_twice')),
    indicator       text NOT NULL,
    reported        bigint NOT NULL,
    compared        bigint NOT NULL,
    reason          text NOT NULL,
    settled_by      uuid NOT NULL,
    settled_at      timestamptz NOT NULL,
    CONSTRAINT consolidation_settlements_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT consolidation_settlements_report_fkey FOREIGN KEY (campaign_id, report_id) REFERENCES reports (campaign_id, id),
    CONSTRAINT consolidation_settlements_key UNIQUE (campaign_id, report_id, kind, indicator, reported, compared)
);
COMMENT ON TABLE consolidation_settlements IS 'Findings that somebody looked into, with the reason; append-only. Other figures make another finding';
CREATE INDEX consolidation_settlements_report_idx ON consolidation_settlements (campaign_id, report_id);
