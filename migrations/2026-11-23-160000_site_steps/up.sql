-- The shortlist between nomination and selection, the history of each site, and words for “other” reasons for priority.
ALTER TABLE sites DROP CONSTRAINT sites_state_check;
ALTER TABLE sites ADD CONSTRAINT sites_state_check CHECK (state IN ('draft', 'nominated', 'shortlisted', 'selected', 'not_selected', 'scheduled', 'held', 'closed'));
ALTER TABLE sites ADD COLUMN priority_note text;
COMMENT ON COLUMN sites.priority_note IS 'Another reason why the area has priority, in words (R8); shown only to roles that may see it';

CREATE TABLE site_steps (
    campaign_id       uuid NOT NULL,
    id                uuid NOT NULL,
    site_id           uuid NOT NULL,
    action            text NOT NULL,
    from_state        text NOT NULL,
    to_state          text NOT NULL,
    from_pilot_level  text NOT NULL,
    to_pilot_level    text NOT NULL,
    reason            text,
    adviser           text,
    decision_number   text,
    actor_id          uuid NOT NULL,
    occurred_at       timestamptz NOT NULL,
    CONSTRAINT site_steps_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT site_steps_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id)
);
COMMENT ON TABLE site_steps IS 'Append-only: every step of a site with who took it, when and why';
COMMENT ON COLUMN site_steps.adviser IS 'Body or post that advised the decision, in words';
CREATE INDEX site_steps_site_idx ON site_steps (campaign_id, site_id);
