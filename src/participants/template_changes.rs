//! The lists that sites put in the place of the plan's template: rows and SQL. Append-only.

use super::template::Proposal;
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::{CampaignId, InvitationTemplateChangeId, SiteId};
use crate::schema::invitation_template_changes;
use crate::sites::model::Site;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// One change of a site's list.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = invitation_template_changes)]
#[allow(missing_docs)]
pub struct TemplateChange {
    pub campaign_id: CampaignId,
    pub id: InvitationTemplateChangeId,
    pub site_id: SiteId,
    pub version: i32,
    pub categories: Option<Vec<String>>,
    pub reason: Option<String>,
    pub changed_at: DateTime<Utc>,
    pub changed_by: Uuid,
}

/// Whom a site invites, by the latest change.
pub async fn proposal(mut conn: &Conn, site: &Site) -> Result<Proposal, AppError> {
    let query = invitation_template_changes::table
        .filter(invitation_template_changes::campaign_id.eq(site.campaign_id))
        .filter(invitation_template_changes::site_id.eq(site.id))
        .order(invitation_template_changes::version.desc());
    let change = query.select(TemplateChange::as_select()).first(&mut conn).await.optional()?;
    Ok(Proposal::new(site, change))
}

/// Adds a change of the list of a locked site.
pub async fn insert(mut conn: &Conn, _: &Scope, change: &TemplateChange) -> Result<(), AppError> {
    diesel::insert_into(invitation_template_changes::table).values(change).execute(&mut conn).await?;
    Ok(())
}
