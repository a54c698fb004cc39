//! One caller of the API. Every answer it gets is checked against the OpenAPI document.

use super::Value;
use super::contract;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// A caller: a token, or none, and a language, or none.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    headers: HeaderMap,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub method: String,
    pub path: String,
    pub status: u16,
    pub headers: HeaderMap,
    /// Null when there is none or it is not JSON.
    pub body: Value,
    pub text: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

/// What gives an `If-Match`: an answer, or the text of an entity tag.
pub trait AsETag {
    fn as_etag(&self) -> String;
}

impl AsETag for Answer {
    fn as_etag(&self) -> String {
        self.etag()
    }
}

impl AsETag for str {
    fn as_etag(&self) -> String {
        self.to_owned()
    }
}

impl AsETag for String {
    fn as_etag(&self) -> String {
        self.clone()
    }
}

impl<T: AsETag + ?Sized> AsETag for &T {
    fn as_etag(&self) -> String {
        (**self).as_etag()
    }
}

impl Client {
    pub fn new(http: reqwest::Client, base: String) -> Self {
        Self { http, base, headers: HeaderMap::new() }
    }

    /// The same caller with this header in every request.
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.insert(HeaderName::try_from(name).unwrap(), HeaderValue::from_str(value).unwrap());
        other
    }

    /// With this bearer token.
    pub fn with_token(&self, token: &str) -> Self {
        self.with_header("authorization", &format!("Bearer {token}"))
    }

    /// Answers in English, please.
    pub fn in_english(&self) -> Self {
        self.with_header("accept-language", "en")
    }

    /// The bearer token.
    pub fn token(&self) -> String {
        self.headers["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned()
    }

    /// A request to be filled in and sent by [`Self::send`].
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse::<Method>().unwrap(), format!("{}{path}", self.base)).headers(self.headers.clone())
    }

    /// Sends a request and checks the answer.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let method = request.method().to_string();
        let url = request.url();
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let response = self.http.execute(request).await.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap_or_else(|error| panic!("{method} {path}: {error:?}")).to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Answer { method, path, status, headers, body, text, bytes };
        contract::check(&answer);
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    pub async fn get_if_none_match(&self, path: &str, etag: impl AsETag) -> Answer {
        self.send(self.request("GET", path).header("if-none-match", etag.as_etag())).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request("POST", path).json(&body)).await
    }

    /// POST without a body.
    pub async fn post_empty(&self, path: &str) -> Answer {
        self.send(self.request("POST", path)).await
    }

    /// POST with an idempotency key.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send(self.request("POST", path).header("idempotency-key", key).json(&body)).await
    }

    pub async fn post_if(&self, path: &str, etag: impl AsETag, body: Value) -> Answer {
        self.send(self.request("POST", path).header("if-match", etag.as_etag()).json(&body)).await
    }

    /// A transition without a body.
    pub async fn post_empty_if(&self, path: &str, etag: impl AsETag) -> Answer {
        self.send(self.request("POST", path).header("if-match", etag.as_etag())).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request("PUT", path).json(&body)).await
    }

    pub async fn put_if(&self, path: &str, etag: impl AsETag, body: Value) -> Answer {
        self.send(self.request("PUT", path).header("if-match", etag.as_etag()).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request("PATCH", path).json(&body)).await
    }

    pub async fn patch_if(&self, path: &str, etag: impl AsETag, body: Value) -> Answer {
        self.send(self.request("PATCH", path).header("if-match", etag.as_etag()).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request("DELETE", path)).await
    }

    pub async fn delete_if(&self, path: &str, etag: impl AsETag) -> Answer {
        self.send(self.request("DELETE", path).header("if-match", etag.as_etag())).await
    }

    /// A body of raw bytes.
    pub async fn raw(&self, method: &str, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.send(self.request(method, path).header("content-type", content_type).body(body.into())).await
    }
}

impl Answer {
    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> &Value {
        assert!(self.status == status, "{} {}: expected {status}, got {}: {}", self.method, self.path, self.status, self.text);
        &self.body
    }

    /// The problem of an answer that must have this status and code.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) -> &Value {
        let body = self.expect(status);
        assert!(self.code() == code, "{} {}: expected {code}, got {}", self.method, self.path, self.text);
        body
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("{} {}: no ETag: {} {}", self.method, self.path, self.status, self.text)).to_owned()
    }

    #[track_caller]
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("{} {}: no id: {} {}", self.method, self.path, self.status, self.text)).to_owned()
    }

    /// Code of the problem; empty when it is none.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    #[track_caller]
    pub fn location(&self) -> String {
        self.header("location").unwrap_or_else(|| panic!("{} {}: no Location", self.method, self.path)).to_owned()
    }

    /// `pointer code` of each bad field, sorted.
    pub fn fields(&self) -> Vec<String> {
        let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
        let mut fields: Vec<String> = self.body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| format!("{} {}", text(error, "pointer"), text(error, "code")))
            .collect();
        fields.sort();
        fields
    }

    /// The codes of the warnings.
    pub fn warnings(&self) -> Vec<String> {
        self.body["warnings"].as_array().into_iter().flatten().map(|one| one["code"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The items of a list.
    #[track_caller]
    pub fn items(&self) -> &Vec<Value> {
        self.expect(200)["items"].as_array().expect("items")
    }
}
