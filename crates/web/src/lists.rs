//! The one list, for every kind of record.

use crate::failure::Failure;
use crate::labels::{self, Labels, choice};
use crate::list_query::{AMOUNT, CHANGED, ListQuery, PLACE, TITLE, WORDS};
use crate::values::{Show, choice_label, field_label, kind_label, link_to, sector_label, status};
use crate::visit::Within;
use crate::{format, map};
use app::{Entry, EntryPage, RecordKind, Right, Sort, SortBy, edit_right, view_right};
use axum::extract::{Path, RawQuery};
use axum::response::Html;
use domain::record::{FieldInfo, FieldType};
use domain::sector;
use locale::Locale;
use pages::{Cell, Chip, Choice, Column, Filter, FilterControl, Link, List, ListRow, Order};

/// Lines of a page.
pub(crate) const PAGE: i64 = 50;

/// The kind that an address names.
pub(crate) fn kind_of(code: &str) -> Result<RecordKind, Failure> {
    RecordKind::described().find(|kind| kind.code() == code).ok_or(Failure::PageNotFound)
}

/// `GET lists/{kind}`
pub(crate) async fn show(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Failure> {
    let kind = kind_of(&kind)?;
    let query = ListQuery::parse(&query.unwrap_or_default());
    let labels = within.labels().await?;
    let filter = query.filter(&within, &labels, kind).await?;
    let sort = query.sort(kind)?;
    let path = within.to(&format!("lists/{}", kind.code()));
    let columns = Columns::chosen(kind, &query);
    let mut list = List {
        shell: within.shell_of(kind.code()).await?,
        title: kind_label(within.locale, kind).to_owned(),
        address: path.clone(),
        state: query.state(),
        filters: filters(&within, &labels, kind, &query).await?,
        chips: chips(&within, &labels, kind, &query, &path),
        new: new_button(&within, kind),
        exports: exports(&within, kind, &query),
        displays: displays(&within, &query, &path),
        name_column: heading(within.locale.title_label(), TITLE, false, sort, &query, &path),
        column_choices: columns.choices(within.locale),
        empty_hint: String::new(),
        ..List::default()
    };
    if query.get("view") == "map" {
        let counts = within.app().entry_regions(&within.actor, within.id(), filter).await?;
        list.map = Some(map::of_counts(&within, &labels, kind, &counts, &query, &path).await?);
        return Ok(Html(list.render()));
    }
    let cursor = query.cursor()?;
    let page =
        within.app().entry_list(&within.actor, within.id(), filter, sort, cursor.as_ref(), PAGE).await?;
    list.columns = columns.heads(&within, sort, &query, &path);
    list.rows = rows(&within, &labels, &columns, &page);
    list.first = cursor.is_some().then(|| query.address(&path, &[], &[]));
    list.next = page.next.map(|next| {
        let id = next.id.to_string();
        query.address(&path, &[], &[("after", &id), ("after_key", &next.key)])
    });
    Ok(Html(list.render()))
}

fn new_button(within: &Within, kind: RecordKind) -> Option<Link> {
    within.actor.may_keep(within.id(), edit_right(kind), kind).then(|| Link {
        label: within.locale.list_new(kind_label(within.locale, kind)),
        href: within.to(&format!("lists/{}/new", kind.code())),
    })
}

fn exports(within: &Within, kind: RecordKind, query: &ListQuery) -> Vec<Link> {
    let right = if view_right(kind) == Right::ViewContact { Right::ExportContact } else { Right::Export };
    if !within.may(right) {
        return Vec::new();
    }
    let link = |(label, extension): (&str, &str)| Link {
        label: label.to_owned(),
        href: query.address(&within.to(&format!("lists/{}.{extension}", kind.code())), &["view"], &[]),
    };
    let mut links: Vec<Link> = [("Excel (.xlsx)", "xlsx"), ("CSV", "csv")].map(link).into();
    if kind == RecordKind::Opportunity {
        let (label, href) = (within.locale.prospectus_title().to_owned(), within.to("prospectus"));
        links.push(Link { label, href: query.address(&href, &["view", "column"], &[]) });
    }
    links
}

fn displays(within: &Within, query: &ListQuery, path: &str) -> Vec<(Link, bool)> {
    let map = query.get("view") == "map";
    let t = within.locale;
    let link = |label: &str, href: String| Link { label: label.to_owned(), href };
    vec![
        (link(t.view_table(), query.address(path, &["view"], &[])), !map),
        (link(t.view_map(), query.address(path, &["view"], &[("view", "map")])), map),
    ]
}

/// The columns of a list: fields, the amount, the last change.
pub(crate) struct Columns {
    kind: RecordKind,
    chosen: Vec<Shown>,
}

/// One column.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    Field(&'static FieldInfo),
    Amount,
    Changed,
}

impl Shown {
    fn name(self) -> &'static str {
        match self {
            Self::Field(field) => field.code,
            Self::Amount => AMOUNT,
            Self::Changed => CHANGED,
        }
    }

    pub(crate) fn label(self, t: Locale, kind: RecordKind) -> String {
        match self {
            Self::Field(field) => field_label(t, field).to_owned(),
            Self::Amount => {
                kind.amount().map(|of| labels::pick(t, of.zh, of.en)).unwrap_or_default().to_owned()
            }
            Self::Changed => t.changed_at().to_owned(),
        }
    }

    fn sorts(self) -> bool {
        match self {
            Self::Field(field) => field.sort,
            Self::Amount | Self::Changed => true,
        }
    }

    fn numeric(self) -> bool {
        matches!(self, Self::Amount)
            || matches!(self, Self::Field(field) if matches!(field.kind, FieldType::Quantity(_)))
    }
}

impl Columns {
    fn all(kind: RecordKind) -> Vec<Shown> {
        let mut all: Vec<Shown> =
            kind.fields().iter().filter(|field| field.column().is_some()).map(Shown::Field).collect();
        if kind.amount().is_some() {
            let at = all.iter().position(|of| matches!(of, Shown::Field(field) if field.list));
            all.insert(at.map_or(0, |at| at + 1), Shown::Amount);
        }
        all.push(Shown::Changed);
        all
    }

    /// The columns that the query chooses, else those of the kind.
    pub(crate) fn chosen(kind: RecordKind, query: &ListQuery) -> Self {
        let asked: Vec<&str> = query.all("column").collect();
        let shown = |of: &Shown| match of {
            _ if !asked.is_empty() => asked.contains(&of.name()),
            Shown::Field(field) => field.list,
            Shown::Amount => true,
            Shown::Changed => false,
        };
        Self { kind, chosen: Self::all(kind).into_iter().filter(shown).collect() }
    }

    pub(crate) fn shown(&self) -> &[Shown] {
        &self.chosen
    }

    fn choices(&self, t: Locale) -> Vec<Choice> {
        let chosen: Vec<_> = self.chosen.iter().map(|of| of.name()).collect();
        let choice = |of: Shown| Choice {
            value: of.name().to_owned(),
            label: of.label(t, self.kind),
            selected: chosen.contains(&of.name()),
            depth: 0,
        };
        Self::all(self.kind).into_iter().map(choice).collect()
    }

    fn heads(&self, within: &Within, sort: Sort, query: &ListQuery, path: &str) -> Vec<Column> {
        let head = |of: &Shown| {
            let label = of.label(within.locale, self.kind);
            if of.sorts() {
                heading(&label, of.name(), of.numeric(), sort, query, path)
            } else {
                Column { label, numeric: of.numeric(), sort: None }
            }
        };
        self.chosen.iter().map(head).collect()
    }
}

fn heading(label: &str, name: &str, numeric: bool, sort: Sort, query: &ListQuery, path: &str) -> Column {
    let current = match sort.by {
        SortBy::Created => "",
        SortBy::Title => TITLE,
        SortBy::Changed => CHANGED,
        SortBy::Amount => AMOUNT,
        SortBy::Field(field) => field.code,
    };
    let order = match (current == name, sort.descending) {
        (false, _) => Order::Unsorted,
        (true, true) => Order::Descending,
        (true, false) => Order::Ascending,
    };
    // Amounts and days are looked at from the largest or newest down, names from the first.
    let down = match order {
        Order::Unsorted => name != TITLE,
        Order::Ascending => true,
        Order::Descending => false,
    };
    let wanted = if down { format!("-{name}") } else { name.to_owned() };
    let href = query.address(path, &["sort"], &[("sort", &wanted)]);
    Column { label: label.to_owned(), numeric, sort: Some(pages::Sort { href, order }) }
}

fn rows(within: &Within, labels: &Labels, columns: &Columns, page: &EntryPage) -> Vec<ListRow> {
    let show = Show { within, labels, names: &page.names };
    let row = |entry: &Entry| {
        let link = link_to(within, &entry.record);
        ListRow {
            code: entry.record.code.clone(),
            title: link.label,
            href: link.href,
            sub: entry.record.code.clone(),
            depth: 0,
            cells: columns.chosen.iter().map(|of| cell(&show, entry, *of)).collect(),
        }
    };
    page.entries.iter().map(row).collect()
}

pub(crate) fn cell(show: &Show<'_>, entry: &Entry, of: Shown) -> Cell {
    match of {
        Shown::Field(field) if field.code == "status" => {
            status(show.within.locale, entry).map_or(Cell::Unknown, Cell::Badge)
        }
        Shown::Field(field) => show.cell(entry, field),
        Shown::Amount => show.amount(entry.amount),
        Shown::Changed => match entry.record.changed_at {
            Some(at) => Cell::Day(format::instant(at, &show.within.zone())),
            None => Cell::Unknown,
        },
    }
}

/// The controls of the filter bar, by the types of the fields.
async fn filters(
    within: &Within,
    labels: &Labels,
    kind: RecordKind,
    query: &ListQuery,
) -> Result<Vec<Filter>, Failure> {
    let t = within.locale;
    let mut filters = vec![Filter {
        name: WORDS.to_owned(),
        label: t.search().to_owned(),
        control: FilterControl::Text {
            value: query.get(WORDS).to_owned(),
            placeholder: t.list_search_hint().to_owned(),
        },
        more: false,
    }];
    let regions = crate::figures::region_choices(within, labels, query.get(PLACE)).await?;
    filters.push(Filter {
        name: PLACE.to_owned(),
        label: t.region().to_owned(),
        control: FilterControl::Region {
            choices: regions.into_iter().filter(|choice| !choice.value.is_empty()).collect(),
            geographic: Some(query.get("place_by") == "geographic"),
        },
        more: false,
    });
    if let Some(of) = kind.amount() {
        filters.push(Filter {
            name: AMOUNT.to_owned(),
            label: labels::pick(t, of.zh, of.en).to_owned(),
            control: FilterControl::Numbers {
                from: query.get("amount_from").to_owned(),
                to: query.get("amount_to").to_owned(),
                unit: t.unit_wan_yuan().to_owned(),
            },
            more: true,
        });
    }
    for field in kind.fields().iter().filter(|field| field.filter) {
        filters.extend(control(within, field, query).map(|control| Filter {
            name: field.code.to_owned(),
            label: field_label(t, field).to_owned(),
            control,
            more: !(field.list && matches!(field.kind, FieldType::Choice(_) | FieldType::Date)),
        }));
    }
    Ok(filters)
}

fn control(within: &Within, field: &FieldInfo, query: &ListQuery) -> Option<FilterControl> {
    let t = within.locale;
    let value = query.get(field.code);
    let part = |end: &str| query.get(&format!("{}{end}", field.code)).to_owned();
    Some(match field.kind {
        FieldType::Choice(list) => {
            let asked: Vec<&str> = query.all(field.code).collect();
            let many = |of: &domain::record::Choice| Choice {
                value: of.code.to_owned(),
                label: choice_label(t, of).to_owned(),
                selected: asked.contains(&of.code),
                depth: 0,
            };
            FilterControl::Many(list.iter().map(many).collect())
        }
        FieldType::Sector => FilterControl::One(sector_choices(t, value)),
        FieldType::Record(kind) => FilterControl::Record {
            value: value.to_owned(),
            suggest: within.to(&format!("suggest/{}", kind.code())),
        },
        FieldType::Date => FilterControl::Days { from: part("_from"), to: part("_to") },
        FieldType::Quantity(unit) => {
            let unit = domain::Unit::from_code(unit).map(|unit| format::unit_label(t, unit));
            FilterControl::Numbers {
                from: part("_from"),
                to: part("_to"),
                unit: unit.unwrap_or_default().to_owned(),
            }
        }
        // Regions are filtered by the one region filter, with all below.
        _ => return None,
    })
}

/// Sections with their divisions.
pub(crate) fn sector_choices(t: Locale, selected: &str) -> Vec<Choice> {
    let choice = |of: &sector::Sector| Choice {
        value: of.path(),
        label: sector_label(t, &of.path()),
        selected: of.path() == selected,
        depth: u8::from(!of.is_section()),
    };
    sector::all().iter().map(choice).collect()
}

/// What is filtered by, each with the address without it.
fn chips(within: &Within, labels: &Labels, kind: RecordKind, query: &ListQuery, path: &str) -> Vec<Chip> {
    let t = within.locale;
    let mut chips = Vec::new();
    let mut chip = |label: &str, value: String, remove: String| {
        chips.push(Chip { label: label.to_owned(), value, remove });
    };
    if !query.get(WORDS).is_empty() {
        chip(t.search(), query.get(WORDS).to_owned(), query.address(path, &[WORDS], &[]));
    }
    if let Some(region) = labels.names.region_coded(query.get(PLACE)) {
        chip(t.region(), labels.region(region.id), query.address(path, &[PLACE, "place_by"], &[]));
    }
    if query.get("archived") == "yes" {
        chip(t.state(), t.archived().to_owned(), query.address(path, &["archived"], &[]));
    }
    let mut spans: Vec<(String, String)> = Vec::new();
    if let Some(of) = kind.amount() {
        spans.push((AMOUNT.to_owned(), labels::pick(t, of.zh, of.en).to_owned()));
    }
    for field in kind.fields().iter().filter(|field| field.filter) {
        match field.kind {
            FieldType::Choice(list) => {
                for code in query.all(field.code) {
                    let of = list.iter().find(|choice| choice.code == code);
                    let value = of.map_or(code, |choice| choice_label(t, choice)).to_owned();
                    chip(field_label(t, field), value, query.address_less(path, field.code, code));
                }
            }
            FieldType::Date | FieldType::Quantity(_) => {
                spans.push((field.code.to_owned(), field_label(t, field).to_owned()));
            }
            _ if query.get(field.code).is_empty() => {}
            FieldType::Sector => {
                let value = sector_label(t, query.get(field.code));
                chip(field_label(t, field), value, query.address(path, &[field.code], &[]));
            }
            _ => {
                let value = query.get(field.code).to_owned();
                chip(field_label(t, field), value, query.address(path, &[field.code], &[]));
            }
        }
    }
    for (name, label) in spans {
        let [from, to] = ["_from", "_to"].map(|end| format!("{name}{end}"));
        let (low, high) = (query.get(&from), query.get(&to));
        if !low.is_empty() || !high.is_empty() {
            chip(&label, format!("{low} – {high}"), query.address(path, &[&from, &to], &[]));
        }
    }
    chips
}

/// What is filtered by in words, for exports.
pub(crate) fn in_words(within: &Within, labels: &Labels, kind: RecordKind, query: &ListQuery) -> String {
    let chips = chips(within, labels, kind, query, "");
    let words: Vec<_> = chips.iter().map(|chip| format!("{}: {}", chip.label, chip.value)).collect();
    if words.is_empty() { within.locale.all().to_owned() } else { words.join("; ") }
}

/// The label of one of a list of choices, for people.
pub(crate) fn choices(t: Locale, list: &[domain::record::Choice], selected: &str) -> Vec<Choice> {
    list.iter().map(|of| choice(of.code, choice_label(t, of), selected)).collect()
}
