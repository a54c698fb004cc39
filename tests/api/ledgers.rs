//! What all ledgers have in common: commendations, gifts, budget lines, opinions, obstacles, models, media items, pledges.

use super::support::fixtures::District;
use super::support::*;

/// A row of a ledger that a district may record.
pub async fn row(app: &TestApp, path: &str, members: Value) -> Value {
    let mut body = match path {
        "commendations" => {
            json!({"awardee_kind": "individual", "awardee_name": "Nguyễn Văn B", "award_form": "giay_khen", "award_level": "district",
                   "decision_number": "812/QĐ-UBND", "decided_on": "2023-06-30", "awarding_body": "Chủ tịch huyện", "reason": "Thành tích xuất sắc"})
        }
        "gifts" => {
            json!({"recipient_category": "poor_household", "recipient_count": 20, "value_vnd": 10_000_000, "giver": "Công an huyện", "given_on": "2023-06-30"})
        }
        "budget-lines" => json!({"source": "yearly_estimate", "purpose": "Tổ chức Ngày hội", "planned_vnd": 50_000_000}),
        "opinions" => json!({"text": "Đề nghị lắp đèn chiếu sáng", "raised_at": "2023-07-01T09:00:00+07:00", "is_anonymous": true}),
        "obstacles" => json!({"title": "Thiếu kinh phí", "description": "Chưa bố trí dự toán"}),
        "grassroots-models" => json!({"name": "Tiếng kẻng an ninh", "kind": "warning_signal", "launched_on": "2023-06-15"}),
        "media-items" => {
            json!({"outlet": "Báo Yên Bái", "kind": "article", "title": "Rộn ràng Ngày hội", "url": "https://example.org/a", "published_on": "2023-07-02"})
        }
        "pledges" => {
            json!({"topic": "Khu dân cư an toàn", "household_count": 120, "person_count": 2, "collective_count": 3, "signed_on": "2023-07-02"})
        }
        other => panic!("{other}"),
    };
    let body_members = body.as_object_mut().unwrap();
    body_members.insert("campaign_id".to_owned(), json!(app.campaign_id().await));
    body_members.insert("org_unit_id".to_owned(), json!(app.org_unit_of_kind("district_committee", "Lục Yên").await));
    body_members.extend(members.as_object().unwrap().clone());
    body
}

/// Each ledger with a search that finds its row, a change, and a member that is wrong with what is said of it.
fn ledgers() -> Vec<(&'static str, &'static str, Value, Value, &'static str)> {
    vec![
        (
            "commendations",
            "thanh+tich",
            json!({"award_form": "bang_khen", "decision_number": null}),
            json!({"decided_on": "2023-07-04"}),
            "/decided_on in_future",
        ),
        ("gifts", "cong+an", json!({"value_vnd": 0, "content": "Gạo"}), json!({"value_vnd": -1}), "/value_vnd too_small"),
        (
            "budget-lines",
            "ngay+hoi",
            json!({"planned_vnd": 60_000_000, "decision_number": "12/QĐ"}),
            json!({"source": "loan"}),
            "/source not_allowed",
        ),
        (
            "opinions",
            "den+chieu+sang",
            json!({"answer_due_before": "2023-07-16T00:00:00+07:00"}),
            json!({"raised_by_name": "Trần Thị C"}),
            "/raised_by_name anonymous",
        ),
        ("obstacles", "kinh+phi", json!({"proposal": "Hỗ trợ 20 triệu đồng"}), json!({"title": ""}), "/title too_short"),
        (
            "grassroots-models",
            "tieng+keng",
            json!({"name": "Tiếng kẻng an ninh 2"}),
            json!({"launched_on": "2023-07-04"}),
            "/launched_on in_future",
        ),
        ("media-items", "bao+yen+bai", json!({"url": null, "kind": "feature"}), json!({"url": "javascript:alert(1)"}), "/url invalid_url"),
        ("pledges", "khu+dan+cu", json!({"household_count": 125}), json!({"signed_on": "2023-07-04"}), "/signed_on in_future"),
    ]
}

#[tokio::test]
async fn a_row_is_recorded_read_listed_changed_and_deleted() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let (district, auditor) = (app.district("Lục Yên").await, app.sign_in(Role::Auditor).await);
    let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
    for (path, found_by, change, _, _) in ledgers() {
        let list = format!("/api/v1/{path}");
        let made = district.post(&list, row(&app, path, json!({})).await).await;
        made.expect(201);
        assert_eq!(auditor.get(&made.location()).await.expect(200), &made.body, "{path}");
        for filter in
            [format!("q={found_by}"), format!("org_unit_id={unit}"), format!("under_org_unit_id={unit}"), "sort=-updated_at".to_owned()]
        {
            assert_eq!(district.get(&format!("{list}?{filter}")).await.items().len(), 1, "{path} {filter}");
        }
        let changed = district.patch_if(&made.location(), &made, change.clone()).await;
        for (name, value) in change.as_object().unwrap() {
            if name != "answer_due_before" {
                assert_eq!(&changed.expect(200)[name], value, "{path} {name}");
            }
        }
        assert_eq!(changed.expect(200)["version"], 2, "{path}");
        district.patch_if(&made.location(), &made, change).await.expect_problem(412, "precondition_failed");
        district.delete(&made.location()).await.expect_problem(428, "precondition_required");
        district.delete_if(&made.location(), &changed).await.expect(204);
        district.get(&made.location()).await.expect_problem(404, "not_found");
    }
    let told = app.sql("SELECT data::text AS data FROM events WHERE action = 'created'").await;
    for name in ["Nguyễn", "đèn", "kẻng", "Thiếu"] {
        assert!(told.iter().all(|one| !one["data"].as_str().unwrap().contains(name)), "{name} in the feed");
    }
    let kinds = app.number("SELECT count(DISTINCT resource) FROM events WHERE action = 'deleted'").await;
    assert_eq!(kinds, 8);
}

#[tokio::test]
async fn who_is_not_signed_in_not_allowed_or_elsewhere_gets_nowhere() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let (district, other) = (app.district("Lục Yên").await, app.district("Văn Yên").await);
    let (centre, auditor) = (app.sign_in(Role::OperationsCentre).await, app.sign_in(Role::Auditor).await);
    for (path, _, change, wrong, said) in ledgers() {
        let list = format!("/api/v1/{path}");
        let made = district.post(&list, row(&app, path, json!({})).await).await;
        let one = made.location();
        app.anonymous().get(&one).await.expect_problem(401, "unauthenticated");
        app.anonymous().post(&list, json!({})).await.expect_problem(401, "unauthenticated");
        centre.get(&one).await.expect_problem(403, "forbidden");
        auditor.post(&list, json!({})).await.expect_problem(403, "forbidden");
        other.get(&one).await.expect_problem(404, "not_found");
        other.patch_if(&one, &made, change).await.expect_problem(404, "not_found");
        other.delete_if(&one, &made).await.expect_problem(404, "not_found");
        assert!(other.get(&list).await.items().is_empty(), "{path}");
        let foreign = row(&app, path, json!({})).await;
        assert_eq!(other.post(&list, foreign).await.fields(), ["/org_unit_id unknown_reference"], "{path}");
        assert_eq!(district.post(&list, row(&app, path, wrong).await).await.fields(), [said], "{path}");
    }
}

#[tokio::test]
async fn sites_and_activities_are_those_of_the_campaign_and_within_reach() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let (luc_yen, van_yen) = (District::of(&app, "Lục Yên").await, District::of(&app, "Văn Yên").await);
    let (own, foreign) = (luc_yen.draft(&app, "Bản Mường Lai").await, van_yen.draft(&app, "Bản khác").await);
    for path in ["commendations", "gifts", "grassroots-models", "media-items", "pledges"] {
        let list = format!("/api/v1/{path}");
        let made = luc_yen.client.post(&list, row(&app, path, json!({"site_id": own.id()})).await).await;
        assert_eq!(made.expect(201)["site_id"], json!(own.id()), "{path}");
        assert_eq!(luc_yen.client.get(&format!("{list}?site_id={}", own.id())).await.items().len(), 1, "{path}");
        let bad = luc_yen.client.post(&list, row(&app, path, json!({"site_id": foreign.id()})).await).await;
        assert_eq!(bad.fields(), ["/site_id unknown_reference"], "{path}");
        assert_eq!(
            luc_yen.client.patch_if(&made.location(), &made, json!({"site_id": foreign.id()})).await.fields(),
            ["/site_id unknown_reference"]
        );
    }
    let unknown = json!({"activity_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"});
    for path in ["commendations", "gifts", "opinions"] {
        let bad = luc_yen.client.post(&format!("/api/v1/{path}"), row(&app, path, unknown.clone()).await).await;
        assert_eq!(bad.fields(), ["/activity_id unknown_reference"], "{path}");
    }
}

#[tokio::test]
async fn who_awards_is_given_in_words_or_as_a_body_of_the_province() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let district = app.district("Lục Yên").await;
    let province = app.org_unit_of_kind("provincial_committee", "").await;
    let post = async |members: Value| district.post("/api/v1/commendations", row(&app, "commendations", members).await).await;
    let made = post(json!({"awarding_body": null, "awarding_org_unit_id": province})).await;
    assert_eq!(made.expect(201)["awarding_org_unit_id"], json!(province));
    assert_eq!(post(json!({"awarding_body": null})).await.fields(), ["/awarding_body one_of"]);
    assert_eq!(post(json!({"awarding_org_unit_id": province})).await.fields(), ["/awarding_body one_of"]);
    let unknown = json!({"awarding_body": null, "awarding_org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"});
    assert_eq!(post(unknown).await.fields(), ["/awarding_org_unit_id unknown_reference"]);
    let zero = json!({"household_count": 0, "person_count": 0, "collective_count": 0});
    assert_eq!(district.post("/api/v1/pledges", row(&app, "pledges", zero).await).await.fields(), ["/household_count nobody"]);
}
