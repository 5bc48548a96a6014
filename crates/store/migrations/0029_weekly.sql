-- Who gets a weekly summary, and how; what was written for each week, once, and what became of it. Addresses and secrets stay
-- out of the audit.
CREATE TABLE subscription (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, user_id {int} NOT NULL REFERENCES app_user,
    kind {text} NOT NULL, address {text} NOT NULL, secret {text}, language {text} NOT NULL, since {text} NOT NULL,
    change_id {int} NOT NULL REFERENCES change, removed_change_id {int} REFERENCES change
){strict};
CREATE INDEX subscription_of ON subscription (programme_id, user_id, id);

CREATE TABLE outgoing (
    id {pk}, subscription_id {int} NOT NULL REFERENCES subscription, week {text} NOT NULL, subject {text} NOT NULL,
    body {text} NOT NULL, state {text} NOT NULL, attempts {int} NOT NULL DEFAULT 0, next_at {text} NOT NULL,
    error {text}
){strict};
CREATE UNIQUE INDEX outgoing_once ON outgoing (subscription_id, week);
CREATE INDEX outgoing_of_state ON outgoing (state, next_at, id);
