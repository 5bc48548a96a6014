//! The navigation on the left: the work that every programme has, then the lists a user may see, by group.

use crate::values::kind_label;
use crate::visit::Within;
use app::{RecordKind, Right, view_right};
use domain::record::Group;
use pages::{NavEntry, NavGroup, Shell};

/// The groups of the navigation, with the list of this name current.
pub(crate) fn groups(within: &Within, shell: &Shell, list: &str) -> Vec<NavGroup> {
    let t = within.locale;
    // Records have their own groups below.
    let mut work = shell.work_group();
    work.entries.retain(|entry| entry.href != within.to("records"));
    work.entries.extend(
        [("day", t.day_title()), ("calendar", t.calendar_title())]
            .map(|(of, label)| page(within, list, of, label)),
    );
    // Rounds of reporting have a page of their own instead of a list.
    work.entries.push(NavEntry {
        label: t.reporting_title().to_owned(),
        href: within.to("reporting"),
        current: matches!(list, "reporting" | "reporting_task"),
        ..NavEntry::default()
    });
    let mut groups = vec![work];
    for (group, label) in [
        (Group::Library, t.nav_library()),
        (Group::Agreements, t.nav_agreements()),
        (Group::Projects, t.nav_projects()),
        (Group::Aid, t.nav_aid()),
        (Group::Registers, t.nav_registers()),
    ] {
        let kinds =
            RecordKind::described().filter(|kind| kind.group() == group && within.may(view_right(*kind)));
        let kinds = kinds.filter(|kind| *kind != RecordKind::ReportingTask);
        let entry = |kind: RecordKind| NavEntry {
            label: kind_label(t, kind).to_owned(),
            href: within.to(&format!("lists/{}", kind.code())),
            icon: String::new(),
            current: kind.code() == list,
            count: 0,
        };
        let mut entries: Vec<_> = kinds.map(entry).collect();
        if group == Group::Registers {
            let regions = NavEntry {
                label: t.settings_regions().to_owned(),
                href: within.to("settings/regions"),
                ..NavEntry::default()
            };
            entries.insert(0, regions);
        }
        if group == Group::Projects && within.may(view_right(RecordKind::Project)) {
            entries.push(page(within, list, "lights", t.light_title()));
            entries.push(page(within, list, "problems", t.problems_title()));
        }
        if group == Group::Aid && within.may(view_right(RecordKind::AidProject)) {
            let ledger = NavEntry {
                label: t.aid_ledger().to_owned(),
                href: within.to("aid"),
                current: list == "aid",
                ..NavEntry::default()
            };
            entries.insert(0, ledger);
        }
        if group == Group::Registers && within.may(Right::MergeRecord) {
            entries.push(NavEntry {
                label: t.duplicates_title().to_owned(),
                href: within.to("duplicates"),
                current: list == "duplicates",
                ..NavEntry::default()
            });
        }
        groups.push(NavGroup { label: label.to_owned(), entries });
    }
    if within.may(Right::ManageSettings) {
        let settings = NavEntry {
            label: t.settings_title().to_owned(),
            href: within.to("settings"),
            ..NavEntry::default()
        };
        groups.push(NavGroup { label: String::new(), entries: vec![settings] });
    }
    groups
}

/// A page that stands beside the lists.
fn page(within: &Within, list: &str, of: &str, label: &str) -> NavEntry {
    NavEntry {
        label: label.to_owned(),
        href: within.to(of),
        icon: if of == "day" || of == "calendar" { of.to_owned() } else { String::new() },
        current: list == of,
        ..NavEntry::default()
    }
}
