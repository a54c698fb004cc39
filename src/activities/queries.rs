//! SQL of activities.

use super::dto::ActivityQuery;
use super::model::{Activity, ActivityPhase, ActivityState};
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::cached::Cached;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::{AppError, FieldError};
use crate::ids::{ActivityId, CampaignId, OrgUnitId};
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{activities, sites};
use crate::sites::model::SiteState;
use crate::text::search_tokens;
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::{self, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

/// One activity in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ActivityId) -> Result<Activity, AppError> {
    let query = activities::table.filter(activities::id.eq(id)).filter(is_in_scope(activities::org_unit_id, scope));
    Ok(query.select(Activity::as_select()).first(&mut conn).await?)
}

/// An activity of a campaign that a body names; 422 at `pointer` when it is not in scope.
pub async fn find_reference(mut conn: &Conn, scope: &Scope, campaign: CampaignId, id: ActivityId, pointer: &str) -> Result<(), AppError> {
    let query = activities::table.find((campaign, id)).filter(is_in_scope(activities::org_unit_id, scope));
    let found: Option<ActivityId> = query.select(activities::id).first(&mut conn).await.optional()?;
    found.map(|_| ()).ok_or_else(|| AppError::field(FieldError::unknown_reference(pointer)))
}

/// One activity in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ActivityId) -> Result<Activity, AppError> {
    let query = activities::table.filter(activities::id.eq(id)).filter(is_in_scope(activities::org_unit_id, scope));
    Ok(query.select(Activity::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of activities in scope, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &ActivityQuery, page: &PageRequest) -> Result<Vec<Activity>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, activities::id, {
        "created_at" => activities::created_at => DateTime<Utc>,
        "updated_at" => activities::updated_at => DateTime<Utc>,
        "starts_at" => activities::starts_at => DateTime<Utc>,
    });
    Ok(query.select(Activity::as_select()).load(&mut conn).await?)
}

/// How many activities a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ActivityQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a ActivityQuery) -> activities::BoxedQuery<'a, diesel::pg::Pg> {
    let mut query = activities::table.filter(in_scope(activities::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(activities::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(activities::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(activities::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(site) = filter.site_id {
        query = query.filter(activities::site_id.eq(site));
    }
    if let Some(phase) = filter.phase {
        query = query.filter(activities::phase.eq(phase));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(activities::kind.eq(kind));
    }
    if let Some(source) = filter.funding_source {
        query = query.filter(activities::funding_source.eq(source));
    }
    if let Some(drive) = &filter.emulation_drive {
        query = query.filter(activities::emulation_drive.eq(drive.as_str()));
    }
    if let Some(has_results) = filter.has_results {
        let without = activities::results.eq(serde_json::json!({}));
        query = if has_results { query.filter(dsl::not(without)) } else { query.filter(without) };
    }
    if let Some(code) = &filter.result_code {
        query = query.filter(activities::results.has_key(code));
    }
    if let Some(is_cancelled) = filter.is_cancelled {
        let cancelled = activities::state.eq(ActivityState::Cancelled);
        query = if is_cancelled { query.filter(cancelled) } else { query.filter(diesel::dsl::not(cancelled)) };
    }
    if let Some(state) = filter.state {
        query = query.filter(activities::state.eq(state));
    }
    if let Some(at) = filter.starts_from {
        query = query.filter(activities::starts_at.ge(at));
    }
    if let Some(at) = filter.starts_before {
        query = query.filter(activities::starts_at.lt(at));
    }
    if let Some(text) = &filter.q {
        query = query.filter(activities::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(activity: &Activity) -> Vec<String> {
    search_tokens(&[&activity.title, activity.place.as_deref().unwrap_or_default()])
}

/// Adds an activity. The caller has checked that its unit is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, activity: &Activity) -> Result<(), AppError> {
    diesel::insert_into(activities::table).values((activity, activities::tokens.eq(tokens(activity)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked activity back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut activity: Activity, now: DateTime<Utc>) -> Result<Activity, AppError> {
    activity.version += 1;
    activity.updated_at = now;
    let key = (activity.campaign_id, activity.id);
    let change = diesel::update(activities::table.find(key)).set((&activity, activities::tokens.eq(tokens(&activity))));
    Cached(change).execute(&mut conn).await?;
    Ok(activity)
}

/// Deletes a locked activity.
pub async fn delete(mut conn: &Conn, _: &Scope, activity: &Activity) -> Result<(), AppError> {
    diesel::delete(activities::table.find((activity.campaign_id, activity.id))).execute(&mut conn).await?;
    Ok(())
}

/// Other activities of the same organiser at an overlapping time, by title. One without an end counts as an hour.
pub async fn overlapping(mut conn: &Conn, _: &Scope, activity: &Activity) -> Result<Vec<String>, AppError> {
    let ends_at = activity.ends_at.unwrap_or(activity.starts_at + Duration::hours(1));
    let query = activities::table
        .filter(activities::campaign_id.eq(activity.campaign_id))
        .filter(activities::org_unit_id.eq(activity.org_unit_id))
        .filter(activities::id.ne(activity.id))
        .filter(activities::state.ne(ActivityState::Cancelled))
        .filter(activities::starts_at.lt(ends_at))
        .filter(sql::<Timestamptz>("coalesce(activities.ends_at, activities.starts_at + interval '1 hour')").gt(activity.starts_at));
    Ok(query.order(activities::starts_at).select(activities::title).limit(5).load(&mut conn).await?)
}

/// Sites of the same organiser, other than that of the activity, at an overlapping time, by name.
pub async fn overlapping_sites(mut conn: &Conn, _: &Scope, activity: &Activity) -> Result<Vec<String>, AppError> {
    let ends_at = activity.ends_at.unwrap_or(activity.starts_at + Duration::hours(1));
    let mut query = sites::table
        .filter(sites::campaign_id.eq(activity.campaign_id))
        .filter(sites::org_unit_id.eq(activity.org_unit_id))
        .filter(sites::state.eq(SiteState::Scheduled))
        .filter(sites::starts_at.lt(ends_at))
        .filter(sites::ends_at.gt(activity.starts_at))
        .into_boxed();
    if let Some(site) = activity.site_id {
        query = query.filter(sites::id.ne(site));
    }
    Ok(query.order(sites::starts_at).select(sites::name).limit(5).load(&mut conn).await?)
}

/// Activities of other organisers at the same site at an overlapping time, by title.
pub async fn overlapping_at_site(mut conn: &Conn, _: &Scope, activity: &Activity) -> Result<Vec<String>, AppError> {
    let Some(site) = activity.site_id else { return Ok(Vec::new()) };
    let ends_at = activity.ends_at.unwrap_or(activity.starts_at + Duration::hours(1));
    let query = activities::table
        .filter(activities::campaign_id.eq(activity.campaign_id))
        .filter(activities::site_id.eq(site))
        .filter(activities::org_unit_id.ne(activity.org_unit_id))
        .filter(activities::state.ne(ActivityState::Cancelled))
        .filter(activities::starts_at.lt(ends_at))
        .filter(sql::<Timestamptz>("coalesce(activities.ends_at, activities.starts_at + interval '1 hour')").gt(activity.starts_at));
    Ok(query.order(activities::starts_at).select(activities::title).limit(5).load(&mut conn).await?)
}

/// A total of one result of one kind.
#[derive(Debug, QueryableByName)]
#[allow(missing_docs)]
pub struct TotalRow {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = BigInt)]
    pub activity_count: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub value: Option<i64>,
}

/// The results of a campaign's activities in scope, by kind and code.
pub async fn totals(
    mut conn: &Conn,
    scope: &Scope,
    campaign: CampaignId,
    unit: Option<OrgUnitId>,
    phase: Option<ActivityPhase>,
) -> Result<Vec<TotalRow>, AppError> {
    let query = diesel::sql_query(include_str!("totals.sql"))
        .bind::<SqlUuid, _>(campaign)
        .bind::<Text, _>(scope.prefix())
        .bind::<Nullable<SqlUuid>, _>(unit)
        .bind::<Nullable<Text>, _>(phase.map(ActivityPhase::as_str));
    Ok(Cached(query).load(&mut conn).await?)
}

/// Begin of the earliest activity of a campaign that may not come before the window, and end of the latest that may not
/// come after it: see [`super::rules::check_phase`].
pub async fn time_span(
    mut conn: &Conn,
    _: &Scope,
    campaign: CampaignId,
) -> Result<(Option<DateTime<Utc>>, Option<DateTime<Utc>>), AppError> {
    let counted = || activities::table.filter(activities::campaign_id.eq(campaign)).filter(activities::state.ne(ActivityState::Cancelled));
    let not_before = counted().filter(activities::phase.ne(ActivityPhase::Before)).select(dsl::min(activities::starts_at));
    let end = sql::<Nullable<Timestamptz>>("max(coalesce(activities.ends_at, activities.starts_at))");
    let not_after = counted().filter(activities::phase.ne(ActivityPhase::After)).select(end);
    Ok((not_before.first(&mut conn).await?, not_after.first(&mut conn).await?))
}
