//! The OpenAPI document: committed as generated, and complete.

use super::support::contract::{document, operations};
use super::support::*;
use std::collections::BTreeSet;

#[test]
fn every_operation_has_an_id_of_its_own_a_tag_a_summary_and_its_answers() {
    let mut ids = BTreeSet::new();
    let tags: BTreeSet<&str> = document()["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for operation in operations() {
        let (id, value) = (&operation.id, operation.value);
        assert!(ids.insert(id.clone()), "{id} stands twice");
        assert!(value["summary"].as_str().is_some_and(|text| !text.is_empty() && text.len() < 80), "{id}: no short summary");
        let own: Vec<&str> = value["tags"].as_array().into_iter().flatten().map(|tag| tag.as_str().unwrap()).collect();
        assert!(own.len() == 1 && tags.contains(own[0]), "{id}: tags {own:?}");
        let answers = value["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{id}: no success");
        for status in ["400", "429", "500", "503"] {
            assert!(answers.contains_key(status), "{id}: {status} is not described");
        }
        let is_public = value["security"] == json!([{}]);
        assert_eq!(answers.contains_key("403"), !is_public, "{id}: 403");
        for parameter in operation.template.split('/').filter_map(|part| part.strip_prefix('{')) {
            let name = parameter.trim_end_matches('}');
            let declared = value["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == name && one["in"] == "path");
            assert!(declared, "{id}: path parameter {name} is not described");
        }
    }
}

#[test]
fn the_example_of_every_body_passes_its_own_schema() {
    let document = document();
    let contract = ngayhoi::contract::Contract::get();
    let mut bodies = 0;
    for operation in operations() {
        let Some(content) = operation.value.pointer("/requestBody/content/application~1json") else { continue };
        let Some(name) = content["schema"]["$ref"].as_str().and_then(|target| target.rsplit('/').next()) else { continue };
        let schema = &document["components"]["schemas"][name];
        assert_eq!(schema["additionalProperties"], false, "{}: {name} takes unknown members", operation.id);
        let whole = [&content["example"], &schema["example"], &schema["examples"][0]].into_iter().find(|one| one.is_object());
        if let Some(example) = whole {
            let errors = contract.check_body(name, example);
            assert!(errors.is_empty(), "{}: the example of {name} is not valid: {errors:?}", operation.id);
            bodies += 1;
        }
    }
    assert!(bodies >= 5, "only {bodies} bodies have an example");
}
