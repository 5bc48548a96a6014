//! The state of a list, which is the query of its address: filters, sort, columns, place of the page.

use crate::cookie::escape;
use crate::failure::Failure;
use crate::labels::Labels;
use crate::visit::Within;
use app::{Condition, Cursor, ListFilter, RecordKind, Sort, SortBy};
use domain::record::{FieldInfo, FieldType};
use pages::picked_code;

/// Name of the region filter in the query.
pub(crate) const PLACE: &str = "place";
/// Name of the amount filter and column.
pub(crate) const AMOUNT: &str = "amount";
/// Name of the search field.
pub(crate) const WORDS: &str = "q";
/// Name of the title in `sort`.
pub(crate) const TITLE: &str = "title";
/// Name of the last change in `sort` and `column`.
pub(crate) const CHANGED: &str = "changed";
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

    /// What is sorted by: `sort` is a name, with a minus before it for the largest first.
    pub(crate) fn sort(&self, kind: RecordKind) -> Result<Sort, Failure> {
        let text = self.get("sort");
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let by = match name {
            "" => return Ok(Sort::default()),
            TITLE => SortBy::Title,
            CHANGED => SortBy::Changed,
            AMOUNT if kind.amount().is_some() => SortBy::Amount,
            code => {
                let field = kind.field(code).filter(|field| field.sort);
                SortBy::Field(field.ok_or(Failure::BadRequest)?)
            }
        };
        Ok(Sort { by, descending })
    }

    /// Where the page begins.
    pub(crate) fn cursor(&self) -> Result<Option<Cursor>, Failure> {
        match self.get("after") {
            "" => Ok(None),
            id => {
                let id = id.parse().map_err(|_| Failure::BadRequest)?;
                let key = self.pairs.iter().find(|(name, _)| name == "after_key");
                Ok(Some(Cursor { key: key.map(|(_, key)| key.clone()).unwrap_or_default(), id }))
            }
        }
    }

    /// The filter that the query asks for.
    pub(crate) async fn filter(
        &self,
        within: &Within,
        labels: &Labels,
        kind: RecordKind,
    ) -> Result<ListFilter, Failure> {
        let mut filter = ListFilter::of(kind);
        filter.archived = self.get("archived") == "yes";
        filter.text = self.get(WORDS).to_owned();
        if let Some(region) = self.region(labels, PLACE)? {
            let geographic = self.get("place_by") == "geographic";
            filter.conditions.push(Condition::Within { region, geographic });
        }
        if kind.amount().is_some() {
            let [from, to] = ["amount_from", "amount_to"].map(|key| self.fen(key));
            let (from, to) = (from?, to?);
            if from.is_some() || to.is_some() {
                filter.conditions.push(Condition::Amount(from, to));
            }
        }
        for field in kind.fields().iter().filter(|field| field.filter) {
            filter.conditions.extend(self.condition(within, labels, field).await?);
        }
        Ok(filter)
    }

    async fn condition(
        &self,
        within: &Within,
        labels: &Labels,
        field: &'static FieldInfo,
    ) -> Result<Option<Condition>, Failure> {
        let value = self.get(field.code);
        if value == "unknown" {
            return Ok(Some(Condition::Unknown(field)));
        }
        Ok(match field.kind {
            FieldType::Choice(_) | FieldType::Sector => {
                let codes: Vec<String> = self.all(field.code).map(str::to_owned).collect();
                (!codes.is_empty()).then_some(Condition::OneOf(field, codes))
            }
            FieldType::Region => self.region(labels, field.code)?.map(|id| Condition::Is(field, id)),
            FieldType::Record(kind) if !value.is_empty() => {
                let found =
                    within.app().record_named(&within.actor, within.id(), kind, picked_code(value)).await?;
                // What nobody is called finds nothing, and says so as an empty list.
                Some(found.map_or(Condition::Among(Vec::new()), |record| Condition::Is(field, record.id)))
            }
            FieldType::Date => {
                let (from, to) = (self.day(field.code, "_from")?, self.day(field.code, "_to")?);
                (from.is_some() || to.is_some()).then_some(Condition::Days(field, from, to))
            }
            FieldType::Quantity(_) => {
                let (from, to) = (self.number(field, "_from")?, self.number(field, "_to")?);
                (from.is_some() || to.is_some()).then_some(Condition::Numbers(field, from, to))
            }
            _ => None,
        })
    }

    fn region(&self, labels: &Labels, key: &str) -> Result<Option<i64>, Failure> {
        let code = self.get(key);
        let find = || labels.names.region_coded(code).map(|region| region.id).ok_or(Failure::PageNotFound);
        if code.is_empty() { Ok(None) } else { find().map(Some) }
    }

    fn day(&self, code: &str, end: &str) -> Result<Option<jiff::civil::Date>, Failure> {
        let text = self.get(&format!("{code}{end}")).trim().to_owned();
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| Failure::BadRequest) }
    }

    fn number(&self, field: &FieldInfo, end: &str) -> Result<Option<i64>, Failure> {
        let text = self.get(&format!("{}{end}", field.code)).trim().to_owned();
        if text.is_empty() {
            return Ok(None);
        }
        let value = field.parse(&text).map_err(|_| Failure::BadRequest)?;
        Ok(value.int())
    }

    /// An amount in 万元.
    fn fen(&self, key: &str) -> Result<Option<i64>, Failure> {
        let text: String = self.get(key).chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
        if text.is_empty() {
            return Ok(None);
        }
        let wan: domain::Decimal = text.parse().map_err(|_| Failure::BadRequest)?;
        let yuan = wan.checked_mul(10_000.into()).ok_or(Failure::BadRequest)?;
        domain::quantity::to_scale(yuan, domain::Unit::cny()).map(Some).map_err(|_| Failure::BadRequest)
    }
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
        assert_eq!(query.cursor().ok().flatten(), Some(Cursor { key: "x".into(), id: 7 }));
    }

    #[test]
    fn only_what_a_kind_sorts_by_is_sorted_by() {
        let sort = |text: &str, kind| ListQuery::parse(&format!("sort={text}")).sort(kind);
        assert!(matches!(
            sort("-amount", RecordKind::Agreement),
            Ok(Sort { by: SortBy::Amount, descending: true })
        ));
        assert!(sort("amount", RecordKind::Park).is_err());
        assert!(matches!(sort("signed_on", RecordKind::Agreement), Ok(Sort { descending: false, .. })));
        assert!(sort("note", RecordKind::Agreement).is_err());
        assert!(sort("1;DROP", RecordKind::Agreement).is_err());
    }
}
