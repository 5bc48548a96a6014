-- The words of a claim that name an organisation, a place or an event, as they hold now: as read, or as corrected.
ALTER TABLE claim ADD COLUMN organisation_name {text};
ALTER TABLE claim ADD COLUMN place_name {text};
ALTER TABLE claim ADD COLUMN event_name {text};
UPDATE claim SET event_name = event{json} ->> 'text',
    organisation_name = CASE WHEN correction IS NULL THEN organisation{json} ->> 'text'
        ELSE NULLIF(correction{json} ->> 'org', '') END,
    place_name = CASE WHEN correction IS NULL THEN place{json} ->> 'text' ELSE NULLIF(correction{json} ->> 'place', '') END;
CREATE INDEX claim_of_organisation ON claim (programme_id, organisation_name, id) WHERE organisation_name IS NOT NULL;
CREATE INDEX claim_of_place ON claim (programme_id, place_name, id) WHERE place_name IS NOT NULL;
CREATE INDEX claim_of_event ON claim (programme_id, event_name, id) WHERE event_name IS NOT NULL;

-- The figures of a record.
CREATE INDEX figure_of_organisation ON figure (organisation_id, record_id) WHERE organisation_id IS NOT NULL;
CREATE INDEX figure_of_event ON figure (event_id, record_id) WHERE event_id IS NOT NULL;

-- Evidence that was taken off a record again stays, with the change that did it.
ALTER TABLE record_evidence ADD COLUMN removed_change_id {int} REFERENCES change;

-- Counts what was written to the names that texts use; what is made from them is then made anew.
CREATE TABLE register_version (
    programme_id {int} PRIMARY KEY REFERENCES programme, version {int} NOT NULL
){strict};
