-- How a guest came onto the list: listed before, at the door, or named by a device without signal. Who was named so may turn out to be
-- somebody who is listed: from then on what the log has of the one counts for the other.
ALTER TABLE participants
    ADD COLUMN origin text NOT NULL DEFAULT 'listed',
    ADD COLUMN matched_to_id uuid,
    ADD CONSTRAINT participants_origin_check CHECK (origin IN ('listed', 'walk_in', 'provisional')),
    ADD CONSTRAINT participants_matched_to_fkey FOREIGN KEY (campaign_id, matched_to_id) REFERENCES participants (campaign_id, id),
    ADD CONSTRAINT participants_matched_to_check CHECK (matched_to_id IS NULL
        OR (matched_to_id <> id AND origin = 'provisional' AND state = 'listed' AND entry_count = 0 AND NOT is_present));
COMMENT ON COLUMN participants.origin IS 'How the guest came onto the list';
COMMENT ON COLUMN participants.matched_to_id IS 'Of a provisional guest: who it was. Never one who is matched too';
CREATE INDEX participants_matched_to_idx ON participants (campaign_id, matched_to_id) WHERE matched_to_id IS NOT NULL;
