//! Cards as one HTML page that needs nothing else: an A5 sheet each, the code drawn inline.

use crate::official_document::cards::{Card, QUIET, Qr};
use quick_xml::escape::escape;
use std::fmt::Write;

const STYLE: &str = "@page{size:A5 landscape;margin:10mm}*{box-sizing:border-box}body{margin:0;font-family:'Times New Roman',serif;font-size:12pt;color:#000}\
.card{page-break-after:always;break-after:page;height:128mm;padding:4mm;border:.5mm double #000;position:relative;text-align:center}\
.card:last-child{page-break-after:auto;break-after:auto}.head{display:flex;justify-content:space-between;font-size:10pt}.head b{display:block}\
h1{font-size:20pt;margin:3mm 0 1mm}p{margin:1.2mm 0}.guest{font-size:15pt;font-weight:bold}.foot{position:absolute;left:6mm;right:6mm;bottom:4mm;display:flex;justify-content:space-between;align-items:flex-end}\
.foot svg{width:38mm;height:38mm}.hint{font-size:8pt;font-style:italic}.sign{font-weight:bold;min-height:30mm;text-transform:uppercase}";

/// The page with these cards.
pub fn page(cards: &[Card]) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Giấy mời</title><style>{STYLE}</style></head><body>\n"
    );
    cards.iter().for_each(|card| out.push_str(&sheet(card)));
    out.push_str("</body></html>\n");
    out
}

fn sheet(card: &Card) -> String {
    let Card { superior, issuer, number, guest, post, representative, occasion, time, place, signature, qr } = card;
    let line = |words: &Option<String>| words.as_ref().map_or_else(String::new, |words| format!("<p>{}</p>", escape(words)));
    let above = superior.as_ref().map_or_else(String::new, |name| format!("{}<br>", escape(name)));
    format!(
        "<section class=\"card\"><div class=\"head\"><div>{above}<b>{}</b>{}</div><div><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><b>Độc lập - Tự do - Hạnh phúc</b></div></div>\
         <h1>GIẤY MỜI</h1><p>{} trân trọng kính mời</p><p class=\"guest\">{}</p>{}{}<p>đến dự {}</p><p>Thời gian: <b>{}</b></p><p>Địa điểm: <b>{}</b></p>\
         <p>Sự hiện diện của quý vị là niềm vinh dự cho Ban Tổ chức.</p>\
         <div class=\"foot\"><div>{}<div class=\"hint\">Xin xuất trình mã này khi đến dự</div></div><div class=\"sign\">{}</div></div></section>\n",
        escape(issuer),
        escape(number),
        escape(issuer),
        escape(guest),
        line(post),
        line(representative),
        escape(occasion),
        escape(time),
        escape(place),
        svg(qr),
        escape(signature)
    )
}

/// The dark modules as one path, a run of a row at a time.
fn svg(qr: &Qr) -> String {
    let mut path = String::new();
    for (y, row) in (QUIET..).zip(qr.rows()) {
        let mut x = QUIET;
        for run in row.chunk_by(|left, right| left == right) {
            if run.first() == Some(&true) {
                // Writing to a string does not fail.
                let _ = write!(path, "M{x} {y}h{}v1h-{}z", run.len(), run.len());
            }
            x += run.len();
        }
    }
    let side = qr.side + 2 * QUIET;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QR\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>"
    )
}
