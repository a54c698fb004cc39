-- Who owed a report at an instant, and what had been delivered: the last decision on each obligation and the last step under it.
SELECT d.obligation_id, d.org_unit_id, u.name AS org_unit_name, u.kind AS org_unit_kind, u.level AS org_unit_level, d.to_org_unit_id,
       d.via_org_unit_id, d.due_before, d.is_exempt AS is_exempted, CASE WHEN s.to_state IS NOT NULL THEN s.report_id END AS report_id,
       s.to_state AS state, s.first_submitted_at, s.is_late, s.is_nil
FROM (SELECT DISTINCT ON (obligation_id) obligation_id, org_unit_id, to_org_unit_id, via_org_unit_id, action, due_before, is_exempt
      FROM report_obligation_decisions WHERE campaign_id = $1 AND occurred_at <= $7
      ORDER BY obligation_id, occurred_at DESC, id DESC) d
JOIN org_units u ON u.id = d.org_unit_id
LEFT JOIN (SELECT DISTINCT ON (obligation_id) obligation_id, report_id, to_state, first_submitted_at, is_late, is_nil
           FROM report_steps WHERE campaign_id = $1 AND occurred_at <= $7
           ORDER BY obligation_id, occurred_at DESC, id DESC) s ON s.obligation_id = d.obligation_id
WHERE d.action <> 'deleted' AND starts_with(u.path, $2)
  AND ($3::uuid IS NULL OR starts_with(u.path, (SELECT path FROM org_units WHERE id = $3)))
  AND ($4::text IS NULL OR u.kind = $4) AND ($5::text IS NULL OR u.level = $5)
  AND ($6::uuid IS NULL OR d.to_org_unit_id = $6)
ORDER BY u.no, d.obligation_id
