//! SQL of commendations.

use super::dto::CommendationQuery;
use super::model::Commendation;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::CommendationId;
use crate::org_units::queries::units_under;
use crate::pagination::{LAST_DAY, PageRequest, or_last};
use crate::schema::commendations;
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One commendation in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: CommendationId) -> Result<Commendation, AppError> {
    let query = commendations::table.filter(commendations::id.eq(id)).filter(is_in_scope(commendations::org_unit_id, scope));
    Ok(query.select(Commendation::as_select()).first(&mut conn).await?)
}

/// One commendation of a body in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: CommendationId) -> Result<Commendation, AppError> {
    let query = commendations::table.filter(commendations::id.eq(id)).filter(is_in_scope(commendations::org_unit_id, scope));
    Ok(query.select(Commendation::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of commendations in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &CommendationQuery, page: &PageRequest) -> Result<Vec<Commendation>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, commendations::id, {
        "created_at" => commendations::created_at => DateTime<Utc>,
        "updated_at" => commendations::updated_at => DateTime<Utc>,
        "decided_on" => or_last(commendations::decided_on, LAST_DAY) => NaiveDate,
    });
    Ok(query.select(Commendation::as_select()).load(&mut conn).await?)
}

/// How many commendations a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &CommendationQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a CommendationQuery) -> commendations::BoxedQuery<'a, Pg> {
    let mut query = commendations::table.filter(in_scope(commendations::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(commendations::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(commendations::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(commendations::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(awardee_kind) = filter.awardee_kind {
        query = query.filter(commendations::awardee_kind.eq(awardee_kind));
    }
    if let Some(award_form) = filter.award_form {
        query = query.filter(commendations::award_form.eq(award_form));
    }
    if let Some(award_level) = filter.award_level {
        query = query.filter(commendations::award_level.eq(award_level));
    }
    if let Some(site_id) = filter.site_id {
        query = query.filter(commendations::site_id.eq(site_id));
    }
    if let Some(activity_id) = filter.activity_id {
        query = query.filter(commendations::activity_id.eq(activity_id));
    }
    if let Some(decided_from) = filter.decided_from {
        query = query.filter(commendations::decided_on.ge(decided_from));
    }
    if let Some(decided_before) = filter.decided_before {
        query = query.filter(commendations::decided_on.lt(decided_before));
    }
    if let Some(text) = &filter.q {
        query = query.filter(commendations::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(commendation: &Commendation) -> Vec<String> {
    search_tokens(&[
        &commendation.awardee_name,
        commendation.decision_number.as_deref().unwrap_or_default(),
        commendation.awarding_body.as_deref().unwrap_or_default(),
        &commendation.reason,
    ])
}

/// Adds a commendation. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, commendation: &Commendation) -> Result<(), AppError> {
    diesel::insert_into(commendations::table)
        .values((commendation, commendations::tokens.eq(tokens(commendation))))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Writes a locked commendation back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut commendation: Commendation, now: DateTime<Utc>) -> Result<Commendation, AppError> {
    commendation.version += 1;
    commendation.updated_at = now;
    let target = commendations::table.find((commendation.campaign_id, commendation.id));
    let change = diesel::update(target).set((&commendation, commendations::tokens.eq(tokens(&commendation))));
    Cached(change).execute(&mut conn).await?;
    Ok(commendation)
}

/// Deletes a locked commendation.
pub async fn delete(mut conn: &Conn, _: &Scope, commendation: &Commendation) -> Result<(), AppError> {
    diesel::delete(commendations::table.find((commendation.campaign_id, commendation.id))).execute(&mut conn).await?;
    Ok(())
}
