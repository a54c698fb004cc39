-- The bodies of a scope that owe a report in a campaign, grouped by what decides how they count.
SELECT r.state, r.is_late, r.is_nil, o.exempted_at IS NOT NULL AND r.first_submitted_at IS NULL AS is_exempt, count(*) AS count
FROM report_obligations o
JOIN org_units u ON u.id = o.org_unit_id
LEFT JOIN reports r ON r.campaign_id = o.campaign_id AND r.obligation_id = o.id
WHERE o.campaign_id = $1 AND starts_with(u.path, $2)
GROUP BY 1, 2, 3, 4
