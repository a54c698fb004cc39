//! The same plan as DOCX and PDF; limits; files that cannot be read.

use super::common::docx::{docx, numbered, paragraph, real_plan, run, table, zip};
use super::common::{real, shape};
use ngayhoi::official_text::{Draft, Format, Unreadable, parse, read};

#[track_caller]
fn same(draft: &Draft, but: &[&str]) {
    let (left, right) = (shape(draft), shape(&parse(&real())));
    for (name, value) in right.as_object().unwrap().iter().filter(|(name, _)| !but.contains(&name.as_str())) {
        assert_eq!(&left[name], value, "{name}");
    }
}

#[test]
fn the_real_plan_as_docx_reads_the_same_but_for_the_place_of_the_footnote() {
    let draft = parse(&read(&real_plan(), Format::Docx).unwrap());
    same(&draft, &["clauses", "citations", "documents", "aliases"]);
    let plain = parse(&real());
    let sorted = |draft: &Draft| {
        let mut clauses = draft.clauses.clone();
        clauses.iter_mut().for_each(|clause| (clause.line_from, clause.line_to) = (0, 0));
        clauses.sort_by(|one, other| one.reference.cmp(&other.reference));
        clauses
    };
    assert_eq!(sorted(&draft), sorted(&plain));
    let documents = |draft: &Draft| {
        let mut all: Vec<_> = draft.documents.iter().map(|document| (document.printed.clone(), document.issued_on)).collect();
        all.sort();
        all
    };
    assert_eq!(documents(&draft), documents(&plain));
}

#[test]
fn the_real_plan_as_pdf_with_one_byte_fonts_and_columns_reads_the_same() {
    same(&parse(&read(include_bytes!("../../data/plans/plan-81.pdf"), Format::Pdf).unwrap()), &[]);
}

#[test]
fn the_real_plan_as_pdf_with_two_byte_fonts_reads_the_same() {
    same(&parse(&read(include_bytes!("../../data/plans/plan-81-wide.pdf"), Format::Pdf).unwrap()), &[]);
}

#[test]
fn docx_lines_come_from_cells_breaks_and_automatic_numbers() {
    let body = format!(
        "{}<w:p>{}<w:r><w:br/></w:r>{}</w:p>{}{}{}{}<w:p><w:del>{}</w:del>{}</w:p>",
        table(&[&[paragraph("trái một"), paragraph("trái hai")], &[paragraph("phải")]]),
        run("trước"),
        run("sau & \"hết\""),
        numbered("MỤC ĐÍCH", 1, 0),
        numbered("Một.", 1, 1),
        numbered("2. Hai đã đánh số.", 1, 1),
        paragraph("Không số"),
        run("đã xóa"),
        run("giữ lại"),
    );
    let text = read(&docx(&body, &[]), Format::Docx).unwrap();
    let expected = "trái một\ntrái hai\nphải\ntrước\nsau & \"hết\"\nI. MỤC ĐÍCH\n1. Một.\n2. Hai đã đánh số.\nKhông số\ngiữ lại\n";
    assert_eq!(text, expected);
}

#[test]
fn files_beyond_the_limits_are_refused_each_with_its_reason() {
    let big = vec![b'a'; 20 * 1024 * 1024 + 1];
    for format in [Format::PlainText, Format::Docx, Format::Pdf] {
        assert_eq!(read(&big, format), Err(Unreadable::FileTooLarge));
    }
    assert_eq!(read(&vec![b'a'; 4 * 1024 * 1024 + 1], Format::PlainText), Err(Unreadable::TextTooLarge));
    assert_eq!(read("a\n".repeat(20_001).as_bytes(), Format::PlainText), Err(Unreadable::TooManyLines));
    assert_eq!(read(b" \n ", Format::PlainText), Err(Unreadable::Empty));
    assert_eq!(read(&docx("", &[]), Format::Docx), Err(Unreadable::Empty));
    let many: String = (0..20_001).map(|_| "<w:p><w:r><w:t>a</w:t></w:r></w:p>").collect();
    assert_eq!(read(&docx(&many, &[]), Format::Docx), Err(Unreadable::TooManyLines));
    let long = format!("<w:p>{}</w:p>", run(&"a".repeat(4 * 1024 * 1024 + 1)));
    assert_eq!(read(&docx(&long, &[]), Format::Docx), Err(Unreadable::TextTooLarge));
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    let bomb = zip(&[("word/document.xml", &" ".repeat(64 * 1024 * 1024))]);
    assert!(bomb.len() < 200_000);
    assert_eq!(read(&bomb, Format::Docx), Err(Unreadable::TextTooLarge));
}

#[test]
fn entities_of_a_document_are_never_expanded() {
    let xml = "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;\">]><w:document xmlns:w=\"w\"><w:body>\
        <w:p><w:r><w:t>x&b;&#273;y</w:t></w:r></w:p></w:body></w:document>";
    assert_eq!(read(&zip(&[("word/document.xml", xml)]), Format::Docx).as_deref(), Ok("xđy\n"));
}

#[test]
fn damaged_locked_and_scanned_files_say_what_they_are() {
    assert_eq!(read(b"no zip", Format::Docx), Err(Unreadable::Damaged));
    assert_eq!(read(&zip(&[("other.xml", "<a/>")]), Format::Docx), Err(Unreadable::Damaged));
    assert_eq!(read(b"no pdf", Format::Pdf), Err(Unreadable::Damaged));
    assert_eq!(read(b"%PDF-1.7\n%%EOF", Format::Pdf), Err(Unreadable::Damaged));
    assert_eq!(read(include_bytes!("../../data/plans/locked.pdf"), Format::Pdf), Err(Unreadable::Encrypted));
    assert_eq!(read(include_bytes!("../../data/plans/scan.pdf"), Format::Pdf), Err(Unreadable::NoTextLayer));
    let mut locked = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read(&locked, Format::Docx), Err(Unreadable::Encrypted));
    assert_eq!(read(b"K\xd5 ho\xb9ch", Format::PlainText), Err(Unreadable::NotUtf8));
}

#[test]
fn every_refusal_has_a_code_and_both_languages() {
    use Unreadable::*;
    for refusal in [FileTooLarge, TextTooLarge, TooManyLines, NotUtf8, Empty, Damaged, NoTextLayer, Encrypted] {
        assert!(refusal.to_string().contains(" / The ") && !refusal.code().is_empty());
    }
}
