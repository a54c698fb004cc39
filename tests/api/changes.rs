//! The change feed: every change in scope, once, in an order that never changes.

use super::support::fixtures::{District, path, read_changes, step};
use super::support::*;
use std::collections::{BTreeMap, BTreeSet};

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
