-- How a guest came onto the list: listed before, at the door, or named by a device without signal. Whoever turns out to be a guest of the
-- same site who is listed already is merged into that one: from then on what the log has of the one counts for the other, until un-merged.
ALTER TABLE participants
    ADD COLUMN origin text NOT NULL DEFAULT 'listed',
    ADD COLUMN merged_into_id uuid,
    ADD COLUMN merged_at timestamptz,
    ADD COLUMN merged_by uuid,
    ADD COLUMN merge_reason text,
    ADD CONSTRAINT participants_origin_check CHECK (origin IN ('listed', 'walk_in', 'provisional')),
    ADD CONSTRAINT participants_merged_into_fkey FOREIGN KEY (campaign_id, merged_into_id) REFERENCES participants (campaign_id, id),
    ADD CONSTRAINT participants_merged_check CHECK (CASE WHEN merged_into_id IS NULL THEN num_nonnulls(merged_at, merged_by, merge_reason) = 0
        ELSE merged_into_id <> id AND num_nonnulls(merged_at, merged_by) = 2 AND entry_count = 0 AND NOT is_present END);
COMMENT ON COLUMN participants.origin IS 'How the guest came onto the list';
COMMENT ON COLUMN participants.merged_into_id IS 'The guest of the same site who it is. Never one who is merged too';
CREATE INDEX participants_merged_into_idx ON participants (campaign_id, merged_into_id) WHERE merged_into_id IS NOT NULL;
