//! A small DOCX, made by hand.
#![allow(dead_code)]

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

pub fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", escape(text))
}

pub fn paragraph(text: &str) -> String {
    // Two runs: a word processor cuts words anywhere.
    let at = text.char_indices().nth(5).map_or(text.len(), |(at, _)| at);
    format!("<w:p>{}{}</w:p>", run(&text[..at]), run(&text[at..]))
}

/// A paragraph with an automatic number.
pub fn numbered(text: &str, list: u32, level: u32) -> String {
    let numbering = format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>");
    format!("<w:p><w:pPr>{numbering}</w:pPr>{}</w:p>", run(text))
}

pub fn table(cells: &[&[String]]) -> String {
    let cell = |paragraphs: &&[String]| format!("<w:tc><w:tcPr/>{}</w:tc>", paragraphs.concat());
    format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cells.iter().map(cell).collect::<String>())
}

pub const NUMBERING: &str = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0">
    <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
    <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>
    <w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl></w:abstractNum>
    <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>"#;

pub fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

pub fn docx(body: &str, footnotes: &[&str]) -> Vec<u8> {
    let document = format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let note = |(id, text): (usize, &&str)| {
        format!("<w:footnote w:id=\"{}\"><w:p><w:r><w:footnoteRef/></w:r>{}</w:p></w:footnote>", id + 1, run(text))
    };
    let notes: String = footnotes.iter().enumerate().map(note).collect();
    let separator = "<w:footnote w:id=\"-1\" w:type=\"separator\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>";
    let footnotes = format!("<w:footnotes xmlns:w=\"w\">{separator}{notes}</w:footnotes>");
    zip(&[("word/document.xml", &document), ("word/numbering.xml", NUMBERING), ("word/footnotes.xml", &footnotes)])
}

/// The real plan as a word processor would hold it: header and signature in tables, automatic numbers, a real footnote.
pub fn real_plan() -> Vec<u8> {
    let text = super::real();
    let mut lines: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let broken = lines.iter().position(|line| line.starts_with("xây dựng và bảo vệ")).unwrap();
    let end = lines.remove(broken);
    lines[broken - 1] = format!("{} {end}", lines[broken - 1]);
    let note_at = lines.iter().position(|line| line.starts_with('¹')).unwrap();
    let note = lines.remove(note_at).trim_start_matches('¹').trim().to_owned();
    let foot = lines.iter().position(|line| line.starts_with("Nơi nhận")).unwrap();
    let sign = lines.iter().position(|line| line == "TRƯỞNG BAN").unwrap();
    let cell = |list: &[String]| list.iter().map(|line| paragraph(line)).collect::<Vec<_>>();
    let nation = [paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), paragraph("Độc lập - Tự do - Hạnh phúc"), paragraph(&lines[1])];
    let mut body = table(&[&cell(&lines[..1]), &nation]);
    for line in &lines[2..foot] {
        let roman = ["I. ", "II. ", "III. "].iter().find_map(|mark| line.strip_prefix(mark));
        body += &match (roman, line.strip_prefix("- "), line.split_once('¹')) {
            (_, _, Some((head, rest))) => {
                format!("<w:p>{}<w:r><w:footnoteReference w:id=\"1\"/></w:r>{}</w:p>", run(head), run(rest))
            }
            (Some(rest), _, _) => numbered(rest, 1, 0),
            (_, Some(rest), _) => numbered(rest, 2, 0),
            _ => paragraph(line),
        };
    }
    body += &table(&[&cell(&lines[foot..sign]), &cell(&lines[sign..])]);
    docx(&body, &[&note])
}
