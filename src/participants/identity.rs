//! Who a guest is within a site, as far as a list of names can tell: kind, folded name, body and post.

use super::model::ParticipantKind;
use crate::text;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Half of the SHA-256 of kind, name, body and post. Case, accents, signs and spaces do not count: whoever is written in two
/// ways is one guest. Two persons of one name have to differ in body or post to be two.
pub fn identity(kind: ParticipantKind, full_name: &str, organisation: Option<&str>, title: Option<&str>) -> Uuid {
    half_of_hash(&[
        kind.as_str(),
        &folded(full_name),
        &organisation.map(folded).unwrap_or_default(),
        &title.map(folded).unwrap_or_default(),
    ])
}

/// What guests who may be the same have in common: the same of kind and name, of which a person's middle names do not count.
pub fn name_key(kind: ParticipantKind, full_name: &str) -> Uuid {
    let name = folded(full_name);
    let mut syllables = name.split(' ');
    let ends = syllables.next().map(|first| format!("{first} {}", syllables.next_back().unwrap_or(first))).unwrap_or_default();
    match kind {
        ParticipantKind::Person => half_of_hash(&[kind.as_str(), &ends]),
        ParticipantKind::Collective => half_of_hash(&[kind.as_str(), &name]),
    }
}

fn half_of_hash(parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0x1f]);
    }
    let mut half = [0; 16];
    half.iter_mut().zip(hash.finalize()).for_each(|(target, byte)| *target = byte);
    Uuid::from_bytes(half)
}

/// A text as its folded syllables, with one space between them.
pub fn folded(text: &str) -> String {
    let folded = text::fold(text);
    let mut line = String::with_capacity(folded.len());
    for syllable in folded.split(|c: char| !c.is_alphanumeric()).filter(|syllable| !syllable.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(syllable);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use ParticipantKind::{Collective, Person};

    #[test]
    fn middle_names_of_a_person_do_not_count_in_the_key_of_a_name() {
        let one = name_key(Person, "Nguyễn Văn Đức");
        assert_eq!(one, name_key(Person, "nguyen duc"));
        assert_ne!(one, name_key(Person, "Nguyễn Văn An"));
        assert_ne!(one, name_key(Collective, "Nguyễn Văn Đức"));
        assert_ne!(name_key(Collective, "Tổ một bản A"), name_key(Collective, "Tổ hai bản A"));
        assert_eq!(name_key(Person, "An"), name_key(Person, "An An"), "a single syllable is both ends");
    }

    #[test]
    fn who_is_written_in_two_ways_is_one_guest() {
        let one = identity(Person, "Nguyễn Văn Đức", Some("Xã Mường Lai"), Some("Trưởng bản"));
        assert_eq!(one, identity(Person, "NGUYEN  VAN DUC", Some("xã Mường-Lai"), Some("Trưởng bản.")));
        assert_ne!(one, identity(Collective, "Nguyễn Văn Đức", Some("Xã Mường Lai"), Some("Trưởng bản")));
        assert_ne!(one, identity(Person, "Nguyễn Văn Đức", Some("Xã Mường Lai"), None));
        assert_ne!(one, identity(Person, "Nguyễn Văn Đức", Some("Trưởng bản"), Some("Xã Mường Lai")));
    }
}
