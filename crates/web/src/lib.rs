//! HTTP: routes, forms and pages in front of the use cases.
//!
//! Invariants: this crate knows no SQL and decides no rights: each route names the right it needs, `app` says who
//! has it. HTTP status codes stand here and nowhere else. Every word that a person reads comes from `locale`. No
//! state is kept between requests; whoever is signed in, the language and the message after a redirect travel in
//! cookies.

mod accounts;
mod aid;
mod aid_export;
mod aid_money;
mod answer;
mod archive;
mod around;
mod assets;
mod attachments;
mod audit;
mod board;
mod brief;
mod brochure;
mod bulk;
mod calendar;
mod checks;
mod claims;
mod contacts;
mod cookie;
mod day;
mod documents;
mod download;
mod duplicates;
mod entrance;
mod export;
mod factor;
mod failure;
mod figure_export;
mod figures;
mod form_body;
mod format;
mod forms;
mod frame;
mod guard;
mod headers;
mod import_map;
mod import_rows;
mod imports;
mod labels;
mod lights;
mod list_columns;
mod list_export;
mod list_filters;
mod list_query;
mod list_sheet;
mod list_views;
mod lists;
mod map;
mod meeting;
mod mentions;
mod merge;
mod moves;
mod navigation;
mod news;
mod notice;
mod nul;
mod overview;
mod people;
mod problems;
mod progress;
mod proof;
mod quotes;
mod reader;
mod record_figures;
mod records;
mod redirect;
mod refusal;
mod regions;
mod reporting;
mod routes;
mod schedule;
mod search;
mod settings;
mod shares;
mod small_form;
mod stages;
mod stored;
mod sums;
mod tasks;
mod timeline;
mod totals;
mod upload;
mod values;
mod viewer;
mod visit;
mod weekly;

use app::App;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use jiff::Timestamp;
use std::path::PathBuf;
use tower_http::csrf::CsrfLayer;

pub use failure::message;
pub use guard::Access;
pub use list_export::{ListExport, export_list};
pub use routes::{Route, route_list};
pub use weekly::weekly_prepare;

/// What every request shares.
#[derive(Clone)]
pub struct WebState {
    /// The use cases.
    pub app: App,
    /// Settings that do not change while serving.
    pub config: Config,
    /// The instant of a request.
    pub clock: fn() -> Timestamp,
}

/// Settings of the web part.
#[derive(Debug, Clone)]
pub struct Config {
    /// Cookies are sent over TLS only.
    pub secure_cookies: bool,
    /// The users whom the sign-in page offers; none outside a demo.
    pub demo: Option<Demo>,
    /// Largest file that may be added, in bytes.
    pub upload_limit_bytes: u64,
    /// Where files lie while they are being received.
    pub spool: PathBuf,
    /// Whether this server sends mail.
    pub sends_mail: bool,
    /// The origins of robots that this server sends summaries to; none where it sends to none.
    pub robot_origins: Vec<String>,
}

/// The users of a demo.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Login, name and role.
    pub users: Vec<(String, String, app::Role)>,
    /// The password of all of them.
    pub password: &'static str,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            secure_cookies: false,
            demo: None,
            upload_limit_bytes: 100 << 20,
            spool: std::env::temp_dir(),
            sends_mail: false,
            robot_origins: Vec::new(),
        }
    }
}

/// The whole web part, ready to be served.
pub fn router(state: WebState) -> Router {
    routes::routes(&state)
        .into_router()
        .fallback(frame::no_such_page)
        .with_state(state.clone())
        .layer(from_fn(nul::refuse))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(state, frame::finish))
        .layer(from_fn(headers::add))
}
