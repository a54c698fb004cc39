//! Reads that many callers ask for at once: who waits together is answered together.
//!
//! A caller that arrives while a read is under way waits for the next one, which begins after the caller
//! arrived: nobody is answered with figures older than the question. No timer, no cache, no stale total.

use crate::error::AppError;
use futures_util::FutureExt;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use tokio::sync::oneshot;

type Answer<V> = Result<Rc<V>, AppError>;
type Waiting<K, V> = HashMap<K, Vec<oneshot::Sender<Answer<V>>>>;

/// The reads under way in one worker: a key is present while its read runs.
pub struct GroupRead<K, V> {
    running: RefCell<Waiting<K, V>>,
}

impl<K, V> Default for GroupRead<K, V> {
    fn default() -> Self {
        Self { running: RefCell::default() }
    }
}

impl<K: Hash + Eq + Clone + 'static, V: 'static> GroupRead<K, V> {
    /// The value of a key, read after this call began.
    pub async fn get<R>(self: &Rc<Self>, key: K, read: impl Fn() -> R + 'static) -> Answer<V>
    where
        R: Future<Output = Result<V, AppError>> + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let is_first = match self.running.borrow_mut().entry(key.clone()) {
            std::collections::hash_map::Entry::Occupied(mut entry) => {
                entry.get_mut().push(sender);
                None
            }
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(Vec::new());
                Some(sender)
            }
        };
        if let Some(sender) = is_first {
            // A task of its own: others depend on it, whoever began it.
            actix_web::rt::spawn(Rc::clone(self).run(key, vec![sender], read));
        }
        receiver.await.map_err(AppError::internal)?
    }

    async fn run<R>(self: Rc<Self>, key: K, mut callers: Vec<oneshot::Sender<Answer<V>>>, read: impl Fn() -> R)
    where
        R: Future<Output = Result<V, AppError>>,
    {
        while !callers.is_empty() {
            let outcome = AssertUnwindSafe(read()).catch_unwind().await;
            let answer = outcome.unwrap_or_else(|_| Err(AppError::internal("a read panicked"))).map(Rc::new);
            for caller in callers.drain(..) {
                let _ = caller.send(answer.clone());
            }
            callers = self.running.borrow_mut().get_mut(&key).map(std::mem::take).unwrap_or_default();
            if callers.is_empty() {
                self.running.borrow_mut().remove(&key);
            }
        }
    }
}
