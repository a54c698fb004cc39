//! Seats: of many who accept at once exactly as many win as there are seats; one who declines frees a seat.

use super::client::{Told, holds, same};
use super::festival::Site;
use super::guests::Guest;
use super::stage::{Stage, Thing, attempt};
use futures_util::future::join_all;
use serde_json::json;

/// Fewer seats than guests.
const SEATS: usize = 9;

/// All guests of a site accept at once.
pub async fn race(stage: &Stage, site: &mut Site, invited: Vec<Thing>) -> Told<()> {
    stage.change(&site.organiser, &mut site.thing, &json!({"capacity": SEATS})).await?;
    let answers = join_all(invited.iter().map(|guest| attempt(&site.organiser, guest, "accept", None))).await;
    let mut refused = Vec::new();
    for (mut guest, answer) in invited.into_iter().zip(answers) {
        let answer = answer?;
        if answer.status == 200 {
            stage.did("participant", &guest.id, answer.number("/version")?, "accepted");
            site.guests.push(Guest::answered(&guest.id, true));
        } else {
            guest.etag = stage.read(&site.organiser, "participant", "participants", &guest.id).await?.0.etag;
            answer.refused(409, "site_full")?;
            refused.push(guest);
        }
    }
    let accepted = site.guests.len();
    same("khách nhận lời cùng lúc, trên số chỗ", SEATS, accepted)?;
    holds("có khách không còn chỗ", !refused.is_empty(), refused.len())?;
    println!(
        "  “{}” có {SEATS} chỗ, {} khách nhận lời cùng lúc: đúng {accepted} người được, {} người hết chỗ.",
        site.name,
        accepted + refused.len(),
        refused.len()
    );
    let mut late = refused.into_iter();
    if let (Some(mut guest), Some(freed)) = (late.next(), site.guests.first_mut()) {
        let (mut busy, _) = stage.read(&site.organiser, "participant", "participants", &freed.id).await?;
        stage.step(&site.organiser, &mut busy, "decline", Some(&json!({"reason": "Bận công tác"})), "declined").await?;
        freed.answer = Some(false);
        stage.step(&site.organiser, &mut guest, "accept", None, "accepted").await?;
        site.guests.push(Guest::answered(&guest.id, true));
        println!("  Một người từ chối thì chỗ ấy về người kế tiếp.");
    }
    println!("  Điểm thêm ghế, mọi người đều có chỗ.");
    let (thing, _) = stage.read(&site.organiser, "site", "sites", &site.thing.id).await?;
    site.thing = thing;
    stage.change(&site.organiser, &mut site.thing, &json!({"capacity": 60})).await?;
    for mut guest in late {
        stage.step(&site.organiser, &mut guest, "accept", None, "accepted").await?;
        site.guests.push(Guest::answered(&guest.id, true));
    }
    Ok(())
}
