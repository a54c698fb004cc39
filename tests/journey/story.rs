//! The journey: one campaign from the plan to the consolidated report, over HTTP only, told in Vietnamese.
//!
//! Every run plays a campaign of its own, in a year with districts that has none yet, by the plan that Yên Bái issued
//! for 2023 (81/KH-BCĐ) with its dates moved to that year: so the story begins with the issuing of the plan, and can be
//! told again on the same server. It needs a clock that can be set, which only demo mode has, and puts it back.

mod answer;
mod cast;
mod chain;
mod choice;
pub mod client;
mod communes;
mod delegates;
mod desk;
mod devices;
mod door;
mod drill;
mod festival;
mod findings;
mod frozen;
mod guests;
mod imports;
mod invitations;
mod ledgers;
mod limits;
mod nominations;
mod papers;
mod persons;
mod plan;
mod prefill;
mod qr;
mod readers;
mod reminders;
mod reports;
mod seats;
mod stage;
mod suitability;
mod table;
mod twice;
mod typed;

pub use cast::Account;
pub use client::{Check, Failure};

use client::{Service, Told};
use stage::Stage;
use std::time::Instant;

/// Where the story is played.
pub struct Setting {
    /// Address of the server, such as `http://127.0.0.1:8080`.
    pub url: String,
    /// The demo accounts.
    pub accounts: Vec<Account>,
    /// Looks at every answer beside the story.
    pub check: Option<Check>,
}

/// Plays the story; the first expectation that fails ends it.
pub async fn play(setting: Setting) -> Told<()> {
    let Setting { url, accounts, check } = setting;
    let begun = Instant::now();
    println!("NGÀY HỘI TOÀN DÂN BẢO VỆ AN NINH TỔ QUỐC – một đợt, từ kế hoạch đến báo cáo tổng hợp ({url})");
    let service = Service::new(&url, check)?;
    let mut stage = Stage::open(service, accounts).await?;
    let outcome = chapters(&mut stage).await;
    stage.put_clock_back().await?;
    outcome?;
    table::print(&stage, begun).await
}

async fn chapters(stage: &mut Stage) -> Told<()> {
    plan::tell(stage).await?;
    communes::demand(stage).await?;
    nominations::nominate(stage).await?;
    choice::select(stage).await?;
    festival::schedule(stage).await?;
    delegates::assign(stage).await?;
    guests::invite(stage).await?;
    persons::contact(stage).await?;
    limits::lay_down(stage).await?;
    festival::hold(stage).await?;
    ledgers::record(stage).await?;
    communes::report(stage).await?;
    festival::hold_last(stage).await?;
    door::recount_all(stage).await?;
    ledgers::check_totals(stage).await?;
    let reported = reports::submit(stage).await?;
    desk::take_in(stage, reported).await?;
    chain::check(stage).await?;
    frozen::sign_and_send(stage).await?;
    papers::download(stage).await?;
    reminders::check(stage).await?;
    festival::move_campaign(stage, "close", "closed", "closed").await?;
    readers::tell(stage).await?;
    persons::forget(stage).await?;
    readers::read_feed(stage).await
}
