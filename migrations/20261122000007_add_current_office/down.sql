ALTER TABLE sessions DROP COLUMN office_id;
