//! Where a webhook may lead, and what it may tell of.

use crate::error::{AppError, FieldError, message};
use crate::events::RESOURCES;

/// Whether the operator of the service allows calls there: what begins with one of the origins, and nothing else, so that no
/// account can make the service call what only the service reaches.
pub fn check_url(allowed: &[String], url: &str) -> Result<(), AppError> {
    let is_allowed = reqwest::Url::parse(url).is_ok_and(|url| {
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        !has_credentials
            && url.fragment().is_none()
            && allowed.iter().any(|origin| reqwest::Url::parse(origin).is_ok_and(|allowed| allowed.origin() == url.origin()))
    });
    if is_allowed {
        return Ok(());
    }
    let text = message(
        "Máy chủ này không được phép gọi tới địa chỉ đó; người vận hành cho phép bằng NGAYHOI_WEBHOOK_ORIGINS.",
        "This server may not call there; its operator allows it by NGAYHOI_WEBHOOK_ORIGINS.",
    );
    Err(AppError::field(FieldError::new("/url", "origin_not_allowed", text)))
}

/// 422 for a kind of object that the change feed does not tell of.
pub fn check_resources(resources: Option<&[String]>) -> Result<(), AppError> {
    let unknown = resources.unwrap_or_default().iter().position(|name| !RESOURCES.iter().any(|(known, _)| known == name));
    unknown.map_or(Ok(()), |place| {
        let text = message("Luồng thay đổi không có loại đối tượng này.", "The change feed does not tell of such objects.");
        Err(AppError::field(FieldError::new(format!("/resources/{place}"), "unknown_resource", text)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_with_an_allowed_origin_is_called() {
        let allowed = ["https://portal.example.org".to_owned(), "http://10.1.2.3:8080".to_owned()];
        for url in ["https://portal.example.org/hook?x=1", "https://PORTAL.example.org:443/", "http://10.1.2.3:8080/a"] {
            assert!(check_url(&allowed, url).is_ok(), "{url}");
        }
        for url in [
            "http://portal.example.org/",
            "https://portal.example.org.evil.example/",
            "https://portal.example.org@evil.example/",
            "https://user@portal.example.org/",
            "https://portal.example.org:8443/",
            "http://10.1.2.3/",
            "file:///etc/passwd",
            "https://portal.example.org/#x",
            "portal.example.org",
        ] {
            assert!(check_url(&allowed, url).is_err(), "{url}");
        }
    }
}
