//! How accepted reports are added up.

use super::dto::{IndicatorTotal, TotalSource};
use super::queries::AcceptedReport;
use crate::error::AppError;
use crate::reports::figures::{Basis, Figure};
use crate::reports::indicators::Indicator;

/// The totals of all indicators over some reports, in the order of the form.
pub fn totals(reports: &[AcceptedReport]) -> Result<Vec<IndicatorTotal>, AppError> {
    Indicator::ALL.iter().map(|indicator| total(*indicator, reports)).collect()
}

/// The total of one indicator over some reports, with its sources.
pub fn total(indicator: Indicator, reports: &[AcceptedReport]) -> Result<IndicatorTotal, AppError> {
    let said: Vec<(&AcceptedReport, Figure)> =
        reports.iter().filter_map(|report| report.figures.get(indicator).map(|figure| (report, figure))).collect();
    let sources: Vec<TotalSource> = said
        .iter()
        .filter_map(|(report, figure)| match figure {
            Figure::Value { value, basis } => Some(TotalSource {
                report_id: report.id,
                org_unit_id: report.org_unit_id,
                org_unit_name: report.org_unit_name.clone(),
                value: *value,
                basis: *basis,
            }),
            Figure::Nil => None,
        })
        .collect();
    let sum = sources.iter().try_fold(0_i64, |sum, source| sum.checked_add(source.value));
    let sum = sum.ok_or_else(|| AppError::internal("a total passes 64 bits"))?;
    let size = |count: usize| i64::try_from(count).map_err(AppError::internal);
    Ok(IndicatorTotal {
        code: indicator,
        name: indicator.name().vi.into_owned(),
        unit: indicator.unit(),
        value: (!sources.is_empty()).then_some(sum),
        is_estimated: sources.iter().any(|source| source.basis == Basis::Estimated),
        source_count: size(sources.len())?,
        nil_count: size(said.len() - sources.len())?,
        missing_count: size(reports.len() - said.len())?,
        sources,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{OrgUnitId, ReportId};
    use crate::org_units::model::OrgLevel;
    use serde_json::json;

    fn report(figures: serde_json::Value) -> AcceptedReport {
        AcceptedReport {
            id: ReportId::new(),
            org_unit_id: OrgUnitId::new(),
            org_unit_name: "Ban Chỉ đạo 138 huyện Lục Yên".to_owned(),
            org_unit_level: OrgLevel::District,
            figures: serde_json::from_value(figures).unwrap(),
            narrative: None,
        }
    }

    #[test]
    fn a_total_is_the_sum_of_its_sources_and_nil_and_missing_add_nothing() {
        let reports = [
            report(json!({"leaflets": {"value": 1406, "basis": "counted"}})),
            report(json!({"leaflets": {"value": 0, "basis": "estimated"}})),
            report(json!({"leaflets": {"is_nil": true}})),
            report(json!({})),
        ];
        let total = total(Indicator::Leaflets, &reports).unwrap();
        assert_eq!((total.value, total.is_estimated), (Some(1406), true));
        assert_eq!((total.source_count, total.nil_count, total.missing_count), (2, 1, 1));
        assert_eq!(total.value, Some(total.sources.iter().map(|source| source.value).sum()));
    }

    #[test]
    fn what_nobody_reports_has_no_total_rather_than_zero() {
        assert_eq!(total(Indicator::Banners, &[report(json!({"banners": {"is_nil": true}}))]).unwrap().value, None);
    }
}
