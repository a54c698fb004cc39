//! What the figures of a report must be, by the form that it follows.

use super::figures::{Figure, FigureForm, FigureParts, Figures, FiguresPatch};
use super::forms::code::FormCode;
use super::forms::content::{CheckRule, CheckSeverity, FormCheck, FormContent, FormIndicator, IndicatorKind};
use crate::error::{AppError, FieldError, Message, message};

/// Figures with changes, or all that is wrong with them.
pub fn merge(form: &FormContent, mut figures: Figures, changes: FiguresPatch) -> Result<Figures, AppError> {
    let mut errors = Vec::new();
    for (code, change) in changes.0 {
        let Some(indicator) = form.indicator(&code) else {
            errors.push(unknown(&code));
            continue;
        };
        match change {
            None => {
                figures.0.remove(&indicator.code);
            }
            Some(given) => match of(indicator, given) {
                Ok(figure) => {
                    figures.0.insert(indicator.code.clone(), figure);
                }
                Err(error) => errors.push(error),
            },
        }
    }
    errors.extend(
        failed(form, &figures, CheckSeverity::Error).map(|(pointer, check)| FieldError::new(pointer, check.code.to_string(), text(check))),
    );
    if errors.is_empty() { Ok(figures) } else { Err(AppError::validation(errors)) }
}

/// The same figures under another form, or all that is wrong with them there.
pub fn adopt(form: &FormContent, figures: Figures) -> Result<Figures, AppError> {
    let given = figures.0.into_iter().map(|(code, figure)| (code.to_string(), Some(FigureForm::from(figure))));
    merge(form, Figures::default(), FiguresPatch(given.collect()))
}

fn unknown(code: &str) -> FieldError {
    let pointer = format!("/figures/{}", code.replace('~', "~0").replace('/', "~1"));
    let text = message("Mẫu của báo cáo không có chỉ tiêu này.", "The form of the report does not ask for this.");
    FieldError::new(pointer, "unknown_indicator", text)
}

fn of(indicator: &FormIndicator, given: FigureForm) -> Result<Figure, FieldError> {
    let figure = Figure::try_from(given).map_err(|_| unclear(indicator))?;
    match &figure {
        Figure::Nil => {}
        Figure::Text(_) if indicator.kind == IndicatorKind::Text => {}
        Figure::Text(_) => return Err(unclear(indicator)),
        Figure::Value { .. } if indicator.kind == IndicatorKind::Text => return Err(unclear(indicator)),
        Figure::Value { value, basis, by_part } => {
            if indicator.is_basis_asked && basis.is_none() {
                let text = message("Cần ghi rõ số đếm được hay ước tính.", "Say whether the value was counted or estimated.");
                return Err(FieldError::new(format!("{}/basis", indicator.pointer()), "required", text));
            }
            if !indicator.is_basis_asked && basis.is_some() {
                let text = message("Mẫu không hỏi số đếm được hay ước tính.", "The form does not ask whether it was counted or estimated.");
                return Err(FieldError::new(format!("{}/basis", indicator.pointer()), "not_asked", text));
            }
            if let Some(parts) = by_part {
                check_parts(indicator, *value, parts)?;
            }
        }
    }
    Ok(figure)
}

fn unclear(indicator: &FormIndicator) -> FieldError {
    if indicator.kind == IndicatorKind::Text {
        let text = message(
            "Chỉ tiêu này trả lời bằng lời (text) hoặc khai không có (is_nil: true).",
            "This is answered in words (`text`), or with is_nil: true.",
        );
        return FieldError::new(indicator.pointer(), "text_or_nil", text);
    }
    FieldError::new(
        indicator.pointer(),
        "value_or_nil",
        message(
            "Cần đúng một trong hai: giá trị (value, basis) hoặc khai không có (is_nil: true).",
            "Give one of the two: a value with its basis, or is_nil: true.",
        ),
    )
}

/// A breakdown names all parts of the indicator, no other, and adds up to the value.
fn check_parts(indicator: &FormIndicator, value: i64, parts: &FigureParts) -> Result<(), FieldError> {
    let pointer = format!("{}/by_part", indicator.pointer());
    let is_whole = parts.0.len() == indicator.parts.len() && indicator.parts.iter().all(|part| parts.0.contains_key(&part.code));
    if !is_whole || indicator.parts.is_empty() {
        let codes = indicator.parts.iter().map(|part| part.code.as_str()).collect::<Vec<_>>().join(", ");
        let text = message(
            format!("Cần nêu đủ và chỉ nêu các thành phần của chỉ tiêu: {codes}."),
            format!("Name all parts of the indicator, and no other: {codes}."),
        );
        return Err(FieldError::new(pointer, "parts_of_indicator", text));
    }
    if parts.0.values().sum::<i64>() != value {
        let text = message("Tổng các thành phần phải bằng giá trị.", "The parts must add up to the value.");
        return Err(FieldError::new(pointer, "parts_differ", text));
    }
    Ok(())
}

/// The checks of one severity that fail, each with where it says so; one of which a figure is missing is not made.
fn failed<'f>(form: &'f FormContent, figures: &Figures, severity: CheckSeverity) -> impl Iterator<Item = (String, &'f FormCheck)> {
    form.checks
        .iter()
        .filter(move |check| check.severity == severity)
        .filter_map(|check| {
            let number = |code: &FormCode| figures.get(code).and_then(Figure::compared);
            let left: Option<i64> = check.left.iter().map(number).sum();
            let (left, right) = left.zip(number(&check.right))?;
            let (fails, at) = match check.rule {
                CheckRule::AtMost => (left > right, check.left.first().unwrap_or(&check.right)),
                CheckRule::Sum => (left != right, &check.right),
                CheckRule::Implies => (left > 0 && right == 0, &check.right),
            };
            fails.then(|| (format!("/figures/{at}"), check))
        })
        .collect::<Vec<_>>()
        .into_iter()
}

fn text(check: &FormCheck) -> Message {
    message(check.message_vi.as_str().to_owned(), check.message_en.as_str().to_owned())
}

/// 422 naming the indicators without which a report cannot be submitted.
pub fn check_complete(form: &FormContent, figures: &Figures) -> Result<(), AppError> {
    let missing: Vec<FieldError> = form
        .indicators
        .iter()
        .filter(|indicator| indicator.is_required && figures.get(&indicator.code).is_none())
        .map(|indicator| {
            let text = message(
                format!("Chưa có “{}”: ghi giá trị hoặc khai không có.", indicator.name_vi.as_str()),
                format!("“{}” is missing: give a value or a nil return.", indicator.name_en.as_str()),
            );
            FieldError::new(indicator.pointer(), "required", text)
        })
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(AppError::validation(missing)) }
}

/// What looks odd in figures and is not refused: code and message.
pub fn oddities(form: &FormContent, figures: &Figures) -> Vec<(String, Message)> {
    failed(form, figures, CheckSeverity::Warning).map(|(_, check)| (check.code.to_string(), text(check))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn first() -> FormContent {
        FormContent::first().unwrap()
    }

    fn patch(value: Value) -> FiguresPatch {
        serde_json::from_value(value).unwrap()
    }

    fn faults(form: &FormContent, given: Value) -> Vec<String> {
        let errors = merge(form, Figures::default(), patch(given)).err().map(|error| error.errors).unwrap_or_default();
        errors.iter().map(|error| format!("{} {}", error.pointer, error.code)).collect()
    }

    /// A form with a breakdown, a sum, and an indicator in words.
    fn other() -> FormContent {
        let number = |code: &str, parts: Value| {
            json!({"code": code, "name_vi": "A", "name_en": "A", "kind": "integer", "unit": "households", "unit_vi": "hộ", "unit_en": "households",
                   "is_required": false, "is_basis_asked": false, "parts": parts})
        };
        let part = |code: &str| json!({"code": code, "name_vi": "P", "name_en": "P"});
        serde_json::from_value(json!({
            "indicators": [
                number("all", json!([part("urban"), part("rural")])), number("signed", json!([])), number("unsigned", json!([])),
                {"code": "lessons", "name_vi": "B", "name_en": "B", "kind": "text", "is_required": true, "is_basis_asked": false},
            ],
            "checks": [{"code": "parts_of_all", "rule": "sum", "left": ["signed", "unsigned"], "right": "all", "severity": "error",
                        "message_vi": "x", "message_en": "x"}],
        }))
        .unwrap()
    }

    #[test]
    fn figures_are_replaced_one_at_a_time_and_null_takes_one_out() {
        let given = json!({"sites_held": {"value": 3, "basis": "counted"}, "leaflets": {"value": 9, "basis": "estimated"}});
        let figures = merge(&first(), Figures::default(), patch(given)).unwrap();
        let figures = merge(&first(), figures, patch(json!({"sites_held": {"is_nil": true}, "leaflets": null}))).unwrap();
        assert_eq!(serde_json::to_value(figures).unwrap(), json!({"sites_held": {"is_nil": true}}));
    }

    #[test]
    fn all_unclear_figures_are_named_at_once() {
        let given = json!({
            "sites_held": {"value": 3}, "banners": {}, "opinions_received": {"is_nil": true}, "leaflets": {"text": "nhiều"}, "a/b": {"is_nil": true},
            "opinions_answered": {"value": 1, "basis": "counted"}, "public_tips": null
        });
        let expected = [
            "/figures/a~1b unknown_indicator",
            "/figures/banners value_or_nil",
            "/figures/leaflets value_or_nil",
            "/figures/public_tips unknown_indicator",
            "/figures/sites_held/basis required",
            "/figures/opinions_answered more_than_received",
        ];
        assert_eq!(faults(&first(), given), expected);
    }

    #[test]
    fn a_breakdown_names_all_parts_and_adds_up_and_a_sum_holds_where_all_is_said() {
        let form = other();
        for (given, fault) in [
            (json!({"all": {"value": 5, "by_part": {"urban": 2, "rural": 3}}}), ""),
            (json!({"all": {"value": 5, "by_part": {"urban": 2, "rural": 2}}}), "/figures/all/by_part parts_differ"),
            (json!({"all": {"value": 5, "by_part": {"urban": 5}}}), "/figures/all/by_part parts_of_indicator"),
            (json!({"signed": {"value": 5, "by_part": {"urban": 5}}}), "/figures/signed/by_part parts_of_indicator"),
            (json!({"all": {"value": 5, "basis": "counted"}}), "/figures/all/basis not_asked"),
            (json!({"lessons": {"value": 5}}), "/figures/lessons text_or_nil"),
            (json!({"lessons": {"text": "Bám sát cơ sở."}}), ""),
            (json!({"all": {"value": 5}, "signed": {"value": 4}}), ""),
            (json!({"all": {"value": 5}, "signed": {"value": 5}, "unsigned": {"is_nil": true}}), ""),
            (json!({"all": {"value": 5}, "signed": {"value": 4}, "unsigned": {"is_nil": true}}), "/figures/all parts_of_all"),
        ] {
            assert_eq!(faults(&form, given.clone()).join(" "), fault, "{given}");
        }
    }

    #[test]
    fn under_another_form_what_it_does_not_ask_is_named_and_can_be_taken_out() {
        let figures = merge(&first(), Figures::default(), patch(json!({"leaflets": {"value": 1, "basis": "counted"}}))).unwrap();
        let refused = adopt(&other(), figures.clone()).unwrap_err();
        assert_eq!(refused.errors[0].pointer, "/figures/leaflets");
        let emptied = merge(&first(), figures, patch(json!({"leaflets": null}))).unwrap();
        assert_eq!(adopt(&other(), emptied).unwrap(), Figures::default());
    }

    #[test]
    fn a_nil_return_is_enough_to_submit_and_nothing_said_is_not() {
        let figures = merge(&first(), Figures::default(), patch(json!({"sites_held": {"is_nil": true}}))).unwrap();
        let missing = check_complete(&first(), &figures).unwrap_err().errors;
        assert_eq!(missing.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(), ["/figures/attendance_count"]);
    }

    proptest! {
        #[test]
        fn figures_that_are_kept_pass_every_check_of_their_form_again(signed in proptest::option::of(0_i64..4), unsigned in proptest::option::of(0_i64..4),
                                                                     all in proptest::option::of(0_i64..8)) {
            let value = |number: Option<i64>| number.map(|value| if value == 0 { json!({"is_nil": true}) } else { json!({"value": value}) });
            let given = json!({"signed": value(signed), "unsigned": value(unsigned), "all": value(all)});
            let is_said = signed.is_some() && unsigned.is_some() && all.is_some();
            let fails = is_said && signed.unwrap() + unsigned.unwrap() != all.unwrap();
            match merge(&other(), Figures::default(), patch(given)) {
                Ok(kept) => {
                    prop_assert!(!fails);
                    prop_assert_eq!(adopt(&other(), kept.clone()).unwrap(), kept);
                }
                Err(_) => prop_assert!(fails),
            }
        }
    }
}
