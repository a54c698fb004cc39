//! The overview: what it says is what the lists behind it say.

use super::support::fixtures::District;
use super::support::world::World;
use super::support::*;

#[tokio::test]
async fn a_campaign_after_the_reform_misses_no_district_that_is_gone() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    app.execute("UPDATE org_units SET valid_to = '2025-06-30' WHERE kind = 'district_committee'").await;
    let unit = app.text("SELECT org_unit_id FROM campaigns").await;
    let body = json!({
        "org_unit_id": unit, "name": "Ngày hội năm 2026", "year": 2026, "event_from": "2026-07-01", "event_to": "2026-08-19",
        "report_due_before": "2026-08-20", "provincial_pilot_count": 2, "min_district_nominations": 1
    });
    let made = province.post("/api/v1/campaigns", body).await;
    province.post_empty_if(&format!("{}/issue", made.location()), &made).await.expect(200);
    for (id, districts) in [(made.id(), 0), (app.text("SELECT id FROM campaigns WHERE year = 2023").await, 9)] {
        let shown = province.get(&format!("/api/v1/dashboard/overview?campaign_id={id}")).await;
        let listed = province.get(&format!("/api/v1/campaigns/{id}/nominations")).await;
        assert_eq!(shown.expect(200)["nominations"]["missing_count"], listed.expect(200)["missing_count"]);
        let of = |value: &Value| value.as_array().unwrap().len();
        assert_eq!((of(&shown.body["nominations"]["districts"]), of(&listed.body["districts"])), (districts, districts));
    }
}

#[tokio::test]
async fn every_figure_is_that_of_the_list_it_links_to() {
    let world = World::start().await;
    let (app, client) = (&world.app, &world.client);
    let elsewhere = District::of(app, "Văn Yên").await;
    let site = elsewhere.scheduled(app, "Bản khác").await;
    let mut guest = world.example("ParticipantIn");
    guest["site_id"] = json!(site.id());
    client.post("/api/v1/participants", guest).await.expect(201);
    let own = world.reference("org_unit_id").unwrap();
    let province = app.text("SELECT org_unit_id FROM campaigns").await;
    for narrowed in
        [String::new(), format!("?org_unit_id={own}"), format!("?org_unit_id={}", elsewhere.unit), format!("?org_unit_id={province}")]
    {
        let overview = client.get(&format!("/api/v1/dashboard/overview{narrowed}")).await;
        let body = overview.expect(200);
        let link = |name: &str| body["links"][name].as_str().unwrap().to_owned();
        for (name, figure) in [("sites", "/sites/total"), ("activities", "/activities/total"), ("participants", "/guests/listed")] {
            let list = client.get(&format!("{}&with_total=true&limit=1", link(name))).await;
            assert_eq!(list.expect(200)["total"], *body.pointer(figure).unwrap(), "{narrowed} {name}");
        }
        let map = client.get(&link("map")).await;
        assert_eq!(json!(map.expect(200)["features"].as_array().unwrap().len()), body["sites"]["total"], "{narrowed}");
        let nominations = client.get(&link("nominations")).await;
        assert_eq!(nominations.expect(200)["missing_count"], body["nominations"]["missing_count"], "{narrowed}");
        let reports = client.get(&link("reports")).await;
        for (listed, shown) in
            [("expected_count", "expected"), ("submitted_count", "submitted"), ("completeness_percent", "completeness_percent")]
        {
            assert_eq!(reports.expect(200)[listed], body["reports"][shown], "{narrowed} {shown}");
        }
    }
}

#[tokio::test]
async fn a_share_of_nothing_is_null() {
    let app = TestApp::start().await;
    app.execute("DELETE FROM report_obligations").await;
    let overview = app.sign_in(Role::ProvincialAdministrator).await.get("/api/v1/dashboard/overview").await;
    assert_eq!(overview.expect(200)["reports"]["completeness_percent"], Value::Null);
}
