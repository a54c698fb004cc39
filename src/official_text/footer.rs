//! The foot of a text: recipients, archive marks, signature.

use super::CERTAIN;
use super::LOOSE;
use super::draft::{Found, Recipient, Signatory};
use super::layout::{self, CAPACITIES, Layout};
use super::numbering::{self, Mark};
use super::paragraphs::Paragraph;
use super::words;

/// What the foot holds.
#[derive(Debug, Default)]
pub(super) struct Footer {
    pub(super) recipients: Vec<Recipient>,
    pub(super) archive: Vec<String>,
    pub(super) signatory: Option<Found<Signatory>>,
    /// Line at which the list of recipients breaks off.
    pub(super) is_cut: Option<u32>,
}

/// A line of the foot.
struct Line {
    no: u32,
    text: String,
}

/// Ranks and degrees that stand before a name.
const RANKS: [&str; 12] = [
    "Đại tướng ",
    "Thượng tướng ",
    "Trung tướng ",
    "Thiếu tướng ",
    "Đại tá ",
    "Thượng tá ",
    "Trung tá ",
    "Thiếu tá ",
    "TS. ",
    "TS ",
    "ThS. ",
    "ThS ",
];

/// Reads the foot.
pub(super) fn read(all: &[Paragraph], layout: &Layout) -> Footer {
    let mut footer = Footer::default();
    let mut signature = Vec::new();
    let (mut is_list, mut was_list) = (false, false);
    let mut last = (0, String::new());
    for Line { no, text } in lines(all.get(layout.footer.clone()).unwrap_or(&[])) {
        let key = words::key(&text);
        let item = numbering::of(&text).filter(|marked| matches!(marked.mark, Mark::Dash | Mark::Plus)).map(|marked| marked.rest);
        let body = item.unwrap_or(&text);
        if layout::is_recipients(&key) {
            was_list = true;
            // The list can follow in the same line.
            let rest = words::after(&text, "nơi nhận".len());
            let (list, archive) = rest.split_once("- Lưu").unwrap_or((rest, ""));
            for part in list.split("; -") {
                recipient(&mut footer, no, part.trim_start_matches([':', ' ', '-']));
            }
            footer.archive = marks(archive);
            is_list = archive.is_empty();
        } else if was_list && footer.archive.is_empty() && words::key(body).starts_with("lưu") && is_archive(body) {
            footer.archive = marks(words::after(body, "lưu".len()));
            is_list = false;
        } else if is_list && item.is_some() {
            recipient(&mut footer, no, body);
            last = (no, text);
        } else if is_list && !words::is_caps(&text) && !last.1.is_empty() && !last.1.ends_with([';', '.']) && !is_name(&text) {
            if let Some(recipient) = footer.recipients.last_mut() {
                recipient.name = format!("{} {}", recipient.name, trimmed(&text));
            }
            last = (no, text);
        } else {
            is_list = is_list && !words::is_caps(&text);
            signature.push(Line { no, text });
        }
    }
    let is_open = footer.archive.is_empty() || last.1.ends_with("...");
    footer.is_cut = (was_list && is_open).then_some(last.0);
    footer.signatory = signatory(&signature);
    footer
}

/// Lines, with the two columns of a foot printed side by side taken apart: the left one first.
fn lines(all: &[Paragraph]) -> Vec<Line> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for paragraph in all.iter().filter(|paragraph| !numbering::is_footnote(&paragraph.text)) {
        let no = words::line_no(paragraph.from);
        match &paragraph.columns {
            Some((a, b)) if paragraph.from == paragraph.to && is_left(a) => {
                left.push(Line { no, text: a.clone() });
                right.push(Line { no, text: b.clone() });
            }
            _ => left.push(Line { no, text: paragraph.text.clone() }),
        }
    }
    left.extend(right);
    left
}

fn is_left(text: &str) -> bool {
    layout::is_recipients(&words::key(text)) || text.starts_with('-') && text.ends_with([';', '.'])
}

fn trimmed(text: &str) -> &str {
    text.trim().trim_end_matches([';', '.', ',', ' '])
}

fn recipient(footer: &mut Footer, line: u32, text: &str) {
    let name = trimmed(text);
    if !name.is_empty() {
        let no = words::line_no(footer.recipients.len().saturating_add(1));
        footer.recipients.push(Recipient { no, name: name.to_owned(), line });
    }
}

fn is_archive(text: &str) -> bool {
    words::after(text, "lưu".len()).trim_start().starts_with([':', 'V'])
}

fn marks(text: &str) -> Vec<String> {
    let parts = text.split([',', ';']).map(|part| part.trim_matches(|c: char| matches!(c, ':' | '.' | ' ' | '-')));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Whether a line is a name: two to six words that begin with capitals.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    (2..=6).contains(&words.len()) && !words::is_caps(text) && words.iter().all(|word| word.starts_with(char::is_uppercase))
}

fn signatory(lines: &[Line]) -> Option<Found<Signatory>> {
    let first = lines.first()?;
    let (mut capacity, mut titles, mut name) = (Vec::new(), Vec::<String>::new(), None);
    let mut confidence = CERTAIN;
    for Line { text, .. } in lines.iter().take(12) {
        let bare = text.trim_matches(['(', ')']);
        let key = words::key(bare);
        let person = RANKS.iter().find_map(|rank| bare.strip_prefix(rank)).unwrap_or(bare);
        if words::has(&key, &["đã ký", "ký tên", "đóng dấu", "ký số"]) {
            continue;
        } else if CAPACITIES.iter().any(|mark| bare.starts_with(mark)) {
            capacity.push(bare.to_owned());
        } else if words::is_caps(bare) && !titles.is_empty() && !layout::is_signature(bare) && is_body(&key) {
            // A title printed over two lines.
            if let Some(title) = titles.last_mut() {
                *title = format!("{title} {bare}");
            }
        } else if words::is_caps(bare) && (titles.is_empty() || layout::is_signature(bare)) {
            titles.push(bare.to_owned());
        } else if is_name(person) {
            name = Some(person.to_owned());
        } else if words::first_of(&key, &["chủ tịch", "phó chủ tịch", "trưởng", "phó", "giám đốc", "bí thư"]) == Some(0)
        {
            confidence = LOOSE;
            titles.push(bare.to_owned());
        } else if words::is_caps(person) && name.is_none() && person.split(' ').count() >= 2 {
            // A name in capitals, after the titles.
            confidence = LOOSE;
            name = Some(person.to_owned());
        }
    }
    if titles.is_empty() && capacity.is_empty() {
        return None;
    }
    let mut titles = titles.into_iter();
    let value =
        Signatory { capacity: (!capacity.is_empty()).then(|| capacity.join(" / ")), title: titles.next(), post: titles.next(), name };
    let quote = lines.iter().take(12).map(|line| line.text.as_str()).collect::<Vec<_>>().join(" / ");
    let confidence = if value.name.is_none() { LOOSE } else { confidence };
    Some(Found { value, confidence, quote, line: first.no, clause: None })
}

fn is_body(key: &str) -> bool {
    words::first_of(key, &["ủy ban", "ubnd", "tỉnh", "thành phố", "huyện", "xã", "phường", "ban chỉ đạo", "kiêm"]) == Some(0)
}
