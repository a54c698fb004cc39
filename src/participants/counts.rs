//! SQL of the figures of one site, counted from its guests.

use super::model::{AgeBand, ParticipantCategory, ParticipantState};
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::schema::participants;
use crate::sites::model::Site;
use diesel::dsl::{self, sum};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// The guests of one category at one site, counted.
#[derive(Debug, Queryable)]
#[allow(missing_docs)]
pub struct CategoryCount {
    pub category: ParticipantCategory,
    pub listed: i64,
    pub invited: i64,
    pub accepted: i64,
    pub declined: i64,
    pub entries: Option<i64>,
    pub persons: i64,
    pub present: i64,
}

/// The guests of a site by category, counted from the participants themselves in one statement.
pub async fn count_by_category(mut conn: &Conn, _: &Scope, site: &Site) -> Result<Vec<CategoryCount>, AppError> {
    let in_state = |state: ParticipantState| dsl::count(participants::id).aggregate_filter(participants::state.eq(state));
    let query = participants::table
        .filter(participants::campaign_id.eq(site.campaign_id))
        .filter(participants::site_id.eq(site.id))
        .filter(participants::merged_into_id.is_null())
        .group_by(participants::category)
        .select((
            participants::category,
            dsl::count(participants::id),
            dsl::count(participants::id).aggregate_filter(participants::state.ne(ParticipantState::Listed)),
            in_state(ParticipantState::Accepted),
            in_state(ParticipantState::Declined),
            sum(participants::entry_count),
            dsl::count(participants::id).aggregate_filter(participants::entry_count.gt(0)),
            dsl::count(participants::id).aggregate_filter(participants::is_present),
        ))
        .order(participants::category);
    Ok(query.load(&mut conn).await?)
}

/// The guests of one category and one band of age at one site, counted.
#[derive(Debug, Queryable)]
#[allow(missing_docs)]
pub struct CellCount {
    pub category: ParticipantCategory,
    pub age_band: Option<AgeBand>,
    pub listed: i64,
    pub invited: i64,
    pub accepted: i64,
    pub attended: i64,
}

/// The guests of a site by category and band of age, counted from the participants themselves in one statement.
pub async fn count_by_cell(mut conn: &Conn, _: &Scope, site: &Site) -> Result<Vec<CellCount>, AppError> {
    let query = participants::table
        .filter(participants::campaign_id.eq(site.campaign_id))
        .filter(participants::site_id.eq(site.id))
        .filter(participants::merged_into_id.is_null())
        .group_by((participants::category, participants::age_band))
        .select((
            participants::category,
            participants::age_band,
            dsl::count(participants::id),
            dsl::count(participants::id).aggregate_filter(participants::state.ne(ParticipantState::Listed)),
            dsl::count(participants::id).aggregate_filter(participants::state.eq(ParticipantState::Accepted)),
            dsl::count(participants::id).aggregate_filter(participants::entry_count.gt(0)),
        ))
        .order((participants::category, participants::age_band));
    Ok(query.load(&mut conn).await?)
}
