//! Who can see a record: the keys written beside it meet the keys of who asks, and nothing else decides.

use crate::db::{Param, Tx, params};
use crate::error::Result;
use crate::record::Record;
use std::fmt;

// Keys that a figure or document takes over from the record it belongs to: not who made that, nor that it is open to all.
statements! {
    CLEAR = "DELETE FROM record_reach WHERE record_id = $1";
    FIGURE_PROTECTED = "UPDATE record SET protected = COALESCE((SELECT s.protected FROM figure f
        JOIN record s ON s.id = f.subject_id WHERE f.record_id = record.id), 0) WHERE id = $1";
    FIGURE = "INSERT INTO record_reach (record_id, key)
        WITH RECURSIVE {team}, mine (key) AS (
            SELECT 'u' || r.created_by FROM record r WHERE r.id = $1 AND r.created_by IS NOT NULL
            UNION SELECT 't' || team.id FROM team
            UNION SELECT 'r' || t.ancestor_id FROM figure_region g JOIN record r ON r.id = g.figure_id AND r.protected = 0
                JOIN region_tree t ON t.descendant_id = g.region_id WHERE g.figure_id = $1
            UNION SELECT 'o' || f.organisation_id FROM figure f JOIN record r ON r.id = f.record_id AND r.protected = 0
                WHERE f.record_id = $1 AND f.organisation_id IS NOT NULL
            UNION SELECT k.key FROM figure f JOIN record_reach k ON k.record_id = f.subject_id
                WHERE f.record_id = $1 AND substr(k.key, 1, 1) IN ('r', 't', 'o', 'p')
        ) SELECT CAST($1 AS {int}), key FROM mine WHERE 1 = 1 ON CONFLICT DO NOTHING";
    DOCUMENT = "INSERT INTO record_reach (record_id, key)
        WITH RECURSIVE {team}, {proved}, mine (key) AS (
            SELECT 'u' || r.created_by FROM record r WHERE r.id = $1 AND r.created_by IS NOT NULL
            UNION SELECT 't' || team.id FROM team
            UNION SELECT 'r' || t.ancestor_id FROM record r JOIN user_role u ON u.user_id = r.created_by AND u.pending = 0
                AND (u.programme_id IS NULL OR u.programme_id = r.programme_id)
                JOIN region_tree t ON t.descendant_id = u.region_id WHERE r.id = $1
            UNION SELECT CASE u.role WHEN 'park' THEN 'p' ELSE 'o' END || u.record_id FROM record r
                JOIN user_role u ON u.user_id = r.created_by AND u.pending = 0
                AND (u.programme_id IS NULL OR u.programme_id = r.programme_id)
                WHERE r.id = $1 AND u.record_id IS NOT NULL
            UNION SELECT k.key FROM proved JOIN record_reach k ON k.record_id = proved.id
                WHERE substr(k.key, 1, 1) IN ('r', 't', 'o', 'p')
        ) SELECT CAST($1 AS {int}), key FROM mine WHERE 1 = 1 ON CONFLICT DO NOTHING";
    DOCUMENT_PROTECTED = "WITH {proved} UPDATE record SET protected = COALESCE((SELECT 1 FROM document d WHERE d.record_id = record.id AND d.restricted = 1),
            (SELECT MIN(r.protected) FROM proved JOIN record r ON r.id = proved.id), 0)
        WHERE id = $1";
    RESTRICTED = "SELECT restricted FROM document WHERE record_id = $1";
    RESTRICTED_OF = "SELECT d.record_id FROM evidence e JOIN document d ON d.record_id = e.document_id
        WHERE e.id = $1 AND d.restricted = 1";
    PARTIES = "INSERT INTO record_reach (record_id, key)
        WITH {proved}, deal (id) AS (
            SELECT p.id FROM proved p JOIN record r ON r.id = p.id WHERE r.kind <> 'figure'
            UNION SELECT f.subject_id FROM proved p JOIN figure f ON f.record_id = p.id WHERE f.subject_id IS NOT NULL
        ), place (region_id) AS (
            SELECT x.region_id FROM deal JOIN record r ON r.id = deal.id AND r.protected = 0
                JOIN record_region x ON x.record_id = r.id
            UNION SELECT g.region_id FROM proved p JOIN record r ON r.id = p.id AND r.protected = 0
                JOIN figure_region g ON g.figure_id = r.id
        ), mine (key) AS (
            SELECT 'u' || r.created_by FROM record r WHERE r.id = $1 AND r.created_by IS NOT NULL
            UNION SELECT 'kt' || u.office_id FROM record r JOIN user_role u ON u.user_id = r.created_by AND u.pending = 0
                AND (u.programme_id IS NULL OR u.programme_id = r.programme_id)
                WHERE r.id = $1 AND u.office_id IS NOT NULL
            UNION SELECT 'k' || k.key FROM deal JOIN record_reach k ON k.record_id = deal.id
                WHERE substr(k.key, 1, 1) IN ('t', 'o', 'p')
            UNION SELECT 'ko' || f.organisation_id FROM proved p JOIN record r ON r.id = p.id AND r.protected = 0
                JOIN figure f ON f.record_id = p.id WHERE f.organisation_id IS NOT NULL
            UNION SELECT 'kr' || place.region_id FROM place
            UNION SELECT 'kv' || t.ancestor_id FROM place JOIN region_tree t ON t.descendant_id = place.region_id
            UNION SELECT 'kv' FROM record r WHERE r.id = $1 AND (NOT EXISTS (SELECT 1 FROM proved)
                OR EXISTS (SELECT 1 FROM proved p JOIN record q ON q.id = p.id WHERE q.protected = 0))
        ) SELECT CAST($1 AS {int}), key FROM mine WHERE 1 = 1 ON CONFLICT DO NOTHING";
    EVIDENCE = "INSERT INTO record_reach (record_id, key) SELECT e.document_id, k.key FROM evidence e
        JOIN record_reach k ON k.record_id = $2 WHERE e.id = $1 AND e.document_id IS NOT NULL
        AND substr(k.key, 1, 1) IN ('r', 't', 'o', 'p') ON CONFLICT DO NOTHING";
    FIGURES_OF = "SELECT record_id FROM figure WHERE subject_id = $1 ORDER BY record_id";
    DOCUMENTS_OF = "SELECT e.document_id FROM evidence e JOIN record_evidence x ON x.evidence_id = e.id
            WHERE x.record_id = $1 AND x.removed_change_id IS NULL AND e.document_id IS NOT NULL
        UNION SELECT e.document_id FROM evidence e JOIN figure_evidence x ON x.evidence_id = e.id
            JOIN figure f ON f.record_id = x.figure_id
            WHERE (f.subject_id = $1 OR f.record_id = $1) AND x.removed_change_id IS NULL AND e.document_id IS NOT NULL
        UNION SELECT d.record_id FROM record_link l JOIN document d ON d.record_id = l.to_id
            WHERE l.from_id = $1 AND l.removed_change_id IS NULL ORDER BY 1";
}

/// What opens a record to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReachKey {
    /// A party region of the record, or one above it in the administrative tree.
    Region(i64),
    /// The same by geographic parent; for filters, never a right.
    Geographic(i64),
    /// The office whose record it is, or one above it.
    Team(i64),
    /// Who created it.
    User(i64),
    /// An organisation that is a party to it.
    Organisation(i64),
    /// A park it concerns.
    Park(i64),
    /// Every signed-in role of the programme.
    Open,
    /// A party region of what a document proves where the document is open to the parties alone: that region, none above it.
    PartyRegion(i64),
    /// The same for an office whose record it is, or one above it.
    PartyTeam(i64),
    /// The same for an organisation that is a party.
    PartyOrganisation(i64),
    /// The same for a park.
    PartyPark(i64),
    /// Who verifies figures in this region, or (none) in the whole programme, where a document is open to the parties alone.
    Verifier(Option<i64>),
}

impl fmt::Display for ReachKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region(id) => write!(f, "r{id}"),
            Self::Geographic(id) => write!(f, "g{id}"),
            Self::Team(id) => write!(f, "t{id}"),
            Self::User(id) => write!(f, "u{id}"),
            Self::Organisation(id) => write!(f, "o{id}"),
            Self::Park(id) => write!(f, "p{id}"),
            Self::Open => f.write_str("*"),
            Self::PartyRegion(id) => write!(f, "kr{id}"),
            Self::PartyTeam(id) => write!(f, "kt{id}"),
            Self::PartyOrganisation(id) => write!(f, "ko{id}"),
            Self::PartyPark(id) => write!(f, "kp{id}"),
            Self::Verifier(Some(id)) => write!(f, "kv{id}"),
            Self::Verifier(None) => f.write_str("kv"),
        }
    }
}

/// Which records somebody can see. The default is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Every record that is not protected.
    pub all: bool,
    /// Every protected record too (law 5); means something beside `all` only.
    pub protected: bool,
    /// Every record that has one of these keys, protected or not.
    pub keys: Vec<String>,
    /// Those too that an import writes and has not published: for the import itself.
    pub pending: bool,
}

impl Reach {
    /// Every record there is: for the programme itself at work.
    #[must_use]
    pub fn everything() -> Self {
        Self { all: true, protected: true, ..Self::default() }
    }

    /// The same with what an import writes and has not published.
    #[must_use]
    pub fn with_pending(self) -> Self {
        Self { pending: true, ..self }
    }

    /// Whether a record that is published can be seen whatever keys it has.
    #[must_use]
    pub fn covers(&self, record: &Record) -> bool {
        self.all && (self.protected || !record.protected)
    }

    /// The condition under which a row of `record`, by its alias in the statement, can be seen.
    pub(crate) fn clause(&self, record: &str, values: &mut Vec<Param>) -> String {
        let clause = match (self.all, self.protected) {
            (true, true) => "1 = 1".to_owned(),
            (true, false) => {
                let key = self.key_clause(&format!("{record}.id"), values);
                format!("({record}.protected = 0 OR {key})")
            }
            (false, _) => self.key_clause(&format!("{record}.id"), values),
        };
        if self.pending { clause } else { format!("({record}.import_id IS NULL AND {clause})") }
    }

    /// The same for the record that a column names, where `record` itself is not in the statement and the caller leaves out what
    /// is not published.
    pub(crate) fn clause_of(&self, column: &str, values: &mut Vec<Param>) -> String {
        match (self.all, self.protected) {
            (true, true) => "1 = 1".to_owned(),
            (true, false) => {
                // Few are protected: they are looked up once, not for every row.
                let key = self.key_clause("q.id", values);
                format!("{column} NOT IN (SELECT q.id FROM record q WHERE q.protected = 1 AND NOT {key})")
            }
            (false, _) => self.key_clause(column, values),
        }
    }

    fn key_clause(&self, column: &str, values: &mut Vec<Param>) -> String {
        if self.keys.is_empty() {
            return "(1 = 0)".to_owned();
        }
        let mut places = Vec::with_capacity(self.keys.len());
        for key in &self.keys {
            values.push(key.into());
            places.push(format!("${}", values.len()));
        }
        let places = places.join(", ");
        format!("EXISTS (SELECT 1 FROM record_reach k WHERE k.record_id = {column} AND k.key IN ({places}))")
    }
}

/// Writes the keys of a figure: its regions, its organisation, who entered it with their team, and what opens the record
/// it is an entry of. Of a protected record the figures are protected too.
pub(crate) async fn reach_of_figure(tx: &mut Tx, figure: i64) -> Result<()> {
    tx.execute(FIGURE_PROTECTED, params![figure]).await?;
    tx.execute(CLEAR, params![figure]).await?;
    tx.execute(FIGURE, params![figure]).await?;
    Ok(())
}

/// Opens these figures, just entered in sets, to whom the records are open that they are entries of.
///
/// # Errors
/// When the database fails.
pub async fn figure_reach_of_subjects(tx: &mut Tx, figures: &[i64]) -> Result<()> {
    let dialect = tx.dialect();
    let sql = format!(
        "INSERT INTO record_reach (record_id, key) SELECT f.record_id, k.key FROM figure f
         JOIN record_reach k ON k.record_id = f.subject_id
         WHERE {} AND substr(k.key, 1, 1) IN ('r', 't', 'o', 'p') ON CONFLICT DO NOTHING",
        dialect.among("f.record_id", 1)
    );
    tx.execute(&sql, params![dialect.numbers(figures)]).await?;
    Ok(())
}

/// Writes the keys of a document: who added it, with their team and what they speak for, and what opens the records and
/// figures it proves or is attached to. What is attached to protected records alone is protected too. One that is restricted
/// (law 5) is protected whatever it is attached to, and has other keys: who added it with their office, the parties of what it
/// proves, who verifies there.
pub(crate) async fn reach_of_document(tx: &mut Tx, document: i64) -> Result<()> {
    tx.execute(DOCUMENT_PROTECTED, params![document]).await?;
    tx.execute(CLEAR, params![document]).await?;
    let restricted = tx.one(RESTRICTED, params![document]).await?.bool(0)?;
    tx.execute(if restricted { PARTIES } else { DOCUMENT }, params![document]).await?;
    Ok(())
}

/// Opens the document of a piece of evidence to those who see what it now proves, or to its parties where it is restricted.
pub(crate) async fn reach_of_evidence(tx: &mut Tx, evidence: i64, proved: i64) -> Result<()> {
    match tx.optional(RESTRICTED_OF, params![evidence]).await? {
        Some(row) => reach_of_document(tx, row.int(0)?).await?,
        None => {
            tx.execute(EVIDENCE, params![evidence, proved]).await?;
        }
    }
    Ok(())
}

/// After the keys of a record were written: those of its figures and documents follow.
pub(crate) async fn reach_follow(tx: &mut Tx, record: i64) -> Result<()> {
    for row in tx.all(FIGURES_OF, params![record]).await? {
        reach_of_figure(tx, row.int(0)?).await?;
    }
    for row in tx.all(DOCUMENTS_OF, params![record]).await? {
        reach_of_document(tx, row.int(0)?).await?;
    }
    Ok(())
}

/// Whether somebody can see a record.
///
/// # Errors
/// When the database fails.
pub async fn record_visible(tx: &mut Tx, id: i64, reach: &Reach) -> Result<bool> {
    let mut values = vec![Param::from(id)];
    let clause = reach.clause("r", &mut values);
    let sql = format!("SELECT r.id FROM record r WHERE r.id = $1 AND {clause}");
    Ok(tx.optional(&sql, values).await?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{MIGRATIONS, testing};

    async fn keys(tx: &mut Tx, record: i64) -> Vec<String> {
        let sql = "SELECT key FROM record_reach WHERE record_id = $1 ORDER BY key";
        let rows = tx.all(sql, params![record]).await.expect("read");
        rows.iter().map(|row| row.text(0).expect("a key")).collect()
    }

    /// A region in a region, an office there, a figure of it that a user entered for the office.
    async fn ground(tx: &mut Tx) {
        for sql in [
            "INSERT INTO programme (id, code, name_zh, name_en, time_zone) VALUES (1, 'p', 'p', 'p', 'UTC')",
            "INSERT INTO region (id, code, kind, name_zh, parent_id) VALUES (1, 'a', 'x', 'a', NULL), (2, 'b', 'x', 'b', 1)",
            "INSERT INTO region_tree (descendant_id, ancestor_id, depth) VALUES (1, 1, 0), (2, 2, 0), (2, 1, 1)",
            "INSERT INTO app_user (id, login, name, password_hash) VALUES (5, 'u', 'u', '')",
            "INSERT INTO record (id, programme_id, kind, code, uid, title, created_by) VALUES
                (10, 1, 'office', 'JG-1', '1', '', NULL), (11, 1, 'office', 'JG-2', '2', '', NULL),
                (12, 1, 'lead', 'SL-1', '3', '', 5), (20, 1, 'figure', 'SJ-1', '4', '', 5),
                (30, 1, 'document', 'ZL-1', '5', '', 5)",
            "INSERT INTO office (record_id, programme_id, region_id, parent_id) VALUES (10, 1, 1, NULL), (11, 1, 2, 10)",
            "INSERT INTO user_role (user_id, programme_id, role, region_id, office_id) VALUES (5, 1, 'office', NULL, 11)",
            "INSERT INTO figure (record_id, programme_id, measure, unit, low, approx, role, grain, time_kind, subject_id,
                status, entered_by, host_count) VALUES (20, 1, 'sales', 'CNY', 1, 'exact', 'actual', 'item', 'flow', 12, 'filed', 5, 1)",
            "INSERT INTO figure_region (figure_id, region_id, side) VALUES (20, 2, 'host')",
            "INSERT INTO blob (digest, size_bytes, media_type) VALUES ('d', 1, 'x')",
            "INSERT INTO document (record_id, programme_id, digest, original_digest, file_name, format, details, state, created_at)
                VALUES (30, 1, 'd', 'd', 'f', 'txt', 'unknown', 'ready', '')",
            "INSERT INTO record_reach (record_id, key) VALUES (12, 'r1'), (12, 'u6'), (12, 't10'), (12, 'g2'), (12, '*')",
            "INSERT INTO evidence (id, kind, document_id) VALUES (40, 'region', 30)",
            "INSERT INTO change (id, at, kind, source) VALUES (1, '', 'x', 'cli')",
            "INSERT INTO figure_evidence (id, figure_id, evidence_id, change_id) VALUES (50, 20, 40, 1)",
        ] {
            tx.execute(sql, vec![]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }

    #[tokio::test]
    async fn a_figure_is_open_to_its_regions_its_team_and_those_who_see_what_it_is_an_entry_of() {
        for db in testing::databases().await {
            let mut tx = db.write().await.expect("a transaction");
            ground(&mut tx).await;
            reach_of_figure(&mut tx, 20).await.expect("written");
            assert_eq!(keys(&mut tx, 20).await, ["r1", "r2", "t10", "t11", "u5"]);
            reach_of_document(&mut tx, 30).await.expect("written");
            assert_eq!(keys(&mut tx, 30).await, ["r1", "r2", "t10", "t11", "u5"]);
        }
    }

    #[tokio::test]
    async fn what_belongs_to_a_protected_record_alone_is_protected_with_it() {
        for db in testing::databases().await {
            let mut tx = db.write().await.expect("a transaction");
            ground(&mut tx).await;
            for (protected, seen) in [(1, false), (0, true)] {
                let set = "UPDATE record SET protected = $1 WHERE id = 12";
                tx.execute(set, params![protected]).await.expect("set");
                let keys = if protected == 1 {
                    "DELETE FROM record_reach WHERE record_id = 12 AND key = 'r1'"
                } else {
                    "SELECT 1"
                };
                tx.execute(keys, vec![]).await.expect("the keys of a protected record");
                reach_follow(&mut tx, 12).await.expect("written");
                let office = Reach { all: true, ..Reach::default() };
                let above = Reach { keys: vec!["r1".to_owned()], ..Reach::default() };
                for (record, reach) in [(20, &office), (30, &office), (20, &above), (30, &above)] {
                    let visible = record_visible(&mut tx, record, reach).await.expect("read");
                    assert_eq!(visible, seen, "{record} to {reach:?}");
                }
                let team = Reach { keys: vec!["t10".to_owned()], ..Reach::default() };
                assert!(record_visible(&mut tx, 30, &team).await.expect("read"));
            }
        }
    }

    #[tokio::test]
    async fn what_was_there_before_keys_gets_them() {
        for db in testing::databases().await {
            let mut tx = db.write().await.expect("a transaction");
            ground(&mut tx).await;
            let (_, _, sql) = MIGRATIONS.iter().find(|(number, ..)| *number == 14).expect("it is there");
            for statement in sql.split(';').filter(|part| part.contains("INSERT INTO")) {
                tx.execute(statement, vec![]).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
            }
            assert_eq!(keys(&mut tx, 11).await, ["*", "g1", "g2", "r1", "r2", "t11"]);
            assert_eq!(keys(&mut tx, 20).await, ["r1", "r2", "t10", "u5"]);
            assert_eq!(keys(&mut tx, 30).await, ["r1", "r2", "t10"]);
        }
    }
}
