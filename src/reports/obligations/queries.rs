//! SQL of report obligations.

use super::dto::ReportObligationQuery;
use super::model::{DecisionAction, Delivered, Delivery, ReportObligation, ReportObligationDecision, Standing};
use crate::auth::Scope;
use crate::campaigns::model::Campaign;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::db::{Conn, starts_with};
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::ids::{CampaignId, OrgUnitId, ReportObligationId};
use crate::org_units::queries::{find_within, units_under};
use crate::pagination::PageRequest;
use crate::reports::model::Report;
use crate::schema::{org_units, report_obligation_decisions, report_obligations, reports};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::dsl::{IntoBoxed, auto_type, exists, not, select};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Obligations with their body and the report under them, if there is one.
#[auto_type]
fn standing() -> _ {
    report_obligations::table.inner_join(org_units::table.on(org_units::id.eq(report_obligations::org_unit_id))).left_join(
        reports::table.on(reports::campaign_id.eq(report_obligations::campaign_id).and(reports::obligation_id.eq(report_obligations::id))),
    )
}

/// That the body is exempt and never submitted a report.
#[auto_type]
fn exempt() -> _ {
    report_obligations::exempted_at.is_not_null().and(reports::first_submitted_at.is_null())
}

/// What is still owed in a campaign, or of one obligation: nothing was ever submitted, and the body is not exempt. Each with the
/// limit in force and the path of its body. The caller is the service, or has found the obligation in scope.
pub async fn open(
    mut conn: &Conn,
    campaign: CampaignId,
    only: Option<ReportObligationId>,
) -> Result<Vec<(ReportObligation, String)>, AppError> {
    let mut query = standing()
        .into_boxed()
        .filter(report_obligations::campaign_id.eq(campaign))
        .filter(report_obligations::exempted_at.is_null())
        .filter(reports::first_submitted_at.is_null());
    if let Some(id) = only {
        query = query.filter(report_obligations::id.eq(id));
    }
    let columns = (ReportObligation::as_select(), org_units::path);
    Ok(query.order(report_obligations::id).select(columns).load(&mut conn).await?)
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

/// The obligation under which a report stands, whose limit stays until the end of the transaction: the report is judged
/// by it. The report was found in scope.
pub async fn of_report(mut conn: &Conn, _: &Scope, report: &Report) -> Result<ReportObligation, AppError> {
    let query = report_obligations::table.find((report.campaign_id, report.obligation_id));
    Ok(query.select(ReportObligation::as_select()).for_share().first(&mut conn).await?)
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
    if let Some(unit) = filter.to_org_unit_id {
        query = query.filter(report_obligations::to_org_unit_id.eq(unit));
    }
    if let Some(state) = filter.state {
        query = match (state, state.report_state()) {
            (Delivery::Exempt, _) => query.filter(exempt()),
            // A draft of a body that is exempt is nothing that is waited for.
            (_, Some(state)) => query.filter(reports::state.eq(state)).filter(not(exempt())),
            (_, None) => query.filter(reports::id.is_null()).filter(not(exempt())),
        };
    }
    if let Some(is_late) = filter.is_late {
        query = query.filter(reports::is_late.eq(is_late));
    }
    match filter.is_overdue {
        Some(true) => {
            query = query.filter(report_obligations::due_before.le(now)).filter(reports::first_submitted_at.is_null()).filter(not(exempt()))
        }
        Some(false) => {
            query = query.filter(report_obligations::due_before.gt(now).or(reports::first_submitted_at.is_not_null()).or(exempt()));
        }
        None => {}
    }
    match filter.is_submitted {
        Some(true) => query = query.filter(reports::first_submitted_at.is_not_null()),
        Some(false) => query = query.filter(reports::first_submitted_at.is_null()),
        None => {}
    }
    match filter.is_exempt {
        Some(true) => query = query.filter(exempt()),
        Some(false) => query = query.filter(not(exempt())),
        None => {}
    }
    if let Some(kind) = filter.org_unit_kind {
        query = query.filter(org_units::kind.eq(kind.as_str()));
    }
    if let Some(level) = filter.org_unit_level {
        query = query.filter(org_units::level.eq(level.as_str()));
    }
    if let Some(until) = filter.due_until {
        query = query.filter(report_obligations::due_before.le(until));
    }
    if let Some(text) = &filter.q {
        query = query.filter(org_units::tokens.contains(search_tokens(&[text])));
    }
    query
}

/// Whether a body is the owner of a campaign or below it.
pub async fn is_below(mut conn: &Conn, _: &Scope, unit: OrgUnitId, owner: OrgUnitId) -> Result<bool, AppError> {
    let found = org_units::table.filter(org_units::id.eq(unit)).filter(org_units::id.eq_any(units_under(owner)));
    Ok(select(exists(found)).get_result(&mut conn).await?)
}

/// 403 unless the body to which a report is owed is in scope: who demands it decides on it, and on what was reported.
pub async fn check_receiver(mut conn: &Conn, scope: &Scope, campaign: CampaignId, id: ReportObligationId) -> Result<(), AppError> {
    let received = report_obligations::table.find((campaign, id)).filter(is_in_scope(report_obligations::to_org_unit_id, scope));
    if select(exists(received)).get_result(&mut conn).await? { Ok(()) } else { Err(super::rules::received_above()) }
}

/// To whom reports are owed that a caller demands: to the body that owns the campaign where it is in scope, else to the caller's own.
pub async fn receiver(conn: &Conn, scope: &Scope, campaign: &Campaign, own: OrgUnitId) -> Result<OrgUnitId, AppError> {
    match find_within(conn, scope, campaign.org_unit_id).await {
        Ok(owner) => Ok(owner.id),
        Err(error) if error.code == ErrorCode::NotFound => Ok(own),
        Err(error) => Err(error),
    }
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

/// Writes the same decision on several obligations down.
pub async fn write_down(
    conn: &Conn,
    scope: &Scope,
    rows: &[ReportObligation],
    action: DecisionAction,
    (actor, now): (Option<Uuid>, DateTime<Utc>),
) -> Result<(), AppError> {
    let decisions: Vec<_> = rows.iter().map(|row| ReportObligationDecision::new(row, action, None, actor, now)).collect();
    insert_decisions(conn, scope, &decisions).await
}

/// Writes decisions down.
pub async fn insert_decisions(mut conn: &Conn, _: &Scope, decisions: &[ReportObligationDecision]) -> Result<(), AppError> {
    // PostgreSQL takes 65,535 parameters in one statement; a decision has 13.
    for some in decisions.chunks(5_000) {
        diesel::insert_into(report_obligation_decisions::table).values(some).execute(&mut conn).await?;
    }
    Ok(())
}

/// A page of the decisions on an obligation that was found in scope, with one row more than it holds.
pub async fn decisions(
    mut conn: &Conn,
    _: &Scope,
    obligation: &ReportObligation,
    page: &PageRequest,
) -> Result<Vec<ReportObligationDecision>, AppError> {
    let query = report_obligation_decisions::table
        .filter(report_obligation_decisions::campaign_id.eq(obligation.campaign_id))
        .filter(report_obligation_decisions::obligation_id.eq(obligation.id))
        .into_boxed();
    let query = crate::keyset!(query, page, report_obligation_decisions::id, {
        "occurred_at" => report_obligation_decisions::occurred_at => DateTime<Utc>,
    });
    Ok(query.select(ReportObligationDecision::as_select()).load(&mut conn).await?)
}

/// How many decisions there are on an obligation.
pub async fn count_decisions(mut conn: &Conn, _: &Scope, obligation: &ReportObligation) -> Result<i64, AppError> {
    let query = report_obligation_decisions::table
        .filter(report_obligation_decisions::campaign_id.eq(obligation.campaign_id))
        .filter(report_obligation_decisions::obligation_id.eq(obligation.id));
    Ok(query.count().get_result(&mut conn).await?)
}

/// Writes a locked obligation back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut obligation: ReportObligation, now: DateTime<Utc>) -> Result<ReportObligation, AppError> {
    obligation.version += 1;
    obligation.updated_at = now;
    let change = diesel::update(report_obligations::table.find((obligation.campaign_id, obligation.id))).set(&obligation);
    Cached(change).execute(&mut conn).await?;
    Ok(obligation)
}
