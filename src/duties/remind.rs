//! Reminders over HTTP.

use super::dto::{DutyRemindIn, DutyReminderQuery};
use super::handlers::event;
use super::model::{Duty, DutyReminder};
use super::out::{DutyReminderOut, DutySweepOut};
use super::queries::{self, Side};
use super::reminders::{self, Reminding};
use super::rules::{self, Step};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Id, OptionalBody, Query};
use crate::ids::{CampaignId, DutyId};
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::{get, post};
use serde_json::{Value, json};
use uuid::Uuid;

fn how(me: &Call, message: Option<String>) -> Reminding {
    let now = me.now();
    Reminding { by: me.actor().id, now, today: clock::local_date(now), message }
}

/// The duty stays as it is; the feed is told who was reminded.
pub(crate) fn reminded(duty: &Duty, reminder: &DutyReminder) -> Event<'static> {
    let mut event = event(duty, Step::Remind.done(), Some(duty.state));
    if let Value::Object(data) = &mut event.data {
        data.insert("level".to_owned(), json!(reminder.level));
        data.insert("to_org_unit_id".to_owned(), json!(reminder.to_org_unit_id));
    }
    event
}

/// Remind of a duty
///
/// By the issuer of the plan or who urges for it. The first reminder goes to the body charged, the next to the body above
/// it, and so on up to the issuer; the answer says to whom it went. One a day in Viet Nam at the most, while the duty is not done.
#[utoipa::path(tag = "duties", params(("id" = DutyId, Path, description = "The duty")), request_body = Option<DutyRemindIn>, responses((status = 200, body = DutyReminderOut)))]
#[post("/duties/{id}/remind")]
pub async fn remind_duty(call: Call, id: Id<DutyId>, body: OptionalBody<DutyRemindIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyRemind)?;
    let message = body.parse()?.message.map(String::from);
    let me = call.clone();
    call.write(async move |conn| {
        let duty = queries::lock(conn, &scope, id.0, Side::Issuer).await?;
        campaigns::queries::hold_open(conn, duty.campaign_id).await?;
        rules::check_step(&duty, Step::Remind)?;
        let how = how(&me, message.clone());
        let mut sent = reminders::remind(conn, &scope, duty.campaign_id, std::slice::from_ref(&duty), &how).await?;
        let Some((reminder, name)) = sent.pop() else { return Err(rules::reminded_today()) };
        me.record(conn, reminded(&duty, &reminder)).await?;
        Reply::plain(&DutyReminderOut::new((reminder, name)))
    })
    .await
}

/// List the reminders of a duty
///
/// Each with the body it went to. Nothing in the list changes.
#[utoipa::path(tag = "duties", params(("id" = DutyId, Path, description = "The duty"), DutyReminderQuery), responses((status = 200, body = Page<DutyReminderOut>)))]
#[get("/duties/{id}/reminders")]
pub async fn list_duty_reminders(call: Call, id: Id<DutyId>, query: Query<DutyReminderQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyRead)?;
    let (_, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let duty = queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(reminders::count(conn, &duty).await?) } else { None };
            Ok((reminders::list(conn, &duty, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |(row, _), sort| {
        let key = if sort == "reminded_at" { json!(row.reminded_at) } else { json!(null) };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(DutyReminderOut::new).collect(), next, total)
}

/// Remind of all overdue duties of a campaign
///
/// Each at its next level, as for one; those reminded of today are skipped, so that it can be repeated. Of the duties
/// whose issuer is in the caller's reach.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), request_body = Option<DutyRemindIn>, responses((status = 200, body = DutySweepOut)))]
#[post("/campaigns/{id}/duties/remind")]
pub async fn remind_campaign_duties(call: Call, id: Id<CampaignId>, body: OptionalBody<DutyRemindIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DutyRemind)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let message = body.parse()?.message.map(String::from);
    let me = call.clone();
    call.write(async move |conn| {
        let campaign = campaigns::queries::find(conn, &campaign_scope, id.0).await?;
        campaigns::queries::hold_open(conn, campaign.id).await?;
        let how = how(&me, message.clone());
        let overdue = reminders::lock_overdue(conn, &scope, campaign.id, how.now).await?;
        let sent = reminders::remind(conn, &scope, campaign.id, &overdue, &how).await?;
        let events: Vec<_> = sent
            .iter()
            .filter_map(|(reminder, _)| Some(reminded(overdue.iter().find(|duty| duty.id == reminder.duty_id)?, reminder)))
            .collect();
        if !events.is_empty() {
            me.record_all(conn, events).await?;
        }
        Reply::plain(&DutySweepOut {
            campaign_id: campaign.id,
            reminded_count: i64::try_from(sent.len()).map_err(AppError::internal)?,
            skipped_count: i64::try_from(overdue.len().saturating_sub(sent.len())).map_err(AppError::internal)?,
            reminders: sent.into_iter().map(DutyReminderOut::new).collect(),
        })
    })
    .await
}
