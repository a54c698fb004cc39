//! Brings the change feed to webhooks: as long as nothing new is there, nothing is written; what is there is claimed, sent and,
//! when the receiver has confirmed, passed over. An instance that dies leaves its claim to run out, and the message comes again.

use super::dto::WebhookMessage;
use super::model::Webhook;
use super::{queries, rules, signature};
use crate::auth::token::Keys;
use crate::auth::{self, Action, Actor};
use crate::clock;
use crate::db::Db;
use crate::error::AppError;
use crate::events::feed::{self, Told, Wanted};
use crate::events::{self, Event};
use chrono::{DateTime, Duration, Utc};
use futures_util::{StreamExt, stream};
use reqwest::StatusCode;
use serde_json::json;
use std::cell::Cell;
use std::sync::Arc;
use uuid::Uuid;

/// How often the feed is looked into.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(2);
/// A receiver that has not answered by then has failed.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// What an instance has claimed is its own for so long.
const LEASE: Duration = Duration::minutes(1);
/// Between one attempt and the next: the last holds for all that follow.
const WAITS: [Duration; 6] =
    [Duration::seconds(5), Duration::seconds(30), Duration::minutes(2), Duration::minutes(10), Duration::minutes(30), Duration::hours(1)];
/// What has failed for so long is switched off.
const KEPT_TRYING: Duration = Duration::days(3);
/// How long a message is signed with the secret before, too.
const OVERLAP: Duration = Duration::days(1);
/// Changes of one message.
const CHANGES: u32 = 100;
/// Messages that one webhook gets before the others have their turn again.
const TURN: usize = 20;
/// Receivers that are called at one time.
const AT_ONCE: usize = 8;
/// Transactions without a change for a webhook after which its position moves on.
const FAR: i64 = 1_000;
/// Who acts when nobody does: the service itself.
const SERVICE: Uuid = Uuid::nil();

/// Who brings the feed to webhooks.
pub struct Dispatcher {
    http: reqwest::Client,
    keys: Arc<Keys>,
    origins: Vec<String>,
}

/// What came of an attempt.
enum Outcome {
    Confirmed,
    Failed(String),
    /// The receiver wants no more (410).
    Gone,
}

/// Starts the rounds on the current runtime. One that fails is logged and made up for by the next.
pub fn start(database_url: String, keys: Arc<Keys>, origins: Vec<String>) -> actix_web::rt::task::JoinHandle<()> {
    actix_web::rt::spawn(async move {
        let (dispatcher, db) = match Dispatcher::new(keys, origins).and_then(|dispatcher| Ok((dispatcher, Db::new(&database_url)?))) {
            Ok(ready) => ready,
            Err(error) => return log::error!(error = error.to_string().as_str(); "webhooks are not served"),
        };
        loop {
            if let Err(error) = dispatcher.round(&db, Utc::now()).await {
                log::warn!(error = error.to_string().as_str(); "webhooks are put off");
            }
            tokio::time::sleep(PAUSE).await;
        }
    })
}

impl Dispatcher {
    /// One that calls these origins and no others.
    pub fn new(keys: Arc<Keys>, origins: Vec<String>) -> Result<Self, AppError> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent(concat!("ngayhoi/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(AppError::internal)?;
        Ok(Self { http, keys, origins })
    }

    /// Brings what is new to all webhooks that are due; gives how many messages were confirmed.
    pub async fn round(&self, db: &Db, now: DateTime<Utc>) -> Result<usize, AppError> {
        let now = clock::to_micros(now);
        let due = db.read_long(async |conn| queries::due(conn, now).await).await?;
        let (confirmed, failed) = (Cell::new(0), Cell::new(None));
        let turns = stream::iter(due).for_each_concurrent(AT_ONCE, async |webhook| match self.turn(db, webhook, now).await {
            Ok(count) => confirmed.set(confirmed.get() + count),
            Err(error) => failed.set(Some(error)),
        });
        turns.await;
        failed.take().map_or(Ok(confirmed.get()), Err)
    }

    async fn turn(&self, db: &Db, mut webhook: Webhook, now: DateTime<Utc>) -> Result<usize, AppError> {
        for confirmed in 0..TURN {
            let Some((actor, told)) = self.told(db, &webhook).await? else { return Ok(confirmed) };
            if told.rows.is_empty() {
                self.move_on(db, webhook, told.position).await?;
                return Ok(confirmed);
            }
            if !db.transaction(async |conn| queries::claim(conn, &webhook, now + LEASE).await).await? {
                return Ok(confirmed);
            }
            let (position, has_more) = (told.position, told.has_more);
            let outcome = self.send(&webhook, told).await?;
            let is_confirmed = matches!(outcome, Outcome::Confirmed);
            let version = webhook.version;
            webhook = after(webhook, outcome, position, now);
            let is_kept = self.keep(db, &webhook, version, &actor).await?;
            if !(is_confirmed && has_more && is_kept) {
                return Ok(confirmed + usize::from(is_confirmed));
            }
        }
        Ok(TURN)
    }

    /// What the machine would read now behind the position of its webhook; none where it may not.
    async fn told(&self, db: &Db, webhook: &Webhook) -> Result<Option<(Actor, Told)>, AppError> {
        db.read_long(async |conn| {
            let Some(actor) = auth::queries::api_client_actor(conn, webhook.api_client_id.into()).await? else { return Ok(None) };
            let Some(scope) = actor.allows(Action::ChangesRead) else { return Ok(None) };
            let wanted = Wanted {
                after: (webhook.after_xid, webhook.after_seq),
                campaign_id: webhook.only_campaign_id,
                resources: webhook.resources.as_deref(),
                limit: CHANGES,
            };
            let told = feed::read(conn, &scope, &actor, &wanted).await?;
            Ok(Some((actor, told)))
        })
        .await
    }

    /// Passes over what is not told, now and then, so that it is not looked through for ever.
    async fn move_on(&self, db: &Db, webhook: Webhook, position: (i64, i64)) -> Result<(), AppError> {
        if position.0 - webhook.after_xid < FAR {
            return Ok(());
        }
        let moved = Webhook { after_xid: position.0, after_seq: position.1, ..webhook };
        db.transaction(async |conn| queries::save_attempt(conn, &moved, moved.version).await).await?;
        Ok(())
    }

    async fn send(&self, webhook: &Webhook, told: Told) -> Result<Outcome, AppError> {
        if rules::check_url(&self.origins, &webhook.url).is_err() {
            return Ok(Outcome::Failed("origin_not_allowed".to_owned()));
        }
        let sent_at = Utc::now();
        // The same message has the same id when it comes again.
        let message_id = told.rows.last().map_or_else(String::new, |last| format!("{}-{}-{}", webhook.id, last.xid, last.seq));
        let message = WebhookMessage { kind: "changes", timestamp: sent_at, data: told.into() };
        let body = serde_json::to_vec(&message).map_err(AppError::internal)?;
        let signed = signature::sign(&self.keys_of(webhook, sent_at), &message_id, sent_at.timestamp(), &body);
        let request = self
            .http
            .post(&webhook.url)
            .header("content-type", "application/json")
            .header("webhook-id", message_id)
            .header("webhook-timestamp", sent_at.timestamp())
            .header("webhook-signature", signed)
            .body(body);
        Ok(match request.send().await {
            Ok(answer) if answer.status().is_success() => Outcome::Confirmed,
            Ok(answer) if answer.status() == StatusCode::GONE => Outcome::Gone,
            Ok(answer) => Outcome::Failed(format!("http_{}", answer.status().as_u16())),
            Err(error) if error.is_timeout() => Outcome::Failed("timeout".to_owned()),
            Err(_) => Outcome::Failed("unreachable".to_owned()),
        })
    }

    fn keys_of(&self, webhook: &Webhook, now: DateTime<Utc>) -> Vec<[u8; 32]> {
        let key = |no| signature::key(self.keys.cursor_secret(), webhook.id, no);
        let mut keys = vec![key(webhook.secret_no)];
        if webhook.rotated_at.is_some_and(|at| now - at < OVERLAP) {
            keys.push(key(webhook.secret_no - 1));
        }
        keys
    }

    /// Writes back what came of an attempt; that it is switched off is told in the feed.
    async fn keep(&self, db: &Db, webhook: &Webhook, version: i32, actor: &Actor) -> Result<bool, AppError> {
        db.transaction(async |conn| {
            let is_kept = queries::save_attempt(conn, webhook, version).await?;
            if !is_kept || webhook.is_active {
                return Ok(is_kept);
            }
            log::warn!(webhook = webhook.id.to_string().as_str(); "a webhook was switched off");
            let event = Event {
                campaign_id: None,
                org_unit_id: actor.org_unit_id,
                resource: "webhook",
                resource_id: webhook.id.into(),
                version: webhook.version,
                action: "switched_off",
                data: json!({"api_client_id": webhook.api_client_id, "is_active": false, "failure": webhook.last_failure}),
            };
            events::queries::insert(conn, event, SERVICE, webhook.updated_at).await?;
            Ok(true)
        })
        .await
    }
}

/// The webhook as it is after an attempt.
fn after(webhook: Webhook, outcome: Outcome, (after_xid, after_seq): (i64, i64), now: DateTime<Utc>) -> Webhook {
    let attempted = Webhook { last_attempt_at: Some(now), next_attempt_at: now, ..webhook };
    let (failure, is_gone) = match outcome {
        Outcome::Confirmed => {
            let clean = Webhook { failures: 0, failing_since: None, last_failure: None, last_success_at: Some(now), ..attempted };
            return Webhook { after_xid, after_seq, ..clean };
        }
        Outcome::Failed(why) => (why, false),
        Outcome::Gone => ("http_410".to_owned(), true),
    };
    let since = attempted.failing_since.unwrap_or(now);
    let turn = usize::try_from(attempted.failures).unwrap_or(usize::MAX);
    let wait = WAITS.get(turn).or(WAITS.last()).copied().unwrap_or_default();
    let is_active = !is_gone && now - since < KEPT_TRYING;
    Webhook {
        is_active,
        version: attempted.version + i32::from(!is_active),
        updated_at: if is_active { attempted.updated_at } else { now },
        failures: attempted.failures.saturating_add(1),
        failing_since: Some(since),
        last_failure: Some(failure),
        next_attempt_at: now + wait,
        ..attempted
    }
}
