//! The shares of its aid money that a programme keeps.

use super::sent::{Sent, chosen};
use super::{action, audit_href, crumbs};
use crate::aid::{percent, step_label};
use crate::failure::Failure;
use crate::values::{choice_label, field_label};
use crate::visit::Within;
use app::{AidShare, AidShareInput, RecordKind, Right};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use domain::aid::AidStep;
use domain::record::{FieldInfo, FieldType};
use locale::Locale;
use pages::{Cell, Choice, Control, FormField, InlineForm, SettingCell, SettingsRow, SettingsTable};

fn steps(t: Locale) -> Vec<(&'static str, &'static str)> {
    AidStep::ALL.iter().map(|step| (step.code(), step_label(t, *step))).collect()
}

/// The choices of a field of aid projects, or of all its fields of choices.
fn choices(within: &Within, of: Option<&FieldInfo>, selected: &[String]) -> Vec<Choice> {
    let mut all = Vec::new();
    for field in RecordKind::AidProject.fields() {
        let FieldType::Choice(list) = field.kind else { continue };
        if of.is_some_and(|of| of.code != field.code) {
            continue;
        }
        for choice in list {
            let value = format!("{}.{}", field.code, choice.code);
            let words = choice_label(within, choice);
            let label = match of {
                Some(_) => words.to_owned(),
                None => format!("{} · {words}", field_label(within.locale, field)),
            };
            all.push(Choice { selected: selected.contains(&value), value, label, depth: 0 });
        }
    }
    all
}

/// `GET settings/aid-shares`
pub(crate) async fn show(within: Within) -> Result<Response, Failure> {
    page(&within, &Sent::default()).await
}

async fn page(within: &Within, sent: &Sent) -> Result<Response, Failure> {
    let t = within.locale;
    let rules = within.app().setting_aid_shares(&within.actor, within.id()).await?;
    let may = within.may(Right::ManageSettings);
    let row = |rule: &AidShare| SettingsRow {
        label: if t == Locale::Zh { rule.zh.clone() } else { rule.en.clone() },
        sub: rule.code.clone(),
        cells: if may { fields(within, sent, rule) } else { shown(within, rule) },
        remove: action(within, &format!("aid-shares/{}/remove", rule.code)),
        ..SettingsRow::default()
    };
    let columns = [
        t.settings_zh(),
        t.settings_en(),
        t.aid_step(),
        t.aid_share_minimum(),
        t.settings_aid_share_choices(),
    ];
    let page = SettingsTable {
        shell: sent.shell(within).await?,
        crumbs: crumbs(within),
        title: t.settings_aid_shares().to_owned(),
        intro: t.settings_aid_shares_intro().to_owned(),
        columns: columns.map(str::to_owned).into(),
        rows: rules.rows.iter().map(row).collect(),
        action: action(within, "aid-shares").filter(|_| !rules.rows.is_empty()),
        version: sent.version_of(rules.version),
        add: may.then(|| add_form(within, sent)),
        audit_href: audit_href(within),
    };
    Ok((sent.status(), Html(page.render())).into_response())
}

fn codes(rule: &AidShare) -> Vec<String> {
    rule.choices.iter().map(|code| format!("{}.{code}", rule.field.code)).collect()
}

fn shown(within: &Within, rule: &AidShare) -> Vec<SettingCell> {
    let of = choices(within, Some(rule.field), &codes(rule));
    let words: Vec<_> = of.into_iter().filter(|choice| choice.selected).map(|choice| choice.label).collect();
    let choices = format!("{}: {}", field_label(within.locale, rule.field), words.join("; "));
    [
        rule.zh.clone(),
        rule.en.clone(),
        step_label(within.locale, rule.step).to_owned(),
        percent(Some(rule.minimum)),
        choices,
    ]
    .map(|words| SettingCell::Shown(Cell::Text(words)))
    .into()
}

fn fields(within: &Within, sent: &Sent, rule: &AidShare) -> Vec<SettingCell> {
    let t = within.locale;
    let code = rule.code.as_str();
    let name = |field: &str| format!("{field}_{code}");
    let selected = sent.values(code, &name("choices"), codes(rule));
    let many = Control::Many(choices(within, Some(rule.field), &selected));
    let what = sent.field(within, &name("choices"), field_label(t, rule.field), many);
    vec![
        sent.line(within, code, (&name("zh"), t.settings_zh()), &rule.zh),
        sent.line(within, code, (&name("en"), t.settings_en()), &rule.en),
        sent.choice(within, code, (&name("step"), t.aid_step()), (&steps(t), rule.step.code())),
        sent.line(within, code, (&name("minimum"), t.aid_share_minimum()), &percent(Some(rule.minimum))),
        SettingCell::Field(what),
    ]
}

fn add_form(within: &Within, sent: &Sent) -> InlineForm {
    let t = within.locale;
    let text = |name: &str| Control::Text { value: sent.get(name).to_owned(), max_length: 100 };
    let step = Control::Choice(chosen(&steps(t), sent.get("step")));
    let minimum = Control::Quantity { value: sent.get("minimum").to_owned(), unit: "%".to_owned() };
    let mut fields: Vec<FormField> = [
        ("zh", t.settings_zh(), text("zh")),
        ("en", t.settings_en(), text("en")),
        ("step", t.aid_step(), step),
        ("minimum", t.aid_share_minimum(), minimum),
    ]
    .into_iter()
    .map(|(name, label, control)| FormField { required: true, ..sent.field(within, name, label, control) })
    .collect();
    let many = Control::Many(choices(within, None, &sent.all("choices")));
    let what = sent.field(within, "choices", t.settings_aid_share_choices(), many);
    fields.push(FormField { wide: true, ..what });
    InlineForm {
        id: "add-aid-share".into(),
        label: t.settings_aid_share_add().to_owned(),
        action: within.to("settings/aid-shares/add"),
        fields,
        submit: t.save().to_owned(),
        open: sent.concerns(&["zh", "en", "step", "minimum", "choices"]),
        ..InlineForm::default()
    }
}

fn input(sent: &Sent, code: &str, end: &str) -> AidShareInput {
    let of = |name: &str| sent.get(&format!("{name}{end}")).to_owned();
    AidShareInput {
        code: code.to_owned(),
        zh: of("zh"),
        en: of("en"),
        step: of("step"),
        minimum: of("minimum"),
        choices: sent.all(&format!("choices{end}")),
    }
}

/// `POST settings/aid-shares`
pub(crate) async fn save(within: Within, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::new(&body);
    let rows: Vec<_> = sent.keys("zh_").iter().map(|code| input(&sent, code, &format!("_{code}"))).collect();
    let (id, version) = (within.id(), sent.version());
    let done = within.app().setting_aid_shares_save(&within.actor, id, version, &rows).await;
    finish(&within, sent, done).await
}

/// `POST settings/aid-shares/add`
pub(crate) async fn add(within: Within, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::new(&body);
    let input = input(&sent, "", "");
    let done = within.app().setting_aid_share_add(&within.actor, within.id(), &input).await;
    finish(&within, sent, done).await
}

/// `POST settings/aid-shares/{code}/remove`
pub(crate) async fn remove(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let done = within.app().setting_aid_share_remove(&within.actor, within.id(), &code).await;
    finish(&within, Sent::default(), done).await
}

async fn finish(within: &Within, sent: Sent, done: app::Result<()>) -> Result<Response, Failure> {
    match sent.settle(within, done, "aid-shares")? {
        Ok(response) => Ok(response),
        Err(sent) => page(within, &sent).await,
    }
}
