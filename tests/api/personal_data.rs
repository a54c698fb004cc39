//! The rights of one person: all that is held is told, and erased for ever while no figure changes.

use super::ledgers::row;
use super::participant_contacts::Guest;
use super::participants::WRONG_FIGURES;
use super::support::*;

/// Every figure in which a guest, an opinion or a commendation counts, as the province reads them.
pub async fn figures(app: &TestApp, guest: &Guest) -> Vec<Value> {
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let campaign = app.campaign_id().await;
    let mut figures = Vec::new();
    for path in [
        format!("dashboard/overview?campaign_id={campaign}"),
        format!("campaigns/{campaign}/results"),
        format!("sites/{}/attendance", guest.site),
        format!("sites/{}/composition", guest.site),
        "participants?with_total=true&limit=1&fields=state".to_owned(),
        "participants?with_total=true&limit=1&fields=state&category=community_elder".to_owned(),
        "participants?with_total=true&limit=1&fields=state&has_attended=true".to_owned(),
        "opinions?with_total=true&limit=1&fields=state&is_anonymous=true".to_owned(),
        "opinions?with_total=true&limit=1&fields=state&is_anonymous=false".to_owned(),
        "commendations?with_total=true&limit=1&fields=award_form&awardee_kind=individual".to_owned(),
    ] {
        let mut answer = province.get(&format!("/api/v1/{path}")).await;
        answer.expect(200);
        for volatile in ["as_of", "generated_at", "next_cursor"] {
            if let Some(object) = answer.body.as_object_mut() {
                object.remove(volatile);
            }
        }
        figures.push(answer.body);
    }
    figures
}

fn reason() -> Value {
    json!({"reason": "Theo đề nghị ngày 20/8/2023"})
}

#[tokio::test]
async fn all_that_is_held_of_a_guest_is_told_and_the_reading_is_part_of_it() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    guest.read(&guest.district.client).await.expect(200);
    app.set_now("2023-08-12T08:00:00+07:00");
    let entry = json!({"participant_id": guest.id, "direction": "entry"});
    guest.district.client.post("/api/v1/check-ins", entry).await.expect(201);
    let path = format!("{}/personal-data?reason=Theo+de+nghi", guest.path());
    let held = guest.district.client.get(&path).await;
    let body = held.expect(200);
    assert_eq!(body["participant"]["full_name"], "Hoàng Văn Ánh");
    assert_eq!(body["contacts"]["phone"], "+84912345678");
    assert_eq!(body["check_ins"].as_array().unwrap().len(), 1);
    let read: Vec<&Value> = body["contact_readings"].as_array().unwrap().iter().map(|one| &one["content"]).collect();
    assert_eq!(read, ["contacts", "personal_data"]);
    assert_eq!(body["purposes"].as_array().unwrap().len(), 4);
    guest.district.client.get(&format!("{}/personal-data", guest.path())).await.expect_problem(400, "invalid_parameter");
    app.district("Văn Yên").await.get(&path).await.expect_problem(404, "not_found");
    app.sign_in(Role::StandingAgency).await.get(&path).await.expect_problem(403, "forbidden");
    app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
    assert_eq!(app.number("SELECT count(*) FROM contact_readings").await, 2);
}

#[tokio::test]
async fn a_guest_is_erased_for_ever_and_every_figure_stays() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    let client = &guest.district.client;
    let etag = client.get(&guest.path()).await.etag();
    let invited = client
        .send(client.request("POST", &format!("{}/invite", guest.path())).header("if-match", etag).header("idempotency-key", "moi-1"))
        .await;
    invited.expect(200);
    let decline = json!({"reason": "Cụ Ánh ốm", "answered_by": "Con trai cụ Ánh"});
    let declined = client.post_if(&format!("{}/decline", guest.path()), &invited, decline).await;
    let accepted = client.post_if(&format!("{}/accept", guest.path()), &declined, json!({"answered_by": "Con trai cụ Ánh"})).await;
    accepted.expect(200);
    app.set_now("2023-08-12T08:00:00+07:00");
    client.post("/api/v1/check-ins", json!({"participant_id": guest.id, "direction": "entry"})).await.expect(201);
    let before = figures(&app, &guest).await;

    let erase = format!("{}/erase", guest.path());
    client.post(&erase, reason()).await.expect_problem(428, "precondition_required");
    client.post_if(&erase, &invited, reason()).await.expect_problem(412, "precondition_failed");
    let entered = client.get(&guest.path()).await;
    assert_eq!(client.post_if(&erase, &entered, json!({})).await.fields(), ["/reason required"]);
    app.district("Văn Yên").await.post_if(&erase, "*", reason()).await.expect_problem(404, "not_found");
    app.sign_in(Role::StandingAgency).await.post_if(&erase, "*", reason()).await.expect_problem(403, "forbidden");
    app.anonymous().post_if(&erase, "*", reason()).await.expect_problem(401, "unauthenticated");
    let erased = client.post_if(&erase, &entered, reason()).await;
    let body = erased.expect(200);
    assert_eq!(body["full_name"], "Đã xóa theo yêu cầu");
    for name in ["title", "organisation", "representative_name", "decline_reason", "answered_by"] {
        assert_eq!(body[name], Value::Null, "{name}");
    }
    assert_eq!((&body["category"], &body["state"], &body["entry_count"]), (&json!("community_elder"), &json!("accepted"), &json!(1)));
    assert!(body["erased_at"].is_string());

    for table in ["participants", "participant_contacts", "idempotency_keys", "events", "erasures", "contact_readings"] {
        let found = format!("SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text ~ 'Ánh|Trưởng bản|912345678|example.org'");
        assert_eq!(app.number(&found).await, 0, "{table}");
    }
    let again = client
        .send(client.request("POST", &format!("{}/invite", guest.path())).header("if-match", "*").header("idempotency-key", "moi-1"))
        .await;
    assert_eq!((&again.expect(200)["id"], &again.body["full_name"]), (&json!(guest.id), &json!("Đã xóa theo yêu cầu")));
    assert!(client.get("/api/v1/participants?q=hoang+van+anh").await.items().is_empty());
    assert_eq!(figures(&app, &guest).await, before);
    assert_eq!(app.number(WRONG_FIGURES).await, 0);

    client.patch_if(&guest.path(), &erased, json!({"full_name": "Hoàng Văn Ánh"})).await.expect_problem(409, "invalid_transition");
    client.post_if(&erase, &erased, reason()).await.expect_problem(409, "invalid_transition");
    client.put_if(&guest.contacts(), "*", json!({"phone": "0912345678"})).await.expect_problem(409, "invalid_transition");
    let log = app.sign_in(Role::Auditor).await.get(&format!("/api/v1/erasures?object_id={}", guest.id)).await;
    let line = &log.items()[0];
    assert_eq!((&line["data_kind"], &line["cause"], &line["row_count"]), (&json!("guests"), &json!("request"), &json!(1)));
}

#[tokio::test]
async fn a_person_is_erased_from_a_closed_campaign_too_and_nothing_else_changes_there() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    app.execute("UPDATE campaigns SET state = 'closed'").await;
    let before = figures(&app, &guest).await;
    let erased = guest.district.client.post_if(&format!("{}/erase", guest.path()), "*", reason()).await;
    assert_eq!(erased.expect(200)["full_name"], "Đã xóa theo yêu cầu");
    assert_eq!(figures(&app, &guest).await, before);
}

#[tokio::test]
async fn the_names_with_an_opinion_and_a_commendation_are_erased_and_every_figure_stays() {
    let app = TestApp::start().await;
    let guest = Guest::of(&app).await;
    app.set_now("2023-07-03T08:00:00+07:00");
    let client = &guest.district.client;
    let named = json!({"is_anonymous": false, "raised_by_name": "Trần Thị Cúc"});
    let cases = [
        ("opinions", named, json!({}), "raised_by_name"),
        (
            "commendations",
            json!({"awardee_name": "Lò Văn Cúc", "reason": "Ông Cúc bắt trộm"}),
            json!({"awardee_kind": "collective"}),
            "awardee_name",
        ),
    ];
    for (ledger, person, nobody, name) in cases {
        let path = format!("/api/v1/{ledger}");
        let made = client.post_once(&path, &format!("khoa-{ledger}"), row(&app, ledger, person.clone()).await).await;
        let other = client.post(&path, row(&app, ledger, nobody).await).await;
        client.post_if(&format!("{}/erase", other.location()), &other, reason()).await.expect_problem(409, "invalid_transition");
        let before = figures(&app, &guest).await;
        let erase = format!("{}/erase", made.location());
        client.post(&erase, reason()).await.expect_problem(428, "precondition_required");
        app.district("Văn Yên").await.post_if(&erase, "*", reason()).await.expect_problem(404, "not_found");
        app.sign_in(Role::MovementDivision).await.post_if(&erase, "*", reason()).await.expect_problem(403, "forbidden");
        app.anonymous().post_if(&erase, "*", reason()).await.expect_problem(401, "unauthenticated");
        assert_eq!(client.post_if(&erase, &made, json!({})).await.fields(), ["/reason required"]);
        let erased = client.post_if(&erase, &made, reason()).await;
        assert_eq!(erased.expect(200)[name], "Đã xóa theo yêu cầu");
        assert!(erased.body["erased_at"].is_string());
        client.post_if(&erase, &made, reason()).await.expect_problem(412, "precondition_failed");
        client.post_if(&erase, &erased, reason()).await.expect_problem(409, "invalid_transition");
        client.patch_if(&made.location(), &erased, json!({})).await.expect_problem(409, "invalid_transition");
        for table in [ledger, "idempotency_keys", "events", "erasures"] {
            let found = format!("SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text LIKE '%Cúc%'");
            assert_eq!(app.number(&found).await, 0, "{table}");
        }
        let kept = client.post_once(&path, &format!("khoa-{ledger}"), row(&app, ledger, person).await).await;
        assert_eq!((kept.id(), &kept.body[name]), (made.id(), &json!("Đã xóa theo yêu cầu")));
        assert_eq!(figures(&app, &guest).await, before);
    }
}
