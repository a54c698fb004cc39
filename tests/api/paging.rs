//! Keyset pages: every item exactly once, in order, whatever the order and whoever writes meanwhile.

use super::support::fixtures::District;
use super::support::*;
use rand::RngExt;
use rand::seq::IndexedRandom;
use std::collections::BTreeSet;

/// Sites by SQL: a few instants for many rows, so that ties are the rule, and many without a time.
async fn insert_sites(app: &TestApp, unit: &str, prefix: &str, count: u32) {
    let insert = format!(
        "INSERT INTO sites (campaign_id, id, org_unit_id, name, kind, state, pilot_level, priority_reasons, starts_at, ends_at, tokens, created_at, updated_at)
         SELECT (SELECT id FROM campaigns LIMIT 1), gen_random_uuid(), '{unit}', '{prefix} ' || n, 'commune', 'draft', 'none', '{{}}',
                CASE WHEN n % 3 > 0 THEN timestamptz '2023-08-12 01:00Z' + (n % 4) * interval '1 hour' END,
                CASE WHEN n % 3 > 0 THEN timestamptz '2023-08-12 09:00Z' END, '{{}}',
                timestamptz '2023-07-01 00:00:00.123456Z' + (n % 5) * interval '1 microsecond', timestamptz '2023-07-02' + random() * interval '1 day'
         FROM generate_series(1, {count}) n"
    );
    app.execute(&insert).await;
}

/// Walks a list to its end with pages of random sizes; `between` runs after every page.
async fn walk(client: &Client, query: &str, between: impl AsyncFn(usize)) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), None::<String>);
    for page in 0.. {
        let limit = rand::rng().random_range(1..=9);
        let behind = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        let answer = client.get(&format!("/api/v1/sites?limit={limit}{query}{behind}")).await;
        assert!(answer.items().len() <= limit);
        items.extend(answer.items().clone());
        cursor = answer.body["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
        between(page).await;
    }
    items
}

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

const SORTS: [&str; 9] =
    ["id", "-id", "created_at", "-created_at", "-created_at,id", "created_at,-id", "updated_at", "starts_at", "-starts_at,-id"];

#[tokio::test]
async fn the_pages_are_the_whole_list_in_order_for_every_order() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    insert_sites(&app, &district.unit, "Bản", 47).await;
    let all: BTreeSet<String> = app.sql("SELECT id FROM sites").await.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    for sort in SORTS {
        let items = walk(&district.client, &format!("&sort={sort}"), async |_| {}).await;
        let found: BTreeSet<String> = ids(&items).into_iter().map(str::to_owned).collect();
        assert_eq!((items.len(), &found), (47, &all), "{sort}");
        let first = sort.split(',').next().unwrap();
        let name = first.trim_start_matches('-');
        let keys: Vec<&Value> = items.iter().map(|item| &item[name]).collect();
        let in_order = keys.windows(2).all(|pair| match (pair[0].as_str(), pair[1].as_str()) {
            // What has no time yet stands behind all that have, or before all when the order is turned round.
            (None, Some(_)) => first.starts_with('-'),
            (Some(_), None) => !first.starts_with('-'),
            (one, other) => {
                if first.starts_with('-') {
                    one >= other
                } else {
                    one <= other
                }
            }
        });
        assert!(in_order, "{sort}: {keys:?}");
    }
}

#[tokio::test]
async fn what_was_there_is_seen_once_while_others_write() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    insert_sites(&app, &district.unit, "Cũ", 40).await;
    let mut rng = rand::rng();
    for round in 0..8 {
        let sort = SORTS.choose(&mut rng).unwrap();
        let (app, unit) = (&app, &district.unit);
        let items = walk(&district.client, &format!("&sort={sort}"), async |page| {
            insert_sites(app, unit, &format!("Mới {round} {page}"), 2).await;
            app.execute("DELETE FROM sites WHERE id IN (SELECT id FROM sites WHERE name LIKE 'Mới%' ORDER BY random() LIMIT 1)").await;
        })
        .await;
        let distinct: BTreeSet<&str> = ids(&items).into_iter().collect();
        assert_eq!(distinct.len(), items.len(), "{sort}: an item came twice");
        let old = items.iter().filter(|item| item["name"].as_str().unwrap().starts_with("Cũ")).count();
        assert_eq!(old, 40, "{sort}: an item was passed over");
    }
}

#[tokio::test]
async fn a_cursor_is_signed_and_bound_to_filter_and_order() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    insert_sites(&app, &district.unit, "Bản", 12).await;
    let client = &district.client;
    let first = client.get("/api/v1/sites?limit=3&sort=-created_at&state=draft").await;
    let cursor = first.expect(200)["next_cursor"].as_str().unwrap().to_owned();

    let on = |query: &str| format!("/api/v1/sites?cursor={cursor}&{query}");
    client.get(&on("sort=-created_at&state=draft")).await.expect(200);
    client.get(&on("state=draft&limit=200&with_total=true&fields=id&sort=-created_at")).await.expect(200);
    for query in
        ["", "sort=-created_at", "sort=created_at&state=draft", "sort=-created_at&state=held", "sort=-created_at&state=draft&kind=commune"]
    {
        client.get(&on(query)).await.expect_problem(400, "cursor_invalid");
    }
    let bound = "sort=-created_at&state=draft";
    for position in [0, 5, 20, cursor.len() - 1] {
        let mut bytes = cursor.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        let spoiled = String::from_utf8(bytes).unwrap();
        client.get(&format!("/api/v1/sites?cursor={spoiled}&{bound}")).await.expect_problem(400, "cursor_invalid");
    }
    for cursor in ["", "x", "AAAA", "%21%21", &"A".repeat(500)] {
        let answer = client.get(&format!("/api/v1/sites?cursor={cursor}&{bound}")).await;
        assert_eq!(answer.status, 400, "{cursor}: {}", answer.text);
    }
    // It opens nothing to another caller: the scope is judged anew.
    let other = app.district("Văn Yên").await.get(&on(bound)).await;
    assert!(other.items().is_empty());
}

#[tokio::test]
async fn fields_and_totals_come_when_they_are_asked_for() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    insert_sites(&app, &district.unit, "Bản", 7).await;
    let list = district.client.get("/api/v1/sites?limit=5&fields=name,id&with_total=true").await;
    assert_eq!((list.items().len(), &list.body["total"]), (5, &json!(7)));
    for item in list.items() {
        let names: BTreeSet<&str> = item.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, BTreeSet::from(["id", "name"]));
    }
    let last = district.client.get("/api/v1/sites?limit=7").await;
    assert_eq!((last.items().len(), &last.body["next_cursor"]), (7, &Value::Null), "a full last page has no next one");
    assert!(last.body.get("total").is_none());
    assert_eq!(district.client.get("/api/v1/sites").await.items().len(), 7);
}

#[tokio::test]
async fn a_cursor_goes_on_in_its_own_list_only() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let units = province.get("/api/v1/org-units?limit=2").await;
    let cursor = units.expect(200)["next_cursor"].as_str().unwrap();
    province.get(&format!("/api/v1/org-units?limit=2&cursor={cursor}")).await.expect(200);
    let committee = app.org_unit_of_kind("provincial_committee", "Yên Bái").await;
    for list in ["admin-units".to_owned(), "participants".to_owned(), format!("org-units/{committee}/children")] {
        province.get(&format!("/api/v1/{list}?limit=2&cursor={cursor}")).await.expect_problem(400, "cursor_invalid");
    }
}
