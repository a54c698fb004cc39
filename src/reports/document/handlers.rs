//! The document of a report over HTTP.

use super::content;
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::ReportId;
use crate::org_units::letterhead::Letterhead;
use crate::paper::{self, PaperQuery};
use crate::plans;
use crate::reply::Reply;
use crate::reports::{forms, queries};
use actix_web::get;

/// Write the document of a report
///
/// The figures and words of the report as they stand, whatever its state: as a paper by decree 30/2020/NĐ-CP with number, date and name
/// left open for who signs (`docx`), as a workbook (`xlsx`), or as one row for each indicator (`csv`, without the narrative). An indicator
/// that nothing is said of stays empty and is not zero.
#[utoipa::path(
    tag = "reports",
    params(("id" = ReportId, Path, description = "The report"), PaperQuery),
    responses((
        status = 200,
        description = "The file.",
        content(
            (String = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "text/csv", example = json!("Đơn vị báo cáo,Mã chỉ tiêu,Chỉ tiêu,Đơn vị tính,Số liệu,Ghi chú\r\nBan Chỉ đạo 138 huyện Lục Yên,leaflets,Số tờ rơi,chiếc,1406,thống kê\r\n"))
        ),
        headers(("Content-Disposition" = String))
    ))
)]
#[get("/reports/{id}/document")]
pub async fn get_report_document(call: Call, id: Id<ReportId>, query: Query<PaperQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let units_scope = call.authorize(Action::OrgUnitRead)?;
    let PaperQuery { format } = query.parse()?;
    let document = call
        .read(async |conn| {
            let report = queries::find(conn, &scope, id.0).await?;
            let campaign = campaigns::queries::find(conn, &campaign_scope, report.campaign_id).await?;
            let plan = plans::queries::top_plan(conn, campaign.id).await?;
            let letterhead = Letterhead::of(conn, &units_scope, report.org_unit_id).await?;
            let form = forms::queries::followed(conn, &scope, report.campaign_id, report.form_id).await?;
            Ok(content::of((&report, &form), &campaign, plan.as_ref(), &letterhead, call.now()))
        })
        .await?;
    paper::reply(document, format).await
}
