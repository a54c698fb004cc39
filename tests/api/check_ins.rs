//! Check-in by pass and in batches: refusals, verdicts, and figures that depend on no order, split or replay.

use super::participants::WRONG_FIGURES;
use super::support::fixtures::District;
use super::support::*;
use futures_util::future::join_all;
use proptest::prelude::*;
use uuid::Uuid;

const PATH: &str = "/api/v1/check-ins";
const BATCH: &str = "/api/v1/check-ins/batch";
const GUESTS: &str = "/api/v1/participants";
const OPENING: &str = "2023-08-12T08:00:00+07:00";
/// Guests whose figures differ from a recount of the log. What it has of a merged guest counts for the one it is merged into.
pub const WRONG_GUESTS: &str = "SELECT count(*) FROM participants p, LATERAL (
    SELECT count(*) FILTER (WHERE direction = 'entry') AS entries, min(occurred_at) FILTER (WHERE direction = 'entry') AS first_entered_at,
           coalesce((array_agg(direction ORDER BY occurred_at DESC, op_id DESC)
                     FILTER (WHERE direction <> 'refusal' AND occurred_at <= received_at + interval '5 minutes'))[1] = 'entry', false) AS is_present
    FROM check_ins c JOIN participants n ON n.campaign_id = c.campaign_id AND n.id = c.participant_id
    WHERE c.campaign_id = p.campaign_id AND c.site_id = p.site_id AND coalesce(n.merged_into_id, n.id) = p.id) r
    WHERE (p.entry_count, p.is_present, p.first_entered_at) IS DISTINCT FROM (r.entries, r.is_present, r.first_entered_at)";

/// A site of Lục Yên on its day, with so many guests.
struct Door {
    district: District,
    site: String,
    guests: Vec<String>,
}

impl Door {
    async fn new(app: &TestApp, name: &str, count: usize) -> Self {
        app.set_now(cluster::START);
        let district = District::of(app, "Lục Yên").await;
        let site = district.scheduled(app, name).await.id();
        let mut guests = Vec::new();
        for no in 0..count {
            let body = json!({"site_id": site, "kind": "person", "category": "resident", "full_name": format!("Khách {no}")});
            let made = district.client.post(GUESTS, body).await;
            made.expect(201);
            guests.push(made.id());
        }
        app.set_now(OPENING);
        Self { district, site, guests }
    }

    async fn invite_all(&self) {
        self.district.client.post_empty(&format!("/api/v1/sites/{}/invitations", self.site)).await.expect(200);
    }

    async fn pass(&self, guest: usize) -> Answer {
        self.district.client.get(&format!("{GUESTS}/{}/pass", self.guests[guest])).await
    }

    async fn send(&self, device: Uuid, operations: &[Value]) -> Answer {
        let answer = self.district.client.post(BATCH, json!({"device_id": device, "operations": operations})).await;
        answer.expect(200);
        answer
    }

    async fn total(&self) -> Value {
        self.district.client.get(&format!("/api/v1/sites/{}/attendance", self.site)).await.expect(200)["total"].clone()
    }

    /// Entries, persons, present.
    async fn figures(&self) -> [i64; 3] {
        let total = self.total().await;
        ["entry_count", "person_count", "present_count"].map(|name| total[name].as_i64().unwrap())
    }
}

fn verdicts(answer: &Answer) -> Vec<String> {
    answer.expect(200)["verdicts"].as_array().unwrap().iter().map(|one| one["verdict"].as_str().unwrap().to_owned()).collect()
}

fn operation(guest: &str, direction: &str, occurred_at: &str) -> Value {
    json!({"op_id": Uuid::now_v7(), "participant_id": guest, "direction": direction, "occurred_at": occurred_at})
}

async fn equals_a_recount(app: &TestApp) {
    assert_eq!(app.number(WRONG_GUESTS).await, 0, "guests that differ from the log");
    assert_eq!(app.number(WRONG_FIGURES).await, 0, "sites that differ from their guests");
}

#[tokio::test]
async fn a_guest_who_was_invited_has_a_pass_and_comes_in_with_it() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 1).await;
    door.pass(0).await.expect_problem(404, "not_found");
    door.invite_all().await;
    let shown = door.pass(0).await;
    let body = shown.expect(200);
    assert_eq!((&body["participant_id"], &body["site_id"]), (&json!(door.guests[0]), &json!(door.site)));
    assert_eq!((&body["site_name"], &body["starts_at"]), (&json!("Bản Mường Lai"), &json!("2023-08-12T01:00:00Z")));
    assert!(body["svg"].as_str().unwrap().contains("<svg"));
    assert_eq!(door.pass(0).await.body["pass"], body["pass"], "a card printed again is the same card");
    let pass = body["pass"].as_str().unwrap();
    let entered = door.district.client.post(PATH, json!({"pass": pass, "direction": "entry"})).await;
    assert_eq!(entered.expect(201)["participant_id"], door.guests[0]);
    assert_eq!(door.figures().await, [1, 1, 1]);

    app.anonymous().with_token(pass).get(PATH).await.expect_problem(401, "unauthenticated");
    app.district("Trấn Yên").await.get(&format!("{GUESTS}/{}/pass", door.guests[0])).await.expect_problem(404, "not_found");
    let elsewhere = app.district("Trấn Yên").await.post(PATH, json!({"pass": pass, "direction": "entry"})).await;
    assert_eq!((elsewhere.status, elsewhere.fields()), (422, vec!["/participant_id unknown_reference".to_owned()]));
}

#[tokio::test]
async fn a_guest_is_named_by_id_or_pass_and_a_refusal_by_its_reason() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 1).await;
    let guest = &door.guests[0];
    let bad = [
        (json!({"direction": "entry"}), "/participant_id required"),
        (json!({"participant_id": guest, "pass": "a.b.c", "direction": "entry"}), "/pass only_one_of"),
        (json!({"pass": "a.b.c", "direction": "entry"}), "/pass invalid_pass"),
        (json!({"participant_id": guest, "direction": "refusal"}), "/reason required_for_refusal"),
        (json!({"participant_id": guest, "direction": "exit", "reason": "full"}), "/reason only_for_refusal"),
    ];
    for (body, field) in bad {
        let refused = door.district.client.post(PATH, body).await;
        refused.expect_problem(422, "validation_failed");
        assert_eq!(refused.fields(), [field]);
    }
    assert_eq!(app.number("SELECT count(*) FROM check_ins").await, 0);
}

#[tokio::test]
async fn a_refusal_is_logged_with_its_reason_and_changes_no_figure() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 2).await;
    let client = &door.district.client;
    client.post(PATH, json!({"participant_id": door.guests[0], "direction": "entry"})).await.expect(201);
    let before = client.get(&format!("{GUESTS}/{}", door.guests[0])).await;
    for guest in &door.guests {
        let refused = client.post(PATH, json!({"participant_id": guest, "direction": "refusal", "reason": "security"})).await;
        assert_eq!((&refused.expect(201)["direction"], &refused.body["reason"]), (&json!("refusal"), &json!("security")));
        assert_eq!(client.get(&refused.location()).await.expect(200), &refused.body);
    }
    assert_eq!(door.figures().await, [1, 1, 1]);
    assert_eq!(client.get(&format!("{GUESTS}/{}", door.guests[0])).await.etag(), before.etag());
    let listed = |query: &str| format!("{PATH}?site_id={}&{query}", door.site);
    assert_eq!(client.get(&listed("reason=security")).await.items().len(), 2);
    assert_eq!(client.get(&listed("reason=full")).await.items().len(), 0);
    assert_eq!(client.get(&listed("direction=refusal")).await.items().len(), 2);
    equals_a_recount(&app).await;
    // The way back is barred by a refusal that it could not say, and free without one.
    let down = include_str!("../../migrations/2026-11-23-130000_check_in_refusals/down.sql");
    assert!(sql::try_execute(&app.database_url, &format!("BEGIN;{down}ROLLBACK;")).await.is_err());
}

#[tokio::test]
async fn each_operation_of_a_batch_has_its_verdict_and_none_blocks_the_others() {
    let app = TestApp::start().await;
    let (door, later) = (Door::new(&app, "Bản Mường Lai", 2).await, Door::new(&app, "Bản Nà Kèn", 1).await);
    let away = Door::new(&app, "Bản Khe Mạ", 1).await;
    app.execute(&format!("UPDATE sites SET state = 'closed' WHERE id = '{}'", later.site)).await;
    door.invite_all().await;
    let pass = door.pass(1).await.body["pass"].clone();
    let device = Uuid::now_v7();
    let entry = operation(&door.guests[0], "entry", "2023-08-12T07:50:00+07:00");
    let mut reused = entry.clone();
    reused["direction"] = json!("exit");
    let mut refusal = operation(&door.guests[0], "refusal", "2023-08-12T07:55:00+07:00");
    let unexplained = refusal.clone();
    refusal["reason"] = json!("full");
    refusal["op_id"] = json!(Uuid::now_v7());
    let operations = [
        entry.clone(),
        json!({}),
        json!({"op_id": Uuid::now_v7(), "pass": pass, "direction": "entry", "occurred_at": "2023-08-12T07:51:00+07:00"}),
        json!({"op_id": Uuid::now_v7(), "pass": "forged", "direction": "entry", "occurred_at": "2023-08-12T07:51:00+07:00"}),
        entry.clone(),
        reused,
        operation(&Uuid::now_v7().to_string(), "entry", "2023-08-12T07:52:00+07:00"),
        operation(&later.guests[0], "entry", "2023-08-12T07:52:00+07:00"),
        json!({"op_id": Uuid::now_v7(), "participant_id": door.guests[0], "direction": "sideways", "occurred_at": "yesterday", "x": 1}),
        unexplained,
        refusal,
        operation(&away.guests[0], "entry", "2023-08-12T09:00:00+07:00"),
    ];
    let answer = door.send(device, &operations).await;
    let expected = [
        "logged",
        "invalid",
        "logged",
        "invalid",
        "repeated",
        "op_reused",
        "unknown_participant",
        "site_not_open",
        "invalid",
        "invalid",
        "logged",
        "logged",
    ];
    assert_eq!(verdicts(&answer), expected);
    let body = &answer.body["verdicts"];
    assert_eq!((&body[0]["op_id"], &body[0]["skew_ms"].as_i64().unwrap() / 60_000), (&entry["op_id"], 10));
    assert_eq!(body[0]["check_in_id"], body[4]["check_in_id"]);
    assert_eq!((&body[1]["op_id"], &body[1]["errors"][0]["code"]), (&Value::Null, &json!("required")));
    assert_eq!(body[3]["errors"][0]["code"], "invalid_pass");
    let errors: Vec<&str> = body[8]["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(errors.len(), 3, "all that is wrong at once: {errors:?}");
    assert_eq!(body[9]["errors"][0]["code"], "required_for_refusal");
    assert_eq!(door.figures().await, [2, 2, 2]);
    // An hour ahead: kept, told, and silent about who is there.
    assert_eq!((&body[11]["is_ahead"], away.figures().await), (&json!(true), [1, 1, 0]));
    away.send(device, &[operation(&away.guests[0], "entry", OPENING)]).await;
    away.send(device, &[operation(&away.guests[0], "exit", "2023-08-12T08:01:00+07:00")]).await;
    assert_eq!(away.figures().await, [2, 1, 0]);
    let ahead = door.district.client.get(&format!("{PATH}?site_id={}&is_ahead=true", away.site)).await;
    assert_eq!(ahead.items().len(), 1);
    assert_eq!(ahead.items()[0]["id"], body[11]["check_in_id"]);
    equals_a_recount(&app).await;

    let no_batch = door.district.client.post(BATCH, json!({"operations": [entry, 17]})).await;
    assert_eq!((no_batch.status, no_batch.fields()[0].as_str()), (422, "/operations/1 type"), "an operation is an object");
    let again: Vec<String> = verdicts(&door.send(device, &operations).await);
    assert!(!again.contains(&"logged".to_owned()), "{again:?}");
    equals_a_recount(&app).await;
}

#[tokio::test]
async fn a_batch_has_operations_and_no_more_than_a_thousand() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 1).await;
    let batch = |count: usize| {
        let operations: Vec<Value> = (0..count).map(|_| operation(&door.guests[0], "entry", OPENING)).collect();
        door.district.client.post(BATCH, json!({"operations": operations}))
    };
    for count in [0, 1_001] {
        let refused = batch(count).await;
        refused.expect_problem(422, "validation_failed");
    }
    assert_eq!(door.figures().await, [0, 0, 0]);
    let logged = batch(1_000).await;
    assert!(verdicts(&logged).iter().all(|verdict| verdict == "logged"));
    assert_eq!(door.figures().await, [1_000, 1, 1]);
    equals_a_recount(&app).await;
}

#[tokio::test]
async fn a_batch_of_another_subtree_or_of_a_closed_campaign_logs_nothing() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 1).await;
    let operations = [operation(&door.guests[0], "entry", OPENING)];
    let body = json!({"operations": operations});
    app.anonymous().post(BATCH, body.clone()).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::Auditor).await.post(BATCH, body.clone()).await.expect_problem(403, "forbidden");
    assert_eq!(verdicts(&app.district("Trấn Yên").await.post(BATCH, body.clone()).await), ["unknown_participant"]);
    app.execute("UPDATE campaigns SET state = 'closed'").await;
    let changes = app.number("SELECT count(*) FROM events").await;
    assert_eq!(verdicts(&door.district.client.post(BATCH, body).await), ["campaign_not_open"]);
    assert_eq!(app.number("SELECT count(*) FROM check_ins").await, 0);
    assert_eq!(app.number("SELECT count(*) FROM events").await, changes);
}

#[tokio::test]
async fn of_a_thousand_replays_at_once_each_operation_counts_once() {
    let app = TestApp::start_wide().await;
    let door = Door::new(&app, "Bản Mường Lai", 5).await;
    let device = Uuid::now_v7();
    let mut operations: Vec<Value> = door.guests.iter().map(|guest| operation(guest, "entry", "2023-08-12T07:50:00+07:00")).collect();
    operations.push(operation(&door.guests[0], "exit", "2023-08-12T07:55:00+07:00"));
    let mut logged = 0;
    for _ in 0..10 {
        for answer in join_all((0..100).map(|_| door.send(device, &operations))).await {
            let verdicts = verdicts(&answer);
            assert!(verdicts.iter().all(|verdict| verdict == "logged" || verdict == "repeated"), "{verdicts:?}");
            logged += verdicts.iter().filter(|verdict| *verdict == "logged").count();
        }
    }
    assert_eq!(logged, 6);
    assert_eq!(door.figures().await, [5, 5, 4]);
    assert_eq!(app.number("SELECT count(*) FROM events WHERE resource = 'check_in'").await, 6);
    equals_a_recount(&app).await;
}

/// One operation of the property: guest, device, kind of operation, minutes from the opening.
type Step = (usize, usize, usize, i64);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Well away from the five minutes that a device may be ahead.
    let minute = prop_oneof![8 => -60_i64..0, 1 => 20_i64..40];
    prop::collection::vec((0_usize..4, 0_usize..3, 0_usize..5, minute), 1..40)
}

/// What the figures say of each guest.
async fn state(app: &TestApp, door: &Door) -> Vec<Value> {
    let sql = |guest: &str| {
        format!("SELECT entry_count, is_present, first_entered_at, last_op_at, last_op_id FROM participants WHERE id = '{guest}'")
    };
    let mut rows = Vec::new();
    for guest in &door.guests {
        rows.push(app.sql(&sql(guest)).await.remove(0));
    }
    rows
}

async fn any_order_gives_one_state(steps: Vec<Step>, keys: Vec<u32>, size: usize) {
    let app = TestApp::start_wide().await;
    let (straight, mixed) = (Door::new(&app, "Bản Mường Lai", 4).await, Door::new(&app, "Bản Nà Kèn", 4).await);
    let opening: chrono::DateTime<chrono::Utc> = OPENING.parse().unwrap();
    let names: Vec<Uuid> = steps.iter().map(|_| Uuid::now_v7()).collect();
    let at = |door: &Door, no: usize| {
        let (guest, _, kind, minute) = steps[no];
        let occurred_at = opening + chrono::Duration::minutes(minute);
        let mut body = json!({"op_id": names[no], "participant_id": door.guests[guest], "occurred_at": occurred_at});
        body["direction"] = json!(["entry", "exit", "entry", "exit", "refusal"][kind]);
        if kind == 4 {
            body["reason"] = json!("other");
        }
        body
    };
    // In order, one batch a device.
    let devices = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
    for (no, device) in devices.iter().enumerate() {
        let own: Vec<Value> = (0..steps.len()).filter(|step| steps[*step].1 == no).map(|step| at(&straight, step)).collect();
        if !own.is_empty() {
            straight.send(*device, &own).await;
        }
    }
    // Shuffled, each twice, in small batches, all devices at once.
    let devices = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
    let mut order: Vec<usize> = (0..steps.len()).chain(0..steps.len()).collect();
    let rank = |place: usize| keys[place % keys.len()].rotate_left(u32::try_from(place).unwrap());
    let mut places: Vec<usize> = (0..order.len()).collect();
    places.sort_by_key(|place| (rank(*place), *place));
    order = places.into_iter().map(|place| order[place]).collect();
    let mut batches: Vec<(usize, Vec<Value>)> = Vec::new();
    for no in 0..devices.len() {
        let own: Vec<usize> = order.iter().copied().filter(|step| steps[*step].1 == no).collect();
        batches.extend(own.chunks(size).map(|chunk| (no, chunk.iter().map(|step| at(&mixed, *step)).collect())));
    }
    join_all(batches.iter().map(|(no, operations)| mixed.send(devices[*no], operations))).await;
    assert_eq!(state(&app, &straight).await, state(&app, &mixed).await);
    assert_eq!(straight.total().await, mixed.total().await);
    equals_a_recount(&app).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_split_and_replay_from_any_device_give_one_state_that_equals_a_recount(
        steps in steps(), keys in prop::collection::vec(any::<u32>(), 1..40), size in 1_usize..7,
    ) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(any_order_gives_one_state(steps, keys, size));
    }
}
