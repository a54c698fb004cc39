//! Where a device stands: what it was given and how far, kept by the device itself and signed by us.
//!
//! A stretch is read in pages, in the order of the guests' ids. It begins with the horizon of the change feed: all that is written by
//! transactions below it is seen by every page, and the next stretch begins there.

use crate::auth::token::Keys;
use crate::error::AppError;
use crate::ids::{ParticipantId, SiteId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Kept apart from every other text that we sign.
const AUDIENCE: &str = "check-in-snapshot-cursor";
const TOKEN_TYPE: &str = "snapshot-cursor+jwt";

/// A stretch that is being read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stretch {
    /// Where the next one begins.
    below: i64,
    /// The last guest that was given.
    after: Option<ParticipantId>,
    /// Sites that are given whole, because the holder has nothing of them.
    fresh: Vec<SiteId>,
}

/// Where the holder of a snapshot stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    aud: String,
    /// Whose it is.
    sub: Uuid,
    /// The one site that was asked for, if one was.
    only: Option<SiteId>,
    /// The transaction from which on changes are to be given; none before the first stretch is read.
    from: Option<i64>,
    /// Sites that the holder has.
    known: Vec<SiteId>,
    stretch: Option<Stretch>,
}

impl Cursor {
    /// Of one who has nothing.
    pub fn new(holder: Uuid, only: Option<SiteId>) -> Self {
        Self { aud: AUDIENCE.to_owned(), sub: holder, only, from: None, known: Vec::new(), stretch: None }
    }

    /// The cursor in a text that we gave to this holder for this question; nothing for any other text.
    pub fn open(keys: &Keys, text: &str, holder: Uuid, only: Option<SiteId>) -> Option<Self> {
        keys.verify_as::<Self>(TOKEN_TYPE, AUDIENCE, text).filter(|cursor| cursor.sub == holder && cursor.only == only)
    }

    /// The text to keep.
    pub fn seal(&self, keys: &Keys) -> Result<String, AppError> {
        keys.sign_as(TOKEN_TYPE, self).map_err(AppError::internal)
    }

    /// The transaction from which on changes are to be given.
    pub fn from(&self) -> Option<i64> {
        self.from
    }

    /// Sites of which changes are to be given.
    pub fn known(&self) -> &[SiteId] {
        &self.known
    }

    /// Sites that are to be given whole.
    pub fn fresh(&self) -> &[SiteId] {
        self.stretch.as_ref().map_or(&[], |stretch| &stretch.fresh)
    }

    /// The guest behind whom to read on.
    pub fn after(&self) -> Option<ParticipantId> {
        self.stretch.as_ref().and_then(|stretch| stretch.after)
    }

    /// Goes on with the stretch, or begins one at the horizon. Gives the sites that the holder has and that are no longer its own: they
    /// are forgotten here, so that one which comes back is given whole.
    pub fn enter(&mut self, own: &[SiteId], horizon: i64) -> Vec<SiteId> {
        let had: Vec<SiteId> = self.known.iter().chain(self.fresh()).copied().collect();
        self.known.retain(|site| own.contains(site));
        match &mut self.stretch {
            Some(stretch) => stretch.fresh.retain(|site| own.contains(site)),
            None => {
                let fresh = own.iter().copied().filter(|site| !self.known.contains(site)).collect();
                self.stretch = Some(Stretch { below: horizon, after: None, fresh });
            }
        }
        had.into_iter().filter(|site| !own.contains(site)).collect()
    }

    /// Notes what the page gave: up to a guest behind whom there are more, or all that the stretch has.
    pub fn advance(&mut self, more_behind: Option<ParticipantId>) {
        match (more_behind, &mut self.stretch) {
            (Some(last), Some(stretch)) => stretch.after = Some(last),
            (Some(_), None) => {}
            (None, stretch) => {
                if let Some(Stretch { below, after: _, fresh }) = stretch.take() {
                    self.from = Some(below);
                    self.known.extend(fresh);
                }
            }
        }
    }

    /// Whether there is more to fetch at once: the rest of the stretch, or a site that came meanwhile.
    pub fn has_more(&self, own: &[SiteId]) -> bool {
        self.stretch.is_some() || own.iter().any(|site| !self.known.contains(site))
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;
    use crate::ids::{ParticipantId, SiteId};
    use uuid::Uuid;

    #[test]
    fn a_site_is_given_whole_once_and_its_changes_from_the_horizon_of_that_stretch() {
        let (one, two) = (SiteId::new(), SiteId::new());
        let mut cursor = Cursor::new(Uuid::now_v7(), None);
        assert!(cursor.enter(&[one], 10).is_empty());
        assert_eq!((cursor.from(), cursor.known(), cursor.fresh()), (None, [].as_slice(), [one].as_slice()));
        let last = ParticipantId::new();
        cursor.advance(Some(last));
        // A later page does not move the horizon, nor does it take in a new site.
        assert!(cursor.enter(&[one, two], 20).is_empty());
        assert_eq!((cursor.after(), cursor.fresh()), (Some(last), [one].as_slice()));
        cursor.advance(None);
        assert_eq!((cursor.from(), cursor.known()), (Some(10), [one].as_slice()));
        assert!(cursor.has_more(&[one, two]));
        cursor.enter(&[one, two], 30);
        assert_eq!((cursor.from(), cursor.known(), cursor.fresh()), (Some(10), [one].as_slice(), [two].as_slice()));
        cursor.advance(None);
        assert_eq!((cursor.from(), cursor.known(), cursor.has_more(&[one, two])), (Some(30), [one, two].as_slice(), false));
    }

    #[test]
    fn a_site_that_left_is_told_once_and_given_whole_when_it_comes_back() {
        let (one, two) = (SiteId::new(), SiteId::new());
        let mut cursor = Cursor::new(Uuid::now_v7(), None);
        cursor.enter(&[one, two], 10);
        cursor.advance(Some(ParticipantId::new()));
        assert_eq!(cursor.enter(&[one], 20), [two], "in the middle of a stretch");
        cursor.advance(None);
        assert_eq!(cursor.enter(&[two], 30), [one]);
        assert_eq!((cursor.known(), cursor.fresh()), ([].as_slice(), [two].as_slice()));
        cursor.advance(None);
        assert!(cursor.enter(&[two], 40).is_empty());
    }
}
