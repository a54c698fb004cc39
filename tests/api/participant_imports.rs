//! Files of guests: verdicts, progress, repetition, a worker that dies, what is refused, and the figures of the site.

use super::support::fixtures::District;
use super::support::*;
use futures_util::future::join_all;
use ngayhoi::participant_imports::chunk::Progress;
use ngayhoi::participant_imports::worker::{Pace, Worker};
use rust_xlsxwriter::Workbook;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

const PATH: &str = "/api/v1/participant-imports";
const NDJSON: &str = "application/x-ndjson";
const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A draft of a site of Lục Yên and the account that organises it.
struct Place {
    app: TestApp,
    district: Client,
    site: String,
}

impl Place {
    async fn new(app: TestApp) -> Self {
        let district = District::of(&app, "Lục Yên").await;
        let site = district.draft(&app, "Bản Mường Lai").await.id();
        Self { district: district.client, app, site }
    }

    fn target(&self, more: &str) -> String {
        format!("{PATH}?site_id={}{more}", self.site)
    }

    async fn send(&self, kind: &str, more: &str, file: impl Into<Vec<u8>>) -> Answer {
        let answer = self.district.raw("POST", &self.target(more), kind, file).await;
        let body = answer.expect(202);
        assert_eq!((&body["state"], answer.location()), (&json!("queued"), format!("{PATH}/{}", answer.id())));
        answer
    }

    fn worker(&self, pace: Pace) -> Worker {
        Worker::new(&self.app.database_url, self.app.clock.clone(), pace).unwrap()
    }

    /// Sends a file and works it off.
    async fn import(&self, kind: &str, more: &str, file: impl Into<Vec<u8>>) -> Answer {
        let sent = self.send(kind, more, file).await;
        self.worker(Pace::default()).run_until_idle().await.unwrap();
        self.district.get(&sent.location()).await
    }

    /// `line verdict pointer:code …` of all rows that were not added.
    async fn verdicts(&self, import: &Answer) -> Vec<String> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.district.get(&format!("{PATH}/{}/rows?limit=200&sort=line{cursor}", import.id())).await;
            for row in page.items() {
                let problems = row["problems"].as_array().unwrap().iter();
                let problems: Vec<String> =
                    problems.map(|one| format!("{}:{}", one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap())).collect();
                found.push(format!("{} {} {}", row["line"], row["verdict"].as_str().unwrap(), problems.join(" ")));
            }
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }

    async fn guests(&self) -> i64 {
        self.app.number(&format!("SELECT count(*) FROM participants WHERE site_id = '{}'", self.site)).await
    }

    async fn check_counters(&self) {
        let wrong = self
            .app
            .sql(
                "SELECT c.* FROM site_counters c LEFT JOIN LATERAL (SELECT count(*) AS listed, count(*) FILTER (WHERE state <> 'listed') AS invited,
                        count(*) FILTER (WHERE state = 'accepted') AS accepted, count(*) FILTER (WHERE state = 'declined') AS declined
                 FROM participants p WHERE p.campaign_id = c.campaign_id AND p.site_id = c.site_id) r ON true
                 WHERE (c.listed, c.invited, c.accepted, c.declined) IS DISTINCT FROM (r.listed, r.invited, r.accepted, r.declined)",
            )
            .await;
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

/// `read added repeated refused` of an import.
fn counts(import: &Answer) -> [i64; 4] {
    ["read_count", "added_count", "repeated_count", "refused_count"].map(|name| import.body[name].as_i64().unwrap())
}

fn person(n: usize) -> String {
    json!({"kind": "person", "category": "resident", "full_name": format!("Khách số {n}")}).to_string()
}

fn persons(count: usize) -> String {
    (0..count).map(|n| person(n) + "\n").collect()
}

#[tokio::test]
async fn the_same_list_as_text_table_or_workbook_adds_the_same_guests_once() {
    let place = Place::new(TestApp::start().await).await;
    let lines = [
        json!({"kind": "person", "category": "local_leader", "full_name": "Hoàng Văn An", "title": "Chủ tịch", "organisation": "Xã Mường Lai", "age_band": "31_to_60"}),
        json!({"kind": "collective", "category": "commended", "full_name": "Tổ an ninh tự quản", "representative_name": "Lò Thị Hoa"}),
        json!({"kind": "person", "category": "press", "full_name": "Trần Bình"}),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let table = "\u{feff}STT;Loại;Thành phần;Họ và tên;Chức vụ;Đơn vị;Người đại diện;Độ tuổi;\r\n\
                 1;Cá nhân;Cấp ủy, chính quyền địa phương; lãnh đạo các xã, phường, thị trấn;x\r\n\
                 1;Cá nhân;lãnh đạo địa phương;HOÀNG VĂN AN;chủ tịch;Xã  Mường Lai;;31-60;\r\n\
                 2;Tập thể;commended;\"Tổ an ninh\ntự quản\";;;Lò Thị Hoa;\r\n\
                 2;Tập thể;commended;Tổ an ninh tự quản;;;Lò Thị Hoa;\r\n\
                 3;person;Báo chí;Trần Bình\r\n";
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ["Loại", "Thành phần", "Họ tên", "Chức vụ", "Đơn vị"],
        ["Cá nhân", "press", "Trần Bình", "", ""],
        ["Cá nhân", "Nhân dân", "Lý A Sử", "", "Bản Nà Kèn"],
    ];
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32 + 4, column as u16, *cell).unwrap();
        }
    }

    let first = place.import(NDJSON, "", text.clone()).await;
    assert_eq!((counts(&first), &first.body["state"], &first.body["percent"]), ([3, 3, 0, 0], &json!("done"), &json!(100)));
    assert!(first.body["started_at"].is_string() && first.body["finished_at"].is_string() && first.body["error"].is_null());
    let again = place.import(NDJSON, "", text).await;
    assert_eq!((counts(&again), place.guests().await), ([3, 0, 3, 0], 3));
    let table = place.import(CSV, "", table).await;
    let expected = [
        "2 refused /category:not_allowed",
        "3 repeated /full_name:repeated",
        "4 refused /full_name:pattern",
        "6 repeated /full_name:repeated",
        "7 repeated /full_name:repeated",
    ];
    assert_eq!(place.verdicts(&table).await, expected);
    let book = place.import(XLSX, "", book.save_to_buffer().unwrap()).await;
    assert_eq!((counts(&book), place.verdicts(&book).await), ([2, 1, 1, 0], vec!["6 repeated /full_name:repeated".to_owned()]));

    let listed = place.district.get(&format!("/api/v1/participants?site_id={}&sort=id", place.site)).await;
    let an = &listed.items()[0];
    assert_eq!((&an["full_name"], &an["age_band"], &an["state"]), (&json!("Hoàng Văn An"), &json!("31_to_60"), &json!("listed")));
    assert_eq!(listed.items()[1]["representative_name"], "Lò Thị Hoa");
    let of_book = place.district.get(&format!("/api/v1/participants?import_id={}", book.id())).await;
    assert_eq!((of_book.items().len(), &of_book.items()[0]["organisation"]), (1, &json!("Bản Nà Kèn")));
    let found = place.district.get(&format!("/api/v1/participants?site_id={}&q=ly su", place.site)).await;
    assert_eq!(found.items().len(), 1, "what was imported is found like what was typed in");
    let repeated = place.district.get(&format!("{PATH}/{}/rows?verdict=repeated", book.id())).await;
    assert_eq!(repeated.items()[0]["participant_id"], listed.items()[2]["id"]);
    // Who was listed by hand, or corrected, is known to the next file as well.
    let hand = json!({"site_id": place.site, "kind": "person", "category": "resident", "full_name": "Bàn Kim"});
    let hand = place.district.post("/api/v1/participants", hand).await;
    place.district.patch_if(&hand.location(), &hand, json!({"title": "Trưởng bản"})).await.expect(200);
    let line = "{\"kind\":\"person\",\"category\":\"resident\",\"full_name\":\"bàn kim\",\"title\":\"TRƯỞNG BẢN\"}";
    assert_eq!(counts(&place.import(NDJSON, "", line).await), [1, 0, 1, 0]);
    place.check_counters().await;
    let told = place.app.sql("SELECT data FROM events WHERE action = 'guests_listed' ORDER BY seq").await;
    assert_eq!(told.iter().map(|row| row["data"]["listed_count"].as_i64().unwrap()).collect::<Vec<_>>(), [3, 1]);
    let told = place.app.text("SELECT string_agg(data::text, ' ') FROM events").await;
    assert!(!told.contains("Hoàng Văn An"));
    assert_eq!(place.app.number("SELECT count(*) FROM participant_import_parts").await, 0, "the files are forgotten");
}

#[tokio::test]
async fn a_dry_run_gives_the_verdicts_of_the_import_and_adds_nobody() {
    let place = Place::new(TestApp::start().await).await;
    place.import(NDJSON, "", persons(3)).await;
    let file = format!("{}{}\n{{\"kind\":\"person\"}}\n{}\n{}\n[]\n", persons(2), person(7), person(7), person(8));
    let pace = Pace { rows: 2, ..Pace::default() };
    let dry = place.send(NDJSON, "&dry_run=true", file.clone()).await;
    place.worker(pace).run_until_idle().await.unwrap();
    let dry = place.district.get(&dry.location()).await;
    assert_eq!((counts(&dry), &dry.body["is_dry_run"], place.guests().await), ([7, 2, 3, 2], &json!(true), 3));
    let real = place.import(NDJSON, "", file).await;
    assert_eq!((counts(&real), place.guests().await), ([7, 2, 3, 2], 5));
    assert_eq!(place.verdicts(&dry).await, place.verdicts(&real).await);
    assert_eq!(place.app.number("SELECT count(*) FROM participant_import_keys").await, 0);
    assert_eq!(real.warnings(), ["outside_invitation_template"]);
    assert_eq!(dry.warnings(), real.warnings());
    place.check_counters().await;
}

#[tokio::test]
async fn of_twenty_thousand_rows_the_two_hundred_bad_ones_are_told_and_no_others() {
    let place = Place::new(TestApp::start().await).await;
    let rows = 20_000;
    let is_bad = |line: usize| line % 100 == 37;
    let csv: String = std::iter::once("Loại,Thành phần,Họ tên,Đơn vị\n".to_owned())
        .chain((2..=rows + 1).map(|line| {
            let name = if is_bad(line) { "" } else { "Nguyễn Văn" };
            let number = if is_bad(line) { String::new() } else { format!(" {line}") };
            format!("Cá nhân,resident,{name}{number},\"Bản {}, xã Mường Lai\"\n", line % 7)
        }))
        .collect();
    let done = place.import(CSV, "", csv).await;
    assert_eq!(counts(&done), [20_000, 19_800, 0, 200]);
    let expected: Vec<String> =
        (2..=rows + 1).filter(|line| is_bad(*line)).map(|line| format!("{line} refused /full_name:required")).collect();
    assert_eq!(place.verdicts(&done).await, expected);
    assert_eq!(place.guests().await, 19_800);
    let listed = place.district.get(&format!("/api/v1/participants?import_id={}&limit=1&with_total=true", done.id())).await;
    assert_eq!(listed.expect(200)["total"], 19_800);
    place.check_counters().await;
}

#[tokio::test]
async fn where_a_worker_died_another_goes_on_and_nobody_is_added_twice() {
    let place = Place::new(TestApp::start().await).await;
    let pace = Pace { rows: 7, lease: Duration::from_millis(300), ..Pace::default() };
    let sent = place.send(NDJSON, "", persons(50)).await;
    let dead = place.worker(pace);
    let claim = dead.claim().await.unwrap().unwrap();
    for _ in 0..3 {
        assert_eq!(dead.step(&claim).await.unwrap(), Progress::More);
    }
    let half = place.district.get(&sent.location()).await;
    assert_eq!((counts(&half), &half.body["state"], place.guests().await), ([21, 21, 0, 0], &json!("running"), 21));
    assert!((1..100).contains(&half.body["percent"].as_i64().unwrap()), "{}", half.text);
    let heir = place.worker(pace);
    assert_eq!(heir.claim().await.unwrap(), None, "as long as the lease holds");
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(heir.run_until_idle().await.unwrap(), 1);
    // It was not dead after all: what it does now is done by nobody.
    assert_eq!(dead.step(&claim).await.unwrap(), Progress::Lost);
    let done = place.district.get(&sent.location()).await;
    assert_eq!((counts(&done), place.guests().await), ([50, 50, 0, 0], 50));
    place.check_counters().await;
}

#[tokio::test]
async fn what_cannot_be_worked_off_fails_after_some_attempts_and_holds_up_nobody() {
    let place = Place::new(TestApp::start().await).await;
    let pace = Pace { lease: Duration::ZERO, ..Pace::default() };
    let stuck = place.send(NDJSON, "", persons(2)).await;
    let worker = place.worker(pace);
    for _ in 0..5 {
        assert_eq!(worker.claim().await.unwrap().unwrap().id.to_string(), stuck.id());
    }
    let other = place.send(NDJSON, "", persons(3)).await;
    assert_eq!(place.worker(Pace::default()).run_until_idle().await.unwrap(), 1);
    let failed = place.district.get(&stuck.location()).await;
    assert_eq!((&failed.body["state"], &failed.body["error"]["code"]), (&json!("failed"), &json!("internal")));
    assert_eq!(counts(&place.district.get(&other.location()).await), [3, 3, 0, 0]);
}

#[tokio::test]
async fn files_of_the_same_guests_at_once_and_single_guests_meanwhile_leave_the_figures_right() {
    let place = Place::new(TestApp::start_wide().await).await;
    for _ in 0..3 {
        place.send(NDJSON, "", persons(400)).await;
    }
    let workers: Vec<Worker> = (0..3).map(|_| place.worker(Pace { rows: 30, ..Pace::default() })).collect();
    let work = join_all(workers.iter().map(Worker::run_until_idle));
    let singles = join_all((0..40).map(|n| {
        let guest = json!({"site_id": place.site, "kind": "person", "category": "resident", "full_name": format!("Đến riêng {n}")});
        let district = &place.district;
        async move { district.post("/api/v1/participants", guest).await.expect(201).clone() }
    }));
    let (ended, _) = tokio::join!(work, singles);
    assert_eq!(ended.into_iter().map(Result::unwrap).sum::<usize>(), 3);
    assert_eq!(place.guests().await, 440);
    let imports = place.district.get(&format!("{PATH}?site_id={}&state=done", place.site)).await;
    let sum = |name: &str| imports.items().iter().map(|one| one[name].as_i64().unwrap()).sum::<i64>();
    assert_eq!((imports.items().len(), sum("added_count"), sum("repeated_count")), (3, 400, 800));
    place.check_counters().await;
}

#[tokio::test]
async fn an_import_is_cancelled_and_what_was_added_stays() {
    let place = Place::new(TestApp::start().await).await;
    let cancel = |import: &Answer| format!("{PATH}/{}/cancel", import.id());
    let waiting = place.send(NDJSON, "", persons(5)).await;
    let cancelled = place.district.post_empty(&cancel(&waiting)).await;
    assert_eq!((&cancelled.expect(200)["state"], counts(&cancelled)), (&json!("cancelled"), [0, 0, 0, 0]));
    place.district.post_empty(&cancel(&waiting)).await.expect_problem(409, "invalid_transition");
    let worker = place.worker(Pace { rows: 2, ..Pace::default() });
    assert_eq!(worker.claim().await.unwrap(), None);
    let running = place.send(NDJSON, "", persons(5)).await;
    let claim = worker.claim().await.unwrap().unwrap();
    worker.step(&claim).await.unwrap();
    place.district.post_empty(&cancel(&running)).await.expect(200);
    assert_eq!(worker.step(&claim).await.unwrap(), Progress::Lost);
    assert_eq!(place.guests().await, 2);
    assert_eq!(place.app.number("SELECT count(*) FROM participant_import_parts").await, 0);
    let actions = place.app.sql("SELECT action FROM events WHERE resource = 'participant_import' ORDER BY seq").await;
    let actions: Vec<&str> = actions.iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["queued", "cancelled", "queued", "running", "cancelled"]);
    place.app.anonymous().post_empty(&cancel(&running)).await.expect_problem(401, "unauthenticated");
    place.app.district("Văn Yên").await.post_empty(&cancel(&running)).await.expect_problem(404, "not_found");
    place.app.sign_in(Role::Auditor).await.post_empty(&cancel(&running)).await.expect_problem(403, "forbidden");
    place.check_counters().await;
}

#[tokio::test]
async fn what_refuses_one_guest_refuses_the_file_before_it_is_sent_and_while_it_waits() {
    let place = Place::new(TestApp::start().await).await;
    let sent = place.send(NDJSON, "", persons(6)).await;
    let worker = place.worker(Pace { rows: 4, ..Pace::default() });
    let claim = worker.claim().await.unwrap().unwrap();
    worker.step(&claim).await.unwrap();
    place.app.execute(&format!("UPDATE sites SET state = 'held', held_at = now() WHERE id = '{}'", place.site)).await;
    assert_eq!(worker.step(&claim).await.unwrap(), Progress::Over);
    let failed = place.district.in_english().get(&sent.location()).await;
    assert_eq!(
        (&failed.body["state"], &failed.body["error"]["code"], counts(&failed)),
        (&json!("failed"), &json!("invalid_transition"), [4, 4, 0, 0])
    );
    assert!(failed.body["error"]["message"].as_str().unwrap().contains("held"), "{}", failed.text);
    place.district.raw("POST", &place.target(""), NDJSON, persons(1)).await.expect_problem(409, "invalid_transition");

    place.app.execute(&format!("UPDATE sites SET state = 'draft', held_at = NULL WHERE id = '{}'", place.site)).await;
    let sent = place.send(NDJSON, "", persons(9)).await;
    place.app.execute("UPDATE campaigns SET state = 'closed'").await;
    worker.run_until_idle().await.unwrap();
    let failed = place.district.get(&sent.location()).await;
    assert_eq!((&failed.body["state"], &failed.body["error"]["code"]), (&json!("failed"), &json!("invalid_transition")));
    assert!(failed.body["error"]["message"].as_str().unwrap().contains("Đợt Ngày hội"), "{}", failed.text);
    assert_eq!(place.guests().await, 4);
    place.check_counters().await;
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_with_the_reason() {
    let place = Place::new(TestApp::start().await).await;
    let refused = async |kind: &str, file: &[u8]| place.district.raw("POST", &place.target(""), kind, file).await;
    for (kind, file, fields) in [
        (CSV, &b"kind,category,full_name,dob,cccd\nperson,other,A,1,2\n"[..], vec!["/cccd unknown_column", "/dob unknown_column"]),
        (CSV, b"kind;category;full_name;H\xe1\xbb\x8d t\xc3\xaan\nx\n", vec!["/Họ tên duplicate_column"]),
        (CSV, b"kind,full_name\nperson,A\n", vec!["/category required"]),
        (CSV, b"kind,category,full_name\xff\n", vec![" not_utf8"]),
        (CSV, b"kind,category,full_name", vec![" empty"]),
        (CSV, b"", vec![" empty"]),
        (NDJSON, b"\xef\xbb\xbf \n", vec![" empty"]),
        (XLSX, b"PK\x03\x04", vec![" damaged"]),
    ] {
        let answer = refused(kind, file).await;
        assert_eq!(
            (answer.status, answer.fields()),
            (422, fields.iter().map(|field| (*field).to_owned()).collect()),
            "{}",
            String::from_utf8_lossy(file)
        );
    }
    refused("application/json", b"{}").await.expect_problem(415, "unsupported_media_type");
    assert_eq!(place.app.number("SELECT count(*) FROM participant_imports").await, 0);
    let unclosed = format!("kind,category,full_name\nperson,other,A\n\"person,other,B\n{}", "person,other,C\n".repeat(60_000));
    let failed = place.import(CSV, "", unclosed).await;
    assert_eq!((&failed.body["error"]["code"], counts(&failed)), (&json!("row_too_long"), [1, 1, 0, 0]));

    let far = place.app.district("Văn Yên").await;
    let answer = far.raw("POST", &place.target(""), NDJSON, persons(1)).await;
    assert_eq!((answer.status, answer.fields()), (422, vec!["?site_id unknown_reference".to_owned()]));
    place.app.anonymous().raw("POST", &place.target(""), NDJSON, persons(1)).await.expect_problem(401, "unauthenticated");
    place.app.sign_in(Role::Auditor).await.raw("POST", &place.target(""), NDJSON, persons(1)).await.expect_problem(403, "forbidden");
    place.district.raw("POST", PATH, NDJSON, persons(1)).await.expect_problem(400, "invalid_parameter");
    place.district.raw("POST", &place.target("&x=1"), NDJSON, persons(1)).await.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn imports_are_found_by_filters_and_by_nobody_out_of_reach() {
    let place = Place::new(TestApp::start().await).await;
    let done = place.import(NDJSON, "", persons(2)).await;
    let waiting = place.send(CSV, "&dry_run=true", "kind,category,full_name\nperson,other,A\n").await;
    let ids = async |client: &Client, query: &str| -> BTreeSet<String> {
        let answer = client.get(&format!("{PATH}?{query}")).await;
        answer.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let (one, other) = (BTreeSet::from([done.id()]), BTreeSet::from([waiting.id()]));
    let unit = done.body["org_unit_id"].as_str().unwrap().to_owned();
    let account = done.body["created_by"].as_str().unwrap().to_owned();
    let both: BTreeSet<String> = one.union(&other).cloned().collect();
    for (query, expected) in [
        (String::new(), &both),
        (format!("site_id={}", place.site), &both),
        (format!("org_unit_id={unit}"), &both),
        (format!("under_org_unit_id={unit}"), &both),
        (format!("created_by={account}"), &both),
        (format!("campaign_id={}", place.app.campaign_id().await), &both),
        (format!("site_id={}", Uuid::now_v7()), &BTreeSet::new()),
        ("state=done".to_owned(), &one),
        ("state=queued".to_owned(), &other),
        ("format=csv".to_owned(), &other),
        ("is_dry_run=false".to_owned(), &one),
        ("created_before=2000-01-01T00:00:00Z".to_owned(), &BTreeSet::new()),
        ("created_from=2000-01-01T00:00:00Z".to_owned(), &both),
    ] {
        assert_eq!(&ids(&place.district, &query).await, expected, "{query}");
    }
    let far = place.app.district("Văn Yên").await;
    assert!(ids(&far, "").await.is_empty());
    far.get(&done.location_of()).await.expect_problem(404, "not_found");
    far.get(&format!("{}/rows", done.location_of())).await.expect_problem(404, "not_found");
    place.app.sign_in(Role::Auditor).await.get(PATH).await.expect_problem(403, "forbidden");
    place.app.anonymous().get(PATH).await.expect_problem(401, "unauthenticated");
    let key = Uuid::now_v7().to_string();
    let once = || place.district.request("POST", &place.target("")).header("content-type", NDJSON).header("idempotency-key", &key);
    let first = place.district.send(once().body(persons(3))).await;
    let second = place.district.send(once().body(persons(3))).await;
    assert_eq!((first.expect(202)["id"].clone(), second.header("idempotency-replayed")), (second.expect(202)["id"].clone(), Some("true")));
    place.district.send(once().body(persons(4))).await.expect_problem(422, "idempotency_key_reused");
}

trait LocationOf {
    fn location_of(&self) -> String;
}

impl LocationOf for Answer {
    fn location_of(&self) -> String {
        format!("{PATH}/{}", self.id())
    }
}
