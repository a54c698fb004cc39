//! Demo mode: the clock can be read and set. Refused everywhere else.

pub mod dto;
pub mod handlers;
pub mod queries;

use crate::clock::Clock;
use crate::db::Conn;
use crate::error::AppError;
use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config.service(handlers::get_clock).service(handlers::set_clock);
}

/// When a demo begins: a working day at the opening of the festival window of 2023.
const BEGINNING: &str = "2023-07-03T08:00:00+07:00";

/// Sets the clock to where the demo left it, or to its beginning on the first run.
pub async fn start_clock(conn: &Conn, clock: &Clock) -> Result<(), AppError> {
    match queries::offset(conn).await? {
        Some(offset) => clock.set_offset(offset),
        None => {
            let beginning = BEGINNING.parse().map_err(AppError::internal)?;
            queries::set_offset(conn, clock.set(beginning)).await?;
        }
    }
    Ok(())
}
