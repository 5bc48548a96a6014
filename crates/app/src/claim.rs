//! Deciding claims: an accepted claim becomes a figure, or its quote joins the figure that says the same.

use crate::access::{Actor, Right, open_id, settle};
use crate::error::{Error, Result};
use crate::figure::refuse_jobs_target;
use crate::names::{Names, Resolved};
use crate::{App, change, typed};
use domain::figure::Grain;
use domain::record::DAYS;
use domain::{Approx, Measure, Period, Quantity, Role, TimeKind, Unit};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{Change, Claim, ClaimReading, ClaimState, EvidenceKind, FigureEntry, Mention, NewFigure, Tx};

/// What a user puts in place of what was read. All fields are given; empty text is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Correction {
    /// Code of the measure.
    pub measure: String,
    /// Decimal number of the base unit.
    pub value: String,
    /// Upper end of a range.
    pub value_max: String,
    /// Code of the unit.
    pub unit: String,
    /// Code of the approximation.
    pub approx: String,
    /// Code of the role.
    pub role: String,
    /// The place in words.
    pub place: String,
    /// The organisation in words.
    pub org: String,
    /// First day, ISO.
    pub period_from: String,
    /// Last day, ISO.
    pub period_to: String,
    /// Code of the kind of time.
    pub period_kind: String,
}

/// What a decision did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// A new figure stands in the ledger.
    Entered(i64),
    /// The quote joined a figure that says the same.
    Attached(i64),
    /// The claim is rejected or open again.
    NoFigure,
    /// It had been decided so already; nothing changed.
    Already,
}

impl App {
    /// Claims of a document, in text order.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has no such document.
    pub async fn claim_list(&self, actor: &Actor, programme: i64, document: i64) -> Result<Vec<Claim>> {
        let mut tx = self.db.read().await?;
        open_id(&mut tx, actor, programme, document, Right::View).await?;
        if !actor.may(programme, Right::ViewClaim) {
            return Ok(Vec::new());
        }
        Ok(store::claim_list(&mut tx, document).await?)
    }

    /// Claims of a document that lie in a stretch of its text (code points) or reach into it, in text order.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has no such document.
    pub async fn claim_list_within(
        &self,
        actor: &Actor,
        programme: i64,
        document: i64,
        stretch: (i64, i64),
    ) -> Result<Vec<Claim>> {
        let mut tx = self.db.read().await?;
        open_id(&mut tx, actor, programme, document, Right::View).await?;
        if !actor.may(programme, Right::ViewClaim) {
            return Ok(Vec::new());
        }
        Ok(store::claim_list_within(&mut tx, document, stretch).await?)
    }

    /// How many claims of a document stand in each state, those that are certain apart.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has no such document.
    pub async fn claim_count_by_state(
        &self,
        actor: &Actor,
        programme: i64,
        document: i64,
    ) -> Result<Vec<(ClaimState, bool, i64)>> {
        let mut tx = self.db.read().await?;
        open_id(&mut tx, actor, programme, document, Right::View).await?;
        if !actor.may(programme, Right::ViewClaim) {
            return Ok(Vec::new());
        }
        Ok(store::claim_count_by_state(&mut tx, document).await?)
    }

    /// Open claims of a programme, the newest document first, below the id `before`, and how many there are in all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_list_open(
        &self,
        actor: &Actor,
        programme: i64,
        before: Option<i64>,
        limit: i64,
    ) -> Result<(Vec<Claim>, i64)> {
        actor.require(programme, Right::ViewClaim)?;
        let mut tx = self.db.read().await?;
        let reach = actor.reach_for(programme, Right::ViewClaim);
        let claims = store::claim_list_open(&mut tx, programme, &reach, before, limit).await?;
        let count = store::claim_count_open(&mut tx, programme, &reach).await?;
        Ok((claims, count))
    }

    /// One claim with what its words mean in the programme.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has none with this id.
    pub async fn claim(&self, actor: &Actor, programme: i64, id: i64) -> Result<(Claim, Resolved)> {
        let mut tx = self.db.read().await?;
        let claim = store::claim_get(&mut tx, id).await?;
        open_id(&mut tx, actor, programme, claim.document, Right::ViewClaim).await?;
        let names = self.names(&mut tx, programme).await?;
        let reading = effective(&claim)?;
        let resolved = resolve(&names, &reading);
        Ok((claim, resolved))
    }

    /// Accepts a claim as it was read.
    ///
    /// # Errors
    /// [`Error::Invalid`] when its value does not fit into a figure; [`Error::Conflict`] when it was decided otherwise.
    pub async fn claim_accept(&self, actor: &Actor, programme: i64, id: i64) -> Result<Decided> {
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = lock(&mut tx, actor, programme, id).await?;
        match claim.state {
            ClaimState::Accepted => return Ok(Decided::Already),
            ClaimState::Open => {}
            _ => return Err(Error::Conflict),
        }
        let change = change::open(&mut tx, actor, Some(programme), "claim-accept", None).await?;
        let names = self.names(&mut tx, programme).await?;
        let decided = enter(&mut tx, actor, &change, &names, &claim, None).await?;
        self.commit(tx).await?;
        Ok(decided)
    }

    /// Accepts a claim with a correction, which is kept beside what was read.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field; [`Error::Conflict`] when it was decided already.
    pub async fn claim_correct(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        new: &Correction,
    ) -> Result<Decided> {
        let new = &as_stored(new)?;
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = lock(&mut tx, actor, programme, id).await?;
        if claim.state != ClaimState::Open {
            let same = claim
                .correction
                .as_deref()
                .is_some_and(|old| serde_json::from_str(old).ok().as_ref() == Some(new));
            return if same { Ok(Decided::Already) } else { Err(Error::Conflict) };
        }
        let change = change::open(&mut tx, actor, Some(programme), "claim-correct", None).await?;
        let names = self.names(&mut tx, programme).await?;
        let decided = enter(&mut tx, actor, &change, &names, &claim, Some(new)).await?;
        self.commit(tx).await?;
        Ok(decided)
    }

    /// Rejects a claim.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was decided otherwise.
    pub async fn claim_reject(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        reason: &str,
    ) -> Result<Decided> {
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = lock(&mut tx, actor, programme, id).await?;
        match claim.state {
            ClaimState::Rejected => return Ok(Decided::Already),
            ClaimState::Open => {}
            _ => return Err(Error::Conflict),
        }
        let change = change::open(&mut tx, actor, Some(programme), "claim-reject", Some(reason)).await?;
        store::claim_decide(&mut tx, &change, &claim, ClaimState::Rejected, None, None).await?;
        self.commit(tx).await?;
        Ok(Decided::NoFigure)
    }

    /// Opens a decided claim again by undoing the change that decided it.
    ///
    /// # Errors
    /// As [`App::change_undo`].
    pub async fn claim_reopen(&self, actor: &Actor, programme: i64, id: i64) -> Result<Decided> {
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = lock(&mut tx, actor, programme, id).await?;
        if claim.state == ClaimState::Open {
            return Ok(Decided::Already);
        }
        let change =
            store::change_of_field(&mut tx, "claim", id, "state").await?.ok_or(Error::NotUndoable)?;
        crate::undo::undo(&mut tx, actor, programme, change, None).await?;
        self.commit(tx).await?;
        Ok(Decided::NoFigure)
    }

    /// Accepts every open claim of a document that is certain; each in a change of its own, so that each can be undone.
    ///
    /// # Errors
    /// When the database fails; what was accepted before stays accepted.
    pub async fn claim_accept_certain(&self, actor: &Actor, programme: i64, document: i64) -> Result<usize> {
        let mut tx = self.db.read().await?;
        open_id(&mut tx, actor, programme, document, Right::ReviewClaim).await?;
        let claims = store::claim_list_certain(&mut tx, document).await?;
        drop(tx);
        let mut accepted = 0;
        for claim in claims {
            match self.claim_accept(actor, programme, claim).await {
                Ok(Decided::Entered(_) | Decided::Attached(_)) => accepted += 1,
                Ok(_) | Err(Error::Invalid { .. } | Error::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(accepted)
    }

    pub(crate) async fn begin_review(&self, actor: &Actor, programme: i64) -> Result<Tx> {
        actor.require(programme, Right::ReviewClaim)?;
        let mut tx = self.db.write().await?;
        // Two equal claims accepted at once must meet in one figure; a quote must not join a figure being undone.
        store::programme_lock(&mut tx, programme).await?;
        Ok(tx)
    }
}

pub(crate) async fn lock(tx: &mut Tx, actor: &Actor, programme: i64, id: i64) -> Result<Claim> {
    let claim = store::claim_lock(tx, id).await?;
    open_id(tx, actor, programme, claim.document, Right::ReviewClaim).await?;
    Ok(claim)
}

/// A correction on its way into the database. What is a code or a day is refused elsewhere when it is not.
fn as_stored(new: &Correction) -> Result<Correction> {
    let stored = Correction {
        place: typed::field("place", &new.place)?,
        org: typed::field("org", &new.org)?,
        value: typed::field("value", &new.value)?,
        value_max: typed::field("value_max", &new.value_max)?,
        ..new.clone()
    };
    within_years(period(&new.period_kind, &new.period_from, &new.period_to)?)?;
    Ok(stored)
}

/// What a claim says now: as read, or as corrected.
///
/// # Errors
/// When a stored correction cannot be read.
pub fn effective(claim: &Claim) -> Result<ClaimReading> {
    match &claim.correction {
        None => Ok(claim.reading.clone()),
        Some(json) => {
            let correction: Correction = serde_json::from_str(json).map_err(store::Error::from)?;
            corrected(&claim.reading, &correction)
        }
    }
}

pub(crate) fn resolve(names: &Names, reading: &ClaimReading) -> Resolved {
    let text = |mention: &Option<Mention>| mention.as_ref().map(|mention| mention.text.clone());
    let (place, organisation, event) =
        (text(&reading.place), text(&reading.organisation), text(&reading.event));
    names.resolve(place.as_deref(), organisation.as_deref(), event.as_deref())
}

fn corrected(old: &ClaimReading, new: &Correction) -> Result<ClaimReading> {
    let words = |text: &str, old: &Option<Mention>| {
        let text = text.trim();
        let same = old.as_ref().filter(|mention| mention.text == text).cloned();
        let typed = || Mention { start: 0, end: 0, text: text.to_owned() };
        (!text.is_empty()).then(|| same.unwrap_or_else(typed))
    };
    let value_max = new.value_max.trim();
    let unknown = |field| Error::Invalid { field, problem: "unknown" };
    let value_max = (!value_max.is_empty()).then(|| value_max.to_owned());
    let unit = Unit::from_code(&new.unit).ok_or(unknown("unit"))?;
    let approx = Approx::from_code(&new.approx).ok_or(unknown("approx"))?;
    typed_quantity(&new.value, value_max.as_deref(), (unit.code(), approx), old.value.starts_with('-'))?;
    Ok(ClaimReading {
        value: new.value.trim().to_owned(),
        value_max,
        unit: unit.code().to_owned(),
        approx,
        measure: Measure::from_code(&new.measure).ok_or(unknown("measure"))?,
        role: Role::from_code(&new.role).ok_or(unknown("role"))?,
        place: words(&new.place, &old.place),
        phrase: old.phrase.clone(),
        period: period(&new.period_kind, &new.period_from, &new.period_to)?,
        organisation: words(&new.org, &old.organisation),
        event: old.event.clone(),
    })
}

/// A period from what was typed into a form.
pub(crate) fn period(kind: &str, from: &str, to: &str) -> Result<Period> {
    let kind =
        TimeKind::from_code(kind).ok_or(Error::Invalid { field: "period_kind", problem: "unknown" })?;
    let day = |field, text: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse::<Date>().map(Some).map_err(|_| Error::Invalid { field, problem: "date" }),
    };
    let (from, to) = (day("period_from", from)?, day("period_to", to)?);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Err(Error::Invalid { field: "period_to", problem: "order" });
    }
    Ok(Period { kind, from, to })
}

/// A period within the years that records know.
pub(crate) fn within_years(period: Period) -> Result<Period> {
    for (field, day) in [("period_from", period.from), ("period_to", period.to)] {
        if day.is_some_and(|day| !(DAYS.0..=DAYS.1).contains(&day)) {
            return Err(Error::Invalid { field, problem: "far-date" });
        }
    }
    Ok(period)
}

/// A quantity from decimal texts.
pub(crate) fn quantity(value: &str, value_max: Option<&str>, unit: &str, approx: Approx) -> Result<Quantity> {
    let number = |field, text: &str| {
        domain::quantity::typed_number(text).ok_or(Error::Invalid { field, problem: "number" })
    };
    let unit = Unit::from_code(unit).ok_or(Error::Invalid { field: "unit", problem: "unknown" })?;
    let low = number("value", value)?;
    let high = value_max.map(|text| number("value_max", text)).transpose()?;
    Quantity::new(low, high, unit, approx).map_err(|error| match error {
        domain::QuantityError::TooFine { .. } => Error::Invalid { field: "value", problem: "too-fine" },
        domain::QuantityError::TooLarge { .. } => Error::Invalid { field: "value", problem: "too-large" },
        domain::QuantityError::EmptyRange => Error::Invalid { field: "value_max", problem: "order" },
    })
}

/// A quantity that somebody typed: below zero only where it is a rate, or where what it takes the place of is (`falls`).
pub(crate) fn typed_quantity(
    value: &str,
    value_max: Option<&str>,
    (unit, approx): (&str, Approx),
    falls: bool,
) -> Result<Quantity> {
    let quantity = quantity(value, value_max, unit, approx)?;
    match quantity.low < 0 && !falls && !quantity.unit.is_rate() {
        true => Err(Error::Invalid { field: "value", problem: "negative" }),
        false => Ok(quantity),
    }
}

/// The figure that says the same. Words that name nothing known must be the same words: 甲公司 and 乙公司, neither in the
/// register, are two.
async fn equal_figure(
    tx: &mut Tx,
    names: &Names,
    programme: i64,
    new: &NewFigure,
    unknown: &[Option<String>; 3],
) -> Result<Option<i64>> {
    for figure in store::figure_list_equal(tx, programme, new).await? {
        for claim in store::claim_list_of_figure(tx, figure).await? {
            if resolve(names, &effective(&claim)?).unknown == *unknown {
                return Ok(Some(figure));
            }
        }
    }
    Ok(None)
}

/// The one figure that cites the claim's document by its title and says the same, as far as both say it: whoever cites a
/// report may know more of a number than its sentence tells.
async fn cited_figure(tx: &mut Tx, claim: &Claim, stated: &Stated) -> Result<Option<i64>> {
    let document = store::document_get(tx, claim.document).await?;
    let title = plain(document.display_title());
    let mut cited = store::figure_list_cited(tx, claim.programme, &stated.figure).await?;
    cited.retain(|(entry, source)| plain(source) == title && agrees(entry, stated));
    Ok(if let [(entry, _)] = &cited[..] { Some(entry.figure.id) } else { None })
}

/// Whether nothing that a claim states contradicts a figure.
fn agrees(entry: &FigureEntry, Stated { figure: new, unknown }: &Stated) -> bool {
    let figure = &entry.figure;
    let set = |regions: &[i64]| regions.iter().copied().collect::<BTreeSet<i64>>();
    let regions = |a: &[i64], b: &[i64]| a.is_empty() || b.is_empty() || set(a) == set(b);
    let ids = |a: Option<i64>, b: Option<i64>| a.is_none() || b.is_none() || a == b;
    let days = |a: Option<Date>, b: Option<Date>| a.is_none() || b.is_none() || a == b;
    // Words for a place or a firm that name nothing known may be what the figure is said of, if its note says so; an event
    // is called by many names.
    let noted = |words: &String| entry.note.as_ref().is_some_and(|note| note.contains(words.as_str()));
    let named = [!figure.hosts.is_empty(), figure.organisation.is_some(), false];
    regions(&figure.hosts, &new.hosts)
        && regions(&figure.supporters, &new.supporters)
        && ids(figure.organisation, new.organisation)
        && ids(figure.event, new.event)
        && days(figure.period.from, new.period.from)
        && days(figure.period.to, new.period.to)
        && unknown.iter().zip(named).all(|(words, named)| words.as_ref().is_none_or(|of| !named || noted(of)))
}

/// A title without spaces and signs.
fn plain(title: &str) -> String {
    domain::organisation::half_width(title).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Enters the figure of a claim, or attaches its quote to the one that says the same.
pub(crate) async fn enter(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    names: &Names,
    claim: &Claim,
    correction: Option<&Correction>,
) -> Result<Decided> {
    let reading = match correction {
        None => claim.reading.clone(),
        Some(new) => corrected(&claim.reading, new)?,
    };
    let stated = stated(tx, names, claim, reading).await?;
    let (figure, attached) = stand(tx, actor, change, names, claim, &stated).await?;
    decide(tx, change, claim, correction, (figure, attached)).await
}

/// The figure that a claim states.
pub(crate) struct Stated {
    pub figure: NewFigure,
    /// Words that name nothing known: place, organisation, event.
    pub unknown: [Option<String>; 3],
}

pub(crate) async fn stated(
    tx: &mut Tx,
    names: &Names,
    claim: &Claim,
    reading: ClaimReading,
) -> Result<Stated> {
    refuse_jobs_target(reading.measure, reading.role)?;
    let document = store::document_get(tx, claim.document).await?;
    let Resolved { hosts, supporters, organisation, event, unknown } = resolve(names, &reading);
    let figure = NewFigure {
        measure: reading.measure,
        quantity: quantity(&reading.value, reading.value_max.as_deref(), &reading.unit, reading.approx)?,
        role: reading.role,
        grain: Grain::Stated,
        hosts,
        supporters,
        organisation,
        event,
        subject: None,
        period: reading.period,
        phrase: reading.phrase.map(|mention| mention.text),
        published: document.published_on,
        replaces: None,
        note: None,
    };
    Ok(Stated { figure, unknown })
}

/// The figure that says what a claim states, and whether it stood already.
pub(crate) async fn stand(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    names: &Names,
    claim: &Claim,
    stated: &Stated,
) -> Result<(i64, bool)> {
    let mut equal = equal_figure(tx, names, claim.programme, &stated.figure, &stated.unknown).await?;
    if equal.is_none() {
        equal = cited_figure(tx, claim, stated).await?;
    }
    if let Some(figure) = equal {
        return Ok((figure, true));
    }
    let figure = store::figure_insert(tx, change, &stated.figure).await?.figure.id;
    settle(tx, actor, claim.programme, figure, Right::ReviewClaim).await?;
    Ok((figure, false))
}

/// Accepts an open claim as a stated figure of a record.
pub(crate) async fn enter_of(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    names: &Names,
    claim: &Claim,
    subject: i64,
) -> Result<Decided> {
    if claim.state != ClaimState::Open {
        return Ok(Decided::Already);
    }
    let mut stated = stated(tx, names, claim, effective(claim)?).await?;
    stated.figure.subject = Some(subject);
    let stood = stand(tx, actor, change, names, claim, &stated).await?;
    decide(tx, change, claim, None, stood).await
}

/// The quote of a claim as evidence; it means something only once it is attached.
pub(crate) async fn quote(tx: &mut Tx, claim: &Claim) -> Result<i64> {
    let span = EvidenceKind::Span { text: claim.text, span: claim.span, quote: claim.quote.clone() };
    Ok(store::evidence_insert(tx, Some(claim.document), &span).await?)
}

/// Accepts an open claim: its quote proves a figure.
pub(crate) async fn decide(
    tx: &mut Tx,
    change: &Change,
    claim: &Claim,
    correction: Option<&Correction>,
    (figure, attached): (i64, bool),
) -> Result<Decided> {
    let evidence = quote(tx, claim).await?;
    store::figure_evidence_attach(tx, change, figure, evidence).await?;
    let json = correction.map(serde_json::to_string).transpose().map_err(store::Error::from)?;
    let state = if correction.is_some() { ClaimState::Corrected } else { ClaimState::Accepted };
    store::claim_decide(tx, change, claim, state, json.as_deref(), Some(figure)).await?;
    if attached {
        // The claim may be part of a relation, which changes what the total counts; a new figure marks its own.
        store::figure_touch(tx, figure).await?;
    }
    Ok(if attached { Decided::Attached(figure) } else { Decided::Entered(figure) })
}
