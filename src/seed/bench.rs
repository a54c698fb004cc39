//! Made-up sites and guests in the size that the service is measured with. The same rows each time, ids included.

use super::SeedError;
use super::bench_guests::{GUESTS_OF_A_SITE, Guests, state_of};
use super::draw::{Draw, made_up_at, uuid_of};
use crate::clock::start_of_day;
use crate::participants::rules::Tally;
use crate::schema::{campaigns, org_units, site_counters, sites};
use crate::text::search_tokens;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use diesel::{ExpressionMethods, Insertable, QueryDsl, TextExpressionMethods};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use uuid::Uuid;

const SITES: u64 = 1_500;
/// With more sites than this, somebody measures already, or worse, works.
const MOST_SITES_BEFORE: i64 = 1_000;
/// Rows of one INSERT.
const SITES_AT_ONCE: usize = 500;
/// Guests go as one array a column: thousands of rows cost no more parameters than one.
const SITES_WITH_GUESTS_AT_ONCE: usize = 100;

const SITE_KINDS: [(&str, &str); 6] = [
    ("residential_area", "Khu dân cư"),
    ("agency", "Cơ quan"),
    ("residential_area", "Tổ tự quản"),
    ("educational_institution", "Trường học"),
    ("residential_area", "Thôn"),
    ("enterprise", "Doanh nghiệp"),
];

/// What was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BenchCounts {
    /// Sites, all scheduled.
    pub sites: usize,
    /// Participants, listed, invited, accepted or declined; nobody has entered yet.
    pub participants: usize,
}

#[derive(Insertable, Clone)]
#[diesel(table_name = sites)]
pub(super) struct SiteRow {
    campaign_id: Uuid,
    pub(super) id: Uuid,
    pub(super) org_unit_id: Uuid,
    admin_unit_id: Option<Uuid>,
    name: String,
    kind: &'static str,
    state: &'static str,
    pilot_level: &'static str,
    lat: f64,
    lon: f64,
    priority_reasons: Vec<&'static str>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    tokens: Vec<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Insertable)]
#[diesel(table_name = site_counters)]
struct CounterRow {
    campaign_id: Uuid,
    site_id: Uuid,
    listed: i32,
    invited: i32,
    accepted: i32,
    declined: i32,
    last_invitation_no: i32,
}

/// A committee that organises sites: id, territory, level, name.
type Organiser = (Uuid, Option<Uuid>, String, String);

/// Adds 1,500 scheduled sites and 150,000 participants to the demo campaign, in one transaction.
/// Refused without the demo, and where more than 1,000 sites are.
pub async fn bench(conn: &mut AsyncPgConnection) -> Result<BenchCounts, SeedError> {
    let counts = conn.transaction(async |conn| load(conn).await).await?;
    // Plans made on the statistics of empty tables would be measured otherwise.
    conn.batch_execute("ANALYZE sites, site_counters, participants").await?;
    Ok(counts)
}

async fn load(conn: &mut AsyncPgConnection) -> Result<BenchCounts, SeedError> {
    conn.batch_execute("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s'; SELECT pg_advisory_xact_lock(8138, 2023)")
        .await?;
    let before: i64 = sites::table.count().get_result(conn).await?;
    if before > MOST_SITES_BEFORE {
        return Err(SeedError::BenchRefused(format!("there are {before} sites already")));
    }
    let (campaign_id, event_from, event_to, path) = demo_campaign(conn).await?;
    let organisers: Vec<Organiser> = org_units::table
        .filter(org_units::path.like(format!("{path}%")))
        .filter(org_units::kind.eq_any(["district_committee", "commune_committee"]))
        .order(org_units::no)
        .select((org_units::id, org_units::admin_unit_id, org_units::level, org_units::name))
        .load(conn)
        .await?;
    let rows = site_rows(campaign_id, (event_from, event_to), &organisers)?;
    for chunk in rows.chunks(SITES_AT_ONCE) {
        diesel::insert_into(sites::table).values(chunk).execute(conn).await?;
        let counters: Vec<_> = chunk.iter().map(counters_of).collect();
        diesel::insert_into(site_counters::table).values(&counters).execute(conn).await?;
    }
    let mut participants = 0;
    for chunk in rows.chunks(SITES_WITH_GUESTS_AT_ONCE) {
        participants += Guests::of(chunk, participants).insert(conn, campaign_id).await?;
    }
    Ok(BenchCounts { sites: rows.len(), participants })
}

async fn demo_campaign(conn: &mut AsyncPgConnection) -> Result<(Uuid, NaiveDate, NaiveDate, String), SeedError> {
    let found: Vec<(Uuid, NaiveDate, NaiveDate, String)> = campaigns::table
        .inner_join(org_units::table)
        .filter(campaigns::year.eq(2023))
        .filter(org_units::kind.eq("provincial_committee"))
        .select((campaigns::id, campaigns::event_from, campaigns::event_to, org_units::path))
        .order(campaigns::id)
        .limit(1)
        .load(conn)
        .await?;
    found.into_iter().next().ok_or_else(|| SeedError::BenchRefused("load the demo first: `ngayhoi seed demo`".to_owned()))
}

fn site_rows(campaign_id: Uuid, window: (NaiveDate, NaiveDate), organisers: &[Organiser]) -> Result<Vec<SiteRow>, SeedError> {
    let per_round = u64::try_from(organisers.len()).unwrap_or_default();
    if per_round == 0 {
        return Err(SeedError::BenchRefused("the campaign has no district or commune".to_owned()));
    }
    let row = |(index, (org_unit_id, admin_unit_id, level, organiser)): (u64, &Organiser)| {
        let round = index / per_round;
        let mut draw = Draw(index);
        let (kind, label) = draw.one_of(&SITE_KINDS).unwrap_or(("residential_area", "Khu dân cư"));
        let name = format!("{label} số {}, {organiser}", round + 1);
        let starts_at = start_of_an_event(&mut draw, window);
        SiteRow {
            campaign_id,
            id: uuid_of(made_up_at(), index, 1),
            org_unit_id: *org_unit_id,
            admin_unit_id: *admin_unit_id,
            kind,
            state: "scheduled",
            pilot_level: match (round, level.as_str()) {
                (0, "district") => "district",
                (0, _) => "commune",
                _ => "none",
            },
            // Within the province, roughly; no real place is meant.
            lat: 21.5 + draw.fraction() * 0.6,
            lon: 104.3 + draw.fraction() * 0.6,
            priority_reasons: if draw.below(3) == 0 { vec!["ethnic_minority_area"] } else { Vec::new() },
            starts_at,
            ends_at: starts_at + Duration::hours(3),
            tokens: search_tokens(&[&name]),
            name,
            created_at: made_up_at(),
            updated_at: made_up_at(),
        }
    };
    Ok((0..SITES).zip(organisers.iter().cycle()).map(row).collect())
}

/// A morning or afternoon of the window, both of its days included (R1).
fn start_of_an_event(draw: &mut Draw, (from, to): (NaiveDate, NaiveDate)) -> DateTime<Utc> {
    let days = u64::try_from((to - from).num_days()).unwrap_or_default() + 1;
    let day = from.checked_add_days(Days::new(draw.below(days))).unwrap_or(from);
    let hour = if draw.below(2) == 0 { 7 } else { 14 };
    start_of_day(day) + Duration::hours(hour)
}

fn counters_of(site: &SiteRow) -> CounterRow {
    let count = |of: fn(Tally) -> i32| (0..GUESTS_OF_A_SITE).map(|guest| of(Tally::of(Some(state_of(guest))))).sum();
    CounterRow {
        campaign_id: site.campaign_id,
        site_id: site.id,
        listed: count(|tally| tally.listed),
        invited: count(|tally| tally.invited),
        accepted: count(|tally| tally.accepted),
        declined: count(|tally| tally.declined),
        last_invitation_no: count(|tally| tally.invited),
    }
}
