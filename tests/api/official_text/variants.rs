//! The real plan in other dress: what is printed otherwise must read the same; what is taken out must be missed, and only that.

use super::common::{day, real, rules, shape};
use ngayhoi::official_text::{Draft, Format, parse, read};
use ngayhoi::plans::parameters::Parameters;
use unicode_normalization::UnicodeNormalization;

/// Reads a text the whole way, as a file would be.
fn through(text: &str) -> Draft {
    parse(&read(text.as_bytes(), Format::PlainText).unwrap())
}

#[track_caller]
fn same(text: &str) {
    let (left, right) = (shape(&through(text)), shape(&parse(&real())));
    for (name, value) in right.as_object().unwrap() {
        assert_eq!(&left[name], value, "{name}");
    }
}

#[test]
fn decomposed_letters_read_the_same() {
    same(&real().nfd().collect::<String>());
}

#[test]
fn other_line_ends_and_a_byte_order_mark_read_the_same() {
    same(&real().replace('\n', "\r\n"));
    same(&real().replace('\n', "\r"));
    same(&format!("\u{feff}{}", real()));
}

#[test]
fn utf_16_reads_the_same() {
    let bytes: Vec<u8> = [0xFF, 0xFE].into_iter().chain(real().encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(shape(&parse(&read(&bytes, Format::PlainText).unwrap())), shape(&parse(&real())));
}

#[test]
fn other_spaces_read_the_same() {
    same(&real().replace(' ', "  "));
    same(&real().replace(' ', "\t"));
    same(&real().replace(' ', "\u{a0}"));
    same(&real().lines().map(|line| format!("\t{line}  \n")).collect::<String>());
}

#[test]
fn no_blank_lines_read_the_same() {
    same(&real().lines().filter(|line| !line.trim().is_empty()).map(|line| format!("{line}\n")).collect::<String>());
}

#[test]
fn other_quotes_and_dashes_read_the_same() {
    let mut is_open = false;
    let curly: String = real()
        .chars()
        .map(|c| {
            if c == '"' {
                is_open = !is_open;
                if is_open { '“' } else { '”' }
            } else {
                c
            }
        })
        .collect();
    same(&curly);
    same(&real().replace('-', "–"));
    same(&real().replace("\n- ", "\n• "));
    same(&real().replace("...", "…"));
}

#[test]
fn markdown_emphasis_is_no_part_of_the_text() {
    same(&real().replace("**01/7/2023**", "01/7/2023").replace("**20/8/2023**", "*20/8/2023*"));
}

#[test]
fn old_tone_marks_are_understood() {
    let draft = through(&real().replace("Ủy ban", "Uỷ ban").replace("cấp ủy", "cấp uỷ").replace("hòa", "hoà"));
    assert_eq!(draft.rules.len(), parse(&real()).rules.len());
    assert_eq!(draft.documents.len(), 10);
    assert_eq!(draft.findings.len(), 3);
}

/// The text without the lines from the first that starts with `from` to before the first that starts with `to`.
fn without(from: &str, to: &str) -> Draft {
    let text = real();
    let start = text.find(from).unwrap();
    let end = text[start..].find(to).map_or(text.len(), |at| start + at);
    through(&format!("{}{}", &text[..start], &text[end..]))
}

fn codes(draft: &Draft) -> Vec<&str> {
    let known = ["one_document_two_symbols", "symbol_contradicts_kind", "citation_without_date"];
    draft.findings.iter().map(|finding| finding.code).filter(|code| !known.contains(code)).collect()
}

#[test]
fn a_text_without_section_i_says_so_and_the_rest_is_read() {
    let draft = without("I. MỤC", "II. NỘI");
    assert_eq!(codes(&draft), ["missing_section", "numbering_gap"]);
    assert_eq!(draft.findings[0].clause.as_deref(), Some("I"));
    assert_eq!((rules(&draft, "quota").len(), rules(&draft, "principle").len(), draft.documents.len()), (4, 0, 10));
    assert_eq!(draft.recipients.len(), 13);
}

#[test]
fn a_text_without_section_ii_says_so_and_the_rest_is_read() {
    let draft = without("II. NỘI", "III. TỔ");
    assert_eq!(codes(&draft), ["missing_section", "numbering_gap"]);
    assert_eq!(draft.findings[0].clause.as_deref(), Some("II"));
    assert!(rules(&draft, "event_window").is_empty());
    assert_eq!((rules(&draft, "report_limit").len(), rules(&draft, "duty").len(), rules(&draft, "quota").len()), (1, 7, 2));
}

#[test]
fn a_text_without_section_iii_says_so_and_the_rest_is_read() {
    let draft = without("III. TỔ", "Trên đây");
    assert_eq!(codes(&draft), ["missing_section"]);
    assert_eq!(draft.findings[0].clause.as_deref(), Some("III"));
    assert_eq!((rules(&draft, "event_window").len(), rules(&draft, "duty").len(), rules(&draft, "obstacle_route").len()), (1, 0, 1));
    assert_eq!(draft.recipients.len(), 13);
}

#[test]
fn a_text_without_recipients_says_so_and_the_signature_is_read() {
    let draft = without("Nơi nhận", "TRƯỞNG BAN");
    assert_eq!(codes(&draft), ["missing_recipients"]);
    assert_eq!(draft.signatory.unwrap().value.post.as_deref(), Some("PHÓ CHỦ TỊCH UBND TỈNH"));
    assert_eq!(draft.rules.len(), parse(&real()).rules.len());
}

#[test]
fn a_text_without_signature_says_so_and_the_recipients_are_read() {
    let draft = without("TRƯỞNG BAN", "\u{0}");
    assert_eq!(codes(&draft), ["missing_signature"]);
    assert_eq!((draft.recipients.len(), draft.archive.len()), (13, 2));
}

#[test]
fn a_text_without_head_says_what_is_missing_and_the_body_is_read() {
    let draft = without("Số: 81", "I. MỤC");
    let expected = ["missing_number", "missing_issue_date", "missing_kind", "missing_title", "missing_legal_bases"];
    assert_eq!(codes(&draft), expected);
    assert_eq!(draft.rules.len(), parse(&real()).rules.len());
}

#[test]
fn a_list_of_recipients_that_breaks_off_is_seen() {
    let draft = through(&real().replace("- Trung tâm Điều hành thông minh tỉnh;\n- Lưu: VT, NC.\n", ""));
    assert_eq!(codes(&draft), ["truncated_recipients"]);
    assert_eq!((draft.recipients.len(), draft.archive.len()), (12, 0));
}

#[test]
fn dates_that_are_none_are_seen() {
    let draft = through(&real().replace("ngày 24 tháng 3 năm 2023", "ngày     tháng 3 năm 2023"));
    assert_eq!((codes(&draft), draft.issued_on.is_none()), (vec!["unreadable_date"], true));
    let draft = through(&real().replace("19/8/2023", "31/6/2023"));
    assert!(codes(&draft).contains(&"unreadable_date"));
    assert!(rules(&draft, "event_window").is_empty());
}

#[test]
fn a_number_left_blank_is_seen_and_the_symbol_is_kept() {
    let draft = through(&real().replace("Số: 81 /KH-BCĐ", "Số:      /KH-BCĐ"));
    assert_eq!(codes(&draft), ["missing_number"]);
    assert_eq!((draft.number, draft.document_number, draft.symbol.unwrap().value.as_str()), (None, None, "KH-BCĐ"));
}

#[test]
fn repeated_numbers_and_gaps_are_seen() {
    let draft = through(&real().replace("2. Kịp thời", "1. Kịp thời").replace("4.2. Các", "4.3. Các"));
    assert_eq!(codes(&draft), ["numbering_repeat", "numbering_gap", "numbering_gap"]);
}

#[test]
fn two_windows_contradict_each_other_and_are_both_weak() {
    let draft =
        through(&real().replace("3. Phương pháp tổ chức", "3. Phương pháp: Thời gian tổ chức từ ngày 01/6/2023 đến ngày 19/8/2023."));
    let windows = rules(&draft, "event_window");
    assert_eq!(windows.iter().map(|rule| rule.confidence).collect::<Vec<_>>(), [0.5, 0.5]);
    assert_eq!(windows[1].parameters, Parameters::EventWindow { from: day("2023-06-01"), to: day("2023-08-19") });
    assert_eq!(codes(&draft), ["rule_contradiction"]);
}

#[test]
fn two_counts_for_one_quota_contradict_each_other() {
    let draft = through(&real().replace("lựa chọn 02 \"điểm\"", "lựa chọn 03 \"điểm\""));
    assert_eq!(codes(&draft), ["rule_contradiction"]);
    assert_eq!(rules(&draft, "quota").len(), 5);
}
