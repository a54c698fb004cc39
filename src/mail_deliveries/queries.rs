//! SQL of the outbox: what the API reads of it.

use super::dto::MailDeliveryQuery;
use super::model::MailDelivery;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::MailDeliveryId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::mail_deliveries;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One letter in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: MailDeliveryId) -> Result<MailDelivery, AppError> {
    let query = mail_deliveries::table.filter(mail_deliveries::id.eq(id)).filter(is_in_scope(mail_deliveries::org_unit_id, scope));
    Ok(query.select(MailDelivery::as_select()).first(&mut conn).await?)
}

/// A page of letters in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &MailDeliveryQuery, page: &PageRequest) -> Result<Vec<MailDelivery>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, mail_deliveries::id, {
        "created_at" => mail_deliveries::created_at => DateTime<Utc>,
    });
    Ok(query.select(MailDelivery::as_select()).load(&mut conn).await?)
}

/// How many letters a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &MailDeliveryQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a MailDeliveryQuery) -> mail_deliveries::BoxedQuery<'a, Pg> {
    let mut query = mail_deliveries::table.filter(in_scope(mail_deliveries::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(mail_deliveries::campaign_id.eq(campaign));
    }
    if let Some(reminder) = filter.reminder_id {
        query = query.filter(mail_deliveries::reminder_id.eq(reminder));
    }
    if let Some(user) = filter.user_id {
        query = query.filter(mail_deliveries::user_id.eq(user));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(mail_deliveries::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(mail_deliveries::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(state) = filter.state {
        query = query.filter(mail_deliveries::state.eq(state));
    }
    query
}
