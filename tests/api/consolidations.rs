//! Frozen consolidations: what was added up stays as it was, and a later correction shows what it would change.

use super::reports::{draft_of, step};
use super::support::*;
use futures_util::future::join_all;
use sha2::{Digest, Sha256};

const LIST: &str = "/api/v1/consolidations";

/// A report of a district that is accepted.
async fn accepted(app: &TestApp, district: &str, sites: i64, attendance: i64) -> Answer {
    let figures =
        json!({"sites_held": {"value": sites, "basis": "counted"}, "attendance_count": {"value": attendance, "basis": "counted"}});
    let (client, draft) = draft_of(app, district, figures).await;
    let submitted = step(&client, &draft, "submit").await;
    let answer = step(&app.sign_in(Role::MovementDivision).await, &submitted, "accept").await;
    answer.expect(200);
    answer
}

async fn freeze(app: &TestApp, client: &Client) -> Answer {
    let unit = app.org_unit_of_kind("provincial_committee", "Yên Bái").await;
    client.post(LIST, json!({"campaign_id": app.campaign_id().await, "org_unit_id": unit, "note": "Trình ký"})).await
}

fn total<'a>(content: &'a Value, code: &str) -> &'a Value {
    content["totals"].as_array().unwrap().iter().find(|total| total["code"] == code).unwrap()
}

#[tokio::test]
async fn what_is_frozen_stays_and_a_later_report_shows_exactly_what_it_would_change() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    accepted(&app, "Lục Yên", 3, 540).await;
    let frozen = freeze(&app, &province).await;
    assert_eq!((&frozen.expect(201)["no"], &frozen.body["accepted_count"]), (&json!(1), &json!(1)));
    assert_eq!(total(&frozen.body["content"], "attendance_count")["value"], 540);
    // The checksum is that of the content as it was sent, byte for byte.
    let text = &frozen.text[frozen.text.find("\"content\":").unwrap() + 10..frozen.text.len() - 1];
    let hex: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(frozen.body["checksum"], hex);
    let changes = format!("{}/changes", frozen.location());
    assert_eq!(province.get(&changes).await.expect(200)["has_changed"], false);

    let second = accepted(&app, "Văn Yên", 2, 60).await;
    let read = province.get(&frozen.location()).await;
    assert_eq!(read.expect(200)["content"], frozen.body["content"], "what is frozen stays");
    let since = province.get(&changes).await;
    assert_eq!((&since.expect(200)["accepted_before"], &since.body["accepted_after"]), (&json!(1), &json!(2)));
    let difference = since.body["totals"].as_array().unwrap().iter().find(|total| total["code"] == "attendance_count").unwrap();
    assert_eq!((&difference["before"], &difference["after"], &difference["difference"]), (&json!(540), &json!(600), &json!(60)));
    assert_eq!(difference["sources"].as_array().unwrap().len(), 1);
    assert_eq!((&difference["sources"][0]["report_id"], &difference["sources"][0]["before"]), (&second.body["id"], &json!(null)));
    assert_eq!(since.body["totals"].as_array().unwrap().len(), 2, "only what changed");
    let next = freeze(&app, &province).await;
    assert_eq!(next.expect(201)["no"], 2);
    assert_eq!(province.get(&format!("{LIST}?state=frozen&with_total=true")).await.body["total"], 2);
}

#[tokio::test]
async fn a_consolidation_is_signed_then_sent_to_the_centre_and_the_peoples_committee() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let frozen = freeze(&app, &desk).await;
    frozen.expect(201);
    let (sign, send, ack) =
        (format!("{}/sign", frozen.location()), format!("{}/send", frozen.location()), format!("{}/acknowledge", frozen.location()));
    let signature = |day: &str| json!({"document_number": "95/BC-BCĐ", "signed_on": day, "signatory_name": "Ngô Hạnh Phúc"});
    desk.post_if(&send, &frozen, json!({})).await.expect_problem(409, "invalid_transition");
    assert_eq!(desk.post_if(&sign, &frozen, signature("2023-07-11")).await.fields(), ["/signed_on in_future"]);
    let signed = desk.post_if(&sign, &frozen, signature("2023-07-10")).await;
    assert_eq!(signed.expect(200)["state"], "signed");
    desk.post_if(&send, &frozen, json!({})).await.expect_problem(412, "precondition_failed");
    desk.post(&send, json!({})).await.expect_problem(428, "precondition_required");
    let nobody = json!({"addressees": [{"channel": "paper"}]});
    assert_eq!(desk.post_if(&send, &signed, nobody).await.fields(), ["/addressees/0/name required"]);
    let sent = desk.post_if(&send, &signed, json!({})).await;
    let names: Vec<_> = sent.expect(200)["addressees"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names[0].contains("Trung ương") && names[1].contains("Ủy ban nhân dân"), "{names:?}");
    assert_eq!(desk.post_if(&ack, &sent, json!({"no": 3})).await.fields(), ["/no unknown_reference"]);
    let known = desk.post_if(&ack, &sent, json!({"no": 2, "reference": "Văn bản đến số 1204"})).await;
    assert_eq!(known.expect(200)["addressees"][1]["reference"], "Văn bản đến số 1204");
    desk.post_if(&ack, &known, json!({"no": 2})).await.expect_problem(409, "invalid_transition");
    assert_eq!(known.body["content"], frozen.body["content"]);
}

#[tokio::test]
async fn a_district_consolidates_its_own_and_sees_no_other() {
    let app = TestApp::start().await;
    accepted(&app, "Lục Yên", 3, 540).await;
    accepted(&app, "Văn Yên", 2, 60).await;
    let (district, other) = (app.district("Lục Yên").await, app.district("Văn Yên").await);
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let (campaign, province) = (app.campaign_id().await, app.org_unit_of_kind("provincial_committee", "Yên Bái").await);
    let of = |unit: &str| json!({"campaign_id": campaign, "org_unit_id": unit});
    assert_eq!(district.post(LIST, of(&province)).await.fields(), ["/org_unit_id unknown_reference"]);
    let frozen = district.post(LIST, of(&unit)).await;
    assert_eq!(total(&frozen.expect(201)["content"], "attendance_count")["value"], 540);
    other.get(&frozen.location()).await.expect_problem(404, "not_found");
    other.get(&format!("{}/changes", frozen.location())).await.expect_problem(404, "not_found");
    assert!(other.get(LIST).await.items().is_empty());
    app.sign_in(Role::Auditor).await.post(LIST, of(&unit)).await.expect_problem(403, "forbidden");
    // The same below one body, without freezing.
    let admin = app.sign_in(Role::ProvincialAdministrator).await;
    let path = format!("/api/v1/campaigns/{campaign}/consolidation");
    assert_eq!(total(admin.get(&path).await.expect(200), "attendance_count")["value"], 600);
    assert_eq!(total(admin.get(&format!("{path}?under_org_unit_id={unit}")).await.expect(200), "attendance_count")["value"], 540);
    other.get(&format!("{path}?under_org_unit_id={unit}")).await.expect_problem(400, "invalid_parameter");
    // What a district sends goes to the body above it.
    let signed = json!({"signed_on": "2023-07-10", "signatory_name": "Trưởng Ban"});
    let signed = district.post_if(&format!("{}/sign", frozen.location()), &frozen, signed).await;
    let sent = district.post_if(&format!("{}/send", frozen.location()), &signed, json!({})).await;
    assert_eq!(sent.expect(200)["addressees"].as_array().unwrap().len(), 1);
    assert_eq!(sent.body["addressees"][0]["org_unit_id"], province);
}

#[tokio::test]
async fn twelve_who_freeze_at_once_get_twelve_numbers() {
    let app = TestApp::start_wide().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let answers = join_all((0..12).map(|_| freeze(&app, &province))).await;
    let mut numbers: Vec<i64> = answers.iter().map(|answer| answer.expect(201)["no"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_figure_far_from_its_peers_is_found_settled_and_found_again_when_it_changes() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    for (district, attendance) in [("Lục Yên", 500), ("Văn Yên", 520), ("Trấn Yên", 480), ("Yên Bình", 510), ("Văn Chấn", 490)]
    {
        accepted(&app, district, 3, attendance).await;
    }
    let path = format!("/api/v1/campaigns/{}/consolidation/findings", app.campaign_id().await);
    assert_eq!(desk.get(&path).await.expect(200)["items"], json!([]));
    let odd = accepted(&app, "Mù Cang Chải", 3, 52_000).await;
    let found = desk.get(&path).await;
    assert_eq!((&found.expect(200)["open_count"], &found.body["settled_count"]), (&json!(1), &json!(0)));
    let finding = &found.body["items"][0];
    assert_eq!((&finding["kind"], &finding["report_id"], &finding["reported"]), (&json!("outlier"), &odd.body["id"], &json!(52_000)));
    assert!(desk.get(finding["records_url"].as_str().unwrap()).await.status == 200);
    let settle = |kind: &str| json!({"report_id": odd.body["id"], "kind": kind, "indicator": "attendance_count", "reason": "Lễ hội ruộng bậc thang"});
    let act = format!("{path}/settle");
    assert_eq!(desk.post(&act, settle("reported_twice")).await.fields(), ["/kind no_such_finding"]);
    app.sign_in(Role::Auditor).await.post(&act, settle("outlier")).await.expect_problem(403, "forbidden");
    app.district("Văn Yên").await.post(&act, settle("outlier")).await.expect_problem(422, "validation_failed");
    desk.post(&act, settle("outlier")).await.expect(204);
    desk.post(&act, settle("outlier")).await.expect_problem(409, "duplicate");
    let after = desk.get(&format!("{path}?is_settled=true&kind=outlier")).await;
    assert_eq!(after.expect(200)["items"][0]["settlement"]["reason"], "Lễ hội ruộng bậc thang");
    assert_eq!(
        (&after.body["open_count"], desk.get(&format!("{path}?is_settled=false")).await.body["items"].as_array().unwrap().len()),
        (&json!(0), 0)
    );
    app.execute("UPDATE reports SET figures = jsonb_set(figures, '{attendance_count,value}', '53000') WHERE figures->'attendance_count'->>'value' = '52000'").await;
    assert_eq!(desk.get(&path).await.body["open_count"], 1, "another figure is another finding");
}

#[tokio::test]
async fn a_report_that_says_more_than_the_door_counted_and_one_event_of_two_bodies_are_found() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let path = format!("/api/v1/campaigns/{}/consolidation/findings", app.campaign_id().await);
    accepted(&app, "Lục Yên", 1, 300).await;
    accepted(&app, "Văn Yên", 1, 200).await;
    // Sites of two bodies in one place at one time, and 200 entries at each door.
    app.execute(
        "INSERT INTO sites (campaign_id, id, org_unit_id, admin_unit_id, name, kind, state, pilot_level, priority_reasons, starts_at, ends_at, tokens, created_at, updated_at)
         SELECT c.id, gen_random_uuid(), u.id, (SELECT id FROM admin_units WHERE level = 'commune' LIMIT 1), u.name, 'commune', 'held', 'none', '{}',
                '2023-08-12 01:00Z', '2023-08-12 04:00Z', '{}', now(), now()
         FROM campaigns c, org_units u WHERE u.kind = 'district_committee' AND (u.name LIKE '%Lục Yên' OR u.name LIKE '%Văn Yên');
         INSERT INTO site_counters (campaign_id, site_id, entries, persons) SELECT campaign_id, id, 200, 200 FROM sites
         ON CONFLICT (campaign_id, site_id) DO UPDATE SET entries = 200, persons = 200",
    )
    .await;
    let found = desk.get(&path).await;
    let kinds: Vec<_> = found.expect(200)["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["differs_from_records", "reported_twice", "reported_twice"]);
    let differs = &found.body["items"][0];
    assert_eq!((&differs["reported"], &differs["compared"], &differs["indicator"]), (&json!(300), &json!(200), &json!("attendance_count")));
    assert_eq!(found.body["items"][1]["other_report_id"], found.body["items"][2]["report_id"]);
}
