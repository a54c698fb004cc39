//! Of whom the guests of a site are made up, over HTTP.

use super::counts::{self, CellCount};
use super::model::{AgeGroup, ParticipantCategory};
use super::site_dto::{AgeCompositionOut, CategoryCompositionOut, CompositionCellOut, CompositionCounts, CompositionOut};
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::Id;
use crate::ids::SiteId;
use crate::reply::Reply;
use crate::sites;
use actix_web::get;

/// Read of whom the guests of a site are made up
///
/// By category, by band of age and by both (S55), all counted at one moment: listed, invited, accepted, attended. Guests whose
/// age is not known, collectives among them, are a row of their own; rows add up to the total. No personal data.
#[utoipa::path(tag = "participants", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = CompositionOut)))]
#[get("/sites/{id}/composition")]
pub async fn get_site_composition(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteRead)?;
    let rows = call
        .read(async |conn| {
            let site = sites::queries::find(conn, &scope, id.0).await?;
            counts::count_by_cell(conn, &scope, &site).await
        })
        .await?;
    let cells: Vec<CompositionCellOut> = rows.into_iter().map(CompositionCellOut::from).collect();
    let sum = |is_in: &dyn Fn(&CompositionCellOut) -> bool| {
        cells.iter().filter(|cell| is_in(cell)).fold(CompositionCounts::default(), |sum, cell| sum.plus(cell.counts))
    };
    let of_category = |category: ParticipantCategory| CategoryCompositionOut { category, counts: sum(&|cell| cell.category == category) };
    let of_band = |age_band: AgeGroup| AgeCompositionOut { age_band, counts: sum(&|cell| cell.age_band == age_band) };
    let total = sum(&|_| true);
    let by_category = ParticipantCategory::ALL.iter().map(|category| of_category(*category));
    let by_category = by_category.filter(|row| row.counts.listed_count > 0).collect();
    let by_age_band = AgeGroup::ALL.map(of_band).into();
    Reply::plain(&CompositionOut { site_id: id.0, as_of: call.now(), total, by_category, by_age_band, cells })
}

impl CompositionCounts {
    fn plus(self, other: Self) -> Self {
        Self {
            listed_count: self.listed_count + other.listed_count,
            invited_count: self.invited_count + other.invited_count,
            accepted_count: self.accepted_count + other.accepted_count,
            attended_count: self.attended_count + other.attended_count,
        }
    }
}

impl From<CellCount> for CompositionCellOut {
    fn from(row: CellCount) -> Self {
        let CellCount { category, age_band, listed, invited, accepted, attended } = row;
        let is_group = |group: &AgeGroup| group.band() == age_band;
        let age_band = AgeGroup::ALL.into_iter().find(is_group).unwrap_or(AgeGroup::Unknown);
        let counts = CompositionCounts { listed_count: listed, invited_count: invited, accepted_count: accepted, attended_count: attended };
        Self { category, age_band, counts }
    }
}
