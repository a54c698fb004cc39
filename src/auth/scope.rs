//! How far a caller sees: a subtree of the organisation, by path prefix.

/// A scope. Only `auth` makes one, so a query that asks for it cannot be reached without a permission.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    prefix: String,
    own_path: String,
    drafts: Option<String>,
    is_wide: bool,
}

impl Scope {
    pub(super) fn new(prefix: impl Into<String>, own_path: impl Into<String>, drafts: Option<&str>, is_wide: bool) -> Self {
        Self { prefix: prefix.into(), own_path: own_path.into(), drafts: drafts.map(str::to_owned), is_wide }
    }

    /// For work of the service itself: migrations of data, the command line. The reason is logged.
    pub fn system(reason: &str) -> Self {
        log::debug!(reason; "system scope");
        Self::new("/", "/", Some("/"), true)
    }

    /// The same, for work that stays within one province.
    pub fn system_within(reason: &str, province_path: &str) -> Self {
        log::debug!(reason; "system scope");
        Self::new(province_path, province_path, Some(province_path), true)
    }

    /// What the path of a row's unit starts with when the row is in scope.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The path of the caller's own unit: what is issued above it binds it and can be read by it.
    pub fn own_path(&self) -> &str {
        &self.own_path
    }

    /// The paths of the caller's own unit and of all above it.
    pub fn ancestor_paths(&self) -> Vec<String> {
        ancestor_paths(&self.own_path)
    }

    /// What the path of a unit starts with when the caller can read its drafts of campaigns and plans; none for a
    /// caller who drafts nothing.
    pub fn drafts_prefix(&self) -> Option<&str> {
        self.drafts.as_deref()
    }

    /// Whether it holds a province or more: then most rows that a query meets are in scope.
    pub fn is_wide(&self) -> bool {
        self.is_wide
    }

    /// The part of it that lies below a body; all of it for a body that is above.
    pub fn below(&self, path: &str) -> Self {
        if !path.starts_with(&self.prefix) {
            return self.clone();
        }
        Self { prefix: path.to_owned(), is_wide: self.is_wide && path == self.prefix, ..self.clone() }
    }

    /// Whether a unit's path lies in scope.
    pub fn covers(&self, path: &str) -> bool {
        path.starts_with(&self.prefix)
    }
}

/// The paths of a unit and of all above it, from the top down: `/1/`, `/1/17/`, `/1/17/204/` of the last. Asked for by
/// name they are found by their index; "which paths does mine begin with" would be asked of every row.
pub fn ancestor_paths(path: &str) -> Vec<String> {
    path.match_indices('/').skip(1).filter_map(|(at, _)| path.get(..=at)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::ancestor_paths;

    #[test]
    fn a_path_has_itself_and_every_prefix_as_its_ancestors() {
        assert_eq!(ancestor_paths("/1/17/204/"), ["/1/", "/1/17/", "/1/17/204/"]);
        assert!(ancestor_paths("/").is_empty());
    }
}
