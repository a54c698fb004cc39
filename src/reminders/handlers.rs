//! Reminders over HTTP.

use super::dto::{ObligationRemindersOut, PlannedReminderOut, ReminderOut, ReminderQuery};
use super::model::Reminder;
use super::{queries, schedule};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns::model::Campaign;
use crate::db::Conn;
use crate::duties;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::{ReminderId, ReportObligationId};
use crate::pagination::Page;
use crate::reminder_stages;
use crate::reminder_stages::model::ReminderSubject;
use crate::reply::Reply;
use crate::reports::obligations;
use crate::reports::obligations::model::ReportObligation;
use actix_web::get;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// Reminders of one obligation in an answer.
const SHOWN: i64 = 1000;

/// List reminders
///
/// What was sent about reports and duties of the caller's subtree, by the schedule of the campaign; reminders of duties made by
/// hand are with the duty. Nothing in the list changes.
#[utoipa::path(tag = "reminders", params(ReminderQuery), responses((status = 200, body = Page<ReminderOut>)))]
#[get("/reminders")]
pub async fn list_reminders(call: Call, query: Query<ReminderQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |(reminder, ..), sort| {
        let Reminder { id, sent_at, due_before, .. } = reminder;
        let key = match sort {
            "sent_at" => json!(sent_at),
            "due_before" => json!(due_before),
            _ => json!(null),
        };
        (key, Uuid::from(*id))
    });
    page.reply(rows.into_iter().map(ReminderOut::from).collect(), next, total)
}

/// Read a reminder
#[utoipa::path(tag = "reminders", params(("id" = ReminderId, Path, description = "The reminder")), responses((status = 200, body = ReminderOut)))]
#[get("/reminders/{id}")]
pub async fn get_reminder(call: Call, id: Id<ReminderId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let shown = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    Reply::plain(&ReminderOut::from(shown))
}

/// Read the reminders of a report obligation
///
/// What was sent, when and to whom, and what will be if nothing is submitted before: by the schedule and the tree as they
/// stand now. Of stages that were missed while the service was down only the latest is sent.
#[utoipa::path(tag = "reminders", params(("id" = ReportObligationId, Path, description = "The obligation")), responses((status = 200, body = ObligationRemindersOut)))]
#[get("/report-obligations/{id}/reminders")]
pub async fn get_obligation_reminders(call: Call, id: Id<ReportObligationId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let now = call.now();
    let out = call
        .read(async |conn| {
            let obligation = obligations::queries::find(conn, &scope, id.0).await?;
            let sent = queries::of_obligation(conn, obligation.campaign_id, obligation.id, SHOWN).await?;
            Ok(ObligationRemindersOut {
                obligation_id: obligation.id,
                campaign_id: obligation.campaign_id,
                due_before: obligation.due_before,
                as_of: now,
                sent: sent.into_iter().map(ReminderOut::from).collect(),
                planned: planned(conn, &obligation, now).await?,
            })
        })
        .await?;
    Reply::plain(&out)
}

async fn planned(conn: &Conn, obligation: &ReportObligation, now: DateTime<Utc>) -> Result<Vec<PlannedReminderOut>, AppError> {
    let Some(campaign) = queries::find_reminding(conn, obligation.campaign_id).await? else { return Ok(Vec::new()) };
    let Campaign { id: campaign_id, org_unit_id, .. } = campaign;
    let open = obligations::queries::open(conn, campaign_id, Some(obligation.id)).await?;
    let Some((obligation, path)) = open.into_iter().next() else { return Ok(Vec::new()) };
    let chain = duties::rules::chain(&path, &queries::path(conn, org_unit_id).await?);
    let bodies = queries::bodies(conn, chain.iter().collect()).await?;
    let chain: Vec<String> = chain.into_iter().filter(|path| bodies.contains_key(path)).collect();
    let stages = reminder_stages::queries::active(conn, campaign_id, ReminderSubject::Report).await?;
    let about = Uuid::from(obligation.id);
    let mut sent = queries::sent(conn, campaign_id, ReminderSubject::Report, Some(about)).await?;
    let sent = sent.remove(&(about, obligation.due_before)).unwrap_or_default();
    let to_come = schedule::planned(schedule::occurrences(&stages, obligation.due_before, &chain), &sent, now);
    let line = |one: schedule::Occurrence| bodies.get(&one.to_path).cloned().map(|body| PlannedReminderOut::new(one, body));
    Ok(to_come.into_iter().filter_map(line).collect())
}
