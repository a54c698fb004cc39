//! Sites: the steps from draft to closed, and the rules of the plan on the way.

use super::support::fixtures::{District, hours, path, step};
use super::support::*;

fn because() -> Value {
    json!({"reason": "Mô hình tự quản hoạt động tốt."})
}

#[tokio::test]
async fn a_site_goes_from_draft_to_closed() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let nominated = district.nominated(&app, "Bản Mường Lai").await;
    assert_eq!((&nominated.body["state"], &nominated.body["nominated_by"]), (&json!("nominated"), &json!(district.unit)));

    let selected = province.post_if(&step(&nominated, "select"), &nominated, because()).await;
    let body = selected.expect(200);
    assert_eq!((&body["state"], &body["pilot_level"], &body["version"]), (&json!("selected"), &json!("province"), &json!(3)));
    assert_eq!(body["decision_reason"], because()["reason"]);
    let level = district.client.patch_if(&path(&selected), &selected, json!({"pilot_level": "none"})).await;
    assert_eq!((level.status, level.fields()), (422, vec!["/pilot_level selected_by_province".to_owned()]));

    let scheduled = district.client.post_if(&step(&selected, "schedule"), &selected, hours("2023-08-12", 8, 11)).await;
    assert_eq!((scheduled.expect(200)["state"].as_str(), scheduled.warnings().len()), (Some("scheduled"), 0));
    district.client.post_empty_if(&step(&selected, "hold"), &scheduled).await.expect_problem(409, "invalid_transition");
    app.set_now("2023-08-12T08:00:00+07:00");
    let held = district.client.post_empty_if(&step(&selected, "hold"), &scheduled).await;
    assert!(held.expect(200)["held_at"].as_str().unwrap().starts_with("2023-08-12T01:00:0"));
    let closed = district.client.post_empty_if(&step(&selected, "close"), &held).await;
    assert_eq!(closed.expect(200)["state"], "closed");
    district.client.patch_if(&path(&closed), &closed, json!({"name": "Khác"})).await.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn every_step_is_refused_from_every_state_it_does_not_start_from() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let site = district.draft(&app, "Bản").await;
    let police = app.sign_in(Role::StandingAgency).await;
    let steps: [(&str, &Client, Value, &[&str]); 8] = [
        ("nominate", &district.client, Value::Null, &["draft"]),
        ("shortlist", &police, because(), &["nominated"]),
        ("select", &province, because(), &["draft", "nominated", "shortlisted", "not_selected"]),
        ("decline", &province, because(), &["nominated", "shortlisted"]),
        // A scheduled site that the province has not selected has nothing to withdraw; one that has begun keeps its place.
        ("withdraw", &province, because(), &["nominated", "shortlisted", "selected"]),
        ("schedule", &district.client, hours("2023-08-12", 8, 11), &["draft", "selected", "not_selected", "scheduled"]),
        ("hold", &district.client, Value::Null, &["scheduled"]),
        ("close", &district.client, Value::Null, &["held"]),
    ];
    app.set_now("2023-08-13T08:00:00+07:00");
    for state in ["draft", "nominated", "shortlisted", "selected", "not_selected", "scheduled", "held", "closed"] {
        for (name, client, body, from) in &steps {
            let back = format!(
                "UPDATE sites SET state = '{state}', pilot_level = 'none', version = 1,
                 starts_at = timestamptz '2023-08-12 01:00Z' + CASE WHEN '{name}' = 'withdraw' THEN interval '5 days' ELSE interval '0' END,
                 ends_at = timestamptz '2023-08-12 04:00Z' + CASE WHEN '{name}' = 'withdraw' THEN interval '5 days' ELSE interval '0' END"
            );
            app.execute(&back).await;
            let answer = match body {
                Value::Null => client.post_empty_if(&step(&site, name), "\"1\"").await,
                body => client.post_if(&step(&site, name), "\"1\"", body.clone()).await,
            };
            if from.contains(&state) {
                answer.expect(200);
            } else {
                answer.expect_problem(409, "invalid_transition");
            }
        }
    }
}

#[tokio::test]
async fn a_declined_site_stays_with_its_district_and_can_be_held() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Văn Yên").await;
    let nominated = district.nominated(&app, "Bản").await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    district.client.post_if(&step(&nominated, "select"), &nominated, because()).await.expect_problem(403, "forbidden");
    let declined = province.post_if(&step(&nominated, "decline"), &nominated, because()).await;
    assert_eq!((&declined.expect(200)["state"], &declined.body["pilot_level"]), (&json!("not_selected"), &json!("none")));
    district.client.post_if(&step(&nominated, "schedule"), &declined, hours("2023-08-12", 8, 11)).await.expect(200);
    let empty = province.post_if(&step(&nominated, "decline"), &declined, json!({"reason": " "})).await;
    empty.expect(422);
}

#[tokio::test]
async fn a_third_provincial_pilot_site_is_refused_with_the_clause() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let mut nominated = Vec::new();
    for name in ["Lục Yên", "Văn Yên", "Trấn Yên"] {
        nominated.push(District::of(&app, name).await.nominated(&app, "Bản").await);
    }
    for site in &nominated[..2] {
        province.post_if(&step(site, "select"), site, because()).await.expect(200);
    }
    let third = province.post_if(&step(&nominated[2], "select"), &nominated[2], because()).await;
    let problem = third.expect_problem(409, "quota_reached");
    assert_eq!((&problem["rule_id"], &problem["clause"]), (&json!("R3"), &json!("II.2.2.1")));
    assert!(problem["detail"].as_str().unwrap().contains("đúng 2 điểm"), "{problem}");
    let unchanged = province.get(&path(&nominated[2])).await;
    assert_eq!((unchanged.expect(200)["state"].as_str(), unchanged.etag()), (Some("nominated"), nominated[2].etag()));
}

#[tokio::test]
async fn of_officials_who_take_the_last_place_at_once_one_wins() {
    let app = TestApp::start_wide().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let mut nominated = Vec::new();
    for name in ["Lục Yên", "Văn Yên", "Trấn Yên", "Yên Bình", "Văn Chấn"] {
        nominated.push(District::of(&app, name).await.nominated(&app, "Bản").await);
    }
    let officials = nominated.iter().map(|site| {
        let province = &province;
        async move { province.post_if(&step(site, "select"), site, because()).await }
    });
    let answers = futures_util::future::join_all(officials).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    let lost: Vec<&Answer> = answers.iter().filter(|answer| answer.code() == "quota_reached").collect();
    assert_eq!((won, lost.len()), (2, 3), "{:?}", answers.iter().map(|answer| (answer.status, answer.code())).collect::<Vec<_>>());
    assert!(lost.iter().all(|answer| answer.body["clause"] == "II.2.2.1"));
    assert_eq!(app.number("SELECT count(*) FROM sites WHERE pilot_level = 'province'").await, 2);
}

#[tokio::test]
async fn a_time_outside_the_window_is_refused_with_rule_and_clause() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    for (from, to, fields) in [
        ("2023-06-30T23:00:00+07:00", "2023-07-01T01:00:00+07:00", vec!["/starts_at outside_event_window"]),
        ("2023-08-19T23:00:00+07:00", "2023-08-20T00:00:00+07:00", vec!["/ends_at outside_event_window"]),
        ("2023-08-19T17:00:00Z", "2023-08-19T18:00:00Z", vec!["/ends_at outside_event_window", "/starts_at outside_event_window"]),
    ] {
        let answer = district.client.post_if(&step(&site, "schedule"), &site, json!({"starts_at": from, "ends_at": to})).await;
        let problem = answer.expect_problem(422, "rule_violated");
        assert_eq!((&problem["rule_id"], &problem["clause"]), (&json!("R1"), &json!("II.2.2.3")));
        assert_eq!(answer.fields(), fields);
    }
    let backwards = district.client.post_if(&step(&site, "schedule"), &site, hours("2023-08-12", 11, 8)).await;
    assert_eq!((backwards.status, backwards.fields()), (422, vec!["/ends_at ends_before_start".to_owned()]));
    let first = json!({"starts_at": "2023-07-01T00:00:00+07:00", "ends_at": "2023-07-01T02:00:00+07:00"});
    let moved = district.client.post_if(&step(&site, "schedule"), &site, first).await;
    moved.expect(200);
    let last = json!({"starts_at": "2023-08-19T20:00:00+07:00", "ends_at": "2023-08-19T23:59:59+07:00"});
    district.client.post_if(&step(&site, "schedule"), &moved, last).await.expect(200);
}

#[tokio::test]
async fn the_last_day_and_the_same_hour_give_warnings_in_the_callers_language() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    district.scheduled(&app, "Bản Một").await;
    let second = district.draft(&app, "Bản Hai").await;
    let same_hour = district.client.in_english().post_if(&step(&second, "schedule"), &second, hours("2023-08-12", 10, 12)).await;
    same_hour.expect(200);
    assert_eq!(same_hour.warnings(), ["same_organiser_same_hour"]);
    assert_eq!(same_hour.body["warnings"][0]["message"], "At the same hour as: Bản Một.");
    let last_day = district.client.post_if(&step(&second, "schedule"), &same_hour, hours("2023-08-19", 8, 11)).await;
    last_day.expect(200);
    assert_eq!(last_day.warnings(), ["last_day_report_due_same_day"]);
    assert_eq!(last_day.body["warnings"][0]["clause"], "III.3");
    let next_to_it = district.draft(&app, "Bản Ba").await;
    let after = district.client.post_if(&step(&next_to_it, "schedule"), &next_to_it, hours("2023-08-12", 11, 12)).await;
    assert_eq!((after.status, after.warnings().len()), (200, 0), "one begins when the other ends");
}

#[tokio::test]
async fn a_closed_campaign_takes_no_new_sites_and_no_steps() {
    let app = TestApp::start().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.draft(&app, "Bản").await;
    app.execute("UPDATE campaigns SET state = 'closed'").await;
    let new = super::support::fixtures::site_in(&app, &district.unit, "Mới").await;
    district.client.post("/api/v1/sites", new).await.expect_problem(409, "invalid_transition");
    district.client.post_empty_if(&step(&site, "nominate"), &site).await.expect_problem(409, "invalid_transition");
    district.client.post_if(&step(&site, "schedule"), &site, hours("2023-08-12", 8, 9)).await.expect_problem(409, "invalid_transition");
}
