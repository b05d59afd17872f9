-- Who administers an office is asked before a member is told whom to ask for a release; without this
-- the whole office is looked through.
CREATE INDEX memberships_of_administrators ON memberships (office_id, user_id) WHERE role = 'admin';
