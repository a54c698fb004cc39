//! Finds the programs of a PostgreSQL server. `scripts/provide-postgres.sh` looks in the same places.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{EmbeddedPostgresError, Place};

const OLDEST: u32 = 13;

/// A directory with `initdb` and `postgres`, and their major version.
#[derive(Debug)]
pub(super) struct Binaries {
    pub(super) dir: PathBuf,
    pub(super) major: u32,
}

impl Binaries {
    /// The programs that fit the data that is there, else the first that are new enough.
    pub(super) fn find(place: &Place) -> Result<Self, EmbeddedPostgresError> {
        let chosen = env::var_os("PG_BIN").filter(|dir| !dir.is_empty()).map(PathBuf::from);
        let candidates = chosen.as_ref().map_or_else(usual_places, |dir| vec![dir.clone()]);
        let mut usable = candidates.into_iter().filter_map(Self::in_dir);
        let Some(first) = usable.next() else {
            return Err(chosen.map_or(EmbeddedPostgresError::NoServer, |path| EmbeddedPostgresError::NotInPgBin { path }));
        };
        if place.data_version().is_none_or(|version| version == first.major) {
            return Ok(first);
        }
        let fitting = usable.find(|other| place.data_version() == Some(other.major));
        fitting.map_or_else(|| first.checked_for(place), Ok)
    }

    /// Refuses data of another major version.
    pub(super) fn checked_for(self, place: &Place) -> Result<Self, EmbeddedPostgresError> {
        match place.data_version() {
            Some(data) if data != self.major => {
                Err(EmbeddedPostgresError::OtherVersion { path: place.cluster(), data, server: self.major })
            }
            _ => Ok(self),
        }
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    fn in_dir(dir: PathBuf) -> Option<Self> {
        if !dir.join("initdb").is_file() {
            return None;
        }
        // Absolute, because the server's working directory is its data.
        let dir = std::path::absolute(dir).ok()?;
        let output = Command::new(dir.join("postgres")).arg("--version").output().ok()?;
        let major = major_version(&String::from_utf8_lossy(&output.stdout))?;
        (major >= OLDEST).then_some(Self { dir, major })
    }
}

/// `postgres (PostgreSQL) 15.14 (Debian …)`, `18beta1`: the first number of the third word.
fn major_version(text: &str) -> Option<u32> {
    let word = text.split_whitespace().nth(2)?;
    word.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

fn usual_places() -> Vec<PathBuf> {
    let mut places = versions_below(&cache());
    if let Some(instead) = env::var_os("NGAYHOI_PG_SEARCH") {
        // For tests of what happens on a machine without PostgreSQL.
        places.extend(env::split_paths(&instead));
        return places;
    }
    places.extend(versions_below(Path::new("/usr/lib/postgresql")));
    for prefix in ["/usr", "/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"] {
        places.extend(versions_below(Path::new(prefix)));
    }
    places.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    places
}

/// Where `scripts/provide-postgres.sh` unpacks a server, one directory for each version.
fn cache() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("ngayhoi/postgresql"))
        .unwrap_or_else(|| {
            let data_dir = set("NGAYHOI_DATA_DIR").unwrap_or_else(|| ".ngayhoi".into());
            data_dir.join("postgresql")
        })
}

/// `<dir>/<version>/bin`, also `<dir>/pgsql-<version>/bin` and `<dir>/postgresql@<version>/bin`;
/// the highest version first.
fn versions_below(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut versions: Vec<(Vec<u32>, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix("pgsql-").or_else(|| name.strip_prefix("postgresql@")).unwrap_or(&name);
            let numbers = version.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
            Some((numbers, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by(|left, right| right.cmp(left));
    versions.into_iter().map(|(_, path)| path).collect()
}

#[cfg(test)]
mod tests {
    use super::major_version;

    #[test]
    fn the_major_version_is_read_from_every_kind_of_build() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_version("something else"), None);
    }
}
