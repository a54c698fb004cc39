//! The figures of completeness and the one way they are counted.

use crate::ids::{OrgUnitId, ReportId, ReportObligationId};
use crate::reports::model::ReportState;
use crate::reports::obligations::model::Delivery;
use chrono::{DateTime, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A body that owes a report, and what it delivered.
#[derive(Debug, Clone, QueryableByName)]
#[allow(missing_docs)]
pub struct Expected {
    #[diesel(sql_type = SqlUuid)]
    pub obligation_id: ReportObligationId,
    #[diesel(sql_type = SqlUuid)]
    pub org_unit_id: OrgUnitId,
    #[diesel(sql_type = Text)]
    pub org_unit_name: String,
    #[diesel(sql_type = Text)]
    pub org_unit_kind: String,
    #[diesel(sql_type = Text)]
    pub org_unit_level: String,
    #[diesel(sql_type = SqlUuid)]
    pub to_org_unit_id: OrgUnitId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub via_org_unit_id: Option<OrgUnitId>,
    #[diesel(sql_type = Timestamptz)]
    pub due_before: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    pub is_exempted: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub report_id: Option<ReportId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub state: Option<ReportState>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub first_submitted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub is_late: Option<bool>,
    #[diesel(sql_type = Nullable<Bool>)]
    pub is_nil: Option<bool>,
}

impl Expected {
    /// What was delivered. Who is exempt and reports nonetheless has delivered.
    pub fn delivery(&self) -> Delivery {
        if self.is_exempted && self.first_submitted_at.is_none() { Delivery::Exempt } else { self.state.into() }
    }

    /// Whether the limit has passed and nothing was ever submitted.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        !self.is_exempted && self.first_submitted_at.is_none() && crate::clock::is_late(now, self.due_before)
    }
}

/// An instant at which the set of those who owe a report is looked at.
#[derive(Debug, Clone, QueryableByName)]
pub struct Instant {
    /// `opened` or `limit`.
    #[diesel(sql_type = Text)]
    pub kind: SnapshotKind,
    /// The opening, or the first late instant.
    #[diesel(sql_type = Timestamptz)]
    pub instant: DateTime<Utc>,
}

/// What a snapshot is of: those who owe a report when it can first be submitted, or what was there in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[serde(rename_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
#[allow(missing_docs)]
pub enum SnapshotKind {
    Opened,
    Limit,
}
crate::text_enum!(SnapshotKind { Opened => "opened", Limit => "limit" });

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
    /// Of the submitted, those whose last submission is a nil return throughout.
    pub nil: i64,
    /// Exempt without ever having submitted a report; not among the expected.
    pub exempt: i64,
}

impl ReportFigures {
    /// With so many more obligations under which this was delivered.
    pub fn with(self, state: Option<ReportState>, is_late: Option<bool>, is_nil: Option<bool>, count: i64) -> Self {
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
            nil: self.nil + of(is_submitted && is_nil == Some(true)),
            exempt: self.exempt,
        }
    }

    /// With so many more bodies that are exempt.
    pub fn with_exempt(self, count: i64) -> Self {
        Self { exempt: self.exempt + count, ..self }
    }

    /// With one more body.
    pub fn with_body(self, body: &Expected) -> Self {
        match body.delivery() {
            Delivery::Exempt => self.with_exempt(1),
            _ => self.with(body.state, body.is_late, body.is_nil, 1),
        }
    }

    /// The figures of these bodies.
    pub fn of<'e>(bodies: impl IntoIterator<Item = &'e Expected>) -> Self {
        bodies.into_iter().fold(Self::default(), Self::with_body)
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
                sum.with(state, is_late, Some(is_late == Some(true)), *count).with_exempt(*count)
            });
            prop_assert_eq!(sum.expected, sum.submitted + sum.draft + sum.missing);
            prop_assert_eq!(sum.submitted, sum.in_time + sum.late);
            prop_assert!(sum.nil <= sum.submitted && sum.returned + sum.accepted <= sum.submitted);
            for share in [sum.completeness_percent(), sum.timeliness_percent()].into_iter().flatten() {
                prop_assert!((0.0..=100.0).contains(&share));
            }
        }
    }
}
