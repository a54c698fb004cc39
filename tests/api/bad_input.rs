//! Whatever comes in: a 4xx problem that names what is wrong, in two languages, and never a 5xx.

use super::support::fixtures::{District, path, site_in};
use super::support::*;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SITES: &str = "/api/v1/sites";

#[tokio::test]
async fn unknown_and_repeated_members_are_refused_at_any_depth() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let unknown = district.post(SITES, json!({"nam": "x"})).await;
    assert!(unknown.fields().contains(&"/nam unknown_field".to_owned()), "{:?}", unknown.fields());
    for body in [r#"{"name":"a","name":"b"}"#, r#"{"name":{"vi":1,"vi":2}}"#, r#"{"name":[{"a":1,"a":1}]}"#] {
        let answer = district.raw("POST", SITES, "application/json", body).await;
        answer.expect_problem(400, "malformed_body");
        assert!(answer.fields().iter().all(|field| field.ends_with("duplicate_field")), "{body} {:?}", answer.fields());
    }
}

#[tokio::test]
async fn what_is_not_json_is_400_with_line_and_column() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_object = format!("{}1{}", r#"{"a":"#.repeat(2_000), "}".repeat(2_000));
    let bodies: [&[u8]; 12] = [
        b"",
        b"{",
        b"{\"name\": \"a\"",
        b"{'name': 'a'}",
        b"{\"name\": NaN}",
        b"{\"lat\": 1e999}",
        b"{} {}",
        b"{\"name\": \"\xff\xfe\"}",
        b"{\"name\": \"\\ud800\"}",
        b"{\"name\": \"a\0b\"}",
        deep.as_bytes(),
        deep_object.as_bytes(),
    ];
    for body in bodies {
        let answer = district.raw("POST", SITES, "application/json", body).await;
        answer.expect_problem(400, "malformed_body");
        let detail = answer.body["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("dòng 1, cột"), "{:?}: {}", String::from_utf8_lossy(&body[..body.len().min(40)]), answer.text);
    }
    for body in ["null", "[]", "7", "\"text\"", "true"] {
        let answer = district.raw("POST", SITES, "application/json", body).await;
        assert_eq!((answer.status, answer.fields()), (422, vec![" type".to_owned()]), "{body}");
    }
}

#[tokio::test]
async fn text_is_stored_composed_and_without_control_characters() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let input = site_in(&app, &district.unit, "Ba\u{309}n Mu\u{31b}o\u{31b}\u{300}ng Lai").await;
    let made = district.client.post(SITES, input).await;
    assert_eq!(made.expect(201)["name"], "Bản Mường Lai");
    for text in ["a\u{0}b", "a\nb", "a\u{85}b", "a\u{7f}b", "\u{1b}[31m"] {
        let answer = district.client.patch_if(&path(&made), &made, json!({"name": text})).await;
        assert_eq!((answer.status, answer.fields()), (422, vec!["/name pattern".to_owned()]), "{text:?}");
    }
    for text in ["", "   ", "\u{a0}\u{2003}"] {
        let answer = district.client.patch_if(&path(&made), &made, json!({"name": text})).await;
        assert_eq!(answer.status, 422, "{text:?} {}", answer.text);
        assert!(answer.fields()[0].starts_with("/name "), "{:?}", answer.fields());
    }
    let prose = district.client.patch_if(&path(&made), &made, json!({"suitability_note": "một\r\nhai\tba"})).await;
    assert_eq!(prose.expect(200)["suitability_note"], "một\nhai\tba");
    let long = "ế".repeat(300);
    let kept = district.client.patch_if(&path(&made), &prose, json!({"name": long})).await;
    assert_eq!(kept.expect(200)["name"], long, "300 characters, not bytes");
}

#[tokio::test]
async fn bad_parameters_are_400_and_all_named() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    for (query, fields) in [
        ("limit=0", vec!["?limit too_small"]),
        ("limit=201", vec!["?limit too_large"]),
        ("limit=-1", vec!["?limit too_small"]),
        ("limit=ten", vec!["?limit type"]),
        ("limit=1.5", vec!["?limit type"]),
        ("limit=99999999999999999999", vec!["?limit type"]),
        ("limit=", vec!["?limit type"]),
        ("limit=1&limit=2", vec!["?limit duplicate_parameter"]),
        ("lim=1", vec!["?lim unknown_parameter"]),
        ("state=open", vec!["?state not_allowed"]),
        ("is_scheduled=yes", vec!["?is_scheduled type"]),
        ("campaign_id=1", vec!["?campaign_id format"]),
        ("starts_from=2023-08-12", vec!["?starts_from format"]),
        ("starts_from=2023-02-30T00:00:00Z", vec!["?starts_from format"]),
        ("sort=name", vec!["?sort not_allowed"]),
        ("sort=id,created_at", vec!["?sort not_allowed"]),
        ("fields=id,secret", vec!["?fields unknown_field"]),
        ("limit=0&state=x&y=1", vec!["?limit too_small", "?state not_allowed", "?y unknown_parameter"]),
    ] {
        let answer = district.get(&format!("{SITES}?{query}")).await;
        answer.expect_problem(400, "invalid_parameter");
        assert_eq!(answer.fields(), fields, "{query}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused_in_query_and_path() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    for query in ["q=%ff", "q=%00", "q=a%00b", "%ff=1", "q=%c3%28", "q=%0a", "cursor=%80", "q=%"] {
        let answer = district.get(&format!("{SITES}?{query}")).await;
        assert!(answer.status == 400 || (query == "q=%" && answer.status == 200), "{query}: {}", answer.text);
    }
    for id in ["%ff", "%00", "1", "x", "018b2f19e79e7d6aa56d29feb6211b04", "%7B018b2f19-e79e-7d6a-a56d-29feb6211b04%7D", "%F0%9F"] {
        let answer = district.get(&format!("{SITES}/{id}")).await;
        answer.expect_problem(400, "invalid_parameter");
        assert_eq!(answer.fields(), ["?id format"], "{id}");
    }
    for path in ["/%ff", "/%00", "/api/v1/%ff/%00", "/api/v1/sites/a/b/c", "/api/v2/sites", "/api/v1/sites/", "//", "/api/v1/.%2e/sites"] {
        district.get(path).await.expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_body_must_be_json_by_its_media_type_and_within_its_limit() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    for kind in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "", "application/jsonx", "multipart/form-data"] {
        district.client.raw("POST", SITES, kind, "{}").await.expect_problem(415, "unsupported_media_type");
    }
    let without = district.client.send(district.client.request("POST", SITES).body("{}")).await;
    without.expect_problem(415, "unsupported_media_type");
    let input = site_in(&app, &district.unit, "Bản").await.to_string();
    district.client.raw("POST", SITES, "Application/JSON; charset=utf-8", input).await.expect(201);

    let limit = 1024 * 1024;
    let exact = format!("{}{{}}", " ".repeat(limit - 2));
    district.client.raw("POST", SITES, "application/json", exact).await.expect(422);
    let over = format!("{}{{}}", " ".repeat(limit - 1));
    district.client.raw("POST", SITES, "application/json", over).await.expect_problem(413, "payload_too_large");
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_cut_off() {
    let app = TestApp::start_with(Setup { body_timeout: Duration::from_millis(300), ..Setup::default() }).await;
    let token = app.sign_in(Role::District).await.token();
    for framing in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let head = format!(
            "POST {SITES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"
        );
        let began = Instant::now();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(if framing.ends_with("chunked") { b"1\r\n{\r\n" } else { b"{" }).await.unwrap();
        let mut answer = vec![0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut answer)).await.unwrap().unwrap();
        let text = String::from_utf8_lossy(&answer[..read]);
        assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
        assert!(text.contains("request_timeout") && text.contains("application/problem+json"), "{text}");
        assert!(began.elapsed() >= Duration::from_millis(300));
    }
    app.sign_in(Role::District).await.get(SITES).await.expect(200);
}

#[tokio::test]
async fn problems_speak_vietnamese_or_english() {
    let app = TestApp::start().await;
    let anonymous = app.anonymous();
    for (language, title) in [
        (None, "Không tìm thấy"),
        (Some("en"), "Not found"),
        (Some("en-GB,en;q=0.9"), "Not found"),
        (Some("fr, en;q=0.5"), "Not found"),
        (Some("vi, en;q=0.5"), "Không tìm thấy"),
        (Some("en;q=0.2, vi;q=0.8"), "Không tìm thấy"),
        (Some("de"), "Không tìm thấy"),
        (Some(";;q=,,"), "Không tìm thấy"),
    ] {
        let client = language.map_or_else(|| anonymous.clone(), |language| anonymous.with_header("accept-language", language));
        let answer = client.get("/api/v1/nothing").await;
        assert_eq!(answer.expect_problem(404, "not_found")["title"], title, "{language:?}");
        assert_eq!(answer.header("content-language"), Some(if title == "Not found" { "en" } else { "vi" }));
        assert_eq!(answer.body["instance"], "/api/v1/nothing");
        assert_eq!(answer.body["type"], "/problems/not_found");
    }
    let district = app.sign_in(Role::District).await;
    let (vi, en) = (district.post(SITES, json!({})).await, district.in_english().post(SITES, json!({})).await);
    assert_eq!(vi.fields(), en.fields());
    assert_eq!(
        (&vi.body["errors"][0]["message"], &en.body["errors"][0]["message"]),
        (&json!("Trường bắt buộc."), &json!("The field is required."))
    );
}

#[tokio::test]
async fn permission_is_decided_before_the_body_is_judged() {
    let app = TestApp::start().await;
    app.anonymous().raw("POST", SITES, "application/json", "{").await.expect(401);
    app.sign_in(Role::Auditor).await.raw("POST", SITES, "application/json", "{").await.expect(403);
    app.sign_in(Role::Auditor).await.get(&format!("{SITES}?limit=0")).await.expect(400);
    app.sign_in(Role::CheckinOperator).await.patch(&format!("{SITES}/{}", uuid::Uuid::now_v7()), json!({})).await.expect(403);
}
