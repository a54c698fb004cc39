-- Logs a batch of operations and changes everything that follows from them, in one statement.
-- Sites, campaigns, guests and counters are locked in this order, which is that of all others, and each in the order of their
-- ids, so that nobody waits for each other in a circle. Site and campaign are held as they are: a closing that is under way is
-- waited for, and then seen. A refusal changes no figure. Who is there follows from the latest operation by device time; one whose
-- device was more than 5 minutes ahead (rules.rs) counts as what it is, but would stay the latest: it does not say who is there.
-- What is logged of a guest who is merged counts for the one it is merged into, whose row is locked too. A merger that comes while the site
-- is waited for names a guest who is not locked then: such an operation is stale, and is written by another statement.
-- Of a device, or where the caller says at which site, a guest of another site is not logged.
WITH input AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::uuid[], $9::text[], $10::text[], $11::text[])
        AS t (id, participant_id, device_id, op_id, direction, occurred_at, received_at, actor_id, prefix, reason, right_sites)
), named AS (
    SELECT p.campaign_id, p.site_id, p.merged_into_id FROM participants p WHERE p.id = ANY ($2)
), held_sites AS (
    SELECT s.campaign_id, s.id, s.state FROM sites s
    WHERE (s.campaign_id, s.id) IN (SELECT n.campaign_id, n.site_id FROM named n) ORDER BY s.id FOR SHARE
), held_campaigns AS (
    SELECT c.id, c.state FROM campaigns c WHERE c.id IN (SELECT campaign_id FROM held_sites) ORDER BY c.id FOR SHARE
), locked AS (
    SELECT p.campaign_id, p.id, p.site_id, p.org_unit_id, p.entry_count, p.is_present, p.state = 'declined' AS has_declined,
           coalesce(p.merged_into_id, p.id) AS counts_for
    FROM participants p WHERE p.id = ANY ($2 || ARRAY(SELECT n.merged_into_id FROM named n WHERE n.merged_into_id IS NOT NULL)) AND (SELECT count(*) FROM held_campaigns) > 0 ORDER BY p.id FOR UPDATE
), found AS (
    SELECT i.*, l.campaign_id, l.site_id, l.org_unit_id, r.has_declined, r.id IS NULL AS is_stale, s.state AS site_state, c.state AS campaign_state,
           (i.right_sites IS NULL OR l.site_id = ANY (i.right_sites::uuid[])) AS is_right_site
    FROM input i
    JOIN locked l ON l.id = i.participant_id
    LEFT JOIN locked r ON r.id = l.counts_for
    JOIN org_units u ON u.id = l.org_unit_id AND starts_with(u.path, i.prefix)
    JOIN held_sites s ON s.campaign_id = l.campaign_id AND s.id = l.site_id
    JOIN held_campaigns c ON c.id = l.campaign_id
), logged AS (
    INSERT INTO check_ins (campaign_id, id, site_id, participant_id, org_unit_id, device_id, op_id, direction, occurred_at, received_at, actor_id, reason)
    SELECT campaign_id, id, site_id, participant_id, org_unit_id, device_id, op_id, direction, occurred_at, received_at, actor_id, reason
    FROM found WHERE site_state IN ('scheduled', 'held') AND campaign_state <> 'closed' AND is_right_site AND NOT is_stale ORDER BY id
    ON CONFLICT ON CONSTRAINT check_ins_op_key DO NOTHING
    RETURNING campaign_id, id, site_id, participant_id, org_unit_id, op_id, direction, occurred_at, received_at, actor_id
), latest AS (
    SELECT campaign_id, counts_for,
           count(*) FILTER (WHERE direction = 'entry') AS entries,
           min(occurred_at) FILTER (WHERE direction = 'entry') AS first_entered_at,
           (array_agg(direction ORDER BY occurred_at DESC, op_id DESC) FILTER (WHERE NOT is_ahead))[1] = 'entry' AS is_present,
           max(occurred_at) FILTER (WHERE NOT is_ahead) AS op_at,
           (array_agg(op_id ORDER BY occurred_at DESC, op_id DESC) FILTER (WHERE NOT is_ahead))[1] AS op_id,
           max(received_at) AS received_at
    FROM (SELECT g.*, l.counts_for, g.occurred_at > g.received_at + interval '5 minutes' AS is_ahead
          FROM logged g JOIN locked l ON l.id = g.participant_id WHERE g.direction <> 'refusal') moves
    GROUP BY campaign_id, counts_for
), guests AS (
    UPDATE participants p
    SET entry_count = p.entry_count + x.entries,
        first_entered_at = LEAST(p.first_entered_at, x.first_entered_at),
        is_present = CASE WHEN x.op_at IS NOT NULL AND (p.last_op_at IS NULL OR (x.op_at, x.op_id) > (p.last_op_at, p.last_op_id)) THEN x.is_present ELSE p.is_present END,
        last_op_id = CASE WHEN x.op_at IS NOT NULL AND (p.last_op_at IS NULL OR (x.op_at, x.op_id) > (p.last_op_at, p.last_op_id)) THEN x.op_id ELSE p.last_op_id END,
        last_op_at = GREATEST(p.last_op_at, x.op_at),
        version = p.version + 1,
        updated_at = x.received_at
    FROM latest x JOIN locked l ON l.id = x.counts_for
    WHERE p.campaign_id = x.campaign_id AND p.id = x.counts_for
    RETURNING p.campaign_id, p.site_id, x.entries,
              (l.entry_count = 0 AND p.entry_count > 0)::int AS persons,
              (p.is_present AND p.entry_count > 0)::int - (l.is_present AND l.entry_count > 0)::int AS present
), counters AS (
    SELECT c.campaign_id, c.site_id FROM site_counters c
    WHERE (c.campaign_id, c.site_id) IN (SELECT campaign_id, site_id FROM found) ORDER BY c.site_id FOR UPDATE
), counted AS (
    UPDATE site_counters c
    SET entries = c.entries + d.entries, persons = c.persons + d.persons, present = c.present + d.present
    FROM (SELECT campaign_id, site_id, sum(entries) AS entries, sum(persons) AS persons, sum(present) AS present FROM guests GROUP BY campaign_id, site_id) d
    JOIN counters USING (campaign_id, site_id)
    WHERE c.campaign_id = d.campaign_id AND c.site_id = d.site_id
), told AS (
    INSERT INTO events (campaign_id, id, resource, resource_id, resource_version, org_unit_id, action, actor_id, occurred_at, data)
    SELECT campaign_id, id, 'check_in', id, 1, org_unit_id, direction, actor_id, received_at,
           jsonb_build_object('site_id', site_id, 'participant_id', participant_id)
    FROM logged
)
SELECT i.id, f.campaign_id, f.site_id, f.org_unit_id, f.site_state, f.campaign_state, f.is_right_site, f.has_declined, coalesce(f.is_stale, false) AS is_stale, (g.id IS NOT NULL) AS is_logged
FROM input i LEFT JOIN found f ON f.id = i.id LEFT JOIN logged g ON g.id = i.id
