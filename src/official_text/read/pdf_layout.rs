//! From placed words to paragraphs: rows, the two columns of header and signature block, wrapped lines.

use super::super::numbering::{self, Mark, Marked};
use super::pdf_page::Run;

/// Words of one row that stand together.
#[derive(Debug, Clone)]
struct Segment {
    text: String,
    left: f64,
    right: f64,
    base: f64,
    size: f64,
}

/// Where a segment stands on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Full,
}

/// Paragraphs so far.
#[derive(Debug, Default)]
pub(super) struct Layout {
    text: String,
    /// Whether the last line reached the right edge, so that its paragraph may go on.
    is_open: bool,
    /// Whether the last paragraph is a footnote: it ends with its page.
    is_footnote: bool,
    last: Option<Segment>,
    /// Usual distance of two lines on the page, by size of letters, where there are enough to tell.
    pitches: Vec<(f64, f64)>,
}

/// Gap between words that parts two columns, in sizes of the font.
const COLUMN_GAP: f64 = 2.0;
/// Sizes of letters told apart on a page.
const MAX_SIZES: usize = 16;

impl Layout {
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn text(self) -> String {
        self.text
    }

    /// Adds a page.
    pub(super) fn page(&mut self, runs: Vec<Run>) {
        let rows = without_page_number(rows(runs));
        let edge = |pick: fn(&Segment) -> f64, best: fn(f64, f64) -> f64| rows.iter().flatten().map(pick).reduce(best).unwrap_or(0.0);
        let (left, right) = (edge(|segment| segment.left, f64::min), edge(|segment| segment.right, f64::max));
        self.last = None;
        self.pitches = pitches(&rows);
        let mut block: Vec<Vec<Segment>> = Vec::new();
        for row in rows {
            if row.iter().any(|segment| side(segment, left, right, row.len()) == Side::Full) {
                self.block(std::mem::take(&mut block), left, right);
                self.row(row, left, right);
            } else {
                block.push(row);
            }
        }
        self.block(block, left, right);
        self.is_open = self.is_open && !self.is_footnote;
    }

    /// Rows of two columns: the left one whole, then the right one. Without a right one they are plain rows.
    fn block(&mut self, rows: Vec<Vec<Segment>>, left: f64, right: f64) {
        let is_right = |segment: &Segment, count: usize| side(segment, left, right, count) == Side::Right;
        if !rows.iter().any(|row| row.iter().any(|segment| is_right(segment, row.len()))) {
            for row in rows {
                self.row(row, left, right);
            }
            return;
        }
        let mut columns = (Vec::new(), Vec::new());
        for row in rows {
            let count = row.len();
            for segment in row {
                if is_right(&segment, count) { columns.1.push(segment) } else { columns.0.push(segment) }
            }
        }
        // The last lines of a paragraph can stand above the left column.
        for segment in columns.0 {
            self.line(segment, left, right);
        }
        self.is_open = false;
        for segment in columns.1 {
            self.new_line(&segment.text);
        }
        (self.is_open, self.last) = (false, None);
    }

    fn row(&mut self, row: Vec<Segment>, left: f64, right: f64) {
        let whole = row.into_iter().reduce(|mut one, next| {
            one.text = format!("{}    {}", one.text, next.text);
            one.right = next.right;
            one
        });
        if let Some(segment) = whole {
            self.line(segment, left, right);
        }
    }

    /// One line of running text: it goes on with the paragraph unless it begins one.
    fn line(&mut self, segment: Segment, left: f64, right: f64) {
        let mark = numbering::of(segment.text.trim());
        let is_indented = segment.left > left + segment.size * 0.8;
        let pitch = self.pitches.iter().find(|(size, _)| is_size(*size, segment.size));
        let most = pitch.map_or(segment.size * 2.2, |(_, pitch)| pitch * 1.2);
        let is_apart = self.last.as_ref().is_some_and(|last| last.base - segment.base > most);
        if self.is_open && mark.is_none() && !is_indented && !is_apart {
            let is_split = !self.text.ends_with(' ');
            self.text.truncate(self.text.trim_end_matches('\n').len());
            if is_split {
                self.text.push(' ');
            }
            self.text.push_str(segment.text.trim());
            self.text.push('\n');
        } else {
            self.is_footnote = matches!(mark, Some(Marked { mark: Mark::Footnote(_), .. }));
            self.new_line(segment.text.trim());
        }
        self.is_open = segment.right > right - (right - left) * 0.14;
        self.last = Some(segment);
    }

    fn new_line(&mut self, text: &str) {
        self.text.push_str(text.trim());
        self.text.push('\n');
    }
}

/// Where a segment stands: a centred one and one across the middle belong to no column.
fn side(segment: &Segment, left: f64, right: f64, count: usize) -> Side {
    let (width, middle) = (right - left, f64::midpoint(left, right));
    let centre = f64::midpoint(segment.left, segment.right);
    if segment.left > left + width * 0.3 && (count > 1 || centre > middle + width * 0.06) {
        Side::Right
    } else if centre < middle - width * 0.06 && segment.right < middle + width * 0.1 {
        Side::Left
    } else {
        Side::Full
    }
}

/// Of each size of letters, the distance that a quarter of its lines do not exceed: paragraphs stand further apart than lines.
fn pitches(rows: &[Vec<Segment>]) -> Vec<(f64, f64)> {
    let lines: Vec<&Segment> = rows.iter().filter_map(|row| row.first()).collect();
    let mut steps: Vec<(f64, Vec<f64>)> = Vec::new();
    for pair in lines.windows(2) {
        let [above, below] = pair else { continue };
        if !is_size(above.size, below.size) {
            continue;
        }
        let count = steps.len();
        match steps.iter_mut().find(|(size, _)| is_size(*size, below.size)) {
            Some((_, list)) => list.push(above.base - below.base),
            None if count < MAX_SIZES => steps.push((below.size, vec![above.base - below.base])),
            None => {}
        }
    }
    let pitch = |(size, mut list): (f64, Vec<f64>)| {
        list.sort_by(f64::total_cmp);
        let known = list.get(list.len() / 4).copied().filter(|_| list.len() >= 8);
        known.map(|pitch| (size, pitch))
    };
    steps.into_iter().filter_map(pitch).collect()
}

fn is_size(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.6
}

/// Rows from the top down, each from left to right, parted at wide gaps.
fn rows(mut runs: Vec<Run>) -> Vec<Vec<Segment>> {
    runs.retain(|run| !run.text.is_empty() && run.base.is_finite() && run.left.is_finite() && run.right.is_finite());
    runs.sort_by(|one, other| other.base.total_cmp(&one.base));
    let mut rows: Vec<Vec<Run>> = Vec::new();
    let mut base = f64::INFINITY;
    for run in runs {
        // A raised mark comes before its line, and stands higher above it than the unevenness within a line.
        let is_mark = rows.last().is_some_and(|row| row.iter().all(|other| other.size < run.size * 0.8));
        match rows.last_mut() {
            Some(row) if base - run.base < run.size * if is_mark { 0.75 } else { 0.45 } => {
                base = if is_mark { run.base } else { base };
                row.push(run);
            }
            _ => {
                base = run.base;
                rows.push(vec![run]);
            }
        }
    }
    rows.into_iter().map(segments).filter(|row| !row.is_empty()).collect()
}

fn segments(mut runs: Vec<Run>) -> Vec<Segment> {
    runs.sort_by(|one, other| one.left.total_cmp(&other.left));
    let size = runs.iter().map(|run| run.size).fold(1.0, f64::max);
    let base = runs.iter().map(|run| run.base).fold(f64::INFINITY, f64::min);
    let mut all: Vec<Segment> = Vec::new();
    for run in runs {
        let is_raised = run.size < size * 0.8 && run.base > base + size * 0.15;
        let text = if is_raised { raised(&run.text) } else { run.text };
        match all.last_mut() {
            Some(last) if run.left - last.right < size * COLUMN_GAP => {
                let is_gap = run.left - last.right > size * 0.14;
                if is_gap && !last.text.ends_with(' ') && !text.starts_with(' ') {
                    last.text.push(' ');
                }
                last.text.push_str(&text);
                if !text.trim().is_empty() {
                    last.right = last.right.max(run.right);
                }
            }
            _ if text.trim().is_empty() => {}
            _ => all.push(Segment { text, left: run.left, right: run.right, base, size }),
        }
    }
    all
}

/// Small digits above the line are a footnote mark.
fn raised(text: &str) -> String {
    let sign = |digit: char| digit.to_digit(10).and_then(|value| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(usize::try_from(value).ok()?));
    text.chars().map(|c| sign(c).unwrap_or(c)).collect()
}

/// The number of the page stands alone in the first or last row.
fn without_page_number(mut rows: Vec<Vec<Segment>>) -> Vec<Vec<Segment>> {
    let is_number = |row: &Vec<Segment>| matches!(row.as_slice(), [only] if only.text.trim().len() <= 3 && !only.text.trim().is_empty() && only.text.trim().bytes().all(|b| b.is_ascii_digit()));
    if rows.first().is_some_and(is_number) {
        rows.remove(0);
    }
    if rows.last().is_some_and(is_number) {
        rows.pop();
    }
    rows
}
