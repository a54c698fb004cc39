//! Regular expressions that are compiled once, and never at the price of a panic.

use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::OnceLock;

/// A pattern. One that does not compile matches nothing; the tests of each file see to it that every one compiles.
pub(super) struct Pattern {
    source: &'static str,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) const fn new(source: &'static str) -> Self {
        Self { source, regex: OnceLock::new() }
    }

    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| Regex::new(self.source).ok()).as_ref()
    }

    #[cfg(test)]
    pub(super) fn compiles(&self) -> bool {
        self.regex().is_some()
    }

    /// Whether it occurs.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// Its first place.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        self.regex()?.find(text).map(|hit| hit.range())
    }

    /// All its places that do not overlap.
    pub(super) fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        self.regex().map(|regex| regex.find_iter(text).map(|hit| hit.range()).collect()).unwrap_or_default()
    }

    /// Its first place with its groups.
    pub(super) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex()?.captures(text)
    }

    /// All its places with their groups.
    pub(super) fn captures_all<'t>(&self, text: &'t str) -> Vec<Captures<'t>> {
        self.regex().map(|regex| regex.captures_iter(text).collect()).unwrap_or_default()
    }
}

/// A group's text, empty where it did not take part.
pub(super) fn group<'t>(captures: &Captures<'t>, no: usize) -> &'t str {
    captures.get(no).map_or("", |hit| hit.as_str())
}

/// Where the whole match stands.
pub(super) fn whole(captures: &Captures<'_>) -> Range<usize> {
    captures.get(0).map_or(0..0, |hit| hit.range())
}

/// Declares the patterns of a file, with the test that they compile.
macro_rules! patterns {
    ($($name:ident = $source:expr;)+) => {
        $(static $name: $crate::official_text::pattern::Pattern = $crate::official_text::pattern::Pattern::new($source);)+

        #[cfg(test)]
        #[test]
        fn every_pattern_of_this_file_compiles() {
            $(assert!($name.compiles(), stringify!($name));)+
        }
    };
}
pub(super) use patterns;
