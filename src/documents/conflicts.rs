//! SQL of the contradictions of documents: the same in a filter, and row by row as `rules` says.

use super::model::{Alias, Document};
use super::queries::{visible, within};
use super::rules::{self, Conflict};
use crate::auth::Scope;
use crate::db::Conn;
use crate::error::AppError;
use crate::ids::DocumentId;
use crate::schema::{document_citations, documents};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};
use diesel_async::RunQueryDsl;

/// That a document has a conflict, in itself or with one that the caller can read: the same as `rules` says of rows.
pub fn has_conflict(scope: &Scope) -> Box<dyn BoxableExpression<documents::table, Pg, SqlType = Bool> + '_> {
    let paths = scope.ancestor_paths();
    Box::new(
        sql::<Bool>(
            "(cardinality(documents.conflicts) > 0 OR EXISTS (SELECT FROM documents other \
               JOIN org_units unit ON unit.id = other.org_unit_id AND (starts_with(unit.path, ",
        )
        .bind::<Text, _>(scope.prefix())
        .sql(") OR unit.path = ANY (")
        .bind::<Array<Text>, _>(paths)
        .sql(
            ")) LEFT JOIN document_citations c ON c.document_id = documents.id AND c.cited_document_id = other.id \
             WHERE other.id <> documents.id AND ( \
               other.citation_key = documents.citation_key AND other.year = documents.year \
                 AND coalesce(other.issuer_org_unit_id = documents.issuer_org_unit_id, true) \
               OR other.citation_key <> documents.citation_key AND documents.issuer_key <> '' AND other.issuer_key = documents.issuer_key \
                 AND other.issued_on = documents.issued_on AND other.subject = documents.subject \
               OR c.id IS NOT NULL AND other.issued_on > documents.issued_on \
               OR other.id = documents.replaced_by AND other.issued_on < documents.issued_on)))",
        ),
    )
}

/// Documents met at the most when conflicts of a page are looked for.
const MOST_OTHERS: i64 = 2000;

/// The conflicts of some documents: in themselves, and with others that the caller can read.
pub async fn conflicts_of(
    mut conn: &Conn,
    scope: &Scope,
    of: &[Document],
    aliases: &[Alias],
) -> Result<Vec<(DocumentId, Conflict)>, AppError> {
    let ids: Vec<DocumentId> = of.iter().map(|document| document.id).collect();
    let keys: Vec<&str> = of.iter().map(|document| document.citation_key.as_str()).collect();
    let issuers: Vec<&str> = of.iter().map(|one| one.issuer_key.as_str()).filter(|key| !key.is_empty()).collect();
    let days: Vec<NaiveDate> = of.iter().filter_map(|document| document.issued_on).collect();
    let replacements: Vec<DocumentId> = of.iter().filter_map(|document| document.replaced_by).collect();
    let alike = documents::citation_key
        .eq_any(keys)
        .or(documents::issuer_key.eq_any(issuers).and(documents::issued_on.eq_any(days)))
        .or(documents::id.eq_any(replacements));
    let others: Vec<Document> =
        documents::table.filter(visible(scope)).filter(alike).limit(MOST_OTHERS).select(Document::as_select()).load(&mut conn).await?;
    let citing = diesel::alias!(documents as citing);
    let later: Vec<(DocumentId, Document)> = documents::table
        .inner_join(document_citations::table.on(document_citations::cited_document_id.eq(documents::id.nullable())))
        .inner_join(citing.on(citing.field(documents::id).eq(document_citations::document_id)))
        .filter(document_citations::document_id.eq_any(&ids))
        .filter(documents::issued_on.gt(citing.field(documents::issued_on)))
        .filter(documents::org_unit_id.eq_any(within(scope)))
        .select((document_citations::document_id, Document::as_select()))
        .load(&mut conn)
        .await?;
    let mut found = Vec::new();
    for document in of {
        let own: Vec<Alias> = aliases.iter().filter(|alias| alias.document_id == document.id).cloned().collect();
        found.extend(rules::own_conflicts(document, &own).into_iter().map(|conflict| (document.id, conflict)));
        for other in others.iter().filter(|other| other.id != document.id) {
            found.extend(rules::cross_conflict(document, other).map(|conflict| (document.id, conflict)));
            let is_replacement = document.replaced_by == Some(other.id);
            found.extend(rules::older_replacement(document, other).filter(|_| is_replacement).map(|conflict| (document.id, conflict)));
        }
        let cited = later.iter().filter(|(citing, _)| *citing == document.id);
        found.extend(cited.filter_map(|(_, cited)| rules::later_cited(document, cited)).map(|conflict| (document.id, conflict)));
    }
    Ok(found)
}
