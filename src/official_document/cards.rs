//! Invitation cards as DOCX: a page of A5 each, with the code as a picture.

use super::Unwritable;
use super::docx_blocks::{Style, bare_table, paragraph};
use super::docx_parts::{self, Picture};

/// Modules around a QR code that stay white (ISO/IEC 18004).
pub const QUIET: usize = 4;
/// Dots of a module in the picture.
const DOTS: usize = 4;
/// Side of the picture on paper, in English metric units: 38 mm.
const SIDE: u32 = 1_368_000;
const COLUMNS: [u32; 2] = [5_300, 5_300];

/// What stands on the card of one guest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Card {
    pub superior: Option<String>,
    pub issuer: String,
    pub number: String,
    pub guest: String,
    pub post: Option<String>,
    pub representative: Option<String>,
    pub occasion: String,
    pub time: String,
    pub place: String,
    pub signature: String,
    pub qr: Qr,
}

/// A QR code: its modules by rows, dark where true.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Qr {
    pub side: usize,
    pub dark: Vec<bool>,
}

impl Qr {
    /// The rows, from the top.
    pub fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.dark.chunks(self.side.max(1))
    }

    /// As PNG, in grey, with its white margin.
    pub fn png(&self) -> Result<Vec<u8>, Unwritable> {
        let side = (self.side + 2 * QUIET) * DOTS;
        let blank = || vec![u8::MAX; side];
        let mut dots = Vec::with_capacity(side * side);
        (0..QUIET * DOTS).for_each(|_| dots.extend(blank()));
        for row in self.rows() {
            let white = || std::iter::repeat_n(u8::MAX, QUIET * DOTS);
            let modules = row.iter().flat_map(|dark| std::iter::repeat_n(if *dark { 0 } else { u8::MAX }, DOTS));
            let line: Vec<u8> = white().chain(modules).chain(white()).collect();
            (0..DOTS).for_each(|_| dots.extend_from_slice(&line));
        }
        (0..QUIET * DOTS).for_each(|_| dots.extend(blank()));
        let side = u32::try_from(side)?;
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&dots)?;
        writer.finish()?;
        Ok(bytes)
    }
}

/// The cards as one file.
pub fn docx(cards: &[Card]) -> Result<Vec<u8>, Unwritable> {
    let mut body = String::new();
    let mut pictures = Vec::with_capacity(cards.len());
    for (at, card) in cards.iter().enumerate() {
        let picture = Picture { no: at + 1, png: card.qr.png()? };
        body.push_str(&sheet(card, &picture, at > 0));
        pictures.push(picture);
    }
    docx_parts::pack_cards(&body, &pictures)
}

fn sheet(card: &Card, picture: &Picture, is_new_page: bool) -> String {
    let Card { superior, issuer, number, guest, post, representative, occasion, time, place, signature, qr: _ } = card;
    let line = |words: &str| paragraph(&Style::centred(24), words);
    let start = if is_new_page { paragraph(&Style::centred(2).on_new_page(), "") } else { String::new() };
    let above = superior.as_deref().map(line).unwrap_or_default();
    let left = format!("{above}{}{}", paragraph(&Style::centred(24).bold(), issuer), line(number));
    let right = format!(
        "{}{}",
        paragraph(&Style::centred(22).bold(), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        paragraph(&Style::centred(24).bold(), "Độc lập - Tự do - Hạnh phúc")
    );
    let mut out = format!("{start}{}", bare_table(&COLUMNS, &[[left, right]]));
    out.push_str(&paragraph(&Style::centred(36).bold().before(120), "GIẤY MỜI"));
    out.push_str(&line(&format!("{issuer} trân trọng kính mời")));
    out.push_str(&paragraph(&Style::centred(30).bold(), guest));
    for words in [post, representative].into_iter().flatten() {
        out.push_str(&line(words));
    }
    for words in [
        format!("đến dự {occasion}"),
        format!("Thời gian: {time}"),
        format!("Địa điểm: {place}"),
        "Sự hiện diện của quý vị là niềm vinh dự cho Ban Tổ chức.".to_owned(),
    ] {
        out.push_str(&line(&words));
    }
    let hint = paragraph(&Style::centred(18).italic(), "Xin xuất trình mã này khi đến dự");
    let code = format!("{}{hint}", picture.paragraph(SIDE));
    let signed = paragraph(&Style::centred(26).bold(), &signature.to_uppercase());
    out.push_str(&bare_table(&COLUMNS, &[[code, signed]]));
    out
}
