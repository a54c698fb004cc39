//! Reminders of invitations over HTTP.

use super::reminders::{self, InvitationReminder};
use super::rules::{self, Step};
use super::site_dto::{InvitationRemindIn, InvitationReminderOut, InvitationReminderQuery, InvitationRemindersOut};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id, Query};
use crate::ids::{InvitationReminderId, SiteId};
use crate::pagination::Page;
use crate::reply::Reply;
use crate::sites;
use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

/// Remind guests who have not answered
///
/// Records a reminder of each guest whose invitation was sent and who has not answered: of one category or of all, of all
/// invitations or of those sent before an instant. Once a day in Viet Nam for each guest, so that the call can be repeated.
#[utoipa::path(tag = "participants", params(("id" = SiteId, Path, description = "The site")), request_body = InvitationRemindIn, responses((status = 200, body = InvitationRemindersOut)))]
#[post("/sites/{id}/invitation-reminders")]
pub async fn remind_site_guests(call: Call, id: Id<SiteId>, body: Body<InvitationRemindIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let InvitationRemindIn { channel, category, sent_before } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::lock(conn, &scope, id.0).await?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, Step::Send)?;
        let (reminded_at, reminded_on) = (me.now(), clock::local_date(me.now()));
        let open = reminders::lock_open(conn, &scope, &site, category).await?;
        let unsent_count = open.iter().filter(|(_, sent_at)| sent_at.is_none()).count();
        let is_due = |sent_at: Option<_>| sent_at.is_some_and(|sent_at| sent_before.is_none_or(|cutoff| sent_at < cutoff));
        let due: Vec<InvitationReminder> = open
            .into_iter()
            .filter(|(_, sent_at)| is_due(*sent_at))
            .map(|(participant_id, _)| InvitationReminder {
                campaign_id: site.campaign_id,
                id: InvitationReminderId::new(),
                site_id: site.id,
                participant_id,
                channel,
                reminded_on,
                reminded_at,
                reminded_by: me.actor().id,
            })
            .collect();
        let reminded = reminders::insert(conn, &scope, &due).await?;
        if reminded > 0 {
            let event = Event {
                campaign_id: Some(site.campaign_id),
                org_unit_id: site.org_unit_id,
                resource: "site",
                resource_id: site.id.into(),
                version: site.version,
                action: "guests_reminded",
                data: json!({"reminded_count": reminded, "channel": channel, "category": category}),
            };
            me.record(conn, event).await?;
        }
        Reply::plain(&InvitationRemindersOut {
            site_id: site.id,
            reminded_on,
            reminded_count: i64::try_from(reminded).map_err(AppError::internal)?,
            skipped_count: i64::try_from(due.len().saturating_sub(reminded)).map_err(AppError::internal)?,
            unsent_count: i64::try_from(unsent_count).map_err(AppError::internal)?,
        })
    })
    .await
}

/// List the reminders of a site's invitations
///
/// Nothing in the list changes.
#[utoipa::path(tag = "participants", params(("id" = SiteId, Path, description = "The site"), InvitationReminderQuery), responses((status = 200, body = Page<InvitationReminderOut>)))]
#[get("/sites/{id}/invitation-reminders")]
pub async fn list_invitation_reminders(call: Call, id: Id<SiteId>, query: Query<InvitationReminderQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let site = sites::queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(reminders::count(conn, &site, &filter).await?) } else { None };
            Ok((reminders::list(conn, &site, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = if sort == "reminded_at" { json!(row.reminded_at) } else { json!(null) };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(InvitationReminderOut::from).collect(), next, total)
}

impl From<InvitationReminder> for InvitationReminderOut {
    fn from(row: InvitationReminder) -> Self {
        let InvitationReminder { campaign_id: _, id, site_id, participant_id, channel, reminded_on, reminded_at, reminded_by } = row;
        Self { id, site_id, participant_id, channel, reminded_on, reminded_at, reminded_by }
    }
}
