//! The support itself.

use super::support::*;

#[tokio::test]
async fn every_role_has_a_demo_account_that_is_who_it_says() {
    let app = TestApp::start().await;
    for role in Role::ACCOUNTS {
        let me = app.sign_in(*role).await.get("/api/v1/me").await;
        assert_eq!(me.expect(200)["role"], role.as_str());
    }
    app.anonymous().get("/api/v1/me").await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_district_committee_gets_an_account_of_its_own() {
    let app = TestApp::start().await;
    let district = app.district("Văn Yên").await;
    assert_eq!(district.get("/api/v1/me").await.expect(200)["org_unit_id"], app.org_unit_of_kind("district_committee", "Văn Yên").await);
    let site = json!({"campaign_id": app.campaign_id().await, "org_unit_id": app.org_unit_of_kind("district_committee", "Văn Yên").await,
                      "name": "Bản thử", "kind": "residential_area"});
    let made = district.post("/api/v1/sites", site).await;
    made.expect(201);
    assert_eq!(made.location(), format!("/api/v1/sites/{}", made.id()));
    assert_eq!(app.number("SELECT count(*) FROM sites").await, 1);
}
