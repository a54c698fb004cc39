//! Three devices at the doors of a site, without signal: enrolled by a code, with a signed snapshot along; what they logged comes in
//! any order and several times, and counts once.

use super::client::{Caller, Failure, Told, holds, same, text};
use super::door;
use super::festival::Site;
use super::guests::Guest;
use super::invitations::claims;
use super::stage::Stage;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// People whom nobody had listed, one at each door, all invented.
pub const NEWCOMERS: [&str; 3] = ["Cứ A Vàng", "Bàn Thị Nhàn", "Đặng Tòn Phúc"];

/// A device: its own caller and what it logged.
struct Device {
    caller: Caller,
    log: Vec<Value>,
}

pub async fn offline(stage: &Stage, site: &mut Site) -> Told<()> {
    let mut devices = Vec::new();
    for no in 1..=3 {
        let device = enrol(stage, site, no).await?;
        snapshot(stage, site, &device).await?;
        devices.push(Device { caller: device, log: Vec::new() });
    }
    log_morning(stage, site, &mut devices);
    stage.clock(&format!("{}T10:00:00", site.day)).await?;
    println!("  Có sóng trở lại: ba máy gửi nhật ký từng mẩu, lộn thứ tự, mỗi mẩu hai lần.");
    let lines = send(&devices).await?;
    for operation in devices.iter().flat_map(|device| &device.log) {
        let line = lines.get(text(operation, "/op_id")?).ok_or_else(|| Failure::new("dòng của mỗi thao tác", operation.to_string()))?;
        stage.did("check_in", line, 1, text(operation, "/direction")?);
    }
    newcomers(stage, site, &devices, &lines).await?;
    if let Some(device) = devices.first() {
        door::walk_in(stage, site, &device.caller).await?;
    }
    Ok(())
}

/// The organiser makes a device and reads its code out; the code works once, its secret gives a token.
async fn enrol(stage: &Stage, site: &Site, no: u32) -> Told<Caller> {
    let body = json!({"campaign_id": stage.campaign.id, "org_unit_id": site.unit, "name": format!("Bàn đón tiếp số {no}"), "site_ids": [site.thing.id]});
    let (device, made) = stage.create(&site.organiser, "device", "devices", &body).await?;
    let stranger = Caller::stranger(&stage.service);
    let code = json!({"code": made.text("/code")?});
    let own = stranger.post("/devices/enrol", &code).await?.want(200)?;
    stage.did("device", &device.id, made.number("/version")? + 1, "enrolled");
    stranger.post("/devices/enrol", &code).await?.refused(401, "invalid_credentials")?;
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", own.text("/client_id")?, own.text("/client_secret")?);
    let token = stranger.post_file("/oauth/token", "application/x-www-form-urlencoded", &form).await?.want(200)?;
    Ok(stranger.with_token(&format!("máy số {no}"), token.text("/access_token")?))
}

/// All guests of the site, page by page, each page under a signature that the published keys verify.
async fn snapshot(stage: &Stage, site: &Site, device: &Caller) -> Told<()> {
    let (mut guests, mut after) = (Vec::new(), String::new());
    loop {
        let page = device.get(&format!("/check-ins/snapshot?limit=10{after}")).await?.want(200)?;
        let signature = page.headers.get("snapshot-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let signed = claims(&stage.cast.province, signature, "check-in-snapshot").await?;
        same("chữ ký của danh sách mang theo", URL_SAFE_NO_PAD.encode(Sha256::digest(&page.bytes)), text(&signed, "/sha256")?.to_owned())?;
        for guest in page.list("/guests")? {
            guests.push(text(guest, "/id")?.to_owned());
        }
        after = format!("&after={}", page.text("/next_cursor")?);
        if !page.flag("/has_more")? {
            break;
        }
    }
    let mut expected: Vec<&str> = site.guests.iter().map(|guest| guest.id.as_str()).collect();
    let mut came: Vec<&str> = guests.iter().map(String::as_str).collect();
    expected.sort_unstable();
    came.sort_unstable();
    same("khách trong danh sách mang theo", expected, came)
}

/// The morning without signal: all who accepted come, by three doors; one goes home, one goes out and comes back by another door; each
/// door meets somebody whom nobody had listed, one of whom leaves.
fn log_morning(stage: &Stage, site: &mut Site, devices: &mut [Device]) {
    let mut minute = 0;
    let day = site.day;
    let mut operation = |who: Value, direction: &str| {
        minute += 1;
        let mut one =
            json!({"op_id": Uuid::now_v7(), "direction": direction, "occurred_at": stage.at(&format!("{day}T07:{minute:02}:00"))});
        if let (Some(one), Value::Object(who)) = (one.as_object_mut(), who) {
            one.extend(who);
        }
        one
    };
    let mut put = |door: usize, one: Value| {
        let doors = devices.len().max(1);
        if let Some(device) = devices.get_mut(door % doors) {
            device.log.push(one);
        }
    };
    for (no, guest) in site.guests.iter_mut().filter(|guest| guest.answer == Some(true)).enumerate() {
        let who = json!({"participant_id": guest.id});
        put(no, operation(who.clone(), "entry"));
        (guest.entries, guest.is_present) = (1, true);
        if no <= 1 {
            put(no + 1, operation(who.clone(), "exit"));
            guest.is_present = false;
        }
        if no == 1 {
            put(no + 2, operation(who, "entry"));
            (guest.entries, guest.is_present) = (2, true);
        }
    }
    for (door, name) in NEWCOMERS.iter().enumerate() {
        let who = json!({"guest": {"kind": "person", "full_name": name}});
        let entry = operation(who.clone(), "entry");
        if door == 0 {
            let mut exit = operation(who, "exit");
            if let (Some(exit), Some(first)) = (exit.as_object_mut(), entry.get("op_id")) {
                exit.insert("guest_op_id".to_owned(), first.clone());
            }
            put(door, exit);
        }
        put(door, entry);
    }
}

/// Sends stretches of the logs in an order that no one planned, each twice. Each operation is logged once; its line, by operation.
async fn send(devices: &[Device]) -> Told<BTreeMap<String, String>> {
    let mut stretches: Vec<(&Caller, &[Value])> = devices
        .iter()
        .flat_map(|device| device.log.chunks(3).map(move |stretch| (&device.caller, stretch)))
        .flat_map(|one| [one, one])
        .collect();
    let mut dice = rand_of(stretches.len());
    for last in (1..stretches.len()).rev() {
        stretches.swap(last, dice(last + 1));
    }
    let (mut lines, mut repeated) = (BTreeMap::new(), 0);
    for (caller, stretch) in &stretches {
        let answer = caller.post("/check-ins/batch", &json!({"operations": stretch})).await?.want(200)?;
        for verdict in answer.list("/verdicts")? {
            let (op, line) = (text(verdict, "/op_id")?.to_owned(), text(verdict, "/check_in_id")?.to_owned());
            match text(verdict, "/verdict")? {
                "logged" => same("thao tác chỉ vào nhật ký một lần", None, lines.insert(op, line))?,
                "repeated" => repeated += 1,
                other => return Err(Failure::new("thao tác được ghi hoặc là gửi lặp", format!("{other}: {verdict}"))),
            }
        }
    }
    let all: usize = devices.iter().map(|device| device.log.len()).sum();
    same("thao tác vào nhật ký, và gửi lặp", (all, all), (lines.len(), repeated))?;
    println!("  {all} thao tác trong {} mẩu: mỗi thao tác một dòng, {repeated} lần gửi lặp không thêm dòng nào.", stretches.len());
    Ok(lines)
}

/// Numbers that look thrown and are the same each time.
fn rand_of(seed: usize) -> impl FnMut(usize) -> usize {
    let mut state = u64::try_from(seed).unwrap_or(138);
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % u64::try_from(below.max(1)).unwrap_or(1)).unwrap_or(0)
    }
}

/// Who was named at the doors is a provisional guest each; one of them is found to be on the list, and counts for that one.
async fn newcomers(stage: &Stage, site: &mut Site, devices: &[Device], lines: &BTreeMap<String, String>) -> Told<()> {
    let mut found = Vec::new();
    for operation in devices.iter().flat_map(|device| &device.log) {
        if operation.get("guest").is_none() || text(operation, "/direction")? == "exit" {
            continue;
        }
        let line = lines.get(text(operation, "/op_id")?).map_or("", String::as_str);
        let line = site.organiser.get(&format!("/check-ins/{line}")).await?.want(200)?;
        let id = line.text("/participant_id")?.to_owned();
        let (_, guest) = stage.read(&site.organiser, "participant", "participants", &id).await?;
        same("khách do máy ghi tên", "provisional", guest.text("/origin")?)?;
        stage.did("participant", &id, 1, "created");
        site.guests.push(Guest {
            id: id.clone(),
            answer: None,
            entries: guest.number("/entry_count")?,
            is_present: guest.flag("/is_present")?,
        });
        found.push(id);
    }
    same("khách do ba máy ghi tên", NEWCOMERS.len(), found.len())?;
    let declined = site.guests.iter().position(|guest| guest.answer == Some(false));
    let (Some(last), Some(declined)) = (found.last(), declined) else { return Err(Failure::new("khách đã từ chối", "không có")) };
    let Some(place) = site.guests.iter().position(|guest| &guest.id == last) else { return Ok(()) };
    let came = site.guests.remove(place);
    let Some(listed) = site.guests.get_mut(declined) else { return Ok(()) };
    listed.entries += came.entries;
    listed.is_present = came.is_present;
    let into = listed.id.clone();
    super::twice::merge(stage, site, &came.id, &into).await?;
    holds("khách từ chối mà vẫn đến được tính là người đã đến", came.entries == 1, came.entries)?;
    println!("  Một khách máy ghi tên hóa ra là người đã từ chối mà vẫn đến: ghép lại, lượt vào tính cho người ấy.");
    Ok(())
}
