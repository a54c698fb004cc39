//! The program itself: what its commands leave in the database, and how the service stops.

use super::support::fixtures::read_changes;
use super::support::*;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn ngayhoi(app: &TestApp, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ngayhoi"));
    command.args(arguments).env("DATABASE_URL", &app.database_url).env("NGAYHOI_DATA_DIR", &app.shared.cluster.data_dir);
    command
}

#[tokio::test]
async fn a_password_that_is_reset_ends_the_sessions_and_is_told() {
    let app = TestApp::start().await;
    let account = app.shared.account(Role::Commune);
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let output = ngayhoi(&app, &["user", "reset-password", &account.username]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let password = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let body = json!({"username": account.username, "password": password});
    app.anonymous().post("/api/v1/auth/login", body).await.expect(200);
    app.sign_in(Role::Commune).await.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    let (changes, _) = read_changes(&province, "0-0".to_owned(), 1, 50).await;
    assert_eq!(
        (changes[0]["resource_id"].as_str(), &changes[0]["action"]),
        (Some(account.id.to_string().as_str()), &json!("password_changed"))
    );
    let unknown = ngayhoi(&app, &["user", "reset-password", "không ai"]).output().unwrap();
    assert!(!unknown.status.success());
}

#[tokio::test]
async fn a_service_that_is_told_to_stop_says_so_before_it_ends() {
    let app = TestApp::start().await;
    let mut service = ngayhoi(&app, &["serve"])
        .env("NGAYHOI_LISTEN", "127.0.0.1:0")
        .env("NGAYHOI_WORKERS", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(service.stdout.take().unwrap()).lines();
    let address = lines.find_map(|line| Some(line.unwrap().split_once("serves on ")?.1.to_owned())).unwrap();
    let client = Client::new(reqwest::Client::builder().no_proxy().build().unwrap(), address);
    client.get("/readyz").await.expect(200);
    Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap();
    let began = Instant::now();
    while client.get("/readyz").await.status == 200 {
        assert!(began.elapsed() < Duration::from_secs(2), "ready although it stops");
    }
    client.get("/version").await.expect(200);
    let status = tokio::task::spawn_blocking(move || service.wait().unwrap()).await.unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn a_plan_is_read_from_its_file_and_kept_as_a_draft_where_it_belongs() {
    let app = TestApp::start().await;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/plans/plan-81.pdf");
    let read = ngayhoi(&app, &["plan", "import", file]).output().unwrap();
    let reading: Value = serde_json::from_slice(&read.stdout).unwrap();
    assert_eq!(reading["document_number"]["value"], "81/KH-BCĐ");
    let (campaign, unit) = (app.campaign_id().await, app.org_unit_of_kind("provincial_committee", "Yên Bái").await);
    let kept = ngayhoi(&app, &["plan", "import", file, "--campaign", &campaign, "--org-unit", &unit]).output().unwrap();
    assert!(kept.status.success(), "{}", String::from_utf8_lossy(&kept.stderr));
    let id = String::from_utf8(kept.stdout).unwrap().trim().to_owned();
    let plan = app.sign_in(Role::ProvincialAdministrator).await.get(&format!("/api/v1/plans/{id}")).await;
    assert_eq!((&plan.expect(200)["state"], &plan.body["number"]), (&json!("draft"), &json!(81)));
    let nowhere = ngayhoi(&app, &["plan", "import", file, "--campaign", &unit, "--org-unit", &unit]).output().unwrap();
    assert!(!nowhere.status.success() && String::from_utf8_lossy(&nowhere.stderr).contains("campaign_id"));
}

#[tokio::test]
async fn a_province_is_set_up_on_a_database_and_not_twice() {
    let app = TestApp::start().await;
    let arguments = ["province", "add", "--code", "01", "--committee", "Ban Chỉ đạo 138 thành phố Hà Nội", "--username", "quantri.hanoi"];
    let added = ngayhoi(&app, &arguments).output().unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let password = String::from_utf8(added.stdout).unwrap().trim().to_owned();
    let tokens = app.anonymous().post("/api/v1/auth/login", json!({"username": "quantri.hanoi", "password": password})).await;
    let client = app.anonymous().with_token(tokens.expect(200)["access_token"].as_str().unwrap());
    let unit = client.get("/api/v1/me").await.expect(200)["org_unit_id"].clone();
    let campaign = json!({"org_unit_id": unit, "name": "Ngày hội năm 2026", "year": 2026, "event_from": "2026-07-01", "event_to": "2026-08-19",
                          "report_due_before": "2026-08-20", "provincial_pilot_count": 2, "min_district_nominations": 1});
    client.post("/api/v1/campaigns", campaign).await.expect(201);
    assert_eq!(client.get("/api/v1/campaigns").await.items().len(), 1, "the other province's campaign is out of sight");
    let twice = ngayhoi(&app, &arguments).output().unwrap();
    assert!(!twice.status.success() && String::from_utf8_lossy(&twice.stderr).contains("there already"));
}
