-- The money of aid projects added beforehand. All of it is made from figures, contracts and the projects themselves: a project
-- that was written, or of which a contract or a figure was, is marked, and what it added is taken out and added anew. Nothing
-- refers to the records, so that who adds waits for nobody who writes.

-- Aid projects to be added anew. Who writes adds a row and waits for none.
CREATE TABLE aid_mark (
    id {pk}, programme_id {int} NOT NULL, record_id {int} NOT NULL
){strict};
CREATE INDEX aid_mark_of ON aid_mark (programme_id, id);

-- What a project and its contracts in use come to, of a step (its place in their order, from 1) in a span of years: the year
-- in which the money moved (-1 where that is not known) or the years that a plan covers (0 and 9999 where it is open). Planned
-- says whether figures of the project itself plan a year: 2 in one row of each such project, else 1.
CREATE TABLE aid_money (
    project_id {int} NOT NULL, first_year {int} NOT NULL, last_year {int} NOT NULL, step {int} NOT NULL, low {int} NOT NULL,
    high {int} NOT NULL, over_count {int} NOT NULL, nearly_count {int} NOT NULL, about_count {int} NOT NULL,
    figures {int} NOT NULL, planned {int} NOT NULL, PRIMARY KEY (project_id, first_year, last_year, step)
){strict}{compact};

-- How a project in use was last added: the year it started, whether it was cancelled.
CREATE TABLE aid_standing (
    record_id {int} PRIMARY KEY, programme_id {int} NOT NULL, started_year {int}, cancelled {int} NOT NULL
){strict};
-- Under what: '' for all of the programme, and the choice of each of its fields ('' where that is not known). A protected
-- project stands under 'protected' alone.
CREATE TABLE aid_facet (
    record_id {int} NOT NULL, field {text} NOT NULL, choice {text} NOT NULL, PRIMARY KEY (record_id, field)
){strict}{compact};

CREATE TABLE aid_sum (
    programme_id {int} NOT NULL, field {text} NOT NULL, choice {text} NOT NULL, first_year {int} NOT NULL,
    last_year {int} NOT NULL, step {int} NOT NULL, low {int} NOT NULL, high {int} NOT NULL, over_count {int} NOT NULL,
    nearly_count {int} NOT NULL, about_count {int} NOT NULL, figures {int} NOT NULL,
    PRIMARY KEY (programme_id, field, choice, first_year, last_year, step)
){strict};
-- Projects with a yearly plan that were not cancelled, and those of them that have started, by year; 0 for all years.
CREATE TABLE aid_start (
    programme_id {int} NOT NULL, year {int} NOT NULL, planned {int} NOT NULL, started {int} NOT NULL,
    PRIMARY KEY (programme_id, year)
){strict};

INSERT INTO aid_mark (programme_id, record_id) SELECT programme_id, record_id FROM aid_project;
