//! The log of erasures over HTTP.

use super::dto::{ErasureOut, ErasureQuery};
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::error::AppError;
use crate::extract::Query;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::get;
use serde_json::json;
use uuid::Uuid;

/// List erasures
///
/// What was erased of persons, by request or at the end of the time of keeping, in counts and without names: for those who audit. Append-only.
#[utoipa::path(tag = "personal-data", params(ErasureQuery), responses((status = 200, body = Page<ErasureOut>)))]
#[get("/erasures")]
pub async fn list_erasures(call: Call, query: Query<ErasureQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ContactReadingRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |erasure, sort| {
        let key = match sort {
            "erased_at" => json!(erasure.erased_at),
            _ => json!(null),
        };
        (key, Uuid::from(erasure.id))
    });
    page.reply(rows.into_iter().map(ErasureOut::from).collect(), next, total)
}
