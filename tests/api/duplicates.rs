//! Duplicates: which guests may be the same, why, who sees it, and how they are told apart.

use super::support::*;
use futures_util::future::join_all;
use std::collections::BTreeSet;

const PATH: &str = "/api/v1/participants";
const DUPLICATES: &str = "/api/v1/participants/duplicates";

/// Two districts, each with a site of its own.
struct Places {
    app: TestApp,
    near: Client,
    far: Client,
    near_site: String,
    far_site: String,
}

impl Places {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let (near, far) = (app.district("Lục Yên").await, app.district("Văn Yên").await);
        let near_site = site(&app, &near, "Lục Yên").await;
        let far_site = site(&app, &far, "Văn Yên").await;
        Self { app, near, far, near_site, far_site }
    }

    async fn near(&self, name: &str, title: Option<&str>, organisation: Option<&str>) -> String {
        guest(&self.near, &self.near_site, name, title, organisation).await
    }

    async fn far(&self, name: &str, title: Option<&str>, organisation: Option<&str>) -> String {
        guest(&self.far, &self.far_site, name, title, organisation).await
    }
}

async fn site(app: &TestApp, client: &Client, district: &str) -> String {
    let unit = app.org_unit_of_kind("district_committee", district).await;
    let body = json!({"campaign_id": app.campaign_id().await, "org_unit_id": unit, "name": "Bản Mường Lai", "kind": "residential_area"});
    let site = client.post("/api/v1/sites", body).await;
    site.expect(201);
    site.id()
}

async fn guest(client: &Client, site: &str, name: &str, title: Option<&str>, organisation: Option<&str>) -> String {
    let body =
        json!({"site_id": site, "kind": "person", "category": "resident", "full_name": name, "title": title, "organisation": organisation});
    let guest = client.post(PATH, body).await;
    guest.expect(201);
    guest.id()
}

/// `guest candidate score reasons` of each line of the list.
async fn found(client: &Client, query: &str) -> BTreeSet<String> {
    let answer = client.get(&format!("{DUPLICATES}?limit=200{query}")).await;
    answer.expect(200);
    let lines = answer.items().iter().flat_map(|item| {
        let line = |one: &Value| {
            let reasons: Vec<&str> = one["reasons"].as_array().unwrap().iter().map(|reason| reason.as_str().unwrap()).collect();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            format!("{} {} {} {}", text(&item["id"]), text(&one["participant_id"]), one["score"], reasons.join("+"))
        };
        item["candidates"].as_array().unwrap().iter().map(line).collect::<Vec<_>>()
    });
    lines.collect()
}

/// Each of the two shows the other.
fn both_ways(pairs: &[(&String, &String, &str)]) -> BTreeSet<String> {
    pairs.iter().flat_map(|(one, other, why)| [format!("{one} {other} {why}"), format!("{other} {one} {why}")]).collect()
}

#[tokio::test]
async fn the_same_name_body_and_post_add_up_to_the_score_whatever_the_case_accents_and_spaces() {
    let places = Places::new().await;
    let whole = places.near("Nguyễn Văn Đức", Some("Trưởng bản"), Some("Xã Mường Lai")).await;
    let bare = places.near("NGUYỄN VĂN ĐỨC", None, None).await;
    let twin = places.near("Nguyen Van Duc", Some("trưởng bản"), Some("xã mường-lai")).await;
    let short = places.near("Nguyễn Đức", Some("Trưởng bản"), Some("Xã Mường Lai")).await;
    // Another family name, another kind: nobody's duplicates.
    places.near("Trần Văn Đức", Some("Trưởng bản"), Some("Xã Mường Lai")).await;
    let collective = json!({"site_id": places.near_site, "kind": "collective", "category": "commended", "full_name": "Nguyễn Văn Đức", "organisation": "Xã Mường Lai"});
    places.near.post(PATH, collective).await.expect(201);

    let expected = [
        (&whole, &twin, "80 same_name+same_organisation+same_title"),
        (&whole, &short, "55 similar_name+same_organisation+same_title"),
        (&twin, &short, "55 similar_name+same_organisation+same_title"),
        (&whole, &bare, "50 same_name"),
        (&twin, &bare, "50 same_name"),
        (&short, &bare, "25 similar_name"),
    ];
    assert_eq!(found(&places.near, "").await, both_ways(&expected[..5]), "from 50 on, unless asked otherwise");
    assert_eq!(found(&places.near, "&min_score=0").await, both_ways(&expected));
    assert_eq!(found(&places.near, "&min_score=55").await, both_ways(&expected[..3]));
    assert_eq!(found(&places.near, "&min_score=80").await, both_ways(&expected[..1]));
    let first = places.near.get(&format!("{DUPLICATES}?limit=200&with_total=true")).await;
    assert_eq!(first.body["total"], 4);
    let guest = first.items().iter().find(|item| item["id"] == json!(whole)).unwrap();
    let scores: Vec<i64> = guest["candidates"].as_array().unwrap().iter().map(|one| one["score"].as_i64().unwrap()).collect();
    assert_eq!(scores, [80, 55, 50], "the highest score first");
    for bad in ["min_score=-1", "min_score=101", "min_score=0.5", "site_id=1"] {
        places.near.get(&format!("{DUPLICATES}?{bad}")).await.expect_problem(400, "invalid_parameter");
    }
}

#[tokio::test]
async fn the_same_telephone_is_a_reason_and_is_not_told() {
    let places = Places::new().await;
    let (one, other) = (places.near("Lò Văn Ín", None, None).await, places.near("Lò Ín", None, None).await);
    for guest in [&one, &other] {
        let contacts = json!({"phone": "0912345678"});
        places.near.put_if(&format!("{PATH}/{guest}/contacts"), "*", contacts).await.expect(200);
    }
    assert_eq!(found(&places.near, "&min_score=45").await, both_ways(&[(&one, &other, "45 similar_name+same_contact")]));
    let list = places.near.get(&format!("{DUPLICATES}?min_score=45")).await;
    assert!(!list.text.contains("345678"), "{}", list.text);
}

#[tokio::test]
async fn a_guest_of_two_sites_is_nobody_s_duplicate_and_lists_stay_within_the_scope() {
    let places = Places::new().await;
    places.near("Hoàng Văn An", None, Some("Hội Nông dân tỉnh")).await;
    let (one, other) = (
        places.far("Hoàng Văn An", None, Some("Hội Nông dân tỉnh")).await,
        places.far("Hoàng Văn An", None, Some("Hội Nông dân tỉnh")).await,
    );
    let pair = both_ways(&[(&one, &other, "70 same_name+same_organisation")]);
    assert_eq!(found(&places.near, "").await, BTreeSet::new(), "the pair of another district is not there");
    assert_eq!(found(&places.far, "").await, pair);
    let province = places.app.sign_in(Role::ProvincialAdministrator).await;
    assert_eq!(found(&province, "").await, pair, "who sees both sites does not see them linked");
    assert_eq!(found(&province, &format!("&campaign_id={}", places.app.campaign_id().await)).await, pair);
    assert_eq!(found(&province, &format!("&site_id={}", places.far_site)).await, pair);
    assert_eq!(found(&province, &format!("&site_id={}", places.near_site)).await, BTreeSet::new());
    assert_eq!(found(&province, &format!("&campaign_id={one}")).await, BTreeSet::new());
    assert_eq!(places.app.anonymous().get(DUPLICATES).await.status, 401);
    places.app.sign_in(Role::OperationsCentre).await.get(DUPLICATES).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn pages_in_either_order_hold_every_guest_with_candidates_once() {
    let places = Places::new().await;
    let mut guests = BTreeSet::new();
    for name in ["Triệu Thị Lan", "Lý A Sử", "Bàn Văn Kim"] {
        guests.insert(places.near(name, None, None).await);
        guests.insert(places.near(name, None, None).await);
    }
    places.near("Chỉ một mình", None, None).await;
    for sort in ["id", "-id"] {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = places.near.get(&format!("{DUPLICATES}?limit=1&with_total=true&sort={sort}{cursor}")).await;
            assert_eq!(page.expect(200)["total"], 6);
            ids.extend(page.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let mut expected: Vec<String> = guests.iter().cloned().collect();
        if sort == "-id" {
            expected.reverse();
        }
        assert_eq!(ids, expected, "sort={sort}");
    }
}

#[tokio::test]
async fn two_guests_who_are_told_apart_are_not_proposed_again() {
    let places = Places::new().await;
    let (one, other) = (places.near("Giàng A Chu", None, None).await, places.near("Giàng A Chu", None, None).await);
    let third = places.near("Giàng A Chu", None, None).await;
    let path = format!("{PATH}/{other}/distinguish");
    let said = places.near.post(&path, json!({"other_participant_id": one})).await;
    said.expect(200);
    assert_eq!((&said.body["participant_id"], &said.body["other_participant_id"]), (&json!(one), &json!(other)), "the lower id first");
    let left = both_ways(&[(&one, &third, "50 same_name"), (&other, &third, "50 same_name")]);
    assert_eq!(found(&places.near, "").await, left);

    let again = json!({"other_participant_id": other});
    places.near.post(&format!("{PATH}/{one}/distinguish"), again).await.expect_problem(409, "duplicate");
    let refused = |body: Value| places.near.post(&path, body);
    let same = refused(json!({"other_participant_id": other})).await;
    same.expect_problem(422, "validation_failed");
    assert_eq!(same.fields(), ["/other_participant_id same_guest"]);
    refused(json!({})).await.expect_problem(422, "validation_failed");
    let far = places.far("Giàng A Chu", None, None).await;
    refused(json!({"other_participant_id": far})).await.expect_problem(422, "validation_failed");
    places.far.post(&path, json!({"other_participant_id": far})).await.expect_problem(404, "not_found");
    let province = places.app.sign_in(Role::ProvincialAdministrator).await;
    let elsewhere = province.post(&path, json!({"other_participant_id": far})).await;
    assert_eq!(elsewhere.expect_problem(422, "validation_failed")["errors"][0]["code"], "other_site");
    places.app.anonymous().post(&path, json!({"other_participant_id": one})).await.expect_problem(401, "unauthenticated");
    places.app.sign_in(Role::Auditor).await.post(&path, json!({"other_participant_id": one})).await.expect_problem(403, "forbidden");

    // A guest who is taken off the list takes along what was said of the two.
    let guest = format!("{PATH}/{one}");
    let etag = places.near.get(&guest).await.etag();
    places.near.delete_if(&guest, etag).await.expect(204);
    assert_eq!(places.app.number("SELECT count(*) FROM participant_distinctions").await, 0);
}

#[tokio::test]
async fn of_twelve_who_tell_two_apart_one_is_written_down() {
    let places = Places::new().await;
    let (one, other) = (places.near("Sùng A Páo", None, None).await, places.near("Sùng A Páo", None, None).await);
    let answers = join_all((0..12).map(|turn| {
        let (from, to) = if turn % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let places = &places;
        async move { places.near.post(&format!("{PATH}/{from}/distinguish"), json!({"other_participant_id": to})).await }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 11);
}

#[tokio::test]
async fn names_as_long_as_they_may_be_are_listed_and_a_corrected_or_erased_one_is_no_duplicate_any_more() {
    let places = Places::new().await;
    // 300 different letters of four bytes.
    let long: String = (0x20000..0x2012C_u32).filter_map(char::from_u32).collect();
    let one = places.near(&long, Some(&long), Some(&long)).await;
    let other = places.near(&long, Some(&long), Some(&long)).await;
    assert_eq!(found(&places.near, "").await, both_ways(&[(&one, &other, "80 same_name+same_organisation+same_title")]));
    let guest = format!("{PATH}/{other}");
    let etag = places.near.get(&guest).await.etag();
    places.near.patch_if(&guest, etag, json!({"full_name": "Vàng Thị Mỷ"})).await.expect(200);
    assert_eq!(found(&places.near, "").await, BTreeSet::new());
    let twin = places.near("Vàng Thị Mỷ", None, None).await;
    assert_eq!(found(&places.near, "").await.len(), 2);
    let twin = format!("{PATH}/{twin}");
    let etag = places.near.get(&twin).await.etag();
    places.near.post_if(&format!("{twin}/erase"), etag, json!({"reason": "Theo đề nghị của khách"})).await.expect(200);
    assert_eq!(found(&places.near, "&min_score=0").await, BTreeSet::new());
}

#[tokio::test]
async fn a_name_that_a_thousand_guests_share_is_compared_with_fifty_at_the_most() {
    let places = Places::new().await;
    places.near("Đặng Văn Bình", None, None).await;
    places
        .app
        .execute(
            "INSERT INTO participants (campaign_id, id, site_id, org_unit_id, kind, category, state, full_name, tokens, identity, name_key, created_at, updated_at)
             SELECT campaign_id, gen_random_uuid(), site_id, org_unit_id, kind, category, state, full_name, tokens, identity, name_key, created_at, updated_at
             FROM participants, generate_series(1, 999) WHERE full_name = 'Đặng Văn Bình'",
        )
        .await;
    let page = places.near.get(&format!("{DUPLICATES}?limit=3&with_total=true")).await;
    assert_eq!(page.expect(200)["total"], 1000);
    assert!(page.items().iter().all(|item| item["candidates"].as_array().unwrap().len() == 50));
}
