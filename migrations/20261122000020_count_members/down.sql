DROP INDEX memberships_counted;
