-- One organisation in several programmes: records of one credit code that are kept alike bear one identity. What was stored
-- before meets when one of the records is next saved.
CREATE TABLE organisation_identity (id {pk}){strict};
ALTER TABLE organisation ADD COLUMN shared_id {int} REFERENCES organisation_identity;
