-- One DDL text for both databases. Tokens: {pk} identity key, {int} 64-bit integer, {text} text in code point order,
-- {bytes} bytes, {strict} table option. Days and instants are ISO text (UTC), which sorts and compares the same on both.

CREATE TABLE region (
    id {pk}, code {text} NOT NULL UNIQUE, kind {text} NOT NULL, name_zh {text} NOT NULL, short_zh {text},
    name_en {text}, parent_id {int} REFERENCES region, geo_parent_id {int} REFERENCES region,
    valid_from {text}, valid_to {text}
){strict};
CREATE INDEX region_parent ON region (parent_id);
CREATE INDEX region_geo_parent ON region (geo_parent_id);

-- Every name a text may use; a name may belong to several regions.
CREATE TABLE region_name (
    name {text} NOT NULL, region_id {int} NOT NULL REFERENCES region, PRIMARY KEY (name, region_id)
){strict};

-- The administrative tree, closed: every region with itself and all above it.
CREATE TABLE region_tree (
    descendant_id {int} NOT NULL REFERENCES region, ancestor_id {int} NOT NULL REFERENCES region,
    depth {int} NOT NULL, PRIMARY KEY (descendant_id, ancestor_id)
){strict};
CREATE INDEX region_tree_ancestor ON region_tree (ancestor_id, descendant_id);

CREATE TABLE programme (
    id {pk}, code {text} NOT NULL UNIQUE, name_zh {text} NOT NULL, name_en {text} NOT NULL, time_zone {text} NOT NULL
){strict};

CREATE TABLE programme_region (
    programme_id {int} NOT NULL REFERENCES programme, region_id {int} NOT NULL REFERENCES region,
    side {text} NOT NULL, tile_col {int}, tile_row {int}, PRIMARY KEY (programme_id, region_id)
){strict};

-- Words that mean a region in one programme only, such as 全疆.
CREATE TABLE programme_name (
    programme_id {int} NOT NULL REFERENCES programme, name {text} NOT NULL,
    region_id {int} NOT NULL REFERENCES region, PRIMARY KEY (programme_id, name)
){strict};

CREATE TABLE app_user (
    id {pk}, login {text} NOT NULL UNIQUE, name {text} NOT NULL, password_hash {text} NOT NULL,
    failed_count {int} NOT NULL DEFAULT 0, locked_until {text}, disabled_at {text}
){strict};

-- A role in one programme, or in all of them when programme_id is null.
CREATE TABLE user_role (
    id {pk}, user_id {int} NOT NULL REFERENCES app_user, programme_id {int} REFERENCES programme, role {text} NOT NULL
){strict};
CREATE INDEX user_role_user ON user_role (user_id);

CREATE TABLE session (
    token_hash {text} PRIMARY KEY, user_id {int} NOT NULL REFERENCES app_user, created_at {text} NOT NULL,
    seen_at {text} NOT NULL
){strict};
CREATE INDEX session_of_user ON session (user_id);

CREATE TABLE change (
    id {pk}, programme_id {int} REFERENCES programme, user_id {int} REFERENCES app_user, at {text} NOT NULL,
    kind {text} NOT NULL, source {text} NOT NULL, reason {text}, undoes_id {int} REFERENCES change
){strict};
CREATE UNIQUE INDEX change_undoes ON change (undoes_id) WHERE undoes_id IS NOT NULL;

CREATE TABLE record (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, kind {text} NOT NULL, code {text} NOT NULL,
    uid {text} NOT NULL UNIQUE, title {text} NOT NULL, title_en {text}, version {int} NOT NULL DEFAULT 1,
    archived_at {text}, merged_into {int} REFERENCES record, UNIQUE (programme_id, code)
){strict};
CREATE INDEX record_kind ON record (programme_id, kind, id);

-- before and after hold JSON; field '*' is the whole row of a creation.
CREATE TABLE change_item (
    id {pk}, change_id {int} NOT NULL REFERENCES change, record_id {int} REFERENCES record,
    entity {text} NOT NULL, entity_id {int} NOT NULL, field {text} NOT NULL, before {text}, after {text}
){strict};
CREATE INDEX change_item_change ON change_item (change_id);
CREATE INDEX change_item_record ON change_item (record_id, change_id);
CREATE INDEX change_item_entity ON change_item (entity, entity_id, field, change_id);

CREATE TABLE record_counter (
    programme_id {int} NOT NULL REFERENCES programme, prefix {text} NOT NULL, last {int} NOT NULL,
    PRIMARY KEY (programme_id, prefix)
){strict};

CREATE TABLE record_name (
    record_id {int} NOT NULL REFERENCES record, name {text} NOT NULL, PRIMARY KEY (record_id, name)
){strict};
CREATE INDEX record_name_name ON record_name (name);

CREATE TABLE record_region (
    record_id {int} NOT NULL REFERENCES record, region_id {int} NOT NULL REFERENCES region, side {text} NOT NULL,
    share {int}, PRIMARY KEY (record_id, region_id, side)
){strict};
CREATE INDEX record_region_region ON record_region (region_id);

CREATE TABLE office (
    record_id {int} PRIMARY KEY REFERENCES record, kind {text} NOT NULL, region_id {int} REFERENCES region,
    for_region_id {int} REFERENCES region, parent_id {int} REFERENCES record
){strict};
CREATE TABLE pairing (
    record_id {int} PRIMARY KEY REFERENCES record, supporting_id {int} NOT NULL REFERENCES region,
    host_id {int} NOT NULL REFERENCES region, since {text}, note {text}
){strict};
CREATE TABLE cohort (
    record_id {int} PRIMARY KEY REFERENCES record, office_id {int} REFERENCES record
){strict};
CREATE TABLE organisation (
    record_id {int} PRIMARY KEY REFERENCES record, kind {text} NOT NULL, region_id {int} REFERENCES region,
    parent_id {int} REFERENCES record
){strict};
CREATE TABLE park (
    record_id {int} PRIMARY KEY REFERENCES record, kind {text} NOT NULL, region_id {int} REFERENCES region,
    supported_by_id {int} REFERENCES region
){strict};
CREATE TABLE event (
    record_id {int} PRIMARY KEY REFERENCES record, date_from {text}, date_to {text},
    region_id {int} REFERENCES region, organisers {text}
){strict};

CREATE TABLE blob (
    digest {text} PRIMARY KEY, size_bytes {int} NOT NULL, media_type {text} NOT NULL
){strict};
CREATE TABLE blob_chunk (
    digest {text} NOT NULL REFERENCES blob, seq {int} NOT NULL, bytes {bytes} NOT NULL, PRIMARY KEY (digest, seq)
){strict};

-- original_digest is of the bytes as they came; digest of the bytes as they are stored (masked where law 9 asks).
CREATE TABLE document (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    digest {text} NOT NULL REFERENCES blob, original_digest {text} NOT NULL, masked_count {int} NOT NULL DEFAULT 0,
    file_name {text} NOT NULL, format {text} NOT NULL, encoding {text}, publisher {text}, published_on {text},
    details {text} NOT NULL, state {text} NOT NULL, error_code {text}, error_args {text}, engine {text},
    page_count {int}, created_at {text} NOT NULL
){strict};
CREATE INDEX document_original ON document (programme_id, original_digest);
CREATE INDEX document_state ON document (programme_id, state);

CREATE TABLE document_text (
    id {pk}, document_id {int} NOT NULL REFERENCES document, layer {text} NOT NULL, producer {text} NOT NULL,
    text {text} NOT NULL, map {text}, pages {text}
){strict};
CREATE INDEX document_text_document ON document_text (document_id, layer, id);

CREATE TABLE evidence (
    id {pk}, kind {text} NOT NULL, document_id {int} REFERENCES document, text_id {int} REFERENCES document_text,
    span_start {int}, span_end {int}, quote {text}, page {int}, rect {text}, title {text}, publisher {text},
    published_on {text}
){strict};
CREATE INDEX evidence_document ON evidence (document_id);
CREATE TABLE record_evidence (
    record_id {int} NOT NULL REFERENCES record, evidence_id {int} NOT NULL REFERENCES evidence,
    PRIMARY KEY (record_id, evidence_id)
){strict};

CREATE TABLE figure (
    record_id {int} PRIMARY KEY REFERENCES record, programme_id {int} NOT NULL REFERENCES programme,
    measure {text} NOT NULL, unit {text} NOT NULL, low {int} NOT NULL, high {int}, approx {text} NOT NULL,
    role {text} NOT NULL, grain {text} NOT NULL, time_kind {text} NOT NULL, date_from {text}, date_to {text},
    phrase {text}, organisation_id {int} REFERENCES record, event_id {int} REFERENCES record,
    subject_id {int} REFERENCES record, scope {text}, replaces_id {int} REFERENCES figure, status {text} NOT NULL, entered_by {int} REFERENCES app_user,
    published_on {text}, host_count {int} NOT NULL, note {text}
){strict};
CREATE INDEX figure_group ON figure (programme_id, measure, unit, time_kind, role, status, record_id);
CREATE INDEX figure_programme ON figure (programme_id, record_id);

CREATE INDEX figure_replaces ON figure (replaces_id, record_id);
CREATE INDEX figure_subject ON figure (subject_id);

CREATE TABLE figure_region (
    figure_id {int} NOT NULL REFERENCES figure, region_id {int} NOT NULL REFERENCES region, side {text} NOT NULL,
    PRIMARY KEY (figure_id, side, region_id)
){strict};
CREATE INDEX figure_region_region ON figure_region (region_id, side, figure_id);

CREATE TABLE figure_status (
    id {pk}, figure_id {int} NOT NULL REFERENCES figure, status {text} NOT NULL, effective_on {text} NOT NULL,
    reason {text}, change_id {int} NOT NULL REFERENCES change
){strict};
CREATE INDEX figure_status_figure ON figure_status (figure_id, id);

CREATE TABLE figure_evidence (
    id {pk}, figure_id {int} NOT NULL REFERENCES figure, evidence_id {int} NOT NULL REFERENCES evidence,
    change_id {int} NOT NULL REFERENCES change, removed_change_id {int} REFERENCES change
){strict};
CREATE INDEX figure_evidence_figure ON figure_evidence (figure_id);
CREATE INDEX figure_evidence_evidence ON figure_evidence (evidence_id);

-- Span, engine and values of a claim never change; a correction is kept beside it as JSON.
CREATE TABLE claim (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, document_id {int} NOT NULL REFERENCES document,
    text_id {int} NOT NULL REFERENCES document_text, engine {text} NOT NULL, span_start {int} NOT NULL,
    span_end {int} NOT NULL, quote {text} NOT NULL, value {text} NOT NULL, value_max {text}, unit {text} NOT NULL,
    approx {text} NOT NULL, measure {text} NOT NULL, role {text} NOT NULL, place {text}, period {text},
    time_kind {text} NOT NULL, date_from {text}, date_to {text}, organisation {text}, event {text},
    sentence_start {int} NOT NULL, sentence_end {int} NOT NULL, certain {int} NOT NULL, trail {text} NOT NULL,
    state {text} NOT NULL, correction {text}, figure_id {int} REFERENCES figure
){strict};
CREATE INDEX claim_document ON claim (document_id, span_start);
CREATE INDEX claim_document_state ON claim (document_id, state, certain);
CREATE INDEX claim_state ON claim (programme_id, state, id);
CREATE INDEX claim_figure ON claim (figure_id);

CREATE TABLE relation (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, document_id {int} REFERENCES document,
    whole_claim_id {int} NOT NULL REFERENCES claim, coverage {text} NOT NULL
){strict};
CREATE INDEX relation_programme ON relation (programme_id);
CREATE INDEX relation_document ON relation (document_id);
CREATE INDEX relation_whole ON relation (whole_claim_id);
CREATE TABLE relation_part (
    relation_id {int} NOT NULL REFERENCES relation, claim_id {int} NOT NULL REFERENCES claim,
    PRIMARY KEY (relation_id, claim_id)
){strict};
CREATE INDEX relation_part_claim ON relation_part (claim_id);

-- Totals kept until a figure of their group is written: one row a group, one row a region that has figures.
CREATE TABLE tally_group (
    programme_id {int} NOT NULL REFERENCES programme, measure {text} NOT NULL, unit {text} NOT NULL,
    time_kind {text} NOT NULL, fresh {int} NOT NULL, PRIMARY KEY (programme_id, measure, unit, time_kind)
){strict};
CREATE TABLE tally_total (
    programme_id {int} NOT NULL REFERENCES programme, measure {text} NOT NULL, unit {text} NOT NULL,
    time_kind {text} NOT NULL, region_id {int} NOT NULL, low {int} NOT NULL, high {int} NOT NULL,
    approx {text} NOT NULL, counted {int} NOT NULL, left_out {int} NOT NULL, stated_low {int}, stated_approx {text},
    PRIMARY KEY (programme_id, measure, unit, time_kind, region_id)
){strict};

CREATE TABLE job (
    id {pk}, kind {text} NOT NULL, record_id {int} NOT NULL REFERENCES record, attempts {int} NOT NULL DEFAULT 0,
    leased_until {text}
){strict};
