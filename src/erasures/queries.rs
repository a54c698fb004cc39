//! SQL of erasures: what is taken out of which rows, for one object or for all of a campaign, and the log of it. Rows stay, so that
//! every figure does.

use super::dto::ErasureQuery;
use super::model::{Erasure, ErasureCause};
use crate::auth::Scope;
use crate::commendations::model::AwardeeKind;
use crate::db::Conn;
use crate::db::in_scope::in_scope;
use crate::error::AppError;
use crate::ids::{CampaignId, CommendationId, DelegateId, OpinionId, ParticipantId};
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{commendations, contact_readings, data_requests, delegates, erasures, opinions, participant_contacts, participants};
use chrono::{DateTime, Utc};
use diesel::dsl;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Rows erased in one statement: none runs into its limit of time.
const CHUNK: i64 = 1000;

/// Why and when.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Stamp {
    pub cause: ErasureCause,
    pub at: DateTime<Utc>,
}

/// Erases who these guests are, and how to reach them: name, title, body, representative, what they said with their answer, why
/// they were merged, search tokens. Category, age band, state and check-ins stay.
pub async fn guests(mut conn: &Conn, scope: &Scope, campaign: CampaignId, ids: &[ParticipantId], stamp: Stamp) -> Result<(), AppError> {
    let changes = (
        participants::full_name.eq(stamp.cause.pseudonym()),
        participants::title.eq(None::<String>),
        participants::organisation.eq(None::<String>),
        participants::representative_name.eq(None::<String>),
        participants::decline_reason.eq(None::<String>),
        participants::answered_by.eq(None::<String>),
        participants::merge_reason.eq(None::<String>),
        participants::tokens.eq(Vec::<String>::new()),
        // It is derived from the name: a file that names the person again lists a new guest.
        participants::identity.eq(None::<Uuid>),
        participants::name_key.eq(None::<Uuid>),
        participants::erased_at.eq(stamp.at),
        participants::version.eq(participants::version + 1),
        participants::updated_at.eq(stamp.at),
    );
    let rows = participants::table.filter(participants::campaign_id.eq(campaign)).filter(participants::id.eq_any(ids));
    diesel::update(rows).set(changes).execute(&mut conn).await?;
    contacts(conn, scope, campaign, ids, stamp).await
}

/// Erases how to reach these guests.
pub async fn contacts(mut conn: &Conn, _: &Scope, campaign: CampaignId, ids: &[ParticipantId], stamp: Stamp) -> Result<(), AppError> {
    let changes = (
        participant_contacts::phone.eq(None::<String>),
        participant_contacts::email.eq(None::<String>),
        participant_contacts::version.eq(participant_contacts::version + 1),
        participant_contacts::updated_at.eq(stamp.at),
    );
    let rows = participant_contacts::table
        .filter(participant_contacts::campaign_id.eq(campaign))
        .filter(participant_contacts::participant_id.eq_any(ids))
        .filter(participant_contacts::phone.is_not_null().or(participant_contacts::email.is_not_null()));
    diesel::update(rows).set(changes).execute(&mut conn).await?;
    Ok(())
}

/// Erases who these delegates are. Body, site and what became of the assignment stay.
pub async fn delegates(mut conn: &Conn, _: &Scope, campaign: CampaignId, ids: &[DelegateId], stamp: Stamp) -> Result<(), AppError> {
    let changes = (
        delegates::full_name.eq(stamp.cause.pseudonym()),
        // Two of one body at one site stay two.
        delegates::name_key.eq(delegates::id.cast::<Text>()),
        delegates::title.eq(None::<String>),
        delegates::reason
            .eq(dsl::case_when(delegates::reason.is_not_null(), stamp.cause.pseudonym().into_sql::<diesel::sql_types::Nullable<Text>>())),
        delegates::tokens.eq(Vec::<String>::new()),
        delegates::erased_at.eq(stamp.at),
        delegates::version.eq(delegates::version + 1),
        delegates::updated_at.eq(stamp.at),
    );
    let rows = delegates::table.filter(delegates::campaign_id.eq(campaign)).filter(delegates::id.eq_any(ids));
    diesel::update(rows).set(changes).execute(&mut conn).await?;
    Ok(())
}

/// Erases who raised these opinions. What was said and answered stays, and whether it was anonymous.
pub async fn opinions(mut conn: &Conn, _: &Scope, campaign: CampaignId, ids: &[OpinionId], stamp: Stamp) -> Result<(), AppError> {
    let changes = (
        opinions::raised_by_name.eq(stamp.cause.pseudonym()),
        opinions::erased_at.eq(stamp.at),
        opinions::version.eq(opinions::version + 1),
        opinions::updated_at.eq(stamp.at),
    );
    let rows = opinions::table.filter(opinions::campaign_id.eq(campaign)).filter(opinions::id.eq_any(ids));
    diesel::update(rows).set(changes).execute(&mut conn).await?;
    Ok(())
}

/// Erases who was commended, and for what, which may tell who it was. Form, level, decision and who awarded stay.
pub async fn commendations(mut conn: &Conn, _: &Scope, campaign: CampaignId, ids: &[CommendationId], stamp: Stamp) -> Result<(), AppError> {
    let changes = (
        commendations::awardee_name.eq(stamp.cause.pseudonym()),
        commendations::reason.eq(stamp.cause.pseudonym()),
        commendations::tokens.eq(Vec::<String>::new()),
        commendations::erased_at.eq(stamp.at),
        commendations::version.eq(commendations::version + 1),
        commendations::updated_at.eq(stamp.at),
    );
    let rows = commendations::table.filter(commendations::campaign_id.eq(campaign)).filter(commendations::id.eq_any(ids));
    diesel::update(rows).set(changes).execute(&mut conn).await?;
    Ok(())
}

/// Goes through what is left of one kind in a campaign, so many rows at a time, and gives how many there were.
macro_rules! drain {
    ($conn:expr, $left:expr, $erase:expr) => {{
        let mut conn: &Conn = $conn;
        let mut erased = 0;
        loop {
            let ids = $left.limit(CHUNK).load(&mut conn).await?;
            if ids.is_empty() {
                break erased;
            }
            erased += ids.len();
            $erase(ids).await?;
        }
    }};
}

/// All guests of a campaign that are not erased yet.
pub async fn all_guests(conn: &Conn, scope: &Scope, campaign: CampaignId, stamp: Stamp) -> Result<usize, AppError> {
    let left = participants::table
        .filter(participants::campaign_id.eq(campaign))
        .filter(participants::erased_at.is_null())
        .order(participants::id)
        .select(participants::id);
    Ok(drain!(conn, left, async |ids: Vec<ParticipantId>| guests(conn, scope, campaign, &ids, stamp).await))
}

/// All contacts of a campaign that there still are.
pub async fn all_contacts(conn: &Conn, scope: &Scope, campaign: CampaignId, stamp: Stamp) -> Result<usize, AppError> {
    let left = participant_contacts::table
        .filter(participant_contacts::campaign_id.eq(campaign))
        .filter(participant_contacts::phone.is_not_null().or(participant_contacts::email.is_not_null()))
        .order(participant_contacts::participant_id)
        .select(participant_contacts::participant_id);
    Ok(drain!(conn, left, async |ids: Vec<ParticipantId>| contacts(conn, scope, campaign, &ids, stamp).await))
}

/// All delegates of a campaign that are not erased yet.
pub async fn all_delegates(conn: &Conn, scope: &Scope, campaign: CampaignId, stamp: Stamp) -> Result<usize, AppError> {
    let left = delegates::table
        .filter(delegates::campaign_id.eq(campaign))
        .filter(delegates::erased_at.is_null())
        .order(delegates::id)
        .select(delegates::id);
    Ok(drain!(conn, left, async |ids: Vec<DelegateId>| delegates(conn, scope, campaign, &ids, stamp).await))
}

/// All opinions of a campaign with a name that is not erased yet.
pub async fn all_opinions(conn: &Conn, scope: &Scope, campaign: CampaignId, stamp: Stamp) -> Result<usize, AppError> {
    let left = opinions::table
        .filter(opinions::campaign_id.eq(campaign))
        .filter(opinions::raised_by_name.is_not_null())
        .filter(opinions::erased_at.is_null())
        .order(opinions::id)
        .select(opinions::id);
    Ok(drain!(conn, left, async |ids: Vec<OpinionId>| opinions(conn, scope, campaign, &ids, stamp).await))
}

/// All commendations of individuals in a campaign that are not erased yet.
pub async fn all_commendations(conn: &Conn, scope: &Scope, campaign: CampaignId, stamp: Stamp) -> Result<usize, AppError> {
    let left = commendations::table
        .filter(commendations::campaign_id.eq(campaign))
        .filter(commendations::awardee_kind.eq(AwardeeKind::Individual))
        .filter(commendations::erased_at.is_null())
        .order(commendations::id)
        .select(commendations::id);
    Ok(drain!(conn, left, async |ids: Vec<CommendationId>| commendations(conn, scope, campaign, &ids, stamp).await))
}

/// All requests of a campaign that describe a person in words. What was asked, when, and what became of it stay.
pub async fn all_data_requests(mut conn: &Conn, _: &Scope, campaign: CampaignId, stamp: Stamp) -> Result<usize, AppError> {
    let described =
        data_requests::table.filter(data_requests::campaign_id.eq(campaign)).filter(data_requests::reference.ne(stamp.cause.pseudonym()));
    let changes = (
        data_requests::reference.eq(stamp.cause.pseudonym()),
        data_requests::tokens.eq(Vec::<String>::new()),
        data_requests::version.eq(data_requests::version + 1),
        data_requests::updated_at.eq(stamp.at),
    );
    Ok(diesel::update(described).set(changes).execute(&mut conn).await?)
}

/// The lines of the log of readings of a campaign from before an instant: the one log that an end of keeping shortens.
pub async fn old_readings(mut conn: &Conn, _: &Scope, campaign: CampaignId, before: DateTime<Utc>) -> Result<usize, AppError> {
    let old = contact_readings::table.filter(contact_readings::campaign_id.eq(campaign)).filter(contact_readings::read_at.lt(before));
    Ok(diesel::delete(old).execute(&mut conn).await?)
}

/// Writes an erasure into the log.
pub async fn log(mut conn: &Conn, _: &Scope, erasure: &Erasure) -> Result<(), AppError> {
    diesel::insert_into(erasures::table).values(erasure).execute(&mut conn).await?;
    Ok(())
}

/// A page of erasures of bodies in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ErasureQuery, page: &PageRequest) -> Result<Vec<Erasure>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, erasures::id, {
        "erased_at" => erasures::erased_at => DateTime<Utc>,
    });
    Ok(query.select(Erasure::as_select()).load(&mut conn).await?)
}

/// How many erasures a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ErasureQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &ErasureQuery) -> erasures::BoxedQuery<'a, Pg> {
    let mut query = erasures::table.filter(in_scope(erasures::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(erasures::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(erasures::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(erasures::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(kind) = filter.data_kind {
        query = query.filter(erasures::data_kind.eq(kind));
    }
    if let Some(cause) = filter.cause {
        query = query.filter(erasures::cause.eq(cause));
    }
    if let Some(object) = filter.object_id {
        query = query.filter(erasures::object_id.eq(object));
    }
    if let Some(from) = filter.erased_from {
        query = query.filter(erasures::erased_at.ge(from));
    }
    if let Some(before) = filter.erased_before {
        query = query.filter(erasures::erased_at.lt(before));
    }
    query
}
