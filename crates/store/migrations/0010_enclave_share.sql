-- How output and tax of an enclave are shared between its two regions, by period. A row is only added and taken back; what
-- was known of a share before comes over, as far as it went.
CREATE TABLE enclave_share (
    id {pk}, record_id {int} NOT NULL REFERENCES record, measure {text} NOT NULL, from_on {text}, to_on {text},
    sending_share {int}, receiving_share {int}, change_id {int} NOT NULL REFERENCES change,
    removed_change_id {int} REFERENCES change
){strict};
CREATE INDEX enclave_share_record ON enclave_share (record_id, id);
INSERT INTO enclave_share (record_id, measure, from_on, to_on, sending_share, change_id)
    SELECT e.record_id, 'output', e.since, e.until, e.output_share,
        (SELECT MIN(i.change_id) FROM change_item i WHERE i.record_id = e.record_id)
    FROM enclave e WHERE e.output_share IS NOT NULL
    AND EXISTS (SELECT 1 FROM change_item i WHERE i.record_id = e.record_id);
INSERT INTO enclave_share (record_id, measure, from_on, to_on, sending_share, change_id)
    SELECT e.record_id, 'tax', e.since, e.until, e.tax_share,
        (SELECT MIN(i.change_id) FROM change_item i WHERE i.record_id = e.record_id)
    FROM enclave e WHERE e.tax_share IS NOT NULL
    AND EXISTS (SELECT 1 FROM change_item i WHERE i.record_id = e.record_id);
ALTER TABLE enclave DROP COLUMN output_share;
ALTER TABLE enclave DROP COLUMN tax_share;
