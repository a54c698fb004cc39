//! What the document of a report says.

use crate::campaigns::model::Campaign;
use crate::clock;
use crate::labels;
use crate::official_document::{Block, Cell, Column, Document, Paper, Sheet, Table, words};
use crate::org_units::letterhead::Letterhead;
use crate::plans::model::Plan;
use crate::reports::figures::{Basis, Figure, Figures};
use crate::reports::forms::content::{FormContent, FormIndicator, IndicatorKind};
use crate::reports::model::Report;
use chrono::{DateTime, Datelike, Utc};

/// What a nil return is called.
pub const NIL: &str = "không phát sinh";
/// What is called so when nothing is said of an indicator.
const MISSING: &str = "chưa nêu";

/// The document of a report.
pub fn of(
    (report, form): (&Report, &FormContent),
    campaign: &Campaign,
    plan: Option<&Plan>,
    letterhead: &Letterhead,
    now: DateTime<Utc>,
) -> Document {
    let body = letterhead.unit.name.as_str();
    let kind = "Báo cáo";
    let subject = format!("Kết quả tổ chức {}", campaign.name);
    let state = format!("{body}; trạng thái: {}; lập lúc {}.", labels::vi(report.state.as_str()), clock::local_text(now));
    let sheet = Sheet { name: "Số liệu".to_owned(), title: subject.clone(), note: state, table: figures(form, &report.figures) };
    Document {
        name: format!("{kind} kết quả Ngày hội năm {} - {body}", campaign.year),
        paper: Paper {
            header: letterhead.header("BC", plan, clock::local_date(now).year()),
            kind: kind.to_owned(),
            blocks: blocks((report, form), campaign, plan, body),
            subject,
            signature: letterhead.signature(plan),
            recipients: letterhead.recipients(),
            archive: "VT".to_owned(),
            appendices: Vec::new(),
        },
        sheets: vec![sheet],
        list: list(form, &report.figures, body),
    }
}

fn blocks((report, form): (&Report, &FormContent), campaign: &Campaign, plan: Option<&Plan>, body: &str) -> Vec<Block> {
    let intro = match plan.and_then(|plan| plan.document_number.as_deref()) {
        Some(number) => format!("Thực hiện Kế hoạch số {number}, {body} báo cáo kết quả tổ chức {} như sau:", campaign.name),
        None => format!("{body} báo cáo kết quả tổ chức {} như sau:", campaign.name),
    };
    let mut blocks = vec![Block::Paragraph(intro), Block::Section("Số liệu".to_owned()), Block::Table(figures(form, &report.figures))];
    blocks.extend(amounts(form, &report.figures).map(Block::Paragraph));
    if let Some(narrative) = &report.narrative {
        blocks.extend([Block::Section("Kết quả thực hiện".to_owned()), Block::Paragraph(narrative.clone())]);
    }
    blocks.push(Block::Paragraph(format!("Trên đây là báo cáo kết quả tổ chức {} của {body}./.", campaign.name)));
    blocks
}

/// Amounts of money, repeated in words.
fn amounts(form: &FormContent, figures: &Figures) -> impl Iterator<Item = String> {
    let of_money = form.indicators.iter().filter(|indicator| indicator.kind == IndicatorKind::Vnd);
    of_money.filter_map(|indicator| {
        let value = figures.get(&indicator.code)?.value()?;
        Some(format!("{}: bằng chữ: {}.", indicator.name_vi.as_str(), words::dong(value)))
    })
}

/// Number, and what is to be known of it.
fn said(figure: Option<&Figure>) -> (Cell, &'static str) {
    match figure {
        Some(Figure::Value { value, basis, .. }) => (Cell::Number(*value), basis.map_or("", Basis::label)),
        Some(Figure::Text(text)) => (Cell::text(text.as_str()), ""),
        Some(Figure::Nil) => (Cell::Empty, NIL),
        None => (Cell::Empty, MISSING),
    }
}

fn figures(form: &FormContent, figures: &Figures) -> Table {
    let columns = vec![
        Column::new("TT", 6),
        Column::new("Chỉ tiêu", 42),
        Column::new("Đơn vị tính", 14),
        Column::new("Số liệu", 20),
        Column::new("Ghi chú", 18),
    ];
    let mut rows = Vec::new();
    for (no, indicator) in (1..).zip(&form.indicators) {
        let figure = figures.get(&indicator.code);
        let (said, note) = said(figure);
        rows.push(vec![
            Cell::Number(no),
            Cell::text(indicator.name_vi.as_str()),
            Cell::text(indicator.unit_label()),
            said,
            Cell::text(note),
        ]);
        rows.extend(parts(indicator, figure).map(|(_, name, number)| {
            vec![Cell::Empty, Cell::text(format!("– {name}")), Cell::text(indicator.unit_label()), Cell::Number(number), Cell::Empty]
        }));
    }
    Table { columns, rows, has_totals: false }
}

/// Code, name and number of each part that a figure is broken down by, in the order of the form.
fn parts<'f>(indicator: &'f FormIndicator, figure: Option<&'f Figure>) -> impl Iterator<Item = (&'f str, &'f str, i64)> {
    let by_part = match figure {
        Some(Figure::Value { by_part, .. }) => by_part.as_ref(),
        _ => None,
    };
    indicator.parts.iter().filter_map(move |part| Some((part.code.as_str(), part.name_vi.as_str(), *by_part?.0.get(&part.code)?)))
}

fn list(form: &FormContent, figures: &Figures, body: &str) -> Table {
    let columns = ["Đơn vị báo cáo", "Mã chỉ tiêu", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú"];
    let head = |code: String, name: String, unit: &str| [body, code.as_str(), name.as_str(), unit].map(Cell::text);
    let mut rows = Vec::new();
    for indicator in &form.indicators {
        let (code, name, figure) = (&indicator.code, indicator.name_vi.as_str(), figures.get(&indicator.code));
        let (said, note) = said(figure);
        let mut row = Vec::from(head(code.to_string(), name.to_owned(), indicator.unit_label()));
        row.extend([said, Cell::text(note)]);
        rows.push(row);
        rows.extend(parts(indicator, figure).map(|(part, part_name, number)| {
            let mut row = Vec::from(head(format!("{code}.{part}"), format!("{name}: {part_name}"), indicator.unit_label()));
            row.extend([Cell::Number(number), Cell::Empty]);
            row
        }));
    }
    Table { columns: columns.into_iter().map(|title| Column::new(title, 20)).collect(), rows, has_totals: false }
}
