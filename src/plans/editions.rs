//! Editions of a plan over HTTP: amend an issued plan, list its editions, compare two of them.

use super::compare::{PlanComparisonOut, compare};
use super::dto::{PlanAmendIn, PlanCompareQuery, PlanEditionQuery, PlanQuery};
use super::handlers::{answer, event, page_of};
use super::model::{Parts, Plan, PlanState};
use super::out::{PlanOut, PlanSummaryOut};
use super::queries;
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::extract::{Body, Id, Query};
use crate::ids::PlanId;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::{get, post};
use chrono::{DateTime, Utc};

/// Amend an issued plan
///
/// Drafts the next edition, a plan of its own with everything that the edition before says. It is changed, submitted and issued as
/// any plan, under a number of its own; issuing it supersedes the edition before, which stays readable. An edition is amended once.
#[utoipa::path(
    tag = "plans",
    params(("id" = PlanId, Path, description = "The plan")),
    request_body = PlanAmendIn,
    responses((status = 201, body = PlanOut)),
    extensions(("x-if-match" = json!(true)))
)]
#[post("/plans/{id}/amend")]
pub async fn amend_plan(call: Call, id: Id<PlanId>, body: Body<PlanAmendIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanWrite)?;
    let if_match = call.if_match()?;
    let PlanAmendIn { note } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let before = queries::lock(conn, &scope, id.0).await?;
        if_match.check(before.version)?;
        campaigns::queries::hold_open(conn, before.campaign_id).await?;
        rules::check_step(&before, Step::Amend)?;
        check_not_amended(conn, &scope, &before).await?;
        let parts = Parts { clauses: queries::clauses(conn, before.id).await?, ..queries::parts(conn, before.id).await? };
        let (plan, parts) = next_edition(before, parts, note.as_str().to_owned(), me.now());
        queries::insert(conn, &scope, &plan, &parts).await?;
        me.record(conn, event(&plan, "created", None)).await?;
        Reply::created("plans", plan.id, &PlanOut::new(plan.clone(), parts), plan.version)
    })
    .await
}

async fn check_not_amended(conn: &Conn, scope: &Scope, plan: &Plan) -> Result<(), AppError> {
    match queries::amendment_of(conn, scope, plan.id).await? {
        None => Ok(()),
        Some(_) => Err(AppError::new(ErrorCode::InvalidTransition).because(message(
            "Đã có bản sửa đổi, bổ sung của kế hoạch này đang soạn thảo.",
            "The next edition of this plan is being drafted already.",
        ))),
    }
}

/// The draft of the edition after one, with its lists: the same text, but neither number nor date.
pub fn next_edition(before: Plan, parts: Parts, note: String, now: DateTime<Utc>) -> (Plan, Parts) {
    let id = PlanId::new();
    let plan = Plan {
        id,
        state: PlanState::Draft,
        number: None,
        document_number: None,
        issued_on: None,
        issue_year: None,
        return_comment: None,
        submitted_at: None,
        issued_at: None,
        closed_at: None,
        edition: before.edition + 1,
        amends_plan_id: Some(before.id),
        amendment_note: Some(note),
        superseded_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
        ..before
    };
    (plan, parts.of_plan(id))
}

/// The edition that is issued takes the place of the one it amends, which must still be in force.
pub async fn supersede(conn: &Conn, me: &Call, scope: &Scope, amended: PlanId) -> Result<(), AppError> {
    let mut before = queries::lock(conn, scope, amended).await?;
    rules::check_step(&before, Step::Supersede)?;
    before.state = PlanState::Superseded;
    before.superseded_at = Some(me.now());
    let before = queries::save(conn, scope, before, me.now()).await?;
    me.record(conn, event(&before, "superseded", Some(PlanState::Issued))).await
}

/// List the editions of a plan
///
/// All that the caller can read, the one asked for among them.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan"), PlanEditionQuery), responses((status = 200, body = Page<PlanSummaryOut>)))]
#[get("/plans/{id}/editions")]
pub async fn list_plan_editions(call: Call, id: Id<PlanId>, query: Query<PlanEditionQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let (PlanEditionQuery { state, .. }, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let plan = queries::find(conn, &scope, id.0).await?;
            let filter = PlanQuery { first_edition_id: Some(plan.first_edition_id), state, ..PlanQuery::default() };
            page_of(conn, &scope, &filter, &page).await
        })
        .await?;
    answer(&page, rows, total)
}

/// Compare two plans
///
/// Clause by clause, rule by rule, with the lists and what stands on the head; by default with the edition that the plan amends.
/// Any two plans that the caller can read can be compared, such as those of two years.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path, description = "The plan"), PlanCompareQuery), responses((status = 200, body = PlanComparisonOut)))]
#[get("/plans/{id}/comparison")]
pub async fn compare_plans(call: Call, id: Id<PlanId>, query: Query<PlanCompareQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let PlanCompareQuery { with } = query.parse()?;
    let comparison = call.read_long(async |conn| {
        let after = queries::find(conn, &scope, id.0).await?;
        let before = other(conn, &scope, &after, with).await?;
        let (mut of_before, mut of_after) = (queries::parts(conn, before.id).await?, queries::parts(conn, after.id).await?);
        of_before.clauses = queries::clauses(conn, before.id).await?;
        of_after.clauses = queries::clauses(conn, after.id).await?;
        Ok(compare((before, of_before), (after, of_after)))
    });
    Reply::plain(&comparison.await?)
}

/// What a plan is compared with: the one named, else the edition before.
async fn other(conn: &Conn, scope: &Scope, plan: &Plan, with: Option<PlanId>) -> Result<Plan, AppError> {
    let Some(id) = with.or(plan.amends_plan_id) else {
        let text =
            message("Kế hoạch này là bản đầu: nêu kế hoạch để so sánh.", "This plan is a first edition: name one to compare it with.");
        return Err(AppError::field(FieldError::new("?with", "required", text)).in_query());
    };
    queries::find(conn, scope, id).await.map_err(|error| error.into_unknown_reference("?with").in_query())
}
