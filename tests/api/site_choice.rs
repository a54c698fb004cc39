//! How sites come to be those of the province: nomination, shortlist, selection, withdrawal, and the history of it.

use super::support::fixtures::{District, hours, path, site_in, step};
use super::support::*;
use futures_util::future::join_all;

fn because() -> Value {
    json!({"reason": "Mô hình tự quản hoạt động tốt."})
}

async fn actions(client: &Client, site: &Answer) -> Vec<String> {
    let list = client.get(&step(site, "history")).await;
    list.items().iter().map(|one| one["action"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_police_shortlist_the_province_selects_and_each_step_is_kept() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let (police, province) = (app.sign_in(Role::StandingAgency).await, app.sign_in(Role::ProvincialAdministrator).await);
    let nominated = district.nominated(&app, "Bản Mường Lai").await;
    let advice = json!({"reason": "Phong trào mạnh", "adviser": "Phòng Xây dựng phong trào", "decision_number": "15/TTr-CAT"});
    let listed = police.post_if(&step(&nominated, "shortlist"), &nominated, advice.clone()).await;
    assert_eq!(listed.expect(200)["state"], "shortlisted");
    assert_eq!(district.client.get("/api/v1/sites?states=nominated,shortlisted").await.items().len(), 1);
    let selected = province.post_if(&step(&listed, "select"), &listed, because()).await;
    assert_eq!(selected.expect(200)["state"], "selected");

    let history = district.client.get(&format!("{}?sort=-occurred_at,-id", step(&nominated, "history"))).await;
    let steps = history.items();
    assert_eq!(steps.iter().map(|one| one["action"].as_str().unwrap()).collect::<Vec<_>>(), ["selected", "shortlisted", "nominated"]);
    let (last, shortlist) = (&steps[0], &steps[1]);
    assert_eq!((&last["from_state"], &last["to_state"]), (&json!("shortlisted"), &json!("selected")));
    assert_eq!((&last["from_pilot_level"], &last["to_pilot_level"]), (&json!("none"), &json!("province")));
    for name in ["reason", "adviser", "decision_number"] {
        assert_eq!(shortlist[name], advice[name], "{name}");
    }
    let actor = app.text("SELECT actor_id FROM events WHERE action = 'shortlisted'").await;
    assert_eq!(shortlist["actor_id"], json!(actor));
    let other = app.district("Văn Yên").await;
    other.get(&step(&nominated, "history")).await.expect_problem(404, "not_found");
    app.anonymous().get(&step(&nominated, "history")).await.expect_problem(401, "unauthenticated");
    for text in app.sql("SELECT data::text AS data FROM events").await {
        assert!(!text["data"].as_str().unwrap().contains("Phòng Xây dựng"), "the feed does not name advisers");
    }
}

#[tokio::test]
async fn only_the_police_and_the_province_shortlist_and_only_a_nomination() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let police = app.sign_in(Role::StandingAgency).await;
    let draft = district.draft(&app, "Bản").await;
    police.post_if(&step(&draft, "shortlist"), &draft, because()).await.expect_problem(409, "invalid_transition");
    let nominated = district.nominated(&app, "Bản khác").await;
    let shortlist = step(&nominated, "shortlist");
    district.client.post_if(&shortlist, &nominated, because()).await.expect_problem(403, "forbidden");
    police.post(&shortlist, because()).await.expect_problem(428, "precondition_required");
    police.post_if(&shortlist, "\"1\"", because()).await.expect_problem(412, "precondition_failed");
    assert_eq!(police.post_if(&shortlist, &nominated, json!({})).await.fields(), ["/reason required"]);
    police.post_if(&shortlist, &nominated, because()).await.expect(200);
}

#[tokio::test]
async fn a_district_takes_its_nomination_back_and_the_province_its_selection() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let draft = district.draft(&app, "Bản").await;
    let draft = district.client.patch_if(&path(&draft), &draft, json!({"pilot_level": "district"})).await;
    district.client.post_if(&step(&draft, "withdraw"), &draft, because()).await.expect_problem(409, "invalid_transition");
    let nominated = district.client.post_empty_if(&step(&draft, "nominate"), &draft).await;
    let back = district.client.post_if(&step(&draft, "withdraw"), &nominated, json!({"reason": "Đường sạt lở"})).await;
    assert_eq!((&back.expect(200)["state"], &back.body["nominated_by"]), (&json!("draft"), &Value::Null));
    district.client.delete_if(&path(&draft), &back).await.expect_problem(409, "in_use");

    let again = district.client.post_empty_if(&step(&draft, "nominate"), &back).await;
    let selected = province.post_if(&step(&draft, "select"), &again, because()).await;
    assert_eq!(selected.expect(200)["pilot_level"], "province");
    let refused = district.client.post_if(&step(&draft, "withdraw"), &selected, because()).await;
    refused.expect_problem(403, "forbidden");
    let scheduled = district.client.post_if(&step(&draft, "schedule"), &selected, hours("2023-08-12", 8, 11)).await;
    app.set_now("2023-08-12T08:00:00+07:00");
    province.post_if(&step(&draft, "withdraw"), &scheduled, because()).await.expect_problem(409, "invalid_transition");
    app.set_now("2023-08-11T08:00:00+07:00");
    let withdrawn = province.post_if(&step(&draft, "withdraw"), &scheduled, because()).await;
    let body = withdrawn.expect(200);
    assert_eq!((&body["state"], &body["pilot_level"]), (&json!("nominated"), &json!("district")), "as it was before");
    assert_eq!((&body["starts_at"], &body["decided_at"], &body["decision_reason"]), (&Value::Null, &Value::Null, &Value::Null));
    province.post_if(&step(&draft, "select"), &withdrawn, because()).await.expect(200);
    assert_eq!(actions(&province, &draft).await, ["nominated", "withdrawn", "nominated", "selected", "scheduled", "withdrawn", "selected"]);
    let own = district.scheduled(&app, "Bản không điểm").await;
    province.post_if(&step(&own, "withdraw"), &own, because()).await.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn a_site_that_no_district_nominated_is_selected_with_a_warning_that_cites_the_plan() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let draft = district.draft(&app, "Bản").await;
    let selected = province.post_if(&step(&draft, "select"), &draft, because()).await;
    selected.expect(200);
    assert_eq!(selected.warnings(), ["not_nominated_by_district", "checklist_not_met"]);
    let clause = |index: usize| (selected.body["warnings"][index]["rule_id"].clone(), selected.body["warnings"][index]["clause"].clone());
    assert_eq!(clause(0), (json!("R4"), json!("III.3")));
    assert_eq!(clause(1).0, json!("R9"));
    let back = province.post_if(&step(&draft, "withdraw"), &selected, because()).await;
    assert_eq!(back.expect(200)["state"], "draft", "nobody had nominated it");
    let nominated = district.nominated(&app, "Bản khác").await;
    let chosen = province.post_if(&step(&nominated, "select"), &nominated, because()).await;
    assert_eq!(chosen.warnings(), ["checklist_not_met"]);
}

#[tokio::test]
async fn twelve_who_select_and_withdraw_at_once_never_exceed_the_quota() {
    let app = TestApp::start_wide().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let mut sites = Vec::new();
    for name in ["Lục Yên", "Văn Yên", "Trấn Yên", "Yên Bình"] {
        sites.push(District::of(&app, name).await.nominated(&app, "Bản").await);
    }
    let (mut selections, mut withdrawals) = (0, 0);
    for round in 0..6 {
        let writers = (0..12).map(|n| {
            let (site, province) = (&sites[(n + round) % 4], &province);
            let name = if (n / 4 + round) % 2 == 0 { "select" } else { "withdraw" };
            async move {
                // A nomination is not withdrawn here: what is not selected stays to be selected.
                let is_selected = province.get(&path(site)).await.body["pilot_level"] == "province";
                if name == "withdraw" && !is_selected {
                    return (name, 0);
                }
                (name, province.post_if(&step(site, name), "*", because()).await.status)
            }
        });
        let watch = async {
            for _ in 0..10 {
                assert!(app.number("SELECT count(*) FROM sites WHERE pilot_level = 'province'").await <= 2, "round {round}");
            }
        };
        let (answers, ()) = tokio::join!(join_all(writers), watch);
        assert!(answers.iter().all(|(_, status)| matches!(status, 0 | 200 | 409)), "{answers:?}");
        selections += answers.iter().filter(|(name, status)| *name == "select" && *status == 200).count();
        withdrawals += answers.iter().filter(|(name, status)| *name == "withdraw" && *status == 200).count();
        let selected = app.number("SELECT count(*) FROM sites WHERE pilot_level = 'province'").await;
        assert!(selected <= 2, "round {round}: {selected}");
        let of_history = "SELECT count(*) FILTER (WHERE to_pilot_level = 'province' AND from_pilot_level <> 'province')
                          - count(*) FILTER (WHERE from_pilot_level = 'province' AND to_pilot_level <> 'province') FROM site_steps";
        assert_eq!(app.number(of_history).await, selected, "the history says who is selected");
        let overview = province.get("/api/v1/dashboard/overview").await;
        let states = &overview.expect(200)["sites"];
        for state in ["draft", "nominated", "shortlisted", "selected"] {
            let counted = app.number(&format!("SELECT count(*) FROM sites WHERE state = '{state}'")).await;
            assert_eq!(states[state], json!(counted), "round {round}: {state}");
        }
        // A withdrawal that came after another one took a nomination back: nominate again, for the next round.
        for site in &sites {
            province.post_empty_if(&step(site, "nominate"), "*").await;
        }
    }
    assert!(selections >= 4 && withdrawals >= 1, "{selections} selections, {withdrawals} withdrawals");
}

#[tokio::test]
async fn who_may_not_see_why_an_area_has_priority_may_not_ask_for_it_either() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let draft = district.draft(&app, "Bản").await;
    let other = json!({"priority_reasons": ["other"]});
    let refused = district.client.patch_if(&path(&draft), &draft, other).await;
    assert_eq!((refused.status, refused.fields()), (422, vec!["/priority_note required".to_owned()]));
    let change = json!({"priority_reasons": ["other", "religious_area"], "priority_note": "Giáp ranh ba xã"});
    let changed = district.client.patch_if(&path(&draft), &draft, change).await;
    assert_eq!(changed.expect(200)["priority_note"], "Giáp ranh ba xã");
    let list = "/api/v1/sites?priority_reason=religious_area";
    assert_eq!(district.client.get(list).await.items().len(), 1);
    assert!(district.client.get("/api/v1/sites?priority_reason=urban_zone").await.items().is_empty());
    for role in [Role::OperationsCentre, Role::PortalClient, Role::CheckinOperator, Role::Auditor, Role::CentralViewer] {
        let client = app.sign_in(role).await;
        client.get(list).await.expect_problem(403, "forbidden");
        let shown = client.get(&path(&draft)).await;
        assert_eq!((&shown.expect(200)["priority_note"], &shown.body["priority_reasons"]), (&Value::Null, &Value::Null), "{role}");
    }
    let map = app.sign_in(Role::OperationsCentre).await.get("/api/v1/map/sites.geojson").await;
    for text in [map.text, app.text("SELECT string_agg(data::text, '') FROM events").await] {
        assert!(!text.contains("Giáp ranh") && !text.contains("religious"), "{text}");
    }
}

#[tokio::test]
async fn sites_are_found_by_what_an_official_asks() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let (one, two) = (district.scheduled(&app, "Bản Một").await, district.scheduled(&app, "Bản Hai").await);
    district.nominated(&app, "Bản Ba").await;
    assert_eq!(two.warnings(), ["same_organiser_same_hour"]);
    let moved = district.client.post_if(&step(&two, "schedule"), &two, hours("2023-08-13", 8, 11)).await;
    assert!(moved.warnings().is_empty());
    let found = async |query: &str| {
        let list = district.client.get(&format!("/api/v1/sites?{query}")).await;
        list.items().iter().map(|site| site["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(found("has_clash=true").await.is_empty());
    let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": district.unit, "title": "Giao lưu bóng chuyền", "kind": "sports",
        "phase": "during", "starts_at": "2023-08-12T10:30:00+07:00"});
    let made = district.client.post("/api/v1/activities", body).await;
    made.expect(201);
    assert_eq!(found("has_clash=true").await, ["Bản Một"]);
    let again = district.client.post_if(&step(&one, "schedule"), &one, hours("2023-08-12", 8, 11)).await;
    assert_eq!(again.warnings(), ["same_organiser_same_hour"]);
    assert!(again.text.contains("Giao lưu bóng chuyền"));
    district.client.patch_if(&made.location(), &made, json!({"site_id": one.id()})).await.expect(200);
    assert!(found("has_clash=true").await.is_empty(), "what is held at the site itself is part of its day");
    assert_eq!(found("has_clash=false").await.len(), 3);
    assert_eq!(found("states=nominated,scheduled").await.len(), 3);
    assert_eq!(found("states=nominated").await, ["Bản Ba"]);
    assert_eq!(found(&format!("nominated_by={}&is_scheduled=false", district.unit)).await, ["Bản Ba"]);
    assert!(found("is_checklist_complete=true").await.is_empty());
    district.client.get("/api/v1/sites?states=nominated,gone").await.expect_problem(400, "invalid_parameter");
}

/// A rule of the plan: each body has at most so many pilot sites of its own.
async fn limit_marked(app: &TestApp, rule_id: &str, by: &str, count: u32, kind: Value) {
    let parameters =
        json!({"kind": "quota", "by": by, "measure": "selected", "compare": "at_most", "count": count, "pilot": true, "site_kind": kind});
    app.execute(&format!(
        "INSERT INTO plan_rules (plan_id, no, rule_id, kind, clause, obligation, statement, parameters, also_in, is_confirmed, confidence)
         SELECT plan_id, max(no) + 1, '{rule_id}', 'quota', 'II.2.2.1', 'must', 'Số điểm tối đa', '{parameters}', '{{}}', true, 1
         FROM plan_rules GROUP BY plan_id"
    ))
    .await;
}

#[tokio::test]
async fn a_district_marks_no_more_pilot_sites_than_the_plan_gives_it() {
    let app = TestApp::start_wide().await;
    limit_marked(&app, "Q1", "district", 2, Value::Null).await;
    limit_marked(&app, "Q2", "each_level", 1, json!("ward")).await;
    let (own, other) = (District::of(&app, "Lục Yên").await, District::of(&app, "Văn Yên").await);
    let body = async |unit: &str, name: &str, kind: &str| {
        let mut body = site_in(&app, unit, name).await;
        body["pilot_level"] = json!("district");
        body["kind"] = json!(kind);
        body
    };
    let ward = own.client.post("/api/v1/sites", body(&own.unit, "Phường", "ward").await).await;
    ward.expect(201);
    let second = own.client.post("/api/v1/sites", body(&own.unit, "Phường khác", "ward").await).await;
    second.expect_problem(409, "quota_reached");
    assert_eq!((&second.body["rule_id"], &second.body["clause"]), (&json!("Q2"), &json!("II.2.2.1")));
    let commune = own.client.post("/api/v1/sites", body(&own.unit, "Xã", "commune").await).await;
    commune.expect(201);
    own.client.patch_if(&path(&commune), &commune, json!({"kind": "ward"})).await.expect_problem(409, "quota_reached");
    let plain = own.draft(&app, "Bản").await;
    let third = own.client.patch_if(&path(&plain), &plain, json!({"pilot_level": "district"})).await;
    third.expect_problem(409, "quota_reached");
    assert_eq!(third.body["rule_id"], "Q1");
    own.client.patch_if(&path(&plain), &plain, json!({"pilot_level": "commune"})).await.expect(200);
    // What counts already can be changed in anything else, and what is marked no more leaves its place.
    own.client.patch_if(&path(&ward), &ward, json!({"name": "Phường mới"})).await.expect(200);
    own.client.patch_if(&path(&commune), "*", json!({"pilot_level": "none"})).await.expect(200);
    own.client.patch_if(&path(&plain), "*", json!({"pilot_level": "district"})).await.expect(200);

    let mut drafts = Vec::new();
    for no in 0..12 {
        drafts.push(other.draft(&app, &format!("Bản {no}")).await);
    }
    let mark = drafts.iter().map(async |draft| other.client.patch_if(&path(draft), draft, json!({"pilot_level": "district"})).await);
    let marked = join_all(mark).await.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(marked, 2, "of twelve at once");
}
