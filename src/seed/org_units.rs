//! The bodies of the campaign: committees, police, departments, units; one tree.

use super::admin_units::{LAST_DAY_OF_DISTRICTS, Territories};
use super::{CHUNK, SeedError, day, from_json};
use crate::schema::org_units;
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

const FILE: &str = "demo/org_units.json";
/// No date of foundation is in the sources; the bodies are there since the festival is (decision 521/QĐ-TTg of 13 June 2005).
const VALID_FROM: NaiveDate = day(2005, 6, 13);
/// Its communes' committees follow from the list of administrative units and are not written by hand.
const PROVINCE_CODE: &str = "15";

/// A body as the file gives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) key: String,
    parent: Option<String>,
    kind: String,
    level: String,
    pub(super) name: String,
    short_name: Option<String>,
    admin_unit_code: Option<String>,
}

/// A body that was loaded.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) id: Uuid,
    pub(super) name: String,
    path: String,
}

/// The bodies loaded, by the key that the files use for them.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    by_key: HashMap<String, Body>,
    order: Vec<String>,
}

impl Bodies {
    /// The body with a key; `file` names who asks.
    pub(super) fn get(&self, file: &'static str, key: &str) -> Result<&Body, SeedError> {
        self.by_key.get(key).ok_or_else(|| SeedError::Data { file, detail: format!("no org unit has the key {key}") })
    }

    /// How many.
    pub(super) fn count(&self) -> usize {
        self.order.len()
    }
}

#[derive(Insertable)]
#[diesel(table_name = org_units)]
struct Row<'a> {
    id: Uuid,
    no: i64,
    parent_id: Option<Uuid>,
    path: String,
    kind: &'a str,
    level: &'a str,
    name: &'a str,
    short_name: Option<&'a str>,
    admin_unit_id: Option<Uuid>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    tokens: Vec<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    no: i64,
}

/// The bodies written by hand.
pub(super) fn entries() -> Result<Vec<Entry>, SeedError> {
    from_json(FILE, include_str!("../../data/demo/org_units.json"))
}

/// Loads the tree, with a committee for each commune of the province.
pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    by_hand: &[Entry],
    units: &Territories,
    now: DateTime<Utc>,
) -> Result<Bodies, SeedError> {
    let entries = parents_first(by_hand.iter().cloned().chain(commune_committees(units)).collect())?;
    let numbers = take_numbers(conn, entries.len()).await?;
    let mut bodies = Bodies::default();
    let mut rows = Vec::with_capacity(entries.len());
    for (entry, no) in entries.iter().zip(numbers) {
        let parent = entry.parent.as_deref().map(|key| bodies.get(FILE, key)).transpose()?;
        let body = Body {
            id: Uuid::now_v7(),
            name: entry.name.clone(),
            path: format!("{}{no}/", parent.map_or("/", |parent| parent.path.as_str())),
        };
        rows.push(Row {
            id: body.id,
            no,
            parent_id: parent.map(|parent| parent.id),
            path: body.path.clone(),
            kind: &entry.kind,
            level: &entry.level,
            name: &entry.name,
            short_name: entry.short_name.as_deref(),
            admin_unit_id: entry.admin_unit_code.as_deref().map(|code| units.id(code)).transpose()?,
            valid_from: VALID_FROM,
            // There are no districts since, and other communes.
            valid_to: matches!(entry.level.as_str(), "district" | "commune").then_some(LAST_DAY_OF_DISTRICTS),
            tokens: search_tokens(&[entry.name.as_str(), entry.short_name.as_deref().unwrap_or_default()]),
            created_at: now,
            updated_at: now,
        });
        bodies.order.push(entry.key.clone());
        bodies.by_key.insert(entry.key.clone(), body);
    }
    for chunk in rows.chunks(CHUNK) {
        diesel::insert_into(org_units::table).values(chunk).execute(conn).await?;
    }
    Ok(bodies)
}

/// Adds the committee of a province under the central one, which is made when it is not there. `None`: it is there already.
pub(super) async fn add_committee(
    conn: &mut AsyncPgConnection,
    name: &str,
    admin_unit_id: Uuid,
    valid_from: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, SeedError> {
    let central = match central_committee(conn).await? {
        Some(central) => central,
        None => {
            let entry = entries()?.into_iter().find(|entry| entry.parent.is_none());
            let entry = entry.ok_or_else(|| SeedError::Data { file: FILE, detail: "no body is above all others".to_owned() })?;
            insert_one(conn, None, ("central_committee", "central", &entry.name), None, VALID_FROM, now).await?
        }
    };
    let taken = org_units::table.filter(org_units::parent_id.eq(central.id)).filter(org_units::name.eq(name)).select(org_units::id);
    if taken.first::<Uuid>(conn).await.optional()?.is_some() {
        return Ok(None);
    }
    let what = ("provincial_committee", "province", name);
    Ok(Some(insert_one(conn, Some(&central), what, Some(admin_unit_id), valid_from, now).await?.id))
}

async fn central_committee(conn: &mut AsyncPgConnection) -> Result<Option<Body>, SeedError> {
    let query = org_units::table.filter(org_units::kind.eq("central_committee")).order(org_units::path);
    let found = query.select((org_units::id, org_units::name, org_units::path)).first::<(Uuid, String, String)>(conn).await.optional()?;
    Ok(found.map(|(id, name, path)| Body { id, name, path }))
}

async fn insert_one(
    conn: &mut AsyncPgConnection,
    parent: Option<&Body>,
    (kind, level, name): (&str, &str, &str),
    admin_unit_id: Option<Uuid>,
    valid_from: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Body, SeedError> {
    let no = take_numbers(conn, 1).await?.into_iter().next().unwrap_or_default();
    let path = format!("{}{no}/", parent.map_or("/", |parent| parent.path.as_str()));
    let body = Body { id: Uuid::now_v7(), name: name.to_owned(), path: path.clone() };
    let parent_id = parent.map(|parent| parent.id);
    let tokens = search_tokens(&[name]);
    let row = Row {
        id: body.id,
        no,
        parent_id,
        path,
        kind,
        level,
        name,
        short_name: None,
        admin_unit_id,
        valid_from,
        valid_to: None,
        tokens,
        created_at: now,
        updated_at: now,
    };
    diesel::insert_into(org_units::table).values(&row).execute(conn).await?;
    Ok(body)
}

/// Numbers of the identity column, so that paths are known before the rows are written and no later row collides.
async fn take_numbers(conn: &mut AsyncPgConnection, count: usize) -> Result<Vec<i64>, SeedError> {
    let count = i32::try_from(count).map_err(|error| SeedError::Data { file: FILE, detail: error.to_string() })?;
    let numbers: Vec<Number> =
        diesel::sql_query("SELECT nextval(pg_get_serial_sequence('org_units', 'no')) AS no FROM generate_series(1, $1)")
            .bind::<Integer, _>(count)
            .load(conn)
            .await?;
    Ok(numbers.into_iter().map(|number| number.no).collect())
}

fn commune_committees(units: &Territories) -> impl Iterator<Item = Entry> {
    units.communes_of(PROVINCE_CODE).map(|commune| {
        let place = without_capital(&commune.name_vi);
        Entry {
            key: format!("commune_committee.{}", commune.code),
            parent: Some(format!("district_committee.{}", commune.parent_code)),
            kind: "commune_committee".to_owned(),
            level: "commune".to_owned(),
            name: format!("Ban Chỉ đạo 138 {place}"),
            short_name: Some(format!("BCĐ 138 {place}")),
            admin_unit_code: Some(commune.code.clone()),
        }
    })
}

/// "Xã Mường Lai" within a name is written "xã Mường Lai".
fn without_capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The entries in an order in which each comes after its parent.
fn parents_first(mut pending: Vec<Entry>) -> Result<Vec<Entry>, SeedError> {
    let mut placed: Vec<Entry> = Vec::with_capacity(pending.len());
    while !pending.is_empty() {
        let keys: std::collections::HashSet<String> = placed.iter().map(|entry| entry.key.clone()).collect();
        let (ready, rest): (Vec<_>, Vec<_>) =
            pending.into_iter().partition(|entry| entry.parent.as_ref().is_none_or(|parent| keys.contains(parent)));
        if ready.is_empty() {
            let orphans: Vec<_> = rest.iter().map(|entry| entry.key.as_str()).collect();
            return Err(SeedError::Data { file: FILE, detail: format!("no parent for {}", orphans.join(", ")) });
        }
        placed.extend(ready);
        pending = rest;
    }
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_province_has_nine_district_committees_each_with_its_police() {
        let entries = entries().unwrap();
        let count = |kind: &str| entries.iter().filter(|entry| entry.kind == kind).count();
        assert_eq!((count("district_committee"), count("district_police")), (9, 9));
        assert_eq!((count("information_department"), count("mass_organisation"), count("press_agency")), (1, 5, 2));
    }

    #[test]
    fn a_place_within_a_name_begins_with_a_small_letter() {
        assert_eq!(without_capital("Thị trấn Yên Thế"), "thị trấn Yên Thế");
    }
}
