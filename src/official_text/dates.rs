//! Dates as Vietnamese texts print them.

use super::pattern::{group, patterns, whole};
use chrono::{Datelike, Days, Months, NaiveDate};
use regex::Captures;
use std::ops::Range;

/// A date in a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hit {
    /// Where it stands, with the word "ngày" before it.
    pub(super) range: Range<usize>,
    /// The date; none where there is no such day.
    pub(super) date: Option<NaiveDate>,
}

/// A period in a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Period {
    pub(super) range: Range<usize>,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) confidence: f64,
}

patterns! {
    FULL = r"(ngày )?([0-9]{1,2})(?: ?([/.-]) ?| tháng )([0-9]{1,2})(?: ?([/.-]) ?| năm )([0-9]{4})";
    SHORT = r"^(?:ngày )?([0-9]{1,2})(?: ?[/-] ?| tháng )([0-9]{1,2})";
    PERIOD = r"từ (?:hết )?(?:ngày )?([0-9]{1,2})(?:(?: ?[/.-] ?| tháng )([0-9]{1,2})(?:(?: ?[/.-] ?| năm )([0-9]{4}))?)? ?(?:đến|tới|-) ?(?:hết )?(?:ngày )?([0-9]{1,2})(?: ?[/.-] ?| tháng )([0-9]{1,2})(?:(?: ?[/.-] ?| năm )([0-9]{4}))?";
    MONTHS = r"tháng ([0-9]{1,2})(?:/([0-9]{4}))?(?:(?: và|,| đến| tới| ?-)(?: hết)?(?: tháng)? ([0-9]{1,2}))?(?: ?/ ?| năm )([0-9]{4})";
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Whether digits go on right before or right after a place.
fn is_torn(key: &str, range: &Range<usize>) -> bool {
    let before = super::words::before(key, range.start);
    let is_number_before = before.ends_with(|c: char| c.is_ascii_digit())
        || before.ends_with(['/', '.', '-']) && before.trim_end_matches(['/', '.', '-']).ends_with(|c: char| c.is_ascii_digit());
    is_number_before || super::words::after(key, range.end).starts_with(|c: char| c.is_ascii_digit())
}

fn hit(key: &str, captures: &Captures<'_>) -> Option<Hit> {
    let range = whole(captures);
    // Both separators are the same; "tháng … năm" counts as one.
    let is_even = group(captures, 3) == group(captures, 5);
    (is_even && !is_torn(key, &range)).then(|| Hit { range, date: date(group(captures, 6), group(captures, 4), group(captures, 2)) })
}

/// All dates with a year.
pub(super) fn all(key: &str) -> Vec<Hit> {
    // Most lines hold no figure; that is seen faster without a pattern.
    if !key.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    FULL.captures_all(key).iter().filter_map(|captures| hit(key, captures)).collect()
}

/// The first date with a year.
pub(super) fn first(key: &str) -> Option<Hit> {
    all(key).into_iter().next()
}

/// A date that a text starts with, with its confidence; a missing year is that of the plan.
pub(super) fn at_start(key: &str, year: Option<i32>) -> Option<(NaiveDate, usize, f64)> {
    if let Some(Hit { range, date: Some(date) }) = first(super::words::clip(key, 40))
        && range.start == 0
    {
        return Some((date, range.end, super::CERTAIN));
    }
    let captures = SHORT.captures(key)?;
    let range = whole(&captures);
    if is_torn(key, &range) {
        return None;
    }
    let date = date(&year?.to_string(), group(&captures, 2), group(&captures, 1))?;
    Some((date, range.end, super::LOOSE))
}

/// Periods "từ ngày … đến ngày …"; a missing month or year is that of the later date, or the plan's.
pub(super) fn periods(key: &str, year: Option<i32>) -> Vec<Period> {
    let read = |captures: &Captures<'_>| {
        let range = whole(captures);
        let given =
            |own: usize, other: &str| if group(captures, own).is_empty() { other.to_owned() } else { group(captures, own).to_owned() };
        let plan_year = year.map(|year| year.to_string()).unwrap_or_default();
        let (last_year, last_month) = (given(6, &plan_year), group(captures, 5));
        let to = date(&last_year, last_month, group(captures, 4))?;
        let from = date(&given(3, &last_year), &given(2, last_month), group(captures, 1))?;
        let confidence = match (group(captures, 6).is_empty(), group(captures, 3).is_empty()) {
            (true, _) => super::LOOSE,
            (false, true) => super::INFERRED,
            (false, false) => super::CERTAIN,
        };
        (from <= to && !is_torn(key, &range)).then_some(Period { range, from, to, confidence })
    };
    PERIOD.captures_all(key).iter().filter_map(read).collect()
}

/// Whole months, such as "trong tháng 7 và tháng 8 năm 2024": only a hint at a period.
pub(super) fn months(key: &str) -> Option<Period> {
    let captures = MONTHS.captures(key)?;
    let year = group(&captures, 4);
    let first_year = if group(&captures, 2).is_empty() { year } else { group(&captures, 2) };
    let from = date(first_year, group(&captures, 1), "1")?;
    let last_month = if group(&captures, 3).is_empty() { group(&captures, 1) } else { group(&captures, 3) };
    let to = date(year, last_month, "1")?.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))?;
    (from <= to).then_some(Period { range: whole(&captures), from, to, confidence: super::WEAK })
}

/// Where a text prints the words of a date that is no date: "ngày … tháng … năm".
pub(super) fn is_blank(key: &str) -> bool {
    let Some(day) = key.find("ngày") else { return false };
    let rest = super::words::after(key, day);
    first(rest).is_none() && rest.find("tháng").is_some_and(|month| super::words::after(rest, month).contains("năm"))
}

/// The year of a date.
pub(super) fn year(date: NaiveDate) -> i32 {
    date.year()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_are_read_in_every_printed_form() {
        for text in ["ngày 05/8/2024", "ngày 5 tháng 8 năm 2024", "05-8-2024", "5.8.2024", "ngày 05 / 08 / 2024"] {
            assert_eq!(first(text).and_then(|hit| hit.date), Some(day("2024-08-05")), "{text}");
        }
        assert_eq!(first("ngày 31/6/2024").map(|hit| hit.date), Some(None));
        assert_eq!(first("số 124/2021/tt-bca, 1.000.2000, 5/8-2024"), None);
    }

    #[test]
    fn a_period_takes_missing_parts_from_its_end() {
        for (text, confidence) in [
            ("từ ngày 01/7/2024 đến ngày 19/8/2024", 1.0),
            ("từ ngày 01/7 đến hết ngày 19/8/2024", 0.9),
            ("từ 01/7 đến 19/8", 0.7),
            ("từ ngày 1 tháng 7 đến ngày 19 tháng 8 năm 2024", 0.9),
        ] {
            let found = periods(text, Some(2024));
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!((found[0].from, found[0].to, found[0].confidence), (day("2024-07-01"), day("2024-08-19"), confidence), "{text}");
        }
        assert_eq!(periods("từ ngày 01 đến ngày 19/8/2024", None)[0].from, day("2024-08-01"));
        assert!(periods("từ ngày 19/8/2024 đến ngày 01/7/2024", None).is_empty());
    }

    #[test]
    fn whole_months_are_a_weak_period() {
        let found = months("trong tháng 7 và tháng 8 năm 2024").unwrap();
        assert_eq!((found.from, found.to, found.confidence), (day("2024-07-01"), day("2024-08-31"), 0.5));
        assert_eq!(months("trong tháng 8/2024").unwrap().from, day("2024-08-01"));
    }

    #[test]
    fn a_date_left_blank_is_seen() {
        assert!(is_blank("yên bái, ngày tháng 3 năm 2023"));
        assert!(!is_blank("yên bái, ngày 24 tháng 3 năm 2023"));
    }
}
