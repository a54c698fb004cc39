//! SQL of the registry.

use super::conflicts::has_conflict;
use super::dto::{CitationDirection, DocumentCitationQuery, DocumentQuery};
use super::matching::Candidate;
use super::model::{Alias, Citation, Document};
use crate::auth::Scope;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::db::{Conn, starts_with};
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::ids::{DocumentId, OrgUnitId, PlanId};
use crate::official_text::identity::citation_key;
use crate::org_units::queries::readable;
use crate::pagination::{LAST_DAY, PageRequest, or_last};
use crate::plans::model::Plan;
use crate::plans::queries::IN_FORCE;
use crate::schema::{document_aliases, document_citations, documents, org_units, plans};
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use diesel_async::RunQueryDsl;

/// An arbitrary, fixed number: of two who enter documents at once the second finds what the first has entered.
const REGISTRY: i64 = 0x6e67_6179_646f_6373;

/// Waits until nobody else enters documents, until the end of the transaction.
pub async fn lock_registry(mut conn: &Conn) -> Result<(), AppError> {
    diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(REGISTRY).execute(&mut conn).await?;
    Ok(())
}

/// That the caller can read a document: of a body within reach, or above the caller's unit.
pub fn visible(scope: &Scope) -> Box<dyn BoxableExpression<documents::table, Pg, SqlType = Bool> + '_> {
    let above = org_units::path.eq_any(scope.ancestor_paths());
    let within = org_units::table.filter(starts_with(org_units::path, scope.prefix()).or(above)).select(org_units::id);
    Box::new(documents::org_unit_id.eq_any(within))
}

/// One document that the caller can read.
pub async fn find(mut conn: &Conn, scope: &Scope, id: DocumentId) -> Result<Document, AppError> {
    Ok(documents::table.filter(documents::id.eq(id)).filter(visible(scope)).select(Document::as_select()).first(&mut conn).await?)
}

/// A document that a body names; 422 at `pointer` when the caller cannot read it.
pub async fn find_reference(conn: &Conn, scope: &Scope, id: DocumentId, pointer: &str) -> Result<Document, AppError> {
    find(conn, scope, id).await.map_err(|error| error.into_unknown_reference(pointer))
}

/// One document in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: DocumentId) -> Result<Document, AppError> {
    let query = documents::table.filter(documents::id.eq(id)).filter(is_in_scope(documents::org_unit_id, scope));
    Ok(query.select(Document::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// The document that a plan is, once it is registered.
pub async fn of_plan(mut conn: &Conn, plan: PlanId) -> Result<Option<DocumentId>, AppError> {
    Ok(documents::table.filter(documents::plan_id.eq(plan)).select(documents::id).first(&mut conn).await.optional()?)
}

/// The plans in force that are in no registry, the oldest first.
pub async fn plans_missing(mut conn: &Conn) -> Result<Vec<Plan>, AppError> {
    let known = documents::table.filter(documents::plan_id.is_not_null()).select(documents::plan_id.assume_not_null());
    let query = plans::table.filter(plans::state.eq_any(IN_FORCE)).filter(plans::id.ne_all(known));
    Ok(query.order((plans::issued_on, plans::id)).select(Plan::as_select()).load(&mut conn).await?)
}

/// Which documents of the registry those are that a plan cites, by their places in its list.
pub async fn links_of(mut conn: &Conn, plan: PlanId) -> Result<Vec<(i32, DocumentId)>, AppError> {
    let query = document_citations::table
        .inner_join(documents::table.on(documents::id.eq(document_citations::document_id)))
        .filter(documents::plan_id.eq(plan))
        .filter(document_citations::cited_document_id.is_not_null())
        .select((document_citations::no, document_citations::cited_document_id.assume_not_null()));
    Ok(query.load(&mut conn).await?)
}

/// The text of a document that was found in scope.
pub async fn body_of(mut conn: &Conn, id: DocumentId) -> Result<Option<String>, AppError> {
    Ok(documents::table.find(id).select(documents::body).first(&mut conn).await?)
}

/// The other numbers of documents that were found in scope, in order.
pub async fn aliases_of(mut conn: &Conn, ids: &[DocumentId]) -> Result<Vec<Alias>, AppError> {
    let query = document_aliases::table.filter(document_aliases::document_id.eq_any(ids)).order(document_aliases::no);
    Ok(query.select(Alias::as_select()).load(&mut conn).await?)
}

/// The citations in a document that was found in scope, in order.
pub async fn citations_of(mut conn: &Conn, id: DocumentId) -> Result<Vec<Citation>, AppError> {
    let query = document_citations::table.filter(document_citations::document_id.eq(id)).order(document_citations::no);
    Ok(query.select(Citation::as_select()).load(&mut conn).await?)
}

/// A page of the documents that the caller can read, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &DocumentQuery, page: &PageRequest) -> Result<Vec<Document>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, documents::id, {
        "created_at" => documents::created_at => DateTime<Utc>,
        "updated_at" => documents::updated_at => DateTime<Utc>,
        "issued_on" => or_last(documents::issued_on, LAST_DAY) => NaiveDate,
    });
    Ok(query.select(Document::as_select()).load(&mut conn).await?)
}

/// How many documents a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &DocumentQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a DocumentQuery) -> documents::BoxedQuery<'a, Pg> {
    let mut query = documents::table.filter(visible(scope)).into_boxed();
    if let Some(printed) = &filter.citation {
        let key = citation_key(printed);
        let under_alias =
            document_aliases::table.filter(document_aliases::citation_key.eq(key.clone())).select(document_aliases::document_id);
        query = query.filter(documents::citation_key.eq(key).or(documents::id.eq_any(under_alias)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(documents::kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(documents::state.eq(state));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(documents::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.issuer_org_unit_id {
        query = query.filter(documents::issuer_org_unit_id.eq(unit));
    }
    if let Some(plan) = filter.plan_id {
        query = query.filter(documents::plan_id.eq(plan));
    }
    if let Some(day) = filter.issued_from {
        query = query.filter(documents::issued_on.ge(day));
    }
    if let Some(day) = filter.issued_before {
        query = query.filter(documents::issued_on.lt(day));
    }
    if let Some(text) = &filter.q {
        query = query.filter(documents::tokens.contains(search_tokens(&[text])));
    }
    match filter.has_conflict {
        None => query,
        Some(true) => query.filter(has_conflict(scope)),
        Some(false) => query.filter(diesel::dsl::not(has_conflict(scope))),
    }
}

/// The bodies whose documents the caller can read.
pub fn within(scope: &Scope) -> diesel::helper_types::IntoBoxed<'_, diesel::dsl::Select<org_units::table, org_units::id>, Pg> {
    let above = org_units::path.eq_any(scope.ancestor_paths());
    org_units::table.select(org_units::id).into_boxed().filter(starts_with(org_units::path, scope.prefix()).or(above))
}

/// A page of citations of a document that the caller can read, each with the number of the document that it stands in.
pub async fn citations(
    mut conn: &Conn,
    scope: &Scope,
    id: DocumentId,
    filter: &DocumentCitationQuery,
    page: &PageRequest,
) -> Result<Vec<(Citation, String)>, AppError> {
    let query = crate::keyset!(citations_filtered(scope, id, filter), page, document_citations::id, {
        "no" => document_citations::no => i32,
    });
    Ok(query.select((Citation::as_select(), documents::document_number)).load(&mut conn).await?)
}

/// How many citations there are in all.
pub async fn count_citations(mut conn: &Conn, scope: &Scope, id: DocumentId, filter: &DocumentCitationQuery) -> Result<i64, AppError> {
    Ok(citations_filtered(scope, id, filter).count().get_result(&mut conn).await?)
}

#[diesel::dsl::auto_type]
fn citing_documents() -> _ {
    document_citations::table.inner_join(documents::table.on(documents::id.eq(document_citations::document_id)))
}

fn citations_filtered<'a>(
    scope: &'a Scope,
    id: DocumentId,
    filter: &DocumentCitationQuery,
) -> diesel::helper_types::IntoBoxed<'a, citing_documents, Pg> {
    let query = citing_documents().into_boxed().filter(documents::org_unit_id.eq_any(within(scope)));
    match filter.direction.unwrap_or(CitationDirection::Cites) {
        CitationDirection::Cites => query.filter(document_citations::document_id.eq(id)),
        CitationDirection::CitedBy => query.filter(document_citations::cited_document_id.eq(id)),
    }
}

/// The documents that the caller can read under some numbers, each with the number under which it was found.
pub async fn candidates(mut conn: &Conn, scope: &Scope, keys: &[String]) -> Result<Vec<(String, Candidate)>, AppError> {
    type Row = (String, DocumentId, Option<PlanId>, String, Option<NaiveDate>);
    let columns = (documents::id, documents::plan_id, documents::issuer_key, documents::issued_on);
    let own = documents::table.filter(documents::citation_key.eq_any(keys)).filter(documents::org_unit_id.eq_any(within(scope)));
    let (id, plan_id, issuer_key, issued_on) = columns;
    let mut rows: Vec<Row> = own.select((documents::citation_key, id, plan_id, issuer_key, issued_on)).load(&mut conn).await?;
    let under_alias = document_aliases::table
        .inner_join(documents::table)
        .filter(document_aliases::citation_key.eq_any(keys))
        .filter(documents::org_unit_id.eq_any(within(scope)));
    rows.extend(under_alias.select((document_aliases::citation_key, id, plan_id, issuer_key, issued_on)).load::<Row>(&mut conn).await?);
    let candidate = |(key, id, plan_id, issuer_key, issued_on)| (key, Candidate { id, plan_id, issuer_key, issued_on });
    Ok(rows.into_iter().map(candidate).collect())
}

/// 409 when the caller can read another document of the same number, issuer and date.
pub async fn check_new(mut conn: &Conn, scope: &Scope, document: &Document) -> Result<(), AppError> {
    let same = documents::table
        .filter(documents::citation_key.eq(&document.citation_key))
        .filter(documents::issuer_key.eq(&document.issuer_key))
        .filter(documents::issued_on.is_not_distinct_from(document.issued_on))
        .filter(documents::id.ne(document.id))
        .filter(visible(scope));
    let twin: Option<DocumentId> = same.select(documents::id).first(&mut conn).await.optional()?;
    let said = message("Sổ văn bản đã có văn bản này.", "The registry has this document already.");
    match twin {
        None => Ok(()),
        Some(_) => Err(AppError::new(ErrorCode::Duplicate).with_field(FieldError::new("/document_number", "duplicate", said))),
    }
}

/// The bodies that the caller can read under some names; a name that two have names none.
pub async fn units_named(mut conn: &Conn, scope: &Scope, names: &[String]) -> Result<Vec<(String, OrgUnitId)>, AppError> {
    let query = org_units::table.filter(org_units::name.eq_any(names)).filter(readable(scope));
    let found: Vec<(String, OrgUnitId)> = query.select((org_units::name, org_units::id)).load(&mut conn).await?;
    let is_only = |name: &str| found.iter().filter(|(other, _)| other == name).count() == 1;
    Ok(found.iter().filter(|(name, _)| is_only(name)).cloned().collect())
}

/// The name of a body that was found in scope.
pub async fn unit_name(mut conn: &Conn, unit: OrgUnitId) -> Result<String, AppError> {
    Ok(org_units::table.find(unit).select(org_units::name).first(&mut conn).await?)
}

fn tokens(document: &Document, aliases: &[Alias]) -> Vec<String> {
    let subject = document.subject.as_deref().unwrap_or_default();
    let issuer = document.issuer.as_deref().unwrap_or_default();
    let printed = aliases.iter().map(|alias| alias.printed.as_str());
    search_tokens(&[document.document_number.as_str(), subject, issuer].into_iter().chain(printed).collect::<Vec<_>>())
}

/// Adds a document with its other numbers. The caller has checked that its unit is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, document: &Document, aliases: &[Alias], body: Option<&str>) -> Result<(), AppError> {
    diesel::insert_into(documents::table)
        .values((document, documents::body.eq(body), documents::tokens.eq(tokens(document, aliases))))
        .execute(&mut conn)
        .await?;
    diesel::insert_into(document_aliases::table).values(aliases).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked document back as its next version, with its other numbers.
pub async fn save(mut conn: &Conn, _: &Scope, mut document: Document, aliases: &[Alias], now: DateTime<Utc>) -> Result<Document, AppError> {
    document.version += 1;
    document.updated_at = now;
    let change = diesel::update(documents::table.find(document.id)).set((&document, documents::tokens.eq(tokens(&document, aliases))));
    Cached(change).execute(&mut conn).await?;
    diesel::delete(document_aliases::table.filter(document_aliases::document_id.eq(document.id))).execute(&mut conn).await?;
    diesel::insert_into(document_aliases::table).values(aliases).execute(&mut conn).await?;
    Ok(document)
}

/// Replaces the text of a locked document.
pub async fn set_body(mut conn: &Conn, _: &Scope, id: DocumentId, body: Option<&str>) -> Result<(), AppError> {
    diesel::update(documents::table.find(id)).set(documents::body.eq(body)).execute(&mut conn).await?;
    Ok(())
}

/// Replaces the citations in a locked document.
pub async fn replace_citations(mut conn: &Conn, _: &Scope, id: DocumentId, citations: &[Citation]) -> Result<(), AppError> {
    diesel::delete(document_citations::table.filter(document_citations::document_id.eq(id))).execute(&mut conn).await?;
    diesel::insert_into(document_citations::table).values(citations).execute(&mut conn).await?;
    Ok(())
}

/// Deletes a locked document; the database refuses while another cites it or was replaced by it.
pub async fn delete(mut conn: &Conn, _: &Scope, document: &Document) -> Result<(), AppError> {
    diesel::delete(documents::table.find(document.id)).execute(&mut conn).await?;
    Ok(())
}
