//! What a form must be to be kept.

use super::content::{CheckRule, FormCheck, FormContent, FormIndicator, IndicatorKind};
use super::model::{ReportForm, ReportFormState};
use crate::error::{AppError, FieldError, message};
use crate::reports::prefill::model::RecordedFigure;
use std::collections::BTreeSet;

/// The unit of money.
const MONEY: &str = "vnd";

/// 409 unless the form is a draft.
pub fn check_draft(form: &ReportForm, step: &str) -> Result<(), AppError> {
    if form.state == ReportFormState::Draft { Ok(()) } else { Err(AppError::invalid_transition(form.state.as_str(), step)) }
}

/// 422 with all that is wrong with a form, also beside the versions that its campaign has published.
pub fn check(content: &FormContent, published: &[ReportForm]) -> Result<(), AppError> {
    let mut errors = Vec::new();
    let mut known = BTreeSet::new();
    for (at, indicator) in content.indicators.iter().enumerate() {
        let pointer = format!("/indicators/{at}");
        if !known.insert(&indicator.code) {
            errors.push(twice(format!("{pointer}/code")));
        }
        errors.extend(indicator_errors(indicator, &pointer));
        errors.extend(
            published.iter().find_map(|form| change_of_meaning(form.content.indicator(indicator.code.as_str())?, indicator, &pointer)),
        );
    }
    let mut codes = BTreeSet::new();
    for (at, check) in content.checks.iter().enumerate() {
        let pointer = format!("/checks/{at}");
        if !codes.insert(&check.code) {
            errors.push(twice(format!("{pointer}/code")));
        }
        errors.extend(check_errors(content, check, &pointer));
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}

fn twice(pointer: String) -> FieldError {
    FieldError::new(pointer, "not_unique", message("Mã này đã có trong mẫu.", "The form has this code already."))
}

fn indicator_errors(indicator: &FormIndicator, pointer: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let has_names = indicator.unit_vi.is_some() && indicator.unit_en.is_some();
    let is_nameless = indicator.unit_vi.is_none() && indicator.unit_en.is_none();
    let is_money = indicator.unit.as_ref().is_some_and(|unit| unit.as_str() == MONEY);
    let is_right = match indicator.kind {
        IndicatorKind::Integer => indicator.unit.is_some() && !is_money && has_names,
        IndicatorKind::Vnd => is_money && has_names,
        IndicatorKind::Text => indicator.unit.is_none() && is_nameless,
    };
    if !is_right {
        let text = message(
            "Chỉ tiêu số cần đơn vị tính với tên hai thứ tiếng; tiền tính bằng “vnd”; chỉ tiêu bằng lời không có đơn vị tính.",
            "A number needs a unit with names in both languages; money is counted in `vnd`; words have no unit.",
        );
        errors.push(FieldError::new(format!("{pointer}/unit"), "unit_of_kind", text));
    }
    let is_fed_alike = match indicator.kind {
        IndicatorKind::Integer => indicator.source.is_none_or(|source| !source.is_money()),
        IndicatorKind::Vnd => indicator.source.is_none_or(RecordedFigure::is_money),
        IndicatorKind::Text => indicator.source.is_none(),
    };
    if !is_fed_alike {
        let text = message(
            "Tiền chỉ điền từ số liệu tiền, số đếm từ số đếm; lời văn không điền tự động.",
            "Money is filled in from money, a count from a count; words are not filled in.",
        );
        errors.push(FieldError::new(format!("{pointer}/source"), "source_of_kind", text));
    }
    let mut known = BTreeSet::new();
    let parts = indicator.parts.iter().enumerate().filter(|(_, part)| !known.insert(&part.code));
    errors.extend(parts.map(|(at, _)| twice(format!("{pointer}/parts/{at}/code"))));
    if indicator.kind == IndicatorKind::Text {
        if !indicator.parts.is_empty() {
            let text = message("Chỉ tiêu bằng lời không chia thành phần.", "Words are not broken down.");
            errors.push(FieldError::new(format!("{pointer}/parts"), "not_for_text", text));
        }
        if indicator.is_basis_asked {
            let text = message("Chỉ tiêu bằng lời không hỏi cách xác định.", "Words are neither counted nor estimated.");
            errors.push(FieldError::new(format!("{pointer}/is_basis_asked"), "not_for_text", text));
        }
    }
    errors
}

/// A code means the same in all versions: totals add up reports that followed different ones.
fn change_of_meaning(before: &FormIndicator, now: &FormIndicator, pointer: &str) -> Option<FieldError> {
    (before.kind != now.kind || before.unit != now.unit).then(|| {
        let text = message(
            "Mã này đã được công bố với kiểu hoặc đơn vị tính khác: dùng mã mới.",
            "The code has been published with another kind or unit: use a new code.",
        );
        FieldError::new(format!("{pointer}/code"), "changed_meaning", text)
    })
}

fn check_errors(content: &FormContent, check: &FormCheck, pointer: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let places = (0..).map(|at: usize| format!("{pointer}/left/{at}"));
    let named: Vec<_> = places.zip(&check.left).chain([(format!("{pointer}/right"), &check.right)]).collect();
    let mut known = BTreeSet::new();
    let mut units = BTreeSet::new();
    for (place, code) in named {
        match content.indicator(code.as_str()) {
            None => {
                let text = message("Mẫu không có chỉ tiêu này.", "The form has no such indicator.");
                errors.push(FieldError::new(place, "unknown_indicator", text));
            }
            Some(found) if found.kind == IndicatorKind::Text => {
                errors.push(FieldError::new(place, "not_a_number", message("Chỉ so sánh được số.", "Only numbers are compared.")));
            }
            Some(_) if !known.insert(code) => errors.push(twice(place)),
            Some(found) => {
                units.insert(found.unit.as_ref());
            }
        }
    }
    if check.rule == CheckRule::Implies {
        if check.left.len() > 1 {
            let text = message("Quy tắc này chỉ có một chỉ tiêu vế trái.", "This rule has one indicator on the left.");
            errors.push(FieldError::new(format!("{pointer}/left"), "too_many", text));
        }
    } else if units.len() > 1 {
        let text = message(
            "Chỉ so sánh, cộng các chỉ tiêu cùng đơn vị tính: lượt người không phải là người.",
            "Only indicators of one unit are compared or added: attendances are not persons.",
        );
        errors.push(FieldError::new(format!("{pointer}/right"), "different_unit", text));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CampaignId;
    use chrono::Utc;
    use serde_json::{Value, json};

    fn content(indicators: Value, checks: Value) -> FormContent {
        serde_json::from_value(json!({"indicators": indicators, "checks": checks})).unwrap()
    }

    fn number(code: &str, unit: &str) -> Value {
        json!({"code": code, "name_vi": "A", "name_en": "A", "kind": if unit == "vnd" { "vnd" } else { "integer" }, "unit": unit, "unit_vi": "u",
               "unit_en": "u", "is_required": false, "is_basis_asked": true})
    }

    fn check_of(rule: &str, left: &[&str], right: &str) -> Value {
        json!({"code": "c", "rule": rule, "left": left, "right": right, "severity": "error", "message_vi": "x", "message_en": "x"})
    }

    fn faults(content: &FormContent, published: &[ReportForm]) -> Vec<String> {
        let errors = check(content, published).err().map(|error| error.errors).unwrap_or_default();
        errors.iter().map(|error| format!("{} {}", error.pointer, error.code)).collect()
    }

    #[test]
    fn the_first_form_is_sound_and_leaves_tips_of_the_people_out() {
        let first = FormContent::first().unwrap();
        assert_eq!(faults(&first, &[]), Vec::<String>::new());
        assert_eq!((first.indicators.len(), first.checks.len()), (22, 4));
        assert!(first.indicator("public_tips").is_none());
    }

    #[test]
    fn the_migration_gives_campaigns_the_same_first_form() {
        let migration = include_str!("../../../migrations/2026-11-23-150000_create_report_forms/up.sql");
        let given: FormContent = serde_json::from_str(migration.split("$form$").nth(1).unwrap()).unwrap();
        // A later one names what each indicator is filled in from: the figure of the same name.
        let sources = include_str!("../../../migrations/2026-11-24-600000_report_prefill/up.sql");
        let mut first = FormContent::first().unwrap();
        for indicator in &mut first.indicators {
            let code = indicator.code.to_string();
            assert_eq!(indicator.source.take().map(RecordedFigure::as_str), Some(code.as_str()));
            assert!(sources.contains(&format!("'{code}'")), "{code}");
        }
        assert_eq!(given, first);
    }

    #[test]
    fn attendances_are_never_compared_with_or_added_to_persons() {
        let indicators = json!([number("attendances", "attendances"), number("persons", "persons"), number("more", "persons")]);
        for (rule, left) in [("at_most", vec!["persons"]), ("sum", vec!["persons", "more"])] {
            let form = content(indicators.clone(), json!([check_of(rule, &left, "attendances")]));
            assert_eq!(faults(&form, &[]), ["/checks/0/right different_unit"]);
        }
        assert!(faults(&content(indicators.clone(), json!([check_of("implies", &["persons"], "attendances")])), &[]).is_empty());
        assert!(faults(&content(indicators, json!([check_of("at_most", &["persons"], "more")])), &[]).is_empty());
    }

    #[test]
    fn all_that_is_wrong_with_a_form_is_named_at_once() {
        let mut words = number("words", "posts");
        words["kind"] = json!("text");
        words["parts"] = json!([{"code": "p", "name_vi": "P", "name_en": "P"}, {"code": "p", "name_vi": "P", "name_en": "P"}]);
        let mut money = number("money", "vnd");
        money["kind"] = json!("integer");
        let form = content(
            json!([number("a", "sites"), number("a", "sites"), words, money]),
            json!([check_of("implies", &["a", "b"], "words"), check_of("sum", &["a", "a"], "a")]),
        );
        let expected = [
            "/indicators/1/code not_unique",
            "/indicators/2/unit unit_of_kind",
            "/indicators/2/parts/1/code not_unique",
            "/indicators/2/parts not_for_text",
            "/indicators/2/is_basis_asked not_for_text",
            "/indicators/3/unit unit_of_kind",
            "/checks/0/left/1 unknown_indicator",
            "/checks/0/right not_a_number",
            "/checks/0/left too_many",
            "/checks/1/code not_unique",
            "/checks/1/left/1 not_unique",
            "/checks/1/right not_unique",
        ];
        assert_eq!(faults(&form, &[]), expected);
    }

    #[test]
    fn a_code_keeps_its_kind_and_unit_in_every_version() {
        let published = ReportForm::first(CampaignId::new(), content(json!([number("a", "sites")]), json!([])), Utc::now());
        let changed = content(json!([number("a", "posts"), number("b", "posts")]), json!([]));
        assert_eq!(faults(&changed, &[published]), ["/indicators/0/code changed_meaning"]);
    }
}
