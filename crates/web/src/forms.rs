//! The one form, for every kind of record: entered, edited, sent back with what is wrong, or with what others saved.

use crate::failure::Failure;
use crate::form_body::pairs;
use crate::labels::{self, Labels, choice};
use crate::list_filters::sector_choices;
use crate::lists::{choices, kind_of};
use crate::redirect;
use crate::settings::switches::amount_unit;
use crate::values::{Show, choice_label, field_label, kind_label, one_label, quantity_text};
use crate::visit::Within;
use crate::{attachments, failure, format, meeting};
use app::{AmountInput, Basis, EntryDetail, EntryForm, LinkInput, Problem, RecordKind, Stale, edit_right};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::record::{FieldInfo, FieldType, MAX_LONG_CHARS, MAX_TEXT_CHARS, Value};
use locale::Locale;
use pages::{
    Choice, Conflict, ConflictField, Control, FormField, FormSection, LinkRow, Protected, RecordForm,
    Suggestion, Suggestions, Tone, picked, picked_code,
};
use std::collections::BTreeMap;

/// Records that a picker offers.
const SUGGESTED: i64 = 10;
/// Regions that a picker offers: all that take part, as a rule.
const SUGGESTED_REGIONS: usize = 40;
/// Blank rows of a field of links.
const BLANK_ROWS: usize = 2;

/// What a form sent, or what stands in the record it edits.
#[derive(Default)]
pub(crate) struct Typed {
    pub pairs: Vec<(String, String)>,
}

impl Typed {
    pub(crate) fn get(&self, key: &str) -> &str {
        self.pairs.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    fn has(&self, key: &str) -> bool {
        self.pairs.iter().any(|(name, _)| name == key)
    }

    /// Adds what is not there yet.
    fn fill(&mut self, pairs: Vec<(String, String)>) {
        let open: Vec<_> = pairs.into_iter().filter(|(key, _)| !self.has(key)).collect();
        self.pairs.extend(open);
    }

    fn all(&self, key: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(name, _)| name == key).map(|(_, value)| value.as_str()).collect()
    }

    /// What the form was opened with, and what was chosen where both had changed a field.
    fn basis(&self) -> Basis {
        let kept = self.pairs.iter().filter(|(_, value)| value == "mine");
        let kept = kept.filter_map(|(name, _)| name.strip_prefix("keep_").map(str::to_owned));
        Basis {
            version: self.get("version").parse().ok(),
            seen: self.get("seen").parse().ok(),
            kept: kept.collect(),
        }
    }

    /// Whether a field that both changed was left to what the other saved.
    fn leaves(&self, field: &str) -> bool {
        self.get(&format!("keep_{field}")) == "theirs"
    }

    /// The form as the use case takes it: what was not sent stays.
    pub(crate) fn form(&self, kind: RecordKind) -> EntryForm {
        let sent = |key: &str| self.has(key).then(|| self.get(key).to_owned());
        let mut fields = BTreeMap::new();
        let mut links = BTreeMap::new();
        for field in kind.fields() {
            match field.kind {
                FieldType::Links(..) if self.has(field.code) => {
                    let roles = self.all(&format!("{}_role", field.code));
                    let row = |(at, record): (usize, &&str)| LinkInput {
                        record: picked_code(record).to_owned(),
                        role: roles.get(at).copied().unwrap_or_default().to_owned(),
                    };
                    links.insert(
                        field.code.to_owned(),
                        self.all(field.code).iter().enumerate().map(row).collect(),
                    );
                }
                FieldType::Record(_) if self.has(field.code) => {
                    fields.insert(field.code.to_owned(), picked_code(self.get(field.code)).to_owned());
                }
                FieldType::Flag if self.has("title") => {
                    let flag = if self.get(field.code) == "yes" { "1" } else { "0" };
                    fields.insert(field.code.to_owned(), flag.to_owned());
                }
                _ if self.has(field.code) => {
                    fields.insert(field.code.to_owned(), self.get(field.code).to_owned());
                }
                _ => {}
            }
        }
        fields.retain(|code, _| !self.leaves(code));
        let aliases = self.has("aliases").then(|| self.get("aliases").lines().map(str::to_owned).collect());
        let sends_amount = self.has("amount") && !self.leaves("amount");
        let amount = sends_amount.then(|| AmountInput {
            value: self.get("amount").to_owned(),
            value_max: self.get("amount_max").to_owned(),
            unit: self.get("amount_unit").to_owned(),
            approx: self.get("amount_approx").to_owned(),
        });
        EntryForm {
            title: sent("title").filter(|_| !self.leaves("title")),
            title_en: sent("title_en").filter(|_| !self.leaves("title_en")),
            fields,
            links,
            aliases,
            amount,
            basis: self.basis(),
            different: self.get("different") == "yes",
            reason: self.get("reason").to_owned(),
        }
    }
}

/// What a form sent, with the codes of the regions that it names.
pub(crate) async fn sent(within: &Within, kind: RecordKind, body: &Bytes) -> Result<Typed, Failure> {
    let labels = within.labels().await?;
    let mut typed = Typed { pairs: pairs(body) };
    for (key, value) in &mut typed.pairs {
        if kind.field(key).is_some_and(|field| matches!(field.kind, FieldType::Region))
            && let Some(region) = labels.names.region_named(picked_code(value))
        {
            value.clone_from(&region.code);
        }
    }
    Ok(typed)
}

/// The fields of a record as its form shows them.
fn typed_of(within: &Within, labels: &Labels, detail: &EntryDetail, unit: &str) -> Typed {
    let entry = &detail.entry;
    let kind = entry.record.kind;
    let mut pairs = vec![
        ("title".to_owned(), entry.record.title.clone()),
        ("title_en".to_owned(), entry.record.title_en.clone().unwrap_or_default()),
        ("aliases".to_owned(), detail.aliases.join("\n")),
    ];
    for field in kind.fields() {
        if let FieldType::Links(..) = field.kind {
            for link in detail.links.iter().filter(|link| link.kind == field.code) {
                let name = picked(labels::pick_title(within.locale, &link.record), &link.record.code);
                pairs.push((field.code.to_owned(), name));
                pairs.push((format!("{}_role", field.code), link.role.clone()));
            }
            continue;
        }
        let text = match (field.kind, entry.values.get(field.code)) {
            (_, None) => String::new(),
            (FieldType::Region, Some(Value::Id(id))) => labels.region_code(*id),
            (FieldType::Record(_), Some(Value::Id(id))) => match detail.names.get(id) {
                Some(name) => {
                    picked(labels::title(within.locale, &name.title, name.title_en.as_deref()), &name.code)
                }
                None => String::new(),
            },
            (FieldType::Quantity(unit), Some(Value::Int(value))) => quantity_text(unit, *value),
            (FieldType::Flag, Some(Value::Int(flag))) => if *flag == 1 { "yes" } else { "" }.to_owned(),
            (_, Some(Value::Text(text))) => text.clone(),
            (_, Some(Value::Day(day))) => day.to_string(),
            _ => String::new(),
        };
        pairs.push((field.code.to_owned(), text));
    }
    pairs.extend(amount_pairs(entry, unit));
    Typed { pairs }
}

fn amount_pairs(entry: &app::Entry, usual: &str) -> Vec<(String, String)> {
    let Some(amount) = entry.amount else { return Vec::new() };
    let is_yuan = amount.unit == domain::Unit::cny();
    let yuan = domain::Decimal::from(if usual == "yi" { 100_000_000 } else { 10_000 });
    let shown = |value: domain::Decimal| {
        let value = if is_yuan { value / yuan } else { value };
        value.normalize().to_string()
    };
    let unit = if is_yuan { usual } else { amount.unit.code() };
    [
        ("amount", shown(amount.low_decimal())),
        ("amount_max", amount.high_decimal().map(shown).unwrap_or_default()),
        ("amount_unit", unit.to_owned()),
        ("amount_approx", amount.approx.code().to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into()
}

/// `GET lists/{kind}/new`: fields of the query are filled in already.
pub(crate) async fn new(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Failure> {
    let kind = kind_of(&kind)?;
    if !within.actor.may_keep(within.id(), edit_right(kind), kind) {
        return Err(app::Error::Forbidden.into());
    }
    let mut typed = Typed { pairs: pairs(query.unwrap_or_default().as_bytes()) };
    typed.fill(succession(&within, kind, &typed).await?);
    typed.fill(defaults(&within, kind).await?);
    Ok(Html(new_form(&within, kind, &typed, &[]).await?.render()))
}

/// What a new record has where nobody says otherwise.
async fn defaults(within: &Within, kind: RecordKind) -> Result<Vec<(String, String)>, Failure> {
    let mut pairs = Vec::new();
    for (field, text) in within.app().entry_blank(&within.actor, within.id(), kind).await?.fields {
        let is_record = kind.field(&field).is_some_and(|info| matches!(info.kind, FieldType::Record(_)));
        let text = if is_record && !text.is_empty() {
            let record = within.app().record(&within.actor, within.id(), &text).await?;
            picked(labels::pick_title(within.locale, &record), &record.code)
        } else {
            text
        };
        pairs.push((field, text));
    }
    Ok(pairs)
}

/// What an agreement takes over from the one it upgrades or renews. Day and amount are its own, and not known yet.
async fn succession(
    within: &Within,
    kind: RecordKind,
    typed: &Typed,
) -> Result<Vec<(String, String)>, Failure> {
    const TAKEN_OVER: &[&str] = &[
        "title",
        "party",
        "party_role",
        "region",
        "supporting",
        "park",
        "event",
        "sector",
        "parent",
        "owner",
    ];
    let follows = ["upgrades", "renews"].into_iter().find(|field| typed.has(field));
    let Some(field) = follows.filter(|_| kind == RecordKind::Agreement) else { return Ok(Vec::new()) };
    let code = picked_code(typed.get(field));
    let old = within.app().entry(&within.actor, within.id(), code).await?;
    let labels = within.labels().await?;
    let before = typed_of(within, &labels, &old, "wan");
    let kept = before.pairs.iter().filter(|(key, _)| TAKEN_OVER.contains(&key.as_str()));
    let mut pairs: Vec<_> = kept.cloned().collect();
    let of = if field == "upgrades" { "investment" } else { before.get("kind") };
    pairs.push(("kind".to_owned(), of.to_owned()));
    pairs.push(("status".to_owned(), "signed".to_owned()));
    Ok(pairs)
}

/// `POST lists/{kind}/new`
pub(crate) async fn create(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let kind = kind_of(&kind)?;
    let typed = sent(&within, kind, &body).await?;
    let claim = typed.get("claim").parse::<i64>().ok();
    let news = typed.get("news").parse::<i64>().ok().filter(|_| kind == RecordKind::Project);
    let (app, actor, form) = (within.app(), &within.actor, typed.form(kind));
    let created = match (claim, news) {
        (Some(claim), _) => app.entry_create_from(actor, within.id(), kind, &form, claim).await,
        (None, Some(news)) => app.project_create_from(actor, within.id(), &form, news, &[]).await,
        (None, None) => app.entry_create(actor, within.id(), kind, &form).await,
    };
    match created {
        Ok(record) if news.is_some() => crate::news::created(&within, &record, news.unwrap_or_default()),
        Ok(record) if claim.is_some() => meeting::created(&within, &record, claim.unwrap_or_default()).await,
        Ok(record) => {
            let words = within.locale.record_created(labels::pick_title(within.locale, &record));
            let words = with_filled(&within, &record, &form, words).await?;
            let to = within.to(&format!("records/{}", record.code));
            Ok(to_saved(&within, kind, &typed, &to, &words))
        }
        Err(app::Error::Form(problems)) => {
            let form = new_form(&within, kind, &typed, &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(form.render())).into_response())
        }
        Err(app::Error::LeadTaken(taken)) => {
            let mut form = new_form(&within, kind, &typed, &[]).await?;
            form.protected = Some(protected(within.locale, &taken));
            Ok((StatusCode::CONFLICT, Html(form.render())).into_response())
        }
        Err(app::Error::Alike(alike)) => {
            let mut form = new_form(&within, kind, &typed, &[]).await?;
            form.duplicates = Some(duplicates(&within, &typed, &alike).await?);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(form.render())).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// All that is told of an enterprise that another team registered.
fn protected(t: Locale, taken: &app::LeadTaken) -> Protected {
    let (enterprise, since, ask) = crate::moves::told(t, taken);
    Protected { enterprise: enterprise.to_owned(), since, ask }
}

async fn duplicates(
    within: &Within,
    typed: &Typed,
    alike: &[app::Alike],
) -> Result<pages::Duplicates, Failure> {
    let labels = within.labels().await?;
    Ok(crate::duplicates::form_part(within, &labels, alike, typed.get("different") == "yes"))
}

/// What is said of a saved record, with the fields that were filled because its code is known.
async fn with_filled(
    within: &Within,
    record: &app::Record,
    form: &EntryForm,
    words: String,
) -> Result<String, Failure> {
    let t = within.locale;
    let label = |code: &String| match record.kind.field(code) {
        Some(field) => field_label(t, field).to_owned(),
        None => t.title_en_label().to_owned(),
    };
    let filled = within.app().entry_filled(record, form).await?;
    let labels: Vec<String> = filled.iter().map(label).collect();
    if labels.is_empty() {
        return Ok(words);
    }
    let separator = if t == Locale::Zh { "、" } else { ", " };
    Ok(format!("{words} {}", t.record_filled(labels.join(separator))))
}

/// The way to a saved record, with what was not saved as it was typed: identity numbers (law 9).
fn to_saved(within: &Within, kind: RecordKind, typed: &Typed, to: &str, words: &str) -> Response {
    let t = within.locale;
    let holds = |(_, value): &&(String, String)| !domain::screening::identity_numbers(value).is_empty();
    let label = |(name, _): &(String, String)| match (kind.field(name), name.as_str()) {
        (Some(field), _) => field_label(t, field).to_owned(),
        (None, "title") => t.title_label().to_owned(),
        (None, "title_en") => t.title_en_label().to_owned(),
        (None, "reason") => t.form_reason().to_owned(),
        (None, _) => t.record_names().to_owned(),
    };
    let masked: Vec<String> = typed.pairs.iter().filter(holds).map(label).collect();
    if masked.is_empty() {
        return redirect::with_flash(&within.visit, to, Tone::Good, words);
    }
    let separator = if t == Locale::Zh { "、" } else { ", " };
    let words = format!("{words} {}", t.form_masked(masked.join(separator)));
    redirect::with_flash(&within.visit, to, Tone::Warn, &words)
}

async fn new_form(
    within: &Within,
    kind: RecordKind,
    typed: &Typed,
    problems: &[Problem],
) -> Result<RecordForm, Failure> {
    let labels = within.labels().await?;
    let list = within.to(&format!("lists/{}", kind.code()));
    Ok(RecordForm {
        shell: within.shell_of(kind.code()).await?,
        crumbs: vec![pages::Link { label: kind_label(within.locale, kind).to_owned(), href: list.clone() }],
        title: within.locale.list_new(one_label(within.locale, kind)),
        action: format!("{list}/new"),
        cancel: list,
        sections: sections(within, &labels, (kind, true), typed, problems).await?,
        ..match typed.get("news") {
            "" => meeting::filled_in(within, typed.get("claim")).await?,
            news => crate::news::filled_in(within, news).await?,
        }
    })
}

/// `GET records/{code}/edit`
pub(crate) async fn edit(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    let detail = editable(&within, &code).await?;
    let labels = within.labels().await?;
    let unit = amount_unit(&within).await?;
    let typed = typed_of(&within, &labels, &detail, &unit);
    Ok(Html(edit_form(&within, &labels, &detail, &typed, &[]).await?.render()))
}

async fn editable(within: &Within, code: &str) -> Result<EntryDetail, Failure> {
    let detail = within.app().entry(&within.actor, within.id(), code).await?;
    if detail.editable { Ok(detail) } else { Err(app::Error::Forbidden.into()) }
}

/// `POST records/{code}/edit`
pub(crate) async fn save(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let record = within.app().record(&within.actor, within.id(), &code).await?;
    let typed = sent(&within, record.kind, &body).await?;
    let form = typed.form(record.kind);
    let saved = within.app().entry_edit(&within.actor, within.id(), &code, &form).await;
    let mut alike = Vec::new();
    let (problems, stale, taken) = match saved {
        Ok(record) => {
            let to = within.to(&format!("records/{}", record.code));
            let words = within.locale.record_saved().to_owned();
            let words = with_filled(&within, &record, &form, words).await?;
            return Ok(to_saved(&within, record.kind, &typed, &to, &words));
        }
        Err(app::Error::Form(problems)) => (problems, None, None),
        Err(app::Error::Stale(stale)) => (Vec::new(), Some(stale), None),
        Err(app::Error::LeadTaken(taken)) => (Vec::new(), None, Some(taken)),
        Err(app::Error::Alike(found)) => {
            alike = found;
            (Vec::new(), None, None)
        }
        Err(error) => return Err(error.into()),
    };
    let detail = editable(&within, &code).await?;
    let labels = within.labels().await?;
    let mut form = edit_form(&within, &labels, &detail, &typed, &problems).await?;
    form.version = typed.get("version").to_owned();
    if !alike.is_empty() {
        form.duplicates = Some(duplicates(&within, &typed, &alike).await?);
    }
    if let Some(stale) = &stale {
        form.hidden.push(("seen".to_owned(), stale.version.to_string()));
        form.conflict = Some(conflict(&within, &labels, &detail, &typed, stale));
        if typed.has("seen") {
            form.errors.push(within.locale.form_conflict_choose().to_owned());
        }
    }
    if stale.is_none() {
        let chosen = |(name, _): &&(String, String)| name == "seen" || name.starts_with("keep_");
        form.hidden.extend(typed.pairs.iter().filter(chosen).cloned());
    }
    form.protected = taken.as_ref().map(|taken| protected(within.locale, taken));
    let conflict = stale.is_some() || taken.is_some();
    let status = if conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Html(form.render())).into_response())
}

async fn edit_form(
    within: &Within,
    labels: &Labels,
    detail: &EntryDetail,
    typed: &Typed,
    problems: &[Problem],
) -> Result<RecordForm, Failure> {
    let record = &detail.entry.record;
    let page = within.to(&format!("records/{}", record.code));
    let title = labels::pick_title(within.locale, record).to_owned();
    Ok(RecordForm {
        shell: within.shell_of(record.kind.code()).await?,
        crumbs: vec![
            pages::Link {
                label: kind_label(within.locale, record.kind).to_owned(),
                href: within.to(&format!("lists/{}", record.kind.code())),
            },
            pages::Link { label: title.clone(), href: page.clone() },
        ],
        title: within.locale.record_edit(&title),
        action: format!("{page}/edit"),
        cancel: page,
        version: detail.version.to_string(),
        sections: sections(within, labels, (record.kind, false), typed, problems).await?,
        errors: problems
            .iter()
            .filter(|problem| problem.field == "reason" || problem.code == "by-gate")
            .map(|of| {
                let field = record.kind.field(&of.field);
                let label =
                    field.map_or(within.locale.form_reason(), |field| field_label(within.locale, field));
                format!("{label}: {}", failure::problem(within.locale, of))
            })
            .collect(),
        reason: Some(typed.get("reason").to_owned()),
        ..RecordForm::default()
    })
}

/// What somebody else saved in the fields that the form changes too.
fn conflict(
    within: &Within,
    labels: &Labels,
    detail: &EntryDetail,
    typed: &Typed,
    stale: &Stale,
) -> Conflict {
    let t = within.locale;
    let show = Show { within, labels, names: &detail.names };
    let record = &detail.entry.record;
    let field = |of: &app::StaleField| {
        let info = record.kind.field(&of.field);
        let (label, opened, theirs) = match info {
            None if of.field == "amount" => {
                let words = |amount| crate::values::plain(&show.amount(amount));
                let label = record.kind.amount().map(|of| labels::pick(t, of.zh, of.en));
                (label.unwrap_or_default().to_owned(), words(of.before_amount), words(detail.entry.amount))
            }
            Some(info) => (
                field_label(t, info).to_owned(),
                show.words(info, of.before.as_ref()),
                show.words(info, detail.entry.values.get(info.code)),
            ),
            None => {
                let now =
                    if of.field == "title" { Some(record.title.clone()) } else { record.title_en.clone() };
                let label = if of.field == "title" { t.title_label() } else { t.title_en_label() };
                (label.to_owned(), of.before_title.clone().unwrap_or_default(), now.unwrap_or_default())
            }
        };
        let mine = match info {
            Some(info) => mine(&show, info, typed),
            None if of.field == "amount" => mine_amount(t, typed),
            None => typed.get(&of.field).to_owned(),
        };
        let keep = typed.get(&format!("keep_{}", of.field)).to_owned();
        ConflictField { name: of.field.clone(), label, opened, theirs, mine, keep }
    };
    let last = stale.fields.last();
    Conflict {
        who: last.and_then(|of| of.by.clone()).unwrap_or_else(|| t.app_name().to_owned()),
        when: last.map(|of| format::instant(of.at, &within.zone())).unwrap_or_default(),
        fields: stale.fields.iter().map(field).collect(),
    }
}

/// The amount that was typed, with its unit.
fn mine_amount(t: Locale, typed: &Typed) -> String {
    let unit = match typed.get("amount_unit") {
        "wan" => t.unit_wan_yuan(),
        "yi" => t.unit_yi_yuan(),
        code => domain::Unit::from_code(code).map(|unit| format::unit_label(t, unit)).unwrap_or_default(),
    };
    if typed.get("amount").is_empty() { String::new() } else { format!("{} {unit}", typed.get("amount")) }
}

/// What was typed in a field, as people read it.
fn mine(show: &Show<'_>, info: &FieldInfo, typed: &Typed) -> String {
    let text = typed.get(info.code);
    match info.kind {
        FieldType::Region => show
            .labels
            .names
            .region_coded(text)
            .map(|region| show.labels.region(region.id))
            .unwrap_or_default(),
        FieldType::Record(_) => text.to_owned(),
        _ => info.parse(text).map_or_else(|_| text.to_owned(), |value| show.words(info, Some(&value))),
    }
}

async fn sections(
    within: &Within,
    labels: &Labels,
    (kind, is_new): (RecordKind, bool),
    typed: &Typed,
    problems: &[Problem],
) -> Result<Vec<FormSection>, Failure> {
    let t = within.locale;
    let error = |name: &str| {
        let of = problems.iter().filter(|problem| problem.field == name);
        of.map(|problem| failure::problem(t, problem)).collect::<Vec<_>>().join(" ")
    };
    let line = |name: &str, label: &str, required: bool| FormField {
        name: name.to_owned(),
        label: label.to_owned(),
        required,
        error: error(name),
        control: Control::Text { value: typed.get(name).to_owned(), max_length: limit(MAX_TEXT_CHARS) },
        wide: true,
        ..FormField::default()
    };
    let mut fields = vec![line("title", t.title_label(), true), line("title_en", t.title_en_label(), false)];
    // A stage is chosen where a project is entered; from then on a gate decides.
    for field in kind.fields().iter().filter(|field| is_new || !matches!(field.kind, FieldType::Stage)) {
        fields.push(FormField {
            name: field.code.to_owned(),
            label: field_label(t, field).to_owned(),
            hint: hint(t, field).to_owned(),
            required: field.required || matches!(field.kind, FieldType::Stage),
            error: error(field.code),
            control: control(within, labels, field, typed).await?,
            wide: matches!(field.kind, FieldType::Long | FieldType::Links(..)),
        });
        if field.code == amount_after(kind) {
            let unit = amount_unit(within).await?;
            fields.extend(amount(t, kind, typed, (error("amount"), &unit)));
        }
    }
    fields.push(FormField {
        name: "aliases".to_owned(),
        label: t.record_names().to_owned(),
        hint: t.aliases_hint().to_owned(),
        error: error("aliases"),
        control: Control::Long { value: typed.get("aliases").to_owned(), max_length: limit(MAX_LONG_CHARS) },
        wide: true,
        ..FormField::default()
    });
    Ok(vec![FormSection { fields, ..FormSection::default() }])
}

/// The amount stands behind the field that decides its measure, else behind the status.
fn amount_after(kind: RecordKind) -> &'static str {
    match kind.amount().map(|of| of.measure) {
        Some(domain::record::AmountOf::ByChoice(field)) => field,
        Some(domain::record::AmountOf::Measure(_)) => {
            let stays = kind.fields().iter().find(|field| !matches!(field.kind, FieldType::Stage));
            kind.field("status").or(stays).map_or("", |field| field.code)
        }
        None => "",
    }
}

pub(crate) fn amount(
    t: Locale,
    kind: RecordKind,
    typed: &Typed,
    (error, usual): (String, &str),
) -> Option<FormField> {
    let of = kind.amount()?;
    let unit = if typed.has("amount_unit") { typed.get("amount_unit") } else { usual };
    let mut units = vec![choice("wan", t.unit_wan_yuan(), unit), choice("yi", t.unit_yi_yuan(), unit)];
    let currencies = domain::Unit::all().take_while(|unit| unit.code() != "CNY/kg");
    units.extend(currencies.map(|of| choice(of.code(), format::unit_label(t, of), unit)));
    Some(FormField {
        name: "amount".to_owned(),
        label: labels::pick(t, of.zh, of.en).to_owned(),
        hint: t.amount_hint().to_owned(),
        error,
        control: Control::Amount {
            value: typed.get("amount").to_owned(),
            unit: units,
            approx: labels::approximations(t, typed.get("amount_approx")),
        },
        ..FormField::default()
    })
}

fn hint(t: Locale, field: &FieldInfo) -> &'static str {
    match field.kind {
        FieldType::Uscc => t.uscc_hint(),
        _ => "",
    }
}

pub(crate) async fn control(
    within: &Within,
    labels: &Labels,
    field: &FieldInfo,
    typed: &Typed,
) -> Result<Control, Failure> {
    let t = within.locale;
    let value = typed.get(field.code).to_owned();
    let suggest = |kind: RecordKind| within.to(&format!("suggest/{}", kind.code()));
    Ok(match field.kind {
        FieldType::Text => Control::Text { value, max_length: limit(MAX_TEXT_CHARS) },
        FieldType::Uscc => Control::Text { value, max_length: 30 },
        FieldType::Long => Control::Long { value, max_length: limit(MAX_LONG_CHARS) },
        FieldType::Sector => Control::Sector(sector_choices(t, &value)),
        FieldType::Choice(list) => Control::Choice(choices(within, list, &value)),
        FieldType::Stage => {
            // Where nobody says otherwise, a project begins at the first stage.
            let first = labels.stages.first().map(|of| of.code.clone()).unwrap_or_default();
            let value = if value.is_empty() { first } else { value };
            let stage = |of: &app::Stage| choice(&of.code, labels.stage(&of.code), &value);
            Control::Choice(labels.stages.iter().map(stage).collect())
        }
        FieldType::Region => {
            let region = labels.names.region_coded(&value);
            let value = region.map(|region| picked(&labels.region(region.id), &region.code)).unwrap_or(value);
            Control::Record { value, suggest: within.to("suggest/region") }
        }
        FieldType::Record(kind) if is_lead_owner(field) => {
            Control::Record { value, suggest: format!("{}?for=lead", suggest(kind)) }
        }
        FieldType::Record(kind) => Control::Record { value, suggest: suggest(kind) },
        FieldType::Date => Control::Date(value),
        FieldType::Flag => Control::Flag { checked: value == "yes", text: field_label(t, field).to_owned() },
        FieldType::Quantity(unit) => {
            let unit = domain::Unit::from_code(unit).map(|unit| format::unit_label(t, unit));
            Control::Quantity { value, unit: unit.unwrap_or_default().to_owned() }
        }
        FieldType::Links(kind, roles) => Control::Links {
            rows: link_rows(within, field, roles, typed),
            role_label: t.role().to_owned(),
            suggest: suggest(kind),
        },
    })
}

fn limit(chars: usize) -> u32 {
    u32::try_from(chars).unwrap_or(u32::MAX)
}

fn link_rows(
    within: &Within,
    field: &FieldInfo,
    roles: &[domain::record::Choice],
    typed: &Typed,
) -> Vec<LinkRow> {
    let sent = typed.all(&format!("{}_role", field.code));
    let roles_with = |selected: &str| -> Vec<Choice> {
        roles.iter().map(|of| choice(of.code, choice_label(within, of), selected)).collect()
    };
    let mut rows: Vec<LinkRow> = Vec::new();
    for (at, record) in typed.all(field.code).iter().enumerate().filter(|(_, record)| !record.is_empty()) {
        let role = sent.get(at).copied().unwrap_or_default();
        rows.push(LinkRow { record: (*record).to_owned(), roles: roles_with(role), error: String::new() });
    }
    for _ in 0..BLANK_ROWS {
        rows.push(LinkRow { roles: roles_with(""), ..LinkRow::default() });
    }
    rows
}

/// Whether a field is the office that a lead is registered for: not everybody registers for every office.
pub(crate) fn is_lead_owner(field: &FieldInfo) -> bool {
    RecordKind::Lead.field("owner").is_some_and(|owner| std::ptr::eq(owner, field))
}

/// Regions for a picker, each with those above it.
async fn region_suggestions(within: &Within, text: &str) -> Result<Suggestions, Failure> {
    let labels = within.labels().await?;
    let above = |id: i64| {
        let above: Vec<_> = labels.names.tree().ancestors(id).skip(1).map(|id| labels.region(id)).collect();
        above.join(" · ")
    };
    let row = |region: &app::Region| Suggestion {
        code: region.code.clone(),
        title: labels.region(region.id),
        note: above(region.id),
    };
    let found = labels.names.suggest(text, SUGGESTED_REGIONS);
    Ok(Suggestions { locale: within.locale, rows: found.into_iter().map(row).collect() })
}

/// `GET suggest/{kind}?q=&for=`: records for a picker, or regions.
pub(crate) async fn suggest(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Failure> {
    let query = Typed { pairs: pairs(query.unwrap_or_default().as_bytes()) };
    if kind == "region" {
        return Ok(Html(region_suggestions(&within, query.get("q")).await?.render()));
    }
    if kind == RecordKind::Document.code() {
        return Ok(Html(attachments::suggest(&within, query.get("q")).await?.render()));
    }
    let kind = kind_of(&kind)?;
    let (app, typed) = (within.app(), query.get("q"));
    let found = match (kind, query.get("for")) {
        (RecordKind::Office, "lead") => {
            app.lead_owner_suggest(&within.actor, within.id(), typed, SUGGESTED).await?
        }
        _ => app.entry_suggest(&within.actor, within.id(), kind, typed, SUGGESTED).await?,
    };
    let labels = within.labels().await?;
    let row = |entry: &app::Entry| Suggestion {
        code: entry.record.code.clone(),
        title: labels::pick_title(within.locale, &entry.record).to_owned(),
        note: entry.id("region").map(|region| labels.region(region)).unwrap_or_default(),
    };
    let rows = found.iter().map(row).collect();
    Ok(Html(Suggestions { locale: within.locale, rows }.render()))
}
