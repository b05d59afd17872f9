-- A request is open until it has ended. An index on «state = 'open'» serves a query with a bound
-- state only as long as the database looks at the value when it plans.
DROP INDEX one_open_release_request;
DROP INDEX open_release_requests_by_expiry;
CREATE UNIQUE INDEX one_open_release_request ON release_requests (user_id) WHERE ended_at IS NULL;
CREATE INDEX open_release_requests_by_expiry ON release_requests (expires_at) WHERE ended_at IS NULL;
