-- What waits in a campaign: $1 campaign, $2 body to which reports are owed; scopes of $3 reports, $4 plans, $5 duties, $6 results; $7 now.
-- Each part has the conditions of the list of which the desk shows the count. Opinions have no title: they can name a person.
SELECT 'reports_waiting' AS code, 'reports' AS resource, r.id, r.org_unit_id, NULL AS title, r.submitted_at AS waiting_since, NULL::timestamptz AS due_before
  FROM reports r JOIN report_obligations o ON (o.campaign_id, o.id) = (r.campaign_id, r.obligation_id) JOIN org_units u ON u.id = r.org_unit_id
 WHERE r.campaign_id = $1 AND r.state = 'submitted' AND o.to_org_unit_id = $2 AND starts_with(u.path, $3)
UNION ALL
SELECT 'reports_returned', 'reports', r.id, r.org_unit_id, NULL, r.returned_at, o.due_before
  FROM reports r JOIN report_obligations o ON (o.campaign_id, o.id) = (r.campaign_id, r.obligation_id) JOIN org_units u ON u.id = r.org_unit_id
 WHERE r.campaign_id = $1 AND r.state = 'returned' AND o.to_org_unit_id = $2 AND starts_with(u.path, $3)
UNION ALL
SELECT 'reports_overdue', 'report-obligations', o.id, o.org_unit_id, NULL, o.due_before, o.due_before
  FROM report_obligations o JOIN org_units u ON u.id = o.org_unit_id
  LEFT JOIN reports r ON (r.campaign_id, r.obligation_id) = (o.campaign_id, o.id)
 WHERE o.campaign_id = $1 AND o.to_org_unit_id = $2 AND starts_with(u.path, $3)
   AND o.due_before <= $7 AND o.exempted_at IS NULL AND r.first_submitted_at IS NULL
UNION ALL
SELECT 'plans_missing', 'plan-obligations', o.id, o.org_unit_id, NULL, o.created_at, NULL
  FROM plan_obligations o JOIN org_units u ON u.id = o.org_unit_id
 WHERE o.campaign_id = $1 AND starts_with(u.path, $4) AND starts_with(u.path, (SELECT path FROM org_units WHERE id = $2)) AND o.exempted_at IS NULL
   AND NOT EXISTS (SELECT FROM plans p WHERE p.campaign_id = o.campaign_id AND p.org_unit_id = o.org_unit_id AND p.parent_plan_id IS NOT NULL
                   AND p.state IN ('issued', 'closed'))
UNION ALL
SELECT 'duties_overdue', 'duties', d.id, d.org_unit_id, d.title, d.deadline, d.deadline
  FROM duties d JOIN org_units u ON u.id = d.org_unit_id
 WHERE d.campaign_id = $1 AND starts_with(u.path, $5) AND d.deadline <= $7 AND d.state IN ('assigned', 'in_progress')
UNION ALL
SELECT CASE n.state WHEN 'raised' THEN 'opinions_raised' ELSE 'opinions_referred' END, 'opinions', n.id, n.org_unit_id, NULL,
       CASE n.state WHEN 'raised' THEN n.raised_at ELSE coalesce(n.referred_at, n.raised_at) END, n.answer_due_before
  FROM opinions n JOIN org_units u ON u.id = n.org_unit_id LEFT JOIN org_units other ON other.id = n.referred_to_org_unit_id
 WHERE n.campaign_id = $1 AND (starts_with(u.path, $6) OR starts_with(other.path, $6)) AND n.state IN ('raised', 'referred')
UNION ALL
SELECT CASE b.state WHEN 'raised' THEN 'obstacles_raised' ELSE 'obstacles_in_progress' END, 'obstacles', b.id, b.org_unit_id, b.title,
       CASE b.state WHEN 'raised' THEN b.raised_at ELSE coalesce(b.started_at, b.raised_at) END, NULL
  FROM obstacles b JOIN org_units u ON u.id = b.org_unit_id JOIN org_units receiver ON receiver.id = b.receiver_org_unit_id
  LEFT JOIN org_units through ON through.id = b.through_org_unit_id
 WHERE b.campaign_id = $1 AND b.state IN ('raised', 'in_progress')
   AND (starts_with(u.path, $6) OR starts_with(receiver.path, $6) OR starts_with(through.path, $6))
