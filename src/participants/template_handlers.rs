//! Whom a site invites, over HTTP: the plan's template, and the list that a locality puts in its place.

use super::rules;
use super::site_dto::{InvitationTemplateIn, InvitationTemplateOut, TemplateCategoryOut};
use super::template::{self, Proposal};
use super::template_changes::{self, TemplateChange};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::{AppError, RuleRef};
use crate::events::Event;
use crate::extract::{Body, Id};
use crate::ids::{InvitationTemplateChangeId, SiteId};
use crate::plans;
use crate::reply::Reply;
use crate::sites;
use crate::sites::model::Site;
use actix_web::{delete, get, put};
use serde_json::json;

fn show(site: &Site, proposal: Proposal, rule: Option<RuleRef>) -> InvitationTemplateOut {
    let (rule_id, clause) = rule.map_or((None, None), |RuleRef { rule_id, clause }| (Some(rule_id), Some(clause)));
    let categories = proposal.numbered().into_iter().map(|(group_no, category)| {
        let label = template::label(category);
        TemplateCategoryOut { category, group_no, label_vi: label.vi.into_owned(), label_en: label.en.into_owned() }
    });
    InvitationTemplateOut {
        site_id: site.id,
        template: proposal.template,
        is_adapted: proposal.adapted.is_some(),
        rule_id,
        clause,
        categories: categories.collect(),
        version: proposal.version(),
        changed_at: proposal.change.as_ref().map(|change| change.changed_at),
        reason: proposal.change.and_then(|change| change.reason),
    }
}

fn event(site: &Site, change: &TemplateChange) -> Event<'static> {
    Event {
        campaign_id: Some(site.campaign_id),
        org_unit_id: site.org_unit_id,
        resource: "site",
        resource_id: site.id.into(),
        version: site.version,
        action: "invitation_template_changed",
        data: json!({"categories": change.categories, "template_no": change.version}),
    }
}

/// Read whom a site invites
///
/// Template A (R10, II.2.2.2.a) for a pilot site of the province, template B (R11, II.2.2.2.b) for any other, or the list that
/// the locality put in its place (S58). A proposal: a guest outside it gives a warning only.
#[utoipa::path(tag = "participants", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = InvitationTemplateOut, headers(("ETag" = String)))))]
#[get("/sites/{id}/invitation-template")]
pub async fn get_site_invitation_template(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteRead)?;
    let (site, proposal, rule) = call
        .read(async |conn| {
            let site = sites::queries::find(conn, &scope, id.0).await?;
            let proposal = template_changes::proposal(conn, &site).await?;
            let rule = plans::queries::rule_ref(conn, site.campaign_id, proposal.template.rule_kind()).await?;
            Ok((site, proposal, rule))
        })
        .await?;
    let shown = show(&site, proposal, rule);
    Reply::ok(&shown, shown.version)
}

/// Adapt whom a site invites
///
/// Puts a list of the locality in the place of the plan's template, with the reason (S58). Warnings follow it from then on.
/// Earlier lists are kept.
#[utoipa::path(tag = "participants", params(("id" = SiteId, Path, description = "The site")), request_body = InvitationTemplateIn, responses((status = 200, body = InvitationTemplateOut)))]
#[put("/sites/{id}/invitation-template")]
pub async fn set_site_invitation_template(call: Call, id: Id<SiteId>, body: Body<InvitationTemplateIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let InvitationTemplateIn { categories, reason } = body.parse()?;
    rules::check_categories(&categories)?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::lock(conn, &scope, id.0).await?;
        let before = template_changes::proposal(conn, &site).await?;
        if_match.check(before.version())?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, rules::Step::List)?;
        let names = categories.iter().map(ToString::to_string).collect();
        let change = changed(&me, &site, &before, Some((names, reason.as_str().to_owned())));
        template_changes::insert(conn, &scope, &change).await?;
        me.record(conn, event(&site, &change)).await?;
        let rule = plans::queries::rule_ref(conn, site.campaign_id, before.template.rule_kind()).await?;
        let shown = show(&site, Proposal::new(&site, Some(change)), rule);
        Reply::ok(&shown, shown.version)
    })
    .await
}

/// Go back to whom the plan has invited
///
/// The plan's template holds again; the list of the locality is kept as history. 404 where the plan's holds already.
#[utoipa::path(tag = "participants", params(("id" = SiteId, Path, description = "The site")), responses((status = 204)))]
#[delete("/sites/{id}/invitation-template")]
pub async fn delete_site_invitation_template(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::lock(conn, &scope, id.0).await?;
        let before = template_changes::proposal(conn, &site).await?;
        if_match.check(before.version())?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, rules::Step::List)?;
        if before.adapted.is_none() {
            return Err(AppError::not_found());
        }
        let change = changed(&me, &site, &before, None);
        template_changes::insert(conn, &scope, &change).await?;
        me.record(conn, event(&site, &change)).await?;
        Ok(Reply::no_content())
    })
    .await
}

fn changed(call: &Call, site: &Site, before: &Proposal, own: Option<(Vec<String>, String)>) -> TemplateChange {
    let (categories, reason) = own.unzip();
    TemplateChange {
        campaign_id: site.campaign_id,
        id: InvitationTemplateChangeId::new(),
        site_id: site.id,
        version: before.no() + 1,
        categories,
        reason,
        changed_at: call.now(),
        changed_by: call.actor().id,
    }
}
