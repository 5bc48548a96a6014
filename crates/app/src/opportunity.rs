//! Opportunities as host regions show them: what may be published, with the policies that are offered.

use crate::access::{Actor, Right};
use crate::entry::{EntryDetail, RecordName};
use crate::error::Result;
use crate::{App, Error, change};
use domain::Values;
use jiff::civil::Date;
use store::{Entry, ListFilter, RecordKind, Sort};

/// Opportunities of one prospectus at most.
pub const PROSPECTUS_LIMIT: usize = 200;

/// An opportunity with what its public sheet needs.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The opportunity.
    pub detail: EntryDetail,
    /// The policies offered that may be named: published, reviewed and in force.
    pub policies: Vec<Entry>,
    /// The policies offered that may not be named yet.
    pub withheld: Vec<RecordName>,
}

/// Whether a policy may be offered in public on a day: it has a number, a fair-competition review, and is in force.
#[must_use]
pub fn policy_is_public(policy: &Values, day: Date) -> bool {
    let known = |field: &str| policy.contains_key(field);
    let date = |field: &str| policy.get(field).and_then(domain::Value::day);
    let begun = date("valid_from").or(date("issued_on")).is_some_and(|from| from <= day);
    let ends = date("valid_to").is_some_and(|to| to >= day);
    known("number") && known("review_number") && known("review_on") && begun && ends
}

impl App {
    /// An opportunity as its public sheet shows it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has no opportunity with this code that the actor can see.
    pub async fn offer(&self, actor: &Actor, programme: i64, code: &str) -> Result<Offer> {
        let detail = self.entry(actor, programme, code).await?;
        if detail.entry.record.kind != RecordKind::Opportunity {
            return Err(Error::NotFound);
        }
        let mut tx = self.db.read().await?;
        let today = change::local(&mut tx, Some(programme), actor.at).await?.date();
        let (mut policies, mut withheld) = (Vec::new(), Vec::new());
        for link in detail.links.iter().filter(|link| link.kind == "policy") {
            let policy = store::entry_get(&mut tx, link.record.id).await?;
            if !policy.record.archived && policy_is_public(&policy.values, today) {
                policies.push(policy);
            } else {
                let store::Record { code, kind, title, title_en, .. } = policy.record;
                withheld.push(RecordName { code, kind, title, title_en });
            }
        }
        Ok(Offer { detail, policies, withheld })
    }

    /// The opportunities of a list that are offered, for a prospectus: at most [`PROSPECTUS_LIMIT`]; drafts and closed ones
    /// are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prospectus(
        &self,
        actor: &Actor,
        programme: i64,
        filter: ListFilter,
        sort: Sort,
    ) -> Result<Vec<Offer>> {
        actor.require(programme, Right::View)?;
        let limit = i64::try_from(PROSPECTUS_LIMIT).unwrap_or(i64::MAX);
        let page = self.entry_list(actor, programme, filter, sort, None, limit).await?;
        let mut offers = Vec::new();
        for entry in page.entries {
            if matches!(entry.text("status"), Some("open" | "talking")) {
                offers.push(self.offer(actor, programme, &entry.record.code).await?);
            }
        }
        Ok(offers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Value;
    use jiff::civil::date;

    #[test]
    fn only_a_published_reviewed_policy_in_force_is_offered() {
        let whole = Values::from([
            ("number", Value::Text("某政规〔2025〕3号".into())),
            ("issued_on", Value::Day(date(2025, 2, 20))),
            ("valid_from", Value::Day(date(2025, 3, 20))),
            ("valid_to", Value::Day(date(2028, 3, 19))),
            ("review_number", Value::Text("某公平审〔2025〕5号".into())),
            ("review_on", Value::Day(date(2025, 2, 11))),
        ]);
        let day = date(2026, 6, 1);
        assert!(policy_is_public(&whole, day));
        assert!(!policy_is_public(&whole, date(2025, 3, 1)), "not yet in force");
        assert!(!policy_is_public(&whole, date(2028, 3, 20)), "expired");
        for field in ["number", "valid_to", "review_number", "review_on"] {
            let mut less = whole.clone();
            less.remove(field);
            assert!(!policy_is_public(&less, day), "without {field}");
        }
    }
}
