//! The domain's clock, which demo mode and tests can set, and all deadline arithmetic, in Asia/Ho_Chi_Minh.
//!
//! Only what the plan says about time is judged by this clock. Tokens, sessions and retries go by the real one.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that can be shifted; clones share the shift.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Now, with the precision that the database keeps (microseconds).
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now() + Duration::milliseconds(self.offset_ms.load(Ordering::Relaxed));
        to_micros(now)
    }

    /// Today in Viet Nam.
    pub fn today(&self) -> NaiveDate {
        local_date(self.now())
    }

    /// Makes the clock show `now` at this moment and run on from there. Returns the shift in milliseconds.
    pub fn set(&self, now: DateTime<Utc>) -> i64 {
        let offset = Self::offset_to(now);
        self.set_offset(offset);
        offset
    }

    /// How far `now` is from the real clock, in milliseconds.
    pub fn offset_to(now: DateTime<Utc>) -> i64 {
        (now - Utc::now()).num_milliseconds()
    }

    /// Shifts the clock from the real one by so many milliseconds.
    pub fn set_offset(&self, offset_ms: i64) {
        self.offset_ms.store(offset_ms, Ordering::Relaxed);
    }
}

/// An instant with the precision that the database keeps, so that what is answered is what will be read.
pub fn to_micros(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// A date as it is printed in Viet Nam.
pub fn vi_date(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// The date of an instant in Viet Nam.
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Ho_Chi_Minh).date_naive()
}

/// An instant as an official reads it, in Viet Nam: "00:00 20/08/2023".
pub fn local_text(at: DateTime<Utc>) -> String {
    at.with_timezone(&Ho_Chi_Minh).format("%H:%M %d/%m/%Y").to_string()
}

/// The instant at which a local day begins: the limit of "trước ngày X", which excludes X (S62, S111).
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // The zone has had no summer time since 1975: every local midnight exists once.
    Ho_Chi_Minh.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

/// Whether an instant lies within local days, both included (S61).
pub fn is_within_days(at: DateTime<Utc>, from: NaiveDate, to: NaiveDate) -> bool {
    (from..=to).contains(&local_date(at))
}

/// Whether something done at `at` is too late for a limit that excludes its instant.
pub fn is_late(at: DateTime<Utc>, due_before: DateTime<Utc>) -> bool {
    at >= due_before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_20_august_ends_with_the_last_instant_of_19_august_in_viet_nam() {
        let limit = start_of_day(NaiveDate::from_ymd_opt(2023, 8, 20).unwrap());
        assert_eq!(limit.to_rfc3339(), "2023-08-19T17:00:00+00:00");
        let last: DateTime<Utc> = "2023-08-19T23:59:59.999999+07:00".parse().unwrap();
        assert!(!is_late(last, limit));
        assert!(is_late("2023-08-20T00:00:00+07:00".parse().unwrap(), limit));
    }

    #[test]
    fn the_window_includes_both_of_its_days() {
        let (from, to) = (NaiveDate::from_ymd_opt(2023, 7, 1).unwrap(), NaiveDate::from_ymd_opt(2023, 8, 19).unwrap());
        assert!(is_within_days("2023-07-01T00:00:00+07:00".parse().unwrap(), from, to));
        assert!(is_within_days("2023-08-19T23:59:59+07:00".parse().unwrap(), from, to));
        assert!(!is_within_days("2023-06-30T23:59:59+07:00".parse().unwrap(), from, to));
        assert!(!is_within_days("2023-08-20T00:00:00+07:00".parse().unwrap(), from, to));
    }
}
