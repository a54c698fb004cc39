//! What every answer has, whoever made it.

use super::support::*;
use std::time::{Duration, Instant};

#[tokio::test]
async fn every_answer_has_security_headers_and_no_word_about_the_server() {
    let app = TestApp::start().await;
    let (anonymous, district) = (app.anonymous(), app.sign_in(Role::District).await);
    let answers = [
        anonymous.get("/livez").await,
        anonymous.get("/api/v1/nothing").await,
        anonymous.get("/api/v1/me").await,
        district.get("/api/v1/sites").await,
        district.post("/api/v1/sites", json!({})).await,
        district.put("/api/v1/sites", json!({})).await,
        anonymous.get("/api/openapi.json").await,
        anonymous.get("/docs/").await,
    ];
    for answer in &answers {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{} {name}", answer.path);
        }
        assert!(answer.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("server"), None, "{}", answer.path);
        assert_eq!(answer.header("x-powered-by"), None, "{}", answer.path);
    }
    assert_eq!(district.get("/api/v1/sites").await.header("cache-control"), Some("private, no-cache"));
}

#[tokio::test]
async fn a_request_keeps_its_own_sensible_id_and_else_gets_one() {
    let app = TestApp::start().await;
    let anonymous = app.anonymous();
    let own = anonymous.with_header("x-request-id", "trang-chu_2023.08").get("/api/v1/me").await;
    assert_eq!((own.header("x-request-id"), &own.body["request_id"]), (Some("trang-chu_2023.08"), &json!("trang-chu_2023.08")));
    for id in ["short", "has space in it", "<script>alert(1)</script>", &"x".repeat(65), "dòng-một-hai"] {
        let request = anonymous.request("GET", "/livez").header("x-request-id", id.as_bytes());
        let answer = anonymous.send(request).await;
        let given = answer.header("x-request-id").unwrap();
        assert!(given.parse::<uuid::Uuid>().is_ok(), "{id}: {given}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_with_what_is_allowed() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let id = uuid::Uuid::now_v7();
    for (method, path, allowed) in [
        ("PUT", "/api/v1/sites".to_owned(), vec!["GET", "POST"]),
        ("DELETE", "/api/v1/sites".to_owned(), vec!["GET", "POST"]),
        ("POST", format!("/api/v1/sites/{id}"), vec!["DELETE", "GET", "PATCH"]),
        ("GET", format!("/api/v1/sites/{id}/nominate"), vec!["POST"]),
        ("GET", "/api/v1/auth/login".to_owned(), vec!["POST"]),
        ("POST", "/livez".to_owned(), vec!["GET"]),
        ("TRACE", "/api/v1/me".to_owned(), vec!["GET"]),
    ] {
        let answer = district.send(district.request(method, &path)).await;
        answer.expect_problem(405, "method_not_allowed");
        let allow = answer.header("allow").unwrap_or_else(|| panic!("{method} {path}: no Allow"));
        let mut methods: Vec<&str> = allow.split(", ").collect();
        methods.sort_unstable();
        assert_eq!(methods, allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn a_caller_who_asks_too_much_is_told_when_to_come_back() {
    let app = TestApp::start_with(Setup { rate_limit: 5, ..Setup::default() }).await;
    let (greedy, other) = (app.sign_in(Role::District).await, app.sign_in(Role::Commune).await);
    let began = Instant::now();
    let answers = futures_util::future::join_all((0..100).map(|_| greedy.get("/api/v1/me"))).await;
    // Five at once, and five more with every second that it took, however slow the machine is.
    let allowed = 5.0 + 5.0 * began.elapsed().as_secs_f64();
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 429).collect();
    let granted = answers.iter().filter(|answer| answer.status == 200).count();
    assert!(granted >= 5 && granted as f64 <= allowed, "{granted} granted, {allowed} allowed");
    assert_eq!(granted + refused.len(), 100);
    for answer in &refused {
        answer.expect_problem(429, "too_many_requests");
        assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")), (Some("5"), Some("0")));
    }
    assert!(answers.iter().any(|answer| answer.status == 200 && answer.header("ratelimit-remaining") == Some("4")));
    other.get("/api/v1/me").await.expect(200);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    greedy.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn health_version_and_the_page_of_the_documentation_are_public() {
    let app = TestApp::start().await;
    let anonymous = app.anonymous();
    assert_eq!(anonymous.get("/livez").await.expect(200)["status"], "ok");
    assert_eq!(anonymous.get("/readyz").await.expect(200)["status"], "ok");
    assert_eq!(anonymous.get("/version").await.expect(200)["name"], "ngayhoi");
    let document = anonymous.get("/api/openapi.json").await;
    assert_eq!(*document.expect(200), ngayhoi::openapi::document_json());
    let page = anonymous.get("/docs/").await;
    assert!(page.status == 200 && page.text.contains("swagger-ui"), "{}", page.text);
    for script in page.text.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(!script.contains("//"), "the page works without the internet: {script}");
    }
}

#[tokio::test]
async fn the_clock_is_set_in_demo_mode_only() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let set = province.put("/api/v1/demo/clock", json!({"now": "2023-08-19T23:59:00+07:00"})).await;
    assert!(set.expect(200)["now"].as_str().unwrap().starts_with("2023-08-19T16:59:0"), "{}", set.text);
    app.sign_in(Role::District).await.put("/api/v1/demo/clock", json!({})).await.expect_problem(403, "forbidden");

    let real = TestApp::start_with(Setup { is_demo: false, ..Setup::default() }).await;
    let province = real.sign_in(Role::ProvincialAdministrator).await;
    assert_eq!(province.get("/api/v1/demo/clock").await.expect(200)["is_settable"], false);
    let refused = province.put("/api/v1/demo/clock", json!({"now": "2023-08-19T23:59:00+07:00"})).await;
    refused.expect_problem(403, "forbidden");
}
