-- What a report speaks for, what was recorded when it was filled in, and why it says otherwise.
ALTER TABLE reports ADD COLUMN coverage text NOT NULL DEFAULT 'own' CONSTRAINT reports_coverage_check CHECK (coverage IN ('own', 'subtree'));
COMMENT ON COLUMN reports.coverage IS 'own: the body, and those below it that owe no report; subtree: the body and all below it, whose own reports then do not add up any more';
ALTER TABLE report_versions ADD COLUMN coverage text NOT NULL DEFAULT 'own' CONSTRAINT report_versions_coverage_check CHECK (coverage IN ('own', 'subtree'));

CREATE TABLE report_prefills (
    campaign_id     uuid NOT NULL,
    id              uuid NOT NULL,
    report_id       uuid NOT NULL,
    indicator       text NOT NULL,
    recorded_value  bigint NOT NULL,
    record_count    bigint NOT NULL,
    recorded_at     timestamptz NOT NULL,
    recorded_by     uuid NOT NULL,
    CONSTRAINT report_prefills_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT report_prefills_report_fkey FOREIGN KEY (campaign_id, report_id) REFERENCES reports (campaign_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE report_prefills IS 'Append-only: what was recorded for an indicator each time a report was filled in from the records';
CREATE INDEX report_prefills_report_idx ON report_prefills (campaign_id, report_id);

CREATE TABLE report_corrections (
    campaign_id     uuid NOT NULL,
    id              uuid NOT NULL,
    report_id       uuid NOT NULL,
    indicator       text NOT NULL,
    recorded_value  bigint NOT NULL,
    reported_value  bigint NOT NULL,
    reason          text NOT NULL,
    corrected_at    timestamptz NOT NULL,
    corrected_by    uuid NOT NULL,
    CONSTRAINT report_corrections_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT report_corrections_report_fkey FOREIGN KEY (campaign_id, report_id) REFERENCES reports (campaign_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE report_corrections IS 'Append-only: why a report says another number than was recorded';
CREATE INDEX report_corrections_report_idx ON report_corrections (campaign_id, report_id);

-- The indicators of the first form are filled from records of the same name. What a form asks for does not change by that.
UPDATE report_forms f SET content = jsonb_set(f.content, '{indicators}', (
    SELECT jsonb_agg(CASE WHEN i ->> 'code' IN (
        'sites_held', 'pilot_sites_held', 'attendance_count', 'communication_sessions', 'media_items', 'leaflets', 'banners', 'loudspeaker_runs',
        'social_posts', 'collectives_rewarded', 'individuals_rewarded', 'gifts_count', 'gifts_value_vnd', 'models_launched', 'models_maintained',
        'models_replicated', 'pledges_signed', 'forums_held', 'forum_attendance', 'opinions_received', 'opinions_answered', 'spending_vnd'
    ) AND (i ->> 'kind' = 'vnd') = (i ->> 'code' LIKE '%\_vnd') AND i ->> 'kind' <> 'text' THEN i || jsonb_build_object('source', i ->> 'code') ELSE i END ORDER BY no)
    FROM jsonb_array_elements(f.content -> 'indicators') WITH ORDINALITY AS x (i, no)))
WHERE jsonb_array_length(f.content -> 'indicators') > 0;

ALTER TABLE consolidation_settlements
    DROP CONSTRAINT consolidation_settlements_kind_check,
    ADD CONSTRAINT consolidation_settlements_kind_check CHECK (kind IN ('differs_from_records', 'outlier', 'reported_twice', 'less_than_below'));
