ALTER TABLE pending_set_ups DROP COLUMN extendable_until;
