//! Report forms: versions as data, indicators of one's own, and reports that keep the form they were begun with.

use super::reports::{draft_of, enough, step};
use super::support::*;
use futures_util::future::join_all;

const LIST: &str = "/api/v1/report-forms";

/// The indicators of the first form, with more after them.
async fn first_with(client: &Client, campaign: &str, more: Value) -> Value {
    let form = client.get(&format!("/api/v1/campaigns/{campaign}/report-form")).await;
    let mut indicators = form.expect(200)["indicators"].as_array().unwrap().clone();
    indicators.extend(more.as_array().unwrap().iter().cloned());
    json!({"campaign_id": campaign, "indicators": indicators, "checks": form.body["checks"]})
}

/// What another province asks for: households by area, and lessons in words.
fn of_another_province() -> Value {
    json!([
        {"code": "households_signed", "name_vi": "Số hộ đăng ký an toàn về an ninh, trật tự", "name_en": "Households that registered as safe",
         "kind": "integer", "unit": "households", "unit_vi": "hộ", "unit_en": "households", "is_required": true, "is_basis_asked": false,
         "parts": [{"code": "urban", "name_vi": "Đô thị", "name_en": "Urban"}, {"code": "rural", "name_vi": "Nông thôn", "name_en": "Rural"}]},
        {"code": "lessons", "name_vi": "Bài học kinh nghiệm", "name_en": "Lessons learned", "kind": "text", "is_required": false, "is_basis_asked": false},
    ])
}

async fn published(client: &Client, campaign: &str, more: Value) -> Answer {
    let made = client.post(LIST, first_with(client, campaign, more).await).await;
    made.expect(201);
    let form = client.post_empty_if(&format!("{}/publish", made.location()), &made).await;
    form.expect(200);
    form
}

#[tokio::test]
async fn every_campaign_begins_with_the_same_form_and_a_clone_takes_over_the_one_it_comes_from() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let first = province.get(&format!("/api/v1/campaigns/{campaign}/report-form")).await;
    assert_eq!((&first.expect(200)["no"], &first.body["state"]), (&json!(1), &json!("published")));
    let codes: Vec<&Value> = first.body["indicators"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!((codes.len(), codes[0], codes[21]), (22, &json!("sites_held"), &json!("spending_vnd")));
    let indicators = province.get("/api/v1/report-indicators").await;
    assert_eq!(indicators.items().iter().map(|one| &one["code"]).collect::<Vec<_>>(), codes);
    let form = published(&province, &campaign, of_another_province()).await;
    assert_eq!(form.body["no"], 2);
    let followed = province.get(&format!("/api/v1/report-indicators?campaign_id={campaign}")).await;
    assert_eq!(followed.items().len(), 24);
    let clone = province.post(&format!("/api/v1/campaigns/{campaign}/clone"), json!({"year": 2024})).await;
    let next = clone.expect(201)["campaign"]["id"].as_str().unwrap().to_owned();
    let taken = province.get(&format!("/api/v1/campaigns/{next}/report-form")).await;
    assert_eq!((&taken.expect(200)["no"], &taken.body["indicators"]), (&json!(1), &form.body["indicators"]));
    assert_ne!(taken.id(), form.id());
    let unknown = province.get(&format!("/api/v1/report-indicators?campaign_id={}", uuid::Uuid::now_v7())).await;
    unknown.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn a_published_form_is_frozen_and_a_draft_is_not() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let made = province.post(LIST, first_with(&province, &campaign, json!([])).await).await;
    assert_eq!((&made.expect(201)["no"], &made.body["state"]), (&json!(null), &json!("draft")));
    province.patch(&made.location(), json!({"checks": []})).await.expect_problem(428, "precondition_required");
    let changed = province.patch_if(&made.location(), &made, json!({"checks": []})).await;
    assert_eq!(changed.expect(200)["checks"], json!([]));
    province.patch_if(&made.location(), &made, json!({"checks": []})).await.expect_problem(412, "precondition_failed");
    let frozen = province.post_empty_if(&format!("{}/publish", made.location()), &changed).await;
    assert_eq!((&frozen.expect(200)["no"], &frozen.body["state"]), (&json!(2), &json!("published")));
    province.patch_if(&made.location(), &frozen, json!({"checks": []})).await.expect_problem(409, "invalid_transition");
    province.delete_if(&made.location(), &frozen).await.expect_problem(409, "invalid_transition");
    province.post_empty_if(&format!("{}/publish", made.location()), &frozen).await.expect_problem(409, "invalid_transition");
    let other = province.post(LIST, first_with(&province, &campaign, json!([])).await).await;
    province.delete_if(&other.location(), &other).await.expect(204);
    let left = province.get(&format!("{LIST}?campaign_id={campaign}&state=published&with_total=true")).await;
    assert_eq!(left.expect(200)["total"], 2);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'report_form'").await, 5);
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_named_and_a_code_keeps_its_meaning() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let mut form = first_with(&province, &campaign, json!([])).await;
    form["indicators"][0]["unit"] = json!("persons");
    form["indicators"][1]["code"] = json!("attendance_count");
    form["checks"][0]["right"] = json!("public_tips");
    let refused = province.post(LIST, form).await;
    refused.expect_problem(422, "validation_failed");
    let expected = [
        "/checks/0/right unknown_indicator",
        "/checks/1/left/0 unknown_indicator",
        "/indicators/0/code changed_meaning",
        "/indicators/1/code changed_meaning",
        "/indicators/2/code not_unique",
    ];
    assert_eq!(refused.fields(), expected);
    let bad = province.post(LIST, json!({"campaign_id": campaign, "indicators": [], "form": 1})).await;
    bad.expect_problem(422, "validation_failed");
    assert_eq!(bad.fields(), ["/form unknown_field", "/indicators too_few"]);
}

#[tokio::test]
async fn a_form_is_written_by_those_who_lay_down_reports_and_read_by_all_of_the_province() {
    let app = TestApp::start().await;
    let (province, district) = (app.sign_in(Role::ProvincialAdministrator).await, app.district("Lục Yên").await);
    let campaign = app.campaign_id().await;
    let form = first_with(&province, &campaign, json!([])).await;
    app.anonymous().get(LIST).await.expect_problem(401, "unauthenticated");
    district.post(LIST, form.clone()).await.expect_problem(403, "forbidden");
    let made = app.sign_in(Role::MovementDivision).await.post(LIST, form.clone()).await;
    made.expect(201);
    district.get(&made.location()).await.expect(200);
    // Whoever administers a part of the province does not decide what all of it reports.
    let part = app.account(Role::ProvincialAdministrator, &app.org_unit_of_kind("district_committee", "Lục Yên").await).await;
    part.delete_if(&made.location(), "*").await.expect_problem(404, "not_found");
    let refused = part.post(LIST, form).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/campaign_id unknown_reference"]);
    province.get(&format!("{LIST}/{}", uuid::Uuid::now_v7())).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn of_forms_that_are_published_at_once_each_gets_its_own_number() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let mut drafts = Vec::new();
    for _ in 0..6 {
        drafts.push(province.post(LIST, first_with(&province, &campaign, json!([])).await).await);
    }
    let province = &province;
    let published =
        join_all(drafts.iter().map(|draft| async move { province.post_empty_if(&format!("{}/publish", draft.location()), draft).await }));
    let mut numbers: Vec<i64> = published.await.iter().map(|form| form.expect(200)["no"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [2, 3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn a_report_keeps_its_form_until_it_adopts_the_indicators_of_another_province_which_then_add_up() {
    let app = TestApp::start().await;
    let (province, desk) = (app.sign_in(Role::ProvincialAdministrator).await, app.sign_in(Role::MovementDivision).await);
    let campaign = app.campaign_id().await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let form = published(&province, &campaign, of_another_province()).await;
    let kept = district.patch_if(&draft.location(), &draft, json!({"narrative": "Đã rà soát."})).await;
    assert_eq!((&kept.expect(200)["form_id"], kept.warnings()), (&draft.body["form_id"], vec!["newer_form".to_owned()]));
    let own = json!({"figures": {"households_signed": {"value": 30, "by_part": {"urban": 10, "rural": 20}}}});
    let early = district.patch_if(&draft.location(), "*", own.clone()).await;
    early.expect_problem(422, "validation_failed");
    assert_eq!(early.fields(), ["/figures/households_signed unknown_indicator"]);
    district.post_empty(&format!("{}/adopt-form", draft.location())).await.expect_problem(428, "precondition_required");
    let adopted = step(&district, &kept, "adopt-form").await;
    assert_eq!((&adopted.expect(200)["form_id"], adopted.warnings()), (&json!(form.id()), Vec::<String>::new()));
    assert_eq!(adopted.body["figures"], draft.body["figures"]);
    let refused = step(&district, &adopted, "submit").await;
    assert_eq!(refused.fields(), ["/figures/households_signed required"]);
    let filled = district.patch_if(&draft.location(), &adopted, own).await;
    filled.expect(200);
    let filled = district.patch_if(&draft.location(), &filled, json!({"figures": {"lessons": {"text": "Bám sát cơ sở."}}})).await;
    let submitted = step(&district, &filled, "submit").await;
    submitted.expect(200);
    step(&district, &submitted, "adopt-form").await.expect_problem(409, "invalid_transition");
    step(&desk, &submitted, "accept").await.expect(200);
    let (other, second) = draft_of(&app, "Văn Yên", enough()).await;
    assert_eq!(second.body["form_id"], json!(form.id()));
    let households = json!({"figures": {"households_signed": {"value": 12}}});
    let second = other.patch_if(&second.location(), &second, households).await;
    step(&desk, &step(&other, &second, "submit").await, "accept").await.expect(200);
    let path = format!("/api/v1/campaigns/{campaign}/consolidation");
    let total = |answer: &Answer, code: &str| {
        answer.expect(200)["totals"].as_array().unwrap().iter().find(|one| one["code"] == code).unwrap().clone()
    };
    let shown = province.get(&format!("{path}?with_narratives=true")).await;
    let households = total(&shown, "households_signed");
    assert_eq!((&households["value"], &households["source_count"], &households["unit_name"]), (&json!(42), &json!(2), &json!("hộ")));
    let parts: Vec<&Value> = households["parts"].as_array().unwrap().iter().map(|part| &part["value"]).collect();
    assert_eq!(parts, [&json!(10), &json!(20)]);
    let lessons = total(&shown, "lessons");
    assert_eq!((&lessons["value"], &lessons["texts"][0]["text"]), (&json!(null), &json!("Bám sát cơ sở.")));
    // Words are for those who may read reports.
    let centre = app.sign_in(Role::OperationsCentre).await.get(&format!("{path}?with_narratives=true")).await;
    assert_eq!(total(&centre, "lessons")["texts"], json!(null));
    assert!(!centre.text.contains("Bám sát"));
    let list = province.get(&format!("{path}/document?format=csv")).await;
    assert!(list.text.contains("thành phần,households_signed.urban") && !list.text.contains("Bám sát"), "{}", list.text);
    let paper = district.get(&format!("{}/document?format=csv", draft.location())).await;
    assert!(paper.text.contains("households_signed.rural") && paper.text.contains("Bám sát cơ sở."), "{}", paper.text);
    let versions = district.get(&format!("{}/versions", draft.location())).await;
    assert_eq!(versions.items()[0]["form_id"], json!(form.id()));
}

#[tokio::test]
async fn what_a_new_form_does_not_ask_is_taken_out_by_the_reporter_before_it_is_adopted() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let figures = json!({"sites_held": {"value": 3, "basis": "counted"}, "leaflets": {"value": 9, "basis": "counted"}});
    let (district, draft) = draft_of(&app, "Lục Yên", figures).await;
    let mut shorter = first_with(&province, &campaign, json!([])).await;
    shorter["indicators"].as_array_mut().unwrap().retain(|one| one["code"] != "leaflets");
    let made = province.post(LIST, shorter).await;
    province.post_empty_if(&format!("{}/publish", made.location()), &made).await.expect(200);
    let refused = step(&district, &draft, "adopt-form").await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/figures/leaflets unknown_indicator"]);
    let emptied = district.patch_if(&draft.location(), &draft, json!({"figures": {"leaflets": null}})).await;
    step(&district, &emptied, "adopt-form").await.expect(200);
    let totals = province.get(&format!("/api/v1/campaigns/{campaign}/consolidation")).await;
    let codes: Vec<&Value> = totals.expect(200)["totals"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    // An earlier version asked for it: its total is not lost, and comes last.
    assert_eq!((codes.len(), codes[21]), (22, &json!("leaflets")));
}
