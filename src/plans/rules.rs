//! What may be done with a plan, and when.

use super::model::{Clause, Obligation, Plan, PlanState, Rule, RuleKind};
use super::parameters::{Compare, Measure, Parameters, QuotaBy};
use crate::campaigns::model::Campaign;
use crate::error::{AppError, ErrorCode, FieldError, Message, message};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A step of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Change,
    Delete,
    Submit,
    Return,
    Issue,
    Amend,
    Supersede,
    Close,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Submit => "submit",
            Self::Return => "return",
            Self::Issue => "issue",
            Self::Amend | Self::Supersede => "amend",
            Self::Close => "close",
        }
    }

    fn from(self) -> PlanState {
        match self {
            Self::Change | Self::Delete | Self::Submit => PlanState::Draft,
            Self::Return | Self::Issue => PlanState::Submitted,
            Self::Amend | Self::Supersede | Self::Close => PlanState::Issued,
        }
    }
}

/// 409 unless the plan's state allows the step.
pub fn check_step(plan: &Plan, step: Step) -> Result<(), AppError> {
    if plan.state == step.from() { Ok(()) } else { Err(AppError::invalid_transition(plan.state.as_str(), step.name())) }
}

/// Number and symbol as printed: what was given, or `81/KH-BCĐ`; none before there is a number.
pub fn document_number(plan: &Plan) -> Option<String> {
    plan.document_number.clone().or_else(|| plan.number.map(|number| format!("{number}/{}", plan.symbol)))
}

/// 422 with each field that an issued plan needs and this one lacks, or that lies after today.
pub fn check_issue(plan: &Plan, today: NaiveDate) -> Result<(), AppError> {
    let required = |pointer| FieldError::new(pointer, "required", message("Cần có khi ban hành.", "It is needed to issue the plan."));
    let mut bad = Vec::new();
    if plan.number.is_none() {
        bad.push(required("/number"));
    }
    match plan.issued_on {
        None => bad.push(required("/issued_on")),
        Some(day) if day > today => bad.push(FieldError::new(
            "/issued_on",
            "in_future",
            message("Ngày ban hành không được sau hôm nay.", "The date of issue must not lie after today."),
        )),
        Some(_) => {}
    }
    if plan.signatory_name.is_none() {
        bad.push(required("/signatory_name"));
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

/// 422 for each rule whose name another rule of the plan has.
pub fn check_rule_ids(rules: &[Rule]) -> Result<(), AppError> {
    let mut seen = BTreeSet::new();
    let repeated = rules.iter().enumerate().filter(|(_, rule)| !seen.insert(rule.rule_id.as_str()));
    let bad: Vec<FieldError> = repeated
        .map(|(index, _)| {
            FieldError::new(
                format!("/rules/{index}/rule_id"),
                "duplicate",
                message("Kế hoạch đã có quy định cùng mã.", "The plan has a rule of this name."),
            )
        })
        .collect();
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

/// 422 for each report limit that does not lie between its opening and its closing, or says its closing in two ways.
pub fn check_report_limits(rules: &[Rule]) -> Result<(), AppError> {
    let mut bad = Vec::new();
    for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.kind == RuleKind::ReportLimit) {
        let Parameters::ReportLimit { on, inclusive, opens_on, grace_days, closes_on, .. } = rule.parameters()? else { continue };
        let mut refuse = |member: &str, code: &'static str, text: Message| {
            bad.push(FieldError::new(format!("/rules/{index}/parameters/{member}"), code, text));
        };
        if opens_on.is_some_and(|day| if inclusive { day > on } else { day >= on }) {
            refuse("opens_on", "not_before_limit", message("Ngày mở phải trước thời hạn.", "The opening must come before the limit."));
        }
        // The last day in time of “trước ngày” is the one before.
        if closes_on.and_then(|day| if inclusive { Some(day) } else { day.succ_opt() }).is_some_and(|day| day < on) {
            refuse(
                "closes_on",
                "before_limit",
                message("Ngày khóa không được trước thời hạn.", "The closing must not come before the limit."),
            );
        }
        if grace_days.is_some() && closes_on.is_some() {
            refuse(
                "closes_on",
                "excluded",
                message("Chỉ nêu ngày khóa hoặc số ngày gia hạn nhận trễ.", "Name a closing or a grace, not both."),
            );
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

/// 422 for each clause whose name another has, and for each that stands in one that does not come before it.
pub fn check_clauses(clauses: &[Clause]) -> Result<(), AppError> {
    let mut seen = BTreeSet::new();
    let mut bad = Vec::new();
    for (index, clause) in clauses.iter().enumerate() {
        if clause.parent_reference.as_deref().is_some_and(|parent| !seen.contains(parent)) {
            bad.push(FieldError::unknown_reference(format!("/clauses/{index}/parent_reference")));
        }
        if !seen.insert(clause.reference.as_str()) {
            bad.push(FieldError::new(
                format!("/clauses/{index}/reference"),
                "duplicate",
                message("Kế hoạch đã có mục cùng ký hiệu.", "The plan has a clause of this name."),
            ));
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

/// 422 for each rule that no official has confirmed: what was read from a text binds nobody by itself.
pub fn check_confirmed(rules: &[Rule]) -> Result<(), AppError> {
    let unconfirmed = rules.iter().enumerate().filter(|(_, rule)| !rule.is_confirmed);
    let bad: Vec<FieldError> = unconfirmed
        .map(|(index, _)| {
            FieldError::new(
                format!("/rules/{index}/is_confirmed"),
                "not_confirmed",
                message(
                    "Quy định chưa được xác nhận: xác nhận hoặc bỏ khỏi kế hoạch.",
                    "Nobody confirmed the rule: confirm it or leave it out.",
                ),
            )
        })
        .collect();
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad)) }
}

/// A campaign with the parameters that the rules of its plan state; what no rule states stays.
pub fn bind(mut campaign: Campaign, rules: &[Rule]) -> Result<Campaign, AppError> {
    for rule in rules.iter().filter(|rule| rule.obligation == Obligation::Must) {
        match rule.parameters()? {
            Parameters::EventWindow { from, to } => (campaign.event_from, campaign.event_to) = (from, to),
            Parameters::ReportLimit { on, inclusive, .. } => {
                campaign.report_due_before = if inclusive { on.succ_opt().unwrap_or(on) } else { on };
            }
            Parameters::Quota { by: QuotaBy::Province, measure: Measure::Selected, compare: Compare::Exactly, count, .. } => {
                campaign.provincial_pilot_count = count;
            }
            Parameters::Quota { by: QuotaBy::District, measure: Measure::Nominated, compare: Compare::AtLeast, count, .. } => {
                campaign.min_district_nominations = count;
            }
            _ => {}
        }
    }
    Ok(campaign)
}

/// What the rules of a plan can state of a campaign.
pub fn parameters_of(campaign: &Campaign) -> (NaiveDate, NaiveDate, NaiveDate, i32, i32) {
    let Campaign { event_from, event_to, report_due_before, provincial_pilot_count, min_district_nominations, .. } = campaign;
    (*event_from, *event_to, *report_due_before, *provincial_pilot_count, *min_district_nominations)
}

/// 409: a campaign has one plan of its own, in editions.
pub fn other_plan_in_force() -> AppError {
    AppError::new(ErrorCode::InvalidTransition).because(message(
        "Đợt Ngày hội đã có kế hoạch chung đang có hiệu lực: sửa đổi, bổ sung kế hoạch đó.",
        "The campaign has a plan of its own in force: amend that one.",
    ))
}

/// 422: reports have been judged in time or late by the limit of the edition before.
pub fn limit_judged_by() -> AppError {
    AppError::field(FieldError::new(
        "/rules",
        "contradicts_recorded",
        message(
            "Đã có báo cáo được xác định đúng hạn hoặc trễ hạn theo thời hạn cũ.",
            "A report has been judged in time or late by the limit so far.",
        ),
    ))
}

/// 422: without a parent a plan is the campaign's own, and only the campaign's own body issues that.
pub fn parent_needed() -> AppError {
    AppError::field(FieldError::new(
        "/parent_plan_id",
        "required",
        message(
            "Cần nêu kế hoạch cấp trên: chỉ đơn vị chủ trì đợt Ngày hội mới ban hành kế hoạch chung.",
            "Name the plan that this one carries out: only the body that owns the campaign issues the campaign's own plan.",
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CampaignId, OrgUnitId, PlanId};
    use proptest::prelude::*;

    fn plan() -> Plan {
        let at = "2023-03-24T00:00:00+07:00".parse().unwrap();
        let id = PlanId::new();
        Plan {
            id,
            campaign_id: CampaignId::new(),
            parent_plan_id: None,
            org_unit_id: OrgUnitId::new(),
            state: PlanState::Draft,
            number: None,
            symbol: "KH-BCĐ".to_owned(),
            document_number: None,
            title: "Kế hoạch".to_owned(),
            summary: None,
            issue_place: None,
            issued_on: None,
            issue_year: None,
            signatory_name: None,
            signatory_title: None,
            signatory_post: None,
            items: Vec::new(),
            aliases: Default::default(),
            archive_marks: Vec::new(),
            return_comment: None,
            submitted_at: None,
            issued_at: None,
            closed_at: None,
            edition: 1,
            first_edition_id: id,
            amends_plan_id: None,
            amendment_note: None,
            superseded_at: None,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn the_document_number_is_composed_unless_one_is_printed() {
        assert_eq!(document_number(&plan()), None);
        let numbered = Plan { number: Some(81), ..plan() };
        assert_eq!(document_number(&numbered).as_deref(), Some("81/KH-BCĐ"));
        let printed = Plan { document_number: Some("81a/KH-BCĐ".to_owned()), ..numbered };
        assert_eq!(document_number(&printed).as_deref(), Some("81a/KH-BCĐ"));
    }

    #[test]
    fn what_is_missing_for_issue_is_named_all_at_once() {
        let pointers: Vec<_> = check_issue(&plan(), NaiveDate::MAX).unwrap_err().errors.into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/number", "/issued_on", "/signatory_name"]);
    }

    proptest! {
        /// Whatever sequence of steps is tried, a plan is never issued without number, date and signatory.
        #[test]
        fn a_plan_is_never_issued_without_number_date_and_signatory(steps in proptest::collection::vec(0_usize..8, 0..40)) {
            let today = "2023-04-01".parse().unwrap();
            let mut plan = plan();
            for step in steps {
                let (step, to) = match step {
                    0 => (Step::Submit, PlanState::Submitted),
                    1 => (Step::Return, PlanState::Draft),
                    2 => (Step::Issue, PlanState::Issued),
                    3 => (Step::Close, PlanState::Closed),
                    _ => (Step::Change, plan.state),
                };
                let allowed = check_step(&plan, step).is_ok() && (step != Step::Issue || check_issue(&plan, today).is_ok());
                if allowed {
                    plan.state = to;
                }
                if step == Step::Change && allowed {
                    match plan.number {
                        None => plan.number = Some(1),
                        Some(_) if plan.issued_on.is_none() => plan.issued_on = Some(today),
                        Some(_) if plan.signatory_name.is_none() => plan.signatory_name = Some("A".to_owned()),
                        Some(_) => plan.number = None,
                    }
                }
                if matches!(plan.state, PlanState::Issued | PlanState::Closed) {
                    prop_assert!(plan.number.is_some() && plan.issued_on.is_some() && plan.signatory_name.is_some());
                }
            }
        }
    }
}
