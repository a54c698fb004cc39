//! When a report can be submitted, by what the plan says and by what was decided since.

use super::model::{LimitKind, ReportObligation};
use crate::clock;
use crate::error::{AppError, ErrorCode, FieldError, Message, message};
use crate::ids::OrgUnitId;
use crate::plans::parameters::Parameters;
use chrono::{DateTime, Duration, NaiveDate, Utc};

/// What a rule of a plan says of a limit, beside the limit itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// How the limit is worded.
    pub limit_kind: LimitKind,
    /// From when on reports are taken.
    pub opens_at: Option<DateTime<Utc>>,
    /// How long after the limit they still are.
    pub grace_minutes: Option<i32>,
    /// From when on none is, where the rule names a last day.
    pub closes_at: Option<DateTime<Utc>>,
}

impl Terms {
    /// The terms of a rule; “trước ngày” without any other where it is about something else.
    pub fn of(parameters: &Parameters) -> Self {
        let Parameters::ReportLimit { inclusive, opens_on, grace_days, closes_on, .. } = parameters else {
            return Self::default();
        };
        Self {
            limit_kind: if *inclusive { LimitKind::Inclusive } else { LimitKind::Exclusive },
            opens_at: opens_on.map(clock::start_of_day),
            grace_minutes: grace_days.map(|days| days.saturating_mul(24 * 60)),
            closes_at: closes_on.map(|day| clock::start_of_day(following(day))),
        }
    }

    /// The same for a limit that another source gives, such as a hand's change of the campaign: an opening that is not before it and a
    /// closing that is before it say nothing.
    pub fn fitting(self, due_before: DateTime<Utc>) -> Self {
        Self {
            opens_at: self.opens_at.filter(|opens_at| *opens_at < due_before),
            closes_at: self.closes_at.filter(|closes_at| *closes_at >= due_before),
            ..self
        }
    }

    /// When nothing is taken any more after a limit.
    pub fn closing(&self, due_before: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.closes_at.or_else(|| Some(due_before + Duration::minutes(self.grace_minutes?.into())))
    }
}

fn following(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

/// The day that the plan names: the limit's own for “trước ngày”, the last one in time for “đến hết ngày”.
pub fn limit_date(kind: LimitKind, due_before: DateTime<Utc>) -> NaiveDate {
    match kind {
        LimitKind::Exclusive => clock::local_date(due_before),
        LimitKind::Inclusive => clock::local_date(due_before - Duration::microseconds(1)),
    }
}

/// 422 before the opening and from the closing on.
pub fn check_open(obligation: &ReportObligation, now: DateTime<Utc>) -> Result<(), AppError> {
    if let Some(opens_at) = obligation.opens_at.filter(|opens_at| now < *opens_at) {
        let at = clock::local_text(opens_at);
        let text = message(format!("Chưa đến kỳ nhận báo cáo (từ {at})."), format!("Reports are taken from {at} on, time of Viet Nam."));
        return Err(AppError::field(FieldError::new("/obligation_id", "not_open", text)));
    }
    if let Some(closes_at) = obligation.closes_at.filter(|closes_at| now >= *closes_at) {
        let at = clock::local_text(closes_at);
        let text = message(
            format!("Đã khóa nhận báo cáo từ {at}; cần được gia hạn."),
            format!("No report is taken since {at}, time of Viet Nam, without an extension."),
        );
        return Err(AppError::field(FieldError::new("/obligation_id", "closed", text)));
    }
    Ok(())
}

/// 422 for an opening that is not before the limit, or a closing that is before it.
pub fn check_times(obligation: &ReportObligation) -> Result<(), AppError> {
    let mut bad = Vec::new();
    if obligation.opens_at.is_some_and(|opens_at| opens_at >= obligation.due_before) {
        let text = message("Thời điểm mở phải trước thời hạn.", "The opening must come before the limit.");
        bad.push(FieldError::new("/opens_at", "not_before_limit", text));
    }
    if obligation.closes_at.is_some_and(|closes_at| closes_at < obligation.due_before) {
        let text = message("Thời điểm khóa không được trước thời hạn.", "The closing must not come before the limit.");
        bad.push(FieldError::new("/closes_at", "before_limit", text));
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

/// An obligation with a later limit; 422 unless it is later than the one in force, and not past.
pub fn extend(mut obligation: ReportObligation, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<ReportObligation, AppError> {
    if until <= now || until <= obligation.due_before {
        let text = message("Thời hạn mới phải sau thời hạn cũ và sau lúc này.", "The new limit must come after the old one and after now.");
        return Err(AppError::field(FieldError::new("/until", "not_later", text)));
    }
    let grace = Duration::minutes(obligation.grace_minutes.unwrap_or_default().into());
    obligation.closes_at = obligation.closes_at.map(|closes_at| closes_at.max(until + grace));
    obligation.planned_due_before.get_or_insert(obligation.due_before);
    obligation.due_before = until;
    Ok(obligation)
}

/// 403 when a body would decide on what it owes itself.
pub fn check_not_own(obligation: &ReportObligation, actors_unit: OrgUnitId) -> Result<(), AppError> {
    if obligation.org_unit_id != actors_unit {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::Forbidden).because(message(
        "Không ai tự gia hạn hoặc miễn báo cáo cho chính đơn vị mình.",
        "Nobody extends or waives the report of their own unit.",
    )))
}

/// 403 for a body that would decide on a report that is owed to a body above it.
pub fn received_above() -> AppError {
    AppError::new(ErrorCode::Forbidden).because(message(
        "Báo cáo này gửi cấp trên: chỉ nơi nhận báo cáo mới quyết định.",
        "This report is owed to a body above: only the body that receives it decides on it.",
    ))
}

/// What is said where a body is exempt already, or is not.
pub fn decided_already(is_exempt: bool) -> Message {
    if is_exempt {
        message("Đơn vị đã được miễn báo cáo.", "The body is exempt already.")
    } else {
        message("Đơn vị không được miễn báo cáo.", "The body is not exempt.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CampaignId, ReportObligationId};
    use serde_json::json;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn owed(terms: Terms, due_before: &str) -> ReportObligation {
        let due_before = at(due_before);
        ReportObligation {
            campaign_id: CampaignId::new(),
            id: ReportObligationId::new(),
            org_unit_id: OrgUnitId::new(),
            via_org_unit_id: None,
            due_before,
            rule_id: None,
            clause: None,
            plan_id: None,
            version: 1,
            created_at: due_before,
            updated_at: due_before,
            limit_kind: terms.limit_kind,
            planned_due_before: None,
            opens_at: terms.opens_at,
            grace_minutes: terms.grace_minutes,
            closes_at: terms.closing(due_before),
            exempted_at: None,
            to_org_unit_id: OrgUnitId::new(),
        }
    }

    fn terms(more: serde_json::Value) -> Terms {
        let mut rule = json!({"kind": "report_limit", "on": "2023-08-20", "inclusive": false, "receiver": null, "through": null});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Terms::of(&serde_json::from_value(rule).unwrap())
    }

    #[test]
    fn both_wordings_name_their_day_and_turn_at_midnight() {
        for (kind, due, named) in [
            (LimitKind::Exclusive, "2023-08-20T00:00:00+07:00", "2023-08-20"),
            (LimitKind::Inclusive, "2023-08-21T00:00:00+07:00", "2023-08-20"),
        ] {
            assert_eq!(limit_date(kind, at(due)).to_string(), named);
        }
        let (before, up_to) = (at("2023-08-20T00:00:00+07:00"), at("2023-08-21T00:00:00+07:00"));
        assert!(!clock::is_late(at("2023-08-19T23:59:59.999+07:00"), before) && clock::is_late(at("2023-08-20T00:00:00+07:00"), before));
        assert!(!clock::is_late(at("2023-08-20T23:59:59.999+07:00"), up_to) && clock::is_late(at("2023-08-21T00:00:00+07:00"), up_to));
    }

    #[test]
    fn a_report_is_taken_from_the_opening_to_the_end_of_the_grace() {
        let owed = owed(terms(json!({"opens_on": "2023-08-10", "grace_days": 3})), "2023-08-20T00:00:00+07:00");
        let code = |text: &str| check_open(&owed, at(text)).err().map(|error| error.errors[0].code.to_string());
        assert_eq!(code("2023-08-09T23:59:59.999+07:00").as_deref(), Some("not_open"));
        assert_eq!(code("2023-08-10T00:00:00+07:00"), None);
        assert_eq!(code("2023-08-22T23:59:59.999+07:00"), None);
        assert_eq!(code("2023-08-23T00:00:00+07:00").as_deref(), Some("closed"));
    }

    #[test]
    fn a_last_day_is_taken_whole() {
        let owed = owed(terms(json!({"closes_on": "2023-08-25"})), "2023-08-20T00:00:00+07:00");
        assert_eq!(check_open(&owed, at("2023-08-25T23:59:59.999+07:00")), Ok(()));
        assert!(check_open(&owed, at("2023-08-26T00:00:00+07:00")).is_err());
        assert_eq!(terms(json!({})).closing(owed.due_before), None, "nothing said: never");
    }

    #[test]
    fn an_extension_moves_the_limit_and_the_closing_and_remembers_the_first() {
        let owed = owed(terms(json!({"grace_days": 1})), "2023-08-20T00:00:00+07:00");
        let now = at("2023-08-22T00:00:00+07:00");
        for wrong in ["2023-08-19T00:00:00+07:00", "2023-08-21T00:00:00+07:00", "2023-08-22T00:00:00+07:00"] {
            assert_eq!(extend(owed.clone(), at(wrong), now).unwrap_err().errors[0].code, "not_later");
        }
        let once = extend(owed, at("2023-08-24T00:00:00+07:00"), now).unwrap();
        let twice = extend(once, at("2023-08-25T12:00:00+07:00"), now).unwrap();
        assert_eq!(twice.planned_due_before, Some(at("2023-08-20T00:00:00+07:00")));
        assert_eq!((twice.due_before, twice.closes_at), (at("2023-08-25T12:00:00+07:00"), Some(at("2023-08-26T12:00:00+07:00"))));
    }
}
