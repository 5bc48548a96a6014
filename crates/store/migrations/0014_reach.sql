-- Protected records are few, so they are looked up and not searched for.
CREATE INDEX record_protected ON record (id) WHERE protected = 1;

-- The keys of what was there before records had keys. New rows get theirs when they are written.
INSERT INTO record_reach (record_id, key) SELECT r.id, '*' FROM record r
    WHERE r.kind IN ('office', 'pairing', 'cohort', 'organisation', 'park', 'event') ON CONFLICT DO NOTHING;
INSERT INTO record_reach (record_id, key) SELECT r.id, CASE r.kind WHEN 'office' THEN 't' WHEN 'park' THEN 'p' ELSE 'o' END || r.id
    FROM record r WHERE r.kind IN ('office', 'organisation', 'park') ON CONFLICT DO NOTHING;
INSERT INTO record_reach (record_id, key)
    WITH RECURSIVE parties (record_id, region_id) AS (
        SELECT record_id, region_id FROM office UNION SELECT record_id, for_region_id FROM office
        UNION SELECT record_id, supporting_id FROM pairing UNION SELECT record_id, host_id FROM pairing
        UNION SELECT record_id, region_id FROM organisation UNION SELECT record_id, registered_id FROM organisation
        UNION SELECT record_id, region_id FROM park UNION SELECT record_id, supported_by_id FROM park
        UNION SELECT record_id, region_id FROM event UNION SELECT record_id, supporting_id FROM event
    ), around (record_id, region_id) AS (
        SELECT record_id, region_id FROM parties WHERE region_id IS NOT NULL
        UNION SELECT a.record_id, COALESCE(g.geo_parent_id, g.parent_id) FROM around a JOIN region g ON g.id = a.region_id
        WHERE COALESCE(g.geo_parent_id, g.parent_id) IS NOT NULL
    ), found (record_id, key) AS (
        SELECT p.record_id, 'r' || t.ancestor_id FROM parties p JOIN region_tree t ON t.descendant_id = p.region_id
        UNION SELECT a.record_id, 'g' || a.region_id FROM around a
    ) SELECT record_id, key FROM found WHERE 1 = 1 ON CONFLICT DO NOTHING;
INSERT INTO record_reach (record_id, key) SELECT f.record_id, 'u' || f.entered_by FROM figure f
    WHERE f.entered_by IS NOT NULL ON CONFLICT DO NOTHING;
INSERT INTO record_reach (record_id, key) SELECT g.figure_id, 'r' || t.ancestor_id FROM figure_region g
    JOIN region_tree t ON t.descendant_id = g.region_id WHERE 1 = 1 ON CONFLICT DO NOTHING;
INSERT INTO record_reach (record_id, key) SELECT f.record_id, 'o' || f.organisation_id FROM figure f
    WHERE f.organisation_id IS NOT NULL ON CONFLICT DO NOTHING;
INSERT INTO record_reach (record_id, key) SELECT f.record_id, k.key FROM figure f
    JOIN record_reach k ON k.record_id = f.subject_id
    WHERE substr(k.key, 1, 1) IN ('r', 't', 'o', 'p') ON CONFLICT DO NOTHING;
INSERT INTO record_reach (record_id, key) SELECT i.record_id, 'u' || c.user_id FROM change_item i
    JOIN change c ON c.id = i.change_id WHERE i.entity = 'document' AND i.field = '*' AND c.user_id IS NOT NULL
    ON CONFLICT DO NOTHING;
INSERT INTO record_reach (record_id, key) SELECT e.document_id, k.key FROM evidence e
    JOIN figure_evidence x ON x.evidence_id = e.id AND x.removed_change_id IS NULL
    JOIN record_reach k ON k.record_id = x.figure_id
    WHERE e.document_id IS NOT NULL AND substr(k.key, 1, 1) IN ('r', 't', 'o', 'p') ON CONFLICT DO NOTHING;
