//! Administrative units of 2023 and 2025, and the changes that link them.

use super::{CHUNK, SeedError, day};
use crate::schema::{admin_unit_changes, admin_units};
use crate::text::search_tokens;
use chrono::NaiveDate;
use diesel::Insertable;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const UNITS_2023: &str = "admin_units_2023.csv";
const UNITS_2025: &str = "admin_units_2025.csv";
const CHANGES_2024: &str = "admin_unit_changes_2024_yen_bai.csv";
const CHANGES_2025: &str = "admin_unit_changes_2025.csv";

/// Resolutions 721 to 730/NQ-UBTVQH15 came into force: the day of the first list.
const FROM_2023: NaiveDate = day(2023, 4, 10);
/// The last day for which the source vouches for the first list as a whole.
const VOUCHED_UNTIL: NaiveDate = day(2024, 1, 31);
/// The last day of three levels.
pub(super) const LAST_DAY_OF_DISTRICTS: NaiveDate = day(2025, 6, 30);
/// The reorganisation: the day of the second list.
const FROM_2025: NaiveDate = day(2025, 7, 1);

/// One line of a list of units.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    pub(super) code: String,
    pub(super) parent_code: String,
    pub(super) level: String,
    type_vi: String,
    pub(super) name_vi: String,
    lat: Option<f64>,
    lon: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct ChangeLine {
    old_code: String,
    new_code: String,
    kind: String,
    note: String,
    portion: String,
}

/// A merger of 2024 in Yên Bái. The day is not in the source, so it makes no row of `admin_unit_changes`, which has
/// one; it only tells which units of the first list were gone in 2025 although their code was not.
#[derive(Debug, Deserialize)]
struct Change2024 {
    old_code: String,
}

#[derive(Insertable)]
#[diesel(table_name = admin_units)]
struct UnitRow<'a> {
    id: Uuid,
    code: &'a str,
    parent_id: Option<Uuid>,
    level: &'a str,
    type_vi: &'a str,
    name: &'a str,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    lat: Option<f64>,
    lon: Option<f64>,
    tokens: Vec<String>,
}

#[derive(Insertable)]
#[diesel(table_name = admin_unit_changes)]
struct ChangeRow<'a> {
    id: Uuid,
    old_unit_id: Uuid,
    new_unit_id: Uuid,
    kind: &'a str,
    portion: &'a str,
    note: &'a str,
    effective_on: NaiveDate,
}

/// One list with the id of each of its codes. Codes are unique within a list, not between lists.
struct List {
    file: &'static str,
    lines: Vec<Line>,
    ids: HashMap<String, Uuid>,
}

impl List {
    fn new(file: &'static str, text: &str) -> Result<Self, SeedError> {
        let lines: Vec<Line> = from_csv(file, text)?;
        let ids = lines.iter().map(|line| (line.code.clone(), Uuid::now_v7())).collect();
        Ok(Self { file, lines, ids })
    }

    fn id(&self, code: &str) -> Result<Uuid, SeedError> {
        self.ids.get(code).copied().ok_or_else(|| SeedError::Data { file: self.file, detail: format!("no unit has the code {code}") })
    }

    fn row<'a>(&self, line: &'a Line, valid_from: NaiveDate, valid_to: Option<NaiveDate>) -> Result<UnitRow<'a>, SeedError> {
        let Line { code, parent_code, level, type_vi, name_vi, lat, lon } = line;
        let parent_id = if parent_code.is_empty() { None } else { Some(self.id(parent_code)?) };
        let tokens = search_tokens(&[name_vi]);
        Ok(UnitRow {
            id: self.id(code)?,
            code,
            parent_id,
            level,
            type_vi,
            name: name_vi,
            valid_from,
            valid_to,
            lat: *lat,
            lon: *lon,
            tokens,
        })
    }
}

/// The units of 2023, which the bodies of the campaign refer to.
pub(super) struct Territories {
    list: List,
    count: usize,
}

impl Territories {
    /// The unit that had a code in 2023.
    pub(super) fn id(&self, code: &str) -> Result<Uuid, SeedError> {
        self.list.id(code)
    }

    /// The communes of a province, in the order of the list.
    pub(super) fn communes_of<'a>(&'a self, province_code: &'a str) -> impl Iterator<Item = &'a Line> {
        let districts: HashSet<&str> = self.children_of("district", province_code).map(|line| line.code.as_str()).collect();
        self.list.lines.iter().filter(move |line| line.level == "commune" && districts.contains(line.parent_code.as_str()))
    }

    fn children_of<'a>(&'a self, level: &'a str, parent_code: &'a str) -> impl Iterator<Item = &'a Line> {
        self.list.lines.iter().filter(move |line| line.level == level && line.parent_code == parent_code)
    }

    /// Units loaded, of both lists.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// How the changes went.
pub(super) struct Changes {
    pub(super) loaded: usize,
    pub(super) skipped: usize,
}

/// Loads both lists and the changes between them.
pub(super) async fn load(conn: &mut AsyncPgConnection) -> Result<(Territories, Changes), SeedError> {
    let old = List::new(UNITS_2023, include_str!("../../data/admin_units_2023.csv"))?;
    let new = List::new(UNITS_2025, include_str!("../../data/admin_units_2025.csv"))?;
    let changes: Vec<ChangeLine> = from_csv(CHANGES_2025, include_str!("../../data/admin_unit_changes_2025.csv"))?;

    let last_days = LastDays::new(&old, &changes)?;
    let rows_2023 = old.lines.iter().map(|line| old.row(line, FROM_2023, Some(last_days.of(line))));
    let rows_2025 = new.lines.iter().map(|line| new.row(line, FROM_2025, None));
    let rows = rows_2023.chain(rows_2025).collect::<Result<Vec<_>, _>>()?;
    for chunk in rows.chunks(CHUNK) {
        diesel::insert_into(admin_units::table).values(chunk).execute(conn).await?;
    }
    let count = rows.len();
    drop(rows);
    let changes = load_changes(conn, &old, &new, &changes).await?;
    Ok((Territories { list: old, count }, changes))
}

/// Up to which day each unit of the first list is known to have been there.
struct LastDays(HashSet<String>);

impl LastDays {
    /// A unit that the changes of 2025 name was there until then, and so was a district with such a commune: the
    /// changes name communes and provinces only. A commune that gave its code to another unit in 2024 was not.
    fn new(old: &List, changes: &[ChangeLine]) -> Result<Self, SeedError> {
        let of_2024: Vec<Change2024> = from_csv(CHANGES_2024, include_str!("../../data/admin_unit_changes_2024_yen_bai.csv"))?;
        let gone: HashSet<&str> = of_2024.iter().map(|change| change.old_code.as_str()).collect();
        let named = changes.iter().map(|change| change.old_code.as_str()).filter(|code| !gone.contains(code));
        let mut until_2025: HashSet<String> = named.map(str::to_owned).collect();
        let communes = old.lines.iter().filter(|line| line.level == "commune" && until_2025.contains(&line.code));
        let districts: Vec<String> = communes.map(|line| line.parent_code.clone()).collect();
        until_2025.extend(districts);
        Ok(Self(until_2025))
    }

    fn of(&self, line: &Line) -> NaiveDate {
        if self.0.contains(&line.code) { LAST_DAY_OF_DISTRICTS } else { VOUCHED_UNTIL }
    }
}

/// The old codes are those of 2025-06-30: one that came into being after the first list has no unit to link.
async fn load_changes(conn: &mut AsyncPgConnection, old: &List, new: &List, changes: &[ChangeLine]) -> Result<Changes, SeedError> {
    let mut rows = Vec::with_capacity(changes.len());
    for ChangeLine { old_code, new_code, kind, note, portion } in changes {
        let Some(old_unit_id) = old.ids.get(old_code).copied() else { continue };
        let new_unit_id = new.id(new_code)?;
        rows.push(ChangeRow { id: Uuid::now_v7(), old_unit_id, new_unit_id, kind, portion, note, effective_on: FROM_2025 });
    }
    for chunk in rows.chunks(CHUNK) {
        diesel::insert_into(admin_unit_changes::table).values(chunk).execute(conn).await?;
    }
    let skipped = changes.len() - rows.len();
    if skipped > 0 {
        log::info!(skipped; "changes of 2025 left out: their old code is not in the list of 2023");
    }
    Ok(Changes { loaded: rows.len(), skipped })
}

fn from_csv<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<Vec<T>, SeedError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| SeedError::Data { file, detail: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yen_bai_of_2023_had_nine_districts_and_173_communes() {
        let list = List::new(UNITS_2023, include_str!("../../data/admin_units_2023.csv")).unwrap();
        let territories = Territories { list, count: 0 };
        assert_eq!(territories.children_of("district", "15").count(), 9);
        assert_eq!(territories.communes_of("15").count(), 173);
    }

    #[test]
    fn districts_last_until_the_reform_and_a_code_handed_on_in_2024_does_not() {
        let list = List::new(UNITS_2023, include_str!("../../data/admin_units_2023.csv")).unwrap();
        let changes: Vec<ChangeLine> = from_csv(CHANGES_2025, include_str!("../../data/admin_unit_changes_2025.csv")).unwrap();
        let last_days = LastDays::new(&list, &changes).unwrap();
        let of = |code: &str| last_days.of(list.lines.iter().find(|line| line.code == code).unwrap());
        assert!(list.lines.iter().filter(|line| line.level == "district").all(|line| last_days.of(line) == LAST_DAY_OF_DISTRICTS));
        assert_eq!(of("15"), LAST_DAY_OF_DISTRICTS);
        assert_eq!((of("04252"), of("04264")), (LAST_DAY_OF_DISTRICTS, VOUCHED_UNTIL));
    }
}
