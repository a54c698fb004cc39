//! The snapshot of a device: what it needs at the door, signed, and followed without missing anything.

use super::devices::Device;
use super::newcomers::Door;
use super::support::fixtures::District;
use super::support::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use ngayhoi::participant_imports::worker::{Pace, Worker};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const PATH: &str = "/api/v1/check-ins/snapshot";
const GUESTS: &str = "/api/v1/participants";
const BATCH: &str = "/api/v1/check-ins/batch";
const OPENING: &str = "2023-08-12T08:00:00+07:00";

/// What a device keeps: its guests by id, and where it stands. It applies answers as the operation says.
#[derive(Default)]
struct Kept {
    guests: BTreeMap<String, Value>,
    cursor: Option<String>,
    /// Guests and sites that were to be dropped, with the reasons.
    dropped: Vec<(String, String)>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn list<'a>(answer: &'a Answer, name: &str) -> &'a Vec<Value> {
    answer.expect(200)[name].as_array().unwrap()
}

fn at(cursor: Option<&str>, query: &str) -> String {
    let after = cursor.map_or_else(String::new, |cursor| format!("&after={cursor}"));
    format!("{PATH}?{query}{after}")
}

impl Kept {
    fn apply(&mut self, answer: &Answer) {
        for gone in list(answer, "gone_sites") {
            self.guests.retain(|_, guest| guest["site_id"] != gone["site_id"]);
            self.dropped.push((text(&gone["site_id"]), text(&gone["reason"])));
        }
        for guest in list(answer, "guests") {
            self.guests.insert(text(&guest["id"]), guest.clone());
        }
        for gone in list(answer, "gone_guests") {
            self.guests.remove(gone["participant_id"].as_str().unwrap());
            self.dropped.push((text(&gone["participant_id"]), text(&gone["reason"])));
        }
        self.cursor = Some(text(&answer.body["next_cursor"]));
    }

    /// Takes what there is, page by page; gives the number of pages.
    async fn follow(&mut self, client: &Client, query: &str) -> usize {
        let mut pages = 0;
        loop {
            let answer = client.get(&at(self.cursor.as_deref(), query)).await;
            self.apply(&answer);
            pages += 1;
            if answer.body["has_more"] == false {
                return pages;
            }
        }
    }

    fn names(&self) -> BTreeSet<String> {
        self.guests.values().map(|guest| text(&guest["full_name"])).collect()
    }

    /// Whether what is kept is what the server has of these sites.
    async fn equals_the_server(&self, app: &TestApp, sites: &[&str]) {
        let sites = sites.iter().map(|site| format!("'{site}'")).collect::<Vec<_>>().join(",");
        let rows = app
            .sql(&format!(
                "SELECT id, site_id, full_name, kind, category, state, origin, organisation, representative_name, invitation_no, is_present, version
                 FROM participants WHERE site_id IN ({sites}) AND merged_into_id IS NULL AND erased_at IS NULL"
            ))
            .await;
        let there: BTreeMap<String, Value> = rows.into_iter().map(|row| (text(&row["id"]), row)).collect();
        assert_eq!(self.guests.keys().collect::<Vec<_>>(), there.keys().collect::<Vec<_>>());
        for (id, guest) in &self.guests {
            assert_eq!(guest, &there[id]);
        }
    }
}

async fn device(app: &TestApp, door: &Door, sites: &[&str]) -> (Device, Client) {
    let device = Device::enrolled(app, &door.district, sites).await;
    let client = device.client(app).await;
    (device, client)
}

#[tokio::test]
async fn a_device_takes_its_sites_and_guests_along_and_then_what_changed() {
    let app = TestApp::start().await;
    let (door, other) = (Door::new(&app, "Bản Mường Lai", 5).await, Door::new(&app, "Bản Nà Kèn", 2).await);
    let away = Door::new(&app, "Bản Khe Mạ", 1).await;
    let (device, client) = device(&app, &door, &[&door.site, &other.site]).await;
    let first = client.get(&format!("{PATH}?limit=3")).await;
    assert_eq!(
        (first.expect(200)["holder_id"].as_str(), text(&first.body["as_of"]).starts_with("2023-08-12T01:00")),
        (Some(device.id.as_str()), true)
    );
    assert_eq!((list(&first, "sites").len(), list(&first, "guests").len(), &first.body["has_more"]), (2, 3, &json!(true)));
    assert!(first.header("etag").is_none() && first.header("cache-control").unwrap().contains("private"));
    let members: BTreeSet<&str> = first.body["guests"][0].as_object().unwrap().keys().map(String::as_str).collect();
    let needed = "category full_name id invitation_no is_present kind organisation origin representative_name site_id state version";
    assert_eq!(members.into_iter().collect::<Vec<_>>().join(" "), needed, "nothing else leaves the service");
    assert_eq!(first.body["sites"][0]["state"], "scheduled");

    let mut kept = Kept::default();
    assert_eq!(kept.follow(&client, "limit=3").await, 3);
    kept.equals_the_server(&app, &[&door.site, &other.site]).await;
    assert_eq!(kept.follow(&client, "limit=3").await, 1);
    let quiet = client.get(&at(kept.cursor.as_deref(), "limit=500")).await;
    assert!(list(&quiet, "guests").is_empty() && list(&quiet, "gone_guests").is_empty(), "{}", quiet.text);

    // Invited, declined, merged, deleted, erased, come.
    let organiser = &door.district.client;
    organiser.post_empty(&format!("/api/v1/sites/{}/invitations", door.site)).await.expect(200);
    let step = async |no: usize, step: &str, body: Value| {
        let path = format!("{GUESTS}/{}", door.guests[no]);
        let shown = organiser.get(&path).await;
        organiser.post_if(&format!("{path}/{step}"), &shown, body).await.expect(200);
    };
    step(0, "decline", json!({"reason": "Đi vắng"})).await;
    step(1, "merge", json!({"into_participant_id": door.guests[2]})).await;
    step(3, "erase", json!({"reason": "Theo đề nghị"})).await;
    let leaving = organiser.get(&format!("{GUESTS}/{}", other.guests[0])).await;
    organiser.delete_if(&format!("{GUESTS}/{}", other.guests[0]), &leaving).await.expect(204);
    organiser.post("/api/v1/check-ins", json!({"participant_id": door.guests[4], "direction": "entry"})).await.expect(201);
    let walk_in = json!({"guest": {"kind": "person", "full_name": "Lò Thị Mai"}});
    organiser.post(&format!("/api/v1/sites/{}/walk-ins", other.site), walk_in).await.expect(201);
    kept.dropped.clear();
    kept.follow(&client, "limit=2").await;
    kept.equals_the_server(&app, &[&door.site, &other.site]).await;
    let dropped: BTreeSet<(String, String)> = kept.dropped.iter().cloned().collect();
    let expected = [(&door.guests[1], "merged"), (&door.guests[3], "erased"), (&other.guests[0], "deleted")];
    assert_eq!(dropped, expected.map(|(id, reason)| (id.clone(), reason.to_owned())).into());
    assert_eq!(kept.guests[&door.guests[0]]["state"], "declined", "who declined and comes is let in with a warning");
    assert_eq!(kept.guests[&door.guests[4]]["is_present"], true);
    assert!(kept.names().contains("Lò Thị Mai") && !kept.guests.contains_key(&away.guests[0]));
    let gone = client.get(&at(None, "limit=500")).await;
    assert!(list(&gone, "gone_guests").is_empty(), "who takes the whole has nothing to drop");

    // Back on the list.
    step(1, "unmerge", json!({})).await;
    kept.follow(&client, "limit=500").await;
    kept.equals_the_server(&app, &[&door.site, &other.site]).await;
    assert!(kept.guests.contains_key(&door.guests[1]));
}

#[tokio::test]
async fn a_file_of_guests_and_whatever_else_writes_rows_is_followed_too() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 2).await;
    let (_, client) = device(&app, &door, &[&door.site]).await;
    let mut kept = Kept::default();
    kept.follow(&client, "limit=100").await;
    let lines: String =
        (0..250).map(|no| format!("{{\"kind\":\"person\",\"category\":\"resident\",\"full_name\":\"Bà {no}\"}}\n")).collect();
    let path = format!("/api/v1/participant-imports?site_id={}", door.site);
    door.district.client.raw("POST", &path, "application/x-ndjson", lines).await.expect(202);
    Worker::new(&app.database_url, app.clock.clone(), Pace::default()).unwrap().run_until_idle().await.unwrap();
    assert_eq!(kept.follow(&client, "limit=100").await, 3);
    assert_eq!(kept.guests.len(), 252);
    app.execute(&format!("UPDATE participants SET full_name = 'Ông Hai' WHERE id = '{}'", door.guests[0])).await;
    kept.follow(&client, "limit=100").await;
    kept.equals_the_server(&app, &[&door.site]).await;
    assert!(kept.names().contains("Ông Hai"));
}

#[tokio::test]
async fn a_site_that_leaves_the_device_or_is_closed_is_dropped_and_one_that_comes_is_given_whole() {
    let app = TestApp::start().await;
    let (one, two) = (Door::new(&app, "Bản Mường Lai", 3).await, Door::new(&app, "Bản Nà Kèn", 3).await);
    let (own, client) = device(&app, &one, &[&one.site]).await;
    let mut kept = Kept::default();
    kept.follow(&client, "limit=2").await;
    let set = async |sites: Vec<&str>| {
        let path = format!("/api/v1/devices/{}", own.id);
        let shown = one.district.client.get(&path).await;
        one.district.client.patch_if(&path, &shown, json!({"site_ids": sites})).await.expect(200);
    };
    set(vec![&one.site, &two.site]).await;
    kept.follow(&client, "limit=2").await;
    kept.equals_the_server(&app, &[&one.site, &two.site]).await;
    // It leaves in the middle of a stretch, and a guest changes while it is away.
    one.district.client.post_empty(&format!("/api/v1/sites/{}/invitations", one.site)).await.expect(200);
    let page = client.get(&at(kept.cursor.as_deref(), "limit=2")).await;
    assert_eq!(page.body["has_more"], true);
    kept.apply(&page);
    set(vec![&two.site]).await;
    kept.follow(&client, "limit=2").await;
    kept.equals_the_server(&app, &[&two.site]).await;
    assert_eq!(kept.dropped, [(one.site.clone(), "left".to_owned())]);
    client.get(&format!("{PATH}?site_id={}", one.site)).await.expect_problem(404, "not_found");
    app.execute(&format!("UPDATE participants SET full_name = 'Tên mới' WHERE id = '{}'", one.guests[0])).await;
    set(vec![&one.site, &two.site]).await;
    kept.follow(&client, "limit=2").await;
    kept.equals_the_server(&app, &[&one.site, &two.site]).await;
    app.execute(&format!("UPDATE sites SET state = 'closed' WHERE id = '{}'", two.site)).await;
    kept.dropped.clear();
    kept.follow(&client, "limit=2").await;
    kept.equals_the_server(&app, &[&one.site]).await;
    assert_eq!(kept.dropped, [(two.site.clone(), "closed".to_owned())]);
    // Nobody comes in any more.
    app.execute("UPDATE campaigns SET state = 'closed'").await;
    kept.follow(&client, "limit=2").await;
    assert!(kept.guests.is_empty());
    let whole = client.get(PATH).await;
    assert!(list(&whole, "guests").is_empty() && list(&whole, "sites").is_empty());
}

#[tokio::test]
async fn a_snapshot_is_for_who_checks_guests_in_there_and_a_cursor_for_whom_it_was_given() {
    let app = TestApp::start().await;
    let (door, other) = (Door::new(&app, "Bản Mường Lai", 2).await, Door::new(&app, "Bản Nà Kèn", 1).await);
    let (own, client) = device(&app, &door, &[&door.site]).await;
    let (_, neighbour) = device(&app, &door, &[&door.site]).await;
    let of = |site: &str| format!("{PATH}?site_id={site}");
    app.anonymous().get(PATH).await.expect_problem(401, "unauthenticated");
    app.sign_in(Role::Auditor).await.get(&of(&door.site)).await.expect_problem(403, "forbidden");
    client.get(&of(&other.site)).await.expect_problem(404, "not_found");
    let organiser = &door.district.client;
    assert_eq!(organiser.get(PATH).await.expect_problem(400, "invalid_parameter")["errors"][0]["pointer"], "?site_id");
    app.district("Trấn Yên").await.get(&of(&door.site)).await.expect_problem(404, "not_found");
    organiser.get(&of(&Uuid::now_v7().to_string())).await.expect_problem(404, "not_found");
    let operator = app.account(Role::CheckinOperator, &door.district.unit).await;
    let taken = operator.get(&of(&door.site)).await;
    assert_eq!((list(&taken, "guests").len(), list(&taken, "sites").len()), (2, 1));
    assert_eq!(client.get(&of(&door.site)).await.expect(200)["has_more"], false);
    for limit in ["0", "501", "x"] {
        client.get(&format!("{PATH}?limit={limit}")).await.expect_problem(400, "invalid_parameter");
    }
    client.get(&format!("{PATH}?cursor=x")).await.expect_problem(400, "invalid_parameter");

    let mut kept = Kept::default();
    kept.follow(&client, "limit=10").await;
    let cursor = kept.cursor.clone().unwrap();
    let (signed, signature) = cursor.rsplit_once('.').unwrap();
    let refused = |answer: &Answer, code: &str| {
        let problem = answer.expect_problem(400, "cursor_invalid");
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("?after"), &json!(code)));
    };
    let pass = taken.header("snapshot-signature").unwrap();
    for foreign in ["x", "1-1", &format!("{signed}."), &format!("{signed}.{}", signature.replace(&signature[..1], "~")), pass] {
        refused(&client.get(&at(Some(foreign), "limit=10")).await, "foreign_cursor");
    }
    refused(&neighbour.get(&at(Some(&cursor), "limit=10")).await, "foreign_cursor");
    refused(&client.get(&at(Some(&cursor), &format!("site_id={}", door.site))).await, "foreign_cursor");
    client.get(&at(Some(&cursor), "limit=10")).await.expect(200);
    client.get(&at(Some(&"x".repeat(6_001)), "limit=10")).await.expect_problem(400, "invalid_parameter");

    // The data were restored from a dump: rows have other numbers, and the cursor says so.
    app.execute("UPDATE feed_epoch SET base = base + 4294967296").await;
    refused(&client.get(&at(Some(&cursor), "limit=10")).await, "cursor_too_old");
    let mut anew = Kept::default();
    anew.follow(&client, "limit=10").await;
    app.execute(&format!("UPDATE participants SET full_name = 'Tên mới' WHERE id = '{}'", door.guests[0])).await;
    anew.follow(&client, "limit=10").await;
    anew.equals_the_server(&app, &[&door.site]).await;

    let path = format!("/api/v1/devices/{}", own.id);
    let shown = organiser.get(&path).await;
    organiser.delete_if(&path, &shown).await.expect(204);
    client.get(PATH).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_signature_is_verified_by_the_published_keys_and_by_every_byte() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 2).await;
    let (own, client) = device(&app, &door, &[&door.site]).await;
    let answer = client.get(PATH).await;
    answer.expect(200);
    let signature = answer.header("snapshot-signature").unwrap();
    let published = app.anonymous().get("/.well-known/jwks.json").await;
    let keys: JwkSet = serde_json::from_value(published.expect(200).clone()).unwrap();
    // As a device does, with the published keys, the bytes and the signature alone.
    let verified = |bytes: &[u8], signature: &str| {
        let header = jsonwebtoken::decode_header(signature).ok().filter(|header| header.typ.as_deref() == Some("snapshot+jwt"))?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["aud"]);
        validation.set_audience(&["check-in-snapshot"]);
        let key = DecodingKey::from_jwk(keys.find(&header.kid?)?).unwrap();
        let claims = jsonwebtoken::decode::<Value>(signature, &key, &validation).ok()?.claims;
        (claims["sha256"] == URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))).then_some(claims)
    };
    let claims = verified(&answer.bytes, signature).unwrap();
    let as_of = chrono::DateTime::parse_from_rfc3339(answer.body["as_of"].as_str().unwrap()).unwrap();
    assert_eq!((&claims["sub"], &claims["iat"]), (&json!(own.id), &json!(as_of.timestamp())));
    for place in [0, answer.bytes.len() / 2, answer.bytes.len() - 1] {
        let mut changed = answer.bytes.clone();
        changed[place] ^= 1;
        assert!(verified(&changed, signature).is_none(), "byte {place}");
    }
    let another = client.get(&at(answer.body["next_cursor"].as_str(), "limit=10")).await;
    assert!(verified(&answer.bytes, another.header("snapshot-signature").unwrap()).is_none(), "that of another answer");
    let mut parts: Vec<String> = signature.split('.').map(str::to_owned).collect();
    let mut forged = claims.clone();
    forged["sha256"] = json!(URL_SAFE_NO_PAD.encode(Sha256::digest(b"{}")));
    parts[1] = URL_SAFE_NO_PAD.encode(forged.to_string());
    assert!(verified(b"{}", &parts.join(".")).is_none());
    app.anonymous().with_token(signature).get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    let door_opener = json!({"pass": signature, "direction": "entry"});
    assert_eq!(client.post("/api/v1/check-ins", door_opener).await.fields(), ["/pass invalid_pass"]);
}

#[tokio::test]
async fn a_slow_writer_is_not_missed_by_a_device_that_goes_past_it() {
    let app = TestApp::start().await;
    let door = Door::new(&app, "Bản Mường Lai", 3).await;
    let (_, client) = device(&app, &door, &[&door.site]).await;
    let slow = sql::connect(&app.database_url).await.unwrap();
    let rename = format!("BEGIN; UPDATE participants SET full_name = 'Chậm' WHERE id = '{}'", door.guests[0]);
    slow.batch_execute(&rename).await.unwrap();
    let mut kept = Kept::default();
    for no in 0..3 {
        app.execute(&format!("UPDATE participants SET full_name = 'Nhanh {no}' WHERE id = '{}'", door.guests[1])).await;
        kept.follow(&client, "limit=1").await;
        assert!(kept.names().contains(&format!("Nhanh {no}")), "what is committed is not held back");
    }
    // Inside a savepoint a row gets the number of the savepoint, which is higher than that of its transaction.
    let inner = format!("SAVEPOINT s; UPDATE participants SET full_name = 'Chậm hơn' WHERE id = '{}'; RELEASE s; COMMIT", door.guests[2]);
    slow.batch_execute(&inner).await.unwrap();
    kept.follow(&client, "limit=1").await;
    kept.equals_the_server(&app, &[&door.site]).await;
    assert!(kept.names().contains("Chậm") && kept.names().contains("Chậm hơn"));
}

/// What one of twelve does to guests of its own: lists, renames, invites, answers, checks in, deletes, merges.
async fn write(district: &District, site: &str, writer: usize) {
    let client = &district.client;
    let mut stays: Option<String> = None;
    for no in 0..6 {
        let body = json!({"site_id": site, "kind": "person", "category": "resident", "full_name": format!("Khách {writer}.{no}")});
        let made = client.post(GUESTS, body).await;
        made.expect(201);
        let path = format!("{GUESTS}/{}", made.id());
        let renamed = client.patch_if(&path, &made, json!({"full_name": format!("Ông {writer}.{no}")})).await;
        renamed.expect(200);
        match (no + writer) % 6 {
            0 => {
                client.delete_if(&path, &renamed).await.expect(204);
            }
            1 | 2 => {
                let invited = client.post_empty_if(&format!("{path}/invite"), &renamed).await;
                let answer = if no % 2 == 0 { "accept" } else { "decline" };
                client.post_if(&format!("{path}/{answer}"), &invited, json!({})).await.expect(200);
            }
            3 => {
                client.post("/api/v1/check-ins", json!({"participant_id": made.id(), "direction": "entry"})).await.expect(201);
            }
            4 => match &stays {
                Some(into) => {
                    client.post_if(&format!("{path}/merge"), &renamed, json!({"into_participant_id": into})).await.expect(200);
                }
                None => stays = Some(made.id()),
            },
            _ => {
                let walk_in = json!({"guest": {"kind": "person", "full_name": format!("Bà {writer}.{no}")}});
                client.post(&format!("/api/v1/sites/{site}/walk-ins"), walk_in).await.expect(201);
                let unlisted = json!({"op_id": Uuid::now_v7(), "guest": {"kind": "person", "full_name": format!("Cô {writer}.{no}")},
                                      "site_id": site, "direction": "entry", "occurred_at": OPENING});
                client.post(BATCH, json!({"device_id": Uuid::now_v7(), "operations": [unlisted]})).await.expect(200);
                stays = Some(made.id());
            }
        }
    }
}

#[tokio::test]
async fn a_device_that_follows_while_twelve_write_has_what_the_server_has() {
    let app = TestApp::start_wide().await;
    let (one, two) = (Door::new(&app, "Bản Mường Lai", 10).await, Door::new(&app, "Bản Nà Kèn", 10).await);
    let (_, client) = device(&app, &one, &[&one.site, &two.site]).await;
    let sites = [&one.site, &two.site];
    let writing = join_all((0..12).map(|writer| write(&one.district, sites[writer % 2], writer)));
    let done = std::cell::Cell::new(false);
    let following = async {
        let (mut kept, mut rounds) = (Kept::default(), 0);
        while !done.get() {
            kept.follow(&client, "limit=7").await;
            rounds += 1;
        }
        (kept, rounds)
    };
    let writing = async {
        writing.await;
        done.set(true);
    };
    let ((), (mut kept, rounds)) = tokio::join!(writing, following);
    assert!(rounds > 1, "it followed while they wrote");
    kept.follow(&client, "limit=7").await;
    kept.equals_the_server(&app, &[&one.site, &two.site]).await;
    let reasons: BTreeSet<&str> = kept.dropped.iter().map(|(_, reason)| reason.as_str()).collect();
    assert!(reasons.contains("deleted"), "{reasons:?}");
    let mut whole = Kept::default();
    whole.follow(&client, "limit=500").await;
    assert_eq!(whole.guests, kept.guests, "following gives what taking the whole gives");
}
