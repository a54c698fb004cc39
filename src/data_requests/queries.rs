//! SQL of requests and their steps.

use super::dto::{DataRequestQuery, DataRequestStepQuery};
use super::model::{DataRequest, DataRequestState, DataRequestStep};
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::DataRequestId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{data_request_steps, data_requests};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::dsl;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One request in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: DataRequestId) -> Result<DataRequest, AppError> {
    let query = data_requests::table.filter(data_requests::id.eq(id)).filter(is_in_scope(data_requests::org_unit_id, scope));
    Ok(query.select(DataRequest::as_select()).first(&mut conn).await?)
}

/// One request in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: DataRequestId) -> Result<DataRequest, AppError> {
    let query = data_requests::table.filter(data_requests::id.eq(id)).filter(is_in_scope(data_requests::org_unit_id, scope));
    Ok(query.select(DataRequest::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of requests in scope, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DataRequestQuery,
    page: &PageRequest,
    now: DateTime<Utc>,
) -> Result<Vec<DataRequest>, AppError> {
    let query = crate::keyset!(filtered(scope, filter, now), page, data_requests::id, {
        "created_at" => data_requests::created_at => DateTime<Utc>,
        "updated_at" => data_requests::updated_at => DateTime<Utc>,
        "received_at" => data_requests::received_at => DateTime<Utc>,
        "done_due_before" => data_requests::done_due_before => DateTime<Utc>,
    });
    Ok(query.select(DataRequest::as_select()).load(&mut conn).await?)
}

/// How many requests a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &DataRequestQuery, now: DateTime<Utc>) -> Result<i64, AppError> {
    Ok(filtered(scope, filter, now).count().get_result(&mut conn).await?)
}

/// Whether the next limit of an open request comes at an instant or before it, as `rules::is_overdue` says.
macro_rules! due_by {
    ($at:expr) => {
        data_requests::state
            .eq(DataRequestState::Received)
            .and(data_requests::answer_due_before.le($at).or(data_requests::done_due_before.le($at)))
            .or(data_requests::state.eq(DataRequestState::Answered).and(data_requests::done_due_before.le($at)))
    };
}

fn filtered<'a>(scope: &'a Scope, filter: &'a DataRequestQuery, now: DateTime<Utc>) -> data_requests::BoxedQuery<'a, Pg> {
    let mut query = data_requests::table.filter(in_scope(data_requests::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(data_requests::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(data_requests::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(data_requests::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(data_requests::kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(data_requests::state.eq(state));
    }
    if let Some(participant) = filter.participant_id {
        query = query.filter(data_requests::participant_id.eq(participant));
    }
    match filter.is_overdue {
        Some(true) => query = query.filter(due_by!(now)),
        Some(false) => query = query.filter(dsl::not(due_by!(now))),
        None => {}
    }
    if let Some(until) = filter.due_until {
        query = query.filter(due_by!(until));
    }
    if let Some(text) = &filter.q {
        query = query.filter(data_requests::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(request: &DataRequest) -> Vec<String> {
    search_tokens(&[request.reference.as_deref().unwrap_or_default()])
}

/// Adds a request. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, request: &DataRequest) -> Result<(), AppError> {
    diesel::insert_into(data_requests::table).values((request, data_requests::tokens.eq(tokens(request)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked request back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut request: DataRequest, now: DateTime<Utc>) -> Result<DataRequest, AppError> {
    request.version += 1;
    request.updated_at = now;
    let row = data_requests::table.find((request.campaign_id, request.id));
    Cached(diesel::update(row).set((&request, data_requests::tokens.eq(tokens(&request))))).execute(&mut conn).await?;
    Ok(request)
}

/// Writes a step into the log.
pub async fn log(mut conn: &Conn, _: &Scope, step: &DataRequestStep) -> Result<(), AppError> {
    diesel::insert_into(data_request_steps::table).values(step).execute(&mut conn).await?;
    Ok(())
}

/// A page of the steps of a request that was found in scope, with one row more than it holds.
pub async fn steps(
    mut conn: &Conn,
    _: &Scope,
    request: &DataRequest,
    filter: &DataRequestStepQuery,
    page: &PageRequest,
) -> Result<Vec<DataRequestStep>, AppError> {
    let query = crate::keyset!(of_request(request, filter), page, data_request_steps::id, {
        "occurred_at" => data_request_steps::occurred_at => DateTime<Utc>,
    });
    Ok(query.select(DataRequestStep::as_select()).load(&mut conn).await?)
}

/// How many steps the list has in all.
pub async fn count_steps(mut conn: &Conn, _: &Scope, request: &DataRequest, filter: &DataRequestStepQuery) -> Result<i64, AppError> {
    Ok(of_request(request, filter).count().get_result(&mut conn).await?)
}

fn of_request(request: &DataRequest, filter: &DataRequestStepQuery) -> data_request_steps::BoxedQuery<'static, Pg> {
    let mut query = data_request_steps::table
        .filter(data_request_steps::campaign_id.eq(request.campaign_id))
        .filter(data_request_steps::data_request_id.eq(request.id))
        .into_boxed();
    if let Some(account) = filter.actor_id {
        query = query.filter(data_request_steps::actor_id.eq(account));
    }
    query
}
