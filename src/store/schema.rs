//! The tables, as the migrations make them on both databases.

diesel::table! {
    instance (id) {
        id -> Integer,
        keyed_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    key_checks (key_id) {
        key_id -> Text,
        check_value -> Binary,
        created_at -> BigInt,
    }
}
diesel::table! {
    offices (id) {
        id -> BigInt,
        name -> Text,
        plan -> Text,
        created_at -> BigInt,
        two_factor_required_from -> Nullable<BigInt>,
        two_factor_told_at -> Nullable<BigInt>,
        two_factor_telling -> Nullable<Text>,
        two_factor_told_up_to -> Nullable<BigInt>,
    }
}
diesel::table! {
    users (id) {
        id -> BigInt,
        email -> Text,
        name -> Text,
        language -> Nullable<Text>,
        time_zone -> Text,
        password_hash -> Text,
        password_changed_at -> BigInt,
        release_blocked_until -> Nullable<BigInt>,
        last_sign_in_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}
diesel::table! {
    memberships (user_id, office_id) {
        user_id -> BigInt,
        office_id -> BigInt,
        role -> Text,
        created_at -> BigInt,
        name_key -> Text,
        email -> Text,
        two_factor -> Integer,
        codes_left -> Integer,
        last_sign_in_at -> BigInt,
    }
}
diesel::table! {
    attempts (user_id) {
        user_id -> BigInt,
        turn -> BigInt,
        failures -> Integer,
        blocked_until -> Nullable<BigInt>,
        owner_told_at -> Nullable<BigInt>,
        last_step -> Nullable<BigInt>,
    }
}
diesel::table! {
    two_factors (user_id) {
        user_id -> BigInt,
        set_up_id -> BigInt,
        key_id -> Text,
        sealed_key -> Binary,
        code_salt -> Binary,
        enabled_at -> BigInt,
    }
}
diesel::table! {
    pending_set_ups (user_id) {
        user_id -> BigInt,
        set_up_id -> BigInt,
        session_id -> BigInt,
        key_id -> Text,
        sealed_key -> Binary,
        expires_at -> BigInt,
        extendable_until -> Nullable<BigInt>,
    }
}
diesel::table! {
    generations (id) {
        id -> BigInt,
        user_id -> BigInt,
        set_up_id -> BigInt,
        number -> Integer,
        sheet_id -> Text,
        key_id -> Text,
        memory_kib -> Integer,
        passes -> Integer,
        issued_at -> BigInt,
        voided_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    backup_codes (generation_id, number) {
        generation_id -> BigInt,
        number -> Integer,
        salt -> Binary,
        tag -> Binary,
        used_at -> Nullable<BigInt>,
        used_device -> Nullable<Text>,
        used_session_id -> Nullable<BigInt>,
    }
}
diesel::table! {
    links (digest) {
        digest -> Binary,
        purpose -> Text,
        user_id -> BigInt,
        sent_to -> Text,
        set_up_id -> Nullable<BigInt>,
        created_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    sessions (id) {
        id -> BigInt,
        key_digest -> Binary,
        user_id -> BigInt,
        stage -> Text,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        expires_at -> BigInt,
        address -> Text,
        device -> Text,
        office_id -> Nullable<BigInt>,
    }
}
diesel::table! {
    rate_windows (bucket) {
        bucket -> Text,
        hits -> Integer,
        ends_at -> BigInt,
    }
}
diesel::table! {
    outbox (id) {
        id -> BigInt,
        created_at -> BigInt,
        key_id -> Text,
        sealed -> Nullable<Binary>,
        tries -> Integer,
        next_try_at -> BigInt,
        claimed_until -> Nullable<BigInt>,
        sent_at -> Nullable<BigInt>,
        given_up_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
    }
}
diesel::table! {
    audit_head (id) {
        id -> Integer,
        seq -> BigInt,
        hash -> Binary,
    }
}
diesel::table! {
    nodes (id) {
        id -> BigInt,
        active_key -> Text,
        next_key -> Nullable<Text>,
        seen_at -> BigInt,
    }
}
diesel::table! {
    audit_anchor (id) {
        id -> Integer,
        seq -> BigInt,
        hash -> Nullable<Binary>,
        key_id -> Nullable<Text>,
        mac -> Nullable<Binary>,
    }
}
diesel::table! {
    audit_events (seq) {
        seq -> BigInt,
        at -> BigInt,
        action -> Text,
        outcome -> Text,
        actor_id -> Nullable<BigInt>,
        subject_id -> Nullable<BigInt>,
        office_id -> Nullable<BigInt>,
        address -> Text,
        device -> Text,
        detail -> Text,
        key_id -> Text,
        hash -> Binary,
    }
}
diesel::table! {
    release_requests (id) {
        id -> BigInt,
        user_id -> BigInt,
        set_up_id -> BigInt,
        state -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        address -> Text,
        device -> Text,
        ended_at -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
        note -> Nullable<Text>,
    }
}
diesel::table! {
    release_request_offices (request_id, office_id) {
        request_id -> BigInt,
        office_id -> BigInt,
    }
}
diesel::joinable!(release_request_offices -> release_requests (request_id));
diesel::allow_tables_to_appear_in_same_query!(release_requests, release_request_offices, memberships);
diesel::table! {
    audit_offices (office_id, seq) {
        office_id -> BigInt,
        seq -> BigInt,
    }
}
diesel::joinable!(audit_offices -> audit_events (seq));
diesel::table! {
    invitations (id) {
        id -> BigInt,
        office_id -> BigInt,
        email -> Text,
        role -> Text,
        invited_by -> BigInt,
        digest -> Binary,
        created_at -> BigInt,
        sent_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        ending -> Nullable<Text>,
        accepted_by -> Nullable<BigInt>,
    }
}
diesel::table! {
    first_start (digest) {
        digest -> Binary,
        created_at -> BigInt,
    }
}
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(memberships -> offices (office_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(invitations -> users (invited_by));
diesel::joinable!(backup_codes -> generations (generation_id));
diesel::allow_tables_to_appear_in_same_query!(
    users,
    memberships,
    offices,
    sessions,
    two_factors,
    attempts,
    audit_events,
    audit_offices
);
diesel::allow_tables_to_appear_in_same_query!(invitations, users);
diesel::allow_tables_to_appear_in_same_query!(generations, backup_codes);
diesel::allow_tables_to_appear_in_same_query!(two_factors, generations);
diesel::allow_tables_to_appear_in_same_query!(attempts, generations);
