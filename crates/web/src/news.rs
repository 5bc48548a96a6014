//! What documents tell of projects: the list to review, the panel in the reader, and deciding it.

use crate::documents::Before;
use crate::failure::{self, Failure, message};
use crate::forms::{Typed, sent};
use crate::labels::{self, Labels, choice, claim_amount, one_line, reading_of};
use crate::meeting::amount_fields;
use crate::reader::{self, state};
use crate::values::{field_label, link_to};
use crate::visit::{Wants, Within};
use crate::{format, quotes, redirect, stages};
use app::{
    Claim, ClaimState, Gate, How, NewsChange, NewsForm, NewsMeeting, NewsOffer, Problem, ProjectClaim,
    Record, RecordKind, Right, Speaks, edit_right, how,
};
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::Value;
use locale::Locale;
use pages::{
    Choice, Control, Field, Flash, FormField, InlineForm, Link, Nav, News, NewsItem, NewsPanel, PostButton,
    Proposed, Tone, picked, picked_code,
};

const PAGE: i64 = 50;

/// `GET news`
pub(crate) async fn list(within: Within, Query(query): Query<Before>) -> Result<Html<String>, Failure> {
    let (mut told, open) =
        within.app().project_claim_list_open(&within.actor, within.id(), query.before, PAGE + 1).await?;
    let size = usize::try_from(PAGE).unwrap_or(0);
    let more = told.len() > size;
    told.truncate(size);
    let last = told.last().filter(|_| more).map(|claim| claim.id);
    let labels = within.labels().await?;
    let quotes = quotes::told(&within, &told).await?;
    let rows = told.iter().zip(quotes).map(|(claim, quote)| NewsItem {
        quote,
        name: claim.told.name.text.clone(),
        stage: stage(within.locale, claim),
        owner: words(claim.told.owner.as_ref()),
        place: labels.place(&words(claim.told.place.as_ref())),
        period: period(&within, claim),
    });
    let page = News {
        shell: within.shell(Nav::Claims).await?,
        rows: rows.collect(),
        open: usize::try_from(open).unwrap_or(0),
        next: last.map(|last| within.to(&format!("news?before={last}"))),
    };
    Ok(Html(page.render()))
}

fn words(mention: Option<&app::Mention>) -> String {
    mention.map(|mention| mention.text.clone()).unwrap_or_default()
}

fn period(within: &Within, claim: &ProjectClaim) -> String {
    let phrase = claim.told.phrase.as_ref().map(|phrase| phrase.text.as_str());
    format::period(within.locale, claim.told.period, phrase)
}

/// What a claim says of the stage: `开工`, `投产（计划）`; empty where the text says nothing of it.
pub(crate) fn stage(t: Locale, claim: &ProjectClaim) -> String {
    let label = claim.told.milestone.map_or("", |of| labels::pick(t, of.zh(), of.en()));
    match (claim.told.planned, t) {
        (true, Locale::Zh) => format!("{label}（{}）", t.news_planned()),
        (true, Locale::En) => format!("{label} ({})", t.news_planned()),
        (false, _) => label.to_owned(),
    }
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(crate) struct Chosen {
    project: String,
}

type NewsPath = Path<(String, i64)>;

/// `GET news/{id}`
pub(crate) async fn show(
    within: Within,
    Path((_, id)): NewsPath,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Failure> {
    let met = within.app().project_claim(&within.actor, within.id(), id).await?;
    let is_page = within.visit.wants == Wants::Page;
    let chosen = if is_page { chosen.project.as_str() } else { "" };
    let panel = panel(&within, &met, chosen, &Typed::default(), &[]).await?;
    if is_page {
        return Ok(reader::told(&within, &met.claim, panel).await?.into_response());
    }
    Ok(Html(panel.render()).into_response())
}

/// What was understood of a project claim, what it has to do with projects, and what this user may do with it; with the changes
/// of the project `chosen`, where one is.
async fn panel(
    within: &Within,
    met: &NewsMeeting,
    chosen: &str,
    typed: &Typed,
    problems: &[Problem],
) -> Result<NewsPanel, Failure> {
    let t = within.locale;
    let claim = &met.claim;
    let labels = within.labels().await?;
    let can_review = within.may_on(claim.document, Right::ReviewClaim).await?;
    let mut panel = NewsPanel {
        shell: within.visit.shell(Nav::Documents),
        id: claim.id.to_string(),
        state: state(claim.state),
        quote: claim.told.quote.clone(),
        name: claim.told.name.text.clone(),
        fields: fields(within, &labels, met),
        trail: trail(t, claim),
        same: met.same.iter().map(|same| link(within, same)).collect(),
        can_review,
        ..NewsPanel::default()
    };
    if !can_review || claim.state != ClaimState::Open {
        return Ok(panel);
    }
    let action = within.to(&format!("news/{}", claim.id));
    panel.candidates = met.candidates.iter().map(|of| candidate(within, of, &action)).collect();
    panel.pick = pick(within, &action);
    panel.new = new_form(within, &labels, met);
    if !chosen.is_empty() {
        let code = picked_code(chosen);
        match within.app().project_claim_offer(&within.actor, within.id(), claim.id, code).await {
            Ok(offer) => {
                panel.offer = Some(offered(within, &labels, (met, &offer), typed, problems).await?);
            }
            Err(error @ (app::Error::NotFound | app::Error::Forbidden)) => {
                let text = message(t, &error);
                panel.flash = Some(Flash { tone: Tone::Bad, text, ..Flash::default() });
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(panel)
}

fn link(within: &Within, claim: &ProjectClaim) -> Link {
    Link { label: claim.document_title.clone(), href: within.to(&format!("news/{}", claim.id)) }
}

fn fields(within: &Within, labels: &Labels, met: &NewsMeeting) -> Vec<Field> {
    let (t, told) = (within.locale, &met.claim.told);
    let field =
        |label: &str, value: String, note: String| Field { label: label.to_owned(), value, href: None, note };
    let hosts = labels.regions(&met.resolved.hosts);
    let place = labels.place(&words(told.place.as_ref()));
    let note = if hosts.is_empty() || hosts == place { String::new() } else { format!("→ {hosts}") };
    let of_record = |label: &str, record: &Record, words: String| {
        let link = link_to(within, record);
        let note = if words == link.label { record.code.clone() } else { words };
        Field { label: label.to_owned(), value: link.label, href: Some(link.href), note }
    };
    let owner = words(told.owner.as_ref());
    let mut fields = vec![
        field(t.news_stage(), stage(t, &met.claim), words(told.stage.as_ref())),
        match &met.owner {
            Some(record) => of_record(t.news_owner(), record, owner),
            None => field(t.news_owner(), owner, String::new()),
        },
        field(t.place(), place, note),
        field(t.period(), period(within, &met.claim), String::new()),
        field(t.news_capacity(), words(told.capacity.as_ref()), String::new()),
    ];
    fields.extend(met.project.as_ref().map(|project| of_record(t.news_of(), project, project.code.clone())));
    fields
}

/// The rules that decided; one without a label of its own is shown by its name.
fn trail(t: Locale, claim: &ProjectClaim) -> Vec<Field> {
    let label = |rule: &str| {
        let key = format!("news_rule_{}", rule.replace('-', "_"));
        t.by_key(&key).unwrap_or(rule).to_owned()
    };
    let rules: Vec<String> = claim.told.trail.split_whitespace().map(label).collect();
    let field = |label: &str, value: String| Field { label: label.to_owned(), value, ..Field::default() };
    vec![field(t.claim_rules(), rules.join(" · ")), field(t.claim_engine(), claim.engine.clone())]
}

fn candidate(within: &Within, of: &app::Candidate, action: &str) -> Proposed {
    let t = within.locale;
    let reason = |speaks: &Speaks| match speaks {
        Speaks::SameName => t.news_speaks_same_name(),
        Speaks::LikeName => t.news_speaks_like_name(),
        Speaks::SameFirm => t.news_speaks_same_firm(),
        Speaks::SameRegion => t.news_speaks_same_region(),
    };
    Proposed {
        record: link_to(within, &of.entry.record),
        note: of.reasons.iter().map(reason).collect::<Vec<_>>().join(" · "),
        button: PostButton {
            label: t.news_choose().to_owned(),
            action: action.to_owned(),
            hidden: vec![("project".to_owned(), of.entry.record.code.clone())],
            ..PostButton::default()
        },
    }
}

fn pick(within: &Within, action: &str) -> InlineForm {
    let t = within.locale;
    let suggest = within.to(&format!("suggest/{}", RecordKind::Project.code()));
    let field = FormField {
        name: "project".to_owned(),
        label: crate::values::kind_label(t, RecordKind::Project).to_owned(),
        required: true,
        control: Control::Record { value: String::new(), suggest },
        ..FormField::default()
    };
    InlineForm {
        id: "news-pick".to_owned(),
        label: t.news_other().to_owned(),
        action: action.to_owned(),
        fields: vec![field],
        submit: t.news_choose().to_owned(),
        ..InlineForm::default()
    }
}

/// The form of a new project with what the claim tells; what it does not tell stays unknown.
fn new_form(within: &Within, labels: &Labels, met: &NewsMeeting) -> Option<PostButton> {
    let kind = RecordKind::Project;
    if !within.actor.may_keep(within.id(), edit_right(kind), kind) {
        return None;
    }
    let told = &met.claim.told;
    let region =
        |regions: &[i64]| if let [only] = regions { labels.region_code(*only) } else { String::new() };
    let owner = met.owner.as_ref();
    let owner = owner.map(|of| picked(labels::pick_title(within.locale, of), &of.code)).unwrap_or_default();
    let mut fields = vec![
        ("news", met.claim.id.to_string()),
        ("title", told.name.text.clone()),
        ("content", told.name.text.clone()),
        ("capacity", words(told.capacity.as_ref())),
        ("region", region(&met.resolved.hosts)),
        ("supporting", region(&met.resolved.supporters)),
        ("investor", owner),
    ];
    let reached = told.milestone.filter(|_| !told.planned);
    let stage = reached.and_then(|of| labels.stages.iter().find(|stage| stage.milestone == of));
    fields.extend(stage.map(|stage| ("stage", stage.code.clone())));
    let dated = app::news_day(&met.claim).map(|(field, day)| (field, day.to_string()));
    fields.extend(dated);
    fields.extend(planned_total(&met.money));
    let known = fields.into_iter().filter(|(_, value)| !value.is_empty());
    Some(PostButton {
        label: within.locale.news_new().to_owned(),
        action: within.to("lists/project/new"),
        hidden: known.map(|(name, value)| (name.to_owned(), value)).collect(),
        ..PostButton::default()
    })
}

/// The planned total that the sentence states, where it states one.
fn planned_total(money: &[Claim]) -> Vec<(&'static str, String)> {
    let totals: Vec<_> =
        money.iter().filter(|of| of.reading.measure == domain::Measure::PlannedTotal).collect();
    match totals[..] {
        [only] => {
            let quantity = labels::quantity(&only.reading);
            quantity.into_iter().flat_map(amount_fields).collect()
        }
        _ => Vec::new(),
    }
}

async fn offered(
    within: &Within,
    labels: &Labels,
    (met, offer): (&NewsMeeting, &NewsOffer),
    typed: &Typed,
    problems: &[Problem],
) -> Result<pages::NewsOffer, Failure> {
    let t = within.locale;
    let record = &offer.entry.record;
    let mut hidden = vec![("record".to_owned(), record.code.clone())];
    hidden.extend(offer.changes.iter().map(|of| (format!("new_{}", of.field), of.after.clone())));
    if let Some(gate) = &offer.gate {
        hidden.push(("to".to_owned(), gate.to.code.clone()));
        hidden.push(("from".to_owned(), gate.from.as_ref().map(|of| of.code.clone()).unwrap_or_default()));
    }
    let sent = !typed.pairs.is_empty();
    let mut changes: Vec<FormField> =
        offer.changes.iter().map(|of| change(within, labels, of, typed, sent)).collect();
    changes.extend(money(t, &met.money, typed)?);
    let gate = match &offer.gate {
        Some(gate) => {
            stages::asked(within, labels, gate, typed, problems, &told_by(gate, &offer.changes)).await?
        }
        None => Vec::new(),
    };
    let shown = |problem: &&Problem| !gate.iter().any(|field| field.name == problem.field);
    let errors = problems.iter().filter(shown).map(|problem| beside(within, problem)).collect();
    let project = link_to(within, record);
    Ok(pages::NewsOffer {
        label: t.news_changes(&project.label),
        project,
        action: within.to(&format!("news/{}/join", met.claim.id)),
        hidden,
        changes,
        gate,
        errors,
        back: within.to(&format!("news/{}", met.claim.id)),
    })
}

/// The fields that a gate asks for and the news tells.
fn told_by(gate: &Gate, changes: &[NewsChange]) -> Vec<&'static str> {
    let of_field = |fact: &domain::stage::Fact| match how(*fact) {
        How::Field(field) => Some(field.code),
        _ => None,
    };
    let asked = gate.asked.iter().filter_map(of_field);
    asked.filter(|code| changes.iter().any(|change| change.field == *code)).collect()
}

fn beside(within: &Within, problem: &Problem) -> String {
    let t = within.locale;
    let label = RecordKind::Project.field(&problem.field).map_or("", |info| field_label(t, info));
    format!("{label}: {}", failure::problem(t, problem)).trim_start_matches(": ").to_owned()
}

/// A box to tick: what is known, and what it becomes.
fn change(within: &Within, labels: &Labels, of: &NewsChange, typed: &Typed, sent: bool) -> FormField {
    let t = within.locale;
    let info = RecordKind::Project.field(of.field);
    let label = info.map_or(of.field, |info| field_label(t, info));
    let text = |value: &str| match of.field {
        "stage" => labels.stage(value).to_owned(),
        _ => value.to_owned(),
    };
    let before = match &of.before {
        Some(Value::Text(value)) => text(value),
        Some(Value::Day(day)) => day.to_string(),
        Some(_) | None => t.unknown().to_owned(),
    };
    let name = format!("take_{}", of.field);
    let checked = if sent { typed.get(&name) == "yes" } else { of.before.is_none() || of.field == "stage" };
    let text = t.news_change(label, before, text(&of.after));
    FormField { name, wide: true, control: Control::Flag { checked, text }, ..FormField::default() }
}

/// The amounts of the sentence, to be accepted with the news.
fn money(t: Locale, claims: &[Claim], typed: &Typed) -> Result<Option<FormField>, Failure> {
    let mut choices: Vec<Choice> = Vec::new();
    for claim in claims {
        let reading = reading_of(claim)?;
        let label =
            format!("{} · {}", labels::measure(t, reading.measure), one_line(&claim_amount(t, &reading)));
        let id = claim.id.to_string();
        let ticked = typed.pairs.iter().any(|(name, value)| name == "money" && *value == id);
        choices.push(choice(&id, &label, if ticked { &id } else { "" }));
    }
    Ok((!choices.is_empty()).then(|| FormField {
        name: "money".to_owned(),
        label: t.news_money().to_owned(),
        wide: true,
        control: Control::Many(choices),
        ..FormField::default()
    }))
}

/// `POST news/{id}/join`
pub(crate) async fn join(within: Within, Path((_, id)): NewsPath, body: Bytes) -> Result<Response, Failure> {
    let typed = sent(&within, RecordKind::Project, &body).await?;
    let taken = |field: &str| typed.get(&format!("take_{field}")) == "yes";
    let new = |name: &str| name.strip_prefix("new_").filter(|field| *field != "stage").map(str::to_owned);
    let fields = typed.pairs.iter().filter_map(|(name, value)| Some((new(name)?, value.clone())));
    let form = NewsForm {
        record: picked_code(typed.get("record")).to_owned(),
        fields: fields.filter(|(field, _)| taken(field)).collect(),
        stage: taken("stage").then(|| stages::stage_form(&typed)),
        money: money_of(&typed),
    };
    let joined = within.app().project_claim_join(&within.actor, within.id(), id, &form).await;
    let problems = match joined {
        Ok(record) => {
            let words = within.locale.news_joined(labels::pick_title(within.locale, &record));
            return back(&within, id, &words);
        }
        Err(app::Error::Form(problems)) => problems,
        Err(error) => return refused(&within, id, error).await,
    };
    let met = within.app().project_claim(&within.actor, within.id(), id).await?;
    let mut panel = panel(&within, &met, &form.record, &typed, &problems).await?;
    if panel.offer.is_none() {
        let text = problems.iter().map(|problem| beside(&within, problem)).collect::<Vec<_>>().join(" ");
        panel.flash = Some(Flash { tone: Tone::Bad, text, ..Flash::default() });
    }
    let page = reader::told(&within, &met.claim, panel).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The amounts that were ticked.
fn money_of(typed: &Typed) -> Vec<i64> {
    let ticked = typed.pairs.iter().filter(|(name, _)| name == "money");
    ticked.filter_map(|(_, value)| value.parse().ok()).collect()
}

fn back(within: &Within, id: i64, words: &str) -> Result<Response, Failure> {
    let to = within.to(&format!("news/{id}"));
    Ok(redirect::with_flash(&within.visit, &to, Tone::Good, words))
}

/// The claim again, with why nothing was done.
async fn refused(within: &Within, id: i64, error: app::Error) -> Result<Response, Failure> {
    if !matches!(error, app::Error::Conflict | app::Error::Invalid { .. } | app::Error::Superseded(_)) {
        return Err(error.into());
    }
    let met = within.app().project_claim(&within.actor, within.id(), id).await?;
    let mut panel = panel(within, &met, "", &Typed::default(), &[]).await?;
    let text = message(within.locale, &error);
    panel.flash = Some(Flash { tone: Tone::Bad, text, ..Flash::default() });
    let page = reader::told(within, &met.claim, panel).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// `POST news/{id}/reject`
pub(crate) async fn reject(
    within: Within,
    Path((_, id)): NewsPath,
    axum::Form(fields): axum::Form<crate::claims::RejectFields>,
) -> Result<Response, Failure> {
    match within.app().project_claim_reject(&within.actor, within.id(), id, &fields.reason).await {
        Ok(_) => back(&within, id, within.locale.news_rejected()),
        Err(error @ app::Error::Invalid { .. }) => {
            let (status, wrong) = failure::wrong(within.locale, error, &["reason"], "reason")?;
            let met = within.app().project_claim(&within.actor, within.id(), id).await?;
            let mut panel = panel(&within, &met, "", &Typed::default(), &[]).await?;
            (panel.reject_typed, panel.reject_wrong) = (fields.reason, wrong);
            Ok((status, reader::told(&within, &met.claim, panel).await?).into_response())
        }
        Err(error) => refused(&within, id, error).await,
    }
}

/// `POST news/{id}/reopen`
pub(crate) async fn reopen(within: Within, Path((_, id)): NewsPath) -> Result<Response, Failure> {
    match within.app().project_claim_reopen(&within.actor, within.id(), id).await {
        Ok(_) => back(&within, id, within.locale.news_reopened()),
        Err(error) => refused(&within, id, error).await,
    }
}

/// What was told of a project, each quote leading to its place.
pub(crate) async fn quotes_of(within: &Within, record: &Record) -> Result<Vec<pages::Mention>, Failure> {
    if record.kind != RecordKind::Project {
        return Ok(Vec::new());
    }
    let t = within.locale;
    let told = within.app().project_news(&within.actor, within.id(), record.id).await?;
    let quotes = quotes::told(within, &told).await?;
    let row = |(claim, quote): (&ProjectClaim, pages::Quote)| pages::Mention {
        quote,
        state: pages::Badge { label: t.news_quotes().to_owned(), tone: Tone::Info },
        reading: stage(t, claim),
    };
    Ok(told.iter().zip(quotes).map(row).collect())
}

/// Back to the claim from which a project was made.
pub(crate) fn created(within: &Within, record: &Record, id: i64) -> Result<Response, Failure> {
    back(within, id, &within.locale.news_created(labels::pick_title(within.locale, record)))
}

/// The parts of a new project's form that a claim fills in.
pub(crate) async fn filled_in(within: &Within, id: &str) -> Result<pages::RecordForm, Failure> {
    let Ok(id) = id.parse::<i64>() else { return Ok(pages::RecordForm::default()) };
    let met = within.app().project_claim(&within.actor, within.id(), id).await?;
    Ok(pages::RecordForm {
        intro: within.locale.news_from(&met.claim.told.quote),
        hidden: vec![("news".to_owned(), id.to_string())],
        ..pages::RecordForm::default()
    })
}
