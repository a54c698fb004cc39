//! Guests whom a device named without signal: provisional until somebody says who they were.

use super::model::{Operation, Verdict};
use super::rules;
use crate::auth::Scope;
use crate::call::Call;
use crate::campaigns;
use crate::campaigns::model::CampaignState;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, Message};
use crate::ids::{CampaignId, ParticipantId, SiteId};
use crate::participants;
use crate::participants::handlers::event;
use crate::participants::model::{Participant, ParticipantOrigin};
use crate::participants::rules::{Step, Tally, check_site};
use crate::participants::unlisted::dto::NewcomerIn;
use crate::participants::unlisted::queries::{count_present, delete_new, insert_new};
use crate::participants::unlisted::rules::more_present_than_seats;
use crate::participants::unlisted::walk_ins::newcomer;
use crate::sites;
use crate::sites::model::Site;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::{Builder, Uuid};

/// Who an operation names, at which site.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Newcomer {
    pub id: ParticipantId,
    pub site_id: SiteId,
    pub guest: NewcomerIn,
}

/// The id of the guest whom an operation of a device named first: half of a SHA-256, so that a replay names the same guest.
pub fn id_of(site_id: SiteId, device_id: Uuid, op_id: Uuid) -> ParticipantId {
    let hash =
        Sha256::new().chain_update(b"provisional guest").chain_update(site_id.0).chain_update(device_id).chain_update(op_id).finalize();
    let mut half = [0; 16];
    half.iter_mut().zip(hash).for_each(|(target, byte)| *target = byte);
    ParticipantId(Builder::from_custom_bytes(half).into_uuid())
}

/// What was prepared for the newcomers of a batch before it is logged.
#[derive(Debug, Default)]
pub struct Prepared {
    sites: BTreeMap<Uuid, Site>,
    /// Where nobody is added, and why.
    closed: HashMap<SiteId, Verdict>,
    /// Who was added.
    added: Vec<Participant>,
}

impl Prepared {
    /// The verdict on an operation that names a newcomer: where nobody could be added, why not.
    pub fn verdict(&self, newcomer: &Newcomer, verdict: Verdict) -> Verdict {
        match (verdict, self.closed.get(&newcomer.site_id)) {
            (Verdict::UnknownParticipant, Some(why)) => why.clone(),
            (verdict, _) => verdict,
        }
    }
}

/// Adds the newcomers that are not there yet to sites in reach to which guests come. Sites are held, then campaigns, each in the order
/// of their ids, as the statement of the log does.
pub async fn add(
    conn: &Conn,
    scope: &Scope,
    call: &Call,
    newcomers: &[Newcomer],
    received_at: DateTime<Utc>,
) -> Result<Prepared, AppError> {
    let mut prepared = Prepared::default();
    if newcomers.is_empty() {
        return Ok(prepared);
    }
    let own = call.actor().site_ids.as_deref();
    let named: BTreeSet<Uuid> =
        newcomers.iter().map(|one| one.site_id).filter(|site| rules::is_own_site(own, *site)).map(|site| site.0).collect();
    let held = sites::queries::hold_all(conn, scope, &named.into_iter().map(SiteId).collect::<Vec<_>>()).await?;
    let campaigns: BTreeSet<Uuid> = held.iter().map(|site| site.campaign_id.0).collect();
    let mut closed = HashSet::new();
    for campaign in campaigns {
        match campaigns::queries::hold_open(conn, CampaignId(campaign)).await {
            Ok(_) => {}
            Err(error) if error.code == ErrorCode::InvalidTransition => {
                closed.insert(campaign);
            }
            Err(error) => return Err(error),
        }
    }
    for site in held {
        let why = if closed.contains(&site.campaign_id.0) {
            Some(Verdict::CampaignNotOpen(CampaignState::Closed))
        } else {
            check_site(&site, Step::WalkIn).is_err().then(|| Verdict::SiteNotOpen(site.state.as_str().to_owned()))
        };
        prepared.closed.extend(why.map(|why| (site.id, why)));
        prepared.sites.insert(site.id.0, site);
    }
    // Of operations that name the same guest, the first says the name.
    let mut guests: BTreeMap<Uuid, Participant> = BTreeMap::new();
    for one in newcomers.iter().filter(|one| !prepared.closed.contains_key(&one.site_id)) {
        if let Some(site) = prepared.sites.get(&one.site_id.0) {
            let make = || newcomer(call, site, one.guest.clone(), ParticipantOrigin::Provisional, (one.id, received_at));
            guests.entry(one.id.0).or_insert_with(make);
        }
    }
    let guests: Vec<Participant> = guests.into_values().collect();
    if !guests.is_empty() {
        let added: HashSet<ParticipantId> = insert_new(conn, scope, &guests).await?.into_iter().collect();
        prepared.added = guests.into_iter().filter(|guest| added.contains(&guest.id)).collect();
    }
    Ok(prepared)
}

/// Counts and tells those newcomers that have a line in the log now, takes the others back, and says at which sites more are there
/// than have a seat.
pub async fn settle(
    conn: &Conn,
    scope: &Scope,
    call: &Call,
    prepared: &Prepared,
    logged: &[(Operation, Verdict)],
) -> Result<HashMap<SiteId, Message>, AppError> {
    let entered: HashSet<ParticipantId> = logged
        .iter()
        .filter(|(_, verdict)| matches!(verdict, Verdict::Logged(..) | Verdict::Repeated(..)))
        .map(|(operation, _)| operation.participant_id)
        .collect();
    let (kept, orphans): (Vec<&Participant>, Vec<&Participant>) = prepared.added.iter().partition(|guest| entered.contains(&guest.id));
    if !orphans.is_empty() {
        let orphans: Vec<_> = orphans.iter().map(|guest| (guest.campaign_id, guest.id)).collect();
        delete_new(conn, scope, &orphans).await?;
    }
    let mut full = HashMap::new();
    // In the order of the sites, as the counters are locked everywhere.
    for site in prepared.sites.values() {
        let listed = kept.iter().filter(|guest| guest.site_id == site.id).count();
        if listed == 0 {
            continue;
        }
        let tally = Tally { listed: i32::try_from(listed).map_err(AppError::internal)?, ..Tally::default() };
        participants::queries::add_to_counters(conn, scope, (site.campaign_id, site.id), tally).await?;
        let present = count_present(conn, scope, site).await?;
        full.extend(more_present_than_seats(site, present).map(|text| (site.id, text)));
    }
    if !kept.is_empty() {
        call.record_all(conn, kept.into_iter().map(|guest| event(guest, Step::List, None)).collect()).await?;
    }
    Ok(full)
}
