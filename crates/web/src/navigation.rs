//! The navigation on the left: the work that every programme has, then the lists a user may see, in groups that open and close.
//! Without what a reader opened it fits a screen of 900 px: the group of the page is open, or on other pages the first that has
//! room for it.

use crate::values::kind_label;
use crate::visit::Within;
use app::{RecordKind, Right, view_right};
use domain::record::Group;
use pages::{NavEntry, NavGroup, Shell};

/// Open on pages that no group has, until the reader opens or closes one.
const OPEN_FIRST: &str = "projects";

/// The groups of the navigation, with the list of this name current.
pub(crate) fn groups(within: &Within, shell: &Shell, list: &str) -> Vec<NavGroup> {
    // Records have their own groups below.
    let mut work = shell.work_group();
    work.entries.retain(|entry| entry.href != within.to("records"));
    let t = within.locale;
    // Rounds of reporting have a page of their own instead of a list.
    let list_of_work = if list == "reporting_task" { "reporting" } else { list };
    for (of, label) in
        [("day", t.day_title()), ("calendar", t.calendar_title()), ("reporting", t.reporting_title())]
    {
        let entry = entry(within, label, of, list_of_work == of);
        work.entries.push(NavEntry { icon: of.to_owned(), ..entry });
    }
    if within.may(Right::BulkEdit) {
        let entry = entry(within, t.imports_title(), "imports", list == "imports");
        work.entries.push(NavEntry { icon: "upload".to_owned(), ..entry });
    }
    let mut groups = vec![work];
    groups.extend(sections(within, list));
    open(&mut groups, within.visit.opened.as_deref());
    if within.may(Right::ManageSettings) {
        let settings = entry(within, within.locale.settings_title(), "settings", false);
        groups.push(NavGroup { entries: vec![settings], ..NavGroup::default() });
    }
    groups
}

/// The groups with a heading: the lists of each, and the pages that belong to them.
fn sections(within: &Within, list: &str) -> Vec<NavGroup> {
    let t = within.locale;
    let page = |label: &str, rest: &str| entry(within, label, rest, list == rest);
    let mut projects = lists(within, Group::Projects, list);
    if within.may(view_right(RecordKind::Project)) {
        projects.push(page(t.light_title(), "lights"));
        projects.push(page(t.problems_title(), "problems"));
    }
    let mut aid = lists(within, Group::Aid, list);
    if within.may(view_right(RecordKind::AidProject)) {
        aid.insert(0, page(t.aid_ledger(), "aid"));
    }
    let mut registers = vec![page(t.regions_title(), "regions")];
    registers.extend(lists(within, Group::Registers, list));
    if within.may(Right::MergeRecord) {
        registers.push(page(t.duplicates_title(), "duplicates"));
    }
    let sections = [
        ("library", t.nav_library(), lists(within, Group::Library, list)),
        ("agreements", t.nav_agreements(), lists(within, Group::Agreements, list)),
        ("projects", t.nav_projects(), projects),
        ("aid", t.nav_aid(), aid),
        ("registers", t.nav_registers(), registers),
    ];
    let group = |(code, label, entries): (&str, &str, Vec<NavEntry>)| {
        let (code, label) = (code.to_owned(), label.to_owned());
        NavGroup { label, code, open: false, entries }
    };
    sections.into_iter().filter(|(.., entries)| !entries.is_empty()).map(group).collect()
}

/// The lists of a group that the actor may see.
fn lists(within: &Within, group: Group, list: &str) -> Vec<NavEntry> {
    let kinds = RecordKind::described().filter(|kind| kind.group() == group);
    let kinds = kinds.filter(|kind| within.may(view_right(*kind)) && *kind != RecordKind::ReportingTask);
    let of = |kind: RecordKind| {
        let rest = format!("lists/{}", kind.code());
        entry(within, kind_label(within.locale, kind), &rest, kind.code() == list)
    };
    kinds.map(of).collect()
}

fn entry(within: &Within, label: &str, rest: &str, current: bool) -> NavEntry {
    NavEntry { label: label.to_owned(), href: within.to(rest), current, ..NavEntry::default() }
}

/// Opens the group of the page, and those that the reader opened (`.code.code`).
fn open(groups: &mut [NavGroup], opened: Option<&str>) {
    let is_current = |group: &NavGroup| group.entries.iter().any(|entry| entry.current);
    let has_current = groups.iter().any(|group| !group.code.is_empty() && is_current(group));
    for group in groups.iter_mut().filter(|group| !group.code.is_empty()) {
        let chosen = match opened {
            Some(codes) => codes.split('.').any(|code| code == group.code),
            None => !has_current && group.code == OPEN_FIRST,
        };
        group.open = chosen || is_current(group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(current: &str, opened: Option<&str>) -> Vec<String> {
        let group = |code: &str| NavGroup {
            code: code.to_owned(),
            label: code.to_owned(),
            entries: vec![NavEntry { current: code == current, ..NavEntry::default() }],
            ..NavGroup::default()
        };
        let mut groups = vec![NavGroup::default(), group("library"), group("projects"), group("registers")];
        super::open(&mut groups, opened);
        groups.into_iter().filter(|group| group.open).map(|group| group.code).collect()
    }

    #[test]
    fn the_group_of_the_page_is_open_beside_those_the_reader_opened() {
        assert_eq!(shown("", None), ["projects"]);
        assert_eq!(shown("library", None), ["library"]);
        assert_eq!(shown("library", Some(".registers")), ["library", "registers"]);
        assert_eq!(shown("", Some(".")), Vec::<String>::new());
    }
}
