//! Everything that can go wrong, in one table: code, status, title in Vietnamese and English.
//!
//! Codes are stable; wording may change. No text of the driver, of serde or of a path ever leaves the service.

use crate::labels;
use crate::text::TextError;
use actix_web::http::StatusCode;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use std::borrow::Cow;

/// A sentence in the two languages of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Vietnamese, the default.
    pub vi: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

/// A message from two sentences.
pub fn message(vi: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Message {
    Message { vi: vi.into(), en: en.into() }
}

/// The language of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl Message {
    /// The sentence in one language.
    pub fn in_language(&self, language: Language) -> String {
        match language {
            Language::Vi => self.vi.clone().into_owned(),
            Language::En => self.en.clone().into_owned(),
        }
    }
}

/// One bad field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, or `?name` for a query parameter.
    pub pointer: String,
    /// Stable code of the rule that was broken.
    pub code: Cow<'static, str>,
    /// What is wrong with it.
    pub message: Message,
}

impl FieldError {
    /// A bad field.
    pub fn new(pointer: impl Into<String>, code: impl Into<Cow<'static, str>>, message: Message) -> Self {
        Self { pointer: pointer.into(), code: code.into(), message }
    }

    /// An id that names nothing the caller can see; the same whether it exists elsewhere or not.
    pub fn unknown_reference(pointer: impl Into<String>) -> Self {
        Self::new(
            pointer,
            "unknown_reference",
            message("Không có đối tượng nào như vậy trong phạm vi của bạn.", "There is no such object in your scope."),
        )
    }
}

/// The rule of the plan that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRef {
    /// Rule of the plan, such as `R3`.
    pub rule_id: String,
    /// Clause of the plan, such as `II.2.2.1`.
    pub clause: String,
}

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $status:literal $code:literal $vi:literal / $en:literal;)+) => {
        /// Every error the API can answer with.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $(#[doc = $en] $(#[$doc])* $variant,)+
        }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable text of the code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The HTTP status.
            pub fn status(self) -> StatusCode {
                let number: u16 = match self { $(Self::$variant => $status,)+ };
                StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            /// The title.
            pub fn title(self) -> Message {
                match self { $(Self::$variant => message($vi, $en),)+ }
            }
        }
    };
}

error_codes! {
    MalformedBody = 400 "malformed_body" "Nội dung không phải JSON hợp lệ" / "The body is not valid JSON";
    InvalidParameter = 400 "invalid_parameter" "Tham số không hợp lệ" / "Invalid parameter";
    CursorInvalid = 400 "cursor_invalid" "Con trỏ trang không hợp lệ" / "Invalid cursor";
    Unauthenticated = 401 "unauthenticated" "Chưa đăng nhập hoặc phiên đã hết" / "Not signed in, or the session has ended";
    InvalidCredentials = 401 "invalid_credentials" "Sai tên đăng nhập hoặc mật khẩu" / "Wrong user name or password";
    Forbidden = 403 "forbidden" "Vai trò của bạn không có quyền này" / "Your role may not do this";
    NotFound = 404 "not_found" "Không tìm thấy" / "Not found";
    MethodNotAllowed = 405 "method_not_allowed" "Phương thức không được hỗ trợ" / "Method not allowed";
    NotAcceptable = 406 "not_acceptable" "Không có dạng nội dung được yêu cầu" / "No acceptable representation";
    RequestTimeout = 408 "request_timeout" "Yêu cầu gửi quá chậm" / "The request came too slowly";
    InvalidTransition = 409 "invalid_transition" "Trạng thái hiện tại không cho phép" / "The current state does not allow this";
    Duplicate = 409 "duplicate" "Đã có đối tượng như vậy" / "Such an object exists already";
    InUse = 409 "in_use" "Đối tượng đang được dùng" / "The object is in use";
    QuotaReached = 409 "quota_reached" "Đã đủ số lượng theo kế hoạch" / "The plan's quota is reached";
    SiteFull = 409 "site_full" "Địa bàn đã hết chỗ" / "The site has no seat left";
    DelegateClash = 409 "delegate_clash" "Đại biểu đã được phân công nơi khác cùng giờ" / "The delegate is assigned elsewhere at the same time";
    IdempotencyRunning = 409 "idempotency_running" "Yêu cầu cùng khóa đang được xử lý" / "A request with this key is still running";
    CountDiffers = 409 "count_differs" "Số lượng thực tế khác với số đã xác nhận" / "The actual count differs from the one confirmed";
    PreconditionFailed = 412 "precondition_failed" "Dữ liệu đã được người khác sửa" / "The object has been changed since you read it";
    PayloadTooLarge = 413 "payload_too_large" "Nội dung quá lớn" / "The body is too large";
    UnsupportedMediaType = 415 "unsupported_media_type" "Kiểu nội dung không được hỗ trợ" / "Unsupported media type";
    ValidationFailed = 422 "validation_failed" "Dữ liệu không hợp lệ" / "The data are not valid";
    RuleViolated = 422 "rule_violated" "Trái quy định của kế hoạch" / "A rule of the plan is violated";
    IdempotencyKeyReused = 422 "idempotency_key_reused" "Khóa đã dùng cho nội dung khác" / "The key was used with another body";
    PreconditionRequired = 428 "precondition_required" "Cần tiêu đề If-Match" / "The If-Match header is required";
    TooManyRequests = 429 "too_many_requests" "Quá nhiều yêu cầu" / "Too many requests";
    Internal = 500 "internal" "Lỗi trong dịch vụ" / "Internal error";
    AttachmentDamaged = 500 "attachment_damaged" "Tệp đính kèm bị mất hoặc bị hỏng trong kho" / "The attachment is lost or damaged in the store";
    DatabaseUnavailable = 503 "database_unavailable" "Cơ sở dữ liệu tạm thời không sẵn sàng" / "The database is not available at the moment";
    StorageUnavailable = 503 "storage_unavailable" "Kho tệp tạm thời không sẵn sàng" / "The store of files is not available at the moment";
    Overloaded = 503 "overloaded" "Dịch vụ đang quá tải" / "The service is overloaded";
}

/// An error on its way to a problem document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppError {
    /// Which error.
    pub code: ErrorCode,
    /// What happened this time.
    pub detail: Option<Message>,
    /// Bad fields, all at once.
    pub errors: Vec<FieldError>,
    /// How many there really are, where a count was confirmed that differs.
    pub actual_count: Option<i64>,
    /// The rule of the plan, where one was the reason.
    pub rule: Option<Box<RuleRef>>,
    /// Seconds after which to try again.
    pub retry_after: Option<u64>,
    /// What the database said, where that decides what is done next. Never shown.
    pub fault: Option<DatabaseFault>,
}

/// What became of a statement that another attempt may bring through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseFault {
    /// Two transactions met (40001, 40P01): the same work may pass when it is run again.
    Conflict,
    /// It took longer than its connection allows (57014): it may pass where more time is given.
    CutOff,
}

impl AppError {
    /// An error with nothing to add to its title.
    pub fn new(code: ErrorCode) -> Self {
        Self { code, detail: None, errors: Vec::new(), actual_count: None, rule: None, retry_after: None, fault: None }
    }

    /// The row does not exist, or not for this caller.
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound)
    }

    /// 422 with its bad fields.
    pub fn validation(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(ErrorCode::ValidationFailed) }
    }

    /// 422 for one bad field.
    pub fn field(error: FieldError) -> Self {
        Self::validation(vec![error])
    }

    /// 409: the state does not allow the step.
    pub fn invalid_transition(state: &str, step: &str) -> Self {
        Self::new(ErrorCode::InvalidTransition).because(message(
            format!("Không thể {} khi đang ở trạng thái “{}”.", labels::vi(step), labels::vi(state)),
            format!("The step “{step}” is not possible from the state “{state}”."),
        ))
    }

    /// 422 at `pointer` in place of 404: what was not found is what the request names. Other errors stay as they are.
    pub fn into_unknown_reference(self, pointer: impl Into<String>) -> Self {
        if self.code == ErrorCode::NotFound { Self::field(FieldError::unknown_reference(pointer)) } else { self }
    }

    /// The same about a query: there what is not valid is 400, not 422; other errors stay as they are.
    pub fn in_query(self) -> Self {
        let code = if self.code == ErrorCode::ValidationFailed { ErrorCode::InvalidParameter } else { self.code };
        Self { code, ..self }
    }

    /// Adds what happened.
    pub fn because(mut self, detail: Message) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Adds a bad field.
    pub fn with_field(mut self, error: FieldError) -> Self {
        self.errors.push(error);
        self
    }

    /// Adds the rule of the plan.
    pub fn under_rule(mut self, rule: Option<RuleRef>) -> Self {
        self.rule = rule.map(Box::new);
        self
    }

    /// Adds when to try again.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// An error that is ours: logged, and answered without its text.
    pub fn internal(what: impl std::fmt::Display) -> Self {
        log::error!(error = what.to_string().as_str(); "internal error");
        Self::new(ErrorCode::Internal)
    }

    /// Whether the connection is gone: the same request may be run again over another.
    pub fn is_database_away(&self) -> bool {
        self.code == ErrorCode::DatabaseUnavailable
    }

    /// Whether the transaction met another one: it may be run again at once.
    pub fn is_conflict(&self) -> bool {
        self.fault == Some(DatabaseFault::Conflict)
    }

    /// Whether a statement ran into the time limit of its connection.
    pub fn is_cut_off(&self) -> bool {
        self.fault == Some(DatabaseFault::CutOff)
    }

    fn overloaded(fault: Option<DatabaseFault>) -> Self {
        Self { fault, ..Self::new(ErrorCode::Overloaded).retry_after(1) }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code.code())
    }
}

impl std::error::Error for AppError {}

impl From<TextError> for AppError {
    fn from(error: TextError) -> Self {
        Self::new(ErrorCode::InvalidParameter).because(text_message(error))
    }
}

/// What is wrong with a text.
pub fn text_message(error: TextError) -> Message {
    match error {
        TextError::Empty => message("Không được để trống.", "It must not be empty."),
        TextError::TooLong(max) => {
            message(format!("Không được dài quá {max} ký tự."), format!("It must not be longer than {max} characters."))
        }
        TextError::Control => message("Không được chứa ký tự điều khiển.", "It must not contain control characters."),
    }
}

/// What each named constraint means to the caller: the pointer of the field and the code.
/// Constraints that no request can break are not listed; breaking one is an internal error.
fn constraint(name: &str) -> Option<(ErrorCode, &'static str, Message)> {
    let taken = |pointer, vi: &'static str, en: &'static str| Some((ErrorCode::Duplicate, pointer, message(vi, en)));
    match name {
        "users_username_key" => taken("/username", "Tên đăng nhập đã có người dùng.", "The user name is taken."),
        "api_clients_org_unit_name_key" => {
            taken("/name", "Đơn vị đã có tài khoản máy cùng tên.", "The unit has a machine account of this name.")
        }
        "webhooks_url_key" => {
            taken("/url", "Tài khoản máy này đã có webhook tới địa chỉ đó.", "The machine account has a webhook to that URL already.")
        }
        "org_units_parent_name_key" => {
            taken("/name", "Đã có đơn vị cùng tên trực thuộc đơn vị này.", "A unit of this name exists under the same parent.")
        }
        "campaigns_org_unit_year_key" => taken("/year", "Đơn vị đã có đợt Ngày hội của năm này.", "The unit has a campaign of this year."),
        "plans_number_key" => taken("/number", "Số văn bản đã được dùng trong năm.", "The document number has been used this year."),
        "sites_name_key" => {
            taken("/name", "Đơn vị đã có địa bàn cùng tên trong đợt này.", "The unit has a site of this name in the campaign.")
        }
        "devices_name_key" => {
            taken("/name", "Đơn vị đã có thiết bị cùng tên trong đợt này.", "The unit has a device of this name in the campaign.")
        }
        "checklist_items_code_key" => taken("/code", "Đợt này đã có mục cùng mã.", "The campaign has an item of this code."),
        "reminder_stages_code_key" => taken("/code", "Đợt này đã có mốc nhắc cùng mã.", "The campaign has a stage of this code."),
        "activity_kinds_code_key" => taken("/code", "Đợt này đã có loại hoạt động cùng mã.", "The campaign has a kind of this code."),
        "report_obligations_org_unit_key" => {
            taken("/org_unit_id", "Đơn vị đã có nghĩa vụ báo cáo trong đợt này.", "The unit has a report obligation in this campaign.")
        }
        "delegates_place_key" => {
            taken("/full_name", "Đại biểu này đã được phân công dự địa bàn.", "This delegate is assigned to the site already.")
        }
        "delegates_head_key" => {
            taken("/delegate_role", "Đoàn dự địa bàn này đã có trưởng đoàn.", "The delegation to this site has its head already.")
        }
        "duties_rule_key" => {
            taken("/org_unit_id", "Đơn vị đã được giao nhiệm vụ theo quy định này.", "The body has the duty of this rule.")
        }
        "head_counts_supersedes_key" => taken("/supersedes_id", "Lần đếm này đã được sửa.", "The count has been put right already."),
        "participant_distinctions_pair_key" => {
            taken("/other_participant_id", "Đã xác nhận đây là hai khách khác nhau.", "The two have been told apart already.")
        }
        "consolidation_settlements_key" => taken("/kind", "Phát hiện này đã có kết luận.", "The finding is settled."),
        "model_replications_place_key" => taken("/org_unit_id", "Đơn vị này đã nhân rộng mô hình.", "The body has taken the model over."),
        "reports_obligation_key" => taken("/obligation_id", "Nghĩa vụ này đã có báo cáo.", "The obligation has a report."),
        _ => None,
    }
}

/// Diesel does not hand out the SQLSTATE of 40P01, 55P03, 57014, 08xxx and 57P0x, so they are told by their texts;
/// lc_messages is set to C on our connections.
impl From<DieselError> for AppError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::not_found(),
            DieselError::DatabaseError(kind, info) => {
                let name = info.constraint_name().unwrap_or_default();
                match (kind, constraint(name)) {
                    (DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::CheckViolation, Some((code, pointer, text))) => {
                        Self::new(code).with_field(FieldError::new(pointer, "duplicate", text))
                    }
                    // What a body names was found before; it has gone meanwhile.
                    (DatabaseErrorKind::ForeignKeyViolation, _) if info.message().starts_with("insert or update") => {
                        Self::new(ErrorCode::ValidationFailed).because(message(
                            "Một đối tượng được nêu không còn tồn tại.",
                            "An object that the request names is not there any more.",
                        ))
                    }
                    (DatabaseErrorKind::ForeignKeyViolation, _) => Self::new(ErrorCode::InUse)
                        .because(message("Có dữ liệu khác đang gắn với đối tượng này.", "Other data refer to this object.")),
                    (DatabaseErrorKind::SerializationFailure, _) => Self::overloaded(Some(DatabaseFault::Conflict)),
                    (DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _) => database_away(),
                    _ if info.message().contains("deadlock detected") => Self::overloaded(Some(DatabaseFault::Conflict)),
                    _ if info.message().contains("due to statement timeout") => Self::overloaded(Some(DatabaseFault::CutOff)),
                    _ if info.message().contains("due to lock timeout") => Self::overloaded(None),
                    _ if is_away(info.message()) => database_away(),
                    _ => Self::internal(format!("{kind:?} {name} {}", info.message())),
                }
            }
            other if is_away(&other.to_string()) => database_away(),
            other => Self::internal(other),
        }
    }
}

/// 503: the database cannot be reached.
pub fn database_away() -> AppError {
    AppError::new(ErrorCode::DatabaseUnavailable).retry_after(2)
}

/// 08xxx and 57P0x, and a socket that closed.
fn is_away(text: &str) -> bool {
    [
        "connection closed",
        "terminating connection",
        "the database system is",
        "error communicating with the server",
        "server closed the connection",
        "broken pipe",
    ]
    .iter()
    .any(|part| text.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_foreign_key_says_which_side_is_missing() {
        let broken = |text: &str| {
            let error = DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, Box::new(text.to_owned()));
            AppError::from(error).code
        };
        let inserted = "insert or update on table \"sites\" violates foreign key constraint \"sites_org_unit_fkey\"";
        let deleted = "update or delete on table \"org_units\" violates foreign key constraint \"sites_org_unit_fkey\" on table \"sites\"";
        assert_eq!((broken(inserted), broken(deleted)), (ErrorCode::ValidationFailed, ErrorCode::InUse));
    }
}
