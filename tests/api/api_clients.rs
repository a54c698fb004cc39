//! Machine accounts: a secret is shown once and never kept.

use super::support::*;

async fn client(app: &TestApp, role: &str) -> Value {
    json!({"name": "Cổng dữ liệu", "role": role, "org_unit_id": app.org_unit_of_kind("information_department", "Sở").await})
}

async fn token(app: &TestApp, made: &Answer) -> Answer {
    let text = |name: &str| made.body[name].as_str().unwrap().to_owned();
    let body = format!("grant_type=client_credentials&client_id={}&client_secret={}", text("client_id"), text("client_secret"));
    app.anonymous().raw("POST", "/oauth/token", "application/x-www-form-urlencoded", body).await
}

async fn machine(app: &TestApp, made: &Answer) -> Client {
    app.anonymous().with_token(token(app, made).await.expect(200)["access_token"].as_str().unwrap())
}

#[tokio::test]
async fn a_machine_signs_in_with_a_secret_that_is_shown_once() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let body = client(&app, "portal_client").await;
    let made = province.post_once("/api/v1/api-clients", "k1", body.clone()).await;
    let secret = made.expect(201)["client_secret"].as_str().unwrap().to_owned();
    assert_eq!(made.body["client_id"], made.body["id"]);
    assert_eq!(machine(&app, &made).await.get("/api/v1/me").await.expect(200)["role"], "portal_client");

    let again = province.post_once("/api/v1/api-clients", "k1", body.clone()).await;
    assert_eq!((&again.expect(201)["id"], &again.body["client_secret"]), (&made.body["id"], &Value::Null));
    assert_eq!((again.location(), again.etag()), (made.location(), made.etag()));
    let stored = [app.sql("SELECT * FROM idempotency_keys").await, app.sql("SELECT * FROM api_clients").await];
    assert!(!format!("{stored:?}").contains(&secret));
    let path = made.location();
    for answer in [province.get(&path).await, province.get("/api/v1/api-clients?q=cong+du+lieu&role=portal_client").await] {
        answer.expect(200);
        assert!(!answer.text.contains("secret"), "{}", answer.text);
    }
    province.post("/api/v1/api-clients", body).await.expect_problem(409, "duplicate");
}

#[tokio::test]
async fn rotation_voids_the_old_secret_at_once() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let made = province.post("/api/v1/api-clients", client(&app, "operations_centre").await).await;
    let path = format!("{}/rotate", made.location());
    province.post_empty(&path).await.expect_problem(428, "precondition_required");
    let rotate = || province.request("POST", &path).header("if-match", made.etag()).header("idempotency-key", "r1");
    let rotated = province.send(rotate()).await;
    assert_eq!(rotated.expect(200)["version"], 2);
    assert_ne!(rotated.body["client_secret"], made.body["client_secret"]);
    token(&app, &made).await.expect_problem(401, "invalid_credentials");
    token(&app, &rotated).await.expect(200);
    let again = province.send(rotate()).await;
    assert_eq!((&again.expect(200)["version"], &again.body["client_secret"]), (&json!(2), &Value::Null));
    token(&app, &rotated).await.expect(200);
    province.post_empty_if(&path, &made).await.expect_problem(412, "precondition_failed");
}

#[tokio::test]
async fn a_machine_that_is_disabled_or_deleted_is_out_at_once() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let made = province.post("/api/v1/api-clients", client(&app, "portal_client").await).await;
    let path = made.location();
    let own = machine(&app, &made).await;
    own.get("/api/v1/me").await.expect(200);
    let disabled = province.patch_if(&path, &made, json!({"is_disabled": true})).await;
    disabled.expect(200);
    own.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    token(&app, &made).await.expect_problem(401, "invalid_credentials");
    let enabled = province.patch_if(&path, &disabled, json!({"is_disabled": false, "name": "Cổng mới"})).await;
    assert_eq!(enabled.expect(200)["name"], "Cổng mới");
    own.get("/api/v1/me").await.expect(200);
    province.delete_if(&path, &made).await.expect_problem(412, "precondition_failed");
    province.delete_if(&path, &enabled).await.expect(204);
    own.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    province.get(&path).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn machines_get_only_roles_and_units_that_the_caller_may_give() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let own = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let other = app.org_unit_of_kind("district_committee", "Văn Yên").await;
    let make = async |role: &str, unit: &str| {
        district.post("/api/v1/api-clients", json!({"name": "Máy điểm danh", "role": role, "org_unit_id": unit})).await
    };
    assert_eq!(make("portal_client", &own).await.fields(), ["/role role_too_wide", "/role role_unit_mismatch"]);
    assert_eq!(make("district", &own).await.fields(), ["/role not_allowed"]);
    assert_eq!(make("checkin_operator", &other).await.fields(), ["/org_unit_id unknown_reference"]);
    let made = make("checkin_operator", &own).await;
    made.expect(201);
    let path = made.location();
    assert_eq!(district.patch_if(&path, &made, json!({"role": "portal_client"})).await.fields(), ["/role unknown_field"]);

    let beside = app.district("Văn Yên").await;
    beside.get(&path).await.expect_problem(404, "not_found");
    beside.patch_if(&path, &made, json!({"is_disabled": true})).await.expect_problem(404, "not_found");
    beside.post_empty_if(&format!("{path}/rotate"), &made).await.expect_problem(404, "not_found");
    beside.delete_if(&path, &made).await.expect_problem(404, "not_found");

    // A wider machine at a body below: its new secret would be a way up.
    app.execute(&format!("UPDATE api_clients SET role = 'portal_client' WHERE id = '{}'", made.id())).await;
    district.post_empty_if(&format!("{path}/rotate"), &made).await.expect_problem(403, "forbidden");
    for role in [Role::Commune, Role::Auditor, Role::StandingAgency] {
        app.sign_in(role).await.post("/api/v1/api-clients", json!({})).await.expect_problem(403, "forbidden");
    }
    app.anonymous().get("/api/v1/api-clients").await.expect_problem(401, "unauthenticated");
}
