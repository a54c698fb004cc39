//! SQL of participants and of what a site counts of them.

use super::card::handlers::CardsQuery;
use super::dto::ParticipantQuery;
use super::identity::{identity, name_key};
use super::model::{
    AgeGroup, InvitationChannel, InvitationState, Participant, ParticipantCategory, ParticipantKind, ParticipantOrigin, ParticipantState,
};
use super::rules::Tally;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::{CampaignId, ParticipantId, SiteId};
use crate::org_units::queries::units_under;
use crate::pagination::{PageRequest, or_last};
use crate::schema::{participant_contacts, participant_imports, participants, site_counters, sites};
use crate::sites::model::Site;
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::dsl;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// One participant in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ParticipantId) -> Result<Participant, AppError> {
    let query = participants::table.filter(participants::id.eq(id)).filter(is_in_scope(participants::org_unit_id, scope));
    Ok(query.select(Participant::as_select()).first(&mut conn).await?)
}

/// One participant in scope that a request names; 422 at the pointer when there is none.
pub async fn find_reference(conn: &Conn, scope: &Scope, id: ParticipantId, pointer: &str) -> Result<Participant, AppError> {
    find(conn, scope, id).await.map_err(|error| error.into_unknown_reference(pointer))
}

/// Whether who a guest was is erased; true of one who is on no list any more.
pub async fn is_erased(mut conn: &Conn, _: &Scope, campaign: CampaignId, id: ParticipantId) -> Result<bool, AppError> {
    let named = participants::table.find((campaign, id)).filter(participants::erased_at.is_null());
    Ok(!diesel::select(dsl::exists(named)).get_result::<bool>(&mut conn).await?)
}

/// One participant in scope, locked until the end of the transaction. Lock or hold its site before.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ParticipantId) -> Result<Participant, AppError> {
    let query = participants::table.filter(participants::id.eq(id)).filter(is_in_scope(participants::org_unit_id, scope));
    Ok(query.select(Participant::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of participants in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ParticipantQuery, page: &PageRequest) -> Result<Vec<Participant>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, participants::id, {
        "created_at" => participants::created_at => DateTime<Utc>,
        "updated_at" => participants::updated_at => DateTime<Utc>,
        "invitation_no" => or_last(participants::invitation_no, i32::MAX) => i32,
    });
    Ok(query.select(Participant::as_select()).load(&mut conn).await?)
}

/// How many participants a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ParticipantQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a ParticipantQuery) -> participants::BoxedQuery<'a, diesel::pg::Pg> {
    let mut query = participants::table.filter(in_scope(participants::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(participants::campaign_id.eq(campaign));
    }
    if let Some(site) = filter.site_id {
        // The index begins with the campaign.
        let campaign = sites::table.filter(sites::id.eq(site)).select(sites::campaign_id).single_value();
        query = query.filter(participants::site_id.eq(site)).filter(participants::campaign_id.nullable().eq(campaign));
    }
    if let Some(import) = filter.import_id {
        let campaign = participant_imports::table.filter(participant_imports::id.eq(import)).select(participant_imports::campaign_id);
        query = query.filter(participants::import_id.eq(import)).filter(participants::campaign_id.nullable().eq(campaign.single_value()));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(participants::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(participants::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(participants::kind.eq(kind));
    }
    if let Some(category) = filter.category {
        query = query.filter(participants::category.eq(category));
    }
    if let Some(state) = filter.state {
        query = query.filter(participants::state.eq(state));
    }
    if let Some(origin) = filter.origin {
        query = query.filter(participants::origin.eq(origin));
    }
    match (filter.merged_into_id, filter.is_merged) {
        (Some(id), None | Some(true)) => query = query.filter(participants::merged_into_id.eq(id)),
        (Some(_), Some(false)) => {
            query = query.filter(participants::merged_into_id.is_null()).filter(participants::merged_into_id.is_not_null())
        }
        (None, Some(true)) => query = query.filter(participants::merged_into_id.is_not_null()),
        (None, None | Some(false)) => query = query.filter(participants::merged_into_id.is_null()),
    }
    match filter.was_invited {
        Some(true) => query = query.filter(participants::state.ne(ParticipantState::Listed)),
        Some(false) => query = query.filter(participants::state.eq(ParticipantState::Listed)),
        None => {}
    }
    match filter.invitation_state {
        Some(InvitationState::Prepared) => {
            query = query.filter(participants::state.ne(ParticipantState::Listed)).filter(participants::sent_at.is_null());
        }
        Some(InvitationState::Sent) => query = query.filter(participants::sent_at.is_not_null()),
        None => {}
    }
    if let Some(channel) = filter.sent_channel {
        query = query.filter(participants::sent_channel.eq(channel));
    }
    if let Some(no) = filter.invitation_no {
        query = query.filter(participants::invitation_no.eq(no));
    }
    match filter.age_band.map(AgeGroup::band) {
        Some(Some(band)) => query = query.filter(participants::age_band.eq(band)),
        Some(None) => query = query.filter(participants::age_band.is_null()),
        None => {}
    }
    if let Some(has_contacts) = filter.has_contacts {
        let known = participant_contacts::table
            .filter(participant_contacts::campaign_id.eq(participants::campaign_id))
            .filter(participant_contacts::participant_id.eq(participants::id))
            .filter(participant_contacts::phone.is_not_null().or(participant_contacts::email.is_not_null()));
        query = if has_contacts { query.filter(dsl::exists(known)) } else { query.filter(dsl::not(dsl::exists(known))) };
    }
    if let Some(is_present) = filter.is_present {
        query = query.filter(participants::is_present.eq(is_present));
    }
    match filter.has_attended {
        Some(true) => query = query.filter(participants::entry_count.gt(0)),
        Some(false) => query = query.filter(participants::entry_count.eq(0)),
        None => {}
    }
    if let Some(text) = &filter.q {
        query = query.filter(participants::tokens.contains(search_tokens(&[text])));
    }
    query
}

pub(super) fn tokens(participant: &Participant) -> Vec<String> {
    if participant.erased_at.is_some() {
        return Vec::new();
    }
    let Participant { full_name, title, organisation, representative_name, .. } = participant;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    search_tokens(&[full_name, &text(title), &text(organisation), &text(representative_name)])
}

/// What is stored of who a guest is; nothing once that is erased. A file that names one who is merged names who it is merged into.
pub(super) fn keys(participant: &Participant) -> (Option<Uuid>, Option<Uuid>) {
    if participant.erased_at.is_some() {
        return (None, None);
    }
    let Participant { kind, full_name, organisation, title, .. } = participant;
    (Some(identity(*kind, full_name, organisation.as_deref(), title.as_deref())), Some(name_key(*kind, full_name)))
}

/// Adds a participant. The caller has checked that its site is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, participant: &Participant) -> Result<(), AppError> {
    let (identity, name_key) = keys(participant);
    let derived = (participants::tokens.eq(tokens(participant)), participants::identity.eq(identity), participants::name_key.eq(name_key));
    let row = (participant, derived);
    diesel::insert_into(participants::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked participant back as its next version, but for what check-ins write.
pub async fn save(mut conn: &Conn, _: &Scope, mut participant: Participant, now: DateTime<Utc>) -> Result<Participant, AppError> {
    participant.updated_at = now;
    let (identity, name_key) = keys(&participant);
    let derived = (participants::tokens.eq(tokens(&participant)), participants::identity.eq(identity), participants::name_key.eq(name_key));
    let row = (&participant, derived, participants::version.eq(participants::version + 1));
    let key = (participant.campaign_id, participant.id);
    let change = diesel::update(participants::table.find(key)).set(row).returning(Participant::as_returning());
    Ok(Cached(change).get_result(&mut conn).await?)
}

/// Deletes a locked participant.
pub async fn delete(mut conn: &Conn, _: &Scope, participant: &Participant) -> Result<(), AppError> {
    diesel::delete(participants::table.find((participant.campaign_id, participant.id))).execute(&mut conn).await?;
    Ok(())
}

/// A participant whose invitation was changed together with others.
#[derive(Debug, QueryableByName, Queryable, Selectable)]
#[diesel(table_name = participants)]
#[allow(missing_docs)]
pub struct Invited {
    pub id: ParticipantId,
    pub kind: ParticipantKind,
    pub category: ParticipantCategory,
    pub state: ParticipantState,
    pub version: i32,
}

/// Takes so many numbers of invitations of a site and gives the first. The row of the counters stays locked until the end of
/// the transaction, so that no number is given twice; one that is given never comes back.
pub async fn take_numbers(mut conn: &Conn, _: &Scope, site: &Site, count: i32) -> Result<i32, AppError> {
    let row = site_counters::table.find((site.campaign_id, site.id));
    let update = diesel::update(row).set(site_counters::last_invitation_no.eq(site_counters::last_invitation_no + count));
    let last: i32 = update.returning(site_counters::last_invitation_no).get_result(&mut conn).await?;
    Ok(last - count + 1)
}

const INVITE: &str = "UPDATE participants p
    SET state = 'invited', invited_at = $2, invitation_no = n.no, version = p.version + 1, updated_at = $2
    FROM unnest($3, $4) AS n (id, no) WHERE p.campaign_id = $1 AND p.id = n.id
    RETURNING p.id, p.kind, p.category, p.state, p.version";

/// Invites all listed participants of a locked site, who came unlisted apart, and numbers them in the order in which they were listed. They are locked
/// in the order of their ids, as check-ins lock them, so that the two never wait for each other in a circle.
pub async fn invite_all(mut conn: &Conn, scope: &Scope, site: &Site, now: DateTime<Utc>) -> Result<Vec<Invited>, AppError> {
    let listed: Vec<ParticipantId> = participants::table
        .filter(participants::campaign_id.eq(site.campaign_id))
        .filter(participants::site_id.eq(site.id))
        .filter(participants::state.eq(ParticipantState::Listed))
        .filter(participants::origin.eq(ParticipantOrigin::Listed))
        .filter(participants::merged_into_id.is_null())
        .order(participants::id)
        .select(participants::id)
        .for_no_key_update()
        .load(&mut conn)
        .await?;
    if listed.is_empty() {
        return Ok(Vec::new());
    }
    let first = take_numbers(conn, scope, site, i32::try_from(listed.len()).map_err(AppError::internal)?).await?;
    let numbers: Vec<i32> = (first..).take(listed.len()).collect();
    let update = diesel::sql_query(INVITE)
        .bind::<sql_types::Uuid, _>(site.campaign_id)
        .bind::<sql_types::Timestamptz, _>(now)
        .bind::<sql_types::Array<sql_types::Uuid>, _>(listed)
        .bind::<sql_types::Array<sql_types::Integer>, _>(numbers);
    Ok(update.load(&mut conn).await?)
}

/// How, when and by whom invitations were sent.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Sending {
    pub channel: InvitationChannel,
    pub at: DateTime<Utc>,
    pub by: Uuid,
}

/// The category that was asked for, or all: a query with a lock takes no filter that may be absent.
pub fn one_or_all(category: Option<ParticipantCategory>) -> Vec<ParticipantCategory> {
    category.map_or_else(|| ParticipantCategory::ALL.to_vec(), |one| vec![one])
}

/// Records the prepared invitations of a locked site as sent, of one category or of all. Locked in the order of their ids.
pub async fn send_all(
    mut conn: &Conn,
    _: &Scope,
    site: &Site,
    category: Option<ParticipantCategory>,
    sending: Sending,
    now: DateTime<Utc>,
) -> Result<Vec<Invited>, AppError> {
    let prepared: Vec<ParticipantId> = participants::table
        .filter(participants::campaign_id.eq(site.campaign_id))
        .filter(participants::site_id.eq(site.id))
        .filter(participants::state.ne(ParticipantState::Listed))
        .filter(participants::sent_at.is_null())
        .filter(participants::merged_into_id.is_null())
        .filter(participants::category.eq_any(one_or_all(category)))
        .order(participants::id)
        .select(participants::id)
        .for_no_key_update()
        .load(&mut conn)
        .await?;
    let changes = (
        participants::sent_channel.eq(sending.channel),
        participants::sent_at.eq(sending.at),
        participants::sent_by.eq(sending.by),
        participants::version.eq(participants::version + 1),
        participants::updated_at.eq(now),
    );
    let guests = participants::table.filter(participants::campaign_id.eq(site.campaign_id)).filter(participants::id.eq_any(prepared));
    Ok(diesel::update(guests).set(changes).returning(Invited::as_returning()).get_results(&mut conn).await?)
}

/// The guests of a site who were invited and have not declined, by the numbers of their invitations, so many at most.
pub async fn expected(mut conn: &Conn, _: &Scope, site: &Site, asked: &CardsQuery, most: usize) -> Result<Vec<Participant>, AppError> {
    let query = participants::table
        .filter(participants::campaign_id.eq(site.campaign_id))
        .filter(participants::site_id.eq(site.id))
        .filter(participants::state.ne(ParticipantState::Declined))
        .filter(participants::merged_into_id.is_null())
        .filter(participants::invitation_no.between(asked.from_no.unwrap_or(1), asked.to_no.unwrap_or(i32::MAX)))
        .filter(participants::category.eq_any(one_or_all(asked.category)))
        .order(participants::invitation_no)
        .limit(i64::try_from(most).map_err(AppError::internal)?);
    Ok(query.select(Participant::as_select()).load(&mut conn).await?)
}

/// How many guests of a site were invited, and to how many the invitation was sent.
pub async fn count_sent(mut conn: &Conn, _: &Scope, site: &Site) -> Result<(i64, i64), AppError> {
    let of_site = participants::table.filter(participants::campaign_id.eq(site.campaign_id)).filter(participants::site_id.eq(site.id));
    let of_site = of_site.filter(participants::merged_into_id.is_null());
    let invited = of_site.filter(participants::state.ne(ParticipantState::Listed));
    Ok(invited.select((dsl::count(participants::id), dsl::count(participants::sent_at))).first(&mut conn).await?)
}

/// Adds to the counters of a site and says how they stand.
pub async fn add_to_counters(mut conn: &Conn, _: &Scope, site: (CampaignId, SiteId), tally: Tally) -> Result<Tally, AppError> {
    let changes = (
        site_counters::listed.eq(site_counters::listed + tally.listed),
        site_counters::invited.eq(site_counters::invited + tally.invited),
        site_counters::accepted.eq(site_counters::accepted + tally.accepted),
        site_counters::declined.eq(site_counters::declined + tally.declined),
    );
    let counted = (site_counters::listed, site_counters::invited, site_counters::accepted, site_counters::declined);
    let update = diesel::update(site_counters::table.find(site)).set(changes).returning(counted);
    let (listed, invited, accepted, declined) = update.get_result(&mut conn).await?;
    Ok(Tally { listed, invited, accepted, declined })
}
