//! What the service answers, and what is expected of it.

use super::client::{Failure, Told};
use reqwest::header::HeaderMap;
use serde_json::Value;

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
    pub bytes: Vec<u8>,
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

    pub fn flag(&self, pointer: &str) -> Told<bool> {
        let flag = self.at(pointer)?.as_bool();
        flag.ok_or_else(|| Failure::new(format!("đúng hoặc sai ở {pointer}"), self.shown()))
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
