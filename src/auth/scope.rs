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

    /// What the path of a row's unit starts with when the row is in scope.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The path of the caller's own unit: what is issued above it binds it and can be read by it.
    pub fn own_path(&self) -> &str {
        &self.own_path
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

    /// Whether a unit's path lies in scope.
    pub fn covers(&self, path: &str) -> bool {
        path.starts_with(&self.prefix)
    }
}
