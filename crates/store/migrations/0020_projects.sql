-- Industry projects (产业项目) with their permits, milestones, problems and due-diligence questions. Columns follow
-- data/records.tsv; indexes lead lists to what they filter by and hold the orders they sort by.

CREATE TABLE project (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    stage {text}, region_id {int} REFERENCES region, supporting_id {int} REFERENCES region,
    park_id {int} REFERENCES record, sector {text}, investor_id {int} REFERENCES record,
    origin_id {int} REFERENCES region, company_id {int} REFERENCES record,
    registered_id {int} REFERENCES region, national_code {text}, parent_id {int} REFERENCES record,
    phase {text}, agreement_id {int} REFERENCES record, opportunity_id {int} REFERENCES record,
    owner_id {int} REFERENCES record, team_id {int} REFERENCES record, task_force_id {int} REFERENCES record,
    patron_id {int} REFERENCES record, content {text}, capacity {text}, signed_on {text}, start_planned {text},
    started_on {text}, complete_planned {text}, completed_on {text}, production_planned {text},
    production_on {text}, capacity_on {text}, progress {int}, progress_on {text}, next_step {text},
    next_on {text}, next_owner_id {int} REFERENCES record, note {text}, amount {int}, amount_max {int},
    amount_unit {text}, amount_approx {text}
){strict};
CREATE INDEX project_of_stage ON project (programme_id, stage, record_id);
CREATE INDEX project_of_region ON project (programme_id, region_id, record_id);
CREATE INDEX project_of_supporting ON project (programme_id, supporting_id, record_id);
CREATE INDEX project_of_park ON project (programme_id, park_id, record_id);
CREATE INDEX project_of_sector ON project (programme_id, sector, record_id);
CREATE INDEX project_of_investor ON project (programme_id, investor_id, record_id);
CREATE INDEX project_of_origin ON project (programme_id, origin_id, record_id);
CREATE INDEX project_of_registered ON project (programme_id, registered_id, record_id);
CREATE INDEX project_of_company ON project (programme_id, company_id, record_id);
CREATE INDEX project_of_parent ON project (programme_id, parent_id, record_id);
CREATE INDEX project_of_agreement ON project (programme_id, agreement_id, record_id);
CREATE INDEX project_of_opportunity ON project (programme_id, opportunity_id, record_id);
CREATE INDEX project_of_owner ON project (programme_id, owner_id, record_id);
CREATE INDEX project_of_team ON project (programme_id, team_id, record_id);
CREATE INDEX project_of_task_force ON project (programme_id, task_force_id, record_id);
CREATE INDEX project_of_patron ON project (programme_id, patron_id, record_id);
CREATE INDEX project_by_signed_on ON project (programme_id, COALESCE(signed_on, ''), record_id);
CREATE INDEX project_by_start_planned ON project (programme_id, COALESCE(start_planned, ''), record_id);
CREATE INDEX project_by_started_on ON project (programme_id, COALESCE(started_on, ''), record_id);
CREATE INDEX project_by_complete_planned ON project (programme_id, COALESCE(complete_planned, ''), record_id);
CREATE INDEX project_by_completed_on ON project (programme_id, COALESCE(completed_on, ''), record_id);
CREATE INDEX project_by_production_planned ON project (programme_id, COALESCE(production_planned, ''), record_id);
CREATE INDEX project_by_production_on ON project (programme_id, COALESCE(production_on, ''), record_id);
CREATE INDEX project_by_progress ON project (programme_id, COALESCE(progress, -1), record_id);
CREATE INDEX project_by_progress_on ON project (programme_id, COALESCE(progress_on, ''), record_id);
CREATE INDEX project_by_next_on ON project (programme_id, COALESCE(next_on, ''), record_id);
CREATE INDEX project_of_next_owner ON project (programme_id, next_owner_id, record_id);
CREATE INDEX project_by_amount ON project (programme_id, COALESCE(amount, -1), record_id);

CREATE TABLE permit (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    project_id {int} REFERENCES record, kind {text}, status {text}, authority {text}, due_on {text},
    filed_on {text}, granted_on {text}, number {text}, note {text}
){strict};
CREATE INDEX permit_of_project ON permit (programme_id, project_id, record_id);
CREATE INDEX permit_of_kind ON permit (programme_id, kind, record_id);
CREATE INDEX permit_of_status ON permit (programme_id, status, record_id);
CREATE INDEX permit_by_due_on ON permit (programme_id, COALESCE(due_on, ''), record_id);
CREATE INDEX permit_by_filed_on ON permit (programme_id, COALESCE(filed_on, ''), record_id);
CREATE INDEX permit_by_granted_on ON permit (programme_id, COALESCE(granted_on, ''), record_id);

CREATE TABLE milestone (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    project_id {int} REFERENCES record, due_on {text}, met_on {text}, owner_id {int} REFERENCES record,
    note {text}
){strict};
CREATE INDEX milestone_of_project ON milestone (programme_id, project_id, record_id);
CREATE INDEX milestone_by_due_on ON milestone (programme_id, COALESCE(due_on, ''), record_id);
CREATE INDEX milestone_by_met_on ON milestone (programme_id, COALESCE(met_on, ''), record_id);
CREATE INDEX milestone_of_owner ON milestone (programme_id, owner_id, record_id);

CREATE TABLE problem (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    project_id {int} REFERENCES record, status {text}, kind {text}, owner_id {int} REFERENCES record,
    description {text}, found_on {text}, due_on {text}, solved_on {text}, remedy {text}, note {text}
){strict};
CREATE INDEX problem_of_project ON problem (programme_id, project_id, record_id);
CREATE INDEX problem_of_status ON problem (programme_id, status, record_id);
CREATE INDEX problem_of_kind ON problem (programme_id, kind, record_id);
CREATE INDEX problem_of_owner ON problem (programme_id, owner_id, record_id);
CREATE INDEX problem_by_found_on ON problem (programme_id, COALESCE(found_on, ''), record_id);
CREATE INDEX problem_by_due_on ON problem (programme_id, COALESCE(due_on, ''), record_id);
CREATE INDEX problem_by_solved_on ON problem (programme_id, COALESCE(solved_on, ''), record_id);

CREATE TABLE inquiry (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    project_id {int} REFERENCES record, organisation_id {int} REFERENCES record, topic {text}, status {text},
    question {text}, asked_on {text}, answer {text}, answered_on {text}, note {text}
){strict};
CREATE INDEX inquiry_of_project ON inquiry (programme_id, project_id, record_id);
CREATE INDEX inquiry_of_organisation ON inquiry (programme_id, organisation_id, record_id);
CREATE INDEX inquiry_of_topic ON inquiry (programme_id, topic, record_id);
CREATE INDEX inquiry_of_status ON inquiry (programme_id, status, record_id);
CREATE INDEX inquiry_by_asked_on ON inquiry (programme_id, COALESCE(asked_on, ''), record_id);
CREATE INDEX inquiry_by_answered_on ON inquiry (programme_id, COALESCE(answered_on, ''), record_id);
