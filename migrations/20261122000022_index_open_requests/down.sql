DROP INDEX open_release_requests_by_expiry;
DROP INDEX one_open_release_request;
CREATE UNIQUE INDEX one_open_release_request ON release_requests (user_id) WHERE state = 'open';
CREATE INDEX open_release_requests_by_expiry ON release_requests (expires_at) WHERE state = 'open';
