//! The registry of documents: what plans cite, under every number, with what contradicts itself.

use super::support::*;

const DOCUMENTS: &str = "/api/v1/documents";

async fn plan_81(app: &TestApp) -> String {
    app.text("SELECT id FROM plans WHERE number = 81").await
}

async fn district_unit(app: &TestApp) -> String {
    app.org_unit_of_kind("district_committee", "Lục Yên").await
}

/// The one document that is cited so.
async fn cited(client: &Client, printed: &str) -> Value {
    let found = client.get(&format!("{DOCUMENTS}?citation={}", printed.replace(' ', "%20"))).await;
    assert_eq!(found.items().len(), 1, "{printed}: {}", found.text);
    found.items()[0].clone()
}

fn codes(document: &Value) -> Vec<&str> {
    document["conflicts"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

async fn document_in(app: &TestApp, number: &str, more: Value) -> Value {
    let mut body = json!({"org_unit_id": district_unit(app).await, "kind": "decision", "document_number": number});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn the_demo_has_plan_81_and_the_ten_documents_that_it_cites() {
    let app = TestApp::start().await;
    for role in Role::ACCOUNTS {
        let client = app.sign_in(*role).await;
        let all = client.get(&format!("{DOCUMENTS}?with_total=true")).await;
        assert_eq!(all.expect(200)["total"], 11, "{role}");
    }
    let client = app.sign_in(Role::Commune).await;
    let plan = cited(&client, "81/KH-BCĐ").await;
    assert_eq!((&plan["plan_id"], &plan["kind"], &plan["year"]), (&json!(plan_81(&app).await), &json!("plan"), &json!(2023)));
    let path = format!("{DOCUMENTS}/{}", plan["id"].as_str().unwrap());
    let cites = client.get(&format!("{path}/citations?sort=no")).await;
    assert_eq!(cites.items().len(), 10);
    assert!(cites.items().iter().all(|one| one["link"] == "linked" && one["document_number"] == "81/KH-BCĐ"));
    let law = cited(&client, "Quyết định số 521 /QĐ-TTg").await;
    let cited_by = client.get(&format!("{DOCUMENTS}/{}/citations?direction=cited_by", law["id"].as_str().unwrap())).await;
    assert_eq!((cited_by.items().len(), &cited_by.items()[0]["document_id"]), (1, &plan["id"]));
    let bases = client.get(&format!("/api/v1/plans/{}", plan_81(&app).await)).await;
    assert_eq!(bases.body["legal_bases"][0]["document_id"], law["id"]);
    client.get_if_none_match(&path, &client.get(&path).await).await.expect(304);
    app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn both_conflicts_of_the_source_are_flagged_and_no_other() {
    let app = TestApp::start().await;
    let client = app.sign_in(Role::District).await;
    let guidance = cited(&client, "21/HD-BCĐ").await;
    assert_eq!((&guidance["aliases"], codes(&guidance)), (&json!(["21/HD-BCA-V05"]), vec!["one_document_two_symbols"]));
    assert_eq!(cited(&client, "21/HD-BCA-V05").await["id"], guidance["id"]);
    let conclusion = cited(&client, "44-KH/TW").await;
    assert_eq!((&conclusion["kind"], codes(&conclusion)), (&json!("conclusion"), vec!["symbol_contradicts_kind"]));
    let with = client.get(&format!("{DOCUMENTS}?has_conflict=true&with_total=true")).await;
    assert_eq!(with.expect(200)["total"], 2);
    let without = client.get(&format!("{DOCUMENTS}?has_conflict=false")).await;
    assert!(without.items().len() == 9 && without.items().iter().all(|one| codes(one).is_empty()));
    for other in ["81-KH/BC\u{110}", "81/KH-BCD", "082/KH-BC\u{110}", "81/2023/KH-BC\u{110}"] {
        assert!(client.get(&format!("{DOCUMENTS}?citation={other}")).await.items().is_empty(), "{other}");
    }
    assert_eq!(cited(&client, "081 / KH-BCĐ").await["document_number"], "81/KH-BCĐ");
}

#[tokio::test]
async fn contradictions_between_documents_are_found_from_both_sides() {
    let app = TestApp::start().await;
    let client = app.district("Lục Yên").await;
    let make = async |number: &str, more: Value| {
        let made = client.post(DOCUMENTS, document_in(&app, number, more).await).await;
        made.expect(201);
        made
    };
    let first = make("7/QĐ-UBND", json!({"issuer": "UBND tỉnh", "issued_on": "2023-02-01", "subject": "Một"})).await;
    assert_eq!((&first.body["number"], &first.body["symbol"], codes(&first.body)), (&json!(7), &json!("QĐ-UBND"), vec![]));
    let second = make("07/QĐ-UBND", json!({"issuer": "UBND tỉnh", "issued_on": "2023-03-01", "subject": "Hai"})).await;
    assert_eq!(codes(&second.body), ["same_number"]);
    let first = client.get(&first.location()).await;
    assert_eq!((codes(&first.body), &first.body["conflicts"][0]["document_id"]), (vec!["same_number"], &second.body["id"]));
    make("7/QĐ-UBND", json!({"issuer": "UBND tỉnh", "issued_on": "2022-03-01"})).await;
    let twin = make("8/QĐ-UBND", json!({"issuer": "UBND tỉnh", "issued_on": "2023-02-01", "subject": "Một"})).await;
    assert_eq!(codes(&twin.body), ["one_document_two_symbols"]);
    let odd = make(
        "9/2022/QĐ-UBND",
        json!({"kind": "circular", "issued_on": "2023-01-05", "effective_from": "2023-01-01",
        "effective_to": "2022-12-31", "citations": [{"citation": "8/QĐ-UBND", "issued_on": "2023-02-01"}]}),
    )
    .await;
    let mut found = codes(&odd.body);
    found.sort_unstable();
    assert_eq!(
        found,
        ["dates_out_of_order", "dates_out_of_order", "dates_out_of_order", "symbol_contradicts_kind", "year_contradicts_date"]
    );
    let listed = client.get(&format!("{DOCUMENTS}?limit=200")).await;
    let filtered = client.get(&format!("{DOCUMENTS}?limit=200&has_conflict=true")).await;
    let expected: Vec<_> = listed.items().iter().filter(|one| !codes(one).is_empty()).map(|one| &one["id"]).collect();
    assert_eq!(filtered.items().iter().map(|one| &one["id"]).collect::<Vec<_>>(), expected, "filter and list agree");
    let replaced = client.patch_if(&second.location(), &second, json!({"replaced_by": first.id()})).await;
    assert_eq!((replaced.status, replaced.fields()), (422, vec!["/replaced_by only_when_replaced".to_owned()]));
    let replaced = client.patch_if(&second.location(), &second, json!({"state": "replaced", "replaced_by": first.id()})).await;
    assert!(codes(replaced.expect(200)).contains(&"dates_out_of_order"), "{}", replaced.text);
    assert_eq!(
        client.in_english().get(&twin.location()).await.body["conflicts"][0]["message"].as_str().map(|text| text.is_ascii()),
        Some(false)
    );
}

#[tokio::test]
async fn issuing_a_plan_enters_it_and_what_it_cites_and_never_guesses() {
    let app = TestApp::start().await;
    let client = app.district("Lục Yên").await;
    for day in ["2022-05-05", "2021-05-05"] {
        let body = document_in(&app, "5/KH-UBND", json!({"kind": "plan", "issuer": "UBND huyện Lục Yên", "issued_on": day})).await;
        client.post(DOCUMENTS, body).await.expect(201);
    }
    let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": district_unit(&app).await, "parent_plan_id": plan_81(&app).await,
        "symbol": "KH-BCĐ", "title": "Ngày hội ở Lục Yên", "legal_bases": [
            {"citation": "81/KH-BCĐ"},
            {"citation": "521/QĐ-TTg", "issuer": "Thủ tướng Chính phủ", "issued_on": "2005-06-13"},
            {"citation": "5/KH-UBND", "issuer": "UBND huyện Lục Yên"},
            {"citation": "124/2021/TT-BCA"},
            {"citation": "33/HD-CAT", "aliases": ["33/HD-CAT-PV05"], "issuer": "Công an tỉnh Yên Bái", "issued_on": "2023-03-30", "clause": "II"},
            {"citation": "33/HD-CAT-PV05", "issuer": "Công an tỉnh Yên Bái", "issued_on": "2023-03-30"}]});
    let draft = client.post("/api/v1/plans", body).await;
    draft.expect(201);
    let registered = async || app.number("SELECT count(*) FROM documents").await;
    assert_eq!(registered().await, 13, "a draft enters nothing");
    let submitted = client.post_empty_if(&format!("{}/submit", draft.location()), &draft).await;
    let signed = json!({"number": 12, "issued_on": "2023-04-10", "signatory_name": "Nguyễn Văn A"});
    let issued = client.post_if(&format!("{}/issue", draft.location()), &submitted, signed).await;
    let links: Vec<_> = issued.expect(200)["legal_bases"].as_array().unwrap().iter().map(|one| one["document_id"].clone()).collect();
    assert_eq!(registered().await, 15, "the plan itself and the one document that was not there");
    assert_eq!(links[0], cited(&client, "81/KH-BCĐ").await["id"], "the plan that it carries out");
    assert_eq!(links[1], cited(&client, "521/QĐ-TTg").await["id"]);
    assert_eq!((&links[2], &links[3]), (&json!(null), &json!(null)));
    assert!(links[4] == links[5] && !links[4].is_null());
    let own = client.get(&format!("{DOCUMENTS}?plan_id={}", draft.id())).await.items()[0].clone();
    assert_eq!((&own["document_number"], &own["org_unit_id"]), (&json!("12/KH-BCĐ"), &own["issuer_org_unit_id"]));
    let path = format!("{DOCUMENTS}/{}", own["id"].as_str().unwrap());
    let cites = client.get(&format!("{path}/citations?sort=no")).await.items().clone();
    let open: Vec<_> = cites.iter().filter(|one| one["link"] == "ambiguous").map(|one| one["citation"].as_str().unwrap()).collect();
    assert_eq!(open, ["5/KH-UBND", "124/2021/TT-BCA"]);

    // A person states which one is meant; what the plan prints stays.
    let mut stated: Vec<Value> = cites
        .iter()
        .map(|one| json!({"citation": one["citation"], "clause": one["clause"], "issuer": one["issuer"], "issued_on": one["issued_on"], "document_id": one["cited_document_id"]}))
        .collect();
    stated[3]["document_id"] = cited(&client, "124/2021/TT-BCA").await["id"].clone();
    let read = client.get(&path).await;
    let changed = client.patch_if(&path, &read, json!({"citations": stated.clone()})).await;
    changed.expect(200);
    assert_eq!(client.get(&draft.location()).await.body["legal_bases"][3]["document_id"], stated[3]["document_id"]);
    stated[0]["citation"] = json!("82/KH-BCĐ");
    for patch in [json!({"citations": stated}), json!({"kind": "decision"}), json!({"document_number": "13/KH-BCĐ"})] {
        let refused = client.patch_if(&path, &changed, patch).await;
        assert!(refused.status == 422 && refused.fields()[0].ends_with(" follows_plan"), "{}", refused.text);
    }
    client.delete_if(&path, &changed).await.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn documents_are_written_by_those_who_write_plans_in_their_subtree() {
    let app = TestApp::start().await;
    let (district, other) = (app.district("Lục Yên").await, app.district("Văn Yên").await);
    let body = document_in(&app, "15/CT-UBND", json!({"kind": "directive", "issuer": "UBND tỉnh", "issued_on": "2023-01-01"})).await;
    let made = district.post_once(DOCUMENTS, "mot-khoa", body.clone()).await;
    made.expect(201);
    assert_eq!(district.post_once(DOCUMENTS, "mot-khoa", body.clone()).await.id(), made.id());
    district.post(DOCUMENTS, body.clone()).await.expect_problem(409, "duplicate");
    other.post(DOCUMENTS, body.clone()).await.expect(422);
    app.sign_in(Role::Auditor).await.post(DOCUMENTS, body.clone()).await.expect_problem(403, "forbidden");
    other.get(&made.location()).await.expect(200);
    other.patch_if(&made.location(), &made, json!({"note": "x"})).await.expect_problem(404, "not_found");
    district.patch(&made.location(), json!({"note": "x"})).await.expect(428);
    district.patch_if(&made.location(), "\"9\"", json!({"note": "x"})).await.expect(412);
    let changed =
        district.patch_if(&made.location(), &made, json!({"body": "Điều 1.\nĐiều 2.", "aliases": ["15/CT-UB", "15/CT-UBND"]})).await;
    assert_eq!((&changed.expect(200)["body"], &changed.body["aliases"]), (&json!("Điều 1.\nĐiều 2."), &json!(["15/CT-UB"])));
    assert_eq!(cited(&district, "15/CT-UB").await["body"], json!(null), "lists are without texts");
    let unknown = json!({"citations": [{"citation": "1/QĐ-X", "document_id": uuid::Uuid::now_v7()}], "issuer_org_unit_id": null});
    let refused = district.patch_if(&made.location(), &changed, unknown).await;
    assert_eq!(refused.fields(), ["/citations/0/document_id unknown_reference"]);
    let feed = district.get("/api/v1/changes?resource=document&limit=200").await;
    assert!(feed.items().iter().any(|one| one["resource_id"] == made.body["id"] && one["action"] == "created"));
    let law = cited(&district, "521/QĐ-TTg").await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    province.delete_if(&format!("{DOCUMENTS}/{}", law["id"].as_str().unwrap()), "*").await.expect_problem(409, "in_use");
    district.delete_if(&made.location(), &changed).await.expect(204);
    district.get(&made.location()).await.expect(404);
}

#[tokio::test]
async fn of_two_who_enter_one_document_at_once_one_is_told_that_it_is_there() {
    let app = TestApp::start_wide().await;
    let client = app.district("Lục Yên").await;
    let body = document_in(&app, "16/CT-UBND", json!({"issued_on": "2023-01-01"})).await;
    let answers = futures_util::future::join_all((0..6).map(|_| client.post(DOCUMENTS, body.clone()))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn plans_issued_before_there_was_a_registry_are_entered_once() {
    let app = TestApp::start().await;
    app.execute("DELETE FROM document_citations; DELETE FROM document_aliases; DELETE FROM documents").await;
    let db = ngayhoi::db::Db::new(&app.database_url).unwrap();
    let now = chrono::Utc::now();
    assert_eq!(ngayhoi::documents::registry::register_missing(&db, now).await.unwrap(), 1);
    assert_eq!(ngayhoi::documents::registry::register_missing(&db, now).await.unwrap(), 0);
    assert_eq!(app.number("SELECT count(*) FROM documents").await, 11);
    assert_eq!(cited(&app.sign_in(Role::Unit).await, "21/HD-BCA-V05").await["document_number"], "21/HD-BCĐ");
}
