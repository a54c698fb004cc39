// @generated automatically by Diesel CLI.

diesel::table! {
    activities (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        site_id -> Nullable<Uuid>,
        kind -> Text,
        phase -> Text,
        state -> Text,
        title -> Text,
        place -> Nullable<Text>,
        starts_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
        attendance_count -> Nullable<Int4>,
        cost_vnd -> Nullable<Int8>,
        funding_source -> Nullable<Text>,
        cancel_reason -> Nullable<Text>,
        held_at -> Nullable<Timestamptz>,
        cancelled_at -> Nullable<Timestamptz>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        results -> Jsonb,
        emulation_drive -> Nullable<Text>,
    }
}

diesel::table! {
    activity_kinds (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        code -> Text,
        name_vi -> Text,
        name_en -> Text,
        phases -> Array<Text>,
        result_fields -> Jsonb,
        is_builtin -> Bool,
        is_active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    admin_unit_changes (id) {
        id -> Uuid,
        old_unit_id -> Uuid,
        new_unit_id -> Uuid,
        kind -> Text,
        portion -> Text,
        note -> Text,
        effective_on -> Date,
    }
}

diesel::table! {
    admin_units (id) {
        id -> Uuid,
        code -> Text,
        parent_id -> Nullable<Uuid>,
        level -> Text,
        type_vi -> Text,
        name -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        lat -> Nullable<Float8>,
        lon -> Nullable<Float8>,
        tokens -> Array<Text>,
    }
}

diesel::table! {
    api_clients (id) {
        id -> Uuid,
        name -> Text,
        role -> Text,
        org_unit_id -> Uuid,
        secret_hash -> Bytea,
        is_disabled -> Bool,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    attachments (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        owner_kind -> Text,
        owner_id -> Uuid,
        org_unit_id -> Uuid,
        name -> Text,
        media_type -> Text,
        size_bytes -> Int8,
        checksum -> Text,
        uploaded_by -> Uuid,
        deleted_at -> Nullable<Timestamptz>,
        deleted_by -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    budget_lines (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        source -> Text,
        decision_number -> Nullable<Text>,
        purpose -> Text,
        planned_vnd -> Int8,
        spent_vnd -> Int8,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    budget_spendings (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        budget_line_id -> Uuid,
        spent_on -> Date,
        amount_vnd -> Int8,
        note -> Text,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    campaigns (id) {
        id -> Uuid,
        org_unit_id -> Uuid,
        admin_unit_id -> Nullable<Uuid>,
        name -> Text,
        year -> Int4,
        state -> Text,
        event_from -> Date,
        event_to -> Date,
        report_due_before -> Date,
        provincial_pilot_count -> Int4,
        min_district_nominations -> Int4,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    consolidation_addressees (campaign_id, consolidation_id, no) {
        campaign_id -> Uuid,
        consolidation_id -> Uuid,
        no -> Int4,
        name -> Text,
        org_unit_id -> Nullable<Uuid>,
        channel -> Text,
        sent_at -> Timestamptz,
        sent_by -> Uuid,
        acknowledged_at -> Nullable<Timestamptz>,
        acknowledged_by -> Nullable<Uuid>,
        reference -> Nullable<Text>,
    }
}

diesel::table! {
    consolidation_settlements (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        report_id -> Uuid,
        kind -> Text,
        indicator -> Text,
        reported -> Int8,
        compared -> Int8,
        reason -> Text,
        settled_by -> Uuid,
        settled_at -> Timestamptz,
    }
}

diesel::table! {
    consolidations (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        no -> Int4,
        state -> Text,
        as_of -> Timestamptz,
        content -> Text,
        checksum -> Text,
        expected_count -> Int8,
        accepted_count -> Int8,
        note -> Nullable<Text>,
        document_number -> Nullable<Text>,
        signed_on -> Nullable<Date>,
        signatory_name -> Nullable<Text>,
        signatory_title -> Nullable<Text>,
        signed_at -> Nullable<Timestamptz>,
        sent_at -> Nullable<Timestamptz>,
        frozen_by -> Uuid,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    check_ins (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        site_id -> Uuid,
        participant_id -> Uuid,
        org_unit_id -> Uuid,
        device_id -> Uuid,
        op_id -> Uuid,
        direction -> Text,
        occurred_at -> Timestamptz,
        received_at -> Timestamptz,
        actor_id -> Uuid,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    checklist_items (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        code -> Text,
        no -> Int4,
        name_vi -> Text,
        name_en -> Text,
        is_required -> Bool,
        is_active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    commendations (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        awardee_kind -> Text,
        awardee_name -> Text,
        award_form -> Text,
        award_level -> Text,
        decision_number -> Nullable<Text>,
        decided_on -> Nullable<Date>,
        awarding_body -> Nullable<Text>,
        awarding_org_unit_id -> Nullable<Uuid>,
        reason -> Text,
        site_id -> Nullable<Uuid>,
        activity_id -> Nullable<Uuid>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        erased_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    contact_readings (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        participant_id -> Uuid,
        site_id -> Uuid,
        org_unit_id -> Uuid,
        reader_id -> Uuid,
        reader_role -> Text,
        content -> Text,
        reason -> Text,
        read_at -> Timestamptz,
    }
}

diesel::table! {
    data_request_steps (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        data_request_id -> Uuid,
        action -> Text,
        from_state -> Nullable<Text>,
        to_state -> Text,
        note -> Nullable<Text>,
        actor_id -> Uuid,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    data_requests (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        kind -> Text,
        participant_id -> Nullable<Uuid>,
        reference -> Nullable<Text>,
        involves_third_parties -> Bool,
        received_at -> Timestamptz,
        state -> Text,
        answer_due_before -> Timestamptz,
        done_due_before -> Timestamptz,
        extended_days -> Nullable<Int4>,
        answered_at -> Nullable<Timestamptz>,
        done_at -> Nullable<Timestamptz>,
        refused_at -> Nullable<Timestamptz>,
        refuse_reason -> Nullable<Text>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    delegates (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        site_id -> Uuid,
        site_org_unit_id -> Uuid,
        org_unit_id -> Uuid,
        full_name -> Text,
        name_key -> Text,
        title -> Nullable<Text>,
        delegate_role -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        proposed_by -> Uuid,
        approved_at -> Nullable<Timestamptz>,
        answered_at -> Nullable<Timestamptz>,
        attended_at -> Nullable<Timestamptz>,
        withdrawn_at -> Nullable<Timestamptz>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        erased_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    demo_clock (is_only) {
        is_only -> Bool,
        offset_ms -> Int8,
    }
}

diesel::table! {
    document_aliases (document_id, no) {
        document_id -> Uuid,
        no -> Int4,
        printed -> Text,
        citation_key -> Text,
    }
}

diesel::table! {
    document_citations (id) {
        id -> Uuid,
        document_id -> Uuid,
        no -> Int4,
        cited_document_id -> Nullable<Uuid>,
        link -> Text,
        citation -> Text,
        citation_key -> Text,
        clause -> Nullable<Text>,
        issuer -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        subject -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    device_sites (campaign_id, device_id, site_id) {
        campaign_id -> Uuid,
        device_id -> Uuid,
        site_id -> Uuid,
    }
}

diesel::table! {
    devices (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        name -> Text,
        code_hash -> Nullable<Bytea>,
        code_expires_at -> Nullable<Timestamptz>,
        enrolment_id -> Nullable<Uuid>,
        secret_hash -> Nullable<Bytea>,
        enrolled_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        last_seen_at -> Nullable<Timestamptz>,
        clock_skew_ms -> Nullable<Int8>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    documents (id) {
        id -> Uuid,
        org_unit_id -> Uuid,
        plan_id -> Nullable<Uuid>,
        kind -> Text,
        document_number -> Text,
        number -> Nullable<Int4>,
        symbol -> Nullable<Text>,
        year -> Nullable<Int4>,
        citation_key -> Text,
        issuer -> Nullable<Text>,
        issuer_key -> Text,
        issuer_org_unit_id -> Nullable<Uuid>,
        issued_on -> Nullable<Date>,
        effective_from -> Nullable<Date>,
        effective_to -> Nullable<Date>,
        subject -> Nullable<Text>,
        body -> Nullable<Text>,
        state -> Text,
        replaced_by -> Nullable<Uuid>,
        note -> Nullable<Text>,
        conflicts -> Array<Text>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    duties (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        rule_id -> Nullable<Text>,
        org_unit_id -> Uuid,
        issuer_org_unit_id -> Uuid,
        title -> Text,
        statement -> Nullable<Text>,
        clause -> Nullable<Text>,
        deadline -> Nullable<Timestamptz>,
        state -> Text,
        progress_note -> Nullable<Text>,
        cancel_reason -> Nullable<Text>,
        reopen_comment -> Nullable<Text>,
        started_at -> Nullable<Timestamptz>,
        done_at -> Nullable<Timestamptz>,
        done_by -> Nullable<Uuid>,
        cancelled_at -> Nullable<Timestamptz>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    duty_reminders (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        duty_id -> Uuid,
        level -> Int4,
        to_org_unit_id -> Uuid,
        message -> Nullable<Text>,
        reminded_on -> Date,
        reminded_at -> Timestamptz,
        reminded_by -> Uuid,
    }
}

diesel::table! {
    duty_steps (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        duty_id -> Uuid,
        action -> Text,
        from_state -> Nullable<Text>,
        to_state -> Text,
        note -> Nullable<Text>,
        actor_id -> Uuid,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    erasures (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        data_kind -> Text,
        cause -> Text,
        object_id -> Nullable<Uuid>,
        row_count -> Int4,
        reason -> Nullable<Text>,
        erased_by -> Nullable<Uuid>,
        erased_at -> Timestamptz,
    }
}

diesel::table! {
    events (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        xid -> Int8,
        seq -> Int8,
        resource -> Text,
        resource_id -> Uuid,
        resource_version -> Int4,
        org_unit_id -> Uuid,
        action -> Text,
        actor_id -> Uuid,
        occurred_at -> Timestamptz,
        data -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    feed_epoch (is_only) {
        is_only -> Bool,
        base -> Int8,
        cluster -> Int8,
    }
}

diesel::table! {
    gifts (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        recipient_category -> Text,
        recipient_count -> Int4,
        value_vnd -> Int8,
        giver -> Text,
        content -> Nullable<Text>,
        given_on -> Date,
        site_id -> Nullable<Uuid>,
        activity_id -> Nullable<Uuid>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    grassroots_models (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        name -> Text,
        kind -> Text,
        description -> Nullable<Text>,
        launched_on -> Date,
        site_id -> Nullable<Uuid>,
        state -> Text,
        replication_count -> Int4,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    guidance_notes (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        title -> Text,
        body -> Text,
        clause -> Nullable<Text>,
        document_number -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        issued_at -> Nullable<Timestamptz>,
        state -> Text,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (caller, route, key) {
        caller -> Uuid,
        route -> Text,
        key -> Text,
        body_hash -> Bytea,
        status -> Int2,
        body -> Nullable<Text>,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    head_counts (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        site_id -> Uuid,
        org_unit_id -> Uuid,
        head_count -> Int4,
        counted_at -> Timestamptz,
        received_at -> Timestamptz,
        actor_id -> Uuid,
        supersedes_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    inspections (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        inspector_org_unit_id -> Uuid,
        planned_on -> Date,
        inspected_on -> Nullable<Date>,
        team_lead -> Nullable<Text>,
        subject -> Text,
        findings -> Nullable<Text>,
        recommendations -> Nullable<Text>,
        follow_up_note -> Nullable<Text>,
        clause -> Nullable<Text>,
        state -> Text,
        cancel_reason -> Nullable<Text>,
        done_at -> Nullable<Timestamptz>,
        followed_up_at -> Nullable<Timestamptz>,
        cancelled_at -> Nullable<Timestamptz>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    invitation_reminders (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        site_id -> Uuid,
        participant_id -> Uuid,
        channel -> Text,
        reminded_on -> Date,
        reminded_at -> Timestamptz,
        reminded_by -> Uuid,
    }
}

diesel::table! {
    invitation_template_changes (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        site_id -> Uuid,
        version -> Int4,
        categories -> Nullable<Array<Text>>,
        reason -> Nullable<Text>,
        changed_at -> Timestamptz,
        changed_by -> Uuid,
    }
}

diesel::table! {
    mail_addresses (user_id) {
        user_id -> Uuid,
        address -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    mail_deliveries (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        reminder_id -> Uuid,
        user_id -> Uuid,
        org_unit_id -> Uuid,
        state -> Text,
        attempts -> Int4,
        failure -> Nullable<Text>,
        next_attempt_at -> Nullable<Timestamptz>,
        claimed_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    media_items (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        outlet -> Text,
        kind -> Text,
        title -> Text,
        url -> Nullable<Text>,
        published_on -> Date,
        site_id -> Nullable<Uuid>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    model_replications (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        grassroots_model_id -> Uuid,
        org_unit_id -> Uuid,
        replicated_on -> Date,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    obstacles (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        title -> Text,
        description -> Text,
        proposal -> Nullable<Text>,
        receiver_org_unit_id -> Uuid,
        through_org_unit_id -> Nullable<Uuid>,
        state -> Text,
        raised_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        answer -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    opinions (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        activity_id -> Nullable<Uuid>,
        text -> Text,
        raised_at -> Timestamptz,
        is_anonymous -> Bool,
        raised_by_name -> Nullable<Text>,
        answer_due_before -> Nullable<Timestamptz>,
        state -> Text,
        referred_to_org_unit_id -> Nullable<Uuid>,
        refer_note -> Nullable<Text>,
        referred_at -> Nullable<Timestamptz>,
        answer -> Nullable<Text>,
        answered_by_org_unit_id -> Nullable<Uuid>,
        answered_at -> Nullable<Timestamptz>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        erased_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    org_units (id) {
        id -> Uuid,
        no -> Int8,
        parent_id -> Nullable<Uuid>,
        path -> Text,
        kind -> Text,
        level -> Text,
        name -> Text,
        short_name -> Nullable<Text>,
        admin_unit_id -> Nullable<Uuid>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    participant_contacts (campaign_id, participant_id) {
        campaign_id -> Uuid,
        participant_id -> Uuid,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    participant_distinctions (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        participant_id -> Uuid,
        other_participant_id -> Uuid,
        actor_id -> Uuid,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    participant_import_keys (campaign_id, import_id, identity) {
        campaign_id -> Uuid,
        import_id -> Uuid,
        identity -> Uuid,
    }
}

diesel::table! {
    participant_import_parts (campaign_id, import_id, no) {
        campaign_id -> Uuid,
        import_id -> Uuid,
        no -> Int4,
        bytes -> Bytea,
    }
}

diesel::table! {
    participant_import_rows (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        import_id -> Uuid,
        line -> Int4,
        verdict -> Text,
        participant_id -> Nullable<Uuid>,
        problems -> Jsonb,
    }
}

diesel::table! {
    participant_imports (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        site_id -> Uuid,
        org_unit_id -> Uuid,
        format -> Text,
        is_dry_run -> Bool,
        state -> Text,
        size_bytes -> Int8,
        checksum -> Text,
        delimiter -> Nullable<Text>,
        header -> Array<Text>,
        stored_bytes -> Int8,
        position_bytes -> Int8,
        next_line -> Int4,
        read_count -> Int4,
        added_count -> Int4,
        repeated_count -> Int4,
        refused_count -> Int4,
        categories -> Array<Text>,
        error_code -> Nullable<Text>,
        error_vi -> Nullable<Text>,
        error_en -> Nullable<Text>,
        lease_token -> Nullable<Uuid>,
        lease_until -> Nullable<Timestamptz>,
        attempts -> Int4,
        created_by -> Uuid,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    participants (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        site_id -> Uuid,
        org_unit_id -> Uuid,
        kind -> Text,
        category -> Text,
        state -> Text,
        full_name -> Text,
        title -> Nullable<Text>,
        organisation -> Nullable<Text>,
        representative_name -> Nullable<Text>,
        invited_at -> Nullable<Timestamptz>,
        responded_at -> Nullable<Timestamptz>,
        decline_reason -> Nullable<Text>,
        entry_count -> Int4,
        is_present -> Bool,
        first_entered_at -> Nullable<Timestamptz>,
        last_op_at -> Nullable<Timestamptz>,
        last_op_id -> Nullable<Uuid>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        age_band -> Nullable<Text>,
        invitation_no -> Nullable<Int4>,
        sent_channel -> Nullable<Text>,
        sent_at -> Nullable<Timestamptz>,
        sent_by -> Nullable<Uuid>,
        answered_by -> Nullable<Text>,
        identity -> Nullable<Uuid>,
        import_id -> Nullable<Uuid>,
        erased_at -> Nullable<Timestamptz>,
        name_key -> Nullable<Uuid>,
        origin -> Text,
        merged_into_id -> Nullable<Uuid>,
        merged_at -> Nullable<Timestamptz>,
        merged_by -> Nullable<Uuid>,
        merge_reason -> Nullable<Text>,
    }
}

diesel::table! {
    plan_clauses (plan_id, no) {
        plan_id -> Uuid,
        no -> Int4,
        reference -> Text,
        kind -> Text,
        marker -> Nullable<Text>,
        heading -> Nullable<Text>,
        body -> Text,
        parent_reference -> Nullable<Text>,
    }
}

diesel::table! {
    plan_deliveries (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        recipient_no -> Int4,
        state -> Text,
        channel -> Nullable<Text>,
        note -> Nullable<Text>,
        actor_id -> Uuid,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    plan_legal_bases (plan_id, no) {
        plan_id -> Uuid,
        no -> Int4,
        citation -> Text,
        clause -> Nullable<Text>,
        issuer -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        subject -> Nullable<Text>,
        note -> Nullable<Text>,
        kind -> Nullable<Text>,
        aliases -> Array<Text>,
    }
}

diesel::table! {
    plan_obligations (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        org_unit_id -> Uuid,
        rule_id -> Text,
        clause -> Text,
        exemption_reason -> Nullable<Text>,
        exempted_at -> Nullable<Timestamptz>,
        exempted_by -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    plan_recipients (plan_id, no) {
        plan_id -> Uuid,
        no -> Int4,
        name -> Text,
        org_unit_id -> Nullable<Uuid>,
        state -> Text,
        channel -> Nullable<Text>,
        sent_at -> Nullable<Timestamptz>,
        sent_by -> Nullable<Uuid>,
        acknowledged_at -> Nullable<Timestamptz>,
        acknowledged_by -> Nullable<Uuid>,
        is_noted_by_issuer -> Nullable<Bool>,
        acknowledge_note -> Nullable<Text>,
        version -> Int4,
    }
}

diesel::table! {
    plan_rules (plan_id, no) {
        plan_id -> Uuid,
        no -> Int4,
        rule_id -> Text,
        kind -> Text,
        clause -> Text,
        obligation -> Text,
        statement -> Text,
        parameters -> Jsonb,
        also_in -> Array<Text>,
        is_confirmed -> Bool,
        confidence -> Float8,
    }
}

diesel::table! {
    plans (id) {
        id -> Uuid,
        campaign_id -> Uuid,
        parent_plan_id -> Nullable<Uuid>,
        org_unit_id -> Uuid,
        state -> Text,
        number -> Nullable<Int4>,
        symbol -> Text,
        document_number -> Nullable<Text>,
        title -> Text,
        summary -> Nullable<Text>,
        issue_place -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        issue_year -> Nullable<Int4>,
        signatory_name -> Nullable<Text>,
        signatory_title -> Nullable<Text>,
        signatory_post -> Nullable<Text>,
        return_comment -> Nullable<Text>,
        submitted_at -> Nullable<Timestamptz>,
        issued_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        items -> Array<Text>,
        edition -> Int4,
        first_edition_id -> Uuid,
        amends_plan_id -> Nullable<Uuid>,
        amendment_note -> Nullable<Text>,
        superseded_at -> Nullable<Timestamptz>,
        aliases -> Jsonb,
        archive_marks -> Array<Text>,
    }
}

diesel::table! {
    pledges (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        topic -> Text,
        household_count -> Int4,
        person_count -> Int4,
        collective_count -> Int4,
        signed_on -> Date,
        site_id -> Nullable<Uuid>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    processing_purpose_changes (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        processing_purpose_id -> Uuid,
        version -> Int4,
        purpose_vi -> Text,
        purpose_en -> Text,
        legal_basis -> Text,
        retention_days -> Nullable<Int4>,
        reason -> Nullable<Text>,
        changed_by -> Nullable<Uuid>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    processing_purposes (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        data_kind -> Text,
        purpose_vi -> Text,
        purpose_en -> Text,
        legal_basis -> Text,
        retention_days -> Nullable<Int4>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Bytea,
        session_id -> Uuid,
        issued_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    report_corrections (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        report_id -> Uuid,
        indicator -> Text,
        recorded_value -> Int8,
        reported_value -> Int8,
        reason -> Text,
        corrected_at -> Timestamptz,
        corrected_by -> Uuid,
    }
}

diesel::table! {
    reminder_stages (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        code -> Text,
        subject -> Text,
        kind -> Text,
        days -> Int4,
        local_time -> Text,
        levels -> Nullable<Int4>,
        is_active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    reminders (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        stage_id -> Uuid,
        subject -> Text,
        obligation_id -> Nullable<Uuid>,
        duty_id -> Nullable<Uuid>,
        kind -> Text,
        step -> Int4,
        level -> Int4,
        org_unit_id -> Uuid,
        to_org_unit_id -> Uuid,
        due_before -> Timestamptz,
        planned_at -> Timestamptz,
        sent_at -> Timestamptz,
    }
}

diesel::table! {
    report_forms (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        no -> Nullable<Int4>,
        state -> Text,
        content -> Jsonb,
        published_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    report_obligations (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        via_org_unit_id -> Nullable<Uuid>,
        due_before -> Timestamptz,
        rule_id -> Nullable<Text>,
        clause -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        plan_id -> Nullable<Uuid>,
        limit_kind -> Text,
        planned_due_before -> Nullable<Timestamptz>,
        opens_at -> Nullable<Timestamptz>,
        grace_minutes -> Nullable<Int4>,
        closes_at -> Nullable<Timestamptz>,
        exempted_at -> Nullable<Timestamptz>,
        to_org_unit_id -> Uuid,
    }
}

diesel::table! {
    report_obligation_decisions (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        obligation_id -> Uuid,
        org_unit_id -> Uuid,
        via_org_unit_id -> Nullable<Uuid>,
        action -> Text,
        opens_at -> Nullable<Timestamptz>,
        due_before -> Timestamptz,
        closes_at -> Nullable<Timestamptz>,
        is_exempt -> Bool,
        reason -> Nullable<Text>,
        actor_id -> Nullable<Uuid>,
        occurred_at -> Timestamptz,
        to_org_unit_id -> Uuid,
    }
}

diesel::table! {
    report_steps (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        report_id -> Uuid,
        obligation_id -> Uuid,
        action -> Text,
        from_state -> Nullable<Text>,
        to_state -> Nullable<Text>,
        version_no -> Nullable<Int4>,
        first_submitted_at -> Nullable<Timestamptz>,
        is_late -> Nullable<Bool>,
        is_nil -> Nullable<Bool>,
        comment -> Nullable<Text>,
        comments -> Jsonb,
        actor_id -> Nullable<Uuid>,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    report_prefills (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        report_id -> Uuid,
        indicator -> Text,
        recorded_value -> Int8,
        record_count -> Int8,
        recorded_at -> Timestamptz,
        recorded_by -> Uuid,
    }
}

diesel::table! {
    report_versions (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        report_id -> Uuid,
        no -> Int4,
        figures -> Jsonb,
        narrative -> Nullable<Text>,
        submitted_at -> Timestamptz,
        is_late -> Bool,
        submitted_by -> Uuid,
        form_id -> Uuid,
        coverage -> Text,
    }
}

diesel::table! {
    reports (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        obligation_id -> Uuid,
        org_unit_id -> Uuid,
        state -> Text,
        figures -> Jsonb,
        narrative -> Nullable<Text>,
        return_comment -> Nullable<Text>,
        first_submitted_at -> Nullable<Timestamptz>,
        submitted_at -> Nullable<Timestamptz>,
        is_late -> Nullable<Bool>,
        returned_at -> Nullable<Timestamptz>,
        accepted_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        form_id -> Uuid,
        coverage -> Text,
        is_nil -> Nullable<Bool>,
        return_comments -> Jsonb,
        locked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    site_checklist_answers (campaign_id, site_id, item_id) {
        campaign_id -> Uuid,
        site_id -> Uuid,
        item_id -> Uuid,
        verdict -> Text,
        note -> Nullable<Text>,
        attachment_ids -> Array<Uuid>,
        answered_by -> Uuid,
        answered_at -> Timestamptz,
    }
}

diesel::table! {
    site_counters (campaign_id, site_id) {
        campaign_id -> Uuid,
        site_id -> Uuid,
        listed -> Int4,
        invited -> Int4,
        accepted -> Int4,
        declined -> Int4,
        entries -> Int4,
        persons -> Int4,
        present -> Int4,
        last_invitation_no -> Int4,
    }
}

diesel::table! {
    site_steps (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        site_id -> Uuid,
        action -> Text,
        from_state -> Text,
        to_state -> Text,
        from_pilot_level -> Text,
        to_pilot_level -> Text,
        reason -> Nullable<Text>,
        adviser -> Nullable<Text>,
        decision_number -> Nullable<Text>,
        actor_id -> Uuid,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    sites (campaign_id, id) {
        campaign_id -> Uuid,
        id -> Uuid,
        org_unit_id -> Uuid,
        admin_unit_id -> Nullable<Uuid>,
        name -> Text,
        kind -> Text,
        state -> Text,
        pilot_level -> Text,
        address -> Nullable<Text>,
        lat -> Nullable<Float8>,
        lon -> Nullable<Float8>,
        priority_reasons -> Array<Text>,
        suitability_note -> Nullable<Text>,
        decision_reason -> Nullable<Text>,
        starts_at -> Nullable<Timestamptz>,
        ends_at -> Nullable<Timestamptz>,
        nominated_by -> Nullable<Uuid>,
        nominated_at -> Nullable<Timestamptz>,
        decided_at -> Nullable<Timestamptz>,
        held_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        capacity -> Nullable<Int4>,
        priority_note -> Nullable<Text>,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        username -> Text,
        full_name -> Text,
        password_hash -> Text,
        role -> Text,
        org_unit_id -> Uuid,
        is_disabled -> Bool,
        tokens -> Array<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Uuid,
        api_client_id -> Uuid,
        url -> Text,
        resources -> Nullable<Array<Text>>,
        only_campaign_id -> Nullable<Uuid>,
        is_active -> Bool,
        secret_no -> Int4,
        rotated_at -> Nullable<Timestamptz>,
        after_xid -> Int8,
        after_seq -> Int8,
        failures -> Int4,
        failing_since -> Nullable<Timestamptz>,
        last_failure -> Nullable<Text>,
        last_attempt_at -> Nullable<Timestamptz>,
        last_success_at -> Nullable<Timestamptz>,
        next_attempt_at -> Timestamptz,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::joinable!(activities -> campaigns (campaign_id));
diesel::joinable!(activities -> org_units (org_unit_id));
diesel::joinable!(api_clients -> org_units (org_unit_id));
diesel::joinable!(campaigns -> admin_units (admin_unit_id));
diesel::joinable!(campaigns -> org_units (org_unit_id));
diesel::joinable!(duties -> campaigns (campaign_id));
diesel::joinable!(duties -> plans (plan_id));
diesel::joinable!(duty_reminders -> org_units (to_org_unit_id));
diesel::joinable!(guidance_notes -> campaigns (campaign_id));
diesel::joinable!(guidance_notes -> org_units (org_unit_id));
diesel::joinable!(inspections -> campaigns (campaign_id));
diesel::joinable!(attachments -> org_units (org_unit_id));
diesel::joinable!(devices -> org_units (org_unit_id));
diesel::joinable!(document_aliases -> documents (document_id));
diesel::joinable!(documents -> plans (plan_id));
diesel::joinable!(org_units -> admin_units (admin_unit_id));
diesel::joinable!(participants -> campaigns (campaign_id));
diesel::joinable!(participants -> org_units (org_unit_id));
diesel::joinable!(plan_clauses -> plans (plan_id));
diesel::joinable!(plan_deliveries -> campaigns (campaign_id));
diesel::joinable!(plan_legal_bases -> plans (plan_id));
diesel::joinable!(plan_obligations -> campaigns (campaign_id));
diesel::joinable!(plan_obligations -> plans (plan_id));
diesel::joinable!(plan_recipients -> org_units (org_unit_id));
diesel::joinable!(plan_recipients -> plans (plan_id));
diesel::joinable!(plan_rules -> plans (plan_id));
diesel::joinable!(plans -> campaigns (campaign_id));
diesel::joinable!(plans -> org_units (org_unit_id));
diesel::joinable!(processing_purposes -> campaigns (campaign_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(report_forms -> campaigns (campaign_id));
diesel::joinable!(report_obligations -> campaigns (campaign_id));
diesel::joinable!(reports -> campaigns (campaign_id));
diesel::joinable!(reports -> org_units (org_unit_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(sites -> admin_units (admin_unit_id));
diesel::joinable!(sites -> campaigns (campaign_id));
diesel::joinable!(users -> org_units (org_unit_id));
