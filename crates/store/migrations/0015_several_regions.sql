-- Totals of regions now say what lies in them in part only: they are counted anew when next read.
UPDATE tally_group SET fresh = 0;
