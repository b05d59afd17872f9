ALTER TABLE offices ADD COLUMN two_factor_required_from BIGINT;
ALTER TABLE offices ADD COLUMN two_factor_told_at BIGINT;
