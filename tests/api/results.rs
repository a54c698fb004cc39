//! The results of a campaign: every total equals a recount of the list that it leads to, whoever asks.

use super::ledgers::row;
use super::support::*;

/// Rows of every ledger of two districts.
async fn fill(app: &TestApp) {
    app.set_now("2023-07-03T08:00:00+07:00");
    let police = app.sign_in(Role::StandingAgency).await;
    for name in ["Lục Yên", "Văn Yên"] {
        let (district, unit) = (app.district(name).await, app.org_unit_of_kind("district_committee", name).await);
        let post = async |path: &str, members: Value| {
            let mut body = row(app, path, members).await;
            body["org_unit_id"] = json!(unit);
            let made = district.post(&format!("/api/v1/{path}"), body).await;
            made.expect(201);
            made
        };
        for kind in ["individual", "collective", "collective"] {
            post("commendations", json!({"awardee_kind": kind})).await;
        }
        post("commendations", json!({"award_form": "bang_khen"})).await;
        for category in ["poor_household", "pupil", "pupil"] {
            post("gifts", json!({"recipient_category": category})).await;
        }
        let model = post("grassroots-models", json!({})).await;
        post("grassroots-models", json!({})).await;
        let replicate = format!("{}/replicate", model.location());
        district.post_if(&replicate, &model, json!({"org_unit_id": unit, "replicated_on": "2023-07-01"})).await.expect(200);
        post("media-items", json!({"kind": "poster"})).await;
        post("media-items", json!({})).await;
        post("pledges", json!({})).await;
        post("pledges", json!({})).await;
        let opinion = post("opinions", json!({"answer_due_before": "2023-07-02T00:00:00+07:00"})).await;
        post("opinions", json!({"answer_due_before": "2023-07-02T00:00:00+07:00"})).await;
        post("opinions", json!({})).await;
        district.post_if(&format!("{}/answer", opinion.location()), &opinion, json!({"answer": "x"})).await.expect(200);
        let obstacle = post("obstacles", json!({})).await;
        post("obstacles", json!({})).await;
        police.post_empty_if(&format!("{}/start", obstacle.location()), &obstacle).await.expect(200);
        let line = post("budget-lines", json!({})).await;
        post("budget-lines", json!({"source": "other_lawful"})).await;
        let spent = json!({"spent_on": "2023-07-01", "amount_vnd": 7_000_001, "note": "x"});
        district.post_if(&format!("{}/spend", line.location()), &line, spent).await.expect(200);
    }
}

/// The same figure from the list that a total leads to.
async fn recount(client: &Client, total: &Value) -> i64 {
    let list = client.get(&format!("{}&limit=200&with_total=true", total["link"].as_str().unwrap())).await;
    let measure = total["measure"].as_str().unwrap();
    match (total["ledger"].as_str().unwrap(), measure) {
        (_, "count" | "overdue_count") | ("commendations", _) => list.expect(200)["total"].as_i64().unwrap(),
        _ => list.items().iter().map(|item| item[measure].as_i64().unwrap()).sum(),
    }
}

#[tokio::test]
async fn every_total_equals_a_recount_of_its_list_for_each_who_may_read_it() {
    let app = TestApp::start().await;
    fill(&app).await;
    let path = format!("/api/v1/campaigns/{}/results", app.campaign_id().await);
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let clients = [
        (app.sign_in(Role::ProvincialAdministrator).await, String::new(), 8),
        (app.sign_in(Role::StandingAgency).await, format!("?org_unit_id={unit}"), 4),
        (app.district("Lục Yên").await, String::new(), 4),
    ];
    for (client, query, commended) in clients {
        let results = client.get(&format!("{path}{query}")).await;
        let totals = results.expect(200)["totals"].as_array().unwrap();
        assert!(totals.len() > 50, "{}", totals.len());
        for total in totals {
            assert_eq!(total["value"].as_i64().unwrap(), recount(&client, total).await, "{total}");
        }
        let of = |ledger: &str, measure: &str| {
            totals.iter().find(|one| one["ledger"] == ledger && one["kind"].is_null() && one["measure"] == measure).unwrap()["value"]
                .as_i64()
                .unwrap()
        };
        assert_eq!(of("commendations", "count"), commended);
        assert_eq!(of("gifts", "value_vnd"), commended / 4 * 30_000_000);
        assert_eq!(of("pledges", "household_count"), commended / 4 * 240);
        assert_eq!(of("opinions", "overdue_count"), commended / 4);
        assert_eq!(of("budget_lines", "spent_vnd"), commended / 4 * 7_000_001);
        assert_eq!(of("grassroots_models", "replication_count"), commended / 4);
    }
}

#[tokio::test]
async fn the_cost_of_an_attendance_is_null_until_somebody_comes_in() {
    let app = TestApp::start().await;
    fill(&app).await;
    let district = app.district("Lục Yên").await;
    let path = format!("/api/v1/campaigns/{}/results", app.campaign_id().await);
    let before = district.get(&path).await;
    let expected = app.number("SELECT coalesce(sum(entries), 0) FROM site_counters c JOIN sites s ON s.id = c.site_id JOIN org_units u ON u.id = s.org_unit_id WHERE u.path LIKE (SELECT path FROM org_units WHERE kind = 'district_committee' AND name LIKE '%Lục Yên%') || '%'").await;
    assert_eq!(before.expect(200)["attendance_count"], json!(expected));
    if expected == 0 {
        assert_eq!(before.body["cost_per_attendance_vnd"], json!(null));
    }
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let site = super::support::fixtures::District { client: app.district("Lục Yên").await, unit }.draft(&app, "Bản Nà Kèn").await;
    app.execute(&format!("UPDATE site_counters SET entries = 0; UPDATE site_counters SET entries = 2 WHERE site_id = '{}'", site.id()))
        .await;
    let after = district.get(&path).await;
    assert_eq!((&after.expect(200)["attendance_count"], &after.body["cost_per_attendance_vnd"]), (&json!(2), &json!(3_500_000)));
}

#[tokio::test]
async fn results_are_for_those_who_read_figures() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/campaigns/{}/results", app.campaign_id().await);
    app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::CheckinOperator).await.get(&path).await.expect_problem(403, "forbidden");
    let centre = app.sign_in(Role::OperationsCentre).await;
    centre.get(&path).await.expect(200);
    centre.get("/api/v1/campaigns/018b2f19-e79e-7d6a-a56d-29feb6211b04/results").await.expect_problem(404, "not_found");
    centre.get(&format!("{path}?khong_co=1")).await.expect_problem(400, "invalid_parameter");
    let district = app.district("Lục Yên").await;
    let elsewhere = app.org_unit_of_kind("district_committee", "Văn Yên").await;
    let results = district.get(&format!("{path}?org_unit_id={elsewhere}")).await;
    assert!(
        results.expect(200)["totals"].as_array().unwrap().iter().all(|total| total["value"] == 0),
        "what is out of reach counts nothing"
    );
}
