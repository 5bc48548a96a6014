//! Many records at once: the same rows that single writes leave, in statements of many rows.
//!
//! For loading tens of thousands of records that nobody else writes meanwhile. The caller gives what single writes derive:
//! identity, parties, keys, amount.

use crate::change::Change;
use crate::db::{Param, Tx, params};
use crate::dialect::Dialect;
use crate::entry::{audit_row, is_kept, is_person, stored, stored_params};
use crate::error::{Error, Result};
use crate::figure::{self, NewFigure};
use crate::key::{RegionWords, key_fields, keys_of};
use crate::reach::ReachKey;
use crate::record::{RecordKind, title_key};
use crate::search;
use domain::figure::Status;
use domain::record::{FieldInfo, Values};
use domain::region::Side;
use domain::{Measure, Quantity, TimeKind};
use jiff::civil::Date;
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// SQLite takes 32,766 parameters in a statement.
const MOST_PARAMS: usize = 32_000;
/// Longer statements are not faster.
const MOST_ROWS: usize = 500;

statements! {
    TAKE_CODES = "INSERT INTO record_counter (programme_id, prefix, last) VALUES ($1, $2, $3)
        ON CONFLICT (programme_id, prefix) DO UPDATE SET last = record_counter.last + $3 RETURNING last";
    ABOVE = "SELECT descendant_id, ancestor_id FROM region_tree ORDER BY descendant_id, ancestor_id";
    OFFICES = "WITH RECURSIVE team (id) AS (
            SELECT u.office_id FROM user_role u WHERE u.user_id = $1 AND u.pending = 0 AND u.office_id IS NOT NULL
                AND (u.programme_id IS NULL OR u.programme_id = $2)
            UNION
            SELECT o.parent_id FROM team JOIN office o ON o.record_id = team.id WHERE o.parent_id IS NOT NULL
        ) SELECT id FROM team ORDER BY id";
    AROUND = "SELECT id, COALESCE(geo_parent_id, parent_id) FROM region ORDER BY id";
}

/// A described record to create with what belongs to it.
#[derive(Debug, Clone, Default)]
pub struct BulkEntry {
    /// UUIDv7 for exchange.
    pub uid: String,
    /// Its name.
    pub title: String,
    /// Its English name.
    pub title_en: Option<String>,
    /// What is known of it.
    pub values: Values,
    /// Further names.
    pub names: Vec<String>,
    /// Links: their field, the record, its role.
    pub links: Vec<(&'static str, i64, String)>,
    /// Party regions.
    pub regions: Vec<(i64, Side)>,
    /// Keys by which it can be seen beyond its regions.
    pub keys: Vec<ReachKey>,
    /// The key that the record itself is, made from its id.
    pub own_key: Option<fn(i64) -> ReachKey>,
    /// Whether only those keys open it (law 5).
    pub protected: bool,
    /// The office whose team made it.
    pub team: Option<i64>,
    /// The statuses it went through, each with its day where that is known.
    pub statuses: Vec<(String, Option<Date>)>,
    /// The amount it is listed with.
    pub amount: Option<Quantity>,
}

/// A figure to enter.
#[derive(Debug, Clone)]
pub struct BulkFigure {
    /// UUIDv7 for exchange.
    pub uid: String,
    /// The figure; one that it replaces is neither held nor marked here.
    pub figure: NewFigure,
    /// Regions of its record, whose keys open it too.
    pub regions: Vec<i64>,
    /// Keys of its record that open it too.
    pub keys: Vec<ReachKey>,
    /// Whether its record is protected (law 5).
    pub protected: bool,
    /// How many figures before this one in the same call stands the one that it replaces.
    pub replaces_back: Option<usize>,
    /// The statuses it went through, from filed on.
    pub log: &'static [Status],
}

/// The rows of one table.
#[derive(Debug)]
pub(crate) struct Rows {
    table: &'static str,
    columns: String,
    width: usize,
    /// How the places of a column are written where it is not `$n`: the column from 0, before, after.
    cast: Option<(usize, &'static str, &'static str)>,
    pub values: Vec<Param>,
}

impl Rows {
    pub(crate) fn new(table: &'static str, columns: &str) -> Self {
        let width = columns.split(',').count();
        Self { table, columns: columns.to_owned(), width, cast: None, values: Vec::new() }
    }

    fn place(&self, dialect: Dialect, row: usize, column: usize) -> String {
        let place = dialect.place(row * self.width + column + 1);
        match self.cast {
            Some((of, before, after)) if of == column => format!("{before}{place}{after}"),
            _ => place,
        }
    }

    fn statement(&self, dialect: Dialect, rows: usize, returning: &str) -> String {
        let mut sql = format!("INSERT INTO {} ({}) VALUES ", self.table, self.columns);
        for row in 0..rows {
            let places: Vec<_> = (0..self.width).map(|column| self.place(dialect, row, column)).collect();
            sql.push_str(if row == 0 { "(" } else { ", (" });
            sql.push_str(&places.join(", "));
            sql.push(')');
        }
        sql.push_str(returning);
        sql
    }

    /// How many parameters go into one statement.
    fn step(&self) -> usize {
        (MOST_PARAMS / self.width).min(MOST_ROWS) * self.width
    }

    /// The statements to send, each with its values.
    fn statements(mut self, dialect: Dialect, returning: &str) -> impl Iterator<Item = (String, Vec<Param>)> {
        let mut values = std::mem::take(&mut self.values).into_iter();
        std::iter::from_fn(move || {
            let part: Vec<Param> = values.by_ref().take(self.step()).collect();
            let sql = self.statement(dialect, part.len() / self.width, returning);
            (!part.is_empty()).then_some((sql, part))
        })
    }

    pub(crate) fn extend(&mut self, values: Vec<Param>) {
        self.values.extend(values);
    }

    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        for (sql, values) in self.statements(tx.dialect(), "") {
            tx.execute(&sql, values).await?;
        }
        Ok(())
    }

    /// Writes the rows and gives the id of each by its text in `key`, a column without repetitions.
    pub async fn write_keyed(self, tx: &mut Tx, key: &str) -> Result<HashMap<String, i64>> {
        let mut ids = HashMap::new();
        for (sql, values) in self.statements(tx.dialect(), &format!(" RETURNING id, {key}")) {
            for row in tx.all(&sql, values).await? {
                ids.insert(row.text(1)?, row.int(0)?);
            }
        }
        Ok(ids)
    }
}

/// Tables that every record has rows in.
pub(crate) struct Common {
    pub items: Rows,
    regions: Rows,
    reach: Rows,
}

impl Common {
    pub fn new() -> Self {
        Self {
            items: Rows::new("change_item", "change_id, record_id, entity, entity_id, field, before, after"),
            regions: Rows::new("record_region", "record_id, region_id, side"),
            reach: Rows::new("record_reach", "record_id, key"),
        }
    }

    pub fn created(
        &mut self,
        change: &Change,
        record: i64,
        (entity, id): (&str, i64),
        row: &serde_json::Value,
    ) {
        let after = row.to_string();
        self.items.values.extend(params![change.id, record, entity, id, "*", None::<String>, after]);
    }

    /// The party regions of a record, and the keys that follow from them.
    fn parties(&mut self, around: &Around, record: i64, entry: &BulkEntry) {
        let own = entry.own_key.map(|key| key(record)).filter(|_| !entry.protected);
        let mut keys: BTreeSet<ReachKey> = entry.keys.iter().copied().chain(own).collect();
        for (region, _) in &entry.regions {
            if !entry.protected {
                keys.extend(around.above(*region).map(ReachKey::Region));
            }
            keys.extend(around.around(*region).map(ReachKey::Geographic));
        }
        let distinct: BTreeSet<_> =
            entry.regions.iter().map(|(region, side)| (*region, side.code())).collect();
        for (region, side) in distinct {
            self.regions.values.extend(params![record, region, side]);
        }
        self.keys(record, keys);
    }

    /// The keys of a figure: its own regions and organisation, unless its record is protected, and those of its record.
    fn figure_keys(&mut self, around: &Around, id: i64, new: &BulkFigure, creator: &[ReachKey]) {
        let mut keys: BTreeSet<ReachKey> = new.keys.iter().copied().collect();
        if !new.protected {
            let regions = new.figure.hosts.iter().chain(&new.figure.supporters).chain(&new.regions);
            keys.extend(regions.flat_map(|region| around.above(*region)).map(ReachKey::Region));
            keys.extend(new.figure.organisation.map(ReachKey::Organisation));
        }
        let passed_on =
            |key: &ReachKey| !matches!(key, ReachKey::Geographic(_) | ReachKey::User(_) | ReachKey::Open);
        self.keys(id, keys.into_iter().filter(passed_on).chain(creator.iter().copied()).collect());
    }

    fn keys(&mut self, record: i64, keys: BTreeSet<ReachKey>) {
        for key in keys {
            self.reach.values.extend(params![record, key.to_string()]);
        }
    }

    pub async fn write(self, tx: &mut Tx) -> Result<()> {
        self.regions.write(tx).await?;
        self.reach.write(tx).await?;
        self.items.write(tx).await
    }
}

/// What lies above every region.
struct Around {
    above: HashMap<i64, Vec<i64>>,
    parents: HashMap<i64, i64>,
}

impl Around {
    async fn load(tx: &mut Tx) -> Result<Self> {
        let mut above = HashMap::<i64, Vec<i64>>::new();
        for row in tx.all(ABOVE, vec![]).await? {
            above.entry(row.int(0)?).or_default().push(row.int(1)?);
        }
        let mut parents = HashMap::new();
        for row in tx.all(AROUND, vec![]).await? {
            parents.extend(row.opt_int(1)?.map(|parent| (row.int(0).unwrap_or(parent), parent)));
        }
        Ok(Self { above, parents })
    }

    fn above(&self, region: i64) -> impl Iterator<Item = i64> {
        self.above.get(&region).into_iter().flatten().copied()
    }

    /// The region and what it lies in on the map. A loop in bad data ends the walk.
    fn around(&self, region: i64) -> impl Iterator<Item = i64> {
        let step = |id: &i64| self.parents.get(id).copied();
        std::iter::successors(Some(region), step).take(self.parents.len() + 1)
    }
}

/// The columns that [`figure_row`] fills.
pub(crate) const FIGURE_COLUMNS: &str = "record_id, programme_id, measure, unit, low, high, approx, role, grain, time_kind,
    date_from, date_to, phrase, organisation_id, event_id, subject_id, replaces_id, status, entered_by, published_on,
    host_count, note";

/// Of a record: uid, title, English title, whether it is protected, the office whose team made it.
pub(crate) type RecordHead<'a> = (&'a str, &'a str, Option<&'a str>, bool, Option<i64>);

/// Creates the rows of `record` and gives their ids and codes, in the order of `records`.
pub(crate) async fn insert_records(
    tx: &mut Tx,
    change: &Change,
    kind: RecordKind,
    records: &[RecordHead<'_>],
) -> Result<Vec<(i64, String)>> {
    let programme = change.programme.ok_or_else(|| Error::Damaged("a record needs a programme".into()))?;
    let prefix = format!("{}-{}", kind.prefix(), change.day.strftime("%Y"));
    let count = i64::try_from(records.len())?;
    let first = tx.int(TAKE_CODES, params![programme, &prefix, count]).await? - count + 1;
    let columns =
        "programme_id, kind, code, uid, title, title_en, title_key, changed_at, created_by, protected,
        team_id, import_id, archived_at";
    let mut rows = Rows::new("record", columns);
    // Whoever counts or sums leaves archived records out, so that few have to know of pending ones. Figures say it themselves.
    let hidden = change.pending.filter(|_| kind != RecordKind::Figure).map(|_| change.at);
    let codes: Vec<String> = (first..first + count).map(|number| format!("{prefix}-{number:06}")).collect();
    for ((uid, title, title_en, protected, team), code) in records.iter().zip(&codes) {
        rows.values.extend(params![programme, kind.code(), code, *uid, *title, *title_en]);
        rows.values.extend(params![title_key(title), change.at, change.user, *protected, *team]);
        rows.values.extend(params![hidden.and(change.pending), hidden]);
    }
    let ids = rows.write_keyed(tx, "uid").await?;
    let missing = || Error::Damaged("a record was not written".into());
    let id_of =
        |(record, code): (&RecordHead<'_>, String)| Ok((*ids.get(record.0).ok_or_else(missing)?, code));
    records.iter().zip(codes).map(id_of).collect()
}

/// Creates described records of one kind with their names, links, parties, keys and first status; returns their ids.
///
/// # Errors
/// When the database fails, or two have the same uid.
pub async fn entry_insert_all(
    tx: &mut Tx,
    change: &Change,
    kind: RecordKind,
    entries: &[BulkEntry],
) -> Result<Vec<i64>> {
    let heads: Vec<_> = entries
        .iter()
        .map(|entry| {
            let names = (entry.title.as_str(), entry.title_en.as_deref());
            (entry.uid.as_str(), names.0, names.1, entry.protected, entry.team)
        })
        .collect();
    let (ids, codes): (Vec<i64>, Vec<String>) =
        insert_records(tx, change, kind, &heads).await?.into_iter().unzip();
    index(tx, change, kind, entries, ids.iter().zip(&codes)).await?;
    let around = Around::load(tx).await?;
    let mut common = Common::new();
    let mut rows = Rows::new(kind.code(), &columns_of(kind));
    let mut names = Rows::new("record_name", "record_id, name");
    let mut statuses = Rows::new("record_status", "record_id, status, effective_on, reason, change_id");
    for (entry, &id) in entries.iter().zip(&ids) {
        rows.values.extend(params![id, change.programme]);
        rows.values.extend(stored_params(kind, &entry.values));
        if kind.amount().is_some() {
            rows.values.extend(amount_params(entry.amount));
        }
        let row = audit_row(kind, &entry.title, entry.title_en.as_deref(), &entry.values);
        common.created(change, id, (kind.code(), id), &row);
        common.parties(&around, id, entry);
        for name in entry.names.iter().collect::<BTreeSet<_>>() {
            names.values.extend(params![id, name]);
            let kept = if is_person(kind) { "*" } else { name };
            common.created(change, id, ("record_name", id), &json!(kept));
        }
        for (status, day) in &entry.statuses {
            statuses.values.extend(params![id, status, *day, None::<String>, change.id]);
        }
    }
    rows.write(tx).await?;
    names.write(tx).await?;
    statuses.write(tx).await?;
    common.write(tx).await?;
    let links = entries.iter().zip(&ids).flat_map(|(entry, &id)| {
        entry.links.iter().map(move |(field, to, role)| (id, *to, *field, role.as_str()))
    });
    link_insert_all(tx, change, &links.collect::<Vec<_>>()).await?;
    if is_kept(kind) && change.pending.is_none() {
        crate::tally::mark_all(tx, &ids).await?;
    }
    Ok(ids)
}

/// Writes the search index of new records.
async fn index(
    tx: &mut Tx,
    change: &Change,
    kind: RecordKind,
    entries: &[BulkEntry],
    heads: impl Iterator<Item = (&i64, &String)>,
) -> Result<()> {
    let dialect = tx.dialect();
    let mut words = Rows::new("record_word", "programme_id, word, record_id");
    let mut key_rows = Rows::new("record_key", "record_id, programme_id, key");
    let mut passages = Rows::new("passage", "{passage}, tokens");
    if dialect == Dialect::Postgres {
        passages.cast = Some((1, "CAST(CAST(", " AS TEXT) AS tsvector)"));
    }
    let regions =
        if kind == RecordKind::Organisation { RegionWords::load(tx).await? } else { RegionWords::default() };
    for (entry, (&id, code)) in entries.iter().zip(heads) {
        let further: BTreeSet<String> = entry.names.iter().cloned().collect();
        for key in keys(kind, entry, &regions) {
            key_rows.values.extend(params![id, change.programme, key]);
        }
        let names: Vec<String> =
            [entry.title.clone()].into_iter().chain(entry.title_en.clone()).chain(further).collect();
        for word in search::name_words(&names) {
            words.values.extend(params![change.programme, word, id]);
        }
        let text = |field: &FieldInfo| entry.values.get(field.code)?.text().map(str::to_owned);
        let texts: Vec<String> = search::text_fields(kind).filter_map(text).collect();
        for (passage, tokens) in
            search::passages(dialect, id, names.into_iter().chain([code.clone()]), &texts)
        {
            passages.values.extend(params![passage, tokens]);
        }
    }
    words.write(tx).await?;
    key_rows.write(tx).await?;
    passages.write(tx).await
}

/// The keys by which records that may be the same find a new one.
fn keys(kind: RecordKind, entry: &BulkEntry, regions: &RegionWords) -> Vec<String> {
    let names: Vec<String> = [&entry.title].into_iter().chain(&entry.names).cloned().collect();
    let codes = key_fields(kind).filter_map(|field| entry.values.get(field.code)?.text().map(str::to_owned));
    keys_of(kind, &names, &codes.collect::<Vec<_>>(), regions)
}

fn columns_of(kind: RecordKind) -> String {
    let fields = stored(kind).map(|(_, column)| column);
    let own = ["record_id".to_owned(), "programme_id".to_owned()];
    let mut columns: Vec<String> = own.into_iter().chain(fields).collect();
    if kind.amount().is_some() {
        columns.push("amount, amount_max, amount_unit, amount_approx".to_owned());
    }
    columns.join(", ")
}

fn amount_params(amount: Option<Quantity>) -> Vec<Param> {
    match amount {
        Some(amount) => params![amount.low, amount.high, amount.unit.code(), amount.approx.code()],
        None => params![None::<i64>, None::<i64>, None::<String>, None::<String>],
    }
}

/// Links records: from, to, kind and role.
///
/// # Errors
/// When the database fails.
pub async fn link_insert_all(
    tx: &mut Tx,
    change: &Change,
    links: &[(i64, i64, &'static str, &str)],
) -> Result<()> {
    let mut common = Common::new();
    let mut rows = Rows::new("record_link", "from_id, to_id, kind, role, change_id");
    for &(from, to, kind, role) in links {
        rows.values.extend(params![from, to, kind, role, change.id]);
    }
    let ids =
        rows.write_keyed(tx, "CAST(from_id AS TEXT) || ' ' || to_id || ' ' || kind || ' ' || role").await?;
    for &(from, to, kind, role) in links {
        let id = ids.get(&format!("{from} {to} {kind} {role}")).copied();
        let id = id.ok_or_else(|| Error::Damaged("a link was not written".into()))?;
        let row = json!({ "kind": kind, "role": role, "to": to, "share": None::<i64> });
        common.created(change, from, ("record_link", id), &row);
    }
    common.write(tx).await
}

/// Enters figures with their regions, status log and keys, and marks their groups; returns their ids.
///
/// # Errors
/// When the database fails, or two have the same uid.
pub async fn figure_insert_all(tx: &mut Tx, change: &Change, figures: &[BulkFigure]) -> Result<Vec<i64>> {
    let heads: Vec<_> = figures
        .iter()
        .map(|new| {
            (new.uid.as_str(), new.figure.measure.zh(), Some(new.figure.measure.en()), new.protected, None)
        })
        .collect();
    let records = insert_records(tx, change, RecordKind::Figure, &heads).await?;
    let ids: Vec<i64> = records.into_iter().map(|(id, _)| id).collect();
    let around = Around::load(tx).await?;
    let mut common = Common::new();
    let creator = creator_keys(tx, change).await?;
    let mut rows = Rows::new("figure", &format!("{FIGURE_COLUMNS}, import_id"));
    let mut regions = Rows::new("figure_region", "figure_id, region_id, side");
    let mut statuses = Rows::new("figure_status", "figure_id, status, effective_on, reason, change_id");
    let mut groups = BTreeSet::<(Measure, &str, TimeKind)>::new();
    for (at, (new, &id)) in figures.iter().zip(&ids).enumerate() {
        let mut figure = new.figure.clone();
        let before = new.replaces_back.and_then(|back| ids.get(at.checked_sub(back)?).copied());
        figure.replaces = before.or(figure.replaces);
        let log = new.log;
        figure.hosts.sort_unstable();
        figure.hosts.dedup();
        let status = if change.pending.is_some() { Status::Withdrawn } else { log[log.len() - 1] };
        figure_row(&mut rows, change, id, &figure, status);
        rows.values.extend(params![change.pending]);
        common.created(change, id, ("figure", id), &figure::audit_row(&figure, &figure.hosts));
        for pair in log.windows(2) {
            let (before, after) = (json!(pair[0].code()).to_string(), json!(pair[1].code()).to_string());
            common.items.values.extend(params![change.id, id, "figure", id, "status", before, after]);
        }
        for status in log {
            statuses.values.extend(params![id, status.code(), change.day, None::<String>, change.id]);
        }
        for (region, side) in figure_parties(&figure) {
            regions.values.extend(params![id, region, side.code()]);
        }
        common.figure_keys(&around, id, new, &creator);
        if figure.measure.is_additive() {
            groups.insert((figure.measure, figure.quantity.unit.code(), figure.period.kind));
        }
    }
    rows.write(tx).await?;
    regions.write(tx).await?;
    statuses.write(tx).await?;
    common.write(tx).await?;
    if change.pending.is_some() {
        return Ok(ids);
    }
    for (measure, unit, kind) in groups {
        crate::figure::mark_group_stale(tx, change.programme, (measure, unit, kind)).await?;
    }
    let subjects: BTreeSet<i64> = figures.iter().filter_map(|new| new.figure.subject).collect();
    crate::tally::mark_all(tx, &subjects.into_iter().collect::<Vec<_>>()).await?;
    Ok(ids)
}

/// By what who writes a change sees what they enter: their own key, and those of their offices.
async fn creator_keys(tx: &mut Tx, change: &Change) -> Result<Vec<ReachKey>> {
    let Some(user) = change.user else { return Ok(Vec::new()) };
    let mut keys = vec![ReachKey::User(user)];
    for row in tx.all(OFFICES, params![user, change.programme]).await? {
        keys.push(ReachKey::Team(row.int(0)?));
    }
    Ok(keys)
}

/// Attaches to each figure the cell of a sheet that was brought in: figure and address. Figures of one cell share its evidence.
///
/// # Errors
/// When the database fails.
pub async fn figure_cell_insert_all(
    tx: &mut Tx,
    change: &Change,
    (import, digest, sheet): (i64, &str, &str),
    cells: &[(i64, String)],
) -> Result<()> {
    let title = import.to_string();
    let mut places = Rows::new("evidence", "kind, title, digest, sheet, cell");
    for cell in cells.iter().map(|(_, cell)| cell).collect::<BTreeSet<_>>() {
        places.values.extend(params!["sheet", &title, digest, sheet, cell]);
    }
    let places = places.write_keyed(tx, "cell").await?;
    let missing = || Error::Damaged("evidence was not written".into());
    let mut rows = Rows::new("figure_evidence", "figure_id, evidence_id, change_id");
    for (figure, cell) in cells {
        rows.values.extend(params![*figure, places.get(cell).copied().ok_or_else(missing)?, change.id]);
    }
    let ids = rows.write_keyed(tx, "CAST(figure_id AS TEXT)").await?;
    let mut common = Common::new();
    for (figure, _) in cells {
        let id = ids.get(&figure.to_string()).copied().ok_or_else(missing)?;
        common.created(change, *figure, ("figure_evidence", id), &json!(title));
    }
    common.write(tx).await
}

/// Attaches to figures what others of them rest on that they correct: from, to.
///
/// # Errors
/// When the database fails.
pub async fn figure_evidence_carry_all(tx: &mut Tx, change: &Change, pairs: &[(i64, i64)]) -> Result<()> {
    let to: HashMap<i64, i64> = pairs.iter().copied().collect();
    let from: Vec<i64> = pairs.iter().map(|(from, _)| *from).collect();
    let sql = format!(
        "SELECT x.figure_id, x.evidence_id, COALESCE(e.title, e.quote, e.kind), e.document_id FROM figure_evidence x
         JOIN evidence e ON e.id = x.evidence_id WHERE {} AND x.removed_change_id IS NULL ORDER BY x.id",
        tx.dialect().among("x.figure_id", 1)
    );
    let mut rows = Rows::new("figure_evidence", "figure_id, evidence_id, change_id");
    let mut places = Vec::new();
    for row in tx.all(&sql, params![tx.dialect().numbers(&from)]).await? {
        let (from, evidence) = (row.int(0)?, row.int(1)?);
        let Some(figure) = to.get(&from).copied() else { continue };
        rows.values.extend(params![figure, evidence, change.id]);
        places.push((figure, evidence, row.text(2)?));
        if row.opt_int(3)?.is_some() {
            crate::reach::reach_of_evidence(tx, evidence, figure).await?;
        }
    }
    let ids = rows.write_keyed(tx, "CAST(figure_id AS TEXT) || ' ' || evidence_id").await?;
    let mut common = Common::new();
    for (figure, evidence, words) in places {
        let id = ids.get(&format!("{figure} {evidence}")).copied();
        let id = id.ok_or_else(|| Error::Damaged("evidence was not attached".into()))?;
        common.created(change, figure, ("figure_evidence", id), &json!(words));
    }
    common.write(tx).await
}

pub(crate) fn figure_parties(figure: &NewFigure) -> Vec<(i64, Side)> {
    let of =
        |regions: &[i64], side| regions.iter().map(move |region| (*region, side)).collect::<BTreeSet<_>>();
    of(&figure.hosts, Side::Host).into_iter().chain(of(&figure.supporters, Side::Supporting)).collect()
}

/// Adds the row of a figure whose table is [`FIGURE_COLUMNS`].
pub(crate) fn figure_row(rows: &mut Rows, change: &Change, id: i64, figure: &NewFigure, status: Status) {
    let (quantity, period) = (figure.quantity, figure.period);
    rows.values.extend(params![
        id,
        change.programme,
        figure.measure.code(),
        quantity.unit.code(),
        quantity.low,
        quantity.high,
        quantity.approx.code(),
        figure.role.code(),
        figure.grain.code(),
        period.kind.code(),
        period.from,
        period.to
    ]);
    rows.values.extend(params![
        &figure.phrase,
        figure.organisation,
        figure.event,
        figure.subject,
        figure.replaces,
        status.code(),
        change.user,
        figure.published,
        i64::try_from(figure.hosts.len()).unwrap_or(i64::MAX),
        &figure.note
    ]);
}

/// After many rows were loaded: PostgreSQL plans by statistics that its own upkeep gathers only later, and the first totals
/// would be counted without them. SQLite keeps none here.
///
/// # Errors
/// When the database fails.
pub async fn statistics_gather(tx: &mut Tx) -> Result<()> {
    if tx.dialect() == Dialect::Postgres {
        tx.execute("ANALYZE", vec![]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;
    use crate::{
        NewChange, Programme, Query, Reach, SearchScope, change_open, programme_insert, search_list,
    };
    use domain::record::Value;
    use jiff::Timestamp;
    use jiff::civil::date;

    fn organisation(number: usize) -> BulkEntry {
        BulkEntry {
            uid: format!("00000000-0000-7000-8000-{number:012}"),
            title: format!("砾石{number}号有限公司"),
            values: Values::from([("kind", Value::Text("enterprise".into()))]),
            keys: vec![ReachKey::Open],
            own_key: Some(ReachKey::Organisation),
            ..BulkEntry::default()
        }
    }

    #[tokio::test]
    async fn more_records_than_a_statement_takes_are_written_counted_and_found() {
        for db in testing::databases().await {
            let mut tx = db.write().await.expect("a transaction");
            let (at, day) = (Timestamp::UNIX_EPOCH, date(2026, 1, 2));
            let opened =
                |programme| NewChange { programme, kind: "test", source: "test", ..NewChange::default() };
            let change = change_open(&mut tx, &opened(None), at, day).await.expect("a change");
            let new = Programme {
                id: 0,
                code: "p".into(),
                name_zh: "p".into(),
                name_en: "p".into(),
                time_zone: "UTC".into(),
                has_labels: false,
            };
            let programme = programme_insert(&mut tx, &change, &new).await.expect("a programme");
            let change = change_open(&mut tx, &opened(Some(programme)), at, day).await.expect("a change");
            let kind = RecordKind::Organisation;
            for start in [0, 1100] {
                let entries: Vec<_> = (start..start + 1100).map(organisation).collect();
                let ids = entry_insert_all(&mut tx, &change, kind, &entries).await.expect("written");
                assert_eq!(ids.len(), 1100);
                let last = crate::entry_get(&mut tx, ids[1099]).await.expect("there");
                assert_eq!(last.record.title, entries[1099].title);
                assert_eq!(last.record.code, format!("DW-2026-{:06}", start + 1100));
            }
            let reach = Reach { keys: vec!["*".into()], ..Reach::default() };
            let scope = SearchScope { programme, reach: &reach, contacts: &reach, kind: None };
            for typed in ["砾石2199号", "ls2199", "DW-2026-002200", "2199号有限"] {
                let hits = search_list(&mut tx, scope, &Query::new(typed), 5).await.expect("searched");
                let titles: Vec<_> = hits.iter().map(|hit| hit.title.as_str()).collect();
                assert_eq!(titles, ["砾石2199号有限公司"], "{typed} on {db:?}");
            }
            let one = [organisation(7)];
            assert!(entry_insert_all(&mut tx, &change, kind, &one).await.is_err(), "the uid is taken");
        }
    }
}
