//! Nothing makes the reader panic or hang.

use super::common::real;
use ngayhoi::official_text::{Format, parse, read};
use proptest::collection::vec;
use proptest::prelude::*;

fn words() -> impl Strategy<Value = String> {
    let tokens = [
        "I. ",
        "1.1. ",
        "a) ",
        "- ",
        "+ ",
        "¹ ",
        "* ",
        "\n",
        "Nơi nhận:",
        "Lưu: VT",
        "KẾ HOẠCH",
        "số 12/KH-UBND",
        "ngày 31/2/2023",
        "từ ngày 1 đến ngày 2/3/2024",
        "(gọi tắt là ",
        ")",
        "\"",
        "lựa chọn ít nhất 01 điểm",
        "báo cáo về Ban Chỉ đạo",
        "trước ngày 20/8",
        "của ",
        "về việc ",
        "ANTQ",
        "TM. UBND",
        "Trên đây",
        ";",
        ". ",
        "kinh phí",
        "không quá 5.000.000 đồng",
        "vướng mắc phản ánh về Công an",
        "\t",
        "    ",
        "ngày tháng năm",
        "…",
        "İ",
        "ß",
        "\u{301}",
    ];
    vec(prop_oneof![3 => prop::sample::select(tokens.to_vec()).prop_map(str::to_owned), 1 => any::<String>()], 0..80)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed(text in any::<String>()) {
        parse(&text);
    }

    #[test]
    fn any_mixture_of_the_words_of_a_plan_is_parsed(text in words()) {
        parse(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_real_plan_with_lines_taken_out_doubled_and_moved_is_parsed(edits in vec((0..3_u8, 0..140_usize, 0..140_usize), 1..30)) {
        let text = real();
        let mut lines: Vec<&str> = text.lines().collect();
        for (kind, from, to) in edits {
            let (from, to) = (from % lines.len(), to % lines.len());
            match kind {
                0 if lines.len() > 2 => { lines.remove(from); }
                1 => lines.insert(to, lines[from]),
                _ => lines.swap(from, to),
            }
        }
        parse(&lines.join("\n"));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..3_000)) {
        for format in [Format::PlainText, Format::Docx, Format::Pdf] {
            let _ = read(&bytes, format);
        }
        let _ = read(&[b"%PDF-1.4\n".as_slice(), &bytes].concat(), Format::Pdf);
    }

    #[test]
    fn a_docx_with_flipped_bytes_is_read_or_refused(flips in vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = super::common::docx::real_plan();
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= value;
        }
        if let Ok(text) = read(&bytes, Format::Docx) {
            parse(&text);
        }
    }

    #[test]
    fn a_pdf_with_flipped_bytes_is_read_or_refused(flips in vec((any::<prop::sample::Index>(), any::<u8>()), 1..20), wide in any::<bool>()) {
        let file: &[u8] = if wide { include_bytes!("../../data/plans/plan-81-wide.pdf") } else { include_bytes!("../../data/plans/plan-81.pdf") };
        let mut bytes = file.to_vec();
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= value;
        }
        if let Ok(text) = read(&bytes, Format::Pdf) {
            parse(&text);
        }
    }
}

/// Small things, many of them.
const PATTERNS: [&str; 16] = [
    "-",
    "- a\n",
    "1.1.1.1.",
    "1.1. a\n",
    "9",
    "\"",
    "a\n",
    "(",
    "số 1/KH-BCĐ, ngày 1/1/2023 của Bộ về a; ",
    "từ ngày 1/1/2023 đến ngày 2/1/2023 tổ chức; ",
    "ANTQ (ANTQ) ",
    "lựa chọn 02 điểm ",
    "báo cáo về ",
    "Ban Chỉ đạo ",
    "Lưu ý: ¹ a\n",
    "ngày hội tổ chức tại xã, phường. ",
];

#[test]
fn a_hundred_kilobytes_of_anything_are_read_to_the_end() {
    for pattern in PATTERNS {
        let text = pattern.repeat(100_000 / pattern.len());
        parse(&format!("KẾ HOẠCH\nI. MỤC ĐÍCH\n{text}"));
    }
}
