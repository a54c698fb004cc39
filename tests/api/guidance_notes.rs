//! Guidance notes: drafted, issued with number and date, and read by those below.

use super::support::*;

const PATH: &str = "/api/v1/guidance-notes";

async fn body(app: &TestApp) -> Value {
    json!({"campaign_id": app.campaign_id().await, "org_unit_id": app.org_unit_of_kind("district_committee", "Lục Yên").await,
           "title": "Hướng dẫn tổ chức Ngày hội ở xã", "body": "Phần lễ và phần hội.", "clause": "II.2.1"})
}

#[tokio::test]
async fn a_note_is_drafted_changed_issued_and_stays_as_it_is() {
    let app = TestApp::start().await;
    let district = app.district("Lục Yên").await;
    let made = district.post(PATH, body(&app).await).await;
    assert_eq!(made.expect(201)["state"], "draft");
    let path = made.location();
    let issue = format!("{path}/issue");
    assert_eq!(district.post_empty_if(&issue, &made).await.fields(), ["/document_number required", "/issued_on required"]);
    let changed = district.patch_if(&path, &made, json!({"document_number": "03/HD-BCĐ", "clause": null})).await;
    assert_eq!((&changed.expect(200)["document_number"], &changed.body["clause"]), (&json!("03/HD-BCĐ"), &json!(null)));
    district.patch_if(&path, &made, json!({"title": "x"})).await.expect_problem(412, "precondition_failed");
    district.post_empty(&issue).await.expect_problem(428, "precondition_required");
    assert_eq!(district.post_if(&issue, &changed, json!({"issued_on": "2023-07-11"})).await.fields(), ["/issued_on in_future"]);
    let issued = district.post_if(&issue, &changed, json!({"issued_on": "2023-07-01"})).await;
    assert_eq!((&issued.expect(200)["state"], &issued.body["issued_on"]), (&json!("issued"), &json!("2023-07-01")));
    district.patch_if(&path, &issued, json!({"title": "x"})).await.expect_problem(409, "invalid_transition");
    district.delete_if(&path, &issued).await.expect_problem(409, "invalid_transition");
    district.post_empty_if(&issue, &issued).await.expect_problem(409, "invalid_transition");
    for filter in ["state=issued", "q=phan+LE", "sort=-issued_on", "q=03"] {
        assert_eq!(district.get(&format!("{PATH}?{filter}")).await.items().len(), 1, "{filter}");
    }
    assert!(district.get(&format!("{PATH}?clause=II.2.1")).await.items().is_empty());
    let other = district.post(PATH, body(&app).await).await;
    district.delete_if(&other.location(), &other).await.expect(204);
    district.get(&other.location()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_draft_is_for_those_who_write_it_and_an_issued_note_for_all_below_its_issuer() {
    let app = TestApp::start().await;
    let commune = app.sign_in(Role::Commune).await;
    let above = app.text(&format!("SELECT parent_id FROM org_units WHERE id = '{}'", app.shared.account(Role::Commune).org_unit_id)).await;
    let district = app.account(Role::District, &above).await;
    let mut note = body(&app).await;
    note["org_unit_id"] = json!(above);
    let made = district.post(PATH, note).await;
    let path = made.location();
    commune.get(&path).await.expect_problem(404, "not_found");
    app.sign_in(Role::Auditor).await.get(&path).await.expect_problem(404, "not_found");
    let issued = district.post_if(&format!("{path}/issue"), &made, json!({"document_number": "3/HD", "issued_on": "2023-07-01"})).await;
    issued.expect(200);
    commune.get(&path).await.expect(200);
    assert_eq!(commune.get(PATH).await.items().len(), 1);
    commune.patch_if(&path, &issued, json!({"title": "x"})).await.expect_problem(404, "not_found");
    for role in [Role::Auditor, Role::OperationsCentre, Role::CentralViewer, Role::ProvincialAdministrator] {
        app.sign_in(role).await.get(&path).await.expect(200);
    }
    let name = app.text(&format!("SELECT id FROM org_units WHERE kind = 'district_committee' AND id <> '{above}' LIMIT 1")).await;
    app.account(Role::District, &name).await.get(&path).await.expect_problem(404, "not_found");
    app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::PortalClient).await.get(&path).await.expect_problem(403, "forbidden");
    app.sign_in(Role::Auditor).await.post(PATH, json!({})).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn what_a_note_names_is_within_reach_and_the_feed_keeps_drafts_to_their_writers() {
    let app = TestApp::start().await;
    let (district, auditor) = (app.district("Lục Yên").await, app.sign_in(Role::Auditor).await);
    let mut foreign = body(&app).await;
    foreign["org_unit_id"] = json!(app.org_unit_of_kind("district_committee", "Văn Yên").await);
    assert_eq!(district.post(PATH, foreign).await.fields(), ["/org_unit_id unknown_reference"]);
    let mut bad = body(&app).await;
    (bad["body"], bad["title"]) = (json!(""), json!("a\nb"));
    assert_eq!(district.post(PATH, bad).await.fields(), ["/body too_short", "/title pattern"]);
    let made = district.post(PATH, body(&app).await).await;
    district
        .post_if(&format!("{}/issue", made.location()), &made, json!({"document_number": "3/HD", "issued_on": "2023-07-01"}))
        .await
        .expect(200);
    let (changes, _) = super::support::fixtures::read_changes(&auditor, "0-0".to_owned(), 1, 200).await;
    let notes: Vec<_> = changes.iter().filter(|change| change["resource"] == "guidance_note").collect();
    assert_eq!(notes.len(), 1, "{changes:?}");
    assert_eq!(notes[0]["action"], "issued");
}
