-- What the member list counts, in an index narrow enough to be counted quickly.
CREATE INDEX memberships_counted ON memberships (office_id, two_factor, codes_left);
