-- A role may be limited to a region's tree; it may belong to an office's team; a park or an enterprise has a record of its
-- own. A pending role waits until a second administrator confirms it. Records are restored after users, hence deferred.
ALTER TABLE user_role ADD COLUMN region_id {int} REFERENCES region;
ALTER TABLE user_role ADD COLUMN office_id {int} REFERENCES record DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE user_role ADD COLUMN record_id {int} REFERENCES record DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE user_role ADD COLUMN pending {int} NOT NULL DEFAULT 0;
ALTER TABLE user_role ADD COLUMN granted_by {int} REFERENCES app_user;

-- The second factor: a secret once it is confirmed with a code, and the last time step whose code was used.
CREATE TABLE user_factor (
    user_id {int} PRIMARY KEY REFERENCES app_user, secret {text} NOT NULL, confirmed_at {text},
    last_step {int} NOT NULL
){strict};
CREATE TABLE user_recovery (
    user_id {int} NOT NULL REFERENCES app_user, code_hash {text} NOT NULL, used_at {text},
    PRIMARY KEY (user_id, code_hash)
){strict};
-- A session that still waits for the second factor opens nothing.
ALTER TABLE session ADD COLUMN pending {int} NOT NULL DEFAULT 0;

-- Settings of a programme, or of the installation where programme_id is null.
CREATE TABLE setting (
    id {pk}, programme_id {int} REFERENCES programme, key {text} NOT NULL, value {text} NOT NULL
){strict};
CREATE UNIQUE INDEX setting_key ON setting (COALESCE(programme_id, 0), key);
