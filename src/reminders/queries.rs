//! SQL of reminders.

use super::dto::ReminderQuery;
use super::model::{Reminder, Shown};
use super::schedule::Sent;
use crate::auth::Scope;
use crate::campaigns::model::{Campaign, CampaignState};
use crate::db::Conn;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId, ReminderId, ReminderStageId, ReportObligationId};
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::reminder_stages::model::ReminderSubject;
use crate::schema::{campaigns, org_units, reminder_stages, reminders};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The states in which a campaign owes anything: a draft charges nobody, a closed one has ended.
const REMINDING: [CampaignState; 3] = [CampaignState::Issued, CampaignState::Running, CampaignState::Reporting];
/// An arbitrary, fixed number: the advisory lock of the sweep.
const LOCK: i64 = 8_138_500_001;
/// Rows of one statement: a statement has 65,535 parameters at the most.
const CHUNK: usize = 2_000;

diesel::define_sql_function! {
    /// Takes a lock until the end of the transaction, without waiting.
    fn pg_try_advisory_xact_lock(key: BigInt) -> Bool;
}

/// Whether this transaction is the one that sweeps; the others leave it to it.
pub async fn takes_the_sweep(mut conn: &Conn) -> Result<bool, AppError> {
    Ok(diesel::select(pg_try_advisory_xact_lock(LOCK)).get_result(&mut conn).await?)
}

/// The campaigns in which somebody may have to be reminded.
pub async fn reminding(mut conn: &Conn) -> Result<Vec<CampaignId>, AppError> {
    Ok(campaigns::table.filter(campaigns::state.eq_any(REMINDING)).order(campaigns::id).select(campaigns::id).load(&mut conn).await?)
}

/// One of them, which stays open until the end of the transaction; none when it has been closed meanwhile.
pub async fn hold_reminding(mut conn: &Conn, id: CampaignId) -> Result<Option<Campaign>, AppError> {
    let query = campaigns::table.find(id).filter(campaigns::state.eq_any(REMINDING)).for_share();
    Ok(query.select(Campaign::as_select()).first(&mut conn).await.optional()?)
}

/// One of them, as it is now.
pub async fn find_reminding(mut conn: &Conn, id: CampaignId) -> Result<Option<Campaign>, AppError> {
    let query = campaigns::table.find(id).filter(campaigns::state.eq_any(REMINDING));
    Ok(query.select(Campaign::as_select()).first(&mut conn).await.optional()?)
}

/// The path of a body.
pub async fn path(mut conn: &Conn, unit: OrgUnitId) -> Result<String, AppError> {
    Ok(org_units::table.find(unit).select(org_units::path).first(&mut conn).await?)
}

/// The bodies of some paths, with their names.
pub async fn bodies(mut conn: &Conn, paths: BTreeSet<&String>) -> Result<HashMap<String, (OrgUnitId, String)>, AppError> {
    let query = org_units::table.filter(org_units::path.eq_any(paths)).select((org_units::path, org_units::id, org_units::name));
    let rows: Vec<(String, OrgUnitId, String)> = query.load(&mut conn).await?;
    Ok(rows.into_iter().map(|(path, id, name)| (path, (id, name))).collect())
}

/// What was sent in a campaign of one subject, by what it was about and its limit.
pub async fn sent(
    mut conn: &Conn,
    campaign: CampaignId,
    subject: ReminderSubject,
    about: Option<Uuid>,
) -> Result<HashMap<(Uuid, DateTime<Utc>), Sent>, AppError> {
    type Row = (Option<Uuid>, Option<Uuid>, DateTime<Utc>, ReminderStageId, i32, DateTime<Utc>);
    let mut query = reminders::table
        .filter(reminders::campaign_id.eq(campaign))
        .filter(reminders::subject.eq(subject))
        .select((
            reminders::obligation_id,
            reminders::duty_id,
            reminders::due_before,
            reminders::stage_id,
            reminders::step,
            reminders::planned_at,
        ))
        .into_boxed();
    if let Some(about) = about {
        query = query.filter(reminders::obligation_id.eq(about).or(reminders::duty_id.eq(about)));
    }
    let mut found: HashMap<(Uuid, DateTime<Utc>), Sent> = HashMap::new();
    for (obligation, duty, due_before, stage, step, planned_at) in query.load::<Row>(&mut conn).await? {
        let Some(about) = obligation.or(duty) else { continue };
        let sent = found.entry((about, due_before)).or_default();
        sent.keys.insert((stage, step));
        sent.last = sent.last.max(Some(planned_at));
    }
    Ok(found)
}

/// Adds reminders, and gives those that nobody added before or at the same time: their keys make each the only one.
pub async fn insert_new(mut conn: &Conn, rows: &[Reminder]) -> Result<Vec<Reminder>, AppError> {
    let mut added = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        let insert = diesel::insert_into(reminders::table).values(chunk).on_conflict_do_nothing().returning(Reminder::as_returning());
        added.extend(insert.get_results(&mut conn).await?);
    }
    Ok(added)
}

#[auto_type]
fn shown() -> _ {
    reminders::table
        .inner_join(
            reminder_stages::table
                .on(reminder_stages::campaign_id.eq(reminders::campaign_id).and(reminder_stages::id.eq(reminders::stage_id))),
        )
        .inner_join(org_units::table.on(org_units::id.eq(reminders::org_unit_id)))
}

/// The name of the body addressed.
macro_rules! addressed_name {
    () => {{
        let addressed = diesel::alias!(org_units as addressed);
        addressed
            .filter(addressed.field(org_units::id).eq(reminders::to_org_unit_id))
            .select(addressed.field(org_units::name))
            .single_value()
            .assume_not_null()
    }};
}

/// One reminder in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ReminderId) -> Result<Shown, AppError> {
    let query = shown().filter(reminders::id.eq(id)).filter(is_in_scope(reminders::org_unit_id, scope));
    let columns = (Reminder::as_select(), reminder_stages::code, org_units::name, addressed_name!());
    Ok(query.select(columns).first(&mut conn).await?)
}

/// A page of reminders in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ReminderQuery, page: &PageRequest) -> Result<Vec<Shown>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, reminders::id, {
        "sent_at" => reminders::sent_at => DateTime<Utc>,
        "due_before" => reminders::due_before => DateTime<Utc>,
    });
    let columns = (Reminder::as_select(), reminder_stages::code, org_units::name, addressed_name!());
    Ok(query.select(columns).load(&mut conn).await?)
}

/// How many reminders a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ReminderQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a ReminderQuery) -> diesel::dsl::IntoBoxed<'a, shown, Pg> {
    let mut query = shown().into_boxed().filter(in_scope(reminders::org_unit_id, scope));
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(reminders::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(reminders::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(reminders::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(unit) = filter.to_org_unit_id {
        query = query.filter(reminders::to_org_unit_id.eq(unit));
    }
    if let Some(obligation) = filter.obligation_id {
        query = query.filter(reminders::obligation_id.eq(obligation));
    }
    if let Some(duty) = filter.duty_id {
        query = query.filter(reminders::duty_id.eq(duty));
    }
    if let Some(subject) = filter.subject {
        query = query.filter(reminders::subject.eq(subject));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(reminders::kind.eq(kind));
    }
    if let Some(from) = filter.sent_from {
        query = query.filter(reminders::sent_at.ge(from));
    }
    if let Some(before) = filter.sent_before {
        query = query.filter(reminders::sent_at.lt(before));
    }
    query
}

/// What was sent of an obligation that was found in scope, oldest first.
pub async fn of_obligation(mut conn: &Conn, campaign: CampaignId, id: ReportObligationId, rows: i64) -> Result<Vec<Shown>, AppError> {
    let query = shown().filter(reminders::campaign_id.eq(campaign)).filter(reminders::obligation_id.eq(id));
    let columns = (Reminder::as_select(), reminder_stages::code, org_units::name, addressed_name!());
    Ok(query.order((reminders::sent_at, reminders::id)).limit(rows).select(columns).load(&mut conn).await?)
}
