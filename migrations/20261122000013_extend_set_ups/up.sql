-- Up to when the person may ask for more time; nothing in rows from before.
ALTER TABLE pending_set_ups ADD COLUMN extendable_until BIGINT;
