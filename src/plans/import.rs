//! A plan from the text that officials have: read, shown with what is doubtful, and kept as a draft whose rules nobody has
//! confirmed yet.

use super::aliases::{PlanAlias, PlanAliases};
use super::dto::PlanImportQuery;
use super::handlers::{check_parent, event};
use super::model::{Clause, LegalBasis, Parts, Plan, PlanState, Recipient, Rule};
use super::out::{PlanImportOut, PlanOut};
use super::queries;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::extract::{File, Query};
use crate::ids::{CampaignId, OrgUnitId, PlanId};
use crate::official_text::draft::DocumentKind;
use crate::official_text::{self, Draft, Format, Unreadable};
use crate::org_units;
use crate::reply::Reply;
use crate::text;
use actix_web::post;
use chrono::{DateTime, Utc};

/// Word's media type.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Import the text of a plan
///
/// The file itself is the body: plain text, DOCX, or PDF with a text layer, laid out as decree 30/2020/NĐ-CP says, 20 MiB
/// at the most. The answer holds all that was read, each with its place in the text and how sure the reading is, and what
/// a person should look at. A draft is made of it, unless `dry_run` is true; none of its rules binds before an official
/// has confirmed it.
#[utoipa::path(
    tag = "plans",
    params(PlanImportQuery),
    request_body(content(
        (String = "text/plain"),
        (Vec<u8> = "application/pdf"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    )),
    responses((status = 201, body = PlanImportOut), (status = 200, body = PlanImportOut, description = "Read, and nothing kept (`dry_run`)."))
)]
#[post("/plans/import")]
pub async fn import_plan(call: Call, query: Query<PlanImportQuery>, file: File) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::PlanWrite)?;
    let campaign_scope = call.authorize(Action::CampaignRead)?;
    let plan_scope = call.authorize(Action::PlanRead)?;
    let PlanImportQuery { campaign_id, org_unit_id, parent_plan_id, dry_run } = query.parse()?;
    let format = format_of(file.media_type())?;
    let reading = actix_web::web::block(move || read(file.bytes(), format)).await.map_err(AppError::internal)?.map_err(unreadable)?;
    if dry_run == Some(true) {
        return Reply::plain(&PlanImportOut { plan: None, reading });
    }
    let place = Place { campaign_id, org_unit_id, parent_plan_id };
    let (plan, parts) = draft(&reading, place, call.now())?;
    let me = call.clone();
    call.write(async move |conn| {
        keep(conn, (&scope, &campaign_scope, &plan_scope), &plan, &parts).await?;
        me.record(conn, event(&plan, "created", None)).await?;
        let out = PlanImportOut { plan: Some(PlanOut::new(plan.clone(), parts.clone())), reading: reading.clone() };
        Reply::created("plans", plan.id, &out, plan.version)
    })
    .await
}

/// Where an imported plan belongs.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Place {
    pub campaign_id: CampaignId,
    pub org_unit_id: OrgUnitId,
    pub parent_plan_id: Option<PlanId>,
}

/// Writes a draft, if the place it is meant for is there: for who writes, reads campaigns, and reads plans in these scopes.
pub async fn keep(conn: &Conn, (write, campaigns, plans): (&Scope, &Scope, &Scope), plan: &Plan, parts: &Parts) -> Result<(), AppError> {
    let campaign = campaigns::queries::hold_open_reference(conn, campaigns, plan.campaign_id, "?campaign_id").await?;
    org_units::queries::find_reference(conn, write, plan.org_unit_id, "?org_unit_id").await?;
    check_parent(conn, plans, &campaign, plan).await?;
    queries::insert(conn, write, plan, parts).await
}

fn format_of(media_type: &str) -> Result<Format, AppError> {
    match media_type {
        "text/plain" => Ok(Format::PlainText),
        "application/pdf" => Ok(Format::Pdf),
        DOCX => Ok(Format::Docx),
        _ => Err(AppError::new(ErrorCode::UnsupportedMediaType).because(message(
            "Gửi tệp dạng text/plain, application/pdf hoặc DOCX.",
            "Send the file as text/plain, application/pdf or DOCX.",
        ))),
    }
}

/// The bytes of a file as a draft.
pub fn read(bytes: &[u8], format: Format) -> Result<Draft, Unreadable> {
    official_text::read(bytes, format).map(|text| official_text::parse(&text))
}

fn unreadable(error: Unreadable) -> AppError {
    let (vi, en) = error.messages();
    match error {
        Unreadable::FileTooLarge | Unreadable::TextTooLarge | Unreadable::TooManyLines => {
            AppError::new(ErrorCode::PayloadTooLarge).because(message(vi, en))
        }
        _ => AppError::field(FieldError::new("", error.code(), message(vi, en))),
    }
}

fn missing(pointer: &'static str, vi: &'static str, en: &'static str) -> FieldError {
    FieldError::new(pointer, "not_found_in_text", message(vi, en))
}

/// The draft of a plan; 422 for what cannot be done without.
pub fn draft(reading: &Draft, place: Place, now: DateTime<Utc>) -> Result<(Plan, Parts), AppError> {
    let mut bad = Vec::new();
    let title = reading.title.as_ref().and_then(|title| line(&title.value));
    if title.is_none() {
        bad.push(missing("/title", "Không đọc được trích yếu.", "The title was not found."));
    }
    let symbol = reading.symbol.as_ref().and_then(|symbol| cut(&symbol.value, 60));
    if symbol.is_none() {
        bad.push(missing("/symbol", "Không đọc được số, ký hiệu.", "Number and symbol were not found."));
    }
    if !bad.is_empty() {
        return Err(AppError::validation(bad));
    }
    let id = PlanId::new();
    let signatory = reading.signatory.as_ref().map(|found| &found.value);
    let plan = Plan {
        id,
        campaign_id: place.campaign_id,
        parent_plan_id: place.parent_plan_id,
        org_unit_id: place.org_unit_id,
        state: PlanState::Draft,
        number: reading.number.as_ref().map(|number| number.value).filter(|number| (1..=1_000_000).contains(number)),
        symbol: symbol.unwrap_or_default(),
        document_number: reading.document_number.as_ref().and_then(|number| cut(&number.value, 60)),
        title: title.unwrap_or_default(),
        summary: None,
        issue_place: reading.issue_place.as_ref().and_then(|place| line(&place.value)),
        issued_on: reading.issued_on.as_ref().map(|day| day.value),
        issue_year: None,
        signatory_name: signatory.and_then(|who| who.name.as_deref()).and_then(line),
        signatory_title: signatory.and_then(|who| who.title.as_deref()).and_then(line),
        signatory_post: signatory.and_then(|who| who.post.as_deref()).and_then(line),
        items: Vec::new(),
        aliases: aliases(reading),
        archive_marks: reading.archive.iter().filter_map(|mark| cut(mark, 60)).take(20).collect(),
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
        created_at: now,
        updated_at: now,
    };
    Ok((
        plan,
        Parts {
            recipients: recipients(id, reading),
            legal_bases: cited(id, reading),
            rules: rules(id, reading),
            clauses: clauses(id, reading),
            links: Vec::new(),
        },
    ))
}

/// The short names of a text that say what they stand for, each once.
fn aliases(reading: &Draft) -> PlanAliases {
    let mut kept: Vec<PlanAlias> = Vec::new();
    for alias in &reading.aliases {
        let (Some(short), Some(long)) = (cut(&alias.short, 60), alias.long.as_deref().and_then(line)) else { continue };
        if kept.iter().all(|other| other.short != short) && kept.len() < 100 {
            kept.push(PlanAlias { short, long: Some(long), clause: alias.clause.as_deref().and_then(|clause| cut(clause, 60)) });
        }
    }
    PlanAliases(kept)
}

fn recipients(plan_id: PlanId, reading: &Draft) -> Vec<Recipient> {
    let names = reading.recipients.iter().filter_map(|recipient| line(&recipient.name)).take(200);
    (1..).zip(names).map(|(no, name)| Recipient { plan_id, no, name, org_unit_id: None }).collect()
}

fn cited(plan_id: PlanId, reading: &Draft) -> Vec<LegalBasis> {
    let row = |(no, document): (i32, &official_text::draft::CitedDocument)| LegalBasis {
        plan_id,
        no,
        citation: document.printed.first().and_then(|printed| line(printed)).unwrap_or_default(),
        clause: document.clauses.first().and_then(|clause| line(clause)),
        issuer: document.issuer.as_deref().and_then(line),
        issued_on: document.issued_on,
        subject: document.subject.as_deref().and_then(|subject| cut(subject, 5000)),
        note: None,
        kind: Some(document.kind).filter(|kind| *kind != DocumentKind::Other),
        aliases: document.printed.iter().skip(1).filter_map(|printed| line(printed)).collect(),
    };
    (1..).zip(reading.documents.iter().take(200)).map(row).collect()
}

fn rules(plan_id: PlanId, reading: &Draft) -> Vec<Rule> {
    let row = |(no, rule): (i32, &official_text::rule::Rule)| Rule {
        plan_id,
        no,
        rule_id: rule.rule_id.clone(),
        kind: rule.kind,
        clause: cut(&rule.clause, 60).unwrap_or_default(),
        obligation: rule.obligation,
        statement: cut(&rule.statement, 5000).unwrap_or_default(),
        parameters: serde_json::to_value(&rule.parameters).unwrap_or_default(),
        also_in: rule.also_in.clone(),
        is_confirmed: false,
        confidence: rule.confidence,
    };
    (1..).zip(reading.rules.iter().take(200)).map(row).collect()
}

fn clauses(plan_id: PlanId, reading: &Draft) -> Vec<Clause> {
    let row = |(no, clause): (i32, &official_text::draft::Clause)| Clause {
        plan_id,
        no,
        reference: clause.reference.clone(),
        kind: clause.kind,
        marker: clause.marker.as_deref().and_then(|marker| cut(marker, 60)),
        heading: clause.heading.as_deref().and_then(|heading| cut(heading, 5000)),
        body: cut(&clause.text, 20_000).unwrap_or_default(),
        parent_reference: clause.parent_reference.clone(),
    };
    (1..).zip(reading.clauses.iter().take(2000)).map(row).collect()
}

fn line(text: &str) -> Option<String> {
    cut(text, 300)
}

/// At most so many characters of a text without control characters; none when nothing is left.
fn cut(text: &str, max: usize) -> Option<String> {
    let clean: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(max).collect();
    text::parse(&clean, max, true).ok()
}
