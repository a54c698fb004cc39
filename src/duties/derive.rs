//! Duties made from the rules of a plan.

use super::bodies;
use super::dto::DutyDeriveIn;
use super::handlers::{entry, event};
use super::model::{Duty, DutyState};
use super::out::{DutyDerivationOut, DutyOut, UnboundDutyOut, unbound};
use super::queries;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::clock;
use crate::db::Conn;
use crate::error::AppError;
use crate::extract::{Id, OptionalBody};
use crate::ids::{DutyId, OrgUnitId, PlanId};
use crate::plans;
use crate::plans::delivery::rules::check_issued;
use crate::plans::model::{Plan, Rule};
use crate::plans::parameters::Parameters;
use crate::reply::Reply;
use actix_web::post;
use chrono::{DateTime, Utc};

/// What was made.
#[derive(Debug, Default)]
pub struct Derived {
    /// New duties.
    pub created: Vec<Duty>,
    /// How many were there already.
    pub existing: usize,
    /// Words that name no body.
    pub unbound: Vec<UnboundDutyOut>,
}

/// Charge bodies with the duties of a plan
///
/// One duty for each confirmed rule of kind `duty` and each body that its words mean: by name, or as a group such as “các
/// sở, ban, ngành”. Words that name nobody, or that several bodies answer to, are listed as unbound and never guessed.
/// It can be repeated: what is there stays as it is.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan")), request_body = Option<DutyDeriveIn>, responses((status = 200, body = DutyDerivationOut)))]
#[post("/plans/{id}/duties/derive")]
pub async fn derive_plan_duties(call: Call, id: Id<PlanId>, body: OptionalBody<DutyDeriveIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyAssign)?;
    let DutyDeriveIn { deadline } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        // The lock lets one derivation of a plan run at a time.
        let plan = plans::queries::lock(conn, &scope, id.0).await?;
        let campaign = campaigns::queries::hold_open(conn, plan.campaign_id).await?;
        check_issued(&plan, "assign")?;
        let stated = plans::queries::rules(conn, plan.id).await?;
        let Derived { created, existing, unbound } =
            derive(conn, &scope, (&campaign, &plan, &stated), deadline.map(clock::to_micros), me.now()).await?;
        if !created.is_empty() {
            let entries: Vec<_> = created.iter().map(|duty| entry(duty, "created", None, None, &me)).collect();
            queries::log(conn, &scope, &entries).await?;
            me.record_all(conn, created.iter().map(|duty| event(duty, "created", None)).collect()).await?;
        }
        Reply::plain(&DutyDerivationOut {
            plan_id: plan.id,
            created_count: i64::try_from(created.len()).map_err(AppError::internal)?,
            existing_count: i64::try_from(existing).map_err(AppError::internal)?,
            duties: created.into_iter().map(DutyOut::from).collect(),
            unbound,
        })
    })
    .await
}

/// Makes the duties that the rules of an issued plan lay down and that are not there yet.
pub async fn derive(
    conn: &Conn,
    scope: &Scope,
    (campaign, plan, rules): (&Campaign, &Plan, &[Rule]),
    deadline: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Derived, AppError> {
    let candidates = queries::candidates(conn, scope, campaign, plan.org_unit_id).await?;
    let mut derived = Derived::default();
    let mut rows = Vec::new();
    for rule in rules.iter().filter(|rule| rule.is_confirmed) {
        let Parameters::Duty { body, text } = rule.parameters()? else { continue };
        let addressed = bodies::resolve(&body, &candidates);
        rows.extend(addressed.bodies.iter().map(|unit| duty(plan, rule, *unit, &text, deadline, now)));
        derived.unbound.extend(unbound(&rule.rule_id, &rule.clause, addressed));
    }
    // What a body was charged with under the edition before goes on.
    let charged = queries::charged_before(conn, scope, plan).await?;
    let all = rows.len();
    rows.retain(|duty: &Duty| duty.rule_id.as_ref().is_none_or(|rule| !charged.contains(&(rule.clone(), duty.org_unit_id))));
    derived.created = queries::insert_new(conn, scope, &rows).await?;
    derived.existing = all.saturating_sub(derived.created.len());
    Ok(derived)
}

fn duty(plan: &Plan, rule: &Rule, org_unit_id: OrgUnitId, text: &str, deadline: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Duty {
    Duty {
        campaign_id: plan.campaign_id,
        id: DutyId::new(),
        plan_id: plan.id,
        rule_id: Some(rule.rule_id.clone()),
        org_unit_id,
        issuer_org_unit_id: plan.org_unit_id,
        title: title(text),
        statement: Some(text.to_owned()),
        clause: Some(rule.clause.clone()),
        deadline,
        state: DutyState::Assigned,
        progress_note: None,
        cancel_reason: None,
        reopen_comment: None,
        started_at: None,
        done_at: None,
        done_by: None,
        cancelled_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Letters of a title: one line.
const TITLE: usize = 300;

/// The first line of a text, cut at a word where it is longer than a title.
fn title(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= TITLE {
        return line;
    }
    let cut: String = line.chars().take(TITLE - 1).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut.get(..end).unwrap_or(&cut))
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn a_title_is_one_line_of_300_letters_at_the_most() {
        assert_eq!(title("Chủ trì,\n đôn đốc"), "Chủ trì, đôn đốc");
        let long = title(&"tuyên truyền ".repeat(40));
        assert!(long.chars().count() <= 300 && long.ends_with("n…"), "{long}");
    }
}
