//! The outbox over HTTP: read only.

use super::dto::{MailDeliveryOut, MailDeliveryQuery};
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::MailDeliveryId;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::get;
use serde_json::json;
use uuid::Uuid;

/// List mail deliveries
///
/// Which reminders went out by mail, to which accounts of the caller's subtree, and what became of them. Empty where the service
/// has no mail server. `with_total=true` with `state` counts what waits, failed or is not known.
#[utoipa::path(tag = "reminders", params(MailDeliveryQuery), responses((status = 200, body = Page<MailDeliveryOut>)))]
#[get("/mail-deliveries")]
pub async fn list_mail_deliveries(call: Call, query: Query<MailDeliveryQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |delivery, sort| {
        let key = match sort {
            "created_at" => json!(delivery.created_at),
            _ => json!(null),
        };
        (key, Uuid::from(delivery.id))
    });
    page.reply(rows.into_iter().map(MailDeliveryOut::from).collect(), next, total)
}

/// Read a mail delivery
#[utoipa::path(tag = "reminders", params(("id" = MailDeliveryId, Path, description = "The mail delivery")), responses((status = 200, body = MailDeliveryOut)))]
#[get("/mail-deliveries/{id}")]
pub async fn get_mail_delivery(call: Call, id: Id<MailDeliveryId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ReportRead)?;
    let delivery = call.read(async |conn| queries::find(conn, &scope, id.0).await).await?;
    Reply::plain(&MailDeliveryOut::from(delivery))
}
