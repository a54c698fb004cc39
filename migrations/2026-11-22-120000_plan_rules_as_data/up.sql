-- A rule is data: what it says in figures, in which clauses, and whether an official confirmed it.
ALTER TABLE plan_rules
    ADD COLUMN parameters jsonb,
    ADD COLUMN also_in text[] NOT NULL DEFAULT '{}',
    ADD COLUMN is_confirmed boolean NOT NULL DEFAULT true,
    ADD COLUMN confidence double precision NOT NULL DEFAULT 1;
UPDATE plan_rules r
SET parameters = CASE r.kind
    WHEN 'event_window' THEN jsonb_build_object('kind', 'event_window', 'from', c.event_from, 'to', c.event_to)
    WHEN 'report_limit' THEN jsonb_build_object('kind', 'report_limit', 'on', c.report_due_before, 'inclusive', false, 'receiver', NULL, 'through', NULL)
    WHEN 'provincial_pilot_count' THEN jsonb_build_object('kind', 'quota', 'by', 'province', 'measure', 'selected', 'compare', 'exactly', 'count', c.provincial_pilot_count, 'pilot', true, 'site_kind', NULL)
    WHEN 'district_nominations' THEN jsonb_build_object('kind', 'quota', 'by', 'district', 'measure', 'nominated', 'compare', 'at_least', 'count', c.min_district_nominations, 'pilot', true, 'site_kind', NULL)
    WHEN 'encouraged_pilot' THEN '{"kind": "quota", "by": "each_level", "measure": "selected", "compare": "at_least", "count": 1, "pilot": true, "site_kind": "residential_area"}'
    WHEN 'encouraged_unit_pilot' THEN '{"kind": "quota", "by": "agency", "measure": "selected", "compare": "at_least", "count": 1, "pilot": true, "site_kind": null}'
    WHEN 'site_kinds' THEN '{"kind": "site_kinds", "kinds": ["residential_area", "commune", "ward", "township", "agency", "enterprise", "educational_institution"]}'
    WHEN 'priority_areas' THEN '{"kind": "priority_areas", "areas": ["priority_area", "ethnic_minority_area", "religious_area", "industrial_zone", "urban_zone"], "open": true}'
    WHEN 'site_suitability' THEN '{"kind": "site_suitability"}'
    WHEN 'invitation_template_a' THEN '{"kind": "invitation_template", "template": "a", "applies_to": "provincial_pilot", "categories": ["provincial_leader", "committee_member", "local_leader", "movement_force", "commended", "community_elder", "press"], "adaptable": false}'
    WHEN 'invitation_template_b' THEN '{"kind": "invitation_template", "template": "b", "applies_to": "other_sites", "categories": ["local_leader", "committee_member", "front_and_unions", "movement_force", "commended", "community_elder"], "adaptable": true}'
    WHEN 'child_plan' THEN '{"kind": "child_plan", "bodies": ["district_committee", "provincial_department", "mass_organisation", "committee_member"]}'
    WHEN 'child_plan_items' THEN '{"kind": "child_plan_items", "items": ["purpose", "requirements", "content", "programme", "form", "scope", "participants", "time"]}'
    WHEN 'communication_phases' THEN '{"kind": "communication_phases", "phases": ["before", "during", "after"]}'
    WHEN 'funding_sources' THEN '{"kind": "funding_sources", "sources": []}'
    ELSE jsonb_build_object('kind', 'principle', 'text', r.statement)
END
FROM plans p JOIN campaigns c ON c.id = p.campaign_id
WHERE p.id = r.plan_id;
UPDATE plan_rules SET kind = parameters ->> 'kind';
ALTER TABLE plan_rules ALTER COLUMN parameters SET NOT NULL;
ALTER TABLE plan_rules ADD CONSTRAINT plan_rules_parameters_check CHECK (parameters ->> 'kind' = kind);
COMMENT ON COLUMN plan_rules.kind IS 'What the service judges with it: the tag of its parameters';
COMMENT ON COLUMN plan_rules.is_confirmed IS 'Whether an official confirmed it; a rule read from a text binds nobody before';
COMMENT ON COLUMN plan_rules.confidence IS 'How surely it was read from a text; 1 when written by hand';

CREATE TABLE plan_clauses (
    plan_id           uuid NOT NULL CONSTRAINT plan_clauses_plan_fkey REFERENCES plans (id) ON DELETE CASCADE,
    no                integer NOT NULL,
    reference         text NOT NULL,
    kind              text NOT NULL CONSTRAINT plan_clauses_kind_check CHECK (kind IN ('preamble', 'section', 'numbered', 'lettered', 'bullet', 'note', 'paragraph', 'footnote', 'closing')),
    marker            text,
    heading           text,
    body              text NOT NULL,
    parent_reference  text,
    CONSTRAINT plan_clauses_pkey PRIMARY KEY (plan_id, no),
    CONSTRAINT plan_clauses_reference_key UNIQUE (plan_id, reference),
    CONSTRAINT plan_clauses_parent_fkey FOREIGN KEY (plan_id, parent_reference) REFERENCES plan_clauses (plan_id, reference) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX plan_clauses_parent_idx ON plan_clauses (plan_id, parent_reference);
COMMENT ON TABLE plan_clauses IS 'The text of a plan as a tree, in printed order';

ALTER TABLE plans ADD COLUMN items text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN plans.items IS 'Which of the items that a child plan states (II.3) are in it';
