//! Duties: derived from rules or charged by hand, carried out, reopened, reminded of; and the lights that follow.

use super::support::*;
use futures_util::future::join_all;

const PATH: &str = "/api/v1/duties";

async fn plan_81(app: &TestApp) -> String {
    app.text("SELECT id FROM plans WHERE number = 81").await
}

/// A duty of the Lục Yên district under plan 81, with other members as given.
pub async fn charge(app: &TestApp, members: Value) -> Answer {
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let mut body = json!({"plan_id": plan_81(app).await, "org_unit_id": app.org_unit_of_kind("district_committee", "Lục Yên").await,
                          "title": "Lựa chọn ít nhất 01 điểm", "clause": "III.3"});
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    let made = province.post(PATH, body).await;
    made.expect(201);
    made
}

pub fn step(duty: &Answer, step: &str) -> String {
    format!("{PATH}/{}/{step}", duty.id())
}

#[tokio::test]
async fn the_demo_has_the_duties_of_section_iii_and_deriving_again_adds_nothing() {
    let app = TestApp::start_wide().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let of = async |rule: &str| {
        let list = province.get(&format!("{PATH}?rule_id={rule}&with_total=true&limit=200")).await;
        list.expect(200)["total"].as_i64().unwrap()
    };
    assert_eq!((of("R16").await, of("R17").await, of("R18").await), (1, 1, 1));
    // Those who owe a report are those whom III.3 charges: departments, mass organisations, member bodies, districts.
    assert_eq!(of("R19").await, app.number("SELECT count(*) FROM report_obligations").await);
    let police = province.get(&format!("{PATH}?rule_id=R16")).await.items()[0].clone();
    assert_eq!((&police["clause"], &police["state"], &police["deadline"]), (&json!("III.1"), &json!("assigned"), &json!(null)));
    assert_eq!(police["org_unit_id"], json!(app.org_unit_of_kind("provincial_police", "").await));

    let derive = format!("/api/v1/plans/{}/duties/derive", plan_81(&app).await);
    let again = province.post_empty(&derive).await;
    let all = app.number("SELECT count(*) FROM duties").await;
    assert_eq!((&again.expect(200)["created_count"], &again.body["existing_count"]), (&json!(0), &json!(all)));
    assert_eq!(again.body["unbound"], json!([]));
    // A cancelled duty was decided on: it does not come back.
    let cancelled = format!("{PATH}/{}/cancel", police["id"].as_str().unwrap());
    province.post_if(&cancelled, "*", json!({"reason": "Đã chuyển"})).await.expect(200);
    assert_eq!(province.post_empty(&derive).await.body["created_count"], 0);
}

#[tokio::test]
async fn bodies_that_cannot_be_found_are_listed_and_never_guessed() {
    let app = TestApp::start_wide().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    app.execute("DELETE FROM duties").await;
    app.execute("UPDATE plan_rules SET parameters = parameters || '{\"body\": \"Sở Du lịch; Công an tỉnh\"}' WHERE rule_id = 'R18'").await;
    app.execute("UPDATE plan_rules SET is_confirmed = false WHERE rule_id = 'R17'").await;
    let derive = format!("/api/v1/plans/{}/duties/derive", plan_81(&app).await);
    let deadline = json!({"deadline": "2023-08-20T00:00:00+07:00"});
    let answers = join_all((0..6).map(|_| province.post(&derive, deadline.clone()))).await;
    let created: i64 = answers.iter().map(|answer| answer.expect(200)["created_count"].as_i64().unwrap()).sum();
    assert_eq!(created, app.number("SELECT count(*) FROM duties").await);
    assert_eq!(answers[0].body["unbound"], json!([{"rule_id": "R18", "clause": "III.2", "body": "Sở Du lịch"}]));
    assert_eq!(app.number("SELECT count(*) FROM duties WHERE rule_id = 'R17'").await, 0, "an unconfirmed rule charges nobody");
    assert_eq!(app.number("SELECT count(*) FROM duties WHERE rule_id = 'R18' AND deadline = '2023-08-19T17:00Z'").await, 1);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'duty' AND action = 'created'").await, created);
    app.sign_in(Role::District).await.post_empty(&derive).await.expect_problem(404, "not_found");
    app.sign_in(Role::MovementDivision).await.post_empty(&derive).await.expect_problem(403, "forbidden");
    app.anonymous().post_empty(&derive).await.expect_problem(401, "unauthenticated");
    province.post(&derive, json!({"deadline": "x"})).await.expect_problem(422, "validation_failed");
    app.execute("UPDATE plans SET state = 'submitted'").await;
    province.post_empty(&derive).await.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn a_duty_is_started_carried_on_done_and_reopened_and_its_log_keeps_every_word() {
    let app = TestApp::start().await;
    let (district, province) = (app.district("Lục Yên").await, app.sign_in(Role::ProvincialAdministrator).await);
    let made = charge(&app, json!({"deadline": "2023-07-12T00:00:00+07:00"})).await;
    assert_eq!((&made.body["state"], made.location()), (&json!("assigned"), format!("{PATH}/{}", made.id())));
    assert_eq!(district.get(&made.location()).await.expect(200), &made.body);
    district.get_if_none_match(&made.location(), &made).await.expect(304);
    let done = json!({"note": "Đã chọn bản Mường Lai."});
    district.post_if(&step(&made, "complete"), &made, done.clone()).await.expect_problem(409, "invalid_transition");
    district.post_if(&step(&made, "progress"), &made, done.clone()).await.expect_problem(409, "invalid_transition");
    district.post_empty(&step(&made, "start")).await.expect_problem(428, "precondition_required");
    let started = district.post_if(&step(&made, "start"), &made, json!({"note": "Đã phân công"})).await;
    assert_eq!((&started.expect(200)["state"], &started.body["progress_note"]), (&json!("in_progress"), &json!("Đã phân công")));
    district.post_empty_if(&step(&made, "start"), &made).await.expect_problem(412, "precondition_failed");
    district.post_empty_if(&step(&made, "start"), &started).await.expect_problem(409, "invalid_transition");
    let going = district.post_if(&step(&made, "progress"), &started, json!({"note": "Khảo sát 3 bản"})).await;
    assert_eq!(going.expect(200)["progress_note"], "Khảo sát 3 bản");
    assert_eq!(district.post_if(&step(&made, "complete"), &going, json!({})).await.fields(), ["/note required"]);
    let finished = district.post_if(&step(&made, "complete"), &going, done).await;
    assert_eq!(finished.expect(200)["state"], "done");
    assert!(finished.body["done_at"].is_string() && finished.body["done_by"].is_string());
    // The body charged does not judge its own work.
    district.post_if(&step(&made, "reopen"), &finished, json!({"comment": "x"})).await.expect_problem(404, "not_found");
    province.patch_if(&made.location(), &finished, json!({"title": "Khác"})).await.expect_problem(409, "invalid_transition");
    province.post_if(&step(&made, "cancel"), &finished, json!({"reason": "x"})).await.expect_problem(409, "invalid_transition");
    assert_eq!(province.post_if(&step(&made, "reopen"), &finished, json!({})).await.fields(), ["/comment required"]);
    let reopened = province.post_if(&step(&made, "reopen"), &finished, json!({"comment": "Thiếu biên bản"})).await;
    assert_eq!((&reopened.expect(200)["state"], &reopened.body["done_at"]), (&json!("in_progress"), &json!(null)));
    assert_eq!(reopened.body["reopen_comment"], "Thiếu biên bản");
    province.post_if(&step(&made, "reopen"), &reopened, json!({"comment": "x"})).await.expect_problem(409, "invalid_transition");
    let log = district.get(&format!("{}/steps?sort=occurred_at&with_total=true", made.location())).await;
    let told: Vec<_> =
        log.items().iter().map(|line| (line["action"].as_str().unwrap(), line["note"].as_str().unwrap_or_default())).collect();
    assert_eq!(
        told,
        [
            ("created", ""),
            ("started", "Đã phân công"),
            ("progressed", "Khảo sát 3 bản"),
            ("completed", "Đã chọn bản Mường Lai."),
            ("reopened", "Thiếu biên bản")
        ]
    );
    assert_eq!(log.body["total"], 5);
    let actions = app.sql(&format!("SELECT action FROM events WHERE resource_id = '{}' ORDER BY seq", made.id())).await;
    assert_eq!(actions.len(), 5);
}

#[tokio::test]
async fn the_issuer_changes_and_cancels_and_names_what_is_bad() {
    let app = TestApp::start().await;
    let (district, province) = (app.district("Lục Yên").await, app.sign_in(Role::ProvincialAdministrator).await);
    let made = charge(&app, json!({})).await;
    let changed = province.patch_if(&made.location(), &made, json!({"deadline": "2023-07-30T00:00:00+07:00", "clause": null})).await;
    assert_eq!((&changed.expect(200)["deadline"], &changed.body["clause"]), (&json!("2023-07-29T17:00:00Z"), &json!(null)));
    district.patch_if(&made.location(), &changed, json!({"deadline": null})).await.expect_problem(404, "not_found");
    district.post_if(&step(&made, "cancel"), &changed, json!({"reason": "x"})).await.expect_problem(404, "not_found");
    let cancelled = province.post_if(&step(&made, "cancel"), &changed, json!({"reason": "Đã giao nơi khác"})).await;
    assert_eq!((&cancelled.expect(200)["state"], &cancelled.body["cancel_reason"]), (&json!("cancelled"), &json!("Đã giao nơi khác")));
    district.post_empty_if(&step(&made, "start"), &cancelled).await.expect_problem(409, "invalid_transition");
    province.post_empty(&step(&made, "remind")).await.expect_problem(409, "invalid_transition");

    let unknown = "018b2f19-e79e-7d6a-a56d-29feb6211b04";
    let good = json!({"plan_id": plan_81(&app).await, "org_unit_id": app.org_unit_of_kind("district_committee", "Lục Yên").await, "title": "Việc"});
    for (name, value, field) in [
        ("plan_id", json!(unknown), "/plan_id unknown_reference"),
        ("org_unit_id", json!(unknown), "/org_unit_id unknown_reference"),
        ("rule_id", json!("R99"), "/rule_id unknown_reference"),
        ("title", json!(""), "/title too_short"),
    ] {
        let mut body = good.clone();
        body[name] = value;
        assert_eq!(province.post(PATH, body).await.fields(), [field]);
    }
    let mut taken = good.clone();
    (taken["rule_id"], taken["org_unit_id"]) = (json!("R16"), json!(app.org_unit_of_kind("provincial_police", "").await));
    province.post(PATH, taken).await.expect_problem(409, "duplicate");
    // A district charges under its own plan only, and the bodies below it only.
    assert_eq!(district.post(PATH, good).await.fields(), ["/plan_id unknown_reference"]);
    let own = json!({"campaign_id": app.campaign_id().await, "org_unit_id": app.org_unit_of_kind("district_committee", "Lục Yên").await,
                     "parent_plan_id": plan_81(&app).await, "symbol": "KH-BCĐ", "title": "Của huyện"});
    let draft = district.post("/api/v1/plans", own).await;
    let police = app.org_unit_of_kind("district_police", "Lục Yên").await;
    let task = json!({"plan_id": draft.id(), "org_unit_id": police, "title": "Bảo đảm an ninh"});
    assert_eq!(district.post(PATH, task.clone()).await.fields(), ["/plan_id unknown_reference"], "a draft charges nobody");
    app.execute("UPDATE plans SET state = 'issued', number = 4, issued_on = '2023-04-10', signatory_name = 'A' WHERE state = 'draft'")
        .await;
    district.post(PATH, task.clone()).await.expect(201);
    let mut outside = task;
    outside["org_unit_id"] = json!(app.org_unit_of_kind("district_committee", "Văn Yên").await);
    assert_eq!(district.post(PATH, outside.clone()).await.fields(), ["/org_unit_id unknown_reference"]);
    assert_eq!(province.post(PATH, outside).await.fields(), ["/org_unit_id outside_issuer"]);
}

#[tokio::test]
async fn overdue_goes_by_the_clock_and_the_list_by_its_filters() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    app.execute("DELETE FROM duties").await;
    let early = charge(&app, json!({"deadline": "2023-07-12T00:00:00+07:00", "title": "Chọn điểm"})).await;
    let late = charge(&app, json!({"deadline": "2023-08-01T00:00:00+07:00", "title": "Tuyên truyền"})).await;
    let never = charge(&app, json!({"title": "Phối hợp"})).await;
    let ids = async |filter: &str| {
        let list = province.get(&format!("{PATH}?{filter}")).await;
        list.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    app.set_now("2023-07-11T23:59:00+07:00");
    assert!(ids("is_overdue=true").await.is_empty());
    app.set_now("2023-07-12T00:00:00+07:00");
    assert_eq!(ids("is_overdue=true").await, [early.id()]);
    assert_eq!(ids("is_overdue=false&sort=deadline").await, [late.id(), never.id()]);
    assert_eq!(ids("sort=-deadline").await, [never.id(), late.id(), early.id()]);
    assert_eq!(ids("due_before=2023-08-01T00:00:00Z").await, [early.id(), late.id()]);
    assert_eq!(ids("q=tuyen+TRUYEN").await, [late.id()]);
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let (plan, campaign) = (plan_81(&app).await, app.campaign_id().await);
    assert_eq!(ids(&format!("plan_id={plan}&campaign_id={campaign}&org_unit_id={unit}&state=assigned")).await.len(), 3);
    assert!(ids("state=done").await.is_empty() && ids("is_cancelled=true").await.is_empty());
    let item = province.get(&format!("{PATH}?is_overdue=true")).await.items()[0].clone();
    assert_eq!((&item["is_overdue"], item["org_unit_name"].as_str().unwrap().contains("Lục Yên")), (&json!(true), true));
    let district = app.district("Lục Yên").await;
    for (path, body) in [("start", json!({})), ("complete", json!({"note": "x"}))] {
        district.post_if(&step(&early, path), "*", body).await.expect(200);
    }
    assert!(ids("is_overdue=true").await.is_empty(), "what is done is not overdue");
}

#[tokio::test]
async fn reminders_climb_to_the_issuer_one_a_day_and_the_answer_says_to_whom() {
    let app = TestApp::start().await;
    let standing = app.sign_in(Role::StandingAgency).await;
    let commune = app.sign_in(Role::Commune).await;
    let unit = app.shared.account(Role::Commune).org_unit_id;
    let made = charge(&app, json!({"org_unit_id": unit})).await;
    let path = step(&made, "remind");
    let parent = |unit: String| async move { unit };
    let above = app.text(&format!("SELECT parent_id FROM org_units WHERE id = '{unit}'")).await;
    let issuer = parent(app.org_unit_of_kind("provincial_committee", "").await).await;
    assert_eq!(app.text(&format!("SELECT parent_id FROM org_units WHERE id = '{above}'")).await, issuer);
    let mut days = vec![];
    for (day, level, to) in [
        ("2023-07-10", 1, unit.to_string()),
        ("2023-07-11", 2, above.clone()),
        ("2023-07-12", 3, issuer.clone()),
        ("2023-07-13", 3, issuer.clone()),
    ] {
        app.set_now(&format!("{day}T00:00:00+07:00"));
        let sent = standing.post(&path, json!({"message": "Đề nghị báo cáo"})).await;
        assert_eq!((&sent.expect(200)["level"], &sent.body["to_org_unit_id"]), (&json!(level), &json!(to)));
        assert_eq!(sent.body["reminded_on"], day);
        app.set_now(&format!("{day}T23:59:00+07:00"));
        standing.post_empty(&path).await.expect_problem(409, "duplicate");
        days.push(json!(day));
    }
    let list = commune.get(&format!("{}/reminders?sort=reminded_at&with_total=true", made.location())).await;
    assert_eq!(list.items().iter().map(|one| one["reminded_on"].clone()).collect::<Vec<_>>(), days);
    assert_eq!(list.body["total"], 4);
    assert_eq!(commune.get(&made.location()).await.etag(), made.etag(), "a reminder does not change the duty");
    commune.post_empty(&path).await.expect_problem(404, "not_found");
    app.anonymous().post_empty(&path).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::Auditor).await.post_empty(&path).await.expect_problem(403, "forbidden");
    standing.post(&path, json!({"message": ""})).await.expect_problem(422, "validation_failed");
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'duty' AND action = 'reminded'").await, 4);
}

#[tokio::test]
async fn of_eight_that_remind_at_once_one_does() {
    let app = TestApp::start_wide().await;
    let standing = app.sign_in(Role::StandingAgency).await;
    let made = charge(&app, json!({})).await;
    let path = step(&made, "remind");
    let answers = join_all((0..8).map(|_| standing.post_empty(&path))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.code() == "duplicate"));
}

#[tokio::test]
async fn the_sweep_reminds_of_all_that_is_overdue_and_skips_what_was_reminded_of_today() {
    let app = TestApp::start_wide().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let sweep = format!("/api/v1/campaigns/{}/duties/remind", app.campaign_id().await);
    assert_eq!(desk.post_empty(&sweep).await.expect(200)["reminded_count"], 0, "nothing has a deadline");
    app.execute("UPDATE duties SET deadline = '2023-07-01T00:00+07' WHERE rule_id = 'R19'").await;
    let all = app.number("SELECT count(*) FROM duties WHERE rule_id = 'R19'").await;
    let one = app.text("SELECT id FROM duties WHERE rule_id = 'R19' LIMIT 1").await;
    desk.post_empty(&format!("{PATH}/{one}/remind")).await.expect(200);
    let swept = desk.post(&sweep, json!({"message": "Quá hạn"})).await;
    assert_eq!((&swept.expect(200)["reminded_count"], &swept.body["skipped_count"]), (&json!(all - 1), &json!(1)));
    assert_eq!(swept.body["reminders"].as_array().unwrap().len() as i64, all - 1);
    let again = desk.post_empty(&sweep).await;
    assert_eq!((&again.expect(200)["reminded_count"], &again.body["skipped_count"]), (&json!(0), &json!(all)));
    app.set_now("2023-07-11T08:00:00+07:00");
    let both = join_all((0..4).map(|_| desk.post_empty(&sweep))).await;
    let reminded: i64 = both.iter().map(|answer| answer.expect(200)["reminded_count"].as_i64().unwrap()).sum();
    assert_eq!(reminded, all);
    assert_eq!(app.number("SELECT count(*) FROM duty_reminders WHERE level = 2").await, all);
    // A district's reach holds no plan that issued these.
    let district = app.sign_in(Role::District).await;
    app.set_now("2023-07-12T08:00:00+07:00");
    assert_eq!(district.post_empty(&sweep).await.expect(200)["reminded_count"], 0);
    app.sign_in(Role::Auditor).await.post_empty(&sweep).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn others_see_a_duty_as_far_as_their_reach_goes() {
    let app = TestApp::start().await;
    let made = charge(&app, json!({})).await;
    let path = made.location();
    let elsewhere = app.district("Văn Yên").await;
    for part in ["", "/steps", "/reminders"] {
        elsewhere.get(&format!("{path}{part}")).await.expect_problem(404, "not_found");
        app.anonymous().get(&format!("{path}{part}")).await.expect_problem(401, "unauthenticated");
        app.sign_in(Role::CheckinOperator).await.get(&format!("{path}{part}")).await.expect_problem(403, "forbidden");
        for role in [Role::CentralViewer, Role::StandingAgency, Role::OperationsCentre, Role::Auditor] {
            app.sign_in(role).await.get(&format!("{path}{part}")).await.expect(200);
        }
    }
    elsewhere.post_empty_if(&step(&made, "start"), &made).await.expect_problem(404, "not_found");
    app.sign_in(Role::OperationsCentre).await.post_empty_if(&step(&made, "start"), &made).await.expect_problem(403, "forbidden");
    assert!(elsewhere.get(&format!("{PATH}?limit=200")).await.items().iter().all(|duty| duty["id"] != json!(made.id())));
}

#[tokio::test]
async fn the_light_of_a_duty_rule_turns_with_its_duties() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let light = async |rule: &str| {
        let body = province.get(&format!("/api/v1/campaigns/{campaign}/compliance")).await.expect(200).clone();
        body["rules"].as_array().unwrap().iter().find(|one| one["rule_id"] == rule).unwrap().clone()
    };
    let of = |rule: &Value, fact: &str| rule["facts"].as_array().unwrap().iter().find(|one| one["name"] == fact).unwrap()["value"].clone();
    for rule in ["R16", "R17", "R18", "R19"] {
        assert_eq!(light(rule).await["state"], "open", "{rule}");
    }
    app.execute("UPDATE duties SET deadline = '2023-08-01T00:00+07' WHERE rule_id = 'R18'").await;
    app.set_now("2023-07-24T23:59:00+07:00");
    assert_eq!(light("R18").await["state"], "open");
    app.set_now("2023-07-25T00:00:00+07:00");
    assert_eq!(light("R18").await["state"], "at_risk");
    app.set_now("2023-08-01T00:00:00+07:00");
    let overdue = light("R18").await;
    assert_eq!((&overdue["state"], of(&overdue, "duties_overdue")), (&json!("violated"), json!(1)));
    assert!(overdue["next"].is_string() && overdue["deadline"] == "2023-07-31T17:00:00Z");
    app.execute("UPDATE duties SET state = 'done', done_at = now(), done_by = id WHERE rule_id = 'R18'").await;
    let met = light("R18").await;
    assert_eq!((&met["state"], of(&met, "duties_done"), &met["next"]), (&json!("met"), json!(1), &json!(null)));
    app.execute("UPDATE duties SET state = 'cancelled', cancel_reason = 'x' WHERE rule_id = 'R18'").await;
    assert_eq!(light("R18").await["state"], "not_applicable");
    // Not charged yet; and a body that nobody answers to.
    app.execute("DELETE FROM duties WHERE rule_id IN ('R17', 'R18')").await;
    assert_eq!(light("R18").await["state"], "open");
    app.execute("UPDATE plan_rules SET parameters = parameters || '{\"body\": \"Sở Du lịch\"}' WHERE rule_id = 'R17'").await;
    assert_eq!(light("R17").await["state"], "unbound");
    // A body is judged by its own duties.
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let own = province.get(&format!("/api/v1/org-units/{unit}/compliance?campaign_id={campaign}")).await.expect(200).clone();
    let state = |rule: &str| own["rules"].as_array().unwrap().iter().find(|one| one["rule_id"] == rule).unwrap()["state"].clone();
    assert_eq!((state("R16"), state("R17"), state("R19")), (json!("not_applicable"), json!("not_applicable"), json!("open")));
}
