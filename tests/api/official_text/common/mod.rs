//! What the tests share.
#![allow(dead_code)]

pub mod docx;

use chrono::NaiveDate;
use ngayhoi::official_text::Draft;
use ngayhoi::official_text::rule::Rule;

pub fn real() -> String {
    include_str!("../../../data/plans/plan-81-KH-BCD-2023.txt").to_owned()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn rules<'d>(draft: &'d Draft, kind: &str) -> Vec<&'d Rule> {
    draft.rules.iter().filter(|rule| rule.kind.as_str() == kind).collect()
}

pub fn rule<'d>(draft: &'d Draft, kind: &str) -> &'d Rule {
    let all = rules(draft, kind);
    assert_eq!(all.len(), 1, "{kind}: {all:#?}");
    all[0]
}

/// The draft as JSON without line numbers: what two renderings of one plan have in common.
pub fn shape(draft: &Draft) -> serde_json::Value {
    let mut json = serde_json::to_value(draft).unwrap();
    strip(&mut json);
    json
}

fn strip(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            for name in ["line", "line_from", "line_to"] {
                map.remove(name);
            }
            map.values_mut().for_each(strip);
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}
