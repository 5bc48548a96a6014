//! Quotes with the words around them, from the text they were read in.

use crate::failure::Failure;
use crate::visit::Within;
use app::{Claim, Document, ProjectClaim};
use pages::{Link, Quote};
use std::collections::HashMap;

/// Words shown on either side of a quote, in characters.
const AROUND: i64 = 40;

/// The documents that quotes of one page stand in, and the words around the quotes.
#[derive(Default)]
pub(crate) struct Texts {
    documents: HashMap<i64, Document>,
    passages: HashMap<i64, String>,
}

impl Texts {
    /// Loads at once what the quotes of these claims need.
    pub(crate) async fn of(within: &Within, claims: &[&Claim]) -> Result<Self, Failure> {
        let mut texts = Self::default();
        texts.load(within, claims).await?;
        Ok(texts)
    }

    async fn load(&mut self, within: &Within, claims: &[&Claim]) -> Result<(), Failure> {
        if claims.is_empty() {
            return Ok(());
        }
        let wanted: Vec<_> = claims
            .iter()
            .map(|claim| {
                let shown = Shown::of(claim);
                (claim.document, shown.first, shown.last - shown.first)
            })
            .collect();
        let (documents, passages) =
            within.app().document_passages(&within.actor, within.id(), &wanted).await?;
        self.documents.extend(documents.into_iter().map(|document| (document.id, document)));
        self.passages.extend(claims.iter().map(|claim| claim.id).zip(passages));
        Ok(())
    }

    /// A claim's quote in its sentence, leading to its place in the document.
    pub(crate) async fn quote(&mut self, within: &Within, claim: &Claim) -> Result<Quote, Failure> {
        if !self.passages.contains_key(&claim.id) {
            self.load(within, &[claim]).await?;
        }
        let passage = self.passages.get(&claim.id).map_or("", String::as_str);
        let (before, after) = Shown::of(claim).around(claim, passage);
        let published = self.documents.get(&claim.document).map(published).unwrap_or_default();
        let document = Link { label: claim.document_title.clone(), href: within.claim_href(claim) };
        Ok(Quote { before, quote: claim.quote.clone(), after, document, published })
    }

    /// The day on which a document was published, of which a quote was made.
    pub(crate) fn published_on(&self, document: i64) -> Option<jiff::civil::Date> {
        self.documents.get(&document)?.published_on
    }
}

/// Quotes that tell of projects, each in its sentence and leading to its place in the document.
pub(crate) async fn told(within: &Within, claims: &[ProjectClaim]) -> Result<Vec<Quote>, Failure> {
    if claims.is_empty() {
        return Ok(Vec::new());
    }
    let shown = |claim: &ProjectClaim| Shown::around_span(claim.told.span, claim.told.sentence);
    let wanted: Vec<_> = claims
        .iter()
        .map(|claim| (claim.document, shown(claim).first, shown(claim).last - shown(claim).first))
        .collect();
    let (documents, passages) = within.app().document_passages(&within.actor, within.id(), &wanted).await?;
    let quote = |(claim, passage): (&ProjectClaim, String)| {
        let (before, after) = shown(claim).beside(claim.told.span, &passage);
        let document = documents.iter().find(|document| document.id == claim.document);
        Quote {
            before,
            quote: claim.told.quote.clone(),
            after,
            document: Link {
                label: claim.document_title.clone(),
                href: within.to(&format!("news/{}#c-news-{}", claim.id, claim.id)),
            },
            published: document.map(published).unwrap_or_default(),
        }
    };
    Ok(claims.iter().zip(passages).map(quote).collect())
}

/// Publisher and day as one line.
pub(crate) fn published(document: &Document) -> String {
    let day = document.published_on.map(|day| day.to_string());
    document.publisher.iter().cloned().chain(day).collect::<Vec<_>>().join(" · ")
}

/// What is shown of the sentence of a claim, which is shortened where it is long.
struct Shown {
    sentence: (i64, i64),
    first: i64,
    last: i64,
}

impl Shown {
    fn of(claim: &Claim) -> Self {
        Self::around_span(claim.span, claim.sentence)
    }

    fn around_span((start, end): (i64, i64), sentence: (i64, i64)) -> Self {
        let sentence = (sentence.0.min(start), sentence.1.max(end));
        Self { sentence, first: sentence.0.max(start - AROUND), last: sentence.1.min(end + AROUND) }
    }

    /// What stands before and after a claim in the passage that is shown.
    fn around(&self, claim: &Claim, passage: &str) -> (String, String) {
        self.beside(claim.span, passage)
    }

    fn beside(&self, span: (i64, i64), passage: &str) -> (String, String) {
        let chars: Vec<char> = passage.chars().collect();
        let at = |position: i64| usize::try_from(position - self.first).unwrap_or(0).min(chars.len());
        let mut before: String = chars[..at(span.0)].iter().collect();
        let mut after: String = chars[at(span.1)..].iter().collect();
        if self.first > self.sentence.0 {
            before.insert(0, '…');
        }
        if self.last < self.sentence.1 {
            after.push('…');
        }
        (one_line(&before), one_line(&after))
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}
