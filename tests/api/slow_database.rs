//! A database that is slow, or silent: who asks for something else is answered all the same, or told so soon.

use super::support::cluster;
use super::support::proxy::Proxy;
use super::support::*;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_list_that_waits_keeps_no_other_reader_of_its_worker_waiting() {
    let app = TestApp::start().await;
    let client = app.sign_in(Role::District).await;
    client.get("/api/v1/me").await.expect(200);
    let holder = sql::connect(&app.database_url).await.unwrap();
    for list in ["/api/v1/sites", "/api/v1/sites?with_total=true", "/api/v1/map/sites.geojson"] {
        holder.batch_execute("BEGIN; LOCK TABLE sites IN ACCESS EXCLUSIVE MODE").await.unwrap();
        let others = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let began = Instant::now();
            client.get("/api/v1/me").await.expect(200);
            client.get("/readyz").await.expect(200);
            assert!(began.elapsed() < Duration::from_secs(2), "{list}: {:?}", began.elapsed());
            holder.batch_execute("ROLLBACK").await.unwrap();
        };
        let (answer, ()) = tokio::join!(client.get(list), others);
        answer.expect(200);
    }
}

#[tokio::test]
async fn a_server_that_goes_silent_is_reported_by_readiness_within_seconds_and_found_again() {
    let shared = cluster::shared();
    let name = shared.clone_template().await;
    let proxy = Proxy::to(&shared.cluster.url(&name)).await;
    let app = TestApp::start_with(Setup { database_url: Some(proxy.url.clone()), ..Setup::default() }).await;
    let client = app.anonymous();
    client.get("/readyz").await.expect(200);
    proxy.set_silent(true);
    for _ in 0..2 {
        let began = Instant::now();
        client.get("/readyz").await.expect_problem(503, "database_unavailable");
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }
    client.get("/livez").await.expect(200);
    proxy.set_silent(false);
    let began = Instant::now();
    while client.get("/readyz").await.status != 200 {
        assert!(began.elapsed() < Duration::from_secs(15), "still away");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    shared.drop_later(&name);
}
