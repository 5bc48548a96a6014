-- Projects counted beforehand, for the funnel and for the rates of those signed in one year. All of it is made from other
-- tables: a project that was written is marked, and what it added is taken out and added anew. Nothing refers to the records,
-- so that who counts waits for nobody who writes.

-- Projects to be counted anew. Who writes adds a row and waits for none.
CREATE TABLE project_mark (
    id {pk}, programme_id {int} NOT NULL, record_id {int} NOT NULL
){strict};
CREATE INDEX project_mark_of ON project_mark (programme_id, id);

-- How a project was last counted: its whole, the furthest milestone (its place in their order, 0 for none), the year of signing.
CREATE TABLE project_standing (
    record_id {int} PRIMARY KEY, programme_id {int} NOT NULL, parent_id {int}, stage {text} NOT NULL, reached {int} NOT NULL,
    year {text} NOT NULL, protected {int} NOT NULL
){strict};
CREATE INDEX project_standing_reached ON project_standing (programme_id, reached, year, record_id);
-- Where it was counted: 0 for the programme, its party regions and all above them.
CREATE TABLE project_place (
    record_id {int} NOT NULL, region_id {int} NOT NULL, PRIMARY KEY (record_id, region_id)
){strict}{compact};
-- With what money.
CREATE TABLE project_money (
    record_id {int} NOT NULL, measure {text} NOT NULL, unit {text} NOT NULL, time_kind {text} NOT NULL, low {int} NOT NULL,
    high {int} NOT NULL, approx {text} NOT NULL, PRIMARY KEY (record_id, measure, unit, time_kind)
){strict}{compact};

CREATE TABLE project_count (
    programme_id {int} NOT NULL, region_id {int} NOT NULL, year {text} NOT NULL, stage {text} NOT NULL, reached {int} NOT NULL,
    protected {int} NOT NULL, projects {int} NOT NULL,
    PRIMARY KEY (programme_id, region_id, year, stage, reached, protected)
){strict};
CREATE TABLE project_sum (
    programme_id {int} NOT NULL, region_id {int} NOT NULL, year {text} NOT NULL, stage {text} NOT NULL, reached {int} NOT NULL,
    protected {int} NOT NULL, measure {text} NOT NULL, unit {text} NOT NULL, time_kind {text} NOT NULL, low {int} NOT NULL,
    high {int} NOT NULL, projects {int} NOT NULL, over_count {int} NOT NULL, nearly_count {int} NOT NULL,
    about_count {int} NOT NULL,
    PRIMARY KEY (programme_id, region_id, year, stage, reached, protected, measure, unit, time_kind)
){strict};

INSERT INTO project_mark (programme_id, record_id) SELECT programme_id, record_id FROM project;

-- What is late is counted from what is open.
CREATE INDEX milestone_open ON milestone (programme_id, COALESCE(due_on, ''), record_id) WHERE met_on IS NULL;
CREATE INDEX problem_open ON problem (programme_id, COALESCE(due_on, ''), record_id) WHERE status = 'open';
