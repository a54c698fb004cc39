-- What a report asks for is data: versions of a form, each campaign with its own. The first one is what reports asked until now, so that every
-- figure that is stored stays valid.
CREATE TABLE report_forms (
    campaign_id   uuid NOT NULL CONSTRAINT report_forms_campaign_fkey REFERENCES campaigns (id),
    id            uuid NOT NULL,
    no            integer,
    state         text NOT NULL CONSTRAINT report_forms_state_check CHECK (state IN ('draft', 'published')),
    content       jsonb NOT NULL,
    published_at  timestamptz,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CONSTRAINT report_forms_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT report_forms_no_key UNIQUE (campaign_id, no),
    CONSTRAINT report_forms_published_check CHECK ((state = 'published') = (no IS NOT NULL) AND (no IS NULL) = (published_at IS NULL))
);
COMMENT ON TABLE report_forms IS 'Versions of what the reports of a campaign ask for; a published one is never changed';
COMMENT ON COLUMN report_forms.no IS 'Order of publication; the last one is current; null for a draft';
COMMENT ON COLUMN report_forms.content IS 'Indicators in their order, and checks between them';
CREATE INDEX report_forms_id_idx ON report_forms (id);

INSERT INTO report_forms (campaign_id, id, no, state, content, published_at, version, created_at, updated_at)
SELECT id, gen_random_uuid(), 1, 'published', $form$
{
  "indicators": [
    {"code": "sites_held", "name_vi": "Số điểm, địa bàn tổ chức Ngày hội", "name_en": "Sites where the festival was held", "kind": "integer", "unit": "sites", "unit_vi": "điểm", "unit_en": "sites", "is_required": true, "is_basis_asked": true},
    {"code": "pilot_sites_held", "name_vi": "Số điểm chỉ đạo đã tổ chức", "name_en": "Pilot sites where it was held", "kind": "integer", "unit": "sites", "unit_vi": "điểm", "unit_en": "sites", "is_required": false, "is_basis_asked": true},
    {"code": "attendance_count", "name_vi": "Số lượt người tham dự Ngày hội", "name_en": "Attendances at the festival", "kind": "integer", "unit": "attendances", "unit_vi": "lượt người", "unit_en": "attendances", "is_required": true, "is_basis_asked": true},
    {"code": "communication_sessions", "name_vi": "Số buổi tuyên truyền", "name_en": "Communication sessions", "kind": "integer", "unit": "sessions", "unit_vi": "buổi", "unit_en": "sessions", "is_required": false, "is_basis_asked": true},
    {"code": "media_items", "name_vi": "Số tin, bài, phóng sự", "name_en": "News items, articles and features", "kind": "integer", "unit": "items", "unit_vi": "tin, bài", "unit_en": "items", "is_required": false, "is_basis_asked": true},
    {"code": "leaflets", "name_vi": "Số tờ rơi", "name_en": "Leaflets", "kind": "integer", "unit": "pieces", "unit_vi": "chiếc", "unit_en": "pieces", "is_required": false, "is_basis_asked": true},
    {"code": "banners", "name_vi": "Số pa nô, băng rôn, khẩu hiệu", "name_en": "Panels, banners and slogans", "kind": "integer", "unit": "pieces", "unit_vi": "chiếc", "unit_en": "pieces", "is_required": false, "is_basis_asked": true},
    {"code": "loudspeaker_runs", "name_vi": "Số lượt xe loa tuyên truyền", "name_en": "Loudspeaker runs", "kind": "integer", "unit": "runs", "unit_vi": "lượt", "unit_en": "runs", "is_required": false, "is_basis_asked": true},
    {"code": "social_posts", "name_vi": "Số bài đăng mạng xã hội", "name_en": "Posts on social networks", "kind": "integer", "unit": "posts", "unit_vi": "bài đăng", "unit_en": "posts", "is_required": false, "is_basis_asked": true},
    {"code": "collectives_rewarded", "name_vi": "Số lượt tập thể được khen thưởng", "name_en": "Awards to collectives", "kind": "integer", "unit": "awards", "unit_vi": "lượt", "unit_en": "awards", "is_required": false, "is_basis_asked": true},
    {"code": "individuals_rewarded", "name_vi": "Số lượt cá nhân được khen thưởng", "name_en": "Awards to individuals", "kind": "integer", "unit": "awards", "unit_vi": "lượt", "unit_en": "awards", "is_required": false, "is_basis_asked": true},
    {"code": "gifts_count", "name_vi": "Số suất quà", "name_en": "Gifts", "kind": "integer", "unit": "gifts", "unit_vi": "suất", "unit_en": "gifts", "is_required": false, "is_basis_asked": true},
    {"code": "gifts_value_vnd", "name_vi": "Trị giá quà tặng", "name_en": "Value of the gifts", "kind": "vnd", "unit": "vnd", "unit_vi": "đồng", "unit_en": "đồng", "is_required": false, "is_basis_asked": true},
    {"code": "models_launched", "name_vi": "Số mô hình ra mắt", "name_en": "Models launched", "kind": "integer", "unit": "models", "unit_vi": "mô hình", "unit_en": "models", "is_required": false, "is_basis_asked": true},
    {"code": "models_maintained", "name_vi": "Số mô hình duy trì", "name_en": "Models maintained", "kind": "integer", "unit": "models", "unit_vi": "mô hình", "unit_en": "models", "is_required": false, "is_basis_asked": true},
    {"code": "models_replicated", "name_vi": "Số mô hình nhân rộng", "name_en": "Models replicated", "kind": "integer", "unit": "models", "unit_vi": "mô hình", "unit_en": "models", "is_required": false, "is_basis_asked": true},
    {"code": "pledges_signed", "name_vi": "Số bản cam kết, giao ước thi đua đã ký", "name_en": "Pledges signed", "kind": "integer", "unit": "pledges", "unit_vi": "bản", "unit_en": "pledges", "is_required": false, "is_basis_asked": true},
    {"code": "forums_held", "name_vi": "Số diễn đàn Công an lắng nghe ý kiến Nhân dân", "name_en": "Forums “Public Security listens to the People”", "kind": "integer", "unit": "forums", "unit_vi": "diễn đàn", "unit_en": "forums", "is_required": false, "is_basis_asked": true},
    {"code": "forum_attendance", "name_vi": "Số lượt người dự diễn đàn", "name_en": "Attendances at the forums", "kind": "integer", "unit": "attendances", "unit_vi": "lượt người", "unit_en": "attendances", "is_required": false, "is_basis_asked": true},
    {"code": "opinions_received", "name_vi": "Số ý kiến tiếp nhận", "name_en": "Opinions received", "kind": "integer", "unit": "opinions", "unit_vi": "ý kiến", "unit_en": "opinions", "is_required": false, "is_basis_asked": true},
    {"code": "opinions_answered", "name_vi": "Số ý kiến đã trả lời", "name_en": "Opinions answered", "kind": "integer", "unit": "opinions", "unit_vi": "ý kiến", "unit_en": "opinions", "is_required": false, "is_basis_asked": true},
    {"code": "spending_vnd", "name_vi": "Kinh phí đã chi", "name_en": "Money spent", "kind": "vnd", "unit": "vnd", "unit_vi": "đồng", "unit_en": "đồng", "is_required": false, "is_basis_asked": true}
  ],
  "checks": [
    {"code": "more_than_received", "rule": "at_most", "left": ["opinions_answered"], "right": "opinions_received", "severity": "error", "message_vi": "Số ý kiến đã trả lời lớn hơn số tiếp nhận.", "message_en": "More opinions are answered than were received."},
    {"code": "pilot_sites_exceed_sites", "rule": "at_most", "left": ["pilot_sites_held"], "right": "sites_held", "severity": "warning", "message_vi": "Số điểm chỉ đạo lớn hơn số điểm tổ chức.", "message_en": "There are more pilot sites than sites."},
    {"code": "attendance_without_site", "rule": "implies", "left": ["attendance_count"], "right": "sites_held", "severity": "warning", "message_vi": "Có lượt người dự nhưng không có điểm nào.", "message_en": "There are attendances but no site."},
    {"code": "gift_value_without_gift", "rule": "implies", "left": ["gifts_value_vnd"], "right": "gifts_count", "severity": "warning", "message_vi": "Có trị giá quà nhưng không có suất quà.", "message_en": "Gifts have a value but there are none."}
  ]
}
$form$, created_at, 1, created_at, created_at
FROM campaigns;

ALTER TABLE reports ADD COLUMN form_id uuid;
UPDATE reports r SET form_id = f.id FROM report_forms f WHERE f.campaign_id = r.campaign_id;
ALTER TABLE reports
    ALTER COLUMN form_id SET NOT NULL,
    ADD CONSTRAINT reports_form_fkey FOREIGN KEY (campaign_id, form_id) REFERENCES report_forms (campaign_id, id);
COMMENT ON COLUMN reports.form_id IS 'The version of the form that the figures follow';
COMMENT ON COLUMN reports.figures IS 'Indicator code -> value with basis and parts, text, or nil; absent means not reported, which is not zero';
CREATE INDEX reports_form_idx ON reports (campaign_id, form_id);

ALTER TABLE report_versions ADD COLUMN form_id uuid;
UPDATE report_versions v SET form_id = f.id FROM report_forms f WHERE f.campaign_id = v.campaign_id;
ALTER TABLE report_versions
    ALTER COLUMN form_id SET NOT NULL,
    ADD CONSTRAINT report_versions_form_fkey FOREIGN KEY (campaign_id, form_id) REFERENCES report_forms (campaign_id, id);
COMMENT ON COLUMN report_versions.form_id IS 'The version of the form that was filled in';
CREATE INDEX report_versions_form_idx ON report_versions (campaign_id, form_id);
