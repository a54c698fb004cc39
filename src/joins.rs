//! Which tables Diesel may join or relate in one query. Every pair of the schema would be 3,003: work and memory for each build.

use crate::schema::*;

/// Each table with those it is queried with.
macro_rules! related {
    ($($table:ident: $($other:ident)+;)+) => {
        $($(diesel::allow_tables_to_appear_in_same_query!($table, $other);)+)+
    };
}

related! {
    org_units: activities admin_units api_clients attachments budget_lines campaigns check_ins commendations consolidations
        data_requests delegates devices documents duties duty_reminders events gifts grassroots_models guidance_notes head_counts
        inspections mail_deliveries media_items obstacles opinions participants plan_obligations plan_recipients plan_rules plans pledges
        reminder_stages reminders report_obligations reports sessions site_counters sites users;
    campaigns: activity_kinds checklist_items guidance_notes plans processing_purpose_changes processing_purposes reminder_stages
        report_forms sites;
    plans: documents plan_clauses plan_legal_bases plan_obligations plan_recipients plan_rules report_obligations;
    sites: admin_units check_ins delegates participant_contacts participant_imports participants site_counters;
    reminder_stages: activity_kinds checklist_items processing_purpose_changes reminders report_forms report_obligations;
    checklist_items: activity_kinds processing_purpose_changes report_forms site_checklist_answers;
    participants: check_ins participant_contacts participant_imports;
    plan_clauses: plan_legal_bases plan_recipients plan_rules;
    processing_purpose_changes: activity_kinds processing_purposes report_forms;
    admin_units: admin_unit_changes site_counters;
    documents: document_aliases document_citations;
    plan_legal_bases: plan_recipients plan_rules;
    refresh_tokens: sessions users;
    report_obligations: reminders reports;
    activity_kinds: report_forms;
    device_sites: devices;
    participant_contacts: participant_imports;
    participant_import_keys: participant_import_parts;
    plan_recipients: plan_rules;
    sessions: users;
    mail_addresses: users;
    api_clients: webhooks;
}
