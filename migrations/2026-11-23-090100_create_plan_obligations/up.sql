-- Who owes a plan under a plan: frozen when that is issued, so that a body that comes or goes later does not change the figures.
CREATE TABLE plan_obligations (
    campaign_id       uuid NOT NULL CONSTRAINT plan_obligations_campaign_fkey REFERENCES campaigns (id),
    id                uuid NOT NULL,
    plan_id           uuid NOT NULL CONSTRAINT plan_obligations_plan_fkey REFERENCES plans (id),
    org_unit_id       uuid NOT NULL CONSTRAINT plan_obligations_org_unit_fkey REFERENCES org_units (id),
    rule_id           text NOT NULL,
    clause            text NOT NULL,
    exemption_reason  text,
    exempted_at       timestamptz,
    exempted_by       uuid,
    version           integer NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT plan_obligations_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT plan_obligations_org_unit_key UNIQUE (campaign_id, plan_id, org_unit_id),
    CONSTRAINT plan_obligations_exemption_check CHECK ((exemption_reason IS NULL) = (exempted_at IS NULL))
);
COMMENT ON COLUMN plan_obligations.plan_id IS 'The first edition of the plan under which a plan is owed';
COMMENT ON COLUMN plan_obligations.exempted_by IS 'Account that exempted the body; an account may be deleted, the act stays';
CREATE INDEX plan_obligations_id_idx ON plan_obligations (id);
CREATE INDEX plan_obligations_plan_idx ON plan_obligations (plan_id);
CREATE INDEX plan_obligations_org_unit_idx ON plan_obligations (org_unit_id);

-- Plans that were issued before there was a frozen set: it is frozen now.
INSERT INTO plan_obligations (campaign_id, id, plan_id, org_unit_id, rule_id, clause, created_at, updated_at)
SELECT DISTINCT ON (p.campaign_id, p.first_edition_id, u.id)
       p.campaign_id, gen_random_uuid(), p.first_edition_id, u.id, r.rule_id, r.clause, now(), now()
FROM plans p
JOIN campaigns c ON c.id = p.campaign_id
JOIN plan_rules r ON r.plan_id = p.id AND r.kind = 'child_plan' AND r.obligation <> 'may'
JOIN org_units issuer ON issuer.id = p.org_unit_id
JOIN org_units u ON starts_with(u.path, issuer.path) AND u.id <> issuer.id
    AND u.valid_from <= c.event_to AND (u.valid_to IS NULL OR u.valid_to >= c.event_from)
CROSS JOIN LATERAL jsonb_array_elements_text(r.parameters -> 'bodies') AS body (name)
WHERE p.state IN ('issued', 'closed') AND CASE body.name
    WHEN 'district_committee' THEN u.kind = 'district_committee'
    WHEN 'commune_committee' THEN u.kind = 'commune_committee'
    WHEN 'each_level' THEN u.kind IN ('district_committee', 'commune_committee')
    WHEN 'provincial_department' THEN u.level = 'province' AND u.kind IN ('provincial_department', 'information_department')
    WHEN 'mass_organisation' THEN u.level = 'province' AND u.kind IN ('mass_organisation', 'fatherland_front')
    WHEN 'committee_member' THEN u.level = 'province' AND u.kind IN ('military_command', 'fatherland_front')
    WHEN 'agency' THEN u.kind IN ('agency', 'educational_institution', 'enterprise')
    END
ORDER BY p.campaign_id, p.first_edition_id, u.id, r.no;
