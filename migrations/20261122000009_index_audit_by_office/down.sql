CREATE INDEX audit_events_by_office ON audit_events (office_id, seq);
DROP TABLE audit_offices;
