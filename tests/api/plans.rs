//! Plans: the document, its life cycle, who can read it, and what its issue sets going.

use super::support::*;
use futures_util::future::join_all;

async fn province_unit(app: &TestApp) -> String {
    app.org_unit_of_kind("provincial_committee", "Yên Bái").await
}

/// Plan 81/KH-BCĐ of the demo.
async fn plan_81(app: &TestApp) -> String {
    app.text("SELECT id FROM plans WHERE number = 81").await
}

/// A plan of the Lục Yên district under plan 81.
async fn body_of_lucyen(app: &TestApp) -> Value {
    json!({"campaign_id": app.campaign_id().await, "org_unit_id": app.org_unit_of_kind("district_committee", "Lục Yên").await,
           "parent_plan_id": plan_81(app).await, "symbol": "KH-BCĐ", "title": "Tổ chức Ngày hội trên địa bàn huyện Lục Yên"})
}

fn signature(number: i32) -> Value {
    json!({"number": number, "issued_on": "2023-04-10", "signatory_name": "Nguyễn Văn A", "signatory_title": "Trưởng Ban"})
}

/// Drafts, submits, and gives the answer to the submission.
async fn submitted(client: &Client, body: Value) -> Answer {
    let draft = client.post("/api/v1/plans", body).await;
    draft.expect(201);
    let submitted = client.post_empty_if(&format!("{}/submit", draft.location()), &draft).await;
    submitted.expect(200);
    submitted
}

fn path(plan: &Answer) -> String {
    format!("/api/v1/plans/{}", plan.id())
}

#[tokio::test]
async fn plan_81_reads_back_whole() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/plans/{}", plan_81(&app).await);
    for role in Role::ACCOUNTS {
        let client = app.sign_in(*role).await;
        let plan = client.get(&path).await;
        let body = plan.expect(200);
        assert_eq!((&body["number"], &body["symbol"], &body["document_number"]), (&json!(81), &json!("KH-BCĐ"), &json!("81/KH-BCĐ")));
        assert_eq!((&body["state"], &body["issued_on"], &body["issue_place"]), (&json!("issued"), &json!("2023-03-24"), &json!("Yên Bái")));
        assert_eq!(body["signatory_name"], "Ngô Hạnh Phúc");
        assert_eq!((&body["signatory_title"], &body["signatory_post"]), (&json!("Trưởng Ban"), &json!("Phó Chủ tịch UBND tỉnh")));
        let count = |list: &str| body[list].as_array().unwrap().len();
        assert_eq!((count("recipients"), count("legal_bases"), count("rules")), (13, 10, 22));
        let rules: Vec<_> = body["rules"].as_array().unwrap().iter().map(|rule| rule["rule_id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(rules, (1..=22).map(|no| format!("R{no}")).collect::<Vec<_>>());
        let recipients = client.get(&format!("{path}/recipients")).await;
        let printed = |list: &Value| {
            list.as_array()
                .unwrap()
                .iter()
                .map(|one| (one["no"].clone(), one["name"].clone(), one["org_unit_id"].clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(printed(&recipients.expect(200)["items"]), printed(&body["recipients"]));
        assert_eq!(client.get(&format!("{path}/rules")).await.expect(200)["items"], body["rules"]);
        client.get_if_none_match(&path, &plan).await.expect(304);
    }
    for path in [path.clone(), format!("{path}/children"), format!("{path}/recipients"), format!("{path}/rules"), format!("{path}/gaps")] {
        app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_plan_keeps_what_it_was_drafted_with_and_a_list_that_is_patched_is_replaced() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let mut body = body_of_lucyen(&app).await;
    body["recipients"] = json!([{"name": "Ban Chỉ đạo 138 tỉnh", "org_unit_id": province_unit(&app).await}, {"name": "Lưu: VT"}]);
    body["legal_bases"] = json!([{"citation": "81/KH-BCĐ", "issued_on": "2023-03-24", "subject": "Ngày hội\nnăm 2023"}]);
    body["rules"] = json!([{"rule_id": "R1", "clause": "II", "obligation": "must", "statement": "Trong tháng 8.",
                            "parameters": {"kind": "event_window", "from": "2023-08-01", "to": "2023-08-19"}}]);
    let plan = district.post("/api/v1/plans", body).await;
    assert_eq!(plan.expect(201)["state"], "draft");
    assert_eq!(plan.location(), path(&plan));
    let read = district.get(&path(&plan)).await;
    assert_eq!(read.expect(200), &plan.body);
    assert_eq!(read.body["recipients"][1], json!({"no": 2, "name": "Lưu: VT", "org_unit_id": null}));
    let patch = json!({"number": 12, "summary": "Tóm tắt", "recipients": [{"name": "Các xã"}], "rules": []});
    let changed = district.patch_if(&path(&plan), &plan, patch).await;
    assert_eq!(changed.expect(200)["document_number"], "12/KH-BCĐ");
    assert_eq!(changed.body["recipients"], json!([{"no": 1, "name": "Các xã", "org_unit_id": null}]));
    assert_eq!((&changed.body["rules"], &changed.body["legal_bases"]), (&json!([]), &plan.body["legal_bases"]));
    let cleared = district.patch_if(&path(&plan), &changed, json!({"number": null, "summary": null})).await;
    assert_eq!((&cleared.expect(200)["number"], &cleared.body["document_number"]), (&json!(null), &json!(null)));
    district.delete_if(&path(&plan), &cleared).await.expect(204);
    district.get(&path(&plan)).await.expect_problem(404, "not_found");
    assert_eq!(app.number("SELECT count(*) FROM plan_recipients").await, 13);
}

#[tokio::test]
async fn a_plan_is_submitted_returned_with_a_comment_resubmitted_issued_and_closed() {
    let app = TestApp::start().await;
    let (standing, province) = (app.sign_in(Role::StandingAgency).await, app.sign_in(Role::ProvincialAdministrator).await);
    let plan = submitted(&standing, body_of_lucyen(&app).await).await;
    let path = path(&plan);
    standing.patch_if(&path, &plan, json!({"title": "Khác"})).await.expect_problem(409, "invalid_transition");
    standing.post_if(&format!("{path}/return"), &plan, json!({"comment": "Không"})).await.expect_problem(403, "forbidden");
    standing.post_if(&format!("{path}/issue"), &plan, signature(7)).await.expect_problem(403, "forbidden");
    assert_eq!(province.post_if(&format!("{path}/return"), &plan, json!({})).await.fields(), ["/comment required"]);
    province.post(&format!("{path}/return"), json!({"comment": "Bổ sung"})).await.expect_problem(428, "precondition_required");
    let returned = province.post_if(&format!("{path}/return"), &plan, json!({"comment": "Bổ sung kinh phí"})).await;
    assert_eq!((&returned.expect(200)["state"], &returned.body["return_comment"]), (&json!("draft"), &json!("Bổ sung kinh phí")));
    province.post_if(&format!("{path}/issue"), &returned, signature(7)).await.expect_problem(409, "invalid_transition");
    let changed = standing.patch_if(&path, &returned, json!({"summary": "Có kinh phí"})).await;
    let again = standing.post_empty_if(&format!("{path}/submit"), &changed).await;
    assert_eq!(again.expect(200)["state"], "submitted");
    province.post_if(&format!("{path}/issue"), &plan, signature(7)).await.expect_problem(412, "precondition_failed");
    let issued = province.post_if(&format!("{path}/issue"), &again, signature(7)).await;
    assert_eq!((&issued.expect(200)["state"], &issued.body["document_number"]), (&json!("issued"), &json!("7/KH-BCĐ")));
    assert_eq!((&issued.body["return_comment"], &issued.body["signatory_title"]), (&json!(null), &json!("Trưởng Ban")));
    province.delete_if(&path, &issued).await.expect_problem(409, "invalid_transition");
    let closed = province.post_empty_if(&format!("{path}/close"), &issued).await;
    assert_eq!(closed.expect(200)["state"], "closed");
    let actions = app.sql("SELECT action FROM events WHERE resource = 'plan' ORDER BY seq").await;
    let actions: Vec<_> = actions.iter().map(|event| event["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["created", "submitted", "returned", "updated", "submitted", "issued", "closed"]);
}

#[tokio::test]
async fn what_is_missing_for_issue_is_named_and_the_date_is_not_after_today() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let plan = submitted(&district, body_of_lucyen(&app).await).await;
    let issue = format!("{}/issue", path(&plan));
    let missing = ["/issued_on required", "/number required", "/signatory_name required"];
    assert_eq!(district.post_empty_if(&issue, &plan).await.fields(), missing);
    assert_eq!(district.post_if(&issue, &plan, json!({})).await.fields(), missing);
    let mut tomorrow = signature(0);
    tomorrow["issued_on"] = json!("2023-07-11");
    assert_eq!(district.post_if(&issue, &plan, tomorrow.clone()).await.fields(), ["/number too_small"]);
    tomorrow["number"] = json!(3);
    assert_eq!(district.post_if(&issue, &plan, tomorrow.clone()).await.fields(), ["/issued_on in_future"]);
    district.raw("POST", &issue, "text/plain", "x").await.expect_problem(415, "unsupported_media_type");
    app.set_now("2023-07-11T00:00:00+07:00");
    district.post_if(&issue, &plan, tomorrow).await.expect(200);
}

#[tokio::test]
async fn what_the_draft_says_is_enough_to_issue_without_a_body() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let mut body = body_of_lucyen(&app).await;
    body.as_object_mut().unwrap().extend(signature(9).as_object().unwrap().clone());
    body["document_number"] = json!("09/KH-BCĐ");
    let plan = submitted(&district, body).await;
    let issued = district.post_empty_if(&format!("{}/issue", path(&plan)), &plan).await;
    assert_eq!((&issued.expect(200)["number"], &issued.body["document_number"]), (&json!(9), &json!("09/KH-BCĐ")));
}

#[tokio::test]
async fn of_twelve_that_issue_with_one_number_at_once_one_wins() {
    let app = TestApp::start_wide().await;
    let district = app.sign_in(Role::District).await;
    let body = body_of_lucyen(&app).await;
    let plans = join_all((0..12).map(|_| submitted(&district, body.clone()))).await;
    let issue = async |plan: &Answer| district.post_if(&format!("{}/issue", path(plan)), plan, signature(5)).await;
    let answers = join_all(plans.iter().map(issue)).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.expect_problem(409, "duplicate");
        assert_eq!(answer.fields(), ["/number duplicate"]);
    }
    // Another symbol, another year or another issuer has numbers of its own.
    let left = plans.iter().zip(&answers).find(|(_, answer)| answer.status != 200).unwrap().0;
    let mut last_year = signature(5);
    last_year["issued_on"] = json!("2022-12-31");
    district.post_if(&format!("{}/issue", path(left)), left, last_year).await.expect(200);
    assert_eq!(app.number("SELECT count(*) FROM plans WHERE state = 'issued' AND number = 5").await, 2);
}

#[tokio::test]
async fn of_twelve_that_issue_one_plan_with_one_version_one_wins() {
    let app = TestApp::start_wide().await;
    let district = app.sign_in(Role::District).await;
    let plan = submitted(&district, body_of_lucyen(&app).await).await;
    let issue = async |number: i32| district.post_if(&format!("{}/issue", path(&plan)), &plan, signature(number)).await;
    let answers = join_all((1..=12).map(issue)).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.code() == "precondition_failed"));
}

#[tokio::test]
async fn only_the_campaigns_own_body_writes_a_plan_without_a_parent() {
    let app = TestApp::start().await;
    let mut body = body_of_lucyen(&app).await;
    body["parent_plan_id"] = json!(null);
    for role in [Role::District, Role::ProvincialAdministrator] {
        let refused = app.sign_in(role).await.post("/api/v1/plans", body.clone()).await;
        refused.expect_problem(422, "validation_failed");
        assert_eq!(refused.fields(), ["/parent_plan_id required"]);
    }
    body["org_unit_id"] = json!(province_unit(&app).await);
    assert_eq!(app.sign_in(Role::District).await.post("/api/v1/plans", body.clone()).await.fields(), ["/org_unit_id unknown_reference"]);
    app.sign_in(Role::StandingAgency).await.post("/api/v1/plans", body).await.expect(201);
}

#[tokio::test]
async fn a_parent_is_an_issued_plan_of_the_campaign_that_the_caller_can_read() {
    let app = TestApp::start().await;
    let (district, province) = (app.sign_in(Role::District).await, app.sign_in(Role::ProvincialAdministrator).await);
    let mut body = body_of_lucyen(&app).await;
    let draft = district.post("/api/v1/plans", body.clone()).await;
    for parent in [draft.id(), "018b2f19-e79e-7d6a-a56d-29feb6211b04".to_owned()] {
        body["parent_plan_id"] = json!(parent);
        assert_eq!(district.post("/api/v1/plans", body.clone()).await.fields(), ["/parent_plan_id unknown_reference"]);
    }
    body["parent_plan_id"] = json!(plan_81(&app).await);
    let other = json!({"org_unit_id": province_unit(&app).await, "name": "Năm 2024", "year": 2024, "event_from": "2024-07-01", "event_to": "2024-08-19",
                       "report_due_before": "2024-08-20", "provincial_pilot_count": 2, "min_district_nominations": 1});
    let other = province.post("/api/v1/campaigns", other).await;
    body["campaign_id"] = json!(other.id());
    assert_eq!(
        district.post("/api/v1/plans", body.clone()).await.fields(),
        ["/campaign_id unknown_reference"],
        "a draft is not known below"
    );
    app.execute("UPDATE campaigns SET state = 'issued'").await;
    assert_eq!(district.post("/api/v1/plans", body.clone()).await.fields(), ["/parent_plan_id unknown_reference"]);
    body["campaign_id"] = json!("018b2f19-e79e-7d6a-a56d-29feb6211b04");
    assert_eq!(district.post("/api/v1/plans", body).await.fields(), ["/campaign_id unknown_reference"]);
}

#[tokio::test]
async fn bad_fields_are_named_all_at_once() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let good = body_of_lucyen(&app).await;
    let create = async |change: Value| {
        let mut body = good.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        district.post("/api/v1/plans", body).await
    };
    let nobody = "018b2f19-e79e-7d6a-a56d-29feb6211b04";
    let recipients = json!([{"name": "A"}, {"name": "B", "org_unit_id": nobody}, {"name": "C", "org_unit_id": nobody}]);
    let unknown = create(json!({"recipients": recipients})).await;
    assert_eq!(unknown.fields(), ["/recipients/1/org_unit_id unknown_reference", "/recipients/2/org_unit_id unknown_reference"]);
    let rule = json!({"rule_id": "R1", "clause": "I", "obligation": "may", "statement": "Có thể.", "parameters": {"kind": "principle", "text": "Có thể."}});
    assert_eq!(create(json!({"rules": [rule, rule]})).await.fields(), ["/rules/1/rule_id duplicate"]);
    assert_eq!(create(json!({"recipients": vec![json!({"name": "A"}); 201]})).await.fields(), ["/recipients too_many"]);
    let wrong = create(json!({"title": "", "number": 0, "rules": [{"rule_id": "R1", "clause": "I", "obligation": "maybe", "statement": "x", "parameters": {"kind": "principle", "text": "x"}, "y": 1}]})).await;
    assert_eq!(wrong.fields(), ["/number too_small", "/rules/0/obligation not_allowed", "/rules/0/y unknown_field", "/title too_short"]);
    assert_eq!(create(json!({"title": "a\u{0}b"})).await.status, 422);
    create(json!({"recipients": vec![json!({"name": "A"}); 200]})).await.expect(201);
    for role in
        [Role::CentralViewer, Role::MovementDivision, Role::OperationsCentre, Role::PortalClient, Role::Auditor, Role::CheckinOperator]
    {
        app.sign_in(role).await.post("/api/v1/plans", good.clone()).await.expect_problem(403, "forbidden");
    }
}

#[tokio::test]
async fn a_draft_is_seen_by_those_who_work_on_it_and_an_issued_plan_by_the_province() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let plan = submitted(&district, body_of_lucyen(&app).await).await;
    let path = path(&plan);
    let neighbour = app.district("Văn Yên").await;
    let commune = app.sign_in(Role::Commune).await;
    let mut readers = vec![neighbour.clone(), commune];
    for role in [Role::MovementDivision, Role::OperationsCentre, Role::PortalClient, Role::Auditor, Role::CentralViewer, Role::Department] {
        readers.push(app.sign_in(role).await);
    }
    let count = async |client: &Client| client.get("/api/v1/plans?with_total=true").await.expect(200)["total"].clone();
    for reader in &readers {
        for part in ["", "/children", "/recipients", "/rules", "/gaps"] {
            reader.get(&format!("{path}{part}")).await.expect_problem(404, "not_found");
        }
        assert_eq!(count(reader).await, 1);
    }
    for role in [Role::StandingAgency, Role::ProvincialAdministrator, Role::District] {
        let client = app.sign_in(role).await;
        client.get(&path).await.expect(200);
        assert_eq!(count(&client).await, 2);
    }
    for (step, body) in [("issue", signature(4)), ("return", json!({"comment": "Không"}))] {
        neighbour.post_if(&format!("{path}/{step}"), &plan, body).await.expect_problem(404, "not_found");
    }
    neighbour.post_empty_if(&format!("{path}/submit"), &plan).await.expect_problem(404, "not_found");
    neighbour.patch_if(&path, &plan, json!({})).await.expect_problem(404, "not_found");
    neighbour.delete_if(&path, &plan).await.expect_problem(404, "not_found");
    district.post_if(&format!("{path}/issue"), &plan, signature(4)).await.expect(200);
    for reader in &readers {
        reader.get(&path).await.expect(200);
        assert_eq!(count(reader).await, 2);
    }
    neighbour.post_empty_if(&format!("{path}/close"), "*").await.expect_problem(404, "not_found");
    // The province's plan binds the district, which cannot write it.
    district.post_empty_if(&format!("/api/v1/plans/{}/close", plan_81(&app).await), "*").await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_plan_of_another_province_does_not_exist_and_one_from_above_can_be_read() {
    let app = TestApp::start().await;
    let id = plan_81(&app).await;
    app.execute(
        "INSERT INTO org_units (id, parent_id, path, kind, level, name, valid_from, tokens, created_at, updated_at)
         SELECT gen_random_uuid(), id, path || '999999/', 'provincial_committee', 'province', 'Ban Chỉ đạo tỉnh khác', '2023-01-01', '{}', now(), now()
         FROM org_units WHERE kind = 'central_committee'",
    )
    .await;
    let other = app.account(Role::ProvincialAdministrator, &app.org_unit("tỉnh khác").await).await;
    for part in ["", "/children", "/recipients", "/rules", "/gaps"] {
        other.get(&format!("/api/v1/plans/{id}{part}")).await.expect_problem(404, "not_found");
    }
    let central = app.text("SELECT id FROM org_units WHERE kind = 'central_committee'").await;
    app.execute(&format!("UPDATE plans SET org_unit_id = '{central}'")).await;
    other.get(&format!("/api/v1/plans/{id}")).await.expect(200);
    app.execute("UPDATE plans SET state = 'submitted'").await;
    other.get(&format!("/api/v1/plans/{id}")).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn plans_are_found_by_their_facts_and_by_their_parent() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let plan = submitted(&district, body_of_lucyen(&app).await).await;
    district.post_if(&format!("{}/issue", path(&plan)), &plan, signature(4)).await.expect(200);
    let top = plan_81(&app).await;
    let numbers = async |path: &str| {
        let list = district.get(&format!("/api/v1/{path}")).await;
        list.items().iter().map(|one| one["number"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(numbers("plans?sort=-issued_on").await, [4, 81]);
    assert_eq!(numbers("plans?sort=issued_on&limit=200&state=issued").await, [81, 4]);
    assert_eq!(numbers(&format!("plans?parent_plan_id={top}")).await, [4]);
    assert_eq!(numbers(&format!("plans/{top}/children")).await, [4]);
    assert_eq!(numbers(&format!("plans/{top}/children?state=closed")).await, Vec::<i64>::new());
    assert_eq!(numbers("plans?issued_from=2023-03-24&issued_before=2023-04-10").await, [81]);
    assert_eq!(numbers("plans?issued_from=2023-04-10").await, [4]);
    assert_eq!(numbers("plans?q=luc+YEN").await, [4]);
    assert_eq!(numbers("plans?q=81/kh-bcd").await, [81]);
    assert_eq!(numbers(&format!("plans?org_unit_id={}&campaign_id={}", province_unit(&app).await, app.campaign_id().await)).await, [81]);
    let short = district.get("/api/v1/plans?fields=id,number&q=81").await;
    assert_eq!(short.items()[0].as_object().unwrap().len(), 2);
    district.get("/api/v1/plans?fields=recipients").await.expect_problem(400, "invalid_parameter");
    district.get("/api/v1/plans?state=nothing").await.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn issuing_the_campaigns_plan_issues_the_campaign_and_freezes_who_owes_a_report() {
    let app = TestApp::start().await;
    app.set_now("2024-03-24T08:00:00+07:00");
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let unit = province_unit(&app).await;
    let campaign = json!({"org_unit_id": unit, "name": "Năm 2024", "year": 2024, "event_from": "2024-07-01", "event_to": "2024-08-19",
                          "report_due_before": "2024-08-20", "provincial_pilot_count": 2, "min_district_nominations": 1});
    let campaign = province.post("/api/v1/campaigns", campaign).await;
    let rules = json!([{"rule_id": "Q2", "clause": "III.9", "obligation": "must", "statement": "Trước 20/8.",
                        "parameters": {"kind": "report_limit", "on": "2024-08-20", "inclusive": false}}]);
    let body = json!({"campaign_id": campaign.id(), "org_unit_id": unit, "symbol": "KH-BCĐ", "title": "Kế hoạch năm 2024", "rules": rules});
    let plan = submitted(&province, body).await;
    // One of them has an obligation already: it is kept.
    let district = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    app.execute(&format!(
        "INSERT INTO report_obligations (campaign_id, id, org_unit_id, to_org_unit_id, due_before, created_at, updated_at)
         VALUES ('{}', gen_random_uuid(), '{district}', '{unit}', '2024-08-01T00:00Z', now(), now())",
        campaign.id()
    ))
    .await;
    let mut signed = signature(81);
    signed["issued_on"] = json!("2024-03-24");
    province.post_if(&format!("{}/issue", path(&plan)), &plan, signed.clone()).await.expect(200);
    let campaign = province.get(&format!("/api/v1/campaigns/{}", campaign.id())).await;
    assert_eq!((&campaign.expect(200)["state"], &campaign.body["version"]), (&json!("issued"), &json!(2)));
    let of_2024 = format!("FROM report_obligations WHERE campaign_id = '{}'", campaign.id());
    let of_2023 = format!("SELECT org_unit_id FROM report_obligations WHERE campaign_id = '{}' ORDER BY 1", app.campaign_id().await);
    assert_eq!(app.sql(&format!("SELECT org_unit_id {of_2024} ORDER BY 1")).await, app.sql(&of_2023).await);
    let frozen = "due_before = '2024-08-20T00:00+07:00' AND rule_id = 'Q2' AND clause = 'III.9'
                  AND via_org_unit_id = (SELECT id FROM org_units WHERE kind = 'movement_division')";
    assert_eq!(app.number(&format!("SELECT count(*) {of_2024} AND {frozen}")).await, 34);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'report_obligation' AND action = 'created'").await, 34);
    // The next edition adds nobody.
    let next = province.post_if(&format!("{}/amend", path(&plan)), "*", json!({"note": "Bổ sung"})).await;
    let second = province.post_empty_if(&format!("{}/submit", path(&next)), &next).await;
    signed["number"] = json!(82);
    province.post_if(&format!("{}/issue", path(&second)), &second, signed).await.expect(200);
    assert_eq!(app.number(&format!("SELECT count(*) {of_2024}")).await, 35);
}

#[tokio::test]
async fn who_has_not_issued_a_plan_of_its_own_is_a_figure() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let gaps = format!("/api/v1/plans/{}/gaps", plan_81(&app).await);
    let before = district.get(&gaps).await;
    assert_eq!((&before.expect(200)["expected_count"], &before.body["issued_count"]), (&json!(35), &json!(0)));
    assert_eq!((&before.body["rule_id"], &before.body["clause"]), (&json!("R12"), &json!("III.3")));
    let plan = submitted(&district, body_of_lucyen(&app).await).await;
    assert_eq!(district.get(&gaps).await.expect(200)["issued_count"], 0);
    let issued = district.post_if(&format!("{}/issue", path(&plan)), &plan, signature(4)).await;
    let after = district.get(&gaps).await;
    assert_eq!(after.expect(200)["issued_count"], 1);
    let missing = after.body["missing"].as_array().unwrap();
    assert_eq!(missing.len(), 34);
    assert!(missing.iter().all(|body| body["org_unit_id"] != issued.body["org_unit_id"]));
    // Nobody below the district owes one.
    let own = district.get(&format!("{}/gaps", path(&plan))).await;
    assert_eq!(own.expect(200)["expected_count"], 0);
}

#[tokio::test]
async fn a_closed_campaign_takes_no_plan() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let draft = district.post("/api/v1/plans", body_of_lucyen(&app).await).await;
    app.execute("UPDATE campaigns SET state = 'closed'").await;
    district.post("/api/v1/plans", body_of_lucyen(&app).await).await.expect_problem(409, "invalid_transition");
    district.patch_if(&path(&draft), &draft, json!({"title": "Khác"})).await.expect_problem(409, "invalid_transition");
    district.post_empty_if(&format!("{}/submit", path(&draft)), &draft).await.expect_problem(409, "invalid_transition");
}

/// Numbers that look drawn, the same each time.
fn draws(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed), |last| Some(last.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)))
        .map(|number| number >> 33)
}

#[tokio::test]
async fn whatever_is_tried_no_plan_is_issued_without_number_date_and_signatory() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let body = body_of_lucyen(&app).await;
    let mut issued = 0;
    for seed in 0..12 {
        let plan = district.post("/api/v1/plans", body.clone()).await;
        for draw in draws(seed * 7919 + 1).skip(2).take(25) {
            let path = path(&plan);
            let part = match (draw / 8) % 6 {
                0 => json!({"number": 1 + seed}),
                1 => json!({"issued_on": "2023-04-10"}),
                2 => json!({"signatory_name": "Nguyễn Văn A"}),
                3 => json!({"signatory_title": "Trưởng Ban"}),
                4 => json!({"number": 1 + seed, "issued_on": "2023-04-10", "signatory_name": "Nguyễn Văn A"}),
                _ => json!({"issued_on": "2030-01-01"}),
            };
            let answer = match draw % 8 {
                0 | 1 => district.patch_if(&path, "*", part).await,
                2 => district.patch_if(&path, "*", json!({"number": null, "issued_on": null, "signatory_name": null})).await,
                3 => district.post_empty_if(&format!("{path}/submit"), "*").await,
                4 => district.post_if(&format!("{path}/return"), "*", json!({"comment": "Sửa"})).await,
                5 | 6 => district.post_if(&format!("{path}/issue"), "*", part).await,
                _ => district.post_empty_if(&format!("{path}/close"), "*").await,
            };
            assert!([200, 409, 422].contains(&answer.status), "{answer:?}");
            let now = district.get(&path).await;
            let is_in_force = ["issued", "closed"].contains(&now.expect(200)["state"].as_str().unwrap());
            let lacks =
                ["number", "issued_on", "signatory_name", "document_number", "issued_at"].iter().any(|name| now.body[*name].is_null());
            assert!(!(is_in_force && lacks), "{}", now.text);
            issued += i32::from(is_in_force);
        }
    }
    assert!(issued > 0, "no sequence came as far as an issued plan: the test tries nothing");
}

#[tokio::test]
async fn a_plan_is_sent_to_central_bodies_and_to_those_of_the_province_but_not_to_another_province() {
    let app = TestApp::start().await;
    let client = app.sign_in(Role::ProvincialAdministrator).await;
    let ministry = app.org_unit("Bộ Công an").await;
    client.get(&format!("/api/v1/org-units/{ministry}")).await.expect(200);
    let mut body = body_of_lucyen(&app).await;
    body["recipients"] =
        json!([{"name": "Bộ Công an", "org_unit_id": ministry}, {"name": "UBND huyện Lục Yên", "org_unit_id": body["org_unit_id"]}]);
    let made = client.post("/api/v1/plans", body.clone()).await;
    assert_eq!(made.expect(201)["recipients"][0]["org_unit_id"], json!(ministry));
    app.execute(
        "INSERT INTO org_units (id, parent_id, path, kind, level, name, valid_from, tokens, created_at, updated_at) \
         SELECT gen_random_uuid(), id, path || '999999/', 'provincial_committee', 'province', 'BCĐ 138 tỉnh khác', '2023-01-01', '{}', now(), now() \
         FROM org_units WHERE parent_id IS NULL",
    )
    .await;
    let stranger = app.org_unit("BCĐ 138 tỉnh khác").await;
    body["recipients"][1]["org_unit_id"] = json!(stranger);
    let refused = client.post("/api/v1/plans", body).await;
    assert_eq!((refused.status, refused.fields()), (422, vec!["/recipients/1/org_unit_id unknown_reference".to_owned()]));
}
