//! Numbers and dates as official documents print them.

use chrono::{Datelike, NaiveDate};

/// A whole number with a dot between thousands: 1.234.567.
pub fn number(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// A date in full: “ngày 20 tháng 8 năm 2023”; days below 10 and the months 1 and 2 have a zero before them, so that nothing can be
/// written in.
pub fn date(day: NaiveDate) -> String {
    let month = if day.month() < 3 { format!("0{}", day.month()) } else { day.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", day.day(), day.year())
}

/// A date with room for the day and the month.
pub fn open_date(year: i32) -> String {
    format!("ngày … tháng … năm {year}")
}

/// The number and symbol: “Số: 81/KH-BCĐ”; with room for the number where there is none. Below 10 it has a zero before it.
pub fn number_line(number: Option<i32>, symbol: &str) -> String {
    number.map_or_else(|| format!("Số: \u{a0}\u{a0}\u{a0}\u{a0}/{symbol}"), |number| format!("Số: {number:02}/{symbol}"))
}

/// A Roman number, for headings; the Arabic one from 40 on.
pub fn roman(number: usize) -> String {
    const PARTS: [(usize, &str); 5] = [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    if !(1..40).contains(&number) {
        return number.to_string();
    }
    let (mut left, mut out) = (number, String::new());
    for (value, sign) in PARTS {
        while left >= value {
            out.push_str(sign);
            left -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_dots_between_thousands() {
        for (value, text) in
            [(0, "0"), (7, "7"), (999, "999"), (1000, "1.000"), (1_234_567, "1.234.567"), (-1_406, "-1.406"), (35_000_000, "35.000.000")]
        {
            assert_eq!(number(value), text);
        }
        assert_eq!(number(i64::MIN), "-9.223.372.036.854.775.808");
    }

    #[test]
    fn small_days_and_the_first_two_months_have_a_zero() {
        let day = |year, month, day| date(NaiveDate::from_ymd_opt(year, month, day).unwrap());
        assert_eq!(day(2023, 8, 20), "ngày 20 tháng 8 năm 2023");
        assert_eq!(day(2023, 2, 3), "ngày 03 tháng 02 năm 2023");
        assert_eq!(day(2023, 12, 31), "ngày 31 tháng 12 năm 2023");
        assert_eq!(day(2024, 1, 10), "ngày 10 tháng 01 năm 2024");
    }

    #[test]
    fn headings_have_roman_numbers_and_numbers_of_documents_two_digits() {
        let numbers = [1, 4, 5, 9, 14, 19, 39, 40].map(roman);
        assert_eq!(numbers, ["I", "IV", "V", "IX", "XIV", "XIX", "XXXIX", "40"]);
        assert_eq!((number_line(Some(7), "BC-BCĐ"), number_line(Some(81), "KH-BCĐ")), ("Số: 07/BC-BCĐ".into(), "Số: 81/KH-BCĐ".into()));
    }
}
