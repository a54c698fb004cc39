//! What may be done with a participant, and when; and what a site's counters count.

use super::model::{Participant, ParticipantCategory, ParticipantKind, ParticipantState};
use super::template::Proposal;
use crate::error::{AppError, ErrorCode, FieldError, Message, message};
use crate::labels;
use crate::sites::model::{Site, SiteState};
use chrono::{DateTime, Utc};

/// A step of a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    List,
    Change,
    Delete,
    Invite,
    Accept,
    Decline,
    Send,
    WalkIn,
    Merge,
    Unmerge,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Invite => "invite",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Send => "send_invitation",
            Self::WalkIn => "walk_in",
            Self::Merge => "merge",
            Self::Unmerge => "unmerge",
        }
    }

    /// What was done, for the change feed.
    pub fn done(self) -> &'static str {
        match self {
            Self::List => "created",
            Self::Change => "updated",
            Self::Delete => "deleted",
            Self::Invite => "invited",
            Self::Accept => "accepted",
            Self::Decline => "declined",
            Self::Send => "invitation_sent",
            Self::WalkIn => "walked_in",
            Self::Merge => "merged",
            Self::Unmerge => "unmerged",
        }
    }

    /// The states from which the step is possible.
    fn from(self) -> &'static [ParticipantState] {
        use ParticipantState::{Accepted, Declined, Invited, Listed};
        match self {
            Self::List | Self::Change | Self::WalkIn | Self::Merge | Self::Unmerge => &[Listed, Invited, Accepted, Declined],
            Self::Delete | Self::Invite => &[Listed],
            Self::Accept => &[Invited, Declined],
            Self::Decline => &[Invited, Accepted],
            Self::Send => &[Invited, Accepted, Declined],
        }
    }

    /// The states of the site in which the step is possible: guests are listed and answer until it is held,
    /// invited once it has a time, and come until it is closed; after it is closed nothing changes any more.
    fn at(self) -> &'static [SiteState] {
        use SiteState::{Draft, Held, Nominated, NotSelected, Scheduled, Selected, Shortlisted};
        match self {
            Self::List | Self::Accept | Self::Decline => &[Draft, Nominated, Shortlisted, Selected, NotSelected, Scheduled],
            Self::Invite | Self::Send => &[Scheduled],
            Self::WalkIn => &[Scheduled, Held],
            Self::Change | Self::Delete | Self::Merge | Self::Unmerge => {
                &[Draft, Nominated, Shortlisted, Selected, NotSelected, Scheduled, Held]
            }
        }
    }
}

/// 409 unless the site's state allows the step.
pub fn check_site(site: &Site, step: Step) -> Result<(), AppError> {
    if step.at().contains(&site.state) {
        return Ok(());
    }
    let (state, name) = (site.state.as_str(), step.name());
    Err(AppError::new(ErrorCode::InvalidTransition).because(message(
        format!("Không thể {} khách mời khi địa bàn ở trạng thái “{}”.", labels::vi(name), labels::vi(state)),
        format!("The step “{name}” of a participant is not possible while the site is “{state}”."),
    )))
}

/// 409 when who it is was erased: for ever, so nothing is written about that person again.
pub fn check_not_erased(erased_at: Option<DateTime<Utc>>) -> Result<(), AppError> {
    if erased_at.is_none() {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::InvalidTransition)
        .because(message("Dữ liệu cá nhân ở đây đã bị xóa và không khôi phục được.", "The personal data here were erased for ever.")))
}

/// 409 when the guest is merged into another, naming that one: it is that other guest until it is un-merged.
pub fn check_not_merged(participant: &Participant) -> Result<(), AppError> {
    let Some(into) = participant.merged_into_id else { return Ok(()) };
    Err(AppError::new(ErrorCode::InvalidTransition)
        .because(message(format!("Khách này đã được gộp vào khách {}.", into.0), format!("The guest is merged into {}.", into.0))))
}

/// 409 unless the guest is merged into another.
fn check_merged(participant: &Participant) -> Result<(), AppError> {
    if participant.merged_into_id.is_some() {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::InvalidTransition)
        .because(message("Khách này chưa được gộp vào khách nào.", "The guest is not merged into another.")))
}

/// 409 unless the participant's state allows the step, when the guest was erased, and when it is merged into another.
pub fn check_step(participant: &Participant, step: Step) -> Result<(), AppError> {
    check_not_erased(participant.erased_at)?;
    if step == Step::Unmerge {
        check_merged(participant)?
    } else {
        check_not_merged(participant)?
    }
    if step.from().contains(&participant.state) {
        Ok(())
    } else {
        Err(AppError::invalid_transition(participant.state.as_str(), step.name()))
    }
}

/// 404 unless the guest was invited and has not declined: only then is there a pass.
pub fn check_has_pass(state: ParticipantState) -> Result<(), AppError> {
    match state {
        ParticipantState::Invited | ParticipantState::Accepted => Ok(()),
        ParticipantState::Listed | ParticipantState::Declined => Err(AppError::not_found().because(message(
            "Chỉ khách đã được mời và không từ chối mới có mã vào cửa.",
            "Only a guest who was invited and has not declined has a pass.",
        ))),
    }
}

/// 409 when something has been checked in: the log stays.
pub fn check_never_entered(participant: &Participant) -> Result<(), AppError> {
    if participant.entry_count == 0 {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::InUse).because(message("Khách đã có lượt vào.", "The guest has been checked in.")))
}

/// 422 when a person has a representative: only a collective has one.
pub fn check_representative(kind: ParticipantKind, has_representative: bool) -> Result<(), AppError> {
    match kind {
        ParticipantKind::Person if has_representative => Err(AppError::field(FieldError::new(
            "/representative_name",
            "only_for_collective",
            message("Chỉ tập thể mới có người đại diện.", "Only a collective has a representative."),
        ))),
        ParticipantKind::Person | ParticipantKind::Collective => Ok(()),
    }
}

/// 422 when a collective has a band of age: only a person has one.
pub fn check_age_band(kind: ParticipantKind, has_age_band: bool) -> Result<(), AppError> {
    match kind {
        ParticipantKind::Collective if has_age_band => Err(AppError::field(FieldError::new(
            "/age_band",
            "only_for_person",
            message("Chỉ cá nhân mới có độ tuổi.", "Only a person has a band of age."),
        ))),
        ParticipantKind::Person | ParticipantKind::Collective => Ok(()),
    }
}

/// 404 unless the guest is invited: before there is no number to print, and no card.
pub fn check_invited(participant: &Participant) -> Result<(), AppError> {
    if participant.invitation_no.is_some() {
        return Ok(());
    }
    Err(AppError::not_found()
        .because(message("Khách chưa được mời nên chưa có giấy mời.", "The guest is not invited yet and has no card.")))
}

/// 409 when the invitation has been sent: it left once, and the record stays.
pub fn check_not_sent(participant: &Participant) -> Result<(), AppError> {
    if participant.sent_at.is_none() {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::InvalidTransition)
        .because(message("Giấy mời đã được ghi nhận là đã gửi.", "The invitation has been recorded as sent.")))
}

/// 422 when something is said to have left after now.
pub fn check_sent_at(sent_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), AppError> {
    if sent_at <= now {
        return Ok(());
    }
    let text = message("Thời điểm gửi không được sau hiện tại.", "The time of sending must not lie after now.");
    Err(AppError::field(FieldError::new("/sent_at", "in_future", text)))
}

/// 422 when a list of categories names one twice.
pub fn check_categories(categories: &[ParticipantCategory]) -> Result<(), AppError> {
    let is_repeated = |(at, category): (usize, &ParticipantCategory)| categories.iter().take(at).any(|other| other == category);
    let bad: Vec<FieldError> = (0..)
        .zip(categories)
        .filter(|pair| is_repeated(*pair))
        .map(|(at, _)| {
            let text = message("Thành phần này lặp lại.", "This category stands twice.");
            FieldError::new(format!("/categories/{at}"), "duplicate_item", text)
        })
        .collect();
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

/// R10 and R11: what to point out when the list of a site, the plan's or its own, does not name the category.
pub fn outside_template(proposal: &Proposal, category: ParticipantCategory) -> Option<Message> {
    let (letter, label) = (proposal.template.letter(), super::template::label(category));
    if proposal.names(category) {
        return None;
    }
    Some(if proposal.adapted.is_some() {
        message(
            format!("Thành phần “{}” không có trong danh sách mời của địa bàn.", label.vi),
            format!("“{}” is not in the site's own list of whom to invite.", label.en),
        )
    } else {
        message(
            format!("Thành phần “{}” không có trong mẫu {letter} của kế hoạch.", label.vi),
            format!("“{}” is not in template {letter} of the plan.", label.en),
        )
    })
}

/// What to point out when more guests are listed than the site has seats.
pub fn more_than_seats(site: &Site, listed: i32) -> Option<Message> {
    let capacity = site.capacity.filter(|capacity| listed > *capacity)?;
    Some(message(
        format!("Danh sách có {listed} khách, địa bàn chỉ có {capacity} chỗ."),
        format!("{listed} guests are listed; the site has {capacity} seats."),
    ))
}

/// What participants add to the counters of their site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// All on the list.
    pub listed: i32,
    /// All that were ever invited, those who answered included.
    pub invited: i32,
    /// Who accepted.
    pub accepted: i32,
    /// Who declined.
    pub declined: i32,
}

impl Tally {
    /// What one participant counts as; nothing where there is none.
    pub fn of(state: Option<ParticipantState>) -> Self {
        let Some(state) = state else { return Self::default() };
        let one = |counts: bool| i32::from(counts);
        Self {
            listed: 1,
            invited: one(state != ParticipantState::Listed),
            accepted: one(state == ParticipantState::Accepted),
            declined: one(state == ParticipantState::Declined),
        }
    }

    /// What the step from one state to the other adds.
    pub fn step(from: Option<ParticipantState>, to: Option<ParticipantState>) -> Self {
        let (from, to) = (Self::of(from), Self::of(to));
        Self {
            listed: to.listed - from.listed,
            invited: to.invited - from.invited,
            accepted: to.accepted - from.accepted,
            declined: to.declined - from.declined,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ParticipantState::{Accepted, Declined, Invited, Listed};

    #[test]
    fn the_steps_of_a_guest_add_up_to_what_the_guest_counts_as() {
        let way = [None, Some(Listed), Some(Invited), Some(Declined), Some(Accepted)];
        let sum = way.windows(2).map(|pair| Tally::step(pair[0], pair[1])).fold(Tally::default(), |sum, step| Tally {
            listed: sum.listed + step.listed,
            invited: sum.invited + step.invited,
            accepted: sum.accepted + step.accepted,
            declined: sum.declined + step.declined,
        });
        assert_eq!(sum, Tally::of(Some(Accepted)));
        assert_eq!(sum, Tally { listed: 1, invited: 1, accepted: 1, declined: 0 });
        assert_eq!(Tally::step(Some(Listed), None), Tally { listed: -1, ..Tally::default() });
    }

    #[test]
    fn only_a_collective_has_a_representative() {
        assert!(check_representative(ParticipantKind::Person, true).is_err());
        assert!(check_representative(ParticipantKind::Person, false).is_ok());
        assert!(check_representative(ParticipantKind::Collective, true).is_ok());
    }
}
