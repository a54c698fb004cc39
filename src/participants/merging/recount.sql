-- Merges a guest into another one, or takes it out again, and counts both from the log as log.sql does: entries of whatever time, and the
-- latest operation by device time of those whose device was not ahead. Site and both guests are locked.
-- $1 campaign, $2 guest, $3 the other one, $4 the other one to merge, null to un-merge, $5 by whom, $6 why, $7 now.
WITH pair AS (
    SELECT p.campaign_id, p.id, p.entry_count, p.is_present FROM participants p WHERE p.campaign_id = $1 AND p.id IN ($2, $3)
), moves AS (
    SELECT CASE WHEN n.id = $2 THEN coalesce($4, n.id) ELSE coalesce(n.merged_into_id, n.id) END AS counts_for,
           c.direction, c.occurred_at, c.op_id, c.occurred_at > c.received_at + interval '5 minutes' AS is_ahead
    FROM participants n JOIN check_ins c ON c.campaign_id = n.campaign_id AND c.participant_id = n.id
    WHERE n.campaign_id = $1 AND (n.id IN ($2, $3) OR n.merged_into_id = $3) AND c.direction <> 'refusal'
), figures AS (
    SELECT counts_for,
           count(*) FILTER (WHERE direction = 'entry') AS entries,
           min(occurred_at) FILTER (WHERE direction = 'entry') AS first_entered_at,
           (array_agg(direction ORDER BY occurred_at DESC, op_id DESC) FILTER (WHERE NOT is_ahead))[1] = 'entry' AS is_present,
           max(occurred_at) FILTER (WHERE NOT is_ahead) AS op_at,
           (array_agg(op_id ORDER BY occurred_at DESC, op_id DESC) FILTER (WHERE NOT is_ahead))[1] AS op_id
    FROM moves GROUP BY counts_for
), changed AS (
    UPDATE participants p
    SET entry_count = coalesce(f.entries, 0), first_entered_at = f.first_entered_at, is_present = coalesce(f.is_present, false),
        last_op_at = f.op_at, last_op_id = f.op_id,
        merged_into_id = CASE WHEN p.id = $2 THEN $4 END,
        merged_at = CASE WHEN p.id = $2 AND $4 IS NOT NULL THEN $7 END,
        merged_by = CASE WHEN p.id = $2 THEN $5 END,
        merge_reason = CASE WHEN p.id = $2 THEN $6 END,
        version = p.version + 1, updated_at = $7
    FROM pair o LEFT JOIN figures f ON f.counts_for = o.id
    WHERE p.campaign_id = o.campaign_id AND p.id = o.id
    RETURNING p.site_id, p.entry_count - o.entry_count AS entries, (p.entry_count > 0)::int - (o.entry_count > 0)::int AS persons,
              (p.is_present AND p.entry_count > 0)::int - (o.is_present AND o.entry_count > 0)::int AS present
)
UPDATE site_counters c
SET entries = c.entries + d.entries, persons = c.persons + d.persons, present = c.present + d.present
FROM (SELECT site_id, sum(entries) AS entries, sum(persons) AS persons, sum(present) AS present FROM changed GROUP BY site_id) d
WHERE c.campaign_id = $1 AND c.site_id = d.site_id
