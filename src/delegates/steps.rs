//! The steps of an assignment over HTTP.

use super::dto::{DelegateDeclineIn, DelegateOut, DelegateWithdrawIn};
use super::handlers::event;
use super::model::{Delegate, DelegateState};
use super::queries::{self, Side};
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::AppError;
use crate::etag::IfMatch;
use crate::extract::{Body, Id};
use crate::ids::DelegateId;
use crate::participants::rules::check_not_erased;
use crate::reply::Reply;
use crate::sites;
use crate::sites::model::Site;
use crate::warning::Warning;
use actix_web::post;

/// Approve a delegate
///
/// By the provincial committee, once the site has a time. Refused with `delegate_clash` when the same person of the same body
/// is expected at another site at the same time; of two approvals at once, one wins.
#[utoipa::path(tag = "delegates", params(("id" = DelegateId, Path, description = "The delegate")), responses((status = 200, body = DelegateOut)))]
#[post("/delegates/{id}/approve")]
pub async fn approve_delegate(call: Call, id: Id<DelegateId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegateApprove)?;
    let if_match = call.if_match()?;
    let own = scope.clone();
    step(call, (scope, Side::Site), if_match, id.0, Step::Approve, async move |conn, me, site, mut delegate| {
        rules::check_clashes(queries::clashes(conn, &own, &delegate, site).await?)?;
        delegate.state = DelegateState::Approved;
        delegate.approved_at = Some(me.now());
        Ok(delegate)
    })
    .await
}

/// Record that a delegate accepts
///
/// By the delegate's body; also after a refusal, unless the person is expected elsewhere by then.
#[utoipa::path(tag = "delegates", params(("id" = DelegateId, Path, description = "The delegate")), responses((status = 200, body = DelegateOut)))]
#[post("/delegates/{id}/accept")]
pub async fn accept_delegate(call: Call, id: Id<DelegateId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegateAnswer)?;
    let if_match = call.if_match()?;
    let own = scope.clone();
    step(call, (scope, Side::Delegate), if_match, id.0, Step::Accept, async move |conn, me, site, mut delegate| {
        rules::check_clashes(queries::clashes(conn, &own, &delegate, site).await?)?;
        delegate.state = DelegateState::Accepted;
        delegate.answered_at = Some(me.now());
        delegate.reason = None;
        Ok(delegate)
    })
    .await
}

/// Record that a delegate declines
///
/// By the delegate's body, with the reason where one is given.
#[utoipa::path(tag = "delegates", params(("id" = DelegateId, Path, description = "The delegate")), request_body = DelegateDeclineIn, responses((status = 200, body = DelegateOut)))]
#[post("/delegates/{id}/decline")]
pub async fn decline_delegate(call: Call, id: Id<DelegateId>, body: Body<DelegateDeclineIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegateAnswer)?;
    let if_match = call.if_match()?;
    let DelegateDeclineIn { reason } = body.parse()?;
    step(call, (scope, Side::Delegate), if_match, id.0, Step::Decline, async move |_, me, _, mut delegate| {
        delegate.state = DelegateState::Declined;
        delegate.answered_at = Some(me.now());
        delegate.reason = reason.clone().map(String::from);
        Ok(delegate)
    })
    .await
}

/// Record that a delegate came
///
/// By the organiser of the site, once the festival has begun; who comes after a refusal has come.
#[utoipa::path(tag = "delegates", params(("id" = DelegateId, Path, description = "The delegate")), responses((status = 200, body = DelegateOut)))]
#[post("/delegates/{id}/attend")]
pub async fn attend_delegate(call: Call, id: Id<DelegateId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegateAttend)?;
    let if_match = call.if_match()?;
    step(call, (scope, Side::Site), if_match, id.0, Step::Attend, async |_, me, _, mut delegate| {
        delegate.state = DelegateState::Attended;
        delegate.attended_at = Some(me.now());
        Ok(delegate)
    })
    .await
}

/// Record that a delegate did not come
///
/// By the organiser of the site, once the festival has begun.
#[utoipa::path(tag = "delegates", params(("id" = DelegateId, Path, description = "The delegate")), responses((status = 200, body = DelegateOut)))]
#[post("/delegates/{id}/miss")]
pub async fn miss_delegate(call: Call, id: Id<DelegateId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegateAttend)?;
    let if_match = call.if_match()?;
    step(call, (scope, Side::Site), if_match, id.0, Step::Miss, async |_, me, _, mut delegate| {
        delegate.state = DelegateState::Absent;
        delegate.attended_at = Some(me.now());
        Ok(delegate)
    })
    .await
}

/// Withdraw a delegate
///
/// By who proposes, with the reason, before the day: the person is free again and the record stays.
#[utoipa::path(tag = "delegates", params(("id" = DelegateId, Path, description = "The delegate")), request_body = DelegateWithdrawIn, responses((status = 200, body = DelegateOut)))]
#[post("/delegates/{id}/withdraw")]
pub async fn withdraw_delegate(call: Call, id: Id<DelegateId>, body: Body<DelegateWithdrawIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegatePropose)?;
    let if_match = call.if_match()?;
    let reason = body.parse()?.reason.into_string();
    step(call, (scope, Side::Site), if_match, id.0, Step::Withdraw, async move |_, me, _, mut delegate| {
        delegate.state = DelegateState::Withdrawn;
        delegate.withdrawn_at = Some(me.now());
        delegate.reason = Some(reason.clone());
        Ok(delegate)
    })
    .await
}

/// The warning about other sites at the same time.
pub(super) async fn clash_warnings(
    conn: &Conn,
    call: &Call,
    scope: &Scope,
    delegate: &Delegate,
    site: &Site,
) -> Result<Vec<Warning>, AppError> {
    let text = rules::clash_text(&queries::clashes(conn, scope, delegate, site).await?);
    Ok(text.map(|text| Warning::new("delegate_clash", &text, None, call.language())).into_iter().collect())
}

/// One step: hold the site, lock all assignments of the person, compare the version, check, change, save, record.
pub(super) async fn step(
    call: Call,
    (scope, side): (Scope, Side),
    if_match: IfMatch,
    id: DelegateId,
    step: Step,
    change: impl AsyncFn(&Conn, &Call, &Site, Delegate) -> Result<Delegate, AppError> + 'static,
) -> Result<Reply, AppError> {
    let me = call.clone();
    call.write(async move |conn| {
        let found = queries::find_for(conn, &scope, id, side).await?;
        let site = sites::queries::hold(conn, (found.campaign_id, found.site_id)).await?;
        let delegate = queries::lock_person(conn, &scope, &found).await?;
        if_match.check(delegate.version)?;
        check_not_erased(delegate.erased_at)?;
        campaigns::queries::hold_open(conn, delegate.campaign_id).await?;
        rules::check_step(&delegate, step)?;
        rules::check_site(&site, step, me.now())?;
        let from = delegate.state;
        let delegate = change(conn, &me, &site, delegate).await?;
        let delegate = queries::save(conn, &scope, delegate, me.now()).await?;
        me.record(conn, event(&delegate, step, Some(from))).await?;
        let warnings = match step {
            Step::Change => clash_warnings(conn, &me, &scope, &delegate, &site).await?,
            _ => Vec::new(),
        };
        let version = delegate.version;
        Reply::ok(&DelegateOut::new(delegate, warnings), version)
    })
    .await
}
