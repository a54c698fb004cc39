//! The log of readings over HTTP.

use super::dto::{ContactReadingOut, ContactReadingQuery};
use super::readings;
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::Query;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::get;
use serde_json::json;
use uuid::Uuid;

/// List readings of contacts
///
/// Who read the contacts or all data of which guest, when and why: for those who audit. Append-only; a reading stands here before it is
/// answered (law 91/2025/QH15).
#[utoipa::path(tag = "participants", params(ContactReadingQuery), responses((status = 200, body = Page<ContactReadingOut>)))]
#[get("/contact-readings")]
pub async fn list_contact_readings(call: Call, query: Query<ContactReadingQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ContactReadingRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(readings::count(conn, &scope, &filter).await?) } else { None };
            Ok((readings::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |reading, sort| {
        let key = match sort {
            "read_at" => json!(reading.read_at),
            _ => json!(null),
        };
        (key, Uuid::from(reading.id))
    });
    page.reply(rows.into_iter().map(ContactReadingOut::from).collect(), next, total)
}
