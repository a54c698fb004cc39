//! The figures of completeness and the one way they are counted.

use crate::reports::model::ReportState;

/// How many reports are expected and where they stand. `expected` is `submitted + draft + missing`, and `submitted`
/// (ever) is `in_time + late`: no share of it can pass 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReportFigures {
    /// Obligations.
    pub expected: i64,
    /// Ever submitted, whatever came after.
    pub submitted: i64,
    /// First submitted before the limit.
    pub in_time: i64,
    /// First submitted at or after the limit.
    pub late: i64,
    /// Returned now, to be submitted again.
    pub returned: i64,
    /// Accepted.
    pub accepted: i64,
    /// No report at all.
    pub missing: i64,
    /// A draft that was never submitted.
    pub draft: i64,
}

impl ReportFigures {
    /// With so many more obligations under which this was delivered.
    pub fn with(self, state: Option<ReportState>, is_late: Option<bool>, count: i64) -> Self {
        let of = |applies: bool| if applies { count } else { 0 };
        let is_submitted = !matches!(state, None | Some(ReportState::Draft));
        Self {
            expected: self.expected + count,
            submitted: self.submitted + of(is_submitted),
            in_time: self.in_time + of(is_submitted && is_late != Some(true)),
            late: self.late + of(is_submitted && is_late == Some(true)),
            returned: self.returned + of(state == Some(ReportState::Returned)),
            accepted: self.accepted + of(state == Some(ReportState::Accepted)),
            missing: self.missing + of(state.is_none()),
            draft: self.draft + of(state == Some(ReportState::Draft)),
        }
    }

    /// Share of the expected reports that were ever submitted; null when none is expected.
    pub fn completeness_percent(&self) -> Option<f64> {
        percent(self.submitted, self.expected)
    }

    /// Share of the expected reports that were first submitted in time; null when none is expected.
    pub fn timeliness_percent(&self) -> Option<f64> {
        percent(self.in_time, self.expected)
    }
}

/// A share in percent with one decimal, rounded down: 100 means all of them, and a share of nothing is null.
pub fn percent(part: i64, whole: i64) -> Option<f64> {
    let tenths = part.checked_mul(1000)?.checked_div(whole)?;
    i32::try_from(tenths).ok().map(|tenths| f64::from(tenths) / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_hundred_percent_means_all() {
        assert_eq!(percent(999, 1000), Some(99.9));
        assert_eq!(percent(9999, 10_000), Some(99.9));
        assert_eq!(percent(2, 3), Some(66.6));
        assert_eq!(percent(3, 3), Some(100.0));
        assert_eq!(percent(0, 0), None);
    }

    proptest! {
        #[test]
        fn no_mixture_of_deliveries_passes_a_hundred_percent(groups in prop::collection::vec((0_usize..6, 0_i64..500), 0..12)) {
            use ReportState::{Accepted, Draft, Returned, Submitted};
            let kinds = [
                (None, None),
                (Some(Draft), None),
                (Some(Submitted), Some(false)),
                (Some(Submitted), Some(true)),
                (Some(Returned), Some(false)),
                (Some(Accepted), Some(true)),
            ];
            let sum = groups.iter().fold(ReportFigures::default(), |sum, (kind, count)| {
                let (state, is_late) = kinds[*kind];
                sum.with(state, is_late, *count)
            });
            prop_assert_eq!(sum.expected, sum.submitted + sum.draft + sum.missing);
            prop_assert_eq!(sum.submitted, sum.in_time + sum.late);
            for share in [sum.completeness_percent(), sum.timeliness_percent()].into_iter().flatten() {
                prop_assert!((0.0..=100.0).contains(&share));
            }
        }
    }
}
