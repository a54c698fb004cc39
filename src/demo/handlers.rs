//! The demo's clock over HTTP.

use super::dto::{ClockIn, ClockOut};
use super::queries;
use crate::auth::Action;
use crate::call::Call;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{AppError, ErrorCode, message};
use crate::extract::Body;
use crate::reminders::sweep::{Mailing, sweep_all};
use crate::reply::Reply;
use actix_web::web::Data;
use actix_web::{get, put};

/// Read the clock
///
/// Deadlines and windows are judged by it.
#[utoipa::path(tag = "demo", responses((status = 200, body = ClockOut)))]
#[get("/demo/clock")]
pub async fn get_clock(call: Call, config: Data<Config>) -> Result<Reply, AppError> {
    Reply::plain(&ClockOut { now: call.now(), is_settable: config.is_demo })
}

/// Set the clock
///
/// In demo mode only; 403 otherwise. Tokens and sessions go on by the real clock. Reminders that are due by the new time are sent at once.
#[utoipa::path(tag = "demo", request_body = ClockIn, responses((status = 200, body = ClockOut)))]
#[put("/demo/clock")]
pub async fn set_clock(call: Call, config: Data<Config>, body: Body<ClockIn>) -> Result<Reply, AppError> {
    call.authorize(Action::DemoClockWrite)?;
    if !config.is_demo {
        return Err(AppError::new(ErrorCode::Forbidden)
            .because(message("Chỉ đặt được đồng hồ trong chế độ thử nghiệm.", "The clock can be set in demo mode only.")));
    }
    let ClockIn { now } = body.parse()?;
    let offset = Clock::offset_to(now);
    let answer = call.write(async move |conn| {
        queries::set_offset(conn, offset).await?;
        Reply::plain(&ClockOut { now, is_settable: true })
    });
    let answer = answer.await?;
    // After the commit: a clock that was not kept is not set either.
    call.clock().set_offset(offset);
    // Who sets the clock wants to see what comes of it, not within the minute that the clockwork takes at the most.
    if let Err(error) = sweep_all(call.db(), Mailing::of(&config), now).await {
        log::warn!(error = error.to_string().as_str(); "reminders are put off");
    }
    Ok(answer)
}
