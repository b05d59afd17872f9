-- The member list by codes left, at any page. One more entry to write with each code that is used;
-- without it half of an office is sorted for each page.
CREATE INDEX memberships_by_codes ON memberships (office_id, codes_left, name_key, user_id);
