//! Guests are invited by the template of the site's category, answer, and are checked in.

use super::client::{Answer, Caller, Told, number, same, text};
use super::festival::Site;
use super::stage::{Stage, all};
use super::{devices, imports, invitations, seats, twice};
use serde_json::json;
use uuid::Uuid;

/// A guest of a site.
pub struct Guest {
    pub id: String,
    /// Accepted or declined; none of those who were never invited.
    pub answer: Option<bool>,
    pub entries: i64,
    pub is_present: bool,
}

impl Guest {
    pub fn answered(id: &str, has_accepted: bool) -> Self {
        Self { id: id.to_owned(), answer: Some(has_accepted), entries: 0, is_present: false }
    }
}

/// Categories of the plan's two lists (II.2.2.2), in its order.
const TEMPLATE_A: [&str; 7] =
    ["provincial_leader", "committee_member", "local_leader", "movement_force", "commended", "community_elder", "press"];
const TEMPLATE_B: [&str; 6] = ["local_leader", "committee_member", "front_and_unions", "movement_force", "commended", "community_elder"];
/// Of these, the first at each site has no time.
const BUSY: &str = "committee_member";
/// An ordinary site that invites a reporter all the same.
const WITH_PRESS: &str = "Phường Đồng Tâm";
/// Names of guests, all invented; they must not be seen where personal data have no place.
pub const NAMES: [&str; 8] =
    ["Hoàng Văn An", "Giàng A Páo", "Lò Thị Mai", "Nguyễn Thị Hòa", "Triệu Văn Bình", "Sùng Thị Dở", "Hà Văn Chung", "Vàng A Sử"];

pub async fn invite(stage: &mut Stage) -> Told<()> {
    stage.chapter("Mời khách theo mẫu của từng loại điểm");
    stage.clock("06-20T08:00:00").await?;
    let mut sites = std::mem::take(&mut stage.sites);
    for (no, site) in sites.iter_mut().enumerate() {
        list(stage, site).await?;
        // By the calendar the province's two come first.
        match no {
            2 => imports::list(stage, site).await?,
            3 => twice::find_and_merge(stage, site).await?,
            _ => {}
        }
        invite_all(stage, site).await?;
        answer_invitations(stage, site, no).await?;
    }
    stage.sites = sites;
    Ok(())
}

/// Lists the guests by the site's template and invites them all at once.
async fn list(stage: &Stage, site: &Site) -> Told<()> {
    let template = site.organiser.get(&format!("/sites/{}/invitation-template", site.thing.id)).await?.want(200)?;
    let (letter, rule, clause, expected) = match site.is_pilot {
        true => ("a", "R10", "II.2.2.2.a", TEMPLATE_A.as_slice()),
        false => ("b", "R11", "II.2.2.2.b", TEMPLATE_B.as_slice()),
    };
    let template = template.under(rule, clause)?;
    let categories: Vec<String> =
        template.list("/categories")?.iter().map(|one| text(one, "/category").map(str::to_owned)).collect::<Told<_>>()?;
    same(
        "mẫu thành phần mời",
        (letter, expected.to_vec()),
        (template.text("/template")?, categories.iter().map(String::as_str).collect()),
    )?;
    println!("  “{}” mời theo mẫu {} ({} thành phần).", site.name, letter.to_uppercase(), categories.len());
    for (count, category) in categories.iter().enumerate() {
        // The province's sites invite two of each.
        for no in 0..(if site.is_pilot { 2 } else { 1 }) {
            let name = NAMES.iter().cycle().nth(count + no).copied().unwrap_or_default();
            let answer =
                add(stage, site, json!({"site_id": site.thing.id, "kind": "person", "category": category, "full_name": name})).await?;
            same("số cảnh báo khi mời đúng mẫu", 0, answer.list("/warnings")?.len())?;
        }
    }
    let group = json!({"site_id": site.thing.id, "kind": "collective", "category": "commended", "full_name": format!("Tổ tự quản {}", site.name), "representative_name": "Đặng Thị Sen"});
    add(stage, site, group).await?;
    if site.name == WITH_PRESS {
        let press = json!({"site_id": site.thing.id, "kind": "person", "category": "press", "full_name": "Phóng viên Báo Yên Bái"});
        let answer = add(stage, site, press).await?;
        println!(
            "  Mời phóng viên đến điểm không phải của tỉnh: được, kèm cảnh báo: {}",
            answer.warned("outside_invitation_template", "R11", "II.2.2.2.b")?
        );
    }
    Ok(())
}

async fn add(stage: &Stage, site: &Site, body: serde_json::Value) -> Told<Answer> {
    Ok(stage.create(&site.organiser, "participant", "participants", &body).await?.1)
}

async fn invite_all(stage: &Stage, site: &Site) -> Told<()> {
    let path = format!("/sites/{}/invitations", site.thing.id);
    let first = site.organiser.post_empty(&path).await?.want(200)?;
    same("mời tất cả khách trong danh sách", first.number("/listed_count")?, first.number("/newly_invited_count")?)?;
    let (_, now) = stage.read(&site.organiser, "site", "sites", &site.thing.id).await?;
    stage.did("site", &site.thing.id, now.number("/version")?, "guests_invited");
    let again = site.organiser.post_empty(&path).await?.want(200)?;
    same("mời lại không mời thêm ai", 0, again.number("/newly_invited_count")?)
}

/// All accept but one. Where there are too few seats, all accept at once.
async fn answer_invitations(stage: &Stage, site: &mut Site, no: usize) -> Told<()> {
    let invited = all(&site.organiser, &format!("/participants?site_id={}&state=invited&limit=200", site.thing.id)).await?;
    for guest in &invited {
        stage.did("participant", text(guest, "/id")?, number(guest, "/version")?, "invited");
    }
    if no == 0 {
        invitations::send(stage, site).await?;
    }
    let mut guests = Vec::new();
    for guest in &invited {
        guests.push(stage.read(&site.organiser, "participant", "participants", text(guest, "/id")?).await?);
    }
    if no == 1 {
        seats::race(stage, site, guests.into_iter().map(|(thing, _)| thing).collect()).await?;
        return attendance(site).await.map(|_| ());
    }
    let mut has_declined = false;
    for (mut thing, answer) in guests {
        let is_busy = !has_declined && answer.text("/category")? == BUSY;
        if is_busy {
            let reason = json!({"reason": "Bận công tác"});
            stage.step(&site.organiser, &mut thing, "decline", Some(&reason), "declined").await?;
            has_declined = true;
        } else {
            stage.step(&site.organiser, &mut thing, "accept", None, "accepted").await?;
        }
        site.guests.push(Guest::answered(&thing.id, !is_busy));
    }
    attendance(site).await.map(|_| ())
}

/// Checks in all who accepted. The first goes home, and the device sends its first operation twice; the second
/// goes out and comes back.
pub async fn welcome(stage: &Stage, site: &mut Site, is_offline: bool) -> Told<()> {
    if is_offline {
        devices::offline(stage, site).await?;
    } else {
        pass_in(stage, site).await?;
    }
    let total = attendance(site).await?;
    println!(
        "  {} lượt vào, {} khách (người), {} đang có mặt; thao tác gửi lặp chỉ tính một lần.",
        total.number("/total/entry_count")?,
        total.number("/total/person_count")?,
        total.number("/total/present_count")?
    );
    Ok(())
}

async fn pass_in(stage: &Stage, site: &mut Site) -> Told<()> {
    let mut line = Line { stage, by: &site.door, device: Uuid::new_v4(), day: site.day, minute: 0 };
    for (index, guest) in site.guests.iter_mut().filter(|guest| guest.answer == Some(true)).enumerate() {
        line.pass(guest, "entry", index == 0).await?;
        if index <= 1 {
            line.pass(guest, "exit", false).await?;
        }
        if index == 1 {
            line.pass(guest, "entry", false).await?;
        }
    }
    Ok(())
}

/// One of those present goes home before the end.
pub async fn leave(stage: &Stage, site: &mut Site) -> Told<()> {
    let Some(guest) = site.guests.iter_mut().rfind(|guest| guest.is_present) else { return Ok(()) };
    let at = stage.at(&format!("{}T11:10:00", site.day));
    let body =
        json!({"participant_id": guest.id, "direction": "exit", "device_id": Uuid::new_v4(), "op_id": Uuid::new_v4(), "occurred_at": at});
    let answer = site.door.post("/check-ins", &body).await?.want(201)?;
    stage.did("check_in", answer.text("/id")?, 1, "exit");
    guest.is_present = false;
    attendance(site).await.map(|_| ())
}

/// The line at the door.
struct Line<'a> {
    stage: &'a Stage,
    by: &'a Caller,
    device: Uuid,
    day: &'a str,
    minute: u32,
}

impl Line<'_> {
    async fn pass(&mut self, guest: &mut Guest, direction: &str, is_sent_twice: bool) -> Told<()> {
        self.minute += 1;
        let body = json!({
            "participant_id": guest.id, "direction": direction, "device_id": self.device, "op_id": Uuid::new_v4(),
            "occurred_at": self.stage.at(&format!("{}T07:{:02}:00", self.day, self.minute)),
        });
        let answer = self.by.post("/check-ins", &body).await?.want(201)?;
        self.stage.did("check_in", answer.text("/id")?, 1, direction);
        if is_sent_twice {
            let again = self.by.post("/check-ins", &body).await?.want(201)?;
            same("dòng điểm danh của thao tác gửi lặp", answer.text("/id")?, again.text("/id")?)?;
        }
        guest.is_present = direction == "entry";
        guest.entries += i64::from(guest.is_present);
        Ok(())
    }
}

/// What a site's guests add up to: accepted, declined, entries, persons, present.
pub fn tally(site: &Site) -> [i64; 5] {
    let count = |is: fn(&&Guest) -> bool| i64::try_from(site.guests.iter().filter(is).count()).unwrap_or(-1);
    let entries = site.guests.iter().map(|guest| guest.entries).sum();
    [
        count(|guest| guest.answer == Some(true)),
        count(|guest| guest.answer == Some(false)),
        entries,
        count(|guest| guest.entries > 0),
        count(|guest| guest.is_present),
    ]
}

/// The attendance of a site, which must be what the story did.
pub async fn attendance(site: &Site) -> Told<Answer> {
    let answer = site.organiser.get(&format!("/sites/{}/attendance", site.thing.id)).await?.want(200)?;
    let mut came = [0; 5];
    for (figure, name) in came.iter_mut().zip(["accepted_count", "declined_count", "entry_count", "person_count", "present_count"]) {
        *figure = answer.number(&format!("/total/{name}"))?;
    }
    same("nhận lời, từ chối, lượt vào, người, đang có mặt", tally(site), came)?;
    Ok(answer)
}
