-- Totals of everything between a host and a supporting region, kept and counted with those of regions.
CREATE TABLE tally_pair (
    programme_id {int} NOT NULL REFERENCES programme, measure {text} NOT NULL, unit {text} NOT NULL, time_kind {text} NOT NULL,
    host_id {int} NOT NULL, supporting_id {int} NOT NULL, low {int} NOT NULL, high {int} NOT NULL, approx {text} NOT NULL,
    counted {int} NOT NULL, left_out {int} NOT NULL, stated_low {int}, stated_approx {text},
    PRIMARY KEY (programme_id, measure, unit, time_kind, host_id, supporting_id)
){strict};
CREATE INDEX tally_pair_of ON tally_pair (programme_id, host_id, supporting_id);
UPDATE tally_group SET fresh = 0;
