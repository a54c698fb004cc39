//! Dates of a plan moved to another year: in what its rules say in figures, and where its text names those very days.

use crate::plans::parameters::Parameters;
use chrono::{Datelike, NaiveDate};
use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The same day of another year, 9999 at the latest; 28 February for the 29th where there is none.
pub fn moved(day: NaiveDate, years: i32) -> NaiveDate {
    let year = (day.year() + years).min(9999);
    day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)).unwrap_or(day)
}

/// The days that were moved, each with what it became.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    days: BTreeMap<NaiveDate, NaiveDate>,
}

impl Moved {
    /// Notes a day that was moved.
    pub fn add(&mut self, before: NaiveDate, after: NaiveDate) {
        self.days.insert(before, after);
    }

    /// Moves the days of a rule: window and limit to the given ones. Whether there were any.
    pub fn move_rule(&mut self, parameters: &mut Parameters, years: i32) -> bool {
        match parameters {
            Parameters::EventWindow { from, to } => {
                for day in [from, to] {
                    *day = self.of(*day, years);
                }
                true
            }
            Parameters::ReportLimit { on, opens_on, closes_on, .. } => {
                for day in [Some(on), opens_on.as_mut(), closes_on.as_mut()].into_iter().flatten() {
                    *day = self.of(*day, years);
                }
                true
            }
            _ => false,
        }
    }

    fn of(&mut self, day: NaiveDate, years: i32) -> NaiveDate {
        *self.days.entry(day).or_insert_with(|| moved(day, years))
    }

    /// A text in which each of those days, written as a whole date, is the new one, written the same way.
    pub fn in_text(&self, text: &str) -> String {
        patterns().iter().fold(text.to_owned(), |text, pattern| {
            pattern.replace_all(&text, |found: &Captures<'_>| self.replacement(found).unwrap_or_else(|| found[0].to_owned())).into_owned()
        })
    }

    fn replacement(&self, found: &Captures<'_>) -> Option<String> {
        let (day, month) = (found.name("day")?.as_str(), found.name("month")?.as_str());
        let date = NaiveDate::from_ymd_opt(found.name("year")?.as_str().parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
        let after = self.days.get(&date)?;
        let as_wide = |number: u32, as_printed: &str| match as_printed.starts_with('0') {
            true => format!("{number:02}"),
            false => number.to_string(),
        };
        let (first, second) = (found.name("first")?.as_str(), found.name("second")?.as_str());
        Some(format!("{}{first}{}{second}{}", as_wide(after.day(), day), as_wide(after.month(), month), after.year()))
    }
}

/// "20/8/2023", "20-8-2023", "20.8.2023", and "20 tháng 8 năm 2023".
fn patterns() -> &'static [Regex] {
    static PATTERNS: OnceLock<Vec<Regex>> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let patterns = [
            r"(?P<day>\b[0-9]{1,2})(?P<first>\s?[/.-]\s?)(?P<month>[0-9]{1,2})(?P<second>\s?[/.-]\s?)(?P<year>[0-9]{4}\b)",
            r"(?P<day>\b[0-9]{1,2})(?P<first>\s+tháng\s+)(?P<month>[0-9]{1,2})(?P<second>\s+năm\s+)(?P<year>[0-9]{4}\b)",
        ];
        patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect()
    })
}

/// A title of one year as that of another: "năm 2023" becomes "năm 2024".
pub fn of_year(title: &str, from: i32, to: i32) -> String {
    title.replace(&format!("năm {from}"), &format!("năm {to}"))
}

/// Whether a text names a year.
pub fn names_year(text: &str, year: i32) -> bool {
    let year = year.to_string();
    text.split(|letter: char| !letter.is_ascii_digit()).any(|number| number == year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn moved_days() -> Moved {
        let mut moved = Moved::default();
        for (before, after) in [("2023-07-01", "2024-07-01"), ("2023-08-19", "2024-08-19"), ("2023-08-20", "2024-08-20")] {
            moved.add(day(before), day(after));
        }
        moved
    }

    #[test]
    fn a_day_moves_to_the_same_day_of_the_other_year() {
        assert_eq!(moved(day("2023-08-20"), 1), day("2024-08-20"));
        assert_eq!(moved(day("2024-02-29"), 1), day("2025-02-28"));
    }

    #[test]
    fn days_in_a_text_are_replaced_as_they_are_printed() {
        let moved = moved_days();
        assert_eq!(moved.in_text("Từ ngày 01/7/2023 đến ngày 19/8/2023."), "Từ ngày 01/7/2024 đến ngày 19/8/2024.");
        assert_eq!(moved.in_text("trước ngày 20/08/2023"), "trước ngày 20/08/2024");
        assert_eq!(moved.in_text("trước ngày 20 tháng 8 năm 2023"), "trước ngày 20 tháng 8 năm 2024");
    }

    #[test]
    fn other_days_stay() {
        let moved = moved_days();
        for text in ["Quyết định số 521/QĐ-TTg ngày 13/6/2005", "ngày 21/7/2023", "ngày 120/8/2023", "20/8/20231", "99/99/2023"]
        {
            assert_eq!(moved.in_text(text), text);
        }
    }

    #[test]
    fn a_year_is_a_whole_number() {
        assert!(names_year("Ngày hội năm 2023.", 2023));
        assert!(!names_year("số 12023/QĐ", 2023));
        assert_eq!(of_year("Kế hoạch năm 2023", 2023, 2026), "Kế hoạch năm 2026");
    }
}
