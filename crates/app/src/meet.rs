//! What reading proposes meets what is recorded: a claim makes an organisation or event known, or its words become a
//! further name of one; a claim of a signed amount becomes, or joins, the amount of an agreement.
//!
//! Nothing of it counts an amount twice: where the quote says what the agreement says, it proves the agreement's own figure;
//! where it says something else, it stands beside it as a stated figure, and totals prefer items to stated figures.

use crate::access::{Actor, Right, allow, settle};
use crate::claim::{self, Decided, Stated, effective, resolve};
use crate::entry::{self, EntryForm, Problem, edit_right, own_amount};
use crate::error::{Error, Result};
use crate::names::{Names, Resolved};
use crate::shared::{self, Wins};
use crate::{App, change};
use domain::figure::Status;
use domain::{Measure, Quantity, Role, Unit};
use std::collections::BTreeMap;
use store::{
    Change, Claim, ClaimReading, ClaimState, Condition, Entry, FigureEntry, ListFilter, NewFigure, Record,
    RecordKind, Sort, Tx,
};

/// Agreements that are proposed for a claim.
const PROPOSED: usize = 5;
/// Agreements looked at for each thing that a claim may share with one.
const LOOKED_AT: i64 = 20;

/// What a claim has to do with records, and what a user may make of it.
#[derive(Debug, Clone, Default)]
pub struct Meeting {
    /// The words for an organisation that name none known here.
    pub organisation: Option<String>,
    /// The words for an event that name none known here.
    pub event: Option<String>,
    /// The organisation and the event that the words name.
    pub known: Vec<Record>,
    /// The agreement whose figure its quote proves, or stands beside.
    pub agreement: Option<Record>,
    /// Agreements it may speak of, the likeliest first, each with whether the amount is the same; none for other measures.
    pub agreements: Option<Vec<(Entry, bool)>>,
}

/// What a user makes of a claim whose amount is not that of the agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Differing {
    /// Both are kept: the quote stands beside the agreement's amount.
    Keep,
    /// The agreement's amount is corrected by the quote.
    Replace,
}

/// What became of a claim and an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// The quote proves the amount of the agreement.
    Proves(i64),
    /// The quote stands beside it as a figure of its own.
    Beside(i64),
    /// The amount was corrected by the quote.
    Replaced(i64),
    /// They differ and nothing was written: what the agreement says, and what the quote says.
    Differs(Quantity, Quantity),
}

impl App {
    /// What a claim has to do with records, as far as the actor sees them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has no such claim that the actor can see.
    pub async fn claim_meeting(&self, actor: &Actor, programme: i64, id: i64) -> Result<Meeting> {
        let (claim, resolved) = self.claim(actor, programme, id).await?;
        let mut tx = self.db.read().await?;
        let [_, organisation, event] = resolved.unknown.clone();
        let reach = actor.reach(programme);
        let known: Vec<i64> = resolved.organisation.into_iter().chain(resolved.event).collect();
        let reading = effective(&claim)?;
        Ok(Meeting {
            organisation: organisation.filter(|_| claim.state != ClaimState::Rejected),
            event: event.filter(|_| claim.state != ClaimState::Rejected),
            known: store::record_list_of(&mut tx, &known, &reach).await?,
            agreement: agreement_of(&mut tx, actor, &claim).await?,
            agreements: match amount_of(&reading) {
                Some(amount) if claim.state != ClaimState::Rejected => {
                    Some(propose(&mut tx, actor, programme, &resolved, amount).await?)
                }
                _ => None,
            },
        })
    }

    /// Creates a record from a form that a claim filled in: an organisation or event that its words name, or the agreement
    /// that its amount is of. The claim is accepted in the same change, and its quote is the source of the record.
    ///
    /// # Errors
    /// As [`App::entry_create`] and [`App::claim_accept`]; [`Error::Conflict`] when the words are known meanwhile.
    pub async fn entry_create_from(
        &self,
        actor: &Actor,
        programme: i64,
        kind: RecordKind,
        form: &EntryForm,
        id: i64,
    ) -> Result<Record> {
        actor.require(programme, edit_right(kind))?;
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = claim::lock(&mut tx, actor, programme, id).await?;
        let names = self.names(&mut tx, programme).await?;
        let reading = effective(&claim)?;
        let words =
            if kind == RecordKind::Agreement { None } else { Some(unknown_words(&names, &reading, kind)?) };
        let mut parts = entry::parse(&mut tx, actor, programme, kind, form, None).await?;
        if let Some(words) = words.filter(|words| parts.title.as_ref() != Some(words)) {
            parts.aliases.get_or_insert_default().push(words);
        }
        let change =
            change::open(&mut tx, actor, Some(programme), "claim-record", Some(&form.reason)).await?;
        let record = entry::insert(&mut tx, &change, actor.team(programme), kind, &parts).await?;
        entry::settled(&mut tx, actor, &record).await?;
        let evidence = claim::quote(&mut tx, &claim).await?;
        store::evidence_attach(&mut tx, &change, record.id, evidence).await?;
        let desk = Desk { actor, change: &change, names: &names, claim: &claim };
        if kind == RecordKind::Agreement {
            let entry = store::entry_get(&mut tx, record.id).await?;
            refuse_mixed(&entry, &reading, "kind")?;
            desk.join(&mut tx, &entry, Some(Differing::Keep)).await?;
        } else {
            desk.name(&mut tx, record.id, kind).await?;
        }
        self.commit(tx).await?;
        Ok(record)
    }

    /// Makes the words of a claim a further name of an organisation or event, so that they and all later ones mean it. The
    /// quote becomes evidence of it; an open claim is accepted, and the figure of an accepted one is restated as its own.
    ///
    /// # Errors
    /// [`Error::Form`] at `record`; [`Error::Conflict`] when the words are known meanwhile.
    pub async fn claim_name(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        kind: RecordKind,
        record: &str,
    ) -> Result<Record> {
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = claim::lock(&mut tx, actor, programme, id).await?;
        let names = self.names(&mut tx, programme).await?;
        let words = unknown_words(&names, &effective(&claim)?, kind)?;
        let record = picked(&mut tx, actor, programme, kind, record).await?;
        let change = change::open(&mut tx, actor, Some(programme), "claim-name", None).await?;
        store::record_name_insert(&mut tx, &change, record.id, &words).await?;
        let evidence = claim::quote(&mut tx, &claim).await?;
        store::evidence_attach(&mut tx, &change, record.id, evidence).await?;
        store::entry_touch(&mut tx, &change, record.id).await?;
        if record.kind == RecordKind::Organisation {
            shared::follow(&mut tx, &change, record.id, Wins::Record).await?;
        }
        let desk = Desk { actor, change: &change, names: &names, claim: &claim };
        desk.name(&mut tx, record.id, kind).await?;
        self.commit(tx).await?;
        Ok(record)
    }

    /// Attaches a claim of a signed amount to an agreement. Where both say the same, the quote proves the agreement's amount;
    /// an agreement without one takes it from the quote; where they differ, the user says what holds. Returns the agreement too.
    ///
    /// # Errors
    /// [`Error::Form`] at `record`: unknown, or of a kind of amount that is never mixed with the claim's.
    pub async fn claim_join(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        agreement: &str,
        differing: Option<Differing>,
    ) -> Result<(Record, Met)> {
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = claim::lock(&mut tx, actor, programme, id).await?;
        let names = self.names(&mut tx, programme).await?;
        let record = picked(&mut tx, actor, programme, RecordKind::Agreement, agreement).await?;
        let entry = store::entry_get(&mut tx, record.id).await?;
        refuse_mixed(&entry, &effective(&claim)?, "record")?;
        let change = change::open(&mut tx, actor, Some(programme), "claim-join", None).await?;
        let desk = Desk { actor, change: &change, names: &names, claim: &claim };
        let met = desk.join(&mut tx, &entry, differing).await?;
        if matches!(met, Met::Differs(..)) {
            return Ok((record, met));
        }
        // What happened to the agreement stands in its own audit, and can be undone from there.
        let evidence = claim::quote(&mut tx, &claim).await?;
        store::evidence_attach(&mut tx, &change, record.id, evidence).await?;
        store::entry_touch(&mut tx, &change, record.id).await?;
        self.commit(tx).await?;
        Ok((record, met))
    }
}

/// The kind of agreement whose amount a claim of this measure states.
#[must_use]
pub fn agreement_kind_of(measure: Measure) -> Option<&'static str> {
    match measure {
        Measure::SignedContract => Some("investment"),
        Measure::SignedIntent => Some("intent"),
        Measure::SignedUnspecified => Some("unspecified"),
        Measure::PurchaseContracted => Some("purchase"),
        _ => None,
    }
}

/// The signed amount that a claim states.
fn amount_of(reading: &ClaimReading) -> Option<Quantity> {
    agreement_kind_of(reading.measure).filter(|_| reading.role == Role::Actual)?;
    let value_max = reading.value_max.as_deref();
    let amount = claim::quantity(&reading.value, value_max, &reading.unit, reading.approx).ok()?;
    // Currencies come before all other units.
    let mut money = Unit::all().take_while(|unit| unit.code() != "CNY/kg");
    money.any(|unit| unit == amount.unit).then_some(amount)
}

/// Contract and intent are never mixed; what a text leaves open goes with either.
fn refuse_mixed(entry: &Entry, reading: &ClaimReading, field: &str) -> Result<()> {
    let refused = |code| Err(Error::Form(vec![Problem::new(field, code)]));
    if amount_of(reading).is_none() {
        return refused("no-amount");
    }
    let kind = entry.record.kind;
    let own = kind.amount().and_then(|amount| amount.measure_of(kind, &entry.values));
    let is_open = |measure| measure == Measure::SignedUnspecified;
    match own {
        Some(own) if own == reading.measure || is_open(own) || is_open(reading.measure) => Ok(()),
        _ => refused("mixed"),
    }
}

/// The words of a claim for a record of this kind, as long as they name none that is known.
fn unknown_words(names: &Names, reading: &ClaimReading, kind: RecordKind) -> Result<String> {
    let Resolved { unknown: [_, organisation, event], .. } = resolve(names, reading);
    let words = match kind {
        RecordKind::Organisation => organisation,
        RecordKind::Event => event,
        _ => return Err(Error::NotFound),
    };
    words.map(|words| words.trim().to_owned()).ok_or(Error::Conflict)
}

/// The record that a picker names, which the actor may edit.
pub(crate) async fn picked(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    kind: RecordKind,
    name: &str,
) -> Result<Record> {
    let reach = actor.reach(programme);
    let problem = match store::record_list_named(tx, programme, kind, name.trim(), &reach, 2).await?[..] {
        [id] => {
            let record = store::record_lock(tx, id).await?;
            allow(tx, actor, &record, edit_right(kind)).await?;
            return Ok(record);
        }
        [] if name.trim().is_empty() => "missing",
        [] => "unknown",
        _ => "ambiguous",
    };
    Err(Error::Form(vec![Problem::new("record", problem)]))
}

/// The agreement that the figure of a claim is of.
async fn agreement_of(tx: &mut Tx, actor: &Actor, claim: &Claim) -> Result<Option<Record>> {
    let Some(figure) = claim.figure else { return Ok(None) };
    let Some(subject) = store::figure_get(tx, figure).await?.figure.subject else { return Ok(None) };
    let found = store::record_list_of(tx, &[subject], &actor.reach(claim.programme)).await?;
    Ok(found.into_iter().find(|record| record.kind == RecordKind::Agreement))
}

/// Agreements that share amount, organisation, event or region with a claim: the more of them the better.
async fn propose(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    resolved: &Resolved,
    amount: Quantity,
) -> Result<Vec<(Entry, bool)>> {
    let field = |code| RecordKind::Agreement.field(code);
    let mut alike = vec![(8, Condition::Amount(Some(amount.low), Some(amount.low)))];
    alike.extend(resolved.organisation.map(|id| (4, Condition::Linked("party", id))));
    alike.extend(field("event").zip(resolved.event).map(|(field, id)| (2, Condition::Is(field, id))));
    alike.extend(
        resolved.hosts.first().zip(field("region")).map(|(id, field)| (1, Condition::Is(field, *id))),
    );
    let mut found: BTreeMap<i64, (u32, Entry)> = BTreeMap::new();
    for (weight, condition) in alike {
        let reach = actor.reach(programme);
        let filter =
            ListFilter { conditions: vec![condition], reach, ..ListFilter::of(RecordKind::Agreement) };
        for entry in store::entry_list(tx, programme, &filter, Sort::default(), None, LOOKED_AT).await? {
            found.entry(entry.record.id).or_insert((0, entry)).0 += weight;
        }
    }
    let mut found: Vec<(u32, Entry)> = found.into_values().filter(|(weight, _)| *weight > 1).collect();
    found.sort_by_key(|(weight, entry)| (std::cmp::Reverse(*weight), entry.record.id));
    found.truncate(PROPOSED);
    let same = |entry: &Entry| entry.amount == Some(amount);
    Ok(found.into_iter().map(|(_, entry)| (same(&entry), entry)).map(|(same, entry)| (entry, same)).collect())
}

/// A claim on the desk, in the change that was opened for it.
struct Desk<'a> {
    actor: &'a Actor,
    change: &'a Change,
    names: &'a Names,
    claim: &'a Claim,
}

impl Desk<'_> {
    /// Has the claim's figure speak of a record that its words now name.
    async fn name(&self, tx: &mut Tx, record: i64, kind: RecordKind) -> Result<()> {
        let entry = store::entry_get(tx, record).await?;
        let of = |figure: &mut NewFigure| match kind {
            RecordKind::Event => figure.event = Some(record),
            _ => {
                figure.organisation = Some(record);
                // Where the firm is from says who supports, as far as the text does not.
                if let Some(region) = entry.id("region").filter(|_| figure.supporters.is_empty())
                    && self.names.side(region) == Some(domain::region::Side::Supporting)
                {
                    figure.supporters.push(region);
                }
            }
        };
        if self.claim.state != ClaimState::Open {
            self.restate(tx, of).await?;
            return Ok(());
        }
        let mut stated = self.stated(tx).await?;
        of(&mut stated.figure);
        stated.unknown[if kind == RecordKind::Event { 2 } else { 1 }] = None;
        let stood = claim::stand(tx, self.actor, self.change, self.names, self.claim, &stated).await?;
        claim::decide(tx, self.change, self.claim, None, stood).await?;
        Ok(())
    }

    /// Brings the claim and an agreement together.
    async fn join(&self, tx: &mut Tx, entry: &Entry, differing: Option<Differing>) -> Result<Met> {
        let amount = amount_of(&effective(self.claim)?).ok_or(Error::Conflict)?;
        let mut own = own_amount(tx, entry).await?;
        if own.is_none() {
            entry::settle_amount(tx, self.change, entry, Some(Some(amount)), "").await?;
            own = own_amount(tx, entry).await?;
        }
        match (own, differing) {
            (Some(own), _) if own.figure.quantity == amount => self.prove(tx, own.figure.id).await,
            (Some(own), Some(Differing::Replace)) => {
                let correction = crate::figure::successor(own, amount);
                let figure = store::figure_insert(tx, self.change, &correction).await?.figure.id;
                self.prove(tx, figure).await?;
                Ok(Met::Replaced(figure))
            }
            (Some(own), None) => Ok(Met::Differs(own.figure.quantity, amount)),
            (_, _) => self.stand_beside(tx, entry).await,
        }
    }

    /// The quote proves a figure of the agreement. A figure that the claim stated by itself loses it, and goes where it was
    /// its only one; one that others verified stays as it is.
    async fn prove(&self, tx: &mut Tx, figure: i64) -> Result<Met> {
        if self.claim.state == ClaimState::Open {
            claim::decide(tx, self.change, self.claim, None, (figure, true)).await?;
            return Ok(Met::Proves(figure));
        }
        let evidence = claim::quote(tx, self.claim).await?;
        let Some(old) = self.claim.figure.filter(|old| *old != figure) else { return Err(Error::Conflict) };
        store::figure_evidence_attach(tx, self.change, figure, evidence).await?;
        if is_settled(&store::figure_lock(tx, old).await?) {
            return Ok(Met::Proves(figure));
        }
        store::figure_quote_remove(tx, self.change, old, self.claim.text, self.claim.span).await?;
        crate::undo::withdraw_unless_quoted(tx, self.change, old).await?;
        self.move_claim(tx, self.claim, figure).await?;
        store::figure_touch(tx, figure).await?;
        Ok(Met::Proves(figure))
    }

    /// The quote says something else than the agreement: its figure is a stated one of the same subject, which no total adds
    /// to the agreement's own.
    async fn stand_beside(&self, tx: &mut Tx, entry: &Entry) -> Result<Met> {
        let subject = entry.record.id;
        let figure = if self.claim.state == ClaimState::Open {
            let mut stated = self.stated(tx).await?;
            stated.figure.subject = Some(subject);
            let stood = claim::stand(tx, self.actor, self.change, self.names, self.claim, &stated).await?;
            claim::decide(tx, self.change, self.claim, None, stood).await?;
            stood.0
        } else {
            self.restate(tx, |figure| figure.subject = Some(subject)).await?.ok_or(Error::Conflict)?
        };
        Ok(Met::Beside(figure))
    }

    async fn stated(&self, tx: &mut Tx) -> Result<Stated> {
        claim::stated(tx, self.names, self.claim, effective(self.claim)?).await
    }

    /// Restates the figure of an accepted claim: a new one with the same quotes takes its place, as figures never change. One
    /// that others verified stays as it is.
    async fn restate(&self, tx: &mut Tx, change: impl FnOnce(&mut NewFigure)) -> Result<Option<i64>> {
        let Some(figure) = self.claim.figure else { return Ok(None) };
        let old = store::figure_lock(tx, figure).await?;
        if is_settled(&old) || old.figure.subject.is_some() {
            return Ok(Some(figure));
        }
        let quantity = old.figure.quantity;
        let mut new = crate::figure::successor(old, quantity);
        change(&mut new);
        let new = store::figure_insert(tx, self.change, &new).await?.figure.id;
        settle(tx, self.actor, self.claim.programme, new, Right::ReviewClaim).await?;
        for evidence in store::figure_evidence_list(tx, figure).await? {
            store::figure_evidence_attach(tx, self.change, new, evidence.id).await?;
        }
        for claim in store::claim_list_of_figure(tx, figure).await? {
            self.move_claim(tx, &claim, new).await?;
        }
        Ok(Some(new))
    }

    async fn move_claim(&self, tx: &mut Tx, claim: &Claim, figure: i64) -> Result<Decided> {
        let correction = claim.correction.as_deref();
        store::claim_decide(tx, self.change, claim, claim.state, correction, Some(figure)).await?;
        Ok(Decided::Attached(figure))
    }
}

/// Whether others verified or corrected a figure, or it no longer counts: it then stays as it is.
fn is_settled(entry: &FigureEntry) -> bool {
    matches!(entry.figure.status, Status::Reviewed | Status::Approved | Status::Withdrawn)
        || entry.replaced_by.is_some()
}
