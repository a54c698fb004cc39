//! A field of a JSON Merge Patch (RFC 7396): absent keeps, null clears, a value replaces.

use serde::{Deserialize, Deserializer};

/// One field of a patch. Use with `#[serde(default)]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The member is not in the body: keep what is stored.
    #[default]
    Absent,
    /// The member is null: clear it.
    Null,
    /// The member has a value: replace.
    Value(T),
}

impl<T> Patch<T> {
    /// The new value of a field that can be empty.
    pub fn or_keep(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Absent => current,
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The new value of a field that cannot be empty; the schema has refused null before.
    pub fn or_current(self, current: T) -> T {
        match self {
            Self::Absent | Self::Null => current,
            Self::Value(value) => value,
        }
    }

    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Converts the value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(f(value)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }
}
