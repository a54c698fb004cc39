-- The catalogue of activities as data of the campaign, what each kind asks for as results, and the results themselves.
CREATE TABLE activity_kinds (
    campaign_id    uuid NOT NULL CONSTRAINT activity_kinds_campaign_fkey REFERENCES campaigns (id) ON DELETE CASCADE,
    id             uuid NOT NULL,
    code           text NOT NULL CONSTRAINT activity_kinds_code_check CHECK (code ~ '^[a-z][a-z0-9_]{1,39}$'),
    name_vi        text NOT NULL,
    name_en        text NOT NULL,
    phases         text[] NOT NULL CONSTRAINT activity_kinds_phases_check CHECK (phases <@ ARRAY['before', 'during', 'after'] AND cardinality(phases) > 0),
    result_fields  jsonb NOT NULL,
    is_builtin     boolean NOT NULL DEFAULT false,
    is_active      boolean NOT NULL DEFAULT true,
    version        integer NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    CONSTRAINT activity_kinds_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT activity_kinds_code_key UNIQUE (campaign_id, code)
);
COMMENT ON COLUMN activity_kinds.result_fields IS 'What an activity of this kind is asked when it was held: code, names, unit, integer, vnd or text, required';
CREATE INDEX activity_kinds_id_idx ON activity_kinds (id);

INSERT INTO activity_kinds (campaign_id, id, code, name_vi, name_en, phases, result_fields, is_builtin, created_at, updated_at)
SELECT c.id,
       overlay(overlay(gen_random_uuid()::text PLACING lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint >> 16), 8, '0') FROM 1 FOR 8) PLACING '7' FROM 15 FOR 1)::uuid,
       k.code, k.name_vi, k.name_en, k.phases, k.result_fields, true, now(), now()
FROM campaigns c, (VALUES
    ('communication', 'Tuyên truyền', 'Communication', ARRAY['before', 'during', 'after'], '[{"code": "leaflet_count", "name_vi": "Tờ rơi, tờ gấp", "name_en": "Leaflets", "unit_vi": "tờ", "unit_en": "pieces", "value_kind": "integer", "is_required": false}, {"code": "loudspeaker_run_count", "name_vi": "Lượt xe loa, buổi phát thanh", "name_en": "Loudspeaker runs", "unit_vi": "lượt", "unit_en": "runs", "value_kind": "integer", "is_required": false}, {"code": "banner_count", "name_vi": "Pa nô, băng rôn, khẩu hiệu", "name_en": "Banners", "unit_vi": "chiếc", "unit_en": "pieces", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('cultural_performance', 'Văn hóa, văn nghệ', 'Cultural performance', ARRAY['before', 'during', 'after'], '[{"code": "item_count", "name_vi": "Tiết mục", "name_en": "Items", "unit_vi": "tiết mục", "unit_en": "items", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('sports', 'Thể dục, thể thao', 'Sports', ARRAY['before', 'during', 'after'], '[{"code": "team_count", "name_vi": "Đội tham gia", "name_en": "Teams", "unit_vi": "đội", "unit_en": "teams", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('folk_games', 'Trò chơi dân gian', 'Folk games', ARRAY['before', 'during', 'after'], '[{"code": "game_count", "name_vi": "Trò chơi", "name_en": "Games", "unit_vi": "trò chơi", "unit_en": "games", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('listening_forum', 'Diễn đàn Công an lắng nghe ý kiến Nhân dân', 'Forum “Public Security listens to the People”', ARRAY['before', 'during', 'after'], '[{"code": "opinion_count", "name_vi": "Ý kiến tiếp nhận", "name_en": "Opinions received", "unit_vi": "ý kiến", "unit_en": "opinions", "value_kind": "integer", "is_required": false}, {"code": "answered_count", "name_vi": "Ý kiến đã trả lời", "name_en": "Opinions answered", "unit_vi": "ý kiến", "unit_en": "opinions", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('commendation_ceremony', 'Biểu dương, khen thưởng', 'Commendation', ARRAY['before', 'during', 'after'], '[{"code": "collective_count", "name_vi": "Tập thể được khen", "name_en": "Collectives commended", "unit_vi": "tập thể", "unit_en": "collectives", "value_kind": "integer", "is_required": false}, {"code": "individual_count", "name_vi": "Cá nhân được khen", "name_en": "Individuals commended", "unit_vi": "người", "unit_en": "persons", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('gift_visit', 'Thăm hỏi, tặng quà', 'Visits with gifts', ARRAY['before', 'during', 'after'], '[{"code": "gift_count", "name_vi": "Suất quà", "name_en": "Gifts", "unit_vi": "suất", "unit_en": "gifts", "value_kind": "integer", "is_required": true}, {"code": "value_vnd", "name_vi": "Trị giá", "name_en": "Value", "unit_vi": "đồng", "unit_en": "đồng", "value_kind": "vnd", "is_required": false}]'::jsonb),
    ('skilful_mobilisation', 'Mô hình Dân vận khéo', 'Skilful mass mobilisation', ARRAY['before', 'during', 'after'], '[{"code": "model_count", "name_vi": "Mô hình", "name_en": "Models", "unit_vi": "mô hình", "unit_en": "models", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('social_welfare', 'An sinh xã hội', 'Social welfare', ARRAY['before', 'during', 'after'], '[{"code": "household_count", "name_vi": "Hộ được hỗ trợ", "name_en": "Households helped", "unit_vi": "hộ", "unit_en": "households", "value_kind": "integer", "is_required": false}, {"code": "value_vnd", "name_vi": "Trị giá", "name_en": "Value", "unit_vi": "đồng", "unit_en": "đồng", "value_kind": "vnd", "is_required": false}]'::jsonb),
    ('humanitarian', 'Hoạt động nhân đạo', 'Humanitarian activity', ARRAY['before', 'during', 'after'], '[{"code": "person_count", "name_vi": "Người được giúp", "name_en": "Persons helped", "unit_vi": "người", "unit_en": "persons", "value_kind": "integer", "is_required": false}, {"code": "value_vnd", "name_vi": "Trị giá", "name_en": "Value", "unit_vi": "đồng", "unit_en": "đồng", "value_kind": "vnd", "is_required": false}]'::jsonb),
    ('model_launch', 'Ra mắt mô hình', 'Launch of a model', ARRAY['before', 'during', 'after'], '[{"code": "model_name", "name_vi": "Tên mô hình", "name_en": "Name of the model", "unit_vi": "", "unit_en": "", "value_kind": "text", "is_required": true}, {"code": "member_count", "name_vi": "Thành viên", "name_en": "Members", "unit_vi": "người", "unit_en": "persons", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('model_replication', 'Nhân rộng mô hình', 'Replication of models', ARRAY['before', 'during', 'after'], '[{"code": "place_count", "name_vi": "Nơi nhân rộng", "name_en": "Places that took it over", "unit_vi": "nơi", "unit_en": "places", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('interim_review', 'Sơ kết', 'Interim review', ARRAY['before', 'during', 'after'], '[]'::jsonb),
    ('final_review', 'Tổng kết', 'Final review', ARRAY['before', 'during', 'after'], '[]'::jsonb),
    ('emulation_launch', 'Phát động thi đua', 'Launch of an emulation drive', ARRAY['before', 'during', 'after'], '[{"code": "registered_count", "name_vi": "Tập thể, cá nhân đăng ký", "name_en": "Collectives and individuals registered", "unit_vi": "lượt", "unit_en": "registrations", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('clean_up', 'Vệ sinh môi trường, đường phố', 'Clean-up', ARRAY['before', 'during', 'after'], '[{"code": "volunteer_count", "name_vi": "Người tham gia", "name_en": "Volunteers", "unit_vi": "người", "unit_en": "persons", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('pledge', 'Ký cam kết, giao ước thi đua', 'Signing of a pledge', ARRAY['before', 'during', 'after'], '[{"code": "household_count", "name_vi": "Hộ ký", "name_en": "Households that signed", "unit_vi": "hộ", "unit_en": "households", "value_kind": "integer", "is_required": false}, {"code": "collective_count", "name_vi": "Tập thể ký", "name_en": "Collectives that signed", "unit_vi": "tập thể", "unit_en": "collectives", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('ceremony', 'Phần lễ', 'Ceremony', ARRAY['during'], '[]'::jsonb),
    ('festivities', 'Phần hội', 'Festivities', ARRAY['during'], '[{"code": "game_count", "name_vi": "Trò chơi, hội thi", "name_en": "Games and contests", "unit_vi": "nội dung", "unit_en": "contests", "value_kind": "integer", "is_required": false}]'::jsonb),
    ('other', 'Hoạt động khác', 'Other', ARRAY['before', 'during', 'after'], '[]'::jsonb)
) AS k (code, name_vi, name_en, phases, result_fields);

ALTER TABLE activities ADD COLUMN results jsonb NOT NULL DEFAULT '{}';
ALTER TABLE activities ADD COLUMN emulation_drive text;
ALTER TABLE activities ADD CONSTRAINT activities_kind_fkey FOREIGN KEY (campaign_id, kind) REFERENCES activity_kinds (campaign_id, code);
COMMENT ON COLUMN activities.results IS 'By code of the result fields of its kind: value or text';
COMMENT ON COLUMN activities.emulation_drive IS 'Number of the emulation drive that it belongs to, as printed (S81)';
CREATE INDEX activities_kind_idx ON activities (campaign_id, kind);
