//! Cloning a campaign over HTTP.

use super::addressees::lost;
use super::dates::{Moved, moved, names_year, of_year};
use super::dto::{CampaignCloneIn, CampaignCloneOut, CloneRecipientOut, CloneRuleOut};
use crate::activity_kinds;
use crate::admin_units;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns::dto::CampaignOut;
use crate::campaigns::handlers::{check_owner, event};
use crate::campaigns::model::{Campaign, CampaignState};
use crate::campaigns::{queries, rules};
use crate::checklist_items;
use crate::db::Conn;
use crate::duties;
use crate::duties::bodies::Candidate;
use crate::error::{AppError, FieldError, Language, message};
use crate::extract::{Body, Id};
use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::org_units;
use crate::plans;
use crate::plans::model::{Parts, Plan, PlanState};
use crate::plans::out::PlanOut;
use crate::processing_purposes;
use crate::reminder_stages;
use crate::reply::Reply;
use crate::reports::forms;
use crate::reports::forms::model::ReportForm;
use actix_web::post;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{HashMap, HashSet};

/// Clone a campaign
///
/// The campaign of a later year as a draft, with its report form and a draft of its plan: days moved, rules kept, recipients mapped. A rule whose
/// addressee does not exist in the new window, such as the districts since 2025-07-01, and a rule whose days were moved, are not
/// confirmed: the plan cannot be issued before an official has decided on each. The checklist of
/// sites, the catalogue of activities, the schedule of reminders and the purposes of personal data are taken over; what people do in a
/// campaign is not.
#[utoipa::path(tag = "campaigns", params(("id" = CampaignId, Path, description = "The campaign")), request_body = CampaignCloneIn, responses((status = 201, body = CampaignCloneOut)))]
#[post("/campaigns/{id}/clone")]
pub async fn clone_campaign(call: Call, id: Id<CampaignId>, body: Body<CampaignCloneIn>) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::CampaignWrite)?;
    let plan_scope = call.authorize(Action::PlanWrite)?;
    let read_scope = call.authorize(Action::CampaignRead)?;
    let body = body.parse()?;
    let me = call.clone();
    call.write(async move |conn| {
        let source = queries::find(conn, &read_scope, id.0).await?;
        let campaign = next(&source, &body, me.now())?;
        check_owner(conn, &scope, &campaign).await?;
        admin_units::queries::check_reference(conn, campaign.admin_unit_id, "/admin_unit_id").await?;
        let bodies = Bodies::read(conn, &scope, (&source, &campaign), &body).await?;
        queries::insert(conn, &scope, &campaign).await?;
        checklist_items::queries::copy(conn, &scope, source.id, campaign.id, campaign.created_at).await?;
        activity_kinds::queries::copy(conn, &scope, source.id, campaign.id, campaign.created_at).await?;
        processing_purposes::queries::copy(conn, &scope, source.id, campaign.id, campaign.created_at).await?;
        reminder_stages::queries::copy(conn, &scope, source.id, campaign.id, campaign.created_at).await?;
        let asked = forms::queries::current(conn, &read_scope, source.id).await?;
        let form = ReportForm::first(campaign.id, asked.content, me.now());
        forms::queries::insert(conn, &scope, &form).await?;
        me.record(conn, event(&campaign, "created", None)).await?;
        me.record(conn, forms::handlers::event(&form, campaign.org_unit_id, "created")).await?;
        let mut out = CampaignCloneOut {
            campaign: CampaignOut::from(campaign.clone()),
            plan: None,
            unbound_rules: Vec::new(),
            moved_rules: Vec::new(),
            unbound_recipients: Vec::new(),
            clauses_to_review: Vec::new(),
        };
        if let Some(old) = plans::queries::top_plan(conn, source.id).await? {
            let (plan, parts) = draft(conn, &source, &campaign, old, &bodies, me.language(), &mut out).await?;
            plans::queries::insert(conn, &plan_scope, &plan, &parts).await?;
            me.record(conn, plans::handlers::event(&plan, "created", None)).await?;
            out.plan = Some(PlanOut::new(plan, parts));
        }
        Reply::created("campaigns", campaign.id, &out, campaign.version)
    })
    .await
}

/// The campaign of the new year; 422 when its year or its dates are out of order.
fn next(source: &Campaign, body: &CampaignCloneIn, now: DateTime<Utc>) -> Result<Campaign, AppError> {
    let years = body.year - source.year;
    if years <= 0 {
        return Err(AppError::field(FieldError::new(
            "/year",
            "not_later",
            message(format!("Năm phải sau năm {}.", source.year), format!("The year must come after {}.", source.year)),
        )));
    }
    let campaign = Campaign {
        id: CampaignId::new(),
        org_unit_id: body.org_unit_id.unwrap_or(source.org_unit_id),
        admin_unit_id: body.admin_unit_id.or(source.admin_unit_id),
        name: body.name.as_ref().map_or_else(|| of_year(&source.name, source.year, body.year), |name| name.as_str().to_owned()),
        year: body.year,
        state: CampaignState::Draft,
        event_from: body.event_from.unwrap_or_else(|| moved(source.event_from, years)),
        event_to: body.event_to.unwrap_or_else(|| moved(source.event_to, years)),
        report_due_before: body.report_due_before.unwrap_or_else(|| moved(source.report_due_before, years)),
        version: 1,
        created_at: now,
        updated_at: now,
        ..source.clone()
    };
    rules::check_dates(&campaign)?;
    Ok(campaign)
}

/// The bodies of the old window and of the new one.
struct Bodies {
    before: Vec<Candidate>,
    after: Vec<Candidate>,
    existing: HashSet<OrgUnitId>,
    mapped: HashMap<OrgUnitId, OrgUnitId>,
}

impl Bodies {
    /// 422 for an owner, and for each mapping to a body, that does not exist in the new window or is out of reach.
    async fn read(
        conn: &Conn,
        scope: &Scope,
        (source, campaign): (&Campaign, &Campaign),
        body: &CampaignCloneIn,
    ) -> Result<Self, AppError> {
        let before = duties::queries::candidates(conn, scope, source, source.org_unit_id).await?;
        let after = duties::queries::candidates(conn, scope, campaign, campaign.org_unit_id).await?;
        let existing = org_units::queries::in_window(conn, scope, campaign.event_from, campaign.event_to).await?;
        let existing: HashSet<OrgUnitId> = existing.into_iter().collect();
        let mut bad = Vec::new();
        if !existing.contains(&campaign.org_unit_id) {
            let text = message(
                "Đơn vị chủ trì không còn trong thời gian của đợt mới: nêu đơn vị chủ trì mới.",
                "The owner does not exist in the new window: name the new owner.",
            );
            bad.push(FieldError::new("/org_unit_id", "ended", text));
        }
        let unknown = body.units.iter().enumerate().filter(|(_, mapping)| !existing.contains(&mapping.to_org_unit_id));
        bad.extend(unknown.map(|(index, _)| FieldError::unknown_reference(format!("/units/{index}/to_org_unit_id"))));
        if !bad.is_empty() {
            return Err(AppError::validation(bad));
        }
        Ok(Self {
            before,
            after,
            existing,
            mapped: body.units.iter().map(|mapping| (mapping.from_org_unit_id, mapping.to_org_unit_id)).collect(),
        })
    }

    /// The body in the place of one; none where there is none.
    fn now(&self, unit: OrgUnitId) -> Option<OrgUnitId> {
        self.mapped.get(&unit).copied().or_else(|| Some(unit).filter(|unit| self.existing.contains(unit)))
    }
}

fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

/// The draft of the new campaign's plan; what people have to decide goes into the answer.
async fn draft(
    conn: &Conn,
    source: &Campaign,
    campaign: &Campaign,
    old: Plan,
    bodies: &Bodies,
    language: Language,
    out: &mut CampaignCloneOut,
) -> Result<(Plan, Parts), AppError> {
    let clauses = plans::queries::clauses(conn, old.id).await?;
    let id = PlanId::new();
    let mut parts = Parts { clauses, ..plans::queries::parts(conn, old.id).await? }.of_plan(id);
    let mut days = Moved::default();
    for (old_day, new_day) in [
        (source.event_from, campaign.event_from),
        (source.event_to, campaign.event_to),
        (source.report_due_before, campaign.report_due_before),
        // “Before the 20th” is also printed as “by the end of the 19th”.
        (before(source.report_due_before), before(campaign.report_due_before)),
    ] {
        days.add(old_day, new_day);
    }
    let years = campaign.year - source.year;
    for rule in &mut parts.rules {
        let mut parameters = rule.parameters()?;
        let entry = |reason: String| CloneRuleOut { rule_id: rule.rule_id.clone(), clause: rule.clause.clone(), reason };
        if let Some(reason) = lost(&parameters, &bodies.before, &bodies.after) {
            out.unbound_rules.push(entry(reason.in_language(language)));
            rule.is_confirmed = false;
        }
        if days.move_rule(&mut parameters, years) {
            let statement = days.in_text(&rule.statement);
            out.moved_rules.push(entry(statement.clone()));
            rule.statement = statement;
            rule.parameters = serde_json::to_value(&parameters).map_err(AppError::internal)?;
            rule.is_confirmed = false;
        }
    }
    for recipient in &mut parts.recipients {
        if let Some(unit) = recipient.org_unit_id {
            recipient.org_unit_id = bodies.now(unit);
            if recipient.org_unit_id.is_none() {
                out.unbound_recipients.push(CloneRecipientOut { no: recipient.no, name: recipient.name.clone(), org_unit_id: unit });
            }
        }
    }
    for clause in &mut parts.clauses {
        clause.heading = clause.heading.take().map(|heading| days.in_text(&heading));
        clause.body = days.in_text(&clause.body);
        if names_year(&clause.body, source.year) || clause.heading.as_deref().is_some_and(|heading| names_year(heading, source.year)) {
            out.clauses_to_review.push(clause.reference.clone());
        }
    }
    let plan = Plan {
        id,
        campaign_id: campaign.id,
        org_unit_id: campaign.org_unit_id,
        state: PlanState::Draft,
        number: None,
        document_number: None,
        title: of_year(&old.title, source.year, campaign.year),
        summary: old.summary.map(|summary| of_year(&days.in_text(&summary), source.year, campaign.year)),
        issued_on: None,
        issue_year: None,
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
        created_at: campaign.created_at,
        updated_at: campaign.updated_at,
        ..old
    };
    Ok((plan, parts))
}
