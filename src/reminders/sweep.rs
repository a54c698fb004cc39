//! The sweep: what has come due is sent, in one transaction for each campaign, with its events.

use super::model::Reminder;
use super::queries;
use super::schedule::{self, Occurrence, Sent};
use crate::auth::Scope;
use crate::campaigns::model::Campaign;
use crate::clock;
use crate::config::Config;
use crate::db::{Conn, Db};
use crate::duties;
use crate::duties::model::DutyReminder;
use crate::duties::reminders::Reminding;
use crate::error::AppError;
use crate::events::{self, Event};
use crate::ids::{CampaignId, DutyId, OrgUnitId, ReminderId, ReportObligationId};
use crate::mail_deliveries::outbox;
use crate::reminder_stages;
use crate::reminder_stages::model::{ReminderKind, ReminderSubject};
use crate::reports::obligations;
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Who acts when nobody does: the service itself.
const SERVICE: Uuid = Uuid::nil();

/// Whether reminders are mailed as well. Without a mail server nothing is queued, so that nothing old goes out when there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Mailing {
    On,
    Off,
}

impl Mailing {
    /// As the settings have it.
    pub fn of(config: &Config) -> Self {
        if config.mail.is_some() { Self::On } else { Self::Off }
    }
}

/// Something that is owed: by whom, by when, and the paths from who owes up to who demands.
struct Owed {
    id: Uuid,
    org_unit_id: OrgUnitId,
    due_before: DateTime<Utc>,
    chain: Vec<String>,
}

/// Something that is owed, and what is to be sent of it now, each with the body addressed.
struct Due {
    owed: Owed,
    one: Occurrence,
    to: OrgUnitId,
}

/// Sweeps all campaigns that remind; gives how many reminders were sent, or none when another instance is at it. What fails in
/// one campaign is put off without the others: it is the error that is given when they are done.
pub async fn sweep_all(db: &Db, mailing: Mailing, now: DateTime<Utc>) -> Result<Option<usize>, AppError> {
    let (mut sent, mut failed) = (0, None);
    for campaign in db.read_long(async |conn| queries::reminding(conn).await).await? {
        let swept = db.transaction(async |conn| {
            if !queries::takes_the_sweep(conn).await? {
                return Ok(None);
            }
            sweep(conn, campaign, mailing, now).await.map(Some)
        });
        match swept.await {
            Ok(Some(count)) => sent += count,
            Ok(None) => return Ok(None),
            Err(error) if error.is_database_away() => return Err(error),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(Some(sent)), Err)
}

/// Sends what has come due in one campaign, in the transaction of the caller. Two at once, or one again after a crash, send
/// each reminder once: the row with its unique key, its event and the commit are one.
pub async fn sweep(conn: &Conn, campaign: CampaignId, mailing: Mailing, now: DateTime<Utc>) -> Result<usize, AppError> {
    let Some(campaign) = queries::hold_reminding(conn, campaign).await? else { return Ok(0) };
    let scope = Scope::system("reminders");
    let reports = reports(conn, &campaign, mailing, now).await?;
    let duties = duties(conn, &scope, &campaign, mailing, now).await?;
    Ok(reports + duties)
}

async fn reports(conn: &Conn, campaign: &Campaign, mailing: Mailing, now: DateTime<Utc>) -> Result<usize, AppError> {
    let demanding = queries::path(conn, campaign.org_unit_id).await?;
    let open = obligations::queries::open(conn, campaign.id, None).await?;
    let owed = open.into_iter().map(|(obligation, path)| Owed {
        id: obligation.id.into(),
        org_unit_id: obligation.org_unit_id,
        due_before: obligation.due_before,
        chain: duties::rules::chain(&path, &demanding),
    });
    let due = due(conn, campaign.id, ReminderSubject::Report, owed.collect(), now).await?;
    let row = |due: &Due| Reminder {
        obligation_id: Some(ReportObligationId(due.owed.id)),
        ..row(campaign.id, ReminderSubject::Report, due, now)
    };
    send(conn, &due.iter().map(row).collect::<Vec<_>>(), mailing, now).await
}

/// Of duties, what is overdue also goes into their own log, one a day and climbing, whoever reminded before.
async fn duties(conn: &Conn, scope: &Scope, campaign: &Campaign, mailing: Mailing, now: DateTime<Utc>) -> Result<usize, AppError> {
    let open = duties::reminders::open_with_deadline(conn, campaign.id).await?;
    let owed = open.into_iter().filter_map(|(duty, charged, issuer)| {
        Some(Owed {
            id: duty.id.into(),
            org_unit_id: duty.org_unit_id,
            due_before: duty.deadline?,
            chain: duties::rules::chain(&charged, &issuer),
        })
    });
    let due = due(conn, campaign.id, ReminderSubject::Duty, owed.collect(), now).await?;
    let (late, early): (Vec<Due>, Vec<Due>) =
        due.into_iter().partition(|due| matches!(due.one.kind, ReminderKind::Overdue | ReminderKind::Escalated));
    let row = |due: &Due| Reminder { duty_id: Some(DutyId(due.owed.id)), ..row(campaign.id, ReminderSubject::Duty, due, now) };
    let mut rows: Vec<Reminder> = early.iter().map(row).collect();
    if !late.is_empty() {
        let logged = log_duties(conn, scope, campaign.id, &late, now).await?;
        // Reminded of by hand today, or done meanwhile: not again before tomorrow.
        rows.extend(late.iter().filter_map(|due| logged.get(&due.owed.id).map(|logged| climbed(row(due), logged))));
    }
    send(conn, &rows, mailing, now).await
}

/// The reminder as the log of the duty has it: the level goes by how often it was reminded of, by hand too.
fn climbed(row: Reminder, logged: &DutyReminder) -> Reminder {
    let kind = if logged.level > 1 { ReminderKind::Escalated } else { ReminderKind::Overdue };
    Reminder { kind, level: logged.level, to_org_unit_id: logged.to_org_unit_id, ..row }
}

async fn log_duties(
    conn: &Conn,
    scope: &Scope,
    campaign: CampaignId,
    late: &[Due],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, DutyReminder>, AppError> {
    let ids: BTreeSet<DutyId> = late.iter().map(|due| DutyId(due.owed.id)).collect();
    let locked = duties::reminders::lock_some_overdue(conn, campaign, ids, now).await?;
    let how = Reminding { by: SERVICE, now, today: clock::local_date(now), message: None };
    let logged = duties::reminders::remind(conn, scope, campaign, &locked, &how).await?;
    let told: Vec<Event> = logged
        .iter()
        .filter_map(|(reminder, _)| Some(duties::remind::reminded(locked.iter().find(|duty| duty.id == reminder.duty_id)?, reminder)))
        .collect();
    if !told.is_empty() {
        events::queries::insert_all(conn, told, SERVICE, now).await?;
    }
    Ok(logged.into_iter().map(|(reminder, _)| (Uuid::from(reminder.duty_id), reminder)).collect())
}

/// What is to be sent now of what is owed.
async fn due(
    conn: &Conn,
    campaign: CampaignId,
    subject: ReminderSubject,
    owed: Vec<Owed>,
    now: DateTime<Utc>,
) -> Result<Vec<Due>, AppError> {
    let stages = reminder_stages::queries::active(conn, campaign, subject).await?;
    if stages.is_empty() || owed.is_empty() {
        return Ok(Vec::new());
    }
    let bodies = queries::bodies(conn, owed.iter().flat_map(|owed| &owed.chain).collect()).await?;
    let sent = queries::sent(conn, campaign, subject, None).await?;
    let (nothing, mut found) = (Sent::default(), Vec::new());
    for owed in owed {
        // A body in between that is gone is passed over: every level that is left exists.
        let chain: Vec<String> = owed.chain.iter().filter(|path| bodies.contains_key(*path)).cloned().collect();
        let sent = sent.get(&(owed.id, owed.due_before)).unwrap_or(&nothing);
        for one in schedule::due(schedule::occurrences(&stages, owed.due_before, &chain), sent, now) {
            let Some((to, _)) = bodies.get(&one.to_path) else { continue };
            let owed = Owed { chain: Vec::new(), ..owed };
            found.push(Due { owed, one, to: *to });
        }
    }
    Ok(found)
}

fn row(campaign_id: CampaignId, subject: ReminderSubject, due: &Due, now: DateTime<Utc>) -> Reminder {
    let Due { owed, one, to } = due;
    Reminder {
        campaign_id,
        id: ReminderId::new(),
        stage_id: one.stage_id,
        subject,
        obligation_id: None,
        duty_id: None,
        kind: one.kind,
        step: one.step,
        level: one.level,
        org_unit_id: owed.org_unit_id,
        to_org_unit_id: *to,
        due_before: owed.due_before,
        planned_at: one.planned_at,
        sent_at: now,
    }
}

fn event(reminder: &Reminder) -> Event<'static> {
    Event {
        campaign_id: Some(reminder.campaign_id),
        // Who is addressed hears of it, and those above.
        org_unit_id: reminder.to_org_unit_id,
        resource: "reminder",
        resource_id: reminder.id.into(),
        version: 1,
        action: "sent",
        data: json!({
            "subject": reminder.subject.as_str(), "kind": reminder.kind.as_str(), "level": reminder.level,
            "obligation_id": reminder.obligation_id, "duty_id": reminder.duty_id, "org_unit_id": reminder.org_unit_id,
            "due_before": reminder.due_before,
        }),
    }
}

async fn send(conn: &Conn, rows: &[Reminder], mailing: Mailing, now: DateTime<Utc>) -> Result<usize, AppError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let added = queries::insert_new(conn, rows).await?;
    if !added.is_empty() {
        events::queries::insert_all(conn, added.iter().map(event).collect(), SERVICE, now).await?;
        if mailing == Mailing::On {
            outbox::queue(conn, &added).await?;
        }
    }
    Ok(added.len())
}
