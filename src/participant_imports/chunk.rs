//! One stretch of a file in one transaction: its guests, the counters, the feed, the verdicts, and how far the import is.

use super::format::{FileFault, Stretch};
use super::model::{ImportRow, ImportState, ParticipantImport, RowProblem, RowVerdict};
use super::rows::{Guest, Row};
use super::worker::Claim;
use super::{parts, queries};
use crate::auth::Scope;
use crate::campaigns;
use crate::clock::Clock;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError, Language, Message, message};
use crate::events::{self, Event};
use crate::ids::{ParticipantId, ParticipantImportRowId};
use crate::participants;
use crate::participants::rules::{self, Step, Tally};
use crate::sites;
use crate::sites::model::Site;
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::BTreeSet;
use std::collections::HashMap;
use uuid::Uuid;

/// What came of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There is more to do.
    More,
    /// The import is over.
    Over,
    /// Somebody else works on it, or it was cancelled: nothing was written.
    Lost,
}

/// Rows of a file at the most.
const MOST_ROWS: i32 = 1_000_000;

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Bytes before it.
    pub position: i64,
    /// Line that begins there.
    pub line: i32,
}

/// What was read of an import, from where it stood.
#[derive(Debug)]
pub struct Read {
    /// Where it stood.
    pub position: i64,
    /// Where it goes on; none at the end, and when it cannot be read on.
    pub behind: Option<Place>,
    /// What the bytes say.
    pub found: Result<Stretch, FileFault>,
}

/// Writes a stretch. Locks in this order: import, site, campaign, list of the site, counters.
pub async fn write(conn: &Conn, claim: &Claim, read: &Read, clock: &Clock, until: DateTime<Utc>) -> Result<Progress, AppError> {
    let now = clock.now();
    let Some(mut import) = queries::lock_claimed(conn, claim).await? else { return Ok(Progress::Lost) };
    if import.position_bytes != read.position {
        return Ok(Progress::Lost);
    }
    import.updated_at = now;
    let stretch = match &read.found {
        Ok(stretch) => stretch,
        Err(fault) => return fail(conn, import, fault.code, &fault.message, now).await,
    };
    if i32::try_from(stretch.rows.len()).map_or(i32::MAX, |rows| import.read_count.saturating_add(rows)) > MOST_ROWS {
        let text = message(format!("Tệp có hơn {MOST_ROWS} dòng."), format!("The file has more than {MOST_ROWS} rows."));
        return fail(conn, import, "too_many_rows", &text, now).await;
    }
    let scope = Scope::system("a file of guests that was authorized when it was sent");
    let site = match may_list(conn, &import).await {
        Ok(site) => site,
        // What refuses one guest refuses them all: the site was held, the campaign closed.
        Err(error) if error.code == ErrorCode::InvalidTransition => {
            let text = error.detail.clone().unwrap_or_else(|| error.code.title());
            return fail(conn, import, error.code.code(), &text, now).await;
        }
        Err(error) => return Err(error),
    };
    let sorted = sort(&import, stretch, &known(conn, &import, &stretch.rows).await?)?;
    add(conn, &scope, &import, &site, &sorted, now).await?;
    queries::insert_rows(conn, &sorted.verdicts).await?;
    count(&mut import, stretch, &sorted)?;
    if import.position_bytes < import.stored_bytes {
        queries::save(conn, &import, Some(until)).await?;
        return Ok(Progress::More);
    }
    import.state = ImportState::Done;
    let actor = import.created_by;
    finish(conn, import, actor, clock.now()).await
}

/// The site of an import, held as it is, if guests may be listed there now.
async fn may_list(conn: &Conn, import: &ParticipantImport) -> Result<Site, AppError> {
    let site = sites::queries::hold(conn, (import.campaign_id, import.site_id)).await?;
    campaigns::queries::hold_open(conn, site.campaign_id).await?;
    rules::check_site(&site, Step::List)?;
    queries::lock_list(conn, &site).await?;
    Ok(site)
}

type Known = HashMap<Uuid, Option<ParticipantId>>;

async fn known(conn: &Conn, import: &ParticipantImport, rows: &[Row]) -> Result<Known, AppError> {
    let guests: Vec<&Guest> = rows.iter().filter_map(|row| row.guest.as_ref().ok()).collect();
    queries::known(conn, import, &guests).await
}

/// Rows by what becomes of them.
struct Sorted<'s> {
    added: Vec<(ParticipantId, &'s Guest)>,
    verdicts: Vec<ImportRow>,
    repeated: i32,
    refused: i32,
}

fn sort<'s>(import: &ParticipantImport, stretch: &'s Stretch, known: &Known) -> Result<Sorted<'s>, AppError> {
    let mut sorted = Sorted { added: Vec::new(), verdicts: Vec::new(), repeated: 0, refused: 0 };
    let mut met: Known = known.clone();
    for Row { line, guest } in &stretch.rows {
        let verdict = |verdict, participant_id, problems: Vec<RowProblem>| -> Result<ImportRow, AppError> {
            let problems = serde_json::to_value(problems).map_err(AppError::internal)?;
            let (campaign_id, import_id) = (import.campaign_id, import.id);
            Ok(ImportRow { campaign_id, id: ParticipantImportRowId::new(), import_id, line: *line, verdict, participant_id, problems })
        };
        match guest {
            Err(wrong) => {
                sorted.refused += 1;
                sorted.verdicts.push(verdict(RowVerdict::Refused, None, wrong.iter().map(problem).collect())?);
            }
            Ok(guest) => match met.get(&guest.identity) {
                Some(id) => {
                    sorted.repeated += 1;
                    sorted.verdicts.push(verdict(RowVerdict::Repeated, *id, vec![problem(&repeated())])?);
                }
                None => {
                    let id = ParticipantId::new();
                    met.insert(guest.identity, (!import.is_dry_run).then_some(id));
                    sorted.added.push((id, guest));
                }
            },
        }
    }
    Ok(sorted)
}

fn repeated() -> FieldError {
    let text = message("Khách đã có trong danh sách của địa bàn.", "The guest is on the list of the site already.");
    FieldError::new("/full_name", "repeated", text)
}

fn problem(error: &FieldError) -> RowProblem {
    RowProblem {
        pointer: error.pointer.clone(),
        code: error.code.clone().into_owned(),
        vi: error.message.in_language(Language::Vi),
        en: error.message.in_language(Language::En),
    }
}

/// Lists those who are new, counts them, and tells the feed of all of them at once: a mirror gets them by `import_id`.
async fn add(
    conn: &Conn,
    scope: &Scope,
    import: &ParticipantImport,
    site: &Site,
    sorted: &Sorted<'_>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    if sorted.added.is_empty() {
        return Ok(());
    }
    if import.is_dry_run {
        return queries::insert_keys(conn, import, &sorted.added).await;
    }
    queries::insert_guests(conn, import, &sorted.added, now).await?;
    let listed = i32::try_from(sorted.added.len()).map_err(AppError::internal)?;
    let key = (site.campaign_id, site.id);
    participants::queries::add_to_counters(conn, scope, key, Tally { listed, ..Tally::default() }).await?;
    let told = Event {
        campaign_id: Some(site.campaign_id),
        org_unit_id: site.org_unit_id,
        resource: "site",
        resource_id: site.id.into(),
        version: site.version,
        action: "guests_listed",
        data: json!({"import_id": import.id, "listed_count": listed}),
    };
    events::queries::insert(conn, told, import.created_by, now).await
}

fn count(import: &mut ParticipantImport, stretch: &Stretch, sorted: &Sorted<'_>) -> Result<(), AppError> {
    import.added_count += i32::try_from(sorted.added.len()).map_err(AppError::internal)?;
    import.repeated_count += sorted.repeated;
    import.refused_count += sorted.refused;
    import.read_count += i32::try_from(stretch.rows.len()).map_err(AppError::internal)?;
    import.position_bytes += i64::try_from(stretch.consumed).map_err(AppError::internal)?;
    import.next_line = stretch.next_line;
    let categories: BTreeSet<&str> =
        import.categories.iter().map(String::as_str).chain(sorted.added.iter().map(|(_, guest)| guest.category.as_str())).collect();
    import.categories = categories.into_iter().map(str::to_owned).collect();
    Ok(())
}

/// Ends an import as failed; what was added before stays.
pub async fn fail(
    conn: &Conn,
    mut import: ParticipantImport,
    code: &str,
    text: &Message,
    now: DateTime<Utc>,
) -> Result<Progress, AppError> {
    import.state = ImportState::Failed;
    import.error_code = Some(code.to_owned());
    import.error_vi = Some(text.in_language(Language::Vi));
    import.error_en = Some(text.in_language(Language::En));
    let actor = import.created_by;
    finish(conn, import, actor, now).await
}

/// Ends a locked import in the state it has, forgets its file, and tells the feed.
pub async fn finish(conn: &Conn, mut import: ParticipantImport, actor: Uuid, now: DateTime<Utc>) -> Result<Progress, AppError> {
    import.version += 1;
    import.updated_at = now;
    import.finished_at = Some(now);
    queries::save(conn, &import, None).await?;
    parts::delete(conn, &import).await?;
    events::queries::insert(conn, event(&import), actor, now).await?;
    Ok(Progress::Over)
}

/// What the feed says of an import: figures, no names.
pub fn event(import: &ParticipantImport) -> Event<'static> {
    Event {
        campaign_id: Some(import.campaign_id),
        org_unit_id: import.org_unit_id,
        resource: "participant_import",
        resource_id: import.id.into(),
        version: import.version,
        action: import.state.as_str(),
        data: json!({
            "to": import.state, "site_id": import.site_id, "is_dry_run": import.is_dry_run, "read_count": import.read_count,
            "added_count": import.added_count, "repeated_count": import.repeated_count, "refused_count": import.refused_count,
        }),
    }
}
