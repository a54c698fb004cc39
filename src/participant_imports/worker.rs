//! Works imports off, one at a time, on every instance of the service: whoever takes one over keeps it with each stretch, and
//! another one goes on where it stood when that ends.

use super::chunk::{self, Place, Progress, Read};
use super::columns::Column;
use super::format::{self, Stretch, Table, Window};
use super::model::{ImportFormat, ImportState, ParticipantImport};
use super::{parts, queries};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::{AppError, message};
use crate::events;
use crate::ids::{CampaignId, ParticipantImportId};
use chrono::Utc;
use std::time::Duration;
use uuid::Uuid;

/// How often the service looks for work.
const PAUSE: Duration = Duration::from_secs(1);
/// Attempts at one stretch; then the import has failed.
const ATTEMPTS: i32 = 5;

/// How large a stretch is, and how long a worker that says nothing keeps its import.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Pace {
    pub rows: usize,
    pub bytes: usize,
    pub lease: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { rows: 2500, bytes: 512 * 1024, lease: Duration::from_secs(60) }
    }
}

/// An import that a worker has taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Claim {
    pub campaign_id: CampaignId,
    pub id: ParticipantImportId,
    pub token: Uuid,
}

/// A worker.
pub struct Worker {
    db: Db,
    clock: Clock,
    pace: Pace,
}

/// Starts a worker on the current runtime.
pub fn start(database_url: String, clock: Clock) -> actix_web::rt::task::JoinHandle<()> {
    actix_web::rt::spawn(async move {
        let worker = match Worker::new(&database_url, clock, Pace::default()) {
            Ok(worker) => worker,
            Err(error) => return log::error!(error = error.to_string().as_str(); "files of guests are not worked off"),
        };
        loop {
            if let Err(error) = worker.run_until_idle().await {
                // The database may be away for a while. The import is taken over again when its lease ends.
                log::warn!(error = error.to_string().as_str(); "the import of guests is put off");
            }
            tokio::time::sleep(PAUSE).await;
        }
    })
}

impl Worker {
    /// A worker with connections of its own.
    pub fn new(database_url: &str, clock: Clock, pace: Pace) -> Result<Self, AppError> {
        Ok(Self { db: Db::new(database_url)?, clock, pace })
    }

    /// Works off all that waits. Gives how many imports ended.
    pub async fn run_until_idle(&self) -> Result<usize, AppError> {
        let mut ended = 0;
        while let Some(claim) = self.claim().await? {
            ended += usize::from(self.work_off(&claim).await? == Progress::Over);
        }
        Ok(ended)
    }

    /// Works off what is left of an import. While the database writes one stretch, the next one is read.
    async fn work_off(&self, claim: &Claim) -> Result<Progress, AppError> {
        let mut next = self.read(claim, None).await?;
        while let Some(read) = next {
            let ahead = async {
                match read.behind {
                    Some(place) => self.read(claim, Some(place)).await,
                    None => Ok(None),
                }
            };
            let (progress, ahead) = tokio::join!(self.write(claim, &read), ahead);
            match progress? {
                Progress::More => next = ahead?,
                ended => return Ok(ended),
            }
        }
        Ok(Progress::Lost)
    }

    /// Takes over the import that has waited longest, if one waits.
    pub async fn claim(&self) -> Result<Option<Claim>, AppError> {
        let (now, until) = (self.clock.now(), self.lease());
        self.db
            .transaction(async |conn| {
                loop {
                    let Some((mut import, attempts)) = queries::lock_waiting(conn, Utc::now()).await? else { return Ok(None) };
                    if attempts >= ATTEMPTS {
                        let text =
                            message("Tệp không xử lý được; hãy báo quản trị.", "The file could not be worked off; tell the administrator.");
                        chunk::fail(conn, import, "internal", &text, now).await?;
                        continue;
                    }
                    let claim = Claim { campaign_id: import.campaign_id, id: import.id, token: Uuid::now_v7() };
                    let is_new = import.state == ImportState::Queued;
                    if is_new {
                        import.state = ImportState::Running;
                        import.version += 1;
                        import.started_at = Some(now);
                        import.updated_at = now;
                    }
                    queries::take(conn, &claim, &import, until).await?;
                    if is_new {
                        events::queries::insert(conn, chunk::event(&import), import.created_by, now).await?;
                    }
                    return Ok(Some(claim));
                }
            })
            .await
    }

    /// Works off the next stretch of an import.
    pub async fn step(&self, claim: &Claim) -> Result<Progress, AppError> {
        match self.read(claim, None).await? {
            Some(read) => self.write(claim, &read).await,
            None => Ok(Progress::Lost),
        }
    }

    /// Reads a stretch from where the import stands, or from a place that it will reach; none when it was lost.
    async fn read(&self, claim: &Claim, from: Option<Place>) -> Result<Option<Read>, AppError> {
        let read = self.db.read_long(async |conn| {
            let Some(mut import) = queries::find_claimed(conn, claim).await? else { return Ok(None) };
            if let Some(Place { position, line }) = from {
                (import.position_bytes, import.next_line) = (position, line);
            }
            let bytes = parts::window(conn, &import, self.pace.bytes).await?;
            Ok(Some((import, bytes)))
        });
        let Some((import, bytes)) = read.await? else { return Ok(None) };
        let rows = self.pace.rows;
        let read = actix_web::rt::task::spawn_blocking(move || read_stretch(&import, &bytes, rows)).await.map_err(AppError::internal)?;
        Ok(Some(read))
    }

    /// Writes all that comes of a stretch, in one transaction.
    async fn write(&self, claim: &Claim, read: &Read) -> Result<Progress, AppError> {
        let until = self.lease();
        self.db.transaction(async |conn| chunk::write(conn, claim, read, &self.clock, until).await).await
    }

    fn lease(&self) -> chrono::DateTime<Utc> {
        Utc::now() + self.pace.lease
    }
}

fn read_stretch(import: &ParticipantImport, bytes: &[u8], most: usize) -> Read {
    let position = import.position_bytes;
    let behind = i64::try_from(bytes.len()).map_or(i64::MAX, |length| position.saturating_add(length));
    let window = Window { bytes, is_last: behind >= import.stored_bytes, first_line: import.next_line, most };
    let columns: Vec<Column> =
        import.header.iter().filter_map(|code| Column::ALL.iter().copied().find(|column| column.as_str() == code)).collect();
    let delimiter = import.delimiter.as_deref().and_then(|text| text.bytes().next()).unwrap_or(b',');
    let found: Result<Stretch, _> = match import.format {
        ImportFormat::Ndjson => format::ndjson(window),
        ImportFormat::Csv => format::csv(window, Table { delimiter, columns: &columns, has_lines: false }),
        ImportFormat::Xlsx => format::csv(window, Table { delimiter, columns: &columns, has_lines: true }),
    };
    let behind = found.as_ref().ok().and_then(|stretch| {
        let position = position.saturating_add(i64::try_from(stretch.consumed).ok()?);
        (position < import.stored_bytes).then_some(Place { position, line: stretch.next_line })
    });
    Read { position, found, behind }
}
