-- Keys under which records that may be the same are looked up: the prefix of the kind's code, a digit (0 an official code,
-- 1 a whole name, 2 first and last character, 3 two neighbouring characters) and the text. Made from names and codes, and
-- made anew after a restore, so no backup holds it.
CREATE TABLE record_key (
    record_id {int} NOT NULL, programme_id {int} NOT NULL, key {text} NOT NULL, PRIMARY KEY (programme_id, key, record_id)
){strict}{compact};
CREATE INDEX record_key_record ON record_key (record_id, key);

-- Two records that somebody decided are not the same; a_id is the lower.
CREATE TABLE record_different (
    id {pk}, a_id {int} NOT NULL REFERENCES record, b_id {int} NOT NULL REFERENCES record,
    change_id {int} NOT NULL REFERENCES change, removed_change_id {int} REFERENCES change
){strict};
CREATE UNIQUE INDEX record_different_pair ON record_different (a_id, b_id) WHERE removed_change_id IS NULL;

-- Who saw business contacts, when and how (`page`, `list`, `export`), and which. Only ever added to; no value of a contact is kept.
CREATE TABLE contact_view (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, user_id {int} REFERENCES app_user, at {text} NOT NULL,
    what {text} NOT NULL
){strict};
CREATE TABLE contact_seen (
    view_id {int} NOT NULL REFERENCES contact_view, record_id {int} NOT NULL REFERENCES record,
    PRIMARY KEY (view_id, record_id)
){strict}{compact};
CREATE INDEX contact_seen_record ON contact_seen (record_id, view_id);
