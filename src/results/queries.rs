//! SQL of the totals.

use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::error::AppError;
use crate::ids::{CampaignId, OrgUnitId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

/// The figures of one kind of a ledger.
#[derive(Debug, Clone, QueryableByName)]
#[allow(missing_docs)]
pub struct KindFigures {
    #[diesel(sql_type = Text)]
    pub ledger: String,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Array<BigInt>)]
    pub figures: Vec<i64>,
}

/// The figures of a campaign's ledgers as far as the scope goes, under a body if one is asked for, of one instant. Kinds
/// without a row are left out.
pub async fn totals(
    mut conn: &Conn,
    scope: &Scope,
    campaign: CampaignId,
    under: Option<OrgUnitId>,
    now: DateTime<Utc>,
) -> Result<Vec<KindFigures>, AppError> {
    let query = diesel::sql_query(include_str!("totals.sql"))
        .bind::<SqlUuid, _>(campaign)
        .bind::<Text, _>(scope.prefix())
        .bind::<Nullable<SqlUuid>, _>(under)
        .bind::<Timestamptz, _>(now);
    Ok(Cached(query).load(&mut conn).await?)
}
