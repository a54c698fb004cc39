//! Three enrolled devices without signal: from the snapshot they take along to figures that no loss of power and no order changes.

use super::devices::Device;
use super::newcomers::equals_a_recount;
use super::support::fixtures::District;
use super::support::*;
use futures_util::future::join_all;
use ngayhoi::participant_imports::worker::{Pace, Worker};
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;

const BATCH: &str = "/api/v1/check-ins/batch";
const SNAPSHOT: &str = "/api/v1/check-ins/snapshot";
const GUESTS: usize = 300;

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.roll(last + 1));
        }
    }
}

/// What one device sees: who, which way, when; a guest of the list by number, or one whom nobody listed by name.
#[derive(Clone)]
struct Seen {
    guest: Result<usize, String>,
    direction: &'static str,
    at: String,
    /// Of a later operation of an unlisted guest, the place of the first one in the device's log.
    first: Option<usize>,
}

/// The morning of three doors: all of the list comes, most to several doors, some leave; each door meets ten whom nobody listed.
fn morning() -> Vec<Vec<Seen>> {
    let mut dice = Dice(138);
    let mut doors: Vec<Vec<Seen>> = vec![Vec::new(), Vec::new(), Vec::new()];
    // One second after the other, so that no two operations have one time: then the latest one is clear.
    let at = |no: usize| format!("2023-08-12T08:{:02}:{:02}+07:00", no / 60, no % 60);
    let mut comings: Vec<usize> = (0..GUESTS).chain((0..GUESTS * 2).map(|_| dice.roll(GUESTS))).collect();
    dice.shuffle(&mut comings[GUESTS..]);
    for (no, guest) in comings.into_iter().enumerate() {
        let direction = if no >= GUESTS && dice.roll(3) == 0 { "exit" } else { "entry" };
        doors[dice.roll(3)].push(Seen { guest: Ok(guest), direction, at: at(no), first: None });
    }
    for (door, log) in doors.iter_mut().enumerate() {
        for no in 0..10 {
            let (name, second) = (format!("Khách lạ {door}.{no}"), GUESTS * 3 + door * 20 + no * 2);
            let first = log.len();
            log.push(Seen { guest: Err(name.clone()), direction: "entry", at: at(second), first: None });
            if no % 3 == 0 {
                log.push(Seen { guest: Err(name), direction: "exit", at: at(second + 1), first: Some(first) });
            }
        }
    }
    doors
}

/// A site with its list and three enrolled devices that took it along.
struct Place {
    site: String,
    doors: Vec<(Client, BTreeMap<String, String>)>,
}

impl Place {
    async fn new(app: &TestApp, district: &District, name: &str) -> Self {
        app.set_now(cluster::START);
        let site = district.scheduled(app, name).await.id();
        let lines: String =
            (0..GUESTS).map(|no| format!("{{\"kind\":\"person\",\"category\":\"resident\",\"full_name\":\"Khách {no}\"}}\n")).collect();
        let path = format!("/api/v1/participant-imports?site_id={site}");
        district.client.raw("POST", &path, "application/x-ndjson", lines).await.expect(202);
        Worker::new(&app.database_url, app.clock.clone(), Pace::default()).unwrap().run_until_idle().await.unwrap();
        app.set_now("2023-08-12T10:00:00+07:00");
        let mut doors = Vec::new();
        for _ in 0..3 {
            let client = Device::enrolled(app, district, &[&site]).await.client(app).await;
            let (mut ids, mut after) = (BTreeMap::new(), String::new());
            loop {
                let page = client.get(&format!("{SNAPSHOT}?limit=120{after}")).await;
                for guest in page.expect(200)["guests"].as_array().unwrap() {
                    ids.insert(guest["full_name"].as_str().unwrap().to_owned(), guest["id"].as_str().unwrap().to_owned());
                }
                after = format!("&after={}", page.body["next_cursor"].as_str().unwrap());
                if page.body["has_more"] == false {
                    break;
                }
            }
            assert_eq!(ids.len(), GUESTS);
            doors.push((client, ids));
        }
        Self { site, doors }
    }

    /// The log of a door, as its device keeps it.
    fn log(&self, door: usize, seen: &[Seen]) -> Vec<Value> {
        let ops: Vec<Uuid> = seen.iter().map(|_| Uuid::now_v7()).collect();
        let operation = |(no, one): (usize, &Seen)| {
            let mut body = json!({"op_id": ops[no], "direction": one.direction, "occurred_at": one.at});
            match &one.guest {
                Ok(guest) => body["participant_id"] = json!(self.doors[door].1[&format!("Khách {guest}")]),
                Err(name) => body["guest"] = json!({"kind": "person", "full_name": name}),
            }
            if let Some(first) = one.first {
                body["guest_op_id"] = json!(ops[first]);
            }
            body
        };
        seen.iter().enumerate().map(operation).collect()
    }

    /// The figures of the site, and where each guest stands, by name.
    async fn state(&self, app: &TestApp, district: &District) -> (Value, Vec<Value>) {
        let attendance = district.client.get(&format!("/api/v1/sites/{}/attendance", self.site)).await;
        let guests = format!(
            "SELECT full_name, origin, entry_count, is_present, first_entered_at, last_op_at FROM participants
             WHERE site_id = '{}' ORDER BY full_name",
            self.site
        );
        (attendance.expect(200)["total"].clone(), app.sql(&guests).await)
    }
}

fn verdicts(answer: &Answer) -> Vec<(String, Value)> {
    let all = answer.expect(200)["verdicts"].as_array().unwrap().iter();
    all.map(|one| (one["verdict"].as_str().unwrap().to_owned(), one["check_in_id"].clone())).collect()
}

/// Sends it until the service is not overloaded, as a device does.
async fn send(client: &Client, operations: &[Value]) -> Answer {
    loop {
        let answer = client.post(BATCH, json!({"operations": operations})).await;
        if answer.status != 503 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn three_enrolled_devices_offline_give_the_same_figures_and_guests_in_any_order_as_in_one() {
    let app = TestApp::start_wide().await;
    app.set_now(cluster::START);
    let district = District::of(&app, "Lục Yên").await;
    let morning = morning();
    let count: usize = morning.iter().map(Vec::len).sum();
    let straight = Place::new(&app, &district, "Bản thẳng").await;
    for (door, seen) in morning.iter().enumerate() {
        let answer = send(&straight.doors[door].0, &straight.log(door, seen)).await;
        assert!(verdicts(&answer).iter().all(|(verdict, _)| verdict == "logged"), "{}", answer.text);
    }
    let expected = straight.state(&app, &district).await;
    assert_eq!((&expected.0["person_count"], &expected.0["listed_count"]), (&json!(GUESTS + 30), &json!(GUESTS + 30)));
    equals_a_recount(&app).await;

    for seed in [1, 2, 3] {
        let mixed = Place::new(&app, &district, &format!("Bản lộn {seed}")).await;
        let mut dice = Dice(seed);
        let mut sendings: Vec<(usize, Vec<Value>)> = Vec::new();
        for (door, seen) in morning.iter().enumerate() {
            let mut log = mixed.log(door, seen);
            dice.shuffle(&mut log);
            let mut rest = log.as_slice();
            while !rest.is_empty() {
                let (part, behind) = rest.split_at((20 + dice.roll(60)).min(rest.len()));
                match dice.roll(3) {
                    // Power is lost: a part of it was sent, and later all of it.
                    0 => sendings.push((door, part[..part.len().div_ceil(2)].to_vec())),
                    // The answer is lost: the whole is sent again.
                    1 => sendings.push((door, part.to_vec())),
                    _ => {}
                }
                sendings.push((door, part.to_vec()));
                rest = behind;
            }
        }
        dice.shuffle(&mut sendings);
        let mut logged = 0;
        for together in sendings.chunks(6) {
            for answer in join_all(together.iter().map(|(door, part)| send(&mixed.doors[*door].0, part))).await {
                let verdicts = verdicts(&answer);
                assert!(verdicts.iter().all(|(verdict, _)| verdict == "logged" || verdict == "repeated"), "{}", answer.text);
                logged += verdicts.iter().filter(|(verdict, _)| verdict == "logged").count();
            }
        }
        assert_eq!(logged, count, "seed {seed}: each operation is logged once");
        let (total, guests) = mixed.state(&app, &district).await;
        assert_eq!(total, expected.0, "seed {seed}");
        assert_eq!(guests, expected.1, "seed {seed}");
        equals_a_recount(&app).await;
    }
}

#[tokio::test]
async fn a_thousand_replays_of_one_batch_at_once_double_nothing_and_are_answered_alike() {
    let app = TestApp::start_wide().await;
    app.set_now(cluster::START);
    let district = District::of(&app, "Lục Yên").await;
    let place = Place::new(&app, &district, "Bản Mường Lai").await;
    let seen = |guest, direction, at: &str| Seen { guest, direction, at: format!("2023-08-12T08:{at}:00+07:00"), first: None };
    let mut log = place.log(
        0,
        &[
            seen(Ok(0), "entry", "01"),
            seen(Ok(1), "entry", "02"),
            seen(Ok(0), "exit", "03"),
            seen(Err("Khách lạ".to_owned()), "entry", "04"),
        ],
    );
    log.push(json!({"op_id": Uuid::now_v7(), "participant_id": Uuid::now_v7(), "direction": "entry", "occurred_at": "2023-08-12T08:05:00+07:00"}));
    log.push(json!({"op_id": Uuid::now_v7()}));
    let client = &place.doors[0].0;
    let answers = join_all((0..1_000).map(|_| send(client, &log))).await;
    let mut logged = 0;
    let first = verdicts(&answers[0]);
    for answer in &answers {
        let own = verdicts(answer);
        logged += own.iter().filter(|(verdict, _)| verdict == "logged").count();
        let alike = |(verdict, line): &(String, Value)| (verdict.replace("logged", "repeated"), line.clone());
        assert_eq!(own.iter().map(alike).collect::<Vec<_>>(), first.iter().map(alike).collect::<Vec<_>>());
    }
    assert_eq!(logged, 4);
    assert_eq!((first[4].0.as_str(), first[5].0.as_str()), ("unknown_participant", "invalid"));
    let (total, _) = place.state(&app, &district).await;
    assert_eq!((&total["entry_count"], &total["person_count"], &total["present_count"]), (&json!(3), &json!(3), &json!(2)));
    assert_eq!(total["listed_count"], GUESTS + 1);
    assert_eq!(app.number("SELECT count(*) FROM check_ins").await, 4);
    equals_a_recount(&app).await;
}
