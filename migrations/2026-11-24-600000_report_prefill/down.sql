DELETE FROM consolidation_settlements WHERE kind = 'less_than_below';
ALTER TABLE consolidation_settlements
    DROP CONSTRAINT consolidation_settlements_kind_check,
    ADD CONSTRAINT consolidation_settlements_kind_check CHECK (kind IN ('differs_from_records', 'outlier', 'reported_twice'));
UPDATE report_forms f SET content = jsonb_set(f.content, '{indicators}', (
    SELECT jsonb_agg(i - 'source' ORDER BY no) FROM jsonb_array_elements(f.content -> 'indicators') WITH ORDINALITY AS x (i, no)))
WHERE jsonb_array_length(f.content -> 'indicators') > 0;
DROP TABLE report_corrections;
DROP TABLE report_prefills;
ALTER TABLE report_versions DROP COLUMN coverage;
ALTER TABLE reports DROP COLUMN coverage;
