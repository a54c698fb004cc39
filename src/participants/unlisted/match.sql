-- What the log has of a provisional guest counts for who it was: entries add up, the first is the earlier one, and the latest
-- operation of both says who is there. Site and both guests are locked. $1 campaign, $2 provisional guest, $3 who it was, $4 now.
WITH pair AS (
    SELECT p.campaign_id, p.site_id, p.id AS from_id, r.id AS to_id, p.entry_count, p.is_present, p.first_entered_at, p.last_op_at, p.last_op_id,
           r.entry_count AS own_entry_count, r.is_present AS was_present,
           coalesce((p.last_op_at, p.last_op_id) > (r.last_op_at, r.last_op_id), p.last_op_at IS NOT NULL) AS is_later
    FROM participants p JOIN participants r ON r.campaign_id = p.campaign_id AND r.id = $3
    WHERE p.campaign_id = $1 AND p.id = $2
), found AS (
    UPDATE participants r
    SET entry_count = r.entry_count + x.entry_count,
        first_entered_at = LEAST(r.first_entered_at, x.first_entered_at),
        is_present = CASE WHEN x.is_later THEN x.is_present ELSE r.is_present END,
        last_op_at = CASE WHEN x.is_later THEN x.last_op_at ELSE r.last_op_at END,
        last_op_id = CASE WHEN x.is_later THEN x.last_op_id ELSE r.last_op_id END,
        version = r.version + 1,
        updated_at = $4
    FROM pair x WHERE r.campaign_id = x.campaign_id AND r.id = x.to_id
    RETURNING r.is_present
), matched AS (
    UPDATE participants p
    SET matched_to_id = x.to_id, entry_count = 0, is_present = false, first_entered_at = NULL, last_op_at = NULL, last_op_id = NULL,
        identity = NULL, name_key = NULL, version = p.version + 1, updated_at = $4
    FROM pair x WHERE p.campaign_id = x.campaign_id AND p.id = x.from_id
)
UPDATE site_counters c
SET listed = c.listed - 1,
    persons = c.persons - (x.entry_count > 0 AND x.own_entry_count > 0)::int,
    present = c.present + f.is_present::int - x.is_present::int - x.was_present::int
FROM pair x, found f WHERE c.campaign_id = x.campaign_id AND c.site_id = x.site_id
