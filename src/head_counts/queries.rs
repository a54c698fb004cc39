//! SQL of head counts.

use super::dto::HeadCountQuery;
use super::model::HeadCount;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::HeadCountId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::head_counts;
use crate::sites::model::Site;
use chrono::{DateTime, Utc};
use diesel::dsl::{self, sql};
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;

/// One count in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: HeadCountId) -> Result<HeadCount, AppError> {
    let query = head_counts::table.filter(head_counts::id.eq(id)).filter(is_in_scope(head_counts::org_unit_id, scope));
    Ok(query.select(HeadCount::as_select()).first(&mut conn).await?)
}

/// One count in scope that a request names; 422 at the pointer when there is none.
pub async fn find_reference(conn: &Conn, scope: &Scope, id: HeadCountId, pointer: &str) -> Result<HeadCount, AppError> {
    find(conn, scope, id).await.map_err(|error| error.into_unknown_reference(pointer))
}

/// A page of counts in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &HeadCountQuery, page: &PageRequest) -> Result<Vec<HeadCount>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, head_counts::id, {
        "counted_at" => head_counts::counted_at => DateTime<Utc>,
        "received_at" => head_counts::received_at => DateTime<Utc>,
        "head_count" => head_counts::head_count => i32,
    });
    Ok(query.select(HeadCount::as_select()).load(&mut conn).await?)
}

/// How many counts a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &HeadCountQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Whether another count puts one right.
fn is_superseded() -> SqlLiteral<Bool> {
    sql("EXISTS (SELECT FROM head_counts c WHERE c.campaign_id = head_counts.campaign_id AND c.supersedes_id = head_counts.id)")
}

fn filtered<'a>(scope: &'a Scope, filter: &HeadCountQuery) -> head_counts::BoxedQuery<'a, Pg> {
    let mut query = head_counts::table.filter(in_scope(head_counts::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(head_counts::campaign_id.eq(campaign));
    }
    if let Some(site) = filter.site_id {
        query = query.filter(head_counts::site_id.eq(site));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(head_counts::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(head_counts::org_unit_id.eq_any(units_under(unit)));
    }
    match filter.is_superseded {
        Some(true) => query = query.filter(is_superseded()),
        Some(false) => query = query.filter(dsl::not(is_superseded())),
        None => {}
    }
    if let Some(at) = filter.counted_from {
        query = query.filter(head_counts::counted_at.ge(at));
    }
    if let Some(at) = filter.counted_before {
        query = query.filter(head_counts::counted_at.lt(at));
    }
    query
}

/// Adds a count. The caller has checked that its site is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, count: &HeadCount) -> Result<(), AppError> {
    diesel::insert_into(head_counts::table).values(count).execute(&mut conn).await?;
    Ok(())
}

/// The highest count of a site that holds, of several the first.
pub async fn peak(mut conn: &Conn, _: &Scope, site: &Site) -> Result<Option<HeadCount>, AppError> {
    let query = head_counts::table
        .filter(head_counts::campaign_id.eq(site.campaign_id))
        .filter(head_counts::site_id.eq(site.id))
        .filter(dsl::not(is_superseded()))
        .order((head_counts::head_count.desc(), head_counts::counted_at, head_counts::id));
    Ok(query.select(HeadCount::as_select()).first(&mut conn).await.optional()?)
}
