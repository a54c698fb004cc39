//! A file of guests is sent: looked at, kept, and left to the worker.

use super::chunk::event;
use super::columns::{self, Column};
use super::dto::{ParticipantImportNewQuery, ParticipantImportOut};
use super::model::{ImportFormat, ImportState, ParticipantImport};
use super::spool::{self, Received, Spool};
use super::{parts, queries, workbook};
use crate::attachments::dto::FileBytes;
use crate::auth::{Action, Scope};
use crate::call::Call;
use crate::campaigns;
use crate::config::Config;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::extract::{Query, RawBody, media_type};
use crate::ids::{ParticipantImportId, SiteId};
use crate::participants::rules::{self, Step};
use crate::reply::Reply;
use crate::sites;
use crate::sites::model::Site;
use actix_web::web::{self, Bytes, Data, Payload};
use actix_web::{HttpMessage, HttpRequest, post};

/// Bytes of a text at the most.
const TEXT_LIMIT: usize = 200 * 1024 * 1024;
/// Bytes of a workbook at the most.
const WORKBOOK_LIMIT: usize = 20 * 1024 * 1024;
/// A header is found within so many bytes.
const HEADER: usize = 64 * 1024;
/// What Excel writes before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Import guests of a site from a file
///
/// The file itself is the body, with its media type: NDJSON (`application/x-ndjson`), CSV (`text/csv`, UTF-8, `;` or `,` between the
/// fields) up to 200 MiB, or the first sheet of a workbook (XLSX) up to 20 MiB; a million rows at the most. Columns: `kind`, `category`, `full_name`,
/// `title`, `organisation`, `representative_name`, `age_band`, by these names or in Vietnamese (“Loại”, “Thành phần”, “Họ và tên”, “Chức vụ”,
/// “Đơn vị”, “Người đại diện”, “Độ tuổi”); “STT” is passed over. Codes or what documents call them. A blank field is none. A column that is unknown, stands
/// twice or is missing refuses the file (422). The answer comes when the file is kept; read `Location` to see how far it is.
/// A row is added as `POST /participants` does; one whose kind, name, body and post are on the list of the site already (case,
/// accents and signs do not count) is repeated and not added, so a file can be sent again. The site must still take guests when a row is
/// reached, else the import fails there. The change feed gets one change of the site for each stretch of rows
/// (`guests_listed`); `GET /participants?import_id=` lists the guests. The file is forgotten when the import ends.
#[utoipa::path(
    tag = "participant-imports",
    params(ParticipantImportNewQuery),
    request_body(content(
        (FileBytes = "application/x-ndjson"),
        (FileBytes = "text/csv"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses((status = 202, body = ParticipantImportOut))
)]
#[post("/participant-imports")]
pub async fn create_participant_import(
    call: Call,
    query: Query<ParticipantImportNewQuery>,
    request: HttpRequest,
    payload: Payload,
    config: Data<Config>,
) -> Result<Reply, AppError> {
    let scope = call.authorize(Action::ParticipantWrite)?;
    let ParticipantImportNewQuery { site_id, dry_run } = query.parse()?;
    let format = format_of(&media_type(&request))?;
    // Who cannot list guests there keeps no file here.
    call.read(async |conn| find(conn, &scope, site_id).await).await?;
    let limit = if format == ImportFormat::Xlsx { WORKBOOK_LIMIT } else { TEXT_LIMIT };
    let received = spool::receive(payload, &config, limit).await?;
    request.extensions_mut().insert(RawBody(Bytes::copy_from_slice(&received.digest)));
    let data_dir = config.data_dir.clone();
    let file = web::block(move || prepare(format, received, &data_dir)).await.map_err(AppError::internal)??;
    let me = call.clone();
    call.write(async move |conn| {
        let site = sites::queries::hold_still_reference(conn, &scope, site_id, "?site_id").await?;
        campaigns::queries::hold_open(conn, site.campaign_id).await?;
        rules::check_site(&site, Step::List)?;
        let import = new(&me, &site, format, dry_run == Some(true), &file)?;
        queries::insert(conn, &scope, &import).await?;
        parts::insert(conn, &import, &file.stored).await?;
        me.record(conn, event(&import)).await?;
        Reply::accepted("participant-imports", import.id, &ParticipantImportOut::new(import.clone(), Vec::new(), me.language()))
    })
    .await
}

fn format_of(media_type: &str) -> Result<ImportFormat, AppError> {
    match media_type {
        "application/x-ndjson" => Ok(ImportFormat::Ndjson),
        "text/csv" => Ok(ImportFormat::Csv),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Ok(ImportFormat::Xlsx),
        _ => Err(AppError::new(ErrorCode::UnsupportedMediaType)
            .because(message("Chỉ nhận tệp NDJSON, CSV hoặc XLSX.", "Send NDJSON, CSV or XLSX."))),
    }
}

async fn find(conn: &Conn, scope: &Scope, id: SiteId) -> Result<Site, AppError> {
    let found = sites::queries::find(conn, scope, id).await;
    found.map_err(|error| error.into_unknown_reference("?site_id"))
}

/// A file as it is kept, and where its rows begin.
struct File {
    stored: Spool,
    size: u64,
    digest: [u8; 32],
    delimiter: Option<char>,
    columns: Vec<Column>,
    position: u64,
    next_line: i32,
}

fn prepare(format: ImportFormat, received: Received, data_dir: &std::path::Path) -> Result<File, AppError> {
    let Received { spool, digest } = received;
    let size = spool.size;
    let file = File { stored: spool, size, digest, delimiter: None, columns: Vec::new(), position: 0, next_line: 1 };
    match format {
        ImportFormat::Xlsx => {
            let (columns, stored) = workbook::to_spool(&file.stored, Spool::create(data_dir).map_err(AppError::internal)?)?;
            check_filled(stored.size)?;
            Ok(File { stored, columns, delimiter: Some(','), ..file })
        }
        ImportFormat::Ndjson | ImportFormat::Csv => {
            let head = file.stored.read_at(0, HEADER).map_err(AppError::internal)?;
            let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head);
            let mark = if text.len() < head.len() { BYTE_ORDER_MARK.len() } else { 0 };
            check_filled(u64::try_from(text.trim_ascii().len()).unwrap_or(0))?;
            let mark = u64::try_from(mark).map_err(AppError::internal)?;
            if format == ImportFormat::Ndjson {
                return Ok(File { position: mark, ..file });
            }
            let header = header_of(text)?;
            let columns = columns::of_header(&header.names)?;
            let position = mark.saturating_add(header.bytes);
            check_filled(size.saturating_sub(position))?;
            Ok(File { delimiter: Some(char::from(header.delimiter)), columns, position, next_line: header.next_line, ..file })
        }
    }
}

fn check_filled(bytes: u64) -> Result<(), AppError> {
    if bytes > 0 {
        return Ok(());
    }
    Err(AppError::field(FieldError::new("", "empty", message("Tệp không có dòng nào.", "The file has no row."))))
}

struct Header {
    names: Vec<String>,
    delimiter: u8,
    bytes: u64,
    next_line: i32,
}

/// The first row, with the delimiter by which more of its fields are columns.
fn header_of(text: &[u8]) -> Result<Header, AppError> {
    let read = |delimiter: u8| -> Result<Header, AppError> {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text);
        let mut record = csv::StringRecord::new();
        let not_utf8 = |_| AppError::field(FieldError::new("", "not_utf8", message("Tệp không phải UTF-8.", "The file is not UTF-8.")));
        reader.read_record(&mut record).map_err(not_utf8)?;
        let mut names: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
        // Spreadsheets leave delimiters behind the last column.
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let (bytes, next_line) = (reader.position().byte(), i32::try_from(reader.position().line()).unwrap_or(i32::MAX));
        Ok(Header { names, delimiter, bytes, next_line })
    };
    let known = |header: &Header| header.names.iter().filter(|name| Column::named(name).is_some()).count();
    let (semicolon, comma) = (read(b';')?, read(b',')?);
    Ok(if known(&semicolon) > known(&comma) { semicolon } else { comma })
}

fn new(call: &Call, site: &Site, format: ImportFormat, is_dry_run: bool, file: &File) -> Result<ParticipantImport, AppError> {
    let number = |bytes: u64| i64::try_from(bytes).map_err(AppError::internal);
    Ok(ParticipantImport {
        campaign_id: site.campaign_id,
        id: ParticipantImportId::new(),
        site_id: site.id,
        org_unit_id: site.org_unit_id,
        format,
        is_dry_run,
        state: ImportState::Queued,
        size_bytes: number(file.size)?,
        checksum: file.digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        delimiter: file.delimiter.map(String::from),
        header: file.columns.iter().map(|column| column.as_str().to_owned()).collect(),
        stored_bytes: number(file.stored.size)?,
        position_bytes: number(file.position)?,
        next_line: file.next_line,
        read_count: 0,
        added_count: 0,
        repeated_count: 0,
        refused_count: 0,
        categories: Vec::new(),
        error_code: None,
        error_vi: None,
        error_en: None,
        created_by: call.actor().id,
        version: 1,
        created_at: call.now(),
        updated_at: call.now(),
        started_at: None,
        finished_at: None,
    })
}
