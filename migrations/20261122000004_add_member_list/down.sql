DROP INDEX memberships_by_office;
CREATE INDEX memberships_by_office ON memberships (office_id);
ALTER TABLE memberships DROP COLUMN last_sign_in_at;
ALTER TABLE memberships DROP COLUMN codes_left;
ALTER TABLE memberships DROP COLUMN two_factor;
ALTER TABLE memberships DROP COLUMN email;
ALTER TABLE memberships DROP COLUMN name_key;
