ALTER TABLE sessions ADD COLUMN office_id BIGINT;
