//! The consolidation as a workbook and as a list: a sheet for each level, whose totals the summary adds up.

use super::dto::{ConsolidationOut, IndicatorTotal};
use super::queries::AcceptedReport;
use crate::clock;
use crate::ids::ReportId;
use crate::labels;
use crate::official_document::{Cell, Column, Place, Sheet, Sum, Table};
use crate::org_units::model::OrgLevel;
use crate::reports::document::content::NIL;
use crate::reports::figures::{Basis, Figure};
use crate::reports::forms::content::IndicatorKind;
use std::collections::HashMap;

/// The accepted reports of one level of bodies, with their own totals.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Level {
    pub level: OrgLevel,
    pub reports: Vec<AcceptedReport>,
    pub totals: Vec<IndicatorTotal>,
}

impl Level {
    /// Its name, which is that of its sheet.
    pub fn name(&self) -> String {
        name_of(self.level)
    }
}

fn name_of(level: OrgLevel) -> String {
    match level {
        OrgLevel::Central => "Trung ương".to_owned(),
        OrgLevel::Unit => "Cơ sở".to_owned(),
        level => format!("Cấp {}", labels::vi(level.as_str())),
    }
}

/// The levels of the bodies, by their reports.
#[derive(Debug)]
pub struct LevelNames(HashMap<ReportId, OrgLevel>);

impl LevelNames {
    /// Those of some reports.
    pub fn of(accepted: &[AcceptedReport]) -> Self {
        Self(accepted.iter().map(|report| (report.id, report.org_unit_level)).collect())
    }

    /// The level of the body whose report this is.
    pub fn get(&self, report: ReportId) -> Cell {
        Cell::optional(self.0.get(&report).copied().map(name_of))
    }
}

/// Columns before those of the indicators in the sheet of a level, and before those of the levels in the summary.
const LEVEL_HEAD: usize = 2;
const SUMMARY_HEAD: usize = 4;

/// The sheets: the summary, one for each level, and the list of sources.
pub fn of(shown: &ConsolidationOut, levels: &[Level], names: &LevelNames, subject: &str) -> Vec<Sheet> {
    let note = format!(
        "Số liệu lúc {}; cộng từ {} báo cáo đã chấp nhận trong {} báo cáo phải nộp. Ô trống là chưa có số liệu, không phải số 0.",
        clock::local_text(shown.as_of),
        shown.accepted_count,
        shown.expected_count
    );
    let sheet = |name: &str, table: Table| Sheet { name: name.to_owned(), title: subject.to_owned(), note: note.clone(), table };
    let mut sheets = vec![sheet("Tổng hợp", summary(shown, levels))];
    sheets.extend(levels.iter().map(|level| sheet(&level.name(), bodies(level))));
    sheets.push(sheet("Nguồn số liệu", list(shown, names)));
    sheets
}

fn summary(shown: &ConsolidationOut, levels: &[Level]) -> Table {
    let mut columns =
        vec![Column::new("TT", 6), Column::new("Mã chỉ tiêu", 24), Column::new("Chỉ tiêu", 42), Column::new("Đơn vị tính", 12)];
    columns.extend(levels.iter().map(|level| Column::new(level.name(), 18)));
    columns.push(Column::new("Tổng cộng", 20));
    columns.extend(["Có số ước tính", "Báo cáo nêu", "Báo cáo không phát sinh", "Báo cáo chưa nêu"].map(|title| Column::new(title, 12)));
    let rows = (1..).zip(&shown.totals).enumerate().map(|(at, (no, total))| {
        let mut row = vec![Cell::Number(no), Cell::text(total.code.as_str()), Cell::text(&total.name), Cell::text(total.unit_label())];
        let is_added = total.kind != IndicatorKind::Text;
        row.extend(levels.iter().map(|level| {
            if !is_added {
                return Cell::Empty;
            }
            let place = Place { sheet: Some(level.name()), row: level.reports.len(), column: LEVEL_HEAD + at };
            Cell::Total(Sum::Cells(vec![place]), level.totals.get(at).and_then(|total| total.value))
        }));
        let places = (0..levels.len()).map(|level| Place { sheet: None, row: at, column: SUMMARY_HEAD + level });
        row.push(if is_added { Cell::Total(Sum::Cells(places.collect()), total.value) } else { Cell::Empty });
        row.push(Cell::text(if total.is_estimated { "có" } else { "" }));
        row.extend([total.source_count, total.nil_count, total.missing_count].map(Cell::Number));
        row
    });
    Table { columns, rows: rows.collect(), has_totals: false }
}

/// The bodies of a level, an indicator in each column; the last row adds them up.
fn bodies(level: &Level) -> Table {
    let mut columns = vec![Column::new("TT", 6), Column::new("Đơn vị báo cáo", 40)];
    let titles = level.totals.iter().map(|total| match &total.unit_name {
        Some(unit) => format!("{} ({unit})", total.name),
        None => total.name.clone(),
    });
    columns.extend(titles.map(|title| Column::new(title, 16)));
    let row = |(no, report): (i64, &AcceptedReport)| {
        let mut row = vec![Cell::Number(no), Cell::text(&report.org_unit_name)];
        row.extend(level.totals.iter().map(|total| match report.figures.get(&total.code) {
            Some(Figure::Value { value, .. }) => Cell::Number(*value),
            // Words are for who may read reports; they stand in the paper, on request.
            Some(Figure::Text(_)) => Cell::text("bằng lời"),
            Some(Figure::Nil) => Cell::text(NIL),
            None => Cell::Empty,
        }));
        row
    };
    let mut rows: Vec<Vec<Cell>> = (1..).zip(&level.reports).map(row).collect();
    let mut last = vec![Cell::Empty, Cell::text("Cộng")];
    last.extend(level.totals.iter().map(|total| match total.kind {
        IndicatorKind::Text => Cell::Empty,
        IndicatorKind::Integer | IndicatorKind::Vnd => Cell::Total(Sum::Above, total.value),
    }));
    rows.push(last);
    Table { columns, rows, has_totals: true }
}

/// One row for each total, and one for each report that it is made of.
pub fn list(shown: &ConsolidationOut, names: &LevelNames) -> Table {
    let titles = [
        ("Loại dòng", 12),
        ("Mã chỉ tiêu", 24),
        ("Chỉ tiêu", 42),
        ("Đơn vị tính", 12),
        ("Đơn vị báo cáo", 40),
        ("Cấp", 14),
        ("Số liệu", 18),
        ("Cách xác định", 14),
        ("Báo cáo nêu", 12),
        ("Báo cáo không phát sinh", 12),
        ("Báo cáo chưa nêu", 12),
    ];
    let mut rows = Vec::new();
    for total in &shown.totals {
        let head = |kind: &str| [kind, total.code.as_str(), &total.name, total.unit_label()].map(Cell::text);
        let mut row = Vec::from(head("tổng"));
        let basis = (total.source_count > 0).then_some(if total.is_estimated { "có số ước tính" } else { labels::vi("counted") });
        row.extend([Cell::Empty, Cell::Empty, Cell::number(total.value), Cell::optional(basis)]);
        row.extend([total.source_count, total.nil_count, total.missing_count].map(Cell::Number));
        rows.push(row);
        for source in total.shown_sources() {
            let mut row = Vec::from(head("nguồn"));
            row.extend([Cell::text(&source.org_unit_name), names.get(source.report_id), Cell::Number(source.value)]);
            row.extend([Cell::optional(source.basis.map(Basis::label)), Cell::Empty, Cell::Empty, Cell::Empty]);
            rows.push(row);
        }
        for part in total.parts.iter().filter(|part| part.value.is_some()) {
            let (code, name) = (format!("{}.{}", total.code, part.code), format!("{}: {}", total.name, part.name));
            let mut row = Vec::from(["thành phần", code.as_str(), name.as_str(), total.unit_label()].map(Cell::text));
            row.extend([Cell::Empty, Cell::Empty, Cell::number(part.value), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]);
            rows.push(row);
        }
    }
    Table { columns: titles.into_iter().map(|(title, width)| Column::new(title, width)).collect(), rows, has_totals: false }
}
