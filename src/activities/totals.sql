-- What came of the activities of a campaign ($1) below a path ($2), or below one body ($3), in one phase ($4) or all.
WITH units AS (
    SELECT id FROM org_units
    WHERE starts_with(path, $2) AND ($3::uuid IS NULL OR starts_with(path, (SELECT path FROM org_units WHERE id = $3)))
)
SELECT a.kind, r.key AS code, count(*) AS activity_count, sum((r.value ->> 'value')::bigint)::bigint AS value
FROM activities a JOIN units u ON u.id = a.org_unit_id, LATERAL jsonb_each(a.results) r
WHERE a.campaign_id = $1 AND ($4::text IS NULL OR a.phase = $4)
GROUP BY a.kind, r.key
ORDER BY a.kind, r.key
