//! SQL of grassroots models.

use super::dto::GrassrootsModelQuery;
use super::model::{GrassrootsModel, ModelReplication};
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::GrassrootsModelId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{grassroots_models, model_replications};
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One grassroots model in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: GrassrootsModelId) -> Result<GrassrootsModel, AppError> {
    let query = grassroots_models::table.filter(grassroots_models::id.eq(id)).filter(is_in_scope(grassroots_models::org_unit_id, scope));
    Ok(query.select(GrassrootsModel::as_select()).first(&mut conn).await?)
}

/// One grassroots model of a body in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: GrassrootsModelId) -> Result<GrassrootsModel, AppError> {
    let query = grassroots_models::table.filter(grassroots_models::id.eq(id)).filter(is_in_scope(grassroots_models::org_unit_id, scope));
    Ok(query.select(GrassrootsModel::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of grassroots models in scope, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &GrassrootsModelQuery,
    page: &PageRequest,
) -> Result<Vec<GrassrootsModel>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, grassroots_models::id, {
        "created_at" => grassroots_models::created_at => DateTime<Utc>,
        "updated_at" => grassroots_models::updated_at => DateTime<Utc>,
        "launched_on" => grassroots_models::launched_on => NaiveDate,
        "replication_count" => grassroots_models::replication_count => i32,
    });
    Ok(query.select(GrassrootsModel::as_select()).load(&mut conn).await?)
}

/// How many grassroots models a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &GrassrootsModelQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a GrassrootsModelQuery) -> grassroots_models::BoxedQuery<'a, Pg> {
    let mut query = grassroots_models::table.filter(in_scope(grassroots_models::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(grassroots_models::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(grassroots_models::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(grassroots_models::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(grassroots_models::kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(grassroots_models::state.eq(state));
    }
    if let Some(site_id) = filter.site_id {
        query = query.filter(grassroots_models::site_id.eq(site_id));
    }
    if let Some(launched_from) = filter.launched_from {
        query = query.filter(grassroots_models::launched_on.ge(launched_from));
    }
    if let Some(launched_before) = filter.launched_before {
        query = query.filter(grassroots_models::launched_on.lt(launched_before));
    }
    if let Some(text) = &filter.q {
        query = query.filter(grassroots_models::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(model: &GrassrootsModel) -> Vec<String> {
    search_tokens(&[&model.name, model.description.as_deref().unwrap_or_default()])
}

/// Adds a grassroots model. The caller has checked that its body is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, model: &GrassrootsModel) -> Result<(), AppError> {
    diesel::insert_into(grassroots_models::table).values((model, grassroots_models::tokens.eq(tokens(model)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked grassroots model back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut model: GrassrootsModel, now: DateTime<Utc>) -> Result<GrassrootsModel, AppError> {
    model.version += 1;
    model.updated_at = now;
    let target = grassroots_models::table.find((model.campaign_id, model.id));
    let change = diesel::update(target).set((&model, grassroots_models::tokens.eq(tokens(&model))));
    Cached(change).execute(&mut conn).await?;
    Ok(model)
}

/// Deletes a locked grassroots model.
pub async fn delete(mut conn: &Conn, _: &Scope, model: &GrassrootsModel) -> Result<(), AppError> {
    diesel::delete(grassroots_models::table.find((model.campaign_id, model.id))).execute(&mut conn).await?;
    Ok(())
}

/// Adds a replication of a locked model.
pub async fn insert_replication(mut conn: &Conn, replication: &ModelReplication) -> Result<(), AppError> {
    diesel::insert_into(model_replications::table).values(replication).execute(&mut conn).await?;
    Ok(())
}

/// A page of the replications of a model whose scope has been checked, with one row more than it holds.
pub async fn list_replications(mut conn: &Conn, model: &GrassrootsModel, page: &PageRequest) -> Result<Vec<ModelReplication>, AppError> {
    let of_model = model_replications::table
        .filter(model_replications::campaign_id.eq(model.campaign_id))
        .filter(model_replications::grassroots_model_id.eq(model.id));
    let query = crate::keyset!(of_model.into_boxed(), page, model_replications::id, {
        "replicated_on" => model_replications::replicated_on => NaiveDate,
        "recorded_at" => model_replications::recorded_at => DateTime<Utc>,
    });
    Ok(query.select(ModelReplication::as_select()).load(&mut conn).await?)
}

/// How many replications a model has.
pub async fn count_replications(mut conn: &Conn, model: &GrassrootsModel) -> Result<i64, AppError> {
    let of_model = model_replications::table
        .filter(model_replications::campaign_id.eq(model.campaign_id))
        .filter(model_replications::grassroots_model_id.eq(model.id));
    Ok(of_model.count().get_result(&mut conn).await?)
}
