//! The log of readings: rows and SQL. Append-only.

use super::dto::ContactReadingQuery;
use super::model::{ContactReading, ReadContent};
use crate::auth::Scope;
use crate::call::Call;
use crate::db::Conn;
use crate::db::in_scope::in_scope;
use crate::error::AppError;
use crate::ids::ContactReadingId;
use crate::org_units::queries::units_under;
use crate::pagination::PageRequest;
use crate::participants::model::Participant;
use crate::schema::contact_readings;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// Logs that the caller reads of a guest who was found in scope. In the transaction of the reading, before the answer.
pub async fn log(mut conn: &Conn, _: &Scope, call: &Call, guest: &Participant, content: ReadContent, reason: &str) -> Result<(), AppError> {
    let reading = ContactReading {
        campaign_id: guest.campaign_id,
        id: ContactReadingId::new(),
        participant_id: guest.id,
        site_id: guest.site_id,
        org_unit_id: guest.org_unit_id,
        reader_id: call.actor().id,
        reader_role: call.actor().role.as_str().to_owned(),
        content,
        reason: reason.to_owned(),
        read_at: call.now(),
    };
    diesel::insert_into(contact_readings::table).values(&reading).execute(&mut conn).await?;
    Ok(())
}

/// A page of readings of guests of bodies in scope, with one row more than it holds.
pub async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ContactReadingQuery,
    page: &PageRequest,
) -> Result<Vec<ContactReading>, AppError> {
    let query = crate::keyset!(filtered(scope, filter), page, contact_readings::id, {
        "read_at" => contact_readings::read_at => DateTime<Utc>,
    });
    Ok(query.select(ContactReading::as_select()).load(&mut conn).await?)
}

/// How many readings a list has in all.
pub async fn count(mut conn: &Conn, scope: &Scope, filter: &ContactReadingQuery) -> Result<i64, AppError> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

fn filtered<'a>(scope: &'a Scope, filter: &ContactReadingQuery) -> contact_readings::BoxedQuery<'a, Pg> {
    let mut query = contact_readings::table.filter(in_scope(contact_readings::org_unit_id, scope)).into_boxed();
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(contact_readings::campaign_id.eq(campaign));
    }
    if let Some(participant) = filter.participant_id {
        query = query.filter(contact_readings::participant_id.eq(participant));
    }
    if let Some(site) = filter.site_id {
        query = query.filter(contact_readings::site_id.eq(site));
    }
    if let Some(unit) = filter.org_unit_id {
        query = query.filter(contact_readings::org_unit_id.eq(unit));
    }
    if let Some(unit) = filter.under_org_unit_id {
        query = query.filter(contact_readings::org_unit_id.eq_any(units_under(unit)));
    }
    if let Some(reader) = filter.reader_id {
        query = query.filter(contact_readings::reader_id.eq(reader));
    }
    if let Some(content) = filter.content {
        query = query.filter(contact_readings::content.eq(content));
    }
    if let Some(from) = filter.read_from {
        query = query.filter(contact_readings::read_at.ge(from));
    }
    if let Some(before) = filter.read_before {
        query = query.filter(contact_readings::read_at.lt(before));
    }
    query
}
