//! Files of guests: kept, worked off in the background a stretch at a time, with a verdict for each row.

pub mod cancel;
pub mod chunk;
pub mod columns;
pub mod dto;
pub mod format;
pub mod handlers;
pub mod model;
pub mod parts;
pub mod queries;
pub mod rows;
pub mod spool;
pub mod upload;
pub mod values;
pub mod workbook;
pub mod worker;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_participant_imports)
        .service(upload::create_participant_import)
        .service(handlers::get_participant_import)
        .service(handlers::list_participant_import_rows)
        .service(cancel::cancel_participant_import);
}
