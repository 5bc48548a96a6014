-- Records with all that offices keep of them. The columns of each kind's table follow data/records.tsv, which a test holds.

ALTER TABLE record ADD COLUMN title_key {text};
ALTER TABLE record ADD COLUMN changed_at {text};
ALTER TABLE record ADD COLUMN created_by {int} REFERENCES app_user;
-- The office whose team made it.
ALTER TABLE record ADD COLUMN team_id {int} REFERENCES record;
-- Law 5: a lead before signing is open to its team alone, whatever else a role may see.
ALTER TABLE record ADD COLUMN protected {int} NOT NULL DEFAULT 0;
-- Personal data erased on request; who and why stand in the audit, not what.
ALTER TABLE record ADD COLUMN erased_at {text};
UPDATE record SET title_key = title, changed_at = COALESCE((SELECT MAX(c.at) FROM change c JOIN change_item i ON i.change_id = c.id
    WHERE i.record_id = record.id), '2026-01-01T00:00:00.000000Z');
CREATE INDEX record_title ON record (programme_id, kind, title_key, id);
CREATE INDEX record_changed ON record (programme_id, kind, changed_at, id);
CREATE INDEX record_of_title ON record (programme_id, kind, title);
CREATE INDEX record_merged ON record (merged_into);

-- Who may see a record, and which regions it concerns: r + region of its own or above it, g + the same by geographic parents
-- (for filters), t + office of its team or above it, u + user who made it, o + organisation it is party to, p + park, * everybody
-- of the programme. Derived, and the longest table: no foreign key, and in SQLite its key is the table.
CREATE TABLE record_reach (
    record_id {int} NOT NULL, key {text} NOT NULL, PRIMARY KEY (record_id, key)
){strict}{compact};
CREATE INDEX record_reach_key ON record_reach (key, record_id);

-- Links between records, each in a role: parties of an agreement, policies offered, occupants, attached documents.
CREATE TABLE record_link (
    id {pk}, from_id {int} NOT NULL REFERENCES record, to_id {int} NOT NULL REFERENCES record, kind {text} NOT NULL,
    role {text} NOT NULL, share {int}, change_id {int} NOT NULL REFERENCES change,
    removed_change_id {int} REFERENCES change
){strict};
CREATE INDEX record_link_from ON record_link (from_id, kind);
CREATE INDEX record_link_to ON record_link (to_id, kind);

-- The states a record went through, with the day each took effect where it is known.
CREATE TABLE record_status (
    id {pk}, record_id {int} NOT NULL REFERENCES record, status {text} NOT NULL, effective_on {text},
    reason {text}, change_id {int} NOT NULL REFERENCES change
){strict};
CREATE INDEX record_status_record ON record_status (record_id, id);

ALTER TABLE office RENAME TO office_0;
ALTER TABLE pairing RENAME TO pairing_0;
ALTER TABLE cohort RENAME TO cohort_0;
ALTER TABLE organisation RENAME TO organisation_0;
ALTER TABLE park RENAME TO park_0;
ALTER TABLE event RENAME TO event_0;

CREATE TABLE office (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme, kind {text},
    region_id {int} REFERENCES region, for_region_id {int} REFERENCES region, parent_id {int} REFERENCES record,
    since {text}, until {text}, note {text}
){strict};
INSERT INTO office (record_id, programme_id, kind, region_id, for_region_id, parent_id)
    SELECT o.record_id, r.programme_id, o.kind, o.region_id, o.for_region_id, o.parent_id FROM office_0 o
    JOIN record r ON r.id = o.record_id;
DROP TABLE office_0;
CREATE INDEX office_of_kind ON office (programme_id, kind, record_id);
CREATE INDEX office_of_region ON office (programme_id, region_id, record_id);
CREATE INDEX office_of_for_region ON office (programme_id, for_region_id, record_id);
CREATE INDEX office_of_parent ON office (programme_id, parent_id, record_id);
CREATE INDEX office_by_since ON office (programme_id, COALESCE(since, ''), record_id);

CREATE TABLE organisation (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme, kind {text},
    uscc {text}, sector {text}, region_id {int} REFERENCES region, registered_id {int} REFERENCES region,
    parent_id {int} REFERENCES record, park_id {int} REFERENCES record, address {text}, website {text},
    note {text}
){strict};
INSERT INTO organisation (record_id, programme_id, kind, region_id, parent_id)
    SELECT o.record_id, r.programme_id, o.kind, o.region_id, o.parent_id FROM organisation_0 o
    JOIN record r ON r.id = o.record_id;
DROP TABLE organisation_0;
CREATE INDEX organisation_of_uscc ON organisation (uscc, record_id);
CREATE INDEX organisation_of_kind ON organisation (programme_id, kind, record_id);
CREATE INDEX organisation_of_sector ON organisation (programme_id, sector, record_id);
CREATE INDEX organisation_of_region ON organisation (programme_id, region_id, record_id);
CREATE INDEX organisation_of_registered ON organisation (programme_id, registered_id, record_id);
CREATE INDEX organisation_of_parent ON organisation (programme_id, parent_id, record_id);
CREATE INDEX organisation_of_park ON organisation (programme_id, park_id, record_id);

CREATE TABLE park (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme, kind {text},
    region_id {int} REFERENCES region, supported_by_id {int} REFERENCES region, level {text},
    operator_id {int} REFERENCES record, sectors {text}, land_total {int}, land_free {int}, power {text},
    water {text}, heat {text}, transport {text}, note {text}
){strict};
INSERT INTO park (record_id, programme_id, kind, region_id, supported_by_id)
    SELECT o.record_id, r.programme_id, o.kind, o.region_id, o.supported_by_id FROM park_0 o
    JOIN record r ON r.id = o.record_id;
DROP TABLE park_0;
CREATE INDEX park_of_kind ON park (programme_id, kind, record_id);
CREATE INDEX park_of_region ON park (programme_id, region_id, record_id);
CREATE INDEX park_of_supported_by ON park (programme_id, supported_by_id, record_id);
CREATE INDEX park_of_level ON park (programme_id, level, record_id);
CREATE INDEX park_of_operator ON park (programme_id, operator_id, record_id);
CREATE INDEX park_by_land_total ON park (programme_id, COALESCE(land_total, -1), record_id);
CREATE INDEX park_by_land_free ON park (programme_id, COALESCE(land_free, -1), record_id);

CREATE TABLE contact (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    organisation_id {int} REFERENCES record, office_id {int} REFERENCES record, position {text}, phone {text},
    email {text}, scope {text}, consent_on {text}, note {text}
){strict};
CREATE INDEX contact_of_organisation ON contact (programme_id, organisation_id, record_id);
CREATE INDEX contact_of_office ON contact (programme_id, office_id, record_id);

CREATE TABLE policy (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    number {text}, issuer {text}, region_id {int} REFERENCES region, issued_on {text}, valid_from {text},
    valid_to {text}, review_number {text}, review_on {text}, summary {text}, note {text}
){strict};
CREATE INDEX policy_of_region ON policy (programme_id, region_id, record_id);
CREATE INDEX policy_by_issued_on ON policy (programme_id, COALESCE(issued_on, ''), record_id);
CREATE INDEX policy_by_valid_from ON policy (programme_id, COALESCE(valid_from, ''), record_id);
CREATE INDEX policy_by_valid_to ON policy (programme_id, COALESCE(valid_to, ''), record_id);

CREATE TABLE event (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme, kind {text},
    date_from {text}, date_to {text}, region_id {int} REFERENCES region, supporting_id {int} REFERENCES region,
    organisers {text}, batch {text}, parent_id {int} REFERENCES record, note {text}
){strict};
INSERT INTO event (record_id, programme_id, date_from, date_to, region_id, organisers)
    SELECT o.record_id, r.programme_id, o.date_from, o.date_to, o.region_id, o.organisers FROM event_0 o
    JOIN record r ON r.id = o.record_id;
DROP TABLE event_0;
CREATE INDEX event_of_kind ON event (programme_id, kind, record_id);
CREATE INDEX event_by_date_from ON event (programme_id, COALESCE(date_from, ''), record_id);
CREATE INDEX event_by_date_to ON event (programme_id, COALESCE(date_to, ''), record_id);
CREATE INDEX event_of_region ON event (programme_id, region_id, record_id);
CREATE INDEX event_of_supporting ON event (programme_id, supporting_id, record_id);

CREATE TABLE pairing (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    supporting_id {int} REFERENCES region, host_id {int} REFERENCES region,
    supporting_park_id {int} REFERENCES record, host_park_id {int} REFERENCES record,
    parent_id {int} REFERENCES record, since {text}, until {text}, note {text}
){strict};
INSERT INTO pairing (record_id, programme_id, supporting_id, host_id, since, note)
    SELECT o.record_id, r.programme_id, o.supporting_id, o.host_id, o.since, o.note FROM pairing_0 o
    JOIN record r ON r.id = o.record_id;
DROP TABLE pairing_0;
CREATE INDEX pairing_of_supporting ON pairing (programme_id, supporting_id, record_id);
CREATE INDEX pairing_of_host ON pairing (programme_id, host_id, record_id);
CREATE INDEX pairing_of_supporting_park ON pairing (programme_id, supporting_park_id, record_id);
CREATE INDEX pairing_of_host_park ON pairing (programme_id, host_park_id, record_id);
CREATE INDEX pairing_by_since ON pairing (programme_id, COALESCE(since, ''), record_id);
CREATE INDEX pairing_by_until ON pairing (programme_id, COALESCE(until, ''), record_id);

CREATE TABLE cohort (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    office_id {int} REFERENCES record, number {text}, since {text}, until {text}, note {text}
){strict};
INSERT INTO cohort (record_id, programme_id, office_id)
    SELECT o.record_id, r.programme_id, o.office_id FROM cohort_0 o
    JOIN record r ON r.id = o.record_id;
DROP TABLE cohort_0;
CREATE INDEX cohort_of_office ON cohort (programme_id, office_id, record_id);
CREATE INDEX cohort_by_since ON cohort (programme_id, COALESCE(since, ''), record_id);
CREATE INDEX cohort_by_until ON cohort (programme_id, COALESCE(until, ''), record_id);

CREATE TABLE enclave (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme, kind {text},
    sending_id {int} REFERENCES region, receiving_id {int} REFERENCES region, park_id {int} REFERENCES record,
    manager_id {int} REFERENCES record, since {text}, until {text}, output_share {int}, tax_share {int},
    note {text}
){strict};
CREATE INDEX enclave_of_kind ON enclave (programme_id, kind, record_id);
CREATE INDEX enclave_of_sending ON enclave (programme_id, sending_id, record_id);
CREATE INDEX enclave_of_receiving ON enclave (programme_id, receiving_id, record_id);
CREATE INDEX enclave_of_park ON enclave (programme_id, park_id, record_id);
CREATE INDEX enclave_by_since ON enclave (programme_id, COALESCE(since, ''), record_id);
CREATE INDEX enclave_by_until ON enclave (programme_id, COALESCE(until, ''), record_id);

CREATE TABLE prospect (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    status {text}, park_id {int} REFERENCES record, organisation_id {int} REFERENCES record, sector {text},
    origin {text}, next_step {text}, next_on {text}, note {text}
){strict};
CREATE INDEX prospect_of_status ON prospect (programme_id, status, record_id);
CREATE INDEX prospect_of_park ON prospect (programme_id, park_id, record_id);
CREATE INDEX prospect_of_organisation ON prospect (programme_id, organisation_id, record_id);
CREATE INDEX prospect_of_sector ON prospect (programme_id, sector, record_id);
CREATE INDEX prospect_by_next_on ON prospect (programme_id, COALESCE(next_on, ''), record_id);

CREATE TABLE opportunity (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    status {text}, sector {text}, region_id {int} REFERENCES region, park_id {int} REFERENCES record,
    owner_id {int} REFERENCES record, form {text}, land {int}, power {text}, water {text}, raw_material {text},
    partner {text}, basis {text}, valid_to {text}, contact_id {int} REFERENCES record, note {text},
    amount {int}, amount_max {int}, amount_unit {text}, amount_approx {text}
){strict};
CREATE INDEX opportunity_by_amount ON opportunity (programme_id, COALESCE(amount, -1), record_id);
CREATE INDEX opportunity_of_status ON opportunity (programme_id, status, record_id);
CREATE INDEX opportunity_of_sector ON opportunity (programme_id, sector, record_id);
CREATE INDEX opportunity_of_region ON opportunity (programme_id, region_id, record_id);
CREATE INDEX opportunity_of_park ON opportunity (programme_id, park_id, record_id);
CREATE INDEX opportunity_of_owner ON opportunity (programme_id, owner_id, record_id);
CREATE INDEX opportunity_of_form ON opportunity (programme_id, form, record_id);
CREATE INDEX opportunity_by_land ON opportunity (programme_id, COALESCE(land, -1), record_id);
CREATE INDEX opportunity_by_valid_to ON opportunity (programme_id, COALESCE(valid_to, ''), record_id);

CREATE TABLE need (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    status {text}, organisation_id {int} REFERENCES record, sector {text}, region_id {int} REFERENCES region,
    description {text}, scale {text}, requirements {text}, date_from {text}, date_to {text},
    contact_id {int} REFERENCES record, note {text},
    amount {int}, amount_max {int}, amount_unit {text}, amount_approx {text}
){strict};
CREATE INDEX need_by_amount ON need (programme_id, COALESCE(amount, -1), record_id);
CREATE INDEX need_of_status ON need (programme_id, status, record_id);
CREATE INDEX need_of_organisation ON need (programme_id, organisation_id, record_id);
CREATE INDEX need_of_sector ON need (programme_id, sector, record_id);
CREATE INDEX need_of_region ON need (programme_id, region_id, record_id);
CREATE INDEX need_by_date_from ON need (programme_id, COALESCE(date_from, ''), record_id);
CREATE INDEX need_by_date_to ON need (programme_id, COALESCE(date_to, ''), record_id);

CREATE TABLE agreement (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme, kind {text},
    status {text}, region_id {int} REFERENCES region, supporting_id {int} REFERENCES region,
    park_id {int} REFERENCES record, event_id {int} REFERENCES record, sector {text}, signed_on {text},
    valid_from {text}, valid_to {text}, parent_id {int} REFERENCES record, upgrades_id {int} REFERENCES record,
    renews_id {int} REFERENCES record, rescinded_on {text}, owner_id {int} REFERENCES record, content {text},
    note {text},
    amount {int}, amount_max {int}, amount_unit {text}, amount_approx {text}
){strict};
CREATE INDEX agreement_by_amount ON agreement (programme_id, COALESCE(amount, -1), record_id);
CREATE INDEX agreement_of_kind ON agreement (programme_id, kind, record_id);
CREATE INDEX agreement_of_status ON agreement (programme_id, status, record_id);
CREATE INDEX agreement_of_region ON agreement (programme_id, region_id, record_id);
CREATE INDEX agreement_of_supporting ON agreement (programme_id, supporting_id, record_id);
CREATE INDEX agreement_of_park ON agreement (programme_id, park_id, record_id);
CREATE INDEX agreement_of_event ON agreement (programme_id, event_id, record_id);
CREATE INDEX agreement_of_sector ON agreement (programme_id, sector, record_id);
CREATE INDEX agreement_by_signed_on ON agreement (programme_id, COALESCE(signed_on, ''), record_id);
CREATE INDEX agreement_by_valid_from ON agreement (programme_id, COALESCE(valid_from, ''), record_id);
CREATE INDEX agreement_by_valid_to ON agreement (programme_id, COALESCE(valid_to, ''), record_id);
CREATE INDEX agreement_of_parent ON agreement (programme_id, parent_id, record_id);
CREATE INDEX agreement_of_owner ON agreement (programme_id, owner_id, record_id);

CREATE TABLE lead (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    status {text}, organisation_id {int} REFERENCES record, owner_id {int} REFERENCES record,
    region_id {int} REFERENCES region, opportunity_id {int} REFERENCES record, need_id {int} REFERENCES record,
    registered_on {text}, active_on {text}, progress {text}, agreement_id {int} REFERENCES record, note {text}
){strict};
CREATE INDEX lead_of_status ON lead (programme_id, status, record_id);
CREATE INDEX lead_of_organisation ON lead (programme_id, organisation_id, record_id);
CREATE INDEX lead_of_owner ON lead (programme_id, owner_id, record_id);
CREATE INDEX lead_of_region ON lead (programme_id, region_id, record_id);
CREATE INDEX lead_by_registered_on ON lead (programme_id, COALESCE(registered_on, ''), record_id);
CREATE INDEX lead_by_active_on ON lead (programme_id, COALESCE(active_on, ''), record_id);

