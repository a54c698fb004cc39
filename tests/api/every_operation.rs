//! What the law of the API asks of every operation, by walking the document: nobody can forget it for one.

use super::support::contract::{Operation, operations};
use super::support::world::World;
use super::support::*;
use uuid::Uuid;

fn api() -> impl Iterator<Item = &'static Operation> {
    operations().iter().filter(|operation| operation.template.starts_with("/api/v1/") && !operation.template.starts_with("/api/v1/auth/"))
}

fn with_id(operation: &Operation, id: &str) -> String {
    operation.template.replace("{id}", id)
}

#[tokio::test]
async fn an_id_that_is_no_uuid_is_400_and_one_that_names_nothing_404() {
    let world = World::start().await;
    for operation in api().filter(|operation| operation.template.contains("{id}")) {
        let schema = World::body_schema(operation);
        let body = schema.map(|schema| world.example(schema));
        for id in ["1", "%ff", "018b2f19e79e7d6aa56d29feb6211b04", "null"] {
            let answer = world.send(operation, &with_id(operation, id), body.as_ref()).await;
            assert_eq!((answer.status, answer.fields()), (400, vec!["?id format".to_owned()]), "{} {id}: {}", operation.id, answer.text);
        }
        let answer = world.send(operation, &with_id(operation, &Uuid::now_v7().to_string()), body.as_ref()).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{}: {}", operation.id, answer.text);
    }
}

#[tokio::test]
async fn a_change_without_if_match_is_428_and_with_an_old_one_412() {
    let world = World::start().await;
    for operation in api().filter(|operation| World::needs_if_match(operation)) {
        let path = world.path(operation);
        let body = World::body_schema(operation).map(|schema| world.example(schema));
        let fill = |request: reqwest::RequestBuilder| match &body {
            Some(body) => request.json(body),
            None => request,
        };
        let without = world.client.send(fill(world.client.request(&operation.method, &path))).await;
        assert_eq!((without.status, without.code()), (428, "precondition_required"), "{}: {}", operation.id, without.text);
        let stale = world.client.send(fill(world.client.request(&operation.method, &path).header("if-match", "\"999\""))).await;
        assert_eq!((stale.status, stale.code()), (412, "precondition_failed"), "{}: {}", operation.id, stale.text);
    }
}

#[tokio::test]
async fn a_body_that_is_broken_foreign_or_too_large_is_refused() {
    let world = World::start().await;
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(1024 * 1024));
    for operation in operations() {
        let Some(schema) = World::body_schema(operation) else { continue };
        let path = world.path(operation);
        for (kind, body, status) in [
            ("application/json", "{", 400),
            ("application/json", "{\"x\":1,\"x\":2}", 400),
            ("application/json", &"[".repeat(5000), 400),
            ("application/json", "\u{feff}{}", 400),
            ("application/json", "null", 422),
            ("application/json", "[]", 422),
            ("text/plain", "{}", 415),
            ("application/json", &large, 413),
        ] {
            let request = world.client.request(&operation.method, &path).header("if-match", "*").header("content-type", kind);
            let answer = world.client.send(request.body(body.to_owned())).await;
            let shown: String = body.chars().take(20).collect();
            assert_eq!(answer.status, status, "{} {kind} {shown}: {}", operation.id, answer.text);
        }
        let mut unknown = world.example(schema);
        unknown["khong_co"] = json!(1);
        let answer = world.send(operation, &path, Some(&unknown)).await;
        assert!(
            answer.status == 422 && answer.fields().contains(&"/khong_co unknown_field".to_owned()),
            "{}: {}",
            operation.id,
            answer.text
        );
    }
}

#[tokio::test]
async fn every_list_keeps_the_law_of_lists() {
    let world = World::start().await;
    let mut lists = 0;
    for operation in api().filter(|operation| operation.method == "GET") {
        let parameters: Vec<&str> = World::query_parameters(operation).iter().map(|one| one["name"].as_str().unwrap()).collect();
        if !parameters.contains(&"cursor") {
            continue;
        }
        lists += 1;
        let path = world.path(operation);
        let get = |query: &str| {
            let target = format!("{path}?{query}");
            let client = &world.client;
            async move { client.get(&target).await }
        };
        for query in [
            "limit=0",
            "limit=201",
            "limit=x",
            "sort=khong_co",
            "fields=khong_co",
            "with_total=maybe",
            "khong_co=1",
            "limit=1&limit=1",
            "fields=%ff",
        ] {
            let answer = get(query).await;
            assert_eq!((answer.status, answer.code()), (400, "invalid_parameter"), "{} {query}: {}", operation.id, answer.text);
        }
        for query in ["cursor=x", "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            let answer = get(query).await;
            assert_eq!((answer.status, answer.code()), (400, "cursor_invalid"), "{} {query}: {}", operation.id, answer.text);
        }
        let whole = get("limit=200&with_total=true").await;
        let total = whole.expect(200)["total"].as_i64().unwrap_or_else(|| panic!("{}: no total", operation.id));
        assert!(total >= whole.items().len() as i64, "{}", operation.id);
        let sorts: Vec<String> = sorts_of(operation, &get("sort=khong_co").await);
        for sort in sorts {
            let (mut ids, mut cursor) = (Vec::new(), String::new());
            // A few small pages: enough to cross a border, also of rows without the sorted member.
            for _ in 0..4 {
                let page = get(&format!("limit=2&sort={sort}{cursor}")).await;
                ids.extend(page.items().iter().map(|item| item["id"].to_string()));
                match page.body["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            let mut distinct = ids.clone();
            distinct.sort();
            distinct.dedup();
            assert_eq!(ids.len(), distinct.len(), "{} sort={sort}: an item came twice", operation.id);
            assert!(ids.len() as i64 >= total.min(7), "{} sort={sort}: {} of {total}", operation.id, ids.len());
        }
    }
    assert!(lists > 10, "{lists}");
}

/// The orders of a list, from the refusal of one that it does not have.
fn sorts_of(operation: &Operation, refusal: &Answer) -> Vec<String> {
    let message = refusal.body["errors"][0]["message"].as_str().unwrap_or_default();
    let names = message.trim_end_matches('.').split(": ").nth(1).unwrap_or_else(|| panic!("{}: {}", operation.id, refusal.text));
    names.split(", ").filter(|name| !name.is_empty()).flat_map(|name| [name.to_owned(), format!("-{name}")]).collect()
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_everywhere() {
    let world = World::start().await;
    for operation in api() {
        let body = World::body_schema(operation).map(|schema| world.example(schema));
        if operation.method != "GET" && !World::query_parameters(operation).is_empty() {
            continue;
        }
        // A body is looked at before a handler that takes no parameters is: the first refusal is enough.
        let answer = world.send(operation, &format!("{}?khong_co=1", world.path(operation)), body.as_ref()).await;
        assert_eq!(answer.status, 400, "{}: {}", operation.id, answer.text);
        assert!(answer.fields().contains(&"?khong_co unknown_parameter".to_owned()), "{}: {}", operation.id, answer.text);
    }
}

#[tokio::test]
async fn what_is_read_alone_has_an_entity_tag_that_is_honoured() {
    let world = World::start().await;
    let mut read = 0;
    for operation in api().filter(|operation| operation.method == "GET" && operation.value.pointer("/responses/304").is_some()) {
        let path = world.path(operation);
        let answer = world.client.get(&path).await;
        answer.expect(200);
        world.client.get_if_none_match(&path, &answer).await.expect(304);
        read += 1;
    }
    assert!(read > 8, "{read}");
}

#[tokio::test]
async fn what_takes_no_body_refuses_one_and_an_empty_object_is_none() {
    let world = World::start().await;
    for operation in api().filter(|operation| operation.value.get("requestBody").is_none() && operation.method != "GET") {
        let path = with_id(operation, &Uuid::now_v7().to_string());
        for (body, status) in [("{\"reason\":\"x\"}", 422), ("[]", 422), ("{", 400), ("{}", 404)] {
            if status == 404 && !operation.template.contains("{id}") {
                continue;
            }
            let request = world.client.request(&operation.method, &path).header("if-match", "*").header("content-type", "application/json");
            let answer = world.client.send(request.body(body)).await;
            assert_eq!(answer.status, status, "{} {body}: {}", operation.id, answer.text);
        }
    }
}

#[tokio::test]
async fn text_is_measured_as_it_is_kept_and_must_show_something() {
    let world = World::start().await;
    let name = |text: String| {
        let mut body = world.example("SiteIn");
        body["name"] = json!(text);
        body
    };
    // Three hundred letters, each of three code points as macOS writes them.
    let long: String = "e\u{302}\u{301}".repeat(300);
    let made = world.client.post("/api/v1/sites", name(long)).await;
    assert_eq!(made.expect(201)["name"], json!("ế".repeat(300)));
    for (bad, code) in [("   ", "pattern"), ("\u{200b}\u{feff}", "invalid"), ("Bản \u{202e}abc", "pattern"), ("", "too_short")] {
        let refused = world.client.post("/api/v1/sites", name(bad.to_owned())).await;
        assert_eq!((refused.status, refused.fields()), (422, vec![format!("/name {code}")]), "{bad:?}");
    }
}
