//! What the document of a report says.

use crate::campaigns::model::Campaign;
use crate::clock;
use crate::labels;
use crate::official_document::{Block, Cell, Column, Document, Paper, Sheet, Table, words};
use crate::org_units::letterhead::Letterhead;
use crate::plans::model::Plan;
use crate::reports::figures::{Figure, Figures};
use crate::reports::indicators::{Indicator, IndicatorUnit};
use crate::reports::model::Report;
use chrono::{DateTime, Datelike, Utc};

/// What a nil return is called.
pub const NIL: &str = "không phát sinh";
/// What is called so when nothing is said of an indicator.
const MISSING: &str = "chưa nêu";

/// The document of a report.
pub fn of(report: &Report, campaign: &Campaign, plan: Option<&Plan>, letterhead: &Letterhead, now: DateTime<Utc>) -> Document {
    let body = letterhead.unit.name.as_str();
    let kind = "Báo cáo";
    let subject = format!("Kết quả tổ chức {}", campaign.name);
    let state = format!("{body}; trạng thái: {}; lập lúc {}.", labels::vi(report.state.as_str()), clock::local_text(now));
    let sheet = Sheet { name: "Số liệu".to_owned(), title: subject.clone(), note: state, table: figures(&report.figures) };
    Document {
        name: format!("{kind} kết quả Ngày hội năm {} - {body}", campaign.year),
        paper: Paper {
            header: letterhead.header("BC", plan, clock::local_date(now).year()),
            kind: kind.to_owned(),
            blocks: blocks(report, campaign, plan, body),
            subject,
            signature: letterhead.signature(plan),
            recipients: letterhead.recipients(),
            archive: "VT".to_owned(),
            appendices: Vec::new(),
        },
        sheets: vec![sheet],
        list: list(&report.figures, body),
    }
}

fn blocks(report: &Report, campaign: &Campaign, plan: Option<&Plan>, body: &str) -> Vec<Block> {
    let intro = match plan.and_then(|plan| plan.document_number.as_deref()) {
        Some(number) => format!("Thực hiện Kế hoạch số {number}, {body} báo cáo kết quả tổ chức {} như sau:", campaign.name),
        None => format!("{body} báo cáo kết quả tổ chức {} như sau:", campaign.name),
    };
    let mut blocks = vec![Block::Paragraph(intro), Block::Section("Số liệu".to_owned()), Block::Table(figures(&report.figures))];
    blocks.extend(amounts(&report.figures).map(Block::Paragraph));
    if let Some(narrative) = &report.narrative {
        blocks.extend([Block::Section("Kết quả thực hiện".to_owned()), Block::Paragraph(narrative.clone())]);
    }
    blocks.push(Block::Paragraph(format!("Trên đây là báo cáo kết quả tổ chức {} của {body}./.", campaign.name)));
    blocks
}

/// Amounts of money, repeated in words.
fn amounts(figures: &Figures) -> impl Iterator<Item = String> {
    let of_money = Indicator::ALL.iter().filter(|indicator| indicator.unit() == IndicatorUnit::Vnd);
    of_money.filter_map(|indicator| {
        let value = figures.get(*indicator)?.value()?;
        Some(format!("{}: bằng chữ: {}.", indicator.name().vi, words::dong(value)))
    })
}

/// Number, and what is to be known of it.
fn said(figure: Option<Figure>) -> (Cell, &'static str) {
    match figure {
        Some(Figure::Value { value, basis }) => (Cell::Number(value), basis.label()),
        Some(Figure::Nil) => (Cell::Empty, NIL),
        None => (Cell::Empty, MISSING),
    }
}

fn figures(figures: &Figures) -> Table {
    let columns = vec![
        Column::new("TT", 6),
        Column::new("Chỉ tiêu", 42),
        Column::new("Đơn vị tính", 14),
        Column::new("Số liệu", 20),
        Column::new("Ghi chú", 18),
    ];
    let row = |(no, indicator): (i64, &Indicator)| {
        let (number, note) = said(figures.get(*indicator));
        vec![Cell::Number(no), Cell::text(indicator.name().vi), Cell::text(indicator.unit().label()), number, Cell::text(note)]
    };
    Table { columns, rows: (1..).zip(Indicator::ALL).map(row).collect(), has_totals: false }
}

fn list(figures: &Figures, body: &str) -> Table {
    let columns = ["Đơn vị báo cáo", "Mã chỉ tiêu", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú"];
    let row = |indicator: &Indicator| {
        let (number, note) = said(figures.get(*indicator));
        vec![
            Cell::text(body),
            Cell::text(indicator.code()),
            Cell::text(indicator.name().vi),
            Cell::text(indicator.unit().label()),
            number,
            Cell::text(note),
        ]
    };
    Table {
        columns: columns.into_iter().map(|title| Column::new(title, 20)).collect(),
        rows: Indicator::ALL.iter().map(row).collect(),
        has_totals: false,
    }
}
