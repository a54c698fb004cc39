-- Everything that rules are judged on, of one instant: bodies of the campaign's province, sites by organiser, what the
-- provincial pilot sites invited, activities by phase, plans, obligations, duties; money and attendances where a rule limits cost. Small groups; the tree is summed by the caller.
WITH campaign AS (
    SELECT c.id, c.event_from, c.event_to, u.path FROM campaigns c JOIN org_units u ON u.id = c.org_unit_id WHERE c.id = $1
), units AS (
    SELECT u.id, u.name, u.short_name, u.level, u.kind, u.path
    FROM org_units u, campaign c
    WHERE starts_with(u.path, c.path) AND u.valid_from <= c.event_to AND (u.valid_to IS NULL OR u.valid_to >= c.event_from)
), required AS (
    SELECT id FROM checklist_items WHERE campaign_id = $1 AND is_active AND is_required
), site_groups AS (
    SELECT s.org_unit_id, s.kind, s.state, s.pilot_level, s.nominated_by, count(*) AS count,
           count(*) FILTER (WHERE s.starts_at < $2 OR s.ends_at > $3) AS outside_count,
           -- As in sites/checklist; looked up for the few that the province selected only.
           count(*) FILTER (WHERE s.pilot_level = 'province' AND CASE WHEN EXISTS (SELECT FROM required)
                            THEN NOT EXISTS (SELECT FROM required i WHERE NOT EXISTS (SELECT FROM site_checklist_answers a
                                 WHERE a.campaign_id = s.campaign_id AND a.site_id = s.id AND a.item_id = i.id AND a.verdict <> 'not_met'))
                            ELSE s.suitability_note IS NOT NULL END) AS suitable_count,
           count(*) FILTER (WHERE s.pilot_level = 'province' AND EXISTS (SELECT FROM required i JOIN site_checklist_answers a
                            ON a.campaign_id = s.campaign_id AND a.site_id = s.id AND a.item_id = i.id AND a.verdict = 'not_met')) AS unsuitable_count,
           count(*) FILTER (WHERE cardinality(s.priority_reasons) > 0) AS priority_count
    FROM sites s WHERE s.campaign_id = $1
    GROUP BY s.org_unit_id, s.kind, s.state, s.pilot_level, s.nominated_by
), invited AS (
    SELECT p.category, count(*) AS count
    FROM sites s JOIN participants p ON p.campaign_id = s.campaign_id AND p.site_id = s.id AND p.state <> 'listed' AND p.merged_into_id IS NULL
    WHERE s.campaign_id = $1 AND s.pilot_level = 'province'
    GROUP BY p.category
), phases AS (
    SELECT a.org_unit_id, a.phase, count(*) AS count
    FROM activities a WHERE a.campaign_id = $1 AND a.state <> 'cancelled' GROUP BY a.org_unit_id, a.phase
), plans_owed AS (
    SELECT o.org_unit_id, o.exempted_at IS NOT NULL AS is_exempt
    FROM plan_obligations o JOIN plans p ON p.id = o.plan_id
    WHERE o.campaign_id = $1 AND p.parent_plan_id IS NULL
), child_plans AS (
    SELECT p.org_unit_id, p.items FROM plans p
    WHERE p.campaign_id = $1 AND p.parent_plan_id IS NOT NULL AND p.state IN ('issued', 'closed')
), owed AS (
    SELECT o.org_unit_id, o.due_before, r.state AS state, r.is_late
    FROM report_obligations o LEFT JOIN reports r ON r.campaign_id = o.campaign_id AND r.obligation_id = o.id
    WHERE o.campaign_id = $1 AND (o.exempted_at IS NULL OR r.first_submitted_at IS NOT NULL)
), duties AS (
    SELECT d.plan_id, d.rule_id, d.org_unit_id, d.state, d.deadline
    FROM duties d JOIN plans p ON p.id = d.plan_id
    WHERE d.campaign_id = $1 AND d.rule_id IS NOT NULL AND p.parent_plan_id IS NULL AND p.state IN ('issued', 'superseded', 'closed')
), limited AS (
    SELECT EXISTS (
        SELECT 1 FROM plan_rules r JOIN plans p ON p.id = r.plan_id
        WHERE p.campaign_id = $1 AND r.kind = 'cost_limit' AND p.state IN ('issued', 'superseded', 'closed')
    ) AS is_so
), money AS (
    SELECT b.org_unit_id, count(*) AS lines, sum(b.planned_vnd) AS planned_vnd, sum(b.spent_vnd) AS spent_vnd
    FROM budget_lines b WHERE b.campaign_id = $1 AND (SELECT is_so FROM limited) GROUP BY b.org_unit_id
), attended AS (
    SELECT s.org_unit_id, sum(c.entries) AS entries
    FROM site_counters c JOIN sites s ON s.campaign_id = c.campaign_id AND s.id = c.site_id
    WHERE c.campaign_id = $1 AND (SELECT is_so FROM limited) GROUP BY s.org_unit_id
)
SELECT jsonb_build_object(
    'units', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.path), '[]') FROM units t),
    'sites', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM site_groups t),
    'invited', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM invited t),
    'phases', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM phases t),
    'plans_owed', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM plans_owed t),
    'child_plans', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM child_plans t),
    'owed', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM owed t),
    'money', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM money t),
    'attended', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM attended t),
    'duties', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM duties t)
)::text AS facts
