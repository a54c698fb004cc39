//! Editions of a plan: amending what is issued, comparing, and what was judged under an edition that was superseded.

use super::ledgers::row;
use super::support::fixtures::District;
use super::support::*;
use futures_util::future::join_all;

async fn plan_81(app: &TestApp) -> String {
    app.text("SELECT id FROM plans WHERE number = 81").await
}

fn plan(id: &str) -> String {
    format!("/api/v1/plans/{id}")
}

/// Amends plan 81 and gives the draft of the next edition.
async fn amended(app: &TestApp, client: &Client) -> Answer {
    let top = client.get(&plan(&plan_81(app).await)).await;
    let next = client.post_if(&format!("{}/amend", plan(&top.id())), &top, json!({"note": "Mưa lũ kéo dài"})).await;
    next.expect(201);
    next
}

/// Submits a draft and issues it under a number.
async fn issued(client: &Client, draft: &Answer, number: i32) -> Answer {
    let path = plan(&draft.id());
    let submitted = client.post_empty_if(&format!("{path}/submit"), draft).await;
    submitted.expect(200);
    let signature = json!({"number": number, "issued_on": "2023-07-05", "signatory_name": "Ngô Hạnh Phúc"});
    client.post_if(&format!("{path}/issue"), &submitted, signature).await
}

/// The rules of a plan as they are written, with other parameters for one kind.
fn rules_with(plan: &Value, kind: &str, parameters: &Value) -> Value {
    let rule = |rule: &Value| {
        let parameters = if rule["kind"] == kind { parameters } else { &rule["parameters"] };
        json!({"rule_id": rule["rule_id"], "clause": rule["clause"], "obligation": rule["obligation"],
               "statement": rule["statement"], "also_in": rule["also_in"], "parameters": parameters})
    };
    plan["rules"].as_array().unwrap().iter().map(rule).collect()
}

#[tokio::test]
async fn a_plan_is_found_by_its_short_names_and_each_edition_has_its_own() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let first = province.get(&plan(&plan_81(&app).await)).await;
    assert_eq!(first.expect(200)["archive_marks"], json!(["VT", "NC"]));
    assert_eq!(province.get("/api/v1/plans?q=XDPT").await.items().len(), 1);
    let draft = amended(&app, &province).await;
    assert_eq!(draft.body["aliases"], first.body["aliases"]);
    let twice = json!({"aliases": [{"short": "PT"}, {"short": "PT", "long": "phong trào"}]});
    assert_eq!(province.patch_if(&plan(&draft.id()), &draft, twice).await.fields(), ["/aliases/1/short duplicate"]);
    let other = json!({"aliases": [{"short": "PTANTQ", "long": "phong trào toàn dân", "clause": "preamble"}], "archive_marks": ["VT"]});
    let changed = province.patch_if(&plan(&draft.id()), &draft, other).await;
    assert_eq!(changed.expect(200)["aliases"][0]["short"], "PTANTQ");
    assert_eq!(province.get("/api/v1/plans?q=ptantq").await.items()[0]["id"], draft.body["id"]);
    let comparison = province.get(&format!("{}/comparison", plan(&draft.id()))).await;
    assert_eq!(comparison.expect(200)["aliases"]["added"], json!(["PTANTQ: phong trào toàn dân"]));
    assert_eq!(comparison.body["aliases"]["removed"].as_array().unwrap().len(), 4);
    let heads = comparison.body["fields"].as_array().unwrap();
    assert!(heads.iter().any(|field| field["field"] == "archive_marks" && field["before"] == "VT, NC" && field["after"] == "VT"));
}

#[tokio::test]
async fn a_limit_of_cost_turns_red_when_more_is_spent_and_names_the_money() {
    let app = TestApp::start().await;
    app.set_now("2023-07-05T08:00:00+07:00");
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let draft = amended(&app, &province).await;
    let limit = |id: &str, amount: i64, per: &str| {
        json!({"rule_id": id, "clause": "II.4", "obligation": "must", "statement": "Mức chi tối đa.",
               "parameters": {"kind": "cost_limit", "amount_vnd": amount, "per": per}})
    };
    let mut rules = rules_with(&draft.body, "none", &json!(null));
    rules.as_array_mut().unwrap().extend([
        limit("C1", 100_000_000, "campaign"),
        limit("C2", 5_000_000, "site"),
        limit("C3", 50_000, "attendance"),
    ]);
    let changed = province.patch_if(&plan(&draft.id()), &draft, json!({"rules": rules})).await;
    changed.expect(200);
    issued(&province, &changed, 96).await.expect(200);
    let lights = async |client: &Client, path: &str| -> Vec<String> {
        let read = client.get(path).await;
        let of = |id: &str| read.body["rules"].as_array().unwrap().iter().find(|rule| rule["rule_id"] == id).unwrap()["state"].to_string();
        read.expect(200);
        ["C1", "C2", "C3"].map(of).to_vec()
    };
    let whole = format!("/api/v1/campaigns/{}/compliance", app.campaign_id().await);
    assert_eq!(lights(&province, &whole).await, ["\"open\"", "\"open\"", "\"open\""]);
    let district = app.district("Lục Yên").await;
    let line = district.post("/api/v1/budget-lines", row(&app, "budget-lines", json!({"planned_vnd": 120_000_000})).await).await;
    let spend = async |line: &Answer, amount: i64| {
        let money = json!({"spent_on": "2023-07-04", "amount_vnd": amount, "note": "Thuê âm thanh"});
        let spent = district.post_if(&format!("{}/spend", line.location()), "*", money).await;
        spent.expect(200);
    };
    spend(&line, 90_000_000).await;
    // More is planned than may be spent; nothing is held yet by which the rest could be divided.
    assert_eq!(lights(&province, &whole).await, ["\"at_risk\"", "\"open\"", "\"open\""]);
    spend(&line, 10_000_001).await;
    assert_eq!(lights(&province, &whole).await[0], "\"violated\"");
    let read = province.get(&whole).await;
    let rule = read.body["rules"].as_array().unwrap().iter().find(|rule| rule["rule_id"] == "C1").unwrap();
    let spent = rule["facts"].as_array().unwrap().iter().find(|fact| fact["name"] == "spent_vnd").unwrap();
    assert_eq!((&spent["value"], &spent["expected"], &rule["clause"]), (&json!(100_000_001), &json!(100_000_000), &json!("II.4")));
    // The limit of the whole campaign is not that of one district.
    let body = app.org_unit("Lục Yên").await;
    let own = format!("/api/v1/org-units/{body}/compliance?campaign_id={}", app.campaign_id().await);
    assert_eq!(lights(&district, &own).await[0], "\"not_applicable\"");
}

#[tokio::test]
async fn the_next_edition_says_what_the_last_one_did_and_takes_its_place_when_it_is_issued() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let first = province.get(&plan(&plan_81(&app).await)).await;
    let draft = amended(&app, &province).await;
    assert_eq!((&draft.body["edition"], &draft.body["state"], &draft.body["number"]), (&json!(2), &json!("draft"), &json!(null)));
    assert_eq!((&draft.body["amends_plan_id"], &draft.body["first_edition_id"]), (&first.body["id"], &first.body["id"]));
    for same in ["title", "recipients", "legal_bases", "rules", "signatory_name", "symbol"] {
        assert_eq!(draft.body[same], first.body[same], "{same}");
    }
    // It is still the first that binds.
    assert_eq!(province.get(&plan(&first.id())).await.expect(200)["state"], "issued");
    let window = json!({"kind": "event_window", "from": "2023-07-01", "to": "2023-08-15"});
    let changed = province.patch_if(&plan(&draft.id()), &draft, json!({"rules": rules_with(&draft.body, "event_window", &window)})).await;
    changed.expect(200);
    let second = issued(&province, &changed, 95).await;
    assert_eq!((&second.expect(200)["state"], &second.body["document_number"]), (&json!("issued"), &json!("95/KH-BCĐ")));
    let old = province.get(&plan(&first.id())).await;
    assert_eq!((&old.expect(200)["state"], old.body["superseded_at"].is_string()), (&json!("superseded"), true));
    assert_eq!(old.body["rules"], first.body["rules"]);
    assert_eq!(app.text("SELECT event_to::text FROM campaigns").await, "2023-08-15");
    let registered = async |number: u32| province.get(&format!("/api/v1/documents?citation={number}/KH-BC%C4%90")).await.items()[0].clone();
    let (before, after) = (registered(81).await, registered(95).await);
    assert_eq!((&before["state"], &before["replaced_by"]), (&json!("replaced"), &after["id"]));
    // The old one can still be read by those it bound, and nothing can be done with it any more.
    app.sign_in(Role::Commune).await.get(&plan(&first.id())).await.expect(200);
    province.post_if(&format!("{}/amend", plan(&first.id())), &old, json!({"note": "x"})).await.expect_problem(409, "invalid_transition");
    province.post_empty_if(&format!("{}/close", plan(&first.id())), &old).await.expect_problem(409, "invalid_transition");
    let editions = province.get(&format!("{}/editions?sort=issued_on", plan(&second.id()))).await;
    assert_eq!(editions.items().iter().map(|one| one["edition"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2]);
    let actions = app.sql("SELECT action FROM events WHERE resource = 'plan' ORDER BY seq").await;
    let actions: Vec<_> = actions.iter().map(|event| event["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["created", "updated", "submitted", "superseded", "issued"]);
}

#[tokio::test]
async fn of_twelve_who_amend_one_plan_one_does() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let path = format!("{}/amend", plan(&plan_81(&app).await));
    let answers = join_all((0..12).map(|no| province.post_if(&path, "*", json!({"note": format!("lần {no}")})))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.expect_problem(409, "invalid_transition");
    }
    assert_eq!(app.number("SELECT count(*) FROM plans").await, 2);
}

#[tokio::test]
async fn amending_needs_an_issued_plan_within_reach_a_reason_and_the_version() {
    let app = TestApp::start().await;
    let (province, district) = (app.sign_in(Role::ProvincialAdministrator).await, app.sign_in(Role::District).await);
    let path = format!("{}/amend", plan(&plan_81(&app).await));
    province.post(&path, json!({"note": "x"})).await.expect_problem(428, "precondition_required");
    province.post_if(&path, "\"99\"", json!({"note": "x"})).await.expect_problem(412, "precondition_failed");
    assert_eq!(province.post_if(&path, "*", json!({})).await.fields(), ["/note required"]);
    district.post_if(&path, "*", json!({"note": "x"})).await.expect_problem(404, "not_found");
    app.sign_in(Role::Auditor).await.post_if(&path, "*", json!({"note": "x"})).await.expect_problem(403, "forbidden");
    app.anonymous().post_if(&path, "*", json!({"note": "x"})).await.expect_problem(401, "unauthenticated");
    let draft = amended(&app, &province).await;
    let again = format!("{}/amend", plan(&draft.id()));
    province.post_if(&again, &draft, json!({"note": "x"})).await.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn a_draft_that_was_thrown_away_leaves_the_plan_to_be_amended_again() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let draft = amended(&app, &province).await;
    province.delete_if(&plan(&draft.id()), &draft).await.expect(204);
    assert_eq!(amended(&app, &province).await.body["edition"], 2);
}

#[tokio::test]
async fn an_amendment_that_contradicts_what_is_recorded_is_not_issued_and_changes_nothing() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let district = District::of(&app, "Lục Yên").await;
    district.scheduled(&app, "Bản Mường Lai").await;
    let draft = amended(&app, &province).await;
    let window = json!({"kind": "event_window", "from": "2023-07-01", "to": "2023-07-02"});
    let changed = province.patch_if(&plan(&draft.id()), &draft, json!({"rules": rules_with(&draft.body, "event_window", &window)})).await;
    let refused = issued(&province, &changed, 95).await;
    assert_eq!((refused.status, refused.fields()), (422, vec!["/event_to contradicts_recorded".to_owned()]));
    assert_eq!(app.text("SELECT string_agg(state, ' ' ORDER BY edition) FROM plans").await, "issued submitted");
    assert_eq!(app.text("SELECT event_to::text FROM campaigns").await, "2023-08-19");
}

#[tokio::test]
async fn plans_under_an_older_edition_stand_under_the_new_one_too() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let body = |parent: &str| json!({"org_unit_id": unit, "parent_plan_id": parent, "symbol": "KH-BCĐ", "title": "Kế hoạch huyện"});
    let with_campaign = async |parent: &str| {
        let mut body = body(parent);
        body["campaign_id"] = json!(app.campaign_id().await);
        body
    };
    let old = plan_81(&app).await;
    let child = province.post("/api/v1/plans", with_campaign(&old).await).await;
    issued(&province, &child, 7).await.expect(200);
    let draft = amended(&app, &province).await;
    let second = issued(&province, &draft, 95).await;
    second.expect(200);
    for parent in [&old, &second.id()] {
        let children = province.get(&format!("{}/children", plan(parent))).await;
        assert_eq!(children.items().len(), 1, "{parent}");
        assert_eq!(province.get(&format!("{}/gaps", plan(parent))).await.expect(200)["issued_count"], 1);
    }
    // A new plan carries out the edition in force.
    let refused = province.post("/api/v1/plans", with_campaign(&old).await).await;
    assert_eq!(refused.fields(), ["/parent_plan_id unknown_reference"]);
    province.post("/api/v1/plans", with_campaign(&second.id()).await).await.expect(201);
}

#[tokio::test]
async fn two_editions_are_compared_clause_by_clause_and_rule_by_rule() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let clause = |reference: &str, body: &str| json!({"reference": reference, "kind": "numbered", "body": body});
    let draft = amended(&app, &province).await;
    let text = json!([clause("I", "Mục đích"), clause("II", "Từ ngày 01/7/2023 đến ngày 19/8/2023."), clause("III", "Tổ chức thực hiện")]);
    let draft = province.patch_if(&plan(&draft.id()), &draft, json!({"clauses": text})).await;
    let second = issued(&province, &draft, 95).await;
    let third = province.post_if(&format!("{}/amend", plan(&second.id())), &second, json!({"note": "Rút ngắn"})).await;
    let window = json!({"kind": "event_window", "from": "2023-07-01", "to": "2023-08-15"});
    let change = json!({
        "clauses": [clause("I", "Mục đích"), clause("I.a", "Yêu cầu"), clause("II", "Từ ngày 01/7/2023 đến ngày 15/8/2023.")],
        "rules": rules_with(&third.body, "event_window", &window),
        "recipients": [{"name": "Bộ Công an"}],
        "signatory_name": "Nguyễn Văn A",
    });
    let third = province.patch_if(&plan(&third.id()), &third, change).await;
    third.expect(200);
    let comparison = province.get(&format!("{}/comparison", plan(&third.id()))).await;
    let body = comparison.expect(200);
    assert_eq!((&body["before"]["document_number"], &body["after"]["edition"]), (&json!("95/KH-BCĐ"), &json!(3)));
    assert_eq!(body["clause_counts"], json!({"unchanged": 1, "added": 1, "removed": 1, "changed": 1, "renumbered": 0}));
    let changed = body["clauses"].as_array().unwrap().iter().find(|clause| clause["change"] == "changed").unwrap();
    let words = |kind: &str| -> Vec<&str> {
        let stretches = changed["stretches"].as_array().unwrap().iter().filter(|part| part["kind"] == kind);
        stretches.map(|part| part["text"].as_str().unwrap().trim()).collect()
    };
    assert_eq!((words("removed"), words("added")), (vec!["19/8/2023."], vec!["15/8/2023."]));
    let rules = body["rules"].as_array().unwrap();
    assert_eq!((rules.len(), &rules[0]["change"], &rules[0]["rule_id"]), (1, &json!("changed"), &json!("R1")));
    assert_eq!(
        (&rules[0]["before"]["parameters"]["to"], &rules[0]["after"]["parameters"]["to"]),
        (&json!("2023-08-19"), &json!("2023-08-15"))
    );
    assert_eq!(body["recipients"]["removed"].as_array().unwrap().len(), 12);
    let fields: Vec<_> = body["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["document_number", "issued_on", "signatory_name"]);
    // A first edition needs to be told with what, and drafts are compared by those who can read them only.
    let first = plan(&plan_81(&app).await);
    assert_eq!(province.get(&format!("{first}/comparison")).await.fields(), ["?with required"]);
    province.get(&format!("{first}/comparison?with={}", third.id())).await.expect(200);
    let commune = app.sign_in(Role::Commune).await;
    assert_eq!(commune.get(&format!("{first}/comparison?with={}", third.id())).await.fields(), ["?with unknown_reference"]);
    commune.get(&format!("{}/comparison", plan(&third.id()))).await.expect_problem(404, "not_found");
    commune.get(&format!("{}/comparison", plan(&second.id()))).await.expect(200);
}

#[tokio::test]
async fn what_was_judged_under_an_old_edition_can_be_judged_by_it_again() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let first = plan_81(&app).await;
    let draft = amended(&app, &province).await;
    let limit = json!({"kind": "report_limit", "on": "2023-08-25", "inclusive": true, "receiver": null, "through": null});
    let changed = province.patch_if(&plan(&draft.id()), &draft, json!({"rules": rules_with(&draft.body, "report_limit", &limit)})).await;
    let second = issued(&province, &changed, 95).await;
    second.expect(200);
    let campaign = app.campaign_id().await;
    let rule = async |query: &str| {
        let lights = province.get(&format!("/api/v1/campaigns/{campaign}/compliance{query}")).await;
        let body = lights.expect(200);
        let rule = body["rules"].as_array().unwrap().iter().find(|rule| rule["kind"] == "event_window").unwrap().clone();
        let limit = body["rules"].as_array().unwrap().iter().find(|rule| rule["kind"] == "report_limit").unwrap().clone();
        (body["plan_id"].clone(), rule["parameters"]["to"].clone(), limit["parameters"]["on"].clone())
    };
    assert_eq!(rule("").await, (json!(second.id()), json!("2023-08-19"), json!("2023-08-25")));
    assert_eq!(rule(&format!("?plan_id={first}")).await, (json!(first), json!("2023-08-19"), json!("2023-08-20")));
    let unknown = province.get(&format!("/api/v1/campaigns/{campaign}/compliance?plan_id={campaign}")).await;
    assert_eq!(unknown.fields(), ["?plan_id unknown_reference"]);
    // The obligations moved with the limit, and still name the edition that laid them down.
    assert_eq!(app.text("SELECT DISTINCT due_before::text FROM report_obligations").await.get(..10), Some("2023-08-25"));
    assert_eq!(app.text("SELECT DISTINCT plan_id::text FROM report_obligations").await, first);
}

#[tokio::test]
async fn a_campaign_has_one_plan_of_its_own() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": app.org_unit_of_kind("provincial_committee", "Yên Bái").await,
                      "symbol": "KH-BCĐ", "title": "Kế hoạch khác"});
    let draft = province.post("/api/v1/plans", body).await;
    draft.expect(201);
    issued(&province, &draft, 96).await.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn the_register_tells_which_numbers_were_given_and_which_is_next() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let unit = app.org_unit_of_kind("provincial_committee", "Yên Bái").await;
    let register = format!("/api/v1/plan-numbers?org_unit_id={unit}&symbol=KH-BC%C4%90&year=2023");
    let before = province.get(&register).await;
    assert_eq!((&before.expect(200)["next_number"], before.body["numbers"].as_array().unwrap().len()), (&json!(82), 1));
    let draft = amended(&app, &province).await;
    assert_eq!(province.get(&register).await.expect(200)["next_number"], 82);
    issued(&province, &draft, 95).await.expect(200);
    let after = province.get(&register).await;
    assert_eq!(after.expect(200)["next_number"], 96);
    let numbers: Vec<_> =
        after.body["numbers"].as_array().unwrap().iter().map(|one| (one["number"].clone(), one["state"].clone())).collect();
    assert_eq!(numbers, [(json!(81), json!("superseded")), (json!(95), json!("issued"))]);
    assert_eq!(province.get(&register.replace("2023", "2022")).await.expect(200)["next_number"], 1);
    assert_eq!(province.get("/api/v1/plan-numbers").await.fields(), ["?org_unit_id required", "?symbol required", "?year required"]);
    assert_eq!(province.get(&register.replace(&unit, &app.campaign_id().await)).await.fields(), ["?org_unit_id unknown_reference"]);
}

#[tokio::test]
async fn duties_go_on_under_the_next_edition_and_are_not_charged_twice() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let first = plan_81(&app).await;
    province.post_empty(&format!("{}/duties/derive", plan(&first))).await.expect(200);
    let charged = app.number("SELECT count(*) FROM duties").await;
    assert!(charged > 0);
    let draft = amended(&app, &province).await;
    let second = issued(&province, &draft, 95).await;
    let again = province.post_empty(&format!("{}/duties/derive", plan(&second.id()))).await;
    assert_eq!((&again.expect(200)["created_count"], &again.body["existing_count"]), (&json!(0), &json!(charged)));
    let of_second = province.get(&format!("/api/v1/duties?plan_id={}&with_total=true", second.id())).await;
    assert_eq!(of_second.expect(200)["total"], charged);
}
