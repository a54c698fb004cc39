//! The nominations of a campaign over HTTP: who has nominated, and who has not.

use super::dto::{DistrictNominationsOut, NominatedSiteOut, NominationsOut, NominationsQuery, ProvincialSelectionOut, rule_members};
use super::model::Campaign;
use super::queries;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::db::Conn;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::{CampaignId, OrgUnitId};
use crate::plans::parameters::Cited;
use crate::reply::Reply;
use crate::{plans, sites};
use actix_web::get;

/// Nominations of a campaign, and their gaps
///
/// For each district committee in the caller's reach what it has nominated, and whether that is enough (R4, III.3):
/// a gap to be followed up, never a refusal. And how many sites the province has selected (R3, II.2.2.1).
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), NominationsQuery), responses((status = 200, body = NominationsOut)))]
#[get("/campaigns/{id}/nominations")]
pub async fn get_campaign_nominations(call: Call, id: Id<CampaignId>, query: Query<NominationsQuery>) -> Result<Reply, AppError> {
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let scope = call.authorize(Action::SiteRead)?;
    let NominationsQuery { under_org_unit_id } = query.parse()?;
    let nominations = call
        .read(async |conn| {
            let campaign = queries::find(conn, &campaign_scope, id.0).await?;
            let districts = districts(conn, &scope, &campaign, under_org_unit_id).await?;
            let (rule_id, clause) = rule_members(plans::queries::rule_ref(conn, campaign.id, Cited::DistrictNominations).await?);
            let missing_count = districts.iter().map(|district| i64::from(district.is_missing)).sum();
            let province = selection(conn, &scope, &campaign).await?;
            Ok(NominationsOut { campaign_id: campaign.id, districts, missing_count, province, rule_id, clause })
        })
        .await?;
    Reply::plain(&nominations)
}

async fn districts(
    conn: &Conn,
    scope: &Scope,
    campaign: &Campaign,
    under: Option<OrgUnitId>,
) -> Result<Vec<DistrictNominationsOut>, AppError> {
    let nominated = sites::queries::nominated(conn, scope, campaign.id).await?;
    let committees = queries::district_committees(conn, scope, campaign, under).await?;
    let district = |(org_unit_id, name)| {
        let own = nominated.iter().filter(|site| site.nominated_by == Some(org_unit_id));
        let sites: Vec<_> = own
            .map(|site| NominatedSiteOut { id: site.id, name: site.name.clone(), state: site.state, pilot_level: site.pilot_level })
            .collect();
        let nominated_count = i64::try_from(sites.len()).unwrap_or(i64::MAX);
        let min_count = campaign.min_district_nominations;
        DistrictNominationsOut { org_unit_id, name, nominated_count, min_count, is_missing: nominated_count < i64::from(min_count), sites }
    };
    Ok(committees.into_iter().map(district).collect())
}

async fn selection(conn: &Conn, scope: &Scope, campaign: &Campaign) -> Result<ProvincialSelectionOut, AppError> {
    let selected_count = sites::queries::count_provincial(conn, scope, campaign.id).await?;
    let (rule_id, clause) = rule_members(plans::queries::rule_ref(conn, campaign.id, Cited::ProvincialPilots).await?);
    Ok(ProvincialSelectionOut { selected_count, required_count: campaign.provincial_pilot_count, rule_id, clause })
}
