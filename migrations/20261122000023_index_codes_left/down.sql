DROP INDEX memberships_by_codes;
