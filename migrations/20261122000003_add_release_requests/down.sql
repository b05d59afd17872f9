DROP TABLE release_request_offices;
DROP TABLE release_requests;
