//! Why personal data are held and how long; and that they are erased when that time is over, with every figure as it was.

use super::ledgers::row;
use super::participant_contacts::Guest;
use super::participants::WRONG_FIGURES;
use super::personal_data::figures;
use super::support::*;
use ngayhoi::db::Db;
use ngayhoi::erasures::sweep::sweep;

const PATH: &str = "/api/v1/processing-purposes";
const ERASURES: &str = "/api/v1/erasures";

async fn purpose(client: &Client, kind: &str) -> Answer {
    let listed = client.get(&format!("{PATH}?data_kind={kind}")).await;
    client.get(&format!("{PATH}/{}", listed.items()[0]["id"].as_str().unwrap())).await
}

fn path(purpose: &Answer) -> String {
    format!("{PATH}/{}", purpose.id())
}

#[tokio::test]
async fn a_campaign_begins_with_a_purpose_for_each_kind_and_so_does_a_clone() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let listed = province.get(&format!("{PATH}?campaign_id={}&with_total=true", app.campaign_id().await)).await;
    assert_eq!(listed.body["total"], 9);
    for purpose in listed.items() {
        assert!(purpose["legal_basis"].as_str().unwrap().contains("91/2025/QH15"), "{purpose}");
        let has_end = !["check_ins", "users"].contains(&purpose["data_kind"].as_str().unwrap());
        assert_eq!(purpose["retention_days"].is_i64(), has_end, "{purpose}");
    }
    assert_eq!(province.get(&format!("{PATH}?has_retention=false")).await.items().len(), 2);
    let changed = purpose(&province, "guests").await;
    let body = json!({"retention_days": 30, "reason": "Rút ngắn thời hạn"});
    province.patch_if(&path(&changed), &changed, body).await.expect(200);
    let clone = json!({"year": 2024, "event_from": "2024-07-01", "event_to": "2024-08-19", "report_due_before": "2024-08-20"});
    let made = province.post(&format!("/api/v1/campaigns/{}/clone", app.campaign_id().await), clone).await;
    made.expect(201);
    let id = made.body["campaign"]["id"].as_str().unwrap();
    let cloned = province.get(&format!("{PATH}?campaign_id={id}&data_kind=guests")).await;
    assert_eq!((&cloned.items()[0]["retention_days"], &cloned.items()[0]["version"]), (&json!(30), &json!(1)));
    app.anonymous().get(PATH).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_province_changes_a_purpose_with_the_reason_and_every_version_stays() {
    let app = TestApp::start().await;
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let before = purpose(&province, "contacts").await;
    let body = json!({"retention_days": 30, "reason": "Theo ý kiến thẩm định"});
    assert_eq!(province.patch_if(&path(&before), &before, json!({"retention_days": 30})).await.fields(), ["/reason required"]);
    let long = json!({"retention_days": 4000, "reason": "x"});
    assert_eq!(province.patch_if(&path(&before), &before, long).await.fields(), ["/retention_days too_large"]);
    province.patch(&path(&before), body.clone()).await.expect_problem(428, "precondition_required");
    app.district("Lục Yên").await.patch_if(&path(&before), "*", body.clone()).await.expect_problem(403, "forbidden");
    app.anonymous().patch_if(&path(&before), "*", body.clone()).await.expect_problem(401, "unauthenticated");
    let changed = province.patch_if(&path(&before), &before, body.clone()).await;
    assert_eq!((&changed.expect(200)["retention_days"], &changed.body["version"]), (&json!(30), &json!(2)));
    province.patch_if(&path(&before), &before, body).await.expect_problem(412, "precondition_failed");
    let kept = json!({"retention_days": null, "reason": "Giữ lại"});
    province.patch_if(&path(&before), &changed, kept).await.expect(200);
    let history = province.get(&format!("{}/history?sort=id", path(&before))).await;
    let days: Vec<&Value> = history.items().iter().map(|one| &one["retention_days"]).collect();
    assert_eq!(days, [&json!(90), &json!(30), &Value::Null]);
    assert_eq!(history.items()[0]["changed_by"], Value::Null);
    assert_eq!(history.items()[1]["reason"], "Theo ý kiến thẩm định");
    for kind in ["check_ins", "users"] {
        let never = purpose(&province, kind).await;
        let body = json!({"retention_days": 10, "reason": "x"});
        assert_eq!(province.patch_if(&path(&never), &never, body).await.fields(), ["/retention_days not_erased"]);
    }
    province.get(&format!("{PATH}/018b2f19-e79e-7d6a-a56d-29feb6211b04")).await.expect_problem(404, "not_found");
}

/// Runs the sweep of the housekeeping at an instant.
async fn sweep_at(app: &TestApp, now: &str) -> usize {
    sweep(&Db::new(&app.database_url).unwrap(), now.parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn what_was_kept_long_enough_is_erased_kind_by_kind_and_no_figure_changes() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let named = json!({"is_anonymous": false, "raised_by_name": "Trần Thị Cúc"});
    for (ledger, members) in [
        ("opinions", named),
        ("opinions", json!({})),
        ("commendations", json!({"awardee_name": "Lò Văn Đức"})),
        ("commendations", json!({"awardee_kind": "collective"})),
    ] {
        guest.district.client.post(&format!("/api/v1/{ledger}"), row(&app, ledger, members).await).await.expect(201);
    }
    guest.read(&guest.district.client).await.expect(200);
    let request =
        json!({"campaign_id": app.campaign_id().await, "org_unit_id": guest.district.unit, "kind": "access", "reference": "Bà Cúc"});
    guest.district.client.post("/api/v1/data-requests", request).await.expect(201);
    assert_eq!(sweep_at(&app, "2040-01-01T00:00:00+07:00").await, 0, "the campaign is not closed");
    app.execute("UPDATE campaigns SET state = 'closed', updated_at = '2023-10-01T00:00:00+07:00'").await;
    let before = figures(&app, &guest).await;
    let guests = app.number("SELECT count(*) FROM participants").await;

    assert_eq!(sweep_at(&app, "2023-12-29T23:59:59+07:00").await, 0, "89 days");
    assert_eq!(sweep_at(&app, "2023-12-30T00:00:00+07:00").await, 1, "the contacts, after 90 days");
    assert_eq!(sweep_at(&app, "2023-12-30T00:00:01+07:00").await, 0, "nothing is erased twice");
    let shown = guest.district.client.get(&guest.path()).await;
    assert_eq!(shown.expect(200)["full_name"], "Hoàng Văn Ánh");

    let erased = sweep_at(&app, "2024-09-30T00:00:00+07:00").await;
    assert_eq!(erased as i64, guests + app.number("SELECT count(*) FROM delegates").await, "guests and delegates, after 365 days");
    let shown = guest.district.client.get(&guest.path()).await;
    assert_eq!((&shown.expect(200)["full_name"], &shown.body["title"]), (&json!("Đã xóa do hết thời hạn lưu giữ"), &Value::Null));
    assert!(shown.body["erased_at"].is_string());
    assert_eq!(app.number("SELECT count(*) FROM participants WHERE tokens <> '{}'").await, 0);

    assert_eq!(
        sweep_at(&app, "2025-09-30T00:00:00+07:00").await,
        3,
        "the name with an opinion, that of a request and the line of the log, after 730 days"
    );
    assert_eq!(sweep_at(&app, "2028-09-29T00:00:00+07:00").await, 1, "the individual who was commended, after 1825 days");
    for name in ["Ánh", "Cúc", "Đức", "912345678"] {
        for table in
            ["participants", "participant_contacts", "opinions", "commendations", "delegates", "events", "erasures", "data_requests"]
        {
            let found = format!("SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text LIKE '%{name}%'");
            assert_eq!(app.number(&found).await, 0, "{name} in {table}");
        }
    }
    assert_eq!(figures(&app, &guest).await, before);
    assert_eq!(app.number(WRONG_FIGURES).await, 0);

    let auditor = app.sign_in(Role::Auditor).await;
    let log = auditor.get(&format!("{ERASURES}?cause=retention&sort=erased_at")).await;
    let told: Vec<(&str, i64)> =
        log.items().iter().map(|one| (one["data_kind"].as_str().unwrap(), one["row_count"].as_i64().unwrap())).collect();
    assert_eq!(told[0], ("contacts", 1));
    assert!(told.contains(&("guests", guests)) && told.contains(&("commendations", 1)), "{told:?}");
    assert!(log.items().iter().all(|one| one["erased_by"].is_null() && one["object_id"].is_null()));
    assert_eq!(auditor.get(&format!("{ERASURES}?data_kind=opinions")).await.items().len(), 1);
    guest.district.client.get(ERASURES).await.expect_problem(403, "forbidden");
    app.anonymous().get(ERASURES).await.expect_problem(401, "unauthenticated");
}
