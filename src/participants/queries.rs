//! SQL of participants and of what a site counts of them.

use super::dto::ParticipantQuery;
use super::model::{Participant, ParticipantCategory, ParticipantKind, ParticipantState};
use super::rules::Tally;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::{CampaignId, ParticipantId, SiteId};
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{participants, site_counters, sites};
use crate::sites::model::Site;
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::dsl::{self, sum};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One participant in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ParticipantId) -> Result<Participant, AppError> {
    let query = participants::table.filter(participants::id.eq(id)).filter(is_in_scope(participants::org_unit_id, scope));
    Ok(query.select(Participant::as_select()).first(&mut conn).await?)
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

fn tokens(participant: &Participant) -> Vec<String> {
    let Participant { full_name, title, organisation, representative_name, .. } = participant;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    search_tokens(&[full_name, &text(title), &text(organisation), &text(representative_name)])
}

/// Adds a participant. The caller has checked that its site is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, participant: &Participant) -> Result<(), AppError> {
    let row = (participant, participants::tokens.eq(tokens(participant)));
    diesel::insert_into(participants::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked participant back as its next version, but for what check-ins write.
pub async fn save(mut conn: &Conn, _: &Scope, mut participant: Participant, now: DateTime<Utc>) -> Result<Participant, AppError> {
    participant.updated_at = now;
    let row = (&participant, participants::tokens.eq(tokens(&participant)), participants::version.eq(participants::version + 1));
    let key = (participant.campaign_id, participant.id);
    let change = diesel::update(participants::table.find(key)).set(row).returning(Participant::as_returning());
    Ok(Cached(change).get_result(&mut conn).await?)
}

/// Deletes a locked participant.
pub async fn delete(mut conn: &Conn, _: &Scope, participant: &Participant) -> Result<(), AppError> {
    diesel::delete(participants::table.find((participant.campaign_id, participant.id))).execute(&mut conn).await?;
    Ok(())
}

/// A participant that was just invited.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = participants)]
#[allow(missing_docs)]
pub struct Invited {
    pub id: ParticipantId,
    pub kind: ParticipantKind,
    pub category: ParticipantCategory,
    pub version: i32,
}

/// Invites all listed participants of a locked site. They are locked in the order of their ids, as check-ins
/// lock them, so that the two never wait for each other in a circle.
pub async fn invite_all(mut conn: &Conn, _: &Scope, site: &Site, now: DateTime<Utc>) -> Result<Vec<Invited>, AppError> {
    let listed: Vec<ParticipantId> = participants::table
        .filter(participants::campaign_id.eq(site.campaign_id))
        .filter(participants::site_id.eq(site.id))
        .filter(participants::state.eq(ParticipantState::Listed))
        .order(participants::id)
        .select(participants::id)
        .for_no_key_update()
        .load(&mut conn)
        .await?;
    let changes = (
        participants::state.eq(ParticipantState::Invited),
        participants::invited_at.eq(now),
        participants::version.eq(participants::version + 1),
        participants::updated_at.eq(now),
    );
    let guests = participants::table.filter(participants::campaign_id.eq(site.campaign_id)).filter(participants::id.eq_any(listed));
    Ok(diesel::update(guests).set(changes).returning(Invited::as_returning()).get_results(&mut conn).await?)
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

/// The guests of one category at one site, counted.
#[derive(Debug, Queryable)]
#[allow(missing_docs)]
pub struct CategoryCount {
    pub category: ParticipantCategory,
    pub listed: i64,
    pub invited: i64,
    pub accepted: i64,
    pub declined: i64,
    pub entries: Option<i64>,
    pub persons: i64,
    pub present: i64,
}

/// The guests of a site by category, counted from the participants themselves in one statement.
pub async fn count_by_category(mut conn: &Conn, _: &Scope, site: &Site) -> Result<Vec<CategoryCount>, AppError> {
    let in_state = |state: ParticipantState| dsl::count(participants::id).aggregate_filter(participants::state.eq(state));
    let query = participants::table
        .filter(participants::campaign_id.eq(site.campaign_id))
        .filter(participants::site_id.eq(site.id))
        .group_by(participants::category)
        .select((
            participants::category,
            dsl::count(participants::id),
            dsl::count(participants::id).aggregate_filter(participants::state.ne(ParticipantState::Listed)),
            in_state(ParticipantState::Accepted),
            in_state(ParticipantState::Declined),
            sum(participants::entry_count),
            dsl::count(participants::id).aggregate_filter(participants::entry_count.gt(0)),
            dsl::count(participants::id).aggregate_filter(participants::is_present),
        ))
        .order(participants::category);
    Ok(query.load(&mut conn).await?)
}
