//! Comments by field: of what a report has.

use super::model::{FieldComment, FieldComments};
use crate::error::{AppError, FieldError, message};
use crate::reports::dto::FieldCommentIn;
use crate::reports::forms::content::FormContent;

/// Comments on fields that a report of this form has; 422 for each that points nowhere.
pub fn comments(form: &FormContent, given: Vec<FieldCommentIn>) -> Result<FieldComments, AppError> {
    let is_known = |pointer: &str| match pointer.strip_prefix("/figures/") {
        Some(rest) => rest.split('/').next().is_some_and(|code| form.indicator(code).is_some()),
        None => pointer == "/narrative",
    };
    let bad: Vec<FieldError> = (0..)
        .zip(&given)
        .filter(|(_, comment)| !is_known(&comment.pointer))
        .map(|(index, _): (usize, _)| {
            let text = message("Báo cáo theo mẫu này không có mục như vậy.", "A report of this form has no such field.");
            FieldError::new(format!("/comments/{index}/pointer"), "unknown_pointer", text)
        })
        .collect();
    if !bad.is_empty() {
        return Err(AppError::validation(bad));
    }
    Ok(FieldComments(
        given.into_iter().map(|FieldCommentIn { pointer, text }| FieldComment { pointer, text: text.into_string() }).collect(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_points_to_a_field_of_the_form() {
        let form = FormContent::first().unwrap();
        let of = |pointer: &str| FieldCommentIn { pointer: pointer.to_owned(), text: serde_json::from_value("Rà soát".into()).unwrap() };
        let known = comments(&form, vec![of("/figures/attendance_count"), of("/figures/sites_held/value"), of("/narrative")]).unwrap();
        assert_eq!(known.0.len(), 3);
        let refused = comments(&form, vec![of("/narrative"), of("/figures/nothing"), of("/state")]).unwrap_err();
        let pointers: Vec<_> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/comments/1/pointer", "/comments/2/pointer"]);
    }
}
