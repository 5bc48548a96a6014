//! The conditions of a list, each as a clause over its rows and, where an index leads to them, as the rows themselves.

use super::{Condition, ListFilter, Query, SortBy, sort_key};
use crate::db::{Param, Tx};
use crate::error::Result;
use crate::reach::{Reach, ReachKey};
use crate::record::RecordKind;
use crate::tally::{aid_kept_in, milestone_rank};
use domain::record::{FieldInfo, FieldType};

/// Rows that may lead to a list: more are slower to look up and sort than the list is to walk.
const RARE: i64 = if cfg!(test) { 2 } else { 5_000 };
/// So few that no further condition is looked at.
const FEW: i64 = 50;

/// What leads SQLite to the rows of a list.
pub(super) enum Leader {
    /// A statement of ids, which are few.
    Few(String),
    /// A clause over the kind's own table, by an index that has its rows in the order they were made.
    InOrder(String),
}

/// The rows of the condition that fewest records hold, if these are few. They are counted through indexes, and no further
/// than that. Where the list comes in the order that records were made, one value of a field leads to it in that order,
/// however many hold it.
pub(super) async fn rarest(
    tx: &mut Tx,
    programme: i64,
    (filter, by): (&ListFilter, SortBy),
    values: &mut Vec<Param>,
) -> Result<Option<Leader>> {
    let kind = filter.kind;
    let mut least = RARE + 1;
    let mut leader = None;
    for leads in filter.conditions.iter().map(Leads::Condition).chain([Leads::Reach(&filter.reach)]) {
        let mut of_count = Vec::new();
        let Some(rows) = leads.rows(kind, programme, &mut of_count) else { continue };
        of_count.push(least.into());
        let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM ({rows}) LIMIT ${}) x", of_count.len());
        let count = tx.int(&sql, of_count).await?;
        if count < least {
            (least, leader) = (count, Some(leads));
        }
        if least <= FEW {
            break;
        }
    }
    if matches!(by, SortBy::Created) {
        let mut of_one_value = filter.conditions.iter().filter(|condition| condition.is_one_value());
        let in_order = match leader {
            Some(Leads::Condition(condition)) => Some(condition).filter(|condition| condition.is_one_value()),
            Some(Leads::Reach(_)) => None,
            None => of_one_value.next(),
        };
        if let Some(clause) = in_order.and_then(|condition| condition.own_rows(values)) {
            return Ok(Some(Leader::InOrder(clause)));
        }
    }
    let Some(leads) = leader else { return Ok(None) };
    let rows = leads.rows(kind, programme, values);
    // Counted as they come, which ends early; leading, each comes once.
    let once = |rows| if leads.repeats() { format!("SELECT DISTINCT id FROM ({rows})") } else { rows };
    Ok(rows.map(|rows| Leader::Few(once(rows))))
}

/// What may lead to the rows of a list.
enum Leads<'a> {
    Condition(&'a Condition),
    Reach(&'a Reach),
}

impl Leads<'_> {
    /// Whether a record may be among its rows more than once.
    fn repeats(&self) -> bool {
        use Condition::{Linked, Within};
        matches!(self, Self::Reach(_) | Self::Condition(Within { geographic: false, .. } | Linked(..)))
    }

    fn rows(&self, kind: RecordKind, programme: i64, values: &mut Vec<Param>) -> Option<String> {
        match self {
            Self::Condition(condition) => condition.rows(kind, programme, values),
            Self::Reach(reach) if reach.all => None,
            Self::Reach(reach) => {
                let keys = places(values, &reach.keys);
                Some(format!("SELECT record_id AS id FROM record_reach WHERE key IN ({keys})"))
            }
        }
    }
}

fn place(values: &mut Vec<Param>, value: impl Into<Param>) -> String {
    values.push(value.into());
    format!("${}", values.len())
}

fn places<'a, T: Into<Param> + 'a>(values: &mut Vec<Param>, all: impl IntoIterator<Item = T>) -> String {
    all.into_iter().map(|value| place(values, value)).collect::<Vec<_>>().join(", ")
}

impl Condition {
    /// The ids of the records that hold it, some of them repeatedly, and of others that may be of another kind; none where no
    /// index leads to them.
    fn rows(&self, kind: RecordKind, programme: i64, values: &mut Vec<Param>) -> Option<String> {
        let Some(clause) = self.own_rows(values) else { return self.rows_elsewhere(programme, values) };
        let programme = place(values, programme);
        Some(format!(
            "SELECT k.record_id AS id FROM {} k WHERE k.programme_id = {programme} AND {clause}",
            kind.code()
        ))
    }

    /// Whether it asks for one value of a field, by whose index the rows come in the order they were made.
    fn is_one_value(&self) -> bool {
        match self {
            Self::OneOf(field, codes) => {
                is_named(field)
                    && matches!(&codes[..], [code] if !code.is_empty() && !is_section(field, code))
            }
            Self::Is(field, _) => is_named(field),
            _ => false,
        }
    }

    /// The clause over the kind's own table that an index there leads by; none where no index does.
    fn own_rows(&self, values: &mut Vec<Param>) -> Option<String> {
        Some(match self {
            Self::OneOf(field, codes)
                if !codes.iter().any(|code| is_section(field, code) || code.is_empty()) =>
            {
                format!("k.{} IN ({})", field.column()?, places(values, codes))
            }
            Self::OneOf(field, codes) if codes.len() == 1 && is_section(field, &codes[0]) => {
                let (from, to) = (place(values, &codes[0]), place(values, format!("{}~", codes[0])));
                format!("k.{column} >= {from} AND k.{column} < {to}", column = field.column()?)
            }
            Self::Is(field, id) => format!("k.{} = {}", field.column()?, place(values, *id)),
            Self::Unknown(field) if field.sort => {
                let (key, int) = sort_key(SortBy::Field(field))?;
                format!("{key} = {}", if int { "-1" } else { "''" })
            }
            Self::Unknown(field) if is_named(field) => {
                format!("k.{} IS NULL", field.column()?)
            }
            Self::Days(field, from, to) if field.sort => {
                let (key, _) = sort_key(SortBy::Field(field))?;
                let from = from.map_or_else(|| "0".to_owned(), |day| day.to_string());
                let to = to.map_or_else(|| "~".to_owned(), |day| day.to_string());
                format!("{key} BETWEEN {} AND {}", place(values, from), place(values, to))
            }
            Self::Numbers(field, from, to) if field.sort => range(SortBy::Field(field), *from, *to, values)?,
            Self::Amount(from, to) => range(SortBy::Amount, *from, *to, values)?,
            _ => return None,
        })
    }

    /// The same for what stands in other tables than the kind's own.
    fn rows_elsewhere(&self, programme: i64, values: &mut Vec<Param>) -> Option<String> {
        Some(match self {
            Self::Within { region, geographic: false } => {
                format!(
                    "SELECT x.record_id AS id FROM region_tree t CROSS JOIN record_region x
                     WHERE t.ancestor_id = {} AND x.region_id = t.descendant_id",
                    place(values, *region)
                )
            }
            Self::Within { region, geographic: true } => {
                let key = place(values, ReachKey::Geographic(*region).to_string());
                format!("SELECT record_id AS id FROM record_reach WHERE key = {key}")
            }
            Self::Linked(of, id) => {
                format!(
                    "SELECT from_id AS id FROM record_link WHERE to_id = {} AND kind = {}
                     AND removed_change_id IS NULL",
                    place(values, *id),
                    place(values, *of)
                )
            }
            Self::Light(lights) => {
                let programme = place(values, programme);
                let lights = places(values, lights.iter().map(|light| light.code()));
                format!(
                    "SELECT l.record_id AS id FROM project_light l
                     WHERE l.programme_id = {programme} AND l.light IN ({lights})"
                )
            }
            Self::Reached(milestone) => {
                let (programme, from) = (place(values, programme), place(values, milestone_rank(*milestone)));
                format!(
                    "SELECT s.record_id AS id FROM project_standing s
                     WHERE s.programme_id = {programme} AND s.reached >= {from}"
                )
            }
            Self::Among(ids) if !ids.is_empty() => {
                let ids = places(values, ids.iter().copied());
                format!("SELECT id FROM record WHERE id IN ({ids})")
            }
            _ => return None,
        })
    }

    /// Adds to a statement that it holds.
    pub(super) fn add(&self, query: &mut Query) {
        match self {
            Self::OneOf(field, codes) => one_of(query, field, codes),
            Self::Is(field, id) => {
                let (place, column) = (query.place(*id), column(query, field));
                query.and(&format!("{column} = {place}"));
            }
            Self::Days(field, from, to) => {
                let day = |day: &Option<jiff::civil::Date>| day.map(Param::from);
                let column = column(query, field);
                between(query, &column, day(from), day(to));
            }
            Self::Numbers(field, from, to) => {
                let column = column(query, field);
                between(query, &column, from.map(Param::from), to.map(Param::from));
            }
            Self::Amount(from, to) => {
                between(query, "k.amount", from.map(Param::from), to.map(Param::from));
            }
            Self::Unknown(field) if matches!(field.kind, FieldType::Links(..)) => {
                let place = query.place(field.code);
                query.and(&format!(
                    "NOT EXISTS (SELECT 1 FROM record_link l WHERE l.from_id = r.id AND l.kind = {place}
                     AND l.removed_change_id IS NULL)"
                ));
            }
            Self::Unknown(field) => {
                let column = column(query, field);
                query.and(&format!("{column} IS NULL"));
            }
            Self::Within { region, geographic } => within(query, *region, *geographic),
            Self::Linked(kind, id) => {
                let (kind, id) = (query.place(*kind), query.place(*id));
                query.and(&format!(
                    "EXISTS (SELECT 1 FROM record_link l WHERE l.from_id = r.id AND l.kind = {kind} AND l.to_id = {id}
                     AND l.removed_change_id IS NULL)"
                ));
            }
            Self::Among(ids) => {
                let ids = places(&mut query.values, ids.iter().copied());
                query.and(&if ids.is_empty() { "1 = 0".to_owned() } else { format!("r.id IN ({ids})") });
            }
            Self::Light(lights) => {
                let lights = places(&mut query.values, lights.iter().map(|light| light.code()));
                query.and(&format!(
                    "EXISTS (SELECT 1 FROM project_light l WHERE l.record_id = r.id AND l.light IN ({lights}))"
                ));
            }
            Self::Reached(milestone) => {
                let from = query.place(milestone_rank(*milestone));
                query.and(&format!(
                    "EXISTS (SELECT 1 FROM project_standing s WHERE s.record_id = r.id AND s.reached >= {from})"
                ));
            }
            Self::AidYear(year) => {
                let of_year = aid_kept_in(Some(*year), &mut query.values);
                query.and(&format!(
                    "EXISTS (SELECT 1 FROM aid_money m WHERE m.project_id = r.id AND {of_year})"
                ));
            }
            Self::MadeBy(user) => {
                let place = query.place(*user);
                query.and(&format!("r.created_by = {place}"));
            }
        }
    }
}

fn column(query: &Query, field: &FieldInfo) -> String {
    field.column().map_or_else(|| "NULL".to_owned(), |column| query.unindexed(&format!("k.{column}")))
}

/// Whether a field holds a code or a record, by an index of its own.
fn is_named(field: &FieldInfo) -> bool {
    match field.kind {
        FieldType::Record(_) => true,
        FieldType::Choice(_) | FieldType::Stage | FieldType::Sector | FieldType::Region => field.filter,
        _ => false,
    }
}

/// Whether a code is a section of sectors, which stands for its divisions: a letter, they are that letter and two digits.
fn is_section(field: &FieldInfo, code: &str) -> bool {
    matches!(field.kind, FieldType::Sector) && code.len() == 1
}

fn one_of(query: &mut Query, field: &FieldInfo, codes: &[String]) {
    let column = column(query, field);
    let clause = |query: &mut Query, code: &String| {
        if code.is_empty() {
            return format!("{column} IS NULL");
        }
        let place = query.place(code);
        if is_section(field, code) {
            let next = query.place(format!("{code}~"));
            format!("({column} >= {place} AND {column} < {next})")
        } else {
            format!("{column} = {place}")
        }
    };
    let clauses: Vec<_> = codes.iter().map(|code| clause(query, code)).collect();
    query.and(&if clauses.is_empty() { "1 = 0".to_owned() } else { format!("({})", clauses.join(" OR ")) });
}

/// A protected record (law 5) has no key of its regions, so that these open it to nobody; who sees it still finds it by them.
fn within(query: &mut Query, region: i64, geographic: bool) {
    if geographic {
        let place = query.place(ReachKey::Geographic(region).to_string());
        query.and(&format!(
            "EXISTS (SELECT 1 FROM record_reach x WHERE x.record_id = r.id AND x.key = {place})"
        ));
        return;
    }
    let (key, place) = (query.place(ReachKey::Region(region).to_string()), query.place(region));
    // Asked of each in turn: for EXISTS, PostgreSQL would gather all holders of the key, figures among them, for each page.
    query.and(&format!(
        "((SELECT 1 FROM record_reach x WHERE x.record_id = r.id AND x.key = {key}) = 1
         OR r.protected = 1 AND EXISTS (SELECT 1 FROM record_region x JOIN region_tree t ON t.descendant_id = x.region_id
         WHERE x.record_id = r.id AND t.ancestor_id = {place}))"
    ));
}

fn between(query: &mut Query, column: &str, from: Option<Param>, to: Option<Param>) {
    for (sign, bound) in [(">=", from), ("<=", to)] {
        if let Some(bound) = bound {
            let place = query.place(bound);
            query.and(&format!("{column} {sign} {place}"));
        }
    }
}

/// A range of whole numbers, none of which is below zero, by the index that sorts them.
fn range(by: SortBy, from: Option<i64>, to: Option<i64>, values: &mut Vec<Param>) -> Option<String> {
    let (key, _) = sort_key(by)?;
    let (from, to) = (place(values, from.unwrap_or(0)), place(values, to.unwrap_or(i64::MAX)));
    Some(format!("{key} BETWEEN {from} AND {to}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;
    use crate::list::tests::conditions;

    #[tokio::test]
    async fn an_index_leads_to_the_rows_of_every_condition() {
        let sqlite = testing::databases().await.into_iter().next().expect("SQLite is the first");
        let mut tx = sqlite.read().await.expect("a transaction");
        for kind in RecordKind::described() {
            let naming = kind.fields().iter().filter(|field| matches!(field.kind, FieldType::Record(_)));
            for condition in conditions(kind).into_iter().chain(naming.map(|field| Condition::Is(field, 1))) {
                let mut values = Vec::new();
                let Some(rows) = condition.rows(kind, 1, &mut values) else { continue };
                let plan = tx.all(&format!("EXPLAIN QUERY PLAN {rows}"), values).await.expect("understood");
                for step in plan {
                    let step = step.text(3).expect("a step");
                    assert!(!step.starts_with("SCAN"), "{kind:?} {condition:?}: {step}");
                    assert!(!step.contains("(programme_id=?)"), "{kind:?} {condition:?}: {step}");
                }
            }
        }
    }
}
