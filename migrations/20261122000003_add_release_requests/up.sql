CREATE TABLE release_requests (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    set_up_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    ended_at BIGINT,
    decided_by BIGINT,
    note TEXT
);
CREATE UNIQUE INDEX one_open_release_request ON release_requests (user_id) WHERE state = 'open';
CREATE INDEX open_release_requests_by_expiry ON release_requests (expires_at) WHERE state = 'open';

CREATE TABLE release_request_offices (
    request_id BIGINT NOT NULL REFERENCES release_requests (id) ON DELETE CASCADE,
    office_id BIGINT NOT NULL REFERENCES offices (id) ON DELETE CASCADE,
    PRIMARY KEY (request_id, office_id)
);
CREATE INDEX release_request_offices_by_office ON release_request_offices (office_id);
