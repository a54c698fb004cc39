//! What the document of the consolidation says. Its figures are those of the answer in JSON; levels are added up by the same function.

use super::dto::{ConsolidationOut, IndicatorTotal};
use super::queries::AcceptedReport;
use super::rules;
use super::sheets::{self, Level, LevelNames};
use crate::campaigns::model::Campaign;
use crate::clock;
use crate::error::AppError;
use crate::official_document::{Appendix, Block, Cell, Column, Document, Paper, Sum, Table, text, words};
use crate::org_units::letterhead::Letterhead;
use crate::org_units::model::OrgLevel;
use crate::plans::model::Plan;
use crate::reports::completeness::model::ReportFigures;
use crate::reports::figures::Basis;
use crate::reports::forms::content::{FormIndicator, IndicatorKind};
use chrono::Datelike;
use std::collections::BTreeSet;

/// What stands around the figures.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Gathered {
    pub campaign: Campaign,
    pub plan: Option<Plan>,
    pub letterhead: Letterhead,
    pub figures: ReportFigures,
    pub indicators: Vec<FormIndicator>,
}

/// The document of a consolidation.
pub fn of(gathered: &Gathered, shown: &ConsolidationOut, accepted: &[AcceptedReport]) -> Result<Document, AppError> {
    let Gathered { campaign, plan, letterhead, figures: _, indicators } = gathered;
    let (levels, names) = (levels(indicators, accepted)?, LevelNames::of(accepted));
    let kind = "Báo cáo";
    let subject = format!("Tổng hợp kết quả tổ chức {}", campaign.name);
    let (header, signature) =
        (letterhead.header("BC", plan.as_ref(), clock::local_date(shown.as_of).year()), letterhead.signature(plan.as_ref()));
    let mut recipients = letterhead.recipients();
    if letterhead.unit.id == campaign.org_unit_id {
        // R17, III.1: to the central committee and to the People's Committee of the province.
        recipients.push("Ủy ban nhân dân cùng cấp".to_owned());
    }
    recipients.push("Các đơn vị có báo cáo".to_owned());
    Ok(Document {
        name: format!("{kind} tổng hợp kết quả Ngày hội năm {} - {}", campaign.year, letterhead.unit.name),
        paper: Paper {
            header,
            kind: kind.to_owned(),
            subject: subject.clone(),
            blocks: blocks(gathered, shown, &levels),
            signature,
            recipients,
            archive: "VT".to_owned(),
            appendices: vec![Appendix { title: "Nguồn của số liệu tổng hợp".to_owned(), table: sources(shown, &names) }],
        },
        sheets: sheets::of(shown, &levels, &names, &subject),
        list: sheets::list(shown, &names),
    })
}

/// The reports of each level that there is, from the top down.
fn levels(indicators: &[FormIndicator], accepted: &[AcceptedReport]) -> Result<Vec<Level>, AppError> {
    let known: BTreeSet<OrgLevel> = accepted.iter().map(|report| report.org_unit_level).collect();
    let of = |level: OrgLevel| {
        let reports: Vec<AcceptedReport> = accepted.iter().filter(|report| report.org_unit_level == level).cloned().collect();
        rules::totals(indicators, &reports).map(|totals| Level { level, reports, totals })
    };
    known.into_iter().map(of).collect()
}

fn blocks(gathered: &Gathered, shown: &ConsolidationOut, levels: &[Level]) -> Vec<Block> {
    let Gathered { campaign, plan: _, letterhead, figures, indicators: _ } = gathered;
    let percent = |share: Option<f64>| share.map_or_else(String::new, |share| format!(" ({}%)", share.to_string().replace('.', ",")));
    let mut blocks = vec![
        Block::Paragraph(format!("{} tổng hợp kết quả tổ chức {} như sau:", letterhead.unit.name, campaign.name)),
        Block::Section("Tình hình báo cáo".to_owned()),
        Block::Paragraph(format!(
            "Đến {}, có {} báo cáo phải nộp; đã nộp {}{}, trong đó đúng hạn {}{}, trễ hạn {}; chưa nộp {}. Số báo cáo đã được chấp nhận và được cộng \
             vào số liệu tổng hợp: {}.",
            clock::local_text(shown.as_of),
            text::number(shown.expected_count),
            text::number(figures.submitted),
            percent(figures.completeness_percent()),
            text::number(figures.in_time),
            percent(figures.timeliness_percent()),
            text::number(figures.late),
            text::number(figures.missing + figures.draft),
            text::number(shown.accepted_count),
        )),
        Block::Section("Số liệu tổng hợp".to_owned()),
        Block::Table(totals(shown, levels)),
    ];
    let of_money = shown.totals.iter().filter(|total| total.kind == IndicatorKind::Vnd);
    blocks.extend(of_money.filter_map(|total| Some(Block::Paragraph(format!("{}: bằng chữ: {}.", total.name, words::dong(total.value?))))));
    for total in &shown.totals {
        let Some(texts) = total.texts.as_ref().filter(|texts| !texts.is_empty()) else { continue };
        blocks.push(Block::Section(total.name.clone()));
        for told in texts {
            blocks.extend([Block::Heading(told.org_unit_name.clone()), Block::Paragraph(told.text.clone())]);
        }
    }
    if let Some(narratives) = shown.narratives.as_ref().filter(|narratives| !narratives.is_empty()) {
        blocks.push(Block::Section("Kết quả theo báo cáo của các đơn vị".to_owned()));
        for told in narratives {
            blocks.extend([Block::Heading(told.org_unit_name.clone()), Block::Paragraph(told.narrative.clone())]);
        }
    }
    blocks.push(Block::Paragraph(format!(
        "Trên đây là báo cáo tổng hợp kết quả tổ chức {}; nguồn của từng số liệu nêu tại Phụ lục./.",
        campaign.name
    )));
    blocks
}

fn totals(shown: &ConsolidationOut, levels: &[Level]) -> Table {
    let mut columns = vec![Column::new("TT", 5), Column::new("Chỉ tiêu", 30), Column::new("Đơn vị tính", 11)];
    columns.extend(levels.iter().map(|level| Column::new(level.name(), 14)));
    columns.extend([Column::new("Tổng cộng", 16), Column::new("Ghi chú", 20)]);
    let rows = (1..).zip(&shown.totals).enumerate().map(|(at, (no, total))| {
        let mut row = vec![Cell::Number(no), Cell::text(&total.name), Cell::text(total.unit_label())];
        row.extend(levels.iter().map(|level| Cell::number(level.totals.get(at).and_then(|total| total.value))));
        row.extend([Cell::number(total.value), Cell::text(note(total))]);
        row
    });
    Table { columns, rows: rows.collect(), has_totals: false }
}

fn note(total: &IndicatorTotal) -> String {
    let mut parts = Vec::new();
    if total.is_estimated {
        parts.push("có số ước tính".to_owned());
    }
    for (count, what) in [(total.source_count, "nêu"), (total.nil_count, "không phát sinh"), (total.missing_count, "chưa nêu")] {
        if count > 0 {
            parts.push(format!("{} báo cáo {what}", text::number(count)));
        }
    }
    parts.join("; ")
}

/// Each total with the reports that it is made of.
fn sources(shown: &ConsolidationOut, names: &LevelNames) -> Table {
    let columns = vec![
        Column::new("Chỉ tiêu", 30),
        Column::new("Đơn vị báo cáo", 34),
        Column::new("Cấp", 10),
        Column::new("Số liệu", 16),
        Column::new("Cách xác định", 12),
    ];
    let mut rows = Vec::new();
    for total in shown.totals.iter().filter(|total| !total.shown_sources().is_empty()) {
        for source in total.shown_sources() {
            rows.push(vec![
                Cell::text(&total.name),
                Cell::text(&source.org_unit_name),
                names.get(source.report_id),
                Cell::Number(source.value),
                Cell::optional(source.basis.map(Basis::label)),
            ]);
        }
        let added = Cell::Total(Sum::Cells(Vec::new()), total.value);
        rows.push(vec![Cell::text(&total.name), Cell::text("Tổng cộng"), Cell::Empty, added, Cell::Empty]);
    }
    Table { columns, rows, has_totals: false }
}
