//! A file that has no name: what is sent goes through it, so that memory stays flat however large it is.

use crate::config::Config;
use crate::error::{AppError, ErrorCode, message};
use actix_web::web::{self, Bytes, BytesMut, Payload};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

/// Bytes that go to the disk at once.
const PIECE: usize = 1024 * 1024;
/// How much longer than other bodies a file of guests may take.
const PATIENCE: u32 = 30;

/// The file. It is gone when nobody holds it.
#[derive(Debug, Clone)]
pub struct Spool {
    /// To be read at any place, and written at its end.
    pub file: Arc<File>,
    /// Bytes in it.
    pub size: u64,
}

impl Spool {
    /// A new file in the data directory, which has its name taken away at once: a crash leaves nothing behind.
    pub fn create(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join("uploads");
        fs::create_dir_all(&folder)?;
        let path = folder.join(Uuid::now_v7().to_string());
        let file = File::options().read(true).write(true).create_new(true).open(&path)?;
        fs::remove_file(&path)?;
        Ok(Self { file: Arc::new(file), size: 0 })
    }

    /// So many bytes from a place, fewer at the end.
    pub fn read_at(&self, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let rest = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; most.min(rest)];
        self.file.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }
}

/// A body that was received.
#[derive(Debug)]
pub struct Received {
    /// Its bytes.
    pub spool: Spool,
    /// Their SHA-256.
    pub digest: [u8; 32],
}

/// Receives a body within its limit and its time.
pub async fn receive(mut payload: Payload, config: &Config, limit: usize) -> Result<Received, AppError> {
    let until = Instant::now() + config.body_timeout * PATIENCE;
    let data_dir = config.data_dir.clone();
    let Spool { file, .. } = blocking(move || Spool::create(&data_dir)).await?;
    let (mut hash, mut buffer, mut size) = (Sha256::new(), BytesMut::new(), 0_usize);
    loop {
        let next = tokio::time::timeout(config.body_timeout, timeout_at(until, payload.next())).await;
        let next = next.ok().and_then(Result::ok).ok_or_else(|| AppError::new(ErrorCode::RequestTimeout))?;
        let Some(chunk) = next else { break };
        let chunk = chunk.map_err(|_| AppError::new(ErrorCode::MalformedBody))?;
        size = size.saturating_add(chunk.len());
        if size > limit {
            return Err(AppError::new(ErrorCode::PayloadTooLarge)
                .because(message(format!("Nội dung không được quá {limit} byte."), format!("The body may have at most {limit} bytes."))));
        }
        buffer.extend_from_slice(&chunk);
        if buffer.len() >= PIECE {
            hash = write(&file, buffer.split().freeze(), hash).await?;
        }
    }
    hash = write(&file, buffer.freeze(), hash).await?;
    let size = u64::try_from(size).map_err(AppError::internal)?;
    Ok(Received { spool: Spool { file, size }, digest: hash.finalize().into() })
}

async fn write(file: &Arc<File>, bytes: Bytes, mut hash: Sha256) -> Result<Sha256, AppError> {
    let file = Arc::clone(file);
    blocking(move || {
        (&*file).write_all(&bytes)?;
        hash.update(&bytes);
        Ok(hash)
    })
    .await
}

/// Does what waits for the disk off the thread that serves.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, AppError> {
    web::block(work).await.map_err(AppError::internal)?.map_err(AppError::internal)
}
