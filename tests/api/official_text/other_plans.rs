//! Ten other plans, each beside what is expected of it.

use super::common::rules;
use ngayhoi::official_text::{Draft, Format, parse, read};
use ngayhoi::plans::parameters::Parameters;
use serde_json::{Value, json};

fn text<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

/// What the expectation files speak of.
fn summary(draft: &Draft) -> Value {
    let signatory = draft.signatory.as_ref().map(|found| &found.value);
    let quotas = rules(draft, "quota").into_iter().map(|rule| {
        let quota = text(&rule.parameters);
        json!([quota["by"], quota["measure"], quota["compare"], quota["count"]])
    });
    let windows = rules(draft, "event_window").into_iter().map(|rule| {
        let window = text(&rule.parameters);
        json!([window["from"], window["to"], rule.confidence])
    });
    let limits = rules(draft, "report_limit").into_iter().map(|rule| {
        let limit = text(&rule.parameters);
        json!([limit["on"], limit["inclusive"], limit["receiver"], limit["through"]])
    });
    let costs = rules(draft, "cost_limit").into_iter().map(|rule| {
        let cost = text(&rule.parameters);
        json!([cost["amount_vnd"], cost["per"]])
    });
    let templates = rules(draft, "invitation_template").into_iter().map(|rule| {
        let template = text(&rule.parameters);
        json!([template["template"], template["categories"], template["adaptable"]])
    });
    let obstacle = rules(draft, "obstacle_route").into_iter().find_map(|rule| match &rule.parameters {
        Parameters::ObstacleRoute { to, through } => Some(json!([to, through])),
        _ => None,
    });
    json!({
        "kind": draft.kind.as_ref().map(|found| found.value),
        "document_number": draft.document_number.as_ref().map(|found| &found.value),
        "issued_on": draft.issued_on.as_ref().map(|found| found.value),
        "issue_place": draft.issue_place.as_ref().map(|found| &found.value),
        "territory": draft.territory.as_ref().map(|found| &found.value),
        "year": draft.year.as_ref().map(|found| found.value),
        "issuer": draft.issuer.as_ref().map(|found| &found.value.name),
        "alias": draft.issuer.as_ref().and_then(|found| found.value.alias.as_ref()),
        "documents": draft.documents.iter().map(|document| document.printed.join(" = ")).collect::<Vec<_>>(),
        "recipients": draft.recipients.len(),
        "archive": draft.archive,
        "signatory": signatory.map(|s| json!([s.capacity, s.title, s.post, s.name])),
        "windows": windows.collect::<Vec<_>>(),
        "limits": limits.collect::<Vec<_>>(),
        "quotas": quotas.collect::<Vec<_>>(),
        "cost_limits": costs.collect::<Vec<_>>(),
        "templates": templates.collect::<Vec<_>>(),
        "obstacle": obstacle,
        "findings": draft.findings.iter().map(|finding| finding.code).collect::<Vec<_>>(),
    })
}

#[track_caller]
fn check(plan: &str, expected: &str) {
    let draft = parse(&read(plan.as_bytes(), Format::PlainText).unwrap());
    let seen = summary(&draft);
    let expected: Value = serde_json::from_str(expected).unwrap();
    let mut wrong = Vec::new();
    for (name, value) in expected.as_object().unwrap() {
        if name == "clauses" {
            for reference in value.as_array().unwrap() {
                let is_there = draft.clauses.iter().any(|clause| reference == &clause.reference);
                assert!(is_there, "{reference}: {:?}", draft.clauses.iter().map(|clause| &clause.reference).collect::<Vec<_>>());
            }
        } else if &seen[name] != value {
            wrong.push(format!("{name}: {} instead of {value}", seen[name]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if let Some((_, first)) =
        draft.rules.iter().map(|rule| (rule, rule.confidence)).find(|(_, confidence)| ![1.0, 0.9, 0.7, 0.5].contains(confidence))
    {
        panic!("a confidence of {first}");
    }
}

macro_rules! plans {
    ($($name:ident = $file:literal;)+) => {$(
        #[test]
        fn $name() {
            check(include_str!(concat!("../../data/plans/", $file, ".txt")), include_str!(concat!("../../data/plans/", $file, ".json")));
        }
    )+};
}

plans! {
    a_plan_with_a_glued_header_and_a_foot_in_two_columns_is_read = "plan_01";
    a_plan_of_a_city_with_dates_in_words_is_read = "plan_02";
    a_plan_of_a_commune_of_2026_with_whole_months_is_read = "plan_03";
    a_plan_in_the_style_of_the_party_is_read = "plan_04";
    a_plan_with_contradictions_says_so = "plan_05";
    a_draft_without_number_date_and_foot_says_so = "plan_06";
    a_guidance_with_templates_and_a_limit_by_the_hour_is_read = "plan_07";
    a_plan_with_a_title_in_capitals_is_read = "plan_08";
    a_plan_with_the_signature_before_the_recipients_is_read = "plan_09";
    a_plan_without_roman_sections_is_read = "plan_10";
}
