//! Switches of a programme, and its units with the one in which amounts are typed.

use super::sent::{Sent, chosen};
use super::{audit_href, crumbs};
use crate::failure::Failure;
use crate::visit::{Within, role_label};
use app::{
    AMOUNT_UNIT, DEFAULT_RELEASE_DAYS, FACTOR_ROLES, LIGHT_MONTHS, LIGHT_RED, LIGHT_SETTINGS, LIGHT_SILENT,
    LIGHT_YELLOW, RELEASE_DAYS, Right, Role, WATERMARK, WEEKLY_DAY, WEEKLY_DEFAULT, WEEKLY_HOUR,
};
use axum::body::Bytes;
use axum::response::{Html, IntoResponse, Response};
use domain::Unit;
use domain::light::Thresholds;
use locale::Locale;
use pages::{
    Cell, Choice, Control, FormField, FormSection, InlineForm, SettingCell, SettingsForm, SettingsRow,
    SettingsTable,
};

/// The unit in which amounts are typed unless somebody chooses another.
pub(crate) async fn amount_unit(within: &Within) -> Result<String, Failure> {
    let set = within.app().setting(&within.actor, Some(within.id()), AMOUNT_UNIT).await?;
    Ok(set.unwrap_or_else(|| "wan".to_owned()))
}

pub(super) fn amount_unit_label(t: Locale, code: &str) -> &'static str {
    if code == "yi" { t.unit_yi_yuan() } else { t.unit_wan_yuan() }
}

/// `GET settings/switches`
pub(crate) async fn show(within: Within) -> Result<Response, Failure> {
    page(&within, &Sent::default()).await
}

async fn page(within: &Within, sent: &Sent) -> Result<Response, Failure> {
    let t = within.locale;
    let switches = within.app().setting_switches(&within.actor, within.id()).await?;
    let stands = |key: &str| {
        let set = switches.rows.iter().find(|(of, _)| of == key);
        set.map_or(String::new(), |(_, value)| value.clone())
    };
    let watermark =
        if sent.version() == 0 { stands(WATERMARK) == "on" } else { sent.get(WATERMARK) == "yes" };
    let roles = stands(FACTOR_ROLES).split(',').map(|role| role.trim().to_owned()).collect();
    let roles = if sent.version() == 0 { roles } else { sent.all(FACTOR_ROLES) };
    let role = |role: &Role| Choice {
        value: role.code().to_owned(),
        label: role_label(t, *role).to_owned(),
        selected: roles.iter().any(|code| code == role.code()),
        depth: 0,
    };
    let flag = Control::Flag { checked: watermark, text: t.settings_watermark_text().to_owned() };
    let many = Control::Many(Role::ALL.iter().map(role).collect());
    let days = if sent.version() == 0 { stands(RELEASE_DAYS) } else { sent.get(RELEASE_DAYS).to_owned() };
    let days = Control::Quantity { value: days, unit: t.settings_days().to_owned() };
    let threshold = |key: &str| {
        if sent.version() == 0 { stands(key) } else { sent.get(key).to_owned() }
    };
    let mut fields = vec![
        FormField {
            hint: t.settings_release_hint(DEFAULT_RELEASE_DAYS),
            ..sent.field(within, RELEASE_DAYS, t.settings_lead_release_days(), days)
        },
        sent.field(within, WATERMARK, t.settings_watermark(), flag),
        FormField {
            hint: t.settings_factor_roles_hint().to_owned(),
            wide: true,
            ..sent.field(within, FACTOR_ROLES, t.settings_factor_roles(), many)
        },
    ];
    fields.splice(1..1, light_fields(within, sent, threshold));
    fields.extend(weekly_fields(within, sent, threshold));
    let page = SettingsForm {
        shell: sent.shell(within).await?,
        crumbs: crumbs(within),
        title: t.settings_switches().to_owned(),
        intro: t.settings_switches_hint().to_owned(),
        sections: vec![FormSection { fields, ..FormSection::default() }],
        action: within.to("settings/switches"),
        version: sent.version_of(switches.version),
        audit_href: audit_href(within),
    };
    Ok((sent.status(), Html(page.render())).into_response())
}

/// When weekly summaries are sent.
fn weekly_fields(within: &Within, sent: &Sent, value: impl Fn(&str) -> String) -> Vec<FormField> {
    let t = within.locale;
    let (day, hour) = WEEKLY_DEFAULT;
    [
        (WEEKLY_DAY, t.weekly_day(), t.weekly_day_unit(), t.weekly_day_hint(day)),
        (WEEKLY_HOUR, t.weekly_hour(), t.weekly_hour_unit(), t.weekly_hour_hint(hour)),
    ]
    .map(|(key, label, unit, hint)| {
        let control = Control::Quantity { value: value(key), unit: unit.to_owned() };
        FormField { hint, ..sent.field(within, key, label, control) }
    })
    .into()
}

/// Where yellow and red begin.
fn light_fields(within: &Within, sent: &Sent, value: impl Fn(&str) -> String) -> Vec<FormField> {
    let t = within.locale;
    let of = Thresholds::default();
    let field = |(key, label, unit, most, default): (&'static str, &str, &str, i64, i64)| {
        let control = Control::Quantity { value: value(key), unit: unit.to_owned() };
        let hint = t.light_setting_hint(unit, most, default);
        FormField { hint, ..sent.field(within, key, label, control) }
    };
    [
        (LIGHT_MONTHS, t.light_setting_months(), t.light_months(), 60, of.red_months),
        (LIGHT_YELLOW, t.light_setting_yellow(), t.light_points(), 100, of.yellow_points),
        (LIGHT_RED, t.light_setting_red(), t.light_points(), 100, of.red_points),
        (LIGHT_SILENT, t.light_setting_silent(), t.light_months(), 60, of.silent_months),
    ]
    .map(field)
    .into()
}

/// `POST settings/switches`
pub(crate) async fn save(within: Within, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::new(&body);
    let watermark = if sent.get(WATERMARK) == "yes" { "on" } else { "" };
    let switches = [
        (RELEASE_DAYS, sent.get(RELEASE_DAYS).trim().to_owned()),
        (WATERMARK, watermark.to_owned()),
        (FACTOR_ROLES, sent.all(FACTOR_ROLES).join(",")),
    ];
    let lights = LIGHT_SETTINGS.map(|key| (key, sent.get(key).trim().to_owned()));
    let weekly = [WEEKLY_DAY, WEEKLY_HOUR].map(|key| (key, sent.get(key).trim().to_owned()));
    let switches: Vec<_> = switches.into_iter().chain(lights).chain(weekly).collect();
    let (id, version) = (within.id(), sent.version());
    let done = within.app().setting_switches_save(&within.actor, id, version, &switches).await;
    match sent.settle(&within, done, "switches")? {
        Ok(response) => Ok(response),
        Err(sent) => page(&within, &sent).await,
    }
}

/// `GET settings/units`
pub(crate) async fn units(within: Within) -> Result<Response, Failure> {
    units_page(&within, &Sent::default()).await
}

async fn units_page(within: &Within, sent: &Sent) -> Result<Response, Failure> {
    let t = within.locale;
    let version = within.app().setting_switches(&within.actor, within.id()).await?.version;
    let now = amount_unit(within).await?;
    let row = |unit: Unit| SettingsRow {
        label: crate::labels::pick(t, unit.zh(), unit.en()).to_owned(),
        cells: [unit.code(), unit.zh(), unit.en(), &unit.decimals().to_string()]
            .map(|text| SettingCell::Shown(Cell::Text(text.to_owned())))
            .into(),
        ..SettingsRow::default()
    };
    let choices = ["wan", "yi"].map(|code| (code, amount_unit_label(t, code)));
    let control = Control::Choice(chosen(&choices, &now));
    let field = sent.field(within, AMOUNT_UNIT, t.settings_amount_unit(), control);
    let add = InlineForm {
        id: "amount-unit".into(),
        label: t.settings_amount_unit_now(amount_unit_label(t, &now)),
        action: within.to("settings/units"),
        hidden: vec![("version".to_owned(), sent.version_of(version))],
        fields: vec![FormField { required: true, ..field }],
        submit: t.save().to_owned(),
        open: sent.concerns(&[AMOUNT_UNIT]),
    };
    let columns = [t.settings_unit_code(), t.settings_zh(), t.settings_en(), t.settings_unit_decimals()];
    let page = SettingsTable {
        shell: sent.shell(within).await?,
        crumbs: crumbs(within),
        title: t.settings_units().to_owned(),
        intro: t.settings_units_intro().to_owned(),
        columns: columns.map(str::to_owned).into(),
        rows: Unit::all().map(row).collect(),
        add: within.may(Right::ManageSettings).then_some(add),
        audit_href: audit_href(within),
        ..SettingsTable::default()
    };
    Ok((sent.status(), Html(page.render())).into_response())
}

/// `POST settings/units`
pub(crate) async fn save_unit(within: Within, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::new(&body);
    let switches = [(AMOUNT_UNIT, sent.get(AMOUNT_UNIT).to_owned())];
    let (id, version) = (within.id(), sent.version());
    let done = within.app().setting_switches_save(&within.actor, id, version, &switches).await;
    match sent.settle(&within, done, "units")? {
        Ok(response) => Ok(response),
        Err(sent) => units_page(&within, &sent).await,
    }
}
