//! As whom the server runs: PostgreSQL refuses to run as root.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::str::FromStr;

use nix::unistd::{User, geteuid};

use super::shim::ShimCommand;
use super::{Binaries, EmbeddedPostgresError, Place};

/// The user of the server's processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    /// Ours.
    Own,
    /// Root outside, an ordinary user inside a user namespace of its own.
    Namespace,
    /// Another user; only root can do that.
    User { uid: u32, gid: u32 },
}

impl Identity {
    pub(super) fn choose(place: &Place, binaries: &Binaries, shim: &Path) -> Result<Self, EmbeddedPostgresError> {
        if !geteuid().is_root() {
            return Ok(Self::Own);
        }
        // Data that is there decides, so that nothing need change its owner between two runs.
        if let Ok(cluster) = fs::metadata(place.cluster())
            && cluster.uid() != 0
        {
            return Ok(Self::User { uid: cluster.uid(), gid: cluster.gid() });
        }
        if is_reachable(place, binaries, 0, 0) && namespaces_work(binaries, shim) {
            return Ok(Self::Namespace);
        }
        // Root in somebody's home: only that user may be able to reach it.
        let parent = place.data_dir().parent().unwrap_or(place.data_dir());
        let host = fs::metadata(parent).ok().map(|about| (about.uid(), about.gid()));
        let named = ["postgres", "nobody"].into_iter().filter_map(|name| {
            let user = User::from_name(name).ok()??;
            Some((user.uid.as_raw(), user.gid.as_raw()))
        });
        host.into_iter()
            .chain(named)
            .find(|(uid, gid)| *uid != 0 && is_reachable(place, binaries, *uid, *gid))
            .map(|(uid, gid)| Self::User { uid, gid })
            .ok_or_else(|| EmbeddedPostgresError::Unreachable { data_dir: place.data_dir().to_owned(), bin_dir: binaries.dir.clone() })
    }

    /// The user and group that the server's files belong to, when these are not ours.
    pub(super) fn owner(self) -> Option<(u32, u32)> {
        match self {
            Self::Own | Self::Namespace => None,
            Self::User { uid, gid } => Some((uid, gid)),
        }
    }
}

fn namespaces_work(binaries: &Binaries, shim: &Path) -> bool {
    let shim = ShimCommand { shim, identity: Identity::Namespace };
    let output = shim.command(&binaries.program("postgres")).arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}

/// Whether a user without root's powers can enter the directory above the data, and the programs'.
fn is_reachable(place: &Place, binaries: &Binaries, uid: u32, gid: u32) -> bool {
    let above_data = place.data_dir().ancestors().skip(1);
    let programs = fs::canonicalize(&binaries.dir).unwrap_or_else(|_| binaries.dir.clone());
    above_data.chain(programs.ancestors()).all(|dir| {
        fs::metadata(dir).is_ok_and(|about| {
            let bit = if about.uid() == uid {
                0o100
            } else if about.gid() == gid {
                0o010
            } else {
                0o001
            };
            about.mode() & bit != 0
        })
    })
}

impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => formatter.write_str("own"),
            Self::Namespace => formatter.write_str("namespace"),
            Self::User { uid, gid } => write!(formatter, "{uid}:{gid}"),
        }
    }
}

impl FromStr for Identity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "own" => Ok(Self::Own),
            "namespace" => Ok(Self::Namespace),
            ids => {
                let (uid, gid) = ids.split_once(':').ok_or(())?;
                let number = |text: &str| text.parse().map_err(|_| ());
                Ok(Self::User { uid: number(uid)?, gid: number(gid)? })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Identity;

    #[test]
    fn an_identity_survives_the_way_through_the_shims_arguments() {
        for identity in [Identity::Own, Identity::Namespace, Identity::User { uid: 101, gid: 104 }] {
            assert_eq!(identity.to_string().parse(), Ok(identity));
        }
        assert_eq!("root".parse::<Identity>(), Err(()));
    }
}
