//! A plan from its official text: read, kept as a draft, confirmed rule by rule, issued, and judged.

use super::support::*;

const PLAN_81: &[u8] = include_bytes!("../data/plans/plan-81-KH-BCD-2023.txt");
const PLAN_81_PDF: &[u8] = include_bytes!("../data/plans/plan-81.pdf");
const RULES_BIND: &str = "SELECT concat_ws(' ', event_from, event_to, report_due_before, provincial_pilot_count, min_district_nominations) AS bound \
                          FROM campaigns WHERE year = 2024";

async fn import(client: &Client, campaign: &str, unit: &str, more: &str, kind: &str, file: &[u8]) -> Answer {
    client.raw("POST", &format!("/api/v1/plans/import?campaign_id={campaign}&org_unit_id={unit}{more}"), kind, file).await
}

async fn province_unit(app: &TestApp) -> String {
    app.org_unit_of_kind("provincial_committee", "Yên Bái").await
}

#[tokio::test]
async fn the_real_text_is_read_and_nothing_is_kept_when_it_is_only_tried() {
    let app = TestApp::start().await;
    let (province, unit, campaign) = (app.sign_in(Role::ProvincialAdministrator).await, province_unit(&app).await, app.campaign_id().await);
    let read = import(&province, &campaign, &unit, "&dry_run=true", "text/plain; charset=utf-8", PLAN_81).await;
    let reading = &read.expect(200)["reading"];
    assert_eq!(read.body["plan"], json!(null));
    assert_eq!((&reading["document_number"]["value"], &reading["issued_on"]["value"]), (&json!("81/KH-BCĐ"), &json!("2023-03-24")));
    let codes: Vec<_> = reading["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), 3);
    for code in ["one_document_two_symbols", "symbol_contradicts_kind", "citation_without_date"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
    let pdf = import(&province, &campaign, &unit, "&dry_run=true", "application/pdf", PLAN_81_PDF).await;
    assert_eq!(pdf.expect(200)["reading"]["rules"].as_array().unwrap().len(), reading["rules"].as_array().unwrap().len());
    assert_eq!(app.number("SELECT count(*) FROM plans").await, 1);
}

#[tokio::test]
async fn an_imported_plan_binds_only_when_each_rule_is_confirmed_and_then_sets_the_campaign() {
    let app = TestApp::start().await;
    app.set_now("2024-03-24T08:00:00+07:00");
    let (province, unit) = (app.sign_in(Role::ProvincialAdministrator).await, province_unit(&app).await);
    // Another year with other numbers, to see them change.
    let campaign = json!({"org_unit_id": unit, "name": "Năm 2024", "year": 2024, "event_from": "2024-06-01", "event_to": "2024-06-30",
                          "report_due_before": "2024-07-10", "provincial_pilot_count": 9, "min_district_nominations": 9});
    let campaign = province.post("/api/v1/campaigns", campaign).await.id();
    let text = String::from_utf8(PLAN_81.to_vec())
        .unwrap()
        .replace("2023", "2024")
        .replace("02 địa bàn", "03 địa bàn")
        .replace("02 \"điểm\"", "03 \"điểm\"");
    let imported = import(&province, &campaign, &unit, "", "text/plain", text.as_bytes()).await;
    let plan = imported.expect(201)["plan"].clone();
    assert!(plan["rules"].as_array().unwrap().iter().all(|rule| rule["is_confirmed"] == false));
    assert_eq!((plan["recipients"].as_array().unwrap().len(), plan["legal_bases"].as_array().unwrap().len()), (13, 10));
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    assert_eq!(plan["archive_marks"], json!(["VT", "NC"]));
    let shorts: Vec<_> = plan["aliases"].as_array().unwrap().iter().map(|alias| alias["short"].as_str().unwrap()).collect();
    assert!(["Ngày hội", "Ban Chỉ đạo 138 tỉnh"].iter().all(|short| shorts.contains(short)), "{shorts:?}");
    let clauses = province.get(&format!("{path}/clauses")).await;
    assert!(clauses.items().iter().any(|clause| clause["reference"] == "II.2.2.3"));

    let submitted = province.post_empty_if(&format!("{path}/submit"), "*").await;
    submitted.expect(200);
    let signed = json!({"number": 81, "issued_on": "2024-03-24", "signatory_name": "Ngô Hạnh Phúc"});
    let refused = province.post_if(&format!("{path}/issue"), "*", signed.clone()).await;
    refused.expect_problem(422, "validation_failed");
    assert!(refused.fields().contains(&"/rules/0/is_confirmed not_confirmed".to_owned()), "{:?}", refused.fields());

    province.post_if(&format!("{path}/return"), "*", json!({"comment": "Xác nhận các quy định."})).await.expect(200);
    let confirmed: Vec<Value> = plan["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            let mut rule = rule.clone();
            for member in ["no", "kind", "confidence"] {
                rule.as_object_mut().unwrap().remove(member);
            }
            rule["is_confirmed"] = json!(true);
            rule
        })
        .collect();
    province.patch_if(&path, "*", json!({"rules": confirmed})).await.expect(200);
    province.post_empty_if(&format!("{path}/submit"), "*").await.expect(200);
    province.post_if(&format!("{path}/issue"), "*", signed).await.expect(200);
    assert_eq!(app.text(RULES_BIND).await, "2024-07-01 2024-08-19 2024-08-20 3 1");
    let lights = province.get(&format!("/api/v1/campaigns/{campaign}/compliance")).await;
    let quota = lights.expect(200)["rules"].as_array().unwrap().iter().find(|rule| rule["parameters"]["by"] == "province").unwrap().clone();
    assert_eq!((&quota["state"], &quota["parameters"]["count"]), (&json!("open"), &json!(3)));
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    let (province, unit, campaign) = (app.sign_in(Role::ProvincialAdministrator).await, province_unit(&app).await, app.campaign_id().await);
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    for (kind, file, code) in [
        ("application/pdf", &include_bytes!("../data/plans/scan.pdf")[..], "no_text_layer"),
        ("application/pdf", &include_bytes!("../data/plans/locked.pdf")[..], "encrypted"),
        ("application/pdf", b"not a pdf", "damaged"),
        (docx, b"not a docx", "damaged"),
        ("text/plain", b"\xff\x00\x80", "not_utf8"),
        ("text/plain", b" \n ", "empty"),
    ] {
        let refused = import(&province, &campaign, &unit, "", kind, file).await;
        assert_eq!((refused.status, refused.fields()), (422, vec![format!(" {code}")]), "{kind} {code}: {}", refused.text);
    }
    let wrong = import(&province, &campaign, &unit, "", "image/png", b"x").await;
    wrong.expect_problem(415, "unsupported_media_type");
    let nothing = import(&province, &campaign, &unit, "", "text/plain", "Kính gửi các đồng chí.".as_bytes()).await;
    assert_eq!(nothing.fields(), ["/symbol not_found_in_text", "/title not_found_in_text"]);
    let district = app.sign_in(Role::District).await;
    let other = import(&district, &campaign, &unit, "", "text/plain", PLAN_81).await;
    assert_eq!((other.status, other.fields()), (422, vec!["?org_unit_id unknown_reference".to_owned()]));
    app.sign_in(Role::OperationsCentre)
        .await
        .raw("POST", "/api/v1/plans/import", "text/plain", PLAN_81)
        .await
        .expect_problem(403, "forbidden");
}
