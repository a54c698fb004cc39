//! What may be done with a participant, and when; and what a site's counters count.

use super::model::{Participant, ParticipantCategory, ParticipantKind, ParticipantState};
use super::template::InvitationTemplate;
use crate::error::{AppError, ErrorCode, FieldError, Message, message};
use crate::labels;
use crate::sites::model::{Site, SiteState};

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
        }
    }

    /// The states from which the step is possible.
    fn from(self) -> &'static [ParticipantState] {
        use ParticipantState::{Accepted, Declined, Invited, Listed};
        match self {
            Self::List | Self::Change => &[Listed, Invited, Accepted, Declined],
            Self::Delete | Self::Invite => &[Listed],
            Self::Accept => &[Invited, Declined],
            Self::Decline => &[Invited, Accepted],
        }
    }

    /// The states of the site in which the step is possible: guests are listed and answer until it is held,
    /// invited once it has a time; after it is closed nothing changes any more.
    fn at(self) -> &'static [SiteState] {
        use SiteState::{Draft, Held, Nominated, NotSelected, Scheduled, Selected};
        match self {
            Self::List | Self::Accept | Self::Decline => &[Draft, Nominated, Selected, NotSelected, Scheduled],
            Self::Invite => &[Scheduled],
            Self::Change | Self::Delete => &[Draft, Nominated, Selected, NotSelected, Scheduled, Held],
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

/// 409 unless the participant's state allows the step.
pub fn check_step(participant: &Participant, step: Step) -> Result<(), AppError> {
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

/// R10 and R11: what to point out when a template does not name the category.
pub fn outside_template(template: InvitationTemplate, category: ParticipantCategory) -> Option<Message> {
    let (letter, label) = (template.letter(), super::template::label(category));
    (!template.names(category)).then(|| {
        message(
            format!("Thành phần “{}” không có trong mẫu {letter} của kế hoạch.", label.vi),
            format!("“{}” is not in template {letter} of the plan.", label.en),
        )
    })
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
