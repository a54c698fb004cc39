//! Made-up guests of the made-up sites.

use super::SeedError;
use super::bench::SiteRow;
use super::draw::{Draw, made_up_at, uuid_of};
use crate::participants::identity::{identity, name_key};
use crate::participants::model::{ParticipantCategory, ParticipantKind, ParticipantState};
use crate::participants::template::InvitationTemplate;
use crate::text::search_tokens;
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// How many guests each site has.
pub(super) const GUESTS_OF_A_SITE: u64 = 100;
const FAMILY_NAMES: [&str; 12] = ["Nguyễn", "Hoàng", "Triệu", "Lò", "Giàng", "Hà", "Nông", "Bàn", "Đặng", "Phạm", "Sùng", "Trần"];
const MIDDLE_NAMES: [&str; 8] = ["Văn", "Thị", "Đức", "Minh", "Ngọc", "Thanh", "A", "Quốc"];
const GIVEN_NAMES: [&str; 16] =
    ["An", "Bình", "Chi", "Dũng", "Đào", "Giang", "Hạnh", "Khánh", "Lan", "Mai", "Nam", "Phúc", "Quỳnh", "Sơn", "Thảo", "Yến"];

/// State of a guest by number: of ten, one only listed, two invited, six coming, one not.
pub(super) fn state_of(guest: u64) -> ParticipantState {
    match guest % 10 {
        0 => ParticipantState::Listed,
        1 | 2 => ParticipantState::Invited,
        9 => ParticipantState::Declined,
        _ => ParticipantState::Accepted,
    }
}

/// Of the template of sites that are no pilot of the province (R11); a collective was commended.
fn category_of(is_collective: bool, draw: &mut Draw) -> ParticipantCategory {
    if is_collective {
        return ParticipantCategory::Commended;
    }
    draw.one_of(&InvitationTemplate::B.categories()).unwrap_or(ParticipantCategory::Other)
}

/// Guests of some sites, a column each.
#[derive(Default)]
pub(super) struct Guests {
    ids: Vec<Uuid>,
    sites: Vec<Uuid>,
    org_units: Vec<Uuid>,
    kinds: Vec<ParticipantKind>,
    categories: Vec<ParticipantCategory>,
    states: Vec<ParticipantState>,
    names: Vec<String>,
    representatives: Vec<Option<String>>,
    tokens: Vec<String>,
    identities: Vec<Uuid>,
    name_keys: Vec<Uuid>,
}

impl Guests {
    /// `before`: how many guests other sites have already, which numbers these.
    pub(super) fn of(sites: &[SiteRow], before: usize) -> Self {
        let mut guests = Self::default();
        let places = sites.iter().flat_map(|site| (0..GUESTS_OF_A_SITE).map(move |guest| (site, guest)));
        for (index, (site, guest)) in (u64::try_from(before).unwrap_or_default()..).zip(places) {
            guests.push(index, site, guest);
        }
        guests
    }

    fn push(&mut self, index: u64, site: &SiteRow, guest: u64) {
        let mut draw = Draw(index ^ 0x5EED_0000_0000);
        let person = [draw.word(&FAMILY_NAMES), draw.word(&MIDDLE_NAMES), draw.word(&GIVEN_NAMES)].join(" ");
        let is_collective = guest % 25 == 24;
        let name = if is_collective { format!("Tổ an ninh tự quản số {}", draw.below(40) + 1) } else { person.clone() };
        self.ids.push(uuid_of(made_up_at(), index, 2));
        self.sites.push(site.id);
        self.org_units.push(site.org_unit_id);
        let kind = if is_collective { ParticipantKind::Collective } else { ParticipantKind::Person };
        self.kinds.push(kind);
        self.identities.push(identity(kind, &name, None, None));
        self.name_keys.push(name_key(kind, &name));
        self.categories.push(category_of(is_collective, &mut draw));
        self.states.push(state_of(guest));
        self.tokens.push(search_tokens(&[&name]).join(" "));
        self.names.push(name);
        self.representatives.push(is_collective.then_some(person));
    }

    pub(super) async fn insert(self, conn: &mut AsyncPgConnection, campaign_id: Uuid) -> Result<usize, SeedError> {
        let inserted = diesel::sql_query(
            "INSERT INTO participants (campaign_id, id, site_id, org_unit_id, kind, category, state, full_name, representative_name,
                 invited_at, responded_at, decline_reason, tokens, created_at, updated_at, invitation_no, identity, name_key)
             SELECT $1, g.id, g.site_id, g.org_unit_id, g.kind, g.category, g.state, g.full_name, g.representative_name,
                 CASE WHEN g.state <> 'listed' THEN $11 END,
                 CASE WHEN g.state IN ('accepted', 'declined') THEN $11 + interval '1 day' END,
                 CASE WHEN g.state = 'declined' THEN 'Bận công tác' END,
                 string_to_array(g.tokens, ' '), $11, $11,
                 CASE WHEN g.state <> 'listed' THEN row_number() OVER (PARTITION BY g.site_id, g.state = 'listed' ORDER BY g.id) END, g.identity, g.name_key
             FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $12, $13)
                 AS g (id, site_id, org_unit_id, kind, category, state, full_name, representative_name, tokens, identity, name_key)",
        )
        .bind::<SqlUuid, _>(campaign_id)
        .bind::<Array<SqlUuid>, _>(self.ids)
        .bind::<Array<SqlUuid>, _>(self.sites)
        .bind::<Array<SqlUuid>, _>(self.org_units)
        .bind::<Array<Text>, _>(self.kinds)
        .bind::<Array<Text>, _>(self.categories)
        .bind::<Array<Text>, _>(self.states)
        .bind::<Array<Text>, _>(self.names)
        .bind::<Array<Nullable<Text>>, _>(self.representatives)
        .bind::<Array<Text>, _>(self.tokens)
        .bind::<Timestamptz, _>(made_up_at())
        .bind::<Array<SqlUuid>, _>(self.identities)
        .bind::<Array<SqlUuid>, _>(self.name_keys)
        .execute(conn)
        .await?;
        Ok(inserted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counters_are_a_recount_of_the_states() {
        let states: Vec<_> = (0..GUESTS_OF_A_SITE).map(state_of).collect();
        let count = |state| states.iter().filter(|other| **other == state).count();
        let counts = ParticipantState::ALL.iter().map(|state| count(*state)).collect::<Vec<_>>();
        assert_eq!(counts, [10, 20, 60, 10]);
    }
}
