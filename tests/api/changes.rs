//! The change feed: every change in scope, once, in an order that never changes.

use super::support::cluster::block_on;
use super::support::fixtures::{District, path, read_changes, step};
use super::support::*;
use ngayhoi::db::migrate;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

fn actions(changes: &[Value]) -> Vec<&str> {
    changes.iter().map(|change| change["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_step_of_a_site_is_told_in_order() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    let changed = district.client.patch_if(&path(&site), &site, json!({"address": "Cạnh chợ"})).await;
    let nominated = district.client.post_empty_if(&step(&site, "nominate"), &changed).await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    province.post_if(&step(&site, "decline"), &nominated, json!({"reason": "Xa trung tâm."})).await.expect(200);
    let (changes, last) = read_changes(&province, "0-0".to_owned(), 4, 50).await;
    assert_eq!(actions(&changes), ["created", "updated", "nominated", "declined"]);
    let versions: Vec<i64> = changes.iter().map(|change| change["resource_version"].as_i64().unwrap()).collect();
    assert_eq!(versions, [1, 2, 3, 4]);
    assert!(
        changes
            .iter()
            .all(|change| change["resource"] == "site" && change["resource_id"] == site.id() && change["org_unit_id"] == district.unit)
    );
    assert_eq!(changes[3]["data"]["reason"], "Xa trung tâm.");
    let again = province.get("/api/v1/changes").await;
    assert_eq!(again.items(), &changes, "the same changes, the same ids, the same order");
    assert!(province.get(&format!("/api/v1/changes?after={last}")).await.items().is_empty());
}

#[tokio::test]
async fn nobody_reads_of_what_lies_outside_his_scope() {
    let app = TestApp::start().await;
    let (one, other) = (District::of(&app, "Lục Yên").await, District::of(&app, "Văn Yên").await);
    one.draft(&app, "Một").await;
    other.nominated(&app, "Hai").await;
    let (seen, _) = read_changes(&app.sign_in(Role::OperationsCentre).await, "0-0".to_owned(), 3, 50).await;
    assert_eq!(actions(&seen), ["created", "created", "nominated"]);
    let (mine, _) = read_changes(&one.client, "0-0".to_owned(), 1, 50).await;
    assert_eq!(mine.len(), 1);
    assert_eq!(other.client.get("/api/v1/changes").await.items().len(), 2);
    assert!(app.sign_in(Role::Commune).await.get("/api/v1/changes").await.items().is_empty());
    app.sign_in(Role::CheckinOperator).await.get("/api/v1/changes").await.expect_problem(403, "forbidden");
    let campaign = app.campaign_id().await;
    let of_campaign = other.client.get(&format!("/api/v1/changes?campaign_id={campaign}&resource=site&limit=1")).await;
    assert_eq!((of_campaign.items().len(), &of_campaign.body["has_more"]), (1, &json!(true)));
    let of_none = other.client.get(&format!("/api/v1/changes?campaign_id={}", uuid::Uuid::now_v7())).await;
    assert!(of_none.items().is_empty());
    for after in ["x", "1", "-", "1-", "-1-1", "99999999999999999999-0", "1-2-3", "1-2%00"] {
        let answer = other.client.get(&format!("/api/v1/changes?after={after}")).await;
        assert_eq!(answer.status, 400, "{after}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_slow_transaction_holds_back_what_was_committed_behind_it_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let slow = sql::connect(&app.database_url).await.unwrap();
    let insert = format!(
        "BEGIN; INSERT INTO events (campaign_id, id, resource, resource_id, resource_version, org_unit_id, action, actor_id, occurred_at, data)
         VALUES ('{}', gen_random_uuid(), 'site', gen_random_uuid(), 1, '{}', 'slow', gen_random_uuid(), now(), '{{}}')",
        app.campaign_id().await,
        district.unit
    );
    slow.batch_execute(&insert).await.unwrap();
    district.draft(&app, "Nhanh").await;
    let meanwhile = district.client.get("/api/v1/changes").await;
    assert!(meanwhile.items().is_empty(), "an older change may still come: {}", meanwhile.text);
    slow.batch_execute("COMMIT").await.unwrap();
    let (changes, _) = read_changes(&district.client, "0-0".to_owned(), 2, 50).await;
    assert_eq!(actions(&changes), ["slow", "created"]);
}

#[tokio::test]
async fn a_transaction_of_another_database_does_not_hold_the_feed_back() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let elsewhere = sql::connect(&app.shared.cluster.url("postgres")).await.unwrap();
    elsewhere.batch_execute("BEGIN; SELECT pg_current_xact_id()").await.unwrap();
    district.draft(&app, "Bản").await;
    let (changes, _) = read_changes(&district.client, "0-0".to_owned(), 1, 50).await;
    assert_eq!(actions(&changes), ["created"]);
    elsewhere.batch_execute("ROLLBACK").await.unwrap();
}

/// What a service does when it starts on this database.
async fn start_again(app: &TestApp) {
    let url = app.database_url.clone();
    tokio::task::spawn_blocking(|| block_on(async move { migrate::up(&url).await.unwrap() })).await.unwrap();
}

#[tokio::test]
async fn after_a_restore_old_changes_are_there_and_new_ones_come_behind_every_cursor() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    district.draft(&app, "Trước").await;
    // The dump came from a server that had counted further, and whose feed went on for a while afterwards.
    app.execute("UPDATE events SET xid = xid + 5000000000").await;
    let ahead = app.number("SELECT max(xid) + 1000000 FROM events").await;
    start_again(&app).await;
    let (old, _) = read_changes(&district.client, "0-0".to_owned(), 1, 50).await;
    district.draft(&app, "Sau").await;
    let (new, behind) = read_changes(&district.client, format!("{ahead}-7"), 1, 50).await;
    assert_ne!(old[0]["id"], new[0]["id"]);
    let (all, _) = read_changes(&district.client, "0-0".to_owned(), 2, 50).await;
    assert_eq!((&all[0], &all[1]), (&old[0], &new[0]), "in the order in which they were made");
    // The dump came from a server that had counted less: only the server's name tells.
    app.execute("UPDATE feed_epoch SET cluster = 1").await;
    let base = app.number("SELECT base FROM feed_epoch").await;
    start_again(&app).await;
    let raised = app.number("SELECT base FROM feed_epoch").await;
    assert!(raised > base);
    start_again(&app).await;
    assert_eq!(app.number("SELECT base FROM feed_epoch").await, raised, "once for each restore");
    district.draft(&app, "Cuối").await;
    assert_eq!(read_changes(&district.client, behind, 1, 50).await.0.len(), 1);
}

#[tokio::test]
async fn a_reader_moves_on_over_changes_that_are_not_his() {
    let app = TestApp::start().await;
    let other = District::of(&app, "Văn Yên").await;
    let commune = app.sign_in(Role::Commune).await;
    let position = |answer: &Answer| answer.body["next_cursor"].as_str().unwrap().split_once('-').unwrap().0.parse::<i64>().unwrap();
    let first = commune.get("/api/v1/changes").await;
    other.draft(&app, "Một").await;
    let last = app.number("SELECT max(xid) FROM events").await;
    let began = Instant::now();
    let mut next = commune.get(&format!("/api/v1/changes?after={}", first.body["next_cursor"].as_str().unwrap())).await;
    // An older transaction, such as that of a vacuum, may hold the feed back for a moment.
    while position(&next) <= last {
        assert!(began.elapsed() < Duration::from_secs(20), "{} does not pass {last}", next.text);
        next = commune.get("/api/v1/changes").await;
    }
    assert!(next.items().is_empty());
    let far = format!("{}-0", i64::MAX);
    assert_eq!(commune.get(&format!("/api/v1/changes?after={far}")).await.body["next_cursor"], far, "never back");
}

#[tokio::test]
async fn a_role_is_told_only_of_what_it_may_read() {
    const ALL: [(&str, &str); 13] = [
        ("org_unit", ""),
        ("campaign", "running"),
        ("plan", "issued"),
        ("site", "draft"),
        ("activity", "planned"),
        ("campaign", "draft"),
        ("plan", "draft"),
        ("report_obligation", ""),
        ("report", "draft"),
        ("check_in", ""),
        ("participant", "listed"),
        ("user", ""),
        ("api_client", ""),
    ];
    const EVERYBODY: [&str; 5] = ["org_unit", "campaign running", "plan issued", "site draft", "activity planned"];
    const DRAFTS: [&str; 2] = ["campaign draft", "plan draft"];
    const REPORTS: [&str; 2] = ["report_obligation", "report draft"];
    const GUESTS: [&str; 2] = ["check_in", "participant listed"];
    const ACCOUNTS: [&str; 2] = ["user", "api_client"];
    let app = TestApp::start().await;
    for role in Role::ACCOUNTS {
        let more: &[&[&str]] = match role {
            Role::CentralViewer | Role::MovementDivision => &[&REPORTS],
            Role::ProvincialAdministrator | Role::StandingAgency | Role::District => &[&DRAFTS, &REPORTS, &GUESTS, &ACCOUNTS],
            Role::Department | Role::Commune | Role::Unit => &[&DRAFTS, &REPORTS, &GUESTS],
            Role::OperationsCentre | Role::PortalClient => &[],
            Role::Auditor => &[&REPORTS, &["check_in"], &ACCOUNTS],
            Role::CheckinOperator | Role::Device => continue,
        };
        let unit = app.shared.account(*role).org_unit_id;
        app.execute("DELETE FROM events").await;
        for (resource, state) in ALL {
            let data = if state.is_empty() { json!({}) } else { json!({"to": state}) };
            app.execute(&format!(
                "INSERT INTO events (campaign_id, id, resource, resource_id, resource_version, org_unit_id, action, actor_id, occurred_at, data)
                 VALUES ('{}', gen_random_uuid(), '{resource}', gen_random_uuid(), 1, '{unit}', 'made', gen_random_uuid(), now(), '{data}')",
                uuid::Uuid::nil()
            ))
            .await;
        }
        let expected: BTreeSet<String> = EVERYBODY.iter().chain(more.concat().iter()).map(|name| (*name).to_owned()).collect();
        let client = app.sign_in(*role).await;
        read_changes(&client, "0-0".to_owned(), expected.len(), 50).await;
        let seen: BTreeSet<String> = client
            .get("/api/v1/changes")
            .await
            .items()
            .iter()
            .map(|change| {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                format!("{} {}", text(&change["resource"]), text(&change["data"]["to"])).trim().to_owned()
            })
            .collect();
        assert_eq!(seen, expected, "{role}");
    }
}

#[tokio::test]
async fn a_reader_gets_every_change_once_and_in_order_while_many_write() {
    const WRITERS: usize = 6;
    const SITES: usize = 5;
    let app = TestApp::start_wide().await;
    let district = District::of(&app, "Lục Yên").await;
    let writers = (0..WRITERS).map(|writer| {
        let (app, district) = (&app, &district);
        async move {
            for number in 0..SITES {
                let site = district.draft(app, &format!("Bản {writer}.{number}")).await;
                let changed = district.client.patch_if(&path(&site), &site, json!({"address": "Cạnh chợ"})).await;
                district.client.post_empty_if(&step(&site, "nominate"), &changed).await.expect(200);
            }
        }
    });
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let expected = WRITERS * SITES * 3;
    let (_, (changes, end)) = tokio::join!(futures_util::future::join_all(writers), read_changes(&province, "0-0".to_owned(), expected, 7));
    assert_eq!(changes.len(), expected);
    let distinct: BTreeSet<&str> = changes.iter().map(|change| change["id"].as_str().unwrap()).collect();
    assert_eq!(distinct.len(), expected, "no change twice");
    let mut steps: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for change in &changes {
        steps.entry(change["resource_id"].as_str().unwrap()).or_default().push(change["action"].as_str().unwrap());
    }
    assert!(steps.values().all(|steps| steps == &["created", "updated", "nominated"]), "{steps:?}");
    assert!(province.get(&format!("/api/v1/changes?after={end}")).await.items().is_empty());
    let (again, _) = read_changes(&province, "0-0".to_owned(), expected, 200).await;
    assert_eq!(again, changes, "the order never changes");
}
