//! SQL of report forms.

use super::content::FormContent;
use super::dto::ReportFormQuery;
use super::model::{ReportForm, ReportFormState};
use crate::auth::Scope;
use crate::campaigns::queries::visible_campaigns;
use crate::db::in_scope::is_in_scope;
use crate::db::{Conn, cached::Cached};
use crate::error::AppError;
use crate::ids::{CampaignId, ReportFormId};
use crate::pagination::PageRequest;
use crate::schema::{campaigns, report_forms};
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// One form of a campaign that the caller can see.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ReportFormId) -> Result<ReportForm, AppError> {
    let query = report_forms::table.filter(report_forms::id.eq(id)).filter(report_forms::campaign_id.eq_any(visible_campaigns(scope)));
    Ok(query.select(ReportForm::as_select()).first(&mut conn).await?)
}

/// The campaign of a form whose campaign's body is in scope.
pub async fn campaign_of(mut conn: &Conn, scope: &Scope, id: ReportFormId) -> Result<CampaignId, AppError> {
    let owned = campaigns::table.filter(is_in_scope(campaigns::org_unit_id, scope)).select(campaigns::id);
    let query = report_forms::table.filter(report_forms::id.eq(id)).filter(report_forms::campaign_id.eq_any(owned));
    Ok(query.select(report_forms::campaign_id).first(&mut conn).await?)
}

/// A form of a campaign that the caller has locked, locked too.
pub async fn lock(mut conn: &Conn, _: &Scope, campaign: CampaignId, id: ReportFormId) -> Result<ReportForm, AppError> {
    let query = report_forms::table.find((campaign, id)).select(ReportForm::as_select()).for_no_key_update();
    Ok(query.first(&mut conn).await?)
}

/// A page of forms, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ReportFormQuery, page: &PageRequest) -> Result<Vec<ReportForm>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, report_forms::id, {
        "created_at" => report_forms::created_at => DateTime<Utc>,
        "updated_at" => report_forms::updated_at => DateTime<Utc>,
    });
    Ok(query.select(ReportForm::as_select()).load(&mut conn).await?)
}

/// How many forms a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ReportFormQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a ReportFormQuery) -> report_forms::BoxedQuery<'a, Pg> {
    let mut query = report_forms::table.filter(report_forms::campaign_id.eq_any(visible_campaigns(scope))).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(report_forms::campaign_id.eq(campaign));
    }
    if let Some(state) = filter.state {
        query = query.filter(report_forms::state.eq(state));
    }
    query
}

/// The published forms of a campaign that was found in scope, the current one first.
pub async fn published(mut conn: &Conn, _: &Scope, campaign: CampaignId) -> Result<Vec<ReportForm>, AppError> {
    let query = report_forms::table
        .filter(report_forms::campaign_id.eq(campaign))
        .filter(report_forms::state.eq(ReportFormState::Published))
        .order(report_forms::no.desc());
    Ok(query.select(ReportForm::as_select()).load(&mut conn).await?)
}

/// The current form of a campaign that was found in scope. Every campaign is made with one.
pub async fn current(mut conn: &Conn, _: &Scope, campaign: CampaignId) -> Result<ReportForm, AppError> {
    let query = report_forms::table
        .filter(report_forms::campaign_id.eq(campaign))
        .filter(report_forms::state.eq(ReportFormState::Published))
        .order(report_forms::no.desc());
    let found = query.select(ReportForm::as_select()).first(&mut conn).await.optional()?;
    found.ok_or_else(|| AppError::internal("a campaign has no report form"))
}

/// The form that a report in scope follows.
pub async fn followed(mut conn: &Conn, _: &Scope, campaign: CampaignId, id: ReportFormId) -> Result<FormContent, AppError> {
    Ok(report_forms::table.find((campaign, id)).select(report_forms::content).first(&mut conn).await?)
}

/// Adds a form. The caller has checked that its campaign is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, form: &ReportForm) -> Result<(), AppError> {
    diesel::insert_into(report_forms::table).values(form).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked form back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut form: ReportForm, now: DateTime<Utc>) -> Result<ReportForm, AppError> {
    form.version += 1;
    form.updated_at = now;
    let change = diesel::update(report_forms::table.find((form.campaign_id, form.id))).set(&form);
    Cached(change).execute(&mut conn).await?;
    Ok(form)
}

/// Deletes a locked draft.
pub async fn delete(mut conn: &Conn, _: &Scope, form: &ReportForm) -> Result<(), AppError> {
    diesel::delete(report_forms::table.find((form.campaign_id, form.id))).execute(&mut conn).await?;
    Ok(())
}
