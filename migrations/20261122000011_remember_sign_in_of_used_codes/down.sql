ALTER TABLE backup_codes DROP COLUMN used_session_id;
