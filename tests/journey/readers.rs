//! Who reads what: the centre the totals, a district its own guests only, the operations centre figures without
//! persons; and the change feed, which holds every transition of the story exactly once.

use super::client::{Answer, Failure, Told, holds, number, same, text};
use super::guests::NAMES;
use super::stage::{Deed, Stage, all};
use super::{delegates, devices, imports, ledgers};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Differences that a failure shows.
const SHOWN: usize = 40;
/// How long the feed may wait for transactions that were still running.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn tell(stage: &Stage) -> Told<()> {
    stage.chapter("Ai xem được gì");
    let id = &stage.campaign.id;
    let answer = stage.cast.centre.get(&format!("/campaigns/{id}/consolidation?with_narratives=true")).await?.want(200)?;
    same("số báo cáo được chấp nhận, Trung ương đọc", answer.number("/expected_count")?, answer.number("/accepted_count")?)?;
    holds("lời của các báo cáo", !answer.list("/narratives")?.is_empty(), &answer.text)?;
    println!("  Trung ương đọc tổng hợp của tỉnh.");
    stage.cast.centre.get(&format!("/dashboard/overview?campaign_id={id}")).await?.want(200)?;
    stage.cast.centre.get(&format!("/participants?campaign_id={id}")).await?.refused(403, "forbidden")?;
    strangers(stage).await?;
    operations(stage).await
}

/// A district does not see another's site or guests: the same as if there were none.
async fn strangers(stage: &Stage) -> Told<()> {
    let (Some(site), Some(other)) = (stage.sites.first(), stage.districts.get(1)) else { return Ok(()) };
    let Some(guest) = site.guests.first() else { return Ok(()) };
    println!("  {} hỏi về khách của huyện khác:", other.name);
    other.caller.get(&format!("/participants/{}", guest.id)).await?.refused(404, "not_found")?;
    other.caller.get(&format!("/sites/{}", site.thing.id)).await?.refused(404, "not_found")?;
    let theirs = all(&other.caller, &format!("/participants?site_id={}", site.thing.id)).await?;
    same("số khách của huyện khác mà huyện này thấy", 0, theirs.len())?;
    for guest in all(&other.caller, &format!("/participants?campaign_id={}&limit=200", stage.campaign.id)).await? {
        same("khách trong danh sách thuộc huyện mình", other.unit.as_str(), text(&guest, "/org_unit_id")?)?;
    }
    site.organiser.get(&format!("/participants/{}", guest.id)).await?.want(200)?;
    Ok(())
}

async fn operations(stage: &Stage) -> Told<()> {
    let (id, operations) = (&stage.campaign.id, &stage.cast.operations);
    println!("  Trung tâm điều hành xem bảng số liệu và bản đồ, không xem được người:");
    let overview = operations.get(&format!("/dashboard/overview?campaign_id={id}")).await?.want(200)?;
    check_overview(stage, &overview)?;
    let map = operations.get(&format!("/map/sites.geojson?campaign_id={id}")).await?.want(200)?;
    same("số điểm trên bản đồ", stage.sites.len(), map.list("/features")?.len())?;
    nameless(&overview)?;
    nameless(&map)?;
    operations.get(&format!("/participants?campaign_id={id}")).await?.refused(403, "forbidden")?;
    if let Some(guest) = stage.sites.first().and_then(|site| site.guests.first()) {
        operations.get(&format!("/participants/{}", guest.id)).await?.refused(403, "forbidden")?;
    }
    Ok(())
}

/// No name of a guest is in the answer.
fn nameless(answer: &Answer) -> Told<()> {
    let mut names = NAMES.iter().chain(&imports::NAMES).chain(&delegates::NAMES).chain(&devices::NEWCOMERS).chain(&ledgers::NAMES);
    let name = names.find(|name| answer.text.contains(**name));
    name.map_or(Ok(()), |name| Err(Failure::new(format!("không có tên khách nào trong {}", answer.path), *name)))
}

/// The overview shows what the story did.
fn check_overview(stage: &Stage, overview: &Answer) -> Told<()> {
    let total = stage.sites.iter().map(super::guests::tally).fold([0; 5], |mut sum, site| {
        sum.iter_mut().zip(site).for_each(|(sum, one)| *sum += one);
        sum
    });
    let mut came = [0; 5];
    for (figure, name) in came.iter_mut().zip(["accepted", "declined", "entries", "persons", "present"]) {
        *figure = overview.number(&format!("/guests/{name}"))?;
    }
    same("khách trên bảng điều hành: nhận lời, từ chối, lượt vào, người, đang có mặt", total, came)?;
    let sites = i64::try_from(stage.sites.len()).unwrap_or(-1);
    same(
        "điểm trên bảng điều hành: tất cả, đã kết thúc, điểm của tỉnh",
        (sites, sites, 2),
        (overview.number("/sites/total")?, overview.number("/sites/closed")?, overview.number("/sites/provincial_pilots")?),
    )
}

pub async fn read_feed(stage: &Stage) -> Told<()> {
    stage.chapter("Dòng thay đổi");
    let deeds = stage.deeds();
    let mut seen: BTreeMap<Deed, u32> = BTreeMap::new();
    let mut total = 0;
    let mut after = String::new();
    let begun = Instant::now();
    loop {
        let stretch = stage.cast.province.get(&format!("/changes?campaign_id={}&limit=200{after}", stage.campaign.id)).await?.want(200)?;
        nameless(&stretch)?;
        for item in stretch.list("/items")? {
            let (resource, id) = (text(item, "/resource")?.to_owned(), text(item, "/resource_id")?.to_owned());
            let (version, action) = (number(item, "/resource_version")?, text(item, "/action")?.to_owned());
            *seen.entry(Deed { resource, id, version, action }).or_default() += 1;
            total += 1;
        }
        after = format!("&after={}", stretch.text("/next_cursor")?);
        if stretch.at("/has_more")?.as_bool() == Some(true) {
            continue;
        }
        // A change appears when no older transaction is running any more: at a busy server a moment later.
        if total >= deeds.len() || begun.elapsed() > PATIENCE {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let mut expected: BTreeMap<Deed, u32> = BTreeMap::new();
    for deed in &deeds {
        *expected.entry(deed.clone()).or_default() += 1;
    }
    // Guests listed by two files are told of the site under one version: such a deed stands as often as it was done.
    let missing: Vec<String> = expected
        .iter()
        .filter(|(deed, times)| seen.get(deed) != Some(times))
        .map(|(deed, times)| format!("{times} × {deed:?}, có {:?}", seen.get(deed)))
        .collect();
    let foreign: Vec<String> =
        seen.iter().filter(|(deed, _)| !expected.contains_key(deed)).map(|(deed, times)| format!("{times} × {deed:?}")).collect();
    if !missing.is_empty() || !foreign.is_empty() {
        let shown = |list: &[String]| list.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
        let came = format!(
            "thiếu hoặc khác số lần ({}):\n{}\nngoài câu chuyện ({}):\n{}",
            missing.len(),
            shown(&missing),
            foreign.len(),
            shown(&foreign)
        );
        return Err(Failure::new("dòng thay đổi có đúng những việc của câu chuyện, mỗi việc một lần", came));
    }
    println!("  {total} thay đổi, đúng {} việc của câu chuyện, mỗi việc một lần, không có tên khách.", deeds.len());
    Ok(())
}
