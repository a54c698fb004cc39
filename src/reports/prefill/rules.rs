//! Which figures records fill in, and which need a reason.

use super::model::{Recorded, RecordedFigure, ReportCorrection, ReportPrefill};
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::reports::figures::{Basis, FigureForm, Figures, FiguresPatch};
use crate::reports::forms::content::{FormContent, FormIndicator};
use std::collections::BTreeMap;

/// The indicators that follow from records, each with its source.
pub fn fed(form: &FormContent) -> impl Iterator<Item = (&FormIndicator, RecordedFigure)> {
    form.indicators.iter().filter_map(|indicator| Some((indicator, indicator.source?)))
}

/// The figures to write: all that have a record, but not those that the reporter gave or corrected, unless those are wanted too. A figure
/// was given by the reporter when it is another one than was filled in before.
pub fn filled(
    form: &FormContent,
    figures: &Figures,
    recorded: &BTreeMap<RecordedFigure, Recorded>,
    before: &BTreeMap<String, ReportPrefill>,
    with_given: bool,
) -> FiguresPatch {
    let mut changes = BTreeMap::new();
    for (indicator, source) in fed(form) {
        let Some(recorded) = recorded.get(&source) else { continue };
        let last = before.get(indicator.code.as_str()).map(|row| row.recorded_value);
        let is_given = figures.0.get(&indicator.code).is_some_and(|figure| figure.value().is_none() || figure.value() != last);
        if !is_given || with_given {
            let basis = indicator.is_basis_asked.then_some(Basis::Counted);
            changes.insert(indicator.code.to_string(), Some(FigureForm { value: Some(recorded.value), basis, ..FigureForm::default() }));
        }
    }
    FiguresPatch(changes)
}

/// 422 with each figure that is another one than was filled in, and of which nobody has said why.
pub fn check_reasons(
    form: &FormContent,
    figures: &Figures,
    prefilled: &BTreeMap<String, ReportPrefill>,
    corrected: &BTreeMap<String, ReportCorrection>,
) -> Result<(), AppError> {
    let mut errors = Vec::new();
    for (indicator, _) in fed(form) {
        let code = indicator.code.as_str();
        let Some(recorded) = prefilled.get(code).map(|row| row.recorded_value) else { continue };
        let said = figures.0.get(&indicator.code).and_then(|figure| figure.compared());
        let has_reason = corrected.get(code).is_some_and(|row| Some(row.reported_value) == said);
        if said != Some(recorded) && !has_reason {
            let text = message(
                format!("Số liệu ghi nhận là {recorded}; nêu lý do khi báo cáo số khác (corrections)."),
                format!("{recorded} are recorded; another number needs a reason (corrections)."),
            );
            errors.push(FieldError::new(indicator.pointer(), "reason_required", text));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}

/// The indicator of a correction, with what was recorded for it; 422 when the form has none, 409 when the report was not filled in yet.
pub fn corrected<'a>(
    form: &'a FormContent,
    code: &str,
    prefilled: &BTreeMap<String, ReportPrefill>,
) -> Result<(&'a FormIndicator, i64), AppError> {
    let indicator = form.indicator(code).ok_or_else(|| {
        let text = message("Mẫu của báo cáo không có chỉ tiêu này.", "The form of the report does not ask for this.");
        AppError::field(FieldError::new("/indicator", "unknown_indicator", text))
    })?;
    let recorded = prefilled.get(code).map(|row| row.recorded_value).ok_or_else(|| {
        AppError::new(ErrorCode::InvalidTransition).because(message(
            "Chỉ tiêu này chưa được điền từ số liệu ghi nhận: sửa thẳng trong báo cáo.",
            "This indicator was not filled in from records: change it in the report itself.",
        ))
    })?;
    Ok((indicator, recorded))
}
