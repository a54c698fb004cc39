//! Numbers in Vietnamese words, as official documents repeat amounts of money.

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const BILLION: u64 = 1_000_000_000;

/// A whole number in words: 1.000.005 is “một triệu không trăm linh năm”. Different numbers have different words.
pub fn of(number: i64) -> String {
    let mut words = Vec::new();
    if number < 0 {
        words.push("âm");
    }
    match number.unsigned_abs() {
        0 => words.push("không"),
        number => push(&mut words, number),
    }
    words.join(" ")
}

/// An amount of money in words: “ba mươi lăm triệu đồng”.
pub fn dong(amount: i64) -> String {
    format!("{} đồng", of(amount))
}

/// Billions are counted in words themselves: a thousand of them is “một nghìn tỷ”.
fn push(words: &mut Vec<&'static str>, number: u64) {
    let (billions, rest) = (number / BILLION, number % BILLION);
    if billions > 0 {
        push(words, billions);
        words.push("tỷ");
    }
    for (group, unit) in [(rest / 1_000_000, Some("triệu")), (rest / 1000 % 1000, Some("nghìn")), (rest % 1000, None)] {
        if group > 0 {
            // What stands below other words says that it has no hundreds: “một nghìn không trăm linh năm”.
            let is_first = words.iter().all(|word| *word == "âm");
            push_group(words, group, is_first);
            words.extend(unit);
        }
    }
}

/// Up to three digits.
fn push_group(words: &mut Vec<&'static str>, group: u64, is_first: bool) {
    let digit = |value: u64| usize::try_from(value).ok().and_then(|value| DIGITS.get(value)).copied().unwrap_or_default();
    let (hundreds, tens, ones) = (group / 100, group / 10 % 10, group % 10);
    let has_hundreds = hundreds > 0 || !is_first;
    if has_hundreds {
        words.extend([digit(hundreds), "trăm"]);
    }
    match tens {
        0 if ones > 0 && has_hundreds => words.push("linh"),
        0 => {}
        1 => words.push("mười"),
        _ => words.extend([digit(tens), "mươi"]),
    }
    match (tens, ones) {
        (_, 0) => {}
        (2.., 1) => words.push("mốt"),
        (2.., 4) => words.push("tư"),
        (1.., 5) => words.push("lăm"),
        _ => words.push(digit(ones)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_said_as_they_are_read_out() {
        for (number, words) in [
            (0, "không"),
            (1, "một"),
            (4, "bốn"),
            (5, "năm"),
            (10, "mười"),
            (11, "mười một"),
            (14, "mười bốn"),
            (15, "mười lăm"),
            (20, "hai mươi"),
            (21, "hai mươi mốt"),
            (24, "hai mươi tư"),
            (25, "hai mươi lăm"),
            (91, "chín mươi mốt"),
            (100, "một trăm"),
            (101, "một trăm linh một"),
            (105, "một trăm linh năm"),
            (110, "một trăm mười"),
            (115, "một trăm mười lăm"),
            (121, "một trăm hai mươi mốt"),
            (1000, "một nghìn"),
            (1001, "một nghìn không trăm linh một"),
            (1010, "một nghìn không trăm mười"),
            (1406, "một nghìn bốn trăm linh sáu"),
            (10_005, "mười nghìn không trăm linh năm"),
            (21_000, "hai mươi mốt nghìn"),
            (100_000, "một trăm nghìn"),
            (1_000_000, "một triệu"),
            (1_000_005, "một triệu không trăm linh năm"),
            (1_005_000, "một triệu không trăm linh năm nghìn"),
            (1_234_567, "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy"),
            (35_000_000, "ba mươi lăm triệu"),
            (1_000_000_000, "một tỷ"),
            (1_000_000_001, "một tỷ không trăm linh một"),
            (2_015_000_000, "hai tỷ không trăm mười lăm triệu"),
            (1_000_000_000_000, "một nghìn tỷ"),
            (1_005_000_000_000, "một nghìn không trăm linh năm tỷ"),
            (1_000_000_000_000_000, "một triệu tỷ"),
            (1_000_000_000_000_000_000, "một tỷ tỷ"),
            (-21, "âm hai mươi mốt"),
            (-1_000_005, "âm một triệu không trăm linh năm"),
        ] {
            assert_eq!(of(number), words, "{number}");
        }
        assert_eq!(dong(1_200_000), "một triệu hai trăm nghìn đồng");
    }

    #[test]
    fn the_least_and_the_largest_number_have_words() {
        assert!(of(i64::MIN).starts_with("âm chín tỷ hai trăm hai mươi ba triệu"));
        assert!(of(i64::MAX).ends_with("tám trăm linh bảy"));
    }

    #[test]
    fn no_two_of_the_first_two_million_numbers_share_their_words() {
        let words: std::collections::HashSet<String> = (0..2_000_000).step_by(7).chain(0..20_000).map(of).collect();
        let numbers: std::collections::HashSet<i64> = (0..2_000_000).step_by(7).chain(0..20_000).collect();
        assert_eq!(words.len(), numbers.len());
    }

    /// Reads words back: the other way round, written on its own.
    fn read(text: &str) -> Option<i128> {
        let (mut total, mut group, mut last): (i128, i128, i128) = (0, 0, 0);
        let (mut sign, mut millions) = (1, 0_i128);
        for word in text.split(' ') {
            let digit = match word {
                "mốt" => Some(1),
                "tư" => Some(4),
                "lăm" => Some(5),
                _ => DIGITS.iter().position(|known| *known == word).map(|value| i128::try_from(value).unwrap()),
            };
            match (word, digit) {
                (_, Some(digit)) => {
                    group += digit;
                    last = digit;
                }
                ("âm", _) => sign = -1,
                ("linh", _) => {}
                ("mười", _) => group += 10,
                ("mươi", _) => group += last * 9,
                ("trăm", _) => group += last * 99,
                ("nghìn", _) => {
                    millions += group * 1000;
                    group = 0;
                }
                ("triệu", _) => {
                    millions += group * 1_000_000;
                    group = 0;
                }
                ("tỷ", _) => {
                    total = (total + millions + group) * 1_000_000_000;
                    (millions, group) = (0, 0);
                }
                _ => return None,
            }
        }
        Some(sign * (total + millions + group))
    }

    proptest! {
        #[test]
        fn words_can_be_read_back_so_different_numbers_have_different_words(number in any::<i64>(), shift in 0_u32..63) {
            let number = number >> shift;
            prop_assert_eq!(read(&of(number)), Some(i128::from(number)));
        }

        #[test]
        fn round_numbers_too(digits in 0_i64..1000, zeros in 0_u32..16) {
            let number = digits * 10_i64.pow(zeros);
            prop_assert_eq!(read(&of(number)), Some(i128::from(number)));
        }
    }
}
