-- Delegates of the committee assigned to sites (S38, S71): proposed, approved, answered for by their body, attended.
CREATE TABLE delegates (
    campaign_id            uuid NOT NULL CONSTRAINT delegates_campaign_fkey REFERENCES campaigns (id),
    id                     uuid NOT NULL,
    site_id                uuid NOT NULL,
    site_org_unit_id       uuid NOT NULL CONSTRAINT delegates_site_org_unit_fkey REFERENCES org_units (id),
    org_unit_id            uuid NOT NULL CONSTRAINT delegates_org_unit_fkey REFERENCES org_units (id),
    full_name              text NOT NULL,
    name_key               text NOT NULL,
    title                  text,
    delegate_role          text NOT NULL CONSTRAINT delegates_role_check CHECK (delegate_role IN ('head_of_delegation', 'member')),
    state                  text NOT NULL CONSTRAINT delegates_state_check CHECK (state IN ('proposed', 'approved', 'accepted', 'declined', 'attended', 'absent', 'withdrawn')),
    reason                 text,
    proposed_by            uuid NOT NULL,
    approved_at            timestamptz,
    answered_at            timestamptz,
    attended_at            timestamptz,
    withdrawn_at           timestamptz,
    tokens                 text[] NOT NULL,
    version                integer NOT NULL DEFAULT 1,
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    CONSTRAINT delegates_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT delegates_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id),
    CONSTRAINT delegates_withdrawn_check CHECK (state <> 'withdrawn' OR (reason IS NOT NULL AND withdrawn_at IS NOT NULL)),
    CONSTRAINT delegates_approved_check CHECK (state IN ('proposed', 'withdrawn') OR approved_at IS NOT NULL)
);
COMMENT ON COLUMN delegates.site_org_unit_id IS 'The body that organises the site: it sees the delegates and records who came';
COMMENT ON COLUMN delegates.org_unit_id IS 'The body the delegate comes from: it answers';
COMMENT ON COLUMN delegates.name_key IS 'The name, folded: with the body it tells who is the same person';
COMMENT ON COLUMN delegates.reason IS 'Why the body declined, or why the assignment was withdrawn';
CREATE INDEX delegates_id_idx ON delegates (id);
CREATE INDEX delegates_site_idx ON delegates (campaign_id, site_id, id);
CREATE INDEX delegates_site_org_unit_idx ON delegates (site_org_unit_id);
CREATE INDEX delegates_org_unit_idx ON delegates (org_unit_id);
CREATE INDEX delegates_person_idx ON delegates (campaign_id, org_unit_id, name_key);
CREATE INDEX delegates_tokens_idx ON delegates USING gin (tokens);
CREATE UNIQUE INDEX delegates_place_key ON delegates (campaign_id, site_id, org_unit_id, name_key) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX delegates_head_key ON delegates (campaign_id, site_id) WHERE delegate_role = 'head_of_delegation' AND state NOT IN ('withdrawn', 'declined', 'proposed');
