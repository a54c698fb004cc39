//! What the list of a site's delegates says.

use super::model::Delegate;
use crate::campaigns::model::Campaign;
use crate::clock;
use crate::labels;
use crate::official_document::{Block, Cell, Column, Document, Paper, Sheet, Table, text};
use crate::org_units::letterhead::Letterhead;
use crate::plans::model::Plan;
use crate::sites::model::Site;

/// The list of the delegates to a site, each with the name of the body.
pub fn of(site: &Site, campaign: &Campaign, plan: Option<&Plan>, letterhead: &Letterhead, delegates: &[(Delegate, String)]) -> Document {
    let subject = format!("Đại biểu {} dự Ngày hội tại {}", letterhead.unit.name, site.name);
    let table = table(delegates);
    Document {
        name: format!("Danh sách đại biểu - {}", site.name),
        sheets: vec![Sheet { name: "Đại biểu".to_owned(), title: subject.clone(), note: place_and_time(site), table: table.clone() }],
        list: table.clone(),
        paper: Paper {
            header: letterhead.header("DS", plan, campaign.year),
            kind: "Danh sách".to_owned(),
            subject,
            blocks: vec![
                Block::Paragraph(place_and_time(site)),
                Block::Table(table),
                Block::Paragraph(format!("Danh sách có {} đại biểu./.", text::number(i64::try_from(delegates.len()).unwrap_or(i64::MAX)))),
            ],
            signature: letterhead.signature(plan),
            recipients: vec!["Các đại biểu có tên trong danh sách".to_owned()],
            archive: "VT".to_owned(),
            appendices: Vec::new(),
        },
    }
}

fn place_and_time(site: &Site) -> String {
    let place = site.address.as_ref().map_or_else(|| site.name.clone(), |address| format!("{}, {address}", site.name));
    let time = site.starts_at.map_or_else(|| "chưa xếp lịch".to_owned(), clock::local_text);
    format!("Địa điểm: {place}. Thời gian: {time}.")
}

fn table(delegates: &[(Delegate, String)]) -> Table {
    let columns = vec![
        Column::new("STT", 6),
        Column::new("Họ và tên", 26),
        Column::new("Chức vụ", 22),
        Column::new("Cơ quan, đơn vị", 30),
        Column::new("Vai trò", 16),
        Column::new("Trạng thái", 16),
    ];
    let row = |(no, (delegate, body)): (i64, &(Delegate, String))| {
        vec![
            Cell::Number(no),
            Cell::text(&delegate.full_name),
            Cell::optional(delegate.title.as_ref()),
            Cell::text(body),
            Cell::text(labels::vi(delegate.delegate_role.as_str())),
            Cell::text(labels::vi(delegate.state.as_str())),
        ]
    };
    Table { columns, rows: (1..).zip(delegates).map(row).collect(), has_totals: false }
}
