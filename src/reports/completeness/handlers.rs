//! Completeness over HTTP.

use super::dto::{CompletenessOut, CompletenessQuery, ExpectedReport, KindCompleteness, Reporter};
use super::model::{Expected, ReportFigures};
use super::queries::{self, Bodies};
use crate::auth::Action;
use crate::call::Call;
use crate::campaigns;
use crate::clock;
use crate::error::{AppError, FieldError, message};
use crate::extract::{Id, Query};
use crate::ids::{CampaignId, OrgUnitId};
use crate::reply::Reply;
use crate::reports::obligations::model::Delivery;
use actix_web::get;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Read the completeness of a campaign's reports
///
/// Who of the caller's subtree owes a report, who has delivered, who in time (R2, III.3), and who is in charge where it is missing. A report
/// counts as submitted once it has been, even while it is returned; who is exempt is not expected unless it reports nonetheless; so nothing
/// passes 100 %. With `at` the same as it stood at an instant, from what was written down of each step and decision: later ones change
/// nothing in it. Bodies page by page: `GET /report-obligations`.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign"), CompletenessQuery), responses((status = 200, body = CompletenessOut)))]
#[get("/campaigns/{id}/completeness")]
pub async fn get_completeness(call: Call, id: Id<CampaignId>, query: Query<CompletenessQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ConsolidationRead)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let accounts = call.actor().allows(Action::UserRead);
    let CompletenessQuery { state, under_org_unit_id, org_unit_kind, org_unit_level, to_org_unit_id, at } = query.parse()?;
    let at = at.map(clock::to_micros);
    check_past(at, call.now())?;
    let now = at.unwrap_or_else(|| call.now());
    let bodies = Bodies { under: under_org_unit_id, kind: org_unit_kind, level: org_unit_level, to: to_org_unit_id };
    // One statement gives the items, and the counts are made from them: they cannot disagree.
    let (expected, reporters) = call
        .read_long(async |conn| {
            campaigns::queries::find(conn, &campaign_scope, id.0).await?;
            let expected = queries::expected(conn, &scope, id.0, bodies, at).await?;
            let waited_for: Vec<OrgUnitId> = expected.iter().filter(|body| is_waited_for(body)).map(|body| body.org_unit_id).collect();
            let reporters = match &accounts {
                Some(accounts) if !waited_for.is_empty() => queries::reporters(conn, accounts, &waited_for).await?,
                _ => Vec::new(),
            };
            Ok((expected, reporters))
        })
        .await?;
    let mut in_charge: HashMap<OrgUnitId, Vec<Reporter>> = HashMap::new();
    for (unit, user_id, full_name) in reporters {
        in_charge.entry(unit).or_default().push(Reporter { user_id, full_name });
    }
    let figures = ReportFigures::of(&expected);
    let by_kind = by_kind(&expected);
    let (completeness_percent, timeliness_percent) = (figures.completeness_percent(), figures.timeliness_percent());
    let ReportFigures { expected: expected_count, submitted, in_time, late, returned, accepted, missing, draft, nil, exempt } = figures;
    let shown = expected.into_iter().filter(|body| state.is_none_or(|state| body.delivery() == state));
    let item = |body: Expected| {
        let of_body = in_charge.get(&body.org_unit_id).cloned().unwrap_or_default();
        let reporters = accounts.as_ref().filter(|_| is_waited_for(&body)).map(|_| of_body);
        ExpectedReport::new(body, now, reporters)
    };
    Reply::plain(&CompletenessOut {
        campaign_id: id.0,
        as_of: now,
        completeness_percent,
        timeliness_percent,
        expected_count,
        submitted_count: submitted,
        in_time_count: in_time,
        late_count: late,
        returned_count: returned,
        accepted_count: accepted,
        missing_count: missing,
        draft_count: draft,
        nil_count: nil,
        exempt_count: exempt,
        by_kind,
        items: shown.map(item).collect(),
    })
}

fn is_waited_for(body: &Expected) -> bool {
    matches!(body.delivery(), Delivery::Missing | Delivery::Draft)
}

/// 400 for an instant that is still to come: what stands then is not known.
fn check_past(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), AppError> {
    if at.is_none_or(|at| at <= now) {
        return Ok(());
    }
    let text = message("Thời điểm này chưa đến.", "This instant is still to come.");
    Err(AppError::field(FieldError::new("?at", "in_future", text)).in_query())
}

/// The same for each kind of body, in the order of the tree.
fn by_kind(expected: &[Expected]) -> Vec<KindCompleteness> {
    let mut kinds: Vec<(&str, ReportFigures)> = Vec::new();
    for body in expected {
        match kinds.iter_mut().find(|(kind, _)| *kind == body.org_unit_kind) {
            Some((_, figures)) => *figures = figures.with_body(body),
            None => kinds.push((&body.org_unit_kind, ReportFigures::default().with_body(body))),
        }
    }
    kinds.into_iter().map(|(kind, figures)| KindCompleteness { org_unit_kind: kind.to_owned(), figures: figures.into() }).collect()
}
