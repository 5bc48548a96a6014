//! Many stored records of one kind, changed in sets: what `save::update` leaves of each, kept aside until an import publishes it.
//! A test holds that both come to the same.

use crate::entry::many::{Known, NewRow, Sheet, StatedFigure};
use crate::entry::save::{LinkTo, Parts};
use crate::error::Result;
use domain::figure::{Grain, Status};
use domain::record::{FieldInfo, FieldType, Standing};
use std::collections::{BTreeSet, HashMap};
use store::{BulkFigure, Change, Entry, NewFigure, PendingItem, RecordKind, SubjectFigure, Tx};

/// A stored record, what changes of it, and the figures that are added to it.
#[derive(Debug, Clone)]
pub(crate) struct ChangedRow {
    pub before: Entry,
    pub parts: Parts,
    pub figures: Vec<StatedFigure>,
}

/// Fields that decide when a record's amount holds, or to whom it is open.
const FAR_REACHING: &[&str] = &["signed_on", "plan_from", "plan_to", "uscc"];

/// Whether a field says nothing of other records, of whom its record concerns, or of how it stands.
pub(crate) fn is_own(kind: RecordKind, field: &FieldInfo) -> bool {
    let names = matches!(field.kind, FieldType::Region | FieldType::Record(_) | FieldType::Links(..));
    let is_state = kind.state().is_some_and(|state| state.code == field.code);
    !(names || is_state || field.party || field.personal || FAR_REACHING.contains(&field.code))
}

/// Whether a change can be made in a set: nothing of it moves another record or a name, and its amount goes on as it was.
pub(crate) fn is_plain(row: &ChangedRow) -> bool {
    let (kind, before, parts) = (row.before.record.kind, &row.before, &row.parts);
    let renames = parts.title.is_some() || parts.title_en.is_some() || parts.aliases.is_some();
    let is_own_code = |code: &&str| kind.field(code).is_some_and(|field| is_own(kind, field));
    if renames || !parts.links.is_empty() || before.record.archived || !parts.values.keys().all(is_own_code) {
        return false;
    }
    let after = parts.values(Some(before));
    let Some(amount) = kind.amount() else { return parts.amount.is_none() };
    let keeps = amount.measure_of(kind, &before.values) == amount.measure_of(kind, &after);
    match parts.amount {
        None => keeps,
        // Which figure of an agreement goes on follows from others.
        Some(wanted) => {
            let holds = !matches!(amount.standing(&after), Standing::Succeeded | Standing::Over);
            keeps && wanted.is_some() && holds && kind != RecordKind::Agreement
        }
    }
}

/// Keeps changes of records, of which each [`is_plain`], until they are published; which of them have to be made one by one
/// nevertheless, by their place.
pub(crate) async fn stage_all(
    tx: &mut Tx,
    change: &Change,
    (import, kind): (i64, RecordKind),
    sheet: Sheet<'_>,
    rows: &[ChangedRow],
) -> Result<BTreeSet<usize>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.before.record.id).collect();
    let mut standing = HashMap::<i64, Vec<SubjectFigure>>::new();
    for figure in store::figure_list_of_subjects(tx, &ids).await? {
        standing.entry(figure.subject).or_default().push(figure);
    }
    let mut links = HashMap::<i64, Vec<store::LinkRow>>::new();
    for link in store::link_list_of(tx, &ids).await? {
        links.entry(link.from).or_default().push(link);
    }
    let mut left = BTreeSet::new();
    let (mut items, mut whole, mut replaced) = (Vec::<PendingItem>::new(), Vec::new(), Vec::new());
    for (place, row) in rows.iter().enumerate() {
        let id = row.before.record.id;
        let present = amount_figures(row, standing.get(&id).map(Vec::as_slice).unwrap_or_default());
        if row.parts.amount.is_some() && present.len() > 1 {
            left.insert(place);
            continue;
        }
        items.extend(changed_fields(row));
        whole.push(with_what_stays(row, links.remove(&id).unwrap_or_default()));
        replaced.push((row, present.first().map(|figure| figure.id)));
    }
    let known = Known::load(tx, change, None, kind, &whole).await?;
    let mut figures = Vec::new();
    for (row, (of, replaces)) in whole.iter().zip(replaced) {
        let mut draft = known.draft(change, kind, row);
        draft.entry.record = of.before.record.clone();
        let own = usize::from(row.parts.amount.flatten().is_some());
        for (at, (figure, cell)) in draft.figures(change).into_iter().enumerate() {
            let corrects = if at < own { replaces } else { of.figures[at - own].replaces };
            let protected = of.before.record.protected;
            figures.push((
                NewFigure { replaces: corrects, ..figure },
                protected,
                cell,
                corrects.filter(|_| at < own),
            ));
        }
    }
    store::pending_item_insert_all(tx, import, &items).await?;
    enter_figures(tx, change, sheet, figures).await?;
    Ok(left)
}

/// The standing figures of a record's amount.
fn amount_figures(row: &ChangedRow, standing: &[SubjectFigure]) -> Vec<SubjectFigure> {
    let kind = row.before.record.kind;
    let Some(amount) = kind.amount() else { return Vec::new() };
    let role = amount.role_of(&row.parts.values(Some(&row.before)));
    let is_own = |figure: &&SubjectFigure| {
        figure.grain == Grain::Item && figure.role == role && amount.covers(kind, figure.measure)
    };
    standing.iter().filter(is_own).cloned().collect()
}

/// The fields that a row changes, as the audit tells them.
fn changed_fields(row: &ChangedRow) -> Vec<PendingItem> {
    let (id, kind) = (row.before.record.id, row.before.record.kind);
    let mut items = Vec::new();
    for (code, value) in &row.parts.values {
        let was = row.before.values.get(code);
        if let Some(field) = kind.field(code).filter(|_| was != value.as_ref()) {
            items.push((
                id,
                field.code,
                was.map(store::value_to_json),
                value.as_ref().map(store::value_to_json),
            ));
        }
    }
    if let Some(wanted) = row.parts.amount.filter(|wanted| *wanted != row.before.amount) {
        let json = |amount: Option<domain::Quantity>| amount.map(store::amount_to_json);
        items.push((id, "amount", json(row.before.amount), json(wanted)));
    }
    items
}

/// The record as it is once it is changed, for what its figures derive from it.
fn with_what_stays(row: &ChangedRow, links: Vec<store::LinkRow>) -> NewRow {
    let (before, kind) = (&row.before, row.before.record.kind);
    let values =
        row.parts.values(Some(before)).into_iter().map(|(code, value)| (code, Some(value))).collect();
    let mut parts = Parts {
        title: Some(before.record.title.clone()),
        values,
        amount: row.parts.amount,
        ..Parts::default()
    };
    for link in links {
        if let Some(field) = kind.field(&link.kind) {
            parts.links.entry(field.code).or_default().push(LinkTo { to: link.to, role: link.role });
        }
    }
    NewRow { parts, figures: row.figures.clone() }
}

/// Enters figures of stored records, each with whether its record is protected, its cell, and the one whose evidence it takes on.
async fn enter_figures(
    tx: &mut Tx,
    change: &Change,
    sheet: Sheet<'_>,
    figures: Vec<(NewFigure, bool, Option<String>, Option<i64>)>,
) -> Result<()> {
    let mut rows = Vec::new();
    let (mut cells, mut corrected) = (Vec::new(), Vec::new());
    for (figure, protected, cell, corrects) in figures {
        cells.push(cell);
        corrected.push(corrects);
        let (regions, keys, uid) = (Vec::new(), Vec::new(), store::new_uid(change));
        rows.push(BulkFigure {
            uid,
            figure,
            regions,
            keys,
            protected,
            replaces_back: None,
            log: &[Status::Filed],
        });
    }
    let ids = store::figure_insert_all(tx, change, &rows).await?;
    store::figure_reach_of_subjects(tx, &ids).await?;
    let cells = ids.iter().zip(cells).filter_map(|(id, cell)| Some((*id, cell?)));
    store::figure_cell_insert_all(tx, change, sheet, &cells.collect::<Vec<_>>()).await?;
    let pairs = ids.iter().zip(corrected).filter_map(|(id, of)| Some((of?, *id)));
    Ok(store::figure_evidence_carry_all(tx, change, &pairs.collect::<Vec<_>>()).await?)
}
