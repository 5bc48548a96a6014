//! The board of projects: the list by stage, on which a card is moved through its gate.

use crate::failure::Failure;
use crate::labels::{self, Labels};
use crate::lights;
use crate::list_query::ListQuery;
use crate::values::Show;
use crate::visit::Within;
use app::{BoardColumn, CARDS, Entry, ListFilter, RecordKind, RecordNames, Right, Sort};
use domain::stage::Milestone;
use pages::{Badge, Board, Card, Tone};

/// Whether a kind has a board: its records stand at stages.
pub(crate) fn has_board(kind: RecordKind) -> bool {
    kind == RecordKind::Project
}

/// The board of what a query asks for.
pub(crate) async fn board(
    within: &Within,
    labels: &Labels,
    (filter, sort): (ListFilter, Sort),
    query: &ListQuery,
    path: &str,
) -> Result<Board, Failure> {
    let app = within.app();
    let (columns, names) = app.project_board(&within.actor, within.id(), filter, sort).await?;
    let movable = within.may(Right::EditRecord);
    let next = query.address(path, &[], &[]);
    let show = Show { within, labels, names: &names };
    let column = |of: &BoardColumn| {
        let count = if of.more { format!("{CARDS}+") } else { of.entries.len().to_string() };
        let rest = || query.address(path, &["view", "stage"], &[("stage", &of.stage.code)]);
        pages::BoardColumn {
            code: of.stage.code.clone(),
            label: labels.stage(&of.stage.code).to_owned(),
            count,
            cards: of.entries.iter().map(|entry| card(&show, entry, of, movable)).collect(),
            more: if of.more { rest() } else { String::new() },
            aside: matches!(of.stage.milestone, Milestone::OnHold | Milestone::Ended),
        }
    };
    Ok(Board { locale: within.locale, columns: columns.iter().map(column).collect(), movable, next })
}

fn card(show: &Show<'_>, entry: &Entry, of: &BoardColumn, movable: bool) -> Card {
    let within = show.within;
    let record = &entry.record;
    let href = within.to(&format!("records/{}", record.code));
    let region = entry.id("region").map(|region| show.labels.region(region));
    let investor = entry.id("investor").and_then(|id| name(show.names, id, within));
    let phase = entry.text("phase").map(str::to_owned);
    let facts: Vec<String> = [region, investor, phase].into_iter().flatten().collect();
    let light = of.lights.get(&record.id).and_then(|light| lights::badge(within.locale, *light));
    Card {
        action: if movable { format!("{href}/stage") } else { String::new() },
        code: record.code.clone(),
        title: labels::pick_title(within.locale, record).to_owned(),
        amount: entry.amount.map(|amount| show.amount(Some(amount))),
        badges: light.into_iter().chain(late(within, entry)).collect(),
        facts,
        href,
    }
}

fn name(names: &RecordNames, id: i64, within: &Within) -> Option<String> {
    let name = names.get(&id)?;
    Some(labels::title(within.locale, &name.title, name.title_en.as_deref()).to_owned())
}

/// A next step whose day has passed.
fn late(within: &Within, entry: &Entry) -> Vec<Badge> {
    let today = within.today();
    let due = entry.day("next_on").filter(|day| *day < today);
    let badge = |day| Badge { label: within.locale.board_overdue(day), tone: Tone::Warn };
    due.map(badge).into_iter().collect()
}
