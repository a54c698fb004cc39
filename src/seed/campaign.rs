//! The campaign of 2023 and who owes it a report.

use super::{Facts, SeedError, admin_units::Territories, from_json, org_units::Bodies};
use crate::activity_kinds;
use crate::auth::Scope;
use crate::campaigns::model::Campaign;
use crate::checklist_items;
use crate::clock;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::plans;
use crate::processing_purposes;
use crate::reminder_stages;
use crate::reports::forms::content::FormContent;
use crate::reports::forms::model::ReportForm;
use crate::reports::obligations::expected::{self, Demand};
use crate::reports::obligations::rules::Terms;
use crate::schema::{
    activity_kinds as activity_kinds_table, campaigns, checklist_items as checklist_items_table, org_units, processing_purpose_changes,
    processing_purposes as purposes_table, reminder_stages as reminder_stages_table, report_forms,
};
use crate::text::search_tokens;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::{ExpressionMethods, Insertable, QueryDsl, SelectableHelper, select};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use uuid::Uuid;

const FILE: &str = "demo/campaign_2023.json";

/// The campaign as the file gives it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    org_unit: String,
    admin_unit_code: String,
    name: String,
    year: i32,
    state: String,
    event_from: NaiveDate,
    event_to: NaiveDate,
    report_due_before: NaiveDate,
    provincial_pilot_count: i32,
    min_district_nominations: i32,
}

#[derive(Insertable)]
#[diesel(table_name = campaigns)]
struct CampaignRow<'a> {
    id: Uuid,
    org_unit_id: Uuid,
    admin_unit_id: Uuid,
    name: &'a str,
    year: i32,
    state: &'a str,
    event_from: NaiveDate,
    event_to: NaiveDate,
    report_due_before: NaiveDate,
    provincial_pilot_count: i32,
    min_district_nominations: i32,
    tokens: Vec<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The campaign's parameters.
pub(super) fn entry() -> Result<Entry, SeedError> {
    from_json(FILE, include_str!("../../data/demo/campaign_2023.json"))
}

/// Whether the campaign of that committee and year exists.
pub(super) async fn is_loaded(conn: &mut AsyncPgConnection, facts: &Facts) -> Result<bool, SeedError> {
    let Facts { org_units: bodies, campaign } = facts;
    let name = bodies.iter().find(|body| body.key == campaign.org_unit).map(|body| body.name.as_str());
    let name = name.ok_or_else(|| SeedError::Data { file: FILE, detail: format!("no org unit has the key {}", campaign.org_unit) })?;
    let found = campaigns::table.inner_join(org_units::table).filter(org_units::name.eq(name)).filter(campaigns::year.eq(campaign.year));
    Ok(select(exists(found)).get_result(conn).await?)
}

/// Loads the campaign.
pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    entry: &Entry,
    bodies: &Bodies,
    units: &Territories,
    now: DateTime<Utc>,
) -> Result<Uuid, SeedError> {
    let row = CampaignRow {
        id: Uuid::now_v7(),
        org_unit_id: bodies.get(FILE, &entry.org_unit)?.id,
        admin_unit_id: units.id(&entry.admin_unit_code)?,
        name: &entry.name,
        year: entry.year,
        state: &entry.state,
        event_from: entry.event_from,
        event_to: entry.event_to,
        report_due_before: entry.report_due_before,
        provincial_pilot_count: entry.provincial_pilot_count,
        min_district_nominations: entry.min_district_nominations,
        tokens: search_tokens(&[&entry.name]),
        created_at: now,
        updated_at: now,
    };
    diesel::insert_into(campaigns::table).values(&row).execute(conn).await?;
    let items = checklist_items::defaults::items(CampaignId(row.id), row.created_at);
    diesel::insert_into(checklist_items_table::table).values(&items).execute(conn).await?;
    let kinds = activity_kinds::defaults::kinds(CampaignId(row.id), row.created_at)
        .map_err(|error| SeedError::Data { file: "activity_kinds/builtin.json", detail: error.to_string() })?;
    diesel::insert_into(activity_kinds_table::table).values(&kinds).execute(conn).await?;
    let (purposes, versions): (Vec<_>, Vec<_>) =
        processing_purposes::defaults::purposes(CampaignId(row.id), row.created_at).into_iter().unzip();
    diesel::insert_into(purposes_table::table).values(&purposes).execute(conn).await?;
    diesel::insert_into(processing_purpose_changes::table).values(&versions).execute(conn).await?;
    let stages = reminder_stages::defaults::stages(CampaignId(row.id), row.created_at);
    diesel::insert_into(reminder_stages_table::table).values(&stages).execute(conn).await?;
    let asked = FormContent::first().map_err(|error| SeedError::Data { file: "report_form.json", detail: error.to_string() })?;
    let form = ReportForm::first(CampaignId(row.id), asked, now);
    diesel::insert_into(report_forms::table).values(&form).execute(conn).await?;
    Ok(row.id)
}

/// Lays down who owes a report and a plan to the province, as issuing the plan does (R2 and R12, III.3); gives how many reports. The plan has been loaded.
pub(super) async fn load_obligations(mut conn: &AsyncPgConnection, campaign_id: Uuid, now: DateTime<Utc>) -> Result<usize, SeedError> {
    let loading = |error: AppError| SeedError::Data { file: FILE, detail: error.to_string() };
    let campaign = campaigns::table.find(campaign_id).select(Campaign::as_select()).first(&mut conn).await?;
    let scope = Scope::system("demo seed");
    let rule = plans::queries::report_limit(conn, campaign.id).await.map_err(loading)?;
    let plan = plans::queries::top_plan(conn, campaign.id).await.map_err(loading)?;
    let terms = rule.as_ref().map(|(.., parameters)| Terms::of(parameters)).unwrap_or_default();
    let source = rule.map(|(plan, rule, _)| (plan, rule));
    // It was laid down when the plan was issued, whenever the demo is loaded: what is asked of an instant after that finds it.
    let issued_at = plan.as_ref().and_then(|plan| plan.issued_on).map_or(now, |day| clock::start_of_day(day).min(now));
    let demand = Demand::of_campaign(conn, &campaign, source, terms).await.map_err(loading)?;
    let owing = expected::owing(conn, &scope, &campaign).await.map_err(loading)?;
    let frozen = expected::freeze(conn, &scope, &demand, &owing, (None, issued_at)).await.map_err(loading)?;
    if let Some(plan) = &plan {
        let stated = plans::queries::rules(conn, plan.id).await.map_err(loading)?;
        plans::obligations::queries::freeze(conn, &scope, &campaign, plan, &stated, issued_at).await.map_err(loading)?;
    }
    Ok(frozen.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::start_of_day;

    #[test]
    fn the_parameters_are_those_of_the_plan() {
        let entry = entry().unwrap();
        assert_eq!((entry.year, entry.provincial_pilot_count, entry.min_district_nominations), (2023, 2, 1));
        assert_eq!((entry.event_to - entry.event_from).num_days() + 1, 50);
        assert_eq!(start_of_day(entry.report_due_before).to_rfc3339(), "2023-08-19T17:00:00+00:00");
    }
}
