//! The settings of a programme as pages: what is set now, by sections.

pub(crate) mod aid_shares;
pub(crate) mod history;
pub(crate) mod labels;
pub(crate) mod regions;
pub(crate) mod robots;
mod sent;
pub(crate) mod stages;
pub(crate) mod switches;

use crate::failure::Failure;
use crate::values::kind_label;
use crate::visit::Within;
use app::{RecordKind, Right};
use axum::response::Html;
use pages::{Link, Nav, Settings, SettingsGroup, SettingsSection, Shell};

/// `GET settings`
pub(crate) async fn show(within: Within) -> Result<Html<String>, Failure> {
    let t = within.locale;
    let mut security = Vec::new();
    if within.may(Right::ManageSettings) {
        let has_watermark = within.app().has_watermark(&within.actor, within.id()).await?;
        let now = t.settings_switches_now(if has_watermark { t.settings_on() } else { t.settings_off() });
        let robots = within.app().robots(&within.actor, within.id()).await?.len();
        let of = ["settings/robots", t.robot_title(), t.robot_hint()];
        security.push(section(&within, of, t.settings_records_now(robots)));
        let switches = ["settings/switches", t.settings_switches(), t.settings_switches_hint()];
        security.push(section(&within, switches, now));
    }
    if within.may(Right::ViewAudit) {
        let audit = ["settings/audit", t.settings_audit(), t.settings_audit_hint()];
        security.push(section(&within, audit, String::new()));
    }
    let mut groups = vec![
        SettingsGroup { label: t.settings_group_regions().to_owned(), sections: places(&within).await? },
        SettingsGroup { label: t.settings_group_words().to_owned(), sections: words(&within).await? },
        SettingsGroup { label: t.settings_group_security().to_owned(), sections: security },
    ];
    groups.retain(|group| !group.sections.is_empty());
    Ok(Html(Settings { shell: shell(&within).await?, groups }.render()))
}

async fn places(within: &Within) -> Result<Vec<SettingsSection>, Failure> {
    let (t, app, actor) = (within.locale, within.app(), &within.actor);
    let regions = app.setting_regions(actor, within.id()).await?.rows;
    let names: usize = regions.iter().map(|region| region.names.len()).sum();
    let mut sections = vec![
        section(
            within,
            ["settings/regions", t.settings_regions(), t.settings_regions_hint()],
            t.settings_regions_now(regions.len()),
        ),
        section(
            within,
            ["settings/names", t.settings_names(), t.settings_names_hint()],
            t.settings_names_now(names),
        ),
    ];
    for (kind, address, hint) in [
        (RecordKind::Office, "lists/office", t.settings_offices_hint()),
        (RecordKind::Cohort, "lists/cohort", t.settings_cohorts_hint()),
    ] {
        let count = app.register_count(actor, within.id(), kind).await?;
        let now = t.settings_records_now(count);
        sections.push(section(within, [address, kind_label(t, kind), hint], now));
    }
    Ok(sections)
}

async fn words(within: &Within) -> Result<Vec<SettingsSection>, Failure> {
    let (t, app, actor) = (within.locale, within.app(), &within.actor);
    let stages = app.setting_stages(actor, within.id()).await?.rows.len();
    let shares = app.setting_aid_shares(actor, within.id()).await?.rows.len();
    let labels = app.setting_labels(actor, within.id()).await?.rows.len();
    let unit = switches::amount_unit(within).await?;
    let unit = switches::amount_unit_label(t, &unit);
    Ok([
        (["settings/stages", t.settings_stages(), t.settings_stages_hint()], t.settings_stages_now(stages)),
        (
            ["settings/aid-shares", t.settings_aid_shares(), t.settings_aid_shares_hint()],
            t.settings_aid_shares_now(shares),
        ),
        (["settings/labels", t.settings_labels(), t.settings_labels_hint()], t.settings_labels_now(labels)),
        (["settings/units", t.settings_units(), t.settings_units_hint()], t.settings_amount_unit_now(unit)),
    ]
    .map(|(of, now)| section(within, of, now))
    .into())
}

fn section(within: &Within, [address, label, hint]: [&str; 3], now: String) -> SettingsSection {
    SettingsSection { label: label.to_owned(), href: within.to(address), now, hint: hint.to_owned() }
}

/// The frame of a page of settings.
async fn shell(within: &Within) -> Result<Shell, Failure> {
    let mut shell = within.shell(Nav::Elsewhere).await?;
    let entries = || shell.groups.iter().flat_map(|group| &group.entries);
    let own = entries().any(|entry| entry.href == within.visit.path);
    let current = if own { within.visit.path.clone() } else { within.to("settings") };
    for entry in shell.groups.iter_mut().flat_map(|group| &mut group.entries) {
        entry.current = entry.href == current;
    }
    Ok(shell)
}

/// The way back to the overview.
fn crumbs(within: &Within) -> Vec<Link> {
    vec![Link { label: within.locale.settings_title().to_owned(), href: within.to("settings") }]
}

/// The history of the settings, for those who may see it.
fn audit_href(within: &Within) -> String {
    if within.may(Right::ViewAudit) { within.to("settings/audit") } else { String::new() }
}

/// An address of the settings, for those who may change them.
fn action(within: &Within, rest: &str) -> Option<String> {
    within.may(Right::ManageSettings).then(|| within.to(&format!("settings/{rest}")))
}
