//! 勾稽关系 between claims, and so between the figures they became.

use crate::db::{Tx, params};
use crate::error::Result;
use domain::figure::{Coverage, FigureId, Relation};
use std::collections::BTreeMap;

statements! {
    INSERT = "INSERT INTO relation (programme_id, document_id, whole_claim_id, coverage) VALUES ($1, $2, $3, $4)
        RETURNING id";
    INSERT_PART = "INSERT INTO relation_part (relation_id, claim_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    OF_FIGURES = "SELECT x.id, x.coverage, w.figure_id, p.figure_id FROM relation x
        JOIN claim w ON w.id = x.whole_claim_id JOIN relation_part y ON y.relation_id = x.id
        JOIN claim p ON p.id = y.claim_id
        WHERE x.programme_id = $1 AND w.figure_id IS NOT NULL AND p.figure_id IS NOT NULL ORDER BY x.id, p.id";
    LIST = "SELECT x.id, x.coverage, x.whole_claim_id, y.claim_id FROM relation x
        JOIN relation_part y ON y.relation_id = x.id JOIN record r ON r.id = x.document_id
        JOIN claim w ON w.id = x.whole_claim_id JOIN claim p ON p.id = y.claim_id
        WHERE x.programme_id = $1 AND r.archived_at IS NULL AND w.state <> 'rejected' AND p.state <> 'rejected'
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

type Rows = BTreeMap<i64, (Coverage, i64, Vec<i64>)>;

async fn grouped(tx: &mut Tx, sql: &str, programme: i64) -> Result<Rows> {
    let mut grouped = Rows::new();
    for row in tx.all(sql, params![programme]).await? {
        let (coverage, whole) = (row.code(1, Coverage::from_code)?, row.int(2)?);
        grouped.entry(row.int(0)?).or_insert_with(|| (coverage, whole, Vec::new())).2.push(row.int(3)?);
    }
    Ok(grouped)
}

/// The relations of a programme, without rejected claims, in text order.
///
/// # Errors
/// When the database fails.
pub async fn relation_list(tx: &mut Tx, programme: i64) -> Result<Vec<ClaimRelation>> {
    let rows = grouped(tx, LIST, programme).await?;
    Ok(rows
        .into_iter()
        .map(|(id, (coverage, whole, parts))| ClaimRelation { id, coverage, whole, parts })
        .collect())
}

/// The relations between figures that follow from their claims.
pub(crate) async fn relation_list_of_figures(tx: &mut Tx, programme: i64) -> Result<Vec<Relation>> {
    let rows = grouped(tx, OF_FIGURES, programme).await?;
    let relation =
        |(coverage, whole, parts): (Coverage, FigureId, Vec<FigureId>)| Relation { whole, parts, coverage };
    Ok(rows.into_values().map(relation).collect())
}
