//! The journey: one campaign from the plan to the consolidated report, over HTTP only, told in Vietnamese.
//!
//! Every run plays a campaign of its own, in a year with districts that has none yet, by the plan that Yên Bái issued
//! for 2023 (81/KH-BCĐ) with its dates moved to that year: so the story begins with the issuing of the plan, and can be
//! told again on the same server. It needs a clock that can be set, which only demo mode has, and puts it back.

mod cast;
pub mod client;
mod communes;
mod festival;
mod guests;
mod nominations;
mod plan;
mod readers;
mod reports;
mod stage;
mod table;

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
    nominations::select(stage).await?;
    festival::schedule(stage).await?;
    guests::invite(stage).await?;
    festival::hold(stage).await?;
    communes::report(stage).await?;
    let reported = reports::submit(stage).await?;
    reports::accept(stage, reported).await?;
    readers::tell(stage).await?;
    readers::read_feed(stage).await
}
