//! What stands around a pairing or an office on its page: numbers that open to their lists, money that opens to its totals.

use crate::cookie::escape;
use crate::failure::Failure;
use crate::format;
use crate::labels::{self, Labels};
use crate::list_query::ListQuery;
use crate::overview;
use crate::progress::move_row;
use crate::regions::region_link;
use crate::reporting;
use crate::totals::pair_address;
use crate::values::{field_label, kind_label, link_to, record_link};
use crate::visit::Within;
use app::{Entry, EntryDetail, MOST_COUNTED, RecordKind, Right, Sort, filing_punctuality};
use domain::tally::DEFAULT_RULE;
use jiff::ToSpan;
use pages::{Around, AroundFiling, AroundSide, Count, FunnelRow, Link, MoveRow, PairingRow, StageTable};

/// Offices that one side of a pairing names.
const OFFICES: i64 = 8;

/// The fields by which a project is an office's.
const ROLES: [&str; 3] = ["owner", "team", "task_force"];

/// A number with separators of thousands.
pub(crate) fn number(count: i64) -> String {
    format::decimal(i128::from(count), 0)
}

/// A number of records that were counted up to [`MOST_COUNTED`] and one more; the list has the rest.
pub(crate) fn counted(found: i64) -> String {
    if found > MOST_COUNTED { format!("{}+", number(MOST_COUNTED)) } else { number(found) }
}

/// The address of a list under a query.
pub(crate) fn list(within: &Within, kind: RecordKind, query: &str) -> String {
    within.to(&format!("lists/{}?{query}", kind.code()))
}

/// How many records the list of a query has: what it opens to is what was counted. None for who may not see the kind.
pub(crate) async fn count(
    within: &Within,
    labels: &Labels,
    kind: RecordKind,
    label: &str,
    query: &str,
) -> Result<Option<Count>, Failure> {
    if !within.may(app::view_right(kind)) {
        return Ok(None);
    }
    let filter = ListQuery::parse(query).asked(within, labels, kind).await?.filter;
    let found = within.app().entry_count(&within.actor, within.id(), filter, MOST_COUNTED + 1).await?;
    Ok(Some(Count { label: label.to_owned(), count: counted(found), href: list(within, kind, query) }))
}

async fn counts(
    within: &Within,
    labels: &Labels,
    all: &[(RecordKind, &str, String)],
) -> Result<Vec<Count>, Failure> {
    let mut counts = Vec::new();
    for (kind, label, query) in all {
        counts.extend(count(within, labels, *kind, label, query).await?);
    }
    Ok(counts)
}

/// The pairings of a list as lines, and whether there are more.
pub(crate) async fn pairing_rows(
    within: &Within,
    labels: &Labels,
    query: &str,
    limit: i64,
) -> Result<(Vec<PairingRow>, bool), Failure> {
    let kind = RecordKind::Pairing;
    let query = ListQuery::parse(query);
    let filter = query.asked(within, labels, kind).await?.filter;
    let page =
        within.app().entry_list(&within.actor, within.id(), filter, Sort::default(), None, limit).await?;
    let row = |entry: &Entry| {
        let region = |field| entry.id(field).map(|id| region_link(within, labels, id)).unwrap_or_default();
        let park = |field| entry.id(field).and_then(|id| page.names.get(&id));
        let parks = ["supporting_park", "host_park"].into_iter().filter_map(park);
        let day = |field| entry.day(field).map(|day| day.to_string()).unwrap_or_default();
        PairingRow {
            pairing: link_to(within, &entry.record),
            supporting: region("supporting"),
            host: region("host"),
            level: level(within, entry).to_owned(),
            parks: parks.map(|name| record_link(within, name)).collect(),
            since: day("since"),
            until: day("until"),
        }
    };
    Ok((page.entries.iter().map(row).collect(), page.next.is_some()))
}

/// A pairing is of parks where it names one.
fn level(within: &Within, pairing: &Entry) -> &'static str {
    let of_parks = pairing.id("host_park").or(pairing.id("supporting_park")).is_some();
    if of_parks { within.locale.pairing_parks() } else { within.locale.pairing_regions() }
}

/// The part of a record's page; none for what is neither a pairing nor an office.
pub(crate) async fn part(
    within: &Within,
    labels: &Labels,
    detail: &EntryDetail,
) -> Result<Option<Around>, Failure> {
    match detail.entry.record.kind {
        RecordKind::Pairing => pairing(within, labels, detail).await,
        RecordKind::Office => office(within, labels, detail).await.map(Some),
        _ => Ok(None),
    }
}

/// The day before today in the programme, as lists are filtered by what was due.
pub(crate) fn before(within: &Within) -> String {
    let today = within.today();
    today.checked_sub(1.days()).unwrap_or(today).to_string()
}

/// Problems and milestones of a scope that were due before today.
fn overdue(within: &Within, scope: &str) -> [(RecordKind, &'static str, String); 2] {
    let (t, before) = (within.locale, before(within));
    [
        (RecordKind::Problem, t.progress_problems_due(), format!("status=open&due_on_to={before}&{scope}")),
        (
            RecordKind::Milestone,
            t.progress_milestones_due(),
            format!("missing=met_on&due_on_to={before}&{scope}"),
        ),
    ]
}

async fn pairing(within: &Within, labels: &Labels, detail: &EntryDetail) -> Result<Option<Around>, Failure> {
    let entry = &detail.entry;
    let Some((host, supporting)) = entry.id("host").zip(entry.id("supporting")) else { return Ok(None) };
    let t = within.locale;
    let codes = (labels.region_code(host), labels.region_code(supporting));
    let scope = format!("place={}&with={}", escape(&codes.0), escape(&codes.1));
    let park = entry.id("host_park").and_then(|id| detail.names.get(&id));
    let projects = match park {
        Some(park) => format!("{scope}&park={}", escape(&park.code)),
        None => scope.clone(),
    };
    let kind = |kind: RecordKind| kind_label(t, kind);
    let mut late = vec![
        (RecordKind::Project, t.progress_light_red(), format!("light=red&{projects}")),
        (RecordKind::Project, t.progress_light_yellow(), format!("light=yellow&{projects}")),
    ];
    late.extend(overdue(within, &scope));
    let dealings = [
        RecordKind::Agreement,
        RecordKind::Event,
        RecordKind::AidProject,
        RecordKind::Opportunity,
        RecordKind::Park,
        RecordKind::Enclave,
    ]
    .map(|of| (of, kind(of), scope.clone()));
    let money = match within.may(Right::ViewTotal) {
        true => {
            let totals = within.app().pair_totals(&within.actor, within.id(), host, supporting).await?;
            let href = |group| pair_address(within, group, &codes.0, &codes.1);
            Some(overview::groups_at(within, &totals, &href))
        }
        false => None,
    };
    Ok(Some(Around {
        locale: t,
        sides: vec![
            side(within, labels, detail, "supporting").await?,
            side(within, labels, detail, "host").await?,
        ],
        level: level(within, entry).to_owned(),
        funnel: funnel(within, labels, &projects).await?,
        hint: if park.is_some() { t.pairing_scope_park() } else { t.pairing_scope_hint() }.to_owned(),
        late: counts(within, labels, &late).await?,
        counts_label: t.around_counts().to_owned(),
        counts: counts(within, labels, &dealings).await?,
        moves: Some(moves(within, labels, &projects).await?),
        money,
        rule: DEFAULT_RULE.to_owned(),
        ..Around::default()
    }))
}

/// One side: its region and park, and the offices that it sends or that are stationed there.
async fn side(
    within: &Within,
    labels: &Labels,
    detail: &EntryDetail,
    side: &str,
) -> Result<AroundSide, Failure> {
    let t = within.locale;
    let (label, field, offices_label, park) = match side {
        "host" => (t.regions_host(), "region", t.pairing_stationed(), "host_park"),
        _ => (t.regions_supporting(), "for_region", t.pairing_sent_by(), "supporting_park"),
    };
    let mut of = AroundSide {
        label: label.to_owned(),
        offices_label: offices_label.to_owned(),
        ..AroundSide::default()
    };
    let Some(region) = detail.entry.id(side) else { return Ok(of) };
    let name = detail.entry.id(park).and_then(|id| detail.names.get(&id));
    (of.region, of.park) = (region_link(within, labels, region), name.map(|name| record_link(within, name)));
    let query = format!("{field}={}", escape(&labels.region_code(region)));
    let filter = ListQuery::parse(&query).asked(within, labels, RecordKind::Office).await?.filter;
    let app = within.app();
    let page = app.entry_list(&within.actor, within.id(), filter, Sort::default(), None, OFFICES).await?;
    of.offices = page.entries.iter().map(|entry| link_to(within, &entry.record)).collect();
    let href = list(within, RecordKind::Office, &query);
    of.all = page.next.map(|_| Link { label: t.all().to_owned(), href });
    Ok(of)
}

/// The projects of a list by stage, phases with their whole.
async fn funnel(within: &Within, labels: &Labels, scope: &str) -> Result<Vec<FunnelRow>, Failure> {
    let query = format!("missing=parent&{scope}");
    let filter = ListQuery::parse(&query).asked(within, labels, RecordKind::Project).await?.filter;
    let counts = within.app().project_stages(&within.actor, within.id(), filter).await?;
    let row = |stage: &app::Stage| {
        let count = counts.get(&stage.code).copied().unwrap_or(0);
        FunnelRow {
            stage: labels.stage(&stage.code).to_owned(),
            count,
            shown: number(count),
            href: list(within, RecordKind::Project, &format!("stage={}&{query}", escape(&stage.code))),
            ..FunnelRow::default()
        }
    };
    Ok(labels.stages.iter().map(row).collect())
}

async fn moves(within: &Within, labels: &Labels, scope: &str) -> Result<Vec<MoveRow>, Failure> {
    let filter = ListQuery::parse(scope).asked(within, labels, RecordKind::Project).await?.filter;
    let moves = within.app().project_moves(&within.actor, within.id(), filter).await?;
    Ok(moves.iter().map(|of| move_row(within, labels, of)).collect())
}

async fn office(within: &Within, labels: &Labels, detail: &EntryDetail) -> Result<Around, Failure> {
    let t = within.locale;
    let code = &detail.entry.record.code;
    let mine = format!("owner={}", escape(code));
    let role = |role: &str| RecordKind::Project.field(role).map_or("", |field| field_label(t, field));
    let mut late = Vec::new();
    for of in ROLES {
        let label = format!("{} · {}", t.regions_late(), role(of));
        let query = format!("light=red&light=yellow&{of}={}", escape(code));
        late.extend(count(within, labels, RecordKind::Project, &label, &query).await?);
    }
    late.extend(counts(within, labels, &overdue(within, &mine)).await?);
    let work = [
        (RecordKind::Problem, t.office_problems_open(), format!("status=open&{mine}")),
        (RecordKind::Milestone, t.office_milestones_open(), format!("missing=met_on&{mine}")),
        (RecordKind::Opportunity, kind_label(t, RecordKind::Opportunity), mine.clone()),
        (RecordKind::Lead, kind_label(t, RecordKind::Lead), mine.clone()),
        (RecordKind::Agreement, kind_label(t, RecordKind::Agreement), mine.clone()),
        (RecordKind::AidProject, kind_label(t, RecordKind::AidProject), mine.clone()),
    ];
    Ok(Around {
        locale: t,
        hint: t.office_stages_hint().to_owned(),
        stages: Some(stage_table(within, labels, code).await?),
        late,
        counts_label: t.office_work().to_owned(),
        counts: counts(within, labels, &work).await?,
        tasks: Some(tasks(within, code).await?),
        filings: Some(filings(within, code).await?),
        ..Around::default()
    })
}

/// One statement a responsibility, however many stages and projects there are.
async fn stage_table(within: &Within, labels: &Labels, code: &str) -> Result<StageTable, Failure> {
    let mut columns = Vec::new();
    for role in ROLES {
        let query = format!("missing=parent&{role}={}", escape(code));
        let filter = ListQuery::parse(&query).asked(within, labels, RecordKind::Project).await?.filter;
        let counts = within.app().project_stages(&within.actor, within.id(), filter).await?;
        let head = RecordKind::Project.field(role).map_or("", |field| field_label(within.locale, field));
        columns.push((head, query, counts));
    }
    let row = |stage: &app::Stage| {
        let cells = columns.iter().map(|(head, query, counts)| Count {
            label: (*head).to_owned(),
            count: number(counts.get(&stage.code).copied().unwrap_or(0)),
            href: list(within, RecordKind::Project, &format!("stage={}&{query}", escape(&stage.code))),
        });
        (labels.stage(&stage.code).to_owned(), cells.collect())
    };
    Ok(StageTable {
        heads: columns.iter().map(|(head, ..)| (*head).to_owned()).collect(),
        rows: labels.stages.iter().map(row).collect(),
    })
}

async fn tasks(within: &Within, code: &str) -> Result<Vec<pages::DueLine>, Failure> {
    let tasks = within.app().office_tasks(&within.actor, within.id(), code).await?;
    let next = within.to(&format!("records/{code}#around"));
    Ok(tasks.iter().map(|task| crate::tasks::line(within, task, within.today(), &next)).collect())
}

async fn filings(within: &Within, code: &str) -> Result<Vec<AroundFiling>, Failure> {
    let t = within.locale;
    let filings = within.app().unit_filings(&within.actor, within.id(), code).await?;
    let row = |(round, filing): &(Entry, app::Filing)| AroundFiling {
        round: Link {
            label: labels::pick_title(t, &round.record).to_owned(),
            href: within.to(&format!("reporting/{}", round.record.code)),
        },
        filing: reporting::filing_link(within, filing),
        due: reporting::day(round, "due_on"),
        state: reporting::state(t, filing.state),
        late: reporting::late(t, filing_punctuality(round, filing, within.today())),
    };
    Ok(filings.iter().map(row).collect())
}
