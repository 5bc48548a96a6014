//! What surrounds every page: navigation, user, language switch, flash message, watermark.

use locale::Locale;

use crate::{Link, PostButton, Tone};

/// The frame of a page.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    pub locale: Locale,
    /// None on pages outside a programme: sign-in, choosing a programme, some errors.
    pub programme: Option<ProgrammeRef>,
    /// None before sign-in.
    pub user: Option<UserRef>,
    /// Which of the entries that every programme has is current; says nothing where `groups` are given.
    pub nav: Nav,
    /// The entries among these that the user has no right to.
    pub hidden: Vec<Nav>,
    /// The navigation on the left, in order. Empty: the entries that every programme has, from `nav`.
    pub groups: Vec<NavGroup>,
    /// Path and query of this page, where the language switch returns to.
    pub path: String,
    pub flash: Option<Flash>,
    /// Open claims of the programme, beside 待审核 in the navigation; 0 shows nothing.
    pub open_claims: usize,
    /// User and time, repeated over the page on screen and in print, where the programme asks for it.
    pub watermark: Option<String>,
}

/// The programme a page belongs to.
#[derive(Debug, Clone, Default)]
pub struct ProgrammeRef {
    pub code: String,
    pub name: String,
}

/// Who is signed in.
#[derive(Debug, Clone, Default)]
pub struct UserRef {
    pub name: String,
    /// Label of the role in the reader's language.
    pub role: String,
}

/// The navigation entry that is current.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Nav {
    /// No entry: sign-in, errors, choosing a programme.
    #[default]
    Elsewhere,
    Overview,
    Documents,
    Claims,
    Figures,
    Checks,
    Records,
}

/// Some entries of the navigation under a heading.
#[derive(Debug, Clone, Default)]
pub struct NavGroup {
    /// Empty for entries that stand by themselves, without a heading that opens and closes.
    pub label: String,
    /// Stable code, by which a browser remembers what was opened or closed.
    pub code: String,
    /// Whether its entries are shown until the reader closes it.
    pub open: bool,
    pub entries: Vec<NavEntry>,
}

/// One entry of the navigation.
#[derive(Debug, Clone, Default)]
pub struct NavEntry {
    pub label: String,
    pub href: String,
    /// Name of a symbol of `part/icons.html` without `i-`; empty draws none.
    pub icon: String,
    pub current: bool,
    /// What waits there; 0 shows nothing.
    pub count: usize,
}

/// One message above the page, about what was just done.
#[derive(Debug, Clone, Default)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
    /// What can be done about it: the change that can be undone, the record that was made.
    pub link: Option<Link>,
    /// Undoes it; None where it cannot be undone from here.
    pub undo: Option<PostButton>,
}

impl Shell {
    /// The address of `rest` within this page's programme, without a trailing slash for the overview.
    #[must_use]
    pub fn to(&self, rest: &str) -> String {
        let code = self.programme.as_ref().map_or("", |programme| programme.code.as_str());
        if rest.is_empty() { format!("/p/{code}") } else { format!("/p/{code}/{rest}") }
    }

    /// The entries that every programme has, with the one of `nav` as current: the first group of a handler's
    /// own groups, and all there is where it gives none.
    #[must_use]
    pub fn work_group(&self) -> NavGroup {
        let t = self.locale;
        let entries = [
            (Nav::Overview, "", t.nav_overview(), "overview", 0),
            (Nav::Documents, "documents", t.nav_documents(), "documents", 0),
            (Nav::Claims, "claims", t.nav_claims(), "claims", self.open_claims),
            (Nav::Figures, "figures", t.nav_figures(), "figures", 0),
            (Nav::Checks, "checks", t.nav_checks(), "checks", 0),
            (Nav::Records, "records", t.nav_records(), "records", 0),
        ]
        .into_iter()
        .filter(|(nav, ..)| !self.hidden.contains(nav))
        .map(|(nav, rest, label, icon, count)| NavEntry {
            href: self.to(rest),
            label: label.to_owned(),
            icon: icon.to_owned(),
            current: nav == self.nav,
            count,
        });
        NavGroup { entries: entries.collect(), ..NavGroup::default() }
    }

    pub(crate) fn navigation(&self) -> Vec<NavGroup> {
        if self.groups.is_empty() { vec![self.work_group()] } else { self.groups.clone() }
    }
}
