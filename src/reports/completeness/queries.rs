//! SQL of completeness: as it stands, and as it stood.

use super::model::{Expected, Instant, ReportFigures};
use crate::auth::Action;
use crate::auth::Scope;
use crate::auth::policy::{self, Role};
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId, UserId};
use crate::org_units::model::{OrgLevel, OrgUnitKind};
use crate::reports::model::ReportState;
use crate::schema::users;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

/// Which bodies are meant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bodies {
    /// Those below this one, and it.
    pub under: Option<OrgUnitId>,
    /// Those of this kind.
    pub kind: Option<OrgUnitKind>,
    /// Those of this level.
    pub level: Option<OrgLevel>,
    /// Those that owe it to this one.
    pub to: Option<OrgUnitId>,
}

/// The bodies in scope that owe a report in a campaign with what they delivered, in the order of the tree: now, or as it stood
/// at an instant, with the deeds of that instant. Bodies stand where they stand in the tree today.
pub async fn expected(
    mut conn: &Conn,
    scope: &Scope,
    campaign: CampaignId,
    bodies: Bodies,
    at: Option<DateTime<Utc>>,
) -> Result<Vec<Expected>, AppError> {
    let Bodies { under, kind, level, to } = bodies;
    let query = diesel::sql_query(if at.is_some() { include_str!("at.sql") } else { include_str!("now.sql") })
        .bind::<SqlUuid, _>(campaign)
        .bind::<Text, _>(scope.prefix())
        .bind::<Nullable<SqlUuid>, _>(under)
        .bind::<Nullable<Text>, _>(kind.map(OrgUnitKind::as_str))
        .bind::<Nullable<Text>, _>(level.map(OrgLevel::as_str))
        .bind::<Nullable<SqlUuid>, _>(to);
    match at {
        Some(at) => Ok(Cached(query.bind::<Timestamptz, _>(at)).load(&mut conn).await?),
        None => Ok(Cached(query).load(&mut conn).await?),
    }
}

#[derive(QueryableByName)]
struct Group {
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<ReportState>,
    #[diesel(sql_type = Nullable<Bool>)]
    is_late: Option<bool>,
    #[diesel(sql_type = Nullable<Bool>)]
    is_nil: Option<bool>,
    #[diesel(sql_type = Bool)]
    is_exempt: bool,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What the bodies of a scope owe in a campaign and have delivered, in one grouped statement.
pub async fn figures(mut conn: &Conn, scope: &Scope, campaign: CampaignId) -> Result<ReportFigures, AppError> {
    let query = diesel::sql_query(include_str!("figures.sql")).bind::<SqlUuid, _>(campaign).bind::<Text, _>(scope.prefix());
    let groups: Vec<Group> = Cached(query).load(&mut conn).await?;
    let add = |sum: ReportFigures, group: Group| {
        let Group { state, is_late, is_nil, is_exempt, count } = group;
        if is_exempt { sum.with_exempt(count) } else { sum.with(state, is_late, is_nil, count) }
    };
    Ok(groups.into_iter().fold(ReportFigures::default(), add))
}

/// The last fifty instants at which the set opened or met a limit, the latest first.
pub async fn instants(mut conn: &Conn, scope: &Scope, campaign: CampaignId, now: DateTime<Utc>) -> Result<Vec<Instant>, AppError> {
    let query = diesel::sql_query(include_str!("instants.sql"))
        .bind::<SqlUuid, _>(campaign)
        .bind::<Text, _>(scope.prefix())
        .bind::<Timestamptz, _>(now);
    Ok(Cached(query).load(&mut conn).await?)
}

/// Who can write the reports of these bodies: body, account and name, as far as the scope of accounts goes.
pub async fn reporters(mut conn: &Conn, scope: &Scope, units: &[OrgUnitId]) -> Result<Vec<(OrgUnitId, UserId, String)>, AppError> {
    let roles = Role::ALL.iter().filter(|role| policy::reach(**role, Action::ReportWrite).is_some());
    let roles: Vec<&str> = roles.map(|role| role.as_str()).collect();
    let query = users::table
        .filter(users::org_unit_id.eq_any(units))
        .filter(users::role.eq_any(roles))
        .filter(users::is_disabled.eq(false))
        .filter(is_in_scope(users::org_unit_id, scope))
        .order((users::full_name, users::id));
    Ok(query.select((users::org_unit_id, users::id, users::full_name)).load(&mut conn).await?)
}
