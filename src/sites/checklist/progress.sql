-- How far each of some sites ($1) is with the items that its campaign asks.
SELECT sites.id AS site_id,
       count(i.id) AS item_count,
       count(a.item_id) AS answered_count,
       count(*) FILTER (WHERE a.verdict = 'met') AS met_count,
       count(*) FILTER (WHERE i.is_required AND a.verdict = 'not_met') AS failed_count,
       CASE WHEN count(*) FILTER (WHERE i.is_required) > 0
            THEN count(*) FILTER (WHERE i.is_required AND a.verdict IS DISTINCT FROM 'met' AND a.verdict IS DISTINCT FROM 'not_applicable') = 0
            ELSE sites.suitability_note IS NOT NULL END AS is_complete
FROM sites
LEFT JOIN checklist_items i ON i.campaign_id = sites.campaign_id AND i.is_active
LEFT JOIN site_checklist_answers a ON a.campaign_id = sites.campaign_id AND a.site_id = sites.id AND a.item_id = i.id
WHERE sites.id = ANY ($1)
GROUP BY sites.campaign_id, sites.id
