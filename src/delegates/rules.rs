//! What may be done with the assignment of a delegate, and when; and who is the same person.

use super::model::{Delegate, DelegateState};
use crate::clock;
use crate::error::{AppError, ErrorCode, Message, message};
use crate::labels;
use crate::sites::model::{Site, SiteState};
use crate::text;
use chrono::{DateTime, Utc};

/// A step of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Propose,
    Change,
    Approve,
    Accept,
    Decline,
    Attend,
    Miss,
    Withdraw,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::Change => "change",
            Self::Approve => "approve",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Attend => "attend",
            Self::Miss => "miss",
            Self::Withdraw => "withdraw",
        }
    }

    /// What was done, for the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::Propose => "proposed",
            Self::Change => "updated",
            Self::Approve => "approved",
            Self::Accept => "accepted",
            Self::Decline => "declined",
            Self::Attend => "attended",
            Self::Miss => "absent",
            Self::Withdraw => "withdrawn",
        }
    }

    /// The states from which the step is possible. What was recorded of the day can be put right until the site is closed.
    fn from(self) -> &'static [DelegateState] {
        use DelegateState::{Absent, Accepted, Approved, Attended, Declined, Proposed};
        match self {
            Self::Propose => &[],
            Self::Change | Self::Approve => &[Proposed],
            Self::Accept => &[Approved, Declined],
            Self::Decline => &[Approved, Accepted],
            Self::Attend => &[Approved, Accepted, Declined, Absent],
            Self::Miss => &[Approved, Accepted, Attended],
            Self::Withdraw => &[Proposed, Approved, Accepted, Declined],
        }
    }

    /// The states of the site in which the step is possible: who came is recorded from the day on, the rest before it.
    fn at(self) -> &'static [SiteState] {
        use SiteState::{Draft, Held, Nominated, NotSelected, Scheduled, Selected};
        match self {
            Self::Propose | Self::Change | Self::Withdraw => &[Draft, Nominated, Selected, NotSelected, Scheduled],
            // An approval compares times.
            Self::Approve | Self::Accept | Self::Decline => &[Scheduled],
            Self::Attend | Self::Miss => &[Scheduled, Held],
        }
    }
}

/// 409 unless the state allows the step.
pub fn check_step(delegate: &Delegate, step: Step) -> Result<(), AppError> {
    if step.from().contains(&delegate.state) { Ok(()) } else { Err(AppError::invalid_transition(delegate.state.as_str(), step.name())) }
}

/// 409 unless the site's state allows the step, and its festival has begun where who came is recorded.
pub fn check_site(site: &Site, step: Step, now: DateTime<Utc>) -> Result<(), AppError> {
    if !step.at().contains(&site.state) {
        let (state, name) = (site.state.as_str(), step.name());
        return Err(AppError::new(ErrorCode::InvalidTransition).because(message(
            format!("Không thể {} đại biểu khi địa bàn ở trạng thái “{}”.", labels::vi(name), labels::vi(state)),
            format!("The step “{name}” of a delegate is not possible while the site is “{state}”."),
        )));
    }
    match step {
        Step::Attend | Step::Miss => crate::sites::rules::check_begun(site, now),
        _ => Ok(()),
    }
}

/// Who is the same person: with the body, the name without case, tones and spaces between its syllables.
pub fn name_key(full_name: &str) -> String {
    text::fold(full_name).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Another site at which a person is at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Its name.
    pub site_name: String,
    /// When its festival begins.
    pub starts_at: DateTime<Utc>,
    /// Whether the person is expected there, or only proposed.
    pub is_approved: bool,
}

/// What to point out about other sites at the same time; none where there are none.
pub fn clash_text(clashes: &[Clash]) -> Option<Message> {
    if clashes.is_empty() {
        return None;
    }
    let names = |vi: bool| {
        let one = |clash: &Clash| {
            let state = if clash.is_approved { "approved" } else { "proposed" };
            let state = if vi { labels::vi(state) } else { state };
            format!("{} ({}, {state})", clash.site_name, clock::local_text(clash.starts_at))
        };
        clashes.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    Some(message(
        format!("Cùng giờ, đại biểu được phân công ở: {}.", names(true)),
        format!("At the same time the delegate is assigned to: {}.", names(false)),
    ))
}

/// 409 when the person is expected at another site at the same time.
pub fn check_clashes(clashes: Vec<Clash>) -> Result<(), AppError> {
    let approved: Vec<Clash> = clashes.into_iter().filter(|clash| clash.is_approved).collect();
    clash_text(&approved).map_or(Ok(()), |text| Err(AppError::new(ErrorCode::DelegateClash).because(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_without_case_tones_and_spaces() {
        assert_eq!(name_key("Nguyễn  Văn An"), name_key("NGUYỄN VĂN AN"));
        assert_ne!(name_key("Nguyễn Văn An"), name_key("Nguyễn Văn Anh"));
    }

    #[test]
    fn only_what_is_approved_refuses() {
        let clash = |is_approved| Clash { site_name: "Bản Lầu".into(), starts_at: DateTime::<Utc>::UNIX_EPOCH, is_approved };
        assert!(check_clashes(vec![clash(false)]).is_ok());
        assert_eq!(check_clashes(vec![clash(false), clash(true)]).unwrap_err().code, ErrorCode::DelegateClash);
        assert!(clash_text(&[]).is_none());
    }
}
