-- Where sheets come from that come again, and how their columns are read (JSON).
CREATE TABLE import_source (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, name {text} NOT NULL, kind {text} NOT NULL,
    signature {text} NOT NULL, mapping {text} NOT NULL, changed_at {text} NOT NULL, UNIQUE (programme_id, name)
){strict};

-- One sheet of one file on its way into the records. `kind` is a kind of record, or `figure`; counts and mapping are JSON.
CREATE TABLE import (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, user_id {int} REFERENCES app_user, at {text} NOT NULL,
    file_name {text} NOT NULL, digest {text} NOT NULL REFERENCES blob, sheet {int} NOT NULL, sheet_name {text} NOT NULL,
    kind {text} NOT NULL, mode {text} NOT NULL, mapping {text} NOT NULL, source {text}, state {text} NOT NULL,
    done {int} NOT NULL, leased_until {text}, attempts {int} NOT NULL, error_code {text}, error_args {text},
    counts {text} NOT NULL, change_id {int} REFERENCES change
){strict};
CREATE INDEX import_programme ON import (programme_id, id);
CREATE INDEX import_work ON import (id) WHERE state IN ('reading', 'writing', 'cancelling', 'undoing');
CREATE INDEX import_change ON import (change_id) WHERE change_id IS NOT NULL;

-- A row of the sheet as it was understood: payload and problems are JSON, version is that of the record it was compared with.
CREATE TABLE import_row (
    import_id {int} NOT NULL REFERENCES import, number {int} NOT NULL, state {text} NOT NULL, title {text} NOT NULL,
    record_id {int} REFERENCES record, version {int}, payload {text}, problems {text}, decision {text},
    PRIMARY KEY (import_id, number)
){strict};
CREATE INDEX import_row_state ON import_row (import_id, state, number);
CREATE INDEX import_row_record ON import_row (record_id, import_id) WHERE record_id IS NOT NULL;

-- The import that writes a record which nobody sees yet; nothing once it is published.
ALTER TABLE record ADD COLUMN import_id {int};
CREATE INDEX record_pending ON record (import_id) WHERE import_id IS NOT NULL;
