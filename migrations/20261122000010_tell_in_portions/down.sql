ALTER TABLE offices DROP COLUMN two_factor_told_up_to;
ALTER TABLE offices DROP COLUMN two_factor_telling;
