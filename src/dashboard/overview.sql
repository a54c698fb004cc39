-- All figures of an overview in one statement: one snapshot.
WITH units AS MATERIALIZED (
    SELECT id, kind, name, path, valid_from, valid_to FROM org_units
    WHERE starts_with(path, $2) AND ($3::uuid IS NULL OR starts_with(path, (SELECT path FROM org_units WHERE id = $3)))
), counters AS MATERIALIZED (
    -- Read whole and hashed: one look-up for each site would cost four times as much.
    SELECT * FROM site_counters WHERE campaign_id = $1
), campaign_sites AS MATERIALIZED (
    SELECT id, org_unit_id, state, pilot_level, nominated_by FROM sites WHERE campaign_id = $1
), site_rows AS MATERIALIZED (
    SELECT s.state, s.pilot_level, s.nominated_by, c.listed, c.invited, c.accepted, c.declined, c.entries, c.persons, c.present
    FROM campaign_sites s JOIN units u ON u.id = s.org_unit_id JOIN counters c ON c.site_id = s.id
), site_figures AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE state = 'draft') AS draft,
           count(*) FILTER (WHERE state = 'nominated') AS nominated,
           count(*) FILTER (WHERE state = 'shortlisted') AS shortlisted,
           count(*) FILTER (WHERE state = 'selected') AS selected,
           count(*) FILTER (WHERE state = 'not_selected') AS not_selected,
           count(*) FILTER (WHERE state = 'scheduled') AS scheduled,
           count(*) FILTER (WHERE state = 'held') AS held,
           count(*) FILTER (WHERE state = 'closed') AS closed,
           count(*) FILTER (WHERE pilot_level = 'province') AS provincial_pilots,
           COALESCE(sum(listed), 0)::bigint AS listed, COALESCE(sum(invited), 0)::bigint AS invited,
           COALESCE(sum(accepted), 0)::bigint AS accepted, COALESCE(sum(declined), 0)::bigint AS declined,
           COALESCE(sum(entries), 0)::bigint AS entries, COALESCE(sum(persons), 0)::bigint AS persons,
           COALESCE(sum(present), 0)::bigint AS present
    FROM site_rows
), nominations AS (
    -- A district nominates sites of its own subtree, so they are among the rows in scope.
    SELECT nominated_by, count(*) AS nominated FROM site_rows WHERE nominated_by IS NOT NULL GROUP BY nominated_by
), head_figures AS (
    -- Of each site the highest count that holds; few sites are counted at all.
    SELECT count(*) AS counted_sites, COALESCE(sum(highest), 0)::bigint AS highest_sum
    FROM (SELECT max(h.head_count) AS highest FROM head_counts h JOIN units u ON u.id = h.org_unit_id
          WHERE h.campaign_id = $1
            AND NOT EXISTS (SELECT FROM head_counts c WHERE c.campaign_id = h.campaign_id AND c.supersedes_id = h.id)
          GROUP BY h.site_id) of_site
), activity_figures AS (
    SELECT count(*) AS activities,
           count(*) FILTER (WHERE state = 'planned') AS activities_planned,
           count(*) FILTER (WHERE state = 'held') AS activities_held,
           count(*) FILTER (WHERE state = 'cancelled') AS activities_cancelled
    FROM activities a JOIN units u ON u.id = a.org_unit_id WHERE a.campaign_id = $1
), report_figures AS (
    SELECT count(*) AS expected,
           count(r.first_submitted_at) AS submitted,
           count(*) FILTER (WHERE r.is_late = false) AS in_time,
           count(*) FILTER (WHERE r.is_late) AS late,
           count(*) FILTER (WHERE r.state = 'submitted') AS waiting,
           count(*) FILTER (WHERE r.state = 'returned') AS returned,
           count(*) FILTER (WHERE r.state = 'accepted') AS reports_accepted
    FROM report_obligations o JOIN units u ON u.id = o.org_unit_id
    LEFT JOIN reports r ON r.campaign_id = o.campaign_id AND r.obligation_id = o.id
    WHERE o.campaign_id = $1 AND (o.exempted_at IS NULL OR r.first_submitted_at IS NOT NULL)
), districts AS (
    SELECT COALESCE(jsonb_agg(jsonb_build_object('org_unit_id', d.id, 'name', d.name, 'nominated', d.nominated, 'is_missing', d.nominated < $4)
                              ORDER BY d.path), '[]') AS districts
    FROM (SELECT u.id, u.name, u.path, COALESCE(n.nominated, 0) AS nominated
          FROM units u LEFT JOIN nominations n ON n.nominated_by = u.id
          WHERE u.kind = 'district_committee' AND u.valid_from <= $6 AND (u.valid_to IS NULL OR u.valid_to >= $5)
            AND starts_with(u.path, (SELECT o.path FROM campaigns c JOIN org_units o ON o.id = c.org_unit_id WHERE c.id = $1))) d
)
SELECT *, pg_current_snapshot()::text AS snapshot FROM site_figures, head_figures, activity_figures, report_figures, districts
