-- Whether a place suits the festival (R9, III.3, note): what is asked, as data of the campaign, and the answers of each site.
CREATE TABLE checklist_items (
    campaign_id  uuid NOT NULL CONSTRAINT checklist_items_campaign_fkey REFERENCES campaigns (id) ON DELETE CASCADE,
    id           uuid NOT NULL,
    code         text NOT NULL CONSTRAINT checklist_items_code_check CHECK (code ~ '^[a-z][a-z0-9_]{1,39}$'),
    no           integer NOT NULL,
    name_vi      text NOT NULL,
    name_en      text NOT NULL,
    is_required  boolean NOT NULL,
    is_active    boolean NOT NULL DEFAULT true,
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT checklist_items_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT checklist_items_code_key UNIQUE (campaign_id, code)
);
COMMENT ON COLUMN checklist_items.is_required IS 'Whether a site suits only when it is met or does not apply';
CREATE INDEX checklist_items_id_idx ON checklist_items (id);

CREATE TABLE site_checklist_answers (
    campaign_id     uuid NOT NULL,
    site_id         uuid NOT NULL,
    item_id         uuid NOT NULL,
    verdict         text NOT NULL CONSTRAINT site_checklist_answers_verdict_check CHECK (verdict IN ('met', 'not_met', 'not_applicable')),
    note            text,
    attachment_ids  uuid[] NOT NULL,
    answered_by     uuid NOT NULL,
    answered_at     timestamptz NOT NULL,
    CONSTRAINT site_checklist_answers_pkey PRIMARY KEY (campaign_id, site_id, item_id),
    CONSTRAINT site_checklist_answers_site_fkey FOREIGN KEY (campaign_id, site_id) REFERENCES sites (campaign_id, id) ON DELETE CASCADE,
    CONSTRAINT site_checklist_answers_item_fkey FOREIGN KEY (campaign_id, item_id) REFERENCES checklist_items (campaign_id, id)
);
COMMENT ON COLUMN site_checklist_answers.attachment_ids IS 'Evidence: attachments of the site';
CREATE INDEX site_checklist_answers_item_idx ON site_checklist_answers (campaign_id, item_id);

INSERT INTO checklist_items (campaign_id, id, code, no, name_vi, name_en, is_required, created_at, updated_at)
SELECT c.id,
       overlay(overlay(gen_random_uuid()::text PLACING lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint >> 16), 8, '0') FROM 1 FOR 8) PLACING '7' FROM 15 FOR 1)::uuid,
       i.code, i.no, i.name_vi, i.name_en, i.is_required, now(), now()
FROM campaigns c, (VALUES
    ('access_road', 1, 'Đường đến địa bàn thuận tiện cho Nhân dân đi lại', 'The way there is convenient for the people', true),
    ('venue_space', 2, 'Sân bãi, hội trường đủ chỗ cho các hoạt động', 'Ground or hall has room for the activities', true),
    ('parking', 3, 'Có chỗ để xe', 'Parking', true),
    ('power', 4, 'Có điện cho âm thanh, ánh sáng', 'Power for sound and light', true),
    ('water_sanitation', 5, 'Có nước sạch và nhà vệ sinh', 'Clean water and toilets', true),
    ('first_aid', 6, 'Có phương án y tế, sơ cứu', 'First aid', true),
    ('security_fire_safety', 7, 'Có phương án bảo đảm an ninh trật tự, phòng cháy chữa cháy', 'Order and fire safety', true),
    ('weather_plan', 8, 'Có phương án khi thời tiết xấu', 'A plan for bad weather', true),
    ('signal', 9, 'Có sóng điện thoại, Internet', 'Telephone and Internet signal', false)
) AS i (code, no, name_vi, name_en, is_required);
