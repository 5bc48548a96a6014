-- Lights of industry projects: how each stands now and since when, every turn, and for what the whole programme was last
-- reckoned. No row refers to the programme: who writes lights waits for nobody who holds it.

CREATE TABLE project_light (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL, light {text} NOT NULL,
    causes {text} NOT NULL, since {text} NOT NULL
){strict};
CREATE INDEX project_light_of ON project_light (programme_id, light, record_id);

CREATE TABLE project_light_log (
    id {pk}, programme_id {int} NOT NULL, record_id {int} NOT NULL REFERENCES record, day {text} NOT NULL,
    was {text}, light {text} NOT NULL, causes {text} NOT NULL
){strict};
CREATE INDEX project_light_log_of_day ON project_light_log (programme_id, day, id);
CREATE INDEX project_light_log_of_record ON project_light_log (record_id, id);

CREATE TABLE project_light_reckoned (
    programme_id {int} PRIMARY KEY, basis {text} NOT NULL
){strict};
