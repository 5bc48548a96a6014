-- Aid projects (援助项目) and their contracts. Columns follow data/records.tsv; amounts are figures of these records.

CREATE TABLE aid_project (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    status {text}, region_id {int} REFERENCES region, place_level {text},
    supporting_id {int} REFERENCES region, payer_level {text}, category {text}, purpose {text}, mode {text},
    plan_change {text}, owner_id {int} REFERENCES record, implementer_id {int} REFERENCES record,
    receiver_id {int} REFERENCES record, serves_id {int} REFERENCES record, park_id {int} REFERENCES record,
    plan_from {text}, plan_to {text}, start_planned {text}, started_on {text}, complete_planned {text},
    completed_on {text}, accepted_on {text}, audited_on {text}, handed_over_on {text}, content {text},
    note {text}, amount {int}, amount_max {int}, amount_unit {text}, amount_approx {text}
){strict};
CREATE INDEX aid_project_of_status ON aid_project (programme_id, status, record_id);
CREATE INDEX aid_project_of_region ON aid_project (programme_id, region_id, record_id);
CREATE INDEX aid_project_of_place_level ON aid_project (programme_id, place_level, record_id);
CREATE INDEX aid_project_of_supporting ON aid_project (programme_id, supporting_id, record_id);
CREATE INDEX aid_project_of_payer_level ON aid_project (programme_id, payer_level, record_id);
CREATE INDEX aid_project_of_category ON aid_project (programme_id, category, record_id);
CREATE INDEX aid_project_of_purpose ON aid_project (programme_id, purpose, record_id);
CREATE INDEX aid_project_of_mode ON aid_project (programme_id, mode, record_id);
CREATE INDEX aid_project_of_plan_change ON aid_project (programme_id, plan_change, record_id);
CREATE INDEX aid_project_of_owner ON aid_project (programme_id, owner_id, record_id);
CREATE INDEX aid_project_of_implementer ON aid_project (programme_id, implementer_id, record_id);
CREATE INDEX aid_project_of_receiver ON aid_project (programme_id, receiver_id, record_id);
CREATE INDEX aid_project_of_serves ON aid_project (programme_id, serves_id, record_id);
CREATE INDEX aid_project_of_park ON aid_project (programme_id, park_id, record_id);
CREATE INDEX aid_project_by_plan_from ON aid_project (programme_id, COALESCE(plan_from, ''), record_id);
CREATE INDEX aid_project_by_plan_to ON aid_project (programme_id, COALESCE(plan_to, ''), record_id);
CREATE INDEX aid_project_by_start_planned ON aid_project (programme_id, COALESCE(start_planned, ''), record_id);
CREATE INDEX aid_project_by_started_on ON aid_project (programme_id, COALESCE(started_on, ''), record_id);
CREATE INDEX aid_project_by_complete_planned ON aid_project (programme_id, COALESCE(complete_planned, ''), record_id);
CREATE INDEX aid_project_by_completed_on ON aid_project (programme_id, COALESCE(completed_on, ''), record_id);
CREATE INDEX aid_project_by_accepted_on ON aid_project (programme_id, COALESCE(accepted_on, ''), record_id);
CREATE INDEX aid_project_by_audited_on ON aid_project (programme_id, COALESCE(audited_on, ''), record_id);
CREATE INDEX aid_project_by_handed_over_on ON aid_project (programme_id, COALESCE(handed_over_on, ''), record_id);
CREATE INDEX aid_project_by_amount ON aid_project (programme_id, COALESCE(amount, -1), record_id);

CREATE TABLE aid_contract (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    aid_project_id {int} REFERENCES record, contractor_id {int} REFERENCES record, procurement {text},
    number {text}, signed_on {text}, complete_planned {text}, completed_on {text}, content {text}, note {text},
    amount {int}, amount_max {int}, amount_unit {text}, amount_approx {text}
){strict};
CREATE INDEX aid_contract_of_aid_project ON aid_contract (programme_id, aid_project_id, record_id);
CREATE INDEX aid_contract_of_contractor ON aid_contract (programme_id, contractor_id, record_id);
CREATE INDEX aid_contract_of_procurement ON aid_contract (programme_id, procurement, record_id);
CREATE INDEX aid_contract_by_signed_on ON aid_contract (programme_id, COALESCE(signed_on, ''), record_id);
CREATE INDEX aid_contract_by_complete_planned ON aid_contract (programme_id, COALESCE(complete_planned, ''), record_id);
CREATE INDEX aid_contract_by_completed_on ON aid_contract (programme_id, COALESCE(completed_on, ''), record_id);
CREATE INDEX aid_contract_by_amount ON aid_contract (programme_id, COALESCE(amount, -1), record_id);
