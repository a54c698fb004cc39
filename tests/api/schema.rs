//! The schema: keys, names, migrations that can be undone, and `src/schema.rs` as the database is.

use super::support::cluster::shared;
use super::support::contract::document;
use super::support::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn migrations() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.join("up.sql").exists());
    found.sort();
    found
}

fn script(migration: &Path, name: &str) -> String {
    fs::read_to_string(migration.join(name)).unwrap()
}

const OURS: &str = "n.nspname = 'public' AND c.relname NOT LIKE '\\_\\_diesel%'";

/// Everything in the schema, a line each.
async fn catalog(url: &str) -> BTreeSet<String> {
    let queries = [
        format!("SELECT 'relation ' || c.relkind::text || ' ' || c.relname || ' ' || coalesce(c.reloptions::text, '') || ' ' || coalesce(obj_description(c.oid), '') AS line FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}"),
        format!("SELECT 'column ' || c.relname || '.' || a.attname || ' ' || a.attnum || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || a.attidentity::text || a.attgenerated::text || ' ' || coalesce(col_description(c.oid, a.attnum), '') AS line FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE a.attnum > 0 AND NOT a.attisdropped AND {OURS}"),
        format!("SELECT 'constraint ' || c.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) AS line FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}"),
        "SELECT 'index ' || indexdef AS line FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_diesel%'".to_owned(),
        "SELECT 'routine ' || p.oid::regprocedure || ' ' || p.prosrc AS line FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'".to_owned(),
        "SELECT 'type ' || t.typname AS line FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'public' AND t.typname NOT LIKE '%\\_\\_diesel%'".to_owned(),
        "SELECT 'extension ' || extname AS line FROM pg_extension".to_owned(),
    ];
    let mut lines = BTreeSet::new();
    for query in queries {
        lines.extend(sql::query(url, &query).await.iter().map(|row| row["line"].as_str().unwrap().to_owned()));
    }
    lines
}

#[tokio::test]
async fn every_migration_is_undone_by_its_down_script() {
    let shared = shared();
    let database = shared.empty_database().await;
    let url = shared.cluster.url(&database);
    let migrations = migrations();
    let mut before = Vec::new();
    for migration in &migrations {
        before.push(catalog(&url).await);
        sql::execute(&url, &script(migration, "up.sql")).await;
    }
    let whole = catalog(&url).await;
    for (migration, before) in migrations.iter().zip(before).rev() {
        sql::execute(&url, &script(migration, "down.sql")).await;
        let after = catalog(&url).await;
        let left: Vec<_> = after.difference(&before).collect();
        let lost: Vec<_> = before.difference(&after).collect();
        assert!(left.is_empty() && lost.is_empty(), "{}: left {left:?}, lost {lost:?}", migration.display());
    }
    for migration in &migrations {
        sql::execute(&url, &script(migration, "up.sql")).await;
    }
    assert_eq!(catalog(&url).await, whole);
    shared.drop_later(&database);
}

#[tokio::test]
async fn every_table_has_a_primary_key_and_what_a_campaign_owns_is_keyed_by_it() {
    let app = TestApp::start().await;
    let query = format!(
        "SELECT c.relname AS name,
                (SELECT array_agg(a.attname::text ORDER BY key.place) FROM pg_constraint k, unnest(k.conkey) WITH ORDINALITY key (number, place), pg_attribute a
                 WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attrelid = c.oid AND a.attnum = key.number) AS key,
                (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND {OURS}"
    );
    let tables = app.sql(&query).await;
    assert!(tables.len() > 10);
    for table in tables {
        let name = &table["name"];
        let key = table["key"].as_array().unwrap_or_else(|| panic!("{name} has no primary key"));
        let columns = table["columns"].as_array().unwrap();
        // Plans are small and read everywhere: reference tables, like campaigns themselves (architecture).
        if columns.contains(&json!("campaign_id")) && name != "plans" {
            assert_eq!(key[0], "campaign_id", "{name}: its key does not begin with the campaign");
            if columns.contains(&json!("id")) {
                assert_eq!(key, &vec![json!("campaign_id"), json!("id")], "{name}");
            }
        }
    }
    let across = app
        .sql(
            "SELECT k.conname AS name FROM pg_constraint k, LATERAL (SELECT array_agg(a.attname::text) FILTER (WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)) AS own,
                    bool_or(a.attrelid = k.confrelid AND a.attname = 'campaign_id') AS is_target_owned FROM pg_attribute a WHERE a.attrelid IN (k.conrelid, k.confrelid)) c
             WHERE k.contype = 'f' AND c.is_target_owned AND k.confrelid <> 'plans'::regclass AND NOT 'campaign_id' = ANY (c.own)",
        )
        .await;
    assert!(across.is_empty(), "references between what campaigns own include the campaign: {across:?}");
    assert_eq!(app.number("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal").await, 0, "no triggers");
    assert_eq!(app.number("SELECT count(*) FROM pg_rules WHERE schemaname = 'public'").await, 0, "no rules");
    let bad = app
        .sql(
            "SELECT table_name || '.' || column_name || ' ' || data_type AS line FROM information_schema.columns
              WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'
                AND data_type IN ('timestamp without time zone', 'character varying', 'character', 'money', 'json', 'real', 'serial')",
        )
        .await;
    assert!(bad.is_empty(), "types that the house does not use: {bad:?}");
}

#[tokio::test]
async fn every_constraint_has_a_name_that_was_given_to_it() {
    let app = TestApp::start().await;
    let written: String = migrations().iter().map(|migration| script(migration, "up.sql")).collect();
    let query = format!(
        "SELECT k.conname AS name, c.relname AS table_name FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND {OURS}"
    );
    let unnamed: Vec<String> = app
        .sql(&query)
        .await
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .filter(|name| !written.contains(&format!("CONSTRAINT {name} ")))
        .collect();
    assert!(unnamed.is_empty(), "PostgreSQL named these: {unnamed:?}");
}

/// Foreign keys that are never looked up from the other side, and why.
const UNINDEXED: [(&str, &str); 3] = [
    ("org_units_admin_unit_fkey", "no administrative unit is ever deleted: its validity ends"),
    ("campaigns_admin_unit_fkey", "the same"),
    ("sites_admin_unit_fkey", "the same, and no list of sites is filtered by it"),
];

#[tokio::test]
async fn every_foreign_key_is_indexed_where_it_is_looked_up_from_the_other_side() {
    let app = TestApp::start().await;
    let missing: BTreeSet<String> = app
        .sql(&format!(
            "SELECT k.conname AS name FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE k.contype = 'f' AND {OURS}
               AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey)"
        ))
        .await
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    let excused = UNINDEXED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(missing, excused, "on the left those for which deleting the parent reads the whole table");
}

/// Tables and columns as `src/schema.rs` declares them: name, and whether it can be null.
fn declared() -> BTreeMap<String, Vec<(String, bool)>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema.rs")).unwrap();
    let mut tables = BTreeMap::new();
    for block in text.split("table! {").skip(1) {
        let mut lines =
            block.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with("use "));
        let name = lines.next().unwrap().split([' ', '(']).next().unwrap().to_owned();
        let columns = lines.take_while(|line| !line.starts_with('}')).filter_map(|line| {
            let (column, kind) = line.split_once(" -> ")?;
            Some((column.to_owned(), kind.starts_with("Nullable<")))
        });
        tables.insert(name, columns.collect());
    }
    tables
}

#[tokio::test]
async fn the_declared_tables_are_those_of_the_database() {
    let app = TestApp::start().await;
    let rows = app
        .sql(
            "SELECT table_name, column_name, is_nullable = 'YES' AS is_nullable FROM information_schema.columns
              WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%' ORDER BY table_name, ordinal_position",
        )
        .await;
    let mut tables: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        tables.entry(text("table_name")).or_default().push((text("column_name"), row["is_nullable"].as_bool().unwrap()));
    }
    let declared = declared();
    for (name, columns) in &tables {
        let found = declared.get(name).unwrap_or_else(|| panic!("{name} is missing in src/schema.rs"));
        assert_eq!(found, columns, "{name}: src/schema.rs on the left, the database on the right");
    }
    assert_eq!(declared.len(), tables.len());
}

/// Hardship and religion are kept as counts only (S110, law 91/2025/QH15): what a column or a member that tells them of
/// one person would be called.
const SENSITIVE: [&str; 9] = ["relig", "faith", "ethnic", "poor", "poverty", "hardship", "ton_giao", "dan_toc", "ho_ngheo"];

#[tokio::test]
async fn hardship_and_religion_are_counts_and_never_told_of_a_person() {
    let app = TestApp::start().await;
    let columns =
        app.sql("SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'").await;
    let columns = columns.iter().map(|row| row["name"].as_str().unwrap().to_owned());
    let members = document()["components"]["schemas"].as_object().unwrap().iter().flat_map(|(schema, value)| {
        let names = value["properties"].as_object().into_iter().flat_map(|properties| properties.keys());
        names.map(|name| format!("{schema}.{name}")).collect::<Vec<_>>()
    });
    let all: Vec<String> = columns.chain(members).collect();
    assert!(all.len() > 500, "{}", all.len());
    let told: Vec<&String> = all.iter().filter(|name| is_sensitive(name)).collect();
    assert!(told.is_empty(), "{told:?}");
    assert!(is_sensitive("participants.religion") && !is_sensitive("report_figures.poor_household_count"));
}

fn is_sensitive(name: &str) -> bool {
    let column = name.rsplit('.').next().unwrap();
    SENSITIVE.iter().any(|word| column.contains(word)) && !column.ends_with("_count")
}
