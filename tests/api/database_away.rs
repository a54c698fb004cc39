//! The database goes away and comes back: 503 with Retry-After meanwhile, and nobody has to start anything.

use super::support::cluster::{self, Cluster};
use super::support::fixtures::{District, path, site_in};
use super::support::*;
use ngayhoi::embedded_postgres::{EmbeddedPostgres, Options};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Asks until the service serves again.
async fn comes_back(client: &Client) {
    let began = Instant::now();
    loop {
        let ready = client.get("/readyz").await;
        if ready.status == 200 {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(15), "still away: {}", ready.text);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn is_away(client: &Client, site: &Value) {
    let answers = [client.get("/readyz").await, client.get("/api/v1/sites").await, client.post("/api/v1/sites", site.clone()).await];
    for answer in answers {
        answer.expect_problem(503, "database_unavailable");
        assert!(answer.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
    }
    client.get("/livez").await.expect(200);
    client.get("/version").await.expect(200);
}

#[tokio::test]
async fn a_server_that_stops_and_starts_again_is_found_again() {
    let cluster = Cluster::start("stopping");
    let url = cluster.url(ngayhoi::embedded_postgres::DATABASE);
    let (seeded, data_dir) = (url.clone(), cluster.data_dir.clone());
    let load = async move { cluster::load_demo(&seeded, &data_dir, &cluster::shared().keys).await };
    let accounts = tokio::task::spawn_blocking(|| cluster::block_on(load)).await.unwrap();
    let app = TestApp::start_with(Setup { database_url: Some(url), ..Setup::default() }).await;
    let account = accounts.iter().find(|account| account.role == Role::ProvincialAdministrator).unwrap();
    let client = app.anonymous().with_token(&account.token);
    client.get("/api/v1/sites").await.expect(200);

    let site = site_in(&app, &account.org_unit_id.to_string(), "Sau khi trở lại").await;
    let data_dir = cluster.data_dir.clone();
    let guard = cluster.stop();
    is_away(&client, &site).await;
    let options = Options { data_dir, durable: false, shim: PathBuf::from(env!("CARGO_BIN_EXE_ngayhoi")) };
    let server = tokio::task::spawn_blocking(move || EmbeddedPostgres::start(&options).unwrap()).await.unwrap();
    comes_back(&client).await;
    client.get("/api/v1/sites").await.expect(200);
    client.post("/api/v1/sites", site).await.expect(201);
    drop((server, guard));
}

#[tokio::test]
async fn a_database_that_takes_no_connections_is_503_and_comes_back_by_itself() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    let new = site_in(&app, &district.unit, "Mới").await;
    let name = app.text("SELECT current_database()").await;
    let admin = app.shared.cluster.url("postgres");
    let allow = |yes: bool| format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {yes}");
    let throw_out = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    sql::execute(&admin, &allow(false)).await;
    sql::execute(&admin, &throw_out).await;
    is_away(&district.client, &new).await;
    district.client.patch_if(&path(&site), &site, json!({"name": "Khác"})).await.expect_problem(503, "database_unavailable");
    sql::execute(&admin, &allow(true)).await;
    comes_back(&district.client).await;
    let read = district.client.get(&path(&site)).await;
    assert_eq!((read.expect(200)["name"].as_str(), read.etag()), (Some("Bản"), site.etag()), "nothing was half done");
    district.client.patch_if(&path(&site), &site, json!({"name": "Khác"})).await.expect(200);
}

#[tokio::test]
async fn connections_that_were_cut_are_not_noticed_by_callers() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let mut site = district.draft(&app, "Bản").await;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for round in 0..4 {
        app.execute(cut).await;
        if round % 2 == 0 {
            district.client.get(&path(&site)).await.expect(200);
        }
        let name = format!("Bản {round}");
        site = district.client.patch_if(&path(&site), &site, json!({"name": name})).await;
        site.expect(200);
    }
}

#[tokio::test]
async fn a_row_that_is_locked_too_long_is_503_and_not_500() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    let holder = sql::connect(&app.database_url).await.unwrap();
    holder.batch_execute("BEGIN; SELECT FROM sites FOR UPDATE").await.unwrap();
    // The lock is held until the answer is there: that it comes at all is what counts, and not how fast this machine is.
    let site_path = path(&site);
    let change = district.client.patch_if(&site_path, &site, json!({"name": "Khác"}));
    let answer = tokio::time::timeout(Duration::from_secs(60), change).await.expect("the caller waits for ever");
    answer.expect_problem(503, "overloaded");
    assert!(answer.header("retry-after").is_some());
    holder.batch_execute("ROLLBACK").await.unwrap();
    district.client.patch_if(&path(&site), &site, json!({"name": "Khác"})).await.expect(200);
}
