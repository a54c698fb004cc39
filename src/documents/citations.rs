//! Citations over HTTP, and their links when they are written by hand.

use super::dto::{CitationIn, DocumentCitationQuery};
use super::matching::Evidence;
use super::model::{Citation, CitationLink};
use super::out::DocumentCitationOut;
use super::queries;
use super::registry::{Known, link};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::db::Conn;
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::ids::{CitationId, DocumentId};
use crate::official_text::identity::citation_key;
use crate::pagination::Page;
use crate::reply::Reply;
use actix_web::get;
use serde_json::json;
use uuid::Uuid;

/// List the citations of a document
///
/// What it cites, or what cites it, by the documents that the caller can read. A citation that is `ambiguous` is linked to
/// none until somebody states which document it means (`PATCH /documents/{id}`, `citations`).
#[utoipa::path(tag = "documents", params(("id" = DocumentId, Path, description = "The document"), DocumentCitationQuery), responses((status = 200, body = Page<DocumentCitationOut>)))]
#[get("/documents/{id}/citations")]
pub async fn list_document_citations(call: Call, id: Id<DocumentId>, query: Query<DocumentCitationQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanRead)?;
    let (filter, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_citations(conn, &scope, id.0, &filter).await?) } else { None };
            Ok((queries::citations(conn, &scope, id.0, &filter, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |(citation, _), sort| {
        let key = if sort == "no" { json!(citation.no) } else { json!(null) };
        (key, Uuid::from(citation.id))
    });
    page.reply(rows.into_iter().map(|(citation, number)| DocumentCitationOut::new(citation, number)).collect(), next, total)
}

/// Rows of the citations in a document: each linked as it states, or as number, issuer and date tell for sure; 422 for one
/// that names a document which the caller cannot read.
pub async fn linked(conn: &Conn, scope: &Scope, document_id: DocumentId, list: Vec<CitationIn>) -> Result<Vec<Citation>, AppError> {
    let known = Known::read(conn, scope, list.iter().map(|one| one.citation.as_str())).await?;
    let mut rows = Vec::new();
    for (no, (index, one)) in (1..).zip(list.into_iter().enumerate()) {
        let CitationIn { citation, document_id: stated, clause, issuer, issued_on, subject, note } = one;
        let (cited_document_id, link) = match stated {
            Some(id) => {
                let cited = queries::find_reference(conn, scope, id, &format!("/citations/{index}/document_id")).await?;
                (Some(cited.id), CitationLink::Linked)
            }
            None => {
                let evidence = Evidence::new(issuer.as_ref().map(|issuer| issuer.as_str()), issued_on, None);
                link(known.meant(document_id, &[citation.as_str()], &evidence))
            }
        };
        rows.push(Citation {
            id: CitationId::new(),
            document_id,
            no,
            cited_document_id,
            link,
            citation_key: citation_key(citation.as_str()),
            citation: citation.into_string(),
            clause: clause.map(String::from),
            issuer: issuer.map(String::from),
            issued_on,
            subject: subject.map(String::from),
            note: note.map(String::from),
        });
    }
    Ok(rows)
}
