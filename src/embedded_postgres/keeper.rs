//! Keeps the server's process: starts it, starts it again when it ends by itself, stops it.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::EmbeddedPostgresError;

/// Builds the server's command anew for each start.
pub(super) type MakeCommand = Box<dyn Fn() -> Result<Command, EmbeddedPostgresError> + Send>;

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long each kind of shutdown may take before the next, ruder one.
const SHUTDOWN: [(Signal, Duration); 3] =
    [(Signal::SIGINT, Duration::from_secs(10)), (Signal::SIGQUIT, Duration::from_secs(6)), (Signal::SIGKILL, Duration::from_secs(1))];

/// The owner of the server's process. Its thread lives as long as the process, which is tied to it.
#[derive(Debug)]
pub(super) struct Keeper {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    pid: Option<i32>,
    is_restarting: bool,
    is_stopping: bool,
}

impl Shared {
    fn keep(&self, make: &MakeCommand, first_start: &Sender<Result<(), EmbeddedPostgresError>>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let began_at = Instant::now();
            match self.spawn(make) {
                Ok(None) => return,
                Ok(Some(child)) => {
                    // Nobody listens any more after the first start.
                    let _ = first_start.send(Ok(()));
                    self.wait_for(child);
                }
                Err(error) => {
                    log::error!("PostgreSQL cannot be started: {error}");
                    let _ = first_start.send(Err(error));
                }
            }
            if !self.state().is_restarting {
                return;
            }
            pause = if began_at.elapsed() > LONGEST_PAUSE { FIRST_PAUSE } else { pause * 2 };
            pause = pause.min(LONGEST_PAUSE);
            if self.wait(pause, |state| state.is_stopping) {
                return;
            }
            log::warn!("PostgreSQL ended by itself; starting it again");
        }
    }

    /// Starts the server unless it is to be stopped; under the lock, so that no stop misses it.
    fn spawn(&self, make: &MakeCommand) -> Result<Option<Child>, EmbeddedPostgresError> {
        let mut state = self.state();
        if state.is_stopping {
            return Ok(None);
        }
        let mut command = make()?;
        let start = EmbeddedPostgresError::file("run", PathBuf::from(command.get_program()));
        let child = command.spawn().map_err(start)?;
        state.pid = i32::try_from(child.id()).ok();
        Ok(Some(child))
    }

    fn wait_for(&self, mut child: Child) {
        if let Err(error) = child.wait() {
            log::error!("PostgreSQL's process cannot be waited for: {error}");
        }
        self.state().pid = None;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `is_over`, at most for `limit`; says whether it is.
    fn wait(&self, limit: Duration, is_over: impl Fn(&State) -> bool) -> bool {
        let state = self.state();
        let waited = self.changed.wait_timeout_while(state, limit, |state| !is_over(state));
        is_over(&waited.unwrap_or_else(PoisonError::into_inner).0)
    }
}

impl Keeper {
    pub(super) fn start(make: MakeCommand) -> Result<Self, EmbeddedPostgresError> {
        let keeper = Self { shared: Arc::new(Shared::default()) };
        let shared = Arc::clone(&keeper.shared);
        let (sender, first_start) = mpsc::channel();
        thread::Builder::new()
            .name("postgres-keeper".to_owned())
            .spawn(move || shared.keep(&make, &sender))
            .map_err(EmbeddedPostgresError::file("start a thread for", "postgres"))?;
        let gone = || EmbeddedPostgresError::Shim { reason: "its thread ended".to_owned() };
        first_start.recv().unwrap_or_else(|_| Err(gone())).map(|()| keeper)
    }

    /// The server's process; `None` once it has ended.
    pub(super) fn pid(&self) -> Option<i32> {
        self.shared.state().pid
    }

    /// From now on a server that ends by itself is started again.
    pub(super) fn restart_from_now_on(&self) {
        self.shared.state().is_restarting = true;
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.shared.state().is_stopping = true;
        self.shared.changed.notify_all();
        for (signal, limit) in SHUTDOWN {
            if let Some(pid) = self.pid() {
                // It may just have ended: then there is nothing to stop.
                let _ = kill(Pid::from_raw(pid), signal);
            }
            if self.shared.wait(limit, |state| state.pid.is_none()) {
                return;
            }
        }
    }
}
