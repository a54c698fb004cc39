//! Reminders of invitations: rows and SQL. Append-only, one a guest and a local day.

use super::model::{InvitationChannel, ParticipantCategory, ParticipantState};
use super::queries::one_or_all;
use super::site_dto::InvitationReminderQuery;
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::{CampaignId, InvitationReminderId, ParticipantId, SiteId};
use crate::pagination::PageRequest;
use crate::schema::{invitation_reminders, participants};
use crate::sites::model::Site;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Rows in one statement: each has eight values, and a statement takes 65,535.
const AT_ONCE: usize = 4_000;

/// One reminder of one invitation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = invitation_reminders)]
#[allow(missing_docs)]
pub struct InvitationReminder {
    pub campaign_id: CampaignId,
    pub id: InvitationReminderId,
    pub site_id: SiteId,
    pub participant_id: ParticipantId,
    pub channel: InvitationChannel,
    pub reminded_on: NaiveDate,
    pub reminded_at: DateTime<Utc>,
    pub reminded_by: Uuid,
}

/// The guests of a locked site who were invited and have not answered, of one category or of all, each with when the
/// invitation was sent. Locked in the order of their ids.
pub async fn lock_open(
    mut conn: &Conn,
    _: &Scope,
    site: &Site,
    category: Option<ParticipantCategory>,
) -> Result<Vec<(ParticipantId, Option<DateTime<Utc>>)>, AppError> {
    let query = participants::table
        .filter(participants::campaign_id.eq(site.campaign_id))
        .filter(participants::site_id.eq(site.id))
        .filter(participants::state.eq(ParticipantState::Invited))
        .filter(participants::merged_into_id.is_null())
        .filter(participants::category.eq_any(one_or_all(category)))
        .order(participants::id)
        .select((participants::id, participants::sent_at))
        .for_no_key_update();
    Ok(query.load(&mut conn).await?)
}

/// Adds reminders and says how many are new: who was reminded that day is passed over.
pub async fn insert(mut conn: &Conn, _: &Scope, reminders: &[InvitationReminder]) -> Result<usize, AppError> {
    let mut added = 0;
    for some in reminders.chunks(AT_ONCE) {
        let key = (invitation_reminders::campaign_id, invitation_reminders::participant_id, invitation_reminders::reminded_on);
        added += diesel::insert_into(invitation_reminders::table).values(some).on_conflict(key).do_nothing().execute(&mut conn).await?;
    }
    Ok(added)
}

fn filtered<'a>(site: &Site, filter: &'a InvitationReminderQuery) -> invitation_reminders::BoxedQuery<'a, Pg> {
    let mut query = invitation_reminders::table
        .filter(invitation_reminders::campaign_id.eq(site.campaign_id))
        .filter(invitation_reminders::site_id.eq(site.id))
        .into_boxed();
    if let Some(participant) = filter.participant_id {
        query = query.filter(invitation_reminders::participant_id.eq(participant));
    }
    if let Some(day) = filter.reminded_on {
        query = query.filter(invitation_reminders::reminded_on.eq(day));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(invitation_reminders::channel.eq(channel));
    }
    query
}

/// A page of the reminders of a site whose scope has been checked, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    site: &Site,
    filter: &InvitationReminderQuery,
    page: &PageRequest,
) -> Result<Vec<InvitationReminder>, AppError> {
    let query = crate::keyset!(filtered(site, filter), page, invitation_reminders::id, {
        "reminded_at" => invitation_reminders::reminded_at => DateTime<Utc>,
    });
    Ok(query.select(InvitationReminder::as_select()).load(&mut conn).await?)
}

/// How many reminders a list has in all.
pub async fn count(mut conn: &Conn, site: &Site, filter: &InvitationReminderQuery) -> Result<i64, AppError> {
    Ok(filtered(site, filter).count().get_result(&mut conn).await?)
}
