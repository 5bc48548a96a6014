-- What a document is, of the list document_class in data/records.tsv, and whether that list opens it to the parties, the verifier
-- and the auditor alone (law 5): copied here when the class is set, so that statements can ask for it.
ALTER TABLE document ADD COLUMN class {text} NOT NULL DEFAULT 'ordinary';
ALTER TABLE document ADD COLUMN restricted {int} NOT NULL DEFAULT 0;
