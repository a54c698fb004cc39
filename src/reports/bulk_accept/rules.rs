//! What a bulk acceptance leaves out, and when it does nothing at all.

use super::dto::{BulkExcludedReport, BulkExclusion};
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::ids::{OrgUnitId, ReportId};
use std::collections::BTreeSet;

/// The reports that the caller may accept, and those of the caller's own unit.
pub fn without_own(matching: Vec<(ReportId, OrgUnitId)>, actors_unit: OrgUnitId) -> (Vec<ReportId>, Vec<ReportId>) {
    let (own, others): (Vec<_>, Vec<_>) = matching.into_iter().partition(|(_, unit)| *unit == actors_unit);
    let ids = |pairs: Vec<(ReportId, OrgUnitId)>| pairs.into_iter().map(|(id, _)| id).collect();
    (ids(others), ids(own))
}

/// 409 with the actual count when it is not the one that was confirmed.
pub fn check_count(expected: i64, actual: usize) -> Result<(), AppError> {
    let actual = i64::try_from(actual).map_err(AppError::internal)?;
    if actual == expected {
        return Ok(());
    }
    let text = message(
        format!("Có {actual} báo cáo phù hợp, không phải {expected}; chưa có báo cáo nào được chấp nhận."),
        format!("{actual} reports match, not {expected}; none has been accepted."),
    );
    let mut error = AppError::new(ErrorCode::CountDiffers).because(text.clone());
    error.actual_count = Some(actual);
    Err(error.with_field(FieldError::new("/expected_count", "count_differs", text)))
}

/// Everything that was left out: what is the caller's own, and each named report that is not among the matching ones.
pub fn excluded(named: &[ReportId], visible: &[ReportId], accepted: &[ReportId], own: &[ReportId]) -> Vec<BulkExcludedReport> {
    let set = |ids: &[ReportId]| ids.iter().copied().collect::<BTreeSet<_>>();
    let (named, visible, known) = (set(named), set(visible), &set(accepted) | &set(own));
    let left = named.difference(&known).map(|id| BulkExcludedReport {
        report_id: *id,
        reason: if visible.contains(id) { BulkExclusion::NoMatch } else { BulkExclusion::NotFound },
    });
    own.iter().map(|id| BulkExcludedReport { report_id: *id, reason: BulkExclusion::OwnUnit }).chain(left).collect()
}
