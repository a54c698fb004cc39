//! SQL of the facts.

use super::facts::Facts;
use crate::auth::Scope;
use crate::campaigns::model::Campaign;
use crate::clock::start_of_day;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::error::AppError;
use chrono::{DateTime, Days, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    facts: String,
}

/// The facts of a campaign as far as the scope goes, of one instant.
pub async fn facts(mut conn: &Conn, scope: &Scope, campaign: &Campaign) -> Result<Facts, AppError> {
    let after: DateTime<Utc> = start_of_day(campaign.event_to.checked_add_days(Days::new(1)).unwrap_or(campaign.event_to));
    let query = diesel::sql_query(include_str!("facts.sql"))
        .bind::<SqlUuid, _>(campaign.id)
        .bind::<Timestamptz, _>(start_of_day(campaign.event_from))
        .bind::<Timestamptz, _>(after);
    let row: Row = Cached(query).get_result(&mut conn).await?;
    let facts: Facts = serde_json::from_str(&row.facts).map_err(AppError::internal)?;
    Ok(facts.below(scope.prefix()))
}
