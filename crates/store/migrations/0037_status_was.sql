-- What a record was before: moves are found without reading every first state of the records that came in with them.
ALTER TABLE record_status ADD COLUMN was {text};
UPDATE record_status SET was = (SELECT q.status FROM record_status q
    WHERE q.record_id = record_status.record_id AND q.id < record_status.id ORDER BY q.id DESC LIMIT 1);
CREATE INDEX record_status_moved ON record_status (change_id, record_id, was, status) WHERE was IS NOT NULL;
