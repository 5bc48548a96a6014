//! Quotes with the words around them, from the text they were read in.

use crate::failure::Failure;
use crate::visit::Within;
use app::{Claim, Document};
use pages::{Link, Quote};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Words shown on either side of a quote, in characters.
const AROUND: i64 = 40;

/// The documents that quotes of one page stand in, each loaded once.
#[derive(Default)]
pub(crate) struct Texts {
    documents: HashMap<String, Document>,
}

impl Texts {
    /// A claim's quote in its sentence, leading to its place in the document.
    pub(crate) async fn quote(&mut self, within: &Within, claim: &Claim) -> Result<Quote, Failure> {
        let document = match self.documents.entry(claim.document_code.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let code = &claim.document_code;
                new.insert(within.app().document(&within.actor, within.id(), code).await?)
            }
        };
        let (before, after) = around(within, document, claim).await?;
        let published = published(document);
        let document = Link { label: claim.document_title.clone(), href: within.claim_href(claim) };
        Ok(Quote { before, quote: claim.quote.clone(), after, document, published })
    }
}

impl Texts {
    /// The day on which a document was published, of which a quote was made.
    pub(crate) fn published_on(&self, document: &str) -> Option<jiff::civil::Date> {
        self.documents.get(document)?.published_on
    }
}

/// Publisher and day as one line.
pub(crate) fn published(document: &Document) -> String {
    let day = document.published_on.map(|day| day.to_string());
    document.publisher.iter().cloned().chain(day).collect::<Vec<_>>().join(" · ")
}

/// What stands before and after a claim in its sentence, shortened where it is long.
async fn around(within: &Within, document: &Document, claim: &Claim) -> Result<(String, String), Failure> {
    let (start, end) = claim.span;
    let (from, to) = (claim.sentence.0.min(start), claim.sentence.1.max(end));
    let (first, last) = (from.max(start - AROUND), to.min(end + AROUND));
    let passage = within.app().document_passage(&within.actor, document, first, last - first).await?;
    let chars: Vec<char> = passage.unwrap_or_default().0.chars().collect();
    let at = |position: i64| usize::try_from(position - first).unwrap_or(0).min(chars.len());
    let mut before: String = chars[..at(start)].iter().collect();
    let mut after: String = chars[at(end)..].iter().collect();
    if first > from {
        before.insert(0, '…');
    }
    if last < to {
        after.push('…');
    }
    Ok((one_line(&before), one_line(&after)))
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}
