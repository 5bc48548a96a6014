//! From the world into the database, a batch at a time.

use super::derive::Known;
use super::random::Random;
use super::world::{Draft, DraftFigure, Mistake, ORDER, Ref, Replaces, World};
use crate::App;
use crate::access::Actor;
use crate::error::Result;
use crate::{change, shared};
use domain::figure::{Grain, Status};
use domain::record::{RecordKind, Value, Values};
use domain::region::Side;
use domain::{Period, Quantity, Role};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use store::{BulkEntry, BulkFigure, Change, NewFigure, Tx};

/// Records in one transaction and one change.
const BATCH: usize = 2_000;

/// The id of a record that is not written yet.
const NOT_MADE: i64 = 0;

/// What was generated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Generated {
    /// Code of the programme.
    pub code: String,
    /// How many records of each kind.
    pub records: BTreeMap<RecordKind, usize>,
    /// How many figures.
    pub figures: usize,
    /// How many tasks.
    pub tasks: usize,
    /// How many mistakes of each kind.
    pub mistakes: BTreeMap<Mistake, usize>,
}

/// The world on its way into the database, with what later batches need to know of earlier ones.
pub(super) struct Loader<'a> {
    pub(super) app: &'a App,
    actor: &'a Actor,
    programme: i64,
    /// Its code: two programmes of one seed share no uid.
    pub(super) code: &'a str,
    pub(super) world: World,
    pub(super) known: Known,
    ids: HashMap<RecordKind, Vec<i64>>,
    /// The standing figure of each agreement's amount.
    amounts: HashMap<usize, i64>,
    pub(super) done: Generated,
}

/// Told of every batch: the kind, and how many of it there are by now.
pub type Progress<'a> = &'a mut (dyn FnMut(RecordKind, usize) + Send);

impl<'a> Loader<'a> {
    pub fn new(app: &'a App, actor: &'a Actor, (programme, code): (i64, &'a str), world: World) -> Self {
        let known = Known::new(world.hosts.iter().chain(&world.supporters));
        let (ids, amounts, done) = (HashMap::new(), HashMap::new(), Generated::default());
        Self { app, actor, programme, code, world, known, ids, amounts, done }
    }

    /// Loads the whole world.
    pub async fn run(mut self, progress: Progress<'_>) -> Result<Generated> {
        for &kind in ORDER {
            let operators = kind == RecordKind::Organisation;
            let count = if operators { self.world.first_enterprise() } else { self.world.count(kind) };
            self.kind(kind, 0..count, progress).await?;
            if kind == RecordKind::Park {
                let enterprises = self.world.first_enterprise()..self.world.count(RecordKind::Organisation);
                self.kind(RecordKind::Organisation, enterprises, progress).await?;
            }
        }
        for index in 0..self.world.count(RecordKind::ReportingTask) {
            self.round(index).await?;
            progress(RecordKind::Filing, self.done.records[&RecordKind::Filing]);
        }
        self.tasks().await?;
        Ok(self.done)
    }

    async fn kind(&mut self, kind: RecordKind, range: Range<usize>, progress: Progress<'_>) -> Result<()> {
        for start in range.clone().step_by(BATCH) {
            let end = range.end.min(start + BATCH);
            self.batch(kind, start..end).await?;
            progress(kind, end);
        }
        Ok(())
    }

    /// A change of the programme.
    pub(super) async fn open(&self, tx: &mut Tx) -> Result<Change> {
        change::open(tx, self.actor, Some(self.programme), "generate", None).await
    }

    async fn batch(&mut self, kind: RecordKind, range: Range<usize>) -> Result<()> {
        let drafts: Vec<Draft> = range.clone().map(|index| self.world.draft(Ref(kind, index))).collect();
        let mut tx = self.app.db.write().await?;
        let change = self.open(&mut tx).await?;
        let mut uids =
            Random::new(self.world.plan.seed, &format!("uid {} {}", self.code, kind.code()), range.start);
        let uid_of: Vec<String> = drafts.iter().map(|_| uids.uid(change.at)).collect();
        let mut entries: Vec<BulkEntry> = vec![BulkEntry::default(); drafts.len()];
        let mut ids = vec![NOT_MADE; drafts.len()];
        self.ids.entry(kind).or_default().resize(range.end, NOT_MADE);
        // What names a record of the same batch is written after it.
        for rank in ranks(kind, range.start, &drafts) {
            let ready: Vec<BulkEntry> =
                rank.iter().map(|&at| self.entry(kind, &drafts[at], &change, uid_of[at].clone())).collect();
            let made = store::entry_insert_all(&mut tx, &change, kind, &ready).await?;
            if kind == RecordKind::Organisation {
                shared::follow_all(&mut tx, &change, &made).await?;
            }
            for ((entry, id), &at) in ready.into_iter().zip(made).zip(&rank) {
                self.known.remember(kind, id, &entry);
                self.ids.entry(kind).or_default()[range.start + at] = id;
                (entries[at], ids[at]) = (entry, id);
            }
        }
        self.figures(&mut tx, &change, (kind, range.start), (&drafts, &entries, &ids), &mut uids).await?;
        for mistake in drafts.iter().flat_map(|draft| &draft.mistakes) {
            *self.done.mistakes.entry(*mistake).or_default() += 1;
        }
        *self.done.records.entry(kind).or_default() += drafts.len();
        self.app.commit(tx).await
    }

    pub(super) fn id(&self, Ref(kind, index): Ref) -> Option<i64> {
        self.ids.get(&kind)?.get(index).copied().filter(|id| *id != NOT_MADE)
    }

    fn entry(&self, kind: RecordKind, draft: &Draft, change: &Change, uid: String) -> BulkEntry {
        let named =
            draft.refs.iter().filter_map(|(field, record)| Some((*field, Value::Id(self.id(*record)?))));
        let values: Values = draft.values.clone().into_iter().chain(named).collect();
        let linked = draft
            .links
            .iter()
            .filter_map(|(field, record, role)| Some((*field, self.id(*record)?, (*role).to_owned())));
        let mut entry = BulkEntry {
            uid,
            title: draft.title.trim().to_owned(),
            title_en: draft.title_en.clone(),
            names: draft.names.clone(),
            links: linked.collect(),
            statuses: status(&values, change).into_iter().map(|(of, day)| (of, Some(day))).collect(),
            amount: amount(kind, draft, &values),
            values,
            ..BulkEntry::default()
        };
        self.known.derive(kind, &mut entry);
        entry
    }

    async fn figures(
        &mut self,
        tx: &mut Tx,
        change: &Change,
        (kind, start): (RecordKind, usize),
        (drafts, entries, ids): (&[Draft], &[BulkEntry], &[i64]),
        uids: &mut Random,
    ) -> Result<()> {
        let mut figures = Vec::new();
        // Where in the list the standing amount of each agreement is.
        let mut amounts = HashMap::new();
        for (((draft, entry), &id), index) in drafts.iter().zip(entries).zip(ids).zip(start..) {
            let measure = kind.amount().and_then(|amount| amount.measure_of(kind, &entry.values));
            for of in &draft.figures {
                let mut figure = figure(id, entry, of);
                let at = figures.len();
                let replaces_back = match of.replaces {
                    Some(Replaces::Previous) => Some(1),
                    Some(Replaces::AmountOf(Ref(_, intent))) => {
                        figure.replaces = self.amounts.get(&intent).copied();
                        amounts.get(&intent).map(|earlier| at - earlier)
                    }
                    None => None,
                };
                if Some(of.measure) == measure {
                    amounts.insert(index, at);
                }
                figures.push(BulkFigure {
                    uid: uids.uid(change.at),
                    figure,
                    regions: entry.regions.iter().map(|(region, _)| *region).collect(),
                    keys: entry.keys.clone(),
                    protected: entry.protected,
                    replaces_back,
                    log: log(of),
                });
            }
        }
        let ids = store::figure_insert_all(tx, change, &figures).await?;
        if kind == RecordKind::Agreement {
            self.amounts.extend(amounts.into_iter().map(|(index, at)| (index, ids[at])));
        }
        self.done.figures += figures.len();
        Ok(())
    }
}

/// The places of a batch, which begins at `start`, in the order of writing: first what names nothing of the batch, then what
/// names only that, and so on. A record names only what stands before it.
fn ranks(kind: RecordKind, start: usize, drafts: &[Draft]) -> Vec<Vec<usize>> {
    let mut rank_of = Vec::with_capacity(drafts.len());
    let mut ranks: Vec<Vec<usize>> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let refs = draft.refs.iter().map(|(_, named)| named);
        let named = refs.chain(draft.links.iter().map(|(_, named, _)| named));
        let inside = named.filter(|named| named.0 == kind).filter_map(|named| named.1.checked_sub(start));
        let rank = inside.filter_map(|of| rank_of.get(of)).max().map_or(0, |rank: &usize| rank + 1);
        if ranks.len() <= rank {
            ranks.resize(rank + 1, Vec::new());
        }
        ranks[rank].push(at);
        rank_of.push(rank);
    }
    ranks
}

/// The status of a record and the day it took effect.
fn status(values: &Values, change: &Change) -> Option<(String, jiff::civil::Date)> {
    let status = values.get("stage").or(values.get("status"))?.text()?;
    let field = match status {
        "started" => "started_on",
        "completed" => "completed_on",
        "production" => "production_on",
        "capacity" => "capacity_on",
        "signed" => "signed_on",
        "rescinded" => "rescinded_on",
        "registered" => "registered_on",
        "accepted" => "accepted_on",
        "audited" => "audited_on",
        "handed_over" => "handed_over_on",
        _ => "",
    };
    let day = values.get(field).and_then(Value::day).unwrap_or(change.day);
    Some((status.to_owned(), day))
}

/// The statuses a figure went through.
fn log(figure: &DraftFigure) -> &'static [Status] {
    match (figure.approved, figure.withdrawn) {
        (false, false) => &[Status::Filed],
        (false, true) => &[Status::Filed, Status::Withdrawn],
        (true, false) => &[Status::Filed, Status::Reviewed, Status::Approved],
        (true, true) => &[Status::Filed, Status::Reviewed, Status::Approved, Status::Withdrawn],
    }
}

/// The amount a record is listed with: the last of the measure that its kind asks for.
fn amount(kind: RecordKind, draft: &Draft, values: &Values) -> Option<Quantity> {
    let amount = kind.amount()?;
    let measure = amount.measure_of(kind, values)?;
    // Of an aid project it is what the five-year plan says; what a year is to bring is of the same measure.
    let of_plan = |figure: &&DraftFigure| kind != RecordKind::AidProject || figure.target;
    draft.figures.iter().rev().filter(of_plan).find(|figure| figure.measure == measure).map(quantity)
}

fn quantity(figure: &DraftFigure) -> Quantity {
    Quantity { low: figure.low, high: None, unit: figure.unit, approx: figure.approx }
}

/// A figure of a record: its regions, event and organisation are those of the record.
fn figure(subject: i64, entry: &BulkEntry, of: &DraftFigure) -> NewFigure {
    let investor =
        entry.links.iter().find(|(field, _, role)| (*field, role.as_str()) == ("party", "investor"));
    let named = |field: &str| entry.values.get(field).and_then(Value::id);
    let on = |field, side| match named(field).filter(|region| entry.regions.contains(&(*region, side))) {
        Some(region) => vec![region],
        None => entry.regions.iter().filter(|(_, of)| *of == side).map(|(region, _)| *region).collect(),
    };
    NewFigure {
        measure: of.measure,
        quantity: quantity(of),
        role: if of.target { Role::Target } else { Role::Actual },
        grain: Grain::Item,
        hosts: on("region", Side::Host),
        supporters: on("supporting", Side::Supporting),
        organisation: investor.map(|(_, id, _)| *id).or(named("organisation")),
        event: named("event"),
        subject: Some(subject),
        period: Period { kind: of.kind, from: of.from, to: of.to },
        phrase: None,
        published: None,
        replaces: None,
        note: None,
    }
}
