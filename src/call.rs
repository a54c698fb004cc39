//! One authenticated request, as a handler sees it: who calls, when, and the way to the database.

use crate::auth::actor::unauthenticated;
use crate::auth::token::Keys;
use crate::auth::{Action, Actor, Scope};
use crate::clock::Clock;
use crate::db::{Conn, Db};
use crate::error::{AppError, Language};
use crate::etag::IfMatch;
use crate::events::{self, Event};
use crate::extract;
use crate::idempotency::{self, IdempotencyKey};
use crate::openapi::Served;
use crate::problem;
use crate::reply::Reply;
use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::{DateTime, Utc};
use futures_util::future::{Either, LocalBoxFuture};
use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::Arc;

/// What the middleware found out about the caller, left with the request.
pub struct Caller(pub Result<Rc<Actor>, AppError>);

/// An authenticated request. A handler without it is public. An operation without parameters or without a body is given
/// none: what it would not look at is refused.
#[derive(Clone)]
pub struct Call {
    actor: Rc<Actor>,
    request: HttpRequest,
    db: Data<Db>,
    clock: Data<Clock>,
    keys: Data<Arc<Keys>>,
}

impl FromRequest for Call {
    type Error = AppError;
    type Future = Either<Ready<Result<Self, AppError>>, LocalBoxFuture<'static, Result<Self, AppError>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = Self::of(request);
        let template = request.match_pattern().unwrap_or_default();
        let Some(operation) = Served::get().operation(request.method().as_str(), &template) else { return Either::Left(ready(call)) };
        let call = call.and_then(|call| if operation.takes_query { Ok(call) } else { extract::check_no_query(request).map(|()| call) });
        if operation.takes_body || !extract::has_body(request) {
            return Either::Left(ready(call));
        }
        let nothing = extract::read_nothing(request, payload);
        Either::Right(Box::pin(async move {
            let call = call?;
            nothing.await?;
            Ok(call)
        }))
    }
}

impl Call {
    fn of(request: &HttpRequest) -> Result<Self, AppError> {
        let actor = request.extensions().get::<Caller>().map_or_else(|| Err(unauthenticated()), |caller| caller.0.clone());
        actor.and_then(|actor| {
            let missing = || AppError::internal("application data are missing");
            Ok(Self {
                actor,
                request: request.clone(),
                db: request.app_data::<Data<Db>>().cloned().ok_or_else(missing)?,
                clock: request.app_data::<Data<Clock>>().cloned().ok_or_else(missing)?,
                keys: request.app_data::<Data<Arc<Keys>>>().cloned().ok_or_else(missing)?,
            })
        })
    }

    /// The caller.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The scope for an action, or 403.
    pub fn authorize(&self, action: Action) -> Result<Scope, AppError> {
        self.actor.authorize(action)
    }

    /// The domain's now.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The domain's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The database of this worker.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The same, to be kept beyond the request.
    pub fn shared_db(&self) -> &Data<Db> {
        &self.db
    }

    /// Whether the request carries an idempotency key, good or bad.
    pub fn has_idempotency_key(&self) -> bool {
        self.request.headers().contains_key("Idempotency-Key")
    }

    /// The request itself.
    pub fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// The language of the answer.
    pub fn language(&self) -> Language {
        problem::language(self.request.headers())
    }

    /// The secret that cursors of lists are signed with.
    pub fn cursor_secret(&self) -> &[u8] {
        self.keys.cursor_secret()
    }

    /// The keys that this service signs with.
    pub fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys)
    }

    /// `If-Match`, or 428.
    pub fn if_match(&self) -> Result<IfMatch, AppError> {
        IfMatch::required(&self.request)
    }

    /// Runs a short read; one that counts a whole list as well is a long one.
    pub async fn read<T>(&self, work: impl AsyncFn(&Conn) -> Result<T, AppError>) -> Result<T, AppError> {
        let is_counting = self.request.query_string().split('&').any(|pair| pair == "with_total=true");
        if is_counting { self.db.read_long(work).await } else { self.db.read(work).await }
    }

    /// Runs a read that goes over many rows.
    pub async fn read_long<T>(&self, work: impl AsyncFn(&Conn) -> Result<T, AppError>) -> Result<T, AppError> {
        self.db.read_long(work).await
    }

    /// Runs a write in one transaction and answers after its commit; once for each idempotency key.
    /// It goes on to its end although the client may have gone away.
    pub async fn write(&self, work: impl AsyncFn(&Conn) -> Result<Reply, AppError> + 'static) -> Result<Reply, AppError> {
        let key = IdempotencyKey::of(&self.request, self.actor.id, self.keys.cursor_secret())?;
        let db = self.db.clone();
        // Boxed: one kind of task for the compiler instead of one for each handler.
        let task: LocalBoxFuture<'static, Result<Reply, AppError>> = Box::pin(async move {
            db.transaction(async |conn| {
                let Some(key) = &key else { return work(conn).await };
                let now = Utc::now();
                if let Some(kept) = idempotency::find(conn, key, now).await? {
                    return Ok(kept);
                }
                let reply = work(conn).await?;
                idempotency::keep(conn, key, &reply, now).await?;
                Ok(reply)
            })
            .await
        });
        actix_web::rt::spawn(task).await.map_err(AppError::internal)?
    }

    /// Writes what changed, for the change feed, in the transaction of the change.
    pub async fn record(&self, conn: &Conn, event: Event<'_>) -> Result<(), AppError> {
        events::queries::insert(conn, event, self.actor.id, self.now()).await
    }

    /// Writes many changes at once, in their order.
    pub async fn record_all(&self, conn: &Conn, events: Vec<Event<'_>>) -> Result<(), AppError> {
        events::queries::insert_all(conn, events, self.actor.id, self.now()).await
    }
}
