//! The state of a list, which is the query of its address: filters, sort, columns, place of the page.

use crate::cookie::escape;
use crate::failure::{self, Failure};
use crate::labels::Labels;
use crate::visit::Within;
use app::{Condition, Cursor, ListFilter, Problem, Record, RecordKind, Sort, SortBy};
use domain::light::Light;
use domain::record::{FieldInfo, FieldType};
use domain::stage::{Milestone, is_aside};
use jiff::civil::Date;
use pages::picked_code;
use std::collections::{BTreeMap, HashMap};

/// Name of the region filter in the query.
pub(crate) const PLACE: &str = "place";
/// Name of the filter by a second region that takes part.
pub(crate) const WITH: &str = "with";
/// Name of the amount filter and column.
pub(crate) const AMOUNT: &str = "amount";
/// Name of the search field.
pub(crate) const WORDS: &str = "q";
/// Name of the title in `sort`.
pub(crate) const TITLE: &str = "title";
/// Name of the last change in `sort` and `column`.
pub(crate) const CHANGED: &str = "changed";
/// Name of the filter that shows archived records in place of those in use.
pub(crate) const ARCHIVED: &str = "archived";
/// Name of the filter for fields of which nothing is known.
pub(crate) const MISSING: &str = "missing";
/// Name of the filter of projects by their light.
pub(crate) const LIGHT: &str = "light";
/// Name of the filter by the milestone that was reached.
pub(crate) const REACHED: &str = "reached";
/// The choice or sector of which nothing is known.
pub(crate) const UNKNOWN: &str = "unknown";
/// Keys that say where the page begins; no form carries them on.
const PAGE_KEYS: &[&str] = &["after", "after_key"];

/// The query of a list as pairs, in order, without empty values.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListQuery {
    pairs: Vec<(String, String)>,
}

impl ListQuery {
    pub(crate) fn new(pairs: Vec<(String, String)>) -> Self {
        Self { pairs: pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect() }
    }

    /// Reads what a form or a saved view holds.
    pub(crate) fn parse(query: &str) -> Self {
        Self::new(crate::form_body::pairs(query.trim_start_matches('?').as_bytes()))
    }

    pub(crate) fn get(&self, key: &str) -> &str {
        self.pairs.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The pairs without the place of the page.
    pub(crate) fn state(&self) -> Vec<(String, String)> {
        self.pairs.iter().filter(|(key, _)| !PAGE_KEYS.contains(&key.as_str())).cloned().collect()
    }

    /// The query text of the state without these keys, with these pairs at its end.
    pub(crate) fn text(&self, without: &[&str], with: &[(&str, &str)]) -> String {
        let state = self.state();
        let kept = state.iter().filter(|(key, _)| !without.contains(&key.as_str()));
        let kept = kept.map(|(key, value)| (key.as_str(), value.as_str()));
        let pairs: Vec<_> = kept
            .chain(with.iter().copied())
            .map(|(key, value)| format!("{}={}", escape(key), escape(value)))
            .collect();
        pairs.join("&")
    }

    /// An address with that query.
    pub(crate) fn address(&self, path: &str, without: &[&str], with: &[(&str, &str)]) -> String {
        let query = self.text(without, with);
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// An address without one value of a key.
    pub(crate) fn address_less(&self, path: &str, key: &str, value: &str) -> String {
        let mut less = self.clone();
        less.pairs.retain(|(name, of)| name != key || of != value);
        less.address(path, &[], &[])
    }

    /// What is sorted by: `sort` is a name, with a minus before it for the largest first. A name that the kind is not
    /// sorted by leaves the newest first.
    pub(crate) fn sort(&self, kind: RecordKind) -> Sort {
        let text = self.get("sort");
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let by = match name {
            TITLE => SortBy::Title,
            CHANGED => SortBy::Changed,
            AMOUNT if kind.amount().is_some() => SortBy::Amount,
            code => match kind.field(code).filter(|field| field.sort) {
                Some(field) => SortBy::Field(field),
                None => return Sort::default(),
            },
        };
        Sort { by, descending }
    }

    /// Where the page begins; what is no place begins at the first.
    pub(crate) fn cursor(&self) -> Option<Cursor> {
        let id = self.get("after").parse().ok()?;
        let key = self.pairs.iter().find(|(name, _)| name == "after_key");
        Some(Cursor { key: key.map(|(_, key)| key.clone()).unwrap_or_default(), id })
    }

    /// What the query asks for.
    pub(crate) async fn asked(
        &self,
        within: &Within,
        labels: &Labels,
        kind: RecordKind,
    ) -> Result<Asked, Failure> {
        let mut filter = ListFilter::of(kind);
        filter.archived = self.get(ARCHIVED) == "yes";
        filter.text = self.get(WORDS).to_owned();
        let mut asked =
            Asked { filter, problems: BTreeMap::new(), records: HashMap::new(), region: None, with: None };
        let place = self.get(PLACE);
        if !place.is_empty() {
            match labels.names.region_named(picked_code(place)) {
                Some(region) => {
                    let geographic = self.get("place_by") == "geographic";
                    asked.region = Some(region.id);
                    asked.filter.conditions.push(Condition::Within { region: region.id, geographic });
                }
                None => asked.problem(within, PLACE, "unknown"),
            }
        }
        let with = self.get(WITH);
        if !with.is_empty() {
            match labels.names.region_named(picked_code(with)) {
                Some(region) => {
                    asked.with = Some(region.id);
                    let within = Condition::Within { region: region.id, geographic: false };
                    asked.filter.conditions.push(within);
                }
                None => asked.problem(within, WITH, "unknown"),
            }
        }
        if kind.amount().is_some() {
            let ends = [self.fen("amount_from"), self.fen("amount_to")];
            asked.span(within, AMOUNT, ends, Condition::Amount);
        }
        for field in kind.fields().iter().filter(|field| field.filter) {
            self.condition(within, labels, field, &mut asked).await?;
        }
        let lights: Vec<&str> = self.all(LIGHT).collect();
        if kind == RecordKind::Project && !lights.is_empty() {
            match lights.into_iter().map(Light::from_code).collect::<Option<Vec<_>>>() {
                Some(lights) => asked.filter.conditions.push(Condition::Light(lights)),
                None => asked.problem(within, LIGHT, "unknown"),
            }
        }
        let reached = self.get(REACHED);
        if kind == RecordKind::Project && !reached.is_empty() {
            match Milestone::from_code(reached).filter(|milestone| !is_aside(*milestone)) {
                Some(milestone) => asked.filter.conditions.push(Condition::Reached(milestone)),
                None => asked.problem(within, REACHED, "unknown"),
            }
        }
        for code in self.all(MISSING) {
            match kind.field(code).filter(|field| may_be_missing(field) || field.filter) {
                Some(field) => asked.filter.conditions.push(Condition::Unknown(field)),
                None => asked.problem(within, MISSING, "unknown"),
            }
        }
        // What cannot be understood finds nothing, rather than more than was meant.
        if !asked.problems.is_empty() {
            asked.filter.conditions.push(Condition::Among(Vec::new()));
        }
        Ok(asked)
    }

    async fn condition(
        &self,
        within: &Within,
        labels: &Labels,
        field: &'static FieldInfo,
        asked: &mut Asked,
    ) -> Result<(), Failure> {
        let value = self.get(field.code);
        let condition = match field.kind {
            FieldType::Date => {
                let ends = ["_from", "_to"].map(|end| self.day(field, end));
                asked.span(within, field.code, ends, |from, to| Condition::Days(field, from, to));
                return Ok(());
            }
            FieldType::Quantity(_) => {
                let ends = ["_from", "_to"].map(|end| self.number(field, end));
                asked.span(within, field.code, ends, |from, to| Condition::Numbers(field, from, to));
                return Ok(());
            }
            _ if value.is_empty() => return Ok(()),
            FieldType::Choice(_) | FieldType::Stage | FieldType::Sector => {
                let is_stage = |code: &str| labels.stages.iter().any(|stage| stage.code == code);
                let known = |code: &str| match code {
                    UNKNOWN => Some(String::new()),
                    code if matches!(field.kind, FieldType::Stage) => is_stage(code).then(|| code.to_owned()),
                    code => field.parse(code).ok().map(|_| code.to_owned()),
                };
                let codes: Option<Vec<String>> = self.all(field.code).map(known).collect();
                codes.map(|codes| Condition::OneOf(field, codes))
            }
            FieldType::Region => {
                let region = labels.names.region_named(picked_code(value));
                region.map(|region| Condition::Is(field, region.id))
            }
            FieldType::Record(kind) => {
                let code = picked_code(value);
                let found = within.app().record_list_named(&within.actor, within.id(), kind, code).await?;
                if found.len() > 1 {
                    asked.problem(within, field.code, "ambiguous");
                    return Ok(());
                }
                let found = found.into_iter().next();
                let condition = found.as_ref().map(|record| Condition::Is(field, record.id));
                asked.records.extend(found.map(|record| (field.code, record)));
                condition
            }
            _ => return Ok(()),
        };
        match condition {
            Some(condition) => asked.filter.conditions.push(condition),
            None => asked.problem(within, field.code, "unknown"),
        }
        Ok(())
    }

    fn day(&self, field: &'static FieldInfo, end: &str) -> End<Date> {
        let text = self.get(&format!("{}{end}", field.code)).trim();
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| "date") }
    }

    fn number(&self, field: &'static FieldInfo, end: &str) -> End<i64> {
        let text = self.get(&format!("{}{end}", field.code)).trim();
        if text.is_empty() { Ok(None) } else { field.parse(text).map(|of| of.int()).map_err(|_| "number") }
    }

    /// An amount in 万元.
    fn fen(&self, key: &str) -> End<i64> {
        let text = self.get(key).trim();
        if text.is_empty() {
            return Ok(None);
        }
        let wan = domain::quantity::typed_number(text).ok_or("number")?;
        let yuan = wan.checked_mul(10_000.into()).ok_or("too-large")?;
        domain::quantity::to_scale(yuan, domain::Unit::cny()).map(Some).map_err(|_| "too-large")
    }
}

/// One end of a span: nothing typed, or the code of what is wrong with it.
type End<T> = Result<Option<T>, &'static str>;

/// What a query asks for, as far as it can be understood.
pub(crate) struct Asked {
    /// Finds nothing where there are problems.
    pub filter: ListFilter,
    /// What is wrong, by the name of the filter, and what would be right.
    pub problems: BTreeMap<&'static str, String>,
    /// The records that filters name, by field.
    pub records: HashMap<&'static str, Record>,
    /// The region whose tree it is.
    pub region: Option<i64>,
    /// The second region that takes part.
    pub with: Option<i64>,
}

impl Asked {
    fn problem(&mut self, within: &Within, name: &'static str, code: &'static str) {
        let problem = Problem { field: name.to_owned(), code, hint: String::new() };
        self.problems.insert(name, failure::problem(within.locale, &problem));
    }

    fn span<T: PartialOrd>(
        &mut self,
        within: &Within,
        name: &'static str,
        [from, to]: [End<T>; 2],
        condition: impl FnOnce(Option<T>, Option<T>) -> Condition,
    ) {
        match (from, to) {
            (Err(code), _) | (_, Err(code)) => self.problem(within, name, code),
            (Ok(None), Ok(None)) => {}
            (Ok(Some(from)), Ok(Some(to))) if to < from => self.problem(within, name, "order"),
            (Ok(from), Ok(to)) => self.filter.conditions.push(condition(from, to)),
        }
    }
}

/// Whether a list can be filtered by what lacks this field.
pub(crate) fn may_be_missing(field: &FieldInfo) -> bool {
    field.due || field.required
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_kept_in_addresses_without_the_place_of_the_page() {
        let query =
            ListQuery::parse("status=open&status=draft&q=%E7%95%AA%E8%8C%84&after=7&after_key=x&empty=");
        assert_eq!(query.address("/l", &[], &[]), "/l?status=open&status=draft&q=%E7%95%AA%E8%8C%84");
        assert_eq!(query.address_less("/l", "status", "open"), "/l?status=draft&q=%E7%95%AA%E8%8C%84");
        assert_eq!(query.address("/l", &["status", "q"], &[("sort", "-amount")]), "/l?sort=-amount");
        assert_eq!(query.cursor(), Some(Cursor { key: "x".into(), id: 7 }));
    }

    #[test]
    fn only_what_a_kind_sorts_by_is_sorted_by() {
        let sort = |text: &str, kind| ListQuery::parse(&format!("sort={text}")).sort(kind);
        let newest = |sort: Sort| matches!(sort, Sort { by: SortBy::Created, descending: true });
        let amount = sort("-amount", RecordKind::Agreement);
        assert!(matches!(amount, Sort { by: SortBy::Amount, descending: true }));
        assert!(newest(sort("amount", RecordKind::Park)));
        assert!(!sort("signed_on", RecordKind::Agreement).descending);
        assert!(newest(sort("note", RecordKind::Agreement)) && newest(sort("1;DROP", RecordKind::Agreement)));
    }
}
