//! The registry of official documents: what plans and other documents cite, under every number by which it is cited,
//! with what contradicts itself.
//!
//! It belongs to no campaign. A plan enters it when it is issued, with the documents that it cites; drafts do not.

pub mod citations;
pub mod conflicts;
pub mod dto;
pub mod handlers;
pub mod matching;
pub mod model;
pub mod out;
pub mod queries;
pub mod registry;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_documents)
        .service(handlers::create_document)
        .service(handlers::get_document)
        .service(handlers::update_document)
        .service(handlers::delete_document)
        .service(citations::list_document_citations);
}
