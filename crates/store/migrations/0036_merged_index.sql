-- Records that were not merged are nearly all of them: an index that holds them too leads a planner without statistics to read
-- the whole table by it.
DROP INDEX record_merged;
CREATE INDEX record_merged ON record (merged_into) WHERE merged_into IS NOT NULL;
