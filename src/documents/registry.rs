//! How documents come into the registry, and how citations find them.

use super::handlers::event;
use super::matching::{Candidate, Evidence, Verdict, decide};
use super::model::{Alias, Citation, CitationLink, Document, DocumentState};
use super::{queries, rules};
use crate::auth::{self, Scope};
use crate::db::{Conn, Db};
use crate::error::AppError;
use crate::events;
use crate::ids::{CitationId, DocumentId, OrgUnitId};
use crate::official_text::draft::DocumentKind;
use crate::official_text::identity::{Identity, citation_key, kind_of_symbol};
use crate::plans;
use crate::plans::model::{LegalBasis, Plan};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A document of which nothing is known but its number and who enters it.
pub fn blank(org_unit_id: OrgUnitId, kind: DocumentKind, document_number: String, now: DateTime<Utc>) -> Document {
    Document {
        id: DocumentId::new(),
        org_unit_id,
        plan_id: None,
        kind,
        document_number,
        number: None,
        symbol: None,
        year: None,
        citation_key: String::new(),
        issuer: None,
        issuer_key: String::new(),
        issuer_org_unit_id: None,
        issued_on: None,
        effective_from: None,
        effective_to: None,
        subject: None,
        state: DocumentState::InForce,
        replaced_by: None,
        note: None,
        conflicts: Vec::new(),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// The documents of the registry that some citations may mean; more are added as they are entered.
pub struct Known(Vec<(String, Candidate)>);

impl Known {
    /// Reads those that the caller can read under some numbers.
    pub async fn read(conn: &Conn, scope: &Scope, printed: impl IntoIterator<Item = &str>) -> Result<Self, AppError> {
        let keys: Vec<String> = printed.into_iter().map(citation_key).collect();
        Ok(Self(queries::candidates(conn, scope, &keys).await?))
    }

    /// Which of them a citation means that stands in a document.
    pub fn meant(&self, citing: DocumentId, printed: &[&str], evidence: &Evidence) -> Verdict {
        let keys: Vec<String> = printed.iter().map(|printed| citation_key(printed)).collect();
        let mut fitting: Vec<Candidate> = Vec::new();
        for (_, candidate) in self.0.iter().filter(|(key, candidate)| keys.contains(key) && candidate.id != citing) {
            if !fitting.iter().any(|known| known.id == candidate.id) {
                fitting.push(candidate.clone());
            }
        }
        decide(&fitting, evidence)
    }

    fn add(&mut self, document: &Document, aliases: &[Alias]) {
        let Document { id, plan_id, issuer_key, issued_on, .. } = document.clone();
        let candidate = Candidate { id, plan_id, issuer_key, issued_on };
        let keys = std::iter::once(&document.citation_key).chain(aliases.iter().map(|alias| &alias.citation_key));
        self.0.extend(keys.map(|key| (key.clone(), candidate.clone())));
    }
}

/// The link of a verdict.
pub fn link(verdict: Verdict) -> (Option<DocumentId>, CitationLink) {
    match verdict {
        Verdict::One(id) => (Some(id), CitationLink::Linked),
        Verdict::Unsure => (None, CitationLink::Ambiguous),
        Verdict::New => (None, CitationLink::Unregistered),
    }
}

/// Enters an issued plan, and each document that it cites and that is not there yet; links those that are there and sure
/// to be meant. Gives what was entered: nothing when the plan is there already.
pub async fn register(conn: &Conn, scope: &Scope, plan: &Plan, now: DateTime<Utc>) -> Result<Vec<Document>, AppError> {
    queries::lock_registry(conn).await?;
    if queries::of_plan(conn, plan.id).await?.is_some() {
        return Ok(Vec::new());
    }
    let bases = plans::queries::legal_bases(conn, plan.id).await?;
    let own = of_plan(plan, queries::unit_name(conn, plan.org_unit_id).await?, now);
    queries::insert(conn, scope, &own, &[], None).await?;
    let issuers: Vec<String> = bases.iter().filter_map(|basis| basis.issuer.clone()).collect();
    let units = queries::units_named(conn, scope, &issuers).await?;
    let mut known = Known::read(conn, scope, bases.iter().flat_map(printed)).await?;
    let (mut entered, mut citations) = (vec![own.clone()], Vec::new());
    for basis in &bases {
        let evidence = Evidence::new(basis.issuer.as_deref(), basis.issued_on, plan.parent_plan_id);
        let mut verdict = known.meant(own.id, &printed(basis).collect::<Vec<_>>(), &evidence);
        if verdict == Verdict::New {
            let (cited, aliases) = of_basis(basis, plan.org_unit_id, &units, now);
            queries::insert(conn, scope, &cited, &aliases, None).await?;
            known.add(&cited, &aliases);
            verdict = Verdict::One(cited.id);
            entered.push(cited);
        }
        citations.push(citation(own.id, basis, verdict));
    }
    queries::replace_citations(conn, scope, own.id, &citations).await?;
    Ok(entered)
}

/// The plan that a plan amends is replaced by it, in the registry too. Both are there; gives the one that was replaced.
pub async fn replace(conn: &Conn, scope: &Scope, plan: &Plan, now: DateTime<Utc>) -> Result<Option<Document>, AppError> {
    let Some(amended) = plan.amends_plan_id else { return Ok(None) };
    let (old, new) = (queries::of_plan(conn, amended).await?, queries::of_plan(conn, plan.id).await?);
    let (Some(old), Some(new)) = (old, new) else { return Ok(None) };
    let mut document = queries::lock(conn, scope, old).await?;
    document.state = DocumentState::Replaced;
    document.replaced_by = Some(new);
    let aliases = queries::aliases_of(conn, &[old]).await?;
    queries::save(conn, scope, document, &aliases, now).await.map(Some)
}

/// Enters the plans in force that are not in the registry: those that were issued before there was one. Gives how many.
pub async fn register_missing(db: &Db, now: DateTime<Utc>) -> Result<usize, AppError> {
    let missing = db.read_long(async |conn| queries::plans_missing(conn).await).await?;
    for plan in &missing {
        db.transaction(async |conn| {
            let province = auth::queries::province_of(conn, plan.org_unit_id).await?;
            let scope = Scope::system_within("a plan issued before there was a registry", &province);
            for entered in register(conn, &scope, plan, now).await? {
                // Done by the service, and so by no account.
                events::queries::insert(conn, event(&entered, "created"), Uuid::nil(), now).await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(missing.len())
}

fn printed(basis: &LegalBasis) -> impl Iterator<Item = &str> {
    std::iter::once(basis.citation.as_str()).chain(basis.aliases.iter().map(String::as_str))
}

fn of_plan(plan: &Plan, issuer: String, now: DateTime<Utc>) -> Document {
    let printed = plans::rules::document_number(plan).unwrap_or_else(|| plan.symbol.clone());
    let mut document = Document {
        plan_id: Some(plan.id),
        issuer: Some(issuer),
        issuer_org_unit_id: Some(plan.org_unit_id),
        issued_on: plan.issued_on,
        subject: Some(plan.title.clone()),
        ..blank(plan.org_unit_id, DocumentKind::Plan, printed, now)
    };
    rules::derive(&mut document, &[]);
    document
}

fn of_basis(basis: &LegalBasis, org_unit_id: OrgUnitId, units: &[(String, OrgUnitId)], now: DateTime<Utc>) -> (Document, Vec<Alias>) {
    let by_symbol = Identity::of(&basis.citation).and_then(|identity| kind_of_symbol(&identity.symbol));
    let kind = basis.kind.or(by_symbol).unwrap_or(DocumentKind::Other);
    let issuer_unit = units.iter().find(|(name, _)| Some(name) == basis.issuer.as_ref()).map(|(_, unit)| *unit);
    let mut document = Document {
        issuer: basis.issuer.clone(),
        issuer_org_unit_id: issuer_unit,
        issued_on: basis.issued_on,
        subject: basis.subject.clone(),
        note: basis.note.clone(),
        ..blank(org_unit_id, kind, basis.citation.clone(), now)
    };
    let aliases = rules::aliases(&Document { citation_key: citation_key(&basis.citation), ..document.clone() }, basis.aliases.clone());
    rules::derive(&mut document, &aliases);
    (document, aliases)
}

fn citation(document_id: DocumentId, basis: &LegalBasis, verdict: Verdict) -> Citation {
    let LegalBasis { plan_id: _, no, citation, clause, issuer, issued_on, subject, note, kind: _, aliases: _ } = basis.clone();
    let (cited_document_id, link) = link(verdict);
    let citation_key = citation_key(&citation);
    Citation {
        id: CitationId::new(),
        document_id,
        no,
        cited_document_id,
        link,
        citation,
        citation_key,
        clause,
        issuer,
        issued_on,
        subject,
        note,
    }
}
