//! The results of activities over HTTP: recorded by the codes that the kind asks for, and totalled.

use super::dto::{ActivityOut, ActivityResultsIn, ActivityTotalOut, ActivityTotalsOut, ActivityTotalsQuery};
use super::handlers::event;
use super::queries::{self, TotalRow};
use super::rules;
use crate::activity_kinds;
use crate::activity_kinds::model::{ActivityKind, ResultValueKind};
use crate::activity_kinds::results::ActivityResults;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::{AppError, Language, message};
use crate::extract::{Body, Id, Query};
use crate::ids::{ActivityId, CampaignId};
use crate::org_units;
use crate::reply::Reply;
use actix_web::{get, put};
use std::fmt::Write;

/// Record the results of an activity
///
/// The whole of them, by the codes that its kind asks for, once it was held; those that were recorded before are replaced. 422 at
/// `/results/<code>` for one that is not asked for, is of the wrong type, or is required and missing.
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path, description = "The activity")), request_body = ActivityResultsIn, responses((status = 200, body = ActivityOut)))]
#[put("/activities/{id}/results")]
pub async fn set_activity_results(call: Call, id: Id<ActivityId>, body: Body<ActivityResultsIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ActivityWrite)?;
    let if_match = call.if_match()?;
    let results = ActivityResults(body.parse()?.results);
    let me = call.clone();
    call.write(async move |conn| {
        let mut activity = queries::lock(conn, &scope, id.0).await?;
        if_match.check(activity.version)?;
        campaigns::queries::hold_open(conn, activity.campaign_id).await?;
        rules::check_held(&activity)?;
        let kind = activity_kinds::queries::hold(conn, activity.campaign_id, &activity.kind).await?;
        let kind = kind.ok_or_else(|| AppError::internal("an activity has no kind"))?;
        activity_kinds::rules::check_results(&kind, &results)?;
        activity.results = results.clone();
        let state = activity.state;
        let activity = queries::save(conn, &scope, activity, me.now()).await?;
        me.record(conn, event(&activity, "results_recorded", Some(state))).await?;
        let version = activity.version;
        Reply::ok(&ActivityOut::new(activity, Vec::new()), version)
    })
    .await
}

/// Total the results of activities
///
/// By kind and code, over the activities of the bodies in the caller's reach, or of one of them with those below it. Each total
/// leads to the activities that it adds up.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), ActivityTotalsQuery), responses((status = 200, body = ActivityTotalsOut)))]
#[get("/campaigns/{id}/activity-results")]
pub async fn get_activity_results(call: Call, id: Id<CampaignId>, query: Query<ActivityTotalsQuery>) -> Result<Reply, AppError> {
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let scope = call.authorize(Action::ActivityRead)?;
    let query = query.parse()?;
    let (rows, kinds) = call
        .read_long(async |conn| {
            let campaign = campaigns::queries::find(conn, &campaign_scope, id.0).await?;
            if let Some(unit) = query.org_unit_id {
                org_units::queries::find_reference(conn, &scope, unit, "?org_unit_id").await.map_err(AppError::in_query)?;
            }
            let rows = queries::totals(conn, &scope, campaign.id, query.org_unit_id, query.phase).await?;
            Ok((rows, activity_kinds::queries::of_campaign(conn, campaign.id).await?))
        })
        .await?;
    let total = |row| total(id.0, &query, &kinds, row, call.language());
    Reply::plain(&ActivityTotalsOut { campaign_id: id.0, as_of: call.now(), totals: rows.into_iter().map(total).collect() })
}

fn total(campaign: CampaignId, query: &ActivityTotalsQuery, kinds: &[ActivityKind], row: TotalRow, language: Language) -> ActivityTotalOut {
    let TotalRow { kind, code, activity_count, value } = row;
    let fields = kinds.iter().find(|known| known.code == kind).map(|known| known.result_fields.0.as_slice()).unwrap_or_default();
    let field = fields.iter().find(|field| field.code == code);
    let in_language = |vi: &str, en: &str| message(vi.to_owned(), en.to_owned()).in_language(language);
    let mut link = format!("/api/v1/activities?campaign_id={campaign}&kind={kind}&result_code={code}");
    // Writing to a text does not fail.
    if let Some(unit) = query.org_unit_id {
        let _ = write!(link, "&under_org_unit_id={unit}");
    }
    if let Some(phase) = query.phase {
        let _ = write!(link, "&phase={phase}");
    }
    ActivityTotalOut {
        name: field.map_or_else(|| code.clone(), |field| in_language(&field.name_vi, &field.name_en)),
        unit: field.map_or_else(String::new, |field| in_language(&field.unit_vi, &field.unit_en)),
        value_kind: field.map_or(ResultValueKind::Integer, |field| field.value_kind),
        kind,
        code,
        activity_count,
        value,
        link,
    }
}
