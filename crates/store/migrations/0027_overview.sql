-- What the overview asks every day. The totals of items by month are kept as the totals are, and counted with them: flows
-- within one month only. Region 0 is the programme.
CREATE TABLE tally_month (
    programme_id {int} NOT NULL REFERENCES programme, measure {text} NOT NULL, unit {text} NOT NULL,
    region_id {int} NOT NULL, month {text} NOT NULL, low {int} NOT NULL, high {int} NOT NULL, approx {text} NOT NULL,
    counted {int} NOT NULL, PRIMARY KEY (programme_id, region_id, measure, unit, month)
){strict};
UPDATE tally_group SET fresh = 0;
CREATE INDEX record_status_change ON record_status (change_id);
CREATE INDEX change_of_day ON change (programme_id, at);
