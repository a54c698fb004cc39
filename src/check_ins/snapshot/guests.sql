-- A page of the guests of sites that are given whole ($3), and of those who changed at sites that the holder has ($2): who was written since a
-- transaction, and who was deleted since. The number of a transaction in a row has 32 bits; by their age two of them are compared across the
-- turn, for 2^31 transactions back. A row that is older than that may be given again, which changes nothing. Who was deleted and is there again,
-- as a provisional guest whose operation is replayed, is there.
SELECT g.* FROM (
    SELECT p.id, p.site_id, p.full_name, p.kind, p.category, p.state, p.origin, p.organisation, p.representative_name, p.invitation_no,
           p.is_present, p.version, p.merged_into_id,
           CASE WHEN p.merged_into_id IS NOT NULL THEN 'merged' WHEN p.erased_at IS NOT NULL THEN 'erased' END AS gone
    FROM participants p
    WHERE p.campaign_id = ANY ($1) AND p.site_id = ANY ($2 || $3)
      AND CASE WHEN p.site_id = ANY ($3) THEN p.merged_into_id IS NULL AND p.erased_at IS NULL
          ELSE age(p.xmin) <= age((($4 - (SELECT base FROM feed_epoch)) % 4294967296)::text::xid) END
    UNION ALL
    SELECT DISTINCT e.resource_id, (e.data ->> 'site_id')::uuid, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL::integer,
           NULL::boolean, NULL::integer, NULL::uuid, 'deleted'
    FROM events e
    WHERE e.campaign_id = ANY ($1) AND e.xid >= $4 AND e.resource = 'participant' AND e.action = 'deleted'
      AND (e.data ->> 'site_id')::uuid = ANY ($2)
      AND NOT EXISTS (SELECT FROM participants p WHERE p.campaign_id = e.campaign_id AND p.id = e.resource_id)
) g WHERE $5::uuid IS NULL OR g.id > $5 ORDER BY g.id LIMIT $6
