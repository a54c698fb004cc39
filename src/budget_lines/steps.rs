//! One step of a budget line.

use super::dto::BudgetLineOut;
use super::handlers::event;
use super::model::BudgetLine;
use super::queries;
use super::rules::{self, Step};
use crate::auth::Scope;
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::ids::BudgetLineId;
use crate::reply::Reply;

/// One step: lock, compare the version, check that the campaign is open and the state, change, save, record.
pub async fn step(
    call: Call,
    scope: Scope,
    if_match: IfMatch,
    id: BudgetLineId,
    step: Step,
    change: impl AsyncFn(&Conn, &Call, BudgetLine) -> Result<BudgetLine, AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let line = queries::lock(conn, &scope, id).await?;
        if_match.check(line.version)?;
        campaigns::queries::hold_open(conn, line.campaign_id).await?;
        rules::check_step(&line, step)?;
        let line = change(conn, &me, line).await?;
        let line = queries::save(conn, &scope, line, me.now()).await?;
        me.record(conn, event(&line, step.done())).await?;
        let version = line.version;
        Reply::ok(&BudgetLineOut::from(line), version)
    })
    .await
}
