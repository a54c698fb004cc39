-- Why personal data of each kind are held, on what basis and how long (law 91/2025/QH15), and what was erased.
CREATE TABLE processing_purposes (
    campaign_id     uuid NOT NULL CONSTRAINT processing_purposes_campaign_fkey REFERENCES campaigns (id) ON DELETE CASCADE,
    id              uuid NOT NULL,
    data_kind       text NOT NULL CONSTRAINT processing_purposes_data_kind_check CHECK (data_kind IN ('guests', 'contacts', 'check_ins', 'delegates', 'opinions', 'commendations', 'users', 'contact_readings', 'data_requests')),
    purpose_vi      text NOT NULL,
    purpose_en      text NOT NULL,
    legal_basis     text NOT NULL,
    retention_days  integer CONSTRAINT processing_purposes_retention_days_check CHECK (retention_days BETWEEN 0 AND 3650),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT processing_purposes_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT processing_purposes_kind_key UNIQUE (campaign_id, data_kind)
);
COMMENT ON COLUMN processing_purposes.retention_days IS 'Days after the closing of the campaign; null: nothing is erased by the campaign''s end';
CREATE INDEX processing_purposes_id_idx ON processing_purposes (id);

CREATE TABLE processing_purpose_changes (
    campaign_id            uuid NOT NULL,
    id                     uuid NOT NULL,
    processing_purpose_id  uuid NOT NULL,
    version                integer NOT NULL,
    purpose_vi             text NOT NULL,
    purpose_en             text NOT NULL,
    legal_basis            text NOT NULL,
    retention_days         integer,
    reason                 text,
    changed_by             uuid,
    changed_at             timestamptz NOT NULL,
    CONSTRAINT processing_purpose_changes_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT processing_purpose_changes_version_key UNIQUE (campaign_id, processing_purpose_id, version),
    CONSTRAINT processing_purpose_changes_purpose_fkey FOREIGN KEY (campaign_id, processing_purpose_id) REFERENCES processing_purposes (campaign_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE processing_purpose_changes IS 'Append-only: each version as it was told; without a person where the campaign began with it';

CREATE TABLE erasures (
    campaign_id  uuid NOT NULL CONSTRAINT erasures_campaign_fkey REFERENCES campaigns (id),
    id           uuid NOT NULL,
    org_unit_id  uuid NOT NULL CONSTRAINT erasures_org_unit_fkey REFERENCES org_units (id),
    data_kind    text NOT NULL CONSTRAINT erasures_data_kind_check CHECK (data_kind IN ('guests', 'contacts', 'delegates', 'opinions', 'commendations', 'contact_readings', 'data_requests')),
    cause        text NOT NULL CONSTRAINT erasures_cause_check CHECK (cause IN ('request', 'retention')),
    object_id    uuid,
    row_count    integer NOT NULL CONSTRAINT erasures_row_count_check CHECK (row_count > 0),
    reason       text,
    erased_by    uuid,
    erased_at    timestamptz NOT NULL,
    CONSTRAINT erasures_pkey PRIMARY KEY (campaign_id, id),
    CONSTRAINT erasures_request_check CHECK ((cause = 'request') = (object_id IS NOT NULL) AND (cause = 'request') = (erased_by IS NOT NULL) AND (cause = 'request') = (reason IS NOT NULL))
);
COMMENT ON TABLE erasures IS 'Append-only: what was erased, in counts; no name';
CREATE INDEX erasures_id_idx ON erasures (id);
CREATE INDEX erasures_org_unit_idx ON erasures (org_unit_id);

ALTER TABLE participants ADD COLUMN erased_at timestamptz;
ALTER TABLE opinions ADD COLUMN erased_at timestamptz;
ALTER TABLE commendations ADD COLUMN erased_at timestamptz;
ALTER TABLE delegates ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN participants.erased_at IS 'When who it is was erased, for ever; what is counted of the row stays';

INSERT INTO processing_purposes (campaign_id, id, data_kind, purpose_vi, purpose_en, legal_basis, retention_days, created_at, updated_at)
SELECT c.id,
       overlay(overlay(gen_random_uuid()::text PLACING lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint >> 16), 8, '0') FROM 1 FOR 8) PLACING '7' FROM 15 FOR 1)::uuid,
       p.data_kind, p.purpose_vi, p.purpose_en, p.legal_basis, p.retention_days, now(), now()
FROM campaigns c, (VALUES
    ('guests', 'Mời, đón tiếp khách và thống kê thành phần dự Ngày hội', 'To invite and receive guests and to count who attends', 'Kế hoạch tổ chức Ngày hội (mục II.2.2.2); Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15', 365),
    ('contacts', 'Liên hệ với khách mời về giấy mời và thay đổi lịch', 'To reach guests about invitations and changes of the schedule', 'Sự đồng ý của khách mời; Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15', 90),
    ('check_ins', 'Ghi nhận lượt vào, ra để tính số liệu; sau khi xóa tên khách thì không còn chỉ ra ai', 'To log entries and exits for the figures; once guests are erased it points at nobody', 'Kế hoạch tổ chức Ngày hội (mục III.3); Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15', NULL),
    ('delegates', 'Phân công đại biểu của Ban Chỉ đạo dự Ngày hội', 'To assign delegates of the committee to sites', 'Kế hoạch tổ chức Ngày hội (mục II.2.2.1); Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15', 365),
    ('opinions', 'Trả lời ý kiến, kiến nghị của Nhân dân', 'To answer the opinions of the people', 'Kế hoạch tổ chức Ngày hội (mục II.1); Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15', 730),
    ('commendations', 'Biểu dương, khen thưởng và lưu hồ sơ khen thưởng', 'To commend and to keep the records of commendations', 'Luật Thi đua, khen thưởng; Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15', 1825),
    ('users', 'Cấp tài khoản và xác định người thực hiện thao tác', 'To give accounts and to tell who did what', 'Quy chế hoạt động của Ban Chỉ đạo; Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15', NULL),
    ('contact_readings', 'Kiểm tra việc xem thông tin liên hệ', 'To audit who read contacts', 'Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15', 730),
    ('data_requests', 'Giải quyết yêu cầu của chủ thể dữ liệu và chứng minh đã giải quyết đúng hạn', 'To deal with requests of persons and to prove that it was done in time', 'Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15; Nghị định 356/2025/NĐ-CP', 730)
) AS p (data_kind, purpose_vi, purpose_en, legal_basis, retention_days);

INSERT INTO processing_purpose_changes (campaign_id, id, processing_purpose_id, version, purpose_vi, purpose_en, legal_basis, retention_days, changed_at)
SELECT campaign_id,
       overlay(overlay(gen_random_uuid()::text PLACING lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint >> 16), 8, '0') FROM 1 FOR 8) PLACING '7' FROM 15 FOR 1)::uuid,
       id, version, purpose_vi, purpose_en, legal_basis, retention_days, created_at
FROM processing_purposes;
