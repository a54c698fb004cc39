//! Who is calling: the account behind the token, as it is now.

use super::policy::{self, Action, Role};
use super::queries;
use super::scope::Scope;
use super::token::{Claims, Keys, SubjectKind};
use crate::db::Db;
use crate::error::{AppError, ErrorCode, message};
use crate::ids::{OrgUnitId, SiteId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The caller.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Account: a person, a machine or a device.
    pub id: Uuid,
    /// Which of them.
    pub kind: SubjectKind,
    /// Session of a person.
    pub session_id: Uuid,
    /// Name of the account.
    pub name: String,
    /// Role now.
    pub role: Role,
    /// Unit now.
    pub org_unit_id: OrgUnitId,
    /// Of a device, the sites that it serves now; none of whom is no device.
    pub site_ids: Option<Vec<SiteId>>,
    pub(super) path: String,
    pub(super) province_path: String,
}

impl Actor {
    /// The scope in which the caller may do this; 403 when the role lacks the action altogether.
    pub fn authorize(&self, action: Action) -> Result<Scope, AppError> {
        self.allows(action).ok_or_else(|| AppError::new(ErrorCode::Forbidden))
    }

    /// The scope, or nothing where the role lacks the action: for parts of an answer that not all may see.
    pub fn allows(&self, action: Action) -> Option<Scope> {
        let prefix = self.prefix(action)?;
        Some(Scope::new(prefix, &self.path, self.prefix(Action::PlanWrite), self.province_path.starts_with(prefix)))
    }

    fn prefix(&self, action: Action) -> Option<&str> {
        Some(match policy::reach(self.role, action)? {
            policy::Reach::Subtree => self.path.as_str(),
            policy::Reach::Province => self.province_path.as_str(),
            policy::Reach::Everything => "/",
        })
    }

    /// Whether the caller may hand out a role.
    pub fn may_grant(&self, role: Role) -> bool {
        policy::may_grant(self.role, role)
    }
}

/// How long what was read of an account may be used: a change is in force within a second.
const FRESH: Duration = Duration::from_millis(900);
/// Tokens remembered by one worker; past it the memory is emptied, which costs a signature check each.
const REMEMBERED: usize = 10_000;

struct Known {
    claims: Claims,
    actor: Option<(Rc<Actor>, Instant)>,
}

/// One worker's memory of tokens it has checked.
#[derive(Default)]
pub struct Actors {
    known: RefCell<HashMap<String, Known>>,
}

impl Actors {
    /// The caller behind a bearer token.
    pub async fn resolve(&self, keys: &Keys, db: &Db, token: &str) -> Result<Rc<Actor>, AppError> {
        let now = chrono::Utc::now().timestamp();
        let mut claims = None;
        if let Some(known) = self.known.borrow().get(token) {
            if let Some((actor, at)) = &known.actor
                && at.elapsed() < FRESH
                && known.claims.exp > now
            {
                return Ok(Rc::clone(actor));
            }
            if known.claims.exp > now {
                claims = Some(known.claims.clone());
            }
        }
        let claims = claims.or_else(|| keys.verify(token)).ok_or_else(unauthenticated)?;
        let asked_at = Instant::now();
        let actor = db
            .read(async |conn| match claims.sub_kind {
                SubjectKind::User => queries::user_actor(conn, claims.sub, claims.sid).await,
                SubjectKind::ApiClient => queries::api_client_actor(conn, claims.sub).await,
                SubjectKind::Device => queries::device_actor(conn, claims.sub, claims.sid).await,
            })
            .await?
            .map(Rc::new);
        let mut known = self.known.borrow_mut();
        match actor {
            Some(actor) => {
                if known.len() >= REMEMBERED {
                    known.clear();
                }
                known.insert(token.to_owned(), Known { claims, actor: Some((Rc::clone(&actor), asked_at)) });
                Ok(actor)
            }
            None => {
                known.remove(token);
                Err(unauthenticated())
            }
        }
    }

    /// Forgets what is known, after this worker changed an account.
    pub fn forget(&self) {
        self.known.borrow_mut().clear();
    }
}

/// 401 without a reason: a stranger learns nothing.
pub fn unauthenticated() -> AppError {
    AppError::new(ErrorCode::Unauthenticated).because(message(
        "Gửi tiêu đề Authorization: Bearer với mã truy cập còn hạn.",
        "Send an Authorization: Bearer header with a valid access token.",
    ))
}
