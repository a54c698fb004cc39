//! What became of a frozen consolidation since: each total then and now, and the reports that make the difference.

use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::Id;
use crate::ids::{ConsolidationId, OrgUnitId, ReportId};
use crate::org_units;
use crate::reply::Reply;
use crate::reports::consolidation::handlers::added_up;
use actix_web::get;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A report whose part of a total is another now.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SourceChangeOut {
    pub report_id: ReportId,
    pub org_unit_id: OrgUnitId,
    pub org_unit_name: String,
    /// Its value then; null when it was not added up.
    pub before: Option<i64>,
    /// Its value now; null when it is not added up any more.
    pub after: Option<i64>,
}

/// A total that is another now.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct TotalChangeOut {
    /// Indicator.
    pub code: String,
    pub name: String,
    pub before: Option<i64>,
    pub after: Option<i64>,
    /// `after` less `before`, where nothing counts as 0: the sum of the differences of `sources`.
    pub difference: i64,
    /// The reports that make the difference.
    pub sources: Vec<SourceChangeOut>,
}

/// What a frozen consolidation would say now.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConsolidationChangesOut {
    pub consolidation_id: ConsolidationId,
    /// The instant that was frozen.
    pub frozen_as_of: DateTime<Utc>,
    /// When the two were compared.
    pub as_of: DateTime<Utc>,
    /// Whether anything changed.
    pub has_changed: bool,
    /// Reports added up then.
    pub accepted_before: i64,
    /// Reports added up now.
    pub accepted_after: i64,
    /// The totals that are others now; those that are the same are left out.
    pub totals: Vec<TotalChangeOut>,
}

/// Of a consolidation, what is compared.
#[derive(Debug, Deserialize)]
struct Compared {
    accepted_count: i64,
    totals: Vec<ComparedTotal>,
}

#[derive(Debug, Deserialize)]
struct ComparedTotal {
    code: String,
    name: String,
    value: Option<i64>,
    #[serde(default)]
    sources: Vec<ComparedSource>,
}

#[derive(Debug, Deserialize)]
struct ComparedSource {
    report_id: ReportId,
    org_unit_id: OrgUnitId,
    org_unit_name: String,
    value: i64,
}

/// Compare a frozen consolidation with now
///
/// What a correction since would change: each total that is another now, with the reports that make the difference.
#[utoipa::path(tag = "consolidations", params(("id" = ConsolidationId, Path, description = "The consolidation")), responses((status = 200, body = ConsolidationChangesOut)))]
#[get("/consolidations/{id}/changes")]
pub async fn get_consolidation_changes(call: Call, id: Id<ConsolidationId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationRead)?;
    let (row, before, after) = call
        .read_long(async |conn| {
            let row = queries::find(conn, &scope, id.0).await?;
            let unit = org_units::queries::find_within(conn, &scope, row.org_unit_id).await?;
            let content = queries::content(conn, &scope, &row).await?;
            let after = added_up(conn, &call, &scope.below(&unit.path), row.campaign_id).await?;
            Ok((row, content, serde_json::to_string(&after).map_err(AppError::internal)?))
        })
        .await?;
    let read = |text: &str| serde_json::from_str::<Compared>(text).map_err(AppError::internal);
    let (before, after) = (read(&before)?, read(&after)?);
    let (accepted_before, accepted_after) = (before.accepted_count, after.accepted_count);
    let totals = compare(before.totals, after.totals);
    Reply::plain(&ConsolidationChangesOut {
        consolidation_id: row.id,
        frozen_as_of: row.as_of,
        as_of: call.now(),
        has_changed: !totals.is_empty() || accepted_before != accepted_after,
        accepted_before,
        accepted_after,
        totals,
    })
}

/// The totals that are others now, in the order of the form of now; those that it asks for no more come last.
fn compare(before: Vec<ComparedTotal>, after: Vec<ComparedTotal>) -> Vec<TotalChangeOut> {
    let mut old: BTreeMap<String, ComparedTotal> = before.into_iter().map(|total| (total.code.clone(), total)).collect();
    let nothing = |code: &str, name: &str| ComparedTotal { code: code.to_owned(), name: name.to_owned(), value: None, sources: Vec::new() };
    let mut changes = Vec::new();
    for now in after {
        let then = old.remove(&now.code).unwrap_or_else(|| nothing(&now.code, &now.name));
        changes.extend(change(then, now));
    }
    for (_, then) in old {
        let now = nothing(&then.code, &then.name);
        changes.extend(change(then, now));
    }
    changes
}

fn change(then: ComparedTotal, now: ComparedTotal) -> Option<TotalChangeOut> {
    let mut sources: BTreeMap<ReportId, SourceChangeOut> = BTreeMap::new();
    let of = |source: &ComparedSource| SourceChangeOut {
        report_id: source.report_id,
        org_unit_id: source.org_unit_id,
        org_unit_name: source.org_unit_name.clone(),
        before: None,
        after: None,
    };
    for source in &then.sources {
        sources.entry(source.report_id).or_insert_with(|| of(source)).before = Some(source.value);
    }
    for source in &now.sources {
        sources.entry(source.report_id).or_insert_with(|| of(source)).after = Some(source.value);
    }
    let sources: Vec<SourceChangeOut> = sources.into_values().filter(|source| source.before != source.after).collect();
    if sources.is_empty() && then.value == now.value {
        return None;
    }
    let difference = now.value.unwrap_or(0).saturating_sub(then.value.unwrap_or(0));
    Some(TotalChangeOut { code: now.code, name: now.name, before: then.value, after: now.value, difference, sources })
}
