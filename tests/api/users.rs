//! Users: who may make which account, and how soon a change is in force.

use super::support::*;

const PASSWORD: &str = "mot-mat-khau-dai-va-rieng";

fn user(username: &str, role: &str, unit: &str) -> Value {
    json!({"username": username, "full_name": "Thư ký Ban Chỉ đạo", "password": PASSWORD, "role": role, "org_unit_id": unit})
}

async fn login(app: &TestApp, username: &str, password: &str) -> Answer {
    app.anonymous().post("/api/v1/auth/login", json!({"username": username, "password": password})).await
}

#[tokio::test]
async fn an_account_is_made_signs_in_and_is_changed() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let unit = app.org_unit_of_kind("district_committee", "Trấn Yên").await;
    let made = province.post_once("/api/v1/users", "tran-yen-1", user("huyen.tranyen", "district", &unit)).await;
    made.expect(201);
    assert!(!made.text.contains("password") && !made.text.contains("argon2"), "{}", made.text);
    let path = made.location();
    let kept = app.sql("SELECT body, body_hash FROM idempotency_keys").await;
    assert!(!kept[0].to_string().contains(PASSWORD));
    let again = province.post_once("/api/v1/users", "tran-yen-1", user("huyen.tranyen", "district", &unit)).await;
    assert_eq!((again.expect(201), again.header("idempotency-replayed")), (&made.body, Some("true")));
    province.post("/api/v1/users", user("huyen.tranyen", "district", &unit)).await.expect_problem(409, "duplicate");

    let token = login(&app, "HUYEN.TranYen", PASSWORD).await.expect(200)["access_token"].as_str().unwrap().to_owned();
    let own = app.anonymous().with_token(&token);
    assert_eq!(own.get("/api/v1/me").await.expect(200)["org_unit_id"], unit.as_str());

    province.patch(&path, json!({"full_name": "Phó ban"})).await.expect_problem(428, "precondition_required");
    let changed = province.patch_if(&path, &made, json!({"full_name": "Phó ban"})).await;
    assert_eq!((&changed.expect(200)["full_name"], &changed.body["version"]), (&json!("Phó ban"), &json!(2)));
    province.patch_if(&path, &made, json!({"full_name": "x"})).await.expect_problem(412, "precondition_failed");
    province.delete_if(&path, &made).await.expect_problem(412, "precondition_failed");
    assert_eq!(province.get("/api/v1/users?q=pho+ban&role=district").await.items(), &vec![changed.body.clone()]);
    assert_eq!(own.get("/api/v1/me").await.status, 200, "a new name ends no session");
}

#[tokio::test]
async fn another_password_or_disabling_ends_the_sessions_at_once() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let unit = app.org_unit_of_kind("district_committee", "Trấn Yên").await;
    let made = province.post("/api/v1/users", user("huyen.tranyen", "district", &unit)).await;
    let path = made.location();
    let tokens = login(&app, "huyen.tranyen", PASSWORD).await.expect(200).clone();
    let own = app.anonymous().with_token(tokens["access_token"].as_str().unwrap());
    own.get("/api/v1/me").await.expect(200);

    let changed = province.patch_if(&path, &made, json!({"password": "mot-mat-khau-khac-han"})).await;
    changed.expect(200);
    own.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    app.anonymous().post("/api/v1/auth/refresh", refresh).await.expect_problem(401, "invalid_credentials");
    login(&app, "huyen.tranyen", PASSWORD).await.expect_problem(401, "invalid_credentials");
    let tokens = login(&app, "huyen.tranyen", "mot-mat-khau-khac-han").await.expect(200).clone();
    let own = app.anonymous().with_token(tokens["access_token"].as_str().unwrap());
    own.get("/api/v1/me").await.expect(200);

    let disabled = province.patch_if(&path, &changed, json!({"is_disabled": true})).await;
    assert_eq!(disabled.expect(200)["is_disabled"], true);
    own.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    login(&app, "huyen.tranyen", "mot-mat-khau-khac-han").await.expect_problem(401, "invalid_credentials");
    assert_eq!(province.get("/api/v1/users?is_disabled=true").await.items().len(), 1);
    province.patch_if(&path, &disabled, json!({"is_disabled": false})).await.expect(200);
    own.get("/api/v1/me").await.expect_problem(401, "unauthenticated");

    let fresh = login(&app, "huyen.tranyen", "mot-mat-khau-khac-han").await.expect(200).clone();
    let own = app.anonymous().with_token(fresh["access_token"].as_str().unwrap());
    province.delete_if(&path, "*").await.expect(204);
    own.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    province.get(&path).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_changed_role_is_in_force_within_a_second_on_every_worker() {
    let app = TestApp::start_wide().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let commune = app.org_unit_of_kind("commune_committee", "Mường Lai").await;
    let id = app.insert_user(Role::Commune, &commune).await;
    let own = app.session_of(id, Role::Commune).await;
    for _ in 0..20 {
        own.get("/api/v1/participants?limit=1").await;
        own.get("/api/v1/me").await.expect(200);
    }
    let path = format!("/api/v1/users/{id}");
    province.patch_if(&path, "*", json!({"role": "checkin_operator"})).await.expect(200);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    for _ in 0..20 {
        assert_eq!(own.get("/api/v1/me").await.expect(200)["role"], "checkin_operator");
    }
}

#[tokio::test]
async fn nobody_gives_a_role_or_a_unit_wider_than_the_own() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let own = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let commune = app.org_unit_of_kind("commune_committee", "Mường Lai").await;
    let other = app.org_unit_of_kind("district_committee", "Văn Yên").await;
    let make = async |role: &str, unit: &str| district.post("/api/v1/users", user("thu.moi", role, unit)).await;
    for role in ["auditor", "operations_centre", "provincial_administrator", "central_viewer"] {
        let refused = make(role, &own).await;
        refused.expect_problem(422, "validation_failed");
        assert_eq!(refused.fields(), ["/role role_too_wide", "/role role_unit_mismatch"], "{role}");
    }
    assert_eq!(make("district", &commune).await.fields(), ["/role role_unit_mismatch"]);
    assert_eq!(make("district", &other).await.fields(), ["/org_unit_id unknown_reference"]);
    let made = make("commune", &commune).await;
    made.expect(201);
    let path = made.location();
    assert_eq!(district.patch_if(&path, &made, json!({"role": "auditor"})).await.status, 422);
    assert_eq!(district.patch_if(&path, &made, json!({"org_unit_id": other})).await.fields(), ["/org_unit_id unknown_reference"]);
    assert_eq!(district.patch_if(&path, &made, json!({"org_unit_id": own})).await.fields(), ["/role role_unit_mismatch"]);
    district.patch_if(&path, &made, json!({"role": "district", "org_unit_id": own})).await.expect(200);

    // An account with a wider role, at a body below: its password would be a way up.
    let auditor = app.insert_user(Role::Auditor, &own).await;
    let path = format!("/api/v1/users/{auditor}");
    district.patch_if(&path, "*", json!({"password": PASSWORD})).await.expect_problem(403, "forbidden");
    district.delete_if(&path, "*").await.expect_problem(403, "forbidden");
    let elsewhere = app.insert_user(Role::District, &other).await;
    let path = format!("/api/v1/users/{elsewhere}");
    district.get(&path).await.expect_problem(404, "not_found");
    district.patch_if(&path, "*", json!({"is_disabled": true})).await.expect_problem(404, "not_found");
    district.delete_if(&path, "*").await.expect_problem(404, "not_found");

    for role in [Role::Commune, Role::Department, Role::StandingAgency, Role::Auditor, Role::OperationsCentre] {
        app.sign_in(role).await.post("/api/v1/users", json!({})).await.expect_problem(403, "forbidden");
    }
    app.sign_in(Role::Commune).await.get("/api/v1/users").await.expect_problem(403, "forbidden");
    app.anonymous().get("/api/v1/users").await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn nobody_locks_himself_out() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let path = format!("/api/v1/users/{}", app.shared.account(Role::ProvincialAdministrator).id);
    province.delete_if(&path, "*").await.expect_problem(409, "invalid_transition");
    province.patch_if(&path, "*", json!({"is_disabled": true})).await.expect_problem(409, "invalid_transition");
    province.patch_if(&path, "*", json!({"role": "auditor"})).await.expect_problem(409, "invalid_transition");
    province.patch_if(&path, "*", json!({"full_name": "Thư ký mới", "role": "provincial_administrator"})).await.expect(200);
    province.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn all_bad_fields_are_named() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let bad = province
        .post(
            "/api/v1/users",
            json!({"username": "Thư ký", "full_name": " ", "password": "ngan", "role": "king", "org_unit_id": "1", "is_admin": true}),
        )
        .await;
    bad.expect_problem(422, "validation_failed");
    let fields = bad.fields();
    for field in ["/is_admin unknown_field", "/org_unit_id format", "/password too_short", "/role not_allowed", "/username pattern"] {
        assert!(fields.contains(&field.to_owned()), "{field} in {fields:?}");
    }
    let path = format!("/api/v1/users/{}", app.shared.account(Role::District).id);
    let bad = province.patch_if(&path, "*", json!({"role": null, "password": "ngan", "username": "khac"})).await;
    assert_eq!(bad.fields(), ["/password too_short", "/role type", "/username unknown_field"]);
    assert_eq!(bad.status, 422);
}
