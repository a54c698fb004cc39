//! SQL of report obligations.

use super::dto::ReportObligationQuery;
use super::model::{DecisionAction, Delivered, Delivery, ReportObligation, ReportObligationDecision, Standing};
use super::rules::Terms;
use crate::auth::Scope;
use crate::campaigns::model::Campaign;
use crate::clock::start_of_day;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::db::{Conn, starts_with};
use crate::error::{AppError, ErrorCode, FieldError, RuleRef, message};
use crate::ids::{OrgUnitId, PlanId, ReportObligationId};
use crate::org_units::queries::{existing, units_under};
use crate::pagination::PageRequest;
use crate::reports::model::Report;
use crate::schema::{org_units, report_obligation_decisions, report_obligations, reports};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::dsl::{IntoBoxed, auto_type, exists, not, select, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamptz};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Kinds of body at province level that owe a report; every district committee owes one too.
const PROVINCIAL_KINDS: [&str; 5] =
    ["provincial_department", "information_department", "mass_organisation", "fatherland_front", "military_command"];
const DISTRICT_KIND: &str = "district_committee";
/// The desk that takes the reports in.
const DESK_KIND: &str = "movement_division";

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

/// Freezes who owes a report under a rule of a plan (R2, III.3). Bodies that come later do
/// not change the figures; bodies that go are still owed for. A body that has an obligation keeps it; what is new is returned.
pub async fn freeze(
    mut conn: &Conn,
    scope: &Scope,
    campaign: &Campaign,
    rule: Option<(PlanId, &RuleRef)>,
    terms: &Terms,
    (actor, now): (Option<Uuid>, DateTime<Utc>),
) -> Result<Vec<ReportObligation>, AppError> {
    let via_org_unit_id = desk(conn, campaign).await?;
    let due_before = start_of_day(campaign.report_due_before);
    let terms = terms.fitting(due_before);
    let row = |org_unit_id| ReportObligation {
        campaign_id: campaign.id,
        id: ReportObligationId::new(),
        org_unit_id,
        via_org_unit_id,
        due_before,
        rule_id: rule.map(|(_, rule)| rule.rule_id.clone()),
        clause: rule.map(|(_, rule)| rule.clause.clone()),
        plan_id: rule.map(|(plan, _)| plan),
        version: 1,
        created_at: now,
        updated_at: now,
        limit_kind: terms.limit_kind,
        planned_due_before: None,
        opens_at: terms.opens_at,
        grace_minutes: terms.grace_minutes,
        closes_at: terms.closing(due_before),
        exempted_at: None,
    };
    let rows: Vec<ReportObligation> = owing(conn, scope, campaign).await?.into_iter().map(row).collect();
    let insert = diesel::insert_into(report_obligations::table)
        .values(&rows)
        .on_conflict((report_obligations::campaign_id, report_obligations::org_unit_id))
        .do_nothing()
        .returning(ReportObligation::as_returning());
    let laid_down: Vec<ReportObligation> = insert.get_results(&mut conn).await?;
    write_down(conn, scope, &laid_down, DecisionAction::Created, (actor, now)).await?;
    Ok(laid_down)
}

/// The desk of the campaign's province, if it has one.
async fn desk(mut conn: &Conn, campaign: &Campaign) -> Result<Option<OrgUnitId>, AppError> {
    let query = org_units::table
        .filter(org_units::kind.eq(DESK_KIND))
        .filter(org_units::level.eq("province"))
        .filter(org_units::id.eq_any(units_under(campaign.org_unit_id)))
        .filter(existing(campaign.event_from, campaign.event_to));
    Ok(query.order(org_units::no).select(org_units::id).first(&mut conn).await.optional()?)
}

/// The bodies below the campaign's owner that owe a report and exist in the campaign's window, in the order of the tree.
async fn owing(mut conn: &Conn, scope: &Scope, campaign: &Campaign) -> Result<Vec<OrgUnitId>, AppError> {
    let is_provincial = org_units::level.eq("province").and(org_units::kind.eq_any(PROVINCIAL_KINDS));
    let query = org_units::table
        .filter(is_provincial.or(org_units::kind.eq(DISTRICT_KIND)))
        .filter(starts_with(org_units::path, scope.prefix()))
        .filter(org_units::id.eq_any(units_under(campaign.org_unit_id)))
        .filter(org_units::id.ne(campaign.org_unit_id))
        .filter(existing(campaign.event_from, campaign.event_to));
    Ok(query.order(org_units::no).select(org_units::id).load(&mut conn).await?)
}

/// The obligations that stand at a campaign's report limit, locked; one with a limit of its own keeps it.
pub async fn lock_at_limit(mut conn: &Conn, _: &Scope, campaign: &Campaign) -> Result<Vec<ReportObligationId>, AppError> {
    let query = report_obligations::table
        .filter(report_obligations::campaign_id.eq(campaign.id))
        .filter(report_obligations::due_before.eq(start_of_day(campaign.report_due_before)))
        .order(report_obligations::id);
    Ok(query.select(report_obligations::id).for_no_key_update().load(&mut conn).await?)
}

/// Moves locked obligations to the campaign's report limit.
pub async fn move_limit(
    mut conn: &Conn,
    scope: &Scope,
    campaign: &Campaign,
    locked: &[ReportObligationId],
    (actor, now): (Uuid, DateTime<Utc>),
) -> Result<Vec<ReportObligation>, AppError> {
    let due_before = start_of_day(campaign.report_due_before);
    let closes_at = sql::<Nullable<Timestamptz>>("CASE WHEN closes_at IS NULL THEN NULL WHEN grace_minutes IS NOT NULL THEN ")
        .bind::<Timestamptz, _>(due_before)
        .sql(" + grace_minutes * interval '1 minute' ELSE greatest(closes_at, ")
        .bind::<Timestamptz, _>(due_before)
        .sql(") END");
    let opened_too_late = report_obligations::table
        .filter(report_obligations::campaign_id.eq(campaign.id))
        .filter(report_obligations::id.eq_any(locked))
        .filter(report_obligations::opens_at.ge(due_before));
    if select(exists(opened_too_late)).get_result(&mut conn).await? {
        let text = message("Thời hạn mới trước thời điểm mở nhận báo cáo.", "The limit would come before reports are taken.");
        return Err(AppError::field(FieldError::new("/report_due_before", "limit_before_opening", text)));
    }
    let target =
        report_obligations::table.filter(report_obligations::campaign_id.eq(campaign.id)).filter(report_obligations::id.eq_any(locked));
    let update = diesel::update(target)
        .set((
            report_obligations::due_before.eq(due_before),
            report_obligations::closes_at.eq(closes_at),
            report_obligations::version.eq(report_obligations::version + 1),
            report_obligations::updated_at.eq(now),
        ))
        .returning(ReportObligation::as_returning());
    let moved: Vec<ReportObligation> = update.get_results(&mut conn).await?;
    write_down(conn, scope, &moved, DecisionAction::Moved, (Some(actor), now)).await?;
    Ok(moved)
}

/// Puts what a rule says of opening, wording, grace and closing on the obligations that stand at the campaign's limit; those that
/// it changes are returned.
pub async fn lay_terms(
    mut conn: &Conn,
    scope: &Scope,
    campaign: &Campaign,
    terms: &Terms,
    (actor, now): (Uuid, DateTime<Utc>),
) -> Result<Vec<ReportObligation>, AppError> {
    let due_before = start_of_day(campaign.report_due_before);
    let terms = terms.fitting(due_before);
    let closes_at = terms.closing(due_before);
    let differs = report_obligations::limit_kind
        .ne(terms.limit_kind)
        .or(report_obligations::opens_at.is_distinct_from(terms.opens_at))
        .or(report_obligations::grace_minutes.is_distinct_from(terms.grace_minutes))
        .or(report_obligations::closes_at.is_distinct_from(closes_at));
    let target = report_obligations::table
        .filter(report_obligations::campaign_id.eq(campaign.id))
        .filter(report_obligations::due_before.eq(due_before))
        .filter(report_obligations::planned_due_before.is_null())
        .filter(differs);
    let update = diesel::update(target)
        .set((
            report_obligations::limit_kind.eq(terms.limit_kind),
            report_obligations::opens_at.eq(terms.opens_at),
            report_obligations::grace_minutes.eq(terms.grace_minutes),
            report_obligations::closes_at.eq(closes_at),
            report_obligations::version.eq(report_obligations::version + 1),
            report_obligations::updated_at.eq(now),
        ))
        .returning(ReportObligation::as_returning());
    let changed: Vec<ReportObligation> = update.get_results(&mut conn).await?;
    write_down(conn, scope, &changed, DecisionAction::Moved, (Some(actor), now)).await?;
    Ok(changed)
}

async fn write_down(
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

/// Whether a report under locked obligations that was judged in time would be late by a campaign's limit, or the
/// other way round.
pub async fn changes_verdict(mut conn: &Conn, _: &Scope, campaign: &Campaign, locked: &[ReportObligationId]) -> Result<bool, AppError> {
    let due_before = start_of_day(campaign.report_due_before);
    let was_late = reports::is_late.assume_not_null();
    let judged = reports::table
        .filter(reports::campaign_id.eq(campaign.id))
        .filter(reports::obligation_id.eq_any(locked))
        .filter(reports::is_late.is_not_null());
    let came = reports::first_submitted_at;
    let query = judged.filter(was_late.and(came.lt(due_before)).or(diesel::dsl::not(was_late).and(came.ge(due_before))));
    Ok(diesel::select(exists(query)).get_result(&mut conn).await?)
}
