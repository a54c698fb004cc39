//! SQL of plans.

use super::dto::PlanQuery;
use super::model::{Clause, LegalBasis, NewParts, Obligation, Parts, Plan, PlanState, Recipient, Rule, RuleKind};
use super::parameters::{Cited, Parameters};
use crate::auth::Scope;
use crate::auth::scope::ancestor_paths;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::db::{Conn, starts_with};
use crate::documents;
use crate::error::{AppError, FieldError, RuleRef};
use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::org_units::queries::{readable, units_drafted_by};
use crate::pagination::{LAST_DAY, PageRequest, or_last};
use crate::schema::{org_units, plan_clauses, plan_legal_bases, plan_recipients, plan_rules, plans};
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{Nullable, Select, exists, select};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use futures_util::future::try_join4;

/// The states in which a plan binds.
pub const IN_FORCE: [PlanState; 2] = [PlanState::Issued, PlanState::Closed];
/// The states in which a plan can be read by those it binds, or bound.
pub const PUBLISHED: [PlanState; 3] = [PlanState::Issued, PlanState::Superseded, PlanState::Closed];

/// The rule in the campaign's issued top plan that an answer cites; none where no plan states it.
pub async fn rule_ref(mut conn: &Conn, campaign: CampaignId, cited: Cited) -> Result<Option<RuleRef>, AppError> {
    let found: Option<(String, String)> = plan_rules::table
        .inner_join(plans::table)
        .filter(plans::campaign_id.eq(campaign))
        .filter(plans::parent_plan_id.is_null())
        .filter(plans::state.eq_any(IN_FORCE))
        .filter(plan_rules::is_confirmed)
        .filter(plan_rules::parameters.contains(cited.members()))
        .order((plans::issued_on.desc(), plans::edition.desc(), plan_rules::no))
        .select((plan_rules::rule_id, plan_rules::clause))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(found.map(|(rule_id, clause)| RuleRef { rule_id, clause }))
}

/// The rule on the report limit in the campaign's issued top plan, with the edition that it stands in and what it says.
pub async fn report_limit(mut conn: &Conn, campaign: CampaignId) -> Result<Option<(PlanId, RuleRef, Parameters)>, AppError> {
    let found: Option<(PlanId, Rule)> = plan_rules::table
        .inner_join(plans::table)
        .filter(plans::campaign_id.eq(campaign))
        .filter(plans::parent_plan_id.is_null())
        .filter(plans::state.eq_any(IN_FORCE))
        .filter(plan_rules::is_confirmed)
        .filter(plan_rules::parameters.contains(Cited::ReportLimit.members()))
        .order((plans::issued_on.desc(), plans::edition.desc(), plan_rules::no))
        .select((plans::id, Rule::as_select()))
        .first(&mut conn)
        .await
        .optional()?;
    found
        .map(|(plan, rule)| Ok((plan, RuleRef { rule_id: rule.rule_id.clone(), clause: rule.clause.clone() }, rule.parameters()?)))
        .transpose()
}

/// The campaign's own plan that is in force; none before one is issued.
pub async fn top_plan(mut conn: &Conn, campaign: CampaignId) -> Result<Option<Plan>, AppError> {
    let query = plans::table
        .filter(plans::campaign_id.eq(campaign))
        .filter(plans::parent_plan_id.is_null())
        .filter(plans::state.eq_any(IN_FORCE))
        .order((plans::issued_on.desc(), plans::edition.desc()));
    Ok(query.select(Plan::as_select()).first(&mut conn).await.optional()?)
}

/// An edition of a campaign's own plan that is, or was, in force; 400 when it is none. The campaign's scope has been checked.
pub async fn find_edition(mut conn: &Conn, campaign: CampaignId, id: PlanId) -> Result<Plan, AppError> {
    let query = plans::table
        .filter(plans::id.eq(id))
        .filter(plans::campaign_id.eq(campaign))
        .filter(plans::parent_plan_id.is_null())
        .filter(plans::state.eq_any(PUBLISHED));
    let found = query.select(Plan::as_select()).first(&mut conn).await.optional()?;
    found.ok_or_else(|| AppError::field(FieldError::unknown_reference("?plan_id")).in_query())
}

/// That the caller can read a plan: one in force within reach, above the caller's unit, or on whose list of recipients
/// the caller's unit or one below it stands; and drafts where the caller works on them.
fn visible(scope: &Scope) -> Box<dyn BoxableExpression<plans::table, Pg, SqlType = Bool> + '_> {
    let above = org_units::path.eq_any(scope.ancestor_paths());
    let readable = org_units::table.filter(starts_with(org_units::path, scope.prefix()).or(above)).select(org_units::id);
    let received = plan_recipients::table
        .inner_join(org_units::table)
        .filter(starts_with(org_units::path, scope.own_path()))
        .select(plan_recipients::plan_id);
    let is_meant = plans::org_unit_id.eq_any(readable).or(plans::id.eq_any(received));
    Box::new(plans::state.eq_any(PUBLISHED).and(is_meant).or(plans::org_unit_id.eq_any(units_drafted_by(scope))))
}

/// The plans that the caller can read, as a subquery.
pub fn visible_plans(scope: &Scope) -> diesel::helper_types::IntoBoxed<'_, Select<plans::table, plans::id>, Pg> {
    plans::table.select(plans::id).filter(visible(scope)).into_boxed()
}

/// One plan that the caller can read.
pub async fn find(mut conn: &Conn, scope: &Scope, id: PlanId) -> Result<Plan, AppError> {
    Ok(plans::table.filter(plans::id.eq(id)).filter(visible(scope)).select(Plan::as_select()).first(&mut conn).await?)
}

/// The same, with the name of its issuer.
pub async fn find_with_name(mut conn: &Conn, scope: &Scope, id: PlanId) -> Result<(Plan, String), AppError> {
    let query = plans::table.inner_join(org_units::table).filter(plans::id.eq(id)).filter(plans::id.eq_any(visible_plans(scope)));
    Ok(query.select((Plan::as_select(), org_units::name)).first(&mut conn).await?)
}

/// The plans that a body issued under one symbol in one year, the highest number first, 1,000 at the most. Its scope has been checked.
pub async fn numbered(mut conn: &Conn, _: &Scope, issuer: OrgUnitId, symbol: &str, year: i32) -> Result<Vec<Plan>, AppError> {
    let query = plans::table
        .filter(plans::org_unit_id.eq(issuer))
        .filter(plans::symbol.eq(symbol))
        .filter(plans::issue_year.eq(year))
        .filter(plans::state.eq_any(PUBLISHED))
        .order(plans::number.desc())
        .limit(1000);
    Ok(query.select(Plan::as_select()).load(&mut conn).await?)
}

/// The same, kept as it is until the end of the transaction.
pub async fn hold(mut conn: &Conn, scope: &Scope, id: PlanId) -> Result<Plan, AppError> {
    let query = plans::table.filter(plans::id.eq(id)).filter(visible(scope)).select(Plan::as_select());
    Ok(query.for_share().first(&mut conn).await?)
}

/// An issued plan in scope that a body names, kept as it is until the end of the transaction; 422 at `pointer` else.
pub async fn hold_issued_reference(mut conn: &Conn, scope: &Scope, id: PlanId, pointer: &str) -> Result<Plan, AppError> {
    let query =
        plans::table.filter(plans::id.eq(id)).filter(plans::state.eq(PlanState::Issued)).filter(is_in_scope(plans::org_unit_id, scope));
    let found = query.select(Plan::as_select()).for_share().first(&mut conn).await.optional()?;
    found.ok_or_else(|| AppError::field(FieldError::unknown_reference(pointer)))
}

/// One plan in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: PlanId) -> Result<Plan, AppError> {
    let query = plans::table.filter(plans::id.eq(id)).filter(is_in_scope(plans::org_unit_id, scope));
    Ok(query.select(Plan::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of the plans that the caller can read, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &PlanQuery, page: &PageRequest) -> Result<Vec<Plan>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, plans::id, {
        "created_at" => plans::created_at => DateTime<Utc>,
        "updated_at" => plans::updated_at => DateTime<Utc>,
        "issued_on" => or_last(plans::issued_on, LAST_DAY) => NaiveDate,
    });
    Ok(query.select(Plan::as_select()).load(&mut conn).await?)
}

/// How many plans a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &PlanQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a PlanQuery) -> plans::BoxedQuery<'a, Pg> {
    let mut query = plans::table.filter(visible(scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(plans::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(plans::org_unit_id.eq(unit));
    }
    if let Some(state) = filter.state {
        query = query.filter(plans::state.eq(state));
    }
    if let Some(parent) = filter.parent_plan_id {
        query = query.filter(plans::parent_plan_id.eq_any(editions(parent)));
    }
    if let Some(first) = filter.first_edition_id {
        query = query.filter(plans::first_edition_id.eq(first));
    }
    if let Some(day) = filter.issued_from {
        query = query.filter(plans::issued_on.ge(day));
    }
    if let Some(day) = filter.issued_before {
        query = query.filter(plans::issued_on.lt(day));
    }
    if let Some(text) = &filter.q {
        query = query.filter(plans::tokens.contains(search_tokens(&[text])));
    }
    query
}

/// The lists of a plan whose scope has been checked.
pub async fn parts(conn: &Conn, plan: PlanId) -> Result<Parts, AppError> {
    let (recipients, legal_bases, rules, links) =
        try_join4(recipients(conn, plan), legal_bases(conn, plan), rules(conn, plan), documents::queries::links_of(conn, plan)).await?;
    Ok(Parts { recipients, legal_bases, rules, clauses: Vec::new(), links })
}

/// The recipients of a plan whose scope has been checked, in printed order.
pub async fn recipients(mut conn: &Conn, plan: PlanId) -> Result<Vec<Recipient>, AppError> {
    let query = plan_recipients::table.filter(plan_recipients::plan_id.eq(plan)).order(plan_recipients::no);
    Ok(query.select(Recipient::as_select()).load(&mut conn).await?)
}

/// The cited documents of a plan whose scope has been checked, in printed order.
pub async fn legal_bases(mut conn: &Conn, plan: PlanId) -> Result<Vec<LegalBasis>, AppError> {
    let query = plan_legal_bases::table.filter(plan_legal_bases::plan_id.eq(plan)).order(plan_legal_bases::no);
    Ok(query.select(LegalBasis::as_select()).load(&mut conn).await?)
}

/// The rules of a plan whose scope has been checked, in printed order.
pub async fn rules(mut conn: &Conn, plan: PlanId) -> Result<Vec<Rule>, AppError> {
    let query = plan_rules::table.filter(plan_rules::plan_id.eq(plan)).order(plan_rules::no);
    Ok(query.select(Rule::as_select()).load(&mut conn).await?)
}

/// The clauses of a plan whose scope has been checked, in printed order.
pub async fn clauses(mut conn: &Conn, plan: PlanId) -> Result<Vec<Clause>, AppError> {
    let query = plan_clauses::table.filter(plan_clauses::plan_id.eq(plan)).order(plan_clauses::no);
    Ok(query.select(Clause::as_select()).load(&mut conn).await?)
}

/// Those of some bodies that are in scope.
pub async fn known_units(mut conn: &Conn, scope: &Scope, units: &[OrgUnitId]) -> Result<Vec<OrgUnitId>, AppError> {
    let query = org_units::table.filter(org_units::id.eq_any(units)).filter(readable(scope));
    Ok(query.select(org_units::id).load(&mut conn).await?)
}

/// All editions of the plan that one edition belongs to, as a subquery: what stands under a plan stands under all of them.
pub fn editions(of: PlanId) -> diesel::helper_types::IntoBoxed<'static, Select<plans::table, Nullable<plans::id>>, Pg> {
    let one = diesel::alias!(plans as one);
    let first = one.filter(one.field(plans::id).eq(of)).select(one.field(plans::first_edition_id)).single_value().assume_not_null();
    plans::table.select(plans::id.nullable()).filter(plans::first_edition_id.eq(first)).into_boxed()
}

/// The "must" rules of one kind in the plans under the campaign's own that bind a body: those of the body itself and of the bodies
/// above it, each with the number of its plan.
pub async fn rules_binding(
    mut conn: &Conn,
    campaign: CampaignId,
    unit: OrgUnitId,
    kind: RuleKind,
) -> Result<Vec<(Rule, Option<String>)>, AppError> {
    let own: String = org_units::table.find(unit).select(org_units::path).first(&mut conn).await?;
    let query = plan_rules::table
        .inner_join(plans::table.inner_join(org_units::table))
        .filter(plans::campaign_id.eq(campaign))
        .filter(plans::parent_plan_id.is_not_null())
        .filter(plans::state.eq_any(IN_FORCE))
        .filter(org_units::path.eq_any(ancestor_paths(&own)))
        .filter(plan_rules::kind.eq(kind))
        .filter(plan_rules::obligation.eq(Obligation::Must))
        .filter(plan_rules::is_confirmed)
        .order((org_units::path, plans::issued_on, plan_rules::no));
    Ok(query.select((Rule::as_select(), plans::document_number)).load(&mut conn).await?)
}

/// The plans above a plan whose scope has been checked, each in the edition that binds now, from the next one up.
pub async fn binding_above(mut conn: &Conn, plan: &Plan) -> Result<Vec<Plan>, AppError> {
    let mut above = Vec::new();
    let mut parent = plan.parent_plan_id;
    // A plan names a parent that is issued already, so there are no circles.
    while let Some(id) = parent {
        let query = plans::table.filter(plans::id.nullable().eq_any(editions(id))).filter(plans::state.eq_any(IN_FORCE));
        let binding: Option<Plan> = query.select(Plan::as_select()).first(&mut conn).await.optional()?;
        parent = binding.as_ref().and_then(|plan| plan.parent_plan_id);
        above.extend(binding);
    }
    Ok(above)
}

/// The edition that amends one, if there is one, as far as it has come.
pub async fn amendment_of(mut conn: &Conn, _: &Scope, plan: PlanId) -> Result<Option<Plan>, AppError> {
    Ok(plans::table.filter(plans::amends_plan_id.eq(plan)).select(Plan::as_select()).first(&mut conn).await.optional()?)
}

/// Whether another plan than the editions of this one is a campaign's own and binds.
pub async fn has_other_top_plan(mut conn: &Conn, _: &Scope, plan: &Plan) -> Result<bool, AppError> {
    let others = plans::table
        .filter(plans::campaign_id.eq(plan.campaign_id))
        .filter(plans::parent_plan_id.is_null())
        .filter(plans::first_edition_id.ne(plan.first_edition_id))
        .filter(plans::state.eq_any(IN_FORCE));
    Ok(select(exists(others)).get_result(&mut conn).await?)
}

fn tokens(plan: &Plan) -> Vec<String> {
    let number = super::rules::document_number(plan).unwrap_or_default();
    let texts: Vec<&str> = [number.as_str(), &plan.symbol, &plan.title].into_iter().chain(plan.aliases.shorts()).collect();
    search_tokens(&texts)
}

/// Adds a plan and its lists. The caller has checked that its unit is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, plan: &Plan, parts: &Parts) -> Result<(), AppError> {
    let Parts { recipients, legal_bases, rules, clauses, links: _ } = parts;
    diesel::insert_into(plans::table).values((plan, plans::tokens.eq(tokens(plan)))).execute(&mut conn).await?;
    diesel::insert_into(plan_recipients::table).values(recipients).execute(&mut conn).await?;
    diesel::insert_into(plan_legal_bases::table).values(legal_bases).execute(&mut conn).await?;
    diesel::insert_into(plan_rules::table).values(rules).execute(&mut conn).await?;
    diesel::insert_into(plan_clauses::table).values(clauses).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked plan back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut plan: Plan, now: DateTime<Utc>) -> Result<Plan, AppError> {
    plan.version += 1;
    plan.updated_at = now;
    let change = diesel::update(plans::table.find(plan.id)).set((&plan, plans::tokens.eq(tokens(&plan))));
    Cached(change).execute(&mut conn).await?;
    Ok(plan)
}

/// Replaces those lists of a locked plan that are given.
pub async fn replace_parts(mut conn: &Conn, _: &Scope, plan: PlanId, parts: NewParts) -> Result<(), AppError> {
    let NewParts { recipients, legal_bases, rules, clauses } = parts;
    if let Some(recipients) = recipients {
        diesel::delete(plan_recipients::table.filter(plan_recipients::plan_id.eq(plan))).execute(&mut conn).await?;
        diesel::insert_into(plan_recipients::table).values(&recipients).execute(&mut conn).await?;
    }
    if let Some(legal_bases) = legal_bases {
        diesel::delete(plan_legal_bases::table.filter(plan_legal_bases::plan_id.eq(plan))).execute(&mut conn).await?;
        diesel::insert_into(plan_legal_bases::table).values(&legal_bases).execute(&mut conn).await?;
    }
    if let Some(rules) = rules {
        diesel::delete(plan_rules::table.filter(plan_rules::plan_id.eq(plan))).execute(&mut conn).await?;
        diesel::insert_into(plan_rules::table).values(&rules).execute(&mut conn).await?;
    }
    if let Some(clauses) = clauses {
        diesel::delete(plan_clauses::table.filter(plan_clauses::plan_id.eq(plan))).execute(&mut conn).await?;
        diesel::insert_into(plan_clauses::table).values(&clauses).execute(&mut conn).await?;
    }
    Ok(())
}

/// Deletes a locked plan with its lists.
pub async fn delete(mut conn: &Conn, _: &Scope, plan: &Plan) -> Result<(), AppError> {
    diesel::delete(plans::table.find(plan.id)).execute(&mut conn).await?;
    Ok(())
}
