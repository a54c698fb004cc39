//! Campaigns: parameters, life cycle, nominations and their gaps.

use super::support::*;

async fn province_unit(app: &TestApp) -> String {
    app.org_unit_of_kind("provincial_committee", "Yên Bái").await
}

/// A campaign of another year, to be changed as a test likes.
async fn draft(app: &TestApp, province: &Client, year: i32) -> Answer {
    let made = province.post("/api/v1/campaigns", body(&province_unit(app).await, year)).await;
    made.expect(201);
    made
}

fn body(org_unit_id: &str, year: i32) -> Value {
    json!({"org_unit_id": org_unit_id, "name": format!("Ngày hội năm {year}"), "year": year,
           "event_from": format!("{year}-07-01"), "event_to": format!("{year}-08-19"), "report_due_before": format!("{year}-08-20"),
           "provincial_pilot_count": 2, "min_district_nominations": 1})
}

fn path(campaign: &Answer) -> String {
    format!("/api/v1/campaigns/{}", campaign.id())
}

#[tokio::test]
async fn the_campaign_of_2023_has_the_parameters_of_the_plan_for_every_role() {
    let app = TestApp::start().await;
    let id = app.campaign_id().await;
    for role in Role::ACCOUNTS {
        let client = app.sign_in(*role).await;
        let campaign = client.get(&format!("/api/v1/campaigns/{id}")).await;
        let body = campaign.expect(200);
        assert_eq!((&body["event_from"], &body["event_to"]), (&json!("2023-07-01"), &json!("2023-08-19")));
        assert_eq!((&body["report_due_before"], &body["state"]), (&json!("2023-08-20"), &json!("issued")));
        assert_eq!((&body["provincial_pilot_count"], &body["min_district_nominations"]), (&json!(2), &json!(1)));
        client.get_if_none_match(&format!("/api/v1/campaigns/{id}"), &campaign).await.expect(304);
    }
    app.anonymous().get(&format!("/api/v1/campaigns/{id}")).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn campaigns_are_found_by_year_state_owner_and_text_and_paged() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    draft(&app, &province, 2024).await;
    draft(&app, &province, 2025).await;
    let years = async |query: &str| {
        let list = province.get(&format!("/api/v1/campaigns?{query}")).await;
        list.items().iter().map(|one| one["year"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(years("sort=-year").await, [2025, 2024, 2023]);
    assert_eq!(years("year=2024").await, [2024]);
    assert_eq!(years("state=draft&sort=event_from,-id").await, [2024, 2025]);
    assert_eq!(years("q=YEN+bai+ngay").await, [2023]);
    assert_eq!(years(&format!("org_unit_id={}&state=issued", province_unit(&app).await)).await, [2023]);
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = province.get(&format!("/api/v1/campaigns?sort=-created_at,id&limit=1&with_total=true{cursor}")).await;
        assert_eq!(page.expect(200)["total"], 3);
        seen.push(page.items()[0]["year"].as_i64().unwrap());
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    seen.sort_unstable();
    assert_eq!(seen, [2023, 2024, 2025]);
    province.get("/api/v1/campaigns?nothing=1").await.expect_problem(400, "invalid_parameter");
    province.get("/api/v1/campaigns?cursor=abc").await.expect_problem(400, "cursor_invalid");
}

#[tokio::test]
async fn a_campaign_is_owned_by_a_body_of_the_level_province_and_there_is_one_a_year() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let district = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    let create = async |body: Value| province.post("/api/v1/campaigns", body).await;
    assert_eq!(create(body(&district, 2024)).await.fields(), ["/org_unit_id not_a_province"]);
    let ministry = app.org_unit("Bộ Công an").await;
    assert_eq!(create(body(&ministry, 2024)).await.fields(), ["/org_unit_id unknown_reference"]);
    let unit = province_unit(&app).await;
    let again = create(body(&unit, 2023)).await;
    again.expect_problem(409, "duplicate");
    assert_eq!(again.fields(), ["/year duplicate"]);
    let mut wrong = body(&unit, 2024);
    wrong["event_to"] = json!("2024-06-30");
    assert_eq!(create(wrong.clone()).await.fields(), ["/event_to window_reversed"]);
    wrong["event_to"] = json!("2024-08-19");
    wrong["report_due_before"] = json!("2024-07-01");
    assert_eq!(create(wrong.clone()).await.fields(), ["/report_due_before limit_before_window"]);
    wrong["report_due_before"] = json!("2024-13-01");
    wrong["provincial_pilot_count"] = json!(-1);
    wrong["nothing"] = json!(1);
    let fields = create(wrong).await.fields();
    assert_eq!(fields, ["/nothing unknown_field", "/provincial_pilot_count too_small", "/report_due_before format"]);
    let mut nowhere = body(&unit, 2024);
    nowhere["admin_unit_id"] = json!("018b2f19-e79e-7d6a-a56d-29feb6211b04");
    assert_eq!(create(nowhere).await.fields(), ["/admin_unit_id unknown_reference"]);
    for role in [Role::District, Role::StandingAgency, Role::CentralViewer, Role::Auditor] {
        app.sign_in(role).await.post("/api/v1/campaigns", body(&unit, 2024)).await.expect_problem(403, "forbidden");
    }
    assert_eq!(app.number("SELECT count(*) FROM campaigns").await, 1);
}

#[tokio::test]
async fn a_campaign_goes_from_draft_to_closed_step_by_step_and_no_other_way() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let mut last = draft(&app, &province, 2024).await;
    let path = path(&last);
    let steps = [("issue", "issued"), ("start", "running"), ("open-reporting", "reporting"), ("close", "closed")];
    for (next, (step, state)) in steps.iter().enumerate() {
        for (other, (wrong, _)) in steps.iter().enumerate() {
            if other != next {
                province.post_empty_if(&format!("{path}/{wrong}"), &last).await.expect_problem(409, "invalid_transition");
            }
        }
        province.post_empty(&format!("{path}/{step}")).await.expect_problem(428, "precondition_required");
        province.post_empty_if(&format!("{path}/{step}"), "\"99\"").await.expect_problem(412, "precondition_failed");
        app.sign_in(Role::District).await.post_empty_if(&format!("{path}/{step}"), &last).await.expect_problem(403, "forbidden");
        last = province.post_empty_if(&format!("{path}/{step}"), &last).await;
        assert_eq!(last.expect(200)["state"], *state);
    }
    province.patch_if(&path, &last, json!({"name": "Khác"})).await.expect_problem(409, "invalid_transition");
    province.delete_if(&path, &last).await.expect_problem(409, "invalid_transition");
    let events =
        app.sql(&format!("SELECT action FROM events WHERE resource = 'campaign' AND campaign_id = '{}' ORDER BY seq", last.id())).await;
    let actions: Vec<_> = events.iter().map(|event| event["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["created", "issued", "started", "reporting_opened", "closed"]);
}

#[tokio::test]
async fn parameters_change_with_the_version_that_was_read() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = draft(&app, &province, 2024).await;
    let path = path(&campaign);
    province.patch(&path, json!({"name": "Khác"})).await.expect_problem(428, "precondition_required");
    let changed = province.patch_if(&path, &campaign, json!({"event_to": "2024-08-25", "report_due_before": "2024-08-27"})).await;
    assert_eq!(changed.expect(200)["event_to"], "2024-08-25");
    assert_eq!(changed.body["version"], 2);
    province.patch_if(&path, &campaign, json!({"name": "Khác"})).await.expect_problem(412, "precondition_failed");
    let wrong = province.patch_if(&path, &changed, json!({"event_from": "2024-08-28"})).await;
    assert_eq!(wrong.fields(), ["/event_to window_reversed", "/report_due_before limit_before_window"]);
    let null = province.patch_if(&path, &changed, json!({"year": 2026, "name": null})).await;
    assert_eq!(null.fields(), ["/name type", "/year unknown_field"]);
    assert_eq!(province.get(&path).await.expect(200), &changed.body);
    province.get("/api/v1/campaigns/018b2f19-e79e-7d6a-a56d-29feb6211b04").await.expect_problem(404, "not_found");
    province.patch_if("/api/v1/campaigns/018b2f19-e79e-7d6a-a56d-29feb6211b04", "*", json!({})).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_window_that_leaves_out_a_scheduled_site_is_refused() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let id = app.campaign_id().await;
    let site = json!({"campaign_id": id, "org_unit_id": province_unit(&app).await, "name": "Bản", "kind": "residential_area"});
    let site = province.post("/api/v1/sites", site).await;
    let time = json!({"starts_at": "2023-08-10T08:00:00+07:00", "ends_at": "2023-08-12T23:30:00+07:00"});
    province.post_if(&format!("{}/schedule", site.location()), &site, time).await.expect(200);
    let path = format!("/api/v1/campaigns/{id}");
    let refused = province.patch_if(&path, "*", json!({"event_from": "2023-08-11", "event_to": "2023-08-11"})).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/event_from contradicts_recorded", "/event_to contradicts_recorded"]);
    province.patch_if(&path, "*", json!({"event_from": "2023-08-10", "event_to": "2023-08-12"})).await.expect(200);
}

#[tokio::test]
async fn of_a_schedule_and_a_window_that_exclude_each_other_one_wins() {
    let app = TestApp::start_wide().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let path = format!("/api/v1/campaigns/{}", app.campaign_id().await);
    for round in 0..12 {
        let name = format!("Điểm {round}");
        let site = json!({"campaign_id": app.campaign_id().await, "org_unit_id": province_unit(&app).await, "name": name, "kind": "residential_area"});
        let site = province.post("/api/v1/sites", site).await;
        let schedule = format!("{}/schedule", site.location());
        let time = json!({"starts_at": "2023-08-19T08:00:00+07:00", "ends_at": "2023-08-19T11:00:00+07:00"});
        let both = (province.post_if(&schedule, &site, time), province.patch_if(&path, "*", json!({"event_to": "2023-08-18"})));
        let (scheduled, narrowed) = tokio::join!(both.0, both.1);
        assert!((scheduled.status == 200) != (narrowed.status == 200), "{} and {}", scheduled.text, narrowed.text);
        app.execute("UPDATE sites SET starts_at = NULL, ends_at = NULL, state = 'draft'; UPDATE campaigns SET event_to = '2023-08-19'")
            .await;
    }
}

#[tokio::test]
async fn the_quota_cannot_fall_below_what_is_selected() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let id = app.campaign_id().await;
    for name in ["Một", "Hai"] {
        let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
        let site = json!({"campaign_id": id, "org_unit_id": unit, "name": name, "kind": "residential_area"});
        let site = province.post("/api/v1/sites", site).await;
        let nominated = province.post_empty_if(&format!("{}/nominate", site.location()), &site).await;
        province.post_if(&format!("{}/select", site.location()), &nominated, json!({"reason": "Tốt"})).await.expect(200);
    }
    let path = format!("/api/v1/campaigns/{id}");
    let refused = province.patch_if(&path, "*", json!({"provincial_pilot_count": 1})).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/provincial_pilot_count contradicts_recorded"]);
    province.patch_if(&path, "*", json!({"provincial_pilot_count": 3})).await.expect(200);
    let overview = province.get(&format!("{path}/nominations")).await;
    assert_eq!(overview.expect(200)["province"], json!({"selected_count": 2, "required_count": 3, "rule_id": "R3", "clause": "II.2.2.1"}));
}

#[tokio::test]
async fn the_obligations_move_with_the_limit_and_one_with_a_limit_of_its_own_keeps_it() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let path = format!("/api/v1/campaigns/{}", app.campaign_id().await);
    let district = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    app.execute(&format!("UPDATE report_obligations SET due_before = '2023-08-22T17:00Z' WHERE org_unit_id = '{district}'")).await;
    province.patch_if(&path, "*", json!({"report_due_before": "2023-08-25"})).await.expect(200);
    let moved = "SELECT count(*) FROM report_obligations WHERE due_before = '2023-08-25T00:00+07:00' AND version = 2";
    assert_eq!(app.number(moved).await, 34);
    assert_eq!(app.number("SELECT count(*) FROM report_obligations WHERE due_before = '2023-08-22T17:00Z' AND version = 1").await, 1);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'report_obligation' AND action = 'updated'").await, 34);
}

#[tokio::test]
async fn the_limit_does_not_turn_a_report_that_was_in_time_into_a_late_one() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let path = format!("/api/v1/campaigns/{}", app.campaign_id().await);
    app.execute(
        "INSERT INTO reports (campaign_id, id, form_id, obligation_id, org_unit_id, state, figures, first_submitted_at, submitted_at, is_late, created_at, updated_at)
         SELECT campaign_id, gen_random_uuid(), (SELECT id FROM report_forms f WHERE f.campaign_id = o.campaign_id), id, org_unit_id, 'submitted', '{}', '2023-08-18T10:00+07:00', '2023-08-18T10:00+07:00', false, now(), now()
         FROM report_obligations o ORDER BY o.id LIMIT 1",
    )
    .await;
    let refused = province.patch_if(&path, "*", json!({"report_due_before": "2023-08-18"})).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/report_due_before contradicts_recorded"]);
    province.patch_if(&path, "*", json!({"report_due_before": "2023-08-19"})).await.expect(200);
}

#[tokio::test]
async fn only_a_draft_to_which_nothing_belongs_is_deleted() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = draft(&app, &province, 2024).await;
    let unit = province_unit(&app).await;
    let plan = json!({"campaign_id": campaign.id(), "org_unit_id": unit, "symbol": "KH-BCĐ", "title": "Kế hoạch năm 2024"});
    let plan = province.post("/api/v1/plans", plan).await;
    province.delete_if(&path(&campaign), &campaign).await.expect_problem(409, "in_use");
    province.delete_if(&plan.location(), &plan).await.expect(204);
    province.delete(&path(&campaign)).await.expect_problem(428, "precondition_required");
    province.delete_if(&path(&campaign), &campaign).await.expect(204);
    province.get(&path(&campaign)).await.expect_problem(404, "not_found");
    province.delete_if(&format!("/api/v1/campaigns/{}", app.campaign_id().await), "*").await.expect_problem(409, "invalid_transition");
}

#[tokio::test]
async fn a_campaign_from_above_can_be_read_below_once_it_is_issued_and_never_written() {
    let app = TestApp::start().await;
    let district = app.sign_in(Role::District).await;
    let id = app.campaign_id().await;
    let central = app.text("SELECT id FROM org_units WHERE kind = 'central_committee'").await;
    app.execute(&format!("UPDATE campaigns SET org_unit_id = '{central}', state = 'draft'")).await;
    let path = format!("/api/v1/campaigns/{id}");
    district.get(&path).await.expect_problem(404, "not_found");
    assert!(district.get("/api/v1/campaigns").await.items().is_empty());
    app.execute("UPDATE campaigns SET state = 'issued'").await;
    district.get(&path).await.expect(200);
    assert_eq!(district.get("/api/v1/campaigns").await.items().len(), 1);
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    province.patch_if(&path, "*", json!({"name": "Khác"})).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_campaign_of_another_province_does_not_exist() {
    let app = TestApp::start().await;
    let id = app.campaign_id().await;
    app.execute(
        "INSERT INTO org_units (id, parent_id, path, kind, level, name, valid_from, tokens, created_at, updated_at)
         SELECT gen_random_uuid(), id, path || '999999/', 'provincial_committee', 'province', 'Ban Chỉ đạo tỉnh khác', '2023-01-01', '{}', now(), now()
         FROM org_units WHERE kind = 'central_committee'",
    )
    .await;
    let elsewhere = app.org_unit("tỉnh khác").await;
    let other = app.account(Role::ProvincialAdministrator, &elsewhere).await;
    for path in [format!("/api/v1/campaigns/{id}"), format!("/api/v1/campaigns/{id}/nominations")] {
        other.get(&path).await.expect_problem(404, "not_found");
    }
    assert!(other.get("/api/v1/campaigns").await.items().is_empty());
    other.post_empty_if(&format!("/api/v1/campaigns/{id}/start"), "*").await.expect_problem(404, "not_found");
    assert_eq!(other.post("/api/v1/campaigns", body(&province_unit(&app).await, 2024)).await.fields(), ["/org_unit_id unknown_reference"]);
}

#[tokio::test]
async fn the_district_that_forgets_to_nominate_is_shown_with_the_clause() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let id = app.campaign_id().await;
    let districts = app.sql("SELECT id, name FROM org_units WHERE kind = 'district_committee' ORDER BY no").await;
    for district in districts.iter().skip(1) {
        let site = json!({"campaign_id": id, "org_unit_id": district["id"], "name": "Điểm", "kind": "residential_area"});
        let site = province.post("/api/v1/sites", site).await;
        province.post_empty_if(&format!("{}/nominate", site.location()), &site).await.expect(200);
    }
    let path = format!("/api/v1/campaigns/{id}/nominations");
    let overview = province.get(&path).await;
    let body = overview.expect(200);
    assert_eq!((&body["rule_id"], &body["clause"], &body["missing_count"]), (&json!("R4"), &json!("III.3"), &json!(1)));
    let rows = body["districts"].as_array().unwrap();
    assert_eq!(rows.len(), 9);
    for row in rows {
        let forgot = row["org_unit_id"] == districts[0]["id"];
        assert_eq!((&row["is_missing"], &row["nominated_count"]), (&json!(forgot), &json!(i32::from(!forgot))));
        assert_eq!(row["sites"].as_array().unwrap().len(), usize::from(!forgot));
    }
    // A district sees its own line only; a commune none.
    let own = app.sign_in(Role::District).await.get(&path).await;
    assert_eq!(own.expect(200)["districts"].as_array().unwrap().len(), 1);
    let commune = app.sign_in(Role::Commune).await.get(&path).await;
    assert!(commune.expect(200)["districts"].as_array().unwrap().is_empty());
    app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_draft_is_seen_by_those_who_prepare_it_and_by_nobody_else_in_the_province() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = draft(&app, &province, 2024).await;
    let path = format!("/api/v1/campaigns/{}", campaign.id());
    for role in Role::ACCOUNTS {
        let client = app.sign_in(*role).await;
        let seen = client.get(&path).await.status;
        let prepares = matches!(role, Role::ProvincialAdministrator | Role::StandingAgency);
        assert_eq!(seen, if prepares { 200 } else { 404 }, "{role}");
        let years = client.get("/api/v1/campaigns?sort=year").await.items().len();
        assert_eq!(years, if prepares { 2 } else { 1 }, "{role}");
    }
}
