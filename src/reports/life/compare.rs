//! Two submissions compared: figure by figure, and word by word.

use super::dto::ReportComparisonOut;
use crate::ids::ReportId;
use crate::plans::compare::stretches;
use crate::reports::figures::{Figure, FigureForm, Figures};
use crate::reports::forms::code::FormCode;
use crate::reports::model::ReportVersion;
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A figure that is not the same in both.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FigureChangeOut {
    /// Code of the indicator.
    pub code: FormCode,
    /// As it was; null where nothing was said.
    pub before: Option<FigureForm>,
    /// As it is; null where nothing is said.
    pub after: Option<FigureForm>,
    /// The second number less the first, a nil return taken as none; null where one of them says nothing, or words.
    pub difference: Option<i64>,
}

/// What changed from one submission to the next; both are null where there is none.
pub fn compare(report_id: ReportId, before: Option<&ReportVersion>, after: Option<&ReportVersion>) -> ReportComparisonOut {
    let nothing = Figures::default();
    let of = |version: Option<&'_ ReportVersion>| version.map_or_else(|| nothing.clone(), |version| version.figures.clone());
    let (old, new) = (of(before), of(after));
    let codes: BTreeSet<&FormCode> = old.0.keys().chain(new.0.keys()).collect();
    let all = codes.len();
    let figures: Vec<_> = codes.into_iter().filter_map(|code| change_of(code, old.get(code), new.get(code))).collect();
    let words = |version: Option<&ReportVersion>| version.and_then(|version| version.narrative.clone()).unwrap_or_default();
    let (old_words, new_words) = (words(before), words(after));
    ReportComparisonOut {
        report_id,
        before: before.map(Into::into),
        after: after.map(Into::into),
        unchanged_count: all.saturating_sub(figures.len()),
        figures,
        narrative: if old_words == new_words { Vec::new() } else { stretches(&old_words, &new_words) },
    }
}

fn change_of(code: &FormCode, before: Option<&Figure>, after: Option<&Figure>) -> Option<FigureChangeOut> {
    if before == after {
        return None;
    }
    let difference = before.and_then(Figure::compared).zip(after.and_then(Figure::compared)).map(|(before, after)| after - before);
    let form = |figure: Option<&Figure>| figure.cloned().map(FigureForm::from);
    Some(FigureChangeOut { code: code.clone(), before: form(before), after: form(after), difference })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CampaignId, ReportFormId};
    use crate::plans::compare::StretchKind;
    use serde_json::{Value, json};

    fn version(no: i32, figures: Value, narrative: &str) -> ReportVersion {
        ReportVersion {
            campaign_id: CampaignId::new(),
            id: uuid::Uuid::now_v7(),
            report_id: ReportId::new(),
            no,
            figures: serde_json::from_value(figures).unwrap(),
            narrative: Some(narrative.to_owned()),
            submitted_at: "2023-08-01T08:00:00+07:00".parse().unwrap(),
            is_late: false,
            submitted_by: uuid::Uuid::nil(),
            form_id: ReportFormId::new(),
            coverage: crate::reports::prefill::model::ReportCoverage::Own,
        }
    }

    #[test]
    fn a_difference_is_of_numbers_and_nil_is_none() {
        let before = version(1, json!({"a": {"value": 540}, "b": {"is_nil": true}, "c": {"text": "x"}, "d": {"value": 1}}), "Đông đủ");
        let after = version(
            2,
            json!({"a": {"value": 512}, "b": {"value": 3}, "c": {"text": "y"}, "d": {"value": 1}, "e": {"value": 2}}),
            "Đông đủ",
        );
        let shown = compare(before.report_id, Some(&before), Some(&after));
        let figures: Vec<_> = shown.figures.iter().map(|one| (one.code.as_str(), one.difference)).collect();
        assert_eq!(figures, [("a", Some(-28)), ("b", Some(3)), ("c", None), ("e", None)]);
        assert_eq!((shown.unchanged_count, shown.narrative.len()), (1, 0));
    }

    #[test]
    fn words_are_compared_word_by_word() {
        let (before, after) = (version(1, json!({}), "đông đủ và an toàn"), version(2, json!({}), "đông vui và an toàn"));
        let shown = compare(before.report_id, Some(&before), Some(&after));
        let of = |kind| shown.narrative.iter().filter(|part| part.kind == kind).map(|part| part.text.trim()).collect::<Vec<_>>();
        assert_eq!((of(StretchKind::Removed), of(StretchKind::Added)), (vec!["đủ"], vec!["vui"]));
    }
}
