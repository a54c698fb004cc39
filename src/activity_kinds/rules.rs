//! What holds for a kind of activity, and for an activity and its results by their kind.

use super::model::{ActivityKind, ResultField, ResultValueKind};
use super::results::{ActivityResultValue, ActivityResults};
use crate::activities::model::ActivityPhase;
use crate::error::{AppError, FieldError, message};
use crate::text::Line;
use std::collections::HashSet;

/// 422 for a phase or a code that stands twice, and for names that are no text.
pub fn check_kind(kind: &ActivityKind) -> Result<(), AppError> {
    let mut bad = Vec::new();
    let mut seen = Vec::new();
    for (index, phase) in kind.phases.iter().enumerate() {
        if seen.contains(phase) {
            bad.push(FieldError::new(format!("/phases/{index}"), "duplicate", message("Giai đoạn lặp lại.", "The phase stands twice.")));
        }
        seen.push(*phase);
    }
    let mut codes = HashSet::new();
    for (index, field) in kind.result_fields.0.iter().enumerate() {
        if !codes.insert(field.code.as_str()) {
            let text = message("Mã kết quả lặp lại.", "The code stands twice.");
            bad.push(FieldError::new(format!("/result_fields/{index}/code"), "duplicate", text));
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

/// The fields with their texts as all text is kept: NFC, trimmed; 422 for a name that shows nothing.
pub fn normal(fields: Vec<ResultField>) -> Result<Vec<ResultField>, AppError> {
    let name = |text: &str, pointer: String| {
        Line::parse(text)
            .map(String::from)
            .map_err(|error| AppError::field(FieldError::new(pointer, "invalid", crate::error::text_message(error))))
    };
    let unit = |text: &str, pointer: String| if text.trim().is_empty() { Ok(String::new()) } else { name(text, pointer) };
    let field = |(index, field): (usize, ResultField)| {
        let at = |member: &str| format!("/result_fields/{index}/{member}");
        Ok(ResultField {
            name_vi: name(&field.name_vi, at("name_vi"))?,
            name_en: name(&field.name_en, at("name_en"))?,
            unit_vi: unit(&field.unit_vi, at("unit_vi"))?,
            unit_en: unit(&field.unit_en, at("unit_en"))?,
            ..field
        })
    };
    fields.into_iter().enumerate().map(field).collect()
}

/// Codes of the results that a change of a kind takes away or turns into something else.
pub fn lost(before: &ActivityKind, after: &ActivityKind) -> Vec<String> {
    let stays = |field: &&ResultField| after.result_fields.0.iter().any(|new| new.code == field.code && new.value_kind == field.value_kind);
    before.result_fields.0.iter().filter(|field| !stays(field)).map(|field| field.code.clone()).collect()
}

/// 422 unless the kind is there, in use, and meant for the phase.
pub fn check_activity(kind: Option<&ActivityKind>, phase: ActivityPhase) -> Result<(), AppError> {
    let Some(kind) = kind.filter(|kind| kind.is_active) else {
        let text = message(
            "Danh mục của đợt này không có loại hoạt động đó, hoặc đã ngừng dùng.",
            "The campaign's catalogue has no such kind, or it is no longer used.",
        );
        return Err(AppError::field(FieldError::new("/kind", "unknown_kind", text)));
    };
    if kind.phases.contains(&phase) {
        return Ok(());
    }
    let text = message("Loại hoạt động này không dùng cho giai đoạn đó.", "This kind of activity is not meant for that phase.");
    Err(AppError::field(FieldError::new("/phase", "not_of_kind", text)))
}

/// 422 for results that the kind does not ask for, of the wrong type, or missing: all at once.
pub fn check_results(kind: &ActivityKind, results: &ActivityResults) -> Result<(), AppError> {
    let at = |code: &str| format!("/results/{}", code.replace('~', "~0").replace('/', "~1"));
    let fields = &kind.result_fields.0;
    let mut bad = Vec::new();
    for (code, given) in &results.0 {
        match fields.iter().find(|field| field.code == *code) {
            None => {
                let text = message("Loại hoạt động này không hỏi kết quả đó.", "The kind of activity does not ask for this result.");
                bad.push(FieldError::new(at(code), "unknown_result", text));
            }
            Some(field) if !fits(field.value_kind, given) => {
                let text = match field.value_kind {
                    ResultValueKind::Text => message("Cần `text`, không cần `value`.", "It takes `text`, not `value`."),
                    ResultValueKind::Integer | ResultValueKind::Vnd => {
                        message("Cần `value`, không cần `text`.", "It takes `value`, not `text`.")
                    }
                };
                bad.push(FieldError::new(at(code), "type", text));
            }
            Some(_) => {}
        }
    }
    let missing = fields.iter().filter(|field| field.is_required && !results.0.contains_key(&field.code));
    bad.extend(
        missing
            .map(|field| FieldError::new(at(&field.code), "required", message("Thiếu kết quả bắt buộc.", "A required result is missing."))),
    );
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

fn fits(kind: ResultValueKind, given: &ActivityResultValue) -> bool {
    match kind {
        ResultValueKind::Text => given.text.is_some() && given.value.is_none(),
        ResultValueKind::Integer | ResultValueKind::Vnd => given.value.is_some() && given.text.is_none(),
    }
}
