//! Who a guest is within a site, as far as a list of names can tell: kind, folded name, body and post.

use super::model::ParticipantKind;
use crate::text;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Half of the SHA-256 of kind, name, body and post. Case, accents, signs and spaces do not count: whoever is written in two
/// ways is one guest. Two persons of one name have to differ in body or post to be two.
pub fn identity(kind: ParticipantKind, full_name: &str, organisation: Option<&str>, title: Option<&str>) -> Uuid {
    let mut hash = Sha256::new();
    for part in [kind.as_str(), &folded(full_name), &organisation.map(folded).unwrap_or_default(), &title.map(folded).unwrap_or_default()] {
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
    fn who_is_written_in_two_ways_is_one_guest() {
        let one = identity(Person, "Nguyễn Văn Đức", Some("Xã Mường Lai"), Some("Trưởng bản"));
        assert_eq!(one, identity(Person, "NGUYEN  VAN DUC", Some("xã Mường-Lai"), Some("Trưởng bản.")));
        assert_ne!(one, identity(Collective, "Nguyễn Văn Đức", Some("Xã Mường Lai"), Some("Trưởng bản")));
        assert_ne!(one, identity(Person, "Nguyễn Văn Đức", Some("Xã Mường Lai"), None));
        assert_ne!(one, identity(Person, "Nguyễn Văn Đức", Some("Trưởng bản"), Some("Xã Mường Lai")));
    }
}
