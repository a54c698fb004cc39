//! Reports that are filled in from what is recorded, and what they speak for.

use super::reports::{draft_of, step};
use super::support::fixtures::District;
use super::support::*;

const LIST: &str = "/api/v1/reports";

/// A held site with so many entries.
async fn held(app: &TestApp, district: &District, entries: i64) -> String {
    let site = district.scheduled(app, &format!("Nhà văn hóa {entries}")).await.id();
    app.execute(&format!(
        "UPDATE sites SET state = 'held', held_at = now(), pilot_level = 'district' WHERE id = '{site}';
         UPDATE site_counters SET entries = {entries}, persons = {entries} WHERE site_id = '{site}'"
    ))
    .await;
    site
}

/// Ledgers of a district: each operation of the API with its example.
async fn ledgers(app: &TestApp, district: &District) {
    let campaign = app.campaign_id().await;
    let (unit, client) = (&district.unit, &district.client);
    for (path, body) in [
        (
            "gifts",
            json!({"recipient_category": "poor_household", "recipient_count": 20, "value_vnd": 6_000_000, "giver": "Hội Chữ thập đỏ", "given_on": "2023-07-09"}),
        ),
        (
            "gifts",
            json!({"recipient_category": "policy_beneficiary", "recipient_count": 5, "value_vnd": 2_500_000, "giver": "Công an huyện", "given_on": "2023-07-09"}),
        ),
        (
            "commendations",
            json!({"awardee_kind": "individual", "awardee_name": "Lò Thị Mai", "award_form": "giay_khen", "award_level": "district", "awarding_body": "UBND huyện", "reason": "Thành tích xuất sắc"}),
        ),
        ("media-items", json!({"outlet": "Báo Yên Bái", "kind": "article", "title": "Ngày hội ở Mường Lai", "published_on": "2023-07-09"})),
        ("media-items", json!({"outlet": "Trang xã", "kind": "social_post", "title": "Ảnh Ngày hội", "published_on": "2023-07-09"})),
        (
            "pledges",
            json!({"topic": "An toàn giao thông", "household_count": 40, "person_count": 0, "collective_count": 2, "signed_on": "2023-07-09"}),
        ),
    ] {
        let mut body = body;
        body["campaign_id"] = json!(campaign);
        body["org_unit_id"] = json!(unit);
        client.post(&format!("/api/v1/{path}"), body).await.expect(201);
    }
}

async fn prefill(client: &Client, report: &Answer, body: Value) -> Answer {
    client.post_if(&format!("{LIST}/{}/prefill", report.id()), report, body).await
}

async fn compared(client: &Client, report: &Answer) -> Answer {
    let answer = client.get(&format!("{LIST}/{}/prefill", report.id())).await;
    answer.expect(200);
    answer
}

fn item<'a>(answer: &'a Answer, indicator: &str) -> &'a Value {
    answer.items().iter().find(|item| item["indicator"] == indicator).unwrap()
}

#[tokio::test]
async fn a_report_is_filled_in_from_the_records_and_each_figure_is_the_sum_of_them() {
    let app = TestApp::start().await;
    let place = District::of(&app, "Lục Yên").await;
    held(&app, &place, 120).await;
    held(&app, &place, 80).await;
    held(&app, &District::of(&app, "Văn Yên").await, 999).await;
    ledgers(&app, &place).await;
    let (district, draft) = draft_of(&app, "Lục Yên", json!({"leaflets": {"value": 500, "basis": "estimated"}})).await;
    let filled = prefill(&district, &draft, json!({})).await;
    let figures = &filled.expect(200)["figures"];
    for (code, value) in [
        ("sites_held", 2),
        ("pilot_sites_held", 2),
        ("attendance_count", 200),
        ("gifts_count", 25),
        ("gifts_value_vnd", 8_500_000),
        ("individuals_rewarded", 1),
        ("media_items", 1),
        ("social_posts", 1),
        ("pledges_signed", 42),
    ] {
        assert_eq!(figures[code], json!({"value": value, "basis": "counted"}), "{code}");
    }
    assert_eq!(figures["leaflets"], json!({"value": 500, "basis": "estimated"}), "what the reporter gave stays");
    assert!(figures.get("forums_held").is_none(), "nothing recorded is not zero");
    let all = compared(&district, &filled).await;
    assert_eq!(all.items().len(), 22);
    for item in all.items() {
        let records = district.get(item["records_url"].as_str().unwrap()).await;
        let sum: i64 = records.items().iter().map(|record| record["amount"].as_i64().unwrap()).sum();
        assert_eq!(json!(sum), item["recorded"].as_i64().map_or(json!(0), |value| json!(value)), "{item}");
        assert_eq!(json!(records.items().len()), item["record_count"]);
        for record in records.items() {
            district.get(record["url"].as_str().unwrap()).await.expect(200);
            assert!(!record.to_string().contains("Lò Thị Mai"), "no person is named");
        }
    }
    // Page by page, either way, it is the whole list.
    let url = format!("{LIST}/{}/records?figure=attendance_count", draft.id());
    let whole: Vec<Value> = district.get(&url).await.items().clone();
    for (sort, backwards) in [("id", false), ("-id", true)] {
        let first = district.get(&format!("{url}&limit=1&sort={sort}&with_total=true")).await;
        let second = district.get(&format!("{url}&limit=1&sort={sort}&cursor={}", first.body["next_cursor"].as_str().unwrap())).await;
        let mut pages = vec![first.items()[0].clone(), second.items()[0].clone()];
        if backwards {
            pages.reverse();
        }
        assert_eq!((pages, &first.body["total"], &second.body["next_cursor"]), (whole.clone(), &json!(2), &Value::Null));
    }
    district.get(&format!("{LIST}/{}/records?figure=nobody", draft.id())).await.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn another_number_than_the_recorded_one_needs_a_reason_and_both_stay() {
    let app = TestApp::start().await;
    let place = District::of(&app, "Lục Yên").await;
    let site = held(&app, &place, 120).await;
    let (district, draft) = draft_of(&app, "Lục Yên", json!({})).await;
    let fix = format!("{LIST}/{}/corrections", draft.id());
    let body = json!({"indicator": "attendance_count", "value": 150, "basis": "estimated", "reason": "Khách vào cổng phụ không quét mã."});
    district.post_if(&fix, &draft, body.clone()).await.expect_problem(409, "invalid_transition");
    let filled = prefill(&district, &draft, json!({})).await;
    let change = json!({"figures": {"attendance_count": {"value": 140, "basis": "counted"}}});
    let changed = district.patch_if(&format!("{LIST}/{}", draft.id()), &filled, change).await;
    let refused = step(&district, &changed, "submit").await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/figures/attendance_count reason_required"]);
    district.post_if(&fix, &draft, body.clone()).await.expect_problem(412, "precondition_failed");
    let mut unknown = body.clone();
    unknown["indicator"] = json!("khong_co");
    assert_eq!(district.post_if(&fix, &changed, unknown).await.fields(), ["/indicator unknown_indicator"]);
    let mut mute = body.clone();
    mute["reason"] = json!(" ");
    assert_eq!(district.post_if(&fix, &changed, mute).await.status, 422);

    let corrected = district.post_if(&fix, &changed, body).await;
    assert_eq!(corrected.expect(200)["figures"]["attendance_count"], json!({"value": 150, "basis": "estimated"}));
    let both = compared(&district, &draft).await;
    let shown = item(&both, "attendance_count");
    assert_eq!((&shown["recorded"], &shown["prefilled"], &shown["reported"]), (&json!(120), &json!(120), &json!(150)));
    assert_eq!(shown["correction_reason"], "Khách vào cổng phụ không quét mã.");
    // Filled in again, what was corrected stays, unless the records are to win.
    app.execute(&format!("UPDATE site_counters SET entries = 125 WHERE site_id = '{site}'")).await;
    let again = prefill(&district, &corrected, json!({})).await;
    assert_eq!(again.expect(200)["figures"]["attendance_count"]["value"], 150);
    let anew = prefill(&district, &again, json!({"with_given": true})).await;
    assert_eq!(anew.expect(200)["figures"]["attendance_count"], json!({"value": 125, "basis": "counted"}));
    let once_more = json!({"indicator": "attendance_count", "value": 150, "basis": "counted", "reason": "Đếm tay."});
    let last = district.post_if(&fix, &anew, once_more).await;
    let submitted = step(&district, &last, "submit").await;
    submitted.expect(200);
    prefill(&district, &submitted, json!({})).await.expect_problem(409, "invalid_transition");
    let log = app.sign_in(Role::MovementDivision).await.get(&format!("{fix}?sort=corrected_at&with_total=true")).await;
    let told: Vec<_> = log.items().iter().map(|one| (one["recorded"].clone(), one["reported"].clone())).collect();
    assert_eq!((told, &log.body["total"]), (vec![(json!(120), json!(150)), (json!(125), json!(150))], &json!(2)));
    app.district("Văn Yên").await.get(&fix).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_report_for_a_whole_subtree_takes_the_place_of_those_below_it_in_every_total() {
    let app = TestApp::start().await;
    let (province, desk) = (app.sign_in(Role::ProvincialAdministrator).await, app.sign_in(Role::MovementDivision).await);
    let place = District::of(&app, "Lục Yên").await;
    let commune = app.org_unit_of_kind("commune_committee", "Mường Lai").await;
    let owed = json!({"campaign_id": app.campaign_id().await, "org_unit_id": commune, "due_before": "2023-08-18T00:00:00+07:00"});
    let owed = province.post("/api/v1/report-obligations", owed).await;
    owed.expect(201);
    held(&app, &place, 100).await;
    let below = District { client: app.account(Role::Commune, &commune).await, unit: commune.clone() };
    held(&app, &below, 30).await;

    let (district, draft) = draft_of(&app, "Lục Yên", json!({})).await;
    let own = prefill(&district, &draft, json!({})).await;
    assert_eq!(own.expect(200)["figures"]["attendance_count"]["value"], 100, "the commune reports for itself");
    let wide = district.patch_if(&format!("{LIST}/{}", draft.id()), &own, json!({"coverage": "subtree"})).await;
    let whole = prefill(&district, &wide, json!({})).await;
    assert_eq!(whole.expect(200)["figures"]["attendance_count"]["value"], 130);

    let theirs = json!({"obligation_id": owed.id(), "figures": {"sites_held": {"value": 1, "basis": "counted"}, "attendance_count": {"value": 500, "basis": "estimated"}}});
    let theirs = below.client.post(LIST, theirs).await;
    let sent = step(&below.client, &theirs, "submit").await;
    step(&desk, &sent, "accept").await.expect(200);
    let path = format!("/api/v1/campaigns/{}/consolidation", app.campaign_id().await);
    let total = async |query: &str| {
        let answer = province.get(&format!("{path}{query}")).await;
        let totals = answer.expect(200)["totals"].as_array().unwrap().clone();
        let one = totals.iter().find(|total| total["code"] == "attendance_count").unwrap().clone();
        (one["value"].clone(), one["source_count"].clone(), answer.body["accepted_count"].clone(), answer.body["spoken_for_count"].clone())
    };
    assert_eq!(total("").await, (json!(500), json!(1), json!(1), json!(0)));
    let sent = step(&district, &whole, "submit").await;
    step(&desk, &sent, "accept").await.expect(200);
    assert_eq!(total("").await, (json!(130), json!(1), json!(1), json!(1)), "the commune's is in the district's");
    assert_eq!(total(&format!("?under_org_unit_id={}", place.unit)).await, (json!(130), json!(1), json!(1), json!(1)));
    assert_eq!(
        total(&format!("?under_org_unit_id={commune}")).await,
        (json!(500), json!(1), json!(1), json!(0)),
        "to the commune it is its own"
    );
    let found = desk.get(&format!("{path}/findings?kind=less_than_below")).await;
    let finding = &found.items()[0];
    assert_eq!((&finding["indicator"], &finding["reported"], &finding["compared"]), (&json!("attendance_count"), &json!(130), &json!(500)));
    let versions = district.get(&format!("{LIST}/{}/versions", draft.id())).await;
    assert_eq!(versions.items()[0]["coverage"], "subtree");
}

#[tokio::test]
async fn an_indicator_of_a_plan_names_what_it_is_filled_in_from() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let form = |kind: &str, unit: &str, source: &str| {
        json!({"campaign_id": Value::Null, "indicators": [{"code": "khach_du", "name_vi": "Khách dự", "name_en": "Guests", "kind": kind, "unit": unit,
               "unit_vi": "lượt", "unit_en": "attendances", "is_required": false, "is_basis_asked": false, "source": source}], "checks": []})
    };
    let campaign = app.campaign_id().await;
    for (kind, unit, source, expected) in [
        ("integer", "attendances", "attendance_count", vec![]),
        ("integer", "attendances", "gifts_value_vnd", vec!["/indicators/0/source source_of_kind".to_owned()]),
        ("vnd", "vnd", "gifts_count", vec!["/indicators/0/source source_of_kind".to_owned()]),
    ] {
        let mut body = form(kind, unit, source);
        body["campaign_id"] = json!(campaign);
        let made = province.post("/api/v1/report-forms", body).await;
        assert_eq!(made.fields(), expected, "{}", made.text);
    }
}
