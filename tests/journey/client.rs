//! Who speaks in the story, and what the service answers. Each request is printed with its status.

use reqwest::Method;
use reqwest::header::HeaderMap;
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

    pub async fn put(&self, path: &str, body: &Value) -> Told<Answer> {
        self.send(Method::PUT, path, With { body: Some(body), ..With::default() }).await
    }

    /// Sends a request to a path below `/api/v1`, and prints it.
    pub async fn send(&self, method: Method, path: &str, with: With<'_>) -> Told<Answer> {
        let path = format!("/api/v1{path}");
        let mut request = self.service.http.request(method.clone(), format!("{}{path}", self.service.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = with.body {
            request = request.json(body);
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
        let text = response.text().await.map_err(lost)?;
        println!("    {:<5} {path} → {status}  [{}]", method.as_str(), self.name);
        self.service.requests.set(self.service.requests.get() + 1);
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Answer { method: method.to_string(), path, status, headers, body, text };
        if let Some(check) = &self.service.check {
            check(&answer);
        }
        Ok(answer)
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub method: String,
    pub path: String,
    pub status: u16,
    pub headers: HeaderMap,
    /// Null when there is none.
    pub body: Value,
    pub text: String,
}

impl Answer {
    fn shown(&self) -> String {
        format!("{} {} → {} {}", self.method, self.path, self.status, self.text)
    }

    /// The answer, when it has this status.
    pub fn want(self, status: u16) -> Told<Self> {
        if self.status == status { Ok(self) } else { Err(Failure::new(format!("trạng thái HTTP {status}"), self.shown())) }
    }

    /// The answer, when it is this problem.
    pub fn refused(self, status: u16, code: &str) -> Told<Self> {
        let answer = self.want(status)?;
        let came = answer.text("/code")?;
        if came == code { Ok(answer) } else { Err(Failure::new(format!("mã lỗi {code}"), answer.shown())) }
    }

    /// The answer, when it cites this rule of the plan.
    pub fn under(self, rule: &str, clause: &str) -> Told<Self> {
        let came = (self.text("/rule_id")?, self.text("/clause")?);
        if came == (rule, clause) { Ok(self) } else { Err(Failure::new(format!("quy định {rule}, mục {clause}"), self.shown())) }
    }

    /// The message of the warning with this code, which cites this rule of the plan.
    pub fn warned(&self, code: &str, rule: &str, clause: &str) -> Told<&str> {
        let warnings = self.list("/warnings")?;
        let found = warnings.iter().find(|one| {
            let is = |name: &str, value: &str| one.get(name).and_then(Value::as_str) == Some(value);
            is("code", code) && is("rule_id", rule) && is("clause", clause)
        });
        let text = found.and_then(|one| one.get("message")).and_then(Value::as_str);
        text.ok_or_else(|| Failure::new(format!("cảnh báo {code} ({rule}, mục {clause})"), self.shown()))
    }

    /// A member by its JSON pointer.
    pub fn at(&self, pointer: &str) -> Told<&Value> {
        self.body.pointer(pointer).ok_or_else(|| Failure::new(format!("trường {pointer} trong trả lời"), self.shown()))
    }

    pub fn text(&self, pointer: &str) -> Told<&str> {
        text(&self.body, pointer).map_err(|failure| Failure { came: self.shown(), ..failure })
    }

    pub fn number(&self, pointer: &str) -> Told<i64> {
        number(&self.body, pointer).map_err(|failure| Failure { came: self.shown(), ..failure })
    }

    pub fn list(&self, pointer: &str) -> Told<&Vec<Value>> {
        let list = self.at(pointer)?.as_array();
        list.ok_or_else(|| Failure::new(format!("danh sách {pointer}"), self.shown()))
    }

    pub fn etag(&self) -> Told<String> {
        let tag = self.headers.get("etag").and_then(|tag| tag.to_str().ok());
        tag.map(str::to_owned).ok_or_else(|| Failure::new("tiêu đề ETag", self.shown()))
    }
}

/// A text in an object, by its JSON pointer.
pub fn text<'a>(value: &'a Value, pointer: &str) -> Told<&'a str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.ok_or_else(|| Failure::new(format!("chuỗi {pointer}"), value.to_string()))
}

/// A number in an object, by its JSON pointer.
pub fn number(value: &Value, pointer: &str) -> Told<i64> {
    let found = value.pointer(pointer).and_then(Value::as_i64);
    found.ok_or_else(|| Failure::new(format!("số nguyên {pointer}"), value.to_string()))
}
