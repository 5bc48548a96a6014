//! Search over everything that the reader may see.

use crate::App;
use crate::access::{Actor, Right};
use crate::error::Result;
use store::{Found, Hit, HitPlace, Query, Reach, RecordKind, SearchScope, Tx};

/// A record that was found.
#[derive(Debug, Clone)]
pub struct SearchHit {
    /// The record.
    pub hit: Hit,
    /// Where in a text, when that is where it was found: the title of the document if it is one attached to the record.
    pub place: Option<(Option<String>, HitPlace)>,
}

impl App {
    /// The records that hold what somebody typed, the best first: by code, by the beginning of a name or its pinyin, by
    /// the words of a name, by any other text.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for a programme that is not open to the actor; when the database fails.
    pub async fn search(
        &self,
        actor: &Actor,
        programme: i64,
        text: &str,
        limit: usize,
    ) -> Result<Vec<SearchHit>> {
        actor.require(programme, Right::View)?;
        let query = Query::new(text);
        let reach = actor.reach(programme);
        let contacts = actor.reach_for(programme, Right::ViewContact);
        let scope = SearchScope { programme, reach: &reach, contacts: &contacts, kind: None };
        let mut tx = self.db.read().await?;
        let mut hits = Vec::new();
        for hit in store::search_list(&mut tx, scope, &query, limit).await? {
            let place =
                if hit.found == Found::Text { place(&mut tx, &reach, &hit, &query).await? } else { None };
            hits.push(SearchHit { hit, place });
        }
        drop(tx);
        let people = hits.iter().filter(|found| found.hit.kind == RecordKind::Contact);
        let people: Vec<i64> = people.map(|found| found.hit.id).collect();
        self.contact_seen(actor, programme, "search", &people).await?;
        Ok(hits)
    }
}

async fn place(
    tx: &mut Tx,
    reach: &Reach,
    hit: &Hit,
    query: &Query,
) -> Result<Option<(Option<String>, HitPlace)>> {
    let Some((document, place)) = store::search_place(tx, reach, hit.id, query).await? else {
        return Ok(None);
    };
    let attached = document != hit.id;
    let title = if attached {
        Some(store::document_get(tx, document).await?.display_title().to_owned())
    } else {
        None
    };
    Ok(Some((title, place)))
}
