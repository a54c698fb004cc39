//! SQL of imports.

use super::dto::{ParticipantImportQuery, ParticipantImportRowQuery};
use super::model::{ImportRow, ImportState, ParticipantImport};
use super::rows::Guest;
use super::worker::Claim;
use crate::auth::Scope;
use crate::db::Conn;
use crate::db::in_scope::{in_scope, is_in_scope};
use crate::error::AppError;
use crate::ids::{ParticipantId, ParticipantImportId};
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::schema::{participant_import_keys, participant_import_rows, participant_imports, site_counters};
use crate::sites::model::Site;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use std::collections::HashMap;
use uuid::Uuid;

/// One import in scope.
pub async fn find(mut conn: &Conn, scope: &Scope, id: ParticipantImportId) -> Result<ParticipantImport, AppError> {
    let query =
        participant_imports::table.filter(participant_imports::id.eq(id)).filter(is_in_scope(participant_imports::org_unit_id, scope));
    Ok(query.select(ParticipantImport::as_select()).first(&mut conn).await?)
}

/// One import in scope, locked until the end of the transaction.
pub async fn lock(mut conn: &Conn, scope: &Scope, id: ParticipantImportId) -> Result<ParticipantImport, AppError> {
    let query =
        participant_imports::table.filter(participant_imports::id.eq(id)).filter(is_in_scope(participant_imports::org_unit_id, scope));
    Ok(query.select(ParticipantImport::as_select()).for_no_key_update().first(&mut conn).await?)
}

/// A page of imports in scope, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ParticipantImportQuery,
    page: &PageRequest,
) -> Result<Vec<ParticipantImport>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, participant_imports::id, {
        "created_at" => participant_imports::created_at => DateTime<Utc>,
    });
    Ok(query.select(ParticipantImport::as_select()).load(&mut conn).await?)
}

/// How many imports a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ParticipantImportQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &ParticipantImportQuery) -> participant_imports::BoxedQuery<'a, diesel::pg::Pg> {
    let mut query = participant_imports::table.filter(in_scope(participant_imports::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(participant_imports::campaign_id.eq(campaign));
    }
    if let Some(site) = filter.site_id {
        query = query.filter(participant_imports::site_id.eq(site));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(participant_imports::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(participant_imports::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(state) = filter.state {
        query = query.filter(participant_imports::state.eq(state));
    }
    if let Some(format) = filter.format {
        query = query.filter(participant_imports::format.eq(format));
    }
    if let Some(is_dry_run) = filter.is_dry_run {
        query = query.filter(participant_imports::is_dry_run.eq(is_dry_run));
    }
    if let Some(account) = filter.created_by {
        query = query.filter(participant_imports::created_by.eq(account));
    }
    if let Some(at) = filter.created_from {
        query = query.filter(participant_imports::created_at.ge(at));
    }
    if let Some(at) = filter.created_before {
        query = query.filter(participant_imports::created_at.lt(at));
    }
    query
}

/// A page of the verdicts of an import that was found in scope, with one row more than it holds.
pub async fn list_rows(
    mut conn: &Conn,
    _: &Scope,
    import: &ParticipantImport,
    filter: &ParticipantImportRowQuery,
    page: &PageRequest,
) -> Result<Vec<ImportRow>, AppError> {
    let query = crate::keyset!(filtered_rows(import, filter), page, participant_import_rows::id, {
        "line" => participant_import_rows::line => i32,
    });
    Ok(query.select(ImportRow::as_select()).load(&mut conn).await?)
}

/// How many verdicts a list has in all.
pub async fn count_rows(
    mut conn: &Conn,
    _: &Scope,
    import: &ParticipantImport,
    filter: &ParticipantImportRowQuery,
) -> Result<i64, AppError> {
    Ok(filtered_rows(import, filter).count().get_result(&mut conn).await?)
}

fn filtered_rows(
    import: &ParticipantImport,
    filter: &ParticipantImportRowQuery,
) -> participant_import_rows::BoxedQuery<'static, diesel::pg::Pg> {
    let mut query = participant_import_rows::table
        .filter(participant_import_rows::campaign_id.eq(import.campaign_id))
        .filter(participant_import_rows::import_id.eq(import.id))
        .into_boxed();
    if let Some(verdict) = filter.verdict {
        query = query.filter(participant_import_rows::verdict.eq(verdict));
    }
    if let Some(line) = filter.line {
        query = query.filter(participant_import_rows::line.eq(line));
    }
    query
}

/// How many guests a site has on its list.
pub async fn listed(mut conn: &Conn, _: &Scope, site: &Site) -> Result<i32, AppError> {
    Ok(site_counters::table.find((site.campaign_id, site.id)).select(site_counters::listed).first(&mut conn).await?)
}

/// Adds an import. The caller has checked that its site is in scope.
pub async fn insert(mut conn: &Conn, _: &Scope, import: &ParticipantImport) -> Result<(), AppError> {
    diesel::insert_into(participant_imports::table).values(import).execute(&mut conn).await?;
    Ok(())
}

/// The import that has waited longest and that nobody works on, locked; with how often it was taken over in vain. For the
/// service itself.
pub async fn lock_waiting(mut conn: &Conn, now: DateTime<Utc>) -> Result<Option<(ParticipantImport, i32)>, AppError> {
    let is_left = participant_imports::state.eq(ImportState::Running).and(participant_imports::lease_until.lt(now));
    let query = participant_imports::table
        .filter(participant_imports::state.eq(ImportState::Queued).or(is_left))
        .order((participant_imports::created_at, participant_imports::id))
        .select((ParticipantImport::as_select(), participant_imports::attempts))
        .for_no_key_update()
        .skip_locked();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Takes a locked import over until an instant.
pub async fn take(mut conn: &Conn, claim: &Claim, import: &ParticipantImport, until: DateTime<Utc>) -> Result<(), AppError> {
    let changes = (
        participant_imports::state.eq(import.state),
        participant_imports::version.eq(import.version),
        participant_imports::started_at.eq(import.started_at),
        participant_imports::updated_at.eq(import.updated_at),
        participant_imports::lease_token.eq(claim.token),
        participant_imports::lease_until.eq(until),
        participant_imports::attempts.eq(participant_imports::attempts + 1),
    );
    diesel::update(participant_imports::table.find((claim.campaign_id, claim.id))).set(changes).execute(&mut conn).await?;
    Ok(())
}

/// The import of a claim, as long as nobody else has taken it over and it is not over.
pub async fn find_claimed(mut conn: &Conn, claim: &Claim) -> Result<Option<ParticipantImport>, AppError> {
    let query = participant_imports::table
        .find((claim.campaign_id, claim.id))
        .filter(participant_imports::lease_token.eq(claim.token))
        .filter(participant_imports::state.eq(ImportState::Running));
    Ok(query.select(ParticipantImport::as_select()).first(&mut conn).await.optional()?)
}

/// The same, locked until the end of the transaction.
pub async fn lock_claimed(mut conn: &Conn, claim: &Claim) -> Result<Option<ParticipantImport>, AppError> {
    let query = participant_imports::table
        .find((claim.campaign_id, claim.id))
        .filter(participant_imports::lease_token.eq(claim.token))
        .filter(participant_imports::state.eq(ImportState::Running));
    Ok(query.select(ParticipantImport::as_select()).for_no_key_update().first(&mut conn).await.optional()?)
}

/// Writes a locked import back. `until` is how long whoever works on it may go on; none when it is over.
pub async fn save(mut conn: &Conn, import: &ParticipantImport, until: Option<DateTime<Utc>>) -> Result<(), AppError> {
    let changes = (
        participant_imports::state.eq(import.state),
        participant_imports::position_bytes.eq(import.position_bytes),
        participant_imports::next_line.eq(import.next_line),
        participant_imports::read_count.eq(import.read_count),
        participant_imports::added_count.eq(import.added_count),
        participant_imports::repeated_count.eq(import.repeated_count),
        participant_imports::refused_count.eq(import.refused_count),
        participant_imports::categories.eq(&import.categories),
        participant_imports::error_code.eq(&import.error_code),
        participant_imports::error_vi.eq(&import.error_vi),
        participant_imports::error_en.eq(&import.error_en),
        participant_imports::version.eq(import.version),
        participant_imports::updated_at.eq(import.updated_at),
        participant_imports::finished_at.eq(import.finished_at),
        participant_imports::lease_until.eq(until),
        participant_imports::attempts.eq(0),
    );
    diesel::update(participant_imports::table.find((import.campaign_id, import.id))).set(changes).execute(&mut conn).await?;
    Ok(())
}

/// Waits until no other import adds guests to the site, and keeps others waiting until the end of the transaction: two files of
/// the same guests at once add them once. Everybody else goes on.
pub async fn lock_list(mut conn: &Conn, site: &Site) -> Result<(), AppError> {
    let number = site.id.0.as_bytes().iter().fold(0_i64, |number, byte| number.wrapping_mul(31).wrapping_add(i64::from(*byte)));
    diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(number).execute(&mut conn).await?;
    Ok(())
}

// The key of the name leads in the index, which duplicates are found by too. Of one who is merged, who it is merged into is on the list.
const KNOWN: &str = "SELECT DISTINCT ON (p.identity) p.identity, coalesce(p.merged_into_id, p.id) AS id
    FROM unnest($3, $4) AS k (name_key, identity)
    JOIN participants p ON p.campaign_id = $1 AND p.site_id = $2 AND p.name_key = k.name_key AND p.identity = k.identity
    ORDER BY p.identity, p.merged_into_id IS NOT NULL, p.id";

#[derive(QueryableByName)]
struct KnownGuest {
    #[diesel(sql_type = SqlUuid)]
    identity: Uuid,
    #[diesel(sql_type = SqlUuid)]
    id: ParticipantId,
}

/// Who of some guests is on the list of a site, the first one listed of each; of a dry run also whom it met before, without an id.
pub async fn known(
    mut conn: &Conn,
    import: &ParticipantImport,
    guests: &[&Guest],
) -> Result<HashMap<Uuid, Option<ParticipantId>>, AppError> {
    let mut known = HashMap::new();
    let identities: Vec<Uuid> = guests.iter().map(|guest| guest.identity).collect();
    if import.is_dry_run {
        let met: Vec<Uuid> = participant_import_keys::table
            .filter(participant_import_keys::campaign_id.eq(import.campaign_id))
            .filter(participant_import_keys::import_id.eq(import.id))
            .filter(participant_import_keys::identity.eq_any(&identities))
            .select(participant_import_keys::identity)
            .load(&mut conn)
            .await?;
        known.extend(met.into_iter().map(|identity| (identity, None)));
    }
    let query = diesel::sql_query(KNOWN)
        .bind::<SqlUuid, _>(import.campaign_id)
        .bind::<SqlUuid, _>(import.site_id)
        .bind::<Array<SqlUuid>, _>(guests.iter().map(|guest| guest.name_key).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(identities);
    let listed: Vec<KnownGuest> = crate::db::cached::Cached(query).load(&mut conn).await?;
    known.extend(listed.into_iter().map(|guest| (guest.identity, Some(guest.id))));
    Ok(known)
}

/// Remembers whom a dry run would have added.
pub async fn insert_keys(mut conn: &Conn, import: &ParticipantImport, guests: &[(ParticipantId, &Guest)]) -> Result<(), AppError> {
    let insert = diesel::sql_query(
        "INSERT INTO participant_import_keys (campaign_id, import_id, identity) SELECT $1, $2, k.identity FROM unnest($3) AS k (identity)",
    );
    let insert = insert.bind::<SqlUuid, _>(import.campaign_id).bind::<SqlUuid, _>(import.id);
    let identities: Vec<Uuid> = guests.iter().map(|(_, guest)| guest.identity).collect();
    insert.bind::<Array<SqlUuid>, _>(identities).execute(&mut conn).await?;
    Ok(())
}

const INSERT_GUESTS: &str = "INSERT INTO participants (campaign_id, id, site_id, org_unit_id, kind, category, state, full_name, title,
        organisation, representative_name, age_band, tokens, identity, name_key, import_id, created_at, updated_at)
    SELECT $1, g.id, $2, $3, g.kind, g.category, 'listed', g.full_name, g.title, g.organisation, g.representative_name, g.age_band,
        string_to_array(g.tokens, ' '), g.identity, g.name_key, $4, $5, $5
    FROM unnest($6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        AS g (id, kind, category, full_name, title, organisation, representative_name, age_band, tokens, identity, name_key)";

/// Lists guests, all in one statement.
pub async fn insert_guests(
    mut conn: &Conn,
    import: &ParticipantImport,
    guests: &[(ParticipantId, &Guest)],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let text = |of: fn(&Guest) -> &str| guests.iter().map(|(_, guest)| of(guest)).collect::<Vec<&str>>();
    let optional = |of: fn(&Guest) -> Option<&str>| guests.iter().map(|(_, guest)| of(guest)).collect::<Vec<Option<&str>>>();
    let insert = diesel::sql_query(INSERT_GUESTS)
        .bind::<SqlUuid, _>(import.campaign_id)
        .bind::<SqlUuid, _>(import.site_id)
        .bind::<SqlUuid, _>(import.org_unit_id)
        .bind::<SqlUuid, _>(import.id)
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(guests.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(text(|guest| guest.kind.as_str()))
        .bind::<Array<Text>, _>(text(|guest| guest.category.as_str()))
        .bind::<Array<Text>, _>(text(|guest| &guest.full_name))
        .bind::<Array<Nullable<Text>>, _>(optional(|guest| guest.title.as_deref()))
        .bind::<Array<Nullable<Text>>, _>(optional(|guest| guest.organisation.as_deref()))
        .bind::<Array<Nullable<Text>>, _>(optional(|guest| guest.representative_name.as_deref()))
        .bind::<Array<Nullable<Text>>, _>(optional(|guest| guest.age_band.map(|band| band.as_str())))
        .bind::<Array<Text>, _>(text(|guest| &guest.tokens))
        .bind::<Array<SqlUuid>, _>(guests.iter().map(|(_, guest)| guest.identity).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(guests.iter().map(|(_, guest)| guest.name_key).collect::<Vec<_>>());
    crate::db::cached::Cached(insert).execute(&mut conn).await?;
    Ok(())
}

/// Keeps verdicts.
pub async fn insert_rows(mut conn: &Conn, rows: &[ImportRow]) -> Result<(), AppError> {
    for some in rows.chunks(1000) {
        diesel::insert_into(participant_import_rows::table).values(some).execute(&mut conn).await?;
    }
    Ok(())
}
