//! What the chapters share: the year, the clock, the callers, and the book of all that was done.

use super::cast::{Account, Cast, District};
use super::client::{Answer, Caller, Failure, Service, Told, With, same};
use super::communes::Commune;
use super::delegates::Delegate;
use super::festival::Site;
use super::limits::Graceful;
use super::reports::Report;
use chrono::{DateTime, FixedOffset, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Instant;
use uuid::Uuid;

/// An object of the service that the story moves on.
#[derive(Debug, Clone)]
pub struct Thing {
    /// As the change feed calls it.
    pub resource: &'static str,
    /// Its collection below `/api/v1`.
    pub path: &'static str,
    pub id: String,
    pub etag: String,
}

/// A transition that the change feed must hold exactly once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deed {
    pub resource: String,
    pub id: String,
    pub version: i64,
    pub action: String,
}

/// The story as it goes.
pub struct Stage {
    pub service: Rc<Service>,
    pub cast: Cast,
    /// Year of the campaign.
    pub year: i32,
    pub campaign: Thing,
    /// Body that owns it, and its plan.
    pub committee: String,
    pub plan: String,
    pub districts: Vec<District>,
    pub communes: Vec<Commune>,
    pub sites: Vec<Site>,
    pub delegates: Vec<Delegate>,
    /// The report that opens late and is taken a day longer, until it is sent.
    pub graceful: Option<Graceful>,
    /// The obligation of the commune that forgets.
    pub forgetful: Option<String>,
    /// Communes that have not reported yet, by their place: the one that forgets, the one that was given longer.
    pub waiting: (Option<usize>, Option<usize>),
    /// Reports to the province, once they are accepted.
    pub reports: Vec<Report>,
    /// Sum, reporters and whether a reporter estimated, for each indicator of the accepted reports.
    pub reported: BTreeMap<String, Reported>,
    book: RefCell<Vec<Deed>>,
    chapters: Cell<u32>,
    real_clock: (DateTime<FixedOffset>, Instant),
}

/// What the story reported of one indicator.
#[derive(Debug, Default)]
pub struct Reported {
    pub sum: i64,
    /// Reports that gave a value.
    pub sources: Vec<String>,
    pub is_estimated: bool,
}

impl Stage {
    /// Signs the demo accounts in and looks at the clock, which must be one that can be set.
    pub async fn open(service: Rc<Service>, accounts: Vec<Account>) -> Told<Self> {
        let cast = Cast::gather(&service, accounts).await?;
        let clock = cast.province.get("/demo/clock").await?.want(200)?;
        if clock.at("/is_settable")? != &Value::Bool(true) {
            return Err(Failure::new("máy chủ ở chế độ thử nghiệm (serve --demo), đặt được đồng hồ", clock.text));
        }
        let now = DateTime::parse_from_rfc3339(clock.text("/now")?);
        let now = now.map_err(|error| Failure::new("giờ theo RFC 3339", error.to_string()))?;
        Ok(Self {
            service,
            cast,
            year: 0,
            campaign: Thing { resource: "campaign", path: "campaigns", id: String::new(), etag: String::new() },
            committee: String::new(),
            plan: String::new(),
            districts: Vec::new(),
            communes: Vec::new(),
            sites: Vec::new(),
            delegates: Vec::new(),
            graceful: None,
            forgetful: None,
            waiting: (None, None),
            reports: Vec::new(),
            reported: BTreeMap::new(),
            book: RefCell::default(),
            chapters: Cell::new(0),
            real_clock: (now, Instant::now()),
        })
    }

    /// Begins a chapter.
    pub fn chapter(&self, title: &str) {
        self.chapters.set(self.chapters.get() + 1);
        println!("\n── {}. {title} ──", self.chapters.get());
    }

    /// An instant of the campaign's year in Viet Nam; `moment` is such as `08-19T23:59:00`.
    pub fn at(&self, moment: &str) -> String {
        format!("{}-{moment}+07:00", self.year)
    }

    /// A day of the campaign's year.
    pub fn day(&self, day: &str) -> String {
        format!("{}-{day}", self.year)
    }

    /// Sets the clock of the demo.
    pub async fn clock(&self, moment: &str) -> Told<()> {
        let now = self.at(moment);
        println!("  ⏱ {now}");
        self.cast.province.put("/demo/clock", &json!({"now": now})).await?.want(200)?;
        Ok(())
    }

    /// Lets the clock go on from where the story found it.
    pub async fn put_clock_back(&self) -> Told<()> {
        let (found, since) = self.real_clock;
        let passed = chrono::Duration::from_std(since.elapsed()).unwrap_or_default();
        let now = (found + passed).with_timezone(&Utc).to_rfc3339();
        println!("  ⏱ Trả đồng hồ về {now}");
        self.cast.province.put("/demo/clock", &json!({"now": now})).await?.want(200)?;
        Ok(())
    }

    /// Writes down what was done.
    pub fn did(&self, resource: &str, id: &str, version: i64, action: &str) {
        let deed = Deed { resource: resource.to_owned(), id: id.to_owned(), version, action: action.to_owned() };
        self.book.borrow_mut().push(deed);
    }

    /// All that was done.
    pub fn deeds(&self) -> Vec<Deed> {
        self.book.borrow().clone()
    }

    /// Creates an object.
    pub async fn create(&self, who: &Caller, resource: &'static str, path: &'static str, body: &Value) -> Told<(Thing, Answer)> {
        self.record_new(who.post(&format!("/{path}"), body).await?, resource, path)
    }

    /// Creates an object whose first answer is lost on the way: sent again with the same key, it is the same object.
    pub async fn create_twice(&self, who: &Caller, resource: &'static str, path: &'static str, body: &Value) -> Told<(Thing, Answer)> {
        let key = Uuid::new_v4().to_string();
        let with = With { body: Some(body), key: Some(&key), ..With::default() };
        let lost = who.send(Method::POST, &format!("/{path}"), with).await?.want(201)?;
        let again = who.send(Method::POST, &format!("/{path}"), with).await?;
        same("trả lời của yêu cầu gửi lại cùng khóa", &lost.text, &again.text)?;
        self.record_new(again, resource, path)
    }

    fn record_new(&self, answer: Answer, resource: &'static str, path: &'static str) -> Told<(Thing, Answer)> {
        let answer = answer.want(201)?;
        let id = answer.text("/id")?.to_owned();
        self.did(resource, &id, answer.number("/version")?, "created");
        Ok((Thing { resource, path, id, etag: answer.etag()? }, answer))
    }

    /// Moves an object on, with the ETag that was read last.
    pub async fn step(&self, who: &Caller, thing: &mut Thing, verb: &str, body: Option<&Value>, action: &str) -> Told<Answer> {
        let answer = attempt(who, thing, verb, body).await?.want(200)?;
        self.did(thing.resource, &thing.id, answer.number("/version")?, action);
        thing.etag = answer.etag()?;
        Ok(answer)
    }

    /// Changes an object.
    pub async fn change(&self, who: &Caller, thing: &mut Thing, body: &Value) -> Told<Answer> {
        let with = With { body: Some(body), if_match: Some(&thing.etag), ..With::default() };
        let answer = who.send(Method::PATCH, &format!("/{}/{}", thing.path, thing.id), with).await?.want(200)?;
        self.did(thing.resource, &thing.id, answer.number("/version")?, "updated");
        thing.etag = answer.etag()?;
        Ok(answer)
    }

    /// Puts what belongs to an object, such as its checklist, in the place of what was there.
    pub async fn put(&self, who: &Caller, thing: &mut Thing, part: &str, body: &Value, action: &str) -> Told<Answer> {
        let with = With { body: Some(body), if_match: Some(&thing.etag), ..With::default() };
        let answer = who.send(Method::PUT, &format!("/{}/{}/{part}", thing.path, thing.id), with).await?.want(200)?;
        self.did(thing.resource, &thing.id, answer.number("/version")?, action);
        thing.etag = answer.etag()?;
        Ok(answer)
    }

    /// Reads an object anew, for its ETag.
    pub async fn read(&self, who: &Caller, resource: &'static str, path: &'static str, id: &str) -> Told<(Thing, Answer)> {
        let answer = who.get(&format!("/{path}/{id}")).await?.want(200)?;
        Ok((Thing { resource, path, id: id.to_owned(), etag: answer.etag()? }, answer))
    }
}

/// Asks to move an object on, whatever the answer.
pub async fn attempt(who: &Caller, thing: &Thing, verb: &str, body: Option<&Value>) -> Told<Answer> {
    let with = With { body, if_match: Some(&thing.etag), ..With::default() };
    who.send(Method::POST, &format!("/{}/{}/{verb}", thing.path, thing.id), with).await
}

/// How many a list counts, by its own total.
pub async fn total(who: &Caller, path: &str) -> Told<i64> {
    let path = if path.contains("limit=") { path.to_owned() } else { format!("{path}&limit=1") };
    who.get(&format!("{path}&with_total=true")).await?.want(200)?.number("/total")
}

/// Every item of a list, page by page.
pub async fn all(who: &Caller, path: &str) -> Told<Vec<Value>> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = who.get(&format!("{path}{cursor}")).await?.want(200)?;
        items.extend(page.list("/items")?.iter().cloned());
        match page.at("/next_cursor")?.as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(items),
        }
    }
}
