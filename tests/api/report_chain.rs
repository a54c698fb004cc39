//! From the commune through the district to the province: who owes whom a report, who decides on it, and what adds up.

use super::reports::{give_back, obligation_of, step};
use super::support::cluster::block_on;
use super::support::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const OWED: &str = "/api/v1/report-obligations";

/// The plan of a district, submitted, with a report limit for its communes.
async fn drafted(app: &TestApp, district: &Client, unit: &str, on: &str) -> Answer {
    let parent = app.text("SELECT id FROM plans WHERE number = 81").await;
    let rule = json!({"rule_id": "Q1", "clause": "III.2", "obligation": "must", "statement": "Các xã báo cáo kết quả.",
                      "parameters": {"kind": "report_limit", "on": on, "inclusive": false}});
    let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": unit, "parent_plan_id": parent, "symbol": "KH-BCĐ",
                      "title": "Kế hoạch của huyện", "rules": [rule]});
    let draft = district.post("/api/v1/plans", body).await;
    draft.expect(201);
    district.post_empty_if(&format!("/api/v1/plans/{}/submit", draft.id()), &draft).await
}

async fn issue(district: &Client, plan: &Answer, number: u32) -> Answer {
    let signature = json!({"number": number, "issued_on": "2023-04-10", "signatory_name": "Nguyễn Văn A"});
    district.post_if(&format!("/api/v1/plans/{}/issue", plan.id()), plan, signature).await
}

/// A district that has laid down what its communes owe: its unit, its account, its plan, and its communes in the order of the tree.
async fn demanding(app: &TestApp, name: &str) -> (String, Client, Answer, Vec<String>) {
    let unit = app.org_unit_of_kind("district_committee", name).await;
    let district = app.account(Role::District, &unit).await;
    let plan = issue(&district, &drafted(app, &district, &unit, "2023-08-15").await, 5).await;
    plan.expect(200);
    let communes =
        app.sql(&format!("SELECT id FROM org_units WHERE parent_id = '{unit}' AND kind = 'commune_committee' ORDER BY no")).await;
    (unit, district, plan, communes.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect())
}

/// A report of a body by its own account, submitted.
async fn reported(app: &TestApp, role: Role, unit: &str, attendance: i64) -> Answer {
    let client = app.account(role, unit).await;
    let figures = json!({"sites_held": {"value": 1, "basis": "counted"}, "attendance_count": {"value": attendance, "basis": "counted"}});
    let draft = client.post("/api/v1/reports", json!({"obligation_id": obligation_of(app, unit).await, "figures": figures})).await;
    draft.expect(201);
    let submitted = step(&client, &draft, "submit").await;
    submitted.expect(200);
    submitted
}

#[tokio::test]
async fn the_plan_of_a_district_lays_down_what_its_communes_owe_it() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::MovementDivision).await;
    let before = app.number("SELECT count(*) FROM report_obligations").await;
    let (unit, district, plan, communes) = demanding(&app, "Lục Yên").await;
    assert_eq!(communes.len(), 24);
    let owed = district.get(&format!("{OWED}?to_org_unit_id={unit}&limit=200&with_total=true")).await;
    assert_eq!(owed.expect(200)["total"], communes.len());
    for one in owed.items() {
        assert_eq!(
            (&one["org_unit_kind"], &one["plan_id"], &one["clause"]),
            (&json!("commune_committee"), &plan.body["id"], &json!("III.2"))
        );
        assert_eq!(one["due_before"], "2023-08-14T17:00:00Z");
    }
    // To the province is owed what was owed before, and each number says which it is.
    let owner = app.org_unit_of_kind("provincial_committee", "Yên Bái").await;
    let path = format!("/api/v1/campaigns/{}/completeness", app.campaign_id().await);
    let all = province.get(&path).await;
    assert_eq!(all.expect(200)["expected_count"], before + 24);
    let due = province.get(&format!("{path}?to_org_unit_id={owner}")).await;
    assert_eq!(
        (&due.expect(200)["expected_count"], due.body["items"].as_array().unwrap().len()),
        (&json!(before), usize::try_from(before).unwrap())
    );
    let theirs = district.get(&format!("{path}?to_org_unit_id={unit}")).await;
    assert_eq!(
        (&theirs.expect(200)["expected_count"], &theirs.body["by_kind"][0]["org_unit_kind"]),
        (&json!(24), &json!("commune_committee"))
    );
    let then = province
        .get(&format!(
            "{path}?to_org_unit_id={unit}&at={}",
            app.text(
                "SELECT to_char(max(occurred_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM report_obligation_decisions"
            )
            .await
        ))
        .await;
    assert_eq!(then.expect(200)["expected_count"], 24);
}

#[tokio::test]
async fn the_limit_moves_with_an_amended_plan_until_a_report_was_judged_by_it() {
    let app = TestApp::start().await;
    let (unit, district, plan, communes) = demanding(&app, "Lục Yên").await;
    let amended = |on: &'static str| {
        let (district, plan) = (&district, &plan);
        async move {
            let latest = district.get(&format!("/api/v1/plans?first_edition_id={}&state=issued", plan.id())).await.items()[0].clone();
            let read = district.get(&format!("/api/v1/plans/{}", latest["id"].as_str().unwrap())).await;
            let draft = district
                .post_if(&format!("/api/v1/plans/{}/amend", read.id()), &read, json!({"note": "Lùi hạn báo cáo của các xã."}))
                .await;
            draft.expect(201);
            let rule = json!({"rule_id": "Q1", "clause": "III.2", "obligation": "must", "statement": "Các xã báo cáo kết quả.",
                              "parameters": {"kind": "report_limit", "on": on, "inclusive": true}});
            let draft = district.patch_if(&draft.location(), &draft, json!({"rules": [rule]})).await;
            draft.expect(200);
            district.post_empty_if(&format!("/api/v1/plans/{}/submit", draft.id()), &draft).await
        }
    };
    let extended = app.account(Role::District, &unit).await;
    let first = district.get(&format!("{OWED}/{}", obligation_of(&app, &communes[0]).await)).await;
    let until = json!({"until": "2023-08-18T00:00:00+07:00", "reason": "Mưa lũ."});
    extended.post_if(&format!("{OWED}/{}/extend", first.id()), &first, until).await.expect(200);
    let second = amended("2023-08-16").await;
    issue(&district, &second, 6).await.expect(200);
    let due = |limit: &str| format!("SELECT count(*) FROM report_obligations WHERE to_org_unit_id = '{unit}' AND due_before = '{limit}'");
    assert_eq!(app.number(&due("2023-08-17T00:00+07:00")).await, 23);
    assert_eq!(app.number(&due("2023-08-18T00:00+07:00")).await, 1, "what was extended keeps its limit");
    // One in time by 16/8 would be late by 12/8.
    app.set_now("2023-08-14T08:00:00+07:00");
    reported(&app, Role::Commune, &communes[1], 40).await;
    let third = amended("2023-08-12").await;
    let refused = issue(&district, &third, 7).await;
    assert_eq!(refused.fields(), ["/rules contradicts_recorded"]);
    assert_eq!(app.number(&due("2023-08-17T00:00+07:00")).await, 23, "nothing half done");
}

#[tokio::test]
async fn who_a_report_is_owed_to_returns_accepts_and_waives_it_and_nobody_below() {
    let app = TestApp::start().await;
    let (unit, district, _, communes) = demanding(&app, "Lục Yên").await;
    let vanyen = app.district("Văn Yên").await;
    let commune = app.account(Role::Commune, &communes[0]).await;
    let submitted = reported(&app, Role::Commune, &communes[0], 40).await;
    vanyen.post_empty_if(&format!("{}/accept", submitted_path(&submitted)), &submitted).await.expect_problem(404, "not_found");
    step(&commune, &submitted, "accept").await.expect_problem(403, "forbidden");
    let returned = give_back(&district, &submitted).await;
    returned.expect(200);
    let again = step(&commune, &returned, "submit").await;
    let accepted = step(&district, &again, "accept").await;
    assert_eq!(accepted.expect(200)["state"], "accepted");
    let locked = step(&district, &accepted, "lock").await;
    assert!(locked.expect(200)["locked_at"].is_string());

    // What the district owes itself, and what is owed past it, is decided above.
    let own = reported(&app, Role::District, &unit, 100).await;
    step(&district, &own, "accept").await.expect_problem(403, "forbidden");
    let owed = district.get(&format!("{OWED}/{}", obligation_of(&app, &unit).await)).await;
    let reason = json!({"reason": "Không tổ chức."});
    district.post_if(&format!("{OWED}/{}/exempt", owed.id()), &owed, reason.clone()).await.expect_problem(403, "forbidden");
    district.delete_if(&format!("{OWED}/{}", owed.id()), &owed).await.expect_problem(403, "forbidden");
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let owner = app.org_unit_of_kind("provincial_committee", "Yên Bái").await;
    let waived = district.get(&format!("{OWED}/{}", obligation_of(&app, &communes[1]).await)).await;
    let exempt = district.post_if(&format!("{OWED}/{}/exempt", waived.id()), &waived, reason.clone()).await;
    assert!(exempt.expect(200)["exempted_at"].is_string());
    district.delete_if(&format!("{OWED}/{}", waived.id()), &exempt).await.expect(204);
    let past = json!({"campaign_id": app.campaign_id().await, "org_unit_id": communes[1], "to_org_unit_id": owner});
    assert_eq!(district.post(OWED, past.clone()).await.fields(), ["/to_org_unit_id unknown_reference"]);
    let past = province.post(OWED, past).await;
    past.expect(201);
    let sent = reported(&app, Role::Commune, &communes[1], 7).await;
    step(&district, &sent, "accept").await.expect_problem(403, "forbidden");
    give_back(&district, &sent).await.expect_problem(403, "forbidden");
    step(&province, &sent, "accept").await.expect(200);

    // Who reports stands below who receives; a district demands for itself when it says nothing.
    let body = |unit: &str, to: &str| json!({"campaign_id": past.body["campaign_id"], "org_unit_id": unit, "to_org_unit_id": to});
    assert_eq!(province.post(OWED, body(&communes[2], &communes[3])).await.fields(), ["/org_unit_id not_below_receiver"]);
    assert_eq!(
        district.post(OWED, json!({"campaign_id": past.body["campaign_id"], "org_unit_id": unit})).await.fields(),
        ["/org_unit_id not_below_receiver"]
    );
    let third = district.get(&format!("{OWED}/{}", obligation_of(&app, &communes[2]).await)).await;
    district.delete_if(&format!("{OWED}/{}", third.id()), &third).await.expect(204);
    let made = district.post(OWED, json!({"campaign_id": past.body["campaign_id"], "org_unit_id": communes[2]})).await;
    assert_eq!(made.expect(201)["to_org_unit_id"], unit);
}

fn submitted_path(report: &Answer) -> String {
    format!("/api/v1/reports/{}", report.id())
}

#[tokio::test]
async fn each_desk_counts_what_waits_for_it_and_accepts_no_more() {
    let app = TestApp::start().await;
    let (unit, district, _, communes) = demanding(&app, "Lục Yên").await;
    let division = app.sign_in(Role::MovementDivision).await;
    let desk = format!("/api/v1/campaigns/{}/desk", app.campaign_id().await);
    for commune in &communes[..3] {
        reported(&app, Role::Commune, commune, 10).await;
    }
    reported(&app, Role::District, &unit, 100).await;
    for (client, waiting) in [(&district, 3), (&division, 1)] {
        let shown = client.get(&desk).await;
        let counts = shown.expect(200)["counts"].as_array().unwrap();
        let count = counts.iter().find(|count| count["code"] == "reports_waiting").unwrap();
        assert_eq!(count["count"], waiting);
        let list = client.get(&format!("{}&with_total=true", count["href"].as_str().unwrap())).await;
        assert_eq!(list.expect(200)["total"], waiting);
    }
    let accept = format!("/api/v1/campaigns/{}/reports/accept", app.campaign_id().await);
    district.post(&accept, json!({"expected_count": 4})).await.expect_problem(409, "count_differs");
    assert_eq!(district.post(&accept, json!({"expected_count": 3})).await.expect(200)["accepted_count"], 3);
    let to = app.org_unit_of_kind("provincial_committee", "Yên Bái").await;
    let done = division.post(&accept, json!({"filter": {"to_org_unit_id": to}, "expected_count": 1})).await;
    assert_eq!(done.expect(200)["accepted"][0]["org_unit_id"], unit);
}

/// The total of attendances over the reports below a body, and the sum of its sources.
async fn attendances(client: &Client, app: &TestApp, under: &str) -> i64 {
    let path = format!("/api/v1/campaigns/{}/consolidation?under_org_unit_id={under}", app.campaign_id().await);
    let shown = client.get(&path).await;
    let totals = shown.expect(200)["totals"].as_array().unwrap();
    let total = totals.iter().find(|total| total["code"] == "attendance_count").unwrap();
    let sum: i64 = total["sources"].as_array().unwrap().iter().map(|source| source["value"].as_i64().unwrap()).sum();
    assert_eq!(total["value"].as_i64().unwrap_or(0), sum);
    sum
}

/// Corrects the accepted report of a commune to another number of attendances, by an extension that opens it again.
async fn correct(app: &TestApp, district: &Client, commune: &str, attendance: i64) {
    let owed = district.get(&format!("{OWED}/{}", obligation_of(app, commune).await)).await;
    let now = app.text("SELECT max(due_before) + interval '1 day' FROM report_obligations").await;
    let until = json!({"until": now.replace(' ', "T"), "reason": "Đính chính.", "reopens_report": true});
    district.post_if(&format!("{OWED}/{}/extend", owed.id()), &owed, until).await.expect(200);
    let own = app.account(Role::Commune, commune).await;
    let list = own.get(&format!("/api/v1/reports?org_unit_id={commune}")).await;
    let read = own.get(&format!("/api/v1/reports/{}", list.items()[0]["id"].as_str().unwrap())).await;
    let figures = json!({"figures": {"attendance_count": {"value": attendance, "basis": "counted"}}});
    let changed = own.patch_if(&submitted_path(&read), &read, figures).await;
    let submitted = step(&own, &changed, "submit").await;
    step(district, &submitted, "accept").await.expect(200);
}

#[test]
fn a_corrected_report_changes_exactly_the_totals_above_it() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 3, ..ProptestConfig::default() });
    let input = (prop::collection::vec(0_i64..500, 4), prop::collection::vec((0_usize..4, 0_i64..500), 1..4));
    let played = runner.run(&input, |(first, corrections)| {
        block_on(async move {
            let app = TestApp::start().await;
            let province = app.sign_in(Role::ProvincialAdministrator).await;
            let owner = app.org_unit_of_kind("provincial_committee", "Yên Bái").await;
            let (lucyen, yenbinh) = (demanding(&app, "Lục Yên").await, demanding(&app, "Yên Bình").await);
            // Two communes of each district; the first district reports for itself as well.
            let places = [(&lucyen, 0), (&lucyen, 1), (&yenbinh, 0), (&yenbinh, 1)].map(|(place, no)| (place, place.3[no].clone()));
            let mut said: BTreeMap<String, i64> = BTreeMap::new();
            for ((place, commune), attendance) in places.iter().zip(first) {
                let report = reported(&app, Role::Commune, commune, attendance).await;
                step(&place.1, &report, "accept").await.expect(200);
                said.insert(commune.clone(), attendance);
            }
            let own = reported(&app, Role::District, &lucyen.0, 1000).await;
            step(&province, &own, "accept").await.expect(200);
            let mut corrections = corrections.into_iter();
            loop {
                for (place, own) in [(&lucyen, 1000), (&yenbinh, 0)] {
                    let below: i64 = places.iter().filter(|(of, _)| of.0 == place.0).map(|(_, commune)| said[commune]).sum();
                    assert_eq!(attendances(&province, &app, &place.0).await, below + own);
                    assert_eq!(attendances(&place.1, &app, &place.0).await, below + own, "as the district sees it");
                }
                assert_eq!(attendances(&province, &app, &owner).await, 1000 + said.values().sum::<i64>());
                let Some((which, attendance)) = corrections.next() else { break };
                let (place, commune) = &places[which];
                correct(&app, &place.1, commune, attendance).await;
                said.insert(commune.clone(), attendance);
            }
        });
        Ok(())
    });
    played.unwrap();
}
