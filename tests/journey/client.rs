//! Who speaks in the story. Each request is printed with its status.

pub use super::answer::{Answer, number, text};
use reqwest::Method;
use serde_json::Value;
use std::cell::Cell;
use std::fmt::{Debug, Display};
use std::rc::Rc;

/// An expectation that failed: what was expected and what came.
#[derive(Debug)]
pub struct Failure {
    pub expected: String,
    pub came: String,
}

/// What a step of the story gives.
pub type Told<T> = Result<T, Failure>;

impl Failure {
    pub fn new(expected: impl Into<String>, came: impl Into<String>) -> Self {
        Self { expected: expected.into(), came: came.into() }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mong đợi: {}\nNhận được: {}", self.expected, self.came)
    }
}

/// Holds when both are the same.
pub fn same<T: PartialEq + Debug>(what: &str, expected: T, came: T) -> Told<()> {
    if expected == came { Ok(()) } else { Err(Failure::new(format!("{what}: {expected:?}"), format!("{came:?}"))) }
}

/// Holds when it is so.
pub fn holds(what: &str, is_so: bool, came: impl Display) -> Told<()> {
    if is_so { Ok(()) } else { Err(Failure::new(what, came.to_string())) }
}

/// Looks at every answer beside the story, as the test suite does.
pub type Check = Box<dyn Fn(&Answer)>;

/// The service, as all callers share it.
pub struct Service {
    http: reqwest::Client,
    url: String,
    check: Option<Check>,
    requests: Cell<u32>,
}

impl Service {
    pub fn new(url: &str, check: Option<Check>) -> Told<Rc<Self>> {
        let http = reqwest::Client::builder().no_proxy().build();
        let http = http.map_err(|error| Failure::new("một máy khách HTTP", error.to_string()))?;
        Ok(Rc::new(Self { http, url: url.trim_end_matches('/').to_owned(), check, requests: Cell::new(0) }))
    }

    /// Requests so far.
    pub fn requests(&self) -> u32 {
        self.requests.get()
    }
}

/// One who calls the service.
#[derive(Clone)]
pub struct Caller {
    service: Rc<Service>,
    /// User name, as it is printed.
    pub name: String,
    token: Option<String>,
}

/// What goes along with a request.
#[derive(Default, Clone, Copy)]
pub struct With<'a> {
    pub body: Option<&'a Value>,
    /// A body that is a file: its media type and its text.
    pub file: Option<(&'a str, &'a str)>,
    pub if_match: Option<&'a str>,
    pub key: Option<&'a str>,
}

impl Caller {
    /// Nobody yet.
    pub fn stranger(service: &Rc<Service>) -> Self {
        Self { service: Rc::clone(service), name: "(chưa đăng nhập)".to_owned(), token: None }
    }

    /// Signs in.
    pub async fn sign_in(service: &Rc<Service>, username: &str, password: &str) -> Told<Self> {
        let body = serde_json::json!({"username": username, "password": password});
        let answer = Self::stranger(service).post("/auth/login", &body).await?.want(200)?;
        let token = Some(answer.text("/access_token")?.to_owned());
        Ok(Self { service: Rc::clone(service), name: username.to_owned(), token })
    }

    pub async fn get(&self, path: &str) -> Told<Answer> {
        self.send(Method::GET, path, With::default()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Told<Answer> {
        self.send(Method::POST, path, With { body: Some(body), ..With::default() }).await
    }

    pub async fn post_empty(&self, path: &str) -> Told<Answer> {
        self.send(Method::POST, path, With::default()).await
    }

    /// Sends a file.
    pub async fn post_file(&self, path: &str, kind: &str, text: &str) -> Told<Answer> {
        self.send(Method::POST, path, With { file: Some((kind, text)), ..With::default() }).await
    }

    /// Downloads a file of this kind, which must not be empty.
    pub async fn download(&self, path: &str, kind: &str) -> Told<Answer> {
        let answer = self.get(path).await?.want(200)?;
        let came = answer.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
        holds(
            &format!("{path} là tệp {kind}"),
            came.starts_with(kind) && !answer.bytes.is_empty(),
            format!("{came}, {} byte", answer.bytes.len()),
        )?;
        Ok(answer)
    }

    /// The same caller with a token of its own.
    pub fn with_token(&self, name: &str, token: &str) -> Self {
        Self { service: Rc::clone(&self.service), name: name.to_owned(), token: Some(token.to_owned()) }
    }

    pub async fn put(&self, path: &str, body: &Value) -> Told<Answer> {
        self.send(Method::PUT, path, With { body: Some(body), ..With::default() }).await
    }

    /// Sends a request to a path below `/api/v1`, or to a whole path as links have it, and prints it.
    pub async fn send(&self, method: Method, path: &str, with: With<'_>) -> Told<Answer> {
        let is_whole = ["/api/", "/oauth/", "/.well-known/"].iter().any(|start| path.starts_with(start));
        let path = if is_whole { path.to_owned() } else { format!("/api/v1{path}") };
        let mut request = self.service.http.request(method.clone(), format!("{}{path}", self.service.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = with.body {
            request = request.json(body);
        }
        if let Some((kind, text)) = with.file {
            request = request.header("Content-Type", kind).body(text.to_owned());
        }
        if let Some(tag) = with.if_match {
            request = request.header("If-Match", tag);
        }
        if let Some(key) = with.key {
            request = request.header("Idempotency-Key", key);
        }
        let lost = |error: reqwest::Error| Failure::new(format!("trả lời cho {method} {path}"), format!("{error:?}"));
        let response = request.send().await.map_err(lost)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.map_err(lost)?.to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        println!("    {:<5} {path} → {status}  [{}]", method.as_str(), self.name);
        self.service.requests.set(self.service.requests.get() + 1);
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Answer { method: method.to_string(), path, status, headers, body, text, bytes };
        if let Some(check) = &self.service.check {
            check(&answer);
        }
        Ok(answer)
    }
}
