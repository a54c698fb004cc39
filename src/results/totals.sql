-- $1 campaign, $2 prefix of the scope, $3 body asked for or null, $4 now. A row for each ledger and kind with its figures,
-- in the order of `LEDGERS` in rules.rs; scope is judged as in the lists.
WITH reach AS MATERIALIZED (SELECT id FROM org_units WHERE starts_with(path, $2)),
     asked AS MATERIALIZED (SELECT id FROM org_units WHERE $3 IS NULL OR starts_with(path, (SELECT path FROM org_units WHERE id = $3)))
SELECT 'commendations' AS ledger, award_form AS kind,
       ARRAY[count(*), count(*) FILTER (WHERE awardee_kind = 'collective'), count(*) FILTER (WHERE awardee_kind = 'individual')] AS figures
  FROM commendations WHERE campaign_id = $1 AND org_unit_id IN (SELECT id FROM reach) AND org_unit_id IN (SELECT id FROM asked) GROUP BY award_form
UNION ALL
SELECT 'gifts', recipient_category, ARRAY[count(*), sum(recipient_count)::bigint, sum(value_vnd)::bigint]
  FROM gifts WHERE campaign_id = $1 AND org_unit_id IN (SELECT id FROM reach) AND org_unit_id IN (SELECT id FROM asked) GROUP BY recipient_category
UNION ALL
SELECT 'grassroots_models', state, ARRAY[count(*), sum(replication_count)::bigint]
  FROM grassroots_models WHERE campaign_id = $1 AND org_unit_id IN (SELECT id FROM reach) AND org_unit_id IN (SELECT id FROM asked) GROUP BY state
UNION ALL
SELECT 'media_items', kind, ARRAY[count(*)]
  FROM media_items WHERE campaign_id = $1 AND org_unit_id IN (SELECT id FROM reach) AND org_unit_id IN (SELECT id FROM asked) GROUP BY kind
UNION ALL
SELECT 'pledges', '', ARRAY[count(*), coalesce(sum(household_count), 0)::bigint, coalesce(sum(person_count), 0)::bigint, coalesce(sum(collective_count), 0)::bigint]
  FROM pledges WHERE campaign_id = $1 AND org_unit_id IN (SELECT id FROM reach) AND org_unit_id IN (SELECT id FROM asked)
UNION ALL
SELECT 'opinions', state, ARRAY[count(*), count(*) FILTER (WHERE state <> 'answered' AND answer_due_before <= $4)]
  FROM opinions WHERE campaign_id = $1 AND org_unit_id IN (SELECT id FROM asked)
   AND (org_unit_id IN (SELECT id FROM reach) OR referred_to_org_unit_id IN (SELECT id FROM reach)) GROUP BY state
UNION ALL
SELECT 'obstacles', state, ARRAY[count(*)]
  FROM obstacles WHERE campaign_id = $1 AND org_unit_id IN (SELECT id FROM asked)
   AND (org_unit_id IN (SELECT id FROM reach) OR receiver_org_unit_id IN (SELECT id FROM reach) OR through_org_unit_id IN (SELECT id FROM reach)) GROUP BY state
UNION ALL
SELECT 'budget_lines', source, ARRAY[count(*), sum(planned_vnd)::bigint, sum(spent_vnd)::bigint]
  FROM budget_lines WHERE campaign_id = $1 AND org_unit_id IN (SELECT id FROM reach) AND org_unit_id IN (SELECT id FROM asked) GROUP BY source
UNION ALL
SELECT 'attendances', '', ARRAY[coalesce(sum(c.entries), 0)::bigint]
  FROM sites s JOIN site_counters c ON (c.campaign_id, c.site_id) = (s.campaign_id, s.id)
 WHERE s.campaign_id = $1 AND s.org_unit_id IN (SELECT id FROM reach) AND s.org_unit_id IN (SELECT id FROM asked)
