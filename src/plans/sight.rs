//! What a caller can read of plans: those in force within reach, and drafts where the caller works on them.

use crate::auth::{Action, Actor, Scope};
use crate::error::AppError;

/// Reading of plans by one caller. As with a scope, only a caller with the permission has one.
#[derive(Debug, Clone)]
pub struct Sight {
    scope: Scope,
    drafts: Option<Scope>,
}

impl Sight {
    /// The sight of a caller, or 403.
    pub fn of(actor: &Actor) -> Result<Self, AppError> {
        let wider = |one: Scope, other: Scope| if one.covers(other.prefix()) { one } else { other };
        let drafts = match (actor.allows(Action::PlanWrite), actor.allows(Action::PlanIssue)) {
            (Some(write), Some(issue)) => Some(wider(write, issue)),
            (write, issue) => write.or(issue),
        };
        Ok(Self { scope: actor.authorize(Action::PlanRead)?, drafts })
    }

    /// The scope of reading what is in force.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether drafts of other bodies can be read at all; those of the own unit always can.
    pub fn sees_drafts_below(&self) -> bool {
        self.drafts.is_some()
    }

    /// What the path of a unit starts with when its drafts can be read.
    pub fn drafts_below(&self) -> &str {
        self.drafts.as_ref().map_or_else(|| self.scope.own_path(), Scope::prefix)
    }
}
