//! Participants: the list, invitations and answers, the templates, and figures that equal a recount.

use super::support::*;
use futures_util::future::{join, join_all};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

const PATH: &str = "/api/v1/participants";
const CHECK_INS: &str = "/api/v1/check-ins";
/// Sites whose figures differ from a recount; one statement sees one moment.
pub const WRONG_FIGURES: &str = "SELECT count(*) FROM site_counters c, LATERAL (
    SELECT count(*) FILTER (WHERE p.merged_into_id IS NULL) AS listed, count(*) FILTER (WHERE p.state <> 'listed' AND p.merged_into_id IS NULL) AS invited,
           count(*) FILTER (WHERE p.state = 'accepted' AND p.merged_into_id IS NULL) AS accepted,
           count(*) FILTER (WHERE p.state = 'declined' AND p.merged_into_id IS NULL) AS declined, coalesce(sum(p.entry_count), 0) AS entries,
           count(*) FILTER (WHERE p.entry_count > 0) AS persons, count(*) FILTER (WHERE p.is_present) AS present
    FROM participants p WHERE p.campaign_id = c.campaign_id AND p.site_id = c.site_id) r
    WHERE (c.listed, c.invited, c.accepted, c.declined, c.entries, c.persons, c.present)
       <> (r.listed, r.invited, r.accepted, r.declined, r.entries, r.persons, r.present)";

/// A site of Lục Yên, and the account that organises it.
struct Place {
    app: TestApp,
    district: Client,
    site: String,
}

impl Place {
    async fn new(app: TestApp) -> Self {
        let district = app.district("Lục Yên").await;
        let unit = app.org_unit_of_kind("district_committee", "Lục Yên").await;
        let body =
            json!({"campaign_id": app.campaign_id().await, "org_unit_id": unit, "name": "Bản Mường Lai", "kind": "residential_area"});
        let site = district.post("/api/v1/sites", body).await;
        site.expect(201);
        Self { site: site.id(), app, district }
    }

    async fn scheduled(app: TestApp) -> Self {
        let place = Self::new(app).await;
        place.schedule().await;
        place
    }

    /// A step of the site, with its version as it stands.
    async fn step(&self, step: &str, body: Option<Value>) {
        let path = format!("/api/v1/sites/{}", self.site);
        let etag = self.district.get(&path).await.etag();
        let path = format!("{path}/{step}");
        match body {
            Some(body) => self.district.post_if(&path, etag, body).await,
            None => self.district.post_empty_if(&path, etag).await,
        }
        .expect(200);
    }

    async fn schedule(&self) {
        self.step("schedule", Some(json!({"starts_at": "2023-08-12T08:00:00+07:00", "ends_at": "2023-08-12T11:00:00+07:00"}))).await;
    }

    async fn hold(&self) {
        self.app.set_now("2023-08-12T09:00:00+07:00");
        self.step("hold", None).await;
    }

    fn guest(&self, name: &str, category: &str) -> Value {
        json!({"site_id": self.site, "kind": "person", "category": category, "full_name": name})
    }

    async fn list(&self, name: &str, category: &str) -> Answer {
        let made = self.district.post(PATH, self.guest(name, category)).await;
        made.expect(201);
        made
    }

    /// A transition without a body, from the answer before.
    async fn go(&self, from: &Answer, step: &str) -> Answer {
        self.district.post_empty_if(&format!("{PATH}/{}/{step}", from.id()), from).await
    }

    async fn decline(&self, from: &Answer, body: Value) -> Answer {
        self.district.post_if(&format!("{PATH}/{}/decline", from.id()), from, body).await
    }

    async fn enter(&self, id: &str, direction: &str) -> Answer {
        self.district.post(CHECK_INS, json!({"participant_id": id, "direction": direction})).await
    }

    async fn invite_all(&self) -> Answer {
        self.district.post_empty(&format!("/api/v1/sites/{}/invitations", self.site)).await
    }

    /// Listed, invited, accepted, declined, as the counters say; they must equal a recount.
    async fn counters(&self) -> [i64; 4] {
        assert_eq!(self.app.number(WRONG_FIGURES).await, 0);
        let sql = format!("SELECT listed, invited, accepted, declined FROM site_counters WHERE site_id = '{}'", self.site);
        let row = &self.app.sql(&sql).await[0];
        ["listed", "invited", "accepted", "declined"].map(|name| row[name].as_i64().unwrap())
    }
}

#[tokio::test]
async fn a_guest_is_listed_invited_and_answers_and_the_figures_follow() {
    let place = Place::scheduled(TestApp::start().await).await;
    let guest = place.list("Hoàng Văn An", "community_elder").await;
    let body = &guest.body;
    assert_eq!((&body["state"], &body["entry_count"], &body["is_present"]), (&json!("listed"), &json!(0), &json!(false)));
    assert_eq!(guest.location(), format!("{PATH}/{}", guest.id()));
    assert_eq!(place.district.get(&guest.location()).await.expect(200), body);
    assert_eq!(place.counters().await, [1, 0, 0, 0]);

    place.go(&guest, "accept").await.expect_problem(409, "invalid_transition");
    let invited = place.go(&guest, "invite").await;
    assert_eq!(invited.expect(200)["state"], "invited");
    assert_eq!(place.counters().await, [1, 1, 0, 0]);
    place.go(&invited, "invite").await.expect_problem(409, "invalid_transition");

    let declined = place.decline(&invited, json!({"reason": "Bận việc nhà"})).await;
    assert_eq!(declined.expect(200)["decline_reason"], "Bận việc nhà");
    assert_eq!(place.counters().await, [1, 1, 0, 1]);
    let accepted = place.go(&declined, "accept").await;
    let body = accepted.expect(200);
    assert_eq!((&body["state"], &body["decline_reason"]), (&json!("accepted"), &Value::Null));
    assert_eq!(place.counters().await, [1, 1, 1, 0]);
    place.decline(&accepted, json!({})).await.expect(200);
    assert_eq!(place.counters().await, [1, 1, 0, 1]);
}

#[tokio::test]
async fn a_collective_has_a_representative_and_a_person_has_none() {
    let place = Place::new(TestApp::start().await).await;
    let mut body = place.guest("Tổ an ninh tự quản", "commended");
    body["representative_name"] = json!("Triệu Thị Lan");
    let refused = place.district.post(PATH, body.clone()).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/representative_name only_for_collective"]);
    body["kind"] = json!("collective");
    let made = place.district.post(PATH, body).await;
    assert_eq!(made.expect(201)["representative_name"], "Triệu Thị Lan");
    let person = place.list("Hoàng Văn An", "commended").await;
    let patched = place.district.patch_if(&person.location(), &person, json!({"representative_name": "Ai đó"})).await;
    assert_eq!(patched.fields(), ["/representative_name only_for_collective"]);
    let patched = place.district.patch_if(&made.location(), &made, json!({"representative_name": null, "title": "Tổ"})).await;
    assert_eq!((&patched.expect(200)["representative_name"], &patched.body["title"]), (&Value::Null, &json!("Tổ")));
}

#[tokio::test]
async fn the_list_is_filtered_and_searched_without_accents() {
    let place = Place::scheduled(TestApp::start().await).await;
    let an = place.list("Hoàng Văn An", "community_elder").await;
    place.go(&an, "invite").await.expect(200);
    let binh = place.list("Lò Thị Bình", "commended").await;
    place.enter(&binh.id(), "entry").await.expect(201);
    let campaign = place.app.campaign_id().await;
    for (filter, count) in [
        (format!("site_id={}&campaign_id={campaign}", place.site), 2),
        (format!("site_id={}", place.site), 2),
        (format!("site_id={campaign}"), 0),
        ("state=invited&category=community_elder&kind=person".to_owned(), 1),
        ("kind=collective".to_owned(), 0),
        ("is_present=true&has_attended=true".to_owned(), 1),
        ("has_attended=false".to_owned(), 1),
        ("q=binh+THI".to_owned(), 1),
        ("sort=-updated_at,id&limit=1".to_owned(), 1),
    ] {
        assert_eq!(place.district.get(&format!("{PATH}?{filter}")).await.items().len(), count, "{filter}");
    }
    let first = place.district.get(&format!("{PATH}?sort=-created_at&limit=1")).await;
    assert_eq!(first.items()[0]["full_name"], "Lò Thị Bình");
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = place.district.get(&format!("{PATH}?sort=-created_at&limit=1&cursor={cursor}")).await;
    assert_eq!((&second.items()[0]["full_name"], &second.body["next_cursor"]), (&json!("Hoàng Văn An"), &Value::Null));
}

#[tokio::test]
async fn a_site_of_the_province_has_template_a_and_any_other_template_b() {
    let place = Place::new(TestApp::start().await).await;
    let path = format!("/api/v1/sites/{}/invitation-template", place.site);
    let categories = |answer: &Answer| {
        let items = answer.body["categories"].as_array().unwrap().clone();
        items.iter().map(|item| item["category"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let b = place.district.get(&path).await;
    let body = b.expect(200);
    assert_eq!((&body["template"], &body["rule_id"], &body["clause"]), (&json!("b"), &json!("R11"), &json!("II.2.2.2.b")));
    assert_eq!(categories(&b), ["local_leader", "committee_member", "front_and_unions", "movement_force", "commended", "community_elder"]);
    let made = place.list("Đặng Minh Đào", "press").await;
    let warning = &made.body["warnings"][0];
    assert_eq!(
        (&warning["code"], &warning["rule_id"], &warning["clause"]),
        (&json!("outside_invitation_template"), &json!("R11"), &json!("II.2.2.2.b"))
    );

    place.step("nominate", None).await;
    let province = place.app.sign_in(Role::ProvincialAdministrator).await;
    let site = format!("/api/v1/sites/{}", place.site);
    let etag = province.get(&site).await.etag();
    province.post_if(&format!("{site}/select"), etag, json!({"reason": "Mô hình tốt"})).await.expect(200);
    let a = place.district.get(&path).await;
    let body = a.expect(200);
    assert_eq!((&body["template"], &body["rule_id"], &body["clause"]), (&json!("a"), &json!("R10"), &json!("II.2.2.2.a")));
    assert_eq!(
        categories(&a),
        ["provincial_leader", "committee_member", "local_leader", "movement_force", "commended", "community_elder", "press"]
    );
    assert_eq!(body["categories"][6]["group_no"], 4);
    assert!(place.list("Phạm Ngọc Lan", "press").await.warnings().is_empty());
    assert_eq!(place.list("Trần Văn Nam", "resident").await.warnings(), ["outside_invitation_template"]);
    place.schedule().await;
    let invited = place.invite_all().await;
    assert_eq!(invited.expect(200)["newly_invited_count"], 3);
    assert_eq!(invited.body["warnings"][0]["rule_id"], "R10");
    assert_eq!(invited.warnings().len(), 1);
}

#[tokio::test]
async fn all_listed_guests_are_invited_at_once_and_each_is_told_to_the_feed() {
    let place = Place::new(TestApp::start().await).await;
    for n in 0..5 {
        place.list(&format!("Khách {n}"), "local_leader").await;
    }
    place.invite_all().await.expect_problem(409, "invalid_transition");
    place.schedule().await;
    let first = place.list("Hoàng Văn An", "community_elder").await;
    let first = place.go(&first, "invite").await;
    place.go(&first, "accept").await.expect(200);
    let invited = place.invite_all().await;
    let body = invited.expect(200);
    assert_eq!((&body["newly_invited_count"], &body["listed_count"], &body["invited_count"]), (&json!(5), &json!(6), &json!(6)));
    assert_eq!((&body["accepted_count"], &body["declined_count"]), (&json!(1), &json!(0)));
    assert_eq!(place.counters().await, [6, 6, 1, 0]);
    assert_eq!(place.invite_all().await.expect(200)["newly_invited_count"], 0);
    let feed = place
        .app
        .sql("SELECT resource, resource_version, data FROM events WHERE action IN ('invited', 'guests_invited') ORDER BY seq")
        .await;
    assert_eq!(feed.iter().filter(|event| event["resource"] == "participant").count(), 6);
    let of_site: Vec<_> = feed.iter().filter(|event| event["resource"] == "site").collect();
    assert_eq!((of_site.len(), &of_site[0]["data"]["invited_count"]), (1, &json!(5)));
    assert!(feed.iter().skip(2).all(|event| event["resource_version"] == 2 && event["data"]["to"] == "invited"));
}

#[tokio::test]
async fn the_state_of_the_site_decides_what_can_be_done_with_its_guests() {
    let place = Place::new(TestApp::start().await).await;
    let guest = place.list("Hoàng Văn An", "community_elder").await;
    place.go(&guest, "invite").await.expect_problem(409, "invalid_transition");
    place.schedule().await;
    let invited = place.go(&guest, "invite").await;
    invited.expect(200);
    place.district.delete_if(&guest.location(), &invited).await.expect_problem(409, "invalid_transition");
    let other = place.list("Lò Thị Bình", "commended").await;
    place.hold().await;
    place.go(&invited, "accept").await.expect_problem(409, "invalid_transition");
    place.decline(&invited, json!({})).await.expect_problem(409, "invalid_transition");
    place.go(&other, "invite").await.expect_problem(409, "invalid_transition");
    place.invite_all().await.expect_problem(409, "invalid_transition");
    place.district.post(PATH, place.guest("Muộn", "other")).await.expect_problem(409, "invalid_transition");
    // A name can still be put right, until the site is closed.
    let renamed = place.district.patch_if(&other.location(), &other, json!({"full_name": "Lò Thị Bích"})).await;
    assert_eq!(renamed.expect(200)["full_name"], "Lò Thị Bích");
    place.step("close", None).await;
    place.district.patch_if(&other.location(), &renamed, json!({"title": "x"})).await.expect_problem(409, "invalid_transition");
    place.district.delete_if(&other.location(), &renamed).await.expect_problem(409, "invalid_transition");
    assert_eq!(place.counters().await, [2, 1, 0, 0]);
}

#[tokio::test]
async fn a_guest_goes_off_the_list_only_before_the_invitation_and_without_check_ins() {
    let place = Place::scheduled(TestApp::start().await).await;
    let guest = place.list("Hoàng Văn An", "community_elder").await;
    let came = place.list("Lò Thị Bình", "commended").await;
    let left = place.list("Sùng A Nam", "commended").await;
    place.district.delete_if(&guest.location(), &guest).await.expect(204);
    place.enter(&came.id(), "entry").await.expect(201);
    place.enter(&left.id(), "exit").await.expect(201);
    for guest in [&came, &left] {
        let now = place.district.get(&guest.location()).await;
        place.district.delete_if(&guest.location(), &now).await.expect_problem(409, "in_use");
    }
    assert_eq!(place.counters().await, [2, 0, 0, 0]);
}

#[tokio::test]
async fn a_check_in_is_not_undone_by_a_change_of_the_guest() {
    let place = Place::scheduled(TestApp::start_wide().await).await;
    let guest = place.list("Hoàng Văn An", "community_elder").await;
    let (place, id, path) = (&place, &guest.id(), &guest.location());
    // Any version will do: so that each of them reads and writes while the others check in.
    let renames = (0..15).map(async |n| place.district.patch_if(path, "*", json!({"title": format!("Trưởng bản {n}")})).await.status);
    let entries = (0..15).map(async |_| place.enter(id, "entry").await.status);
    let (renamed, entered) = join(join_all(renames), join_all(entries)).await;
    assert!(renamed.iter().all(|status| *status == 200) && entered.iter().all(|status| *status == 201), "{renamed:?} {entered:?}");
    let body = place.district.get(path).await.body;
    assert_eq!((&body["entry_count"], &body["is_present"]), (&json!(15), &json!(true)));
    // Check-ins are written in groups: several entries of one guest may be one version.
    assert!((17..=31).contains(&body["version"].as_i64().unwrap()), "{body}");
    assert!(body["first_entered_at"].is_string());
    assert_eq!(place.counters().await, [1, 0, 0, 0]);
}

#[tokio::test]
async fn attendance_tells_entries_from_persons_and_from_those_present() {
    let place = Place::scheduled(TestApp::start().await).await;
    let an = place.list("Hoàng Văn An", "community_elder").await;
    let binh = place.list("Lò Thị Bình", "commended").await;
    place.list("Sùng A Nam", "commended").await;
    place.invite_all().await.expect(200);
    place.go(&place.district.get(&an.location()).await, "accept").await.expect(200);
    place.decline(&place.district.get(&binh.location()).await, json!({})).await.expect(200);
    for direction in ["entry", "exit", "entry"] {
        place.enter(&an.id(), direction).await.expect(201);
    }
    for direction in ["entry", "exit"] {
        place.enter(&binh.id(), direction).await.expect(201);
    }
    let path = format!("/api/v1/sites/{}/attendance", place.site);
    let centre = place.app.sign_in(Role::OperationsCentre).await;
    let answer = centre.get(&path).await;
    let body = answer.expect(200);
    let total = json!({"listed_count": 3, "invited_count": 3, "accepted_count": 1, "declined_count": 1, "entry_count": 3, "person_count": 2, "present_count": 1});
    assert_eq!(body["total"], total);
    let commended = json!({"listed_count": 2, "invited_count": 2, "accepted_count": 0, "declined_count": 1, "entry_count": 1, "person_count": 1, "present_count": 0});
    assert_eq!(body["by_category"][0], json!({"category": "commended", "counts": commended}));
    assert_eq!(body["by_category"].as_array().unwrap().len(), 2);
    assert!(!answer.text.contains("Hoàng"));
    let elsewhere = place.app.district("Văn Yên").await;
    elsewhere.get(&path).await.expect_problem(404, "not_found");
    elsewhere.get(&format!("/api/v1/sites/{}/invitation-template", place.site)).await.expect_problem(404, "not_found");
    place.app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn personal_data_are_seen_only_by_those_who_need_them_and_never_told_to_the_feed() {
    let place = Place::scheduled(TestApp::start().await).await;
    let guest = place.list("Hoàng Văn Tuyệt", "community_elder").await;
    let patched = place.district.patch_if(&guest.location(), &guest, json!({"title": "Già làng", "organisation": "Dòng họ Hoàng"})).await;
    let invited = place.go(&patched, "invite").await;
    place.decline(&invited, json!({"reason": "Ốm nặng"})).await.expect(200);
    let path = guest.location();
    for role in [Role::OperationsCentre, Role::PortalClient, Role::Auditor, Role::MovementDivision, Role::CentralViewer] {
        let client = place.app.sign_in(role).await;
        client.get(PATH).await.expect_problem(403, "forbidden");
        client.get(&path).await.expect_problem(403, "forbidden");
        client.post(PATH, json!({})).await.expect_problem(403, "forbidden");
        client.post_empty(&format!("/api/v1/sites/{}/invitations", place.site)).await.expect_problem(403, "forbidden");
    }
    let operator = place.app.sign_in(Role::CheckinOperator).await;
    operator.get(&path).await.expect(200);
    operator.post(PATH, json!({})).await.expect_problem(403, "forbidden");
    let told = place.app.text("SELECT string_agg(data::text, ' ') FROM events WHERE resource IN ('participant', 'site')").await;
    for word in ["Tuyệt", "Già làng", "Dòng họ", "Ốm"] {
        assert!(!told.contains(word), "{word}: {told}");
    }
}

#[tokio::test]
async fn a_district_does_not_see_the_guests_of_another() {
    let place = Place::scheduled(TestApp::start().await).await;
    let guest = place.list("Hoàng Văn An", "community_elder").await;
    let (path, elsewhere) = (guest.location(), place.app.district("Văn Yên").await);
    assert!(elsewhere.get(PATH).await.items().is_empty());
    assert!(elsewhere.get(&format!("{PATH}?site_id={}", place.site)).await.items().is_empty());
    elsewhere.get(&path).await.expect_problem(404, "not_found");
    elsewhere.patch_if(&path, "*", json!({"title": "x"})).await.expect_problem(404, "not_found");
    elsewhere.delete_if(&path, "*").await.expect_problem(404, "not_found");
    elsewhere.post_empty_if(&format!("{path}/invite"), "*").await.expect_problem(404, "not_found");
    elsewhere.post_empty_if(&format!("{path}/accept"), "*").await.expect_problem(404, "not_found");
    elsewhere.post_if(&format!("{path}/decline"), "*", json!({})).await.expect_problem(404, "not_found");
    elsewhere.post_empty(&format!("/api/v1/sites/{}/invitations", place.site)).await.expect_problem(404, "not_found");
    let refused = elsewhere.post(PATH, place.guest("Ai đó", "other")).await;
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.fields(), ["/site_id unknown_reference"]);
    place.app.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn bad_fields_are_named_and_a_version_is_asked_for() {
    let place = Place::scheduled(TestApp::start().await).await;
    let bad = json!({"site_id": "x", "kind": "robot", "category": "vip", "full_name": "a\u{0}b", "phone": "0912345678"});
    let refused = place.district.post(PATH, bad).await;
    refused.expect_problem(422, "validation_failed");
    let fields = refused.fields();
    for pointer in ["/site_id ", "/kind not_allowed", "/category not_allowed", "/full_name ", "/phone unknown_field"] {
        assert!(fields.iter().any(|field| field.starts_with(pointer)), "{pointer}: {fields:?}");
    }
    let guest = place.list("Hoàng Văn An", "community_elder").await;
    let path = guest.location();
    place.district.patch(&path, json!({"title": "x"})).await.expect_problem(428, "precondition_required");
    place.district.delete(&path).await.expect_problem(428, "precondition_required");
    for step in ["invite", "accept"] {
        place.district.post_empty(&format!("{path}/{step}")).await.expect_problem(428, "precondition_required");
    }
    place.district.post(&format!("{path}/decline"), json!({})).await.expect_problem(428, "precondition_required");
    assert_eq!(
        place.district.patch_if(&path, &guest, json!({"full_name": null, "kind": "collective"})).await.fields(),
        ["/full_name type", "/kind unknown_field"]
    );
    place.go(&guest, "invite").await.expect(200);
    place.go(&guest, "accept").await.expect_problem(412, "precondition_failed");
}

#[tokio::test]
async fn an_invitation_sent_twice_with_one_key_is_done_once() {
    let place = Place::scheduled(TestApp::start().await).await;
    let once = place.district.post_once(PATH, "khach-1", place.guest("Hoàng Văn An", "community_elder")).await;
    let again = place.district.post_once(PATH, "khach-1", place.guest("Hoàng Văn An", "community_elder")).await;
    assert_eq!((once.expect(201), once.location()), (again.expect(201), again.location()));
    assert_eq!(place.counters().await, [1, 0, 0, 0]);
}

/// Pseudo-random numbers (splitmix64), the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// One random operation; whether it is possible is for the service to say, but never with a fault of its own.
async fn random_operation(place: &Place, guests: &Mutex<Vec<String>>, random: &mut Random) {
    let (draw, pick) = (random.below(20), random.below(1000));
    let known = guests.lock().unwrap().clone();
    let Some(id) = known.get(pick % known.len().max(1)).filter(|_| draw > 2) else {
        let made = place.list(&format!("Khách {pick}"), "resident").await;
        return guests.lock().unwrap().push(made.id());
    };
    let path = format!("{PATH}/{id}");
    let answer = match draw {
        3 => place.invite_all().await,
        4 | 5 => place.enter(id, "exit").await,
        6..=8 => place.enter(id, "entry").await,
        9 => place.district.patch_if(&path, "*", json!({"title": format!("Chức {pick}")})).await,
        10 | 11 => place.district.delete_if(&path, "*").await,
        12 | 13 => place.district.post_empty_if(&format!("{path}/invite"), "*").await,
        14..=16 => place.district.post_empty_if(&format!("{path}/accept"), "*").await,
        _ => place.district.post_if(&format!("{path}/decline"), "*", json!({})).await,
    };
    let expected = [200, 201, 204, 404, 409, 422];
    assert!(expected.contains(&answer.status), "{} {}: {} {}", answer.method, answer.path, answer.status, answer.text);
}

#[tokio::test]
async fn the_figures_of_a_site_equal_a_recount_at_every_moment_whatever_is_done_at_once() {
    let place = Place::scheduled(TestApp::start_wide().await).await;
    let (guests, is_over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let (place, guests, is_over) = (&place, &guests, &is_over);
    let writers = (1..=6).map(async |seed| {
        let mut random = Random(seed);
        for _ in 0..60 {
            random_operation(place, guests, &mut random).await;
        }
    });
    let writing = async {
        join_all(writers).await;
        is_over.store(true, Ordering::Relaxed);
    };
    let recounting = async {
        while !is_over.load(Ordering::Relaxed) {
            assert_eq!(place.app.number(WRONG_FIGURES).await, 0);
        }
    };
    join(writing, recounting).await;
    let [listed, invited, accepted, declined] = place.counters().await;
    assert!(listed > 0 && invited > 0 && accepted + declined > 0);
    let body = place.district.get(&format!("/api/v1/sites/{}/attendance", place.site)).await.body;
    let counts = ["listed_count", "invited_count", "accepted_count", "declined_count"].map(|name| body["total"][name].as_i64().unwrap());
    assert_eq!(counts, [listed, invited, accepted, declined]);
    // Each change of a guest is told once, with a version of its own; check-ins make versions too, and tell of themselves.
    let untold = "SELECT count(*) FROM participants p, LATERAL (
                      SELECT count(*) AS told, count(DISTINCT e.resource_version) AS versions FROM events e
                      WHERE e.resource = 'participant' AND e.resource_id = p.id) e
                  WHERE e.told <> e.versions OR p.version < e.told
                     OR p.version > e.told + (SELECT count(*) FROM check_ins c WHERE c.participant_id = p.id)";
    assert_eq!(place.app.number(untold).await, 0);
}

#[tokio::test]
async fn entries_and_exits_of_one_guest_at_once_are_all_logged() {
    let place = Place::scheduled(TestApp::start_wide().await).await;
    for guest in 0..30 {
        let id = place.list(&format!("Khách {guest}"), "resident").await.id();
        let operations = (0..6).map(|number| place.enter(&id, if number % 2 == 0 { "entry" } else { "exit" }));
        for answer in join_all(operations).await {
            answer.expect(201);
        }
    }
    assert_eq!(place.app.number(WRONG_FIGURES).await, 0);
}

#[tokio::test]
async fn a_device_whose_clock_is_ahead_does_not_settle_who_is_there() {
    let place = Place::scheduled(TestApp::start().await).await;
    place.app.set_now("2023-08-12T08:00:00+07:00");
    let guest = place.list("Hoàng Văn An", "community_elder").await;
    let at = |occurred_at: &str| json!({"participant_id": guest.id(), "direction": "entry", "occurred_at": occurred_at});
    for ahead in ["2023-08-12T08:06:00+07:00", "2033-08-12T08:00:00+07:00"] {
        let refused = place.district.post(CHECK_INS, at(ahead)).await;
        assert_eq!((refused.status, refused.fields()), (422, vec!["/occurred_at in_future".to_owned()]), "{}", refused.text);
    }
    let near = place.district.post(CHECK_INS, at("2023-08-12T08:04:00.123456789+07:00")).await;
    assert_eq!(near.expect(201)["occurred_at"], "2023-08-12T01:04:00.123456Z");
    assert_eq!(place.district.get(&near.location()).await.expect(200), &near.body);
    place.district.post(CHECK_INS, at("2023-08-11T08:00:00+07:00")).await.expect(201);
}
