-- Reporting tasks (报送任务): the form of each, its filings by unit, and what each filing says. Columns of the task follow
-- data/records.tsv.

CREATE TABLE reporting_task (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    status {text}, owner_id {int} REFERENCES record, date_from {text}, date_to {text}, due_on {text},
    previous_id {int} REFERENCES record, note {text}
){strict};
CREATE INDEX reporting_task_of_status ON reporting_task (programme_id, status, record_id);
CREATE INDEX reporting_task_of_owner ON reporting_task (programme_id, owner_id, record_id);
CREATE INDEX reporting_task_by_date_from ON reporting_task (programme_id, COALESCE(date_from, ''), record_id);
CREATE INDEX reporting_task_by_date_to ON reporting_task (programme_id, COALESCE(date_to, ''), record_id);
CREATE INDEX reporting_task_by_due_on ON reporting_task (programme_id, COALESCE(due_on, ''), record_id);
CREATE INDEX reporting_task_of_previous ON reporting_task (programme_id, previous_id, record_id);

-- One measure that a task asks for. `unit` is what is typed in: a unit's code, or yi (亿元) or wan (万元).
CREATE TABLE reporting_line (
    id {pk}, task_id {int} NOT NULL REFERENCES record, seq {int} NOT NULL, measure {text} NOT NULL,
    unit {text} NOT NULL, role {text} NOT NULL, time_kind {text} NOT NULL, label {text}, required {int} NOT NULL,
    removed {int} NOT NULL DEFAULT 0
){strict};
CREATE INDEX reporting_line_task ON reporting_line (task_id, seq, id);

-- What one unit (an office, organisation or park) files for one task. `submitted_on` is the day of the last submission
-- where the programme is.
CREATE TABLE filing (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    task_id {int} NOT NULL REFERENCES record, unit_id {int} NOT NULL REFERENCES record, state {text} NOT NULL,
    submitted_on {text}, note {text}
){strict};
CREATE INDEX filing_task ON filing (task_id, record_id);
CREATE INDEX filing_unit ON filing (unit_id, record_id);

-- What was done with a filing, in order.
CREATE TABLE filing_log (
    id {pk}, filing_id {int} NOT NULL REFERENCES record, action {text} NOT NULL, reason {text},
    on_behalf {int} NOT NULL, change_id {int} NOT NULL REFERENCES change
){strict};
CREATE INDEX filing_log_filing ON filing_log (filing_id, id);

-- What a filing says of a line: a value in the scale of the base unit, or that there is none, or that it is not known. A
-- line without a row, or with state 'missing', says nothing. Digest, sheet and cell: where it was read.
CREATE TABLE filing_cell (
    id {pk}, filing_id {int} NOT NULL REFERENCES record, line_id {int} NOT NULL REFERENCES reporting_line,
    state {text} NOT NULL, value {int}, note {text}, digest {text}, sheet {text}, cell {text},
    figure_id {int} REFERENCES figure, UNIQUE (filing_id, line_id)
){strict};

-- What the ledger holds of a measure within a round.
CREATE INDEX figure_of_days ON figure (programme_id, measure, date_to);

-- Evidence of two further kinds: an entry of a form (title: the code of its filing), and a cell of a sheet.
ALTER TABLE evidence ADD COLUMN digest {text};
ALTER TABLE evidence ADD COLUMN sheet {text};
ALTER TABLE evidence ADD COLUMN cell {text};
