//! Results reports: draft, submission, return, acceptance, and who may do what.

use super::support::*;
use futures_util::future::join_all;

const LIST: &str = "/api/v1/reports";

/// The obligation of a body in the demo campaign.
pub async fn obligation_of(app: &TestApp, unit: &str) -> String {
    app.text(&format!("SELECT id FROM report_obligations WHERE org_unit_id = '{unit}'")).await
}

/// Figures that are enough to submit.
pub fn enough() -> Value {
    json!({"sites_held": {"value": 3, "basis": "counted"}, "attendance_count": {"value": 540, "basis": "estimated"}})
}

/// A draft under the obligation of a district committee, by its own account.
pub async fn draft_of(app: &TestApp, district: &str, figures: Value) -> (Client, Answer) {
    let client = app.district(district).await;
    let unit = app.org_unit_of_kind("district_committee", district).await;
    let made = client.post(LIST, json!({"obligation_id": obligation_of(app, &unit).await, "figures": figures})).await;
    made.expect(201);
    (client, made)
}

/// A step without a body.
pub async fn step(client: &Client, report: &Answer, step: &str) -> Answer {
    client.post_empty_if(&format!("{LIST}/{}/{step}", report.id()), report).await
}

/// A return with a comment.
pub async fn give_back(client: &Client, report: &Answer) -> Answer {
    client.post_if(&format!("{LIST}/{}/return", report.id()), report, json!({"comment": "Đề nghị rà soát số lượt người dự."})).await
}

#[tokio::test]
async fn a_report_goes_from_draft_to_accepted_and_every_submission_is_kept() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    assert_eq!((draft.body["state"].as_str(), draft.location()), (Some("draft"), format!("{LIST}/{}", draft.id())));
    let submitted = step(&district, &draft, "submit").await;
    assert_eq!(submitted.expect(200)["is_late"], false);
    assert_eq!(submitted.warnings(), Vec::<String>::new());
    district.patch_if(&draft.location(), &submitted, json!({"narrative": "Sửa"})).await.expect_problem(409, "invalid_transition");

    let returned = give_back(&desk, &submitted).await;
    assert_eq!(returned.expect(200)["return_comment"], "Đề nghị rà soát số lượt người dự.");
    let change = json!({"figures": {"attendance_count": {"value": 512, "basis": "counted"}}, "narrative": "Đã rà soát."});
    let changed = district.patch_if(&draft.location(), &returned, change).await;
    assert_eq!(changed.expect(200)["figures"]["sites_held"], json!({"value": 3, "basis": "counted"}));
    let again = step(&district, &changed, "submit").await;
    let accepted = step(&desk, &again, "accept").await;
    assert_eq!(accepted.expect(200)["state"], "accepted");
    step(&desk, &accepted, "accept").await.expect_problem(409, "invalid_transition");
    give_back(&desk, &accepted).await.expect_problem(409, "invalid_transition");

    let versions = district.get(&format!("{LIST}/{}/versions?sort=no&with_total=true", draft.id())).await;
    let values: Vec<_> = versions.items().iter().map(|one| (&one["no"], &one["figures"]["attendance_count"]["value"])).collect();
    assert_eq!(values, [(&json!(1), &json!(540)), (&json!(2), &json!(512))]);
    assert_eq!(versions.body["total"], 2);
    let (changes, _) = super::support::fixtures::read_changes(&desk, "0-0".to_owned(), 6, 50).await;
    let actions: Vec<_> = changes.iter().map(|one| one["action"].as_str().unwrap().to_owned()).collect();
    assert_eq!(actions, ["created", "submitted", "returned", "updated", "submitted", "accepted"]);
    assert!(!json!(changes).to_string().contains("rà soát"), "the comment of a return is not in the feed");
}

#[tokio::test]
async fn the_evening_of_19_august_is_in_time_and_midnight_is_late_with_the_clause() {
    let app = TestApp::start().await;
    assert_eq!(app.number("SELECT count(*) FROM report_obligations WHERE due_before <> '2023-08-20T00:00+07:00'").await, 0);
    let (lucyen, first) = draft_of(&app, "Lục Yên", enough()).await;
    let (vanyen, second) = draft_of(&app, "Văn Yên", enough()).await;
    app.set_now("2023-08-19T23:59:50+07:00");
    let in_time = step(&lucyen, &first, "submit").await;
    assert_eq!((&in_time.expect(200)["is_late"], in_time.warnings().len()), (&json!(false), 0));
    app.set_now("2023-08-20T00:00:00+07:00");
    let late = step(&vanyen.in_english(), &second, "submit").await;
    let warning = &late.expect(200)["warnings"][0];
    assert_eq!(late.body["is_late"], true, "late, kept and marked");
    assert_eq!((&warning["code"], &warning["rule_id"], &warning["clause"]), (&json!("report_late"), &json!("R2"), &json!("III.3")));
    assert!(warning["message"].as_str().unwrap().contains("00:00 20/08/2023"));
}

#[tokio::test]
async fn a_report_returned_and_sent_again_after_the_limit_keeps_both_versions_and_its_mark_in_time() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    app.set_now("2023-08-19T20:00:00+07:00");
    let returned = give_back(&desk, &step(&district, &draft, "submit").await).await;
    app.set_now("2023-08-22T09:00:00+07:00");
    let again = step(&district, &returned, "submit").await;
    assert_eq!(again.expect(200)["is_late"], false);
    assert_eq!(again.warnings(), Vec::<String>::new());
    let versions = district.get(&format!("{LIST}/{}/versions", draft.id())).await;
    assert_eq!(versions.items().iter().map(|one| one["is_late"].as_bool().unwrap()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(app.number("SELECT count(*) FROM reports WHERE first_submitted_at < '2023-08-20T00:00+07:00' AND NOT is_late").await, 1);
}

#[tokio::test]
async fn figures_that_are_wrong_are_all_named() {
    let app = TestApp::start().await;
    let district = app.district("Lục Yên").await;
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let obligation = obligation_of(&app, &unit).await;
    let try_with = async |figures: Value| district.post(LIST, json!({"obligation_id": obligation, "figures": figures})).await;
    let bad = try_with(json!({
        "sites_held": {"value": -1, "basis": "counted"},
        "leaflets": {"value": 1.5, "basis": "counted"},
        "spending_vnd": {"value": 1_000_000_000_000_001_i64, "basis": "counted"},
        "banners": {"value": 1, "basis": "guessed"},
    }))
    .await;
    bad.expect_problem(422, "validation_failed");
    let pointers: Vec<String> = bad.fields().iter().map(|field| field.split(' ').next().unwrap().to_owned()).collect();
    let named = ["banners/basis", "leaflets/value", "sites_held/value", "spending_vnd/value"];
    assert_eq!(pointers, named.map(|name| format!("/figures/{name}")));
    let unclear = try_with(json!({
        "public_tips": {"value": 1, "basis": "counted"},
        "sites_held": {"value": 3}, "banners": {}, "leaflets": {"value": 1, "basis": "counted", "is_nil": true},
        "opinions_received": {"is_nil": true}, "opinions_answered": {"value": 1, "basis": "counted"},
    }))
    .await;
    unclear.expect_problem(422, "validation_failed");
    let expected = [
        "/figures/banners value_or_nil",
        "/figures/leaflets value_or_nil",
        "/figures/opinions_answered more_than_received",
        "/figures/public_tips unknown_indicator",
        "/figures/sites_held/basis required",
    ];
    assert_eq!(unclear.fields(), expected);
    let largest =
        json!({"spending_vnd": {"value": 1_000_000_000_000_000_i64, "basis": "estimated"}, "sites_held": {"value": 0, "basis": "counted"}});
    assert_eq!(
        try_with(largest.clone()).await.expect(201)["figures"],
        json!({"sites_held": largest["sites_held"], "spending_vnd": largest["spending_vnd"]})
    );
}

#[tokio::test]
async fn a_report_cannot_be_submitted_without_sites_and_attendance_but_a_nil_return_will_do() {
    let app = TestApp::start().await;
    let (district, draft) = draft_of(&app, "Lục Yên", json!({"leaflets": {"value": 10, "basis": "counted"}})).await;
    let refused = step(&district, &draft, "submit").await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/figures/attendance_count required", "/figures/sites_held required"]);
    let nil = json!({"figures": {"sites_held": {"is_nil": true}, "attendance_count": {"is_nil": true}, "leaflets": null}});
    let patched = district.patch_if(&draft.location(), &draft, nil).await;
    assert_eq!(patched.expect(200)["figures"], json!({"sites_held": {"is_nil": true}, "attendance_count": {"is_nil": true}}));
    step(&district, &patched, "submit").await.expect(200);
}

#[tokio::test]
async fn figures_that_look_odd_give_warnings_and_are_kept() {
    let app = TestApp::start().await;
    let odd = json!({
        "sites_held": {"value": 0, "basis": "counted"}, "pilot_sites_held": {"value": 1, "basis": "counted"},
        "attendance_count": {"value": 9, "basis": "counted"}, "gifts_count": {"is_nil": true}, "gifts_value_vnd": {"value": 5, "basis": "counted"},
    });
    let (_, draft) = draft_of(&app, "Lục Yên", odd).await;
    assert_eq!(draft.warnings(), ["pilot_sites_exceed_sites", "attendance_without_site", "gift_value_without_gift"]);
}

#[tokio::test]
async fn a_district_sees_neither_the_report_nor_the_obligation_of_another() {
    let app = TestApp::start().await;
    let (_, report) = draft_of(&app, "Văn Yên", enough()).await;
    let other = app.district("Lục Yên").await;
    let obligation = report.body["obligation_id"].as_str().unwrap();
    for path in [report.location(), format!("{}/versions", report.location()), format!("/api/v1/report-obligations/{obligation}")] {
        other.get(&path).await.expect_problem(404, "not_found");
    }
    other.patch_if(&report.location(), &report, json!({"narrative": "x"})).await.expect_problem(404, "not_found");
    other.delete_if(&report.location(), &report).await.expect_problem(404, "not_found");
    step(&other, &report, "submit").await.expect_problem(404, "not_found");
    let stolen = other.post(LIST, json!({"obligation_id": obligation})).await;
    stolen.expect_problem(422, "validation_failed");
    assert_eq!(stolen.fields(), ["/obligation_id unknown_reference"]);
    assert_eq!(other.get(LIST).await.items().len(), 0);
    let own = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let seen = other.get("/api/v1/report-obligations").await;
    assert_eq!(seen.items().iter().map(|one| one["org_unit_id"].as_str().unwrap()).collect::<Vec<_>>(), [own]);
}

#[tokio::test]
async fn each_role_does_its_own_part() {
    let app = TestApp::start().await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let submitted = step(&district, &draft, "submit").await;
    app.anonymous().get(LIST).await.expect_problem(401, "unauthenticated");
    step(&district, &submitted, "accept").await.expect_problem(403, "forbidden");
    give_back(&district, &submitted).await.expect_problem(403, "forbidden");
    let desk = app.sign_in(Role::MovementDivision).await;
    desk.post(LIST, json!({"obligation_id": draft.body["obligation_id"]})).await.expect_problem(403, "forbidden");
    for role in [Role::OperationsCentre, Role::PortalClient, Role::CheckinOperator] {
        app.sign_in(role).await.get(&draft.location()).await.expect_problem(403, "forbidden");
    }
    for role in [Role::ProvincialAdministrator, Role::StandingAgency, Role::MovementDivision, Role::Auditor, Role::CentralViewer] {
        app.sign_in(role).await.get(&draft.location()).await.expect(200);
    }
    let form = app.sign_in(Role::PortalClient).await.get("/api/v1/report-indicators").await;
    let required = form.items().iter().filter(|one| one["is_required"] == true).map(|one| one["code"].as_str().unwrap());
    assert_eq!(required.collect::<Vec<_>>(), ["sites_held", "attendance_count"]);
}

#[tokio::test]
async fn nobody_accepts_the_report_of_their_own_unit() {
    let app = TestApp::start().await;
    let police = app.sign_in(Role::StandingAgency).await;
    let unit = app.org_unit_of_kind("provincial_police", "Công an tỉnh").await;
    let owed = police.post("/api/v1/report-obligations", json!({"campaign_id": app.campaign_id().await, "org_unit_id": unit})).await;
    owed.expect(201);
    let draft = police.post(LIST, json!({"obligation_id": owed.id(), "figures": enough()})).await;
    let submitted = step(&police, &draft, "submit").await;
    step(&police, &submitted, "accept").await.expect_problem(403, "forbidden");
    give_back(&police, &submitted).await.expect_problem(403, "forbidden");
    step(&app.sign_in(Role::MovementDivision).await, &submitted, "accept").await.expect(200);
}

#[tokio::test]
async fn nobody_accepts_a_report_that_they_submitted_for_another_body() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let (_, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let submitted = step(&province, &draft, "submit").await;
    submitted.expect(200);
    let refused = step(&province, &submitted, "accept").await;
    assert!(refused.expect_problem(403, "forbidden")["detail"].as_str().unwrap().contains("đã nộp"), "{}", refused.text);
    step(&app.sign_in(Role::MovementDivision).await, &submitted, "accept").await.expect(200);
}

#[tokio::test]
async fn an_obligation_has_one_report_and_only_a_draft_is_deleted() {
    let app = TestApp::start().await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let second = district.post(LIST, json!({"obligation_id": draft.body["obligation_id"]})).await;
    second.expect_problem(409, "duplicate");
    assert_eq!(second.fields(), ["/obligation_id duplicate"]);
    district.delete_if(&draft.location(), &draft).await.expect(204);
    district.get(&draft.location()).await.expect_problem(404, "not_found");
    let (_, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let submitted = step(&district, &draft, "submit").await;
    district.delete_if(&draft.location(), &submitted).await.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn a_step_needs_the_version_that_was_read() {
    let app = TestApp::start().await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    district.post_empty(&format!("{}/submit", draft.location())).await.expect_problem(428, "precondition_required");
    district.patch(&draft.location(), json!({})).await.expect_problem(428, "precondition_required");
    district.delete(&draft.location()).await.expect_problem(428, "precondition_required");
    district.patch_if(&draft.location(), &draft, json!({"narrative": "Mới"})).await.expect(200);
    step(&district, &draft, "submit").await.expect_problem(412, "precondition_failed");
    let unknown = district.patch_if(&draft.location(), "*", json!({"figures": null, "state": "accepted"})).await;
    unknown.expect_problem(422, "validation_failed");
    assert_eq!(unknown.fields().len(), 2);
    let known = district.get(&draft.location()).await;
    district.get_if_none_match(&draft.location(), &known).await.expect(304);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twelve_submissions_with_one_etag_one_wins() {
    let app = TestApp::start_wide().await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let answers = join_all((0..12).map(|_| step(&district, &draft, "submit"))).await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(200), count(412)), (1, 11));
    assert_eq!(app.number("SELECT count(*) FROM report_versions").await, 1);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'report' AND action = 'submitted'").await, 1);
}

#[tokio::test]
async fn a_closed_campaign_takes_no_report_any_more() {
    let app = TestApp::start().await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    app.execute("UPDATE campaigns SET state = 'closed'").await;
    step(&district, &draft, "submit").await.expect_problem(409, "invalid_transition");
    let unit = app.org_unit_of_kind("district_committee", "Văn Yên").await;
    let late = app.district("Văn Yên").await.post(LIST, json!({"obligation_id": obligation_of(&app, &unit).await})).await;
    late.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn the_list_answers_what_an_official_asks() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (lucyen, first) = draft_of(&app, "Lục Yên", enough()).await;
    let (vanyen, second) = draft_of(&app, "Văn Yên", enough()).await;
    let (_, third) = draft_of(&app, "Trạm Tấu", enough()).await;
    app.set_now("2023-08-18T09:00:00+07:00");
    step(&lucyen, &first, "submit").await.expect(200);
    app.set_now("2023-08-21T09:00:00+07:00");
    step(&vanyen, &second, "submit").await.expect(200);
    let ids = async |query: &str| -> Vec<String> {
        desk.get(&format!("{LIST}?{query}")).await.items().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("state=draft").await, [third.id()]);
    assert_eq!(ids("is_late=true").await, [second.id()]);
    assert_eq!(ids("is_late=false").await, [first.id()]);
    assert_eq!(ids("q=tram%20tau").await, [third.id()]);
    assert_eq!(ids("submitted_from=2023-08-20T00:00:00%2B07:00").await, [second.id()]);
    assert_eq!(ids("submitted_before=2023-08-20T00:00:00%2B07:00").await, [first.id()]);
    assert_eq!(ids("sort=-submitted_at").await, [third.id(), second.id(), first.id()]);
    let mut paged = Vec::new();
    let mut path = format!("{LIST}?sort=submitted_at&limit=1");
    loop {
        let page = desk.get(&path).await;
        paged.extend(page.items().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("{LIST}?sort=submitted_at&limit=1&cursor={cursor}");
    }
    assert_eq!(paged, [first.id(), second.id(), third.id()], "a draft has no time and is listed all the same");
    desk.get(&format!("{LIST}?state=gone")).await.expect_problem(400, "invalid_parameter");
}
