//! What may be done in a campaign, and when.

use super::model::{Campaign, CampaignState};
use crate::clock::local_date;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::labels;
use chrono::{DateTime, Utc};

/// A step of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Delete,
    Issue,
    Start,
    OpenReporting,
    Close,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Issue => "issue",
            Self::Start => "start",
            Self::OpenReporting => "open-reporting",
            Self::Close => "close",
        }
    }

    /// The states from which the step is possible.
    fn from(self) -> &'static [CampaignState] {
        use CampaignState::{Draft, Issued, Reporting, Running};
        match self {
            Self::Change => &[Draft, Issued, Running, Reporting],
            Self::Delete | Self::Issue => &[Draft],
            Self::Start => &[Issued],
            Self::OpenReporting => &[Running],
            Self::Close => &[Reporting],
        }
    }
}

/// 409 unless the campaign's state allows the step.
pub fn check_step(campaign: &Campaign, step: Step) -> Result<(), AppError> {
    let is_possible = step.from().contains(&campaign.state);
    if is_possible { Ok(()) } else { Err(AppError::invalid_transition(campaign.state.as_str(), step.name())) }
}

/// 409 once the campaign is closed.
pub fn check_open(campaign: &Campaign) -> Result<(), AppError> {
    if Step::Change.from().contains(&campaign.state) { Ok(()) } else { Err(not_open(campaign.state)) }
}

/// 409: what belongs to a campaign in this state is final.
pub fn not_open(state: CampaignState) -> AppError {
    AppError::new(ErrorCode::InvalidTransition).because(message(
        format!("Đợt Ngày hội đang ở trạng thái “{}”: dữ liệu và số liệu của đợt đã chốt.", labels::vi(state.as_str())),
        format!("The campaign is “{state}”: what belongs to it and its figures are final."),
    ))
}

/// 422 unless the window ends on or after its first day, and the report limit comes after that day; both at once.
pub fn check_dates(campaign: &Campaign) -> Result<(), AppError> {
    let bad = bad_dates(campaign);
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

fn bad_dates(campaign: &Campaign) -> Vec<FieldError> {
    let mut bad = Vec::new();
    if campaign.event_to < campaign.event_from {
        let text = message("Ngày cuối phải không sớm hơn ngày đầu.", "The last day must not come before the first.");
        bad.push(FieldError::new("/event_to", "window_reversed", text));
    }
    if campaign.report_due_before <= campaign.event_from {
        let text =
            message("Thời hạn báo cáo phải sau ngày đầu của Ngày hội.", "The report limit must come after the first day of the window.");
        bad.push(FieldError::new("/report_due_before", "limit_before_window", text));
    }
    bad
}

/// What has been recorded under a campaign's parameters.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// Begin of the earliest site or activity that may not come before the window.
    pub first_start: Option<DateTime<Utc>>,
    /// End of the latest site or activity that may not come after it.
    pub last_end: Option<DateTime<Utc>>,
    /// Provincial pilot sites.
    pub selected_count: i64,
    /// Whether a report would be late, or in time, other than it was judged when it came.
    pub changes_verdict: bool,
}

/// 422 with each changed parameter that is out of order or contradicts what is recorded.
pub fn check_parameters(before: &Campaign, after: &Campaign, recorded: &Recorded) -> Result<(), AppError> {
    let mut bad = bad_dates(after);
    let mut refuse = |pointer: &'static str, vi: &'static str, en: &'static str| {
        bad.push(FieldError::new(pointer, "contradicts_recorded", message(vi, en)));
    };
    if after.event_from != before.event_from && recorded.first_start.is_some_and(|at| local_date(at) < after.event_from) {
        refuse(
            "/event_from",
            "Đã có địa bàn hoặc hoạt động được xếp lịch trước ngày này.",
            "A site or an activity is scheduled before this day.",
        );
    }
    if after.event_to != before.event_to && recorded.last_end.is_some_and(|at| local_date(at) > after.event_to) {
        refuse(
            "/event_to",
            "Đã có địa bàn hoặc hoạt động được xếp lịch sau ngày này.",
            "A site or an activity is scheduled after this day.",
        );
    }
    if after.report_due_before != before.report_due_before && recorded.changes_verdict {
        refuse(
            "/report_due_before",
            "Đã có báo cáo được xác định đúng hạn hoặc trễ hạn theo thời hạn cũ.",
            "A report has been judged in time or late by the limit so far.",
        );
    }
    if i64::from(after.provincial_pilot_count) < recorded.selected_count {
        refuse("/provincial_pilot_count", "Tỉnh đã chọn nhiều điểm hơn số này.", "The province has selected more sites than this.");
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CampaignId, OrgUnitId};

    fn campaign() -> Campaign {
        let day = |text: &str| text.parse().unwrap();
        let at = "2023-03-24T00:00:00+07:00".parse().unwrap();
        Campaign {
            id: CampaignId::new(),
            org_unit_id: OrgUnitId::new(),
            admin_unit_id: None,
            name: "Ngày hội".to_owned(),
            year: 2023,
            state: CampaignState::Issued,
            event_from: day("2023-07-01"),
            event_to: day("2023-08-19"),
            report_due_before: day("2023-08-20"),
            provincial_pilot_count: 2,
            min_district_nominations: 1,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn parameters_cannot_contradict_what_is_recorded_and_all_are_named() {
        let recorded = Recorded {
            first_start: Some("2023-07-01T00:00:00+07:00".parse().unwrap()),
            last_end: Some("2023-08-19T23:59:00+07:00".parse().unwrap()),
            selected_count: 2,
            changes_verdict: true,
        };
        let before = campaign();
        assert_eq!(check_parameters(&before, &before, &recorded), Ok(()));
        let after = Campaign {
            event_from: "2023-07-02".parse().unwrap(),
            event_to: "2023-08-18".parse().unwrap(),
            report_due_before: "2023-08-21".parse().unwrap(),
            provincial_pilot_count: 1,
            ..campaign()
        };
        let pointers: Vec<_> =
            check_parameters(&before, &after, &recorded).unwrap_err().errors.into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/event_from", "/event_to", "/report_due_before", "/provincial_pilot_count"]);
    }

    #[test]
    fn each_state_has_one_way_on_and_closed_has_none() {
        let allowed = |state| {
            let campaign = Campaign { state, ..campaign() };
            [Step::Issue, Step::Start, Step::OpenReporting, Step::Close]
                .into_iter()
                .filter(|step| check_step(&campaign, *step).is_ok())
                .count()
        };
        assert_eq!(CampaignState::ALL.iter().map(|state| allowed(*state)).collect::<Vec<_>>(), [1, 1, 1, 1, 0]);
    }
}
