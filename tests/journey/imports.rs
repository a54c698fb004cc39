//! A list of guests as a file: tried first, then taken in; the same list again, in another form, adds nobody.

use super::client::{Answer, Failure, Told, same, text};
use super::festival::Site;
use super::stage::{Stage, all, total};
use serde_json::json;
use std::time::{Duration, Instant};

/// How long an import may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Names of the list, all invented.
pub const NAMES: [&str; 6] = ["Lương Văn Thành", "Hoàng Thị Yến", "Đinh Công Sơn", "Lý A Tủa", "Mùa Thị Mỷ", "Phùng Văn Khải"];

pub async fn list(stage: &Stage, site: &Site) -> Told<()> {
    let line =
        |name: &str| format!("{}\n", json!({"kind": "person", "category": "movement_force", "full_name": name, "age_band": "31_to_60"}));
    let ndjson: String = NAMES.iter().map(|name| line(name)).collect::<String>()
        + "{\"kind\":\"person\",\"category\":\"không có\",\"full_name\":\"Ai đó\"}\n";
    let rows: String = NAMES.iter().map(|name| format!("Cá nhân;movement_force;{name}\n")).collect();
    let csv = format!("Loại;Thành phần;Họ và tên\n{rows}Cá nhân;movement_force;Chu Thị Xuân\n");
    let count = i64::try_from(NAMES.len()).unwrap_or(-1);
    let before = listed(site).await?;

    let tried = import(stage, site, ("application/x-ndjson", &ndjson), true).await?;
    same("thử tệp NDJSON: đọc, thêm, trùng, từ chối", [count + 1, count, 0, 1], counts(&tried)?)?;
    same("sau khi thử, danh sách không thêm ai", before, listed(site).await?)?;
    let first = import(stage, site, ("application/x-ndjson", &ndjson), false).await?;
    same("nhập tệp NDJSON: đọc, thêm, trùng, từ chối", [count + 1, count, 0, 1], counts(&first)?)?;
    let bad = all(&site.organiser, &format!("/participant-imports/{}/rows?verdict=refused", first.text("/id")?)).await?;
    let told = bad.first().map(|row| (row.pointer("/line").cloned(), text(row, "/problems/0/pointer").unwrap_or_default().to_owned()));
    same("dòng bị từ chối và chỗ sai", Some((Some(json!(count + 1)), "/category".to_owned())), told)?;
    let again = import(stage, site, ("application/x-ndjson", &ndjson), false).await?;
    same("nhập lại chính tệp ấy: đọc, thêm, trùng, từ chối", [count + 1, 0, count, 1], counts(&again)?)?;
    let table = import(stage, site, ("text/csv", &csv), false).await?;
    same("cùng danh sách ở dạng CSV, thêm một người", [count + 1, 1, count, 0], counts(&table)?)?;
    same("danh sách của điểm sau mọi tệp", before + count + 1, listed(site).await?)?;
    println!("  Nhập danh sách khách “{}”: thử trước, nhập một lần, gửi lại không thêm ai; CSV thêm đúng một người mới.", site.name);
    Ok(())
}

fn counts(import: &Answer) -> Told<[i64; 4]> {
    let of = |name: &str| import.number(&format!("/{name}_count"));
    Ok([of("read")?, of("added")?, of("repeated")?, of("refused")?])
}

async fn listed(site: &Site) -> Told<i64> {
    total(&site.organiser, &format!("/participants?site_id={}", site.thing.id)).await
}

/// Sends a file and waits until it is worked off.
async fn import(stage: &Stage, site: &Site, (kind, file): (&str, &str), is_dry_run: bool) -> Told<Answer> {
    let path = format!("/participant-imports?site_id={}&dry_run={is_dry_run}", site.thing.id);
    let sent = site.organiser.post_file(&path, kind, file).await?.want(202)?;
    let path = format!("/participant-imports/{}", sent.text("/id")?);
    let begun = Instant::now();
    loop {
        let now = site.organiser.get(&path).await?.want(200)?;
        match now.text("/state")? {
            "queued" | "running" if begun.elapsed() < PATIENCE => tokio::time::sleep(Duration::from_millis(150)).await,
            "done" => {
                told(stage, site, &now).await?;
                return Ok(now);
            }
            state => return Err(Failure::new("tệp được nhập xong", format!("{state}: {}", now.text))),
        }
    }
}

/// What the feed has of it: its states, and the guests that it listed.
async fn told(stage: &Stage, site: &Site, import: &Answer) -> Told<()> {
    let id = import.text("/id")?;
    for (version, state) in [(1, "queued"), (2, "running"), (3, "done")] {
        stage.did("participant_import", id, version, state);
    }
    if import.number("/added_count")? > 0 && !import.flag("/is_dry_run")? {
        let (_, now) = stage.read(&site.organiser, "site", "sites", &site.thing.id).await?;
        stage.did("site", &site.thing.id, now.number("/version")?, "guests_listed");
    }
    Ok(())
}
