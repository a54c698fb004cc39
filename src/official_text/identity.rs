//! One form of a citation: what decides whether two printed numbers are one.

use super::draft::DocumentKind;
use super::pattern::{group, patterns};
use super::{kinds, normal, words};

patterns! {
    NUMBER = r"([0-9]{1,5}) ?(?:/ ?([0-9]{4}) ?)?([/-]) ?(\p{Lu}[\p{L}0-9]*(?:[-/]\p{Lu}[\p{L}0-9]*)*)";
}

/// A printed number and symbol, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Running number.
    pub number: i32,
    /// Year within the number.
    pub year: Option<i32>,
    /// Symbol, as printed.
    pub symbol: String,
}

impl Identity {
    /// The one number in a printed citation ("Kế hoạch số 81 /KH-BCĐ"); none where there is none, or more than one.
    pub fn of(printed: &str) -> Option<Self> {
        let line = normal::line(printed);
        let all = NUMBER.captures_all(&line);
        let [captures] = all.as_slice() else { return None };
        let year = group(captures, 2).parse().ok();
        Some(Self { number: group(captures, 1).parse().ok()?, year, symbol: group(captures, 4).to_owned() })
    }

    /// Its form for comparing: leading zeros, spaces and the case of the symbol do not count, every other sign does.
    pub fn key(&self) -> String {
        let year = self.year.map(|year| year.to_string()).unwrap_or_default();
        format!("{}/{year}/{}", self.number, self.symbol.to_uppercase())
    }
}

/// The form for comparing of whatever is printed: of its number, or of its words where it has none ("Luật An ninh mạng").
pub fn citation_key(printed: &str) -> String {
    Identity::of(printed).map_or_else(|| format!("={}", name_key(printed)), |identity| identity.key())
}

/// A name in one form: case, spaces and the place of tone marks do not count.
pub fn name_key(name: &str) -> String {
    words::key(&normal::line(name))
}

/// The kind that a symbol names; none where it names none, as that of an official letter.
pub fn kind_of_symbol(symbol: &str) -> Option<DocumentKind> {
    kinds::of_symbol(symbol)
}

/// The word that heads documents of a kind, such as "kết luận"; empty for those without one.
pub fn word_of_kind(kind: DocumentKind) -> &'static str {
    kinds::word(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_key_however_it_is_printed_and_others_have_another() {
        let key = citation_key("81/KH-BCĐ");
        for same in ["Kế hoạch số 81 /KH-BCĐ", "081/KH-BCĐ", "số: 81/ KH-BCĐ", "81/KH-BC\u{110}"] {
            assert_eq!(citation_key(same), key, "{same}");
        }
        for other in ["81-KH/BCĐ", "81/KH-BCD", "82/KH-BCĐ", "81/2023/KH-BCĐ", "81/KH-BCĐ và 82/KH-BCĐ", "Kế hoạch 81"] {
            assert_ne!(citation_key(other), key, "{other}");
        }
        assert_eq!(citation_key("Luật  an ninh mạng"), citation_key("LUẬT AN NINH MẠNG"));
        let circular = Identity::of("Thông tư số 124/2021/TT-BCA ngày 28/12/2021").unwrap();
        assert_eq!((circular.number, circular.year, circular.symbol.as_str()), (124, Some(2021), "TT-BCA"));
    }
}
