//! Beside the list: who comes unlisted, heads counted in the crowd, and the figures recounted from the log itself.

use super::client::{Caller, Failure, Told, holds, same, text};
use super::devices::NEWCOMERS;
use super::festival::Site;
use super::guests::{Guest, attendance};
use super::stage::{Stage, all};
use chrono::{DateTime, FixedOffset};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The highest number of heads that holds at a site of the province.
pub const HEADS: i64 = 180;

/// Somebody comes unlisted: listed and in at once.
pub async fn walk_in(stage: &Stage, site: &mut Site, by: &Caller) -> Told<()> {
    let guest = json!({"guest": {"kind": "person", "category": "resident", "full_name": NEWCOMERS[0], "age_band": "over_60"}});
    let came = by.post(&format!("/sites/{}/walk-ins", site.thing.id), &guest).await?.want(201)?;
    let id = came.text("/participant/id")?.to_owned();
    stage.did("participant", &id, 1, "walked_in");
    stage.did("check_in", came.text("/check_in/id")?, 1, "entry");
    same(
        "khách đến không có trong danh sách",
        ("walk_in", 1),
        (came.text("/participant/origin")?, came.number("/participant/entry_count")?),
    )?;
    site.guests.push(Guest { id, answer: None, entries: 1, is_present: true });
    println!("  Một người đến không có trong danh sách: ghi tên và vào cửa một lần.");
    Ok(())
}

/// Heads in the crowd: moments, never added up; a wrong one is put right by another.
pub async fn count_heads(stage: &Stage, site: &Site) -> Told<()> {
    let mut wrong = String::new();
    for (minute, heads, is_right) in [("08:30", 120, false), ("09:00", 10 * HEADS, false), ("09:00", HEADS, true), ("09:30", 150, false)] {
        let mut body = json!({"site_id": site.thing.id, "head_count": heads, "counted_at": stage.at(&format!("{}T{minute}:00", site.day))});
        if let (true, Some(body)) = (is_right, body.as_object_mut()) {
            body.insert("supersedes_id".to_owned(), json!(wrong));
        }
        let made = site.organiser.post("/head-counts", &body).await?.want(201)?;
        wrong = made.text("/id")?.to_owned();
        stage.did("head_count", &wrong, 1, "created");
    }
    let shown = site.organiser.get(&format!("/sites/{}/attendance", site.thing.id)).await?.want(200)?;
    same("số người đếm được cao nhất còn giá trị", HEADS, shown.number("/head_count/head_count")?)?;
    println!("  Đếm người trong sân bốn lần, một lần gõ nhầm được sửa: cao nhất {HEADS}, không cộng vào lượt và người.");
    Ok(())
}

/// Figures of a site at an instant: entries, persons, present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Then {
    figures: [i64; 3],
    at: DateTime<FixedOffset>,
}

/// The figures of a site are what its log says: entries, persons and who is present, with what was merged counted for who stays. With
/// the figures of an earlier instant, those are recounted from what the service had received by then.
pub async fn recount(site: &Site, then: Option<&Then>) -> Told<Then> {
    let told = match then {
        Some(then) => then.clone(),
        None => now(site).await?,
    };
    let mut counts_for = BTreeMap::new();
    for guest in all(&site.organiser, &format!("/participants?site_id={}&is_merged=true&limit=200", site.thing.id)).await? {
        counts_for.insert(text(&guest, "/id")?.to_owned(), text(&guest, "/merged_into_id")?.to_owned());
    }
    let (mut entries, mut persons, mut latest) = (0, BTreeSet::new(), BTreeMap::new());
    for line in all(&site.organiser, &format!("/check-ins?site_id={}&limit=200", site.thing.id)).await? {
        if instant(text(&line, "/received_at")?)? > told.at {
            continue;
        }
        let who = text(&line, "/participant_id")?;
        let who = counts_for.get(who).map_or(who, String::as_str).to_owned();
        let direction = text(&line, "/direction")?.to_owned();
        let at = (instant(text(&line, "/occurred_at")?)?, text(&line, "/op_id")?.to_owned());
        if direction == "entry" {
            entries += 1;
            persons.insert(who.clone());
        }
        let last = latest.entry(who).or_insert_with(|| (at.clone(), direction.clone()));
        if last.0 <= at {
            *last = (at, direction);
        }
    }
    let present = latest.values().filter(|(_, direction)| direction == "entry").count();
    let recounted = [entries, i64::try_from(persons.len()).unwrap_or(-1), i64::try_from(present).unwrap_or(-1)];
    same(&format!("lượt vào, người, đang có mặt của “{}” lúc {}, đếm lại từ nhật ký", site.name, told.at), recounted, told.figures)?;
    Ok(told)
}

async fn now(site: &Site) -> Told<Then> {
    let told = attendance(site).await?;
    let of = |name: &str| told.number(&format!("/total/{name}_count"));
    Ok(Then { figures: [of("entry")?, of("person")?, of("present")?], at: instant(told.text("/as_of")?)? })
}

fn instant(text: &str) -> Told<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).map_err(|error| Failure::new("giờ theo RFC 3339", format!("{text}: {error}")))
}

/// All sites recounted; their sums are the figures of the operations centre at that instant.
pub async fn recount_all(stage: &Stage) -> Told<()> {
    stage.chapter("Đếm lại từ nhật ký");
    let mut sum = [0; 3];
    for site in &stage.sites {
        let now = recount(site, None).await?;
        sum.iter_mut().zip(now.figures).for_each(|(sum, one)| *sum += one);
        if let Some(then) = &site.then {
            recount(site, Some(then)).await?;
            holds("con số buổi sáng khác lúc kết thúc", then.figures != now.figures, format!("{then:?}"))?;
            let [entries, persons, present] = then.figures;
            println!("  “{}” buổi sáng có {entries} lượt, {persons} người, {present} có mặt: nhật ký đến lúc ấy cũng vậy.", site.name);
        }
    }
    let overview = stage.cast.operations.get(&format!("/dashboard/overview?campaign_id={}", stage.campaign.id)).await?.want(200)?;
    let came = [overview.number("/guests/entries")?, overview.number("/guests/persons")?, overview.number("/guests/present")?];
    same("lượt vào, người, đang có mặt của cả đợt, đếm lại từ nhật ký", sum, came)?;
    let pilots = i64::try_from(stage.sites.iter().filter(|site| site.is_pilot).count()).unwrap_or(-1);
    let heads = (overview.number("/head_counts/counted_sites")?, overview.number("/head_counts/highest_sum")?);
    same("nơi có đếm người, tổng số cao nhất", (pilots, pilots * HEADS), heads)?;
    println!("  {} lượt vào, {} người, {} còn mặt lúc kết thúc: đúng như nhật ký từng điểm.", sum[0], sum[1], sum[2]);
    Ok(())
}
