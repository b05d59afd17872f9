DROP TABLE nodes;
DROP TABLE audit_anchor;
