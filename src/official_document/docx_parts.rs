//! The parts of a DOCX file around its text, and the container.

use super::Unwritable;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A4, 210 × 297 mm, in twentieths of a point.
const PAGE: (u32, u32) = (11_906, 16_838);
/// Margins: top and bottom 20 mm, left 30 mm, right 15 mm.
const TOP_AND_BOTTOM: u32 = 1_134;
const LEFT: u32 = 1_701;
const RIGHT: u32 = 851;
/// What lies between the margins.
pub(super) const WIDTH: u32 = PAGE.0 - LEFT - RIGHT;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

const CONTENT_TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/><Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/><Override PartName=\"/word/header1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/></Types>";
const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
const DOCUMENT_RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/header\" Target=\"header1.xml\"/></Relationships>";

/// Times New Roman, 14 points, black, Vietnamese, everywhere.
fn styles() -> String {
    format!(
        "<w:styles xmlns:w=\"{W}\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"Times New Roman\" w:cs=\"Times New Roman\"/><w:color w:val=\"000000\"/><w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/><w:lang w:val=\"vi-VN\" w:eastAsia=\"vi-VN\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style></w:styles>"
    )
}

/// The number of the page, in the middle of the top margin; the first page shows none.
fn page_number() -> String {
    let letters = "<w:rPr><w:sz w:val=\"26\"/><w:szCs w:val=\"26\"/></w:rPr>";
    let mark = |kind: &str| format!("<w:r>{letters}<w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    format!(
        "<w:hdr xmlns:w=\"{W}\"><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>{}<w:r>{letters}<w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>{}<w:r>{letters}<w:t>2</w:t></w:r>{}</w:p></w:hdr>",
        mark("begin"),
        mark("separate"),
        mark("end")
    )
}

fn document(body: &str) -> String {
    let (width, height) = PAGE;
    format!(
        "<w:document xmlns:w=\"{W}\" xmlns:r=\"{R}\"><w:body>{body}<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/></w:pPr></w:p><w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId2\"/><w:pgSz w:w=\"{width}\" w:h=\"{height}\"/><w:pgMar w:top=\"{TOP_AND_BOTTOM}\" w:right=\"{RIGHT}\" w:bottom=\"{TOP_AND_BOTTOM}\" w:left=\"{LEFT}\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/><w:titlePg/></w:sectPr></w:body></w:document>"
    )
}

/// A picture within a file of cards.
pub(super) struct Picture {
    /// Number in the file, from 1.
    pub(super) no: usize,
    /// Its bytes.
    pub(super) png: Vec<u8>,
}

impl Picture {
    /// A paragraph with the picture, a square with this side in English metric units.
    pub(super) fn paragraph(&self, side: u32) -> String {
        let no = self.no;
        format!(
            "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{side}\" cy=\"{side}\"/><wp:docPr id=\"{no}\" name=\"QR {no}\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"{no}\" name=\"qr{no}.png\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rIdQr{no}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{side}\" cy=\"{side}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )
    }
}

/// A file of cards: A5 across, 10 mm around, no number of the page.
pub(super) fn pack_cards(body: &str, pictures: &[Picture]) -> Result<Vec<u8>, Unwritable> {
    let document = format!(
        "<w:document xmlns:w=\"{W}\" xmlns:r=\"{R}\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>{body}<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/></w:pPr></w:p><w:sectPr><w:pgSz w:w=\"11906\" w:h=\"8391\" w:orient=\"landscape\"/><w:pgMar w:top=\"567\" w:right=\"567\" w:bottom=\"567\" w:left=\"567\" w:header=\"0\" w:footer=\"0\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    );
    let target = |picture: &Picture| {
        let no = picture.no;
        format!(
            "<Relationship Id=\"rIdQr{no}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"media/qr{no}.png\"/>"
        )
    };
    let relations: String = pictures.iter().map(target).collect();
    let relations = DOCUMENT_RELATIONS.replace("</Relationships>", &format!("{relations}</Relationships>"));
    let types = CONTENT_TYPES.replacen("<Override", "<Default Extension=\"png\" ContentType=\"image/png\"/><Override", 1);
    let mut archive = parts(&[
        ("[Content_Types].xml", types),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relations),
        ("word/styles.xml", styles()),
        ("word/header1.xml", page_number()),
    ])?;
    // They are compressed already.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for picture in pictures {
        archive.start_file(format!("word/media/qr{}.png", picture.no), options)?;
        archive.write_all(&picture.png)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The file with this body. The same body is the same file: entries carry no time.
pub(super) fn pack(body: &str) -> Result<Vec<u8>, Unwritable> {
    let archive = parts(&[
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("word/document.xml", document(body)),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.to_owned()),
        ("word/styles.xml", styles()),
        ("word/header1.xml", page_number()),
    ])?;
    Ok(archive.finish()?.into_inner())
}

fn parts(parts: &[(&str, String)]) -> Result<ZipWriter<Cursor<Vec<u8>>>, Unwritable> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        archive.start_file(*name, options)?;
        archive.write_all(DECLARATION.as_bytes())?;
        archive.write_all(part.as_bytes())?;
    }
    Ok(archive)
}
