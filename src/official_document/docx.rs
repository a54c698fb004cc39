//! DOCX: the layout of decree 30/2020/NĐ-CP, appendix I.

use super::Unwritable;
use super::docx_blocks::{Style, bare_table, line_below, paragraph, table};
use super::docx_parts::{self, WIDTH};
use super::model::{Appendix, Block, Header, Paper, Signature};
use super::text;

const NATION: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";
/// The two columns of the head: the national name needs the wider one to stay on one line.
const HEAD: [u32; 2] = [3_754, WIDTH - 3_754];
const FOOT: [u32; 2] = [4_400, WIDTH - 4_400];

pub(super) fn write(paper: &Paper) -> Result<Vec<u8>, Unwritable> {
    let mut body = head(&paper.header);
    body.push_str(&title(&paper.kind, &paper.subject));
    body.push_str(&blocks(&paper.blocks));
    body.push_str(&foot(paper));
    for (no, appendix) in (1..).zip(&paper.appendices) {
        body.push_str(&appended(appendix, (paper.appendices.len() > 1).then_some(no)));
    }
    docx_parts::pack(&body)
}

/// Superior, issuer and number at the left; national name, motto, place and date at the right.
fn head(header: &Header) -> String {
    let Header { superior, issuer, number, symbol, place, issued_on, year } = header;
    let above = superior.as_ref().map(|name| paragraph(&Style::centred(24), &name.to_uppercase())).unwrap_or_default();
    let issuer = paragraph(&Style::centred(26).bold(), &issuer.to_uppercase());
    let left = format!("{above}{issuer}{}", line_below(HEAD[0], 3));
    let nation = paragraph(&Style::centred(24).bold(), NATION);
    let right = format!("{nation}{}{}", paragraph(&Style::centred(26).bold(), MOTTO), line_below(HEAD[1], 2));
    let number = paragraph(&Style::centred(26), &text::number_line(*number, symbol));
    let day = issued_on.map_or_else(|| text::open_date(*year), text::date);
    let place = place.as_deref().unwrap_or("……………");
    let dated = paragraph(&Style::centred(26).italic(), &format!("{place}, {day}"));
    bare_table(&HEAD, &[[left, right], [number, dated]])
}

fn title(kind: &str, subject: &str) -> String {
    let kind = paragraph(&Style::centred(28).bold().before(360), &kind.to_uppercase());
    let subject = paragraph(&Style::centred(28).bold(), subject);
    format!("{kind}{subject}{}", line_below(WIDTH, 3))
}

fn blocks(blocks: &[Block]) -> String {
    let (mut section, mut heading) = (0_usize, 0_usize);
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Section(words) => {
                (section, heading) = (section + 1, 0);
                let words = format!("{}. {}", text::roman(section), words.to_uppercase());
                out.push_str(&paragraph(&Style::body().bold().keep_with_next(), &words));
            }
            Block::Heading(words) => {
                heading += 1;
                out.push_str(&paragraph(&Style::body().bold().keep_with_next(), &format!("{heading}. {words}")));
            }
            Block::Paragraph(words) => {
                for line in words.lines().filter(|line| !line.trim().is_empty()) {
                    out.push_str(&paragraph(&Style::body(), line));
                }
            }
            Block::Table(shown) => out.push_str(&table(shown)),
        }
    }
    out
}

/// Recipients at the left, signature at the right.
fn foot(paper: &Paper) -> String {
    let mut left = paragraph(&Style::left(24).bold().italic(), "Nơi nhận:");
    for name in &paper.recipients {
        left.push_str(&paragraph(&Style::left(22), &format!("- {name};")));
    }
    left.push_str(&paragraph(&Style::left(22), &format!("- Lưu: {}.", paper.archive)));
    let gap = paragraph(&Style::centred(28), "");
    format!("{gap}{}", bare_table(&FOOT, &[[left, signed(&paper.signature)]]))
}

/// The title in the issuing body first, capacity and post of the state below it.
fn signed(signature: &Signature) -> String {
    let Signature { title, capacity, post, name } = signature;
    let titles = [Some(title), capacity.as_ref(), post.as_ref()].into_iter().flatten();
    let mut out: String = titles.map(|title| paragraph(&Style::centred(28).bold(), &title.to_uppercase())).collect();
    // Room for signature and seal.
    out.push_str(&paragraph(&Style::centred(28), "").repeat(4));
    out.push_str(&paragraph(&Style::centred(28).bold(), name.as_deref().unwrap_or("")));
    out
}

fn appended(appendix: &Appendix, no: Option<usize>) -> String {
    let no = no.map_or_else(String::new, |no| format!(" {}", text::roman(no)));
    let head = paragraph(&Style::centred(28).bold().on_new_page(), &format!("PHỤ LỤC{no}"));
    let title = paragraph(&Style::centred(28).bold(), &appendix.title);
    format!("{head}{title}{}", table(&appendix.table))
}

#[cfg(test)]
mod tests {
    use super::super::model::{Cell, Column, Table};
    use super::*;
    use chrono::NaiveDate;
    use std::io::Read;

    fn paper() -> Paper {
        Paper {
            header: Header {
                superior: Some("Tỉnh Yên Bái".into()),
                issuer: "Ban Chỉ đạo 138".into(),
                number: Some(5),
                symbol: "BC-BCĐ".into(),
                place: Some("Yên Bái".into()),
                issued_on: NaiveDate::from_ymd_opt(2023, 8, 20),
                year: 2023,
            },
            kind: "Báo cáo".into(),
            subject: "Kết quả <Ngày hội> & “điểm”".into(),
            blocks: vec![
                Block::Section("Kết quả".into()),
                Block::Heading("Số liệu".into()),
                Block::Paragraph("Dòng một.\n\nDòng hai./.".into()),
                Block::Table(Table {
                    columns: vec![Column::new("Chỉ tiêu", 3), Column::new("Số liệu", 1)],
                    rows: vec![vec![Cell::text("Số tờ rơi"), Cell::Number(1_234_567)]],
                    has_totals: true,
                }),
                Block::Section("Đánh giá".into()),
                Block::Heading("Chung".into()),
            ],
            signature: Signature {
                title: "Trưởng Ban".into(),
                capacity: Some("KT. Chủ tịch".into()),
                post: Some("Phó Chủ tịch UBND tỉnh".into()),
                name: Some("Ngô Hạnh Phúc".into()),
            },
            recipients: vec!["Công an tỉnh".into()],
            archive: "VT".into(),
            appendices: Vec::new(),
        }
    }

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// The paragraph that holds some words.
    fn around<'x>(xml: &'x str, words: &str) -> &'x str {
        let at = xml.find(words).unwrap_or_else(|| panic!("{words} is not in {xml}"));
        let from = xml[..at].rfind("<w:p>").unwrap();
        &xml[from..at]
    }

    #[test]
    fn the_page_is_that_of_decree_30() {
        let bytes = write(&paper()).unwrap();
        let xml = part(&bytes, "word/document.xml");
        assert!(xml.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"));
        assert!(xml.contains("w:top=\"1134\" w:right=\"851\" w:bottom=\"1134\" w:left=\"1701\""));
        assert!(xml.contains("<w:titlePg/>"), "the first page shows no number");
        let styles = part(&bytes, "word/styles.xml");
        assert!(styles.contains("w:ascii=\"Times New Roman\"") && styles.contains("<w:sz w:val=\"28\"/>"));
        assert!(part(&bytes, "word/header1.xml").contains("PAGE"));
        assert_eq!(bytes, write(&paper()).unwrap(), "the same paper is the same file");
        for name in [
            "[Content_Types].xml",
            "_rels/.rels",
            "word/_rels/document.xml.rels",
            "word/document.xml",
            "word/styles.xml",
            "word/header1.xml",
        ] {
            let xml = part(&bytes, name);
            let mut reader = quick_xml::Reader::from_str(&xml);
            while reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) != quick_xml::events::Event::Eof {}
        }
    }

    #[test]
    fn each_part_has_its_size_weight_and_place() {
        let xml = part(&write(&paper()).unwrap(), "word/document.xml");
        for (words, align, size, is_bold, is_italic) in [
            ("TỈNH YÊN BÁI", "center", 24, false, false),
            ("BAN CHỈ ĐẠO 138", "center", 26, true, false),
            ("CỘNG HÒA XÃ HỘI", "center", 24, true, false),
            ("Độc lập - Tự do", "center", 26, true, false),
            ("Số: 05/BC-BCĐ", "center", 26, false, false),
            ("Yên Bái, ngày 20 tháng 8 năm 2023", "center", 26, false, true),
            ("BÁO CÁO", "center", 28, true, false),
            ("Kết quả &lt;Ngày hội&gt; &amp;", "center", 28, true, false),
            ("I. KẾT QUẢ", "both", 28, true, false),
            ("1. Số liệu", "both", 28, true, false),
            ("Dòng hai./.", "both", 28, false, false),
            ("II. ĐÁNH GIÁ", "both", 28, true, false),
            ("1. Chung", "both", 28, true, false),
            ("1.234.567", "right", 24, true, false),
            ("Nơi nhận:", "left", 24, true, true),
            ("- Công an tỉnh;", "left", 22, false, false),
            ("- Lưu: VT.", "left", 22, false, false),
            ("TRƯỞNG BAN", "center", 28, true, false),
            ("Ngô Hạnh Phúc", "center", 28, true, false),
        ] {
            let paragraph = around(&xml, words);
            assert!(paragraph.contains(&format!("<w:jc w:val=\"{align}\"/>")), "{words}: {paragraph}");
            assert!(paragraph.contains(&format!("<w:sz w:val=\"{size}\"/>")), "{words}: {paragraph}");
            assert_eq!((paragraph.contains("<w:b/>"), paragraph.contains("<w:i/>")), (is_bold, is_italic), "{words}");
        }
        assert!(around(&xml, "Dòng hai").contains("<w:ind w:firstLine=\"720\"/>"));
        let places = ["TRƯỞNG BAN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH UBND TỈNH", "Ngô Hạnh Phúc"].map(|words| xml.find(words).unwrap());
        assert!(places.is_sorted(), "the title in the committee comes first");
        assert!(xml.contains("<w:tblHeader/>"));
    }

    #[test]
    fn what_only_a_clerk_knows_is_left_open_and_bad_characters_do_no_harm() {
        let mut open = paper();
        (open.header.number, open.header.place, open.header.issued_on) = (None, None, None);
        open.blocks.push(Block::Paragraph("a\u{0}b\u{1f}c\u{ffff}]]>".into()));
        let xml = part(&write(&open).unwrap(), "word/document.xml");
        assert!(xml.contains("\u{a0}/BC-BCĐ") && xml.contains("……………, ngày … tháng … năm 2023"));
        assert!(xml.contains("a b c]]&gt;"));
    }
}
