//! The head of a text: number, place and date, kind, title, year, territory.

use super::draft::{Draft, Found, Issuer};
use super::layout::Layout;
use super::paragraphs::Paragraph;
use super::pattern::{group, patterns, whole};
use super::words::{self, after, before};
use super::{CERTAIN, INFERRED, LOOSE, dates};

patterns! {
    NUMBER = r"(?:Số|SỐ|số) ?: ?([0-9]{0,5}) ?(?:/ ?([0-9]{4}) ?)?([/-]) ?(\p{Lu}[\p{L}0-9]*(?: ?[-/] ?\p{Lu}[\p{L}0-9]*)*)";
    NATION = r"(?:cộng hòa xã hội chủ nghĩa việt nam|đảng cộng sản việt nam)";
    MOTTO = r"độc lập ?- ?tự do ?- ?hạnh phúc";
    YEAR = r"năm ([0-9]{4})";
    TERRITORY = r"(?:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu) ";
}

/// Wraps a value read from a paragraph of the head.
fn found<T>(value: T, confidence: f64, quote: &str, paragraph: &Paragraph) -> Found<T> {
    Found { value, confidence, quote: quote.to_owned(), line: words::line_no(paragraph.from), clause: None }
}

/// Reads the head into a new draft.
pub(super) fn read(all: &[Paragraph], layout: &Layout) -> Draft {
    let mut draft = Draft::default();
    let header = all.get(layout.header.clone()).unwrap_or(&[]);
    for paragraph in header {
        number(&mut draft, paragraph);
        issued(&mut draft, paragraph);
    }
    draft.issuer = issuer(header);
    title(&mut draft, all, layout);
    draft.year = draft.title.as_ref().and_then(year).or_else(|| {
        let issued = draft.issued_on.as_ref()?;
        Some(Found { value: dates::year(issued.value), confidence: LOOSE, quote: issued.quote.clone(), line: issued.line, clause: None })
    });
    draft.territory = draft.title.as_ref().and_then(territory);
    draft
}

fn number(draft: &mut Draft, paragraph: &Paragraph) {
    if draft.symbol.is_some() {
        return;
    }
    let Some(captures) = NUMBER.captures(&paragraph.text) else { return };
    let quote = group(&captures, 0);
    let symbol = group(&captures, 4).replace(' ', "");
    let (digits, year, separator) = (group(&captures, 1), group(&captures, 2), group(&captures, 3));
    draft.symbol = Some(found(symbol.clone(), CERTAIN, quote, paragraph));
    if let Ok(number) = digits.parse() {
        let year = if year.is_empty() { String::new() } else { format!("/{year}") };
        draft.number = Some(found(number, CERTAIN, quote, paragraph));
        draft.document_number = Some(found(format!("{digits}{year}{separator}{symbol}"), CERTAIN, quote, paragraph));
    }
}

fn issued(draft: &mut Draft, paragraph: &Paragraph) {
    if draft.issued_on.is_some() {
        return;
    }
    let Some(dates::Hit { range, date: Some(date) }) = dates::first(&paragraph.key) else { return };
    let date_text = words::cut(&paragraph.text, range.start, range.end);
    draft.issued_on = Some(found(date, CERTAIN, date_text, paragraph));
    // What stands before the place in the same line, where columns were glued together.
    let head = before(&paragraph.text, range.start);
    let ends = [NUMBER.captures(head).map(|captures| whole(&captures).end), MOTTO.find(&paragraph.key).map(|hit| hit.end)];
    let from = ends.into_iter().flatten().max().unwrap_or(0);
    let place = words::cut(&paragraph.text, from, range.start).trim().trim_end_matches(',').trim();
    if !place.is_empty() && place.chars().count() <= 60 {
        draft.issue_place = Some(found(place.to_owned(), CERTAIN, place, paragraph));
    }
}

/// The issuer as the header prints it: what is left of the lines without national name, motto, number and date.
fn issuer(header: &[Paragraph]) -> Option<Found<Issuer>> {
    let mut names: Vec<(String, &Paragraph)> = Vec::new();
    for paragraph in header {
        let name = own_words(paragraph);
        if !words::is_caps(&name) {
            continue;
        }
        let is_place = words::first_of(&words::key(&name), &["tỉnh ", "thành phố ", "xã ", "phường ", "huyện ", "toàn dân "]) == Some(0);
        match names.last_mut() {
            Some((last, _)) if is_place => {
                last.push(' ');
                last.push_str(&name);
            }
            _ => names.push((name, paragraph)),
        }
    }
    let (name, paragraph) = names.last()?;
    let superior = names.len().checked_sub(2).and_then(|at| names.get(at)).map(|(name, _)| name.clone());
    Some(found(Issuer { name: name.clone(), alias: None, superior }, INFERRED, name, paragraph))
}

fn own_words(paragraph: &Paragraph) -> String {
    let cuts = [
        NATION.find(&paragraph.key),
        MOTTO.find(&paragraph.key),
        NUMBER.find(&paragraph.text),
        dates::first(&paragraph.key).map(|hit| hit.range.start..paragraph.text.len()),
    ];
    // The issuer stands at the left: it ends where the first of the other things begins.
    let end = cuts.into_iter().flatten().map(|range| range.start).min().unwrap_or(paragraph.text.len());
    before(&paragraph.text, end).trim().to_owned()
}

fn title(draft: &mut Draft, all: &[Paragraph], layout: &Layout) {
    let Some((at, kind, len, confidence)) = layout.kind else { return };
    let Some(head) = all.get(at) else { return };
    draft.kind = Some(found(kind, confidence, before(&head.text, len), head));
    let glued = after(&head.text, len).trim();
    let below = all.get(layout.title.clone()).unwrap_or(&[]);
    let parts = std::iter::once(glued).chain(below.iter().map(|paragraph| paragraph.text.as_str())).filter(|part| !part.is_empty());
    let text = parts.collect::<Vec<_>>().join(" ");
    if !text.is_empty() {
        let place = if glued.is_empty() { below.first().unwrap_or(head) } else { head };
        let sure = if glued.is_empty() { CERTAIN } else { confidence };
        draft.title = Some(found(text.clone(), sure, &text, place));
    }
}

fn year(title: &Found<String>) -> Option<Found<i32>> {
    let key = words::key(&title.value);
    let captures = YEAR.captures(&key)?;
    let range = whole(&captures);
    let quote = words::cut(&title.value, range.start, range.end).to_owned();
    Some(Found { value: group(&captures, 1).parse().ok()?, confidence: CERTAIN, quote, line: title.line, clause: None })
}

/// The territory that some words name.
pub(super) fn territory(title: &Found<String>) -> Option<Found<String>> {
    let key = words::key(&title.value);
    let hits = TERRITORY.find_all(&key);
    let sure = ["trên địa bàn ", "tại ", "của "];
    let scored = hits.iter().filter_map(|hit| {
        let name = name_at(after(&title.value, hit.end))?;
        let confidence = if sure.iter().any(|word| before(&key, hit.start).ends_with(word)) { CERTAIN } else { LOOSE };
        let value = format!("{}{name}", before(after(&key, hit.start), hit.len()));
        Some(Found { quote: value.clone(), value, confidence, line: title.line, clause: None })
    });
    scored.reduce(|best, next| if next.confidence > best.confidence { next } else { best })
}

/// The capitalised words at the start of a text, or a number (phường 7).
fn name_at(text: &str) -> Option<String> {
    let is_name = |word: &&str| {
        let key = words::key(word);
        word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) && key != "năm" && key != "và"
    };
    let mut name: Vec<&str> = Vec::new();
    for word in text.split(' ').take_while(is_name).take(5) {
        let bare = word.trim_end_matches([',', '.', ';', ':', '"', ')']);
        name.push(bare);
        if bare.len() < word.len() {
            break;
        }
    }
    (!name.is_empty()).then(|| name.join(" "))
}
