//! Tokens of machine accounts: OAuth 2.0 client credentials.

use super::support::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ngayhoi::auth::token::{random_secret, secret_hash};
use uuid::Uuid;

struct Machine {
    id: Uuid,
    secret: String,
}

async fn machine(app: &TestApp) -> Machine {
    let machine = Machine { id: Uuid::now_v7(), secret: random_secret("nhs_") };
    let hash: String = secret_hash(&machine.secret).iter().map(|byte| format!("{byte:02x}")).collect();
    let unit = app.shared.account(Role::PortalClient).org_unit_id;
    app.execute(&format!(
        "INSERT INTO api_clients (id, name, role, org_unit_id, secret_hash, tokens, created_at, updated_at)
         VALUES ('{}', 'Cổng thử', 'portal_client', '{unit}', '\\x{hash}', '{{}}', now(), now())",
        machine.id
    ))
    .await;
    machine
}

const FORM: &str = "application/x-www-form-urlencoded";

async fn token(app: &TestApp, form: String) -> Answer {
    app.anonymous().raw("POST", "/oauth/token", FORM, form).await
}

#[tokio::test]
async fn a_machine_gets_a_token_with_its_secret_in_the_form_or_by_basic() {
    let app = TestApp::start().await;
    let Machine { id, secret } = machine(&app).await;
    let by_form = token(&app, format!("grant_type=client_credentials&client_id={id}&client_secret={secret}")).await;
    let basic = STANDARD.encode(format!("{id}:{secret}"));
    let caller = app.anonymous().with_header("authorization", &format!("Basic {basic}"));
    let by_basic = caller.raw("POST", "/oauth/token", FORM, "grant_type=client_credentials").await;
    for answer in [by_form, by_basic] {
        let body = answer.expect(200);
        assert!(body.get("refresh_token").is_none());
        let me = app.anonymous().with_token(body["access_token"].as_str().unwrap()).get("/api/v1/me").await;
        assert_eq!((&me.body["name"], &me.body["role"]), (&json!("Cổng thử"), &json!("portal_client")));
    }
}

#[tokio::test]
async fn a_disabled_machine_is_out() {
    let app = TestApp::start().await;
    let Machine { id, secret } = machine(&app).await;
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let first = token(&app, form.clone()).await;
    app.execute("UPDATE api_clients SET is_disabled = true").await;
    token(&app, form).await.expect_problem(401, "invalid_credentials");
    let caller = app.anonymous().with_token(first.expect(200)["access_token"].as_str().unwrap());
    caller.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn bad_credentials_and_bad_forms_are_told_apart() {
    let app = TestApp::start().await;
    let Machine { id, secret } = machine(&app).await;
    for form in [
        format!("grant_type=client_credentials&client_id={id}&client_secret=sai"),
        format!("grant_type=client_credentials&client_id={}&client_secret={secret}", Uuid::now_v7()),
        format!("grant_type=client_credentials&client_id=cong&client_secret={secret}"),
        "grant_type=client_credentials".to_owned(),
    ] {
        let refused = token(&app, form).await;
        refused.expect_problem(401, "invalid_credentials");
        assert_eq!((&refused.body["error"], &refused.body["error_description"]), (&json!("invalid_client"), &refused.body["detail"]));
    }
    let answer = token(&app, format!("grant_type=password&client_id={id}&client_id={id}&khac=1")).await;
    answer.expect_problem(400, "invalid_parameter");
    assert_eq!(answer.body["error"], "unsupported_grant_type");
    assert_eq!(answer.fields(), ["/client_id unknown_field", "/grant_type not_allowed", "/khac unknown_field"]);
    token(&app, "grant_type=%ff".to_owned()).await.expect(400);
    let json = app.anonymous().post("/oauth/token", json!({"grant_type": "client_credentials"})).await;
    json.expect_problem(415, "unsupported_media_type");
    assert_eq!(json.body["error"], "invalid_request");
    let basic = app.anonymous().with_header("authorization", "Basic %%%");
    basic.raw("POST", "/oauth/token", FORM, "grant_type=client_credentials").await.expect(401);
}
