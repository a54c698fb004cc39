//! What was achieved, row by row: commendations, gifts, models, press, pledges, opinions, obstacles and money; every total of the
//! campaign is recounted from the list that it links to.

use super::client::{Caller, Failure, Told, holds, number, same, text};
use super::stage::{Stage, Thing, all, total};
use super::typed;
use serde_json::{Value, json};

/// Invented, and not to be seen in the feed.
pub const NAMES: [&str; 2] = ["Trương Thị Ngân", "Hoàng Văn Tiệp"];

/// What a district spent of its estimate.
const SPENT: i64 = 7_000_000;

pub async fn record(stage: &Stage) -> Told<()> {
    stage.chapter("Kết quả: khen thưởng, quà, mô hình, báo chí, cam kết, ý kiến, vướng mắc, kinh phí");
    stage.clock("08-16T14:00:00").await?;
    for index in 0..stage.districts.len() {
        achieve(stage, index).await?;
    }
    opinions(stage).await?;
    obstacle(stage).await?;
    Ok(())
}

/// Records a row of a district in a ledger.
async fn row(stage: &Stage, index: usize, (resource, path): (&'static str, &'static str), mut row: Value) -> Told<Thing> {
    let district = stage.districts.get(index).ok_or_else(|| Failure::new("một huyện", index.to_string()))?;
    if let Some(row) = row.as_object_mut() {
        row.insert("campaign_id".to_owned(), json!(stage.campaign.id));
        row.insert("org_unit_id".to_owned(), json!(district.unit));
    }
    Ok(stage.create(&district.caller, resource, path, &row).await?.0)
}

async fn achieve(stage: &Stage, index: usize) -> Told<()> {
    let Some(district) = stage.districts.get(index) else { return Ok(()) };
    let (day, no) = (stage.day("08-10"), i64::try_from(index).unwrap_or(0));
    for (kind, name) in [("individual", NAMES[0]), ("collective", "Tổ tự quản số 1")] {
        let body = json!({"awardee_kind": kind, "awardee_name": name, "award_form": "giay_khen", "award_level": "district", "decision_number": "77/QĐ-UBND",
            "decided_on": day, "awarding_body": "Ủy ban nhân dân huyện", "reason": "Thành tích trong phong trào"});
        row(stage, index, ("commendation", "commendations"), body).await?;
    }
    let gift = json!({"recipient_category": "poor_household", "recipient_count": 10 + no, "value_vnd": 5_000_000, "giver": "Công an huyện", "given_on": day});
    row(stage, index, ("gift", "gifts"), gift).await?;
    let model = json!({"name": "Camera an ninh", "kind": "security_camera", "launched_on": stage.day("07-05")});
    let mut model = row(stage, index, ("grassroots_model", "grassroots-models"), model).await?;
    if let Some(commune) = stage.communes.iter().find(|commune| commune.district == index) {
        let place = json!({"org_unit_id": commune.unit, "replicated_on": day});
        let spread = stage.step(&district.caller, &mut model, "replicate", Some(&place), "replicated").await?;
        same("nơi nhân rộng mô hình", ("replicated", 1), (spread.text("/state")?, spread.number("/replication_count")?))?;
    }
    let news = json!({"outlet": "Báo Yên Bái", "kind": "article", "title": "Ngày hội ở cơ sở", "published_on": day});
    row(stage, index, ("media_item", "media-items"), news).await?;
    let pledge =
        json!({"topic": "An toàn giao thông", "household_count": 40 + no, "person_count": 5, "collective_count": 2, "signed_on": day});
    row(stage, index, ("pledge", "pledges"), pledge).await?;
    let line =
        json!({"source": "yearly_estimate", "decision_number": "12/QĐ-UBND", "purpose": "Tổ chức Ngày hội", "planned_vnd": 10_000_000});
    let mut line = row(stage, index, ("budget_line", "budget-lines"), line).await?;
    for amount in [SPENT - 1_000_000, 1_000_000] {
        let spending = json!({"spent_on": day, "amount_vnd": amount, "note": "Thuê âm thanh"});
        stage.step(&district.caller, &mut line, "spend", Some(&spending), "spent").await?;
    }
    let (_, now) = stage.read(&district.caller, "budget_line", "budget-lines", &line.id).await?;
    same("đã chi, còn lại", (SPENT, 3_000_000), (now.number("/spent_vnd")?, now.number("/remaining_vnd")?))?;
    let spendings = all(&district.caller, &format!("/budget-lines/{}/spendings?limit=200", line.id)).await?;
    let sum: i64 = spendings.iter().map(|one| number(one, "/amount_vnd")).sum::<Told<i64>>()?;
    same("đã chi bằng tổng các lần chi", SPENT, sum)
}

/// At the forum of Lục Yên: one answered, one passed on to the police and answered there, one anonymous and left open.
async fn opinions(stage: &Stage) -> Told<()> {
    let (opinions, raised_at) = (("opinion", "opinions"), stage.at("07-12T15:00:00"));
    let said = |text: &str, name: Option<&str>| json!({"text": text, "raised_at": raised_at, "is_anonymous": name.is_none(), "raised_by_name": name, "answer_due_before": stage.at("08-01T00:00:00")});
    let Some(district) = stage.districts.first() else { return Ok(()) };
    let mut one = row(stage, 0, opinions, said("Đề nghị lắp thêm đèn đường thôn Nà Om.", Some(NAMES[1]))).await?;
    let mut two = row(stage, 0, opinions, said("Đề nghị cấp căn cước lưu động tại xã.", Some(NAMES[0]))).await?;
    row(stage, 0, opinions, said("Có điểm đánh bạc ở chợ.", None)).await?;
    let overdue = async || total(&district.caller, &format!("/opinions?campaign_id={}&is_overdue=true", stage.campaign.id)).await;
    same("ý kiến quá hạn trả lời", 3, overdue().await?)?;
    stage.step(&district.caller, &mut one, "answer", Some(&json!({"answer": "Đã lắp 12 đèn."})), "answered").await?;
    let refer = json!({"to_org_unit_id": stage.cast.account("standing_agency")?.org_unit, "note": "Thuộc thẩm quyền Công an tỉnh"});
    stage.step(&district.caller, &mut two, "refer", Some(&refer), "referred").await?;
    let answered =
        stage.step(&stage.cast.police, &mut two, "answer", Some(&json!({"answer": "Tổ lưu động về xã ngày 25/8."})), "answered").await?;
    same("nơi trả lời ý kiến", stage.cast.account("standing_agency")?.org_unit.as_str(), answered.text("/answered_by_org_unit_id")?)?;
    println!("  Ba ý kiến ở diễn đàn: một huyện trả lời, một chuyển Công an tỉnh trả lời, một ẩn danh còn chờ.");
    same("ý kiến còn quá hạn", 1, overdue().await?)
}

/// Raised to the province through its police, and answered there (R20).
async fn obstacle(stage: &Stage) -> Told<()> {
    let body = json!({"title": "Thiếu kinh phí", "description": "Mưa lũ làm hỏng sân khấu.", "proposal": "Bổ sung 20 triệu đồng."});
    let mut thing = row(stage, 4, ("obstacle", "obstacles"), body).await?;
    stage.step(&stage.cast.police, &mut thing, "start", None, "started").await?;
    stage.step(&stage.cast.province, &mut thing, "answer", Some(&json!({"answer": "Bổ sung từ nguồn dự phòng."})), "answered").await?;
    let closed = stage.step(&stage.cast.police, &mut thing, "close", None, "closed").await?;
    println!("  Vướng mắc của huyện Mù Cang Chải lên tỉnh qua Công an tỉnh, được giải quyết.");
    same("vướng mắc", ("closed", stage.committee.as_str()), (closed.text("/state")?, closed.text("/receiver_org_unit_id")?))
}

/// Every total equals a recount of its list, and the cost of an attendance is what was spent over who came in.
pub async fn check_totals(stage: &Stage) -> Told<()> {
    stage.chapter("Tổng kết quả, đếm lại từng danh sách");
    let who = &stage.cast.province;
    let answer = who.get(&format!("/campaigns/{}/results", stage.campaign.id)).await?.want(200)?;
    let totals = answer.list("/totals")?;
    for total in totals {
        same(&format!("tổng {}", text(total, "/link")?), number(total, "/value")?, recount(who, total).await?)?;
    }
    let of = |ledger: &str, measure: &str| one(totals, ledger, measure);
    let districts = i64::try_from(stage.districts.len()).unwrap_or(-1);
    same(
        "khen thưởng, mô hình nhân rộng",
        (2 * districts, districts),
        (of("commendations", "count")?, of("grassroots_models", "replication_count")?),
    )?;
    let spent = of("budget_lines", "spent_vnd")?;
    same("kinh phí đã chi theo sổ", SPENT * districts, spent)?;
    let entries = answer.number("/attendance_count")?;
    let mine: i64 = stage.sites.iter().filter_map(|site| super::guests::tally(site).get(2).copied()).sum();
    same("lượt người dự", mine, entries)?;
    let cost = answer.number("/cost_per_attendance_vnd")?;
    holds("chi cho một lượt dự", (cost * entries - spent).abs() <= entries, format!("{cost} × {entries} ≠ {spent}"))?;
    println!("  {} tổng, mỗi tổng bằng danh sách nó dẫn; chi {cost} đồng cho một lượt dự.", totals.len());
    typed::check_totals(stage).await?;
    Ok(())
}

/// The total of a whole ledger.
pub fn one(totals: &[Value], ledger: &str, measure: &str) -> Told<i64> {
    let is = |total: &&Value| {
        text(total, "/ledger").is_ok_and(|own| own == ledger)
            && text(total, "/measure").is_ok_and(|own| own == measure)
            && total.get("kind").is_none_or(Value::is_null)
    };
    totals
        .iter()
        .find(is)
        .ok_or_else(|| Failure::new(format!("tổng {measure} của {ledger}"), "không có"))
        .and_then(|total| number(total, "/value"))
}

/// The same figure from the list that a total leads to.
pub async fn recount(who: &Caller, one: &Value) -> Told<i64> {
    let (ledger, measure, link) = (text(one, "/ledger")?, text(one, "/measure")?, text(one, "/link")?);
    match (ledger, measure) {
        (_, "count" | "overdue_count") | ("commendations", _) => total(who, link).await,
        _ => all(who, &format!("{link}&limit=200")).await?.iter().map(|item| number(item, &format!("/{measure}"))).sum(),
    }
}
