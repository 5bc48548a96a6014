//! What proves a figure, in the small forms that enter one: a document of the record, or a publication that is not stored here.

use crate::labels::choice;
use crate::small_form::Sent;
use app::{AmountInput, EntryDetail, Proof};
use locale::Locale;
use pages::{Control, FormField};

/// The documents of the record to choose from; none where it has none.
pub(crate) fn document(t: Locale, detail: &EntryDetail, sent: Sent<'_>) -> Option<FormField> {
    let of = |(_, document): &(app::Link, app::Document)| {
        choice(&document.code, document.display_title(), sent.get("document"))
    };
    let documents: Vec<_> = detail.documents.iter().map(of).collect();
    let field = |of| sent.field(t, "document", t.figure_proof_document(), Control::Choice(of));
    (!documents.is_empty()).then(|| field(documents))
}

/// Document with page, or title and publisher of a publication; `title` labels the latter's, `max_length` bounds each line.
pub(crate) fn fields(
    t: Locale,
    detail: &EntryDetail,
    sent: Sent<'_>,
    title: &str,
    max_length: u32,
) -> Vec<FormField> {
    let line = |name: &str, label: &str| {
        sent.field(t, name, label, Control::Text { value: sent.get(name).to_owned(), max_length })
    };
    let document = document(t, detail, sent).map(|of| [of, line("page", t.figure_proof_page())]);
    let mut fields: Vec<_> = document.into_iter().flatten().collect();
    fields.push(line("citation_title", title));
    fields.push(line("citation_publisher", t.figure_citation_publisher()));
    fields
}

/// What was sent of a proof, and of when it was published.
pub(crate) fn typed(sent: Sent<'_>, published_on: &str) -> Proof {
    let text = |key: &str| sent.get(key).to_owned();
    Proof {
        document: text("document"),
        page: text("page"),
        title: text("citation_title"),
        publisher: text("citation_publisher"),
        published_on: published_on.to_owned(),
    }
}

/// What was sent of the amount that it proves.
pub(crate) fn typed_amount(sent: Sent<'_>) -> AmountInput {
    let text = |key: &str| sent.get(key).to_owned();
    AmountInput {
        value: text("amount"),
        value_max: String::new(),
        unit: text("amount_unit"),
        approx: text("amount_approx"),
    }
}
