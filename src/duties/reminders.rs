//! SQL of reminders, and who gets the next one.

use super::model::{Duty, DutyReminder, OPEN};
use super::rules;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::in_scope::in_scope;
use crate::error::AppError;
use crate::ids::{CampaignId, DutyId, DutyReminderId, OrgUnitId};
use crate::pagination::PageRequest;
use crate::schema::{duties, duty_reminders, org_units};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Who reminds, when, and what is said.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Reminding {
    pub by: Uuid,
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    pub message: Option<String>,
}

/// The overdue duties of a campaign whose issuer is in scope, locked in the order of their ids.
pub async fn lock_overdue(mut conn: &Conn, scope: &Scope, campaign: CampaignId, now: DateTime<Utc>) -> Result<Vec<Duty>, AppError> {
    let query = duties::table
        .filter(duties::campaign_id.eq(campaign))
        .filter(duties::state.eq_any(OPEN))
        .filter(duties::deadline.le(now))
        .filter(in_scope(duties::issuer_org_unit_id, scope))
        .order(duties::id);
    Ok(query.select(Duty::as_select()).for_no_key_update().load(&mut conn).await?)
}

/// The open duties of a campaign that have a deadline, each with the paths of the body charged and of the issuer. For the
/// service itself.
pub async fn open_with_deadline(mut conn: &Conn, campaign: CampaignId) -> Result<Vec<(Duty, String, String)>, AppError> {
    let query = duties::table
        .filter(duties::campaign_id.eq(campaign))
        .filter(duties::state.eq_any(OPEN))
        .filter(duties::deadline.is_not_null())
        .order(duties::id);
    let open: Vec<Duty> = query.select(Duty::as_select()).load(&mut conn).await?;
    let paths = paths(conn, &open).await?;
    let with_paths = |duty: Duty| {
        let (charged, issuer) = (paths.get(&duty.org_unit_id)?.clone(), paths.get(&duty.issuer_org_unit_id)?.clone());
        Some((duty, charged, issuer))
    };
    Ok(open.into_iter().filter_map(with_paths).collect())
}

/// Those of some duties of a campaign that are overdue, locked in the order of their ids. For the service itself.
pub async fn lock_some_overdue(
    mut conn: &Conn,
    campaign: CampaignId,
    ids: BTreeSet<DutyId>,
    now: DateTime<Utc>,
) -> Result<Vec<Duty>, AppError> {
    let query = duties::table
        .filter(duties::campaign_id.eq(campaign))
        .filter(duties::id.eq_any(ids))
        .filter(duties::state.eq_any(OPEN))
        .filter(duties::deadline.le(now))
        .order(duties::id);
    Ok(query.select(Duty::as_select()).for_no_key_update().load(&mut conn).await?)
}

/// Reminds of locked duties of one campaign, each at its next level, and gives the reminders with the names of those
/// they went to. Duties that were reminded of today are left out.
pub async fn remind(
    mut conn: &Conn,
    _: &Scope,
    campaign: CampaignId,
    locked: &[Duty],
    how: &Reminding,
) -> Result<Vec<(DutyReminder, String)>, AppError> {
    let before = reminded(conn, campaign, locked).await?;
    let paths = paths(conn, locked).await?;
    let mut due = Vec::new();
    for duty in locked {
        let (count, last) = before.get(&duty.id).copied().unwrap_or_default();
        if rules::is_reminded(last, how.today) {
            continue;
        }
        let (Some(charged), Some(issuer)) = (paths.get(&duty.org_unit_id), paths.get(&duty.issuer_org_unit_id)) else { continue };
        due.push((duty, count, rules::chain(charged, issuer)));
    }
    let bodies = bodies(conn, due.iter().flat_map(|(_, _, chain)| chain)).await?;
    let mut sent = Vec::with_capacity(due.len());
    for (duty, count, chain) in &due {
        // A body in between that is gone is passed over: every level that is left exists.
        let chain: Vec<String> = chain.iter().filter(|path| bodies.contains_key(*path)).cloned().collect();
        let Some((level, path)) = rules::next_level(&chain, *count) else { continue };
        let Some((to, name)) = bodies.get(path) else { continue };
        sent.push((row(duty, level, *to, how), name.clone()));
    }
    let rows: Vec<&DutyReminder> = sent.iter().map(|(row, _)| row).collect();
    if !rows.is_empty() {
        diesel::insert_into(duty_reminders::table).values(rows).execute(&mut conn).await?;
    }
    Ok(sent)
}

fn row(duty: &Duty, level: i32, to_org_unit_id: OrgUnitId, how: &Reminding) -> DutyReminder {
    DutyReminder {
        campaign_id: duty.campaign_id,
        id: DutyReminderId::new(),
        duty_id: duty.id,
        level,
        to_org_unit_id,
        message: how.message.clone(),
        reminded_on: how.today,
        reminded_at: how.now,
        reminded_by: how.by,
    }
}

/// How often each was reminded of, and the last day.
async fn reminded(mut conn: &Conn, campaign: CampaignId, duties: &[Duty]) -> Result<HashMap<DutyId, (i64, Option<NaiveDate>)>, AppError> {
    let ids: Vec<DutyId> = duties.iter().map(|duty| duty.id).collect();
    let query = duty_reminders::table
        .filter(duty_reminders::campaign_id.eq(campaign))
        .filter(duty_reminders::duty_id.eq_any(ids))
        .group_by(duty_reminders::duty_id)
        .select((duty_reminders::duty_id, count_star(), max(duty_reminders::reminded_on)));
    let rows: Vec<(DutyId, i64, Option<NaiveDate>)> = query.load(&mut conn).await?;
    Ok(rows.into_iter().map(|(id, count, last)| (id, (count, last))).collect())
}

async fn paths(mut conn: &Conn, duties: &[Duty]) -> Result<HashMap<OrgUnitId, String>, AppError> {
    let ids: BTreeSet<OrgUnitId> = duties.iter().flat_map(|duty| [duty.org_unit_id, duty.issuer_org_unit_id]).collect();
    let query = org_units::table.filter(org_units::id.eq_any(ids)).select((org_units::id, org_units::path));
    Ok(query.load::<(OrgUnitId, String)>(&mut conn).await?.into_iter().collect())
}

async fn bodies(mut conn: &Conn, paths: impl Iterator<Item = &String>) -> Result<HashMap<String, (OrgUnitId, String)>, AppError> {
    let paths: BTreeSet<&String> = paths.collect();
    let query = org_units::table.filter(org_units::path.eq_any(paths)).select((org_units::path, org_units::id, org_units::name));
    let rows: Vec<(String, OrgUnitId, String)> = query.load(&mut conn).await?;
    Ok(rows.into_iter().map(|(path, id, name)| (path, (id, name))).collect())
}

/// A page of the reminders of a duty whose scope has been checked, with one row more than it holds.
pub async fn list(mut conn: &Conn, duty: &Duty, page: &PageRequest) -> Result<Vec<(DutyReminder, String)>, AppError> {
    let of_duty =
        duty_reminders::table.filter(duty_reminders::campaign_id.eq(duty.campaign_id)).filter(duty_reminders::duty_id.eq(duty.id));
    let query = crate::keyset!(of_duty.into_boxed(), page, duty_reminders::id, {
        "reminded_at" => duty_reminders::reminded_at => DateTime<Utc>,
    });
    let name =
        org_units::table.filter(org_units::id.eq(duty_reminders::to_org_unit_id)).select(org_units::name).single_value().assume_not_null();
    Ok(query.select((DutyReminder::as_select(), name)).load(&mut conn).await?)
}

/// How many reminders of a duty there were.
pub async fn count(mut conn: &Conn, duty: &Duty) -> Result<i64, AppError> {
    let of_duty =
        duty_reminders::table.filter(duty_reminders::campaign_id.eq(duty.campaign_id)).filter(duty_reminders::duty_id.eq(duty.id));
    Ok(of_duty.count().get_result(&mut conn).await?)
}
