//! SQL of plans.

use crate::db::Conn;
use crate::error::{AppError, RuleRef};
use crate::ids::CampaignId;
use crate::schema::{plan_rules, plans};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// The rule of a kind in the campaign's issued top plan, to be cited in answers; none where no plan states it.
pub async fn rule_ref(mut conn: &Conn, campaign: CampaignId, kind: &str) -> Result<Option<RuleRef>, AppError> {
    let found: Option<(String, String)> = plan_rules::table
        .inner_join(plans::table)
        .filter(plans::campaign_id.eq(campaign))
        .filter(plans::parent_plan_id.is_null())
        .filter(plans::state.eq_any(["issued", "closed"]))
        .filter(plan_rules::kind.eq(kind))
        .order((plans::issued_on.desc(), plan_rules::no))
        .select((plan_rules::rule_id, plan_rules::clause))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(found.map(|(rule_id, clause)| RuleRef { rule_id, clause }))
}
