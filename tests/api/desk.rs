//! The desk of those who receive reports, and accepting many reports at once.

use super::reports::{draft_of, enough, give_back, step};
use super::support::*;
use futures_util::future::join_all;
use std::collections::BTreeMap;
use uuid::Uuid;

async fn desk_path(app: &TestApp) -> String {
    format!("/api/v1/campaigns/{}/desk", app.campaign_id().await)
}

async fn accept_path(app: &TestApp) -> String {
    format!("/api/v1/campaigns/{}/reports/accept", app.campaign_id().await)
}

/// Every count of the desk by its code, each compared with the total of the list that it links to.
async fn counts(client: &Client, path: &str) -> BTreeMap<String, i64> {
    let desk = client.get(path).await;
    let mut counts = BTreeMap::new();
    for entry in desk.expect(200)["counts"].as_array().unwrap() {
        let (code, count, href) = (entry["code"].as_str().unwrap(), entry["count"].as_i64().unwrap(), entry["href"].as_str().unwrap());
        let list = client.get(&format!("{href}&with_total=true")).await;
        assert_eq!(list.expect(200)["total"], count, "{code}: {href}");
        // What is part of the one list of all that waits is there as often.
        let items = client.get(&format!("{}/items?code={code}&with_total=true", path.split('?').next().unwrap())).await;
        match items.status {
            200 => assert_eq!(items.body["total"], count, "{code}"),
            _ => assert!(["reports_came_in", "reports_waiting_late", "reports_due_soon", "opinions_overdue"].contains(&code), "{code}"),
        }
        counts.insert(code.to_owned(), count);
    }
    counts
}

/// A submitted report of each of the districts.
async fn submitted(app: &TestApp, districts: &[&str]) -> Vec<Answer> {
    let mut all = Vec::new();
    for district in districts {
        let (client, draft) = draft_of(app, district, enough()).await;
        let report = step(&client, &draft, "submit").await;
        report.expect(200);
        all.push(report);
    }
    all
}

fn changed(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>) -> Vec<(String, i64, i64)> {
    before.iter().filter(|(code, count)| after[*code] != **count).map(|(code, count)| (code.clone(), *count, after[code])).collect()
}

async fn events(app: &TestApp) -> i64 {
    app.number("SELECT count(*) FROM events").await
}

#[tokio::test]
async fn every_count_of_the_desk_is_the_total_of_the_list_it_links_to() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let path = desk_path(&app).await;
    app.set_now("2023-08-10T09:00:00+07:00");
    let quiet = counts(&desk, &path).await;
    let owed = app.number("SELECT count(*) FROM report_obligations").await;
    assert_eq!((quiet.len(), quiet["reports_waiting"], quiet["reports_overdue"], quiet["reports_due_soon"]), (13, 0, 0, 0));

    app.set_now("2023-08-15T09:00:00+07:00");
    assert_eq!(changed(&quiet, &counts(&desk, &path).await), [("reports_due_soon".to_owned(), 0, owed)], "within seven days");
    assert_eq!(counts(&desk, &format!("{path}?due_within_days=3")).await["reports_due_soon"], 0);
    let reports = submitted(&app, &["Lục Yên", "Văn Yên"]).await;
    give_back(&desk, &reports[0]).await.expect(200);
    let busy = counts(&desk, &path).await;
    assert_eq!((busy["reports_came_in"], busy["reports_waiting"], busy["reports_returned"]), (2, 1, 1));
    assert_eq!((busy["reports_due_soon"], busy["reports_overdue"]), (owed - 2, 0));

    app.set_now("2023-08-20T00:00:00+07:00");
    submitted(&app, &["Yên Bình"]).await;
    let late = counts(&desk, &path).await;
    assert_eq!((late["reports_came_in"], late["reports_waiting"], late["reports_waiting_late"]), (1, 2, 1));
    assert_eq!((late["reports_overdue"], late["reports_due_soon"]), (owed - 3, 0), "at midnight what was due is overdue");
    assert_eq!(counts(&desk, &format!("{path}?since=2023-08-15T00:00:00%2B07:00")).await["reports_came_in"], 3);
}

#[tokio::test]
async fn opinions_obstacles_and_duties_without_an_answer_are_on_the_desk() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let path = desk_path(&app).await;
    let before = counts(&desk, &path).await;
    let (campaign, unit) = (app.campaign_id().await, app.org_unit_of_kind("district_committee", "Lục Yên").await);
    let district = app.district("Lục Yên").await;
    let opinion = json!({"campaign_id": campaign, "org_unit_id": unit, "text": "Đề nghị lắp thêm đèn.", "raised_at": "2023-07-01T09:30:00+07:00",
                         "is_anonymous": true, "answer_due_before": "2023-07-16T00:00:00+07:00"});
    district.post("/api/v1/opinions", opinion).await.expect(201);
    let obstacle = json!({"campaign_id": campaign, "org_unit_id": unit, "title": "Thiếu kinh phí", "description": "Chưa bố trí kinh phí."});
    let obstacle = district.post("/api/v1/obstacles", obstacle).await;
    obstacle.expect(201);
    app.set_now("2023-07-17T08:00:00+07:00");
    let after = counts(&desk, &path).await;
    assert_eq!(after["opinions_raised"], before["opinions_raised"] + 1);
    assert_eq!(after["opinions_overdue"], before["opinions_overdue"] + 1);
    assert_eq!(after["obstacles_raised"], before["obstacles_raised"] + 1);
    let english = desk.in_english().get(&path).await;
    assert_eq!(english.body["counts"][1]["name"], "Reports that wait");
}

#[tokio::test]
async fn all_that_waits_is_one_list_whose_pages_hold_each_thing_once() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (campaign, unit) = (app.campaign_id().await, app.org_unit_of_kind("district_committee", "Lục Yên").await);
    let path = format!("{}/items", desk_path(&app).await);
    let obstacle = json!({"campaign_id": campaign, "org_unit_id": unit, "title": "Thiếu kinh phí", "description": "Chưa bố trí kinh phí."});
    app.district("Lục Yên").await.post("/api/v1/obstacles", obstacle).await.expect(201);
    submitted(&app, &["Lục Yên", "Văn Yên"]).await;
    app.set_now("2023-08-21T08:00:00+07:00");
    for sort in ["id", "-id", "waiting_since", "-waiting_since,id", "waiting_since,-id"] {
        let whole = desk.get(&format!("{path}?limit=200&with_total=true&sort={sort}")).await;
        let ids = |items: &[Value]| items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let all = ids(whole.items());
        assert_eq!(whole.body["total"], all.len());
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = desk.get(&format!("{path}?limit=7&sort={sort}{cursor}")).await;
            paged.extend(ids(page.items()));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(paged, all, "{sort}");
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
    }
    let first = desk.get(&format!("{path}?code=obstacles_raised")).await;
    let item = &first.items()[0];
    assert_eq!(
        (&item["title"], &item["name"], &item["is_overdue"]),
        (&json!("Thiếu kinh phí"), &json!("Khó khăn, vướng mắc mới nêu"), &json!(false))
    );
    desk.get(item["href"].as_str().unwrap()).await.expect(200);
    for item in desk.get(&format!("{path}?limit=200")).await.items() {
        let read = desk.get(item["href"].as_str().unwrap()).await;
        assert_eq!(read.expect(200)["id"], item["id"], "{item}");
    }
    let own = desk.get(&format!("{path}?under_org_unit_id={unit}&q=luc yen&limit=200")).await;
    assert!(own.items().iter().all(|item| item["org_unit_id"] == json!(unit)) && own.items().len() >= 2, "{}", own.text);
    // A district's desk holds what waits for the district.
    let district = app.district("Văn Yên").await;
    let theirs = district.get(&format!("{path}?limit=200")).await;
    let van_yen = app.org_unit_of_kind("district_committee", "Văn Yên").await;
    assert!(theirs.expect(200)["items"].as_array().unwrap().iter().all(|item| item["org_unit_id"] == json!(van_yen)), "{}", theirs.text);
    desk.get(&format!("{path}?code=reports_came_in")).await.expect_problem(400, "invalid_parameter");
    app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::Department).await.get(&path).await.expect_problem(403, "forbidden");
    desk.get(&format!("/api/v1/campaigns/{}/desk/items", Uuid::now_v7())).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn the_desk_is_for_those_who_receive_and_knows_its_campaign() {
    let app = TestApp::start().await;
    let (path, accept) = (desk_path(&app).await, accept_path(&app).await);
    let body = json!({"expected_count": 0});
    app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
    app.anonymous().post(&accept, body.clone()).await.expect_problem(401, "unauthenticated");
    let department = app.sign_in(Role::Department).await;
    department.get(&path).await.expect_problem(403, "forbidden");
    department.post(&accept, body.clone()).await.expect_problem(403, "forbidden");
    let desk = app.sign_in(Role::MovementDivision).await;
    let nowhere = Uuid::now_v7();
    desk.get(&format!("/api/v1/campaigns/{nowhere}/desk")).await.expect_problem(404, "not_found");
    desk.post(&format!("/api/v1/campaigns/{nowhere}/reports/accept"), body).await.expect_problem(404, "not_found");
    desk.get(&format!("{path}?due_within_days=91")).await.expect_problem(400, "invalid_parameter");
    desk.post(&accept, json!({})).await.expect_problem(422, "validation_failed");
    desk.post(&accept, json!({"expected_count": 5001})).await.expect_problem(422, "validation_failed");
    let unknown = desk.post(&accept, json!({"filter": {"under_org_unit_id": nowhere}, "expected_count": 0})).await;
    unknown.expect_problem(422, "validation_failed");
    assert_eq!(unknown.fields(), ["/filter/under_org_unit_id unknown_reference"]);
    let state = desk.post(&accept, json!({"filter": {"state": "draft"}, "expected_count": 0})).await;
    assert_eq!(state.fields(), ["/filter/state unknown_field"], "only what is submitted can be accepted");
}

#[tokio::test]
async fn all_that_match_are_accepted_when_the_count_is_right_and_none_when_it_is_wrong() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let accept = accept_path(&app).await;
    submitted(&app, &["Lục Yên", "Văn Yên"]).await;
    app.set_now("2023-08-20T08:00:00+07:00");
    let late = submitted(&app, &["Yên Bình"]).await;
    let before = (events(&app).await, app.sql("SELECT id, state, version FROM reports ORDER BY id").await);
    for (filter, expected, actual) in
        [(json!({}), 2, 3), (json!({"is_late": false}), 3, 2), (json!({"org_unit_kind": "educational_institution"}), 1, 0)]
    {
        let refused = desk.post(&accept, json!({"filter": filter, "expected_count": expected})).await;
        assert_eq!(refused.expect_problem(409, "count_differs")["actual_count"], actual, "{filter}");
    }
    let english = desk.in_english().post(&accept, json!({"expected_count": 1})).await;
    assert_eq!(english.body["detail"], "3 reports match, not 1; none has been accepted.");
    assert_eq!((events(&app).await, app.sql("SELECT id, state, version FROM reports ORDER BY id").await), before, "nothing has changed");

    let done = desk.post(&accept, json!({"filter": {"is_late": false, "org_unit_kind": "district_committee"}, "expected_count": 2})).await;
    assert_eq!((&done.expect(200)["accepted_count"], &done.body["excluded"]), (&json!(2), &json!([])));
    assert!(done.body["accepted"].as_array().unwrap().iter().all(|one| one["version"] == 3), "{}", done.text);
    assert_eq!(events(&app).await, before.0 + 2);
    let told = "SELECT count(*) FROM events e JOIN reports r ON r.id = e.resource_id AND r.version = e.resource_version
                WHERE e.action = 'accepted' AND r.state = 'accepted' AND e.data ->> 'from' = 'submitted'";
    assert_eq!(app.number(told).await, 2, "each acceptance is told of");
    assert_eq!(app.text("SELECT state FROM reports WHERE is_late").await, "submitted");
    let unit = late[0].body["org_unit_id"].as_str().unwrap();
    let rest = json!({"filter": {"under_org_unit_id": unit, "submitted_before": "2023-08-21T00:00:00+07:00"}, "expected_count": 1});
    assert_eq!(desk.post(&accept, rest).await.expect(200)["accepted"][0]["report_id"], late[0].id());
    let shown = desk.get(&format!("/api/v1/campaigns/{}/completeness", app.campaign_id().await)).await;
    assert_eq!((&shown.body["accepted_count"], &shown.body["late_count"]), (&json!(3), &json!(1)));
}

#[tokio::test]
async fn ones_own_report_and_what_does_not_match_are_left_out_by_name() {
    let app = TestApp::start().await;
    let accept = accept_path(&app).await;
    let reports = submitted(&app, &["Lục Yên", "Văn Yên"]).await;
    let (_, draft) = draft_of(&app, "Yên Bình", enough()).await;
    let own_unit = reports[0].body["org_unit_id"].as_str().unwrap();
    let receiver = app.account(Role::StandingAgency, own_unit).await;
    receiver.post(&accept, json!({"expected_count": 2})).await.expect_problem(409, "count_differs");
    let nothing = Uuid::now_v7().to_string();
    let ids = json!([reports[0].id(), reports[1].id(), reports[1].id(), draft.id(), nothing]);
    let done = receiver.post(&accept, json!({"filter": {"ids": ids}, "expected_count": 1})).await;
    assert_eq!(done.expect(200)["accepted"][0]["report_id"], reports[1].id());
    let reason = |id: &str| {
        let excluded = done.body["excluded"].as_array().unwrap();
        excluded.iter().find(|one| one["report_id"] == id).unwrap_or_else(|| panic!("{id}: {}", done.text))["reason"].clone()
    };
    assert_eq!(
        (reason(&reports[0].id()), reason(&draft.id()), reason(&nothing)),
        (json!("own_unit"), json!("no_match"), json!("not_found"))
    );
    assert_eq!(done.body["excluded"].as_array().unwrap().len(), 3);

    // An administrator of one district reaches that district: the rest is as if it were not there.
    let narrow = app.account(Role::ProvincialAdministrator, own_unit).await;
    let foreign = narrow.post(&accept, json!({"filter": {"ids": [draft.id()]}, "expected_count": 0})).await;
    assert_eq!(foreign.expect(200)["excluded"], json!([{"report_id": draft.id(), "reason": "not_found"}]));
}

#[tokio::test]
async fn of_twelve_who_accept_the_same_reports_one_does_and_the_figures_are_right() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let accept = accept_path(&app).await;
    submitted(&app, &["Lục Yên", "Văn Yên", "Yên Bình"]).await;
    let before = events(&app).await;
    let answers = join_all((0..12).map(|_| desk.post(&accept, json!({"expected_count": 3})))).await;
    let (done, refused): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((done.len(), refused.len()), (1, 11));
    for answer in refused {
        assert_eq!(answer.expect_problem(409, "count_differs")["actual_count"], 0);
    }
    assert_eq!(events(&app).await, before + 3);
    assert_eq!(app.number("SELECT count(*) FROM reports WHERE state = 'accepted' AND version = 3").await, 3);
}

#[tokio::test]
async fn of_a_bulk_acceptance_and_a_return_at_once_one_gives_way_whole() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let accept = accept_path(&app).await;
    let reports = submitted(&app, &["Lục Yên", "Văn Yên"]).await;
    let (bulk, returned) = tokio::join!(desk.post(&accept, json!({"expected_count": 2})), give_back(&desk, &reports[0]));
    let states = app.sql("SELECT state FROM reports ORDER BY state").await;
    match (bulk.status, returned.status) {
        (200, 409 | 412) => assert_eq!(states, [json!({"state": "accepted"}), json!({"state": "accepted"})]),
        (409, 200) => assert_eq!(states, [json!({"state": "returned"}), json!({"state": "submitted"})]),
        other => panic!("{other:?}: {} {}", bulk.text, returned.text),
    }
}

#[tokio::test]
async fn five_thousand_reports_are_accepted_at_once() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let (campaign, parent) = (app.campaign_id().await, app.org_unit_of_kind("district_committee", "Lục Yên").await);
    app.execute(&format!(
        "CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS unit, gen_random_uuid() AS owed, gen_random_uuid() AS report, 1000000 + n AS no
             FROM generate_series(1, 5000) n;
         INSERT INTO org_units (id, no, parent_id, path, kind, level, name, valid_from, tokens, created_at, updated_at)
             SELECT unit, m.no, p.id, p.path || m.no || '/', 'educational_institution', 'unit', 'Trường ' || m.no, '2020-01-01', '{{}}', now(), now()
             FROM made m, org_units p WHERE p.id = '{parent}';
         INSERT INTO report_obligations (campaign_id, id, org_unit_id, to_org_unit_id, due_before, created_at, updated_at)
             SELECT '{campaign}', owed, unit, (SELECT org_unit_id FROM campaigns WHERE id = '{campaign}'), '2023-08-20T00:00+07:00', now(), now() FROM made;
         INSERT INTO reports (campaign_id, id, form_id, obligation_id, org_unit_id, state, figures, first_submitted_at, submitted_at, is_late, created_at, updated_at)
             SELECT '{campaign}', report, (SELECT id FROM report_forms WHERE campaign_id = '{campaign}' AND no = 1), owed, unit, 'submitted', '{{}}', now(), now(), false, now(), now() FROM made"
    ))
    .await;
    let body = json!({"filter": {"org_unit_kind": "educational_institution"}, "expected_count": 5000});
    let done = desk.post(&accept_path(&app).await, body).await;
    assert_eq!(done.expect(200)["accepted"].as_array().unwrap().len(), 5000);
    assert_eq!(app.number("SELECT count(*) FROM reports WHERE state = 'accepted'").await, 5000);
    assert_eq!(app.number("SELECT count(DISTINCT resource_id) FROM events WHERE action = 'accepted'").await, 5000);
}
