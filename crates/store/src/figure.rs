//! Figures: append-only dated amounts with their regions and status log.

use crate::change::{Change, created, field};
use crate::db::{Param, Row, Tx, params};
use crate::error::{Error, Result};
use crate::reach::reach_of_figure;
use crate::record::{RecordKind, record_get, record_insert};
use domain::figure::{Figure, Grain, Status};
use domain::region::{RegionId, Side};
use domain::{Approx, Measure, Period, Quantity, Role, TimeKind, Unit};
use jiff::civil::Date;
use serde_json::json;
use std::collections::HashMap;

/// The columns [`figure_from`] reads.
pub(crate) const COLUMNS: &str = "f.record_id, f.measure, f.unit, f.low, f.high, f.approx, f.role, f.grain, f.time_kind,
    f.date_from, f.date_to, f.organisation_id, f.event_id,
    COALESCE((SELECT MAX(d.published_on) FROM figure_evidence x JOIN evidence e ON e.id = x.evidence_id
        JOIN document d ON d.record_id = e.document_id WHERE x.figure_id = f.record_id AND x.removed_change_id IS NULL),
        f.published_on),
    f.status,
    (SELECT MIN(g.record_id) FROM figure g WHERE g.replaces_id = f.record_id AND g.status <> 'withdrawn'),
    f.phrase, f.subject_id";

statements! {
    INSERT = "INSERT INTO figure (record_id, programme_id, measure, unit, low, high, approx, role, grain, time_kind,
        date_from, date_to, phrase, organisation_id, event_id, subject_id, replaces_id, status, entered_by, published_on,
        host_count, note)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'filed', $18, $19, $20, $21)";
    INSERT_REGION = "INSERT INTO figure_region (figure_id, region_id, side) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    REGIONS = "SELECT region_id, side FROM figure_region WHERE figure_id = $1 ORDER BY region_id";
    LOCK = "SELECT record_id FROM figure WHERE record_id = $1{for_update}";
    SET_STATUS = "UPDATE figure SET status = $2 WHERE record_id = $1";
    LOG_STATUS = "INSERT INTO figure_status (figure_id, status, effective_on, reason, change_id)
        VALUES ($1, $2, $3, $4, $5)";
    STATUSES = "SELECT s.status, s.effective_on, s.reason, c.at, u.name FROM figure_status s
        JOIN change c ON c.id = s.change_id LEFT JOIN app_user u ON u.id = c.user_id
        WHERE s.figure_id = $1 ORDER BY s.id";
    STANDING = "SELECT f.record_id FROM figure f WHERE f.subject_id = $1 AND f.role = $2 AND f.grain = 'item'
        AND f.status <> 'withdrawn' AND NOT EXISTS (SELECT 1 FROM figure r WHERE r.replaces_id = f.record_id
            AND r.subject_id = f.subject_id AND r.status <> 'withdrawn')
        ORDER BY CASE f.unit WHEN 'CNY' THEN 0 ELSE 1 END, f.record_id DESC";
    LAST = "SELECT f.record_id FROM figure f WHERE f.subject_id = $1 AND f.role = $2 AND f.measure = $3 AND f.grain = 'item'
        AND f.import_id IS NULL ORDER BY f.record_id DESC LIMIT 1";
    CITED = "SELECT f.record_id, e.title FROM figure f
        JOIN figure_evidence x ON x.figure_id = f.record_id AND x.removed_change_id IS NULL
        JOIN evidence e ON e.id = x.evidence_id AND e.kind = 'citation'
        WHERE f.programme_id = $1 AND f.measure = $2 AND f.unit = $3 AND f.time_kind = $4 AND f.role = $5 AND f.low = $6
        AND f.approx = $7 AND f.high IS NOT DISTINCT FROM $8 AND f.grain = 'stated' AND f.status <> 'withdrawn'
        ORDER BY f.record_id";
    STALE = "INSERT INTO tally_group (programme_id, measure, unit, time_kind, fresh) VALUES ($1, $2, $3, $4, 0)
        ON CONFLICT (programme_id, measure, unit, time_kind) DO UPDATE SET fresh = 0, marked = tally_group.marked + 1";
}

/// A figure to enter.
#[derive(Debug, Clone)]
pub struct NewFigure {
    /// What it measures.
    pub measure: Measure,
    /// The value.
    pub quantity: Quantity,
    /// Its part in the sentence.
    pub role: Role,
    /// Item or stated.
    pub grain: Grain,
    /// Host regions.
    pub hosts: Vec<RegionId>,
    /// Supporting regions.
    pub supporters: Vec<RegionId>,
    /// Organisation record.
    pub organisation: Option<i64>,
    /// Event record.
    pub event: Option<i64>,
    /// The record it is an entry of.
    pub subject: Option<i64>,
    /// When it holds.
    pub period: Period,
    /// The words the period was stated in.
    pub phrase: Option<String>,
    /// When its source was published.
    pub published: Option<Date>,
    /// The figure it corrects.
    pub replaces: Option<i64>,
    /// A remark.
    pub note: Option<String>,
}

/// A figure with what its page shows beside it.
#[derive(Debug, Clone)]
pub struct FigureEntry {
    /// The figure.
    pub figure: Figure,
    /// Code of its record.
    pub code: String,
    /// The words the period was stated in.
    pub phrase: Option<String>,
    /// The figure it corrects.
    pub replaces: Option<i64>,
    /// The figure that corrects it.
    pub replaced_by: Option<i64>,
    /// Who entered it.
    pub entered_by: Option<i64>,
    /// Name of who entered it.
    pub entered_by_name: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// Its programme.
    pub programme: i64,
}

/// One line of a figure's status log.
#[derive(Debug, Clone)]
pub struct StatusEntry {
    /// The status taken.
    pub status: Status,
    /// From which day it holds.
    pub effective_on: Option<Date>,
    /// Why.
    pub reason: Option<String>,
    /// When it was entered.
    pub at: jiff::Timestamp,
    /// By whom.
    pub user_name: Option<String>,
}

/// Reads [`COLUMNS`]; regions come separately.
pub(crate) fn figure_from(row: &Row) -> Result<Figure> {
    let quantity = Quantity {
        low: row.int(3)?,
        high: row.opt_int(4)?,
        unit: row.code(2, Unit::from_code)?,
        approx: row.code(5, Approx::from_code)?,
    };
    Ok(Figure {
        id: row.int(0)?,
        measure: row.code(1, Measure::from_code)?,
        quantity,
        role: row.code(6, Role::from_code)?,
        grain: row.code(7, Grain::from_code)?,
        hosts: Vec::new(),
        supporters: Vec::new(),
        organisation: row.opt_int(11)?,
        event: row.opt_int(12)?,
        subject: row.opt_int(17)?,
        period: Period { kind: row.code(8, TimeKind::from_code)?, from: row.day(9)?, to: row.day(10)? },
        published: row.day(13)?,
        status: row.code(14, Status::from_code)?,
        replaced: row.opt_int(15)?.is_some(),
    })
}

/// Gives figures their regions; `sql` returns figure, region, side.
pub(crate) async fn fill_regions(
    tx: &mut Tx,
    figures: &mut [Figure],
    sql: &str,
    values: Vec<crate::db::Param>,
) -> Result<()> {
    let index: HashMap<i64, usize> =
        figures.iter().enumerate().map(|(index, figure)| (figure.id, index)).collect();
    for row in tx.all(sql, values).await? {
        let Some(&at) = index.get(&row.int(0)?) else { continue };
        match row.code(2, Side::from_code)? {
            Side::Host => figures[at].hosts.push(row.int(1)?),
            Side::Supporting => figures[at].supporters.push(row.int(1)?),
        }
    }
    Ok(())
}

async fn with_regions(tx: &mut Tx, mut figure: Figure) -> Result<Figure> {
    for row in tx.all(REGIONS, params![figure.id]).await? {
        match row.code(1, Side::from_code)? {
            Side::Host => figure.hosts.push(row.int(0)?),
            Side::Supporting => figure.supporters.push(row.int(0)?),
        }
    }
    Ok(figure)
}

/// Marks the totals of a figure's group as out of date, where it can be added, and takes the amount of its record anew.
pub(crate) async fn mark_stale(tx: &mut Tx, programme: i64, figure: &Figure) -> Result<()> {
    if let Some(subject) = figure.subject {
        crate::entry::entry_amount_refresh(tx, subject).await?;
        crate::tally::mark(tx, subject).await?;
    }
    if !figure.measure.is_additive() {
        return Ok(());
    }
    let group = (figure.measure, figure.quantity.unit.code(), figure.period.kind);
    mark_group_stale(tx, programme, group).await
}

/// Marks the totals of a measure, unit and kind of time as out of date.
pub(crate) async fn mark_group_stale(
    tx: &mut Tx,
    programme: impl Into<Param>,
    (measure, unit, kind): (Measure, &str, TimeKind),
) -> Result<()> {
    tx.execute(STALE, vec![programme.into(), measure.code().into(), unit.into(), kind.code().into()]).await?;
    Ok(())
}

/// Enters a figure with status 填报. A figure that it replaces stays, but no longer counts.
///
/// # Errors
/// [`Error::Duplicate`] when the figure to replace is replaced already.
pub async fn figure_insert(tx: &mut Tx, change: &Change, new: &NewFigure) -> Result<FigureEntry> {
    let record =
        record_insert(tx, change, RecordKind::Figure, new.measure.zh(), Some(new.measure.en())).await?;
    let quantity = new.quantity;
    let mut hosts = new.hosts.clone();
    hosts.sort_unstable();
    hosts.dedup();
    let values = params![
        record.id,
        record.programme,
        new.measure.code(),
        quantity.unit.code(),
        quantity.low,
        quantity.high,
        quantity.approx.code(),
        new.role.code(),
        new.grain.code(),
        new.period.kind.code(),
        new.period.from,
        new.period.to,
        &new.phrase,
        new.organisation,
        new.event,
        new.subject,
        new.replaces,
        change.user,
        new.published,
        i64::try_from(hosts.len()).unwrap_or(i64::MAX),
        &new.note
    ];
    tx.execute(INSERT, values).await?;
    for (side, regions) in [(Side::Host, &hosts), (Side::Supporting, &new.supporters)] {
        for region in regions {
            tx.execute(INSERT_REGION, params![record.id, *region, side.code()]).await?;
        }
    }
    reach_of_figure(tx, record.id).await?;
    if let Some(old) = new.replaces {
        let replaced = figure_lock(tx, old).await?;
        if replaced.replaced_by != Some(record.id) {
            return Err(Error::Duplicate);
        }
        mark_stale(tx, record.programme, &replaced.figure).await?;
    }
    let row = audit_row(new, &hosts);
    created(tx, change, record.id, "figure", record.id, row).await?;
    log_status(tx, change, record.id, Status::Filed, None).await?;
    let entry = figure_get(tx, record.id).await?;
    mark_stale(tx, record.programme, &entry.figure).await?;
    Ok(entry)
}

/// An entered figure as the audit keeps it; hosts sorted, each once.
pub(crate) fn audit_row(new: &NewFigure, hosts: &[RegionId]) -> serde_json::Value {
    let quantity = new.quantity;
    json!({
        "measure": new.measure.code(), "unit": quantity.unit.code(), "low": quantity.low, "high": quantity.high,
        "approx": quantity.approx.code(), "role": new.role.code(), "hosts": hosts, "supporters": new.supporters,
        "from": new.period.from.map(|day| day.to_string()), "to": new.period.to.map(|day| day.to_string()),
        "grain": new.grain.code(), "period_kind": new.period.kind.code(), "phrase": new.phrase,
        "organisation": new.organisation, "event": new.event, "subject": new.subject,
        "published": new.published.map(|day| day.to_string()), "note": new.note, "replaces": new.replaces,
    })
}

async fn log_status(
    tx: &mut Tx,
    change: &Change,
    id: i64,
    status: Status,
    reason: Option<&str>,
) -> Result<()> {
    tx.execute(LOG_STATUS, params![id, status.code(), change.day, reason, change.id]).await?;
    Ok(())
}

/// The figure of this record.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn figure_get(tx: &mut Tx, id: i64) -> Result<FigureEntry> {
    let sql = format!(
        "SELECT {COLUMNS}, f.replaces_id, f.entered_by, f.note, u.name FROM figure f
         LEFT JOIN app_user u ON u.id = f.entered_by WHERE f.record_id = $1"
    );
    let row = tx.one(&sql, params![id]).await?;
    let record = record_get(tx, id).await?;
    Ok(FigureEntry {
        figure: with_regions(tx, figure_from(&row)?).await?,
        code: record.code,
        phrase: row.opt_text(16)?,
        replaces: row.opt_int(18)?,
        replaced_by: row.opt_int(15)?,
        entered_by: row.opt_int(19)?,
        entered_by_name: row.opt_text(21)?,
        note: row.opt_text(20)?,
        programme: record.programme,
    })
}

/// Holds a figure until the transaction ends, so that its status moves once.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn figure_lock(tx: &mut Tx, id: i64) -> Result<FigureEntry> {
    tx.one(LOCK, params![id]).await?;
    figure_get(tx, id).await
}

/// What a figure says, as the first eight parameters of the statements that look for others that say the same.
fn says(programme: i64, new: &NewFigure) -> Vec<Param> {
    let quantity = new.quantity;
    params![
        programme,
        new.measure.code(),
        quantity.unit.code(),
        new.period.kind.code(),
        new.role.code(),
        quantity.low,
        quantity.approx.code(),
        quantity.high
    ]
}

/// The counted figures that say the same: measure, value, approximation, role, regions, period, organisation, event.
/// The oldest comes first.
///
/// # Errors
/// When the database fails.
pub async fn figure_list_equal(tx: &mut Tx, programme: i64, new: &NewFigure) -> Result<Vec<i64>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM figure f WHERE f.programme_id = $1 AND f.measure = $2 AND f.unit = $3 AND f.time_kind = $4
         AND f.role = $5 AND f.low = $6 AND f.approx = $7 AND f.high IS NOT DISTINCT FROM $8
         AND f.date_from IS NOT DISTINCT FROM $9 AND f.date_to IS NOT DISTINCT FROM $10
         AND f.organisation_id IS NOT DISTINCT FROM $11 AND f.event_id IS NOT DISTINCT FROM $12
         AND f.status <> 'withdrawn' ORDER BY f.record_id"
    );
    let mut values = says(programme, new);
    values.extend(params![new.period.from, new.period.to, new.organisation, new.event]);
    let sorted = |regions: &[RegionId]| {
        let mut regions = regions.to_vec();
        regions.sort_unstable();
        regions.dedup();
        regions
    };
    let (hosts, supporters) = (sorted(&new.hosts), sorted(&new.supporters));
    let mut equal = Vec::new();
    for row in tx.all(&sql, values).await? {
        let figure = with_regions(tx, figure_from(&row)?).await?;
        if !figure.replaced && sorted(&figure.hosts) == hosts && sorted(&figure.supporters) == supporters {
            equal.push(figure.id);
        }
    }
    Ok(equal)
}

/// The counted stated figures of this measure, value, approximation, role and kind of time that cite a published source,
/// each with the source's title. The oldest comes first.
///
/// # Errors
/// When the database fails.
pub async fn figure_list_cited(
    tx: &mut Tx,
    programme: i64,
    new: &NewFigure,
) -> Result<Vec<(FigureEntry, String)>> {
    let mut cited = Vec::new();
    for row in tx.all(CITED, says(programme, new)).await? {
        cited.push((figure_get(tx, row.int(0)?).await?, row.text(1)?));
    }
    cited.retain(|(entry, _)| !entry.figure.replaced);
    Ok(cited)
}

/// Moves a figure to another status.
///
/// # Errors
/// When the database fails.
pub async fn figure_set_status(
    tx: &mut Tx,
    change: &Change,
    id: i64,
    status: Status,
    reason: Option<&str>,
) -> Result<()> {
    let entry = figure_get(tx, id).await?;
    tx.execute(SET_STATUS, params![id, status.code()]).await?;
    log_status(tx, change, id, status, reason).await?;
    let (before, after) = (Some(json!(entry.figure.status.code())), Some(json!(status.code())));
    field(tx, change, id, ("figure", id, "status"), before, after).await?;
    if let Some(old) = entry.replaces {
        figure_touch(tx, old).await?;
    }
    mark_stale(tx, entry.programme, &entry.figure).await
}

/// The status log of a figure, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn figure_status_list(tx: &mut Tx, id: i64) -> Result<Vec<StatusEntry>> {
    let rows = tx.all(STATUSES, params![id]).await?;
    rows.iter().map(status_from).collect()
}

pub(crate) fn status_from(row: &Row) -> Result<StatusEntry> {
    Ok(StatusEntry {
        status: row.code(0, Status::from_code)?,
        effective_on: row.day(1)?,
        reason: row.opt_text(2)?,
        at: row.instant(3)?,
        user_name: row.opt_text(4)?,
    })
}

/// Has the totals of a figure's group counted anew: called when relations or evidence of the figure change.
///
/// # Errors
/// When the database fails.
pub async fn figure_touch(tx: &mut Tx, id: i64) -> Result<()> {
    let entry = figure_get(tx, id).await?;
    mark_stale(tx, entry.programme, &entry.figure).await
}

/// The items of a record in a role that no later figure of the same record replaces: yuan first, then the newest.
///
/// # Errors
/// When the database fails.
pub async fn figure_list_standing(tx: &mut Tx, subject: i64, role: Role) -> Result<Vec<FigureEntry>> {
    let mut standing = Vec::new();
    for row in tx.all(STANDING, params![subject, role.code()]).await? {
        standing.push(figure_get(tx, row.int(0)?).await?);
    }
    Ok(standing)
}

/// The last item that was entered for a record in a role and measure, whatever became of it.
///
/// # Errors
/// When the database fails.
pub async fn figure_last(
    tx: &mut Tx,
    subject: i64,
    role: Role,
    measure: Measure,
) -> Result<Option<FigureEntry>> {
    match tx.optional(LAST, params![subject, role.code(), measure.code()]).await? {
        Some(row) => Ok(Some(figure_get(tx, row.int(0)?).await?)),
        None => Ok(None),
    }
}
