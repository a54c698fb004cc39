//! Opinions raised at forums: the clock, the answer, the body they are referred to, and no name of who wants none.

use super::ledgers::row;
use super::support::*;

const PATH: &str = "/api/v1/opinions";

#[tokio::test]
async fn an_opinion_is_answered_once_and_the_clock_tells_what_is_overdue() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let district = app.district("Lục Yên").await;
    let due = json!({"answer_due_before": "2023-07-10T00:00:00+07:00"});
    let made = district.post(PATH, row(&app, "opinions", due).await).await;
    assert_eq!(made.expect(201)["state"], "raised");
    district.post(PATH, row(&app, "opinions", json!({})).await).await.expect(201);
    let overdue = async |is: bool| district.get(&format!("{PATH}?is_overdue={is}")).await.items().len();
    assert_eq!((overdue(true).await, overdue(false).await), (0, 2));
    app.set_now("2023-07-10T00:00:00+07:00");
    assert_eq!((overdue(true).await, overdue(false).await), (1, 1), "the day named is too late");
    let answer = format!("{}/answer", made.location());
    assert_eq!(district.post_if(&answer, &made, json!({})).await.fields(), ["/answer required"]);
    let answered = district.post_if(&answer, &made, json!({"answer": "Đã lắp 12 đèn."})).await;
    assert_eq!(
        (&answered.expect(200)["state"], &answered.body["answered_by_org_unit_id"]),
        (&json!("answered"), &made.body["org_unit_id"])
    );
    assert_eq!((overdue(true).await, overdue(false).await), (0, 2));
    district.post_if(&answer, &made, json!({"answer": "x"})).await.expect_problem(412, "precondition_failed");
    district.post_if(&answer, &answered, json!({"answer": "x"})).await.expect_problem(409, "invalid_transition");
    district.patch_if(&made.location(), &answered, json!({"text": "x"})).await.expect_problem(409, "invalid_transition");
    district.delete_if(&made.location(), &answered).await.expect_problem(409, "invalid_transition");
    assert_eq!(district.get(&format!("{PATH}?state=answered&q=12+den")).await.items().len(), 1);
}

#[tokio::test]
async fn the_body_an_opinion_is_referred_to_reads_and_answers_it() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let (district, other) = (app.district("Lục Yên").await, app.district("Văn Yên").await);
    let target = app.org_unit_of_kind("district_committee", "Văn Yên").await;
    let made = district.post(PATH, row(&app, "opinions", json!({})).await).await;
    let (path, refer) = (made.location(), format!("{}/refer", made.location()));
    other.get(&path).await.expect_problem(404, "not_found");
    let own = json!({"to_org_unit_id": made.body["org_unit_id"]});
    assert_eq!(district.post_if(&refer, &made, own).await.fields(), ["/to_org_unit_id same_body"]);
    let unknown = json!({"to_org_unit_id": "018b2f19-e79e-7d6a-a56d-29feb6211b04"});
    assert_eq!(district.post_if(&refer, &made, unknown).await.fields(), ["/to_org_unit_id unknown_reference"]);
    let referred = district.post_if(&refer, &made, json!({"to_org_unit_id": target, "note": "Thuộc thẩm quyền"})).await;
    assert_eq!((&referred.expect(200)["state"], &referred.body["referred_to_org_unit_id"]), (&json!("referred"), &json!(target)));
    assert_eq!(other.get(&format!("{PATH}?referred_to_org_unit_id={target}")).await.items().len(), 1);
    let answer = format!("{path}/answer");
    district.post_if(&answer, &referred, json!({"answer": "x"})).await.expect_problem(404, "not_found");
    other.patch_if(&path, &referred, json!({"text": "x"})).await.expect_problem(404, "not_found");
    let answered = other.post_if(&answer, &referred, json!({"answer": "Đã xử lý."})).await;
    assert_eq!((&answered.expect(200)["state"], &answered.body["answered_by_org_unit_id"]), (&json!("answered"), &json!(target)));
    assert_eq!(district.get(&path).await.expect(200)["answer"], "Đã xử lý.");
}

#[tokio::test]
async fn an_anonymous_opinion_keeps_no_name() {
    let app = TestApp::start().await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let district = app.district("Lục Yên").await;
    let named = json!({"is_anonymous": false, "raised_by_name": "Trần Thị C"});
    let made = district.post(PATH, row(&app, "opinions", named).await).await;
    assert_eq!(made.expect(201)["raised_by_name"], "Trần Thị C");
    let hide = district.patch_if(&made.location(), &made, json!({"is_anonymous": true})).await;
    assert_eq!(hide.fields(), ["/raised_by_name anonymous"], "a name is not dropped without being said");
    let hidden = district.patch_if(&made.location(), &made, json!({"is_anonymous": true, "raised_by_name": null})).await;
    assert_eq!(hidden.expect(200)["raised_by_name"], json!(null));
    assert_eq!(app.number("SELECT count(*) FROM opinions WHERE raised_by_name IS NOT NULL").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE data::text LIKE '%Trần%'").await, 0);
    let early = json!({"answer_due_before": "2023-06-01T00:00:00+07:00"});
    assert_eq!(district.post(PATH, row(&app, "opinions", early).await).await.fields(), ["/answer_due_before too_early"]);
    assert_eq!(
        district.post(PATH, row(&app, "opinions", json!({"raised_at": "2023-07-04T00:00:00+07:00"})).await).await.fields(),
        ["/raised_at in_future"]
    );
}
