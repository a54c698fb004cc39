//! Activities: planned, held or cancelled; the window that each phase allows.

use super::support::*;
use futures_util::future::join_all;

const PATH: &str = "/api/v1/activities";

/// A listening forum of the district's committee, with other members as given.
async fn forum(app: &TestApp, members: Value) -> Value {
    let mut body = json!({
        "campaign_id": app.campaign_id().await, "org_unit_id": app.org_unit_of_kind("district_committee", "Lục Yên").await,
        "kind": "listening_forum", "phase": "during", "title": "Diễn đàn Công an lắng nghe ý kiến Nhân dân",
        "place": "Nhà văn hóa bản Mường Lai", "starts_at": "2023-08-12T14:00:00+07:00", "ends_at": "2023-08-12T16:00:00+07:00",
    });
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn site(app: &TestApp, client: &Client, unit: &str, name: &str) -> String {
    let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": unit, "name": name, "kind": "residential_area"});
    let made = client.post("/api/v1/sites", body).await;
    made.expect(201);
    made.id()
}

#[tokio::test]
async fn an_activity_is_planned_held_with_its_figures_and_found_again() {
    let app = TestApp::start().await;
    let district = app.district("Lục Yên").await;
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let site = site(&app, &district, &unit, "Bản Mường Lai").await;
    let made = district.post(PATH, forum(&app, json!({"site_id": site})).await).await;
    assert_eq!(made.expect(201)["state"], "planned");
    assert_eq!(made.location(), format!("{PATH}/{}", made.id()));
    let path = made.location();
    assert_eq!(district.get(&path).await.expect(200), &made.body);
    assert_eq!(district.get_if_none_match(&path, &made).await.status, 304);

    app.set_now("2023-08-12T17:00:00+07:00");
    let figures = json!({"attendance_count": 210, "cost_vnd": 4_500_000, "funding_source": "budget_estimate"});
    let held = district.post_if(&format!("{path}/hold"), &made, figures).await;
    let body = held.expect(200);
    assert_eq!((&body["state"], &body["attendance_count"], &body["cost_vnd"]), (&json!("held"), &json!(210), &json!(4_500_000)));
    assert_eq!((held.warnings().len(), body["version"].clone()), (0, json!(2)));

    let province = app.org_unit_of_kind("provincial_committee", "").await;
    for filter in [
        format!("org_unit_id={unit}"),
        format!("under_org_unit_id={province}"),
        format!("site_id={site}&phase=during&kind=listening_forum&state=held"),
        "starts_from=2023-08-12T07:00:00Z&starts_before=2023-08-12T07:00:01Z".to_owned(),
        "q=dien+dan+MUONG".to_owned(),
    ] {
        assert_eq!(district.get(&format!("{PATH}?{filter}")).await.items().len(), 1, "{filter}");
    }
    for filter in ["phase=before", "kind=sports", "state=planned", "starts_before=2023-08-12T07:00:00Z", "q=gap+mat"] {
        assert_eq!(district.get(&format!("{PATH}?{filter}")).await.items().len(), 0, "{filter}");
    }
    let feed = app.sql("SELECT action, data FROM events WHERE resource = 'activity' ORDER BY seq").await;
    assert_eq!(feed.iter().map(|event| event["action"].as_str().unwrap()).collect::<Vec<_>>(), ["created", "held"]);
    assert_eq!((&feed[1]["data"]["from"], &feed[1]["data"]["to"]), (&json!("planned"), &json!("held")));
}

#[tokio::test]
async fn an_activity_of_the_festival_outside_the_window_is_refused_with_the_clause() {
    let app = TestApp::start().await;
    let district = app.district("Lục Yên").await;
    let outside = json!({"starts_at": "2023-06-30T23:00:00+07:00", "ends_at": "2023-08-20T00:00:00+07:00"});
    let refused = district.post(PATH, forum(&app, outside).await).await;
    let problem = refused.expect_problem(422, "rule_violated");
    assert_eq!((&problem["rule_id"], &problem["clause"]), (&json!("R1"), &json!("II.2.2.3")));
    assert_eq!(refused.fields(), ["/ends_at outside_event_window", "/starts_at outside_event_window"]);

    let last = json!({"starts_at": "2023-08-19T20:00:00+07:00", "ends_at": "2023-08-19T23:59:59+07:00"});
    let made = district.post(PATH, forum(&app, last).await).await;
    made.expect(201);
    let moved = district.patch_if(&made.location(), &made, json!({"starts_at": "2023-08-20T08:00:00+07:00", "ends_at": null})).await;
    moved.expect_problem(422, "rule_violated");
    assert_eq!(moved.fields(), ["/starts_at outside_event_window"]);
}

#[tokio::test]
async fn what_leads_up_to_the_festival_may_come_before_the_window_and_what_follows_after_it() {
    let app = TestApp::start().await;
    let district = app.district("Lục Yên").await;
    let at = |phase: &str, at: &str| json!({"phase": phase, "starts_at": at, "ends_at": null});
    for (phase, time, status) in [
        ("before", "2023-04-05T08:00:00+07:00", 201),
        ("before", "2023-08-19T08:00:00+07:00", 201),
        ("before", "2023-08-20T00:00:00+07:00", 422),
        ("after", "2023-10-01T08:00:00+07:00", 201),
        ("after", "2023-07-01T00:00:00+07:00", 201),
        ("after", "2023-06-30T23:59:59+07:00", 422),
    ] {
        let answer = district.post(PATH, forum(&app, at(phase, time)).await).await;
        let body = answer.expect(status);
        assert_eq!(body["rule_id"].as_str(), (status == 422).then_some("R1"), "{phase} {time}");
    }
    let made = district.post(PATH, forum(&app, at("before", "2023-04-06T08:00:00+07:00")).await).await;
    let moved = district.patch_if(&made.location(), &made, json!({"phase": "during"})).await;
    assert_eq!(moved.expect_problem(422, "rule_violated")["clause"], "II.2.2.3");
}

#[tokio::test]
async fn another_activity_of_the_same_organiser_at_the_same_hour_gives_a_warning() {
    let app = TestApp::start().await;
    let district = app.district("Lục Yên").await;
    let first = district.post(PATH, forum(&app, json!({})).await).await;
    assert!(first.expect(201)["warnings"].as_array().unwrap().is_empty());
    let after = json!({"starts_at": "2023-08-12T16:00:00+07:00", "ends_at": null, "title": "Giao lưu bóng chuyền", "kind": "sports"});
    assert!(district.post(PATH, forum(&app, after).await).await.warnings().is_empty());
    let inside = json!({"starts_at": "2023-08-12T16:30:00+07:00", "ends_at": "2023-08-12T17:30:00+07:00", "title": "Thi kéo co", "kind": "folk_games"});
    let second = district.post(PATH, forum(&app, inside).await).await;
    assert_eq!(second.expect(201)["warnings"][0]["code"], "same_organiser_same_hour");
    assert!(second.text.contains("Giao lưu bóng chuyền"));
    let elsewhere = app.district("Văn Yên").await;
    let theirs = json!({"org_unit_id": app.org_unit_of_kind("district_committee", "Văn Yên").await});
    assert!(elsewhere.post(PATH, forum(&app, theirs).await).await.warnings().is_empty());
    let moved = district.patch_if(&second.location(), &second, json!({"starts_at": "2023-08-12T08:00:00+07:00"})).await;
    assert_eq!(moved.warnings(), ["same_organiser_same_hour"]);
}

#[tokio::test]
async fn it_is_not_held_before_it_began_and_a_cost_without_its_source_gives_a_warning() {
    let app = TestApp::start().await;
    let district = app.district("Lục Yên").await;
    let made = district.post(PATH, forum(&app, json!({})).await).await;
    let hold = format!("{}/hold", made.location());
    app.set_now("2023-08-12T13:59:50+07:00");
    district.post_if(&hold, &made, json!({})).await.expect_problem(409, "invalid_transition");
    app.set_now("2023-08-12T14:00:00+07:00");
    let held = district.post_if(&hold, &made, json!({"cost_vnd": 1_000_000})).await;
    let warning = &held.expect(200)["warnings"][0];
    assert_eq!(
        (&warning["code"], &warning["rule_id"], &warning["clause"]),
        (&json!("cost_without_funding_source"), &json!("R21"), &json!("II.4"))
    );
}

#[tokio::test]
async fn what_was_held_or_cancelled_does_not_change_any_more() {
    let app = TestApp::start().await;
    let district = app.district("Lục Yên").await;
    let made = district.post(PATH, forum(&app, json!({})).await).await;
    let (path, id) = (made.location(), made.id());
    assert_eq!(district.post_if(&format!("{path}/cancel"), &made, json!({})).await.fields(), ["/reason required"]);
    let cancelled = district.post_if(&format!("{path}/cancel"), &made, json!({"reason": "Mưa lũ"})).await;
    let body = cancelled.expect(200);
    assert_eq!((&body["state"], &body["cancel_reason"]), (&json!("cancelled"), &json!("Mưa lũ")));
    app.set_now("2023-08-12T17:00:00+07:00");
    let held = district.post_if(&format!("{path}/hold"), &cancelled, json!({})).await;
    held.expect_problem(409, "invalid_transition");
    district.patch_if(&path, &cancelled, json!({"title": "Khác"})).await.expect_problem(409, "invalid_transition");
    district.delete_if(&path, &cancelled).await.expect_problem(409, "invalid_transition");
    assert_eq!(district.get(&format!("{PATH}?state=cancelled")).await.items()[0]["id"], json!(id));

    let other = district.post(PATH, forum(&app, json!({})).await).await;
    district.delete_if(&other.location(), &other).await.expect(204);
    district.get(&other.location()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn only_sites_and_units_that_the_caller_can_see_are_taken() {
    let app = TestApp::start().await;
    let (lucyen, vanyen) = (app.district("Lục Yên").await, app.district("Văn Yên").await);
    let there = app.org_unit_of_kind("district_committee", "Văn Yên").await;
    let foreign = site(&app, &vanyen, &there, "Thị trấn Mậu A").await;
    let unknown = "018b2f19-e79e-7d6a-a56d-29feb6211b04";
    for site in [foreign.as_str(), unknown] {
        let refused = lucyen.post(PATH, forum(&app, json!({"site_id": site})).await).await;
        refused.expect_problem(422, "validation_failed");
        assert_eq!(refused.fields(), ["/site_id unknown_reference"]);
    }
    let refused = lucyen.post(PATH, forum(&app, json!({"org_unit_id": there})).await).await;
    assert_eq!(refused.fields(), ["/org_unit_id unknown_reference"]);
    let refused = lucyen.post(PATH, forum(&app, json!({"campaign_id": unknown})).await).await;
    assert_eq!(refused.fields(), ["/campaign_id unknown_reference"]);
    let made = lucyen.post(PATH, forum(&app, json!({})).await).await;
    let patched = lucyen.patch_if(&made.location(), &made, json!({"site_id": foreign})).await;
    assert_eq!(patched.fields(), ["/site_id unknown_reference"]);
    // The police work across districts: they see the site, so they may hold their forum there.
    let police = app.sign_in(Role::StandingAgency).await;
    let theirs = json!({"site_id": foreign, "org_unit_id": app.org_unit_of_kind("provincial_police", "").await});
    police.post(PATH, forum(&app, theirs).await).await.expect(201);
}

#[tokio::test]
async fn others_see_or_change_an_activity_as_far_as_their_role_and_scope_go() {
    let app = TestApp::start().await;
    let district = app.district("Lục Yên").await;
    let made = district.post(PATH, forum(&app, json!({})).await).await;
    let path = made.location();
    app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
    app.anonymous().post(PATH, json!({})).await.expect_problem(401, "unauthenticated");
    let elsewhere = app.district("Văn Yên").await;
    elsewhere.get(&path).await.expect_problem(404, "not_found");
    elsewhere.patch_if(&path, &made, json!({"place": null})).await.expect_problem(404, "not_found");
    elsewhere.delete_if(&path, &made).await.expect_problem(404, "not_found");
    elsewhere.post_if(&format!("{path}/hold"), &made, json!({})).await.expect_problem(404, "not_found");
    elsewhere.post_if(&format!("{path}/cancel"), &made, json!({"reason": "x"})).await.expect_problem(404, "not_found");
    assert!(elsewhere.get(PATH).await.items().is_empty());
    let centre = app.sign_in(Role::OperationsCentre).await;
    centre.get(&path).await.expect(200);
    centre.post(PATH, json!({})).await.expect_problem(403, "forbidden");
    centre.patch_if(&path, &made, json!({})).await.expect_problem(403, "forbidden");
    centre.delete_if(&path, &made).await.expect_problem(403, "forbidden");
    centre.post_if(&format!("{path}/hold"), &made, json!({})).await.expect_problem(403, "forbidden");
    centre.post_if(&format!("{path}/cancel"), &made, json!({"reason": "x"})).await.expect_problem(403, "forbidden");
    app.sign_in(Role::CheckinOperator).await.get(PATH).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn bad_fields_are_named_and_a_version_is_asked_for() {
    let app = TestApp::start().await;
    let district = app.district("Lục Yên").await;
    let bad = json!({"kind": "Tiệc", "phase": null, "title": "", "starts_at": "12/8/2023", "extra": 1});
    let refused = district.post(PATH, forum(&app, bad).await).await;
    refused.expect_problem(422, "validation_failed");
    let fields = refused.fields();
    for pointer in ["/kind ", "/phase ", "/title ", "/starts_at ", "/extra unknown_field"] {
        assert!(fields.iter().any(|field| field.starts_with(pointer)), "{pointer}: {fields:?}");
    }
    // The database keeps microseconds: these two are the same instant there.
    let same = json!({"starts_at": "2023-08-12T14:00:00.0000001Z", "ends_at": "2023-08-12T14:00:00.0000002Z"});
    assert_eq!(district.post(PATH, forum(&app, same).await).await.fields(), ["/ends_at ends_before_start"]);

    let made = district.post(PATH, forum(&app, json!({})).await).await;
    let path = made.location();
    district.patch(&path, json!({"place": null})).await.expect_problem(428, "precondition_required");
    district.delete(&path).await.expect_problem(428, "precondition_required");
    district.post(&format!("{path}/hold"), json!({})).await.expect_problem(428, "precondition_required");
    district.post(&format!("{path}/cancel"), json!({})).await.expect_problem(428, "precondition_required");
    assert_eq!(
        district.patch_if(&path, &made, json!({"ends_at": "2023-08-12T13:00:00+07:00"})).await.fields(),
        ["/ends_at ends_before_start"]
    );
    assert_eq!(district.patch_if(&path, &made, json!({"title": null})).await.fields(), ["/title type"]);
    assert_eq!(district.post_if(&format!("{path}/hold"), &made, json!({"cost_vnd": -1})).await.fields(), ["/cost_vnd too_small"]);
    let patched = district.patch_if(&path, &made, json!({"place": null})).await;
    assert_eq!(patched.expect(200)["place"], Value::Null);
    district.patch_if(&path, &made, json!({"place": "Sân"})).await.expect_problem(412, "precondition_failed");
    district.get(&format!("{PATH}?state=done&colour=red")).await.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn of_twelve_writers_with_one_version_one_wins() {
    let app = TestApp::start_wide().await;
    let district = app.district("Lục Yên").await;
    let made = district.post(PATH, forum(&app, json!({})).await).await;
    let (path, district, made) = (&made.location(), &district, &made);
    let writes = (0..12).map(async |n| district.patch_if(path, made, json!({"place": format!("Sân số {n}")})).await.status);
    let mut statuses = join_all(writes).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![412; 11]].concat());
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'activity' AND action = 'updated'").await, 1);
}

#[tokio::test]
async fn a_window_that_leaves_out_an_activity_is_refused() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let path = format!("/api/v1/campaigns/{}", app.campaign_id().await);
    let made = province.post(PATH, forum(&app, json!({})).await).await;
    made.expect(201);
    for (change, field) in [(json!({"event_from": "2023-08-13"}), "/event_from"), (json!({"event_to": "2023-08-11"}), "/event_to")] {
        let refused = province.patch_if(&path, "*", change).await;
        assert_eq!((refused.status, refused.fields()), (422, vec![format!("{field} contradicts_recorded")]), "{}", refused.text);
    }
    let cancel = format!("{}/cancel", made.location());
    province.post_if(&cancel, &made, json!({"reason": "Mưa lũ"})).await.expect(200);
    province.patch_if(&path, "*", json!({"event_to": "2023-08-11"})).await.expect(200);
}

#[tokio::test]
async fn an_activity_that_leads_up_to_the_festival_does_not_hold_its_first_day() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let path = format!("/api/v1/campaigns/{}", app.campaign_id().await);
    province.post(PATH, forum(&app, json!({"phase": "before"})).await).await.expect(201);
    province.patch_if(&path, "*", json!({"event_from": "2023-08-13"})).await.expect(200);
    let refused = province.patch_if(&path, "*", json!({"event_from": "2023-07-01", "event_to": "2023-08-11"})).await;
    assert_eq!(refused.fields(), ["/event_to contradicts_recorded"]);
}

#[tokio::test]
async fn of_an_activity_and_a_window_that_exclude_each_other_one_wins() {
    let app = TestApp::start_wide().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let path = format!("/api/v1/campaigns/{}", app.campaign_id().await);
    for _ in 0..8 {
        let last_day = json!({"starts_at": "2023-08-19T08:00:00+07:00", "ends_at": "2023-08-19T11:00:00+07:00"});
        let (planned, narrowed) = tokio::join!(
            province.post(PATH, forum(&app, last_day).await),
            province.patch_if(&path, "*", json!({"event_to": "2023-08-18"}))
        );
        assert!((planned.status == 201) != (narrowed.status == 200), "{} and {}", planned.text, narrowed.text);
        app.execute("DELETE FROM activities; UPDATE campaigns SET event_to = '2023-08-19'").await;
    }
}
