//! The steps of a site over HTTP: nomination, shortlist, selection, schedule, and its history.

use super::checklist;
use super::dto::{DecisionIn, ScheduleIn, SiteOut, SiteStepOut, SiteStepQuery, WithdrawalIn};
use super::handlers::{event, show};
use super::model::{PilotLevel, Site, SiteState, SiteStep};
use super::queries;
use super::quota;
use super::rules::{self, Step};
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::clock;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, message};
use crate::extract::{Body, Id, Query};
use crate::ids::{SiteId, SiteStepId};
use crate::org_units;
use crate::pagination::Page;
use crate::plans;
use crate::plans::parameters::Cited;
use crate::reply::Reply;
use crate::warning::Warning;
use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

/// What is said of a step, for the history.
#[derive(Debug, Clone, Default)]
struct Said {
    reason: Option<String>,
    adviser: Option<String>,
    decision_number: Option<String>,
}

impl From<DecisionIn> for Said {
    fn from(body: DecisionIn) -> Self {
        let DecisionIn { reason, adviser, decision_number } = body;
        Self { reason: Some(reason.into_string()), adviser: adviser.map(String::from), decision_number: decision_number.map(String::from) }
    }
}

/// List the history of a site
///
/// Every step it took: who, when, from which state to which, why, on whose advice. A draft has none.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site"), SiteStepQuery), responses((status = 200, body = Page<SiteStepOut>)))]
#[get("/sites/{id}/history")]
pub async fn list_site_history(call: Call, id: Id<SiteId>, query: Query<SiteStepQuery>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteRead)?;
    let (_, page) = query.parse_list(call.cursor_secret())?;
    let (rows, total) = call
        .read(async |conn| {
            let site = queries::find(conn, &scope, id.0).await?;
            let total = if page.with_total { Some(queries::count_steps(conn, &site).await?) } else { None };
            Ok((queries::steps(conn, &site, &page).await?, total))
        })
        .await?;
    let (rows, next) = page.finish(rows, |row, sort| {
        let key = if sort == "occurred_at" { json!(row.occurred_at) } else { json!(null) };
        (key, Uuid::from(row.id))
    });
    page.reply(rows.into_iter().map(SiteStepOut::from).collect(), next, total)
}

/// Nominate a site
///
/// The district committee proposes it to the province (R4, III.3).
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/nominate")]
pub async fn nominate_site(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteNominate)?;
    step(call, scope, id.0, Step::Nominate, Said::default(), async |conn, me, _, mut site| {
        site.nominated_by = Some(org_units::queries::nominator_of(conn, site.org_unit_id).await?);
        site.nominated_at = Some(me.now());
        site.state = SiteState::Nominated;
        Ok((site, Vec::new()))
    })
    .await
}

/// Put a site on the shortlist
///
/// The provincial police, as standing agency, propose it to the provincial committee (R16, III.1). The step can be passed
/// over: a nomination can be selected without it.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), request_body = DecisionIn, responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/shortlist")]
pub async fn shortlist_site(call: Call, id: Id<SiteId>, body: Body<DecisionIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteShortlist)?;
    let said = Said::from(body.parse()?);
    step(call, scope, id.0, Step::Shortlist, said, async |_, _, _, mut site| {
        site.state = SiteState::Shortlisted;
        Ok((site, Vec::new()))
    })
    .await
}

/// Select a site as provincial pilot site
///
/// The provincial committee takes it; the campaign's quota is exact (R3, II.2.2.1). Of two officials who take
/// the last place at once, one gets 409 with the clause. One that no district has nominated (R4, III.3), and one that does
/// not suit by its checklist (R9), is selected with a warning: people judge.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), request_body = DecisionIn, responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/select")]
pub async fn select_site(call: Call, id: Id<SiteId>, body: Body<DecisionIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteDecide)?;
    let said = Said::from(body.parse()?);
    let decider = scope.clone();
    let reason = said.reason.clone();
    step(call, scope, id.0, Step::Select, said, async move |conn, me, campaign, mut site| {
        let selected = queries::count_provincial(conn, &decider, site.campaign_id).await?;
        if let Err(error) = quota::check_province(campaign, selected) {
            return Err(error.under_rule(plans::queries::rule_ref(conn, site.campaign_id, Cited::ProvincialPilots).await?));
        }
        let warnings = selection_warnings(conn, me, &decider, &site).await?;
        site.pilot_level = PilotLevel::Province;
        site.state = SiteState::Selected;
        site.decision_reason.clone_from(&reason);
        site.decided_at = Some(me.now());
        Ok((site, warnings))
    })
    .await
}

/// S114 and R9: what is pointed out of a site that is selected.
async fn selection_warnings(conn: &Conn, me: &Call, scope: &Scope, site: &Site) -> Result<Vec<Warning>, AppError> {
    let mut warnings = Vec::new();
    if site.nominated_by.is_none() {
        let rule = plans::queries::rule_ref(conn, site.campaign_id, Cited::DistrictNominations).await?;
        let text = message(
            "Chưa có Ban Chỉ đạo cấp huyện nào đề cử địa bàn này.",
            "No district committee has nominated this site; the province usually chooses among nominations.",
        );
        warnings.push(Warning::new("not_nominated_by_district", &text, rule, me.language()));
    }
    let progress = checklist::queries::progress_of(conn, scope, site.id).await?;
    if !progress.is_complete {
        let rule = plans::queries::rule_ref(conn, site.campaign_id, Cited::SiteSuitability).await?;
        let (answered, all, failed) = (progress.answered_count, progress.item_count, progress.failed_count);
        let text = message(
            format!("Chưa đủ điều kiện theo bảng kiểm: đã đánh giá {answered}/{all} mục, {failed} mục bắt buộc không đạt."),
            format!("By its checklist the site does not suit yet: {answered} of {all} items answered, {failed} required ones not met."),
        );
        warnings.push(Warning::new("checklist_not_met", &text, rule, me.language()));
    }
    Ok(warnings)
}

/// Decline a nomination
///
/// The site stays with its district, which can hold its own festival there.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), request_body = DecisionIn, responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/decline")]
pub async fn decline_site(call: Call, id: Id<SiteId>, body: Body<DecisionIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteDecide)?;
    let said = Said::from(body.parse()?);
    let reason = said.reason.clone();
    step(call, scope, id.0, Step::Decline, said, async move |_, me, _, mut site| {
        site.state = SiteState::NotSelected;
        site.decision_reason.clone_from(&reason);
        site.decided_at = Some(me.now());
        Ok((site, Vec::new()))
    })
    .await
}

/// Withdraw a nomination or a selection
///
/// The district takes its nomination back: the site is a draft again. The province takes its selection back, for which
/// the permission to select is needed: the site is a nomination again, or a draft where nobody had nominated it, with the
/// pilot level that it had before and without its time; its place in the quota is free. Guests stay on the list. Not once
/// the festival there has begun.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), request_body = WithdrawalIn, responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/withdraw")]
pub async fn withdraw_site(call: Call, id: Id<SiteId>, body: Body<WithdrawalIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteNominate)?;
    let WithdrawalIn { reason, decision_number } = body.parse()?;
    let said = Said { reason: Some(reason.into_string()), adviser: None, decision_number: decision_number.map(String::from) };
    step(call, scope, id.0, Step::Withdraw, said, async |conn, me, _, mut site| {
        if site.pilot_level == PilotLevel::Province && me.actor().allows(Action::SiteDecide).is_none() {
            return Err(AppError::new(ErrorCode::Forbidden)
                .because(message("Chỉ cấp tỉnh rút quyết định chọn điểm.", "Only the province withdraws a selection.")));
        }
        rules::check_withdrawable(&site, me.now())?;
        if site.pilot_level == PilotLevel::Province {
            site.pilot_level = queries::level_before_selection(conn, &site).await?;
            site.state = if site.nominated_by.is_some() { SiteState::Nominated } else { SiteState::Draft };
            (site.decision_reason, site.decided_at) = (None, None);
            (site.starts_at, site.ends_at) = (None, None);
        } else {
            site.state = SiteState::Draft;
            (site.nominated_by, site.nominated_at) = (None, None);
        }
        Ok((site, Vec::new()))
    })
    .await
}

/// Schedule a site
///
/// Gives it a time, or moves it. Outside the campaign's window, or the window of a plan of the organiser or of a body above
/// it, it is refused (R1, II.2.2.3); on the last day it carries a warning (S112), and so does another site, or an activity
/// elsewhere, of the same organiser at the same hour.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), request_body = ScheduleIn, responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/schedule")]
pub async fn schedule_site(call: Call, id: Id<SiteId>, body: Body<ScheduleIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteWrite)?;
    let ScheduleIn { starts_at, ends_at } = body.parse()?;
    let (starts_at, ends_at) = (clock::to_micros(starts_at), clock::to_micros(ends_at));
    let own = scope.clone();
    step(call, scope, id.0, Step::Schedule, Said::default(), async move |conn, me, campaign, mut site| {
        if let Err(error) = rules::check_window(campaign, starts_at, ends_at) {
            return Err(error.under_rule(plans::queries::rule_ref(conn, site.campaign_id, Cited::EventWindow).await?));
        }
        plans::inheritance::check_windows(conn, campaign, site.org_unit_id, starts_at, Some(ends_at)).await?;
        site.starts_at = Some(starts_at);
        site.ends_at = Some(ends_at);
        site.state = SiteState::Scheduled;
        let mut warnings = Vec::new();
        if let Some(text) = rules::last_day_warning(campaign, ends_at) {
            let rule = plans::queries::rule_ref(conn, site.campaign_id, Cited::ReportLimit).await?;
            warnings.push(Warning::new("last_day_report_due_same_day", &text, rule, me.language()));
        }
        let mut others = queries::overlapping(conn, &own, &site).await?;
        others.extend(queries::overlapping_activities(conn, &own, &site).await?);
        if !others.is_empty() {
            let names = others.join(", ");
            let text = message(format!("Cùng giờ với: {names}."), format!("At the same hour as: {names}."));
            warnings.push(Warning::new("same_organiser_same_hour", &text, None, me.language()));
        }
        Ok((site, warnings))
    })
    .await
}

/// Record that the festival was held
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/hold")]
pub async fn hold_site(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteWrite)?;
    step(call, scope, id.0, Step::Hold, Said::default(), async |_, me, _, mut site| {
        rules::check_begun(&site, me.now())?;
        site.held_at = Some(me.now());
        site.state = SiteState::Held;
        Ok((site, Vec::new()))
    })
    .await
}

/// Close a site
///
/// Its figures are final.
#[utoipa::path(tag = "sites", params(("id" = SiteId, Path, description = "The site")), responses((status = 200, body = SiteOut)))]
#[post("/sites/{id}/close")]
pub async fn close_site(call: Call, id: Id<SiteId>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::SiteWrite)?;
    step(call, scope, id.0, Step::Close, Said::default(), async |_, me, _, mut site| {
        site.closed_at = Some(me.now());
        site.state = SiteState::Closed;
        Ok((site, Vec::new()))
    })
    .await
}

/// One transition: lock, compare the version, check that the campaign is open and the state, change, save, write down, record.
async fn step(
    call: Call,
    scope: Scope,
    id: SiteId,
    step: Step,
    said: Said,
    change: impl AsyncFn(&Conn, &Call, &Campaign, Site) -> Result<(Site, Vec<Warning>), AppError> + 'static,
) -> Result<Reply, AppError> {
    let if_match = call.if_match()?;
    let me = call.clone();
    call.write(async move |conn| {
        let before = queries::lock(conn, &scope, id).await?;
        if_match.check(before.version)?;
        let campaign = match step {
            Step::Select => campaigns::queries::lock_open(conn, &scope, before.campaign_id).await?,
            _ => campaigns::queries::hold_open(conn, before.campaign_id).await?,
        };
        rules::check_step(&before, step)?;
        let (site, warnings) = change(conn, &me, &campaign, before.clone()).await?;
        let site = queries::save(conn, &scope, site, me.now()).await?;
        queries::add_step(conn, &scope, &history(&before, &site, step, said.clone(), &me)).await?;
        me.record(conn, event(&site, step.done(), Some(before.state))).await?;
        let checklist = checklist::queries::progress_of(conn, &scope, site.id).await?;
        let version = site.version;
        Reply::ok(&show(&me, site, checklist, warnings), version)
    })
    .await
}

fn history(before: &Site, after: &Site, step: Step, said: Said, me: &Call) -> SiteStep {
    let Said { reason, adviser, decision_number } = said;
    SiteStep {
        campaign_id: after.campaign_id,
        id: SiteStepId::new(),
        site_id: after.id,
        action: step.done().to_owned(),
        from_state: before.state,
        to_state: after.state,
        from_pilot_level: before.pilot_level,
        to_pilot_level: after.pilot_level,
        reason,
        adviser,
        decision_number,
        actor_id: me.actor().id,
        occurred_at: me.now(),
    }
}
