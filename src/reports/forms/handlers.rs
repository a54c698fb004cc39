//! Report forms over HTTP.

use super::content::FormContent;
use super::dto::{ReportFormIn, ReportFormOut, ReportFormPatch, ReportFormQuery};
use super::model::ReportForm;
use super::queries;
use super::rules;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::{AppError, FieldError};
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::{CampaignId, OrgUnitId, ReportFormId};
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::{delete, get, patch, post};
use serde_json::json;
use uuid::Uuid;

/// A change of a form, for the change feed; told of the campaign's body.
pub fn event(form: &ReportForm, owner: OrgUnitId, action: &'static str) -> Event<'static> {
    Event {
        campaign_id: Some(form.campaign_id),
        org_unit_id: owner,
        resource: "report_form",
        resource_id: form.id.into(),
        version: form.version,
        action,
        data: json!({"no": form.no, "state": form.state.as_str()}),
    }
}

/// Read the report form of a campaign
///
/// The current one: the version that was published last. New reports follow it.
#[utoipa::path(tag = "report-forms", params(("id" = CampaignId, Path, description = "The campaign")), responses((status = 200, body = ReportFormOut)))]
#[get("/campaigns/{id}/report-form")]
pub async fn get_campaign_report_form(call: Call, id: Id<CampaignId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let form = call
        .read(async |conn| {
            campaigns::queries::find(conn, &scope, id.0).await?;
            queries::current(conn, &scope, id.0).await
        })
        .await?;
    // Another form can be current tomorrow: the version of this one does not tell.
    Reply::plain(&ReportFormOut::from(form))
}

/// List report forms
///
/// The versions of the campaigns that the caller can see, drafts too.
#[utoipa::path(tag = "report-forms", params(ReportFormQuery), responses((status = 200, body = Page<ReportFormOut>)))]
#[get("/report-forms")]
pub async fn list_report_forms(call: Call, query: Query<ReportFormQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |form, sort| {
        let key = match sort {
            "created_at" => json!(form.created_at),
            "updated_at" => json!(form.updated_at),
            _ => json!(null),
        };
        (key, Uuid::from(form.id))
    });
    page.reply(rows.into_iter().map(ReportFormOut::from).collect(), next, total)
}

/// Draft a report form
///
/// The next version for a campaign: all its indicators and checks. Nothing follows it before it is published.
#[utoipa::path(tag = "report-forms", request_body = ReportFormIn, responses((status = 201, body = ReportFormOut)))]
#[post("/report-forms")]
pub async fn create_report_form(call: Call, body: Body<ReportFormIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportFormWrite)?;
    let ReportFormIn { campaign_id, indicators, checks } = body.parse()?;
    let form = ReportForm::draft(campaign_id, FormContent { indicators, checks }, call.now());
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = campaigns::queries::hold_open_reference(conn, &scope, campaign_id, "/campaign_id").await?;
        if !campaigns::queries::is_owner_in_scope(conn, &scope, &campaign).await? {
            return Err(AppError::field(FieldError::unknown_reference("/campaign_id")));
        }
        rules::check(&form.content, &queries::published(conn, &scope, campaign_id).await?)?;
        queries::insert(conn, &scope, &form).await?;
        me.record(conn, event(&form, campaign.org_unit_id, "created")).await?;
        Reply::created("report-forms", form.id, &ReportFormOut::from(form.clone()), form.version)
    })
    .await
}

/// Read a report form
#[utoipa::path(tag = "report-forms", params(("id" = ReportFormId, Path, description = "The form")), responses((status = 200, body = ReportFormOut, headers(("ETag" = String)))))]
#[get("/report-forms/{id}")]
pub async fn get_report_form(call: Call, id: Id<ReportFormId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignRead)?;
    let form = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    let version = form.version;
    Reply::ok(&ReportFormOut::from(form), version)
}

/// Change a report form
///
/// Only a draft: a published form is frozen, since reports follow it.
#[utoipa::path(tag = "report-forms", params(("id" = ReportFormId, Path, description = "The form")), request_body = ReportFormPatch, responses((status = 200, body = ReportFormOut)))]
#[patch("/report-forms/{id}")]
pub async fn update_report_form(call: Call, id: Id<ReportFormId>, body: Body<ReportFormPatch>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportFormWrite)?;
    let if_match = call.if_match()?;
    let patch = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign_id = queries::campaign_of(conn, &scope, id.0).await?;
        let campaign = campaigns::queries::lock_open(conn, &scope, campaign_id).await?;
        let mut form = queries::lock(conn, &scope, campaign_id, id.0).await?;
        if_match.check(form.version)?;
        rules::check_draft(&form, "change")?;
        let ReportFormPatch { indicators, checks } = patch.clone();
        form.content.indicators = indicators.or_current(form.content.indicators);
        form.content.checks = checks.or_current(form.content.checks);
        rules::check(&form.content, &queries::published(conn, &scope, campaign_id).await?)?;
        let form = queries::save(conn, &scope, form, me.now()).await?;
        me.record(conn, event(&form, campaign.org_unit_id, "updated")).await?;
        let version = form.version;
        Reply::ok(&ReportFormOut::from(form), version)
    })
    .await
}

/// Delete a report form
///
/// Only a draft.
#[utoipa::path(tag = "report-forms", params(("id" = ReportFormId, Path, description = "The form")), responses((status = 204)))]
#[delete("/report-forms/{id}")]
pub async fn delete_report_form(call: Call, id: Id<ReportFormId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportFormWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign_id = queries::campaign_of(conn, &scope, id.0).await?;
        let campaign = campaigns::queries::lock_open(conn, &scope, campaign_id).await?;
        let form = queries::lock(conn, &scope, campaign_id, id.0).await?;
        if_match.check(form.version)?;
        rules::check_draft(&form, "delete")?;
        queries::delete(conn, &scope, &form).await?;
        me.record(conn, event(&form, campaign.org_unit_id, "deleted")).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Publish a report form
///
/// From then on it is frozen and current: new reports follow it. A report keeps the version that it was begun with until its body adopts
/// the new one (`POST /reports/{id}/adopt-form`). A code keeps its kind and unit in every version, so that totals add up like with like.
#[utoipa::path(tag = "report-forms", params(("id" = ReportFormId, Path, description = "The form")), responses((status = 200, body = ReportFormOut)))]
#[post("/report-forms/{id}/publish")]
pub async fn publish_report_form(call: Call, id: Id<ReportFormId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportFormWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let campaign_id = queries::campaign_of(conn, &scope, id.0).await?;
        let campaign = campaigns::queries::lock_open(conn, &scope, campaign_id).await?;
        let mut form = queries::lock(conn, &scope, campaign_id, id.0).await?;
        if_match.check(form.version)?;
        rules::check_draft(&form, "publish")?;
        let published = queries::published(conn, &scope, campaign_id).await?;
        rules::check(&form.content, &published)?;
        form.publish(published.first().and_then(|last| last.no).unwrap_or(0) + 1, me.now());
        let form = queries::save(conn, &scope, form, me.now()).await?;
        me.record(conn, event(&form, campaign.org_unit_id, "published")).await?;
        let version = form.version;
        Reply::ok(&ReportFormOut::from(form), version)
    })
    .await
}
