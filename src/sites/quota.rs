//! How many pilot sites a body may have: the province selects its own (R3), districts and communes mark theirs, and a plan can
//! limit those too.

use super::model::{PilotLevel, Site};
use super::queries;
use crate::auth::Scope;
use crate::campaigns::model::Campaign;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, RuleRef, message};
use crate::org_units;
use crate::org_units::model::OrgUnitKind;
use crate::plans;
use crate::plans::model::Obligation;
use crate::plans::parameters::{Compare, Measure, Parameters, QuotaBy};

/// R3: one more provincial pilot site fits into the quota.
pub fn check_province(campaign: &Campaign, selected: i64) -> Result<(), AppError> {
    if selected < i64::from(campaign.provincial_pilot_count) {
        return Ok(());
    }
    let count = campaign.provincial_pilot_count;
    Err(AppError::new(ErrorCode::QuotaReached).because(message(
        format!("Tỉnh chọn đúng {count} điểm và đã chọn đủ."),
        format!("The province selects exactly {count} pilot sites and has done so."),
    )))
}

/// 409 with rule and clause when a site that was marked as pilot site of a district or commune is one more than the campaign's
/// plan allows its committee. Of two that mark their sites at once for one committee, the second waits for the first.
///
/// A site that gets its level back because the province withdraws its selection is not refused: it is shown by the rule's light.
pub async fn check_marked(conn: &Conn, scope: &Scope, site: &Site) -> Result<(), AppError> {
    let (kind, by) = match site.pilot_level {
        PilotLevel::District => (OrgUnitKind::DistrictCommittee, QuotaBy::District),
        PilotLevel::Commune => (OrgUnitKind::CommuneCommittee, QuotaBy::Commune),
        PilotLevel::None | PilotLevel::Province | PilotLevel::Unit => return Ok(()),
    };
    let Some(plan) = plans::queries::top_plan(conn, site.campaign_id).await? else { return Ok(()) };
    for rule in plans::queries::rules(conn, plan.id).await? {
        if rule.obligation != Obligation::Must || !rule.is_confirmed {
            continue;
        }
        let Parameters::Quota {
            by: whose, measure: Measure::Selected, compare: Compare::Exactly | Compare::AtMost, count, site_kind, ..
        } = rule.parameters()?
        else {
            continue;
        };
        if (whose != by && whose != QuotaBy::EachLevel) || site_kind.is_some_and(|kind| kind != site.kind) {
            continue;
        }
        let Some(committee) = org_units::queries::lock_committee_of(conn, site.org_unit_id, kind).await? else { return Ok(()) };
        if queries::count_marked(conn, scope, site, committee, site_kind).await? >= i64::from(count) {
            let why = message(
                format!("Kế hoạch cho mỗi Ban Chỉ đạo cùng cấp {count} điểm và đã đủ."),
                format!("The plan gives each committee of this level {count} pilot sites and this one has them."),
            );
            let rule = RuleRef { rule_id: rule.rule_id, clause: rule.clause };
            return Err(AppError::new(ErrorCode::QuotaReached).because(why).under_rule(Some(rule)));
        }
    }
    Ok(())
}
