//! Who may do what: every operation of the OpenAPI document for every role, from a table of our own.
//!
//! The table is not made from `auth/policy.rs`, so a slip there is found here. An operation without a row fails.
//! Each probe asks for an object that does not exist, with an empty body: where the role may do it, the answer
//! is anything but 401 and 403.

use super::support::contract::{Operation, operations};
use super::support::fixtures::District;
use super::support::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The columns of the table.
const ROLES: [Role; 12] = [
    Role::CentralViewer,
    Role::ProvincialAdministrator,
    Role::StandingAgency,
    Role::MovementDivision,
    Role::Department,
    Role::District,
    Role::Commune,
    Role::Unit,
    Role::CheckinOperator,
    Role::OperationsCentre,
    Role::PortalClient,
    Role::Auditor,
];

/// What an enrolled device may do besides what is public: it has no column.
const DEVICE: [&str; 8] = [
    "get_clock",
    "create_check_in",
    "create_check_in_batch",
    "get_check_in_snapshot",
    "create_head_count",
    "create_walk_in",
    "delete_session",
    "get_me",
];

/// `+` may, `-` gets 403; `public` needs no sign-in.
#[rustfmt::skip]
const MATRIX: &[(&str, &str)] = &[
    //                                 central  province  standing movement | department district commune unit | check-in centre portal auditor
    ("get_livez",                      "public"),
    ("get_readyz",                     "public"),
    ("get_version",                    "public"),
    ("get_jwks",                       "public"),
    ("get_authorization_server",       "public"),
    ("create_machine_token",           "public"),
    ("create_session",                 "public"),
    ("refresh_session",                "public"),
    ("delete_session",                 "++++ ++++ ++++"),
    ("get_me",                         "++++ ++++ ++++"),
    ("set_my_password",                "++++ ++++ ++++"),
    ("get_my_email",                   "++++ ++++ ++++"),
    ("set_my_email",                   "++++ ++++ ++++"),
    ("delete_my_email",                "++++ ++++ ++++"),
    ("list_sites",                     "++++ ++++ ++++"),
    ("get_site",                       "++++ ++++ ++++"),
    ("create_site",                    "-+-- ++++ ----"),
    ("update_site",                    "-+-- ++++ ----"),
    ("delete_site",                    "-+-- ++++ ----"),
    ("schedule_site",                  "-+-- ++++ ----"),
    ("hold_site",                      "-+-- ++++ ----"),
    ("close_site",                     "-+-- ++++ ----"),
    ("nominate_site",                  "-+-- -+-- ----"),
    ("select_site",                    "-+-- ---- ----"),
    ("decline_site",                   "-+-- ---- ----"),
    ("shortlist_site",                 "-++- ---- ----"),
    ("withdraw_site",                  "-+-- -+-- ----"),
    ("list_site_history",              "++++ ++++ ++++"),
    ("get_site_checklist",             "++++ ++++ ++++"),
    ("set_site_checklist",             "-+-- ++++ ----"),
    ("list_site_attachments",          "++++ ++++ ++++"),
    ("create_site_attachment",         "-+-- ++++ ----"),
    ("list_activity_kinds",            "++++ ++++ ++++"),
    ("get_activity_kind",              "++++ ++++ ++++"),
    ("create_activity_kind",           "-+-- ---- ----"),
    ("update_activity_kind",           "-+-- ---- ----"),
    ("set_activity_results",           "-++- ++++ ----"),
    ("get_activity_results",           "++++ ++++ -+++"),
    ("list_checklist_items",           "++++ ++++ ++++"),
    ("get_checklist_item",             "++++ ++++ ++++"),
    ("create_checklist_item",          "-+-- ---- ----"),
    ("update_checklist_item",          "-+-- ---- ----"),
    ("list_activities",                    "++++ ++++ -+++"),
    ("get_activity",                       "++++ ++++ -+++"),
    ("create_activity",                    "-++- ++++ ----"),
    ("update_activity",                    "-++- ++++ ----"),
    ("delete_activity",                    "-++- ++++ ----"),
    ("hold_activity",                      "-++- ++++ ----"),
    ("cancel_activity",                    "-++- ++++ ----"),
    ("list_participants",                  "-++- ++++ +---"),
    ("get_participant",                    "-++- ++++ +---"),
    ("list_participant_duplicates",        "-+-- ++++ ----"),
    ("distinguish_participant",            "-+-- ++++ ----"),
    ("merge_participant",                  "-+-- ++++ ----"),
    ("unmerge_participant",                "-+-- ++++ ----"),
    ("create_walk_in",                     "-+-- ++++ +---"),
    ("get_participant_contacts",           "-++- ++++ +---"),
    ("set_participant_contacts",           "-+-- ++++ ----"),
    ("delete_participant_contacts",        "-+-- ++++ ----"),
    ("list_contact_readings",              "-+-- ---- ---+"),
    ("list_processing_purposes",           "++++ ++++ ++++"),
    ("get_processing_purpose",             "++++ ++++ ++++"),
    ("update_processing_purpose",          "-+-- ---- ----"),
    ("list_processing_purpose_changes",    "++++ ++++ ++++"),
    ("get_participant_personal_data",      "-+-- ++++ ----"),
    ("erase_participant",                  "-+-- ++++ ----"),
    ("erase_opinion",                      "-+-- ++++ ----"),
    ("erase_commendation",                 "-+-- ++++ ----"),
    ("erase_delegate",                     "-+-- ++++ ----"),
    ("list_data_requests",                 "-+-- ++++ ---+"),
    ("get_data_request",                   "-+-- ++++ ---+"),
    ("list_data_request_steps",            "-+-- ++++ ---+"),
    ("create_data_request",                "-+-- ++++ ----"),
    ("update_data_request",                "-+-- ++++ ----"),
    ("answer_data_request",                "-+-- ++++ ----"),
    ("complete_data_request",              "-+-- ++++ ----"),
    ("refuse_data_request",                "-+-- ++++ ----"),
    ("extend_data_request",                "-+-- ++++ ----"),
    ("list_erasures",                      "-+-- ---- ---+"),
    ("create_participant",                 "-+-- ++++ ----"),
    ("update_participant",                 "-+-- ++++ ----"),
    ("delete_participant",                 "-+-- ++++ ----"),
    ("invite_participant",                 "-+-- ++++ ----"),
    ("accept_participant",                 "-+-- ++++ ----"),
    ("decline_participant",                "-+-- ++++ ----"),
    ("create_site_invitations",            "-+-- ++++ ----"),
    ("get_site_invitation_template",       "++++ ++++ ++++"),
    ("get_site_attendance",                "++++ ++++ ++++"),
    ("send_participant_invitation",        "-+-- ++++ ----"),
    ("send_site_invitations",              "-+-- ++++ ----"),
    ("remind_site_guests",                 "-+-- ++++ ----"),
    ("list_invitation_reminders",          "-++- ++++ +---"),
    ("set_site_invitation_template",       "-+-- ++++ ----"),
    ("delete_site_invitation_template",    "-+-- ++++ ----"),
    ("get_site_composition",               "++++ ++++ ++++"),
    ("get_invitation_card",                "-++- ++++ +---"),
    ("get_site_invitation_cards",          "-++- ++++ +---"),
    ("create_participant_import",          "-+-- ++++ ----"),
    ("list_participant_imports",           "-++- ++++ +---"),
    ("get_participant_import",             "-++- ++++ +---"),
    ("list_participant_import_rows",       "-++- ++++ +---"),
    ("cancel_participant_import",          "-+-- ++++ ----"),
    ("list_delegates",                     "-++- ++++ ----"),
    ("get_delegate",                       "-++- ++++ ----"),
    ("get_site_delegates_document",        "-++- ++++ ----"),
    ("create_delegate",                    "-++- ---- ----"),
    ("update_delegate",                    "-++- ---- ----"),
    ("withdraw_delegate",                  "-++- ---- ----"),
    ("approve_delegate",                   "-+-- ---- ----"),
    ("accept_delegate",                    "-++- ++++ ----"),
    ("decline_delegate",                   "-++- ++++ ----"),
    ("attend_delegate",                    "-+-- ++++ ----"),
    ("miss_delegate",                      "-+-- ++++ ----"),
    ("list_devices",                   "-++- ++++ ---+"),
    ("get_device",                     "-++- ++++ ---+"),
    ("create_device",                  "-+-- ++++ ----"),
    ("enrol_device",                   "public"),
    ("update_device",                  "-+-- ++++ ----"),
    ("rotate_device",                  "-+-- ++++ ----"),
    ("revoke_device",                  "-+-- ++++ ----"),
    ("list_head_counts",               "-++- ++++ +--+"),
    ("get_head_count",                 "-++- ++++ +--+"),
    ("create_head_count",              "-+-- ++++ +---"),
    ("list_check_ins",                 "-++- ++++ +--+"),
    ("get_check_in",                   "-++- ++++ +--+"),
    ("create_check_in",                "-+-- ++++ +---"),
    ("create_check_in_batch",          "-+-- ++++ +---"),
    ("get_check_in_snapshot",          "-+-- ++++ +---"),
    ("get_participant_pass",           "-+-- ++++ ----"),
    ("get_overview",                   "++++ ++++ -+++"),
    ("get_sites_map",                  "++++ ++++ -+++"),
    ("list_users",                     "-++- -+-- ---+"),
    ("get_user",                       "-++- -+-- ---+"),
    ("create_user",                    "-+-- -+-- ----"),
    ("update_user",                    "-+-- -+-- ----"),
    ("delete_user",                    "-+-- -+-- ----"),
    ("list_api_clients",               "-++- -+-- ---+"),
    ("get_api_client",                 "-++- -+-- ---+"),
    ("create_api_client",              "-+-- -+-- ----"),
    ("update_api_client",              "-+-- -+-- ----"),
    ("rotate_api_client",              "-+-- -+-- ----"),
    ("delete_api_client",              "-+-- -+-- ----"),
    ("list_webhooks",                  "-++- -+-- ---+"),
    ("get_webhook",                    "-++- -+-- ---+"),
    ("create_webhook",                 "-+-- -+-- ----"),
    ("update_webhook",                 "-+-- -+-- ----"),
    ("rotate_webhook",                 "-+-- -+-- ----"),
    ("delete_webhook",                 "-+-- -+-- ----"),
    ("list_admin_units",               "++++ ++++ ++++"),
    ("get_admin_unit",                 "++++ ++++ ++++"),
    ("resolve_admin_unit",             "++++ ++++ ++++"),
    ("list_admin_unit_predecessors",   "++++ ++++ ++++"),
    ("list_admin_unit_successors",     "++++ ++++ ++++"),
    ("list_org_units",                 "++++ ++++ ++++"),
    ("get_org_unit",                   "++++ ++++ ++++"),
    ("list_org_unit_children",         "++++ ++++ ++++"),
    ("list_org_unit_ancestors",        "++++ ++++ ++++"),
    ("create_org_unit",                "-+-- -+-- ----"),
    ("update_org_unit",                "-+-- -+-- ----"),
    ("delete_org_unit",                "-+-- -+-- ----"),
    ("list_campaigns",                 "++++ ++++ ++++"),
    ("get_campaign",                   "++++ ++++ ++++"),
    ("get_campaign_nominations",       "++++ ++++ ++++"),
    ("create_campaign",                "-+-- ---- ----"),
    ("update_campaign",                "-+-- ---- ----"),
    ("delete_campaign",                "-+-- ---- ----"),
    ("issue_campaign",                 "-+-- ---- ----"),
    ("start_campaign",                 "-+-- ---- ----"),
    ("open_campaign_reporting",        "-+-- ---- ----"),
    ("close_campaign",                 "-+-- ---- ----"),
    ("clone_campaign",                 "-+-- ---- ----"),
    ("get_completeness",               "++++ -+-- -+-+"),
    ("list_report_snapshots",          "++++ -+-- -+-+"),
    ("get_consolidation",              "++++ -+-- -+-+"),
    ("get_consolidation_document",     "++++ -+-- -+-+"),
    ("list_plans",                     "++++ ++++ ++++"),
    ("get_plan",                       "++++ ++++ ++++"),
    ("get_plan_gaps",                  "++++ ++++ ++++"),
    ("list_plan_children",             "++++ ++++ ++++"),
    ("list_plan_recipients",           "++++ ++++ ++++"),
    ("get_plan_recipient",             "++++ ++++ ++++"),
    ("list_plan_deliveries",           "++++ ++++ ++++"),
    ("send_plan_recipient",            "-++- ++++ ----"),
    ("distribute_plan",                "-++- ++++ ----"),
    ("acknowledge_plan_recipient",     "-+++ ++++ -+--"),
    ("list_duties",                    "++++ ++++ -+-+"),
    ("get_duty",                       "++++ ++++ -+-+"),
    ("list_duty_steps",                "++++ ++++ -+-+"),
    ("list_duty_reminders",            "++++ ++++ -+-+"),
    ("create_duty",                    "-++- ++++ ----"),
    ("update_duty",                    "-++- ++++ ----"),
    ("derive_plan_duties",             "-++- ++++ ----"),
    ("cancel_duty",                    "-++- ++++ ----"),
    ("reopen_duty",                    "-++- ++++ ----"),
    ("start_duty",                     "-+++ ++++ ----"),
    ("report_duty_progress",           "-+++ ++++ ----"),
    ("complete_duty",                  "-+++ ++++ ----"),
    ("remind_duty",                    "-+++ ++++ ----"),
    ("remind_campaign_duties",         "-+++ ++++ ----"),
    ("list_consolidations",            "++++ -+-- -+-+"),
    ("create_consolidation",           "-+++ -+-- ----"),
    ("get_consolidation_version",      "++++ -+-- -+-+"),
    ("sign_consolidation",             "-+++ -+-- ----"),
    ("send_consolidation",             "-+++ -+-- ----"),
    ("acknowledge_consolidation",      "-+++ -+-- ----"),
    ("get_consolidation_changes",      "++++ -+-- -+-+"),
    ("list_report_findings",           "++++ -+-- -+-+"),
    ("settle_report_finding",          "-+++ -+-- ----"),
    ("list_inspections",               "++++ ++++ ---+"),
    ("get_inspection",                 "++++ ++++ ---+"),
    ("create_inspection",              "-+++ +++- ----"),
    ("update_inspection",              "-+++ +++- ----"),
    ("delete_inspection",              "-+++ +++- ----"),
    ("complete_inspection",            "-+++ +++- ----"),
    ("follow_up_inspection",           "-+++ +++- ----"),
    ("cancel_inspection",              "-+++ +++- ----"),
    ("list_guidance_notes",            "++++ ++++ -+-+"),
    ("get_guidance_note",              "++++ ++++ -+-+"),
    ("create_guidance_note",           "-++- ++++ ----"),
    ("update_guidance_note",           "-++- ++++ ----"),
    ("delete_guidance_note",           "-++- ++++ ----"),
    ("issue_guidance_note",            "-++- ++++ ----"),
    ("list_plan_rules",                "++++ ++++ ++++"),
    ("list_plan_clauses",              "++++ ++++ ++++"),
    ("list_plan_editions",             "++++ ++++ ++++"),
    ("compare_plans",                  "++++ ++++ ++++"),
    ("get_plan_tree",                  "++++ ++++ ++++"),
    ("list_plan_numbers",              "++++ ++++ ++++"),
    ("list_plan_obligations",          "++++ ++++ ++++"),
    ("get_plan_obligation",            "++++ ++++ ++++"),
    ("exempt_plan_obligation",         "-+-- ++++ ----"),
    ("restore_plan_obligation",        "-+-- ++++ ----"),
    ("amend_plan",                     "-++- ++++ ----"),
    ("import_plan",                    "-++- ++++ ----"),
    ("get_campaign_compliance",        "++++ ++++ -+++"),
    ("get_compliance_document",        "++++ ++++ -+++"),
    ("get_org_unit_compliance",        "++++ ++++ -+++"),
    ("create_plan",                    "-++- ++++ ----"),
    ("update_plan",                    "-++- ++++ ----"),
    ("delete_plan",                    "-++- ++++ ----"),
    ("submit_plan",                    "-++- ++++ ----"),
    ("return_plan",                    "-+-- ++++ ----"),
    ("issue_plan",                     "-+-- ++++ ----"),
    ("close_plan",                     "-+-- ++++ ----"),
    ("list_documents",                 "++++ ++++ ++++"),
    ("get_document",                   "++++ ++++ ++++"),
    ("list_document_citations",        "++++ ++++ ++++"),
    ("create_document",                "-++- ++++ ----"),
    ("update_document",                "-++- ++++ ----"),
    ("delete_document",                "-++- ++++ ----"),
    ("list_plan_attachments",          "++++ ++++ ++++"),
    ("list_document_attachments",      "++++ ++++ ++++"),
    ("get_attachment",                 "++++ ++++ ++++"),
    ("get_attachment_content",         "++++ ++++ ++++"),
    ("create_plan_attachment",         "-++- ++++ ----"),
    ("create_document_attachment",     "-++- ++++ ----"),
    ("delete_attachment",              "-++- ++++ ----"),
    ("list_reports",                   "++++ ++++ ---+"),
    ("get_report",                     "++++ ++++ ---+"),
    ("get_report_document",            "++++ ++++ ---+"),
    ("list_report_versions",           "++++ ++++ ---+"),
    ("get_report_prefill",             "++++ ++++ ---+"),
    ("list_report_corrections",        "++++ ++++ ---+"),
    ("list_report_records",            "++++ ++++ ---+"),
    ("prefill_report",                 "-++- ++++ ----"),
    ("correct_report",                 "-++- ++++ ----"),
    ("list_report_obligations",        "++++ ++++ ---+"),
    ("get_report_obligation",          "++++ ++++ ---+"),
    ("list_reminder_stages",           "++++ ++++ ++++"),
    ("get_reminder_stage",             "++++ ++++ ++++"),
    ("create_reminder_stage",          "-+-- ---- ----"),
    ("update_reminder_stage",          "-+-- ---- ----"),
    ("delete_reminder_stage",          "-+-- ---- ----"),
    ("list_reminders",                 "++++ ++++ ---+"),
    ("get_reminder",                   "++++ ++++ ---+"),
    ("list_mail_deliveries",           "++++ ++++ ---+"),
    ("get_mail_delivery",              "++++ ++++ ---+"),
    ("get_obligation_reminders",       "++++ ++++ ---+"),
    ("list_report_indicators",         "++++ ++++ ++++"),
    ("get_campaign_report_form",       "++++ ++++ ++++"),
    ("list_report_forms",              "++++ ++++ ++++"),
    ("get_report_form",                "++++ ++++ ++++"),
    ("create_report_form",             "-+++ ---- ----"),
    ("update_report_form",             "-+++ ---- ----"),
    ("delete_report_form",             "-+++ ---- ----"),
    ("publish_report_form",            "-+++ ---- ----"),
    ("adopt_report_form",              "-++- ++++ ----"),
    ("create_report",                  "-++- ++++ ----"),
    ("update_report",                  "-++- ++++ ----"),
    ("delete_report",                  "-++- ++++ ----"),
    ("submit_report",                  "-++- ++++ ----"),
    ("return_report",                  "-+++ -+-- ----"),
    ("accept_report",                  "-+++ -+-- ----"),
    ("accept_campaign_reports",        "-+++ -+-- ----"),
    ("get_desk",                       "-+++ -+-- ----"),
    ("list_desk_items",                "-+++ -+-- ----"),
    ("create_report_obligation",       "-+++ -+-- ----"),
    ("delete_report_obligation",       "-+++ -+-- ----"),
    ("extend_report_obligation",       "-+++ -+-- ----"),
    ("exempt_report_obligation",       "-+++ -+-- ----"),
    ("restore_report_obligation",      "-+++ -+-- ----"),
    ("list_report_obligation_decisions", "++++ ++++ ---+"),
    ("list_report_steps",              "++++ ++++ ---+"),
    ("get_report_version",             "++++ ++++ ---+"),
    ("compare_report_versions",        "++++ ++++ ---+"),
    ("lock_report",                    "-+++ -+-- ----"),
    ("list_commendations",              "++++ ++++ ---+"),
    ("get_commendation",                "++++ ++++ ---+"),
    ("create_commendation",             "-+++ ++++ ----"),
    ("update_commendation",             "-+++ ++++ ----"),
    ("delete_commendation",             "-+++ ++++ ----"),
    ("list_gifts",                      "++++ ++++ ---+"),
    ("get_gift",                        "++++ ++++ ---+"),
    ("create_gift",                     "-+++ ++++ ----"),
    ("update_gift",                     "-+++ ++++ ----"),
    ("delete_gift",                     "-+++ ++++ ----"),
    ("list_budget_lines",               "++++ ++++ ---+"),
    ("get_budget_line",                 "++++ ++++ ---+"),
    ("create_budget_line",              "-+++ ++++ ----"),
    ("update_budget_line",              "-+++ ++++ ----"),
    ("delete_budget_line",              "-+++ ++++ ----"),
    ("spend_budget_line",               "-+++ ++++ ----"),
    ("list_budget_spendings",           "++++ ++++ ---+"),
    ("list_opinions",                   "++++ ++++ ---+"),
    ("get_opinion",                     "++++ ++++ ---+"),
    ("create_opinion",                  "-+++ ++++ ----"),
    ("update_opinion",                  "-+++ ++++ ----"),
    ("delete_opinion",                  "-+++ ++++ ----"),
    ("answer_opinion",                  "-+++ ++++ ----"),
    ("refer_opinion",                   "-+++ ++++ ----"),
    ("list_obstacles",                  "++++ ++++ ---+"),
    ("get_obstacle",                    "++++ ++++ ---+"),
    ("create_obstacle",                 "-+++ ++++ ----"),
    ("update_obstacle",                 "-+++ ++++ ----"),
    ("delete_obstacle",                 "-+++ ++++ ----"),
    ("start_obstacle",                  "-+++ ++++ ----"),
    ("answer_obstacle",                 "-+++ ++++ ----"),
    ("close_obstacle",                  "-+++ ++++ ----"),
    ("list_grassroots_models",          "++++ ++++ ---+"),
    ("get_grassroots_model",            "++++ ++++ ---+"),
    ("create_grassroots_model",         "-+++ ++++ ----"),
    ("update_grassroots_model",         "-+++ ++++ ----"),
    ("delete_grassroots_model",         "-+++ ++++ ----"),
    ("replicate_grassroots_model",      "-+++ ++++ ----"),
    ("end_grassroots_model",            "-+++ ++++ ----"),
    ("list_model_replications",         "++++ ++++ ---+"),
    ("list_media_items",                "++++ ++++ ---+"),
    ("get_media_item",                  "++++ ++++ ---+"),
    ("create_media_item",               "-+++ ++++ ----"),
    ("update_media_item",               "-+++ ++++ ----"),
    ("delete_media_item",               "-+++ ++++ ----"),
    ("list_pledges",                    "++++ ++++ ---+"),
    ("get_pledge",                      "++++ ++++ ---+"),
    ("create_pledge",                   "-+++ ++++ ----"),
    ("update_pledge",                   "-+++ ++++ ----"),
    ("delete_pledge",                   "-+++ ++++ ----"),
    ("get_campaign_results",            "++++ ++++ -+++"),
    ("list_changes",                   "++++ ++++ -+++"),
    ("get_clock",                      "++++ ++++ ++++"),
    ("set_clock",                      "-+-- ---- ----"),
];

/// Sends the operation for something that does not exist.
async fn probe(client: &Client, operation: &Operation) -> Answer {
    let path: Vec<String> = operation
        .template
        .split('/')
        .map(|segment| match segment {
            "{no}" => "1".to_owned(),
            _ if segment.starts_with('{') => Uuid::now_v7().to_string(),
            _ => segment.to_owned(),
        })
        .collect();
    let request = client.request(&operation.method, &path.join("/")).header("if-match", "\"1\"");
    let content = operation.value["requestBody"]["content"].as_object();
    let request = match content.and_then(|content| content.keys().next()) {
        Some(kind) => request.header("content-type", kind).body("{}"),
        None => request,
    };
    client.send(request).await
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let rows: BTreeSet<&str> = MATRIX.iter().map(|(id, _)| *id).collect();
    assert_eq!(rows.len(), MATRIX.len(), "a row stands twice");
    let ids: BTreeSet<&str> = operations().iter().map(|operation| operation.id.as_str()).collect();
    let missing: Vec<_> = ids.difference(&rows).collect();
    let stale: Vec<_> = rows.difference(&ids).collect();
    assert!(missing.is_empty(), "say in tests/api/authz_matrix.rs who may do these: {missing:?}");
    assert!(stale.is_empty(), "rows of operations that do not exist: {stale:?}");
    for (id, row) in MATRIX {
        let cells = row.chars().filter(|cell| "+-".contains(*cell)).count();
        assert!(*row == "public" || cells == ROLES.len(), "{id}: {row}");
    }
}

#[tokio::test]
async fn every_role_may_do_what_the_table_says_and_nothing_else() {
    let app = TestApp::start_wide().await;
    let mut wrong = Vec::new();
    for (id, row) in MATRIX {
        let Some(operation) = operations().iter().find(|operation| operation.id == *id) else { continue };
        let anonymous = probe(&app.anonymous(), operation).await;
        if *row == "public" {
            // Sign-in itself refuses an empty body in its own words.
            if anonymous.code() == "unauthenticated" || anonymous.status == 403 {
                wrong.push(format!("{id} is public, but says {} to a stranger", anonymous.status));
            }
            continue;
        }
        if anonymous.code() != "unauthenticated" {
            wrong.push(format!("{id} says {} to a stranger", anonymous.status));
        }
        let probes = ROLES.iter().zip(row.chars().filter(|cell| *cell != ' ')).map(|(role, cell)| {
            let app = &app;
            async move {
                // Signing out ends a session: not the one that all tests share.
                let client = match *id {
                    "delete_session" => app.session_of(app.shared.account(*role).id, *role).await,
                    _ => app.sign_in(*role).await,
                };
                (role, cell, probe(&client, operation).await)
            }
        });
        for (role, cell, answer) in futures_util::future::join_all(probes).await {
            let is_as_said = match cell {
                '+' => answer.status < 500 && !matches!(answer.status, 401 | 403),
                _ => answer.status == 403 && answer.code() == "forbidden",
            };
            if !is_as_said {
                wrong.push(format!("{id}: {role} should be {cell}, but got {} {}", answer.status, answer.code()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn an_enrolled_device_checks_guests_in_and_may_do_nothing_else() {
    let app = TestApp::start_wide().await;
    let district = District::of(&app, "Lục Yên").await;
    let site = district.scheduled(&app, "Bản Mường Lai").await.id();
    let device = super::devices::Device::enrolled(&app, &district, &[&site]).await;
    let client = device.client(&app).await;
    for (id, row) in MATRIX.iter().filter(|(_, row)| *row != "public") {
        let Some(operation) = operations().iter().find(|operation| operation.id == *id) else { continue };
        let answer = probe(&client, operation).await;
        let is_as_said = DEVICE.contains(id) != (answer.status == 403);
        assert!(is_as_said && answer.status < 500 && answer.status != 401, "{id} {row}: {} {}", answer.status, answer.text);
    }
}

#[tokio::test]
async fn a_machine_account_is_judged_by_its_role_like_a_person() {
    let app = TestApp::start().await;
    let client = Uuid::now_v7();
    let unit = app.shared.account(Role::PortalClient).org_unit_id;
    app.execute(&format!(
        "INSERT INTO api_clients (id, name, role, org_unit_id, secret_hash, tokens, created_at, updated_at)
         VALUES ('{client}', 'Máy', 'portal_client', '{unit}', '', '{{}}', now(), now())"
    ))
    .await;
    let token =
        app.shared.keys.sign(ngayhoi::auth::token::SubjectKind::ApiClient, client, client, "provincial_administrator", 900).unwrap();
    let machine = app.anonymous().with_token(&token);
    assert_eq!(machine.get("/api/v1/me").await.expect(200)["role"], "portal_client", "what the token claims does not count");
    machine.get("/api/v1/sites").await.expect(200);
    machine.post("/api/v1/sites", json!({})).await.expect_problem(403, "forbidden");
}
