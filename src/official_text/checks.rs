//! What a person should look at: parts that are missing, dates that are none, numbers out of order.

use super::draft::{Clause, Draft};
use super::finding::{Finding, Severity};
use super::layout::Layout;
use super::paragraphs::Paragraph;
use super::{clauses, conflicts, dates, numbering, words};
use crate::plans::model::ClauseKind;
use std::collections::HashMap;

/// Findings shown, at most.
const MAX: usize = 500;

/// All findings about a draft.
pub(super) fn of(draft: &Draft, all: &[Paragraph], layout: &Layout, cut_at: Option<u32>) -> Vec<Finding> {
    let mut findings = header(draft, all, layout);
    findings.extend(sections(draft));
    findings.extend(footer(draft, cut_at));
    findings.extend(unreadable_dates(draft));
    findings.extend(order(&draft.clauses));
    findings.extend(conflicts::of(draft));
    findings.truncate(MAX);
    findings
}

fn header(draft: &Draft, all: &[Paragraph], layout: &Layout) -> Vec<Finding> {
    let error = |code, vi: &str, en: &str| Finding::new(code, Severity::Error, vi, en);
    let mut findings = Vec::new();
    if draft.number.is_none() {
        findings.push(error("missing_number", "Không tìm thấy số của văn bản.", "The number of the document was not found."));
    }
    if draft.issued_on.is_none() {
        let header = all.get(layout.header.clone()).unwrap_or(&[]);
        findings.push(match header.iter().find(|paragraph| dates::is_blank(&paragraph.key) || dates::first(&paragraph.key).is_some()) {
            Some(paragraph) => {
                let line = words::line_no(paragraph.from);
                error("unreadable_date", "Không đọc được ngày ban hành.", "The date of issue cannot be read.").at(
                    None,
                    line,
                    &paragraph.text,
                )
            }
            None => error("missing_issue_date", "Không tìm thấy ngày ban hành.", "The date of issue was not found."),
        });
    }
    if draft.kind.is_none() {
        findings.push(error("missing_kind", "Không tìm thấy tên loại văn bản.", "The kind of the document was not found."));
    }
    if draft.title.is_none() {
        findings.push(error("missing_title", "Không tìm thấy trích yếu của văn bản.", "The title of the document was not found."));
    }
    if draft.legal_bases.is_empty() {
        findings.push(Finding::new(
            "missing_legal_bases",
            Severity::Warning,
            "Phần mở đầu không viện dẫn văn bản nào.",
            "The preamble cites no document.",
        ));
    }
    findings
}

/// The three sections that a plan has, each by the words of its heading.
const SECTIONS: [(&str, &[&str], &str, &str); 3] = [
    ("I", &["mục đích", "yêu cầu"], "mục đích, yêu cầu", "purpose and requirements"),
    ("II", &["nội dung", "nhiệm vụ", "giải pháp", "hoạt động"], "nội dung thực hiện", "content"),
    ("III", &["tổ chức thực hiện", "phân công", "trách nhiệm"], "tổ chức thực hiện", "implementation"),
];

fn sections(draft: &Draft) -> Vec<Finding> {
    let is_top = |clause: &&Clause| clause.parent_reference.is_none() && matches!(clause.kind, ClauseKind::Section | ClauseKind::Numbered);
    let headings: Vec<String> =
        draft.clauses.iter().filter(is_top).map(|clause| words::key(clause.heading.as_deref().unwrap_or(&clause.text))).collect();
    let missing = SECTIONS.iter().filter(|(_, marks, _, _)| !headings.iter().any(|heading| words::has(heading, marks)));
    missing
        .map(|(number, _, vi, en)| {
            let mut finding = Finding::new(
                "missing_section",
                Severity::Error,
                format!("Không tìm thấy phần {number} ({vi})."),
                format!("Section {number} ({en}) was not found."),
            );
            finding.clause = Some((*number).to_owned());
            finding
        })
        .collect()
}

fn footer(draft: &Draft, cut_at: Option<u32>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if draft.recipients.is_empty() {
        findings.push(Finding::new(
            "missing_recipients",
            Severity::Error,
            "Không tìm thấy phần nơi nhận.",
            "The list of recipients was not found.",
        ));
    } else if let Some(line) = cut_at {
        let last = draft.recipients.last().map_or("", |recipient| recipient.name.as_str());
        findings.push(
            Finding::new(
                "truncated_recipients",
                Severity::Warning,
                "Danh sách nơi nhận có thể bị thiếu: không có dòng \"Lưu\" ở cuối hoặc dòng cuối chưa hết.",
                "The list of recipients may be cut off: it has no archive line, or its last line is not finished.",
            )
            .at(None, line, last),
        );
    }
    match &draft.signatory {
        None => {
            findings.push(Finding::new("missing_signature", Severity::Error, "Không tìm thấy phần chữ ký.", "The signature was not found."))
        }
        Some(found) if found.value.name.is_none() => findings.push(
            Finding::new(
                "missing_signatory_name",
                Severity::Warning,
                "Không tìm thấy họ tên người ký.",
                "The name of the signatory was not found.",
            )
            .at(None, found.line, &found.quote),
        ),
        Some(_) => {}
    }
    findings
}

fn unreadable_dates(draft: &Draft) -> Vec<Finding> {
    let mut findings = Vec::new();
    for clause in &draft.clauses {
        for text in clause.heading.iter().chain(std::iter::once(&clause.text)) {
            for hit in dates::all(&words::key(text)).into_iter().filter(|hit| hit.date.is_none()) {
                let quote = words::cut(text, hit.range.start, hit.range.end);
                let (vi, en) = (format!("Ngày không có thật: {quote}."), format!("There is no such date: {quote}."));
                findings.push(Finding::new("unreadable_date", Severity::Warning, vi, en).at(
                    Some(&clause.reference),
                    clause.line_from,
                    quote,
                ));
                if findings.len() >= MAX {
                    return findings;
                }
            }
        }
    }
    findings
}

/// The place of a clause among those beside it.
fn ordinal(clause: &Clause) -> Option<i32> {
    let marker = clause.marker.as_deref()?;
    let bare = marker.trim_end_matches(['.', ')', '/', ':']);
    match clause.kind {
        ClauseKind::Section => Some(numbering::roman(bare)),
        ClauseKind::Numbered => bare.rsplit('.').next()?.parse().ok(),
        ClauseKind::Lettered => {
            // The letters of Vietnamese lists.
            let at = "abcdđeghiklmnopqrstuvxy".chars().position(|letter| bare.starts_with(letter))?;
            i32::try_from(at).ok()?.checked_add(1)
        }
        _ => None,
    }
}

fn order(clauses: &[Clause]) -> Vec<Finding> {
    let mut last: HashMap<(&str, &str), i32> = HashMap::new();
    let mut findings = Vec::new();
    for clause in clauses.iter().filter(|clause| clause.reference != clauses::PREAMBLE) {
        let Some(no) = ordinal(clause) else { continue };
        let kind = if clause.kind == ClauseKind::Lettered { "letter" } else { "number" };
        let before = last.insert((clause.parent_reference.as_deref().unwrap_or(""), kind), no).unwrap_or(0);
        let marker = clause.marker.as_deref().unwrap_or("");
        let (code, vi, en) = if no == before.saturating_add(1) {
            continue;
        } else if no <= before {
            ("numbering_repeat", format!("Mục {marker} lặp lại hoặc sai thứ tự."), format!("Number {marker} is repeated or out of order."))
        } else {
            ("numbering_gap", format!("Thiếu mục ngay trước {marker}."), format!("A number right before {marker} is missing."))
        };
        let quote = format!("{marker} {}", clause.heading.as_deref().unwrap_or(&clause.text));
        findings.push(Finding::new(code, Severity::Warning, vi, en).at(Some(&clause.reference), clause.line_from, &quote));
        if findings.len() >= MAX {
            break;
        }
    }
    findings
}
