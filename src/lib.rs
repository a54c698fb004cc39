//! ngayhoi: the campaign of the festival “Ngày hội toàn dân bảo vệ an ninh Tổ quốc” as a REST/JSON service.
//!
//! Domain first: a folder for each resource (`sites`, `plans`, …) with `model`, `dto`, `queries`, `rules` and
//! `handlers`. Around them: `app` builds the application, `law` holds for every request, `call` is one
//! authenticated request, `auth` decides who may do what and how far, `db` is the way to PostgreSQL,
//! `contract` checks input by the OpenAPI document that `openapi` makes from the handlers.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

pub mod activities;
pub mod activity_kinds;
pub mod admin_units;
pub mod api_clients;
pub mod app;
pub mod attachments;
pub mod auth;
pub mod budget_lines;
pub mod call;
pub mod campaigns;
pub mod check_ins;
pub mod checklist_items;
pub mod cli;
pub mod clock;
pub mod commendations;
pub mod compliance;
pub mod config;
pub mod consolidations;
pub mod contract;
pub mod cors;
pub mod dashboard;
pub mod data_requests;
pub mod db;
pub mod delegates;
pub mod demo;
pub mod desk;
pub mod devices;
pub mod documents;
pub mod duties;
pub mod embedded_postgres;
pub mod erasures;
pub mod error;
pub mod etag;
pub mod events;
pub mod extract;
pub mod gifts;
pub mod grassroots_models;
pub mod group_read;
pub mod guidance_notes;
pub mod head_counts;
pub mod health;
pub mod housekeeping;
pub mod idempotency;
pub mod ids;
pub mod inspections;
mod joins;
pub mod json;
pub mod labels;
pub mod law;
pub mod mail_addresses;
pub mod mail_deliveries;
pub mod media_items;
pub mod memory;
pub mod obstacles;
pub mod official_document;
pub mod official_text;
pub mod openapi;
pub mod opinions;
pub mod org_units;
pub mod pagination;
pub mod paper;
pub mod participant_contacts;
pub mod participant_imports;
pub mod participants;
pub mod patch;
pub mod personal_data;
pub mod plans;
pub mod pledges;
pub mod problem;
pub mod processing_purposes;
pub mod rate_limit;
pub mod reminder_stages;
pub mod reminders;
pub mod reply;
pub mod reports;
pub mod results;
pub mod routes;
#[allow(missing_docs)]
pub mod schema;
pub mod seed;
pub mod sites;
pub mod text;
mod text_enum;
pub mod users;
pub mod warning;
pub mod webhooks;
