//! Plans below this one: who owes one, what it states, which guidance it follows.

use super::super::draft::DocumentKind;
use super::super::words::{self, after, before};
use super::super::{CERTAIN, INFERRED, LOOSE, citations};
use super::{Proposal, Sentence, bodies, merged};
use crate::plans::parameters::{Parameters, PlanBody, PlanItem};

const ITEMS: [(&str, PlanItem); 8] = [
    ("mục đích", PlanItem::Purpose),
    ("yêu cầu", PlanItem::Requirements),
    ("nội dung", PlanItem::Content),
    ("chương trình", PlanItem::Programme),
    ("hình thức", PlanItem::Form),
    ("phạm vi", PlanItem::Scope),
    ("thành phần", PlanItem::Participants),
    ("thời gian", PlanItem::Time),
];

/// The rules on plans and guidance.
pub(super) fn of(sentences: &[Sentence<'_>]) -> Vec<Proposal> {
    let plans = merged(sentences.iter().filter_map(plan).collect(), |_, _| true, add_bodies);
    let items = merged(sentences.iter().filter_map(items).collect(), |_, _| true, |_, _| {});
    let guidance = merged(sentences.iter().flat_map(guidance).collect(), PartialEq::eq, |_, _| {});
    plans.into_iter().chain(items).chain(guidance).collect()
}

fn add_bodies(first: &mut Parameters, next: Parameters) {
    if let (Parameters::ChildPlan { bodies }, Parameters::ChildPlan { bodies: more }) = (first, next) {
        bodies.extend(more);
        bodies.sort_unstable();
        bodies.dedup();
    }
}

fn plan(sentence: &Sentence<'_>) -> Option<Proposal> {
    let verbs = ["xây dựng kế hoạch", "ban hành kế hoạch", "lập kế hoạch", "có kế hoạch tổ chức"];
    let at = words::first_of(&sentence.key, &verbs)?;
    // The bodies stand before the verb, or in the heading over an order without a subject.
    let subject = bodies::named(before(&sentence.key, at));
    let own = sentence.context.rsplit(" | ").next().unwrap_or("");
    let (bodies, confidence) = if subject.is_empty() { (bodies::named(own), INFERRED) } else { (subject, CERTAIN) };
    // "Cấp ủy, chính quyền các cấp … có kế hoạch" says what such a plan states; it is read as that.
    if bodies.is_empty() || bodies == [PlanBody::EachLevel] && count_items(&words::key(words::clip(&sentence.clause.text, 2_000))) >= 4 {
        return None;
    }
    let quote = words::cut(sentence.text, at, sentence.text.len());
    Some(sentence.propose(Parameters::ChildPlan { bodies }, confidence, at, words::clip(quote, 160)))
}

fn count_items(key: &str) -> usize {
    ITEMS.iter().filter(|(word, _)| key.contains(word)).count()
}

fn items(sentence: &Sentence<'_>) -> Option<Proposal> {
    let key = &sentence.key;
    // The plan is named in the sentence, or in the one before it: "… có kế hoạch tổ chức; xác định rõ …".
    let is_plan = key.contains("kế hoạch") || words::key(words::clip(&sentence.clause.text, 2_000)).contains("kế hoạch");
    let verb = words::first_of(key, &["xác định", "nêu rõ", "gồm", "thể hiện"]).filter(|_| is_plan)?;
    let list = after(key, verb);
    let items: Vec<PlanItem> = ITEMS.iter().filter(|(word, _)| list.contains(word)).map(|(_, item)| *item).collect();
    if items.len() < 4 {
        return None;
    }
    let confidence = if items.len() >= 6 { CERTAIN } else { LOOSE };
    Some(sentence.propose(Parameters::ChildPlanItems { items }, confidence, verb, after(sentence.text, verb)))
}

fn guidance(sentence: &Sentence<'_>) -> Vec<Proposal> {
    if !sentence.key.contains("theo hướng dẫn") {
        return Vec::new();
    }
    let cited = citations::of_text(sentence.text, &sentence.clause.reference, sentence.clause.line_from);
    let own = cited.into_iter().filter(|citation| citation.kind == DocumentKind::Guidance);
    own.map(|citation| {
        let at = sentence.text.find(citation.quote.as_str()).unwrap_or(0);
        let is_followed = before(&sentence.key, at).trim_end().ends_with("theo");
        let confidence = if is_followed { CERTAIN } else { LOOSE };
        sentence.propose(Parameters::Guidance { citation: citation.printed }, confidence, at, &citation.quote)
    })
    .collect()
}
