//! Made-up values that are the same each time.

use chrono::{DateTime, Duration, Utc};
use uuid::{Builder, Uuid};

/// When the made-up rows were made up: a fixed instant, so that they are the same each time.
pub(super) fn made_up_at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(19_508)
}

/// Random enough, and the same each time (splitmix64).
pub(super) struct Draw(pub(super) u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// From 0 up to 1, four decimals: about ten metres on a map.
    pub(super) fn fraction(&mut self) -> f64 {
        f64::from(u16::try_from(self.below(10_000)).unwrap_or_default()) / 10_000.0
    }

    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let count = u64::try_from(choices.len()).unwrap_or_default();
        usize::try_from(self.below(count)).ok().and_then(|index| choices.get(index).copied())
    }

    pub(super) fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.one_of(words).unwrap_or_default()
    }
}

/// A version 7 id that depends on its number only: later numbers sort later, as with real ones.
pub(super) fn uuid_of(from: DateTime<Utc>, number: u64, series: u64) -> Uuid {
    let mut draw = Draw(number.wrapping_mul(4).wrapping_add(series));
    let mut random = [0; 10];
    for (byte, drawn) in random.iter_mut().zip(draw.next().to_be_bytes().into_iter().chain(draw.next().to_be_bytes())) {
        *byte = drawn;
    }
    let millis = u64::try_from(from.timestamp_millis()).unwrap_or_default().saturating_add(number);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_same_each_time_and_in_order() {
        let ids: Vec<_> = (0..1000).map(|number| uuid_of(made_up_at(), number, 1)).collect();
        assert_eq!(ids, (0..1000).map(|number| uuid_of(made_up_at(), number, 1)).collect::<Vec<_>>());
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }
}
