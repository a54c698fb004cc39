//! Completeness and consolidation of the reports of a campaign.

use super::reports::{draft_of, enough, give_back, obligation_of, step};
use super::support::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

async fn completeness(app: &TestApp, client: &Client) -> Value {
    let answer = client.get(&format!("/api/v1/campaigns/{}/completeness", app.campaign_id().await)).await;
    answer.expect(200).clone()
}

async fn consolidation(app: &TestApp, client: &Client) -> Value {
    let answer = client.get(&format!("/api/v1/campaigns/{}/consolidation?with_narratives=true", app.campaign_id().await)).await;
    answer.expect(200).clone()
}

/// What the database says, counted another way than the service does.
async fn recount(app: &TestApp) -> BTreeMap<String, i64> {
    let query = "SELECT count(*) FILTER (WHERE NOT waived) AS expected_count, count(*) FILTER (WHERE waived) AS exempt_count,
            (SELECT count(DISTINCT v.report_id) FROM report_versions v) AS submitted_count,
            (SELECT count(*) FROM report_versions v WHERE v.no = 1 AND NOT v.is_late) AS in_time_count,
            (SELECT count(*) FROM report_versions v WHERE v.no = 1 AND v.is_late) AS late_count,
            (SELECT count(*) FROM (SELECT DISTINCT ON (report_id) figures FROM report_versions ORDER BY report_id, no DESC) last
              WHERE NOT EXISTS (SELECT FROM jsonb_each(figures) f WHERE NOT f.value ? 'is_nil')) AS nil_count,
            (SELECT count(*) FROM reports WHERE state = 'returned') AS returned_count,
            (SELECT count(*) FROM reports WHERE state = 'accepted') AS accepted_count,
            count(*) FILTER (WHERE NOT waived AND state = 'draft') AS draft_count,
            count(*) FILTER (WHERE NOT waived AND state IS NULL) AS missing_count
        FROM (SELECT r.state, o.exempted_at IS NOT NULL AND NOT EXISTS (SELECT FROM report_versions v WHERE v.report_id = r.id) AS waived
              FROM report_obligations o LEFT JOIN reports r ON r.obligation_id = o.id) o";
    let row = app.sql(query).await.remove(0);
    row.as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.as_i64().unwrap())).collect()
}

/// The counts equal a recount, the parts equal the whole, and nothing passes a hundred percent.
async fn check_completeness(app: &TestApp, centre: &Client) -> Value {
    let shown = completeness(app, centre).await;
    let recount = recount(app).await;
    for (name, count) in &recount {
        assert_eq!(shown[name], *count, "{name}: {shown}");
    }
    let number = |name: &str| shown[name].as_i64().unwrap();
    assert_eq!(number("expected_count"), number("submitted_count") + number("draft_count") + number("missing_count"));
    assert_eq!(number("submitted_count"), number("in_time_count") + number("late_count"));
    for (percent, part) in [("completeness_percent", "submitted_count"), ("timeliness_percent", "in_time_count")] {
        let share = shown[percent].as_f64().unwrap();
        assert!((0.0..=100.0).contains(&share) && share * 10.0 == (number(part) * 1000 / number("expected_count")) as f64, "{shown}");
    }
    let items = shown["items"].as_array().unwrap();
    assert_eq!(items.len() as i64, number("expected_count") + number("exempt_count"));
    for state in ["missing", "draft", "returned", "accepted", "exempt"] {
        assert_eq!(items.iter().filter(|item| item["state"] == state).count() as i64, number(&format!("{state}_count")));
    }
    for name in recount.keys() {
        let kinds: i64 = shown["by_kind"].as_array().unwrap().iter().map(|kind| kind["figures"][name].as_i64().unwrap()).sum();
        assert_eq!(kinds, number(name), "the kinds add up: {name}");
    }
    shown
}

/// Each total is the sum of its sources and of the accepted reports in the database.
async fn check_consolidation(app: &TestApp, centre: &Client) {
    let shown = consolidation(app, centre).await;
    let query = "SELECT f.key AS code, sum((f.value ->> 'value')::bigint)::bigint AS total, count(f.value -> 'value') AS sources,
            count(*) FILTER (WHERE (f.value ->> 'is_nil')::boolean) AS nils,
            COALESCE(bool_or(f.value ->> 'basis' = 'estimated'), false) AS is_estimated
        FROM reports r, jsonb_each(r.figures) f WHERE r.state = 'accepted' GROUP BY f.key";
    let rows = app.sql(query).await;
    let recount: BTreeMap<_, _> = rows.iter().map(|row| (row["code"].as_str().unwrap(), row)).collect();
    let accepted = app.number("SELECT count(*) FROM reports WHERE state = 'accepted'").await;
    assert_eq!(shown["accepted_count"], accepted);
    let totals = shown["totals"].as_array().unwrap();
    assert!(recount.keys().all(|code| totals.iter().any(|total| total["code"] == *code)));
    for total in totals {
        let sources = total["sources"].as_array().unwrap();
        let sum: i64 = sources.iter().map(|source| source["value"].as_i64().unwrap()).sum();
        assert_eq!(total["value"], if sources.is_empty() { Value::Null } else { json!(sum) });
        assert_eq!(total["source_count"], sources.len());
        let said = total["source_count"].as_i64().unwrap() + total["nil_count"].as_i64().unwrap();
        assert_eq!(said + total["missing_count"].as_i64().unwrap(), accepted);
        match recount.get(total["code"].as_str().unwrap()) {
            Some(row) => {
                let counted = (&row["total"], &row["sources"], &row["nils"], &row["is_estimated"]);
                assert_eq!((&total["value"], &total["source_count"], &total["nil_count"], &total["is_estimated"]), counted);
            }
            None => assert_eq!(said, 0),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Write(u8),
    Submit,
    Return,
    Accept,
    Delete,
    Lock,
    Extend { reopens: bool },
    Exempt,
    Restore,
    PassTheLimit,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0_u8..4).prop_map(Act::Write),
        4 => Just(Act::Submit),
        2 => Just(Act::Return),
        3 => Just(Act::Accept),
        1 => Just(Act::Delete),
        1 => Just(Act::Lock),
        2 => any::<bool>().prop_map(|reopens| Act::Extend { reopens }),
        2 => Just(Act::Exempt),
        1 => Just(Act::Restore),
        1 => Just(Act::PassTheLimit),
    ]
}

fn figures(kind: u8) -> Value {
    match kind {
        0 => enough(),
        1 => json!({"sites_held": {"is_nil": true}, "attendance_count": {"is_nil": true}}),
        2 => json!({"sites_held": {"value": 7, "basis": "counted"}, "attendance_count": {"value": 1200, "basis": "counted"},
                    "forums_held": {"is_nil": true}, "spending_vnd": {"value": 35_000_000, "basis": "counted"}}),
        _ => json!({"leaflets": {"value": 1406, "basis": "estimated"}}),
    }
}

/// Plays a sequence; after each act completeness and consolidation are recounted.
async fn play(acts: Vec<(usize, Act)>) {
    let app = TestApp::start().await;
    let (desk, centre) = (app.sign_in(Role::MovementDivision).await, app.sign_in(Role::OperationsCentre).await);
    let mut bodies = Vec::new();
    for (kind, role, name) in [
        ("district_committee", Role::District, "Lục Yên"),
        ("district_committee", Role::District, "Trạm Tấu"),
        ("provincial_department", Role::Department, "Sở Y tế"),
        ("mass_organisation", Role::Department, "Tỉnh đoàn"),
    ] {
        let unit = app.org_unit_of_kind(kind, name).await;
        bodies.push((app.account(role, &unit).await, obligation_of(&app, &unit).await));
    }
    app.set_now("2023-08-19T08:00:00+07:00");
    let (mut is_past, mut answered, mut extensions) = (false, Vec::new(), 0);
    for (body, act) in acts {
        let (client, obligation) = &bodies[body];
        let list = client.get(&format!("/api/v1/reports?obligation_id={obligation}")).await;
        let id = list.items().first().map(|report| report["id"].as_str().unwrap().to_owned());
        let path = id.as_ref().map(|id| format!("/api/v1/reports/{id}"));
        let answer = match (act, &path) {
            (Act::PassTheLimit, _) => {
                // Time goes one way.
                if !std::mem::replace(&mut is_past, true) {
                    app.set_now("2023-08-20T00:00:00+07:00");
                }
                continue;
            }
            (Act::Extend { reopens }, _) => {
                extensions += 1;
                let until = format!("2023-08-21T00:{:02}:00+07:00", extensions % 60);
                let body = json!({"until": until, "reason": "Mưa lũ", "reopens_report": reopens});
                desk.post_if(&format!("/api/v1/report-obligations/{obligation}/extend"), "*", body).await
            }
            (Act::Exempt | Act::Restore, _) => {
                let step = if matches!(act, Act::Exempt) { "exempt" } else { "restore" };
                desk.post_if(&format!("/api/v1/report-obligations/{obligation}/{step}"), "*", json!({"reason": "Hợp nhất"})).await
            }
            (Act::Write(kind), None) => {
                client.post("/api/v1/reports", json!({"obligation_id": obligation, "figures": figures(kind)})).await
            }
            (_, None) => continue,
            (Act::Write(kind), Some(path)) => client.patch_if(path, "*", json!({"figures": figures(kind)})).await,
            (Act::Submit, Some(path)) => client.post_empty_if(&format!("{path}/submit"), "*").await,
            (Act::Return, Some(path)) => desk.post_if(&format!("{path}/return"), "*", json!({"comment": "Rà soát"})).await,
            (Act::Accept, Some(path)) => desk.post_empty_if(&format!("{path}/accept"), "*").await,
            (Act::Delete, Some(path)) => client.delete_if(path, "*").await,
            (Act::Lock, Some(path)) => desk.post_empty_if(&format!("{path}/lock"), "*").await,
        };
        assert!(matches!(answer.status, 200 | 201 | 204 | 409 | 422), "{}", answer.text);
        answered.push(check_completeness(&app, &centre).await);
        check_consolidation(&app, &centre).await;
    }
    // Whatever came after, each instant is answered as it was then.
    let campaign = app.campaign_id().await;
    for then in answered {
        let again = centre.get(&format!("/api/v1/campaigns/{campaign}/completeness?at={}", then["as_of"].as_str().unwrap())).await;
        assert_eq!(again.expect(200), &then);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_bodies_do_completeness_and_totals_equal_a_recount(acts in prop::collection::vec((0_usize..4, act()), 10..40)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(play(acts));
    }
}

#[tokio::test]
async fn only_accepted_reports_are_added_up_and_each_total_lists_its_sources() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::StandingAgency).await;
    let (lucyen, first) = draft_of(&app, "Lục Yên", figures(0)).await;
    let (vanyen, second) = draft_of(&app, "Văn Yên", figures(2)).await;
    let (tramtau, third) = draft_of(&app, "Trạm Tấu", figures(2)).await;
    let second = vanyen.patch_if(&second.location(), &second, json!({"narrative": "Đông đủ, an toàn."})).await;
    let (first, second) = (step(&lucyen, &first, "submit").await, step(&vanyen, &second, "submit").await);
    let third = step(&tramtau, &third, "submit").await;
    step(&desk, &first, "accept").await.expect(200);
    step(&desk, &second, "accept").await.expect(200);
    give_back(&desk, &third).await.expect(200);

    let shown = consolidation(&app, &desk).await;
    assert_eq!(shown["accepted_count"], 2);
    let total = |code: &str| shown["totals"].as_array().unwrap().iter().find(|total| total["code"] == code).unwrap().clone();
    assert_eq!((&total("sites_held")["value"], &total("attendance_count")["value"]), (&json!(10), &json!(1740)));
    assert_eq!((&total("attendance_count")["is_estimated"], &total("sites_held")["is_estimated"]), (&json!(true), &json!(false)));
    assert_eq!(total("attendance_count")["unit"], "attendances");
    assert_eq!((&total("spending_vnd")["value"], &total("spending_vnd")["missing_count"]), (&json!(35_000_000), &json!(1)));
    assert_eq!((&total("forums_held")["value"], &total("forums_held")["nil_count"]), (&Value::Null, &json!(1)));
    let source = &total("spending_vnd")["sources"][0];
    assert_eq!((&source["report_id"], &source["basis"]), (&json!(second.id()), &json!("counted")));
    assert_eq!(shown["narratives"][0]["narrative"], "Đông đủ, an toàn.");
    check_consolidation(&app, &desk).await;
    let centre = app.sign_in(Role::OperationsCentre).await;
    assert_eq!(consolidation(&app, &centre).await["narratives"], Value::Null, "words are for those who may read reports");
    assert_eq!(consolidation(&app, &lucyen).await["accepted_count"], 1, "a district sees its own");
}

#[tokio::test]
async fn the_totals_are_had_without_their_sources_and_one_total_alone_with_its_own() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::MovementDivision).await;
    let mut accepted = Vec::new();
    for (name, leaflets) in [("Lục Yên", 1406), ("Văn Yên", 94)] {
        let mut figures = enough();
        figures["leaflets"] = json!({"value": leaflets, "basis": "counted"});
        let (district, draft) = draft_of(&app, name, figures).await;
        let submitted = step(&district, &draft, "submit").await;
        accepted.push(step(&desk, &submitted, "accept").await.id());
    }
    let path = format!("/api/v1/campaigns/{}/consolidation", app.campaign_id().await);
    let whole = desk.get(&path).await;
    let bare = desk.get(&format!("{path}?with_sources=false")).await;
    let mut without = whole.expect(200).clone();
    for total in without["totals"].as_array_mut().unwrap() {
        total["sources"] = Value::Null;
    }
    assert_eq!(bare.expect(200)["totals"], without["totals"], "nothing but the sources is left out");
    let one = desk.get(&format!("{path}?code=leaflets")).await;
    let totals = one.expect(200)["totals"].as_array().unwrap();
    let same = |total: &&Value| total["code"] == "leaflets";
    assert_eq!(totals.iter().collect::<Vec<_>>(), whole.body["totals"].as_array().unwrap().iter().filter(same).collect::<Vec<_>>());
    assert_eq!((&totals[0]["value"], one.body["accepted_count"].as_i64()), (&json!(1500), Some(2)));
    let mut sources: Vec<&str> =
        totals[0]["sources"].as_array().unwrap().iter().map(|source| source["report_id"].as_str().unwrap()).collect();
    sources.sort_unstable();
    accepted.sort_unstable();
    assert_eq!(sources, accepted);
    let unknown = desk.get(&format!("{path}?code=balloons")).await;
    unknown.expect_problem(400, "invalid_parameter");
    assert_eq!(unknown.fields(), ["?code unknown_reference"]);
    desk.get(&format!("{path}?code=Leaflets")).await.expect(400);
    desk.get(&format!("{path}?with_sources=perhaps")).await.expect(400);
}

#[tokio::test]
async fn completeness_counts_what_the_caller_can_see_and_agrees_with_the_dashboard() {
    let app = TestApp::start().await;
    let (lucyen, draft) = draft_of(&app, "Lục Yên", enough()).await;
    step(&lucyen, &draft, "submit").await.expect(200);
    let centre = app.sign_in(Role::OperationsCentre).await;
    let (all, own) = (completeness(&app, &centre).await, completeness(&app, &lucyen).await);
    assert_eq!((&own["expected_count"], &own["completeness_percent"]), (&json!(1), &json!(100.0)));
    assert_eq!(all["submitted_count"], 1);
    let campaign = app.campaign_id().await;
    let overview = centre.get(&format!("/api/v1/dashboard/overview?campaign_id={campaign}")).await;
    let reports = &overview.expect(200)["reports"];
    assert_eq!((&reports["expected"], &reports["submitted"]), (&all["expected_count"], &all["submitted_count"]));
    let missing = centre.get(&format!("/api/v1/campaigns/{campaign}/completeness?state=missing")).await;
    assert_eq!(missing.items().len() as i64, all["missing_count"].as_i64().unwrap());
    assert_eq!(missing.body["expected_count"], all["expected_count"], "a filter of the items leaves the counts");
}

/// A campaign of another province.
pub async fn campaign_elsewhere(app: &TestApp) -> String {
    let copy = |table: &str, changes: &str, condition: &str| {
        format!(
            "INSERT INTO {table} SELECT (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(), {changes}))).* FROM {table} o WHERE {condition};"
        )
    };
    let (unit, other) = ("'name', 'Ban Chỉ đạo tỉnh khác', 'no', 999999, 'path', '/999999/'", "kind = 'provincial_committee'");
    app.execute(&copy("org_units", unit, other)).await;
    let id = app.text("SELECT id FROM org_units WHERE no = 999999").await;
    app.execute(&copy("campaigns", &format!("'org_unit_id', '{id}'"), "true")).await;
    app.text(&format!("SELECT id FROM campaigns WHERE org_unit_id = '{id}'")).await
}

#[tokio::test]
async fn a_campaign_out_of_sight_has_neither_completeness_nor_consolidation() {
    let app = TestApp::start().await;
    let elsewhere = campaign_elsewhere(&app).await;
    let (district, province) = (app.district("Lục Yên").await, app.sign_in(Role::ProvincialAdministrator).await);
    for what in ["completeness", "consolidation"] {
        for campaign in [elsewhere.as_str(), "018b2f19-e79e-7d6a-a56d-29feb6211b04"] {
            let path = format!("/api/v1/campaigns/{campaign}/{what}");
            district.get(&path).await.expect_problem(404, "not_found");
            province.get(&path).await.expect_problem(404, "not_found");
            app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
        }
        let own = format!("/api/v1/campaigns/{}/{what}", app.campaign_id().await);
        app.sign_in(Role::Department).await.get(&own).await.expect_problem(403, "forbidden");
        district.get(&format!("{own}?nothing=1")).await.expect_problem(400, "invalid_parameter");
    }
}
