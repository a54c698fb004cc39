CREATE TABLE guidance_notes (
    campaign_id      uuid NOT NULL CONSTRAINT guidance_notes_campaign_fkey REFERENCES campaigns (id),
    id               uuid NOT NULL,
    org_unit_id      uuid NOT NULL CONSTRAINT guidance_notes_org_unit_fkey REFERENCES org_units (id),
    title            text NOT NULL,
    body             text NOT NULL,
    clause           text,
    document_number  text,
    issued_on        date,
    issued_at        timestamptz,
    state            text NOT NULL CONSTRAINT guidance_notes_state_check CHECK (state IN ('draft', 'issued')),
    tokens           text[] NOT NULL,
    version          integer NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT guidance_notes_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT guidance_notes_issued_check CHECK (state = 'draft' OR (document_number IS NOT NULL AND issued_on IS NOT NULL AND issued_at IS NOT NULL))
);
COMMENT ON COLUMN guidance_notes.org_unit_id IS 'The issuer; an issued note is read by all below it';
COMMENT ON COLUMN guidance_notes.document_number IS 'Number and symbol as printed, such as 01/HD-BCĐ';
CREATE INDEX guidance_notes_id_idx ON guidance_notes (id);
CREATE INDEX guidance_notes_org_unit_idx ON guidance_notes (org_unit_id);
CREATE INDEX guidance_notes_tokens_idx ON guidance_notes USING gin (tokens);
