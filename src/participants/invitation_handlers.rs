//! The guests of one site over HTTP: all invitations at once, and who came.

use super::counts::{self, CategoryCount};
use super::model::{ParticipantCategory, ParticipantState};
use super::queries::{self, Invited, Sending};
use super::rules::{self, Step, Tally};
use super::site_dto::{AttendanceCounts, AttendanceOut, CategoryAttendanceOut, InvitationsOut, InvitationsSendIn, InvitationsSentOut};
use super::steps::template_warnings;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::db::Conn;
use crate::error::AppError;
use crate::events::Event;
use crate::extract::{Body, Id};
use crate::head_counts;
use crate::head_counts::dto::HeadCountOut;
use crate::ids::SiteId;
use crate::reply::Reply;
use crate::sites;
use crate::sites::model::Site;
use crate::warning::Warning;
use actix_web::{get, post};
use serde_json::{Value, json};

/// Invite all listed guests of a site
///
/// In one transaction, once the site has a time; each gets a number, in the order in which they were listed. Guests who were invited before are left as they are: the call can
/// be repeated. The change feed gets one change of the site, with the number, and one of each guest.
#[utoipa::path(tag = "participants", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = InvitationsOut)))]
#[post("/sites/{id}/invitations")]
pub async fn create_site_invitations(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::lock(conn, &scope, id.0).await?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, Step::Invite)?;
        let invited = queries::invite_all(conn, &scope, &site, me.now()).await?;
        let count = i32::try_from(invited.len()).map_err(AppError::internal)?;
        let tally = Tally { invited: count, ..Tally::default() };
        let Tally { listed, invited: all_invited, accepted, declined } =
            queries::add_to_counters(conn, &scope, (site.campaign_id, site.id), tally).await?;
        if count > 0 {
            me.record_all(conn, events(&site, &invited, ("guests_invited", json!({"invited_count": count})), Step::Invite)).await?;
        }
        Reply::plain(&InvitationsOut {
            site_id: site.id,
            newly_invited_count: count.into(),
            listed_count: listed,
            invited_count: all_invited,
            accepted_count: accepted,
            declined_count: declined,
            warnings: warnings(conn, &me, &site, &invited).await?,
        })
    })
    .await
}

/// One change of the site, then one of each guest.
fn events(site: &Site, guests: &[Invited], (action, data): (&'static str, Value), step: Step) -> Vec<Event<'static>> {
    let of_site = Event {
        campaign_id: Some(site.campaign_id),
        org_unit_id: site.org_unit_id,
        resource: "site",
        resource_id: site.id.into(),
        version: site.version,
        action,
        data,
    };
    let of_guests = guests.iter().map(|guest| {
        let from = if step == Step::Invite { ParticipantState::Listed } else { guest.state };
        Event {
            resource: "participant",
            resource_id: guest.id.into(),
            version: guest.version,
            action: step.done(),
            data: json!({
                "from": from.as_str(), "to": guest.state.as_str(), "kind": guest.kind.as_str(), "category": guest.category.as_str(),
                "site_id": site.id,
            }),
            ..of_site.clone()
        }
    });
    std::iter::once(of_site.clone()).chain(of_guests).collect()
}

async fn warnings(conn: &Conn, call: &Call, site: &Site, invited: &[Invited]) -> Result<Vec<Warning>, AppError> {
    let mut warnings = Vec::new();
    for category in ParticipantCategory::ALL {
        if invited.iter().any(|guest| guest.category == *category) {
            warnings.extend(template_warnings(conn, call, site, *category).await?);
        }
    }
    Ok(warnings)
}

/// Record all prepared invitations of a site as sent
///
/// In one transaction, of one category or of all. Those sent before are left as they are: the call can be repeated. The change
/// feed gets one change of the site, with the number, and one of each guest.
#[utoipa::path(tag = "participants", params(("id" = SiteId, Path, description = "The site")), request_body = InvitationsSendIn, responses((status = 200, body = InvitationsSentOut)))]
#[post("/sites/{id}/invitations/send")]
pub async fn send_site_invitations(call: Call, id: Id<SiteId>, body: Body<InvitationsSendIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let InvitationsSendIn { channel, sent_at, category } = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::lock(conn, &scope, id.0).await?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, Step::Send)?;
        let at = sent_at.map_or_else(|| me.now(), clock::to_micros);
        rules::check_sent_at(at, me.now())?;
        let sending = Sending { channel, at, by: me.actor().id };
        let sent = queries::send_all(conn, &scope, &site, category, sending, me.now()).await?;
        if !sent.is_empty() {
            let data = json!({"sent_count": sent.len(), "channel": channel});
            me.record_all(conn, events(&site, &sent, ("invitations_sent", data), Step::Send)).await?;
        }
        let (invited_count, sent_count) = queries::count_sent(conn, &scope, &site).await?;
        let newly_sent_count = i64::try_from(sent.len()).map_err(AppError::internal)?;
        Reply::plain(&InvitationsSentOut { site_id: site.id, newly_sent_count, invited_count, sent_count })
    })
    .await
}

/// Read who was invited to a site and who came
///
/// By category, all counted at one moment. Entries (lượt) are entry operations: a guest who comes in twice counts
/// twice. Persons (người) are guests with at least one entry; a collective counts as one. Present are the guests whose
/// latest operation is an entry. Invited includes those who answered. No personal data.
#[utoipa::path(tag = "participants", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = AttendanceOut)))]
#[get("/sites/{id}/attendance")]
pub async fn get_site_attendance(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteRead)?;
    let (site, rows, peak) = call
        .read(async |conn| {
            let site = sites::queries::find(conn, &scope, id.0).await?;
            let rows = counts::count_by_category(conn, &scope, &site).await?;
            let peak = head_counts::queries::peak(conn, &scope, &site).await?;
            Ok((site, rows, peak))
        })
        .await?;
    let by_category: Vec<CategoryAttendanceOut> = rows.into_iter().map(CategoryAttendanceOut::from).collect();
    let total = by_category.iter().fold(AttendanceCounts::default(), |sum, row| sum.plus(row.counts));
    Reply::plain(&AttendanceOut { site_id: site.id, as_of: call.now(), total, by_category, head_count: peak.map(HeadCountOut::from) })
}

impl AttendanceCounts {
    fn plus(self, other: Self) -> Self {
        Self {
            listed_count: self.listed_count + other.listed_count,
            invited_count: self.invited_count + other.invited_count,
            accepted_count: self.accepted_count + other.accepted_count,
            declined_count: self.declined_count + other.declined_count,
            entry_count: self.entry_count + other.entry_count,
            person_count: self.person_count + other.person_count,
            present_count: self.present_count + other.present_count,
        }
    }
}

impl From<CategoryCount> for CategoryAttendanceOut {
    fn from(row: CategoryCount) -> Self {
        let CategoryCount { category, listed, invited, accepted, declined, entries, persons, present } = row;
        let counts = AttendanceCounts {
            listed_count: listed,
            invited_count: invited,
            accepted_count: accepted,
            declined_count: declined,
            entry_count: entries.unwrap_or(0),
            person_count: persons,
            present_count: present,
        };
        Self { category, counts }
    }
}
