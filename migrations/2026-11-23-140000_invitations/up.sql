-- Invitations: numbered and sent, reminders; age bands; seats; the list of categories as a locality adapts it (S58).
ALTER TABLE participants
    ADD COLUMN age_band text CONSTRAINT participants_age_band_check CHECK (age_band IN ('under_16', '16_to_30', '31_to_60', 'over_60')),
    ADD COLUMN invitation_no integer CONSTRAINT participants_invitation_no_check CHECK (invitation_no > 0),
    ADD COLUMN sent_channel text CONSTRAINT participants_sent_channel_check CHECK (sent_channel IN ('paper', 'phone', 'zalo', 'email', 'other')),
    ADD COLUMN sent_at timestamptz,
    ADD COLUMN sent_by uuid,
    ADD COLUMN answered_by text,
    ADD CONSTRAINT participants_sent_check CHECK ((sent_at IS NULL) = (sent_channel IS NULL) AND (sent_at IS NULL) = (sent_by IS NULL)),
    ADD CONSTRAINT participants_invitation_key UNIQUE (campaign_id, site_id, invitation_no);
COMMENT ON COLUMN participants.age_band IS 'Band only: no birthday is kept';
COMMENT ON COLUMN participants.invitation_no IS 'Number of the invitation at its site; given once, never used again';
COMMENT ON COLUMN participants.answered_by IS 'Who gave the answer, as written: personal data, kept out of events';

ALTER TABLE site_counters
    ADD COLUMN last_invitation_no integer NOT NULL DEFAULT 0 CONSTRAINT site_counters_last_invitation_no_check CHECK (last_invitation_no >= 0);
COMMENT ON COLUMN site_counters.last_invitation_no IS 'The number given last; it only grows';

UPDATE participants p SET invitation_no = n.no
FROM (SELECT campaign_id, id, row_number() OVER (PARTITION BY campaign_id, site_id ORDER BY invited_at, id) AS no FROM participants WHERE state <> 'listed') n
WHERE p.campaign_id = n.campaign_id AND p.id = n.id;
UPDATE site_counters c SET last_invitation_no = p.last
FROM (SELECT campaign_id, site_id, max(invitation_no) AS last FROM participants GROUP BY campaign_id, site_id) p
WHERE c.campaign_id = p.campaign_id AND c.site_id = p.site_id AND p.last IS NOT NULL;

ALTER TABLE sites ADD COLUMN capacity integer CONSTRAINT sites_capacity_check CHECK (capacity > 0);
COMMENT ON COLUMN sites.capacity IS 'Seats for guests who accepted; null where nobody counts them';

CREATE TABLE invitation_reminders (
    campaign_id     uuid NOT NULL,
    id              uuid NOT NULL,
    site_id         uuid NOT NULL,
    participant_id  uuid NOT NULL,
    channel         text NOT NULL CONSTRAINT invitation_reminders_channel_check CHECK (channel IN ('paper', 'phone', 'zalo', 'email', 'other')),
    reminded_on     date NOT NULL,
    reminded_at     timestamptz NOT NULL,
    reminded_by     uuid NOT NULL,
    CONSTRAINT invitation_reminders_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT invitation_reminders_day_key UNIQUE (campaign_id, participant_id, reminded_on),
    CONSTRAINT invitation_reminders_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id),
    CONSTRAINT invitation_reminders_participant_fkey FOREIGN KEY (campaign_id, participant_id) REFERENCES participants (campaign_id, id)
);
COMMENT ON TABLE invitation_reminders IS 'Append-only: one reminder of an invitation a local day at the most';
COMMENT ON COLUMN invitation_reminders.reminded_on IS 'The day in Viet Nam';
CREATE INDEX invitation_reminders_site_idx ON invitation_reminders (campaign_id, site_id, id);

CREATE TABLE invitation_template_changes (
    campaign_id  uuid NOT NULL,
    id           uuid NOT NULL,
    site_id      uuid NOT NULL,
    version      integer NOT NULL CONSTRAINT invitation_template_changes_version_check CHECK (version > 1),
    categories   text[],
    reason       text,
    changed_at   timestamptz NOT NULL,
    changed_by   uuid NOT NULL,
    CONSTRAINT invitation_template_changes_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT invitation_template_changes_version_key UNIQUE (campaign_id, site_id, version),
    CONSTRAINT invitation_template_changes_reason_check CHECK ((categories IS NULL) = (reason IS NULL)),
    CONSTRAINT invitation_template_changes_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE invitation_template_changes IS 'Append-only: each list that a site put in the place of the plan''s, the latest holds';
COMMENT ON COLUMN invitation_template_changes.version IS 'The plan''s own list is version 1';
COMMENT ON COLUMN invitation_template_changes.categories IS 'Null: back to the plan''s';
