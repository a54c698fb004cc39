//! Plan 81/KH-BCĐ of 24 March 2023: the document, its recipients, the documents it cites, its rules and duties.

use super::{SeedError, from_json, org_units::Bodies};
use crate::auth::Scope;
use crate::campaigns;
use crate::clock::start_of_day;
use crate::documents;
use crate::duties::derive::derive;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::official_text::draft::DocumentKind;
use crate::plans::aliases::PlanAliases;
use crate::plans::model::{ClauseKind, Plan, RuleKind};
use crate::plans::parameters::Parameters;
use crate::schema::{plan_clauses, plan_legal_bases, plan_recipients, plan_rules, plans};
use crate::text::search_tokens;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::{Insertable, QueryDsl, SelectableHelper};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use uuid::Uuid;

const FILE: &str = "demo/plan_81.json";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    number: i32,
    symbol: String,
    document_number: String,
    org_unit: String,
    state: String,
    title: String,
    summary: String,
    issue_place: String,
    issued_on: NaiveDate,
    signatory_name: String,
    signatory_title: String,
    signatory_post: String,
    aliases: PlanAliases,
    archive_marks: Vec<String>,
    recipients: Vec<Recipient>,
    legal_bases: Vec<LegalBasis>,
    rules: Vec<Rule>,
    clauses: Vec<Clause>,
}

/// A clause of the plan's text, in words of our own: the plan's structure and facts, not its sentences.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Clause {
    reference: String,
    kind: ClauseKind,
    marker: Option<String>,
    heading: Option<String>,
    body: String,
    parent_reference: Option<String>,
}

/// A line of "Nơi nhận"; one that names several bodies is linked to none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipient {
    name: String,
    org_unit: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LegalBasis {
    citation: String,
    clause: String,
    issuer: String,
    issued_on: Option<NaiveDate>,
    subject: String,
    note: Option<String>,
    /// As the plan calls it, where the symbol says another.
    kind: Option<DocumentKind>,
    #[serde(default)]
    aliases: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    rule_id: String,
    clause: String,
    obligation: String,
    statement: String,
    parameters: Parameters,
}

#[derive(Insertable)]
#[diesel(table_name = plans)]
struct PlanRow<'a> {
    id: Uuid,
    campaign_id: Uuid,
    org_unit_id: Uuid,
    state: &'a str,
    number: i32,
    symbol: &'a str,
    document_number: &'a str,
    title: &'a str,
    summary: &'a str,
    issue_place: &'a str,
    issued_on: NaiveDate,
    issue_year: i32,
    signatory_name: &'a str,
    signatory_title: &'a str,
    signatory_post: &'a str,
    issued_at: DateTime<Utc>,
    first_edition_id: Uuid,
    aliases: &'a PlanAliases,
    archive_marks: &'a [String],
    tokens: Vec<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Insertable)]
#[diesel(table_name = plan_recipients)]
struct RecipientRow<'a> {
    plan_id: Uuid,
    no: i32,
    name: &'a str,
    org_unit_id: Option<Uuid>,
}

#[derive(Insertable)]
#[diesel(table_name = plan_clauses)]
struct ClauseRow<'a> {
    plan_id: Uuid,
    no: i32,
    reference: &'a str,
    kind: ClauseKind,
    marker: Option<&'a str>,
    heading: Option<&'a str>,
    body: &'a str,
    parent_reference: Option<&'a str>,
}

#[derive(Insertable)]
#[diesel(table_name = plan_legal_bases)]
struct LegalBasisRow<'a> {
    plan_id: Uuid,
    no: i32,
    citation: &'a str,
    clause: &'a str,
    issuer: &'a str,
    issued_on: Option<NaiveDate>,
    subject: &'a str,
    note: Option<&'a str>,
    kind: Option<DocumentKind>,
    aliases: &'a [String],
}

#[derive(Insertable)]
#[diesel(table_name = plan_rules)]
struct RuleRow<'a> {
    plan_id: Uuid,
    no: i32,
    rule_id: &'a str,
    kind: RuleKind,
    clause: &'a str,
    obligation: &'a str,
    statement: &'a str,
    parameters: serde_json::Value,
}

fn entry() -> Result<Entry, SeedError> {
    from_json(FILE, include_str!("../../data/demo/plan_81.json"))
}

/// Loads the plan and its lists.
pub(super) async fn load(conn: &mut AsyncPgConnection, campaign_id: Uuid, bodies: &Bodies, now: DateTime<Utc>) -> Result<(), SeedError> {
    let entry = entry()?;
    let id = Uuid::now_v7();
    let plan = PlanRow {
        id,
        first_edition_id: id,
        campaign_id,
        org_unit_id: bodies.get(FILE, &entry.org_unit)?.id,
        state: &entry.state,
        number: entry.number,
        symbol: &entry.symbol,
        document_number: &entry.document_number,
        title: &entry.title,
        summary: &entry.summary,
        issue_place: &entry.issue_place,
        issued_on: entry.issued_on,
        issue_year: entry.issued_on.year(),
        signatory_name: &entry.signatory_name,
        signatory_title: &entry.signatory_title,
        signatory_post: &entry.signatory_post,
        // The plan gives the day, not the hour.
        issued_at: start_of_day(entry.issued_on),
        aliases: &entry.aliases,
        archive_marks: &entry.archive_marks,
        tokens: tokens(&entry),
        created_at: now,
        updated_at: now,
    };
    diesel::insert_into(plans::table).values(&plan).execute(conn).await?;
    load_lists(conn, plan.id, &entry, bodies).await?;
    register(conn, plan.id, now).await?;
    charge(conn, CampaignId(campaign_id), now).await
}

/// Charges the bodies with the duties of section III, as `POST /plans/{id}/duties/derive` does. The plan sets them no
/// deadline of their own, so they have none.
async fn charge(conn: &AsyncPgConnection, campaign_id: CampaignId, now: DateTime<Utc>) -> Result<(), SeedError> {
    let refused = |error: AppError| SeedError::Data { file: FILE, detail: format!("the duties of its rules: {error}") };
    let scope = Scope::system("the demo charges bodies with the duties of its plan");
    let campaign = campaigns::queries::find(conn, &scope, campaign_id).await.map_err(refused)?;
    let Some(plan) = crate::plans::queries::top_plan(conn, campaign_id).await.map_err(refused)? else { return Ok(()) };
    let stated = crate::plans::queries::rules(conn, plan.id).await.map_err(refused)?;
    let derived = derive(conn, &scope, (&campaign, &plan, &stated), None, now).await.map_err(refused)?;
    match derived.unbound.as_slice() {
        [unbound, ..] => Err(SeedError::Data { file: FILE, detail: format!("{}: no body is called {}", unbound.rule_id, unbound.body) }),
        [] => Ok(()),
    }
}

/// Enters the plan and the documents that it cites in the registry, as issuing it does.
async fn register(mut conn: &AsyncPgConnection, id: Uuid, now: DateTime<Utc>) -> Result<(), SeedError> {
    let loading = |error: AppError| SeedError::Data { file: FILE, detail: error.to_string() };
    let plan = plans::table.find(id).select(Plan::as_select()).first(&mut conn).await?;
    documents::registry::register(conn, &Scope::system("demo seed"), &plan, now).await.map_err(loading)?;
    Ok(())
}

fn tokens(entry: &Entry) -> Vec<String> {
    let texts: Vec<&str> = [entry.document_number.as_str(), &entry.title].into_iter().chain(entry.aliases.shorts()).collect();
    search_tokens(&texts)
}

async fn load_lists(conn: &mut AsyncPgConnection, plan_id: Uuid, entry: &Entry, bodies: &Bodies) -> Result<(), SeedError> {
    let recipients = (1..)
        .zip(&entry.recipients)
        .map(|(no, Recipient { name, org_unit })| {
            let org_unit_id = org_unit.as_deref().map(|key| bodies.get(FILE, key)).transpose()?.map(|body| body.id);
            Ok(RecipientRow { plan_id, no, name, org_unit_id })
        })
        .collect::<Result<Vec<_>, SeedError>>()?;
    let bases: Vec<_> = (1..)
        .zip(&entry.legal_bases)
        .map(|(no, LegalBasis { citation, clause, issuer, issued_on, subject, note, kind, aliases })| LegalBasisRow {
            plan_id,
            no,
            citation,
            clause,
            issuer,
            issued_on: *issued_on,
            subject,
            note: note.as_deref(),
            kind: *kind,
            aliases,
        })
        .collect();
    let rules: Vec<_> = (1..)
        .zip(&entry.rules)
        .map(|(no, Rule { rule_id, clause, obligation, statement, parameters })| RuleRow {
            plan_id,
            no,
            rule_id,
            kind: parameters.kind(),
            clause,
            obligation,
            statement,
            parameters: serde_json::to_value(parameters).unwrap_or_default(),
        })
        .collect();
    diesel::insert_into(plan_recipients::table).values(&recipients).execute(conn).await?;
    diesel::insert_into(plan_legal_bases::table).values(&bases).execute(conn).await?;
    let clauses: Vec<_> = (1..)
        .zip(&entry.clauses)
        .map(|(no, Clause { reference, kind, marker, heading, body, parent_reference })| ClauseRow {
            plan_id,
            no,
            reference,
            kind: *kind,
            marker: marker.as_deref(),
            heading: heading.as_deref(),
            body,
            parent_reference: parent_reference.as_deref(),
        })
        .collect();
    diesel::insert_into(plan_rules::table).values(&rules).execute(conn).await?;
    diesel::insert_into(plan_clauses::table).values(&clauses).execute(conn).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_has_13_recipients_10_cited_documents_and_22_rules() {
        let entry = entry().unwrap();
        assert_eq!((entry.recipients.len(), entry.legal_bases.len(), entry.rules.len()), (13, 10, 22));
        let ids: Vec<_> = entry.rules.iter().map(|rule| rule.rule_id.clone()).collect();
        assert_eq!(ids, (1..=22).map(|no| format!("R{no}")).collect::<Vec<_>>());
    }

    #[test]
    fn every_rule_cites_a_clause_that_the_plan_has() {
        let entry = entry().unwrap();
        let references: Vec<_> = entry.clauses.iter().map(|clause| clause.reference.as_str()).collect();
        for rule in &entry.rules {
            assert!(references.contains(&rule.clause.as_str()), "{} cites {}", rule.rule_id, rule.clause);
        }
    }

    #[test]
    fn both_conflicts_of_the_source_are_noted() {
        let entry = entry().unwrap();
        let note = |citation: &str| entry.legal_bases.iter().find(|basis| basis.citation == citation).and_then(|basis| basis.note.clone());
        assert!(note("21/HD-BCĐ").unwrap().contains("21/HD-BCA-V05"));
        assert!(note("44-KH/TW").unwrap().contains("44-KL/TW"));
    }
}
