//! What stands behind a cited number: who issued the document and what it is about.

use super::pattern::patterns;
use super::words::{self, after, cut};
use std::ops::Range;

patterns! {
    ISSUER_END = r#" (?:về|quy định|phê duyệt|ban hành|sửa đổi|v/v|giao|hướng dẫn|để|và các|và kế hoạch|tại) |[;:()"\n]|\.(?: |$)|, "#;
    SUBJECT_START = r"^,? ?(?:về việc|về|v/v) |^,? ?(quy định|phê duyệt|ban hành|sửa đổi|hướng dẫn|giao) ";
    SUBJECT_END = r"[;\n]|\.(?: |$|/)| và các nội dung tại ";
    BODY = r", (?:Ban |BCĐ |Ủy ban |Uỷ ban |UBND |Công an |Sở |Tỉnh ủy |Thành ủy |Căn cứ )";
}

/// Characters that an issuer and a subject may take.
const MAX_ISSUER: usize = 160;
const MAX_SUBJECT: usize = 600;

/// The issuer behind "của", and where it ends.
pub(super) fn issuer(text: &str, key: &str, at: usize, limit: usize) -> Option<(String, usize)> {
    let rest = words::clip(cut(key, at, limit), MAX_ISSUER);
    let lead = [", của ", " của ", ",của "].into_iter().find(|lead| rest.starts_with(lead))?.len();
    let start = at.saturating_add(lead);
    let name = after(rest, lead);
    // "phòng, chống" and "tội phạm, tệ nạn" belong to the name of a committee.
    let is_inside = |hit: &Range<usize>| ["chống ", "tệ nạn "].iter().any(|word| after(name, hit.end).starts_with(word));
    let end = ISSUER_END.find_all(name).into_iter().find(|hit| !is_inside(hit)).map_or(name.len(), |hit| hit.start);
    let end = start.saturating_add(end);
    let name = cut(text, start, end).trim_end_matches(['.', ',', ' ']).trim();
    (!name.is_empty()).then(|| (name.to_owned(), end))
}

/// The subject behind "về", up to the end of its sentence or to the next citation that it does not hold itself.
pub(super) fn subject(text: &str, key: &str, at: usize, next: Option<&Range<usize>>) -> Option<String> {
    let rest = words::clip(after(key, at), MAX_SUBJECT);
    let captures = SUBJECT_START.captures(rest)?;
    let verb = captures.get(1).map(|hit| hit.start());
    let lead = verb.unwrap_or(captures.get(0)?.end());
    let start = at.saturating_add(lead);
    let mut end = at.saturating_add(rest.len());
    let all = end;
    let mut shorten = |to: Option<usize>| end = end.min(to.unwrap_or(all));
    shorten(SUBJECT_END.find(after(rest, lead)).map(|hit| start.saturating_add(hit.start)));
    shorten(BODY.find(cut(text, start, all)).map(|hit| start.saturating_add(hit.start)));
    shorten(next.filter(|next| next.start >= start).map(|next| {
        let is_held = words::has(words::tail(cut(key, start, next.start), 40), &["thực hiện ", "triển khai "]);
        if is_held { next.end } else { next.start }
    }));
    // A closing bracket that was opened before the subject ends it.
    let mut open = 0_u32;
    shorten(cut(text, start, all).char_indices().find_map(|(at, c)| match (c, open) {
        (')', 0) => Some(start.saturating_add(at)),
        (')', _) => {
            open = open.saturating_sub(1);
            None
        }
        ('(', _) => {
            open = open.saturating_add(1);
            None
        }
        _ => None,
    }));
    let subject = cut(text, start, end).trim().trim_end_matches([',', '.', '/', ' ']).trim_end_matches(" và").trim();
    (!subject.is_empty()).then(|| subject.to_owned())
}
