//! Who has drawn up a plan under a plan, over HTTP: the gaps, and the whole tree.

use super::model::{Plan, PlanState};
use super::obligations;
use super::obligations::model::{PlanDelivery, Standing};
use super::obligations::rules::{lacking, wanted_items};
use super::parameters::{Cited, PlanItem};
use super::queries;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns::dto::rule_members;
use crate::db::Conn;
use crate::error::AppError;
use crate::extract::Id;
use crate::ids::{OrgUnitId, PlanId, PlanObligationId};
use crate::reply::Reply;
use actix_web::get;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;

/// A body that owes a plan of its own and has issued none.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct MissingPlanOut {
    pub org_unit_id: OrgUnitId,
    pub name: String,
    /// Kind of body.
    pub kind: String,
    /// What it owes.
    pub obligation_id: PlanObligationId,
}

/// A body whose plan does not state all that it must.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct IncompletePlanOut {
    pub org_unit_id: OrgUnitId,
    pub name: String,
    pub plan_id: PlanId,
    /// The items that it does not state (II.3).
    #[schema(max_items = 8)]
    pub missing_items: Vec<PlanItem>,
}

/// Who has not issued a plan under this one (R12, III.3), and whose plan lacks something: figures, never a refusal.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanGapsOut {
    /// The plan.
    pub plan_id: PlanId,
    /// Bodies in the caller's reach that owe a plan under this one, without those exempt: the set frozen when it was issued.
    #[schema(minimum = 0)]
    pub expected_count: i64,
    /// Those of them that have issued one.
    #[schema(minimum = 0)]
    pub issued_count: i64,
    /// Bodies that were exempted and have issued none.
    #[schema(minimum = 0)]
    pub exempt_count: i64,
    /// Those that have not.
    #[schema(max_items = 20_000)]
    pub missing: Vec<MissingPlanOut>,
    /// Those whose plan does not state every item.
    #[schema(max_items = 20_000)]
    pub incomplete: Vec<IncompletePlanOut>,
    /// Rule of the plan; null where no issued plan states it.
    #[schema(example = "R12")]
    pub rule_id: Option<String>,
    /// Clause of the plan.
    #[schema(example = "III.3")]
    pub clause: Option<String>,
}

/// Who has not issued a plan under a plan
///
/// Bodies below the issuer that owe a plan of their own (R12, III.3) and have issued none, and plans that lack one of the wanted
/// items (II.3). Counted by the same frozen set as `/plan-obligations`.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), responses((status = 200, body = PlanGapsOut)))]
#[get("/plans/{id}/gaps")]
pub async fn get_plan_gaps(call: Call, id: Id<PlanId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let gaps = call.read(async |conn| {
        let plan = queries::find(conn, &scope, id.0).await?;
        let owed = obligations::queries::under(conn, &scope, &plan).await?;
        let wanted = wanted_items(&queries::rules(conn, plan.id).await?)?;
        let rule = match owed.first() {
            Some(standing) => Some(standing.obligation.rule()),
            None => queries::rule_ref(conn, plan.campaign_id, Cited::ChildPlan).await?,
        };
        Ok(gaps(&plan, owed, &wanted, rule_members(rule)))
    });
    Reply::plain(&gaps.await?)
}

fn gaps(plan: &Plan, owed: Vec<Standing>, wanted: &[PlanItem], (rule_id, clause): (Option<String>, Option<String>)) -> PlanGapsOut {
    let (mut missing, mut incomplete) = (Vec::new(), Vec::new());
    let (mut issued_count, mut exempt_count) = (0, 0);
    for standing in owed {
        match (standing.state(), standing.drawn) {
            (PlanDelivery::Exempt, _) => exempt_count += 1,
            (_, Some(drawn)) => {
                issued_count += 1;
                let missing_items = lacking(wanted, &drawn.items);
                if !missing_items.is_empty() {
                    let org_unit_id = standing.obligation.org_unit_id;
                    incomplete.push(IncompletePlanOut { org_unit_id, name: standing.org_unit_name, plan_id: drawn.id, missing_items });
                }
            }
            (_, None) => missing.push(MissingPlanOut {
                org_unit_id: standing.obligation.org_unit_id,
                name: standing.org_unit_name,
                kind: standing.org_unit_kind,
                obligation_id: standing.obligation.id,
            }),
        }
    }
    let expected_count = issued_count + i64::try_from(missing.len()).unwrap_or(i64::MAX);
    PlanGapsOut { plan_id: plan.id, expected_count, issued_count, exempt_count, missing, incomplete, rule_id, clause }
}

/// One body in the tree of plans.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct PlanNodeOut {
    /// How many plans it stands below the first one; that stands at 0.
    #[schema(minimum = 0, maximum = 20)]
    pub depth: u8,
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    /// The plan; null where one is owed and none is there.
    pub plan_id: Option<PlanId>,
    /// The plan above it.
    pub parent_plan_id: Option<PlanId>,
    pub document_number: Option<String>,
    /// The state of the plan; null where there is none.
    pub state: Option<PlanState>,
    /// Whether the body owes a plan, and where that stands; null where it owes none.
    pub obligation: Option<PlanDelivery>,
    /// The wanted items (II.3) that an existing plan does not state.
    #[schema(max_items = 8)]
    pub missing_items: Vec<PlanItem>,
}

/// A plan and all plans under it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanTreeOut {
    /// The plan at the top.
    pub plan_id: PlanId,
    /// In the order of the tree: each plan before those under it, and among them the bodies that still owe one.
    #[schema(max_items = 20_000)]
    pub nodes: Vec<PlanNodeOut>,
}

/// Read the tree of plans under a plan
///
/// Every plan that carries it out, at every depth, and every body that still owes one; drafts where the caller works on them.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), responses((status = 200, body = PlanTreeOut)))]
#[get("/plans/{id}/tree")]
pub async fn get_plan_tree(call: Call, id: Id<PlanId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let tree = call.read_long(async |conn| {
        let (top, name) = queries::find_with_name(conn, &scope, id.0).await?;
        let branches = Branches::read(conn, &scope, &top).await?;
        let mut nodes = vec![node(&top, name, 0, None, None, Vec::new())];
        branches.add(&top, 1, &mut nodes);
        Ok(PlanTreeOut { plan_id: top.id, nodes })
    });
    Reply::plain(&tree.await?)
}

/// A plan in force, or a draft, and the name and the path of its issuer.
struct Child {
    plan: Plan,
    name: String,
    path: String,
}

/// What stands under each plan, by its first edition.
#[derive(Default)]
struct Branches {
    children: HashMap<PlanId, Vec<Child>>,
    owed: HashMap<PlanId, Vec<Standing>>,
    wanted: HashMap<PlanId, Vec<PlanItem>>,
}

impl Branches {
    /// Level by level, as long as there is one.
    async fn read(conn: &Conn, scope: &Scope, top: &Plan) -> Result<Self, AppError> {
        let mut branches = Self::default();
        let mut level = vec![top.clone()];
        while !level.is_empty() {
            for plan in &level {
                branches.owed.insert(plan.first_edition_id, obligations::queries::under(conn, scope, plan).await?);
                branches.wanted.insert(plan.first_edition_id, wanted_items(&queries::rules(conn, plan.id).await?)?);
            }
            let firsts: Vec<PlanId> = level.iter().map(|plan| plan.first_edition_id).collect();
            level.clear();
            for (plan, first, name, path) in obligations::queries::children(conn, scope, &firsts).await? {
                level.push(plan.clone());
                branches.children.entry(first).or_default().push(Child { plan, name, path });
            }
        }
        Ok(branches)
    }

    /// Adds all that stands under a plan.
    fn add(&self, plan: &Plan, depth: u8, nodes: &mut Vec<PlanNodeOut>) {
        let first = plan.first_edition_id;
        let owed = self.owed.get(&first).map_or(&[][..], Vec::as_slice);
        let wanted = self.wanted.get(&first).map_or(&[][..], Vec::as_slice);
        let children = self.children.get(&first).map_or(&[][..], Vec::as_slice);
        let has_plan: HashSet<OrgUnitId> = children.iter().map(|child| child.plan.org_unit_id).collect();
        let standing = |unit: OrgUnitId| owed.iter().find(|standing| standing.obligation.org_unit_id == unit);
        let without = owed.iter().filter(|standing| !has_plan.contains(&standing.obligation.org_unit_id));
        // Both lists come in the order of the tree, and so does what is made of them.
        let mut entries: Vec<(&str, Option<&Child>, Option<&Standing>)> =
            without.map(|standing| (standing.org_unit_path.as_str(), None, Some(standing))).collect();
        entries.extend(children.iter().map(|child| (child.path.as_str(), Some(child), standing(child.plan.org_unit_id))));
        entries.sort_by_key(|(path, ..)| *path);
        for (_, child, standing) in entries {
            let obligation = standing.map(Standing::state);
            match (child, standing) {
                (Some(Child { plan: below, name, .. }), _) => {
                    let missing = lacking(wanted, &below.items);
                    nodes.push(node(below, name.clone(), depth, Some(plan.id), obligation, missing));
                    self.add(below, depth.saturating_add(1), nodes);
                }
                (None, Some(standing)) => nodes.push(PlanNodeOut {
                    depth,
                    org_unit_id: standing.obligation.org_unit_id,
                    org_unit_name: standing.org_unit_name.clone(),
                    plan_id: None,
                    parent_plan_id: Some(plan.id),
                    document_number: None,
                    state: None,
                    obligation,
                    missing_items: Vec::new(),
                }),
                (None, None) => {}
            }
        }
    }
}

fn node(
    plan: &Plan,
    org_unit_name: String,
    depth: u8,
    parent_plan_id: Option<PlanId>,
    obligation: Option<PlanDelivery>,
    missing_items: Vec<PlanItem>,
) -> PlanNodeOut {
    PlanNodeOut {
        depth,
        org_unit_id: plan.org_unit_id,
        org_unit_name,
        plan_id: Some(plan.id),
        parent_plan_id,
        document_number: super::rules::document_number(plan),
        state: Some(plan.state),
        obligation,
        missing_items,
    }
}
