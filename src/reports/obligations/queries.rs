//! SQL of report obligations.

use super::dto::ReportObligationQuery;
use super::model::{Delivered, ReportObligation, Standing};
use crate::auth::Scope;
use crate::db::in_scope::is_in_scope;
use crate::db::{Conn, starts_with};
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::ids::{CampaignId, OrgUnitId, ReportObligationId};
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::reports::model::Report;
use crate::schema::{org_units, report_obligations, reports};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::dsl::{IntoBoxed, auto_type, exists, select};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// Obligations with their body and the report under them, if there is one.
#[auto_type]
fn standing() -> _ {
    report_obligations::table.inner_join(org_units::table.on(org_units::id.eq(report_obligations::org_unit_id))).left_join(
        reports::table.on(reports::campaign_id.eq(report_obligations::campaign_id).and(reports::obligation_id.eq(report_obligations::id))),
    )
}

/// One obligation in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ReportObligationId) -> Result<ReportObligation, AppError> {
    let query = report_obligations::table.filter(report_obligations::id.eq(id)).filter(is_in_scope(report_obligations::org_unit_id, scope));
    Ok(query.select(ReportObligation::as_select()).first(&mut conn).await?)
}

/// One obligation in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ReportObligationId) -> Result<ReportObligation, AppError> {
    let query = report_obligations::table.filter(report_obligations::id.eq(id)).filter(is_in_scope(report_obligations::org_unit_id, scope));
    Ok(query.select(ReportObligation::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// An obligation that a body names, kept from deletion meanwhile; 422 at `pointer` when it is not in scope.
pub async fn find_reference(mut conn: &Conn, scope: &Scope, id: ReportObligationId, pointer: &str) -> Result<ReportObligation, AppError> {
    let query = report_obligations::table.filter(report_obligations::id.eq(id)).filter(is_in_scope(report_obligations::org_unit_id, scope));
    let found = query.select(ReportObligation::as_select()).for_key_share().first(&mut conn).await.optional()?;
    found.ok_or_else(|| AppError::field(FieldError::unknown_reference(pointer)))
}

/// The obligation under which a report stands; the report was found in scope.
pub async fn of_report(mut conn: &Conn, _: &Scope, report: &Report) -> Result<ReportObligation, AppError> {
    let query = report_obligations::table.find((report.campaign_id, report.obligation_id));
    Ok(query.select(ReportObligation::as_select()).first(&mut conn).await?)
}

/// A page of obligations in scope as they stand, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ReportObligationQuery,
    now: DateTime<Utc>,
    page: &PageRequest,
) -> Result<Vec<Standing>, AppError> {
    let query = crate::keyset!(filtered(scope, filter, now), page, report_obligations::id, {
        "created_at" => report_obligations::created_at => DateTime<Utc>,
        "updated_at" => report_obligations::updated_at => DateTime<Utc>,
        "due_before" => report_obligations::due_before => DateTime<Utc>,
    });
    let columns = (ReportObligation::as_select(), org_units::name, org_units::kind, Option::<Delivered>::as_select());
    Ok(query.select(columns).load(&mut conn).await?)
}

/// How many obligations a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ReportObligationQuery, now: DateTime<Utc>) -> Result<i64, AppError> {
    Ok(filtered(scope, filter, now).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a ReportObligationQuery, now: DateTime<Utc>) -> IntoBoxed<'a, standing, Pg> {
    let mut query = standing().into_boxed().filter(starts_with(org_units::path, scope.prefix()));
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(report_obligations::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(report_obligations::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(report_obligations::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(state) = filter.state {
        query = match state.report_state() {
            Some(state) => query.filter(reports::state.eq(state)),
            None => query.filter(reports::id.is_null()),
        };
    }
    if let Some(is_late) = filter.is_late {
        query = query.filter(reports::is_late.eq(is_late));
    }
    match filter.is_overdue {
        Some(true) => query = query.filter(report_obligations::due_before.le(now)).filter(reports::first_submitted_at.is_null()),
        Some(false) => query = query.filter(report_obligations::due_before.gt(now).or(reports::first_submitted_at.is_not_null())),
        None => {}
    }
    if let Some(text) = &filter.q {
        query = query.filter(org_units::tokens.contains(search_tokens(&[text])));
    }
    query
}

/// All obligations in scope in one campaign as they stand, in the order of the tree.
pub async fn of_campaign(mut conn: &Conn, scope: &Scope, campaign: CampaignId) -> Result<Vec<Standing>, AppError> {
    let query = standing().filter(report_obligations::campaign_id.eq(campaign)).filter(starts_with(org_units::path, scope.prefix()));
    let columns = (ReportObligation::as_select(), org_units::name, org_units::kind, Option::<Delivered>::as_select());
    Ok(query.order_by((org_units::no, report_obligations::id)).select(columns).load(&mut conn).await?)
}

/// Whether a body is the owner of a campaign or below it.
pub async fn is_below(mut conn: &Conn, _: &Scope, unit: OrgUnitId, owner: OrgUnitId) -> Result<bool, AppError> {
    let found = org_units::table.filter(org_units::id.eq(unit)).filter(org_units::id.eq_any(units_under(owner)));
    Ok(select(exists(found)).get_result(&mut conn).await?)
}

/// Adds an obligation. The caller has checked that its unit is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, obligation: &ReportObligation) -> Result<(), AppError> {
    diesel::insert_into(report_obligations::table).values(obligation).execute(&mut conn).await?;
    Ok(())
}

/// Deletes a locked obligation; 409 when there is a report under it.
pub async fn delete(mut conn: &Conn, _: &Scope, obligation: &ReportObligation) -> Result<(), AppError> {
    let row = report_obligations::table.find((obligation.campaign_id, obligation.id));
    diesel::delete(row).execute(&mut conn).await.map(|_| ()).map_err(|error| match AppError::from(error) {
        error if error.code == ErrorCode::InUse => {
            error.because(message("Nghĩa vụ này đã có báo cáo.", "There is a report under this obligation."))
        }
        error => error,
    })
}
