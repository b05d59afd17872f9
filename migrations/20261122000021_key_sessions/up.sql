-- A cookie carries its few values itself; what proves a sign-in is a key of which the row has the
-- digest. Sessions that were open have none, and end.
DROP TABLE web_sessions;
DROP TABLE sessions;
CREATE TABLE sessions (
    id BIGINT NOT NULL PRIMARY KEY,
    key_digest BYTEA NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    stage TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    office_id BIGINT
);
CREATE UNIQUE INDEX sessions_by_key ON sessions (key_digest);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
