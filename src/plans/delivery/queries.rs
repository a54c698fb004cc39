//! SQL of recipients and their deliveries.

use super::dto::PlanDeliveryQuery;
use super::model::{DeliveryState, PlanDelivery, PlanRecipient};
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::{OrgUnitId, PlanId};
use crate::pagination::PageRequest;
use crate::schema::{org_units, plan_deliveries, plan_recipients};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// The recipients of a plan whose scope has been checked, in printed order.
pub async fn list(mut conn: &Conn, plan: PlanId) -> Result<Vec<PlanRecipient>, AppError> {
    let query = plan_recipients::table.filter(plan_recipients::plan_id.eq(plan)).order(plan_recipients::no);
    Ok(query.select(PlanRecipient::as_select()).load(&mut conn).await?)
}

/// One recipient of a plan whose scope has been checked.
pub async fn find(mut conn: &Conn, plan: PlanId, no: i32) -> Result<PlanRecipient, AppError> {
    Ok(plan_recipients::table.find((plan, no)).select(PlanRecipient::as_select()).first(&mut conn).await?)
}

/// The same, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, plan: PlanId, no: i32) -> Result<PlanRecipient, AppError> {
    let query = plan_recipients::table.find((plan, no)).select(PlanRecipient::as_select());
    Ok(query.for_no_key_update().first(&mut conn).await?)
}

/// Writes a locked recipient back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut recipient: PlanRecipient) -> Result<PlanRecipient, AppError> {
    recipient.version += 1;
    diesel::update(plan_recipients::table.find((recipient.plan_id, recipient.no))).set(&recipient).execute(&mut conn).await?;
    Ok(recipient)
}

/// Marks all recipients of a locked plan that are pending as sent; gives those it changed, in printed order.
pub async fn send_all(
    mut conn: &Conn,
    _: &Scope,
    plan: PlanId,
    channel: super::model::DeliveryChannel,
    by: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<PlanRecipient>, AppError> {
    let pending =
        plan_recipients::table.filter(plan_recipients::plan_id.eq(plan)).filter(plan_recipients::state.eq(DeliveryState::Pending));
    let update = diesel::update(pending)
        .set((
            plan_recipients::state.eq(DeliveryState::Sent),
            plan_recipients::channel.eq(channel),
            plan_recipients::sent_at.eq(now),
            plan_recipients::sent_by.eq(by),
            plan_recipients::version.eq(plan_recipients::version + 1),
        ))
        .returning(PlanRecipient::as_returning());
    let mut sent = update.get_results(&mut conn).await?;
    sent.sort_by_key(|recipient: &PlanRecipient| recipient.no);
    Ok(sent)
}

/// Appends to the log.
pub async fn log(mut conn: &Conn, _: &Scope, deliveries: &[PlanDelivery]) -> Result<(), AppError> {
    diesel::insert_into(plan_deliveries::table).values(deliveries).execute(&mut conn).await?;
    Ok(())
}

/// Whether a unit lies in a scope.
pub async fn is_covered(mut conn: &Conn, scope: &Scope, unit: OrgUnitId) -> Result<bool, AppError> {
    let path: String = org_units::table.find(unit).select(org_units::path).first(&mut conn).await?;
    Ok(scope.covers(&path))
}

/// A page of the log of a plan whose scope has been checked, with one row more than it holds.
pub async fn deliveries(
    mut conn: &Conn,
    plan: PlanId,
    filter: &PlanDeliveryQuery,
    page: &PageRequest,
) -> Result<Vec<PlanDelivery>, AppError> {
    let query = crate::keyset!(filtered(plan, filter), page, plan_deliveries::id, {
        "occurred_at" => plan_deliveries::occurred_at => DateTime<Utc>,
    });
    Ok(query.select(PlanDelivery::as_select()).load(&mut conn).await?)
}

/// How long the log is in all.
pub async fn count_deliveries(mut conn: &Conn, plan: PlanId, filter: &PlanDeliveryQuery) -> Result<i64, AppError> {
    Ok(filtered(plan, filter).count().get_result(&mut conn).await?)
}

fn filtered(plan: PlanId, filter: &PlanDeliveryQuery) -> plan_deliveries::BoxedQuery<'static, Pg> {
    let query = plan_deliveries::table.filter(plan_deliveries::plan_id.eq(plan)).into_boxed();
    match filter.recipient_no {
        Some(no) => query.filter(plan_deliveries::recipient_no.eq(no)),
        None => query,
    }
}
