-- What the member list of an office sorts, filters and searches by, derived from the rows that
-- count: -1 codes stand for no sheet, a last sign-in at 0 for none. Nothing that decides anything
-- reads these columns.
ALTER TABLE memberships ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN two_factor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN codes_left INTEGER NOT NULL DEFAULT -1;
ALTER TABLE memberships ADD COLUMN last_sign_in_at BIGINT NOT NULL DEFAULT 0;

UPDATE memberships SET
    name_key = (SELECT LOWER(u.name) FROM users u WHERE u.id = memberships.user_id),
    email = (SELECT u.email FROM users u WHERE u.id = memberships.user_id),
    two_factor = (SELECT COUNT(*) FROM two_factors t WHERE t.user_id = memberships.user_id),
    codes_left = COALESCE((
        SELECT (SELECT COUNT(*) FROM backup_codes c WHERE c.generation_id = g.id AND c.used_at IS NULL)
        FROM generations g WHERE g.user_id = memberships.user_id AND g.voided_at IS NULL
    ), -1),
    last_sign_in_at = COALESCE((SELECT u.last_sign_in_at FROM users u WHERE u.id = memberships.user_id), 0);

DROP INDEX memberships_by_office;
CREATE INDEX memberships_by_office ON memberships
    (office_id, name_key, user_id, email, role, two_factor, codes_left, last_sign_in_at);
