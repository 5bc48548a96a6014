//! What a form sends, as values or as problems at their fields.

use crate::access::Actor;
use crate::entry::amount::{self, AmountInput};
use crate::entry::rules;
use crate::entry::save::{LinkTo, Parts};
use crate::entry::stale::{self, Basis};
use crate::error::{Error, Result};
use crate::setting::stage_list;
use crate::typed;
use domain::organisation::CreditCode;
use domain::record::{FieldInfo, FieldType, MAX_LONG_CHARS, MAX_TEXT_CHARS, Value, ValueError};
use std::collections::BTreeMap;
use store::{Entry, RecordKind, Tx};

/// Further names of a record, and links of one of its fields, at most.
const MAX_ROWS: usize = 200;

/// A form as it was sent: texts, nothing checked yet. What an edit does not send stays as it is.
#[derive(Debug, Clone, Default)]
pub struct EntryForm {
    /// Name.
    pub title: Option<String>,
    /// English name.
    pub title_en: Option<String>,
    /// Fields by code; an empty text makes a value unknown. Regions by their code, records by code or exact name.
    pub fields: BTreeMap<String, String>,
    /// Links by the code of their field: all of them, in order.
    pub links: BTreeMap<String, Vec<LinkInput>>,
    /// Further names: all of them.
    pub aliases: Option<Vec<String>>,
    /// The amount that the kind asks for.
    pub amount: Option<AmountInput>,
    /// What the form remembers of the record it was opened with.
    pub basis: Basis,
    /// Whether it is known to be another than those that look alike.
    pub different: bool,
    /// Why.
    pub reason: String,
}

/// One row of a field of links.
#[derive(Debug, Clone, Default)]
pub struct LinkInput {
    /// Code or exact name of a record; an empty row is left out.
    pub record: String,
    /// Code of its role.
    pub role: String,
}

/// Why a field cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Code of the field, `title`, `amount`, `aliases` or `reason`.
    pub field: String,
    /// `missing`, `unknown`, `ambiguous`, `number`, `negative`, `too-fine`, `too-large`, `too-long`, `date`, `far-date`, `order`,
    /// `uscc-length`, `uscc-character`, `uscc-check`, `web-address`, `itself`, `taken`; of agreements `parties`, `twice`, `not-signed`,
    /// `not-intent`, `not-contract`, `not-framework`, `over`; of leads `not-yours`; of enclaves `overlap`, `shares`; of settings `days`, `stale`, `listed`, `tile`,
    /// `tile-taken`, `ord-taken`; of rows `too-many-rows`; of many records at once `none-chosen`, `too-many`.
    pub code: &'static str,
    /// What would be right, where it can be said: the longest length, the right check character.
    pub hint: String,
}

impl Problem {
    pub(crate) fn new(field: &str, code: &'static str) -> Self {
        Self { field: field.to_owned(), code, hint: String::new() }
    }

    pub(crate) fn hinting(field: &str, code: &'static str, hint: impl ToString) -> Self {
        Self { field: field.to_owned(), code, hint: hint.to_string() }
    }
}

/// Reads a form; every problem is named, not only the first.
pub(crate) async fn parse(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    kind: RecordKind,
    form: &EntryForm,
    before: Option<&Entry>,
) -> Result<Parts> {
    let mut reader = Reader { programme, actor, problems: Vec::new() };
    let mut parts = Parts::default();
    reader.titles(form, before, &mut parts);
    for field in kind.fields() {
        let sent = form.fields.get(field.code);
        if matches!(field.kind, FieldType::Stage) {
            reader.stage(tx, field.code, sent, before, &mut parts).await?;
        } else if let Some(text) = sent {
            let value = reader.value(tx, field, text).await?;
            parts.values.insert(field.code, value);
        }
        if let (FieldType::Links(of, roles), Some(rows)) = (field.kind, form.links.get(field.code)) {
            let mut links = Vec::new();
            let rows: Vec<_> = rows.iter().filter(|row| !row.record.trim().is_empty()).collect();
            if rows.len() > MAX_ROWS {
                reader.problems.push(Problem::hinting(field.code, "too-many-rows", MAX_ROWS));
            }
            for row in rows.into_iter().take(MAX_ROWS) {
                let role = roles.iter().find(|choice| choice.code == row.role).or(roles.first());
                let role = role.map(|choice| choice.code).unwrap_or_default();
                if let Some(to) = reader.record(tx, field.code, of, &row.record).await? {
                    links.push(LinkTo { to, role: role.to_owned() });
                }
            }
            parts.links.insert(field.code, links);
        }
        let refused = |problem: &Problem| problem.field == field.code;
        if field.required && !parts.has(field.code, before) && !reader.problems.iter().any(refused) {
            reader.problems.push(Problem::new(field.code, "missing"));
        }
    }
    if let Some(aliases) = &form.aliases {
        parts.aliases = Some(reader.aliases(aliases));
    }
    if let Some(input) = form.amount.as_ref().filter(|_| kind.amount().is_some()) {
        match amount::parse(input) {
            Ok(quantity) => parts.amount = Some(quantity),
            Err(code) => reader.problems.push(Problem::new("amount", code)),
        }
    }
    if let Some(before) = before.filter(|_| reader.problems.is_empty()) {
        stale::merge(tx, before, &mut parts, &form.basis).await?;
    }
    rules::check_values(kind, &parts, before, &mut reader.problems);
    rules::check(tx, (actor, programme), kind, (&mut parts, &form.reason), before, &mut reader.problems)
        .await?;
    if reader.problems.is_empty() { Ok(parts) } else { Err(Error::Form(reader.problems)) }
}

/// One typed value of a field; none where nothing was typed.
pub(crate) async fn value(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    field: &'static FieldInfo,
    text: &str,
) -> Result<Option<Value>> {
    let mut reader = Reader { programme, actor, problems: Vec::new() };
    let value = reader.value(tx, field, text).await?;
    if reader.problems.is_empty() { Ok(value) } else { Err(Error::Form(reader.problems)) }
}

/// A credit code as it is kept.
///
/// # Errors
/// Code and hint of what is wrong with it.
pub(crate) fn credit_code(text: &str) -> std::result::Result<String, (&'static str, String)> {
    use domain::organisation::CreditCodeError as E;
    match CreditCode::parse(text) {
        Ok(code) => Ok(code.as_str().to_owned()),
        Err(E::Length { found }) => Err(("uscc-length", found.to_string())),
        Err(E::Character { character, .. }) => Err(("uscc-character", character.to_string())),
        Err(E::Check { expected, .. }) => Err(("uscc-check", expected.to_string())),
    }
}

struct Reader<'a> {
    programme: i64,
    actor: &'a Actor,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, field: &str, code: &'static str) {
        self.problems.push(Problem::new(field, code));
    }

    fn line(&mut self, field: &'static str, text: &str) -> Option<String> {
        let text = Some(text).filter(|text| text.chars().nth(MAX_TEXT_CHARS).is_none());
        match text.map(|text| typed::optional(field, text)) {
            Some(Ok(text)) => text,
            _ => {
                self.problems.push(Problem::hinting(field, "too-long", MAX_TEXT_CHARS));
                None
            }
        }
    }

    fn titles(&mut self, form: &EntryForm, before: Option<&Entry>, parts: &mut Parts) {
        if let Some(title) = &form.title {
            parts.title = self.line("title", title);
        }
        if let Some(title) = &form.title_en {
            parts.title_en = Some(self.line("title_en", title));
        }
        let named = parts.title.is_some() || (form.title.is_none() && before.is_some());
        if !named && !self.problems.iter().any(|problem| problem.field == "title") {
            self.problem("title", "missing");
        }
    }

    async fn value(&mut self, tx: &mut Tx, field: &'static FieldInfo, text: &str) -> Result<Option<Value>> {
        // What is far too long is refused before anything is looked for in it.
        let limit = if matches!(field.kind, FieldType::Long) { MAX_LONG_CHARS } else { MAX_TEXT_CHARS };
        if text.chars().nth(limit * 2).is_some() {
            self.problems.push(Problem::hinting(field.code, "too-long", limit));
            return Ok(None);
        }
        let text = match field.kind {
            FieldType::Long => typed::lines(text),
            FieldType::Text => typed::line(text),
            _ => text.trim().to_owned(),
        };
        if text.is_empty() {
            return Ok(None);
        }
        Ok(match field.kind {
            FieldType::Region => self.region(tx, field.code, &text).await?.map(Value::Id),
            FieldType::Record(kind) => self.record(tx, field.code, kind, &text).await?.map(Value::Id),
            FieldType::Uscc => self.credit_code(field.code, &text),
            _ => match field.parse(&text) {
                Ok(value) => Some(value),
                Err(error) => {
                    self.problems.push(problem_of(field.code, &error));
                    None
                }
            },
        })
    }

    /// A new project begins where it stands, or at the first stage; after that a gate decides, and no form.
    async fn stage(
        &mut self,
        tx: &mut Tx,
        field: &'static str,
        sent: Option<&String>,
        before: Option<&Entry>,
        parts: &mut Parts,
    ) -> Result<()> {
        let sent = sent.map(|text| text.trim()).filter(|text| !text.is_empty());
        if let Some(before) = before {
            if sent.is_some_and(|text| before.text(field) != Some(text)) {
                self.problem(field, "by-gate");
            }
            return Ok(());
        }
        let stages = stage_list(tx, self.programme).await?;
        let stage = match sent {
            Some(code) => stages.iter().find(|stage| stage.code == code),
            None => stages.first(),
        };
        match stage {
            Some(stage) => {
                parts.values.insert(field, Some(Value::Text(stage.code.clone())));
            }
            None => self.problem(field, "unknown"),
        }
        Ok(())
    }

    fn credit_code(&mut self, field: &str, text: &str) -> Option<Value> {
        match credit_code(text) {
            Ok(code) => Some(Value::Text(code)),
            Err((code, hint)) => {
                self.problems.push(Problem::hinting(field, code, hint));
                None
            }
        }
    }

    async fn region(&mut self, tx: &mut Tx, field: &str, code: &str) -> Result<Option<i64>> {
        match store::region_by_code(tx, code).await {
            Ok(region) => Ok(Some(region.id)),
            Err(store::Error::NotFound) => {
                self.problem(field, "unknown");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A record by its code, or by a name that one record alone has, among those that the actor can see.
    async fn record(
        &mut self,
        tx: &mut Tx,
        field: &str,
        kind: RecordKind,
        text: &str,
    ) -> Result<Option<i64>> {
        let reach = self.actor.reach(self.programme);
        let found = store::record_list_named(tx, self.programme, kind, text.trim(), &reach, 2).await?;
        match found[..] {
            [id] => return Ok(Some(id)),
            [] => self.problem(field, "unknown"),
            _ => self.problem(field, "ambiguous"),
        }
        Ok(None)
    }

    fn aliases(&mut self, rows: &[String]) -> Vec<String> {
        if rows.len() > MAX_ROWS {
            self.problems.push(Problem::hinting("aliases", "too-many-rows", MAX_ROWS));
            return Vec::new();
        }
        if rows.iter().map(|row| row.chars().count() + 1).sum::<usize>() > MAX_LONG_CHARS + 1 {
            self.problems.push(Problem::hinting("aliases", "too-long", MAX_LONG_CHARS));
            return Vec::new();
        }
        let mut aliases: Vec<String> = rows.iter().filter_map(|row| self.line("aliases", row)).collect();
        aliases.dedup();
        aliases
    }
}

fn problem_of(field: &str, error: &ValueError) -> Problem {
    use domain::QuantityError as Q;
    match error {
        ValueError::TooLong(limit) => Problem::hinting(field, "too-long", limit),
        ValueError::Unknown => Problem::new(field, "unknown"),
        ValueError::NotADay => Problem::new(field, "date"),
        ValueError::FarDay => Problem::new(field, "far-date"),
        ValueError::NotANumber => Problem::new(field, "number"),
        ValueError::Negative => Problem::new(field, "negative"),
        ValueError::Quantity(Q::TooFine { .. }) => Problem::new(field, "too-fine"),
        ValueError::Quantity(_) => Problem::new(field, "too-large"),
    }
}
