CREATE TABLE first_start (
    digest BYTEA NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL
);
