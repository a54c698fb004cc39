//! Invitation templates: who is invited to the sites of the province and to the others.

use super::super::draft::{Clause, Draft};
use super::super::words;
use super::super::{CERTAIN, LOOSE, WEAK};
use super::{Proposal, Sentence, merged, obligation};
use crate::participants::model::ParticipantCategory as Category;
use crate::plans::model::ClauseKind;
use crate::plans::parameters::{AppliesTo, Parameters, Template};

const CATEGORIES: [(&[&str], Category); 8] = [
    (
        &["lãnh đạo tỉnh", "btv tỉnh ủy", "thường vụ tỉnh ủy", "thường trực tỉnh ủy", "lãnh đạo thành phố", "ban dân vận tỉnh ủy"],
        Category::ProvincialLeader,
    ),
    (&["ban chỉ đạo", "bcđ"], Category::CommitteeMember),
    (&["cấp ủy", "chính quyền địa phương", "lãnh đạo các xã", "lãnh đạo địa phương", "lãnh đạo xã"], Category::LocalLeader),
    (&["lực lượng xây dựng phong trào", "nguyên là lãnh đạo", "nguyên lãnh đạo", "lực lượng nòng cốt"], Category::MovementForce),
    (&["khen thưởng", "thành tích xuất sắc", "điển hình tiên tiến"], Category::Commended),
    (&["người có uy tín", "già làng", "trưởng bản"], Category::CommunityElder),
    (&["phóng viên", "báo chí"], Category::Press),
    (&["mặt trận", "mttq", "đoàn thể"], Category::FrontAndUnions),
];

/// The templates of a text.
pub(super) fn of(draft: &Draft, sentences: &[Sentence<'_>]) -> Vec<Proposal> {
    let is_adaptable = sentences.iter().any(|sentence| {
        words::has(&sentence.key, &["cho phù hợp", "phù hợp với tình hình"]) && words::has(&sentence.key, &["mời", "thành phần dự"])
    });
    let mut all = Vec::new();
    let contexts = super::contexts(&draft.clauses);
    for (at, (clause, context)) in draft.clauses.iter().zip(&contexts).enumerate() {
        let is_group = matches!(clause.kind, ClauseKind::Lettered | ClauseKind::Numbered | ClauseKind::Bullet);
        if is_group && words::has(context, &["thành phần", "khách mời", "đại biểu"]) {
            all.extend(template(draft, at, clause, is_adaptable));
        }
    }
    merged(all, |one, other| template_of(one) == template_of(other), |_, _| {})
}

fn template_of(parameters: &Parameters) -> Option<Template> {
    match parameters {
        Parameters::InvitationTemplate { template, .. } => Some(*template),
        _ => None,
    }
}

fn template(draft: &Draft, at: usize, clause: &Clause, is_adaptable: bool) -> Option<Proposal> {
    let (head, own) = match (&clause.heading, clause.kind) {
        (Some(heading), _) => (words::key(words::clip(heading, 300)), clause.text.as_str()),
        // "- Đối với điểm của tỉnh: …" has its heading within the item.
        (None, ClauseKind::Bullet) => clause.text.split_once(':').map(|(head, text)| (words::key(words::clip(head, 300)), text))?,
        (None, _) => return None,
    };
    let is_other = words::has(&head, &["còn lại", "địa bàn khác", "điểm khác", "nơi khác"]);
    let is_pilot = !is_other && words::has(&head, &["điểm", "lãnh đạo tỉnh"]) && words::has(&head, &["tỉnh", "thành phố", "mời"]);
    // Its items follow it, each with this clause as parent.
    let is_item = |item: &&Clause| item.parent_reference.as_deref() == Some(clause.reference.as_str());
    let items: Vec<&Clause> = draft.clauses.iter().skip(at.saturating_add(1)).take(60).take_while(is_item).collect();
    let texts: Vec<String> = std::iter::once(own).chain(items.iter().map(|item| item.text.as_str())).map(words::key).collect();
    let has = |marks: &[&str]| texts.iter().any(|text| words::has(text, marks));
    let categories: Vec<Category> = CATEGORIES.iter().filter(|(marks, _)| has(marks)).map(|(_, category)| *category).collect();
    if categories.is_empty() || !(is_other || is_pilot || head.contains("thành phần") && categories.len() >= 3) {
        return None;
    }
    let (template, applies_to) = if is_pilot { (Template::A, AppliesTo::ProvincialPilot) } else { (Template::B, AppliesTo::OtherSites) };
    let confidence = if is_other || is_pilot { if categories.len() >= 3 { CERTAIN } else { LOOSE } } else { WEAK };
    // The freedom to adapt is the localities': it is about the sites that they hold themselves.
    let adaptable = is_adaptable && !is_pilot;
    let heading = clause.heading.clone().unwrap_or_else(|| clause.text.clone());
    let statement = std::iter::once(heading.as_str()).chain(items.iter().map(|item| item.text.as_str())).collect::<Vec<_>>().join("\n- ");
    Some(Proposal {
        at,
        place: 0,
        parameters: Parameters::InvitationTemplate { template, applies_to, categories, adaptable },
        obligation: obligation(&head),
        statement,
        quote: heading,
        confidence,
        also: items.iter().zip(at.saturating_add(1)..).map(|(_, at)| at).collect(),
    })
}
