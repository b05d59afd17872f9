-- What the members of an office are still to be told about its requirement, and the last one told.
ALTER TABLE offices ADD COLUMN two_factor_telling TEXT;
ALTER TABLE offices ADD COLUMN two_factor_told_up_to BIGINT;
