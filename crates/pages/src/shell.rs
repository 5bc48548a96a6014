//! What surrounds every page: navigation, user, language switch, flash message.

use locale::Locale;

use crate::Tone;

/// The frame of a page.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    pub locale: Locale,
    /// None on pages outside a programme: sign-in, choosing a programme, some errors.
    pub programme: Option<ProgrammeRef>,
    /// None before sign-in.
    pub user: Option<UserRef>,
    pub nav: Nav,
    /// Path and query of this page, where the language switch returns to.
    pub path: String,
    pub flash: Option<Flash>,
    /// Open claims of the programme, beside 待审核 in the navigation; 0 shows nothing.
    pub open_claims: usize,
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

/// One message above the page, about what was just done.
#[derive(Debug, Clone, Default)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
}

/// One entry of the navigation as the template lists it.
pub(crate) struct NavEntry {
    pub href: String,
    pub label: &'static str,
    pub icon: &'static str,
    pub current: bool,
    pub count: usize,
}

impl Shell {
    /// The address of `rest` within this page's programme, without a trailing slash for the overview.
    #[must_use]
    pub fn to(&self, rest: &str) -> String {
        let code = self.programme.as_ref().map_or("", |programme| programme.code.as_str());
        if rest.is_empty() { format!("/p/{code}") } else { format!("/p/{code}/{rest}") }
    }

    pub(crate) fn entries(&self) -> Vec<NavEntry> {
        let t = self.locale;
        [
            (Nav::Overview, "", t.nav_overview(), "overview", 0),
            (Nav::Documents, "documents", t.nav_documents(), "documents", 0),
            (Nav::Claims, "claims", t.nav_claims(), "claims", self.open_claims),
            (Nav::Figures, "figures", t.nav_figures(), "figures", 0),
            (Nav::Checks, "checks", t.nav_checks(), "checks", 0),
            (Nav::Records, "records", t.nav_records(), "records", 0),
        ]
        .into_iter()
        .map(|(nav, rest, label, icon, count)| NavEntry {
            href: self.to(rest),
            label,
            icon,
            current: nav == self.nav,
            count,
        })
        .collect()
    }
}
