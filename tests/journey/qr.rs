//! Reads a QR code back from the picture of it, as a telephone does.

use super::client::{Failure, Told};
use std::collections::BTreeSet;

/// The text of the first code of a page.
pub fn read(page: &str) -> Told<String> {
    drawn(page).and_then(decode).ok_or_else(|| Failure::new("một mã QR đọc được", page.chars().take(300).collect::<String>()))
}

/// Side and dark dots of the first picture, whose path has runs such as `M4 4h7v1h-7z`.
fn drawn(page: &str) -> Option<(usize, BTreeSet<(usize, usize)>)> {
    let (_, svg) = page.split_once("<svg ")?;
    let (_, rest) = svg.split_once("viewBox=\"0 0 ")?;
    let side = rest.split(' ').next()?.parse().ok()?;
    let (_, path) = svg.split_once(" d=\"")?;
    let mut dark = BTreeSet::new();
    for run in path.split('"').next()?.split('M').skip(1) {
        let (x, rest) = run.split_once(' ')?;
        let (y, rest) = rest.split_once('h')?;
        let length: usize = rest.split('v').next()?.parse().ok()?;
        let (x, y): (usize, usize) = (x.parse().ok()?, y.parse().ok()?);
        dark.extend((x..x + length).map(|x| (x, y)));
    }
    Some((side, dark))
}

fn decode((side, dark): (usize, BTreeSet<(usize, usize)>)) -> Option<String> {
    let dot = |x: usize, y: usize| if dark.contains(&(x / 4, y / 4)) { 0 } else { 255 };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, dot);
    picture.detect_grids().first()?.decode().ok().map(|(_, text)| text)
}
