//! What may be done with a report, and when.

use super::model::{Report, ReportState};
use crate::clock;
use crate::error::{AppError, ErrorCode, Message, message};
use crate::ids::OrgUnitId;
use chrono::{DateTime, Utc};

/// A step of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    AdoptForm,
    Delete,
    Submit,
    Return,
    Accept,
    Lock,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::AdoptForm => "adopt_form",
            Self::Delete => "delete",
            Self::Submit => "submit",
            Self::Return => "return",
            Self::Accept => "accept",
            Self::Lock => "lock",
        }
    }

    /// The states from which the step is possible.
    fn from(self) -> &'static [ReportState] {
        use ReportState::{Accepted, Draft, Returned, Submitted};
        match self {
            Self::Change | Self::AdoptForm | Self::Submit => &[Draft, Returned],
            Self::Delete => &[Draft],
            Self::Return | Self::Accept => &[Submitted],
            Self::Lock => &[Accepted],
        }
    }
}

/// 409 unless the report's state allows the step.
pub fn check_step(report: &Report, step: Step) -> Result<(), AppError> {
    if report.locked_at.is_some() {
        return Err(AppError::invalid_transition("locked", step.name()));
    }
    if step.from().contains(&report.state) { Ok(()) } else { Err(AppError::invalid_transition(report.state.as_str(), step.name())) }
}

/// 403 when a body would decide on its own report.
pub fn check_not_own(report: &Report, actors_unit: OrgUnitId) -> Result<(), AppError> {
    if report.org_unit_id != actors_unit {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::Forbidden).because(message(
        "Không ai tự trả lại hoặc chấp nhận báo cáo của chính đơn vị mình.",
        "Nobody returns or accepts the report of their own unit.",
    )))
}

/// 403 when a person would accept what they submitted themselves, for whichever body.
pub fn check_not_submitter(is_submitter: bool) -> Result<(), AppError> {
    if !is_submitter {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::Forbidden)
        .because(message("Người đã nộp báo cáo không được tự chấp nhận báo cáo đó.", "Whoever submitted a report does not accept it.")))
}

/// Marks a report submitted at `now`. Whether it is late is settled by its first submission (R2): what was in time
/// stays in time, however often it is returned. The answer is whether this one submission came after the limit.
pub fn submit(report: &mut Report, now: DateTime<Utc>, due_before: DateTime<Utc>) -> bool {
    let is_late = clock::is_late(now, due_before);
    report.first_submitted_at.get_or_insert(now);
    report.is_late.get_or_insert(is_late);
    report.is_nil = Some(report.figures.is_nil());
    report.submitted_at = Some(now);
    report.state = ReportState::Submitted;
    is_late
}

/// What a report is told that follows a form which is no longer current.
pub fn newer_form() -> Message {
    message(
        "Đã công bố mẫu báo cáo mới hơn; báo cáo này vẫn theo mẫu cũ cho đến khi chuyển sang mẫu mới (adopt-form).",
        "A newer report form has been published; this report follows the older one until it adopts the new one (adopt-form).",
    )
}

/// R2: what a late report is told.
pub fn late_message(due_before: DateTime<Utc>) -> Message {
    let limit = clock::local_text(due_before);
    message(
        format!("Báo cáo nộp sau thời hạn (trước {limit}); vẫn được nhận và ghi là trễ hạn."),
        format!("The report came after its limit (before {limit}, time of Viet Nam); it is kept, and marked late."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CampaignId, ReportFormId, ReportId, ReportObligationId};
    use crate::reports::figures::Figures;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn draft() -> Report {
        Report {
            campaign_id: CampaignId::new(),
            id: ReportId::new(),
            obligation_id: ReportObligationId::new(),
            org_unit_id: OrgUnitId::new(),
            state: ReportState::Draft,
            figures: Figures::default(),
            narrative: None,
            return_comment: None,
            first_submitted_at: None,
            submitted_at: None,
            is_late: None,
            returned_at: None,
            accepted_at: None,
            version: 1,
            created_at: at("2023-08-01T08:00:00+07:00"),
            updated_at: at("2023-08-01T08:00:00+07:00"),
            form_id: ReportFormId::new(),
            coverage: crate::reports::prefill::model::ReportCoverage::Own,
            is_nil: None,
            return_comments: Default::default(),
            locked_at: None,
        }
    }

    #[test]
    fn the_last_millisecond_of_19_august_is_in_time_and_the_first_instant_of_20_august_is_late() {
        let due = at("2023-08-20T00:00:00+07:00");
        let (mut in_time, mut late) = (draft(), draft());
        assert!(!submit(&mut in_time, at("2023-08-19T23:59:59.999+07:00"), due));
        assert!(submit(&mut late, at("2023-08-20T00:00:00+07:00"), due));
        assert_eq!((in_time.is_late, late.is_late), (Some(false), Some(true)));
    }

    #[test]
    fn a_report_submitted_in_time_stays_in_time_when_it_is_submitted_again_after_the_limit() {
        let due = at("2023-08-20T00:00:00+07:00");
        let mut report = draft();
        submit(&mut report, at("2023-08-19T10:00:00+07:00"), due);
        report.state = ReportState::Returned;
        assert!(submit(&mut report, at("2023-08-22T10:00:00+07:00"), due), "this one submission came after the limit");
        assert_eq!(report.is_late, Some(false));
        assert_eq!(report.first_submitted_at, Some(at("2023-08-19T10:00:00+07:00")));
    }
}
