//! One request: who asks, in which language, for what, in which programme.

use crate::failure::Failure;
use crate::{WebState, cookie, format};
use app::{Actor, App, Label, Programme, Right, Role};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use locale::Locale;
use pages::{Flash, Nav, PostButton, ProgrammeRef, Shell, Tone, UserRef};
use std::sync::Arc;

/// What the sender can use as an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wants {
    /// A page, by following a link or sending a form.
    Page,
    /// A part of a page, asked for by its script.
    Fragment,
    /// JSON.
    Json,
}

/// One request, as far as it is known before its handler runs.
#[derive(Clone)]
pub(crate) struct Visit {
    pub state: WebState,
    pub locale: Locale,
    /// Path and query.
    pub path: String,
    pub wants: Wants,
    /// The message that a redirect brought along.
    pub flash: Option<String>,
    /// The groups of the navigation that the reader opened; none where they never opened or closed one.
    pub opened: Option<String>,
    pub actor: Option<Arc<Actor>>,
    /// The programme of the address, once it is known to be open to the actor.
    pub programme: Option<Arc<Programme>>,
    /// The right that the route asks for.
    pub needs: Option<Right>,
}

impl Visit {
    pub(crate) fn new(state: &WebState, parts: &Parts) -> Self {
        let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        Self {
            state: state.clone(),
            locale: locale_of(&parts.headers),
            path,
            wants: wants(&parts.headers),
            flash: cookie::get(&parts.headers, cookie::FLASH).filter(|text| !text.is_empty()),
            opened: cookie::get(&parts.headers, cookie::NAVIGATION),
            actor: None,
            programme: None,
            needs: None,
        }
    }

    /// The frame of a page outside the programme's navigation, or inside where the programme is known.
    pub(crate) fn shell(&self, nav: Nav) -> Shell {
        let programme = self.programme.as_deref();
        let flash = self.flash.as_deref().and_then(|cookie| self.read_flash(cookie));
        Shell {
            locale: self.locale,
            programme: programme.map(|programme| ProgrammeRef {
                code: programme.code.clone(),
                name: programme_name(self.locale, programme).to_owned(),
            }),
            user: self.actor.as_deref().map(|actor| self.user(actor)),
            nav,
            path: self.path.clone(),
            flash,
            hidden: self.hidden(),
            ..Shell::default()
        }
    }

    fn read_flash(&self, cookie: &str) -> Option<Flash> {
        let (sign, text) = cookie.split_at_checked(1)?;
        let tone = match sign {
            "+" => Tone::Good,
            "!" => Tone::Bad,
            _ => Tone::Warn,
        };
        let (text, change) = text.split_once(UNDOES).unwrap_or((text, ""));
        let undo = change.parse().ok().and_then(|change| self.undo_button(change));
        Some(Flash { tone, text: text.to_owned(), undo, ..Flash::default() })
    }

    /// Undoes a change and comes back here, for who may.
    fn undo_button(&self, change: i64) -> Option<PostButton> {
        let (programme, actor) = (self.programme.as_ref()?, self.actor.as_ref()?);
        actor.may(programme.id, Right::Undo).then(|| PostButton {
            label: self.locale.audit_undo().to_owned(),
            action: format!("/p/{}/changes/{change}/undo", programme.code),
            hidden: vec![("next".to_owned(), self.path.clone())],
            ..PostButton::default()
        })
    }

    /// The entries of the navigation that lead nowhere for the actor.
    fn hidden(&self) -> Vec<Nav> {
        let (Some(programme), Some(actor)) = (&self.programme, &self.actor) else { return Vec::new() };
        let entries = [
            (Nav::Overview, Right::ViewTotal),
            (Nav::Claims, Right::ViewClaim),
            (Nav::Checks, Right::ViewClaim),
        ];
        let lost = entries.into_iter().filter(|(_, right)| !actor.may(programme.id, *right));
        lost.map(|(nav, _)| nav).collect()
    }

    fn user(&self, actor: &Actor) -> UserRef {
        let role = match &self.programme {
            Some(programme) => actor.role_in(programme.id),
            None => actor.role_anywhere(),
        };
        let role = role.map_or("", |role| role_label(self.locale, role)).to_owned();
        UserRef { name: actor.name.clone(), role }
    }
}

/// The name of a programme in a language.
pub(crate) fn programme_name(locale: Locale, programme: &Programme) -> &str {
    match locale {
        Locale::Zh => &programme.name_zh,
        Locale::En => &programme.name_en,
    }
}

/// The label of a role.
pub(crate) fn role_label(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Reader => locale.role_reader(),
        Role::Office => locale.role_office(),
        Role::Reviewer => locale.role_reviewer(),
        Role::Approver => locale.role_approver(),
        Role::Region => locale.role_region(),
        Role::Park => locale.role_park(),
        Role::Enterprise => locale.role_enterprise(),
        Role::System => locale.role_system(),
        Role::Security => locale.role_security(),
        Role::Audit => locale.role_audit(),
    }
}

/// Stands in a flash cookie before the id of a change that can be undone.
const UNDOES: char = '\u{1f}';

/// A flash cookie holds its tone before the text: `+` good, `!` bad, `?` a warning.
pub(crate) fn write_flash(tone: Tone, text: &str) -> String {
    let sign = match tone {
        Tone::Good => '+',
        Tone::Bad => '!',
        _ => '?',
    };
    format!("{sign}{text}")
}

/// A message with the change that can be undone.
pub(crate) fn write_flash_undo(text: &str, change: i64) -> String {
    format!("{}{UNDOES}{change}", write_flash(Tone::Good, text))
}

fn locale_of(headers: &HeaderMap) -> Locale {
    let chosen = cookie::get(headers, cookie::LANGUAGE).and_then(|code| Locale::from_code(&code));
    let asked = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    chosen.unwrap_or_else(|| Locale::from_accept_language(asked()))
}

fn wants(headers: &HeaderMap) -> Wants {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    if accept.starts_with("application/json") {
        Wants::Json
    } else if headers.contains_key("hx-request") {
        Wants::Fragment
    } else {
        Wants::Page
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or(Failure::Bug("a handler ran without its guard"))
    }
}

/// A visit of somebody signed in.
pub(crate) struct SignedIn {
    pub visit: Visit,
    pub actor: Arc<Actor>,
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let actor = visit.actor.clone().ok_or(Failure::SignInFirst)?;
        Ok(Self { visit, actor })
    }
}

/// A visit of somebody who has the right that the route asks for, within a programme.
pub(crate) struct Within {
    pub visit: Visit,
    pub actor: Arc<Actor>,
    pub programme: Arc<Programme>,
    pub locale: Locale,
    /// What the programme calls choices in its own words: mostly nothing.
    pub words: Vec<Label>,
}

impl Within {
    pub(crate) fn app(&self) -> &App {
        &self.visit.state.app
    }

    /// The frame of a page, with the number of claims that wait for review.
    pub(crate) async fn shell(&self, nav: Nav) -> Result<Shell, Failure> {
        self.shell_in(nav, "").await
    }

    /// The frame of a page that belongs to the list of this name.
    pub(crate) async fn shell_of(&self, list: &str) -> Result<Shell, Failure> {
        self.shell_in(Nav::Elsewhere, list).await
    }

    async fn shell_in(&self, nav: Nav, list: &str) -> Result<Shell, Failure> {
        let (open, has_watermark) = self.app().frame(&self.actor, self.id()).await?;
        let open_claims = usize::try_from(open).unwrap_or(0);
        let watermark = has_watermark.then(|| self.watermark_text());
        let mut shell = Shell { open_claims, watermark, ..self.visit.shell(nav) };
        shell.groups = crate::navigation::groups(self, &shell, list);
        Ok(shell)
    }

    /// Who asks and when, where the programme wants pages and exports to bear it.
    pub(crate) async fn watermark(&self) -> Result<Option<String>, Failure> {
        let has_watermark = self.app().has_watermark(&self.actor, self.id()).await?;
        Ok(has_watermark.then(|| self.watermark_text()))
    }

    fn watermark_text(&self) -> String {
        let at = format::instant(self.actor.at, &self.zone());
        self.locale.watermark(&self.actor.name, at)
    }

    /// Whether the actor has a right over a record.
    pub(crate) async fn may_on(&self, record: i64, right: Right) -> Result<bool, Failure> {
        Ok(self.app().may_on(&self.actor, self.id(), record, right).await?)
    }

    pub(crate) fn id(&self) -> i64 {
        self.programme.id
    }

    pub(crate) fn may(&self, right: Right) -> bool {
        self.actor.may(self.programme.id, right)
    }

    /// The address of `rest` within the programme.
    pub(crate) fn to(&self, rest: &str) -> String {
        if rest.is_empty() {
            format!("/p/{}", self.programme.code)
        } else {
            format!("/p/{}/{rest}", self.programme.code)
        }
    }

    /// The day it is where the programme is.
    pub(crate) fn today(&self) -> Date {
        self.actor.at.to_zoned(self.zone()).date()
    }

    /// The programme's time zone; UTC where its name is unknown here.
    pub(crate) fn zone(&self) -> TimeZone {
        TimeZone::get(&self.programme.time_zone).unwrap_or(TimeZone::UTC)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Within {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let SignedIn { visit, actor } = SignedIn::from_request_parts(parts, state).await?;
        let programme =
            visit.programme.clone().ok_or(Failure::Bug("a handler needs a programme that its path lacks"))?;
        let locale = visit.locale;
        let words = match programme.has_labels {
            true => visit.state.app.setting_labels(&actor, programme.id).await?.rows,
            false => Vec::new(),
        };
        Ok(Self { visit, actor, programme, locale, words })
    }
}
