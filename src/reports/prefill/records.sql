-- $1 campaign, $2 bodies that the report speaks for. A row for each record that a figure counts, with what it adds to it. No title where
-- it could name a person.
SELECT 'sites_held' AS figure, 'sites' AS resource, id, name AS title, 1::bigint AS amount
  FROM sites WHERE campaign_id = $1 AND org_unit_id = ANY ($2) AND state IN ('held', 'closed')
UNION ALL
SELECT 'pilot_sites_held', 'sites', id, name, 1
  FROM sites WHERE campaign_id = $1 AND org_unit_id = ANY ($2) AND state IN ('held', 'closed') AND pilot_level <> 'none'
UNION ALL
SELECT 'attendance_count', 'sites', s.id, s.name, c.entries::bigint
  FROM sites s JOIN site_counters c ON (c.campaign_id, c.site_id) = (s.campaign_id, s.id)
 WHERE s.campaign_id = $1 AND s.org_unit_id = ANY ($2) AND c.entries > 0
UNION ALL
SELECT 'communication_sessions', 'activities', id, title, 1
  FROM activities WHERE campaign_id = $1 AND org_unit_id = ANY ($2) AND state = 'held' AND kind = 'communication'
UNION ALL
SELECT figure, 'activities', id, title, (results -> result ->> 'value')::bigint
  FROM activities, (VALUES ('leaflets', 'leaflet_count'), ('banners', 'banner_count'), ('loudspeaker_runs', 'loudspeaker_run_count')) AS asked (figure, result)
 WHERE campaign_id = $1 AND org_unit_id = ANY ($2) AND state = 'held' AND kind = 'communication' AND results ? result
UNION ALL
SELECT CASE kind WHEN 'social_post' THEN 'social_posts' ELSE 'media_items' END, 'media-items', id, title, 1
  FROM media_items WHERE campaign_id = $1 AND org_unit_id = ANY ($2) AND kind IN ('news_item', 'article', 'feature', 'broadcast', 'social_post')
UNION ALL
SELECT CASE awardee_kind WHEN 'collective' THEN 'collectives_rewarded' ELSE 'individuals_rewarded' END, 'commendations', id, NULL, 1
  FROM commendations WHERE campaign_id = $1 AND org_unit_id = ANY ($2)
UNION ALL
SELECT 'gifts_count', 'gifts', id, NULL, recipient_count::bigint FROM gifts WHERE campaign_id = $1 AND org_unit_id = ANY ($2)
UNION ALL
SELECT 'gifts_value_vnd', 'gifts', id, NULL, value_vnd FROM gifts WHERE campaign_id = $1 AND org_unit_id = ANY ($2)
UNION ALL
SELECT 'models_launched', 'grassroots-models', m.id, m.name, 1
  FROM grassroots_models m JOIN campaigns c ON c.id = m.campaign_id
 WHERE m.campaign_id = $1 AND m.org_unit_id = ANY ($2) AND extract(year FROM m.launched_on) = c.year
UNION ALL
SELECT 'models_maintained', 'grassroots-models', m.id, m.name, 1
  FROM grassroots_models m JOIN campaigns c ON c.id = m.campaign_id
 WHERE m.campaign_id = $1 AND m.org_unit_id = ANY ($2) AND m.state <> 'ended' AND extract(year FROM m.launched_on) < c.year
UNION ALL
SELECT 'models_replicated', 'grassroots-models', id, name, replication_count::bigint
  FROM grassroots_models WHERE campaign_id = $1 AND org_unit_id = ANY ($2) AND replication_count > 0
UNION ALL
SELECT 'pledges_signed', 'pledges', id, topic, (household_count + person_count + collective_count)::bigint
  FROM pledges WHERE campaign_id = $1 AND org_unit_id = ANY ($2)
UNION ALL
SELECT 'forums_held', 'activities', id, title, 1
  FROM activities WHERE campaign_id = $1 AND org_unit_id = ANY ($2) AND state = 'held' AND kind = 'listening_forum'
UNION ALL
SELECT 'forum_attendance', 'activities', id, title, attendance_count::bigint
  FROM activities WHERE campaign_id = $1 AND org_unit_id = ANY ($2) AND state = 'held' AND kind = 'listening_forum' AND attendance_count > 0
UNION ALL
SELECT 'opinions_received', 'opinions', id, NULL, 1 FROM opinions WHERE campaign_id = $1 AND org_unit_id = ANY ($2)
UNION ALL
SELECT 'opinions_answered', 'opinions', id, NULL, 1 FROM opinions WHERE campaign_id = $1 AND org_unit_id = ANY ($2) AND state = 'answered'
UNION ALL
SELECT 'spending_vnd', 'budget-lines', id, purpose, spent_vnd FROM budget_lines WHERE campaign_id = $1 AND org_unit_id = ANY ($2) AND spent_vnd > 0
