//! All figures of a province agree: each with a recount from the log, with the list behind it, and with the same figure elsewhere.

use super::newcomers::equals_a_recount;
use super::reports::draft_of;
use super::support::fixtures::District;
use super::support::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

const GUESTS: &str = "/api/v1/participants";
const CHECK_INS: &str = "/api/v1/check-ins";
const HEADS: &str = "/api/v1/head-counts";
const OPENING: &str = "2023-08-12T08:00:00+07:00";
const CATEGORIES: [&str; 3] = ["resident", "press", "community_elder"];
const BANDS: [&str; 3] = ["under_16", "31_to_60", "over_60"];

/// Each site of the campaign, counted from its guests, the log and the head counts; nothing from a counter.
const RECOUNT: &str = "SELECT s.id, s.state, u.path, g.*, l.*, coalesce(h.head, 0) AS head, h.head IS NOT NULL AS has_head
    FROM sites s JOIN org_units u ON u.id = s.org_unit_id,
    LATERAL (SELECT count(*) AS listed, count(*) FILTER (WHERE p.state <> 'listed') AS invited, count(*) FILTER (WHERE p.state = 'accepted') AS accepted,
                    count(*) FILTER (WHERE p.state = 'declined') AS declined
             FROM participants p WHERE p.site_id = s.id AND p.merged_into_id IS NULL) g,
    LATERAL (SELECT coalesce(sum(entries), 0)::bigint AS entries, count(*) FILTER (WHERE entries > 0) AS persons, count(*) FILTER (WHERE is_present AND entries > 0) AS present
             FROM (SELECT count(*) FILTER (WHERE direction = 'entry') AS entries,
                          coalesce((array_agg(direction ORDER BY occurred_at DESC, op_id DESC)
                                    FILTER (WHERE direction <> 'refusal' AND occurred_at <= received_at + interval '5 minutes'))[1] = 'entry', false) AS is_present
                   FROM check_ins c JOIN participants n ON n.campaign_id = c.campaign_id AND n.id = c.participant_id
                   WHERE c.site_id = s.id GROUP BY coalesce(n.merged_into_id, n.id)) one) l,
    LATERAL (SELECT max(head_count) AS head FROM head_counts h
             WHERE h.site_id = s.id AND NOT EXISTS (SELECT FROM head_counts r WHERE r.supersedes_id = h.id)) h";

/// The seven figures of guests, as the recount, the overview, the map and the attendance call them.
const FIGURES: [&str; 7] = ["listed", "invited", "accepted", "declined", "entries", "persons", "present"];
const ATTENDANCE: [&str; 7] =
    ["listed_count", "invited_count", "accepted_count", "declined_count", "entry_count", "person_count", "present_count"];

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn sum(rows: &[&Value], name: &str) -> i64 {
    rows.iter().map(|row| number(&row[name])).sum()
}

async fn total(client: &Client, path: &str) -> i64 {
    let glue = if path.contains('?') { '&' } else { '?' };
    number(&client.get(&format!("{path}{glue}with_total=true&limit=1")).await.expect(200)["total"])
}

/// A province of three districts with two sites each, on the day of the festival.
struct Walk {
    app: TestApp,
    province: Client,
    districts: Vec<District>,
    sites: Vec<(usize, String)>,
    guests: Vec<String>,
    heads: Vec<(String, String)>,
}

impl Walk {
    async fn begin() -> Self {
        let app = TestApp::start().await;
        let province = app.sign_in(Role::ProvincialAdministrator).await;
        let (mut districts, mut sites) = (Vec::new(), Vec::new());
        for (no, name) in ["Lục Yên", "Văn Yên", "Trấn Yên"].into_iter().enumerate() {
            let district = District::of(&app, name).await;
            for site in 0..2 {
                sites.push((no, district.scheduled(&app, &format!("Bản {no}.{site}")).await.id()));
            }
            districts.push(district);
        }
        app.set_now(OPENING);
        Self { app, province, districts, sites, guests: Vec::new(), heads: Vec::new() }
    }

    /// One step of the walk; what is refused changes nothing.
    async fn step(&mut self, (kind, place, one, other, minute): (usize, usize, usize, usize, i64)) {
        let (district, site) = &self.sites[place % self.sites.len()];
        let client = &self.districts[*district].client;
        let (category, band) = (CATEGORIES[one % 3], BANDS.get(other % 4));
        let guest = self.guests.get(one % self.guests.len().max(1)).cloned().unwrap_or_else(|| Uuid::now_v7().to_string());
        let second = self.guests.get(other % self.guests.len().max(1)).cloned().unwrap_or_default();
        let at = (chrono::DateTime::parse_from_rfc3339(OPENING).unwrap() + chrono::Duration::minutes(minute)).to_rfc3339();
        let path = format!("{GUESTS}/{guest}");
        let province = &self.province;
        let answer = match kind {
            0..=2 => {
                let body = json!({"site_id": site, "kind": "person", "category": category, "age_band": band, "full_name": format!("Khách {one}.{other}")});
                client.post(GUESTS, body).await
            }
            3 => province.post_empty_if(&format!("{path}/invite"), "*").await,
            4 => province.post_if(&format!("{path}/accept"), "*", json!({})).await,
            5 => province.post_if(&format!("{path}/decline"), "*", json!({})).await,
            6 => client.post_empty(&format!("/api/v1/sites/{site}/invitations")).await,
            7..=9 => {
                let direction = if kind == 9 { "exit" } else { "entry" };
                province.post(CHECK_INS, json!({"participant_id": guest, "direction": direction, "occurred_at": at})).await
            }
            10 => {
                let guest = json!({"kind": "person", "category": category, "age_band": band, "full_name": format!("Bà {one}.{other}")});
                client.post(&format!("/api/v1/sites/{site}/walk-ins"), json!({"guest": guest})).await
            }
            11 => {
                let operation = json!({"op_id": Uuid::now_v7(), "guest": {"kind": "person", "full_name": format!("Cô {one}.{other}")}, "site_id": site,
                                       "direction": "entry", "occurred_at": at});
                client.post("/api/v1/check-ins/batch", json!({"device_id": Uuid::now_v7(), "operations": [operation]})).await
            }
            12 | 13 => province.post_if(&format!("{path}/merge"), "*", json!({"into_participant_id": second})).await,
            14 => province.post_empty_if(&format!("{path}/unmerge"), "*").await,
            15 => province.delete_if(&path, "*").await,
            16 => client.post(HEADS, json!({"site_id": site, "head_count": one * 7, "counted_at": at})).await,
            17 => match self.heads.get(one % self.heads.len().max(1)) {
                Some((site, wrong)) => {
                    let body = json!({"site_id": site, "head_count": other * 3, "counted_at": at, "supersedes_id": wrong});
                    province.post(HEADS, body).await
                }
                None => return,
            },
            18 => self.districts[*district].draft(&self.app, &format!("Thôn {}", Uuid::now_v7())).await,
            _ => province.patch_if(&path, "*", json!({"category": category, "age_band": band})).await,
        };
        assert!(answer.status < 500, "{kind}: {}", answer.text);
        if answer.status != 201 && answer.status != 200 {
            return;
        }
        match kind {
            0..=2 => self.guests.push(answer.id()),
            10 => self.guests.push(answer.body["participant"]["id"].as_str().unwrap().to_owned()),
            11 => {
                if let Some(line) = answer.body["verdicts"][0]["check_in_id"].as_str() {
                    let line = client.get(&format!("{CHECK_INS}/{line}")).await;
                    self.guests.push(line.expect(200)["participant_id"].as_str().unwrap().to_owned());
                }
            }
            16 | 17 => self.heads.push((answer.body["site_id"].as_str().unwrap().to_owned(), answer.id())),
            _ => {}
        }
    }

    async fn all_figures_agree(&self) {
        equals_a_recount(&self.app).await;
        let rows = self.app.sql(RECOUNT).await;
        let by_id: BTreeMap<&str, &Value> = rows.iter().map(|row| (row["id"].as_str().unwrap(), row)).collect();
        self.sites_agree(&by_id).await;
        self.map_agrees(&by_id).await;
        self.overview_agrees(&rows, "").await;
        for district in &self.districts {
            let path = self.app.text(&format!("SELECT path FROM org_units WHERE id = '{}'", district.unit)).await;
            let own: Vec<Value> = rows.iter().filter(|row| row["path"].as_str().unwrap().starts_with(&path)).cloned().collect();
            self.overview_agrees(&own, &format!("?org_unit_id={}", district.unit)).await;
        }
    }

    /// Attendance and composition of each site, their parts, and the lists behind them.
    async fn sites_agree(&self, by_id: &BTreeMap<&str, &Value>) {
        for (_, site) in &self.sites {
            let row = by_id[site.as_str()];
            let answer = self.province.get(&format!("/api/v1/sites/{site}/attendance")).await;
            let attendance = answer.expect(200);
            let of = format!("{GUESTS}?site_id={site}");
            let lists = ["", "&was_invited=true", "&state=accepted", "&state=declined", "", "&has_attended=true", "&is_present=true"];
            for ((figure, shown), list) in FIGURES.into_iter().zip(ATTENDANCE).zip(lists) {
                assert_eq!(attendance["total"][shown], row[figure], "{site} {figure}");
                let parts: Vec<&Value> = attendance["by_category"].as_array().unwrap().iter().map(|part| &part["counts"]).collect();
                assert_eq!(sum(&parts, shown), number(&row[figure]), "{site} {figure} by category");
                let listed = if figure == "entries" {
                    total(&self.province, &format!("{CHECK_INS}?site_id={site}&direction=entry")).await
                } else {
                    total(&self.province, &format!("{of}{list}")).await
                };
                assert_eq!(listed, number(&row[figure]), "{site} {figure} as a list");
            }
            assert_eq!(attendance["head_count"]["head_count"].as_i64(), row["has_head"].as_bool().unwrap().then(|| number(&row["head"])));
            let answer = self.province.get(&format!("/api/v1/sites/{site}/composition")).await;
            let composition = answer.expect(200);
            let of_parts = |name: &str, key: &str, part: &Value| format!("{of}&{name}={}", part[key].as_str().unwrap());
            for (counted, figure) in
                [("listed_count", "listed"), ("invited_count", "invited"), ("accepted_count", "accepted"), ("attended_count", "persons")]
            {
                assert_eq!(composition["total"][counted], row[figure], "{site} {counted}");
                for parts in ["by_category", "by_age_band", "cells"] {
                    let parts: Vec<&Value> = composition[parts].as_array().unwrap().iter().map(|part| &part["counts"]).collect();
                    assert_eq!(sum(&parts, counted), number(&row[figure]), "{site} {counted}");
                }
            }
            for (parts, key) in [("by_category", "category"), ("by_age_band", "age_band")] {
                for part in composition[parts].as_array().unwrap() {
                    let list = of_parts(key, key, part);
                    assert_eq!(total(&self.province, &list).await, number(&part["counts"]["listed_count"]), "{list}");
                    let attended = total(&self.province, &format!("{list}&has_attended=true")).await;
                    assert_eq!(attended, number(&part["counts"]["attended_count"]), "{list}");
                }
            }
        }
    }

    async fn map_agrees(&self, by_id: &BTreeMap<&str, &Value>) {
        let map = self.province.get("/api/v1/map/sites.geojson").await;
        let features = map.expect(200)["features"].as_array().unwrap();
        assert_eq!(features.len(), by_id.len());
        for feature in features {
            let row = by_id[feature["id"].as_str().unwrap()];
            for figure in ["invited", "entries", "persons", "present"] {
                assert_eq!(feature["properties"][figure], row[figure], "{figure} on the map");
            }
        }
    }

    /// The overview of the province or of a district, the lists it links to, and the sum of its sites.
    async fn overview_agrees(&self, rows: &[Value], narrowed: &str) {
        let answer = self.province.get(&format!("/api/v1/dashboard/overview{narrowed}")).await;
        let body = answer.expect(200);
        let rows: Vec<&Value> = rows.iter().collect();
        let link = |name: &str| body["links"][name].as_str().unwrap().to_owned();
        let participants = link("participants");
        let lists = ["", "&was_invited=true", "&state=accepted", "&state=declined", "", "&has_attended=true", "&is_present=true"];
        for (figure, list) in FIGURES.into_iter().zip(lists) {
            assert_eq!(number(&body["guests"][figure]), sum(&rows, figure), "{narrowed} {figure}");
            if figure != "entries" {
                assert_eq!(
                    total(&self.province, &format!("{participants}{list}")).await,
                    sum(&rows, figure),
                    "{narrowed} {figure} as a list"
                );
            }
        }
        assert_eq!(number(&body["sites"]["total"]), i64::try_from(rows.len()).unwrap());
        for state in ["draft", "nominated", "scheduled", "held"] {
            let there = rows.iter().filter(|row| row["state"] == state).count();
            assert_eq!(body["sites"][state], json!(there), "{narrowed} {state}");
            assert_eq!(total(&self.province, &format!("{}&state={state}", link("sites"))).await, i64::try_from(there).unwrap());
        }
        let heads = &body["head_counts"];
        assert_eq!(number(&heads["highest_sum"]), sum(&rows, "head"), "{narrowed}");
        assert_eq!(number(&heads["counted_sites"]), i64::try_from(rows.iter().filter(|row| row["has_head"] == true).count()).unwrap());
        let mut highest: BTreeMap<String, i64> = BTreeMap::new();
        for one in self.province.get(&format!("{}&limit=200", link("head_counts"))).await.items() {
            let of_site = highest.entry(one["site_id"].to_string()).or_default();
            *of_site = (*of_site).max(number(&one["head_count"]));
        }
        assert_eq!(highest.values().sum::<i64>(), sum(&rows, "head"), "{narrowed} head counts as a list");
    }

    /// What a report of a district is filled in with, and the records behind it.
    async fn reports_agree(&self) {
        let rows = self.app.sql(RECOUNT).await;
        for (no, name) in ["Lục Yên", "Văn Yên"].into_iter().enumerate() {
            let (client, draft) = draft_of(&self.app, name, json!({})).await;
            let path = self.app.text(&format!("SELECT path FROM org_units WHERE id = '{}'", self.districts[no].unit)).await;
            let own: Vec<&Value> = rows.iter().filter(|row| row["path"] == path.as_str()).collect();
            let answer = client.get(&format!("/api/v1/reports/{}/prefill", draft.id())).await;
            let item = answer.items().iter().find(|item| item["indicator"] == "attendance_count").unwrap();
            assert_eq!(item["recorded"].as_i64().unwrap_or(0), sum(&own, "entries"), "{name}");
            let records = client.get(item["records_url"].as_str().unwrap()).await;
            assert_eq!(records.items().iter().map(|record| number(&record["amount"])).sum::<i64>(), sum(&own, "entries"), "{name}");
        }
    }
}

async fn walk(steps: Vec<(usize, usize, usize, usize, i64)>) {
    let mut walk = Walk::begin().await;
    let half = steps.len() / 2;
    for (no, step) in steps.into_iter().enumerate() {
        walk.step(step).await;
        if no == half {
            walk.all_figures_agree().await;
        }
    }
    walk.all_figures_agree().await;
    walk.reports_agree().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_figures_of_a_province_agree_after_any_walk(
        steps in prop::collection::vec((0_usize..20, 0_usize..6, 0_usize..40, 0_usize..40, -60_i64..0), 40..120),
    ) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(walk(steps));
    }
}
