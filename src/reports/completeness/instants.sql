-- When the set of those who owe a report opened, and when it met its limits, as far as that is past: from the decisions, so that
-- no later one changes it. A limit that was moved before it was reached is none; one that was extended after it stays.
WITH held AS (
    SELECT d.*, lead(d.occurred_at) OVER (PARTITION BY d.obligation_id ORDER BY d.occurred_at, d.id) AS next_at
    FROM report_obligation_decisions d JOIN org_units u ON u.id = d.org_unit_id
    WHERE d.campaign_id = $1 AND starts_with(u.path, $2)
), instants AS (
    SELECT 'opened' AS kind, CASE WHEN opens_at > occurred_at THEN opens_at ELSE occurred_at END AS instant
    FROM held
    WHERE action <> 'deleted' AND NOT is_exempt AND (action = 'created' OR opens_at > occurred_at)
      AND (next_at IS NULL OR next_at > CASE WHEN opens_at > occurred_at THEN opens_at ELSE occurred_at END)
    UNION
    SELECT 'limit', due_before
    FROM held
    WHERE action <> 'deleted' AND NOT is_exempt AND occurred_at < due_before AND (next_at IS NULL OR next_at >= due_before)
)
SELECT kind, instant FROM instants WHERE instant <= $3 ORDER BY instant DESC, kind DESC LIMIT 50
