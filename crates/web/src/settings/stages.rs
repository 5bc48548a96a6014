//! The stages of a programme's projects, and what their gates ask for.

use super::sent::{Sent, chosen};
use super::{action, audit_href, crumbs};
use crate::failure::Failure;
use crate::labels::pick;
use crate::redirect;
use crate::visit::Within;
use app::{Right, Stage, StageInput};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use domain::stage::{Fact, Milestone};
use locale::Locale;
use pages::{Cell, Choice, Control, FormField, InlineForm, SettingCell, SettingsRow, SettingsTable, Tone};

fn milestones(t: Locale) -> Vec<(&'static str, &'static str)> {
    Milestone::ALL.iter().map(|of| (of.code(), pick(t, of.zh(), of.en()))).collect()
}

fn facts(t: Locale, selected: &[String]) -> Vec<Choice> {
    let choice = |of: &Fact| Choice {
        value: of.code().to_owned(),
        label: pick(t, of.zh(), of.en()).to_owned(),
        selected: selected.iter().any(|code| code == of.code()),
        depth: 0,
    };
    Fact::ALL.iter().map(choice).collect()
}

/// `GET settings/stages`
pub(crate) async fn show(within: Within) -> Result<Response, Failure> {
    page(&within, &Sent::default()).await
}

async fn page(within: &Within, sent: &Sent) -> Result<Response, Failure> {
    let t = within.locale;
    let stages = within.app().setting_stages(&within.actor, within.id()).await?;
    let may = within.may(Right::ManageSettings);
    let row = |stage: &Stage| SettingsRow {
        label: match t {
            Locale::Zh => stage.zh.clone(),
            Locale::En => stage.en.clone(),
        },
        sub: stage.code.clone(),
        cells: if may { fields(within, sent, stage) } else { shown(t, stage) },
        remove: action(within, &format!("stages/{}/remove", stage.code)),
        ..SettingsRow::default()
    };
    let columns =
        [t.settings_ord(), t.settings_zh(), t.settings_en(), t.settings_milestone(), t.settings_facts()];
    let page = SettingsTable {
        shell: sent.shell(within).await?,
        crumbs: crumbs(within),
        title: t.settings_stages().to_owned(),
        intro: t.settings_stages_intro().to_owned(),
        columns: columns.map(str::to_owned).into(),
        rows: stages.rows.iter().map(row).collect(),
        action: action(within, "stages"),
        version: sent.version_of(stages.version),
        add: may.then(|| add_form(within, sent, &stages.rows)),
        audit_href: audit_href(within),
    };
    Ok((sent.status(), Html(page.render())).into_response())
}

fn shown(t: Locale, stage: &Stage) -> Vec<SettingCell> {
    let milestone = pick(t, stage.milestone.zh(), stage.milestone.en()).to_owned();
    let facts: Vec<_> = stage.facts.iter().map(|of| pick(t, of.zh(), of.en())).collect();
    // A stage that asks for nothing has no unknown facts.
    let facts = if facts.is_empty() { Cell::Nothing } else { Cell::Text(facts.join("; ")) };
    let words = [stage.ord.to_string(), stage.zh.clone(), stage.en.clone(), milestone].map(Cell::Text);
    words.into_iter().chain([facts]).map(SettingCell::Shown).collect()
}

fn fields(within: &Within, sent: &Sent, stage: &Stage) -> Vec<SettingCell> {
    let t = within.locale;
    let code = stage.code.as_str();
    let name = |field: &str| format!("{field}_{code}");
    let stands = stage.facts.iter().map(|fact| fact.code().to_owned()).collect();
    let selected = sent.values(code, &name("facts"), stands);
    let gate = sent.field(within, &name("facts"), t.settings_facts(), Control::Many(facts(t, &selected)));
    let milestone = (milestones(t), stage.milestone.code());
    vec![
        sent.line(within, code, (&name("ord"), t.settings_ord()), &stage.ord.to_string()),
        sent.line(within, code, (&name("zh"), t.settings_zh()), &stage.zh),
        sent.line(within, code, (&name("en"), t.settings_en()), &stage.en),
        sent.choice(within, code, (&name("milestone"), t.settings_milestone()), (&milestone.0, milestone.1)),
        SettingCell::Field(gate),
    ]
}

fn add_form(within: &Within, sent: &Sent, stages: &[Stage]) -> InlineForm {
    let t = within.locale;
    let text = |name: &str| Control::Text { value: sent.get(name).to_owned(), max_length: 100 };
    let label = |stage: &Stage| if t == Locale::Zh { stage.zh.clone() } else { stage.en.clone() };
    let after: Vec<_> = stages.iter().map(|stage| (stage.code.clone(), label(stage))).collect();
    let after: Vec<_> = after.iter().map(|(code, words)| (code.as_str(), words.as_str())).collect();
    let after = Control::Choice(chosen(&after, sent.get("after")));
    let milestone = Control::Choice(chosen(&milestones(t), sent.get("milestone")));
    let mut fields: Vec<FormField> = [
        ("zh", t.settings_zh(), text("zh")),
        ("en", t.settings_en(), text("en")),
        ("after", t.settings_stage_after(), after),
        ("milestone", t.settings_milestone(), milestone),
    ]
    .into_iter()
    .map(|(name, label, control)| FormField { required: true, ..sent.field(within, name, label, control) })
    .collect();
    let gate = Control::Many(facts(t, &sent.all("facts")));
    fields.push(FormField { wide: true, ..sent.field(within, "facts", t.settings_facts(), gate) });
    InlineForm {
        id: "add-stage".into(),
        label: t.settings_stage_add().to_owned(),
        action: within.to("settings/stages/add"),
        fields,
        submit: t.save().to_owned(),
        open: sent.concerns(&["zh", "en", "after", "milestone"]),
        ..InlineForm::default()
    }
}

fn input(sent: &Sent, code: &str, end: &str) -> StageInput {
    let of = |name: &str| sent.get(&format!("{name}{end}")).to_owned();
    StageInput {
        code: code.to_owned(),
        ord: of("ord"),
        zh: of("zh"),
        en: of("en"),
        milestone: of("milestone"),
        facts: sent.all(&format!("facts{end}")),
    }
}

/// `POST settings/stages`
pub(crate) async fn save(within: Within, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::new(&body);
    let rows: Vec<_> = sent.keys("ord_").iter().map(|code| input(&sent, code, &format!("_{code}"))).collect();
    let (id, version) = (within.id(), sent.version());
    let done = within.app().setting_stages_save(&within.actor, id, version, &rows).await;
    finish(&within, sent, done).await
}

/// `POST settings/stages/add`
pub(crate) async fn add(within: Within, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::new(&body);
    let input = input(&sent, sent.get("after"), "");
    let done = within.app().setting_stage_add(&within.actor, within.id(), &input).await;
    finish(&within, sent, done).await
}

/// `POST settings/stages/{code}/remove`
pub(crate) async fn remove(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let done = within.app().setting_stage_remove(&within.actor, within.id(), &code).await;
    if matches!(done, Err(app::Error::Conflict)) {
        let (to, words) = (within.to("settings/stages"), within.locale.settings_last_stage());
        return Ok(redirect::with_flash(&within.visit, &to, Tone::Bad, words));
    }
    finish(&within, Sent::default(), done).await
}

async fn finish(within: &Within, sent: Sent, done: app::Result<()>) -> Result<Response, Failure> {
    match sent.settle(within, done, "stages")? {
        Ok(response) => Ok(response),
        Err(sent) => page(within, &sent).await,
    }
}
