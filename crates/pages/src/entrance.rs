//! The pages before and around a programme: sign-in, choosing a programme, errors.

use askama::Template;

use crate::{Shell, Wrong, page};

/// The sign-in form: POST `/login` with `login`, `password`, `next`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "login.html")]
pub struct Login {
    pub shell: Shell,
    /// The user name as typed before.
    pub login: String,
    /// Where to go after signing in.
    pub next: String,
    /// Why the last try failed.
    pub wrong: Wrong,
    /// Empty outside a demo.
    pub demo_users: Vec<DemoUser>,
    /// The password all demo users share.
    pub demo_password: String,
}

/// A demo user offered on the sign-in page.
#[derive(Debug, Clone, Default)]
pub struct DemoUser {
    pub login: String,
    pub name: String,
    pub role: String,
}

/// The start page: the programmes the user may open.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "programmes.html")]
pub struct Programmes {
    pub shell: Shell,
    pub programmes: Vec<ProgrammeCard>,
    /// Whether the user may see the accounts.
    pub accounts: bool,
    /// Whether the user may see who saw contacts.
    pub contact_views: bool,
}

/// One programme on the start page.
#[derive(Debug, Clone, Default)]
pub struct ProgrammeCard {
    pub code: String,
    pub name: String,
    /// One sentence about the programme; may be empty.
    pub note: String,
    pub documents: usize,
    pub figures: usize,
    pub open_claims: usize,
}

/// Any error: what happened and what to do.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub shell: Shell,
    pub status: u16,
    pub message: String,
    pub advice: String,
}

page!(Login, Programmes, ErrorPage);
