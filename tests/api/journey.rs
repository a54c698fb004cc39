//! The journey of `make journey`, played against the application of the suite; and that only a demo has its clock.

#[path = "../journey/story.rs"]
mod story;

use super::support::*;
use ngayhoi::participant_imports::worker::{Pace, Worker};
use std::time::Duration;

/// Plays it once; every answer is checked against the OpenAPI document as any other.
async fn play(app: &TestApp) -> Result<(), story::Failure> {
    let accounts = app.shared.accounts.iter().map(|account| story::Account {
        username: account.username.clone(),
        password: account.password.clone(),
        role: account.role.to_string(),
        org_unit: account.org_unit_id.to_string(),
    });
    let check = |answer: &story::client::Answer| {
        let story::client::Answer { method, path, status, headers, body, text, bytes } = answer.clone();
        contract::check(&Answer { method, path, status, headers, body, text, bytes });
    };
    let setting = story::Setting { url: format!("http://{}", app.address), accounts: accounts.collect(), check: Some(Box::new(check)) };
    tokio::select! {
        told = story::play(setting) => told,
        () = work_off_imports(app) => unreachable!("it never ends"),
    }
}

/// What a service does beside its requests.
async fn work_off_imports(app: &TestApp) {
    let worker = Worker::new(&app.database_url, app.clock.clone(), Pace::default()).unwrap();
    loop {
        worker.run_until_idle().await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn the_province_runs_a_campaign_from_the_plan_to_the_consolidated_report_and_can_do_so_again() {
    let app = TestApp::start().await;
    for _ in 0..2 {
        if let Err(failure) = play(&app).await {
            panic!("{failure}");
        }
    }
    assert_eq!(app.number("SELECT count(*) FROM campaigns WHERE state = 'closed'").await, 2);
}

#[tokio::test]
async fn outside_a_demo_the_clock_stays_and_there_is_no_journey() {
    let app = TestApp::start_with(Setup { is_demo: false, ..Setup::default() }).await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    province.put("/api/v1/demo/clock", json!({"now": "2023-08-20T00:00:59+07:00"})).await.expect_problem(403, "forbidden");
    let failure = play(&app).await.unwrap_err();
    assert!(failure.expected.contains("thử nghiệm"), "{failure}");
    assert_eq!(app.number("SELECT count(*) FROM campaigns").await, 1);
}
