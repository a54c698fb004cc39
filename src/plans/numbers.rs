//! The register of numbers over HTTP: which numbers a body has given to plans, and which comes next.

use super::model::{Plan, PlanState};
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::Query;
use crate::ids::{OrgUnitId, PlanId};
use crate::org_units;
use crate::reply::Reply;
use actix_web::get;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which register: numbers run for an issuer and a symbol, from 1 in each calendar year (decree 30/2020/NĐ-CP, article 15).
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanNumberQuery {
    /// The issuer.
    pub org_unit_id: OrgUnitId,
    /// The symbol, such as `KH-BCĐ`.
    #[param(max_length = 60, min_length = 1)]
    pub symbol: String,
    /// The calendar year.
    #[param(minimum = 2005, maximum = 2100)]
    pub year: i32,
}

/// A number that was given.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct PlanNumberOut {
    #[schema(minimum = 1)]
    pub number: i32,
    pub plan_id: PlanId,
    pub document_number: Option<String>,
    pub title: String,
    pub issued_on: Option<NaiveDate>,
    pub state: PlanState,
    pub edition: i32,
}

/// A register of numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanNumbersOut {
    /// The number after the highest that was given. Numbers given to documents outside this service are not known here.
    #[schema(minimum = 1)]
    pub next_number: i32,
    /// The numbers given, ascending: 1,000 at the most, the highest ones.
    #[schema(max_items = 1000)]
    pub numbers: Vec<PlanNumberOut>,
}

/// Read the register of numbers
///
/// The numbers that a body has given to plans of one symbol in one year; a draft has none before it is issued.
#[utoipa::path(tag = "plans", params(PlanNumberQuery), responses((status = 200, body = PlanNumbersOut)))]
#[get("/plan-numbers")]
pub async fn list_plan_numbers(call: Call, query: Query<PlanNumberQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let PlanNumberQuery { org_unit_id, symbol, year } = query.parse()?;
    let plans = call.read(async |conn| {
        org_units::queries::find_reference(conn, &scope, org_unit_id, "?org_unit_id").await.map_err(AppError::in_query)?;
        queries::numbered(conn, &scope, org_unit_id, &symbol, year).await
    });
    let mut plans = plans.await?;
    let next_number = plans.first().and_then(|plan| plan.number).unwrap_or(0).saturating_add(1);
    plans.reverse();
    Reply::plain(&PlanNumbersOut { next_number, numbers: plans.into_iter().filter_map(entry).collect() })
}

fn entry(plan: Plan) -> Option<PlanNumberOut> {
    let Plan { id, number, document_number, title, issued_on, state, edition, .. } = plan;
    Some(PlanNumberOut { number: number?, plan_id: id, document_number, title, issued_on, state, edition })
}
