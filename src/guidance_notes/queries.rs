//! SQL of guidance notes.

use super::dto::GuidanceNoteQuery;
use super::model::{GuidanceNote, GuidanceState};
use crate::auth::Scope;
use crate::db::cached::Cached;
use crate::db::in_scope::is_in_scope;
use crate::db::{Conn, starts_with};
use crate::error::AppError;
use crate::ids::GuidanceNoteId;
use crate::org_units::queries::units_drafted_by;
use crate::pagination::{LAST_DAY, PageRequest, or_last};
use crate::schema::{guidance_notes, org_units};
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;

/// That the caller can read a note: an issued one within reach or from above the caller's unit, and drafts where the
/// caller works on them.
fn visible(scope: &Scope) -> Box<dyn BoxableExpression<guidance_notes::table, Pg, SqlType = Bool> + '_> {
    let above = org_units::path.eq_any(scope.ancestor_paths());
    let readable = org_units::table.filter(starts_with(org_units::path, scope.prefix()).or(above)).select(org_units::id);
    Box::new(
        guidance_notes::state
            .eq(GuidanceState::Issued)
            .and(guidance_notes::org_unit_id.eq_any(readable))
            .or(guidance_notes::org_unit_id.eq_any(units_drafted_by(scope))),
    )
}

/// One note that the caller can read.
pub async fn find(mut conn: &Conn, scope: &Scope, id: GuidanceNoteId) -> Result<GuidanceNote, AppError> {
    let query = guidance_notes::table.filter(guidance_notes::id.eq(id)).filter(visible(scope));
    Ok(query.select(GuidanceNote::as_select()).first(&mut conn).await?)
}

/// One note in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: GuidanceNoteId) -> Result<GuidanceNote, AppError> {
    let query = guidance_notes::table.filter(guidance_notes::id.eq(id)).filter(is_in_scope(guidance_notes::org_unit_id, scope));
    Ok(query.select(GuidanceNote::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of the notes that the caller can read, with one row more than it holds.
pub async fn list(mut conn: &Conn, scope: &Scope, filter: &GuidanceNoteQuery, page: &PageRequest) -> Result<Vec<GuidanceNote>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, guidance_notes::id, {
        "created_at" => guidance_notes::created_at => DateTime<Utc>,
        "updated_at" => guidance_notes::updated_at => DateTime<Utc>,
        "issued_on" => or_last(guidance_notes::issued_on, LAST_DAY) => NaiveDate,
    });
    Ok(query.select(GuidanceNote::as_select()).load(&mut conn).await?)
}

/// How many notes a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &GuidanceNoteQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &'a GuidanceNoteQuery) -> guidance_notes::BoxedQuery<'a, Pg> {
    let mut query = guidance_notes::table.filter(visible(scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(guidance_notes::campaign_id.eq(campaign));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(guidance_notes::org_unit_id.eq(unit));
    }
    if let Some(state) = filter.state {
        query = query.filter(guidance_notes::state.eq(state));
    }
    if let Some(clause) = &filter.clause {
        query = query.filter(guidance_notes::clause.eq(clause));
    }
    if let Some(text) = &filter.q {
        query = query.filter(guidance_notes::tokens.contains(search_tokens(&[text])));
    }
    query
}

fn tokens(note: &GuidanceNote) -> Vec<String> {
    search_tokens(&[&note.title, &note.body, note.document_number.as_deref().unwrap_or_default()])
}

/// Adds a note. The caller has checked that its issuer is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, note: &GuidanceNote) -> Result<(), AppError> {
    diesel::insert_into(guidance_notes::table).values((note, guidance_notes::tokens.eq(tokens(note)))).execute(&mut conn).await?;
    Ok(())
}

/// Writes a locked note back as its next version.
pub async fn save(mut conn: &Conn, _: &Scope, mut note: GuidanceNote, now: DateTime<Utc>) -> Result<GuidanceNote, AppError> {
    note.version += 1;
    note.updated_at = now;
    let target = guidance_notes::table.find((note.campaign_id, note.id));
    let change = diesel::update(target).set((&note, guidance_notes::tokens.eq(tokens(&note))));
    Cached(change).execute(&mut conn).await?;
    Ok(note)
}

/// Deletes a locked note.
pub async fn delete(mut conn: &Conn, _: &Scope, note: &GuidanceNote) -> Result<(), AppError> {
    diesel::delete(guidance_notes::table.find((note.campaign_id, note.id))).execute(&mut conn).await?;
    Ok(())
}
