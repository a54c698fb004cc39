//! Where attachments are kept, and how large they may be: settings, checked at the start.

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as ObjectPath;
use object_store::{ClientOptions, RetryConfig};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Megabytes of a file when no setting says otherwise.
const DEFAULT_LIMIT_MB: usize = 20;
const MOST_MB: usize = 200;
/// A store that has not answered by then is away.
const PATIENCE: Duration = Duration::from_secs(5);
const TRANSFER: Duration = Duration::from_secs(30);

/// The variables of a store that are passed on to it.
const AWS: [&str; 14] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_ENDPOINT_URL_STS",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/// The settings of attachments.
#[derive(Debug, Clone)]
pub struct Attachments {
    /// Where the bytes are.
    pub place: Place,
    /// Bytes of a file at the most.
    pub limit: usize,
}

/// Where the bytes are.
#[derive(Debug, Clone)]
pub enum Place {
    /// A directory of this machine.
    Directory(PathBuf),
    /// A bucket of an S3-compatible store, and what the names in it begin with.
    Bucket {
        /// The store.
        store: AmazonS3,
        /// The beginning of names.
        prefix: ObjectPath,
    },
}

impl Attachments {
    /// Below the data directory, with the usual limit.
    pub fn below(data_dir: &Path) -> Self {
        Self { place: Place::Directory(data_dir.join("attachments")), limit: DEFAULT_LIMIT_MB * 1_000_000 }
    }

    /// Reads the settings; what is wrong is added to `wrong`.
    pub fn load(
        variable: impl Fn(&str) -> Option<String>,
        url: Option<String>,
        limit_mb: Option<String>,
        data_dir: &Path,
        wrong: &mut Vec<String>,
    ) -> Self {
        let mut settings = Self::below(data_dir);
        match limit_mb.map(|text| (text.parse::<usize>(), text)) {
            None => {}
            Some((Ok(megabytes @ 1..=MOST_MB), _)) => settings.limit = megabytes * 1_000_000,
            Some((_, text)) => {
                wrong.push(format!("NGAYHOI_ATTACHMENT_LIMIT_MB must be a number of megabytes between 1 and {MOST_MB}, not {text:?}"));
            }
        }
        match url.map(|url| bucket(&variable, &url)) {
            None => {}
            Some(Ok(place)) => settings.place = place,
            Some(Err(line)) => wrong.push(line),
        }
        settings
    }
}

fn bucket(variable: &impl Fn(&str) -> Option<String>, url: &str) -> Result<Place, String> {
    let bad = || format!("NGAYHOI_ATTACHMENTS_URL must be a bucket and a prefix such as s3://bucket/attachments, not {url:?}");
    let (bucket, prefix) = url.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, ""))).ok_or_else(bad)?;
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(is_name) {
        return Err(bad());
    }
    let prefix = ObjectPath::parse(prefix).map_err(|_| bad())?;
    let set = |name: &str| variable(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let has_keys = set("AWS_ACCESS_KEY_ID").is_some() && set("AWS_SECRET_ACCESS_KEY").is_some();
    let has_other = ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"]
        .iter()
        .any(|name| set(name).is_some());
    if !has_keys && !has_other {
        return Err("NGAYHOI_ATTACHMENTS_URL needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned());
    }
    let endpoint = set("AWS_ENDPOINT_URL");
    if endpoint.as_deref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
        return Err("AWS_ENDPOINT_URL must be a URL such as https://s3.example.org".to_owned());
    }
    let is_plain = endpoint.is_some_and(|url| url.starts_with("http://"));
    let options = ClientOptions::new().with_timeout(TRANSFER).with_connect_timeout(PATIENCE).with_allow_http(is_plain);
    let retry = RetryConfig { max_retries: 2, retry_timeout: PATIENCE, ..RetryConfig::default() };
    // Objects go one at a time, and not each store knows how to delete many.
    let builder = AmazonS3Builder::new().with_bucket_name(bucket).with_disable_bulk_delete(true);
    let mut builder = builder.with_client_options(options).with_retry(retry);
    for name in AWS {
        if let (Some(value), Ok(key)) = (set(name), name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>()) {
            builder = builder.with_config(key, value);
        }
    }
    // The library's own texts name no secret, but may quote a value: ours say which settings to look at.
    let store = builder.build().map_err(|_| "NGAYHOI_ATTACHMENTS_URL and the AWS_ variables do not make up a store".to_owned())?;
    Ok(Place::Bucket { store, prefix })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(pairs: &[(&str, &str)], url: &str, limit: &str) -> Vec<String> {
        let find = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let mut wrong = Vec::new();
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Attachments::load(find, given(url), given(limit), Path::new("/tmp"), &mut wrong);
        wrong
    }

    #[test]
    fn a_store_that_cannot_be_is_found_out_at_the_start() {
        let keys = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")];
        assert!(load(&[], "", "").is_empty());
        assert!(load(&keys, "s3://kho-tep/tinh/dinh-kem", "50").is_empty());
        for url in ["https://bucket/x", "s3://", "s3://A_B/x", "s3://bucket/a//b"] {
            assert_eq!(load(&keys, url, "").len(), 1, "{url}");
        }
        assert!(load(&[], "s3://bucket/x", "")[0].contains("AWS_ACCESS_KEY_ID"));
        assert!(load(&[keys[0], keys[1], ("AWS_ENDPOINT_URL", "here")], "s3://bucket/x", "")[0].contains("AWS_ENDPOINT_URL"));
        for limit in ["0", "201", "x"] {
            assert!(load(&[], "", limit)[0].contains("NGAYHOI_ATTACHMENT_LIMIT_MB"), "{limit}");
        }
    }
}
