//! The life of a report: its steps, comments by field, versions compared, lock and reopening; and of what is owed: opening, limit, grace,
//! closing, extension and exemption, with what stays frozen.

use super::reports::{draft_of, enough, give_back, obligation_of, step};
use super::support::*;

const LIST: &str = "/api/v1/reports";
const OWED: &str = "/api/v1/report-obligations";

async fn steps(client: &Client, report: &Answer) -> Vec<Value> {
    let list = client.get(&format!("{LIST}/{}/steps?sort=occurred_at", report.id())).await;
    list.expect(200);
    list.items().clone()
}

/// The obligation of a district committee: its path.
async fn owed_by(app: &TestApp, district: &str) -> String {
    let unit = app.org_unit_of_kind("district_committee", district).await;
    format!("{OWED}/{}", obligation_of(app, &unit).await)
}

async fn completeness(app: &TestApp, client: &Client, query: &str) -> Answer {
    client.get(&format!("/api/v1/campaigns/{}/completeness?{query}", app.campaign_id().await)).await
}

#[tokio::test]
async fn every_step_is_written_down_with_who_when_and_what_was_commented() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let submitted = step(&district, &draft, "submit").await;
    let comments =
        json!([{"pointer": "/figures/attendance_count", "text": "Các điểm ghi 512 lượt."}, {"pointer": "/narrative", "text": "Bổ sung."}]);
    let path = format!("{LIST}/{}/return", draft.id());
    let returned = desk.post_if(&path, &submitted, json!({"comment": "Rà soát", "comments": comments})).await;
    assert_eq!(returned.expect(200)["return_comments"], comments);
    let again = step(&district, &returned, "submit").await;
    let accepted = step(&desk, &again, "accept").await;
    let locked = step(&desk, &accepted, "lock").await;
    assert_eq!((&locked.expect(200)["state"], locked.body["locked_at"].is_string()), (&json!("accepted"), true));

    let steps = steps(&district, &draft).await;
    let told: Vec<_> =
        steps.iter().map(|one| (one["action"].as_str().unwrap(), one["to_state"].as_str().unwrap(), one["version_no"].as_i64())).collect();
    assert_eq!(
        told,
        [
            ("created", "draft", None),
            ("submitted", "submitted", Some(1)),
            ("returned", "returned", Some(1)),
            ("submitted", "submitted", Some(2)),
            ("accepted", "accepted", Some(2)),
            ("locked", "accepted", Some(2)),
        ]
    );
    assert_eq!((&steps[2]["comment"], &steps[2]["comments"]), (&json!("Rà soát"), &comments));
    assert_eq!((&steps[3]["comment"], &steps[3]["comments"]), (&Value::Null, &json!([])));
    assert!(steps.iter().all(|one| one["actor_id"].is_string()));
    assert_ne!(steps[1]["actor_id"], steps[2]["actor_id"]);
    let total = desk.get(&format!("{LIST}/{}/steps?with_total=true&limit=2", draft.id())).await;
    assert_eq!((total.items().len(), &total.body["total"]), (2, &json!(6)));
    app.district("Văn Yên").await.get(&format!("{LIST}/{}/steps", draft.id())).await.expect_problem(404, "not_found");
    app.anonymous().get(&format!("{LIST}/{}/steps", draft.id())).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_comment_needs_its_general_one_and_points_to_a_field_of_the_form() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let submitted = step(&district, &draft, "submit").await;
    let path = format!("{LIST}/{}/return", draft.id());
    let alone = desk.post_if(&path, &submitted, json!({"comments": [{"pointer": "/narrative", "text": "x"}]})).await;
    assert_eq!(alone.fields(), ["/comment required"]);
    let nowhere =
        desk.post_if(&path, &submitted, json!({"comment": "x", "comments": [{"pointer": "/figures/nothing", "text": "x"}]})).await;
    assert_eq!(nowhere.fields(), ["/comments/0/pointer unknown_pointer"]);
    let odd = desk.post_if(&path, &submitted, json!({"comment": "x", "comments": [{"pointer": "figures", "text": "x"}]})).await;
    odd.expect_problem(422, "validation_failed");
}

#[tokio::test]
async fn two_versions_are_compared_figure_by_figure_and_word_by_word() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let path = format!("{LIST}/{}", draft.id());
    let none = district.get(&format!("{path}/comparison")).await;
    assert_eq!((&none.expect(200)["before"], &none.body["after"]), (&Value::Null, &Value::Null));
    let worded = district.patch_if(&path, &draft, json!({"narrative": "Đông đủ và an toàn."})).await;
    let returned = give_back(&desk, &step(&district, &worded, "submit").await).await;
    let change = json!({"figures": {"attendance_count": {"value": 512, "basis": "counted"}, "leaflets": {"is_nil": true}},
                        "narrative": "Đông vui và an toàn."});
    let changed = district.patch_if(&path, &returned, change).await;
    step(&district, &changed, "submit").await.expect(200);

    let shown = desk.get(&format!("{path}/comparison")).await;
    let figures: Vec<_> = shown.expect(200)["figures"].as_array().unwrap().iter().map(|one| (&one["code"], &one["difference"])).collect();
    assert_eq!(figures, [(&json!("attendance_count"), &json!(-28)), (&json!("leaflets"), &Value::Null)]);
    assert_eq!(
        (&shown.body["before"]["no"], &shown.body["after"]["no"], &shown.body["unchanged_count"]),
        (&json!(1), &json!(2), &json!(1))
    );
    let added: Vec<_> = shown.body["narrative"].as_array().unwrap().iter().filter(|one| one["kind"] == "added").collect();
    assert_eq!(added.len(), 1);
    assert_eq!(desk.get(&format!("{path}/comparison?from=2&to=1")).await.expect(200)["figures"][0]["difference"], 28);
    desk.get(&format!("{path}/comparison?to=9")).await.expect_problem(400, "invalid_parameter");
    assert_eq!(desk.get(&format!("{path}/versions/1")).await.expect(200)["figures"]["attendance_count"]["value"], 540);
    desk.get(&format!("{path}/versions/3")).await.expect_problem(404, "not_found");
    app.district("Văn Yên").await.get(&format!("{path}/versions/1")).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn an_accepted_report_is_locked_once_and_only_an_extension_opens_it_again() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let submitted = step(&district, &draft, "submit").await;
    step(&desk, &submitted, "lock").await.expect_problem(409, "invalid_transition");
    let accepted = step(&desk, &submitted, "accept").await;
    step(&district, &accepted, "lock").await.expect_problem(403, "forbidden");
    let locked = step(&desk, &accepted, "lock").await;
    step(&desk, &locked, "lock").await.expect_problem(409, "invalid_transition");
    step(&desk, &accepted, "lock").await.expect_problem(412, "precondition_failed");
    assert_eq!(desk.get(&format!("{LIST}?is_locked=true")).await.items().len(), 1);
    give_back(&desk, &locked).await.expect_problem(409, "invalid_transition");

    let owed = owed_by(&app, "Lục Yên").await;
    app.set_now("2023-08-21T08:00:00+07:00");
    let until = json!({"until": "2023-08-25T00:00:00+07:00", "reason": "Sửa số liệu", "reopens_report": true});
    let before = completeness(&app, &desk, "").await;
    let extended = desk.post_if(&format!("{owed}/extend"), "*", until.clone()).await;
    assert_eq!(extended.expect(200)["due_before"], "2023-08-24T17:00:00Z");
    let opened = district.get(&draft.location()).await;
    assert_eq!(
        (&opened.expect(200)["state"], &opened.body["locked_at"], &opened.body["return_comment"]),
        (&json!("returned"), &Value::Null, &json!("Sửa số liệu"))
    );
    assert_eq!(opened.body["is_late"], false, "what was judged stays judged");
    assert_eq!(steps(&desk, &draft).await.last().unwrap()["action"], "reopened");
    let at = before.body["as_of"].as_str().unwrap();
    assert_eq!(completeness(&app, &desk, &format!("at={at}")).await.expect(200), &before.body, "then it was accepted");
    let later = json!({"until": "2023-08-26T00:00:00+07:00", "reason": "Sửa số liệu", "reopens_report": true});
    desk.post_if(&format!("{owed}/extend"), "*", later).await.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn an_extension_changes_what_is_late_from_then_on_and_nothing_that_was_judged() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (lucyen, first) = draft_of(&app, "Lục Yên", enough()).await;
    let (vanyen, second) = draft_of(&app, "Văn Yên", enough()).await;
    let (late, owed) = (owed_by(&app, "Lục Yên").await, owed_by(&app, "Văn Yên").await);
    app.set_now("2023-08-21T08:00:00+07:00");
    assert_eq!(step(&lucyen, &first, "submit").await.expect(200)["is_late"], true);
    let body = json!({"until": "2023-08-25T00:00:00+07:00", "reason": "Mưa lũ"});
    let read = desk.get(&owed).await;
    let extend = format!("{owed}/extend");
    desk.post(&extend, body.clone()).await.expect_problem(428, "precondition_required");
    desk.post_if(&extend, "\"9\"", body.clone()).await.expect_problem(412, "precondition_failed");
    vanyen.post_if(&extend, &read, body.clone()).await.expect_problem(403, "forbidden");
    for until in ["2023-08-19T00:00:00+07:00", "2023-08-21T07:00:00+07:00"] {
        let refused = desk.post_if(&extend, &read, json!({"until": until, "reason": "x"})).await;
        assert_eq!(refused.fields(), ["/until not_later"]);
    }
    let extended = desk.post_if(&extend, &read, body.clone()).await;
    let shown = extended.expect(200);
    assert_eq!(
        (&shown["limit_kind"], &shown["limit_date"], &shown["limit_zone"]),
        (&json!("exclusive"), &json!("2023-08-20"), &json!("Asia/Ho_Chi_Minh"))
    );
    assert_eq!((&shown["planned_due_before"], &shown["due_before"]), (&json!("2023-08-19T17:00:00Z"), &json!("2023-08-24T17:00:00Z")));
    assert_eq!(desk.get(&owed).await.expect(200), shown);
    desk.post_if(&format!("{late}/extend"), "*", body).await.expect(200);
    assert_eq!(lucyen.get(&first.location()).await.expect(200)["is_late"], true, "judged before");
    app.set_now("2023-08-24T23:59:50+07:00");
    assert_eq!(step(&vanyen, &second, "submit").await.expect(200)["is_late"], false);

    let decisions = vanyen.get(&format!("{owed}/decisions?sort=occurred_at&with_total=true")).await;
    let told: Vec<_> = decisions.items().iter().map(|one| (&one["action"], &one["reason"])).collect();
    assert_eq!(told, [(&json!("created"), &Value::Null), (&json!("extended"), &json!("Mưa lũ"))]);
    assert!(decisions.items()[1]["actor_id"].is_string());
    lucyen.get(&format!("{owed}/decisions")).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn who_is_exempt_is_not_expected_unless_it_reports_nonetheless() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (district, draft) = draft_of(&app, "Lục Yên", enough()).await;
    let owed = owed_by(&app, "Lục Yên").await;
    let whole = completeness(&app, &desk, "").await.expect(200)["expected_count"].as_i64().unwrap();
    let reason = json!({"reason": "Báo cáo trong báo cáo chung."});
    district.post_if(&format!("{owed}/exempt"), "*", reason.clone()).await.expect_problem(403, "forbidden");
    desk.post_if(&format!("{owed}/restore"), "*", reason.clone()).await.expect_problem(409, "invalid_transition");
    let exempt = desk.post_if(&format!("{owed}/exempt"), "*", reason.clone()).await;
    assert!(exempt.expect(200)["exempted_at"].is_string());
    desk.post_if(&format!("{owed}/exempt"), &exempt, reason.clone()).await.expect_problem(409, "invalid_transition");
    app.set_now("2023-08-20T00:00:00+07:00");
    let shown = completeness(&app, &desk, "").await;
    assert_eq!(
        (&shown.expect(200)["expected_count"], &shown.body["exempt_count"], &shown.body["draft_count"]),
        (&json!(whole - 1), &json!(1), &json!(0))
    );
    let list = desk.get(&format!("{OWED}?is_exempt=true")).await;
    assert_eq!((list.items().len(), &list.items()[0]["state"], &list.items()[0]["is_overdue"]), (1, &json!("exempt"), &json!(false)));
    assert_eq!(desk.get(&format!("{OWED}?state=draft")).await.items().len(), 0);
    let campaign = app.campaign_id().await;
    let overview = desk.get(&format!("/api/v1/dashboard/overview?campaign_id={campaign}")).await;
    assert_eq!(overview.expect(200)["reports"]["expected"], shown.body["expected_count"]);

    step(&district, &draft, "submit").await.expect(200);
    let shown = completeness(&app, &desk, "").await;
    assert_eq!(
        (&shown.expect(200)["expected_count"], &shown.body["exempt_count"], &shown.body["late_count"]),
        (&json!(whole), &json!(0), &json!(1))
    );
    let restored = desk.post_if(&format!("{owed}/restore"), "*", reason).await;
    assert_eq!(restored.expect(200)["exempted_at"], Value::Null);
}

#[tokio::test]
async fn before_the_opening_and_after_the_grace_nothing_is_submitted_and_the_rule_is_cited() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (campaign, unit) = (app.campaign_id().await, app.org_unit_of_kind("commune_committee", "Mường Lai").await);
    let commune = app.account(Role::Commune, &unit).await;
    let times = json!({"campaign_id": campaign, "org_unit_id": unit, "due_before": "2023-08-21T00:00:00+07:00", "limit_kind": "inclusive",
                       "opens_at": "2023-08-10T00:00:00+07:00", "grace_minutes": 1440});
    let mut wrong = times.clone();
    wrong["opens_at"] = json!("2023-08-21T00:00:00+07:00");
    wrong["closes_at"] = json!("2023-08-20T00:00:00+07:00");
    assert_eq!(desk.post(OWED, wrong).await.fields(), ["/closes_at before_limit", "/opens_at not_before_limit"]);
    let owed = desk.post(OWED, times).await;
    assert_eq!((&owed.expect(201)["limit_date"], &owed.body["closes_at"]), (&json!("2023-08-20"), &json!("2023-08-21T17:00:00Z")));
    let draft = commune.post(LIST, json!({"obligation_id": owed.id(), "figures": enough()})).await;

    app.set_now("2023-08-09T23:59:50+07:00");
    let early = step(&commune, &draft, "submit").await;
    early.expect_problem(422, "validation_failed");
    assert_eq!(
        (early.fields(), &early.body["rule_id"], &early.body["clause"]),
        (vec!["/obligation_id not_open".to_owned()], &json!("R2"), &json!("III.3"))
    );
    app.set_now("2023-08-22T00:00:00+07:00");
    assert_eq!(step(&commune, &draft, "submit").await.fields(), ["/obligation_id closed"]);
    let until = json!({"until": "2023-08-23T00:00:00+07:00", "reason": "Mất điện"});
    let extended = desk.post_if(&format!("{OWED}/{}/extend", owed.id()), &owed, until).await;
    assert_eq!(extended.expect(200)["closes_at"], "2023-08-23T17:00:00Z");
    assert_eq!(step(&commune, &draft, "submit").await.expect(200)["is_late"], false);
}

#[tokio::test]
async fn both_wordings_turn_at_midnight() {
    for (kind, due, last, first) in [
        ("exclusive", "2023-08-20T00:00:00+07:00", "2023-08-19T23:59:50+07:00", "2023-08-20T00:00:00+07:00"),
        ("inclusive", "2023-08-21T00:00:00+07:00", "2023-08-20T23:59:50+07:00", "2023-08-21T00:00:00+07:00"),
    ] {
        let app = TestApp::start().await;
        let desk = app.sign_in(Role::MovementDivision).await;
        let campaign = app.campaign_id().await;
        let mut drafts = Vec::new();
        for name in ["Mường Lai", "Lâm Thượng"] {
            let unit = app.org_unit_of_kind("commune_committee", name).await;
            let commune = app.account(Role::Commune, &unit).await;
            let owed = desk.post(OWED, json!({"campaign_id": campaign, "org_unit_id": unit, "due_before": due, "limit_kind": kind})).await;
            assert_eq!(owed.expect(201)["limit_date"], "2023-08-20", "{kind}");
            drafts.push((commune.post(LIST, json!({"obligation_id": owed.id(), "figures": enough()})).await, commune));
        }
        for ((draft, commune), (now, is_late)) in drafts.iter().zip([(last, false), (first, true)]) {
            app.set_now(now);
            assert_eq!(step(commune, draft, "submit").await.expect(200)["is_late"], is_late, "{kind} {now}");
        }
    }
}

#[tokio::test]
async fn both_snapshots_stay_whatever_comes_later() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let path = format!("/api/v1/campaigns/{}/report-snapshots", app.campaign_id().await);
    let (lucyen, first) = draft_of(&app, "Lục Yên", enough()).await;
    let (vanyen, second) = draft_of(&app, "Văn Yên", enough()).await;
    app.set_now("2023-08-19T23:59:50+07:00");
    let submitted = step(&lucyen, &first, "submit").await;
    assert_eq!(desk.get(&path).await.expect(200)["items"].as_array().unwrap().len(), 1, "the limit is still to come");
    app.set_now("2023-08-20T00:00:00+07:00");
    step(&vanyen, &second, "submit").await.expect(200);
    let shown = desk.get(&path).await;
    let items = shown.expect(200)["items"].as_array().unwrap().clone();
    assert_eq!(items.iter().map(|one| one["kind"].as_str().unwrap()).collect::<Vec<_>>(), ["limit", "opened"]);
    assert_eq!((&items[0]["figures"]["in_time_count"], &items[0]["figures"]["late_count"]), (&json!(1), &json!(0)));
    assert_eq!(items[0]["at"], "2023-08-19T16:59:59.999999Z");
    assert_eq!(
        (&items[1]["figures"]["expected_count"], &items[1]["figures"]["submitted_count"]),
        (&items[0]["figures"]["expected_count"], &json!(0))
    );
    let rows = desk.get(items[0]["rows_url"].as_str().unwrap()).await;
    assert_eq!(
        (&rows.expect(200)["submitted_count"], rows.items().len()),
        (&json!(1), rows.body["expected_count"].as_u64().unwrap() as usize)
    );

    // A return, an exemption, an extension, a deletion of an obligation, a new one: none of them is of that instant.
    give_back(&desk, &submitted).await.expect(200);
    let reason = json!({"reason": "x"});
    desk.post_if(&format!("{}/exempt", owed_by(&app, "Trạm Tấu").await), "*", reason).await.expect(200);
    let until = json!({"until": "2023-08-28T00:00:00+07:00", "reason": "x"});
    desk.post_if(&format!("{}/extend", owed_by(&app, "Mù Cang Chải").await), "*", until).await.expect(200);
    desk.delete_if(&owed_by(&app, "Văn Chấn").await, "*").await.expect(204);
    app.set_now("2023-08-29T00:00:00+07:00");
    let later = desk.get(&path).await;
    let later = later.expect(200)["items"].as_array().unwrap();
    assert_eq!(&later[later.len() - 2..], items, "both stay");
    assert_eq!(
        (&later[0]["kind"], &later[0]["at"]),
        (&json!("limit"), &json!("2023-08-27T16:59:59.999999Z")),
        "the extended limit has its own"
    );
    assert_eq!(desk.get(items[0]["rows_url"].as_str().unwrap()).await.expect(200), &rows.body);
    let now = completeness(&app, &desk, "").await;
    assert_eq!((&now.expect(200)["late_count"], &now.body["returned_count"], &now.body["exempt_count"]), (&json!(1), &json!(1), &json!(1)));
    let future = completeness(&app, &desk, "at=2023-09-01T00:00:00Z").await;
    future.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn completeness_narrows_to_kind_and_level_and_names_who_is_in_charge_to_those_who_may_see_accounts() {
    let app = TestApp::start().await;
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    app.account(Role::District, &unit).await;
    let (standing, desk) = (app.sign_in(Role::StandingAgency).await, app.sign_in(Role::MovementDivision).await);
    let districts = completeness(&app, &standing, "org_unit_kind=district_committee").await;
    assert_eq!(districts.expect(200)["expected_count"], 9);
    assert_eq!(completeness(&app, &standing, "org_unit_level=district").await.expect(200)["expected_count"], 9);
    assert_eq!(districts.body["by_kind"].as_array().unwrap().len(), 1);
    let one = completeness(&app, &standing, &format!("under_org_unit_id={unit}")).await;
    let reporters = one.items()[0]["reporters"].as_array().unwrap();
    assert!(!reporters.is_empty() && reporters.iter().all(|one| one["full_name"].is_string()), "{}", one.text);
    let hidden = completeness(&app, &desk, &format!("under_org_unit_id={unit}")).await;
    assert_eq!(hidden.items()[0]["reporters"], Value::Null, "the desk does not see accounts");
    assert_eq!(desk.get(&format!("{OWED}?org_unit_level=district&with_total=true")).await.expect(200)["total"], 9);
}
