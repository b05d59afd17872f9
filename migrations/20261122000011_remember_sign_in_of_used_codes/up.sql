ALTER TABLE backup_codes ADD COLUMN used_session_id BIGINT;
