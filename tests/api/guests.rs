//! Guests of a site: composition by age and category, numbered invitations, reminders, seats, the list as a locality adapts it.

use super::support::fixtures::District;
use super::support::*;
use futures_util::future::join_all;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

const PATH: &str = "/api/v1/participants";

/// A scheduled site of Lục Yên and the account that organises it.
struct Place {
    app: TestApp,
    district: Client,
    site: String,
}

impl Place {
    async fn new(app: TestApp) -> Self {
        let district = District::of(&app, "Lục Yên").await;
        let site = district.scheduled(&app, "Bản Mường Lai").await.id();
        Self { district: district.client, app, site }
    }

    fn at(&self, rest: &str) -> String {
        format!("/api/v1/sites/{}/{rest}", self.site)
    }

    async fn list(&self, name: &str, category: &str, age_band: Option<&str>) -> Answer {
        let mut body = json!({"site_id": self.site, "kind": "person", "category": category, "full_name": name});
        if let Some(band) = age_band {
            body["age_band"] = json!(band);
        }
        let made = self.district.post(PATH, body).await;
        made.expect(201);
        made
    }

    async fn go(&self, from: &Answer, step: &str) -> Answer {
        self.district.post_empty_if(&format!("{PATH}/{}/{step}", from.id()), from).await
    }

    async fn invited(&self, name: &str, category: &str) -> Answer {
        let made = self.list(name, category, None).await;
        let invited = self.go(&made, "invite").await;
        invited.expect(200);
        invited
    }

    async fn seats(&self, capacity: Value) -> Answer {
        let path = format!("/api/v1/sites/{}", self.site);
        self.district.patch_if(&path, "*", json!({"capacity": capacity})).await
    }

    async fn length(&self, filter: &str) -> i64 {
        let answer = self.district.get(&format!("{PATH}?site_id={}&with_total=true&limit=1&{filter}", self.site)).await;
        answer.expect(200)["total"].as_i64().unwrap()
    }
}

#[tokio::test]
async fn a_person_has_a_band_of_age_and_a_collective_has_none() {
    let place = Place::new(TestApp::start().await).await;
    let guest = place.list("Hoàng Văn An", "community_elder", Some("over_60")).await;
    assert_eq!(guest.body["age_band"], "over_60");
    let patched = place.district.patch_if(&guest.location(), &guest, json!({"age_band": null})).await;
    assert_eq!(patched.expect(200)["age_band"], Value::Null);
    let bad = json!({"site_id": place.site, "kind": "collective", "category": "commended", "full_name": "Tổ", "age_band": "16_to_30"});
    assert_eq!(place.district.post(PATH, bad.clone()).await.fields(), ["/age_band only_for_person"]);
    let mut bad = bad;
    bad["age_band"] = json!("1958-05-01");
    assert_eq!(place.district.post(PATH, bad).await.fields(), ["/age_band not_allowed"]);
}

#[tokio::test]
async fn the_composition_adds_up_and_each_cell_is_the_length_of_a_list() {
    let place = Place::new(TestApp::start().await).await;
    let bands = [Some("under_16"), Some("16_to_30"), Some("31_to_60"), Some("over_60"), None];
    let categories = ["community_elder", "commended", "resident"];
    for n in 0..20 {
        let guest = place.list(&format!("Khách {n}"), categories[n % 3], bands[n % 5]).await;
        if n % 4 != 0 {
            let invited = place.go(&guest, "invite").await;
            if n % 2 == 0 {
                place.go(&invited, "accept").await.expect(200);
                let entry = json!({"participant_id": guest.id(), "direction": "entry"});
                place.district.post("/api/v1/check-ins", entry).await.expect(201);
            }
        }
    }
    let centre = place.app.sign_in(Role::OperationsCentre).await;
    let answer = centre.get(&place.at("composition")).await;
    let body = answer.expect(200);
    assert_eq!(body["total"], json!({"listed_count": 20, "invited_count": 15, "accepted_count": 5, "attended_count": 5}));
    assert!(!answer.text.contains("Khách"));
    let sum = |rows: &Value, name: &str| rows.as_array().unwrap().iter().map(|row| row["counts"][name].as_i64().unwrap()).sum::<i64>();
    for name in ["listed_count", "invited_count", "accepted_count", "attended_count"] {
        for rows in ["by_category", "by_age_band", "cells"] {
            assert_eq!(sum(&body[rows], name), body["total"][name].as_i64().unwrap(), "{rows} {name}");
        }
    }
    assert_eq!(body["by_age_band"].as_array().unwrap().len(), 5);
    assert_eq!(body["by_age_band"][4]["age_band"], "unknown");
    for cell in body["cells"].as_array().unwrap() {
        let of_cell = format!("category={}&age_band={}", cell["category"].as_str().unwrap(), cell["age_band"].as_str().unwrap());
        for (name, more) in [
            ("listed_count", ""),
            ("invited_count", "&was_invited=true"),
            ("accepted_count", "&state=accepted"),
            ("attended_count", "&has_attended=true"),
        ] {
            assert_eq!(place.length(&format!("{of_cell}{more}")).await, cell["counts"][name].as_i64().unwrap(), "{of_cell} {name}");
        }
    }
    place.app.district("Văn Yên").await.get(&place.at("composition")).await.expect_problem(404, "not_found");
    place.app.anonymous().get(&place.at("composition")).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn invitations_are_numbered_without_gaps_or_repetition_although_all_are_invited_at_once() {
    let place = Place::new(TestApp::start_wide().await).await;
    let mut guests = Vec::new();
    for n in 0..30 {
        guests.push(place.list(&format!("Khách {n}"), "resident", None).await);
    }
    let one_by_one = join_all(guests.iter().take(20).map(|guest| place.go(guest, "invite")));
    let all = place.at("invitations");
    let together = join_all((0..3).map(|_| place.district.post_empty(&all)));
    let (one_by_one, together) = tokio::join!(one_by_one, together);
    assert!(together.iter().all(|answer| answer.status == 200));
    assert!(one_by_one.iter().all(|answer| matches!(answer.status, 200 | 409 | 412)), "an invitation is made once");
    let rows = place.app.sql("SELECT invitation_no AS no FROM participants").await;
    let numbers: BTreeSet<i64> = rows.iter().map(|row| row["no"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (1..=30).collect());
    let late = place.invited("Đến sau", "resident").await;
    assert_eq!((&late.body["invitation_no"], &late.body["invitation_state"]), (&json!(31), &json!("prepared")));
    let found = place.district.get(&format!("{PATH}?site_id={}&invitation_no=31", place.site)).await;
    assert_eq!(found.items()[0]["full_name"], "Đến sau");
    let sorted = place.district.get(&format!("{PATH}?site_id={}&sort=-invitation_no&limit=1", place.site)).await;
    assert_eq!(sorted.items()[0]["invitation_no"], 31);
}

#[tokio::test]
async fn an_invitation_is_sent_once_and_those_not_sent_can_be_listed() {
    let place = Place::new(TestApp::start().await).await;
    let listed = place.list("Chưa mời", "resident", None).await;
    let path = |answer: &Answer| format!("{PATH}/{}/send-invitation", answer.id());
    place.district.post_if(&path(&listed), &listed, json!({"channel": "zalo"})).await.expect_problem(409, "invalid_transition");
    let invited = place.invited("Hoàng Văn An", "community_elder").await;
    for n in 0..3 {
        place.invited(&format!("Khách {n}"), "resident").await;
    }
    let future = json!({"channel": "zalo", "sent_at": "2030-01-01T00:00:00Z"});
    assert_eq!(place.district.post_if(&path(&invited), &invited, future).await.fields(), ["/sent_at in_future"]);
    assert_eq!(place.district.post_if(&path(&invited), &invited, json!({"channel": "fax"})).await.fields(), ["/channel not_allowed"]);
    place.district.post(&path(&invited), json!({"channel": "zalo"})).await.expect_problem(428, "precondition_required");
    let sent = place.district.post_if(&path(&invited), &invited, json!({"channel": "zalo"})).await;
    let body = sent.expect(200);
    assert_eq!((&body["invitation_state"], &body["sent_channel"]), (&json!("sent"), &json!("zalo")));
    assert!(body["sent_at"].is_string() && body["sent_by"].is_string());
    place.district.post_if(&path(&invited), &invited, json!({"channel": "zalo"})).await.expect_problem(412, "precondition_failed");
    place.district.post_if(&path(&invited), &sent, json!({"channel": "paper"})).await.expect_problem(409, "invalid_transition");
    assert_eq!((place.length("invitation_state=prepared").await, place.length("invitation_state=sent").await), (3, 1));
    assert_eq!(place.length("sent_channel=zalo").await, 1);

    let all = place.at("invitations/send");
    let answer = place.district.post(&all, json!({"channel": "paper", "category": "press"})).await;
    assert_eq!(answer.expect(200)["newly_sent_count"], 0);
    let answer = place.district.post(&all, json!({"channel": "paper"})).await;
    let counts = json!({"site_id": place.site, "newly_sent_count": 3, "invited_count": 4, "sent_count": 4});
    assert_eq!(*answer.expect(200), counts);
    assert_eq!(place.district.post(&all, json!({"channel": "paper"})).await.expect(200)["newly_sent_count"], 0);
    let told = place.app.number("SELECT count(*) FROM events WHERE action = 'invitation_sent'").await;
    assert_eq!(told, 4);
    place.app.district("Văn Yên").await.post(&all, json!({"channel": "paper"})).await.expect_problem(404, "not_found");
    place.app.sign_in(Role::Auditor).await.post(&all, json!({"channel": "paper"})).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn who_has_not_answered_is_reminded_once_a_day() {
    let place = Place::new(TestApp::start_wide().await).await;
    let mut guests = Vec::new();
    for (n, category) in ["community_elder", "community_elder", "resident", "resident", "resident"].iter().enumerate() {
        guests.push(place.invited(&format!("Khách {n}"), category).await);
    }
    let path = place.at("invitation-reminders");
    let remind = |body: Value| place.district.post(&path, body);
    let none = remind(json!({"channel": "phone"})).await;
    assert_eq!((&none.expect(200)["reminded_count"], &none.body["unsent_count"]), (&json!(0), &json!(5)));
    place.district.post(&place.at("invitations/send"), json!({"channel": "paper"})).await.expect(200);
    // One of standing answers by a clerk: only the other is open.
    let answered = place.district.get(&guests[0].location_of(PATH)).await;
    let accepted =
        place.district.post_if(&format!("{PATH}/{}/accept", answered.id()), &answered, json!({"answered_by": "Văn phòng xã"})).await;
    assert_eq!(accepted.expect(200)["answered_by"], "Văn phòng xã");
    assert_eq!(place.length("category=community_elder&state=invited").await, 1);
    let early = remind(json!({"channel": "phone", "sent_before": "2020-01-01T00:00:00Z"})).await;
    assert_eq!(early.expect(200)["reminded_count"], 0);
    let elders = remind(json!({"channel": "phone", "category": "community_elder"})).await;
    assert_eq!((&elders.expect(200)["reminded_count"], &elders.body["skipped_count"]), (&json!(1), &json!(0)));
    // At once and again: each guest once that day.
    let answers = join_all((0..6).map(|_| remind(json!({"channel": "zalo"})))).await;
    let sum: i64 = answers.iter().map(|answer| answer.expect(200)["reminded_count"].as_i64().unwrap()).sum();
    assert_eq!(sum, 3);
    let listed = place.district.get(&format!("{path}?with_total=true")).await;
    assert_eq!((listed.items().len(), &listed.body["total"]), (4, &json!(4)));
    assert_eq!(place.district.get(&format!("{path}?channel=phone")).await.items().len(), 1);
    assert_eq!(place.district.get(&format!("{path}?participant_id={}", guests[0].id())).await.items().len(), 0);
    assert_eq!(place.district.get(&format!("{path}?participant_id={}", guests[1].id())).await.items().len(), 1);
    place.app.set_now("2023-07-20T08:00:00+07:00");
    assert_eq!(remind(json!({"channel": "phone"})).await.expect(200)["reminded_count"], 4);
    let elsewhere = place.app.district("Văn Yên").await;
    elsewhere.get(&path).await.expect_problem(404, "not_found");
    elsewhere.post(&path, json!({"channel": "phone"})).await.expect_problem(404, "not_found");
    let told = place.app.text("SELECT string_agg(data::text, ' ') FROM events").await;
    assert!(!told.contains("Văn phòng xã") && !told.contains("Khách"));
}

trait LocationOf {
    fn location_of(&self, path: &str) -> String;
}

impl LocationOf for Answer {
    fn location_of(&self, path: &str) -> String {
        format!("{path}/{}", self.id())
    }
}

#[tokio::test]
async fn of_five_hundred_who_accept_at_once_for_a_hundred_seats_exactly_a_hundred_win() {
    let place = Place::new(TestApp::start_wide().await).await;
    place.seats(json!(100)).await.expect(200);
    let site = &place.site;
    place
        .app
        .execute(&format!(
            "INSERT INTO participants (campaign_id, id, site_id, org_unit_id, kind, category, state, full_name, invited_at, invitation_no, tokens, created_at, updated_at)
             SELECT s.campaign_id, gen_random_uuid(), s.id, s.org_unit_id, 'person', 'resident', 'invited', 'Khách ' || n, now(), n, '{{}}', now(), now()
             FROM sites s, generate_series(1, 500) n WHERE s.id = '{site}';
             UPDATE site_counters SET listed = 500, invited = 500, last_invitation_no = 500 WHERE site_id = '{site}'"
        ))
        .await;
    let ids: Vec<String> = place
        .app
        .sql(&format!("SELECT id FROM participants WHERE site_id = '{site}'"))
        .await
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    let accept = async |id: &String| {
        // Who finds the service overloaded tries again, as its answer says.
        for _ in 0..200 {
            let answer = place.district.post_empty_if(&format!("{PATH}/{id}/accept"), "*").await;
            if answer.status != 503 {
                return answer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        panic!("never answered");
    };
    let answers = join_all(ids.iter().map(accept)).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    let full: Vec<&Answer> = answers.iter().filter(|answer| answer.code() == "site_full").collect();
    assert_eq!((won, full.len()), (100, 400));
    assert!(full.iter().all(|answer| answer.body["detail"].as_str().unwrap().contains("100")));
    let counted = "SELECT accepted FROM site_counters WHERE accepted > 0";
    assert_eq!(place.app.number(counted).await, 100);
    assert_eq!(place.app.number("SELECT count(*) FROM participants WHERE state = 'accepted'").await, 100);

    // A seat that is freed is taken again, once.
    let winner = answers.iter().find(|answer| answer.status == 200).unwrap();
    place.district.post_if(&format!("{PATH}/{}/decline", winner.id()), winner, json!({})).await.expect(200);
    let loser = place.app.text("SELECT id FROM participants WHERE state = 'invited' LIMIT 1").await;
    accept(&loser).await.expect(200);
    place.district.post_empty_if(&format!("{PATH}/{}/accept", winner.id()), "*").await.expect_problem(409, "site_full");
}

#[tokio::test]
async fn seats_are_never_fewer_than_those_who_accepted_and_too_long_a_list_is_pointed_out() {
    let place = Place::new(TestApp::start().await).await;
    assert_eq!(place.seats(json!(0)).await.fields(), ["/capacity too_small"]);
    place.seats(json!(2)).await.expect(200);
    for n in 0..2 {
        let invited = place.invited(&format!("Khách {n}"), "local_leader").await;
        place.go(&invited, "accept").await.expect(200);
    }
    let third = place.list("Khách 3", "local_leader", None).await;
    assert_eq!(third.warnings(), ["more_guests_than_seats"]);
    let invited = place.go(&third, "invite").await;
    place.go(&invited, "accept").await.expect_problem(409, "site_full");
    place.seats(json!(1)).await.expect_problem(409, "site_full");
    place.seats(json!(3)).await.expect(200);
    place.go(&invited, "accept").await.expect(200);
    place.seats(json!(2)).await.expect_problem(409, "site_full");
    assert_eq!(place.seats(Value::Null).await.expect(200)["capacity"], Value::Null);
}

#[tokio::test]
async fn a_locality_adapts_whom_it_invites_and_goes_back_to_the_plan() {
    let place = Place::new(TestApp::start_wide().await).await;
    let path = place.at("invitation-template");
    let plan = place.district.get(&path).await;
    assert_eq!((&plan.expect(200)["is_adapted"], &plan.body["reason"]), (&json!(false), &Value::Null));
    assert_eq!(place.list("Trần Văn Nam", "resident", None).await.warnings(), ["outside_invitation_template"]);
    let own = json!({"categories": ["resident", "local_leader"], "reason": "Bản nhỏ, mời mỗi hộ một người."});
    let put = async |etag: &str, body: &Value| {
        place.district.send(place.district.request("PUT", &path).header("if-match", etag).json(body)).await
    };
    place.district.put(&path, own.clone()).await.expect_problem(428, "precondition_required");
    let twice = json!({"categories": ["resident", "press", "resident"], "reason": "x"});
    assert_eq!(put("*", &twice).await.fields(), ["/categories/2 duplicate_item"]);
    assert_eq!(put("*", &json!({"categories": [], "reason": "x"})).await.fields(), ["/categories too_few"]);
    let etag = plan.etag();
    let both = join_all([put(&etag, &own), put(&etag, &own)]).await;
    let mut statuses: Vec<u16> = both.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let adapted = place.district.get(&path).await;
    let body = adapted.expect(200);
    assert_eq!((&body["is_adapted"], &body["reason"], &body["rule_id"]), (&json!(true), &own["reason"], &json!("R11")));
    assert_eq!(body["categories"].as_array().unwrap().len(), 2);
    assert!(place.list("Lò Thị Bình", "resident", None).await.warnings().is_empty());
    let outside = place.list("Sùng A Nam", "commended", None).await;
    assert_eq!(
        (&outside.body["warnings"][0]["code"], &outside.body["warnings"][0]["clause"]),
        (&json!("outside_invitation_template"), &json!("II.2.2.2.b"))
    );

    place.district.delete_if(&path, &plan).await.expect_problem(412, "precondition_failed");
    place.district.delete_if(&path, &adapted).await.expect(204);
    place.district.delete_if(&path, "*").await.expect_problem(404, "not_found");
    let back = place.district.get(&path).await;
    assert_eq!((&back.expect(200)["is_adapted"], &back.body["categories"]), (&json!(false), &plan.body["categories"]));
    assert!(place.list("Hà Văn Tú", "commended", None).await.warnings().is_empty());
    assert_eq!(place.app.number("SELECT count(*) FROM invitation_template_changes").await, 2, "what held is kept");
    let elsewhere = place.app.district("Văn Yên").await;
    elsewhere.delete_if(&path, "*").await.expect_problem(404, "not_found");
    place.app.sign_in(Role::Auditor).await.delete_if(&path, "*").await.expect_problem(403, "forbidden");
}

/// Whatever guests do in whatever order, no more accept than there are seats, and the counter is a recount.
#[tokio::test]
async fn accepted_guests_never_outnumber_the_seats() {
    let place = Place::new(TestApp::start().await).await;
    place.seats(json!(2)).await.expect(200);
    let mut ids = Vec::new();
    for n in 0..6 {
        ids.push(place.invited(&format!("Khách {n}"), "resident").await.id());
    }
    let walk = prop::collection::vec((0_usize..6, 0_u8..4, 1_i32..6), 200);
    let walk = walk.new_tree(&mut TestRunner::default()).unwrap().current();
    // One connection for all the recounts: a new one for each would leave too many open.
    let database = sql::connect(&place.app.database_url).await.unwrap();
    for (at, (guest, step, seats)) in walk.iter().enumerate() {
        let answer = match step {
            0 | 1 => place.district.post_empty_if(&format!("{PATH}/{}/accept", ids[*guest]), "*").await,
            2 => place.district.post_if(&format!("{PATH}/{}/decline", ids[*guest]), "*", json!({})).await,
            _ => place.seats(json!(seats)).await,
        };
        assert!(matches!(answer.status, 200 | 409), "{}", answer.text);
        let wrong = "SELECT count(*) FROM sites s JOIN site_counters c ON c.site_id = s.id WHERE c.accepted > s.capacity
            OR c.accepted <> (SELECT count(*) FROM participants p WHERE p.site_id = s.id AND p.state = 'accepted')";
        let wrong: i64 = database.query_one(wrong, &[]).await.unwrap().get(0);
        assert_eq!(wrong, 0, "{:?}", &walk[..=at]);
    }
}
