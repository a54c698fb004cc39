//! Sets up a process of PostgreSQL and becomes it.
//!
//! What has to happen between fork and exec is unsafe in a process with threads. So this binary
//! runs itself once more, does it there at the very beginning, and then is replaced.

use std::convert::Infallible;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{self, Command, Stdio};

use nix::unistd::{Gid, Uid, getppid, setgid, setgroups, setuid};

use super::EmbeddedPostgresError;
use super::identity::Identity;

/// The first argument that asks the binary to run [`shim`] with the arguments after it.
pub const SHIM_COMMAND: &str = "postgres-shim";

/// Root's number inside the namespace when none of [`INNER_NAMES`] is a user: any but 0.
const INNER_ID: u32 = 1000;
/// initdb wants its number to be that of a user with a name.
const INNER_NAMES: [&str; 3] = ["postgres", "nobody", "daemon"];

/// Runs programs through the shim.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShimCommand<'a> {
    pub(super) shim: &'a Path,
    pub(super) identity: Identity,
}

impl ShimCommand<'_> {
    /// A command that runs `program` as [`Identity`] says and ends when the calling thread ends.
    pub(super) fn command(&self, program: &Path) -> Command {
        let kept = ["PATH", "LD_LIBRARY_PATH"];
        let kept = kept.into_iter().filter_map(|name| Some((name, env::var_os(name)?)));
        let mut command = Command::new(self.shim);
        command
            .arg(SHIM_COMMAND)
            .arg(process::id().to_string())
            .arg(self.identity.to_string())
            .arg(program)
            .stdin(Stdio::null())
            // Ctrl-C is for this process, which then stops the server in order.
            .process_group(0)
            // The service's secrets are no business of the server's.
            .env_clear()
            .envs(kept)
            .env("LC_ALL", "C");
        command
    }
}

/// Sets this process up and replaces it by the program that the arguments name.
///
/// `arguments` are those after [`SHIM_COMMAND`]. To be called before any thread is started;
/// returns only when it failed.
pub fn shim(arguments: impl IntoIterator<Item = OsString>) -> EmbeddedPostgresError {
    match become_program(arguments.into_iter()) {
        Ok(never) => match never {},
        Err(reason) => EmbeddedPostgresError::Shim { reason },
    }
}

fn become_program(mut arguments: impl Iterator<Item = OsString>) -> Result<Infallible, String> {
    let mut word = || arguments.next()?.into_string().ok();
    let parent = word().and_then(|text| text.parse::<i32>().ok());
    let identity = word().and_then(|text| text.parse::<Identity>().ok());
    let (Some(parent), Some(identity), Some(program)) = (parent, identity, arguments.next()) else {
        return Err(format!("{SHIM_COMMAND} is for the service's own use"));
    };
    take(identity)?;
    // After the change of identity, which would undo it.
    die_with_parent()?;
    if getppid().as_raw() != parent {
        return Err("the parent process is gone".to_owned());
    }
    let error = Command::new(&program).args(arguments).exec();
    Err(format!("{} cannot be run: {error}", program.display()))
}

fn take(identity: Identity) -> Result<(), String> {
    match identity {
        Identity::Own => Ok(()),
        Identity::Namespace => enter_namespace(),
        Identity::User { uid, gid } => {
            let gid = Gid::from_raw(gid);
            setgroups(&[gid])
                .and_then(|()| setgid(gid))
                .and_then(|()| setuid(Uid::from_raw(uid)))
                .map_err(|error| format!("cannot become user {uid}: {error}"))
        }
    }
}

#[cfg(target_os = "linux")]
fn enter_namespace() -> Result<(), String> {
    use nix::sched::{CloneFlags, unshare};
    use nix::unistd::User;
    let inner = INNER_NAMES.into_iter().find_map(|name| User::from_name(name).ok()?);
    let inner = inner.map_or(INNER_ID, |user| user.uid.as_raw());
    unshare(CloneFlags::CLONE_NEWUSER).map_err(|error| format!("user namespaces are refused: {error}"))?;
    let write =
        |file: &str, text: String| fs::write(format!("/proc/self/{file}"), text).map_err(|error| format!("cannot write {file}: {error}"));
    write("setgroups", "deny".to_owned())?;
    write("uid_map", format!("{inner} 0 1"))?;
    write("gid_map", format!("{inner} 0 1"))
}

#[cfg(not(target_os = "linux"))]
fn enter_namespace() -> Result<(), String> {
    Err("there are no user namespaces here".to_owned())
}

/// An immediate shutdown: the write-ahead log has everything that was acknowledged.
#[cfg(target_os = "linux")]
fn die_with_parent() -> Result<(), String> {
    nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGQUIT)
        .map_err(|error| format!("cannot be tied to the parent process: {error}"))
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent() -> Result<(), String> {
    Ok(())
}
