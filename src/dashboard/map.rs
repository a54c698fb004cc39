//! The map of sites: GeoJSON (RFC 7946).

use super::handlers::check_unit;
use super::queries::{self, MapRow};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::extract::Query;
use crate::ids::{AdminUnitId, CampaignId, OrgUnitId, SiteId};
use crate::problem::Problem404;
use crate::reply::Reply;
use crate::sites::model::{PilotLevel, SiteKind, SiteState};
use actix_web::get;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Features of one map at the most; a campaign has a few thousand sites.
const FEATURES: u32 = 20_000;

/// What a map shows.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct MapQuery {
    /// Campaign; the latest one that the caller can see when absent.
    pub campaign_id: Option<CampaignId>,
    /// Only sites of this body and of all below it.
    pub org_unit_id: Option<OrgUnitId>,
    /// Only sites in this state.
    pub state: Option<SiteState>,
}

/// A FeatureCollection (RFC 7946) of sites.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteMapOut {
    /// Always `FeatureCollection`.
    #[serde(rename = "type")]
    #[schema(example = "FeatureCollection")]
    pub kind: &'static str,
    /// The sites.
    pub features: Vec<SiteFeature>,
    /// Sites of the list that have no position, neither of their own nor of their administrative unit.
    pub unlocated_count: usize,
    /// Whether there are more sites than a map holds; then ask for a part.
    pub is_truncated: bool,
}

/// One site.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteFeature {
    /// Always `Feature`.
    #[serde(rename = "type")]
    #[schema(example = "Feature")]
    pub kind: &'static str,
    /// The site.
    pub id: SiteId,
    /// Where it is; null when that is not known.
    pub geometry: Option<PointGeometry>,
    /// What it is.
    pub properties: SiteProperties,
}

/// A point: longitude, then latitude, WGS 84.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointGeometry {
    /// Always `Point`.
    #[serde(rename = "type")]
    #[schema(example = "Point")]
    pub kind: &'static str,
    /// Longitude and latitude, decimal degrees.
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2, example = json!([104.9, 21.7]))]
    pub coordinates: [f64; 2],
}

/// What a map shows of a site. No personal data, and not why an area has priority.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SiteProperties {
    pub name: String,
    pub kind: SiteKind,
    pub state: SiteState,
    pub pilot_level: PilotLevel,
    pub org_unit_id: OrgUnitId,
    pub admin_unit_id: Option<AdminUnitId>,
    pub starts_at: Option<DateTime<Utc>>,
    /// Whether the point is that of the administrative unit, since the site has none of its own.
    pub is_approximate: bool,
    pub invited: i32,
    pub entries: i32,
    pub persons: i32,
    pub present: i32,
}

/// Read the map of sites
///
/// The sites of a campaign as GeoJSON, with their figures. A site without a point of its own is shown at that of its
/// administrative unit and marked so.
#[utoipa::path(tag = "dashboards", params(MapQuery), responses((status = 200, body = SiteMapOut, content_type = "application/geo+json", headers(("ETag" = String))), (status = 404, response = Problem404)))]
#[get("/map/sites.geojson")]
pub async fn get_sites_map(call: Call, query: Query<MapQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::DashboardRead)?;
    let campaigns = call.authorize(Action::CampaignRead)?;
    let MapQuery { campaign_id, org_unit_id, state } = query.parse()?;
    let mut rows = call
        .read_long(async |conn| {
            let campaign = match campaign_id {
                Some(id) => campaigns::queries::find(conn, &campaigns, id).await?,
                None => queries::latest_campaign(conn, &campaigns).await?,
            };
            if let Some(unit) = org_unit_id {
                check_unit(conn, &scope, unit).await?;
            }
            queries::map(conn, &scope, campaign.id, org_unit_id, state, i64::from(FEATURES) + 1).await
        })
        .await?;
    let most = usize::try_from(FEATURES).unwrap_or(usize::MAX);
    let is_truncated = rows.len() > most;
    rows.truncate(most);
    let features: Vec<SiteFeature> = rows.into_iter().map(SiteFeature::from).collect();
    let unlocated_count = features.iter().filter(|feature| feature.geometry.is_none()).count();
    Ok(Reply::plain(&SiteMapOut { kind: "FeatureCollection", features, unlocated_count, is_truncated })?
        .with_media_type("application/geo+json")
        .with_content_etag())
}

impl From<MapRow> for SiteFeature {
    fn from(row: MapRow) -> Self {
        let MapRow {
            id,
            name,
            kind,
            state,
            pilot_level,
            org_unit_id,
            admin_unit_id,
            starts_at,
            point,
            unit_point,
            invited,
            entries,
            persons,
            present,
        } = row;
        let own = point.0.zip(point.1);
        let geometry = own.or(unit_point.0.zip(unit_point.1)).map(|(lat, lon)| PointGeometry { kind: "Point", coordinates: [lon, lat] });
        Self {
            kind: "Feature",
            id,
            properties: SiteProperties {
                name,
                kind,
                state,
                pilot_level,
                org_unit_id,
                admin_unit_id,
                starts_at,
                is_approximate: own.is_none() && geometry.is_some(),
                invited,
                entries,
                persons,
                present,
            },
            geometry,
        }
    }
}
