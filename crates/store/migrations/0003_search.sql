-- The search index. All of it is made from other tables and made anew after a restore, so no backup holds it.

-- A passage is a piece of the text of a record, known by its number: the record's id, shifted by 16 bits, and a sequence.
{passages};

-- How the names of a record may begin when they are typed: as they are, by their pinyin, by the initials of it.
CREATE TABLE record_word (
    programme_id {int} NOT NULL REFERENCES programme, word {text} NOT NULL, record_id {int} NOT NULL REFERENCES record,
    PRIMARY KEY (programme_id, word, record_id)
){strict};
CREATE INDEX record_word_record ON record_word (record_id);

-- How far the index has been made from the records, in the order of their ids, and by which version of the tokeniser.
CREATE TABLE search_state (
    id {int} PRIMARY KEY, version {int} NOT NULL, done_to {int} NOT NULL
){strict};
