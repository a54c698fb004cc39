//! What holds for a media item.

use super::model::MediaItem;
use crate::error::{AppError, FieldError, message};
use crate::results::rules::check_not_future;
use actix_web::http::Uri;
use chrono::NaiveDate;

/// 422 for a day after today, and for an address that is not http or https.
pub fn check(item: &MediaItem, today: NaiveDate) -> Result<(), AppError> {
    check_not_future(item.published_on, today, "/published_on")?;
    if item.url.as_deref().is_none_or(is_web_address) {
        return Ok(());
    }
    Err(AppError::field(FieldError::new(
        "/url",
        "invalid_url",
        message(
            "Địa chỉ phải có dạng http:// hoặc https:// và có tên máy chủ.",
            "The address begins with http:// or https:// and names a host.",
        ),
    )))
}

/// An absolute address of the web, without a user or password in it.
fn is_web_address(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let is_web = uri.scheme_str().is_some_and(|scheme| matches!(scheme, "http" | "https"));
    is_web && uri.authority().is_some_and(|authority| !authority.as_str().contains('@')) && uri.host().is_some_and(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::is_web_address;

    #[test]
    fn only_addresses_of_the_web_are_taken() {
        for good in ["https://example.org/a-b?c=1", "http://example.org", "https://example.org:8443/x"] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "ftp://example.org/x",
            "/a",
            "example.org",
            "https://",
            "https://a:b@example.org/",
            "https://ex ample.org/",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
