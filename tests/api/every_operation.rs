//! What the law of the API asks of every operation, by walking the document: nobody can forget it for one.

use super::support::contract::{Operation, operations};
use super::support::world::World;
use super::support::*;
use std::collections::BTreeSet;
use uuid::Uuid;

fn api() -> impl Iterator<Item = &'static Operation> {
    operations().iter().filter(|operation| operation.template.starts_with("/api/v1/") && !operation.template.starts_with("/api/v1/auth/"))
}

fn with_id(operation: &Operation, id: &str) -> String {
    operation.template.replace("{id}", id).replace("{no}", "1")
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
        let path = format!("{}{}", with_id(operation, &Uuid::now_v7().to_string()), world.required_query(operation));
        let answer = world.send(operation, &path, body.as_ref()).await;
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
    }
    assert!(lists > 10, "{lists}");
}

/// The orders of a list, from the refusal of one that it does not have.
fn sorts_of(operation: &Operation, refusal: &Answer) -> Vec<String> {
    let message = refusal.body["errors"][0]["message"].as_str().unwrap_or_default();
    let names = message.trim_end_matches('.').split(": ").nth(1).unwrap_or_else(|| panic!("{}: {}", operation.id, refusal.text));
    names.split(", ").filter(|name| !name.is_empty()).flat_map(|name| [name.to_owned(), format!("-{name}")]).collect()
}

/// The lists of the document, each with a path below which there are items, and a filter where there are thousands.
fn lists(world: &World) -> Vec<(&'static Operation, String, &'static str)> {
    let mut found = Vec::new();
    let is_list = |operation: &Operation| operation.method == "GET" && operation.value["parameters"].to_string().contains("\"cursor\"");
    for operation in api().filter(|operation| is_list(operation)) {
        let (path, filter) = match operation.id.as_str() {
            "list_admin_units" => (world.path(operation), "&level=province&on=2023-08-19"),
            "list_org_units" => (world.path(operation), "&kind=district_committee"),
            "list_plan_children" | "list_plan_deliveries" => (with_id(operation, &world.reference("parent_plan_id").unwrap()), ""),
            "list_org_unit_children" => (with_id(operation, &world.reference("org_unit_id").unwrap()), ""),
            _ => (world.path(operation), ""),
        };
        found.push((operation, path, filter));
    }
    found
}

/// Rows with and without what can be sorted by, and ties.
async fn fill(world: &World) {
    let (campaign, unit) = (world.app.campaign_id().await, world.reference("org_unit_id").unwrap());
    let (top, report) =
        (world.reference("parent_plan_id").unwrap(), world.path(operations().iter().find(|one| one.id == "get_report").unwrap()));
    let report = report.rsplit('/').next().unwrap().to_owned();
    world
        .app
        .execute(&format!(
            "INSERT INTO sites (campaign_id, id, org_unit_id, name, kind, state, pilot_level, priority_reasons, starts_at, tokens, created_at, updated_at)
             SELECT '{campaign}', gen_random_uuid(), '{unit}', 'Bản ' || n, 'commune', 'draft', 'none', '{{}}',
                    CASE WHEN n % 2 = 0 THEN timestamptz '2023-08-12 01:00Z' + (n % 3) * interval '1 hour' END, '{{}}', now(), now()
             FROM generate_series(1, 7) n;
             INSERT INTO plans (id, first_edition_id, campaign_id, parent_plan_id, org_unit_id, state, symbol, title, issued_on, tokens, created_at, updated_at)
             SELECT id, id, '{campaign}', '{top}', '{unit}', 'draft', 'KH', 'Kế hoạch ' || n,
                    CASE WHEN n % 2 = 0 THEN date '2023-04-01' + n % 3 END, '{{}}', now(), now()
             FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, 7) n) n;
             INSERT INTO reports (campaign_id, id, form_id, obligation_id, org_unit_id, state, figures, first_submitted_at, submitted_at, is_late, created_at, updated_at)
             SELECT campaign_id, gen_random_uuid(), (SELECT id FROM report_forms f WHERE f.campaign_id = o.campaign_id AND no = 1), id, org_unit_id, CASE WHEN n % 2 = 0 THEN 'draft' ELSE 'submitted' END, '{{}}', at, at, at IS NULL, now(), now()
             FROM (SELECT *, CASE WHEN n % 2 = 1 THEN timestamptz '2023-08-12 01:00Z' + (n % 3) * interval '1 hour' END AS at
                   FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM report_obligations o
                         WHERE NOT EXISTS (SELECT FROM reports r WHERE r.obligation_id = o.id)) o) o WHERE n <= 7;
             INSERT INTO report_forms (campaign_id, id, state, content, created_at, updated_at)
             SELECT '{campaign}', gen_random_uuid(), 'draft', '{{\"indicators\": [], \"checks\": []}}', now() + n % 3 * interval '1 hour', now() FROM generate_series(1, 7) n;
             INSERT INTO report_versions (campaign_id, id, form_id, report_id, no, figures, submitted_at, is_late, submitted_by)
             SELECT '{campaign}', gen_random_uuid(), (SELECT id FROM report_forms WHERE campaign_id = '{campaign}' AND no = 1), '{report}', n, '{{}}', now(), false, gen_random_uuid() FROM generate_series(1, 5) n;
             UPDATE duties SET deadline = timestamptz '2023-08-01 00:00Z' WHERE rule_id = 'R19' AND hashtext(id::text) % 2 = 0;
             INSERT INTO duty_reminders (campaign_id, id, duty_id, level, to_org_unit_id, reminded_on, reminded_at, reminded_by)
             SELECT campaign_id, gen_random_uuid(), id, n, org_unit_id, date '2023-07-01' + n, now(), gen_random_uuid()
             FROM duties, generate_series(1, 5) n WHERE rule_id IS NULL;
             INSERT INTO reminders (campaign_id, id, stage_id, subject, obligation_id, kind, step, level, org_unit_id, to_org_unit_id, due_before, planned_at, sent_at)
             SELECT campaign_id, gen_random_uuid(), stage_id, subject, obligation_id, kind, n, level, org_unit_id, to_org_unit_id,
                    due_before + n % 3 * interval '1 hour', planned_at, sent_at + n % 2 * interval '1 hour'
             FROM reminders, generate_series(1, 7) n;
             INSERT INTO mail_deliveries (campaign_id, id, reminder_id, user_id, org_unit_id, state, next_attempt_at, created_at)
             SELECT campaign_id, gen_random_uuid(), reminder_id, gen_random_uuid(), org_unit_id, state, next_attempt_at, created_at + n % 3 * interval '1 hour'
             FROM mail_deliveries, generate_series(1, 7) n;
             INSERT INTO plan_deliveries (campaign_id, id, plan_id, recipient_no, state, actor_id, occurred_at)
             SELECT '{campaign}', gen_random_uuid(), plan_id, no, 'sent', gen_random_uuid(), now() FROM plan_recipients;
             INSERT INTO inspections (campaign_id, id, org_unit_id, inspector_org_unit_id, planned_on, subject, state, tokens, created_at, updated_at)
             SELECT '{campaign}', gen_random_uuid(), org_unit_id, inspector_org_unit_id, planned_on + n % 3, subject, state, tokens, now(), now()
             FROM inspections, generate_series(1, 7) n;
             INSERT INTO consolidations (campaign_id, id, org_unit_id, no, state, as_of, content, checksum, expected_count, accepted_count, frozen_by, created_at, updated_at)
             SELECT campaign_id, gen_random_uuid(), org_unit_id, no + n, state, as_of + n % 3 * interval '1 hour', content, checksum, 0, 0, frozen_by, now(), now()
             FROM consolidations, generate_series(1, 7) n;
             INSERT INTO guidance_notes (campaign_id, id, org_unit_id, title, body, issued_on, state, tokens, created_at, updated_at)
             SELECT '{campaign}', gen_random_uuid(), '{unit}', 'Hướng dẫn', 'x', CASE WHEN n % 2 = 0 THEN date '2023-04-01' + n % 3 END, 'draft', '{{}}', now(), now()
             FROM generate_series(1, 7) n;
             INSERT INTO commendations (campaign_id, id, org_unit_id, awardee_kind, awardee_name, award_form, award_level, decided_on, awarding_body, reason, tokens, created_at, updated_at)
             SELECT '{campaign}', gen_random_uuid(), '{unit}', 'individual', 'A', 'giay_khen', 'commune', CASE WHEN n % 2 = 0 THEN date '2023-04-01' + n % 3 END, 'x', 'x', '{{}}', now(), now()
             FROM generate_series(1, 7) n;
             INSERT INTO gifts (campaign_id, id, org_unit_id, recipient_category, recipient_count, value_vnd, giver, given_on, tokens, created_at, updated_at)
             SELECT '{campaign}', gen_random_uuid(), '{unit}', 'pupil', n, n % 3 * 1000, 'x', date '2023-04-01' + n % 3, '{{}}', now(), now() FROM generate_series(1, 7) n;
             INSERT INTO opinions (campaign_id, id, org_unit_id, text, raised_at, is_anonymous, answer_due_before, state, tokens, created_at, updated_at)
             SELECT '{campaign}', gen_random_uuid(), '{unit}', 'x', timestamptz '2023-07-01 01:00Z' + n % 3 * interval '1 hour', true,
                    CASE WHEN n % 2 = 0 THEN timestamptz '2023-07-09 01:00Z' + n % 3 * interval '1 hour' END, 'raised', '{{}}', now(), now() FROM generate_series(1, 7) n;
             INSERT INTO contact_readings (campaign_id, id, participant_id, site_id, org_unit_id, reader_id, reader_role, content, reason, read_at)
             SELECT campaign_id, gen_random_uuid(), id, site_id, org_unit_id, gen_random_uuid(), 'district', 'contacts', 'x', now() + n % 3 * interval '1 hour'
             FROM participants, generate_series(1, 7) n;
             INSERT INTO erasures (campaign_id, id, org_unit_id, data_kind, cause, row_count, erased_at)
             SELECT '{campaign}', gen_random_uuid(), '{unit}', 'guests', 'retention', n, now() + n % 3 * interval '1 hour' FROM generate_series(1, 7) n;
             INSERT INTO data_request_steps (campaign_id, id, data_request_id, action, to_state, actor_id, occurred_at)
             SELECT campaign_id, gen_random_uuid(), id, 'updated', 'received', gen_random_uuid(), now() + n % 3 * interval '1 hour' FROM data_requests, generate_series(1, 5) n;
             INSERT INTO data_requests (campaign_id, id, org_unit_id, kind, reference, involves_third_parties, received_at, state, answer_due_before, done_due_before, tokens, created_at, updated_at)
             SELECT campaign_id, gen_random_uuid(), org_unit_id, kind, 'x', false, received_at + n % 3 * interval '1 hour', 'received', answer_due_before, done_due_before + n % 3 * interval '1 day', '{{}}', now(), now()
             FROM data_requests, generate_series(1, 7) n;
             INSERT INTO processing_purpose_changes (campaign_id, id, processing_purpose_id, version, purpose_vi, purpose_en, legal_basis, changed_at)
             SELECT campaign_id, gen_random_uuid(), id, n, purpose_vi, purpose_en, legal_basis, now() + n % 3 * interval '1 hour' FROM processing_purposes, generate_series(2, 6) n;
             INSERT INTO budget_spendings (campaign_id, id, budget_line_id, spent_on, amount_vnd, note, recorded_by, recorded_at)
             SELECT campaign_id, gen_random_uuid(), id, date '2023-04-01' + n % 3, n % 3 + 1, 'x', gen_random_uuid(), now() FROM budget_lines, generate_series(1, 7) n;
             INSERT INTO model_replications (campaign_id, id, grassroots_model_id, org_unit_id, replicated_on, recorded_by, recorded_at)
             SELECT m.campaign_id, gen_random_uuid(), m.id, u.id, date '2023-07-01' + (u.no % 3)::int, gen_random_uuid(), now()
             FROM grassroots_models m, (SELECT * FROM org_units ORDER BY no LIMIT 7) u"
        ))
        .await;
}

#[tokio::test]
async fn every_list_is_whole_in_every_order_with_every_item_once() {
    let world = World::start().await;
    fill(&world).await;
    for (operation, path, filter) in lists(&world) {
        let get = async |query: &str| world.client.get(&format!("{path}?{query}{filter}")).await;
        let ids = |answer: &Answer| answer.items().iter().map(|item| item["id"].to_string()).collect::<Vec<String>>();
        let whole: BTreeSet<String> = ids(&get("limit=200").await).into_iter().collect();
        for sort in sorts_of(operation, &get("sort=khong_co").await) {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = get(&format!("limit=2&sort={sort}{cursor}")).await;
                found.extend(ids(&page));
                match page.body["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(found.len(), whole.len(), "{} sort={sort}", operation.id);
            assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), whole, "{} sort={sort}", operation.id);
        }
    }
}

#[tokio::test]
async fn every_list_that_offers_a_search_searches() {
    let world = World::start().await;
    let mut searched = 0;
    for (operation, path, _) in lists(&world) {
        if !World::query_parameters(operation).iter().any(|one| one["name"] == "q") {
            continue;
        }
        searched += 1;
        assert!(!world.client.get(&path).await.items().is_empty(), "{}: nothing to find", operation.id);
        assert!(world.client.get(&format!("{path}?q=khongdauco")).await.items().is_empty(), "{} takes q and does not search", operation.id);
    }
    assert!(searched > 8, "{searched}");
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
        let path = format!("{}{}", world.path(operation), world.required_query(operation));
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
