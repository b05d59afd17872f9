-- Which offices a row of the trail belongs to. It stands beside the hash chain, not in it.
-- A row that is renumbered past the application is the chain's to find, so this follows.
CREATE TABLE audit_offices (
    office_id BIGINT NOT NULL,
    seq BIGINT NOT NULL REFERENCES audit_events (seq) ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (office_id, seq)
);
CREATE INDEX audit_offices_by_seq ON audit_offices (seq);

INSERT INTO audit_offices (office_id, seq)
SELECT office_id, seq FROM audit_events WHERE office_id IS NOT NULL;
INSERT INTO audit_offices (office_id, seq)
SELECT memberships.office_id, audit_events.seq
FROM audit_events JOIN memberships ON memberships.user_id = audit_events.subject_id
WHERE audit_events.office_id IS NULL AND audit_events.at >= memberships.created_at;

DROP INDEX audit_events_by_office;
