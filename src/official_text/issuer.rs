//! The issuer by the sentence of the preamble: "… (gọi tắt là …) ban hành Kế hoạch …".

use super::draft::{Draft, Found, Issuer};
use super::layout::Layout;
use super::paragraphs::Paragraph;
use super::pattern::{patterns, whole};
use super::words::{self, before, cut};
use super::{CERTAIN, LOOSE, header};

patterns! {
    ISSUES = r"(?:ban hành|xây dựng|triển khai) (?:kế hoạch|hướng dẫn|chương trình)|(?:hướng dẫn|thông báo|báo cáo) như sau";
    SHORT = r"\((?:sau đây )?(?:gọi|viết) (?:tắt|chung) là:? ?([^()]{1,120})\)";
    BODY = r"(?:^|[,;.:] )(?:ban chỉ đạo|bcđ|ủy ban|ubnd|công an|sở|tỉnh ủy|thành ủy|đảng ủy|bộ|cục|phòng|hội|ban|liên đoàn|tỉnh đoàn|trường) ";
}

/// Puts the full name and short name in, and the territory where the title has none.
pub(super) fn complete(draft: &mut Draft, all: &[Paragraph], layout: &Layout) {
    let preamble = all.get(layout.preamble.clone()).unwrap_or(&[]);
    if let Some(found) = preamble.iter().find_map(read) {
        let superior = draft.issuer.take().and_then(|issuer| issuer.value.superior);
        draft.issuer = Some(Found { value: Issuer { superior, ..found.value }, ..found });
    }
    if draft.territory.is_none() {
        draft.territory = draft.issuer.as_ref().and_then(|issuer| {
            let name = Found { value: issuer.value.name.clone(), confidence: LOOSE, quote: String::new(), line: issuer.line, clause: None };
            header::territory(&name).map(|territory| Found { confidence: LOOSE, clause: issuer.clause.clone(), ..territory })
        });
    }
}

fn read(paragraph: &Paragraph) -> Option<Found<Issuer>> {
    let issues = ISSUES.find_all(&paragraph.key).into_iter().next_back()?;
    let head = before(&paragraph.key, issues.start);
    let short = SHORT
        .captures_all(head)
        .into_iter()
        .next_back()
        .filter(|captures| head.get(whole(captures).end..).is_some_and(|gap| gap.trim().is_empty()));
    let end = short.as_ref().map_or(issues.start, |captures| whole(captures).start);
    let start = BODY.find_all(before(head, end)).into_iter().next_back()?.start;
    // The match begins with the comma and the space before the name.
    let printed = cut(&paragraph.text, start, end);
    let name = printed.trim_start_matches([',', ';', '.', ':', ' ']).trim();
    let alias = short.and_then(|captures| captures.get(1).map(|hit| cut(&paragraph.text, hit.start(), hit.end()).trim().to_owned()));
    if name.is_empty() || name.chars().count() > 250 || !name.starts_with(char::is_uppercase) {
        return None;
    }
    let quote = cut(&paragraph.text, start, issues.end).trim_start_matches([',', ';', '.', ':', ' ']).to_owned();
    let confidence = if is_issue(&paragraph.key, &issues) { CERTAIN } else { LOOSE };
    let clause = Some(super::clauses::PREAMBLE.to_owned());
    Some(Found {
        value: Issuer { name: name.to_owned(), alias, superior: None },
        confidence,
        quote,
        line: words::line_no(paragraph.from),
        clause,
    })
}

/// "Ban hành" says it outright; the other verbs can be about another plan.
fn is_issue(key: &str, range: &std::ops::Range<usize>) -> bool {
    cut(key, range.start, range.end).starts_with("ban hành")
}
