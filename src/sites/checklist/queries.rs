//! SQL of a site's checklist. The site was found in scope.

use super::model::{ChecklistAnswer, ChecklistProgress};
use crate::attachments::model::OwnerKind;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::error::AppError;
use crate::ids::SiteId;
use crate::schema::{attachments, checklist_items, site_checklist_answers, sites};
use crate::sites::model::Site;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// That a row of `sites` suits: each required item is met or does not apply, or, where nothing is required, there is a note.
/// `facts.sql` says the same.
pub const IS_COMPLETE: &str =
    "(CASE WHEN EXISTS (SELECT FROM checklist_items i WHERE i.campaign_id = sites.campaign_id AND i.is_active AND i.is_required)
     THEN NOT EXISTS (SELECT FROM checklist_items i WHERE i.campaign_id = sites.campaign_id AND i.is_active AND i.is_required
                      AND NOT EXISTS (SELECT FROM site_checklist_answers a WHERE a.campaign_id = sites.campaign_id AND a.site_id = sites.id
                                      AND a.item_id = i.id AND a.verdict <> 'not_met'))
     ELSE sites.suitability_note IS NOT NULL END)";

/// How far a row of `sites` is, for the select list: items asked, answered, met, required and not met, required, required and open.
pub const COUNTS: &str =
    "(SELECT ARRAY[count(*), count(a.item_id), count(*) FILTER (WHERE a.verdict = 'met'), count(*) FILTER (WHERE i.is_required AND a.verdict = 'not_met'),
                   count(*) FILTER (WHERE i.is_required), count(*) FILTER (WHERE i.is_required AND (a.verdict IS NULL OR a.verdict = 'not_met'))]
      FROM checklist_items i LEFT JOIN site_checklist_answers a ON a.campaign_id = sites.campaign_id AND a.site_id = sites.id AND a.item_id = i.id
      WHERE i.campaign_id = sites.campaign_id AND i.is_active)";

/// What [`COUNTS`] say of a site.
pub fn counted(site: &Site, counts: &[i64]) -> ChecklistProgress {
    let &[item_count, answered_count, met_count, failed_count, required, open] = counts else { return ChecklistProgress::default() };
    let is_complete = if required > 0 { open == 0 } else { site.suitability_note.is_some() };
    ChecklistProgress { item_count, answered_count, met_count, failed_count, is_complete }
}

/// How far one site is.
pub async fn progress_of(mut conn: &Conn, _: &Scope, id: SiteId) -> Result<ChecklistProgress, AppError> {
    let query = sites::table.filter(sites::id.eq(id)).select((Site::as_select(), sql::<Array<BigInt>>(COUNTS)));
    let found: Option<(Site, Vec<i64>)> = Cached(query).get_result(&mut conn).await.optional()?;
    Ok(found.map(|(site, counts)| counted(&site, &counts)).unwrap_or_default())
}

/// The answers of a site.
pub async fn answers(mut conn: &Conn, _: &Scope, site: &Site) -> Result<Vec<ChecklistAnswer>, AppError> {
    let query = site_checklist_answers::table
        .filter(site_checklist_answers::campaign_id.eq(site.campaign_id))
        .filter(site_checklist_answers::site_id.eq(site.id));
    Ok(query.select(ChecklistAnswer::as_select()).load(&mut conn).await?)
}

/// Puts the answers of a locked site in the place of those it has to items that are asked.
pub async fn replace(mut conn: &Conn, _: &Scope, site: &Site, answers: &[ChecklistAnswer]) -> Result<(), AppError> {
    let asked = checklist_items::table
        .filter(checklist_items::campaign_id.eq(site.campaign_id))
        .filter(checklist_items::is_active)
        .select(checklist_items::id);
    let old = site_checklist_answers::table
        .filter(site_checklist_answers::campaign_id.eq(site.campaign_id))
        .filter(site_checklist_answers::site_id.eq(site.id))
        .filter(site_checklist_answers::item_id.eq_any(asked));
    diesel::delete(old).execute(&mut conn).await?;
    diesel::insert_into(site_checklist_answers::table).values(answers).execute(&mut conn).await?;
    Ok(())
}

/// Those of some ids that are attachments of a site.
pub async fn attached(mut conn: &Conn, _: &Scope, site: &Site, ids: &[Uuid]) -> Result<Vec<Uuid>, AppError> {
    let query = attachments::table
        .filter(attachments::owner_kind.eq(OwnerKind::Site))
        .filter(attachments::owner_id.eq(Uuid::from(site.id)))
        .filter(attachments::id.eq_any(ids.to_vec()))
        .filter(attachments::deleted_at.is_null());
    Ok(query.select(attachments::id).load(&mut conn).await?)
}

/// Whether an answer of a site rests on an attachment.
pub async fn is_evidence(mut conn: &Conn, site: SiteId, attachment: Uuid) -> Result<bool, AppError> {
    let resting = site_checklist_answers::table
        .filter(site_checklist_answers::site_id.eq(site))
        .filter(site_checklist_answers::attachment_ids.contains(vec![attachment]));
    Ok(diesel::select(diesel::dsl::exists(resting)).get_result(&mut conn).await?)
}
