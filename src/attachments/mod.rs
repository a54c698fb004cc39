//! Attachments: files that belong to a plan, a document, a site, and whatever gets a line in `owners.rs`.
//!
//! The bytes are in an object store under their checksum; a row says what they are and whose. The object is there before
//! the row, so a crash leaves at most an object that no row names, and the sweep takes it away.

pub mod dto;
pub mod files;
pub mod handlers;
pub mod lists;
pub mod model;
pub mod owners;
pub mod queries;
pub mod settings;
pub mod store;
pub mod sweep;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(lists::list_plan_attachments)
        .service(handlers::create_plan_attachment)
        .service(lists::list_document_attachments)
        .service(handlers::create_document_attachment)
        .service(lists::list_site_attachments)
        .service(handlers::create_site_attachment)
        .service(lists::get_attachment)
        .service(lists::get_attachment_content)
        .service(handlers::delete_attachment);
}
