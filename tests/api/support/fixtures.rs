//! Things that many tests begin with.

use super::{Answer, Client, TestApp, Value, json};
use std::time::{Duration, Instant};

/// A new site of a unit: a residential area without anything else.
pub async fn site_in(app: &TestApp, org_unit_id: &str, name: &str) -> Value {
    json!({"campaign_id": app.campaign_id().await, "org_unit_id": org_unit_id, "name": name, "kind": "residential_area"})
}

/// A district, its committee, and a draft of a site there.
pub struct District {
    pub client: Client,
    pub unit: String,
}

impl District {
    pub async fn of(app: &TestApp, name: &str) -> Self {
        let unit = app.org_unit_of_kind("district_committee", name).await;
        Self { client: app.district(name).await, unit }
    }

    /// A draft of a site.
    pub async fn draft(&self, app: &TestApp, name: &str) -> Answer {
        let made = self.client.post("/api/v1/sites", site_in(app, &self.unit, name).await).await;
        made.expect(201);
        made
    }

    /// A nominated site.
    pub async fn nominated(&self, app: &TestApp, name: &str) -> Answer {
        let draft = self.draft(app, name).await;
        let nominated = self.client.post_empty_if(&step(&draft, "nominate"), &draft).await;
        nominated.expect(200);
        nominated
    }

    /// A scheduled site: 12 August 2023, eight to eleven.
    pub async fn scheduled(&self, app: &TestApp, name: &str) -> Answer {
        let draft = self.draft(app, name).await;
        let scheduled = self.client.post_if(&step(&draft, "schedule"), &draft, hours("2023-08-12", 8, 11)).await;
        scheduled.expect(200);
        scheduled
    }
}

/// The path of a site.
pub fn path(site: &Answer) -> String {
    format!("/api/v1/sites/{}", site.id())
}

/// The path of a step of a site.
pub fn step(site: &Answer, step: &str) -> String {
    format!("{}/{step}", path(site))
}

/// From hour to hour of a day in Viet Nam.
pub fn hours(day: &str, from: u8, to: u8) -> Value {
    json!({"starts_at": format!("{day}T{from:02}:00:00+07:00"), "ends_at": format!("{day}T{to:02}:00:00+07:00")})
}

/// Reads the change feed on from a cursor (`0-0` is the beginning) until so many changes have come, and gives the
/// cursor behind them. The feed never passes the oldest transaction that still runs, so a change may be a moment late.
pub async fn read_changes(client: &Client, mut after: String, count: usize, limit: u32) -> (Vec<Value>, String) {
    let (mut changes, began) = (Vec::new(), Instant::now());
    while changes.len() < count {
        assert!(began.elapsed() < Duration::from_secs(20), "{} of {count} changes came", changes.len());
        let answer = client.get(&format!("/api/v1/changes?after={after}&limit={limit}")).await;
        let items = answer.items().clone();
        match items.last() {
            // At the end of the feed the cursor goes on to where it will grow.
            Some(last) if answer.body["has_more"] == true => assert_eq!(answer.body["next_cursor"], last["cursor"]),
            Some(_) => {}
            None => {
                assert_eq!(answer.body["has_more"], false);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        after = answer.body["next_cursor"].as_str().unwrap().to_owned();
        changes.extend(items);
    }
    (changes, after)
}
