CREATE TABLE invitations (
    id BIGINT NOT NULL PRIMARY KEY,
    office_id BIGINT NOT NULL REFERENCES offices (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    invited_by BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    digest BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ending TEXT,
    accepted_by BIGINT REFERENCES users (id) ON DELETE CASCADE,
    CHECK ((ended_at IS NULL) = (ending IS NULL))
);
CREATE UNIQUE INDEX one_open_invitation ON invitations (office_id, email) WHERE ended_at IS NULL;
CREATE INDEX invitations_by_office ON invitations (office_id, created_at);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);
