//! Devices that check guests in: made by an organiser for sites of one body, enrolled by a code that is shown once.
//!
//! Whoever has the code exchanges it for a secret, and the secret for access tokens at `/oauth/token`, like a machine
//! account. A rotated device needs a new code; a revoked one stays listed, because the log names it.

pub mod dto;
pub mod enrolment;
pub mod handlers;
pub mod model;
pub mod queries;
pub mod rules;

use crate::routes::Routes;

/// Routes.
pub fn configure(config: &mut impl Routes) {
    config
        .service(handlers::list_devices)
        .service(handlers::create_device)
        .service(enrolment::enrol_device)
        .service(handlers::get_device)
        .service(handlers::update_device)
        .service(enrolment::rotate_device)
        .service(handlers::revoke_device);
}
