//! What a plan takes over from the plans above it: its own rules may be stricter than theirs, never looser.

use super::model::{Obligation, Plan, Rule, RuleKind};
use super::parameters::{Compare, Parameters};
use super::queries;
use crate::campaigns::model::Campaign;
use crate::db::Conn;
use crate::error::{AppError, FieldError, Message, RuleRef, message};
use crate::ids::OrgUnitId;
use crate::sites;
use chrono::{DateTime, NaiveDate, Utc};

/// The rules that bind the issuer of a plan from above, each with the plan that states it, from the next one up.
pub async fn inherited(conn: &Conn, plan: &Plan) -> Result<Vec<(Plan, Vec<Rule>)>, AppError> {
    let mut inherited = Vec::new();
    for above in queries::binding_above(conn, plan).await? {
        let rules = queries::rules(conn, above.id).await?;
        inherited.push((above, rules));
    }
    Ok(inherited)
}

/// 422 where an event lies outside the window that a plan under the campaign's own lays down for its body: that plan's rule is
/// cited. The campaign's own window has been checked.
pub async fn check_windows(
    conn: &Conn,
    campaign: &Campaign,
    unit: OrgUnitId,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
) -> Result<(), AppError> {
    for (rule, document_number) in queries::rules_binding(conn, campaign.id, unit, RuleKind::EventWindow).await? {
        let Parameters::EventWindow { from, to } = rule.parameters()? else { continue };
        let narrower = Campaign { event_from: from, event_to: to, ..campaign.clone() };
        if let Err(error) = sites::rules::check_window(&narrower, starts_at, ends_at) {
            let number = document_number.unwrap_or_default();
            let why = message(format!("Trái kế hoạch {number}."), format!("It contradicts plan {number}."));
            return Err(error.because(why).under_rule(Some(RuleRef { rule_id: rule.rule_id, clause: rule.clause })));
        }
    }
    Ok(())
}

/// 422 with each rule of a plan that allows what a rule that binds it from above does not; the first of those is cited.
pub fn check_not_looser(rules: &[Rule], above: &[Rule]) -> Result<(), AppError> {
    let binding: Vec<(&Rule, Parameters)> = parsed(above)?.into_iter().filter(|(rule, _)| rule.obligation == Obligation::Must).collect();
    let mut bad = Vec::new();
    let mut cited = None;
    for (index, (_, own)) in parsed(rules)?.iter().enumerate() {
        for (rule, theirs) in &binding {
            if let Some(text) = looser(own, theirs) {
                bad.push(FieldError::new(format!("/rules/{index}/parameters"), "looser_than_above", text));
                cited.get_or_insert_with(|| RuleRef { rule_id: rule.rule_id.clone(), clause: rule.clause.clone() });
            }
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(AppError::validation(bad).under_rule(cited)) }
}

fn parsed(rules: &[Rule]) -> Result<Vec<(&Rule, Parameters)>, AppError> {
    rules.iter().map(|rule| Ok((rule, rule.parameters()?))).collect()
}

/// Why a rule is looser than one above it; none when it is not, or when they are about different things.
fn looser(own: &Parameters, above: &Parameters) -> Option<Message> {
    match (own, above) {
        (Parameters::EventWindow { from, to }, Parameters::EventWindow { from: first, to: last }) => {
            (from < first || to > last).then(|| {
                message(
                    format!("Thời gian phải nằm trong khung {} đến {} của kế hoạch cấp trên.", day(*first), day(*last)),
                    format!("The window must lie within that of the plan above: {first} to {last}."),
                )
            })
        }
        (Parameters::ReportLimit { on, inclusive, .. }, Parameters::ReportLimit { on: limit, inclusive: up_to, .. }) => {
            ((on, inclusive) > (limit, up_to)).then(|| {
                message(
                    format!("Thời hạn báo cáo không được muộn hơn thời hạn của kế hoạch cấp trên: {}.", day(*limit)),
                    format!("The report limit must not come after that of the plan above: {limit}."),
                )
            })
        }
        (
            Parameters::Quota { by, measure, compare, count, pilot, site_kind },
            Parameters::Quota { by: to, measure: of, compare: how, count: wanted, pilot: pilots, site_kind: kind },
        ) if (by, measure, pilot, site_kind) == (to, of, pilots, kind) => {
            let is_looser = match how {
                Compare::Exactly => compare != how || count != wanted,
                Compare::AtLeast => *compare == Compare::AtMost || count < wanted,
                Compare::AtMost => *compare == Compare::AtLeast || count > wanted,
            };
            is_looser.then(|| {
                message(
                    format!("Số lượng phải giữ mức của kế hoạch cấp trên ({wanted})."),
                    format!("The number must keep to that of the plan above ({wanted})."),
                )
            })
        }
        (Parameters::ChildPlanItems { items }, Parameters::ChildPlanItems { items: wanted }) => {
            wanted.iter().any(|item| !items.contains(item)).then(|| {
                message("Phải có đủ các mục mà kế hoạch cấp trên yêu cầu.", "All items that the plan above wants must be among them.")
            })
        }
        (Parameters::CostLimit { amount_vnd, per }, Parameters::CostLimit { amount_vnd: limit, per: unit }) if per == unit => {
            (amount_vnd > limit).then(|| {
                message(
                    format!("Mức chi không được vượt mức của kế hoạch cấp trên ({limit} đồng)."),
                    format!("The amount must not exceed that of the plan above ({limit} đồng)."),
                )
            })
        }
        _ => None,
    }
}

fn day(date: NaiveDate) -> impl std::fmt::Display {
    date.format("%d/%m/%Y")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PlanId;
    use serde_json::{Value, json};

    fn rule(obligation: Obligation, parameters: Value) -> Rule {
        let kind = serde_json::from_value::<Parameters>(parameters.clone()).unwrap().kind();
        Rule {
            plan_id: PlanId::new(),
            no: 1,
            rule_id: "R1".to_owned(),
            kind,
            clause: "II.2".to_owned(),
            obligation,
            statement: "Quy định".to_owned(),
            parameters,
            also_in: Vec::new(),
            is_confirmed: true,
            confidence: 1.0,
        }
    }

    fn is_looser(own: Value, above: Value) -> bool {
        check_not_looser(&[rule(Obligation::Must, own)], &[rule(Obligation::Must, above)]).is_err()
    }

    fn window(from: &str, to: &str) -> Value {
        json!({"kind": "event_window", "from": from, "to": to})
    }

    fn limit(on: &str, inclusive: bool) -> Value {
        json!({"kind": "report_limit", "on": on, "inclusive": inclusive})
    }

    fn quota(compare: &str, count: i32) -> Value {
        json!({"kind": "quota", "by": "district", "measure": "nominated", "compare": compare, "count": count, "pilot": true})
    }

    #[test]
    fn a_window_lies_within_the_one_above() {
        let above = || window("2023-07-01", "2023-08-19");
        assert!(!is_looser(window("2023-07-01", "2023-08-19"), above()));
        assert!(!is_looser(window("2023-08-01", "2023-08-10"), above()));
        assert!(is_looser(window("2023-06-30", "2023-08-19"), above()));
        assert!(is_looser(window("2023-07-01", "2023-08-20"), above()));
    }

    #[test]
    fn a_report_limit_comes_no_later_than_the_one_above() {
        assert!(!is_looser(limit("2023-08-20", false), limit("2023-08-20", false)));
        assert!(!is_looser(limit("2023-08-15", true), limit("2023-08-20", false)));
        assert!(is_looser(limit("2023-08-20", true), limit("2023-08-20", false)));
        assert!(is_looser(limit("2023-08-21", false), limit("2023-08-20", true)));
    }

    #[test]
    fn a_quota_is_kept_or_made_stricter() {
        assert!(!is_looser(quota("at_least", 2), quota("at_least", 1)));
        assert!(is_looser(quota("at_least", 1), quota("at_least", 2)));
        assert!(is_looser(quota("at_most", 5), quota("at_least", 1)));
        assert!(is_looser(quota("at_most", 3), quota("at_most", 2)));
        assert!(!is_looser(quota("exactly", 2), quota("at_most", 2)));
        assert!(is_looser(quota("at_least", 2), quota("exactly", 2)));
    }

    #[test]
    fn only_what_must_be_kept_binds_and_all_that_is_wrong_is_named() {
        let own = [rule(Obligation::Must, window("2023-06-01", "2023-08-19")), rule(Obligation::Must, limit("2023-08-30", false))];
        let above = |obligation| [rule(obligation, window("2023-07-01", "2023-08-19")), rule(obligation, limit("2023-08-20", false))];
        assert_eq!(check_not_looser(&own, &above(Obligation::Should)), Ok(()));
        let error = check_not_looser(&own, &above(Obligation::Must)).unwrap_err();
        assert_eq!(
            error.errors.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(),
            ["/rules/0/parameters", "/rules/1/parameters"]
        );
        assert_eq!(error.rule.map(|rule| rule.clause), Some("II.2".to_owned()));
    }
}
