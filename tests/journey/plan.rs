//! The province opens a campaign and issues its plan, on the model of plan 81/KH-BCĐ of 2023.

use super::cast;
use super::client::{Answer, Failure, Told, number, same, text};
use super::stage::{Stage, Thing, all};
use serde_json::{Map, Value, json};

/// The plan that the story follows.
const MODEL: &str = "81/KH-BCĐ";
/// Rules of the plan whose wording holds a date of its year.
const DATED_RULES: [&str; 3] = ["R1", "R2", "R3"];
/// Kinds of body at province level that owe a report (III.3); every district committee owes one too.
const REPORTING: [&str; 5] =
    ["provincial_department", "information_department", "mass_organisation", "fatherland_front", "military_command"];

pub async fn tell(stage: &mut Stage) -> Told<()> {
    stage.chapter("Tỉnh mở đợt Ngày hội và ban hành kế hoạch");
    let model = find_model(stage).await?;
    stage.year = free_year(stage).await?;
    println!(
        "  Đợt năm 2023 trong dữ liệu mẫu đã ban hành kế hoạch {MODEL}; câu chuyện mở đợt năm {} theo đúng kế hoạch đó, \
         ngày tháng dời sang năm ấy, để bắt đầu từ việc ban hành và kể lại được nhiều lần.",
        stage.year
    );
    stage.clock("03-20T08:00:00").await?;
    open_campaign(stage, text(&model, "/org_unit_id")?).await?;
    let mut plan = draft(stage, &model).await?;
    println!("  Kế hoạch còn là dự thảo: cấp xã chưa thấy.");
    stage.cast.commune.get(&format!("/plans/{}", plan.id)).await?.refused(404, "not_found")?;
    stage.step(&stage.cast.police, &mut plan, "submit", None, "submitted").await?;
    println!("  Công an tỉnh (cơ quan thường trực) dự thảo và trình; không có quyền ban hành:");
    let issue = json!({"number": 81, "issued_on": stage.day("03-24")});
    super::stage::attempt(&stage.cast.police, &plan, "issue", Some(&issue)).await?.refused(403, "forbidden")?;
    stage.clock("03-24T09:00:00").await?;
    let issued = stage.step(&stage.cast.province, &mut plan, "issue", Some(&issue), "issued").await?;
    same("số, ký hiệu kế hoạch", MODEL, issued.text("/document_number")?)?;
    println!("  Ban Chỉ đạo 138 tỉnh ban hành kế hoạch {} ngày {}.", issued.text("/document_number")?, issued.text("/issued_on")?);
    println!("  Cấp xã đọc được kế hoạch đã ban hành.");
    let read = stage.cast.commune.get(&format!("/plans/{}", plan.id)).await?.want(200)?;
    same("số nơi nhận của kế hoạch", 13, size(&read, "/recipients")?)?;
    (stage.committee, stage.plan) = (text(&model, "/org_unit_id")?.to_owned(), plan.id.clone());
    check_issued(stage).await?;
    cast::make_accounts(stage).await
}

async fn find_model(stage: &Stage) -> Told<Value> {
    let plans = all(&stage.cast.province, "/plans?state=issued&limit=200").await?;
    let is_model = |plan: &&Value| {
        let is = |pointer: &str, start: &str| text(plan, pointer).is_ok_and(|value| value.starts_with(start));
        is("/document_number", MODEL) && is("/issued_on", "2023")
    };
    let found = plans.iter().find(is_model);
    let found = found.ok_or_else(|| Failure::new(format!("kế hoạch {MODEL} năm 2023 trong dữ liệu mẫu"), "không có"))?;
    let plan = stage.cast.province.get(&format!("/plans/{}", text(found, "/id")?)).await?.want(200)?;
    same(
        "số nơi nhận, căn cứ và quy định",
        (13, 10, 22),
        (size(&plan, "/recipients")?, size(&plan, "/legal_bases")?, size(&plan, "/rules")?),
    )?;
    Ok(plan.body)
}

fn size(answer: &Answer, pointer: &str) -> Told<usize> {
    Ok(answer.list(pointer)?.len())
}

/// A year without a campaign in which there were districts: one before the model's, else the one after it. The festival is
/// yearly since 2005, and districts ended on 30 June 2025. Before comes first, so that no clock of the story reminds anybody of the
/// demo's own campaign.
async fn free_year(stage: &Stage) -> Told<i32> {
    let campaigns = all(&stage.cast.province, "/campaigns?limit=200").await?;
    let is_free = |year: &i32| !campaigns.iter().any(|campaign| number(campaign, "/year").is_ok_and(|taken| taken == i64::from(*year)));
    let found = (2005..2023).rev().chain(std::iter::once(2024)).find(is_free);
    found.ok_or_else(|| Failure::new("một năm còn cấp huyện và chưa có đợt Ngày hội", "mọi năm từ 2005 đến 2024 đều đã có"))
}

async fn open_campaign(stage: &mut Stage, committee: &str) -> Told<()> {
    let body = json!({
        "org_unit_id": committee,
        "name": format!("Ngày hội toàn dân bảo vệ an ninh Tổ quốc tỉnh Yên Bái năm {}", stage.year),
        "year": stage.year, "event_from": stage.day("07-01"), "event_to": stage.day("08-19"),
        "report_due_before": stage.day("08-20"), "provincial_pilot_count": 2, "min_district_nominations": 1,
    });
    let (campaign, answer) = stage.create(&stage.cast.province, "campaign", "campaigns", &body).await?;
    same("trạng thái của đợt mới", "draft", answer.text("/state")?)?;
    stage.campaign = campaign;
    // The campaign comes with the form of the plan's indicators.
    for form in all(&stage.cast.province, &format!("/report-forms?campaign_id={}", stage.campaign.id)).await? {
        stage.did("report_form", text(&form, "/id")?, number(&form, "/version")?, "created");
    }
    Ok(())
}

/// The same plan for another year: its rules, recipients and cited documents.
async fn draft(stage: &Stage, model: &Value) -> Told<Thing> {
    let units = all(&stage.cast.province, "/org-units?limit=200").await?;
    let year = stage.year.to_string();
    let mut recipients = copied(model, "/recipients", &["name", "org_unit_id"])?;
    for recipient in &mut recipients {
        // A province links the bodies of its own tree; those above it stay a printed line.
        let is_own = units.iter().any(|unit| unit.get("id") == recipient.get("org_unit_id"));
        if !is_own {
            recipient.remove("org_unit_id");
        }
    }
    let mut rules = copied(model, "/rules", &["rule_id", "clause", "also_in", "obligation", "statement", "parameters"])?;
    for rule in &mut rules {
        let is_dated = rule.get("rule_id").and_then(Value::as_str).is_some_and(|id| DATED_RULES.contains(&id));
        if is_dated {
            let shifted = Value::Object(rule.clone()).to_string().replace("2023", &year);
            *rule = serde_json::from_str(&shifted).map_err(|error| Failure::new("quy định của năm khác", error.to_string()))?;
        }
    }
    let body = json!({
        "campaign_id": stage.campaign.id, "org_unit_id": text(model, "/org_unit_id")?, "symbol": text(model, "/symbol")?,
        "title": text(model, "/title")?.replace("2023", &year), "summary": text(model, "/summary")?.replace("2023", &year),
        "issue_place": text(model, "/issue_place")?, "signatory_name": text(model, "/signatory_name")?,
        "signatory_title": text(model, "/signatory_title")?, "signatory_post": text(model, "/signatory_post")?,
        "recipients": recipients, "rules": rules,
        "legal_bases": copied(model, "/legal_bases", &["citation", "clause", "issuer", "issued_on", "subject", "note"])?,
    });
    let (plan, answer) = stage.create(&stage.cast.police, "plan", "plans", &body).await?;
    same("số quy định của kế hoạch", rules.len(), size(&answer, "/rules")?)?;
    Ok(plan)
}

/// The members named of each item of a list; null counts as absent.
fn copied(model: &Value, pointer: &str, members: &[&str]) -> Told<Vec<Map<String, Value>>> {
    let list = model.pointer(pointer).and_then(Value::as_array);
    let list = list.ok_or_else(|| Failure::new(format!("danh sách {pointer}"), model.to_string()))?;
    let item = |one: &Value| {
        members.iter().filter_map(|name| Some(((*name).to_owned(), one.get(*name).filter(|value| !value.is_null())?.clone()))).collect()
    };
    Ok(list.iter().map(item).collect())
}

/// The campaign is issued with its plan, all below can read it, and who owes a report is laid down.
async fn check_issued(stage: &mut Stage) -> Told<()> {
    let (campaign, answer) = stage.read(&stage.cast.province, "campaign", "campaigns", &stage.campaign.id).await?;
    same("trạng thái của đợt sau khi ban hành", "issued", answer.text("/state")?)?;
    stage.did("campaign", &campaign.id, answer.number("/version")?, "issued");
    stage.campaign = campaign;
    let owed = all(&stage.cast.desk, &format!("/report-obligations?campaign_id={}&limit=200", stage.campaign.id)).await?;
    let units = all(&stage.cast.province, "/org-units?limit=200").await?;
    let owes = |unit: &&Value| {
        let is = |pointer: &str, value: &str| text(unit, pointer).is_ok_and(|own| own == value);
        is("/kind", "district_committee") || is("/level", "province") && REPORTING.iter().any(|kind| is("/kind", kind))
    };
    let expected = units.iter().filter(owes).count();
    same("số nơi phải báo cáo, đếm từ cây đơn vị", expected, owed.len())?;
    let limit =
        chrono::DateTime::parse_from_rfc3339(&stage.at("08-20T00:00:00")).map_err(|error| Failure::new("giờ", error.to_string()))?;
    for one in &owed {
        let due = chrono::DateTime::parse_from_rfc3339(text(one, "/due_before")?);
        same("hạn báo cáo (hết ngày 19/8, R2)", Ok(limit), due)?;
        same("căn cứ của nghĩa vụ báo cáo", ("R2", "III.3"), (text(one, "/rule_id")?, text(one, "/clause")?))?;
        stage.did("report_obligation", text(one, "/id")?, number(one, "/version")?, "created");
    }
    for plan in all(&stage.cast.province, &format!("/plan-obligations?campaign_id={}&limit=200", stage.campaign.id)).await? {
        stage.did("plan_obligation", text(&plan, "/id")?, number(&plan, "/version")?, "created");
    }
    let districts = owed.iter().filter(|one| text(one, "/org_unit_kind").is_ok_and(|kind| kind == "district_committee")).count();
    same("số Ban Chỉ đạo 138 cấp huyện phải báo cáo", cast::PLACES.len(), districts)?;
    println!(
        "  {} nơi phải báo cáo trước ngày 20/8/{}: {districts} huyện và {} sở, ngành, đoàn thể.",
        owed.len(),
        stage.year,
        owed.len() - districts
    );
    Ok(())
}
