//! What may be done with a report, when, and what its figures must agree on.

use super::figures::{Figure, FigureForm, Figures, FiguresIn, FiguresPatch};
use super::indicators::Indicator;
use super::model::{Report, ReportState};
use crate::clock;
use crate::error::{AppError, ErrorCode, FieldError, Message, message};
use crate::ids::OrgUnitId;
use chrono::{DateTime, Utc};

/// A step of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Delete,
    Submit,
    Return,
    Accept,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Submit => "submit",
            Self::Return => "return",
            Self::Accept => "accept",
        }
    }

    /// The states from which the step is possible.
    fn from(self) -> &'static [ReportState] {
        use ReportState::{Draft, Returned, Submitted};
        match self {
            Self::Change | Self::Submit => &[Draft, Returned],
            Self::Delete => &[Draft],
            Self::Return | Self::Accept => &[Submitted],
        }
    }
}

/// 409 unless the report's state allows the step.
pub fn check_step(report: &Report, step: Step) -> Result<(), AppError> {
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

/// Marks a report submitted at `now`. Whether it is late is settled by its first submission (R2): what was in time
/// stays in time, however often it is returned. The answer is whether this one submission came after the limit.
pub fn submit(report: &mut Report, now: DateTime<Utc>, due_before: DateTime<Utc>) -> bool {
    let is_late = clock::is_late(now, due_before);
    report.first_submitted_at.get_or_insert(now);
    report.is_late.get_or_insert(is_late);
    report.submitted_at = Some(now);
    report.state = ReportState::Submitted;
    is_late
}

/// R2: what a late report is told.
pub fn late_message(due_before: DateTime<Utc>) -> Message {
    let limit = clock::local_text(due_before);
    message(
        format!("Báo cáo nộp sau thời hạn (trước {limit}); vẫn được nhận và ghi là trễ hạn."),
        format!("The report came after its limit (before {limit}, time of Viet Nam); it is kept, and marked late."),
    )
}

/// The figures of a new report, or all that is wrong with them.
pub fn parse_figures(given: FiguresIn) -> Result<Figures, AppError> {
    merge_figures(Figures::default(), FiguresPatch(given.0.into_iter().map(|(indicator, form)| (indicator, Some(form))).collect()))
}

/// Figures with changes, or all that is wrong with them.
pub fn merge_figures(mut figures: Figures, changes: FiguresPatch) -> Result<Figures, AppError> {
    let mut errors = Vec::new();
    for (indicator, form) in changes.0 {
        match form.map(Figure::try_from) {
            None => {
                figures.0.remove(&indicator);
            }
            Some(Ok(figure)) => {
                figures.0.insert(indicator, figure);
            }
            Some(Err(_)) => errors.push(unclear(indicator, form.unwrap_or_default())),
        }
    }
    errors.extend(disagreement(&figures));
    if errors.is_empty() { Ok(figures) } else { Err(AppError::validation(errors)) }
}

fn unclear(indicator: Indicator, form: FigureForm) -> FieldError {
    if form.value.is_some() && form.basis.is_none() && form.is_nil != Some(true) {
        let text = message("Cần ghi rõ số đếm được hay ước tính.", "Say whether the value was counted or estimated.");
        return FieldError::new(format!("{}/basis", indicator.pointer()), "required", text);
    }
    FieldError::new(
        indicator.pointer(),
        "value_or_nil",
        message(
            "Cần đúng một trong hai: giá trị (value, basis) hoặc khai không có (is_nil: true).",
            "Give one of the two: a value with its basis, or is_nil: true.",
        ),
    )
}

/// No more opinions are answered than were received; an indicator about which nothing is said is not compared.
fn disagreement(figures: &Figures) -> Option<FieldError> {
    exceeds(figures, Indicator::OpinionsAnswered, Indicator::OpinionsReceived).then(|| {
        FieldError::new(
            Indicator::OpinionsAnswered.pointer(),
            "more_than_received",
            message("Số ý kiến đã trả lời lớn hơn số tiếp nhận.", "More opinions are answered than were received."),
        )
    })
}

/// Whether `part` is larger than `whole`, where both are given; a nil return is none.
fn exceeds(figures: &Figures, part: Indicator, whole: Indicator) -> bool {
    let number = |indicator| figures.get(indicator).map(|figure| figure.value().unwrap_or(0));
    number(part).zip(number(whole)).is_some_and(|(part, whole)| part > whole)
}

/// 422 naming the indicators without which a report cannot be submitted.
pub fn check_complete(figures: &Figures) -> Result<(), AppError> {
    let missing: Vec<FieldError> = Indicator::ALL
        .iter()
        .filter(|indicator| indicator.is_required() && figures.get(**indicator).is_none())
        .map(|indicator| {
            let name = indicator.name();
            let text = message(
                format!("Chưa có “{}”: ghi giá trị hoặc khai không có.", name.vi),
                format!("“{}” is missing: give a value or a nil return.", name.en),
            );
            FieldError::new(indicator.pointer(), "required", text)
        })
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(AppError::validation(missing)) }
}

/// What looks odd in figures and is not refused: code and message.
pub fn oddities(figures: &Figures) -> Vec<(&'static str, Message)> {
    let mut odd = Vec::new();
    if exceeds(figures, Indicator::PilotSitesHeld, Indicator::SitesHeld) {
        let text = message("Số điểm chỉ đạo lớn hơn số điểm tổ chức.", "There are more pilot sites than sites.");
        odd.push(("pilot_sites_exceed_sites", text));
    }
    let has_none = |indicator| figures.get(indicator).is_some_and(|figure| figure.value().unwrap_or(0) == 0);
    let has_some = |indicator| figures.get(indicator).and_then(Figure::value).is_some_and(|value| value > 0);
    if has_some(Indicator::AttendanceCount) && has_none(Indicator::SitesHeld) {
        odd.push(("attendance_without_site", message("Có lượt người dự nhưng không có điểm nào.", "There are attendances but no site.")));
    }
    if has_some(Indicator::GiftsValueVnd) && has_none(Indicator::GiftsCount) {
        odd.push(("gift_value_without_gift", message("Có trị giá quà nhưng không có suất quà.", "Gifts have a value but there are none.")));
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CampaignId, ReportId, ReportObligationId};
    use serde_json::json;

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
        }
    }

    fn patch(value: serde_json::Value) -> FiguresPatch {
        serde_json::from_value(value).unwrap()
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

    #[test]
    fn a_patch_replaces_what_it_names_takes_out_what_is_null_and_keeps_the_rest() {
        let figures = merge_figures(
            Figures::default(),
            patch(json!({"sites_held": {"value": 3, "basis": "counted"}, "leaflets": {"value": 9, "basis": "estimated"}})),
        );
        let figures = merge_figures(figures.unwrap(), patch(json!({"sites_held": {"is_nil": true}, "leaflets": null}))).unwrap();
        assert_eq!(serde_json::to_value(figures).unwrap(), json!({"sites_held": {"is_nil": true}}));
    }

    #[test]
    fn all_unclear_figures_are_named_at_once() {
        let errors = merge_figures(
            Figures::default(),
            patch(json!({
                "sites_held": {"value": 3}, "banners": {}, "opinions_received": {"is_nil": true},
                "opinions_answered": {"value": 1, "basis": "counted"}
            })),
        )
        .unwrap_err()
        .errors;
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/figures/sites_held/basis", "/figures/banners", "/figures/opinions_answered"]);
    }

    #[test]
    fn a_nil_return_is_enough_to_submit_and_nothing_said_is_not() {
        let figures = merge_figures(Figures::default(), patch(json!({"sites_held": {"is_nil": true}}))).unwrap();
        let missing = check_complete(&figures).unwrap_err().errors;
        assert_eq!(missing.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(), ["/figures/attendance_count"]);
    }
}
