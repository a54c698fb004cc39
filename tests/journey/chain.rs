//! Commune to district to province: what a district adds up is what its communes reported, and the province what all of them did.

use super::client::{Told, number, same, text};
use super::stage::Stage;
use serde_json::Value;

/// A figure that communes report.
const FIGURE: &str = "banners";

pub async fn check(stage: &Stage) -> Told<()> {
    stage.chapter("Từ xã lên huyện, từ huyện lên tỉnh");
    let path = format!("/campaigns/{}/consolidation?code={FIGURE}", stage.campaign.id);
    let whole = stage.cast.desk.get(&path).await?.want(200)?;
    let sources = whole.list("/totals/0/sources")?;
    let mut sum = 0;
    for (index, district) in stage.districts.iter().enumerate() {
        let is_own = |unit: &str| unit == district.unit || stage.communes.iter().any(|one| one.district == index && one.unit == unit);
        let own: Vec<&Value> = sources.iter().filter(|source| text(source, "/org_unit_id").is_ok_and(is_own)).collect();
        let expected: i64 = own.iter().map(|source| number(source, "/value")).sum::<Told<i64>>()?;
        let below = district.caller.get(&format!("{path}&under_org_unit_id={}", district.unit)).await?.want(200)?;
        let came = (below.number("/totals/0/value")?, below.number("/totals/0/source_count")?);
        same(&format!("tổng của {} và số nguồn", district.name), (expected, i64::try_from(own.len()).unwrap_or(-1)), came)?;
        sum += came.0;
        let communes = i64::try_from(stage.communes.iter().filter(|one| one.district == index).count()).unwrap_or(-1);
        let path = format!("/campaigns/{}/completeness?to_org_unit_id={}", stage.campaign.id, district.unit);
        let owed = district.caller.get(&path).await?.want(200)?;
        let came = (owed.number("/expected_count")?, owed.number("/accepted_count")?);
        same(&format!("nơi phải báo cáo {}, đã chấp nhận", district.name), (communes, communes), came)?;
    }
    same("tổng của tỉnh bằng tổng các huyện", whole.number("/totals/0/value")?, sum)?;
    println!("  {sum} pa nô, băng rôn của {} nơi: tổng từng huyện bằng tổng các xã, tổng tỉnh bằng tổng các huyện.", sources.len());
    Ok(())
}
