//! The change feed over HTTP.

use super::dto::{ChangeOut, ChangesOut, ChangesQuery};
use super::feed::{self, Wanted};
use super::queries::EventRow;
use crate::auth::Action;
use crate::call::Call;
use crate::error::{AppError, ErrorCode};
use crate::extract::Query;
use crate::ids::CampaignId;
use crate::pagination::DEFAULT_LIMIT;
use crate::reply::Reply;
use actix_web::get;

/// Read what changed
///
/// Every change in the caller's scope, oldest first, exactly once, in an order that never changes. Keep
/// `next_cursor` and send it as `after`: after any break, nothing is lost. A change appears when its
/// transaction has committed and no older one is still running. Told are the changes of objects that the
/// caller's role may read: accounts with `user_read`, participants with `participant_read`, check-ins with
/// `check_in_read`, reports and obligations with `report_read`, and so on; drafts of plans and campaigns only
/// to those who work on drafts there. `next_cursor` moves on over what is not told.
#[utoipa::path(tag = "changes", params(ChangesQuery), responses((status = 200, body = ChangesOut)))]
#[get("/changes")]
pub async fn list_changes(call: Call, query: Query<ChangesQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ChangesRead)?;
    let query = query.parse()?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let after = query.after.as_deref().map_or(Ok((0, 0)), position)?;
    let resource = query.resource.map(|name| vec![name]);
    let wanted = Wanted { after, campaign_id: query.campaign_id, resources: resource.as_deref(), limit };
    let told = call.read_long(async |conn| feed::read(conn, &scope, call.actor(), &wanted).await).await?;
    Reply::plain(&ChangesOut::from(told))
}

fn position(cursor: &str) -> Result<(i64, i64), AppError> {
    let invalid = || AppError::new(ErrorCode::CursorInvalid);
    let (xid, seq) = cursor.split_once('-').ok_or_else(invalid)?;
    Ok((xid.parse().map_err(|_| invalid())?, seq.parse().map_err(|_| invalid())?))
}

impl From<EventRow> for ChangeOut {
    fn from(row: EventRow) -> Self {
        let EventRow { campaign_id, id, xid, seq, resource, resource_id, resource_version, org_unit_id, action, occurred_at, data } = row;
        Self {
            id,
            cursor: format!("{xid}-{seq}"),
            resource,
            resource_id,
            resource_version,
            action,
            campaign_id: (!campaign_id.is_nil()).then_some(CampaignId(campaign_id)),
            org_unit_id,
            occurred_at,
            data,
        }
    }
}
