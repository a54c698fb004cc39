//! Who owes a results report, and a plan of its own: the set that is frozen when the campaign's plan is issued
//! (R2 and R12, III.3). Bodies that come later do not change the figures; bodies that go are still owed for.

use super::model::Campaign;
use crate::auth::Scope;
use crate::clock::start_of_day;
use crate::db::{Conn, starts_with};
use crate::error::{AppError, RuleRef};
use crate::events::Event;
use crate::ids::{CampaignId, OrgUnitId, ReportObligationId};
use crate::org_units::queries::units_under;
use crate::schema::{org_units, report_obligations, reports};
use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;

/// Kinds of body at province level that owe a report; every district committee owes one too.
const PROVINCIAL_KINDS: [&str; 5] =
    ["provincial_department", "information_department", "mass_organisation", "fatherland_front", "military_command"];
const DISTRICT_KIND: &str = "district_committee";
/// The desk that takes the reports in.
const DESK_KIND: &str = "movement_division";

/// An obligation that was written.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Written {
    /// The obligation.
    pub id: ReportObligationId,
    /// Who owes.
    pub org_unit_id: OrgUnitId,
    /// Its version now.
    pub version: i32,
}

impl Written {
    /// The change, for the feed.
    pub fn event(&self, campaign: &Campaign, action: &'static str) -> Event<'static> {
        Event {
            campaign_id: Some(campaign.id),
            org_unit_id: self.org_unit_id,
            resource: "report_obligation",
            resource_id: self.id.into(),
            version: self.version,
            action,
            data: json!({"due_before": start_of_day(campaign.report_due_before)}),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = report_obligations)]
struct Row<'a> {
    campaign_id: CampaignId,
    id: ReportObligationId,
    org_unit_id: OrgUnitId,
    via_org_unit_id: Option<OrgUnitId>,
    due_before: DateTime<Utc>,
    rule_id: Option<&'a str>,
    clause: Option<&'a str>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Freezes who owes a report, under a rule of the plan. A body that has an obligation keeps it; what is new is returned.
pub async fn freeze(
    mut conn: &Conn,
    scope: &Scope,
    campaign: &Campaign,
    rule: Option<&RuleRef>,
    now: DateTime<Utc>,
) -> Result<Vec<Written>, AppError> {
    let via_org_unit_id = desk(conn, campaign).await?;
    let rows: Vec<Row<'_>> = owing(conn, scope, campaign)
        .await?
        .into_iter()
        .map(|org_unit_id| Row {
            campaign_id: campaign.id,
            id: ReportObligationId::new(),
            org_unit_id,
            via_org_unit_id,
            due_before: start_of_day(campaign.report_due_before),
            rule_id: rule.map(|rule| rule.rule_id.as_str()),
            clause: rule.map(|rule| rule.clause.as_str()),
            created_at: now,
            updated_at: now,
        })
        .collect();
    let insert = diesel::insert_into(report_obligations::table)
        .values(&rows)
        .on_conflict((report_obligations::campaign_id, report_obligations::org_unit_id))
        .do_nothing()
        .returning((report_obligations::id, report_obligations::org_unit_id, report_obligations::version));
    Ok(insert.get_results(&mut conn).await?)
}

/// The desk of the campaign's province, if it has one.
async fn desk(mut conn: &Conn, campaign: &Campaign) -> Result<Option<OrgUnitId>, AppError> {
    let query = org_units::table
        .filter(org_units::kind.eq(DESK_KIND))
        .filter(org_units::level.eq("province"))
        .filter(org_units::id.eq_any(units_under(campaign.org_unit_id)))
        .filter(org_units::valid_from.le(campaign.event_to))
        .filter(org_units::valid_to.is_null().or(org_units::valid_to.ge(campaign.event_from)));
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
        .filter(org_units::valid_from.le(campaign.event_to))
        .filter(org_units::valid_to.is_null().or(org_units::valid_to.ge(campaign.event_from)));
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
    _: &Scope,
    campaign: &Campaign,
    locked: &[ReportObligationId],
    now: DateTime<Utc>,
) -> Result<Vec<Written>, AppError> {
    let target =
        report_obligations::table.filter(report_obligations::campaign_id.eq(campaign.id)).filter(report_obligations::id.eq_any(locked));
    let update = diesel::update(target)
        .set((
            report_obligations::due_before.eq(start_of_day(campaign.report_due_before)),
            report_obligations::version.eq(report_obligations::version + 1),
            report_obligations::updated_at.eq(now),
        ))
        .returning((report_obligations::id, report_obligations::org_unit_id, report_obligations::version));
    Ok(update.get_results(&mut conn).await?)
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

/// A body of the expected set: id, name, kind.
pub type Body = (OrgUnitId, String, String);

/// The bodies of the frozen set that lie below a unit and in scope, in the order of the tree.
pub async fn bodies(mut conn: &Conn, scope: &Scope, campaign: CampaignId, below: OrgUnitId) -> Result<Vec<Body>, AppError> {
    let query = report_obligations::table
        .inner_join(org_units::table.on(org_units::id.eq(report_obligations::org_unit_id)))
        .filter(report_obligations::campaign_id.eq(campaign))
        .filter(starts_with(org_units::path, scope.prefix()))
        .filter(org_units::id.eq_any(units_under(below)))
        .filter(org_units::id.ne(below));
    Ok(query.order(org_units::no).select((org_units::id, org_units::name, org_units::kind)).load(&mut conn).await?)
}
