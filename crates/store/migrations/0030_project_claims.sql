-- What reading tells of projects: span, engine and words of a project claim never change. Words are JSON with their place in the
-- text; plain_name is the name without signs, by which the same news in several documents is found.
CREATE TABLE project_claim (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, document_id {int} NOT NULL REFERENCES document,
    text_id {int} NOT NULL REFERENCES document_text, engine {text} NOT NULL, span_start {int} NOT NULL,
    span_end {int} NOT NULL, quote {text} NOT NULL, name {text} NOT NULL, owner {text}, place {text}, capacity {text},
    stage {text}, milestone {text}, planned {int} NOT NULL, period {text}, time_kind {text} NOT NULL, date_from {text},
    date_to {text}, sentence_start {int} NOT NULL, sentence_end {int} NOT NULL, trail {text} NOT NULL,
    plain_name {text} NOT NULL, state {text} NOT NULL, project_id {int} REFERENCES record
){strict};
CREATE INDEX project_claim_document ON project_claim (document_id, span_start);
CREATE INDEX project_claim_state ON project_claim (programme_id, state, id);
CREATE INDEX project_claim_name ON project_claim (programme_id, plain_name, id);
CREATE INDEX project_claim_project ON project_claim (project_id, id);
