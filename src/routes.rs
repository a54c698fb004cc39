//! Where everything is: one line a resource.

use crate::{
    activities, activity_kinds, admin_units, api_clients, attachments, auth, budget_lines, campaigns, check_ins, checklist_items,
    commendations, compliance, consolidations, dashboard, data_requests, delegates, demo, desk, devices, documents, duties, erasures,
    events, gifts, grassroots_models, guidance_notes, head_counts, health, inspections, mail_addresses, mail_deliveries, media_items,
    obstacles, openapi, opinions, org_units, participant_contacts, participant_imports, participants, personal_data, plans, pledges,
    processing_purposes, reminder_stages, reminders, reports, results, sites, users, webhooks,
};
use actix_web::dev::HttpServiceFactory;
use actix_web::{App, web};
use utoipa_actix_web::{AppExt, OpenApiFactory, scope, service_config};

/// What handlers are added to: the application, which serves them, or the document, which describes them too. A worker
/// that serves does not make the descriptions: they are some megabytes of the program that it would never touch again.
pub trait Routes: Sized {
    /// Adds a handler.
    fn service(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self;

    /// Adds those of a resource.
    fn configure(&mut self, resource: impl FnOnce(&mut Self)) -> &mut Self {
        resource(self);
        self
    }
}

impl Routes for web::ServiceConfig {
    fn service(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        self.service(handler)
    }
}

impl Routes for service_config::ServiceConfig<'_> {
    fn service(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        self.service(handler)
    }
}

fn root(config: &mut impl Routes) {
    config.configure(health::configure).configure(auth::handlers::configure_root);
}

fn resources(config: &mut impl Routes) {
    config
        .configure(auth::handlers::configure)
        .configure(mail_addresses::configure)
        .configure(users::configure)
        .configure(api_clients::configure)
        .configure(webhooks::configure)
        .configure(admin_units::configure)
        .configure(org_units::configure)
        .configure(campaigns::configure)
        .configure(plans::configure)
        .configure(documents::configure)
        .configure(attachments::configure)
        .configure(compliance::configure)
        .configure(duties::configure)
        .configure(inspections::configure)
        .configure(consolidations::configure)
        .configure(guidance_notes::configure)
        .configure(checklist_items::configure)
        .configure(sites::configure)
        .configure(activity_kinds::configure)
        .configure(activities::configure)
        .configure(participants::configure)
        .configure(participant_contacts::configure)
        .configure(processing_purposes::configure)
        .configure(erasures::configure)
        .configure(personal_data::configure)
        .configure(data_requests::configure)
        .configure(participant_imports::configure)
        .configure(delegates::configure)
        .configure(check_ins::configure)
        .configure(devices::configure)
        .configure(head_counts::configure)
        .configure(reports::configure)
        .configure(reminder_stages::configure)
        .configure(reminders::configure)
        .configure(mail_deliveries::configure)
        .configure(commendations::configure)
        .configure(gifts::configure)
        .configure(grassroots_models::configure)
        .configure(media_items::configure)
        .configure(pledges::configure)
        .configure(opinions::configure)
        .configure(obstacles::configure)
        .configure(budget_lines::configure)
        .configure(results::configure)
        .configure(dashboard::configure)
        .configure(desk::configure)
        .configure(events::configure)
        .configure(demo::configure);
}

const BASE_PATH: &str = "/api/v1";

/// All routes, to serve.
pub fn configure(config: &mut web::ServiceConfig) {
    config.configure(root).service(web::scope(BASE_PATH).configure(resources));
}

/// The document as the handlers describe it.
pub fn collect() -> utoipa::openapi::OpenApi {
    let app = App::new().into_utoipa_app().openapi(openapi::base());
    app.configure(|config| root(config)).service(scope(BASE_PATH).configure(|config| resources(config))).split_for_parts().1
}
