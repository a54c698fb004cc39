//! Two plans compared: what stands on the head, clause by clause, rule by rule, and the lists.

use super::aliases::PlanAlias;
use super::model::{Clause, LegalBasis, Parts, Plan, Recipient, Rule};
use super::parts::RuleOut;
use super::rules::document_number;
use crate::ids::PlanId;
use chrono::NaiveDate;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use std::collections::{BTreeMap, HashMap, HashSet};
use utoipa::ToSchema;

/// One of two plans that are compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ComparedPlanOut {
    pub plan_id: PlanId,
    pub document_number: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub edition: i32,
}

/// What became of a part of a plan; `renumbered`: the same text under another reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PartChange {
    Added,
    Removed,
    Changed,
    Renumbered,
}

/// A stretch of text that both have, or only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum StretchKind {
    Kept,
    Removed,
    Added,
}

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StretchOut {
    /// Whether both have it.
    pub kind: StretchKind,
    /// The words, with the white space between them.
    pub text: String,
}

/// A clause that is not the same in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClauseChangeOut {
    /// What became of it.
    pub change: PartChange,
    /// Its reference in the first of the two; null for one that was added.
    pub reference_before: Option<String>,
    /// Its reference in the second; null for one that was removed.
    pub reference_after: Option<String>,
    /// Its text, heading first: put together without what was added it is the first's, without what was removed the second's.
    #[schema(max_items = 10_000)]
    pub stretches: Vec<StretchOut>,
}

/// How many clauses became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ClauseCountsOut {
    #[schema(minimum = 0)]
    pub unchanged: usize,
    #[schema(minimum = 0)]
    pub added: usize,
    #[schema(minimum = 0)]
    pub removed: usize,
    #[schema(minimum = 0)]
    pub changed: usize,
    #[schema(minimum = 0)]
    pub renumbered: usize,
}

/// A rule that is not the same in both.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleChangeOut {
    /// What became of it.
    pub change: PartChange,
    /// Its name.
    pub rule_id: String,
    /// As it was; null when it was added.
    pub before: Option<RuleOut>,
    /// As it is; null when it was removed.
    pub after: Option<RuleOut>,
}

/// A value on the head of the plan that is not the same in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldChangeOut {
    /// Its name in the plan.
    #[schema(example = "signatory_name")]
    pub field: &'static str,
    /// As it was.
    pub before: Option<String>,
    /// As it is.
    pub after: Option<String>,
}

/// Lines that only one of two lists has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinesChangeOut {
    /// Only in the second.
    #[schema(max_items = 200)]
    pub added: Vec<String>,
    /// Only in the first.
    #[schema(max_items = 200)]
    pub removed: Vec<String>,
}

/// Two plans compared.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanComparisonOut {
    /// The first.
    pub before: ComparedPlanOut,
    /// The second.
    pub after: ComparedPlanOut,
    /// What stands on the head.
    #[schema(max_items = 20)]
    pub fields: Vec<FieldChangeOut>,
    /// How many clauses became what.
    pub clause_counts: ClauseCountsOut,
    /// The clauses that are not the same, in the order of the second; those removed stand where they stood.
    #[schema(max_items = 4000)]
    pub clauses: Vec<ClauseChangeOut>,
    /// The rules that are not the same.
    #[schema(max_items = 400)]
    pub rules: Vec<RuleChangeOut>,
    /// Who receives it.
    pub recipients: LinesChangeOut,
    /// The documents it cites.
    pub legal_bases: LinesChangeOut,
    /// Its short names.
    pub aliases: LinesChangeOut,
}

/// Compares two plans with their lists and clauses.
pub fn compare((before, of_before): (Plan, Parts), (after, of_after): (Plan, Parts)) -> PlanComparisonOut {
    let (clause_counts, clauses) = compare_clauses(&of_before.clauses, &of_after.clauses);
    let recipient = |line: &Recipient| line.name.clone();
    let cited = |line: &LegalBasis| line.citation.clone();
    let alias = |alias: &PlanAlias| alias.long.as_ref().map_or_else(|| alias.short.clone(), |long| format!("{}: {long}", alias.short));
    PlanComparisonOut {
        aliases: compare_lines(&before.aliases.0, &after.aliases.0, alias),
        fields: compare_heads(&before, &after),
        before: compared(&before),
        after: compared(&after),
        clause_counts,
        clauses,
        recipients: compare_lines(&of_before.recipients, &of_after.recipients, recipient),
        legal_bases: compare_lines(&of_before.legal_bases, &of_after.legal_bases, cited),
        rules: compare_rules(of_before.rules, of_after.rules),
    }
}

fn compared(plan: &Plan) -> ComparedPlanOut {
    ComparedPlanOut { plan_id: plan.id, document_number: document_number(plan), issued_on: plan.issued_on, edition: plan.edition }
}

fn compare_heads(before: &Plan, after: &Plan) -> Vec<FieldChangeOut> {
    let head = |plan: &Plan| {
        let items = (!plan.items.is_empty()).then(|| plan.items.join(", "));
        [
            ("document_number", document_number(plan)),
            ("title", Some(plan.title.clone())),
            ("summary", plan.summary.clone()),
            ("issue_place", plan.issue_place.clone()),
            ("issued_on", plan.issued_on.map(|day| day.to_string())),
            ("signatory_name", plan.signatory_name.clone()),
            ("signatory_title", plan.signatory_title.clone()),
            ("signatory_post", plan.signatory_post.clone()),
            ("items", items),
            ("archive_marks", (!plan.archive_marks.is_empty()).then(|| plan.archive_marks.join(", "))),
        ]
    };
    let pairs = head(before).into_iter().zip(head(after));
    pairs.filter(|(old, new)| old != new).map(|((field, before), (_, after))| FieldChangeOut { field, before, after }).collect()
}

fn compare_lines<T>(before: &[T], after: &[T], text: impl Fn(&T) -> String) -> LinesChangeOut {
    let (old, new): (Vec<String>, Vec<String>) = (before.iter().map(&text).collect(), after.iter().map(&text).collect());
    let only = |these: &[String], those: &[String]| these.iter().filter(|line| !those.contains(line)).cloned().collect();
    LinesChangeOut { added: only(&new, &old), removed: only(&old, &new) }
}

fn compare_rules(before: Vec<Rule>, after: Vec<Rule>) -> Vec<RuleChangeOut> {
    let mut pairs: BTreeMap<(i32, String), (Option<Rule>, Option<Rule>)> = BTreeMap::new();
    let order: HashMap<String, i32> =
        before.iter().map(|rule| (rule.rule_id.clone(), rule.no)).chain(after.iter().map(|rule| (rule.rule_id.clone(), rule.no))).collect();
    let key = |rule: &Rule| (order.get(&rule.rule_id).copied().unwrap_or(rule.no), rule.rule_id.clone());
    for rule in before {
        let key = key(&rule);
        pairs.entry(key).or_default().0 = Some(rule);
    }
    for rule in after {
        let key = key(&rule);
        pairs.entry(key).or_default().1 = Some(rule);
    }
    let says = |rule: &Rule| (rule.clause.clone(), rule.obligation, rule.statement.clone(), rule.parameters.clone(), rule.also_in.clone());
    let changes = pairs.into_iter().filter_map(|((_, rule_id), (old, new))| {
        let change = match (&old, &new) {
            (None, _) => PartChange::Added,
            (_, None) => PartChange::Removed,
            (Some(old), Some(new)) if says(old) != says(new) => PartChange::Changed,
            _ => return None,
        };
        Some(RuleChangeOut { change, rule_id, before: old.map(RuleOut::from), after: new.map(RuleOut::from) })
    });
    changes.collect()
}

/// Heading and text of a clause.
fn text_of(clause: &Clause) -> String {
    match &clause.heading {
        Some(heading) if clause.body.is_empty() => heading.clone(),
        Some(heading) => format!("{heading}\n{}", clause.body),
        None => clause.body.clone(),
    }
}

/// What of the first has become what of the second: by reference, and what is left by its text.
fn partners<'c>(before: &'c [Clause], after: &'c [Clause]) -> HashMap<&'c str, &'c Clause> {
    let by_reference: HashMap<&str, &Clause> = before.iter().map(|clause| (clause.reference.as_str(), clause)).collect();
    let mut partners: HashMap<&str, &Clause> = HashMap::new();
    for clause in after {
        if let Some(old) = by_reference.get(clause.reference.as_str()) {
            partners.insert(&clause.reference, old);
        }
    }
    // Where numbers moved on, the text tells better than the number which clause it was.
    let old_texts = unique_by_text(before);
    let new_texts = unique_by_text(after);
    for (text, new) in &new_texts {
        if let Some(old) = old_texts.get(text).filter(|_| !text.is_empty()) {
            partners.insert(&new.reference, old);
        }
    }
    // One clause of the first becomes one of the second: the one with its very text.
    let exact: HashSet<&str> = new_texts.keys().filter_map(|text| old_texts.get(text)).map(|old| old.reference.as_str()).collect();
    let is_own =
        |new: &str, old: &Clause| after.iter().find(|clause| clause.reference == new).is_some_and(|clause| text_of(clause) == text_of(old));
    partners.retain(|new, old| !exact.contains(old.reference.as_str()) || is_own(new, old));
    partners
}

/// The clauses whose text no other has.
fn unique_by_text(clauses: &[Clause]) -> HashMap<String, &Clause> {
    let mut seen: HashMap<String, Vec<&Clause>> = HashMap::new();
    for clause in clauses {
        seen.entry(text_of(clause)).or_default().push(clause);
    }
    seen.into_iter().filter_map(|(text, found)| if let [one] = found[..] { Some((text, one)) } else { None }).collect()
}

fn compare_clauses(before: &[Clause], after: &[Clause]) -> (ClauseCountsOut, Vec<ClauseChangeOut>) {
    let partners = partners(before, after);
    let kept: HashSet<&str> = partners.values().map(|old| old.reference.as_str()).collect();
    let mut counts = ClauseCountsOut::default();
    let mut changes = Vec::new();
    let mut removed = before.iter().filter(|clause| !kept.contains(clause.reference.as_str())).peekable();
    for clause in after {
        let partner = partners.get(clause.reference.as_str()).copied();
        // What was removed before the partner's place comes first.
        while let Some(old) = removed.next_if(|old| partner.is_some_and(|partner| old.no < partner.no)) {
            changes.push(without_partner(PartChange::Removed, old));
        }
        match partner {
            None => {
                counts.added += 1;
                changes.push(without_partner(PartChange::Added, clause));
            }
            Some(old) => match change_of(old, clause) {
                None => counts.unchanged += 1,
                Some(change) => {
                    let is_renumbered = change.change == PartChange::Renumbered;
                    *(if is_renumbered { &mut counts.renumbered } else { &mut counts.changed }) += 1;
                    changes.push(change);
                }
            },
        }
    }
    changes.extend(removed.map(|old| without_partner(PartChange::Removed, old)));
    counts.removed = changes.iter().filter(|change| change.change == PartChange::Removed).count();
    (counts, changes)
}

fn without_partner(change: PartChange, clause: &Clause) -> ClauseChangeOut {
    let is_new = change == PartChange::Added;
    let reference = || Some(clause.reference.clone());
    let kind = if is_new { StretchKind::Added } else { StretchKind::Removed };
    ClauseChangeOut {
        change,
        reference_before: if is_new { None } else { reference() },
        reference_after: if is_new { reference() } else { None },
        stretches: vec![StretchOut { kind, text: text_of(clause) }],
    }
}

fn change_of(old: &Clause, new: &Clause) -> Option<ClauseChangeOut> {
    let (old_text, new_text) = (text_of(old), text_of(new));
    let change = match (old_text == new_text, old.reference == new.reference) {
        (true, true) => return None,
        (true, false) => PartChange::Renumbered,
        (false, _) => PartChange::Changed,
    };
    Some(ClauseChangeOut {
        change,
        reference_before: Some(old.reference.clone()),
        reference_after: Some(new.reference.clone()),
        stretches: stretches(&old_text, &new_text),
    })
}

/// Word by word, neighbours of one kind together.
pub fn stretches(old: &str, new: &str) -> Vec<StretchOut> {
    let mut stretches: Vec<StretchOut> = Vec::new();
    for change in TextDiff::from_words(old, new).iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => StretchKind::Kept,
            ChangeTag::Delete => StretchKind::Removed,
            ChangeTag::Insert => StretchKind::Added,
        };
        match stretches.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => stretches.push(StretchOut { kind, text: change.value().to_owned() }),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::model::ClauseKind;
    use proptest::prelude::*;

    fn clauses(texts: &[(&str, &str)]) -> Vec<Clause> {
        let clause = |(no, (reference, body)): (i32, &(&str, &str))| Clause {
            plan_id: PlanId(uuid::Uuid::nil()),
            no,
            reference: (*reference).to_owned(),
            kind: ClauseKind::Numbered,
            marker: None,
            heading: None,
            body: (*body).to_owned(),
            parent_reference: None,
        };
        (1..).zip(texts).map(clause).collect()
    }

    fn summary(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
        let (_, changes) = compare_clauses(&clauses(before), &clauses(after));
        let name = |reference: &Option<String>| reference.clone().unwrap_or_else(|| "-".to_owned());
        changes
            .iter()
            .map(|change| format!("{:?} {} {}", change.change, name(&change.reference_before), name(&change.reference_after)))
            .collect()
    }

    #[test]
    fn a_changed_clause_shows_its_words() {
        let (counts, changes) = compare_clauses(
            &clauses(&[("I", "từ ngày 01/7 đến ngày 19/8"), ("II", "như cũ")]),
            &clauses(&[("I", "từ ngày 05/7 đến ngày 19/8"), ("II", "như cũ")]),
        );
        assert_eq!((counts.changed, counts.unchanged), (1, 1));
        let of = |kind| changes[0].stretches.iter().filter(|part| part.kind == kind).map(|part| part.text.trim()).collect::<Vec<_>>();
        assert_eq!((of(StretchKind::Removed), of(StretchKind::Added)), (vec!["01/7"], vec!["05/7"]));
    }

    #[test]
    fn a_clause_put_in_between_renumbers_the_others_and_changes_none() {
        let after = [("I.1", "một"), ("I.2", "mới"), ("I.3", "hai"), ("I.4", "ba")];
        assert_eq!(
            summary(&[("I.1", "một"), ("I.2", "hai"), ("I.3", "ba")], &after),
            ["Added - I.2", "Renumbered I.2 I.3", "Renumbered I.3 I.4"]
        );
    }

    #[test]
    fn a_clause_that_was_removed_stands_where_it_stood() {
        assert_eq!(summary(&[("a", "một"), ("b", "hai"), ("c", "ba")], &[("a", "một"), ("c", "bốn năm")]), ["Removed b -", "Changed c c"]);
    }

    proptest! {
        #[test]
        fn every_clause_is_accounted_for_and_texts_can_be_put_together_again(
            before in prop::collection::btree_map("[a-e]", "[x-z ]{0,6}", 0..5),
            after in prop::collection::btree_map("[a-e]", "[x-z ]{0,6}", 0..5),
        ) {
            let pairs = |map: &std::collections::BTreeMap<String, String>| -> Vec<Clause> {
                clauses(&map.iter().map(|(reference, text)| (reference.as_str(), text.as_str())).collect::<Vec<_>>())
            };
            let (old, new) = (pairs(&before), pairs(&after));
            let (counts, changes) = compare_clauses(&old, &new);
            let both = counts.unchanged + counts.changed + counts.renumbered;
            prop_assert_eq!(both + counts.removed, old.len());
            prop_assert_eq!(both + counts.added, new.len());
            for change in changes {
                let without = |kind| change.stretches.iter().filter(|part| part.kind != kind).map(|part| part.text.as_str()).collect::<String>();
                if let Some(reference) = &change.reference_before {
                    prop_assert_eq!(&without(StretchKind::Added), &before[reference]);
                }
                if let Some(reference) = &change.reference_after {
                    prop_assert_eq!(&without(StretchKind::Removed), &after[reference]);
                }
            }
        }
    }
}
