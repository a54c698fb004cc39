//! What holds for the answers of a site.

use super::dto::ChecklistAnswerIn;
use crate::checklist_items::model::ChecklistItem;
use crate::error::{AppError, FieldError, message};
use std::collections::HashSet;
use uuid::Uuid;

/// 422 for an item that is not asked, one that is answered twice, and evidence that is no attachment of the site: all at once.
pub fn check(answers: &[ChecklistAnswerIn], asked: &[ChecklistItem], attached: &[Uuid]) -> Result<(), AppError> {
    let mut bad = Vec::new();
    let mut seen = HashSet::new();
    for (index, answer) in answers.iter().enumerate() {
        let pointer = format!("/answers/{index}/item_id");
        if !asked.iter().any(|item| item.id == answer.item_id) {
            bad.push(FieldError::unknown_reference(pointer));
        } else if !seen.insert(answer.item_id) {
            bad.push(FieldError::new(pointer, "duplicate", message("Mục này đã được trả lời ở trên.", "The item is answered above.")));
        }
        let unknown = answer.attachment_ids.iter().enumerate().filter(|(_, id)| !attached.contains(&Uuid::from(**id)));
        bad.extend(unknown.map(|(place, _)| FieldError::unknown_reference(format!("/answers/{index}/attachment_ids/{place}"))));
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}
