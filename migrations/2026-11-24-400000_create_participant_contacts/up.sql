-- How to reach a guest, apart from the list, and who read it (law 91/2025/QH15).
CREATE TABLE participant_contacts (
    campaign_id     uuid NOT NULL,
    participant_id  uuid NOT NULL,
    phone           text CONSTRAINT participant_contacts_phone_check CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    email           text CONSTRAINT participant_contacts_email_check CHECK (length(email) <= 254 AND email LIKE '_%@_%'),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT participant_contacts_pkey PRIMARY KEY (campaign_id, participant_id),
    CONSTRAINT participant_contacts_participant_fkey FOREIGN KEY (campaign_id, participant_id) REFERENCES participants (campaign_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE participant_contacts IS 'Personal data: in no list, event, log or export by default. What was deleted leaves a row without values, so that its version never comes again';
COMMENT ON COLUMN participant_contacts.phone IS 'E.164';

CREATE TABLE contact_readings (
    campaign_id     uuid NOT NULL CONSTRAINT contact_readings_campaign_fkey REFERENCES campaigns (id),
    id              uuid NOT NULL,
    participant_id  uuid NOT NULL,
    site_id         uuid NOT NULL,
    org_unit_id     uuid NOT NULL CONSTRAINT contact_readings_org_unit_fkey REFERENCES org_units (id),
    reader_id       uuid NOT NULL,
    reader_role     text NOT NULL,
    content         text NOT NULL CONSTRAINT contact_readings_content_check CHECK (content IN ('contacts', 'masked_contacts', 'personal_data')),
    reason          text NOT NULL,
    read_at         timestamptz NOT NULL,
    CONSTRAINT contact_readings_pkey PRIMARY KEY (campaign_id, id)
);
COMMENT ON TABLE contact_readings IS 'Append-only: every reading of contacts, written before the answer is given. It outlives the guest, whom it names by id only';
COMMENT ON COLUMN contact_readings.org_unit_id IS 'The body that organises the site; scope is judged by it';
CREATE INDEX contact_readings_id_idx ON contact_readings (id);
CREATE INDEX contact_readings_participant_idx ON contact_readings (campaign_id, participant_id, id);
CREATE INDEX contact_readings_org_unit_idx ON contact_readings (org_unit_id);
CREATE INDEX contact_readings_reader_idx ON contact_readings (reader_id);
