-- Who owes a report now, and what was delivered, in the order of the tree.
SELECT o.id AS obligation_id, o.org_unit_id, u.name AS org_unit_name, u.kind AS org_unit_kind, u.level AS org_unit_level, o.to_org_unit_id,
       o.via_org_unit_id, o.due_before, o.exempted_at IS NOT NULL AS is_exempted, r.id AS report_id, r.state, r.first_submitted_at, r.is_late, r.is_nil
FROM report_obligations o
JOIN org_units u ON u.id = o.org_unit_id
LEFT JOIN reports r ON r.campaign_id = o.campaign_id AND r.obligation_id = o.id
WHERE o.campaign_id = $1 AND starts_with(u.path, $2)
  AND ($3::uuid IS NULL OR starts_with(u.path, (SELECT path FROM org_units WHERE id = $3)))
  AND ($4::text IS NULL OR u.kind = $4) AND ($5::text IS NULL OR u.level = $5)
  AND ($6::uuid IS NULL OR o.to_org_unit_id = $6)
ORDER BY u.no, o.id
