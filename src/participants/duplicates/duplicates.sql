-- Guests with others of their site who may be the same. Buckets of one name come from the index alone; within a bucket a guest is
-- compared with 50 of the same name, body and post and with 50 others, so that the work never grows with the square of a file that names one person a thousand times.
-- Who is merged is the other one, and proposed no more.
-- $1 path of the scope, $2 campaign, $3 site, $4 least score, $5 id to go on after, $6 rows, $7 whether the ids fall.
WITH buckets AS (
    SELECT p.campaign_id, p.site_id, p.name_key
    FROM participants p
    WHERE p.name_key IS NOT NULL AND ($2::uuid IS NULL OR p.campaign_id = $2)
      AND ($3::uuid IS NULL OR (p.site_id = $3 AND p.campaign_id = (SELECT s.campaign_id FROM sites s WHERE s.id = $3)))
    GROUP BY p.campaign_id, p.site_id, p.name_key HAVING count(*) > 1
)
SELECT a.id, a.campaign_id, a.site_id, a.kind, a.category, a.state, a.full_name, a.title, a.organisation, a.entry_count, d.candidates
FROM buckets b
JOIN participants a ON a.campaign_id = b.campaign_id AND a.site_id = b.site_id AND a.name_key = b.name_key AND a.merged_into_id IS NULL
LEFT JOIN participant_contacts ac ON ac.campaign_id = a.campaign_id AND ac.participant_id = a.id
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
               'participant_id', c.id, 'category', c.category, 'state', c.state, 'full_name', c.full_name, 'title', c.title,
               'organisation', c.organisation, 'entry_count', c.entry_count, 'score', c.score,
               'reasons', to_jsonb(array_remove(ARRAY[
                   CASE WHEN c.has_same_name THEN 'same_name' ELSE 'similar_name' END,
                   CASE WHEN c.has_same_organisation THEN 'same_organisation' END,
                   CASE WHEN c.has_same_title THEN 'same_title' END,
                   CASE WHEN c.has_same_contact THEN 'same_contact' END], NULL)))
               ORDER BY c.score DESC, c.id) AS candidates
    FROM (
        SELECT f.*, CASE WHEN f.has_same_name THEN 50 ELSE 25 END + CASE WHEN f.has_same_organisation THEN 20 ELSE 0 END
                   + CASE WHEN f.has_same_title THEN 10 ELSE 0 END + CASE WHEN f.has_same_contact THEN 20 ELSE 0 END AS score
        FROM (
            SELECT s.id, s.category, s.state, s.full_name, s.title, s.organisation, s.entry_count,
                   folded(s.full_name) = folded(a.full_name) AS has_same_name,
                   coalesce(folded(s.organisation) = folded(a.organisation), false) AND s.organisation IS NOT NULL AS has_same_organisation,
                   coalesce(folded(s.title) = folded(a.title), false) AND s.title IS NOT NULL AS has_same_title,
                   coalesce(sc.phone = ac.phone, false) OR coalesce(lower(sc.email) = lower(ac.email), false) AS has_same_contact
            FROM (
                (SELECT p.* FROM participants p
                 WHERE p.campaign_id = a.campaign_id AND p.site_id = a.site_id AND p.name_key = a.name_key AND p.identity = a.identity AND p.id <> a.id
                   AND p.merged_into_id IS NULL
                 LIMIT 50)
                UNION ALL
                (SELECT p.* FROM participants p
                 WHERE p.campaign_id = a.campaign_id AND p.site_id = a.site_id AND p.name_key = a.name_key AND p.identity <> a.identity
                   AND p.merged_into_id IS NULL
                 ORDER BY p.identity LIMIT 50)
            ) s
            LEFT JOIN participant_contacts sc ON sc.campaign_id = a.campaign_id AND sc.participant_id = s.id
            WHERE NOT EXISTS (
                SELECT FROM participant_distinctions t
                WHERE t.campaign_id = a.campaign_id AND t.participant_id = LEAST(a.id, s.id) AND t.other_participant_id = GREATEST(a.id, s.id))
        ) f
    ) c
    WHERE c.score >= $4
) d
WHERE d.candidates IS NOT NULL
  AND starts_with((SELECT u.path FROM org_units u WHERE u.id = a.org_unit_id), $1)
  AND ($5::uuid IS NULL OR CASE WHEN $7 THEN a.id < $5 ELSE a.id > $5 END)
ORDER BY CASE WHEN $7 THEN a.id END DESC, a.id
LIMIT $6
