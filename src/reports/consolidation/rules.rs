//! How accepted reports are added up.

use super::dto::{IndicatorTotal, PartTotal, TotalSource, TotalText};
use super::queries::AcceptedReport;
use crate::error::AppError;
use crate::reports::figures::{Basis, Figure};
use crate::reports::forms::content::{FormContent, FormIndicator, IndicatorKind, IndicatorPart};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The indicators of a campaign: those of the current form in its order, then those that only earlier versions asked for. The forms come
/// with the current one first; a code means the same in all of them.
pub fn indicators(forms: Vec<FormContent>) -> Vec<FormIndicator> {
    let mut known = BTreeSet::new();
    forms.into_iter().flat_map(|form| form.indicators).filter(|indicator| known.insert(indicator.code.clone())).collect()
}

/// What was found of one indicator so far.
#[derive(Default)]
struct Gathered<'r> {
    sources: Vec<TotalSource>,
    texts: Vec<TotalText>,
    parts: BTreeMap<&'r str, i64>,
    sum: i64,
    nil_count: i64,
}

impl<'r> Gathered<'r> {
    fn add(&mut self, report: &AcceptedReport, figure: &'r Figure) -> Result<(), AppError> {
        let (report_id, org_unit_id, org_unit_name) = (report.id, report.org_unit_id, report.org_unit_name.clone());
        match figure {
            Figure::Nil => self.nil_count += 1,
            Figure::Text(text) => self.texts.push(TotalText { report_id, org_unit_id, org_unit_name, text: text.as_str().to_owned() }),
            Figure::Value { value, basis, by_part } => {
                self.sum = plus(self.sum, *value)?;
                for (part, value) in by_part.iter().flat_map(|parts| &parts.0) {
                    let sum = self.parts.entry(part.as_str()).or_default();
                    *sum = plus(*sum, *value)?;
                }
                self.sources.push(TotalSource { report_id, org_unit_id, org_unit_name, value: *value, basis: *basis });
            }
        }
        Ok(())
    }

    fn total(self, indicator: &FormIndicator, report_count: usize) -> Result<IndicatorTotal, AppError> {
        let size = |count: usize| i64::try_from(count).map_err(AppError::internal);
        let source_count = size(self.sources.len() + self.texts.len())?;
        let part = |part: &IndicatorPart| PartTotal {
            code: part.code.clone(),
            name: part.name_vi.as_str().to_owned(),
            value: self.parts.get(part.code.as_str()).copied(),
        };
        Ok(IndicatorTotal {
            code: indicator.code.clone(),
            name: indicator.name_vi.as_str().to_owned(),
            kind: indicator.kind,
            unit: indicator.unit.clone(),
            unit_name: indicator.unit_vi.clone().map(String::from),
            value: (!self.sources.is_empty()).then_some(self.sum),
            is_estimated: self.sources.iter().any(|source| source.basis == Some(Basis::Estimated)),
            source_count,
            nil_count: self.nil_count,
            missing_count: size(report_count)? - source_count - self.nil_count,
            parts: indicator.parts.iter().map(part).collect(),
            texts: (indicator.kind == IndicatorKind::Text).then_some(self.texts),
            sources: Some(self.sources),
        })
    }
}

fn plus(sum: i64, value: i64) -> Result<i64, AppError> {
    sum.checked_add(value).ok_or_else(|| AppError::internal("a total passes 64 bits"))
}

/// The totals of indicators over some reports, in the order given, in one pass over the figures.
pub fn totals(indicators: &[FormIndicator], reports: &[AcceptedReport]) -> Result<Vec<IndicatorTotal>, AppError> {
    let places: HashMap<&str, usize> = indicators.iter().enumerate().map(|(at, indicator)| (indicator.code.as_str(), at)).collect();
    let mut gathered: Vec<Gathered> = indicators.iter().map(|_| Gathered::default()).collect();
    for report in reports {
        for (code, figure) in &report.figures.0 {
            if let Some(one) = places.get(code.as_str()).and_then(|at| gathered.get_mut(*at)) {
                one.add(report, figure)?;
            }
        }
    }
    gathered.into_iter().zip(indicators).map(|(one, indicator)| one.total(indicator, reports.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{OrgUnitId, ReportId};
    use crate::org_units::model::OrgLevel;
    use serde_json::json;

    fn total(code: &str, reports: &[AcceptedReport]) -> IndicatorTotal {
        let form = FormContent::first().unwrap();
        totals(&[form.indicator(code).unwrap().clone()], reports).unwrap().remove(0)
    }

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
        let total = total("leaflets", &reports);
        assert_eq!((total.value, total.is_estimated), (Some(1406), true));
        assert_eq!((total.source_count, total.nil_count, total.missing_count), (2, 1, 1));
        assert_eq!(total.value, Some(total.shown_sources().iter().map(|source| source.value).sum()));
    }

    #[test]
    fn what_nobody_reports_has_no_total_rather_than_zero() {
        assert_eq!(total("banners", &[report(json!({"banners": {"is_nil": true}}))]).value, None);
    }

    #[test]
    fn parts_are_added_by_part_and_words_are_gathered_not_added() {
        let indicators: Vec<FormIndicator> = serde_json::from_value(json!([
            {"code": "all", "name_vi": "A", "name_en": "A", "kind": "integer", "unit": "households", "unit_vi": "hộ", "unit_en": "households",
             "is_required": false, "is_basis_asked": false, "parts": [{"code": "urban", "name_vi": "U", "name_en": "U"},
                                                                     {"code": "rural", "name_vi": "R", "name_en": "R"}]},
            {"code": "lessons", "name_vi": "B", "name_en": "B", "kind": "text", "is_required": false, "is_basis_asked": false},
        ]))
        .unwrap();
        let reports = [
            report(json!({"all": {"value": 5, "by_part": {"urban": 2, "rural": 3}}, "lessons": {"text": "Một"}})),
            report(json!({"all": {"value": 4}, "lessons": {"text": "Hai"}})),
        ];
        let totals = totals(&indicators, &reports).unwrap();
        assert_eq!(totals[0].value, Some(9));
        assert_eq!(totals[0].parts.iter().map(|part| part.value).collect::<Vec<_>>(), [Some(2), Some(3)]);
        assert_eq!((totals[1].value, totals[1].source_count, totals[1].missing_count), (None, 2, 0));
        let texts: Vec<&str> = totals[1].texts.iter().flatten().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["Một", "Hai"]);
    }

    #[test]
    fn indicators_of_the_current_form_come_first_and_those_of_earlier_ones_are_not_lost() {
        let mut newer = FormContent::first().unwrap();
        newer.indicators.retain(|indicator| indicator.code.as_str() != "sites_held");
        newer.indicators.reverse();
        let all = indicators(vec![newer.clone(), FormContent::first().unwrap()]);
        assert_eq!(all.len(), 22);
        assert_eq!((all[0].code.as_str(), all[21].code.as_str()), ("spending_vnd", "sites_held"));
    }
}
