//! What the document of the lights says: the rules, why each has its light, its figures, and what to do next.

use super::dto::{ComplianceOut, FactOut, RuleCountsOut, RuleStateOut};
use crate::campaigns::model::Campaign;
use crate::clock;
use crate::labels;
use crate::official_document::{Block, Cell, Column, Document, Paper, Sheet, Table, text};
use crate::org_units::letterhead::Letterhead;
use crate::plans::model::Plan;
use chrono::Datelike;

/// Bodies named in a cell of the paper; the workbook and the list name all.
const NAMED: usize = 12;

/// The document of the lights of a campaign.
pub fn of(lights: &ComplianceOut, campaign: &Campaign, plan: Option<&Plan>, letterhead: &Letterhead) -> Document {
    let body = letterhead.unit.name.as_str();
    let subject = format!("Việc thực hiện các quy định của kế hoạch {}", campaign.name);
    let note = format!("{body}; số liệu lúc {}.", clock::local_text(lights.as_of));
    let sheet = |name: &str, table: Table| Sheet { name: name.to_owned(), title: subject.clone(), note: note.clone(), table };
    Document {
        name: format!("Báo cáo thực hiện quy định Ngày hội năm {} - {body}", campaign.year),
        sheets: vec![sheet("Quy định", rules(lights)), sheet("Số liệu", list(lights))],
        list: list(lights),
        paper: Paper {
            header: letterhead.header("BC", plan, clock::local_date(lights.as_of).year()),
            kind: "Báo cáo".to_owned(),
            blocks: blocks(lights, campaign, plan, body),
            subject,
            signature: letterhead.signature(plan),
            recipients: letterhead.recipients(),
            archive: "VT".to_owned(),
            appendices: Vec::new(),
        },
    }
}

fn blocks(lights: &ComplianceOut, campaign: &Campaign, plan: Option<&Plan>, body: &str) -> Vec<Block> {
    let by = plan.and_then(|plan| plan.document_number.as_ref()).map_or_else(String::new, |number| format!(" theo Kế hoạch số {number}"));
    let counts = counts(&lights.counts).map(|(state, count)| format!("{} {}", text::number(count), labels::vi(state)));
    vec![
        Block::Paragraph(format!("{body} báo cáo việc thực hiện các quy định của {}{by} như sau:", campaign.name)),
        Block::Section("Kết quả chung".to_owned()),
        Block::Paragraph(format!(
            "Đến {}, trong {} quy định có: {}.",
            clock::local_text(lights.as_of),
            lights.rules.len(),
            counts.join("; ")
        )),
        Block::Section("Từng quy định".to_owned()),
        Block::Table(paper_rules(lights)),
        Block::Paragraph(format!("Trên đây là báo cáo việc thực hiện các quy định của {}./.", campaign.name)),
    ]
}

fn counts(counts: &RuleCountsOut) -> [(&'static str, i64); 6] {
    let RuleCountsOut { met, open, at_risk, violated, unbound, not_applicable } = *counts;
    [("met", met), ("open", open), ("at_risk", at_risk), ("violated", violated), ("unbound", unbound), ("not_applicable", not_applicable)]
}

fn paper_rules(lights: &ComplianceOut) -> Table {
    let columns = vec![
        Column::new("Quy định", 11),
        Column::new("Nội dung", 28),
        Column::new("Mức độ, kết quả", 15),
        Column::new("Số liệu, lý do", 28),
        Column::new("Việc cần làm", 18),
    ];
    let row = |rule: &RuleStateOut| {
        let mut figures: Vec<String> = rule.facts.iter().map(|fact| figure(fact, NAMED)).collect();
        figures.insert(0, rule.reason.clone());
        vec![
            Cell::text(format!("{}\n{}", rule.rule_id, clauses(rule))),
            Cell::text(&rule.statement),
            Cell::text(format!("{}\n{}", labels::vi(rule.obligation.as_str()), labels::vi(rule.state.as_str()))),
            Cell::text(figures.join("\n")),
            Cell::text(next(rule)),
        ]
    };
    Table { columns, rows: lights.rules.iter().map(row).collect(), has_totals: false }
}

fn rules(lights: &ComplianceOut) -> Table {
    let titles = [
        ("Mã", 8),
        ("Điều khoản", 16),
        ("Nội dung", 50),
        ("Mức độ", 14),
        ("Kết quả", 20),
        ("Lý do", 36),
        ("Thời hạn", 20),
        ("Việc cần làm", 36),
    ];
    let row = |rule: &RuleStateOut| {
        vec![
            Cell::text(&rule.rule_id),
            Cell::text(clauses(rule)),
            Cell::text(&rule.statement),
            Cell::text(labels::vi(rule.obligation.as_str())),
            Cell::text(labels::vi(rule.state.as_str())),
            Cell::text(&rule.reason),
            Cell::optional(rule.deadline.map(clock::local_text)),
            Cell::optional(rule.next.as_ref()),
        ]
    };
    Table { columns: columns(&titles), rows: lights.rules.iter().map(row).collect(), has_totals: false }
}

/// One row for each figure of each rule; one for a rule without any.
fn list(lights: &ComplianceOut) -> Table {
    let titles = [
        ("Mã", 8),
        ("Điều khoản", 16),
        ("Mức độ", 14),
        ("Kết quả", 20),
        ("Mã số liệu", 22),
        ("Số liệu", 36),
        ("Giá trị", 12),
        ("Cần đạt", 12),
        ("Đơn vị", 60),
        ("Lý do", 36),
        ("Thời hạn", 20),
        ("Việc cần làm", 36),
    ];
    let mut rows = Vec::new();
    for rule in &lights.rules {
        let head = [&rule.rule_id, &clauses(rule), labels::vi(rule.obligation.as_str()), labels::vi(rule.state.as_str())].map(Cell::text);
        let tail = [Cell::text(&rule.reason), Cell::optional(rule.deadline.map(clock::local_text)), Cell::optional(rule.next.as_ref())];
        let none = std::iter::once(None).filter(|_| rule.facts.is_empty());
        for fact in rule.facts.iter().map(Some).chain(none) {
            let mut row = Vec::from(head.clone());
            match fact {
                Some(fact) => row.extend([
                    Cell::text(fact.name),
                    Cell::text(&fact.label),
                    Cell::Number(fact.value),
                    Cell::number(fact.expected),
                    Cell::text(names(fact, usize::MAX)),
                ]),
                None => row.extend(vec![Cell::Empty; 5]),
            }
            row.extend(tail.clone());
            rows.push(row);
        }
    }
    Table { columns: columns(&titles), rows, has_totals: false }
}

fn columns(titles: &[(&str, u32)]) -> Vec<Column> {
    titles.iter().map(|(title, width)| Column::new(*title, *width)).collect()
}

fn clauses(rule: &RuleStateOut) -> String {
    let named = |clause: &String| match clause.as_str() {
        "preamble" => "Phần mở đầu".to_owned(),
        "closing" => "Đoạn kết".to_owned(),
        _ => clause.clone(),
    };
    std::iter::once(&rule.clause).chain(&rule.also_in).map(named).collect::<Vec<_>>().join("; ")
}

fn next(rule: &RuleStateOut) -> String {
    let deadline = rule.deadline.map(|at| format!("Thời hạn: {}.", clock::local_text(at)));
    rule.next.iter().cloned().chain(deadline).collect::<Vec<_>>().join("\n")
}

fn figure(fact: &FactOut, most: usize) -> String {
    let expected = fact.expected.map_or_else(String::new, |expected| format!(" (cần đạt {})", text::number(expected)));
    let names = names(fact, most);
    let names = if names.is_empty() { names } else { format!(": {names}") };
    format!("{}: {}{expected}{names}", fact.label, text::number(fact.value))
}

fn names(fact: &FactOut, most: usize) -> String {
    let mut names: Vec<&str> = fact.bodies.iter().map(|body| body.name.as_str()).take(most).collect();
    if names.len() < fact.bodies.len() {
        names.push("…");
    }
    names.join("; ")
}
