//! Access tokens that we did not make like this: all are refused alike.

use super::support::*;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ngayhoi::auth::token::Keys;
use uuid::Uuid;

/// Header and claims of a good token, to be spoiled, and the key to sign them with.
struct Forge {
    header: Value,
    claims: Value,
    der: Vec<u8>,
}

impl Forge {
    async fn new(app: &TestApp) -> Self {
        let good = app.sign_in(Role::ProvincialAdministrator).await.token();
        let parts: Vec<Value> =
            good.split('.').take(2).map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()).collect();
        let pem = std::fs::read_to_string(app.shared.cluster.data_dir.join("signing-key.pem")).unwrap();
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        Self { header: parts[0].clone(), claims: parts[1].clone(), der: STANDARD.decode(body).unwrap() }
    }

    fn sign(&self, header: &[(&str, Value)], claims: &[(&str, Value)]) -> String {
        let (mut head, mut body) = (self.header.clone(), self.claims.clone());
        header.iter().for_each(|(name, value)| set(&mut head, name, value));
        claims.iter().for_each(|(name, value)| set(&mut body, name, value));
        let header: Header = serde_json::from_value(head).unwrap();
        jsonwebtoken::encode(&header, &body, &EncodingKey::from_ed_der(&self.der)).unwrap()
    }

    fn part(value: &Value) -> String {
        URL_SAFE_NO_PAD.encode(value.to_string())
    }
}

fn set(object: &mut Value, name: &str, value: &Value) {
    match value {
        Value::Null => drop(object.as_object_mut().unwrap().remove(name)),
        value => object[name] = value.clone(),
    }
}

async fn is_refused(app: &TestApp, what: &str, token: &str) {
    let answer = app.anonymous().with_token(token).get("/api/v1/me").await;
    assert_eq!((answer.status, answer.code()), (401, "unauthenticated"), "{what}");
}

#[tokio::test]
async fn a_token_needs_our_type_issuer_audience_times_and_key_id() {
    let app = TestApp::start().await;
    let forge = Forge::new(&app).await;
    let now = chrono::Utc::now().timestamp();
    let accepted = app.anonymous().with_token(&forge.sign(&[], &[])).get("/api/v1/me").await;
    assert_eq!(accepted.status, 200, "what is spoiled below is good otherwise");

    for (what, header) in [
        ("typ JWT", ("typ", json!("JWT"))),
        ("no typ", ("typ", Value::Null)),
        ("another key id", ("kid", json!("khoa-khac"))),
        ("no key id", ("kid", Value::Null)),
    ] {
        is_refused(&app, what, &forge.sign(&[header], &[])).await;
    }
    for (what, claim) in [
        ("expired", ("exp", json!(now - 60))),
        ("no exp", ("exp", Value::Null)),
        ("not yet valid", ("nbf", json!(now + 60))),
        ("no nbf", ("nbf", Value::Null)),
        ("another audience", ("aud", json!("ngayhoi-khac"))),
        ("no audience", ("aud", Value::Null)),
        ("another issuer", ("iss", json!("ai-do"))),
        ("no issuer", ("iss", Value::Null)),
        ("a subject that does not exist", ("sub", json!(Uuid::now_v7()))),
        ("a subject that is no id", ("sub", json!("quantri.tinh"))),
        ("a session that does not exist", ("sid", json!(Uuid::now_v7()))),
        ("an unknown kind of subject", ("sub_kind", json!("root"))),
        ("a person as a machine", ("sub_kind", json!("api_client"))),
    ] {
        is_refused(&app, what, &forge.sign(&[], &[claim])).await;
    }
}

#[tokio::test]
async fn another_algorithm_or_another_key_is_refused() {
    let app = TestApp::start().await;
    let forge = Forge::new(&app).await;
    let claims = Forge::part(&forge.claims);
    let mut header = forge.header.clone();

    for alg in ["none", "None", "NONE"] {
        header["alg"] = json!(alg);
        is_refused(&app, alg, &format!("{}.{claims}.", Forge::part(&header))).await;
    }
    // The public key as an HMAC secret: the oldest trick.
    let public = app.anonymous().get("/.well-known/jwks.json").await.body["keys"][0]["x"].as_str().unwrap().to_owned();
    let mut hmac = Header::new(Algorithm::HS256);
    hmac.typ = Some("at+jwt".to_owned());
    hmac.kid = forge.header["kid"].as_str().map(str::to_owned);
    let secret = EncodingKey::from_secret(&URL_SAFE_NO_PAD.decode(public).unwrap());
    is_refused(&app, "HS256", &jsonwebtoken::encode(&hmac, &forge.claims, &secret).unwrap()).await;

    let directory = app.shared.cluster.data_dir.join(format!("foreign-{}", Uuid::now_v7().simple()));
    std::fs::create_dir_all(&directory).unwrap();
    let foreign = Keys::load_or_create(&directory).unwrap();
    let account = app.shared.account(Role::ProvincialAdministrator);
    let theirs =
        foreign.sign(ngayhoi::auth::token::SubjectKind::User, account.id, Uuid::now_v7(), "provincial_administrator", 900).unwrap();
    is_refused(&app, "a foreign key", &theirs).await;
    let pem = std::fs::read_to_string(directory.join("signing-key.pem")).unwrap();
    let der = STANDARD.decode(pem.lines().filter(|line| !line.starts_with("-----")).collect::<String>()).unwrap();
    let same_kid = Forge { header: forge.header.clone(), claims: forge.claims.clone(), der };
    is_refused(&app, "a foreign key under our key id", &same_kid.sign(&[], &[])).await;
}

#[tokio::test]
async fn what_is_no_token_at_all_is_refused() {
    let app = TestApp::start().await;
    let good = app.sign_in(Role::Auditor).await.token();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let half = &signature[..signature.len() / 2];
    for token in ["", "x", "a.b.c", &format!("{good}x"), &format!("{signed}.{half}"), &format!("{signed}."), &"a".repeat(7000)] {
        is_refused(&app, token, token).await;
    }
    for value in ["Basic YTpi", "bearer", "Bearer", &format!("Token {good}"), &good] {
        app.anonymous().with_header("authorization", value).get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    }
    app.anonymous().with_header("authorization", &format!("bEARER {good}")).get("/api/v1/me").await.expect(200);
}
