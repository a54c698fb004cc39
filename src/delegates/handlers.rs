//! Delegates over HTTP: list, propose, read, change, and the list of a site on paper.

use super::document;
use super::dto::{DelegateIn, DelegateOut, DelegatePatch, DelegateQuery};
use super::model::{Delegate, DelegateState};
use super::queries::{self, Side};
use super::rules::{self, Step};
use super::steps::{clash_warnings, step};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::{DelegateId, SiteId};
use crate::org_units;
use crate::org_units::letterhead::Letterhead;
use crate::pagination::Page;
use crate::paper::{self, PaperQuery};
use crate::plans;
use crate::reply::Reply;
use crate::sites;
use actix_web::{get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// What the feed says of a delegate: no name, no reason.
pub(super) fn event(delegate: &Delegate, step: Step, from: Option<DelegateState>) -> Event<'static> {
    Event {
        campaign_id: Some(delegate.campaign_id),
        org_unit_id: delegate.org_unit_id,
        resource: "delegate",
        resource_id: delegate.id.into(),
        version: delegate.version,
        action: step.done(),
        data: json!({
            "from": from.map(DelegateState::as_str), "to": delegate.state.as_str(), "site_id": delegate.site_id,
            "delegate_role": delegate.delegate_role.as_str(),
        }),
    }
}

/// What it says when who the delegate is was erased.
pub fn erased(delegate: &Delegate) -> Event<'static> {
    Event { action: "erased", ..event(delegate, Step::Change, Some(delegate.state)) }
}

/// List delegates
///
/// Of the bodies in the caller's reach, and to the sites that they organise. Personal data.
#[utoipa::path(tag = "delegates", params(DelegateQuery), responses((status = 200, body = Page<DelegateOut>)))]
#[get("/delegates")]
pub async fn list_delegates(call: Call, query: Query<DelegateQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegateRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |delegate, sort| {
        let key = match sort {
            "created_at" => json!(delegate.created_at),
            "updated_at" => json!(delegate.updated_at),
            _ => json!(null),
        };
        (key, Uuid::from(delegate.id))
    });
    page.reply(rows.into_iter().map(|delegate| DelegateOut::new(delegate, Vec::new())).collect(), next, total)
}

/// Propose a delegate for a site
///
/// By the standing agency (R16, III.1) or the committee itself. Another site at the same time gives a warning here; the
/// approval is refused.
#[utoipa::path(tag = "delegates", request_body = DelegateIn, responses((status = 201, body = DelegateOut)))]
#[post("/delegates")]
pub async fn create_delegate(call: Call, body: Body<DelegateIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegatePropose)?;
    let fields = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::hold_still_reference(conn, &scope, fields.site_id, "/site_id").await?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, Step::Propose, me.now())?;
        org_units::queries::find_reference(conn, &scope, fields.org_unit_id, "/org_unit_id").await?;
        let DelegateIn { site_id, org_unit_id, full_name, title, delegate_role } = fields.clone();
        let delegate = Delegate {
            campaign_id: site.campaign_id,
            id: DelegateId::new(),
            site_id,
            site_org_unit_id: site.org_unit_id,
            org_unit_id,
            name_key: rules::name_key(full_name.as_str()),
            full_name: full_name.into_string(),
            title: title.map(String::from),
            delegate_role,
            state: DelegateState::Proposed,
            reason: None,
            proposed_by: me.actor().id,
            approved_at: None,
            answered_at: None,
            attended_at: None,
            withdrawn_at: None,
            version: 1,
            created_at: me.now(),
            updated_at: me.now(),
            erased_at: None,
        };
        queries::insert(conn, &scope, &delegate).await?;
        me.record(conn, event(&delegate, Step::Propose, None)).await?;
        let warnings = clash_warnings(conn, &me, &scope, &delegate, &site).await?;
        let (id, version) = (delegate.id, delegate.version);
        Reply::created("delegates", id, &DelegateOut::new(delegate, warnings), version)
    })
    .await
}

/// Read a delegate
///
/// Personal data.
#[utoipa::path(tag = "delegates", params(("id" = DelegateId, Path, description = "The delegate")), responses((status = 200, body = DelegateOut, headers(("ETag" = String)))))]
#[get("/delegates/{id}")]
pub async fn get_delegate(call: Call, id: Id<DelegateId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegateRead)?;
    let delegate = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = delegate.version;
    Reply::ok(&DelegateOut::new(delegate, Vec::new()), version)
}

/// Change a proposal
///
/// While it is not approved; for another site or body it is withdrawn and made anew.
#[utoipa::path(tag = "delegates", params(("id" = DelegateId, Path, description = "The delegate")), request_body = DelegatePatch, responses((status = 200, body = DelegateOut)))]
#[patch("/delegates/{id}")]
pub async fn update_delegate(call: Call, id: Id<DelegateId>, body: Body<DelegatePatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegatePropose)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    step(call, (scope, Side::Site), if_match, id.0, Step::Change, async move |_, _, _, mut delegate| {
        let DelegatePatch { full_name, title, delegate_role } = patch.clone();
        delegate.full_name = full_name.map(String::from).or_current(std::mem::take(&mut delegate.full_name));
        delegate.name_key = rules::name_key(&delegate.full_name);
        delegate.title = title.map(String::from).or_keep(delegate.title.take());
        delegate.delegate_role = delegate_role.or_current(delegate.delegate_role);
        Ok(delegate)
    })
    .await
}

/// Read the delegates of a site as a document
///
/// Who attends the site, the head of the delegation first: DOCX to be signed, XLSX or CSV. Those withdrawn are left out.
/// Personal data.
#[utoipa::path(
    tag = "delegates",
    params(("id" = SiteId, Path, description = "The site"), PaperQuery),
    responses((
        status = 200,
        description = "The file.",
        content(
            (String = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "text/csv", example = json!("STT,Họ và tên,Chức vụ,\"Cơ quan, đơn vị\",Vai trò,Trạng thái\r\n1,Nguyễn Văn An,Phó Giám đốc,Công an tỉnh Yên Bái,trưởng đoàn,đã duyệt\r\n"))
        ),
        headers(("Content-Disposition" = String))
    ))
)]
#[get("/sites/{id}/delegates/document")]
pub async fn get_site_delegates_document(call: Call, id: Id<SiteId>, query: Query<PaperQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DelegateRead)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let body_scope = call.authorize(Action::OrgUnitRead)?;
    let PaperQuery { format } = query.parse()?;
    let document = call
        .read(async |conn| {
            let site = sites::queries::find(conn, &scope, id.0).await?;
            let campaign = campaigns::queries::find(conn, &campaign_scope, site.campaign_id).await?;
            let plan = plans::queries::top_plan(conn, campaign.id).await?;
            let letterhead = Letterhead::of(conn, &body_scope, campaign.org_unit_id).await?;
            let delegates = queries::of_site(conn, &scope, &site).await?;
            Ok(document::of(&site, &campaign, plan.as_ref(), &letterhead, &delegates))
        })
        .await?;
    paper::reply(document, format).await
}
