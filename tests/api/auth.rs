//! Sign-in of persons: tokens, rotation, ends of sessions.

use super::support::*;
use std::time::{Duration, Instant};

async fn login(app: &TestApp, role: Role) -> Answer {
    let account = app.shared.account(role);
    app.anonymous().post("/api/v1/auth/login", json!({"username": account.username, "password": account.password})).await
}

async fn refresh(app: &TestApp, token: &Value) -> Answer {
    app.anonymous().post("/api/v1/auth/refresh", json!({"refresh_token": token})).await
}

/// Asks until the caller is refused; fails when that takes longer than the second that is promised.
async fn is_out_within_a_second(client: &Client) {
    let began = Instant::now();
    while client.get("/api/v1/me").await.status != 401 {
        assert!(began.elapsed() < Duration::from_millis(1200), "still in after {:?}", began.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_password_gives_a_token_that_works_and_a_wrong_one_gives_nothing() {
    let app = TestApp::start().await;
    let tokens = login(&app, Role::District).await;
    let body = tokens.expect(200);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(900)));
    let me = app.anonymous().with_token(body["access_token"].as_str().unwrap()).get("/api/v1/me").await;
    assert_eq!(me.expect(200)["name"], "huyen.lucyen");

    let account = app.shared.account(Role::District);
    let upper = json!({"username": account.username.to_uppercase(), "password": account.password});
    app.anonymous().post("/api/v1/auth/login", upper).await.expect(200);

    let wrong = json!({"username": account.username, "password": "không phải"});
    let known = app.anonymous().post("/api/v1/auth/login", wrong).await;
    let unknown = app.anonymous().post("/api/v1/auth/login", json!({"username": "không.ai", "password": "không phải"})).await;
    for answer in [&known, &unknown] {
        answer.expect_problem(401, "invalid_credentials");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"ngayhoi\""));
    }
    assert_eq!(known.body["title"], unknown.body["title"], "a stranger does not learn which names exist");
    assert_eq!(known.body.get("detail"), unknown.body.get("detail"));
}

#[tokio::test]
async fn a_sign_in_names_all_bad_fields() {
    let app = TestApp::start().await;
    let answer = app.anonymous().post("/api/v1/auth/login", json!({"username": 7, "pass": "x"})).await;
    answer.expect_problem(422, "validation_failed");
    assert_eq!(answer.fields(), ["/pass unknown_field", "/password required", "/username type"]);
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_replay_ends_the_session() {
    let app = TestApp::start().await;
    let first = login(&app, Role::Commune).await;
    let second = refresh(&app, &first.body["refresh_token"]).await;
    second.expect(200);
    assert_ne!(first.body["refresh_token"], second.body["refresh_token"]);
    let holder = app.anonymous().with_token(second.body["access_token"].as_str().unwrap());
    holder.get("/api/v1/me").await.expect(200);

    refresh(&app, &first.body["refresh_token"]).await.expect_problem(401, "invalid_credentials");
    refresh(&app, &second.body["refresh_token"]).await.expect_problem(401, "invalid_credentials");
    is_out_within_a_second(&holder).await;
    refresh(&app, &json!("nhr_không-có")).await.expect_problem(401, "invalid_credentials");
}

#[tokio::test]
async fn of_two_refreshes_at_once_one_wins_and_the_session_ends() {
    let app = TestApp::start_wide().await;
    let tokens = login(&app, Role::Unit).await;
    let (one, other) = tokio::join!(refresh(&app, &tokens.body["refresh_token"]), refresh(&app, &tokens.body["refresh_token"]));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let winner = if one.status == 200 { one } else { other };
    refresh(&app, &winner.body["refresh_token"]).await.expect(401);
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let app = TestApp::start().await;
    let (leaving, staying) = (login(&app, Role::Auditor).await, login(&app, Role::Auditor).await);
    let client = |tokens: &Answer| app.anonymous().with_token(tokens.body["access_token"].as_str().unwrap());
    client(&leaving).post_empty("/api/v1/auth/logout").await.expect(204);
    client(&leaving).get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    refresh(&app, &leaving.body["refresh_token"]).await.expect(401);
    client(&staying).get("/api/v1/me").await.expect(200);
    refresh(&app, &staying.body["refresh_token"]).await.expect(200);
    app.anonymous().post_empty("/api/v1/auth/logout").await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_disabled_person_is_out_within_a_second_and_cannot_come_back() {
    let app = TestApp::start().await;
    let tokens = login(&app, Role::StandingAgency).await;
    let client = app.anonymous().with_token(tokens.body["access_token"].as_str().unwrap());
    client.get("/api/v1/me").await.expect(200);
    app.execute("UPDATE users SET is_disabled = true WHERE role = 'standing_agency'").await;
    is_out_within_a_second(&client).await;
    login(&app, Role::StandingAgency).await.expect_problem(401, "invalid_credentials");
    refresh(&app, &tokens.body["refresh_token"]).await.expect(401);
}

#[tokio::test]
async fn a_changed_role_and_a_changed_unit_count_within_a_second() {
    let app = TestApp::start().await;
    let client = app.sign_in(Role::District).await;
    let other = app.org_unit_of_kind("district_committee", "Văn Chấn").await;
    client.get("/api/v1/me").await.expect(200);
    app.execute(&format!("UPDATE users SET role = 'operations_centre', org_unit_id = '{other}' WHERE role = 'district'")).await;
    tokio::time::sleep(Duration::from_millis(1000)).await;
    let me = client.get("/api/v1/me").await;
    assert_eq!((&me.body["role"], &me.body["org_unit_id"]), (&json!("operations_centre"), &json!(other)));
    client.post("/api/v1/sites", json!({})).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn attempts_to_sign_in_are_limited_for_each_account() {
    let app = TestApp::start().await;
    let attempt = |name: &'static str| {
        let client = app.anonymous();
        async move { client.post("/api/v1/auth/login", json!({"username": name, "password": "đoán"})).await }
    };
    let answers = futures_util::future::join_all((0..24).map(|_| attempt("Doan.Mat.Khau"))).await;
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!((1..=4).contains(&refused.len()), "{} of 24 refused", refused.len());
    for answer in refused {
        answer.expect_problem(429, "too_many_requests");
        assert!((1..=10).contains(&answer.header("retry-after").unwrap().parse::<u32>().unwrap()));
    }
    attempt("doan.mat.khau").await.expect(429);
    attempt("nguoi.khac").await.expect_problem(401, "invalid_credentials");
}

#[tokio::test]
async fn the_keys_and_the_metadata_of_the_token_end_point_are_public() {
    let app = TestApp::start().await;
    let keys = app.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(keys.expect(200)["keys"][0]["crv"], "Ed25519");
    assert!(keys.body["keys"][0].get("d").is_none(), "the private key stays here");
    let metadata = app.anonymous().get("/.well-known/oauth-authorization-server").await;
    assert_eq!(metadata.expect(200)["grant_types_supported"], json!(["client_credentials"]));
}

#[tokio::test]
async fn a_person_changes_his_own_password_and_his_other_sessions_end() {
    let app = TestApp::start().await;
    let account = app.shared.account(Role::Commune);
    let (first, second) = (login(&app, Role::Commune).await, login(&app, Role::Commune).await);
    let here = app.anonymous().with_token(first.body["access_token"].as_str().unwrap());
    let there = app.anonymous().with_token(second.body["access_token"].as_str().unwrap());
    there.get("/api/v1/me").await.expect(200);

    let change = |current: &str, new: &str| json!({"current_password": current, "new_password": new});
    let wrong = here.put("/api/v1/me/password", change("không phải đâu", "mật khẩu mới và dài")).await;
    wrong.expect_problem(422, "validation_failed");
    assert_eq!(wrong.fields(), ["/current_password wrong_password"]);
    let short = here.put("/api/v1/me/password", change(&account.password, "ngắn")).await;
    assert_eq!(short.fields(), ["/new_password too_short"]);
    there.get("/api/v1/me").await.expect(200);

    here.put("/api/v1/me/password", change(&account.password, "mật khẩu mới và dài")).await.expect(204);
    is_out_within_a_second(&there).await;
    here.get("/api/v1/me").await.expect(200);
    let with = |password: &str| json!({"username": account.username, "password": password});
    app.anonymous().post("/api/v1/auth/login", with(&account.password)).await.expect_problem(401, "invalid_credentials");
    app.anonymous().post("/api/v1/auth/login", with("mật khẩu mới và dài")).await.expect(200);
}

#[tokio::test]
async fn a_sign_in_that_meets_a_change_of_the_password_opens_no_session_with_the_old_one() {
    let app = TestApp::start().await;
    let account = app.shared.account(Role::Commune);
    let admin = app.sign_in(Role::ProvincialAdministrator).await;
    let path = format!("/api/v1/users/{}", account.id);
    let user = admin.get(&path).await;
    // The sign-ins are computing their hashes while the change commits.
    let sign_ins = (0..6).map(|_| login(&app, Role::Commune));
    let (answers, changed) = futures_util::future::join(
        futures_util::future::join_all(sign_ins),
        admin.patch_if(&path, &user, json!({"password": "mật khẩu mới và dài"})),
    )
    .await;
    changed.expect(200);
    tokio::time::sleep(Duration::from_millis(1000)).await;
    for answer in answers.iter().filter(|answer| answer.status == 200) {
        let client = app.anonymous().with_token(answer.body["access_token"].as_str().unwrap());
        client.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    }
    let open = format!("SELECT count(*) FROM sessions WHERE user_id = '{}' AND revoked_at IS NULL", account.id);
    assert_eq!(app.number(&open).await, 0);
}

#[tokio::test]
async fn a_session_that_is_refreshed_goes_on_and_one_that_ended_long_ago_is_swept_away() {
    let app = TestApp::start().await;
    let account = app.shared.account(Role::Commune);
    let body = json!({"username": account.username, "password": account.password});
    let tokens = app.anonymous().post("/api/v1/auth/login", body).await;
    let mine = format!("sessions WHERE user_id = '{}'", account.id);
    app.execute("UPDATE sessions SET expires_at = now() + interval '1 hour'").await;
    let refreshed = app.anonymous().post("/api/v1/auth/refresh", json!({"refresh_token": tokens.expect(200)["refresh_token"]})).await;
    refreshed.expect(200);
    assert_eq!(app.number(&format!("SELECT count(*) FROM {mine} AND expires_at > now() + interval '13 days'")).await, 1);

    app.execute(
        "UPDATE sessions SET expires_at = now() - interval '31 days' WHERE expires_at < now() + interval '1 day';
         UPDATE refresh_tokens SET used_at = now() - interval '31 days' WHERE used_at IS NOT NULL;
         INSERT INTO idempotency_keys (caller, route, key, body_hash, status, created_at)
             SELECT gen_random_uuid(), '/', n::text, '', 201, now() - n * interval '1 hour' FROM generate_series(0, 2500) n",
    )
    .await;
    let conn = ngayhoi::db::connect(&app.database_url).await.unwrap();
    ngayhoi::housekeeping::forget(&conn, chrono::Utc::now()).await.unwrap();
    assert_eq!(app.number("SELECT count(*) FROM sessions").await, 1);
    assert_eq!(app.number("SELECT count(*) FROM refresh_tokens").await, 1, "the one that is to be used next");
    assert_eq!(app.number("SELECT count(*) FROM idempotency_keys").await, 24);
    app.anonymous().post("/api/v1/auth/refresh", json!({"refresh_token": refreshed.body["refresh_token"]})).await.expect(200);
}
