//! SQL of campaigns.

use super::model::{Campaign, CampaignState};
use super::rules;
use crate::auth::Scope;
use crate::db::{Conn, starts_with};
use crate::error::{AppError, ErrorCode, FieldError};
use crate::ids::CampaignId;
use crate::org_units::queries::units_in;
use crate::schema::{campaigns, org_units};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One campaign that the caller can see: in scope, or set going above the caller's own unit.
pub async fn find(mut conn: &Conn, scope: &Scope, id: CampaignId) -> Result<Campaign, AppError> {
    let above = starts_with(scope.own_path().into_sql::<diesel::sql_types::Text>(), org_units::path);
    let query = campaigns::table
        .inner_join(org_units::table)
        .filter(campaigns::id.eq(id))
        .filter(starts_with(org_units::path, scope.prefix()).or(above.and(campaigns::state.ne(CampaignState::Draft))));
    Ok(query.select(Campaign::as_select()).first(&mut conn).await?)
}

/// A campaign that a body names; 422 at `pointer` when the caller cannot see it.
pub async fn find_reference(conn: &Conn, scope: &Scope, id: CampaignId, pointer: &str) -> Result<Campaign, AppError> {
    find(conn, scope, id)
        .await
        .map_err(|error| if error.code == ErrorCode::NotFound { AppError::field(FieldError::unknown_reference(pointer)) } else { error })
}

/// One campaign in scope, locked until the end of the transaction: for decisions that count.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: CampaignId) -> Result<Campaign, AppError> {
    let query = campaigns::table.filter(campaigns::id.eq(id)).filter(campaigns::org_unit_id.eq_any(units_in(scope)));
    Ok(query.select(Campaign::as_select()).for_update().first(&mut conn).await?)
}

/// 409 when the campaign is closed. For a row whose scope has been checked by its own unit.
pub async fn check_open(mut conn: &Conn, id: CampaignId) -> Result<(), AppError> {
    let campaign = campaigns::table.find(id).select(Campaign::as_select()).first(&mut conn).await?;
    rules::check_open(&campaign)
}
