//! Writes check-ins of one worker: what waits together is written together, and a lone one does not wait.

use super::model::{Operation, Verdict};
use super::queries;
use crate::db::Db;
use crate::error::AppError;
use actix_web::web::Data;
use futures_util::FutureExt;
use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use tokio::sync::oneshot;

/// Operations of one statement at the most.
const BATCH: usize = 256;
/// Deadlocks and serialization failures are run again this often.
const ATTEMPTS: usize = 3;

type Waiting = (Operation, oneshot::Sender<Result<Verdict, AppError>>);

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    is_running: bool,
}

/// The writer of one worker.
#[derive(Clone, Default)]
pub struct Writer {
    queue: Rc<RefCell<Queue>>,
}

impl Writer {
    /// Logs one operation and answers after the commit of the statement it was in.
    pub async fn log(&self, db: &Data<Db>, operation: Operation) -> Result<Verdict, AppError> {
        let (sender, receiver) = oneshot::channel();
        let must_start = {
            let mut queue = self.queue.borrow_mut();
            queue.waiting.push((operation, sender));
            !std::mem::replace(&mut queue.is_running, true)
        };
        if must_start {
            // A task of its own: a client that goes away stops neither its own write nor that of others.
            actix_web::rt::spawn(self.clone().run(db.clone()));
        }
        receiver.await.map_err(AppError::internal)?
    }

    async fn run(self, db: Data<Db>) {
        loop {
            let batch: Vec<Waiting> = {
                let mut queue = self.queue.borrow_mut();
                let take = queue.waiting.len().min(BATCH);
                if take == 0 {
                    queue.is_running = false;
                    return;
                }
                queue.waiting.drain(..take).collect()
            };
            let (operations, senders): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            // A panic ends this batch and not the writer: who comes next would wait for ever.
            let outcome = AssertUnwindSafe(write(&db, &operations)).catch_unwind().await;
            let verdicts = outcome
                .unwrap_or_else(|_| Err(AppError::internal("a write of check-ins panicked")))
                .unwrap_or_else(|error| senders.iter().map(|_| Err(error.clone())).collect());
            for (sender, verdict) in senders.into_iter().zip(verdicts) {
                // Nobody may be waiting any more; the operation is logged all the same.
                let _ = sender.send(verdict);
            }
        }
    }
}

/// One statement is one transaction: no BEGIN, one round trip.
async fn write(db: &Db, operations: &[Operation]) -> Result<Vec<Result<Verdict, AppError>>, AppError> {
    let mut attempt = 1;
    loop {
        let conn = db.checkout().await?;
        match queries::log_each(&conn, operations).await {
            Err(error) if error.is_conflict() && attempt < ATTEMPTS => attempt += 1,
            // An operation is named by its device and id: written twice, it counts once.
            Err(error) if error.is_database_away() && attempt < ATTEMPTS => {
                attempt += 1;
                drop(deadpool::managed::Object::take(conn));
            }
            outcome => return outcome,
        }
    }
}
