//! The lights of a plan's rules: each turns as the facts do, and says why.

use super::support::fixtures::{District, hours, step};
use super::support::*;
use std::collections::BTreeMap;

struct Lights {
    body: Value,
    by_id: BTreeMap<String, Value>,
}

impl Lights {
    async fn read(client: &Client, path: &str) -> Self {
        let body = client.get(path).await.expect(200).clone();
        let rules = body["rules"].as_array().unwrap().iter();
        let by_id = rules.map(|rule| (rule["rule_id"].as_str().unwrap().to_owned(), rule.clone())).collect();
        Self { body, by_id }
    }

    fn state(&self, rule: &str) -> &str {
        self.by_id[rule]["state"].as_str().unwrap()
    }

    fn fact(&self, rule: &str, name: &str) -> &Value {
        self.by_id[rule]["facts"].as_array().unwrap().iter().find(|fact| fact["name"] == name).unwrap()
    }
}

async fn path(app: &TestApp) -> String {
    format!("/api/v1/campaigns/{}/compliance", app.campaign_id().await)
}

#[tokio::test]
async fn before_anything_is_done_rules_are_open_and_each_has_its_clause() {
    let app = TestApp::start().await;
    app.set_now("2023-05-02T08:00:00+07:00");
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let lights = Lights::read(&province, &path(&app).await).await;
    assert_eq!(lights.by_id.len(), 22);
    for rule in ["R1", "R2", "R3", "R4", "R12"] {
        assert_eq!(lights.state(rule), "open", "{rule}");
        assert!(lights.by_id[rule]["next"].is_string() && lights.by_id[rule]["clause"].is_string());
    }
    assert_eq!(lights.state("R22"), "not_applicable");
    assert_eq!(lights.fact("R4", "bodies_short")["bodies"].as_array().unwrap().len(), 9);
    let sum: i64 = lights.body["counts"].as_object().unwrap().values().map(|count| count.as_i64().unwrap()).sum();
    assert_eq!(sum, 22);
}

#[tokio::test]
async fn a_light_turns_with_the_facts_and_with_the_day() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let path = path(&app).await;
    // Two days into the window: what should have been nominated is at risk.
    let lights = Lights::read(&province, &path).await;
    assert_eq!((lights.state("R3"), lights.state("R4")), ("at_risk", "at_risk"));
    let mut selected = 0;
    for district in ["Lục Yên", "Văn Yên", "Trấn Yên", "Yên Bình", "Văn Chấn", "Mù Cang Chải", "Trạm Tấu", "Nghĩa Lộ", "thành phố Yên Bái"]
    {
        let district = District::of(&app, district).await;
        let site = district.nominated(&app, "Điểm của huyện").await;
        if selected < 2 {
            province.post_if(&step(&site, "select"), "*", json!({"reason": "Thuận lợi"})).await.expect(200);
            selected += 1;
        }
    }
    let lights = Lights::read(&province, &path).await;
    assert_eq!((lights.state("R3"), lights.state("R4")), ("met", "met"));
    assert_eq!(lights.fact("R3", "sites")["value"], 2);
    let link = lights.fact("R3", "sites")["link"].as_str().unwrap();
    assert_eq!(province.get(link).await.items().len(), 2, "a number shown is a number that can be drilled into");
    assert_eq!(lights.state("R9"), "at_risk", "nobody wrote down whether the chosen sites suit");

    // Broken on purpose, past every check: the light is red, with its clause.
    app.execute("UPDATE sites SET starts_at = '2023-08-25T08:00+07', ends_at = '2023-08-25T11:00+07', state = 'scheduled' WHERE pilot_level = 'none'").await;
    app.execute("UPDATE sites SET pilot_level = 'province' WHERE id = (SELECT id FROM sites WHERE pilot_level = 'none' LIMIT 1)").await;
    let lights = Lights::read(&province, &path).await;
    assert_eq!((lights.state("R1"), lights.state("R3")), ("violated", "violated"));
    assert_eq!(lights.fact("R3", "bodies_over")["value"], 1);
    assert_eq!(lights.by_id["R1"]["clause"], "II.2.2.3");

    // After the limit nobody has reported.
    app.set_now("2023-08-20T00:00:00+07:00");
    let lights = Lights::read(&province, &path).await;
    assert_eq!((lights.state("R2"), lights.state("R12")), ("violated", "violated"));
    assert_eq!(lights.fact("R2", "missing")["value"], 35);
    // What is only encouraged is never red.
    assert_eq!(lights.state("R5"), "at_risk");
}

#[tokio::test]
async fn a_body_is_judged_on_what_addresses_it_and_sees_no_other() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let district = District::of(&app, "Lục Yên").await;
    district.nominated(&app, "Bản Mường Lai").await;
    let campaign = app.campaign_id().await;
    let of = |unit: &str| format!("/api/v1/org-units/{unit}/compliance?campaign_id={campaign}");
    let lights = Lights::read(&district.client, &of(&district.unit)).await;
    assert_eq!((lights.state("R3"), lights.state("R4"), lights.state("R2")), ("not_applicable", "met", "open"));
    assert_eq!(lights.fact("R2", "missing")["value"], 1);
    let own = Lights::read(&district.client, &path(&app).await).await;
    assert_eq!(own.body["org_unit_id"], json!(district.unit));
    let other = app.org_unit_of_kind("district_committee", "Văn Yên").await;
    district.client.get(&of(&other)).await.expect_problem(404, "not_found");
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    assert_eq!(Lights::read(&province, &of(&other)).await.state("R4"), "at_risk");
    province.get(&format!("/api/v1/org-units/{other}/compliance")).await.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn who_may_not_see_priority_areas_is_not_told_by_a_light_either() {
    let app = TestApp::start().await;
    let path = path(&app).await;
    let (province, centre) = (app.sign_in(Role::ProvincialAdministrator).await, app.sign_in(Role::OperationsCentre).await);
    assert_eq!(Lights::read(&province, &path).await.fact("R8", "pilot_sites_with_priority")["value"], 0);
    let hidden = Lights::read(&centre, &path).await;
    assert_eq!((hidden.state("R8"), &hidden.by_id["R8"]["facts"]), ("not_applicable", &json!([])));
}

#[tokio::test]
async fn where_there_are_no_districts_their_quota_is_unbound_and_needs_a_decision() {
    let app = TestApp::start().await;
    app.execute("UPDATE org_units SET valid_to = '2023-06-30' WHERE kind = 'district_committee'").await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let lights = Lights::read(&province, &path(&app).await).await;
    assert_eq!(lights.state("R4"), "unbound");
    assert_eq!(lights.body["counts"]["unbound"], 1);
}

/// Figures of the lights, each beside a count over the rows themselves.
const RECOUNTS: [(&str, &str, &str); 14] = [
    ("R1", "scheduled", "SELECT count(*) FROM sites WHERE state IN ('scheduled', 'held', 'closed')"),
    ("R1", "outside_window", "SELECT count(*) FROM sites WHERE starts_at < '2023-07-01+07' OR ends_at > '2023-08-20+07'"),
    (
        "R2",
        "missing",
        "SELECT count(*) FROM report_obligations o WHERE NOT EXISTS
                       (SELECT FROM reports r WHERE r.obligation_id = o.id AND r.first_submitted_at IS NOT NULL)",
    ),
    (
        "R2",
        "late",
        "SELECT count(*) FROM reports r JOIN report_obligations o ON o.id = r.obligation_id WHERE r.first_submitted_at >= o.due_before",
    ),
    (
        "R2",
        "in_time",
        "SELECT count(*) FROM reports r JOIN report_obligations o ON o.id = r.obligation_id WHERE r.first_submitted_at < o.due_before",
    ),
    ("R3", "sites", "SELECT count(*) FROM sites WHERE pilot_level = 'province'"),
    ("R4", "bodies_that_keep_it", "SELECT count(DISTINCT nominated_by) FROM sites"),
    (
        "R9",
        "pilot_sites_suitable",
        "SELECT count(*) FROM sites s WHERE pilot_level = 'province' AND
                       (SELECT count(*) FROM site_checklist_answers a JOIN checklist_items i ON i.id = a.item_id
                        WHERE a.site_id = s.id AND i.is_required AND i.is_active AND a.verdict <> 'not_met')
                       = (SELECT count(*) FROM checklist_items i WHERE i.campaign_id = s.campaign_id AND i.is_required AND i.is_active)",
    ),
    (
        "R9",
        "pilot_sites_not_suitable",
        "SELECT count(DISTINCT s.id) FROM sites s JOIN site_checklist_answers a ON a.site_id = s.id JOIN checklist_items i ON i.id = a.item_id
                       WHERE pilot_level = 'province' AND i.is_required AND i.is_active AND a.verdict = 'not_met'",
    ),
    (
        "R12",
        "plans_issued",
        "SELECT count(DISTINCT o.org_unit_id) FROM plan_obligations o JOIN plans p ON p.org_unit_id = o.org_unit_id
                             WHERE p.parent_plan_id IS NOT NULL AND p.state IN ('issued', 'closed')",
    ),
    (
        "R12",
        "plans_exempt",
        "SELECT count(*) FROM plan_obligations o WHERE exempted_at IS NOT NULL AND NOT EXISTS (SELECT FROM plans p
                             WHERE p.org_unit_id = o.org_unit_id AND p.parent_plan_id IS NOT NULL AND p.state IN ('issued', 'closed'))",
    ),
    ("R15", "before", "SELECT count(*) FROM activities WHERE phase = 'before' AND state <> 'cancelled'"),
    ("R15", "during", "SELECT count(*) FROM activities WHERE phase = 'during' AND state <> 'cancelled'"),
    ("R15", "after", "SELECT count(*) FROM activities WHERE phase = 'after' AND state <> 'cancelled'"),
];

/// Something that somebody does; refused or not, the lights must be right after it.
async fn do_something(app: &TestApp, province: &Client, districts: &[District], campaign: &str, draw: &mut impl FnMut(u64) -> usize) {
    let (district, salt) = (&districts[draw(districts.len() as u64)], draw(99));
    let any = async |query: &str| {
        app.text(&format!("SELECT coalesce((SELECT id::text FROM ({query}) t ORDER BY md5(id::text || '{salt}') LIMIT 1), '')")).await
    };
    match draw(14) {
        0 => drop(district.nominated(app, &format!("Điểm {}", draw(1_000_000))).await),
        1 => drop(district.scheduled(app, &format!("Bản {}", draw(1_000_000))).await),
        2 => {
            let site = any("SELECT id FROM sites WHERE state = 'nominated'").await;
            province.post_if(&format!("/api/v1/sites/{site}/select"), "*", json!({"reason": "Thuận lợi"})).await;
        }
        3 => {
            let site = any("SELECT id FROM sites WHERE state IN ('nominated', 'selected')").await;
            province.post_if(&format!("/api/v1/sites/{site}/decline"), "*", json!({"reason": "Xa"})).await;
        }
        4 => {
            let site = any("SELECT id FROM sites WHERE state IN ('draft', 'selected')").await;
            province.post_if(&format!("/api/v1/sites/{site}/schedule"), "*", hours("2023-08-12", 8, 11)).await;
        }
        5 => {
            let phase = ["before", "during", "after"][draw(3)];
            let starts_at = match phase {
                "before" => "2023-06-20T08:00:00+07:00",
                "during" => "2023-08-01T08:00:00+07:00",
                _ => "2023-08-22T08:00:00+07:00",
            };
            let body = json!({"campaign_id": campaign, "org_unit_id": district.unit, "title": "Tuyên truyền", "kind": "communication",
                              "phase": phase, "starts_at": starts_at});
            district.client.post("/api/v1/activities", body).await;
        }
        6 => {
            let activity = any("SELECT id FROM activities").await;
            province.post_if(&format!("/api/v1/activities/{activity}/cancel"), "*", json!({"reason": "Mưa"})).await;
        }
        7 => {
            let owed = any("SELECT id FROM plan_obligations").await;
            let step = ["exempt", "restore"][draw(2)];
            province.post_if(&format!("/api/v1/plan-obligations/{owed}/{step}"), "*", json!({"reason": "Lồng ghép"})).await;
        }
        8 => {
            let parent = app.text("SELECT id FROM plans WHERE number = 81").await;
            let body = json!({"campaign_id": campaign, "org_unit_id": district.unit, "parent_plan_id": parent, "symbol": "KH", "title": "Kế hoạch"});
            let draft = district.client.post("/api/v1/plans", body).await;
            let path = draft.location();
            let submitted = district.client.post_empty_if(&format!("{path}/submit"), &draft).await;
            let signed = json!({"number": draw(1000) + 1, "issued_on": "2023-06-20", "signatory_name": "Nguyễn Văn A"});
            district.client.post_if(&format!("{path}/issue"), &submitted, signed).await;
        }
        9 => {
            let owed = any("SELECT id FROM report_obligations").await;
            let body = json!({"obligation_id": owed, "campaign_id": campaign, "figures": {}});
            let report = province.post("/api/v1/reports", body).await;
            if report.status == 201 {
                province.post_empty_if(&format!("{}/submit", report.location()), &report).await;
            }
        }
        10 => {
            let site = any("SELECT id FROM sites WHERE state IN ('nominated', 'draft')").await;
            province.post_if(&format!("/api/v1/sites/{site}/shortlist"), "*", json!({"reason": "Phong trào mạnh"})).await;
        }
        11 => {
            let site = any("SELECT id FROM sites WHERE state IN ('nominated', 'shortlisted', 'selected', 'scheduled')").await;
            province.post_if(&format!("/api/v1/sites/{site}/withdraw"), "*", json!({"reason": "Đường sạt lở"})).await;
        }
        12 => {
            let site = any("SELECT id FROM sites WHERE pilot_level = 'province' OR state = 'nominated'").await;
            let items = province.get("/api/v1/checklist-items").await.items().clone();
            // Mostly all of it is met, else something is not, or not answered.
            let odd = draw(3 * items.len() as u64);
            let verdict = |n: usize| if n == odd { "not_met" } else { "met" };
            let answers: Vec<Value> = items
                .iter()
                .enumerate()
                .filter(|(n, _)| n + items.len() != odd)
                .map(|(n, item)| json!({"item_id": item["id"], "verdict": verdict(n)}))
                .collect();
            province.put_if(&format!("/api/v1/sites/{site}/checklist"), "*", json!({"answers": answers})).await;
        }
        _ => app.set_now(["2023-06-20T08:00:00+07:00", "2023-08-19T23:59:59+07:00", "2023-08-20T00:00:00+07:00"][draw(3)]),
    }
}

#[tokio::test]
async fn the_lights_are_those_of_a_recount_whatever_was_done_in_whatever_order() {
    for seed in 1..=4_u64 {
        let app = TestApp::start().await;
        app.set_now("2023-07-03T08:00:00+07:00");
        let mut state = seed;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % below) as usize
        };
        let province = app.sign_in(Role::ProvincialAdministrator).await;
        let mut districts = Vec::new();
        for name in ["Lục Yên", "Văn Yên", "Trấn Yên"] {
            districts.push(District::of(&app, name).await);
        }
        let (path, campaign) = (path(&app).await, app.campaign_id().await);
        for step in 0..40 {
            do_something(&app, &province, &districts, &campaign, &mut draw).await;
            let lights = Lights::read(&province, &path).await;
            for (rule, name, query) in RECOUNTS {
                assert_eq!(lights.fact(rule, name)["value"], json!(app.number(query).await), "seed {seed}, step {step}: {rule} {name}");
            }
        }
        figures_are_their_lists(&province, &path).await;
        let done = app.number("SELECT count(*) FROM events").await;
        assert!(done > 10, "seed {seed}: only {done} things were done");
    }
}

/// Each figure that names a list, beside how long that list is.
async fn figures_are_their_lists(client: &Client, path: &str) -> usize {
    let lights = Lights::read(client, path).await;
    let mut linked = 0;
    for fact in lights.by_id.values().flat_map(|rule| rule["facts"].as_array().unwrap()) {
        let Some(link) = fact["link"].as_str() else { continue };
        let list = client.get(&format!("{link}&with_total=true")).await;
        assert_eq!(list.expect(200)["total"], fact["value"], "{link}: {fact}");
        linked += 1;
    }
    linked
}

#[tokio::test]
async fn each_figure_is_as_long_as_the_list_it_links_to_for_the_whole_and_for_one_body() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let mut units = Vec::new();
    for name in ["Lục Yên", "Văn Yên"] {
        let district = District::of(&app, name).await;
        let site = district.nominated(&app, "Điểm một").await;
        province.post_if(&step(&site, "select"), "*", json!({"reason": "x"})).await.expect(200);
        district.scheduled(&app, "Điểm hai").await;
        for (name, is_cancelled) in [("Tuyên truyền", false), ("Thể thao", true)] {
            let body = json!({"campaign_id": campaign, "org_unit_id": district.unit, "title": name, "kind": "communication", "phase": "before",
                              "starts_at": "2023-06-20T08:00:00+07:00"});
            let made = district.client.post("/api/v1/activities", body).await;
            made.expect(201);
            if is_cancelled {
                district.client.post_if(&format!("{}/cancel", made.location()), "*", json!({"reason": "Mưa"})).await.expect(200);
            }
        }
        units.push(district);
    }
    assert!(figures_are_their_lists(&province, &path(&app).await).await > 5);
    for district in &units {
        let own = format!("/api/v1/org-units/{}/compliance?campaign_id={campaign}", district.unit);
        assert!(figures_are_their_lists(&district.client, &own).await > 3);
        assert!(figures_are_their_lists(&province, &own).await > 3);
    }
}
