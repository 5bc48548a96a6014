-- Every field that names a record leads from the record it names to those that name it.
CREATE INDEX opportunity_of_contact ON opportunity (programme_id, contact_id, record_id);
CREATE INDEX need_of_contact ON need (programme_id, contact_id, record_id);
CREATE INDEX lead_of_opportunity ON lead (programme_id, opportunity_id, record_id);
CREATE INDEX lead_of_need ON lead (programme_id, need_id, record_id);
CREATE INDEX lead_of_agreement ON lead (programme_id, agreement_id, record_id);
CREATE INDEX agreement_of_upgrades ON agreement (programme_id, upgrades_id, record_id);
CREATE INDEX agreement_of_renews ON agreement (programme_id, renews_id, record_id);
CREATE INDEX event_of_parent ON event (programme_id, parent_id, record_id);
CREATE INDEX enclave_of_manager ON enclave (programme_id, manager_id, record_id);
CREATE INDEX pairing_of_parent ON pairing (programme_id, parent_id, record_id);

-- The orders of lists hold what their usual filters ask for, so that a list is walked in the index alone and only its own rows
-- are read. Names are those of the indexes they take the place of.
DROP INDEX record_kind;
DROP INDEX record_title;
DROP INDEX record_changed;
CREATE INDEX record_kind ON record (programme_id, kind, id, archived_at, protected);
CREATE INDEX record_title ON record (programme_id, kind, title_key, id, archived_at, protected);
CREATE INDEX record_changed ON record (programme_id, kind, changed_at, id, archived_at, protected);
DROP INDEX agreement_by_amount;
DROP INDEX agreement_by_signed_on;
DROP INDEX agreement_by_valid_from;
DROP INDEX agreement_by_valid_to;
CREATE INDEX agreement_by_amount ON agreement (programme_id, COALESCE(amount, -1), record_id,
    kind, status, region_id, supporting_id, park_id, event_id, sector, parent_id, owner_id, signed_on);
CREATE INDEX agreement_by_signed_on ON agreement (programme_id, COALESCE(signed_on, ''), record_id,
    kind, status, region_id, supporting_id, park_id, event_id, sector, parent_id, owner_id, signed_on, amount);
CREATE INDEX agreement_by_valid_from ON agreement (programme_id, COALESCE(valid_from, ''), record_id,
    kind, status, region_id, supporting_id, park_id, event_id, sector, parent_id, owner_id, signed_on, amount);
CREATE INDEX agreement_by_valid_to ON agreement (programme_id, COALESCE(valid_to, ''), record_id,
    kind, status, region_id, supporting_id, park_id, event_id, sector, parent_id, owner_id, signed_on, amount);
