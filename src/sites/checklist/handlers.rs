//! A site's checklist over HTTP.

use super::dto::{ChecklistLineOut, SiteChecklistIn, SiteChecklistOut};
use super::model::ChecklistAnswer;
use super::{queries, rules};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::checklist_items;
use crate::db::Conn;
use crate::error::AppError;
use crate::extract::{Body, Id};
use crate::ids::SiteId;
use crate::reply::Reply;
use crate::sites;
use crate::sites::model::Site;
use crate::sites::rules::Step;
use actix_web::{get, put};
use uuid::Uuid;

async fn show(conn: &Conn, scope: &Scope, site: &Site) -> Result<SiteChecklistOut, AppError> {
    let progress = queries::progress_of(conn, scope, site.id).await?;
    let answers = queries::answers(conn, scope, site).await?;
    let asked = checklist_items::queries::asked(conn, site.campaign_id).await?;
    let line = |item: checklist_items::model::ChecklistItem| {
        let answer = answers.iter().find(|answer| answer.item_id == item.id);
        ChecklistLineOut::new(item, answer)
    };
    Ok(SiteChecklistOut { site_id: site.id, progress, items: asked.into_iter().map(line).collect(), version: site.version })
}

/// Read the checklist of a site
///
/// Every item that the campaign asks (R9, III.3, note) with what was found; its version is that of the site.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = SiteChecklistOut, headers(("ETag" = String)))))]
#[get("/sites/{id}/checklist")]
pub async fn get_site_checklist(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteRead)?;
    let checklist = call
        .read(async |conn| {
            let site = sites::queries::find(conn, &scope, id.0).await?;
            show(conn, &scope, &site).await
        })
        .await?;
    let version = checklist.version;
    Reply::ok(&checklist, version)
}

/// Answer the checklist of a site
///
/// The whole of it: an item that is left out is open again. Until the festival was held. Evidence are attachments of the site.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), request_body = SiteChecklistIn, responses((status = 200, body = SiteChecklistOut)))]
#[put("/sites/{id}/checklist")]
pub async fn set_site_checklist(call: Call, id: Id<SiteId>, body: Body<SiteChecklistIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteWrite)?;
    let if_match = call.if_match()?;
    let SiteChecklistIn { answers } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::lock(conn, &scope, id.0).await?;
        if_match.check(site.version)?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        sites::rules::check_step(&site, Step::Change)?;
        let asked = checklist_items::queries::asked(conn, site.campaign_id).await?;
        let named: Vec<Uuid> = answers.iter().flat_map(|answer| answer.attachment_ids.iter().map(|id| Uuid::from(*id))).collect();
        let attached = queries::attached(conn, &scope, &site, &named).await?;
        rules::check(&answers, &asked, &attached)?;
        let rows: Vec<ChecklistAnswer> = answers
            .iter()
            .map(|answer| ChecklistAnswer {
                campaign_id: site.campaign_id,
                site_id: site.id,
                item_id: answer.item_id,
                verdict: answer.verdict,
                note: answer.note.clone().map(String::from),
                attachment_ids: answer.attachment_ids.iter().map(|id| Uuid::from(*id)).collect(),
                answered_by: me.actor().id,
                answered_at: me.now(),
            })
            .collect();
        queries::replace(conn, &scope, &site, &rows).await?;
        let state = site.state;
        let site = sites::queries::save(conn, &scope, site, me.now()).await?;
        me.record(conn, sites::handlers::event(&site, "checklist_updated", Some(state))).await?;
        Reply::ok(&show(conn, &scope, &site).await?, site.version)
    })
    .await
}
