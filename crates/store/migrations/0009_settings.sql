-- What a programme sets for itself: the stages of its projects with the facts that their gates ask for, and other words for
-- choices of its records.
CREATE TABLE stage (
    programme_id {int} NOT NULL REFERENCES programme, code {text} NOT NULL, ord {int} NOT NULL, zh {text} NOT NULL,
    en {text} NOT NULL, milestone {text} NOT NULL, PRIMARY KEY (programme_id, code)
){strict};
CREATE TABLE stage_gate (
    programme_id {int} NOT NULL REFERENCES programme, stage {text} NOT NULL, fact {text} NOT NULL,
    PRIMARY KEY (programme_id, stage, fact), FOREIGN KEY (programme_id, stage) REFERENCES stage
){strict};
CREATE TABLE label (
    programme_id {int} NOT NULL REFERENCES programme, list {text} NOT NULL, code {text} NOT NULL, zh {text} NOT NULL,
    en {text} NOT NULL, PRIMARY KEY (programme_id, list, code)
){strict};
