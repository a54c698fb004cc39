//! SQL of the bytes of a file, in parts: any stretch of it is read without the rest.

use super::model::ParticipantImport;
use super::spool::{Spool, blocking};
use crate::db::Conn;
use crate::error::AppError;
use crate::schema::{participant_import_keys, participant_import_parts};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

/// Bytes of a part.
const PART: usize = 128 * 1024;
/// Parts that are written at once.
const AT_ONCE: usize = 8;

/// Keeps the bytes of a file, some at a time.
pub async fn insert(mut conn: &Conn, import: &ParticipantImport, spool: &Spool) -> Result<(), AppError> {
    let (mut offset, mut no) = (0, 0);
    while offset < spool.size {
        let source = spool.clone();
        let bytes = blocking(move || source.read_at(offset, PART * AT_ONCE)).await?;
        offset = offset.saturating_add(u64::try_from(bytes.len()).map_err(AppError::internal)?);
        let rows: Vec<_> = (no..)
            .zip(bytes.chunks(PART))
            .map(|(no, part)| {
                (
                    participant_import_parts::campaign_id.eq(import.campaign_id),
                    participant_import_parts::import_id.eq(import.id),
                    participant_import_parts::no.eq(no),
                    participant_import_parts::bytes.eq(part),
                )
            })
            .collect();
        no += i32::try_from(rows.len()).map_err(AppError::internal)?;
        diesel::insert_into(participant_import_parts::table).values(rows).execute(&mut conn).await?;
    }
    Ok(())
}

/// So many bytes from where an import stands, fewer at the end.
pub async fn window(mut conn: &Conn, import: &ParticipantImport, most: usize) -> Result<Vec<u8>, AppError> {
    let position = usize::try_from(import.position_bytes).map_err(AppError::internal)?;
    let number = |byte: usize| i32::try_from(byte / PART).map_err(AppError::internal);
    let parts: Vec<Vec<u8>> = participant_import_parts::table
        .filter(participant_import_parts::campaign_id.eq(import.campaign_id))
        .filter(participant_import_parts::import_id.eq(import.id))
        .filter(participant_import_parts::no.between(number(position)?, number(position.saturating_add(most))?))
        .order(participant_import_parts::no)
        .select(participant_import_parts::bytes)
        .load(&mut conn)
        .await?;
    let mut bytes = parts.concat();
    bytes.drain(..(position % PART).min(bytes.len()));
    bytes.truncate(most);
    Ok(bytes)
}

/// Forgets what was only needed to work: the file, and whom a dry run met.
pub async fn delete(mut conn: &Conn, import: &ParticipantImport) -> Result<(), AppError> {
    let parts = participant_import_parts::table
        .filter(participant_import_parts::campaign_id.eq(import.campaign_id))
        .filter(participant_import_parts::import_id.eq(import.id));
    diesel::delete(parts).execute(&mut conn).await?;
    let keys = participant_import_keys::table
        .filter(participant_import_keys::campaign_id.eq(import.campaign_id))
        .filter(participant_import_keys::import_id.eq(import.id));
    diesel::delete(keys).execute(&mut conn).await?;
    Ok(())
}
