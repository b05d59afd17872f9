CREATE TABLE audit_anchor (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash BYTEA,
    key_id TEXT,
    mac BYTEA
);
INSERT INTO audit_anchor (id, seq) VALUES (1, 0);
CREATE TABLE nodes (
    id BIGINT NOT NULL PRIMARY KEY,
    active_key TEXT NOT NULL,
    next_key TEXT,
    seen_at BIGINT NOT NULL
);
