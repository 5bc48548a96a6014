//! 勾稽关系 between claims, and so between the figures they became.

use crate::db::{Tx, params};
use crate::error::Result;
use domain::figure::{Coverage, Relation};
use std::collections::{BTreeMap, BTreeSet};

statements! {
    INSERT = "INSERT INTO relation (programme_id, document_id, whole_claim_id, coverage) VALUES ($1, $2, $3, $4)
        RETURNING id";
    INSERT_PART = "INSERT INTO relation_part (relation_id, claim_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    OF_FIGURES = "SELECT x.id, x.coverage, w.figure_id, p.figure_id FROM relation x
        JOIN claim w ON w.id = x.whole_claim_id JOIN relation_part y ON y.relation_id = x.id
        JOIN claim p ON p.id = y.claim_id
        WHERE x.programme_id = $1 AND w.figure_id IS NOT NULL AND p.figure_id IS NOT NULL ORDER BY x.id, p.id";
    DELETE_PARTS = "DELETE FROM relation_part WHERE relation_id IN (SELECT id FROM relation WHERE document_id = $1)";
    DELETE = "DELETE FROM relation WHERE document_id = $1";
    LIST = "SELECT x.id, x.coverage, x.whole_claim_id, y.claim_id, p.state FROM relation x
        JOIN relation_part y ON y.relation_id = x.id JOIN record r ON r.id = x.document_id
        JOIN claim w ON w.id = x.whole_claim_id JOIN claim p ON p.id = y.claim_id
        WHERE x.programme_id = $1 AND r.archived_at IS NULL AND w.state <> 'rejected'
        ORDER BY x.id, p.span_start";
}

/// A relation between claims.
#[derive(Debug, Clone)]
pub struct ClaimRelation {
    /// Identity.
    pub id: i64,
    /// How the parts stand to the whole.
    pub coverage: Coverage,
    /// The claim that states the whole.
    pub whole: i64,
    /// The claims that state the parts.
    pub parts: Vec<i64>,
}

/// Stores a relation that reading found.
///
/// # Errors
/// When the database fails.
pub async fn relation_insert(
    tx: &mut Tx,
    programme: i64,
    document: i64,
    whole: i64,
    parts: &[i64],
    coverage: Coverage,
) -> Result<i64> {
    let id = tx.int(INSERT, params![programme, document, whole, coverage.code()]).await?;
    for part in parts {
        tx.execute(INSERT_PART, params![id, *part]).await?;
    }
    Ok(id)
}

/// Forgets the relations of a document, before a new reading finds them again.
///
/// # Errors
/// When the database fails.
pub async fn relation_delete_of_document(tx: &mut Tx, document: i64) -> Result<()> {
    tx.execute(DELETE_PARTS, params![document]).await?;
    tx.execute(DELETE, params![document]).await?;
    Ok(())
}

/// The relations of a programme, in text order. A part that was rejected is no part: what is left of a complete list is
/// some of the parts.
///
/// # Errors
/// When the database fails.
pub async fn relation_list(tx: &mut Tx, programme: i64) -> Result<Vec<ClaimRelation>> {
    let mut relations: BTreeMap<i64, ClaimRelation> = BTreeMap::new();
    for row in tx.all(LIST, params![programme]).await? {
        let (id, coverage, whole) = (row.int(0)?, row.code(1, Coverage::from_code)?, row.int(2)?);
        let relation =
            relations.entry(id).or_insert(ClaimRelation { id, coverage, whole, parts: Vec::new() });
        if row.text(4)? != "rejected" {
            relation.parts.push(row.int(3)?);
        } else if relation.coverage == Coverage::Complete {
            relation.coverage = Coverage::Partial;
        }
    }
    Ok(relations.into_values().filter(|relation| !relation.parts.is_empty()).collect())
}

/// The relations between figures that follow from their claims; a corrected figure passes its place on.
pub(crate) async fn relation_list_of_figures(tx: &mut Tx, programme: i64) -> Result<Vec<Relation>> {
    let rows = tx.all(OF_FIGURES, params![programme]).await?;
    let mut named = BTreeSet::new();
    for row in &rows {
        named.extend([row.int(2)?, row.int(3)?]);
    }
    let replaced = replacements(tx, programme, named).await?;
    // A figure is replaced by a younger one, so the way ends.
    let latest =
        |id: i64| std::iter::successors(Some(id), |id| replaced.get(id).copied()).last().unwrap_or(id);
    let mut relations: BTreeMap<i64, Relation> = BTreeMap::new();
    for row in &rows {
        let (coverage, whole) = (row.code(1, Coverage::from_code)?, latest(row.int(2)?));
        let relation =
            relations.entry(row.int(0)?).or_insert(Relation { whole, parts: Vec::new(), coverage });
        relation.parts.push(latest(row.int(3)?));
    }
    Ok(relations.into_values().collect())
}

/// What replaces these figures, and what replaces that: each with its replacement.
async fn replacements(tx: &mut Tx, programme: i64, mut named: BTreeSet<i64>) -> Result<BTreeMap<i64, i64>> {
    let sql = format!(
        "SELECT replaces_id, record_id FROM figure WHERE {} AND programme_id = $2 AND status <> 'withdrawn'
         ORDER BY record_id",
        tx.dialect().among("replaces_id", 1)
    );
    let mut replaced = BTreeMap::new();
    while !named.is_empty() {
        let ids: Vec<i64> = named.into_iter().collect();
        let rows = tx.all(&sql, params![tx.dialect().numbers(&ids), programme]).await?;
        named = BTreeSet::new();
        for row in rows {
            named.insert(row.int(1)?);
            replaced.insert(row.int(0)?, row.int(1)?);
        }
    }
    Ok(replaced)
}
