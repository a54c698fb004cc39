//! SQL of duplicates.

use super::dto::DuplicateQuery;
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::{CampaignId, ParticipantDistinctionId, ParticipantId, SiteId};
use crate::pagination::PageRequest;
use crate::participants::model::{ParticipantCategory, ParticipantKind, ParticipantState};
use crate::schema::participant_distinctions;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

/// Statement of the list; also counted.
const GUESTS: &str = include_str!("duplicates.sql");

/// Score from which candidates are shown when the caller names none: the same name, or a similar one and something else.
const LEAST_SCORE: i32 = 50;

/// A guest who has candidates; these are an array of JSON.
#[derive(Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub id: ParticipantId,
    #[diesel(sql_type = SqlUuid)]
    pub campaign_id: CampaignId,
    #[diesel(sql_type = SqlUuid)]
    pub site_id: SiteId,
    #[diesel(sql_type = Text)]
    pub kind: ParticipantKind,
    #[diesel(sql_type = Text)]
    pub category: ParticipantCategory,
    #[diesel(sql_type = Text)]
    pub state: ParticipantState,
    #[diesel(sql_type = Text)]
    pub full_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub title: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub organisation: Option<String>,
    #[diesel(sql_type = Integer)]
    pub entry_count: i32,
    #[diesel(sql_type = Jsonb)]
    pub candidates: Value,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// A page of guests in scope who have candidates, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &DuplicateQuery, page: &PageRequest) -> Result<Vec<Row>, AppError> {
    let after = page.after::<Value>()?.map(|(_, id)| id);
    let query = diesel::sql_query(GUESTS)
        .bind::<Text, _>(scope.prefix())
        .bind::<Nullable<SqlUuid>, _>(filter.campaign_id)
        .bind::<Nullable<SqlUuid>, _>(filter.site_id)
        .bind::<Integer, _>(filter.min_score.unwrap_or(LEAST_SCORE))
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(page.rows())
        .bind::<Bool, _>(page.is_descending);
    Ok(query.load(&mut conn).await?)
}

/// How many guests in scope have candidates.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &DuplicateQuery) -> Result<i64, AppError> {
    let query = diesel::sql_query(format!("SELECT count(*) AS count FROM ({GUESTS}) guests"))
        .bind::<Text, _>(scope.prefix())
        .bind::<Nullable<SqlUuid>, _>(filter.campaign_id)
        .bind::<Nullable<SqlUuid>, _>(filter.site_id)
        .bind::<Integer, _>(filter.min_score.unwrap_or(LEAST_SCORE))
        .bind::<Nullable<SqlUuid>, _>(None::<Uuid>)
        .bind::<BigInt, _>(i64::MAX)
        .bind::<Bool, _>(false);
    let row: Count = query.get_result(&mut conn).await?;
    Ok(row.count)
}

/// That two guests are two.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = participant_distinctions)]
#[allow(missing_docs)]
pub struct Distinction {
    pub campaign_id: CampaignId,
    pub id: ParticipantDistinctionId,
    pub participant_id: ParticipantId,
    pub other_participant_id: ParticipantId,
    pub actor_id: Uuid,
    pub occurred_at: DateTime<Utc>,
}

/// Says that two are two; a repetition is refused by the key of the pair. The caller has checked that both are in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, distinction: &Distinction) -> Result<(), AppError> {
    diesel::insert_into(participant_distinctions::table).values(distinction).execute(&mut conn).await?;
    Ok(())
}
