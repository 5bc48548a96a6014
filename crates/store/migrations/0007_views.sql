-- Saved views: the query of a list under a name, a user's own or shared with the programme. kind is that of the list.
CREATE TABLE saved_view (
    id {pk}, programme_id {int} NOT NULL REFERENCES programme, user_id {int} NOT NULL REFERENCES app_user,
    kind {text} NOT NULL, name {text} NOT NULL, query {text} NOT NULL, shared {int} NOT NULL DEFAULT 0
){strict};
CREATE UNIQUE INDEX saved_view_own ON saved_view (programme_id, kind, user_id, name) WHERE shared = 0;
CREATE UNIQUE INDEX saved_view_shared ON saved_view (programme_id, kind, name) WHERE shared = 1;

-- The view that a user opens a list with.
CREATE TABLE default_view (
    programme_id {int} NOT NULL REFERENCES programme, user_id {int} NOT NULL REFERENCES app_user,
    kind {text} NOT NULL, view_id {int} NOT NULL REFERENCES saved_view, PRIMARY KEY (programme_id, user_id, kind)
){strict};
CREATE INDEX default_view_view ON default_view (view_id);
