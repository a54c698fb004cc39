//! SQL of plan obligations.

use super::dto::PlanObligationQuery;
use super::model::{Drawn, PlanDelivery, PlanObligation, Standing};
use crate::auth::Scope;
use crate::campaigns::model::Campaign;
use crate::db::cached::Cached;
use crate::db::{Conn, starts_with};
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId, PlanId, PlanObligationId};
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::org_units::queries::{existing, units_under};
use crate::pagination::PageRequest;
use crate::plans::model::{Obligation, Plan, PlanState, Rule};
use crate::plans::parameters::{Parameters, PlanBody};
use crate::plans::queries::{IN_FORCE, visible_plans};
use crate::schema::{org_units, plan_obligations, plans};
use crate::text::search_tokens;
use chrono::{DateTime, Utc};
use diesel::dsl::{IntoBoxed, auto_type, exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

type Row = (PlanObligation, String, String, String);

#[auto_type]
fn with_bodies() -> _ {
    plan_obligations::table.inner_join(org_units::table.on(org_units::id.eq(plan_obligations::org_unit_id)))
}

/// One obligation in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: PlanObligationId) -> Result<Standing, AppError> {
    let query = with_bodies().filter(plan_obligations::id.eq(id)).filter(starts_with(org_units::path, scope.prefix()));
    let row: Row = query.select((PlanObligation::as_select(), org_units::name, org_units::kind, org_units::path)).first(&mut conn).await?;
    let mut standing = with_plans(conn, vec![row]).await?;
    standing.pop().ok_or_else(AppError::not_found)
}

/// One obligation under a plan of a body in scope, locked until the end of the transaction: who demands a plan decides on it.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: PlanObligationId) -> Result<PlanObligation, AppError> {
    let issuer = plans::table.inner_join(org_units::table).filter(starts_with(org_units::path, scope.prefix())).select(plans::id);
    let query = plan_obligations::table.filter(plan_obligations::id.eq(id)).filter(plan_obligations::plan_id.eq_any(issuer));
    Ok(query.select(PlanObligation::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of obligations in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &PlanObligationQuery, page: &PageRequest) -> Result<Vec<Standing>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, plan_obligations::id, {
        "path" => org_units::path => String,
        "created_at" => plan_obligations::created_at => DateTime<Utc>,
        "updated_at" => plan_obligations::updated_at => DateTime<Utc>,
    });
    let rows = query.select((PlanObligation::as_select(), org_units::name, org_units::kind, org_units::path)).load(&mut conn).await?;
    with_plans(conn, rows).await
}

/// How many obligations a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &PlanObligationQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// All obligations in scope under the editions of one plan, in the order of the tree.
pub async fn under(mut conn: &Conn, scope: &Scope, plan: &Plan) -> Result<Vec<Standing>, AppError> {
    let filter = PlanObligationQuery { campaign_id: Some(plan.campaign_id), ..PlanObligationQuery::default() };
    let query = filtered(scope, &filter).filter(plan_obligations::plan_id.eq(plan.first_edition_id)).order(org_units::path);
    let rows = query.select((PlanObligation::as_select(), org_units::name, org_units::kind, org_units::path)).load(&mut conn).await?;
    with_plans(conn, rows).await
}

fn filtered<'a>(scope: &'a Scope, filter: &'a PlanObligationQuery) -> IntoBoxed<'a, with_bodies, Pg> {
    let mut query = with_bodies().into_boxed().filter(starts_with(org_units::path, scope.prefix()));
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(plan_obligations::campaign_id.eq(campaign));
    }
    if let Some(plan) = filter.plan_id {
        let lineage = plans::table.filter(plans::id.eq(plan)).select(plans::first_edition_id);
        query = query.filter(plan_obligations::plan_id.eq_any(lineage));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(plan_obligations::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(plan_obligations::org_unit_id.eq_any(units_under(unit)));
    }
    let drawn = plans::table
        .filter(plans::campaign_id.eq(plan_obligations::campaign_id))
        .filter(plans::org_unit_id.eq(plan_obligations::org_unit_id))
        .filter(plans::parent_plan_id.is_not_null())
        .filter(plans::state.eq_any(IN_FORCE));
    query = match filter.state {
        Some(PlanDelivery::Issued) => query.filter(exists(drawn)),
        Some(PlanDelivery::Exempt) => query.filter(not(exists(drawn))).filter(plan_obligations::exempted_at.is_not_null()),
        Some(PlanDelivery::Missing) => query.filter(not(exists(drawn))).filter(plan_obligations::exempted_at.is_null()),
        None => query,
    };
    if let Some(text) = &filter.q {
        query = query.filter(org_units::tokens.contains(search_tokens(&[text])));
    }
    query
}

/// Adds to each row the latest plan in force that its body drew up under another in the campaign.
async fn with_plans(mut conn: &Conn, rows: Vec<Row>) -> Result<Vec<Standing>, AppError> {
    let (campaigns, units): (Vec<CampaignId>, Vec<OrgUnitId>) =
        rows.iter().map(|(obligation, ..)| (obligation.campaign_id, obligation.org_unit_id)).unzip();
    let query = plans::table
        .filter(plans::campaign_id.eq_any(campaigns))
        .filter(plans::org_unit_id.eq_any(units))
        .filter(plans::parent_plan_id.is_not_null())
        .filter(plans::state.eq_any(IN_FORCE))
        .order((plans::issued_on.desc(), plans::edition.desc(), plans::id.desc()));
    let drawn: Vec<(CampaignId, Drawn)> = query.select((plans::campaign_id, Drawn::as_select())).load(&mut conn).await?;
    let of = |obligation: &PlanObligation| {
        let own = drawn.iter().find(|(campaign, plan)| (*campaign, plan.org_unit_id) == (obligation.campaign_id, obligation.org_unit_id));
        own.map(|(_, plan)| plan.clone())
    };
    let standing = |(obligation, org_unit_name, org_unit_kind, org_unit_path): Row| Standing {
        drawn: of(&obligation),
        obligation,
        org_unit_name,
        org_unit_kind,
        org_unit_path,
    };
    Ok(rows.into_iter().map(standing).collect())
}

/// Freezes who owes a plan under an issued plan, by its rules: bodies below the issuer that exist in the campaign's window. A
/// body that owes one already keeps its obligation; what is new is returned.
pub async fn freeze(
    mut conn: &Conn,
    _: &Scope,
    campaign: &Campaign,
    plan: &Plan,
    stated: &[Rule],
    now: DateTime<Utc>,
) -> Result<Vec<PlanObligation>, AppError> {
    let mut demands: Vec<(&Rule, Vec<PlanBody>)> = Vec::new();
    for rule in stated.iter().filter(|rule| rule.obligation != Obligation::May) {
        if let Parameters::ChildPlan { bodies } = rule.parameters()? {
            demands.push((rule, bodies));
        }
    }
    if demands.is_empty() {
        return Ok(Vec::new());
    }
    let below = org_units::table
        .filter(org_units::id.eq_any(units_under(plan.org_unit_id)))
        .filter(org_units::id.ne(plan.org_unit_id))
        .filter(existing(campaign.event_from, campaign.event_to))
        .order(org_units::path)
        .select((org_units::id, org_units::kind, org_units::level));
    let below: Vec<(OrgUnitId, OrgUnitKind, OrgLevel)> = below.load(&mut conn).await?;
    let row = |(org_unit_id, kind, level): (OrgUnitId, OrgUnitKind, OrgLevel)| {
        let (rule, _) = demands.iter().find(|(_, bodies)| bodies.iter().any(|body| body.addresses(kind, level)))?;
        Some(PlanObligation {
            campaign_id: campaign.id,
            id: PlanObligationId::new(),
            plan_id: plan.first_edition_id,
            org_unit_id,
            rule_id: rule.rule_id.clone(),
            clause: rule.clause.clone(),
            exemption_reason: None,
            exempted_at: None,
            exempted_by: None,
            version: 1,
            created_at: now,
            updated_at: now,
        })
    };
    let rows: Vec<PlanObligation> = below.into_iter().filter_map(row).collect();
    let insert = diesel::insert_into(plan_obligations::table)
        .values(&rows)
        .on_conflict((plan_obligations::campaign_id, plan_obligations::plan_id, plan_obligations::org_unit_id))
        .do_nothing()
        .returning(PlanObligation::as_returning());
    Ok(insert.get_results(&mut conn).await?)
}

/// Writes a locked obligation back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut obligation: PlanObligation, now: DateTime<Utc>) -> Result<PlanObligation, AppError> {
    obligation.version += 1;
    obligation.updated_at = now;
    let row = plan_obligations::table.find((obligation.campaign_id, obligation.id));
    Cached(diesel::update(row).set(&obligation)).execute(&mut conn).await?;
    Ok(obligation)
}

/// The edition of a plan that binds now, from its first.
pub async fn binding(mut conn: &Conn, first: PlanId) -> Result<Option<Plan>, AppError> {
    let query = plans::table.filter(plans::first_edition_id.eq(first)).filter(plans::state.eq_any(IN_FORCE));
    Ok(query.select(Plan::as_select()).first(&mut conn).await.optional()?)
}

/// Plans in force, and drafts that the caller can read, under the editions of some plans.
pub async fn children(mut conn: &Conn, scope: &Scope, lineages: &[PlanId]) -> Result<Vec<(Plan, PlanId, String, String)>, AppError> {
    let parent = diesel::alias!(plans as parent);
    let query = plans::table
        .inner_join(org_units::table.on(org_units::id.eq(plans::org_unit_id)))
        .inner_join(parent.on(parent.field(plans::id).nullable().eq(plans::parent_plan_id)))
        .filter(parent.field(plans::first_edition_id).eq_any(lineages))
        .filter(plans::state.ne(PlanState::Superseded))
        .filter(plans::id.eq_any(visible_plans(scope)))
        .order((org_units::path, plans::issued_on, plans::id));
    let columns = (Plan::as_select(), parent.field(plans::first_edition_id), org_units::name, org_units::path);
    Ok(query.select(columns).load(&mut conn).await?)
}
