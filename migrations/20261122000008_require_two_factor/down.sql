ALTER TABLE offices DROP COLUMN two_factor_told_at;
ALTER TABLE offices DROP COLUMN two_factor_required_from;
