//! Quotes with the words around them, from the text they were read in.

use crate::failure::Failure;
use crate::visit::Within;
use app::{Claim, Document};
use pages::{Link, Quote};
use std::collections::HashMap;

/// Words shown on either side of a quote, in characters.
const AROUND: usize = 40;

/// The texts that quotes of one page stand in, each loaded once.
#[derive(Default)]
pub(crate) struct Texts {
    documents: HashMap<String, (Document, String)>,
}

impl Texts {
    /// A claim's quote in its sentence, leading to its place in the document.
    pub(crate) async fn quote(&mut self, within: &Within, claim: &Claim) -> Result<Quote, Failure> {
        if !self.documents.contains_key(&claim.document_code) {
            let document = within.app().document(&within.actor, within.id(), &claim.document_code).await?;
            let text = within.app().document_text(&within.actor, &document).await?;
            let text = text.map(|text| text.text).unwrap_or_default();
            self.documents.insert(claim.document_code.clone(), (document, text));
        }
        let known = self.documents.get(&claim.document_code);
        let (published, (before, after)) = match known {
            Some((document, text)) => (published(document), around(text, claim)),
            None => Default::default(),
        };
        let document = Link { label: claim.document_title.clone(), href: within.claim_href(claim) };
        Ok(Quote { before, quote: claim.quote.clone(), after, document, published })
    }
}

/// Publisher and day as one line.
pub(crate) fn published(document: &Document) -> String {
    let day = document.published_on.map(|day| day.to_string());
    document.publisher.iter().cloned().chain(day).collect::<Vec<_>>().join(" · ")
}

/// What stands before and after a claim in its sentence, shortened where it is long.
fn around(text: &str, claim: &Claim) -> (String, String) {
    let at = |position: i64| usize::try_from(position).unwrap_or(0);
    let (start, end) = (at(claim.span.0), at(claim.span.1));
    let (from, to) = (at(claim.sentence.0).min(start), at(claim.sentence.1).max(end));
    let first = from.max(start.saturating_sub(AROUND));
    let last = to.min(end + AROUND);
    let slice = |from: usize, to: usize| text.chars().skip(from).take(to - from).collect::<String>();
    let (mut before, mut after) = (slice(first, start), slice(end, last));
    if first > from {
        before.insert(0, '…');
    }
    if last < to {
        after.push('…');
    }
    (one_line(&before), one_line(&after))
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}
