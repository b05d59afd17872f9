CREATE TABLE instance (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    keyed_at BIGINT
);
INSERT INTO instance (id, keyed_at) VALUES (1, NULL);

CREATE TABLE key_checks (
    key_id TEXT NOT NULL PRIMARY KEY,
    check_value BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE offices (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    plan TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id BIGINT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    language TEXT,
    time_zone TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    password_changed_at BIGINT NOT NULL,
    release_blocked_until BIGINT,
    last_sign_in_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE memberships (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    office_id BIGINT NOT NULL REFERENCES offices (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, office_id)
);
CREATE INDEX memberships_by_office ON memberships (office_id);

CREATE TABLE attempts (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    turn BIGINT NOT NULL,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    blocked_until BIGINT,
    owner_told_at BIGINT,
    last_step BIGINT
);

CREATE TABLE two_factors (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    set_up_id BIGINT NOT NULL UNIQUE,
    key_id TEXT NOT NULL,
    sealed_key BYTEA NOT NULL,
    code_salt BYTEA NOT NULL,
    enabled_at BIGINT NOT NULL
);

CREATE TABLE pending_set_ups (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    set_up_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    sealed_key BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE generations (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    set_up_id BIGINT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 1),
    sheet_id TEXT NOT NULL UNIQUE,
    key_id TEXT NOT NULL,
    memory_kib INTEGER NOT NULL,
    passes INTEGER NOT NULL,
    issued_at BIGINT NOT NULL,
    voided_at BIGINT,
    UNIQUE (user_id, number)
);
CREATE UNIQUE INDEX one_live_generation ON generations (user_id) WHERE voided_at IS NULL;

CREATE TABLE backup_codes (
    generation_id BIGINT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 10),
    salt BYTEA NOT NULL,
    tag BYTEA NOT NULL,
    used_at BIGINT,
    used_device TEXT,
    PRIMARY KEY (generation_id, number)
);

CREATE TABLE links (
    digest BYTEA NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sent_to TEXT NOT NULL,
    set_up_id BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX links_by_user ON links (user_id, purpose);
CREATE INDEX links_by_expiry ON links (expires_at);

CREATE TABLE sessions (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    device TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE web_sessions (
    digest BYTEA NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX web_sessions_by_expiry ON web_sessions (expires_at);

CREATE TABLE rate_windows (
    bucket TEXT NOT NULL PRIMARY KEY,
    hits INTEGER NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX rate_windows_by_end ON rate_windows (ends_at);

CREATE TABLE outbox (
    id BIGINT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    sealed BYTEA,
    tries INTEGER NOT NULL,
    next_try_at BIGINT NOT NULL,
    claimed_until BIGINT,
    sent_at BIGINT,
    given_up_at BIGINT,
    last_error TEXT
);
CREATE INDEX outbox_waiting ON outbox (next_try_at) WHERE sent_at IS NULL AND given_up_at IS NULL;

CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

CREATE TABLE audit_events (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    actor_id BIGINT,
    subject_id BIGINT,
    office_id BIGINT,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    detail TEXT NOT NULL,
    key_id TEXT NOT NULL,
    hash BYTEA NOT NULL
);
CREATE INDEX audit_events_by_subject ON audit_events (subject_id, seq);
CREATE INDEX audit_events_by_office ON audit_events (office_id, seq);
