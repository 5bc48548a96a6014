//! The record files of a programme folder: tables named after their kind, rows with a field's code for each value.

use crate::enclave::{ShareInput, parse as parse_share};
use crate::entry::{AmountInput, LinkTo, Parts, insert, parse_amount};
use crate::error::{Error, Result};
use domain::record::{FieldInfo, FieldType, Value};
use jiff::civil::Date;
use std::collections::HashMap;
use std::path::Path;
use store::{Change, RecordKind, Tx};
use toml::Table;

/// The kinds in the order they are loaded: what a row names comes before it, or stands above it in its file.
const ORDER: &[RecordKind] = &[
    RecordKind::Office,
    RecordKind::Park,
    RecordKind::Organisation,
    RecordKind::Contact,
    RecordKind::Policy,
    RecordKind::Event,
    RecordKind::Pairing,
    RecordKind::Cohort,
    RecordKind::Enclave,
    RecordKind::Prospect,
    RecordKind::Opportunity,
    RecordKind::Need,
    RecordKind::Agreement,
    RecordKind::Lead,
    RecordKind::Project,
    RecordKind::Permit,
    RecordKind::Milestone,
    RecordKind::Problem,
    RecordKind::Inquiry,
    RecordKind::AidProject,
    RecordKind::AidContract,
];

/// The table of stated figures, which come after all records.
const FIGURES: &str = "figure";

/// Files of the folder that hold no records: the programme itself, the users of its demo, and what these do.
const NO_RECORDS: &[&str] =
    &["programme.toml", "users.toml", super::rounds::ROUNDS_FILE, super::tasks::TASKS_FILE];

/// Keys of a row that are no fields.
const OTHER_KEYS: &[&str] =
    &["code", "name_zh", "name_en", "aliases", "same_as", "source", "amount", "share", "step"];

/// What the rows refer to: regions by code, sources by id, records by their local code or name.
pub(super) struct Rows<'a> {
    pub change: Change,
    pub folder: &'a Path,
    pub regions: HashMap<String, i64>,
    /// Evidence of each source, and when it was published.
    pub sources: HashMap<String, (i64, Option<Date>)>,
    pub records: HashMap<(RecordKind, String), i64>,
}

/// A row with where it stands, for messages.
pub(super) struct Place<'a> {
    file: &'a Path,
    pub kind: RecordKind,
    pub row: &'a Table,
}

impl Rows<'_> {
    /// Loads every record file of the folder.
    pub(super) async fn load(&mut self, tx: &mut Tx) -> Result<()> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(self.folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.extension().is_some_and(|extension| extension == "toml")
                && !NO_RECORDS.contains(&name.as_str())
            {
                files.push(path);
            }
        }
        files.sort();
        let mut figures: Vec<(std::path::PathBuf, Vec<Table>)> = Vec::new();
        let mut tables: Vec<(std::path::PathBuf, RecordKind, Vec<Table>)> = Vec::new();
        for path in files {
            let rows: HashMap<String, Vec<Table>> = super::parse(&path)?;
            for (name, rows) in rows {
                if name == FIGURES {
                    figures.push((path.clone(), rows));
                    continue;
                }
                let kind = RecordKind::from_code(&name).filter(|kind| ORDER.contains(kind));
                let unknown = || problem(&path, format!("[[{name}]] is no kind of record"));
                tables.push((path.clone(), kind.ok_or_else(unknown)?, rows));
            }
        }
        tables.sort_by_key(|(_, kind, _)| ORDER.iter().position(|of| of == kind));
        for (file, kind, rows) in &tables {
            for row in rows {
                self.row(tx, &Place { file, kind: *kind, row }).await?;
            }
        }
        for (file, rows) in figures {
            for (row, number) in rows.into_iter().zip(1..) {
                let unread = |what: String| problem(&file, format!("[[{FIGURES}]] {number}: {what}"));
                let row =
                    row.try_into().map_err(|error: toml::de::Error| unread(error.message().to_owned()))?;
                self.figure(tx, &row).await.map_err(|error| match error {
                    Error::Invalid { field, problem } => unread(format!("{field}: {problem}")),
                    other => other,
                })?;
            }
        }
        Ok(())
    }

    async fn row(&mut self, tx: &mut Tx, place: &Place<'_>) -> Result<()> {
        let (kind, row) = (place.kind, place.row);
        let mut parts = Parts { title: Some(self.title(tx, place).await?), ..Parts::default() };
        parts.title_en = place.text("name_en")?.map(|name| Some(name.to_owned()));
        parts.aliases = Some([place.list("aliases")?, place.list("same_as")?].concat());
        for key in row.keys().filter(|key| !OTHER_KEYS.contains(&key.as_str())) {
            let field = kind.field(key).ok_or_else(|| place.problem(format!("{key} is no field of it")))?;
            match field.kind {
                FieldType::Links(of, roles) => {
                    let first = roles.first().map(|choice| choice.code).unwrap_or_default();
                    parts.links.insert(field.code, self.links(place, key, of, first)?);
                }
                _ => {
                    parts.values.insert(field.code, Some(self.value(place, field)?));
                }
            }
        }
        if let Some(amount) = row.get("amount") {
            let input = place.amount(amount)?;
            let quantity = parse_amount(&input).map_err(|code| place.problem(format!("amount: {code}")))?;
            parts.amount = Some(quantity);
        }
        let record = insert(tx, &self.change, None, kind, &parts).await?;
        for share in place.shares()? {
            store::enclave_share_insert(tx, &self.change, record.id, &share).await?;
        }
        self.steps(tx, place, record.id).await?;
        if let Some(source) = place.text("source")? {
            self.cite(tx, place, record.id, source).await?;
        }
        let pair = place.text("supporting")?.zip(place.text("host")?).map(|(a, b)| format!("{a}>{b}"));
        let key = place.text("code")?.map(str::to_owned).or(pair).unwrap_or_default();
        self.records.insert((kind, record.title), record.id);
        self.records.insert((kind, key), record.id);
        Ok(())
    }

    /// The name of a row; a pairing without one is called by its regions.
    async fn title(&self, tx: &mut Tx, place: &Place<'_>) -> Result<String> {
        if let Some(name) = place.text("name_zh")? {
            return Ok(name.to_owned());
        }
        let Some((supporting, host)) = place.text("supporting")?.zip(place.text("host")?) else {
            return Err(place.problem("name_zh is missing".into()));
        };
        let mut names = Vec::new();
        for code in [supporting, host] {
            let region = store::region_by_code(tx, code).await?;
            names.push(region.short_zh.unwrap_or(region.name_zh));
        }
        Ok(names.join(" → "))
    }

    /// The source of a row proves the record and, where it states an amount, the figure.
    async fn cite(&self, tx: &mut Tx, place: &Place<'_>, record: i64, source: &str) -> Result<()> {
        let unknown = || place.problem(format!("no source has the id {source}"));
        let (evidence, _) = *self.sources.get(source).ok_or_else(unknown)?;
        store::evidence_attach(tx, &self.change, record, evidence).await?;
        if let Some(amount) = place.kind.amount() {
            for figure in store::figure_list_standing(tx, record, amount.role).await? {
                store::figure_evidence_attach(tx, &self.change, figure.figure.id, evidence).await?;
            }
        }
        Ok(())
    }

    fn links(&self, place: &Place<'_>, key: &str, of: RecordKind, first: &str) -> Result<Vec<LinkTo>> {
        let rows = place.row.get(key).and_then(toml::Value::as_array);
        let rows = rows.ok_or_else(|| place.problem(format!("{key} is a list")))?;
        let link = |row: &toml::Value| {
            let text = |key: &str| row.get(key).and_then(toml::Value::as_str);
            let name = row.as_str().or(text("record")).unwrap_or_default();
            Ok(LinkTo { to: self.record(place, of, name)?, role: text("role").unwrap_or(first).to_owned() })
        };
        rows.iter().map(link).collect()
    }

    fn record(&self, place: &Place<'_>, kind: RecordKind, name: &str) -> Result<i64> {
        let unknown = || place.problem(format!("no {} before it is called {name}", kind.code()));
        self.records.get(&(kind, name.to_owned())).copied().ok_or_else(unknown)
    }

    fn value(&self, place: &Place<'_>, field: &'static FieldInfo) -> Result<Value> {
        let key = field.code;
        let text = match place.row.get(key) {
            Some(toml::Value::String(text)) => text.clone(),
            Some(toml::Value::Array(_)) => place.list(key)?.join("、"),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        match field.kind {
            FieldType::Region => {
                let unknown = || place.problem(format!("no region has the code {text}"));
                self.regions.get(&text).copied().map(Value::Id).ok_or_else(unknown)
            }
            FieldType::Record(kind) => Ok(Value::Id(self.record(place, kind, &text)?)),
            _ => field.parse(&text).map_err(|error| place.problem(format!("{key}: {error}"))),
        }
    }
}

impl Place<'_> {
    pub(super) fn problem(&self, what: String) -> Error {
        let name = self.row.get("name_zh").and_then(toml::Value::as_str).unwrap_or("?");
        problem(self.file, format!("[[{}]] {name}: {what}", self.kind.code()))
    }

    fn text(&self, key: &str) -> Result<Option<&str>> {
        match self.row.get(key) {
            None => Ok(None),
            Some(toml::Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.problem(format!("{key} is a text"))),
        }
    }

    fn list(&self, key: &str) -> Result<Vec<String>> {
        let Some(value) = self.row.get(key) else { return Ok(Vec::new()) };
        let texts = value.as_array().map(|list| list.iter().map(|item| item.as_str().map(str::to_owned)));
        let texts = texts.and_then(|texts| texts.collect::<Option<Vec<_>>>());
        texts.ok_or_else(|| self.problem(format!("{key} is a list of texts")))
    }

    /// How an enclave's output and tax are shared: tables with measure, from, to, sending, receiving.
    fn shares(&self) -> Result<Vec<store::NewShare>> {
        let rows = self.row.get("share").and_then(toml::Value::as_array);
        let share = |row: &toml::Value| {
            let text = |key: &str| row.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
            let input = ShareInput::read(text);
            parse_share(&input).map_err(|error| self.problem(format!("share: {error}")))
        };
        rows.into_iter().flatten().map(share).collect()
    }

    fn amount(&self, value: &toml::Value) -> Result<AmountInput> {
        let text = |key: &str| value.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        if value.get("value").and_then(toml::Value::as_str).is_none() {
            return Err(self.problem(
                "amount is a table with value, unit, and where needed value_max and approx".into(),
            ));
        }
        Ok(AmountInput {
            value: text("value"),
            value_max: text("value_max"),
            unit: text("unit"),
            approx: text("approx"),
        })
    }
}

fn problem(file: &Path, problem: String) -> Error {
    Error::Example { file: file.display().to_string(), problem }
}
