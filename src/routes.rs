//! Where everything is: one line a resource.

use crate::{
    activities, admin_units, api_clients, auth, campaigns, check_ins, compliance, dashboard, demo, events, health, openapi, org_units,
    participants, plans, reports, sites, users,
};
use actix_web::App;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

/// All routes.
pub fn configure(config: &mut ServiceConfig) {
    config.configure(health::configure).configure(auth::handlers::configure_root).service(scope("/api/v1").configure(resources));
}

fn resources(config: &mut ServiceConfig) {
    config
        .configure(auth::handlers::configure)
        .configure(users::configure)
        .configure(api_clients::configure)
        .configure(admin_units::configure)
        .configure(org_units::configure)
        .configure(campaigns::configure)
        .configure(plans::configure)
        .configure(compliance::configure)
        .configure(sites::configure)
        .configure(activities::configure)
        .configure(participants::configure)
        .configure(check_ins::configure)
        .configure(reports::configure)
        .configure(dashboard::configure)
        .configure(events::configure)
        .configure(demo::configure);
}

/// The document as the handlers describe it.
pub fn collect() -> utoipa::openapi::OpenApi {
    App::new().into_utoipa_app().openapi(openapi::base()).configure(configure).split_for_parts().1
}
