//! The store of the bytes: a directory or a bucket, each object under the checksum of its bytes.

use super::files;
use super::settings::{Attachments, Place};
use crate::error::{AppError, ErrorCode};
use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutPayload};
use std::sync::Arc;

/// The store.
#[derive(Debug, Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl Store {
    /// Opens the store that the settings name; a directory is made.
    pub fn open(settings: &Attachments) -> Result<Self, String> {
        match &settings.place {
            Place::Directory(directory) => {
                let bad = |error: &dyn std::fmt::Display| format!("attachments cannot be kept in {}: {error}", directory.display());
                std::fs::create_dir_all(directory).map_err(|error| bad(&error))?;
                let objects = LocalFileSystem::new_with_prefix(directory).map_err(|error| bad(&error))?.with_fsync(true);
                Ok(Self { objects: Arc::new(objects), prefix: Path::default() })
            }
            Place::Bucket { store, prefix } => Ok(Self { objects: Arc::new(store.clone()), prefix: prefix.clone() }),
        }
    }

    /// Two letters of the checksum part the objects into folders, none of which grows large.
    fn path(&self, checksum: &str) -> Path {
        let folder = checksum.get(..2).unwrap_or_default();
        self.prefix.clone().join(folder).join(checksum)
    }

    /// Keeps some bytes under their checksum, whether or not they are there: so a damaged object is healed, and one that
    /// is about to be swept is new again.
    pub async fn put(&self, checksum: &str, bytes: Bytes) -> Result<(), AppError> {
        self.objects.put(&self.path(checksum), PutPayload::from(bytes)).await.map_err(|error| away(&error))?;
        Ok(())
    }

    /// Whether an object is there.
    pub async fn has(&self, checksum: &str) -> Result<bool, AppError> {
        match self.objects.head(&self.path(checksum)).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(away(&error)),
        }
    }

    /// The bytes of a checksum, and no others: 500 `attachment_damaged` when they are lost or are not what they were.
    pub async fn get(&self, checksum: &str) -> Result<Bytes, AppError> {
        let found = match self.objects.get(&self.path(checksum)).await {
            Ok(found) => found.bytes().await.map_err(|error| away(&error))?,
            Err(Error::NotFound { .. }) => return Err(damaged(checksum, "the object is not in the store")),
            Err(error) => return Err(away(&error)),
        };
        let (bytes, is_whole) = {
            let (bytes, checksum) = (found.clone(), checksum.to_owned());
            let is_whole = actix_web::web::block(move || files::checksum(&bytes) == checksum).await.map_err(AppError::internal)?;
            (found, is_whole)
        };
        if is_whole { Ok(bytes) } else { Err(damaged(checksum, "the object has another checksum")) }
    }

    /// When an object was last written; none when it is not there.
    pub async fn written_at(&self, checksum: &str) -> Result<Option<DateTime<Utc>>, AppError> {
        match self.objects.head(&self.path(checksum)).await {
            Ok(meta) => Ok(Some(meta.last_modified)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(away(&error)),
        }
    }

    /// Takes an object away.
    pub async fn delete(&self, checksum: &str) -> Result<(), AppError> {
        match self.objects.delete(&self.path(checksum)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(&error)),
        }
    }

    /// The checksums of the objects written before an instant. What is not named like one of ours is left alone.
    pub async fn written_before(&self, instant: DateTime<Utc>) -> Result<Vec<String>, AppError> {
        let listed = self.objects.list(Some(&self.prefix));
        let old = listed.try_filter_map(async |meta| {
            let name = meta.location.filename().filter(|name| is_checksum(name)).map(str::to_owned);
            Ok(name.filter(|_| meta.last_modified < instant))
        });
        old.boxed().try_collect().await.map_err(|error| away(&error))
    }
}

fn is_checksum(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn away(error: &Error) -> AppError {
    log::warn!(error = error.to_string().as_str(); "the store of attachments does not answer");
    AppError::new(ErrorCode::StorageUnavailable).retry_after(5)
}

fn damaged(checksum: &str, what: &str) -> AppError {
    log::error!(checksum = checksum, error = what; "an attachment is lost: restore its object from a backup");
    AppError::new(ErrorCode::AttachmentDamaged)
}
