//! Imports are read over HTTP.

use super::dto::{ParticipantImportOut, ParticipantImportQuery, ParticipantImportRowOut, ParticipantImportRowQuery};
use super::model::ParticipantImport;
use super::queries;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::db::Conn;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::ParticipantImportId;
use crate::pagination::Page;
use crate::participants::model::ParticipantCategory;
use crate::participants::{rules, steps};
use crate::reply::Reply;
use crate::sites;
use crate::warning::Warning;
use actix_web::get;
use serde_json::json;
use uuid::Uuid;

/// List imports of guests
///
/// Those for the sites in the caller's subtree.
#[utoipa::path(tag = "participant-imports", params(ParticipantImportQuery), responses((status = 200, body = Page<ParticipantImportOut>)))]
#[get("/participant-imports")]
pub async fn list_participant_imports(call: Call, query: Query<ParticipantImportQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let total = if page.with_total { Some(queries::count(conn, &scope, &filter).await?) } else { None };
            Ok((queries::list(conn, &scope, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |import, sort| {
        let key = if sort == "created_at" { json!(import.created_at) } else { json!(null) };
        (key, Uuid::from(import.id))
    });
    page.reply(rows.into_iter().map(|import| ParticipantImportOut::new(import, Vec::new(), call.language())).collect(), next, total)
}

/// Read how far an import of guests is
///
/// It moves by itself, and so has no version. Warnings are those of the guests that were added, as the site stands now.
#[utoipa::path(tag = "participant-imports", params(("id" = ParticipantImportId, Path, description = "The import")), responses((status = 200, body = ParticipantImportOut)))]
#[get("/participant-imports/{id}")]
pub async fn get_participant_import(call: Call, id: Id<ParticipantImportId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantRead)?;
    let (import, warnings) = call
        .read(async |conn| {
            let import = queries::find(conn, &scope, id.0).await?;
            let warnings = warnings(conn, &call, &scope, &import).await?;
            Ok((import, warnings))
        })
        .await?;
    Reply::plain(&ParticipantImportOut::new(import, warnings, call.language()))
}

/// What listing the guests one by one would have pointed out.
async fn warnings(conn: &Conn, call: &Call, scope: &Scope, import: &ParticipantImport) -> Result<Vec<Warning>, AppError> {
    if import.added_count == 0 {
        return Ok(Vec::new());
    }
    let site = sites::queries::find(conn, scope, import.site_id).await?;
    let mut warnings = Vec::new();
    for category in ParticipantCategory::ALL.iter().filter(|category| import.categories.iter().any(|code| code == category.as_str())) {
        warnings.extend(steps::template_warnings(conn, call, &site, *category).await?);
    }
    let added = if import.is_dry_run { import.added_count } else { 0 };
    let listed = queries::listed(conn, scope, &site).await?.saturating_add(added);
    let full = rules::more_than_seats(&site, listed);
    warnings.extend(full.map(|text| Warning::new("more_guests_than_seats", &text, None, call.language())));
    Ok(warnings)
}

/// List the rows of an import that were not added
///
/// Each with its line, its verdict and all that is wrong with it, in the order of the file. What stood in the row is not repeated.
#[utoipa::path(tag = "participant-imports", params(("id" = ParticipantImportId, Path, description = "The import"), ParticipantImportRowQuery), responses((status = 200, body = Page<ParticipantImportRowOut>)))]
#[get("/participant-imports/{id}/rows")]
pub async fn list_participant_import_rows(
    call: Call,
    id: Id<ParticipantImportId>,
    query: Query<ParticipantImportRowQuery>,
) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let import = queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_rows(conn, &scope, &import, &filter).await?) } else { None };
            Ok((queries::list_rows(conn, &scope, &import, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = if sort == "line" { json!(row.line) } else { json!(null) };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(|row| ParticipantImportRowOut::new(row, call.language())).collect(), next, total)
}
