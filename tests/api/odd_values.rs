//! Odd values in every member and every parameter of every operation: never a 5xx, always an answer as documented
//! (the client of the suite checks both).

use super::support::contract::{Operation, document, operations};
use super::support::world::World;
use super::support::*;
use futures_util::StreamExt;
use futures_util::stream::iter;

fn odd_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(""),
        json!(" "),
        json!("a\u{0}b"),
        json!("'; DROP TABLE sites; --"),
        json!("\u{202e}😀\u{301}%_\\"),
        json!("x".repeat(20_001)),
        json!("0000-01-01T00:00:00Z"),
        json!("9999-12-31T23:59:59.999999999Z"),
        json!("0001-01-01"),
        json!("9999-12-31"),
        json!("00000000-0000-0000-0000-000000000000"),
        json!(0),
        json!(-1),
        json!(2_147_483_647),
        json!(2_147_483_648_i64),
        json!(9_223_372_036_854_775_807_i64),
        json!(1e308),
        json!(true),
        json!([]),
        json!({}),
        json!([null, {"id": 1}]),
    ]
}

fn odd_texts() -> Vec<&'static str> {
    vec![
        "",
        "%20",
        "x",
        "-1",
        "0",
        "99999999999999999999",
        "1e308",
        "true",
        "null",
        "%27%3B--",
        "%F0%9F%98%80",
        "%25_%5C",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01",
        "9999-12-31",
        "00000000-0000-0000-0000-000000000000",
        "%2B0",
    ]
}

/// Members of a body schema.
fn members(schema: &str) -> Vec<&'static String> {
    let schema = &document()["components"]["schemas"][schema];
    schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name).collect()
}

async fn send_all(world: &World, requests: Vec<(&'static Operation, String, Option<Value>)>) -> usize {
    let count = requests.len();
    let sent = iter(requests).map(|(operation, path, body)| async move { world.send(operation, &path, body.as_ref()).await });
    let answers: Vec<Answer> = sent.buffer_unordered(8).collect().await;
    for answer in answers {
        assert!(answer.status < 500, "{} {}: {}", answer.method, answer.path, answer.text);
    }
    count
}

#[tokio::test]
async fn no_odd_value_in_a_body_is_a_fault_of_ours() {
    let world = World::start().await;
    let mut requests = Vec::new();
    for operation in operations() {
        let Some(schema) = World::body_schema(operation) else { continue };
        let is_auth = operation.template.starts_with("/api/v1/auth/");
        for name in members(schema) {
            for value in odd_values() {
                let mut body = world.example(schema);
                body[name.as_str()] = value;
                requests.push((operation, world.path(operation), Some(body)));
                if is_auth && requests.len() % 8 != 0 {
                    requests.pop();
                }
            }
        }
    }
    assert!(send_all(&world, requests).await > 1000);
}

#[tokio::test]
async fn no_odd_text_in_a_query_is_a_fault_of_ours() {
    let world = World::start().await;
    let mut requests = Vec::new();
    for operation in operations() {
        for parameter in World::query_parameters(operation) {
            let name = parameter["name"].as_str().unwrap();
            let required: String = World::query_parameters(operation)
                .iter()
                .filter(|other| other["required"] == true && other["name"] != name)
                .map(|other| format!("&{}={}", other["name"].as_str().unwrap(), other["example"].as_str().unwrap_or("1")))
                .collect();
            for text in odd_texts() {
                requests.push((operation, format!("{}?{name}={text}{required}", world.path(operation)), None));
            }
        }
    }
    assert!(send_all(&world, requests).await > 500);
}
