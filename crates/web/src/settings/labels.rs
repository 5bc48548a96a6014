//! What a programme calls the choices of its records.

use super::sent::Sent;
use super::{action, audit_href, crumbs};
use crate::failure::Failure;
use crate::values::{field_label, kind_label};
use crate::visit::Within;
use app::{Label, RecordKind, Right};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use domain::record::{Choice, FieldInfo, FieldType, choice_lists};
use locale::Locale;
use pages::{Cell, SettingCell, SettingsRow, SettingsTable};

/// `GET settings/labels`
pub(crate) async fn show(within: Within) -> Result<Response, Failure> {
    page(&within, &Sent::default()).await
}

async fn page(within: &Within, sent: &Sent) -> Result<Response, Failure> {
    let t = within.locale;
    let labels = within.app().setting_labels(&within.actor, within.id()).await?;
    let mut rows = Vec::new();
    for list in choice_lists() {
        let empty = || SettingCell::Shown(Cell::Nothing);
        let label = list.first().map(|choice| list_label(t, choice.list)).unwrap_or_default();
        rows.push(SettingsRow { label, cells: vec![empty(), empty()], ..SettingsRow::default() });
        rows.extend(list.iter().map(|choice| row(within, sent, &labels.rows, choice)));
    }
    let page = SettingsTable {
        shell: sent.shell(within).await?,
        crumbs: crumbs(within),
        title: t.settings_labels().to_owned(),
        intro: t.settings_labels_intro().to_owned(),
        columns: [t.settings_zh(), t.settings_en()].map(str::to_owned).into(),
        rows,
        action: action(within, "labels"),
        version: sent.version_of(labels.version),
        add: None,
        audit_href: audit_href(within),
    };
    Ok((sent.status(), Html(page.render())).into_response())
}

fn row(within: &Within, sent: &Sent, labels: &[Label], choice: &Choice) -> SettingsRow {
    let t = within.locale;
    let own = labels.iter().find(|of| of.list == choice.list && of.code == choice.code);
    let (zh, en) = own.map_or((choice.zh, choice.en), |of| (&of.zh, &of.en));
    let key = format!("{}.{}", choice.list, choice.code);
    let cells = if within.may(Right::ManageSettings) {
        vec![
            sent.line(within, &key, (&format!("zh_{key}"), t.settings_zh()), zh),
            sent.line(within, &key, (&format!("en_{key}"), t.settings_en()), en),
        ]
    } else {
        [zh, en].map(|text| SettingCell::Shown(Cell::Text(text.to_owned()))).into()
    };
    let reset = || action(within, &format!("labels/{}/{}/reset", choice.list, choice.code));
    SettingsRow {
        label: crate::labels::pick(t, choice.zh, choice.en).to_owned(),
        sub: choice.code.to_owned(),
        depth: 1,
        cells,
        remove: own.and_then(|_| reset()),
        ..SettingsRow::default()
    }
}

/// The field in which a list is chosen from: `协议 · 类型`.
fn list_label(t: Locale, list: &str) -> String {
    let uses = |field: &FieldInfo| match field.kind {
        FieldType::Choice(of) | FieldType::Links(_, of) => of.first().is_some_and(|of| of.list == list),
        _ => false,
    };
    let fields = RecordKind::described()
        .flat_map(|kind| kind.fields().iter().filter(|field| uses(field)).map(move |field| (kind, field)));
    let words = fields.map(|(kind, field)| format!("{} · {}", kind_label(t, kind), field_label(t, field)));
    let words: Vec<_> = words.collect();
    if words.is_empty() { list.to_owned() } else { words.join("; ") }
}

/// `POST settings/labels`
pub(crate) async fn save(within: Within, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::new(&body);
    let label = |key: &String| {
        let (list, code) = key.split_once('.')?;
        let of = |name: &str| sent.get(&format!("{name}_{key}")).to_owned();
        Some(Label { list: list.to_owned(), code: code.to_owned(), zh: of("zh"), en: of("en") })
    };
    let rows: Vec<_> = sent.keys("zh_").iter().filter_map(label).collect();
    let (id, version) = (within.id(), sent.version());
    let done = within.app().setting_labels_save(&within.actor, id, version, &rows).await;
    finish(&within, sent, done).await
}

/// `POST settings/labels/{list}/{code}/reset`
pub(crate) async fn reset(
    within: Within,
    Path((_, list, code)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let version = within.app().setting_labels(&within.actor, within.id()).await?.version;
    let rows = [Label { list, code, zh: String::new(), en: String::new() }];
    let done = within.app().setting_labels_save(&within.actor, within.id(), version, &rows).await;
    finish(&within, Sent::default(), done).await
}

async fn finish(within: &Within, sent: Sent, done: app::Result<()>) -> Result<Response, Failure> {
    match sent.settle(within, done, "labels")? {
        Ok(response) => Ok(response),
        Err(sent) => page(within, &sent).await,
    }
}
