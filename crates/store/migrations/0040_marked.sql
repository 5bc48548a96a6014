-- Totals are counted without keeping writers waiting: they are kept if no figure of their group was written meanwhile.
ALTER TABLE tally_group ADD COLUMN marked {int} NOT NULL DEFAULT 0;
