//! Whether a site suits: what the campaign asks, what was found, with evidence, and the light of R9.

use super::support::fixtures::{District, path, step};
use super::support::*;

async fn items(app: &TestApp, client: &Client) -> Vec<Value> {
    client.get(&format!("/api/v1/checklist-items?sort=no&campaign_id={}", app.campaign_id().await)).await.items().clone()
}

fn answers(items: &[Value], verdict: &str) -> Value {
    json!({"answers": items.iter().map(|item| json!({"item_id": item["id"], "verdict": verdict})).collect::<Vec<_>>()})
}

#[tokio::test]
async fn a_site_is_answered_item_by_item_with_evidence_and_says_how_far_it_is() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    let checklist = step(&site, "checklist");
    let open = district.client.get(&checklist).await;
    assert_eq!(open.expect(200)["items"].as_array().unwrap().len(), 9);
    assert_eq!((&open.body["progress"]["answered_count"], open.etag()), (&json!(0), site.etag()));
    assert_eq!(open.body["items"][0]["code"], "access_road");
    let items = items(&app, &district.client).await;

    let file =
        district.client.raw("POST", &format!("{}?filename=duong.txt", step(&site, "attachments")), "text/plain", "Đường bê tông").await;
    file.expect(201);
    let first = json!({"answers": [{"item_id": items[0]["id"], "verdict": "met", "note": "Đường bê tông 4 m", "attachment_ids": [file.id()]},
                                   {"item_id": items[1]["id"], "verdict": "not_met"}]});
    let put = district.client.put_if(&checklist, &open, first).await;
    let body = put.expect(200);
    assert_eq!((&body["items"][0]["note"], &body["items"][0]["attachment_ids"][0]), (&json!("Đường bê tông 4 m"), &json!(file.id())));
    assert_eq!(body["progress"], json!({"item_count": 9, "answered_count": 2, "met_count": 1, "failed_count": 1, "is_complete": false}));
    let shown = district.client.get(&path(&site)).await;
    assert_eq!((&shown.expect(200)["checklist"], shown.etag()), (&body["progress"], put.etag()));
    assert_eq!(district.client.get("/api/v1/sites").await.items()[0]["checklist"], body["progress"]);

    // What an answer rests on stays.
    let attachment = format!("/api/v1/attachments/{}", file.id());
    district.client.delete_if(&attachment, "*").await.expect_problem(409, "in_use");
    // What is optional need not be answered; what does not apply is no fault.
    let required: Vec<Value> = items.iter().filter(|item| item["is_required"] == true).cloned().collect();
    assert_eq!(required.len(), 8);
    let done = district.client.put_if(&checklist, &put, answers(&required, "not_applicable")).await;
    assert_eq!((&done.expect(200)["progress"]["is_complete"], &done.body["progress"]["met_count"]), (&json!(true), &json!(0)));
    district.client.delete_if(&attachment, "*").await.expect(204);
    assert_eq!(district.client.get("/api/v1/sites?is_checklist_complete=true").await.items().len(), 1);
    assert!(district.client.get("/api/v1/sites?is_checklist_complete=false").await.items().is_empty());
    assert_eq!(app.number("SELECT count(*) FROM events WHERE action = 'checklist_updated'").await, 2);
}

#[tokio::test]
async fn answers_that_make_no_sense_are_named_one_by_one() {
    let app = TestApp::start().await;
    let (district, other) = (District::of(&app, "Lục Yên").await, District::of(&app, "Văn Yên").await);
    let (site, foreign) = (district.draft(&app, "Bản").await, other.draft(&app, "Bản").await);
    let items = items(&app, &district.client).await;
    let target = format!("{}?filename=a.txt", step(&foreign, "attachments"));
    let file = other.client.raw("POST", &target, "text/plain", "x").await;
    let body = json!({"answers": [
        {"item_id": items[0]["id"], "verdict": "met", "attachment_ids": [file.id()]},
        {"item_id": items[0]["id"], "verdict": "met"},
        {"item_id": app.campaign_id().await, "verdict": "met"},
    ]});
    let refused = district.client.put_if(&step(&site, "checklist"), &site, body).await;
    assert_eq!(
        refused.fields(),
        ["/answers/0/attachment_ids/0 unknown_reference", "/answers/1/item_id duplicate", "/answers/2/item_id unknown_reference"]
    );
    let checklist = step(&site, "checklist");
    let some = answers(&items[..1], "met");
    district.client.put(&checklist, some.clone()).await.expect_problem(428, "precondition_required");
    district.client.put_if(&checklist, "\"9\"", some.clone()).await.expect_problem(412, "precondition_failed");
    other.client.put_if(&checklist, "*", some.clone()).await.expect_problem(404, "not_found");
    other.client.get(&checklist).await.expect_problem(404, "not_found");
    app.sign_in(Role::Auditor).await.put_if(&checklist, "*", some.clone()).await.expect_problem(403, "forbidden");
    app.anonymous().get(&checklist).await.expect_problem(401, "unauthenticated");
    app.execute("UPDATE sites SET state = 'held'").await;
    district.client.put_if(&checklist, "*", some).await.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn a_province_asks_for_more_or_for_less_and_sites_follow() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let site = district.draft(&app, "Bản").await;
    let all = items(&app, &province).await;
    let full = district.client.put_if(&step(&site, "checklist"), &site, answers(&all, "met")).await;
    assert_eq!(full.expect(200)["progress"]["is_complete"], true);
    let new = json!({"campaign_id": app.campaign_id().await, "code": "boat_landing", "no": 3, "name_vi": "Có bến thuyền", "name_en": "A landing", "is_required": true});
    let made = province.post("/api/v1/checklist-items", new.clone()).await;
    made.expect(201);
    let again = province.post("/api/v1/checklist-items", new.clone()).await;
    assert_eq!(
        (again.expect_problem(409, "duplicate")["code"].as_str(), again.fields()),
        (Some("duplicate"), vec!["/code duplicate".to_owned()])
    );
    district.client.post("/api/v1/checklist-items", new).await.expect_problem(403, "forbidden");
    let read = district.client.get(&made.location()).await;
    assert_eq!(read.expect(200), &made.body);
    // What was read before is out of date: nobody is told 304.
    let open = district.client.get_if_none_match(&path(&site), &full).await;
    assert_eq!(open.expect(200)["checklist"]["is_complete"], false);
    district.client.patch_if(&made.location(), &made, json!({})).await.expect_problem(403, "forbidden");
    province.patch_if(&made.location(), "\"7\"", json!({})).await.expect_problem(412, "precondition_failed");
    let eased = province.patch_if(&made.location(), &made, json!({"is_required": false})).await;
    assert_eq!(eased.expect(200)["version"], 2);
    assert_eq!(district.client.get(&path(&site)).await.body["checklist"]["is_complete"], true);
    province.patch_if(&made.location(), &eased, json!({"is_active": false})).await.expect(200);
    assert_eq!(district.client.get(&step(&site, "checklist")).await.body["items"].as_array().unwrap().len(), 9);
    assert_eq!(province.get("/api/v1/checklist-items?is_active=false&with_total=true").await.body["total"], 1);
    let bad = json!({"campaign_id": app.campaign_id().await, "code": "Bến", "no": 0, "name_vi": "", "name_en": "x", "is_required": 1});
    let refused = province.post("/api/v1/checklist-items", bad).await;
    assert_eq!(refused.fields(), ["/code pattern", "/is_required type", "/name_vi too_short", "/no too_small"]);
}

#[tokio::test]
async fn the_light_of_suitability_follows_the_checklists_of_the_sites_that_the_province_selected() {
    let app = TestApp::start().await;
    app.set_now("2023-06-20T08:00:00+07:00");
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let district = District::of(&app, "Lục Yên").await;
    let compliance = format!("/api/v1/campaigns/{}/compliance", app.campaign_id().await);
    let light = async || {
        let body = province.get(&compliance).await;
        let rules = body.expect(200)["rules"].as_array().unwrap().clone();
        rules.into_iter().find(|rule| rule["rule_id"] == "R9").unwrap()
    };
    assert_eq!(light().await["state"], "open");
    let site = district.nominated(&app, "Bản").await;
    let selected = province.post_if(&step(&site, "select"), &site, json!({"reason": "x"})).await;
    assert_eq!(selected.warnings(), ["checklist_not_met"]);
    assert_eq!(light().await["state"], "open", "there is time before the window");
    let all = items(&app, &province).await;
    let checklist = step(&site, "checklist");
    let mut one_bad = answers(&all, "met");
    one_bad["answers"][0]["verdict"] = json!("not_met");
    province.put_if(&checklist, "*", one_bad).await.expect(200);
    let red = light().await;
    assert_eq!((&red["state"], &red["clause"]), (&json!("violated"), &json!("III.3")));
    province.put_if(&checklist, "*", answers(&all, "met")).await.expect(200);
    let green = light().await;
    assert_eq!(green["state"], "met");
    let suitable = green["facts"].as_array().unwrap().iter().find(|fact| fact["name"] == "pilot_sites_suitable").unwrap();
    let listed = province.get(suitable["link"].as_str().unwrap()).await;
    assert_eq!((&suitable["value"], &listed.items()[0]["id"]), (&json!(1), &json!(site.id())));
    province.put_if(&checklist, "*", json!({"answers": []})).await.expect(200);
    app.set_now("2023-08-20T00:00:00+07:00");
    assert_eq!(light().await["state"], "violated", "the window is over and nobody looked");
}

#[tokio::test]
async fn a_new_campaign_has_the_usual_list_and_a_cloned_one_that_of_its_source() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let source = app.campaign_id().await;
    let new = json!({"campaign_id": source, "code": "boat_landing", "no": 3, "name_vi": "Có bến thuyền", "name_en": "A landing", "is_required": true});
    province.post("/api/v1/checklist-items", new).await.expect(201);
    let clone = province.post(&format!("/api/v1/campaigns/{source}/clone"), json!({"year": 2024})).await;
    clone.expect(201);
    let id = clone.body["campaign"]["id"].as_str().unwrap();
    assert_eq!(province.get(&format!("/api/v1/checklist-items?campaign_id={id}")).await.items().len(), 10);
    let district = app.district("Lục Yên").await;
    assert!(district.get(&format!("/api/v1/checklist-items?campaign_id={id}")).await.items().is_empty(), "a draft is not seen below");
    let unit = app.text("SELECT org_unit_id FROM campaigns LIMIT 1").await;
    let body = json!({"org_unit_id": unit, "name": "Ngày hội 2026", "year": 2026, "event_from": "2026-07-01", "event_to": "2026-08-19",
        "report_due_before": "2026-08-20", "provincial_pilot_count": 2, "min_district_nominations": 1});
    let made = province.post("/api/v1/campaigns", body).await;
    assert_eq!(province.get(&format!("/api/v1/checklist-items?campaign_id={}", made.id())).await.items().len(), 9);
    province.delete_if(&made.location(), &made).await.expect(204);
}
