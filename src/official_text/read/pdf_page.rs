//! Pages of a PDF: the operators that place text, each run with its place.

use super::Unreadable;
use super::pdf_fonts::{Font, Fonts, number};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Words placed at once.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) base: f64,
    pub(super) size: f64,
}

/// Forms within forms, and saved states.
const MAX_DEPTH: usize = 6;
const MAX_SAVED: usize = 64;

/// A matrix, as PDF writes it.
type Matrix = [f64; 6];
const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn times(one: Matrix, other: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = one;
    let [g, h, i, j, k, l] = other;
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}

/// What the operators change.
#[derive(Clone)]
struct State<'d> {
    page: Matrix,
    font: Option<Rc<Font<'d>>>,
    size: f64,
    letter_gap: f64,
    word_gap: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

struct Page<'a, 'd> {
    document: &'d Document,
    fonts: &'a mut Fonts<'d>,
    state: State<'d>,
    saved: Vec<State<'d>>,
    text: Matrix,
    line: Matrix,
    runs: Vec<Run>,
    /// Bytes of forms that may still be unpacked.
    rest: &'a mut usize,
}

/// The runs of a page, in the order in which they are placed.
pub(super) fn runs<'d>(
    document: &'d Document,
    page: ObjectId,
    content: &[u8],
    fonts: &mut Fonts<'d>,
    rest: &mut usize,
) -> Result<Vec<Run>, Unreadable> {
    let state = State { page: UNIT, font: None, size: 0.0, letter_gap: 0.0, word_gap: 0.0, stretch: 1.0, leading: 0.0, rise: 0.0 };
    let mut reader = Page { document, fonts, state, saved: Vec::new(), text: UNIT, line: UNIT, runs: Vec::new(), rest };
    let known = document.get_page_fonts(page).unwrap_or_default();
    let (own, shared) = document.get_page_resources(page).unwrap_or_default();
    let shared = shared.into_iter().filter_map(|id| document.get_dictionary(id).ok());
    let resources: Vec<&Dictionary> = own.into_iter().chain(shared).collect();
    reader.walk(content, &known, &resources, 0)?;
    Ok(reader.runs)
}

type Known<'d> = BTreeMap<Vec<u8>, &'d Dictionary>;

impl<'d> Page<'_, 'd> {
    fn walk(&mut self, content: &[u8], fonts: &Known<'d>, resources: &[&'d Dictionary], depth: usize) -> Result<(), Unreadable> {
        // A damaged page has what could be read up to the damage.
        let Ok(content) = Content::decode(content) else { return Ok(()) };
        for operation in &content.operations {
            if operation.operator == "Do" {
                self.form(operation, fonts, resources, depth)?;
            } else {
                self.apply(operation, fonts)?;
            }
        }
        Ok(())
    }

    fn form(&mut self, operation: &Operation, fonts: &Known<'d>, resources: &[&'d Dictionary], depth: usize) -> Result<(), Unreadable> {
        let document = self.document;
        let Some(name) = operation.operands.first().and_then(|name| name.as_name().ok()) else { return Ok(()) };
        let named = |resources: &&'d Dictionary| {
            resources.get_deref(b"XObject", document).and_then(Object::as_dict).ok()?.get_deref(name, document).ok()
        };
        let Some(form) = resources.iter().find_map(named).and_then(|form| form.as_stream().ok()) else { return Ok(()) };
        let is_form = form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form");
        if !is_form || depth >= MAX_DEPTH {
            return Ok(());
        }
        let content = form.decompressed_content_with_limit(*self.rest).map_err(super::pdf::reason)?;
        // Forms that call forms multiply: each use counts.
        *self.rest = self.rest.saturating_sub(content.len().saturating_add(1_000));
        let own = form.dict.get_deref(b"Resources", document).and_then(Object::as_dict).ok();
        let mut known = fonts.clone();
        if let Some(list) = own.and_then(|own| own.get_deref(b"Font", document).and_then(Object::as_dict).ok()) {
            known.extend(list.iter().filter_map(|(name, _)| Some((name.clone(), list.get_deref(name, document).ok()?.as_dict().ok()?))));
        }
        let inner: Vec<&Dictionary> = own.into_iter().chain(resources.iter().copied()).collect();
        let outer = self.state.clone();
        let matrix = form.dict.get_deref(b"Matrix", document).and_then(Object::as_array).ok().and_then(|list| matrix(list));
        self.state.page = times(matrix.unwrap_or(UNIT), self.state.page);
        let result = self.walk(&content, &known, &inner, depth.saturating_add(1));
        self.state = outer;
        result
    }

    fn apply(&mut self, operation: &Operation, fonts: &Known<'d>) -> Result<(), Unreadable> {
        let operands = operation.operands.as_slice();
        let value = |at: usize| operands.get(at).and_then(number).unwrap_or(0.0);
        match operation.operator.as_str() {
            "q" if self.saved.len() < MAX_SAVED => self.saved.push(self.state.clone()),
            "Q" => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
            "cm" => self.state.page = times(matrix(operands).unwrap_or(UNIT), self.state.page),
            "BT" => (self.text, self.line) = (UNIT, UNIT),
            "Tf" => {
                let name = operands.first().and_then(|name| name.as_name().ok());
                let font = name.and_then(|name| fonts.get(name).copied());
                self.state.font = font.map(|font| self.fonts.get(self.document, font)).transpose()?;
                self.state.size = value(1);
            }
            "Tc" => self.state.letter_gap = value(0),
            "Tw" => self.state.word_gap = value(0),
            "Tz" => self.state.stretch = value(0) / 100.0,
            "TL" => self.state.leading = value(0),
            "Ts" => self.state.rise = value(0),
            "Td" => self.next_line(value(0), value(1)),
            "TD" => {
                self.state.leading = -value(1);
                self.next_line(value(0), value(1));
            }
            "Tm" => {
                self.line = matrix(operands).unwrap_or(UNIT);
                self.text = self.line;
            }
            "T*" => self.next_line(0.0, -self.state.leading),
            "Tj" => self.show(operands.first()),
            "'" => {
                self.next_line(0.0, -self.state.leading);
                self.show(operands.first());
            }
            "\"" => {
                (self.state.word_gap, self.state.letter_gap) = (value(0), value(1));
                self.next_line(0.0, -self.state.leading);
                self.show(operands.get(2));
            }
            "TJ" => {
                for part in operands.first().and_then(|list| list.as_array().ok()).into_iter().flatten() {
                    match number(part) {
                        Some(back) => self.advance(-back / 1_000.0 * self.state.size * self.state.stretch),
                        None => self.show(Some(part)),
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn next_line(&mut self, right: f64, up: f64) {
        self.line = times([1.0, 0.0, 0.0, 1.0, right, up], self.line);
        self.text = self.line;
    }

    fn advance(&mut self, by: f64) {
        self.text = times([1.0, 0.0, 0.0, 1.0, by, 0.0], self.text);
    }

    fn show(&mut self, words: Option<&Object>) {
        let (Some(Object::String(bytes, _)), Some(font)) = (words, self.state.font.clone()) else { return };
        let glyphs = font.glyphs(bytes);
        let State { size, letter_gap, word_gap, stretch, rise, .. } = self.state;
        let width =
            |(width, is_space): &(f64, bool)| (width / 1_000.0 * size + letter_gap + if *is_space { word_gap } else { 0.0 }) * stretch;
        let [_, _, c, d, left, base] = times([1.0, 0.0, 0.0, 1.0, 0.0, rise], times(self.text, self.state.page));
        self.advance(glyphs.iter().map(width).sum());
        let [.., right, _] = times(self.text, self.state.page);
        match font.text(bytes) {
            Some(text) => self.runs.push(Run { text, left, right: right.max(left), base, size: (c.hypot(d) * size).abs().max(1.0) }),
            None => self.fonts.unknown = self.fonts.unknown.saturating_add(glyphs.len()),
        }
    }
}

fn matrix(operands: &[Object]) -> Option<Matrix> {
    let [a, b, c, d, e, f] = operands else { return None };
    Some([number(a)?, number(b)?, number(c)?, number(d)?, number(e)?, number(f)?])
}
