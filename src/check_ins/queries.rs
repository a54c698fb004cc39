//! SQL of the check-in log.

use super::dto::CheckInQuery;
use super::model::{CheckIn, Notice, Operation, RefusalReason, Verdict};
use crate::auth::Scope;
use crate::campaigns::model::CampaignState;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::{CampaignId, CheckInId, OrgUnitId, SiteId};
use crate::pagination::PageRequest;
use crate::schema::{check_ins, participants, sites};
use chrono::{DateTime, Utc};
use diesel::dsl::{self, IntervalDsl};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use std::collections::HashMap;
use uuid::Uuid;

/// One line of the log in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: CheckInId) -> Result<CheckIn, AppError> {
    let query = check_ins::table.filter(check_ins::id.eq(id)).filter(is_in_scope(check_ins::org_unit_id, scope));
    Ok(query.select(CheckIn::as_select()).first(&mut conn).await?)
}

/// A page of the log in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &CheckInQuery, page: &PageRequest) -> Result<Vec<CheckIn>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, check_ins::id, {
        "occurred_at" => check_ins::occurred_at => DateTime<Utc>,
        "received_at" => check_ins::received_at => DateTime<Utc>,
    });
    Ok(query.select(CheckIn::as_select()).load(&mut conn).await?)
}

/// How many lines a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &CheckInQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &CheckInQuery) -> check_ins::BoxedQuery<'a, diesel::pg::Pg> {
    let mut query = check_ins::table.filter(in_scope(check_ins::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(check_ins::campaign_id.eq(campaign));
    }
    // The indexes of site and participant begin with the campaign.
    if let Some(site) = filter.site_id {
        let campaign = sites::table.filter(sites::id.eq(site)).select(sites::campaign_id).single_value();
        query = query.filter(check_ins::site_id.eq(site)).filter(check_ins::campaign_id.nullable().eq(campaign));
    }
    if let Some(participant) = filter.participant_id {
        let campaign = participants::table.filter(participants::id.eq(participant)).select(participants::campaign_id).single_value();
        // What the log has of a merged guest counts for the one it is merged into.
        let merged = participants::table.filter(participants::merged_into_id.eq(participant)).select(participants::id);
        query = query
            .filter(check_ins::participant_id.eq(participant).or(check_ins::participant_id.eq_any(merged)))
            .filter(check_ins::campaign_id.nullable().eq(campaign));
    }
    if let Some(device) = filter.device_id {
        query = query.filter(check_ins::device_id.eq(device));
    }
    if let Some(direction) = filter.direction {
        query = query.filter(check_ins::direction.eq(direction));
    }
    if let Some(reason) = filter.reason {
        query = query.filter(check_ins::reason.eq(reason));
    }
    if let Some(is_ahead) = filter.is_ahead {
        let ahead = check_ins::occurred_at.gt(check_ins::received_at + 5.minutes());
        query = if is_ahead { query.filter(ahead) } else { query.filter(dsl::not(ahead)) };
    }
    if let Some(at) = filter.occurred_from {
        query = query.filter(check_ins::occurred_at.ge(at));
    }
    if let Some(at) = filter.occurred_before {
        query = query.filter(check_ins::occurred_at.lt(at));
    }
    query
}

/// The statement that logs a batch.
pub const LOG: &str = include_str!("log.sql");

#[derive(QueryableByName)]
struct Written {
    #[diesel(sql_type = SqlUuid)]
    id: CheckInId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    campaign_id: Option<CampaignId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    site_id: Option<SiteId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    org_unit_id: Option<OrgUnitId>,
    #[diesel(sql_type = Nullable<Text>)]
    site_state: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    campaign_state: Option<CampaignState>,
    #[diesel(sql_type = Nullable<Bool>)]
    is_right_site: Option<bool>,
    #[diesel(sql_type = Nullable<Bool>)]
    has_declined: Option<bool>,
    #[diesel(sql_type = Bool)]
    is_stale: bool,
    #[diesel(sql_type = Bool)]
    is_logged: bool,
}

/// Logs a batch in a transaction and tells what became of each operation, in their order.
pub async fn log(conn: &Conn, operations: &[Operation]) -> Result<Vec<Verdict>, AppError> {
    log_each(conn, operations).await?.into_iter().collect()
}

/// Logs a batch in one statement and tells what became of each operation, in their order. Outside a transaction the
/// log is written then: that one operation cannot be looked up afterwards is no error of the others.
/// Each operation carries the scope it was authorized with.
pub async fn log_each(conn: &Conn, operations: &[Operation]) -> Result<Vec<Result<Verdict, AppError>>, AppError> {
    let mut rows = write(conn, operations).await?;
    // Only of a guest who was merged while the statement waited for the site: it did not see into whom, and wrote nothing.
    for _ in 0..MOST_MERGERS {
        let is_stale = |operation: &&Operation| rows.get(&operation.id).is_some_and(|row| row.is_stale);
        let stale: Vec<Operation> = operations.iter().filter(is_stale).cloned().collect();
        if stale.is_empty() {
            break;
        }
        rows.extend(write(conn, &stale).await?);
    }
    let earlier = find_earlier(conn, operations, &rows).await;
    let verdict = |operation: &Operation| -> Result<Verdict, AppError> {
        let Some(row) = rows.remove(&operation.id) else { return Ok(Verdict::UnknownParticipant) };
        if row.is_logged || row.campaign_id.is_none() {
            return Ok(verdict(operation, row, None));
        }
        let earlier = earlier.as_ref().map_err(AppError::clone)?;
        let same = row.campaign_id.and_then(|campaign| earlier.get(&(campaign, operation.device_id, operation.op_id)));
        if row.is_stale && same.is_none() {
            return Err(AppError::internal("a guest was merged again and again while a check-in waited"));
        }
        Ok(verdict(operation, row, same.cloned()))
    };
    Ok(operations.iter().map(verdict).collect())
}

/// A guest is merged, and after an un-merge into another one: more often within one check-in is no accident.
const MOST_MERGERS: usize = 5;

/// Runs the statement that logs a batch.
async fn write(mut conn: &Conn, operations: &[Operation]) -> Result<HashMap<CheckInId, Written>, AppError> {
    let column = |of: fn(&Operation) -> Uuid| operations.iter().map(of).collect::<Vec<Uuid>>();
    let times = |of: fn(&Operation) -> DateTime<Utc>| operations.iter().map(of).collect::<Vec<DateTime<Utc>>>();
    let query = diesel::sql_query(LOG)
        .bind::<Array<SqlUuid>, _>(column(|operation| operation.id.into()))
        .bind::<Array<SqlUuid>, _>(column(|operation| operation.participant_id.into()))
        .bind::<Array<SqlUuid>, _>(column(|operation| operation.device_id))
        .bind::<Array<SqlUuid>, _>(column(|operation| operation.op_id))
        .bind::<Array<Text>, _>(operations.iter().map(|operation| operation.direction.as_str()).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(times(|operation| operation.occurred_at))
        .bind::<Array<Timestamptz>, _>(times(|operation| operation.received_at))
        .bind::<Array<SqlUuid>, _>(column(|operation| operation.actor_id))
        .bind::<Array<Text>, _>(operations.iter().map(|operation| operation.scope_prefix.as_str()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(
            operations.iter().map(|operation| operation.reason.map(RefusalReason::as_str)).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(operations.iter().map(right_sites).collect::<Vec<_>>());
    let rows: Vec<Written> = Cached(query).load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The sites as the text of a PostgreSQL array: an array of arrays of several lengths cannot be bound.
fn right_sites(operation: &Operation) -> Option<String> {
    let sites = operation.right_sites.as_ref()?;
    Some(format!("{{{}}}", sites.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")))
}

/// Of a guest who is not in scope: the pass, which we signed, may say that the guest belongs to another site.
fn not_found(operation: &Operation) -> Verdict {
    let is_elsewhere = operation.pass_site.zip(operation.right_sites.as_ref()).is_some_and(|(site, right)| !right.contains(&site));
    if is_elsewhere { Verdict::WrongSite } else { Verdict::UnknownParticipant }
}

fn verdict(operation: &Operation, row: Written, earlier: Option<CheckIn>) -> Verdict {
    let (Some(campaign_id), Some(site_id), Some(org_unit_id)) = (row.campaign_id, row.site_id, row.org_unit_id) else {
        return not_found(operation);
    };
    let notice = Notice { has_declined: row.has_declined == Some(true) };
    if row.is_logged {
        let Operation { id, participant_id, device_id, op_id, direction, occurred_at, received_at, reason, .. } = operation.clone();
        let line = CheckIn {
            campaign_id,
            id,
            site_id,
            participant_id,
            org_unit_id,
            device_id,
            op_id,
            direction,
            occurred_at,
            received_at,
            reason,
        };
        return Verdict::Logged(line, notice);
    }
    let says = |row: &CheckIn| (row.participant_id, row.direction, row.reason);
    match earlier {
        Some(earlier) if says(&earlier) == (operation.participant_id, operation.direction, operation.reason) => {
            Verdict::Repeated(earlier, notice)
        }
        Some(_) => Verdict::OperationReused,
        None if row.is_right_site == Some(false) => Verdict::WrongSite,
        None if row.campaign_state == Some(CampaignState::Closed) => Verdict::CampaignNotOpen(CampaignState::Closed),
        None => Verdict::SiteNotOpen(row.site_state.unwrap_or_default()),
    }
}

const EARLIER: &str = "SELECT c.campaign_id, c.id, c.site_id, c.participant_id, c.org_unit_id, c.device_id, c.op_id, c.direction, \
     c.occurred_at, c.received_at, c.reason \
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS t (campaign_id, device_id, op_id) \
     JOIN check_ins c ON c.campaign_id = t.campaign_id AND c.device_id = t.device_id AND c.op_id = t.op_id";

type ByOperation = HashMap<(CampaignId, Uuid, Uuid), CheckIn>;

/// What the log has under the names of those operations that were not written now; one query for all.
async fn find_earlier(mut conn: &Conn, operations: &[Operation], rows: &HashMap<CheckInId, Written>) -> Result<ByOperation, AppError> {
    let unwritten = operations.iter().filter_map(|operation| {
        let row = rows.get(&operation.id).filter(|row| !row.is_logged)?;
        Some((Uuid::from(row.campaign_id?), (operation.device_id, operation.op_id)))
    });
    let (campaigns, names): (Vec<Uuid>, Vec<(Uuid, Uuid)>) = unwritten.unzip();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let (devices, ops): (Vec<Uuid>, Vec<Uuid>) = names.into_iter().unzip();
    let query =
        diesel::sql_query(EARLIER).bind::<Array<SqlUuid>, _>(campaigns).bind::<Array<SqlUuid>, _>(devices).bind::<Array<SqlUuid>, _>(ops);
    let found: Vec<CheckIn> = Cached(query).load(&mut conn).await?;
    Ok(found.into_iter().map(|row| ((row.campaign_id, row.device_id, row.op_id), row)).collect())
}
