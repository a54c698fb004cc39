//! What may be done with a site, and when.

use super::dto::PriorityReason;
use super::model::{PilotLevel, Site, SiteState};
use crate::campaigns::model::Campaign;
use crate::clock::{self, vi_date};
use crate::error::{AppError, ErrorCode, FieldError, Message, message};
use chrono::{DateTime, Utc};

/// A step of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Delete,
    Nominate,
    Shortlist,
    Select,
    Decline,
    Withdraw,
    Schedule,
    Hold,
    Close,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Nominate => "nominate",
            Self::Shortlist => "shortlist",
            Self::Select => "select",
            Self::Decline => "decline",
            Self::Withdraw => "withdraw",
            Self::Schedule => "schedule",
            Self::Hold => "hold",
            Self::Close => "close",
        }
    }

    /// What was done, for the history and the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Change => "updated",
            Self::Delete => "deleted",
            Self::Nominate => "nominated",
            Self::Shortlist => "shortlisted",
            Self::Select => "selected",
            Self::Decline => "declined",
            Self::Withdraw => "withdrawn",
            Self::Schedule => "scheduled",
            Self::Hold => "held",
            Self::Close => "closed",
        }
    }

    /// The states from which the step is possible.
    fn from(self) -> &'static [SiteState] {
        use SiteState::{Draft, Held, Nominated, NotSelected, Scheduled, Selected, Shortlisted};
        match self {
            Self::Change => &[Draft, Nominated, Shortlisted, Selected, NotSelected, Scheduled],
            Self::Delete | Self::Nominate => &[Draft],
            Self::Shortlist => &[Nominated],
            // S114: the plan does not say that the two must be nominated; one that is not gets a warning.
            Self::Select => &[Draft, Nominated, Shortlisted, NotSelected],
            Self::Decline => &[Nominated, Shortlisted],
            Self::Withdraw => &[Nominated, Shortlisted, Selected, Scheduled],
            // Scheduled again: the time is moved.
            Self::Schedule => &[Draft, Selected, NotSelected, Scheduled],
            Self::Hold => &[Scheduled],
            Self::Close => &[Held],
        }
    }
}

/// 409 unless the site's state allows the step.
pub fn check_step(site: &Site, step: Step) -> Result<(), AppError> {
    if step.from().contains(&site.state) { Ok(()) } else { Err(AppError::invalid_transition(site.state.as_str(), step.name())) }
}

/// 422 unless latitude and longitude are both there or both missing.
pub fn check_point(site: &Site) -> Result<(), AppError> {
    if site.lat.is_some() == site.lon.is_some() {
        return Ok(());
    }
    let text = message("Cần cả vĩ độ và kinh độ.", "Latitude and longitude go together.");
    Err(AppError::field(FieldError::new("/lat", "point_incomplete", text)))
}

/// 409 for a withdrawal of what was neither nominated nor selected, and of a festival that has begun.
pub fn check_withdrawable(site: &Site, now: DateTime<Utc>) -> Result<(), AppError> {
    if site.state == SiteState::Scheduled && site.pilot_level != PilotLevel::Province {
        return Err(AppError::invalid_transition(site.state.as_str(), Step::Withdraw.name())
            .because(message("Địa bàn này không do tỉnh chọn.", "The province has not selected this site.")));
    }
    if site.starts_at.is_some_and(|starts_at| starts_at <= now) {
        return Err(AppError::invalid_transition(site.state.as_str(), Step::Withdraw.name())
            .because(message("Ngày hội ở địa bàn này đã bắt đầu.", "The festival at this site has begun.")));
    }
    Ok(())
}

/// 422 for the reason “other” without words (R8: the plan leaves the list open).
pub fn check_priority(site: &Site) -> Result<(), AppError> {
    if site.priority_note.is_some() || !site.priority_reasons.iter().any(|reason| reason == PriorityReason::Other.as_str()) {
        return Ok(());
    }
    let text = message("Nêu rõ lý do ưu tiên khác.", "Say in words what the other reason for priority is.");
    Err(AppError::field(FieldError::new("/priority_note", "required", text)))
}

/// 409 when more guests have accepted than the site has seats.
pub fn check_capacity(site: &Site, accepted: i32) -> Result<(), AppError> {
    match site.capacity {
        Some(capacity) if accepted > capacity => Err(AppError::new(ErrorCode::SiteFull).because(message(
            format!("Địa bàn có {capacity} chỗ, cần {accepted} chỗ cho khách đã nhận lời."),
            format!("The site has {capacity} seats; {accepted} would be needed for those who accept."),
        ))),
        Some(_) | None => Ok(()),
    }
}

/// R1: both ends, or the begin where there is no end, lie within the window of the campaign. All bad fields at once.
pub fn check_window(campaign: &Campaign, starts_at: DateTime<Utc>, ends_at: impl Into<Option<DateTime<Utc>>>) -> Result<(), AppError> {
    let outside = |at| !clock::is_within_days(at, campaign.event_from, campaign.event_to);
    let text = message(
        format!("Phải trong thời gian từ {} đến {}.", vi_date(campaign.event_from), vi_date(campaign.event_to)),
        format!("It must lie between {} and {}.", campaign.event_from, campaign.event_to),
    );
    let bad: Vec<FieldError> = [("/starts_at", Some(starts_at)), ("/ends_at", ends_at.into())]
        .into_iter()
        .filter(|(_, at)| at.is_some_and(outside))
        .map(|(pointer, _)| FieldError::new(pointer, "outside_event_window", text.clone()))
        .collect();
    if bad.is_empty() { Ok(()) } else { Err(AppError { errors: bad, ..AppError::new(ErrorCode::RuleViolated) }) }
}

/// The festival has begun: only then was it held.
pub fn check_begun(site: &Site, now: DateTime<Utc>) -> Result<(), AppError> {
    if site.starts_at.is_some_and(|starts_at| starts_at <= now) {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::InvalidTransition)
        .because(message("Chưa đến giờ bắt đầu của địa bàn.", "The site's festival has not begun yet.")))
}

/// S112: an event of the last day before the report limit must be reported the same day.
pub fn last_day_warning(campaign: &Campaign, ends_at: DateTime<Utc>) -> Option<Message> {
    let last_day = campaign.report_due_before.pred_opt()?;
    (clock::local_date(ends_at) >= last_day).then(|| {
        message(
            format!(
                "Tổ chức ngày {}: phải báo cáo ngay trong ngày, trước ngày {}.",
                vi_date(last_day),
                vi_date(campaign.report_due_before)
            ),
            format!("Held on {last_day}: the report is due the same day, before {}.", campaign.report_due_before),
        )
    })
}
