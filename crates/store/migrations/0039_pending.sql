-- What an import writes is seen by nobody until all of it is written: lists read that from the indexes they go through.
DROP INDEX record_kind;
CREATE INDEX record_kind ON record (programme_id, kind, id, archived_at, protected, import_id);
DROP INDEX record_title;
CREATE INDEX record_title ON record (programme_id, kind, title_key, id, archived_at, protected, import_id);
DROP INDEX record_changed;
CREATE INDEX record_changed ON record (programme_id, kind, changed_at, id, archived_at, protected, import_id);

-- Of a figure its own row says so: its row of `record`, which more indexes hold, is left as it is.
ALTER TABLE figure ADD COLUMN import_id {int};
CREATE INDEX figure_pending ON figure (import_id, record_id) WHERE import_id IS NOT NULL;

DROP INDEX import_work;
CREATE INDEX import_work ON import (id) WHERE state IN ('reading', 'writing', 'cancelling', 'settling');

-- Fields that an import is to change, as the audit will tell them; `staged` marks the rows whose changes are here and among the
-- pending figures.
CREATE TABLE import_item (
    id {pk}, import_id {int} NOT NULL REFERENCES import, record_id {int} NOT NULL REFERENCES record, field {text} NOT NULL,
    before {text}, after {text}
){strict};
CREATE INDEX import_item_field ON import_item (import_id, field, record_id);
ALTER TABLE import_row ADD COLUMN staged {int};
