//! The list of figures, one figure with its evidence, figures entered by hand, and their way to approval.

use crate::access::{Actor, Right, open, settle};
use crate::claim::{period, typed_quantity, within_years};
use crate::error::{Error, Result};
use crate::{App, change, typed};
use domain::figure::{Grain, Status};
use domain::region::RegionId;
use domain::{Approx, Measure, Quantity, Role};
use jiff::civil::Date;
use store::{
    Claim, Document, Evidence, EvidenceKind, FigureEntry, FigureFilter, FigureRow, NewFigure, StatusEntry, Tx,
};

/// One figure with everything its page shows.
#[derive(Debug, Clone)]
pub struct FigureDetail {
    /// The figure.
    pub entry: FigureEntry,
    /// Its status log, oldest first.
    pub log: Vec<StatusEntry>,
    /// Its evidence, each with the document it lies in and the claim that quoted it.
    pub evidence: Vec<(Evidence, Option<Document>, Option<Claim>)>,
    /// How many of its documents are open to the parties, the verifier and the auditor alone, and not to this user (law 5).
    pub closed: usize,
    /// Code of the figure it corrects.
    pub replaces: Option<String>,
    /// Code of the figure that corrects it.
    pub replaced_by: Option<String>,
    /// Whether this user may correct it now.
    pub correctable: bool,
    /// Statuses that this user may move it to now.
    pub next: Vec<Status>,
    /// Title of the organisation it speaks of.
    pub organisation: Option<store::Record>,
    /// Title of the event it belongs to.
    pub event: Option<store::Record>,
}

/// A figure typed in by hand, with its place on a page of a document.
#[derive(Debug, Clone, Default)]
pub struct HandEntry {
    /// Code of the measure.
    pub measure: String,
    /// Decimal number of the base unit.
    pub value: String,
    /// Upper end of a range, or empty.
    pub value_max: String,
    /// Code of the unit.
    pub unit: String,
    /// Code of the approximation.
    pub approx: String,
    /// Code of the role.
    pub role: String,
    /// Host region.
    pub host: Option<RegionId>,
    /// Supporting region.
    pub supporter: Option<RegionId>,
    /// Code of the kind of time.
    pub period_kind: String,
    /// First day, ISO, or empty.
    pub period_from: String,
    /// Last day, ISO, or empty.
    pub period_to: String,
    /// The words the period was stated in.
    pub phrase: String,
    /// A remark.
    pub note: String,
    /// Page, from 1.
    pub page: i64,
    /// Left, top, width, height in hundredths of a per cent of the page.
    pub rect: [i64; 4],
}

/// The value a correction puts in place of a figure's; the unit stays.
#[derive(Debug, Clone, Default)]
pub struct NewValue {
    /// Decimal number of the base unit.
    pub value: String,
    /// Upper end of a range, or empty.
    pub value_max: String,
    /// Code of the approximation.
    pub approx: String,
}

/// The whole of a page, in the unit of [`HandEntry::rect`].
pub const WHOLE_PAGE: i64 = 10_000;

impl App {
    /// Figures of a programme under a filter, newest first, below the id `before`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figure_list(
        &self,
        actor: &Actor,
        programme: i64,
        filter: &FigureFilter,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<FigureRow>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let filter = &FigureFilter { reach: actor.reach(programme), ..filter.clone() };
        Ok(store::figure_list(&mut tx, programme, filter, before, limit).await?)
    }

    /// How many figures of a programme a filter lets through.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figure_count(&self, actor: &Actor, programme: i64, filter: &FigureFilter) -> Result<i64> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let filter = &FigureFilter { reach: actor.reach(programme), ..filter.clone() };
        Ok(store::figure_count(&mut tx, programme, filter).await?)
    }

    /// One figure with its evidence.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has none with this code.
    pub async fn figure(&self, actor: &Actor, programme: i64, code: &str) -> Result<FigureDetail> {
        let mut tx = self.db.read().await?;
        let reach = actor.reach(programme);
        let id = open(&mut tx, actor, programme, code, Right::View).await?.id;
        let entry = store::figure_get(&mut tx, id).await?;
        // A corrected figure keeps the quotes of those it replaces.
        let mut claims = store::claim_list_of_figure(&mut tx, id).await?;
        let mut before = entry.replaces;
        while let Some(id) = before {
            claims.extend(store::claim_list_of_figure(&mut tx, id).await?);
            before = store::figure_get(&mut tx, id).await?.replaces;
        }
        let mut evidence = Vec::new();
        let all = store::figure_evidence_list(&mut tx, id).await?;
        let proving: Vec<i64> = all.iter().filter_map(|item| item.document).collect();
        let closed = store::document_list_closed(&mut tx, &proving, &reach).await?.len();
        for item in all {
            let document = match item.document {
                Some(id) if !store::record_visible(&mut tx, id, &reach).await? => continue,
                Some(document) => Some(store::document_get(&mut tx, document).await?),
                None => None,
            };
            let claim = claims.iter().find(|claim| is_quote_of(&item, claim)).cloned();
            evidence.push((item, document, claim));
        }
        let mut records = Vec::new();
        for id in [entry.replaces, entry.replaced_by, entry.figure.organisation, entry.figure.event] {
            records.push(match id {
                Some(id) if store::record_visible(&mut tx, id, &reach).await? => {
                    Some(store::record_get(&mut tx, id).await?)
                }
                _ => None,
            });
        }
        let [replaces, replaced_by, organisation, event] = <[_; 4]>::try_from(records).unwrap_or_default();
        let code = |record: Option<store::Record>| record.map(|record| record.code);
        Ok(FigureDetail {
            log: store::figure_status_list(&mut tx, id).await?,
            next: allowed(&mut tx, actor, &entry).await?,
            correctable: may(&mut tx, actor, &entry, Right::EnterFigure).await?
                && entry.replaced_by.is_none()
                && entry.figure.status != Status::Withdrawn,
            evidence,
            closed,
            replaces: code(replaces),
            replaced_by: code(replaced_by),
            organisation,
            event,
            entry,
        })
    }

    /// Moves a figure to another status. Returning and withdrawing ask for a reason.
    ///
    /// # Errors
    /// [`Error::OwnFigure`] when who entered it wants to review or approve it; [`Error::Conflict`] when it does not
    /// stand where this step begins; [`Error::Invalid`] without a reason.
    pub async fn figure_set_status(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        status: Status,
        reason: &str,
    ) -> Result<()> {
        let reason = typed::optional("reason", reason)?;
        let reason = reason.as_deref();
        if matches!(status, Status::Returned | Status::Withdrawn) && reason.is_none() {
            return Err(Error::Invalid { field: "reason", problem: "missing" });
        }
        let mut tx = self.db.write().await?;
        let id = open(&mut tx, actor, programme, code, right_for(status)).await?.id;
        let entry = store::figure_lock(&mut tx, id).await?;
        if entry.figure.status == status {
            return Ok(());
        }
        if !entry.figure.status.next().contains(&status) {
            return Err(Error::Conflict);
        }
        require_status(actor, &entry, status)?;
        let change = change::open(&mut tx, actor, Some(programme), "figure-status", reason).await?;
        store::figure_set_status(&mut tx, &change, id, status, reason).await?;
        self.commit(tx).await
    }

    /// Corrects a figure: a new one with another value takes its place, with its evidence and a reason; the old one stays
    /// to be seen (law 3). Returns the code of the new figure.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field or the missing reason; [`Error::Conflict`] when the figure is withdrawn or
    /// corrected already.
    pub async fn figure_replace(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        new: &NewValue,
        reason: &str,
    ) -> Result<String> {
        actor.require(programme, Right::EnterFigure)?;
        let reason = typed::optional("reason", reason)?
            .ok_or(Error::Invalid { field: "reason", problem: "missing" })?;
        let approx =
            Approx::from_code(&new.approx).ok_or(Error::Invalid { field: "approx", problem: "unknown" })?;
        let value_max = Some(new.value_max.trim()).filter(|text| !text.is_empty());
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let id = open(&mut tx, actor, programme, code, Right::EnterFigure).await?.id;
        let old = store::figure_lock(&mut tx, id).await?;
        if old.replaced_by.is_some() || old.figure.status == Status::Withdrawn {
            return Err(Error::Conflict);
        }
        let unit = old.figure.quantity.unit.code();
        let falls = old.figure.quantity.low < 0;
        let quantity = typed_quantity(&new.value, value_max, (unit, approx), falls)?;
        let change = change::open(&mut tx, actor, Some(programme), "figure-replace", Some(&reason)).await?;
        let entry = store::figure_insert(&mut tx, &change, &successor(old, quantity)).await?;
        for evidence in store::figure_evidence_list(&mut tx, id).await? {
            store::figure_evidence_attach(&mut tx, &change, entry.figure.id, evidence.id).await?;
        }
        self.commit(tx).await?;
        Ok(entry.code)
    }

    /// Enters a figure by hand that a rectangle on a page of a document proves.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field.
    pub async fn figure_enter(
        &self,
        actor: &Actor,
        programme: i64,
        document: &str,
        new: &HandEntry,
    ) -> Result<String> {
        actor.require(programme, Right::EnterFigure)?;
        let document = self.document(actor, programme, document).await?;
        let figure = hand_figure(new, &document)?;
        let mut tx = self.db.write().await?;
        let change = change::open(&mut tx, actor, Some(programme), "figure-enter", None).await?;
        let entry = store::figure_insert(&mut tx, &change, &figure).await?;
        settle(&mut tx, actor, programme, entry.figure.id, Right::EnterFigure).await?;
        let region = EvidenceKind::Region { page: new.page, rect: new.rect };
        let evidence = store::evidence_insert(&mut tx, Some(document.id), &region).await?;
        store::figure_evidence_attach(&mut tx, &change, entry.figure.id, evidence).await?;
        self.commit(tx).await?;
        Ok(entry.code)
    }
}

fn is_quote_of(evidence: &Evidence, claim: &Claim) -> bool {
    matches!(&evidence.kind, EvidenceKind::Span { text, span, .. } if *text == claim.text && *span == claim.span)
}

/// Refuses who may not give a figure this status, or entered it and would verify it (law 7).
pub(crate) fn require_status(actor: &Actor, entry: &FigureEntry, status: Status) -> Result<()> {
    actor.require(entry.programme, right_for(status))?;
    if is_verification(status) && entry.entered_by == actor.user { Err(Error::OwnFigure) } else { Ok(()) }
}

fn is_verification(status: Status) -> bool {
    matches!(status, Status::Reviewed | Status::Approved)
}

fn right_for(status: Status) -> Right {
    match status {
        Status::Filed | Status::Withdrawn => Right::EnterFigure,
        Status::Reviewed | Status::Returned => Right::ReviewFigure,
        Status::Approved => Right::ApproveFigure,
    }
}

async fn allowed(tx: &mut Tx, actor: &Actor, entry: &FigureEntry) -> Result<Vec<Status>> {
    let mut allowed = Vec::new();
    for &status in entry.figure.status.next() {
        let own = is_verification(status) && entry.entered_by == actor.user;
        if !own && may(tx, actor, entry, right_for(status)).await? {
            allowed.push(status);
        }
    }
    Ok(allowed)
}

async fn may(tx: &mut Tx, actor: &Actor, entry: &FigureEntry, right: Right) -> Result<bool> {
    let reach = actor.reach_for(entry.programme, right);
    Ok(store::record_visible(tx, entry.figure.id, &reach).await?)
}

pub(crate) fn successor(old: FigureEntry, quantity: Quantity) -> NewFigure {
    let figure = old.figure;
    NewFigure {
        measure: figure.measure,
        quantity,
        role: figure.role,
        grain: figure.grain,
        hosts: figure.hosts,
        supporters: figure.supporters,
        organisation: figure.organisation,
        event: figure.event,
        subject: figure.subject,
        period: figure.period,
        phrase: old.phrase,
        published: figure.published,
        replaces: Some(figure.id),
        note: old.note,
    }
}

fn hand_figure(new: &HandEntry, document: &Document) -> Result<NewFigure> {
    let unknown = |field| Error::Invalid { field, problem: "unknown" };
    let [x, y, width, height] = new.rect;
    let inside =
        x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= WHOLE_PAGE && y + height <= WHOLE_PAGE;
    if !inside {
        return Err(Error::Invalid { field: "rectangle", problem: "order" });
    }
    if new.page < 1 || document.page_count.is_some_and(|pages| new.page > pages) {
        return Err(Error::Invalid { field: "page", problem: "unknown" });
    }
    let approx = Approx::from_code(&new.approx).ok_or(unknown("approx"))?;
    let value_max = Some(new.value_max.trim()).filter(|text| !text.is_empty());
    let quantity = typed_quantity(&new.value, value_max, (&new.unit, approx), false)?;
    stated_figure(new, quantity, document.published_on)
}

/// Law 9: jobs are counted, and are never a target, a threshold or a share's base.
pub(crate) fn refuse_jobs_target(measure: Measure, role: Role) -> Result<()> {
    match measure == Measure::Jobs && role != Role::Actual {
        true => Err(Error::Invalid { field: "role", problem: "jobs" }),
        false => Ok(()),
    }
}

/// What was typed in as a figure stated for a whole, with its quantity and when its source was published.
pub(crate) fn stated_figure(
    new: &HandEntry,
    quantity: Quantity,
    published: Option<Date>,
) -> Result<NewFigure> {
    let unknown = |field| Error::Invalid { field, problem: "unknown" };
    let measure = Measure::from_code(&new.measure).ok_or(unknown("measure"))?;
    let role = Role::from_code(&new.role).ok_or(unknown("role"))?;
    refuse_jobs_target(measure, role)?;
    Ok(NewFigure {
        measure,
        quantity,
        role,
        grain: Grain::Stated,
        hosts: new.host.into_iter().collect(),
        supporters: new.supporter.into_iter().collect(),
        organisation: None,
        event: None,
        subject: None,
        period: within_years(period(&new.period_kind, &new.period_from, &new.period_to)?)?,
        phrase: typed::optional("phrase", &new.phrase)?,
        published,
        replaces: None,
        note: typed::optional("note", &new.note)?,
    })
}
