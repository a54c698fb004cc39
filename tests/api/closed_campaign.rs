//! A closed campaign is final: nothing that belongs to it changes any more, nor while it is being closed.

use super::support::contract::{Operation, operations};
use super::support::world::World;
use super::support::*;
use futures_util::future::join_all;
use std::time::Duration;

/// What belongs to no campaign. Everything else that can be written is a campaign's own.
const ELSEWHERE: [&str; 8] = ["auth", "me", "org-units", "users", "api-clients", "webhooks", "documents", "demo"];

/// A new campaign has nothing to do with the one that is closed, not even when it is made from it.
const NEW_CAMPAIGNS: [&str; 2] = ["create_campaign", "clone_campaign"];

/// Answers 200 with a verdict for each operation; `check_ins` shows that nothing is logged.
const BATCHES: [&str; 1] = ["create_check_in_batch"];

/// What the law on personal data asks for at any time (law 91/2025/QH15): it takes names and contacts away, or records
/// what persons ask, and changes no figure, as `participant_contacts`, `personal_data` and `data_requests` show.
const LAWFUL: [&str; 11] = [
    "delete_participant_contacts",
    "erase_participant",
    "erase_delegate",
    "erase_opinion",
    "erase_commendation",
    "create_data_request",
    "update_data_request",
    "answer_data_request",
    "complete_data_request",
    "refuse_data_request",
    "extend_data_request",
];

fn writes() -> Vec<&'static Operation> {
    let is_owned = |operation: &&Operation| {
        let collection = operation.template.strip_prefix("/api/v1/").and_then(|rest| rest.split('/').next());
        operation.method != "GET" && collection.is_some_and(|name| !ELSEWHERE.contains(&name))
    };
    operations()
        .iter()
        .filter(is_owned)
        .filter(|operation| ![&NEW_CAMPAIGNS[..], &BATCHES[..], &LAWFUL[..]].concat().contains(&operation.id.as_str()))
        .collect()
}

async fn attempt(world: &World, operation: &'static Operation) -> Answer {
    if operation.id == "import_plan" {
        let query = world.required_query(operation);
        let file = include_bytes!("../data/plans/plan-81-KH-BCD-2023.txt");
        return world.client.raw("POST", &format!("{}{query}", operation.template), "text/plain", &file[..]).await;
    }
    if ["create_plan_attachment", "create_site_attachment"].contains(&operation.id.as_str()) {
        let path = format!("{}{}", world.path(operation), world.required_query(operation));
        return world.client.raw("POST", &path, "text/plain", "Kính gửi").await;
    }
    if operation.id == "create_participant_import" {
        let path = format!("{}{}", world.path(operation), world.required_query(operation));
        return world.client.raw("POST", &path, "application/x-ndjson", "{}").await;
    }
    let body = World::body_schema(operation).map(|schema| world.example(schema));
    world.send(operation, &world.path(operation), body.as_ref()).await
}

#[track_caller]
fn is_refused(operation: &Operation, answer: &Answer) {
    assert_eq!((answer.status, answer.code()), (409, "invalid_transition"), "{}: {}", operation.id, answer.text);
    let detail = answer.body["detail"].as_str().unwrap_or_default();
    let is_step_of_campaign = operation.template.starts_with("/api/v1/campaigns/");
    assert!(
        detail.contains("“đã kết thúc”") && (is_step_of_campaign || detail.contains("Đợt Ngày hội")),
        "{} is refused for another reason: {detail}",
        operation.id
    );
}

#[tokio::test]
async fn nothing_of_a_closed_campaign_changes() {
    let world = World::start().await;
    let writes = writes();
    assert!(writes.len() > 35, "{}", writes.len());
    world.app.execute("UPDATE campaigns SET state = 'closed'").await;
    let changes = world.app.number("SELECT count(*) FROM events").await;
    for operation in writes {
        is_refused(operation, &attempt(&world, operation).await);
    }
    assert_eq!(world.app.number("SELECT count(*) FROM events").await, changes);
}

#[tokio::test]
async fn of_twelve_writers_none_gets_in_while_the_campaign_is_being_closed() {
    let world = World::start().await;
    for twelve in writes().chunks(12) {
        world.app.execute("UPDATE campaigns SET state = 'reporting'").await;
        let closing = sql::connect(&world.app.database_url).await.unwrap();
        closing.batch_execute("BEGIN; UPDATE campaigns SET state = 'closed'").await.unwrap();
        let commit = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            closing.batch_execute("COMMIT").await.unwrap();
        };
        let (answers, ()) = tokio::join!(join_all(twelve.iter().map(|operation| attempt(&world, operation))), commit);
        for (operation, answer) in twelve.iter().zip(&answers) {
            is_refused(operation, answer);
        }
    }
}
