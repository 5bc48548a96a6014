-- Notices to users, which the change that caused them covers, and tasks on records, whose rows are only added, done and taken
-- back. A notice of no record belongs to whoever it is sent to; any other is shown to who sees the record.
CREATE TABLE notice (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, user_id {int} NOT NULL REFERENCES app_user,
    record_id {int} REFERENCES record, kind {text} NOT NULL, args {text} NOT NULL, path {text}, due_on {text},
    at {text} NOT NULL, change_id {int} NOT NULL REFERENCES change, seen_at {text}
){strict};
CREATE INDEX notice_of_user ON notice (user_id, programme_id, id);
CREATE INDEX notice_of_record ON notice (record_id, id);

CREATE TABLE task (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, record_id {int} NOT NULL REFERENCES record,
    title {text} NOT NULL, user_id {int} REFERENCES app_user, office_id {int} REFERENCES record, due_on {text},
    note {text}, made_by {int} REFERENCES app_user, change_id {int} NOT NULL REFERENCES change, done_on {text},
    done_by {int} REFERENCES app_user, removed_change_id {int} REFERENCES change
){strict};
CREATE INDEX task_of_record ON task (record_id, id);
CREATE INDEX task_of_day ON task (programme_id, COALESCE(due_on, ''), id);
CREATE INDEX task_of_user ON task (user_id, id);
CREATE INDEX task_of_office ON task (office_id, id);
