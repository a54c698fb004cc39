//! The tests of the API: real HTTP, a real PostgreSQL, a database of its own for each test.
//!
//! `support` starts the cluster, clones the seeded template, serves the application and checks every answer
//! against the OpenAPI document. One file a resource; names of tests are sentences.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    missing_docs,
    reason = "a test may fail loudly"
)]

mod activities;
mod activity_kinds;
mod admin_units;
mod api_clients;
mod attachments;
mod auth;
mod authz_matrix;
mod bad_input;
mod budget_lines;
mod campaign_clone;
mod campaigns;
mod changes;
mod check_ins;
mod closed_campaign;
mod command_line;
mod completeness;
mod compliance;
mod consolidations;
mod dashboard;
mod data_requests;
mod database_away;
mod delegates;
mod desk;
mod devices;
mod documents;
mod duplicates;
mod duties;
mod every_answer;
mod every_operation;
mod figures;
mod grassroots_models;
mod guests;
mod guidance_notes;
mod head_counts;
mod inspections;
mod invitation_cards;
mod journey;
mod ledgers;
mod machines;
mod mail;
mod merges;
mod newcomers;
mod obstacles;
mod odd_values;
mod official_text;
mod offline;
mod openapi;
mod opinions;
mod org_units;
mod paging;
mod papers;
mod participant_contacts;
mod participant_imports;
mod participants;
mod personal_data;
mod plan_delivery;
mod plan_editions;
mod plan_import;
mod plan_obligations;
mod plans;
mod preconditions;
mod processing_purposes;
mod reminders;
mod report_chain;
mod report_forms;
mod report_life;
mod report_obligations;
mod report_prefill;
mod reports;
mod results;
mod schema;
mod site_checklist;
mod site_choice;
mod site_steps;
mod sites;
mod slow_database;
mod smoke;
mod snapshots;
mod support;
mod tokens;
mod users;
mod webhooks;
