//! What attachments belong to: who may read and write them is decided by the owner. A new kind of owner is one arm in each
//! function here, and its two operations in `handlers.rs` and `lists.rs`.

use super::model::OwnerKind;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::documents;
use crate::error::{AppError, ErrorCode, message};
use crate::ids::{AttachmentId, CampaignId, DocumentId, OrgUnitId, PlanId, SiteId};
use crate::plans;
use crate::plans::model::{Plan, PlanState};
use crate::sites;
use crate::sites::model::{Site, SiteState};
use uuid::Uuid;

impl OwnerKind {
    fn read(self) -> Action {
        match self {
            Self::Plan | Self::Document => Action::PlanRead,
            Self::Site => Action::SiteRead,
        }
    }

    fn write(self) -> Action {
        match self {
            Self::Plan | Self::Document => Action::PlanWrite,
            Self::Site => Action::SiteWrite,
        }
    }

    /// The kind of object as the change feed calls it.
    pub fn resource(self) -> &'static str {
        self.as_str()
    }
}

/// How far the caller may go with the attachments of each kind of owner; at least with one.
pub struct Scopes(Vec<(OwnerKind, Scope)>);

impl Scopes {
    fn of(call: &Call, action: impl Fn(OwnerKind) -> Action) -> Result<Self, AppError> {
        let allowed = |kind: &OwnerKind| call.actor().allows(action(*kind)).map(|scope| (*kind, scope));
        let scopes: Vec<_> = OwnerKind::ALL.iter().filter_map(allowed).collect();
        if scopes.is_empty() { Err(AppError::new(ErrorCode::Forbidden)) } else { Ok(Self(scopes)) }
    }

    /// For reading; 403 when the role may read none.
    pub fn reading(call: &Call) -> Result<Self, AppError> {
        Self::of(call, OwnerKind::read)
    }

    /// For writing; 403 when the role may write none.
    pub fn writing(call: &Call) -> Result<Self, AppError> {
        Self::of(call, OwnerKind::write)
    }

    /// For one kind; 404 when the role lacks it.
    pub fn kind(&self, kind: OwnerKind) -> Result<&Scope, AppError> {
        self.0.iter().find(|(known, _)| *known == kind).map(|(_, scope)| scope).ok_or_else(AppError::not_found)
    }
}

/// The scope for reading the attachments of a kind of owner, or 403.
pub fn reading(call: &Call, kind: OwnerKind) -> Result<Scope, AppError> {
    call.authorize(kind.read())
}

/// The scope for writing them, or 403.
pub fn writing(call: &Call, kind: OwnerKind) -> Result<Scope, AppError> {
    call.authorize(kind.write())
}

/// An owner, as far as its attachments are concerned.
#[derive(Debug, Clone)]
pub struct Owner {
    /// What it is.
    pub kind: OwnerKind,
    /// Which one.
    pub id: Uuid,
    /// Its body.
    pub org_unit_id: OrgUnitId,
    /// Its campaign.
    pub campaign_id: Option<CampaignId>,
    /// Its state; the feed tells of drafts only to those who work on them.
    pub state: &'static str,
    /// Its version.
    pub version: i32,
    /// Whether files can be added.
    pub is_open: bool,
    /// Whether files can be deleted.
    pub is_draft: bool,
}

impl Owner {
    fn of_plan(plan: &Plan) -> Self {
        Self {
            kind: OwnerKind::Plan,
            id: plan.id.into(),
            org_unit_id: plan.org_unit_id,
            campaign_id: Some(plan.campaign_id),
            state: plan.state.as_str(),
            version: plan.version,
            is_open: plan.state != PlanState::Submitted,
            is_draft: plan.state == PlanState::Draft,
        }
    }

    fn of_document(document: &documents::model::Document) -> Self {
        Self {
            kind: OwnerKind::Document,
            id: document.id.into(),
            org_unit_id: document.org_unit_id,
            campaign_id: None,
            state: if document.plan_id.is_some() { "issued" } else { document.state.as_str() },
            version: document.version,
            is_open: true,
            is_draft: document.plan_id.is_none(),
        }
    }
}

impl Owner {
    fn of_site(site: &Site) -> Self {
        let is_open = !matches!(site.state, SiteState::Held | SiteState::Closed);
        Self {
            kind: OwnerKind::Site,
            id: site.id.into(),
            org_unit_id: site.org_unit_id,
            campaign_id: Some(site.campaign_id),
            state: site.state.as_str(),
            version: site.version,
            is_open,
            is_draft: is_open,
        }
    }
}

/// An owner that the caller can read; 404 for others.
pub async fn find(conn: &Conn, scope: &Scope, kind: OwnerKind, id: Uuid) -> Result<Owner, AppError> {
    Ok(match kind {
        OwnerKind::Plan => Owner::of_plan(&plans::queries::find(conn, scope, PlanId(id)).await?),
        OwnerKind::Document => Owner::of_document(&documents::queries::find(conn, scope, DocumentId(id)).await?),
        OwnerKind::Site => Owner::of_site(&sites::queries::find(conn, scope, SiteId(id)).await?),
    })
}

/// An owner in scope, locked until the end of the transaction, its campaign held open; 404 for others.
pub async fn hold(conn: &Conn, scope: &Scope, kind: OwnerKind, id: Uuid) -> Result<Owner, AppError> {
    let owner = match kind {
        OwnerKind::Plan => Owner::of_plan(&plans::queries::lock(conn, scope, PlanId(id)).await?),
        OwnerKind::Document => Owner::of_document(&documents::queries::lock(conn, scope, DocumentId(id)).await?),
        OwnerKind::Site => Owner::of_site(&sites::queries::lock(conn, scope, SiteId(id)).await?),
    };
    if let Some(campaign) = owner.campaign_id {
        campaigns::queries::hold_open(conn, campaign).await?;
    }
    Ok(owner)
}

/// 409 for an attachment that something rests on.
pub async fn check_unused(conn: &Conn, owner: &Owner, attachment: AttachmentId) -> Result<(), AppError> {
    match owner.kind {
        OwnerKind::Plan | OwnerKind::Document => Ok(()),
        OwnerKind::Site if sites::checklist::queries::is_evidence(conn, SiteId(owner.id), attachment.into()).await? => Err(AppError::new(
            ErrorCode::InUse,
        )
        .because(message("Tệp này là minh chứng trong bảng kiểm của địa bàn.", "The file is evidence in the checklist of the site."))),
        OwnerKind::Site => Ok(()),
    }
}
