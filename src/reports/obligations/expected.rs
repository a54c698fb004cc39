//! SQL of the expected set: who owes a report by the rules of the plans, laid down when a plan is issued and moved with its limit.

use super::model::{DecisionAction, ReportObligation};
use super::queries::write_down;
use super::rules::Terms;
use crate::auth::Scope;
use crate::campaigns::model::Campaign;
use crate::clock::start_of_day;
use crate::db::{Conn, starts_with};
use crate::error::{AppError, FieldError, RuleRef, message};
use crate::ids::{CampaignId, OrgUnitId, PlanId, ReportObligationId};
use crate::org_units::model::OrgUnitKind::{
    Agency, CommuneCommittee, DistrictCommittee, EducationalInstitution, Enterprise, FatherlandFront, InformationDepartment,
    MassOrganisation, MilitaryCommand, MovementDivision, ProvincialDepartment, ResidentialArea,
};
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::org_units::queries::{existing, units_under};
use crate::plans::model::{Obligation, Plan, Rule, RuleKind};
use crate::plans::parameters::Parameters;
use crate::schema::{org_units, plans as plans_table, report_obligations, reports};
use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not, select, sql};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamptz};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Kinds of body at province level that owe the province a report; every district committee owes one too.
const PROVINCIAL_KINDS: [OrgUnitKind; 5] =
    [ProvincialDepartment, InformationDepartment, MassOrganisation, FatherlandFront, MilitaryCommand];
/// Kinds of body that owe a report to the body right above them, where that body's plan lays a limit down.
const LOCAL_KINDS: [OrgUnitKind; 5] = [CommuneCommittee, Agency, Enterprise, EducationalInstitution, ResidentialArea];

/// What a plan demands: reports to its issuer, through a desk, before an instant.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Demand {
    pub campaign_id: CampaignId,
    pub to_org_unit_id: OrgUnitId,
    pub via_org_unit_id: Option<OrgUnitId>,
    pub due_before: DateTime<Utc>,
    pub terms: Terms,
    /// The plan and its rule.
    pub source: Option<(PlanId, RuleRef)>,
}

impl Demand {
    /// Of the campaign's own plan, by the campaign's limit (R2, III.3).
    pub async fn of_campaign(conn: &Conn, campaign: &Campaign, source: Option<(PlanId, RuleRef)>, terms: Terms) -> Result<Self, AppError> {
        let due_before = start_of_day(campaign.report_due_before);
        Ok(Self {
            campaign_id: campaign.id,
            to_org_unit_id: campaign.org_unit_id,
            via_org_unit_id: desk(conn, campaign).await?,
            due_before,
            terms: terms.fitting(due_before),
            source,
        })
    }

    /// Of a plan below the campaign's own; none where it lays no limit down.
    pub fn of_plan(plan: &Plan, rules: &[Rule]) -> Result<Option<Self>, AppError> {
        let Some(rule) = rules.iter().find(|rule| rule.kind == RuleKind::ReportLimit && rule.obligation != Obligation::May) else {
            return Ok(None);
        };
        let parameters = rule.parameters()?;
        let Parameters::ReportLimit { on, inclusive, .. } = &parameters else { return Ok(None) };
        let due_before = start_of_day(if *inclusive { on.succ_opt().unwrap_or(*on) } else { *on });
        Ok(Some(Self {
            campaign_id: plan.campaign_id,
            to_org_unit_id: plan.org_unit_id,
            via_org_unit_id: None,
            due_before,
            terms: Terms::of(&parameters).fitting(due_before),
            source: Some((plan.id, RuleRef { rule_id: rule.rule_id.clone(), clause: rule.clause.clone() })),
        }))
    }

    fn obligation(&self, org_unit_id: OrgUnitId, now: DateTime<Utc>) -> ReportObligation {
        let Self { campaign_id, to_org_unit_id, via_org_unit_id, due_before, terms, source } = self.clone();
        let (plan_id, rule) = source.unzip();
        let (rule_id, clause) = rule.map(|rule| (rule.rule_id, rule.clause)).unzip();
        ReportObligation {
            campaign_id,
            id: ReportObligationId::new(),
            org_unit_id,
            via_org_unit_id,
            due_before,
            rule_id,
            clause,
            plan_id,
            version: 1,
            created_at: now,
            updated_at: now,
            limit_kind: terms.limit_kind,
            planned_due_before: None,
            opens_at: terms.opens_at,
            grace_minutes: terms.grace_minutes,
            closes_at: terms.closing(due_before),
            exempted_at: None,
            to_org_unit_id,
        }
    }
}

/// Freezes that these bodies owe a report. Bodies that come later do not change the figures; bodies that go are still owed for. A body
/// that has an obligation keeps it; what is new is returned.
pub async fn freeze(
    mut conn: &Conn,
    scope: &Scope,
    demand: &Demand,
    owing: &[OrgUnitId],
    (actor, now): (Option<Uuid>, DateTime<Utc>),
) -> Result<Vec<ReportObligation>, AppError> {
    let rows: Vec<ReportObligation> = owing.iter().map(|unit| demand.obligation(*unit, now)).collect();
    let mut laid_down = Vec::with_capacity(rows.len());
    // PostgreSQL takes 65,535 parameters in one statement; an obligation has 18.
    for some in rows.chunks(3_000) {
        let insert = diesel::insert_into(report_obligations::table)
            .values(some)
            .on_conflict((report_obligations::campaign_id, report_obligations::org_unit_id))
            .do_nothing()
            .returning(ReportObligation::as_returning());
        let added: Vec<ReportObligation> = insert.get_results(&mut conn).await?;
        laid_down.extend(added);
    }
    write_down(conn, scope, &laid_down, DecisionAction::Created, (actor, now)).await?;
    Ok(laid_down)
}

/// The desk of the campaign's province, if it has one.
async fn desk(mut conn: &Conn, campaign: &Campaign) -> Result<Option<OrgUnitId>, AppError> {
    let query = org_units::table
        .filter(org_units::kind.eq(MovementDivision))
        .filter(org_units::level.eq(OrgLevel::Province))
        .filter(org_units::id.eq_any(units_under(campaign.org_unit_id)))
        .filter(existing(campaign.event_from, campaign.event_to));
    Ok(query.order(org_units::no).select(org_units::id).first(&mut conn).await.optional()?)
}

/// The bodies that owe the campaign's owner a report and exist in the campaign's window, in the order of the tree. Where there are no
/// districts (since 2025-07-01), those are the communes.
pub async fn owing(mut conn: &Conn, scope: &Scope, campaign: &Campaign) -> Result<Vec<OrgUnitId>, AppError> {
    let districts = diesel::alias!(org_units as districts);
    let lies_in = districts
        .filter(districts.field(org_units::kind).eq(DistrictCommittee))
        .filter(starts_with(org_units::path, districts.field(org_units::path)));
    let is_provincial = org_units::level.eq(OrgLevel::Province).and(org_units::kind.eq_any(PROVINCIAL_KINDS));
    let is_commune_of_province = org_units::kind.eq(CommuneCommittee).and(not(exists(lies_in)));
    let query = org_units::table
        .filter(is_provincial.or(org_units::kind.eq(DistrictCommittee)).or(is_commune_of_province))
        .filter(starts_with(org_units::path, scope.prefix()))
        .filter(org_units::id.eq_any(units_under(campaign.org_unit_id)))
        .filter(org_units::id.ne(campaign.org_unit_id))
        .filter(existing(campaign.event_from, campaign.event_to));
    Ok(query.order(org_units::no).select(org_units::id).load(&mut conn).await?)
}

/// The bodies right below the issuer of a plan that owe it a report and exist in the campaign's window, in the order of the tree.
pub async fn owing_issuer(mut conn: &Conn, campaign: &Campaign, issuer: OrgUnitId) -> Result<Vec<OrgUnitId>, AppError> {
    let query = org_units::table
        .filter(org_units::parent_id.eq(issuer))
        .filter(org_units::kind.eq_any(LOCAL_KINDS))
        .filter(existing(campaign.event_from, campaign.event_to));
    Ok(query.order(org_units::no).select(org_units::id).load(&mut conn).await?)
}

/// The obligations that stand at a campaign's report limit, locked; one with a limit of its own, or owed to a body below, keeps it.
pub async fn lock_at_limit(mut conn: &Conn, _: &Scope, campaign: &Campaign) -> Result<Vec<ReportObligationId>, AppError> {
    let query = report_obligations::table
        .filter(report_obligations::campaign_id.eq(campaign.id))
        .filter(report_obligations::to_org_unit_id.eq(campaign.org_unit_id))
        .filter(report_obligations::due_before.eq(start_of_day(campaign.report_due_before)))
        .order(report_obligations::id);
    Ok(query.select(report_obligations::id).for_no_key_update().load(&mut conn).await?)
}

/// The obligations that the editions of a plan laid down, locked; one that was extended keeps its limit.
pub async fn lock_laid_down(mut conn: &Conn, _: &Scope, plan: &Plan) -> Result<Vec<ReportObligationId>, AppError> {
    let editions = plans_table::table.filter(plans_table::first_edition_id.eq(plan.first_edition_id)).select(plans_table::id.nullable());
    let query = report_obligations::table
        .filter(report_obligations::campaign_id.eq(plan.campaign_id))
        .filter(report_obligations::plan_id.eq_any(editions))
        .filter(report_obligations::planned_due_before.is_null())
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

/// Puts the limit of a plan, and what its rule says of opening, wording, grace and closing, on locked obligations that were not extended;
/// those that it changes are returned.
pub async fn lay_terms(
    mut conn: &Conn,
    scope: &Scope,
    demand: &Demand,
    locked: &[ReportObligationId],
    (actor, now): (Uuid, DateTime<Utc>),
) -> Result<Vec<ReportObligation>, AppError> {
    let Demand { campaign_id, due_before, terms, .. } = demand;
    let closes_at = terms.closing(*due_before);
    let differs = report_obligations::limit_kind
        .ne(terms.limit_kind)
        .or(report_obligations::due_before.ne(*due_before))
        .or(report_obligations::opens_at.is_distinct_from(terms.opens_at))
        .or(report_obligations::grace_minutes.is_distinct_from(terms.grace_minutes))
        .or(report_obligations::closes_at.is_distinct_from(closes_at));
    let target = report_obligations::table
        .filter(report_obligations::campaign_id.eq(*campaign_id))
        .filter(report_obligations::id.eq_any(locked))
        .filter(report_obligations::planned_due_before.is_null())
        .filter(differs);
    let update = diesel::update(target)
        .set((
            report_obligations::limit_kind.eq(terms.limit_kind),
            report_obligations::due_before.eq(*due_before),
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

/// Whether a report under locked obligations that was judged in time would be late by another limit, or the other way round.
pub async fn changes_verdict(
    mut conn: &Conn,
    _: &Scope,
    (campaign, due_before): (CampaignId, DateTime<Utc>),
    locked: &[ReportObligationId],
) -> Result<bool, AppError> {
    let was_late = reports::is_late.assume_not_null();
    let judged = reports::table
        .filter(reports::campaign_id.eq(campaign))
        .filter(reports::obligation_id.eq_any(locked))
        .filter(reports::is_late.is_not_null());
    let came = reports::first_submitted_at;
    let query = judged.filter(was_late.and(came.lt(due_before)).or(not(was_late).and(came.ge(due_before))));
    Ok(select(exists(query)).get_result(&mut conn).await?)
}
