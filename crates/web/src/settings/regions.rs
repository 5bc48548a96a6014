//! The regions that take part, and what else they are called in the programme.

use super::sent::{Sent, chosen};
use super::{action, audit_href, crumbs};
use crate::failure::Failure;
use crate::labels::Labels;
use crate::visit::Within;
use app::{RegionInput, RegionPart, Right};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use domain::region::Side;
use locale::Locale;
use pages::{Cell, Control, FormField, InlineForm, SettingCell, SettingsRow, SettingsTable};

fn sides(t: Locale) -> [(&'static str, &'static str); 2] {
    [(Side::Host.code(), t.side_host()), (Side::Supporting.code(), t.side_supporting())]
}

/// `GET settings/regions`
pub(crate) async fn show(within: Within) -> Result<Response, Failure> {
    page(&within, &Sent::default()).await
}

async fn page(within: &Within, sent: &Sent) -> Result<Response, Failure> {
    let t = within.locale;
    let parts = within.app().setting_regions(&within.actor, within.id()).await?;
    let labels = within.labels().await?;
    let may = within.may(Right::ManageSettings);
    let row = |part: &RegionPart| SettingsRow {
        label: labels.region(part.part.region),
        sub: part.code.clone(),
        cells: cells(within, &labels, sent, (part, may)),
        remove: action(within, &format!("regions/{}/remove", part.code)),
        ..SettingsRow::default()
    };
    let page = SettingsTable {
        shell: sent.shell(within).await?,
        crumbs: crumbs(within),
        title: t.settings_regions().to_owned(),
        intro: t.settings_regions_intro().to_owned(),
        columns: [
            t.settings_parent(),
            t.settings_side(),
            t.settings_col(),
            t.settings_row(),
            t.settings_names(),
        ]
        .map(str::to_owned)
        .into(),
        rows: parts.rows.iter().map(row).collect(),
        action: action(within, "regions"),
        version: sent.version_of(parts.version),
        add: may.then(|| add_form(within, sent)),
        audit_href: audit_href(within),
    };
    Ok((sent.status(), Html(page.render())).into_response())
}

fn cells(
    within: &Within,
    labels: &Labels,
    sent: &Sent,
    (part, may): (&RegionPart, bool),
) -> Vec<SettingCell> {
    let t = within.locale;
    let code = part.code.as_str();
    let place =
        |of: fn((i64, i64)) -> i64| part.part.tile.map(of).map(|of| of.to_string()).unwrap_or_default();
    let (col, row, side) = (place(|of| of.0), place(|of| of.1), part.part.side.code());
    let parent = labels.names.tree().ancestors(part.part.region).nth(1);
    let parent = parent.map_or(Cell::Nothing, |region| Cell::Text(labels.region(region)));
    let parent = SettingCell::Shown(parent);
    let names = if part.names.is_empty() { Cell::Nothing } else { Cell::Text(part.names.join("、")) };
    let names = SettingCell::Shown(names);
    let sides = sides(t);
    if !may {
        let side = sides.iter().find(|(code, _)| *code == side).map_or("", |(_, words)| *words);
        let text = |text: String| if text.is_empty() { Cell::Nothing } else { Cell::Text(text) };
        let shown = [side.to_owned(), col, row].map(|of| SettingCell::Shown(text(of)));
        return [parent].into_iter().chain(shown).chain([names]).collect();
    }
    vec![
        parent,
        sent.choice(within, code, (&format!("side_{code}"), t.settings_side()), (&sides, side)),
        sent.line(within, code, (&format!("col_{code}"), t.settings_col()), &col),
        sent.line(within, code, (&format!("row_{code}"), t.settings_row()), &row),
        names,
    ]
}

fn add_form(within: &Within, sent: &Sent) -> InlineForm {
    let t = within.locale;
    let text = |name: &str| Control::Text { value: sent.get(name).to_owned(), max_length: 100 };
    let region = sent.field(within, "region", t.settings_region_field(), text("region"));
    let side = Control::Choice(chosen(&sides(t), sent.get("side")));
    let side = sent.field(within, "side", t.settings_side(), side);
    InlineForm {
        id: "add-region".into(),
        label: t.settings_region_add().to_owned(),
        action: within.to("settings/regions/add"),
        fields: vec![
            FormField { required: true, ..region },
            FormField { required: true, ..side },
            sent.field(within, "col", t.settings_col(), text("col")),
            sent.field(within, "row", t.settings_row(), text("row")),
        ],
        submit: t.save().to_owned(),
        open: sent.concerns(&["region", "side", "col", "row"]),
        ..InlineForm::default()
    }
}

fn input(sent: &Sent, region: &str, end: &str) -> RegionInput {
    let of = |name: &str| sent.get(&format!("{name}{end}")).to_owned();
    RegionInput { region: region.to_owned(), side: of("side"), col: of("col"), row: of("row") }
}

/// `POST settings/regions`
pub(crate) async fn save(within: Within, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::new(&body);
    let rows: Vec<_> =
        sent.keys("side_").iter().map(|code| input(&sent, code, &format!("_{code}"))).collect();
    let (id, version) = (within.id(), sent.version());
    let done = within.app().setting_regions_save(&within.actor, id, version, &rows).await;
    finish(&within, sent, done).await
}

/// `POST settings/regions/add`
pub(crate) async fn add(within: Within, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::new(&body);
    let input = input(&sent, sent.get("region"), "");
    let done = within.app().setting_region_add(&within.actor, within.id(), &input).await;
    finish(&within, sent, done).await
}

/// `POST settings/regions/{code}/remove`
pub(crate) async fn remove(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let done = within.app().setting_region_remove(&within.actor, within.id(), &code).await;
    finish(&within, Sent::default(), done).await
}

async fn finish(within: &Within, sent: Sent, done: app::Result<()>) -> Result<Response, Failure> {
    match sent.settle(within, done, "regions")? {
        Ok(response) => Ok(response),
        Err(sent) => page(within, &sent).await,
    }
}

/// `GET settings/names`
pub(crate) async fn names(within: Within) -> Result<Response, Failure> {
    names_page(&within, &Sent::default()).await
}

async fn names_page(within: &Within, sent: &Sent) -> Result<Response, Failure> {
    let t = within.locale;
    let parts = within.app().setting_regions(&within.actor, within.id()).await?.rows;
    let labels = within.labels().await?;
    let mut rows = Vec::new();
    for part in &parts {
        rows.extend(part.names.iter().map(|name| SettingsRow {
            label: name.clone(),
            cells: vec![SettingCell::Shown(Cell::Text(labels.region(part.part.region)))],
            remove: action(within, &format!("names/{}/remove", crate::cookie::escape(name))),
            ..SettingsRow::default()
        }));
    }
    let regions: Vec<_> =
        parts.iter().map(|part| (part.code.clone(), labels.region(part.part.region))).collect();
    let regions: Vec<_> = regions.iter().map(|(code, name)| (code.as_str(), name.as_str())).collect();
    let name = Control::Text { value: sent.get("name").to_owned(), max_length: 100 };
    let name = sent.field(within, "name", t.settings_name(), name);
    let of = sent.field(within, "of", t.region(), Control::Choice(chosen(&regions, sent.get("of"))));
    let add = InlineForm {
        id: "add-name".into(),
        label: t.settings_name_add().to_owned(),
        action: within.to("settings/names"),
        fields: vec![FormField { required: true, ..name }, FormField { required: true, ..of }],
        submit: t.save().to_owned(),
        open: sent.concerns(&["name", "of"]),
        ..InlineForm::default()
    };
    let may = within.may(Right::ManageSettings);
    let page = SettingsTable {
        shell: sent.shell(within).await?,
        crumbs: crumbs(within),
        title: t.settings_names().to_owned(),
        intro: t.settings_names_hint().to_owned(),
        columns: vec![t.region().to_owned()],
        rows,
        add: may.then_some(add),
        audit_href: audit_href(within),
        ..SettingsTable::default()
    };
    Ok((sent.status(), Html(page.render())).into_response())
}

/// `POST settings/names`
pub(crate) async fn add_name(within: Within, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::new(&body);
    let (id, name, of) = (within.id(), sent.get("name"), sent.get("of"));
    let done = within.app().setting_name_add(&within.actor, id, name, of).await;
    match sent.settle(&within, done, "names")? {
        Ok(response) => Ok(response),
        Err(sent) => names_page(&within, &sent).await,
    }
}

/// `POST settings/names/{name}/remove`
pub(crate) async fn remove_name(
    within: Within,
    Path((_, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let done = within.app().setting_name_remove(&within.actor, within.id(), &name).await;
    match Sent::default().settle(&within, done, "names")? {
        Ok(response) => Ok(response),
        Err(sent) => names_page(&within, &sent).await,
    }
}
