//! What the sweep puts into the outbox, and what the postman takes from it and writes back.

use super::model::{MailDelivery, MailState};
use crate::auth::policy::{Action, Role, reach};
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::{MailDeliveryId, OrgUnitId, UserId};
use crate::reminders::model::Reminder;
use crate::schema::{mail_addresses, mail_deliveries, users};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use std::collections::{BTreeSet, HashMap};

/// Rows of one statement: a statement has 65,535 parameters at the most.
const CHUNK: usize = 2_000;
/// Reminders of one letter.
const AT_ONCE: i64 = 200;

/// Queues a letter to each official who may read reports at the body that a reminder went to and has given an address. In the
/// transaction of the reminders: what was reminded of is mailed, and nothing else.
pub async fn queue(mut conn: &Conn, reminders: &[Reminder]) -> Result<(), AppError> {
    let officials = officials(conn, reminders.iter().map(|reminder| reminder.to_org_unit_id).collect()).await?;
    let now = Utc::now();
    let letters = reminders.iter().flat_map(|reminder| {
        let users = officials.get(&reminder.to_org_unit_id).map_or(&[][..], Vec::as_slice);
        users.iter().map(move |user| letter(reminder, *user, now))
    });
    for chunk in letters.collect::<Vec<_>>().chunks(CHUNK) {
        diesel::insert_into(mail_deliveries::table).values(chunk).on_conflict_do_nothing().execute(&mut conn).await?;
    }
    Ok(())
}

fn letter(reminder: &Reminder, user_id: UserId, now: DateTime<Utc>) -> MailDelivery {
    MailDelivery {
        campaign_id: reminder.campaign_id,
        id: MailDeliveryId::new(),
        reminder_id: reminder.id,
        user_id,
        org_unit_id: reminder.to_org_unit_id,
        state: MailState::Queued,
        attempts: 0,
        failure: None,
        next_attempt_at: Some(now),
        claimed_at: None,
        finished_at: None,
        created_at: now,
    }
}

async fn officials(mut conn: &Conn, units: BTreeSet<OrgUnitId>) -> Result<HashMap<OrgUnitId, Vec<UserId>>, AppError> {
    let readers = Role::ALL.iter().copied().filter(|role| reach(*role, Action::ReportRead).is_some());
    let query = users::table
        .inner_join(mail_addresses::table.on(mail_addresses::user_id.eq(users::id)))
        .filter(users::org_unit_id.eq_any(units))
        .filter(users::is_disabled.eq(false))
        .filter(users::role.eq_any(readers))
        .select((users::org_unit_id, users::id));
    let mut found: HashMap<OrgUnitId, Vec<UserId>> = HashMap::new();
    for (unit, user) in query.load::<(OrgUnitId, UserId)>(&mut conn).await? {
        found.entry(unit).or_default().push(user);
    }
    Ok(found)
}

/// Takes over what one official has waited for longest, with all else that is due to the same one, up to [`AT_ONCE`]: nobody else
/// takes it, however many instances there are.
pub async fn claim(mut conn: &Conn, now: DateTime<Utc>) -> Result<Vec<MailDelivery>, AppError> {
    let due = || {
        mail_deliveries::table
            .filter(mail_deliveries::state.eq(MailState::Queued))
            .filter(mail_deliveries::next_attempt_at.le(now))
            .order((mail_deliveries::next_attempt_at, mail_deliveries::id))
    };
    let first = due().select(mail_deliveries::user_id).for_no_key_update().skip_locked().first::<UserId>(&mut conn).await.optional()?;
    let Some(user) = first else { return Ok(Vec::new()) };
    let query = due().filter(mail_deliveries::user_id.eq(user)).limit(AT_ONCE).select(MailDelivery::as_select());
    let mut claimed = query.for_no_key_update().skip_locked().load(&mut conn).await?;
    for delivery in &mut claimed {
        delivery.state = MailState::Sending;
        delivery.attempts = delivery.attempts.saturating_add(1);
        delivery.failure = None;
        delivery.next_attempt_at = None;
        delivery.claimed_at = Some(now);
        diesel::update(mail_deliveries::table.find((delivery.campaign_id, delivery.id))).set(&*delivery).execute(&mut conn).await?;
    }
    Ok(claimed)
}

/// Writes back what became of what was claimed; nothing of what has lapsed meanwhile.
pub async fn save_claimed(mut conn: &Conn, deliveries: &[MailDelivery]) -> Result<(), AppError> {
    for delivery in deliveries {
        let target = mail_deliveries::table.find((delivery.campaign_id, delivery.id)).filter(mail_deliveries::state.eq(MailState::Sending));
        diesel::update(target).set(delivery).execute(&mut conn).await?;
    }
    Ok(())
}

/// Of letters that were claimed before an instant and never heard of again, nobody knows whether they went out.
pub async fn lapse(mut conn: &Conn, claimed_before: DateTime<Utc>, now: DateTime<Utc>) -> Result<usize, AppError> {
    let lost =
        mail_deliveries::table.filter(mail_deliveries::state.eq(MailState::Sending)).filter(mail_deliveries::claimed_at.lt(claimed_before));
    let change =
        (mail_deliveries::state.eq(MailState::Unknown), mail_deliveries::failure.eq("interrupted"), mail_deliveries::finished_at.eq(now));
    Ok(diesel::update(lost).set(change).execute(&mut conn).await?)
}

/// The address of an account that may be used.
pub async fn address(mut conn: &Conn, user: UserId) -> Result<Option<String>, AppError> {
    let query = users::table
        .inner_join(mail_addresses::table.on(mail_addresses::user_id.eq(users::id)))
        .filter(users::id.eq(user))
        .filter(users::is_disabled.eq(false));
    Ok(query.select(mail_addresses::address).first(&mut conn).await.optional()?)
}
