//! What went wrong, on its way to the frame, which says it in the reader's language.

use crate::stored;
use crate::visit::{Visit, role_label};
use app::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, Right};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use locale::Locale;
use std::sync::Arc;

/// Why a request was not carried out.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// No route or asset of this address.
    PageNotFound,
    /// Nobody is signed in, or no longer.
    SignInFirst,
    /// The request cannot be understood.
    BadRequest,
    /// The request comes from another site.
    CrossSite,
    /// A use case refused.
    App(Arc<app::Error>),
    /// A mistake of this program.
    Bug(&'static str),
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Self {
        Self::App(Arc::new(error))
    }
}

impl IntoResponse for Failure {
    /// An empty answer that carries the failure to the frame.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A failure in words.
pub(crate) struct Words {
    pub message: String,
    pub advice: String,
}

impl Failure {
    pub(crate) fn status(&self) -> StatusCode {
        use app::Error as E;
        match self {
            Self::PageNotFound => StatusCode::NOT_FOUND,
            Self::SignInFirst => StatusCode::UNAUTHORIZED,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Bug(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::App(error) => match &**error {
                E::NotFound => StatusCode::NOT_FOUND,
                E::Forbidden | E::OwnFigure | E::OwnAccount => StatusCode::FORBIDDEN,
                E::WrongPassword | E::WrongCode => StatusCode::UNAUTHORIZED,
                E::Locked { .. } => StatusCode::TOO_MANY_REQUESTS,
                E::Refused { code: "too-large-upload", .. } => StatusCode::PAYLOAD_TOO_LARGE,
                E::Refused { .. } | E::Invalid { .. } | E::Form(_) | E::Alike(_) => {
                    StatusCode::UNPROCESSABLE_ENTITY
                }
                E::Full => StatusCode::INSUFFICIENT_STORAGE,
                E::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
                E::DuplicateFile { .. }
                | E::LeadTaken(_)
                | E::Conflict
                | E::Stale(_)
                | E::Superseded(_)
                | E::ChangedSince(_)
                | E::NotUndoable
                | E::InUse { .. } => StatusCode::CONFLICT,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }

    /// Message and advice; `id` is what an administrator finds in the log.
    pub(crate) fn words(&self, visit: &Visit, id: &str) -> Words {
        let t = visit.locale;
        let words =
            |message: &str, advice: &str| Words { message: message.to_owned(), advice: advice.to_owned() };
        match self {
            Self::PageNotFound => words(t.error_not_found(), t.error_not_found_advice()),
            Self::SignInFirst => words(t.login_expired(), ""),
            Self::BadRequest => words(t.error_bad_request(), t.error_bad_request_advice()),
            Self::CrossSite => words(t.error_cross_site(), t.error_cross_site_advice()),
            Self::App(error) => match &**error {
                app::Error::NotFound => words(t.error_not_found(), t.error_not_found_advice()),
                app::Error::Forbidden if has_right(visit) => {
                    words(t.error_outside(), t.error_outside_advice())
                }
                app::Error::Forbidden => words(t.error_forbidden(), &t.error_forbidden_advice(roles(visit))),
                app::Error::Conflict => words(t.error_conflict(), t.error_conflict_advice()),
                app::Error::Full => {
                    tracing::error!(id, "the disk is full");
                    words(t.error_full(), t.error_full_advice())
                }
                error @ app::Error::Unavailable(_) => {
                    tracing::error!(id, "{error}");
                    words(t.error_unavailable(), t.error_unavailable_advice())
                }
                error if self.status().is_server_error() => {
                    tracing::error!(id, "{error}");
                    words(t.error_internal(), &t.error_internal_advice(id))
                }
                error => words(&message(t, error), ""),
            },
            Self::Bug(what) => {
                tracing::error!(id, "{what}");
                words(t.error_internal(), &t.error_internal_advice(id))
            }
        }
    }
}

/// Whether the user has the right that the route asked for, so that only this record lies outside its reach.
fn has_right(visit: &Visit) -> bool {
    let asked = visit.actor.as_ref().zip(visit.programme.as_ref()).zip(visit.needs);
    asked.is_some_and(|((actor, programme), right)| actor.may(programme.id, right))
}

/// The roles that have the right which the route asked for.
fn roles(visit: &Visit) -> String {
    let roles = visit.needs.map_or(Vec::new(), Right::roles);
    let labels: Vec<_> = roles.iter().map(|role| role_label(visit.locale, *role)).collect();
    let separator = if visit.locale == Locale::Zh { "、" } else { ", " };
    if labels.is_empty() { visit.locale.role_none().to_owned() } else { labels.join(separator) }
}

/// What a use case refused, as one sentence for the place where it was asked.
pub fn message(t: Locale, error: &app::Error) -> String {
    use app::Error as E;
    match error {
        E::NotFound => t.error_not_found().to_owned(),
        E::Forbidden => t.error_forbidden().to_owned(),
        E::WrongPassword => t.login_failed().to_owned(),
        E::WrongCode => t.factor_wrong().to_owned(),
        E::Locked { minutes } => t.login_locked(minutes),
        E::Refused { file, code, args } => crate::refusal::message(t, file, code, args),
        E::DuplicateFile { file, code } => t.notice_duplicate(file, code),
        E::Invalid { field, problem } => invalid(t, field, problem),
        E::Form(problems) => problems.iter().map(|of| problem(t, of)).collect::<Vec<_>>().join(" "),
        E::Alike(alike) => t.form_duplicates(alike.len()),
        E::Conflict | E::Stale(_) => t.error_conflict().to_owned(),
        E::LeadTaken(taken) => {
            let (enterprise, since, ask) = crate::moves::told(t, taken);
            t.lead_taken(enterprise, since, ask)
        }
        E::Superseded(fields) => {
            let places: Vec<_> = fields.iter().map(|place| stored::place_label(t, place)).collect();
            t.error_superseded(places.join(", "))
        }
        E::ChangedSince(conflicts) => {
            let told: Vec<_> = conflicts.iter().map(|conflict| changed_since(t, conflict)).collect();
            t.error_superseded(told.join("; "))
        }
        E::NotUndoable => t.error_not_undoable().to_owned(),
        E::Full => format!("{} {}", t.error_full(), t.error_full_advice()),
        E::Unavailable(_) => format!("{} {}", t.error_unavailable(), t.error_unavailable_advice()),
        E::InUse { records, figures } => t.settings_in_use(records, figures),
        E::OwnFigure => t.error_own_figure().to_owned(),
        E::OwnAccount => t.error_own_account().to_owned(),
        E::Example { .. } | E::Store(_) => t.error_internal().to_owned(),
    }
}

/// A field that somebody wrote since, with the record, who, and when.
fn changed_since(t: Locale, conflict: &app::PutBackConflict) -> String {
    let place = match conflict.field.as_str() {
        "*" => conflict.entity.clone(),
        field => format!("{}.{field}", conflict.entity),
    };
    let at = conflict.at.map(|at| at.strftime("%Y-%m-%d").to_string());
    let parts = [
        Some(conflict.code.clone()).filter(|code| !code.is_empty()),
        Some(stored::place_label(t, &place)),
        conflict.by.clone(),
        at,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What a form that is drawn by hand says at one of its fields; at `or` what is about none of them. A failure that no
/// other input mends is no matter of the form.
pub(crate) fn wrong(
    t: Locale,
    error: app::Error,
    fields: &[&str],
    or: &str,
) -> Result<(StatusCode, pages::Wrong), Failure> {
    let words = message(t, &error);
    let field = match &error {
        app::Error::Invalid { field, .. } if fields.contains(field) => (*field).to_owned(),
        _ => or.to_owned(),
    };
    let failure = Failure::from(error);
    match failure.status() {
        status @ (StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY) => {
            Ok((status, pages::Wrong { field, words }))
        }
        _ => Err(failure),
    }
}

/// What is wrong with a field of a form, and what would be right.
pub(crate) fn problem(t: Locale, problem: &app::Problem) -> String {
    let hint = problem.hint.as_str();
    match problem.code {
        "missing" => t.problem_missing().to_owned(),
        "unknown" => t.problem_unknown().to_owned(),
        "ambiguous" => t.problem_ambiguous().to_owned(),
        "number" => t.problem_number().to_owned(),
        "negative" => t.problem_negative().to_owned(),
        "web-address" => t.problem_web_address().to_owned(),
        "too-fine" => t.problem_too_fine().to_owned(),
        "too-large" => t.problem_too_large().to_owned(),
        "too-long" => t.problem_too_long(hint),
        "date" => t.problem_date().to_owned(),
        "far-date" => t.problem_far_date().to_owned(),
        "jobs" => t.problem_jobs().to_owned(),
        "no-party" => t.problem_no_party().to_owned(),
        "mail-address" => t.problem_mail_address().to_owned(),
        "robot-address" => t.problem_robot_address().to_owned(),
        "weekly" => t.problem_weekly().to_owned(),
        "past" => t.problem_past(hint),
        "order" if hint.is_empty() => t.problem_range().to_owned(),
        "order" => t.problem_order(hint),
        "uscc-length" => t.problem_uscc_length(hint),
        "uscc-character" => t.problem_uscc_character(hint),
        "uscc-check" => t.problem_uscc_check(hint),
        "parties" => t.problem_parties().to_owned(),
        "jobs-unit" => t.problem_jobs_unit().to_owned(),
        "moved" => t.problem_moved(hint),
        "phases" => t.problem_phases().to_owned(),
        "phase-of-phase" => t.problem_phase_of_phase().to_owned(),
        "by-gate" => t.problem_by_gate().to_owned(),
        "future" => t.problem_future().to_owned(),
        "project-code" => t.problem_project_code().to_owned(),
        "over-hundred" => t.problem_over_hundred().to_owned(),
        "itself" => t.problem_itself().to_owned(),
        "outside" => t.problem_outside().to_owned(),
        "twice" => t.problem_twice().to_owned(),
        "not-signed" => t.problem_not_signed().to_owned(),
        "not-intent" => t.problem_not_intent().to_owned(),
        "not-contract" => t.problem_not_contract().to_owned(),
        "not-framework" => t.problem_not_framework().to_owned(),
        "over" => t.problem_over().to_owned(),
        "not-yours" => t.problem_not_yours().to_owned(),
        "taken" => t.problem_taken().to_owned(),
        "mixed" => t.problem_mixed().to_owned(),
        "no-amount" => t.problem_no_amount().to_owned(),
        "own-amount" => t.problem_own_amount().to_owned(),
        "stale" => t.problem_stale().to_owned(),
        "listed" => t.problem_listed(hint),
        "days" => t.problem_days().to_owned(),
        "threshold" => t.problem_threshold().to_owned(),
        "overlap" => t.problem_overlap().to_owned(),
        "shares" => t.problem_shares().to_owned(),
        "too-many-rows" => t.problem_too_many_rows(hint),
        "none-chosen" => t.problem_none_chosen().to_owned(),
        "too-many" => t.problem_too_many(hint),
        "tile" => t.problem_tile().to_owned(),
        "tile-taken" => t.problem_tile_taken().to_owned(),
        "ord-taken" => t.problem_ord_taken().to_owned(),
        "unproven" => t.problem_unproven().to_owned(),
        "proven" => t.problem_proven().to_owned(),
        "yuan" => t.problem_yuan().to_owned(),
        "one-field" => t.problem_one_field().to_owned(),
        "name-taken" => t.problem_name_taken().to_owned(),
        code => reporting_problem(t, code, hint).unwrap_or_else(|| t.problem_unknown().to_owned()),
    }
}

/// What is wrong with a round, a filing or its sheet.
fn reporting_problem(t: Locale, code: &str, hint: &str) -> Option<String> {
    let words = match code {
        "round-closed" => t.problem_round_closed().to_owned(),
        "filing-stale" => t.problem_filing_stale().to_owned(),
        "filing-gone" => t.problem_filing_gone().to_owned(),
        "filing-form-changed" => t.problem_filing_form_changed().to_owned(),
        "line-missing" => t.problem_line_missing().to_owned(),
        "note-alone" => t.problem_note_alone().to_owned(),
        "none-and-value" => t.problem_none_and_value().to_owned(),
        "line-twice" => t.problem_line_twice().to_owned(),
        "round-sent" => t.problem_round_sent().to_owned(),
        "round-draft" => t.problem_round_draft().to_owned(),
        "round-not-sent" => t.problem_round_not_sent().to_owned(),
        "no-lines" => t.problem_no_lines().to_owned(),
        "no-units" => t.problem_no_units().to_owned(),
        "units-unknown" => t.problem_units_unknown(hint),
        "by-round" => t.problem_by_round().to_owned(),
        "sheet-empty" => t.problem_sheet_empty().to_owned(),
        "sheet-other-unit" => t.problem_sheet_other_unit(hint),
        "sheet-other-round" => t.problem_sheet_other_round(hint),
        "sheet-unknown" => t.problem_sheet_unknown(hint),
        "sheet-foreign-row" => t.problem_sheet_foreign_row(hint),
        "sheet-renamed-row" => t.problem_sheet_renamed_row(hint),
        "sheet-renamed-column" => t.problem_sheet_renamed_column(hint),
        "sheet-incomplete" => t.problem_sheet_incomplete().to_owned(),
        "sheet-formula" => t.problem_sheet_formula().to_owned(),
        "sheet-linked" => t.problem_sheet_linked().to_owned(),
        "sheet-no-number" => t.problem_sheet_no_number(hint),
        "sheet-choice" => t.problem_sheet_choice(hint),
        _ => return None,
    };
    Some(words)
}

fn invalid(t: Locale, field: &str, problem: &str) -> String {
    let label = match field {
        "value_max" => t.claim_value_max(),
        "period" | "period_from" => t.claim_period_from(),
        "period_to" => t.claim_period_to(),
        "period_kind" => t.claim_period_kind(),
        "org" => t.organisation(),
        "rectangle" | "rect" => t.viewer_rectangle(),
        "page" => t.viewer_page(),
        field => t.by_key(field).unwrap_or(""),
    };
    match problem {
        "missing" => t.invalid_missing(label),
        "negative" => t.problem_negative().to_owned(),
        "number" => t.invalid_number(label),
        "unit" => t.invalid_unit(label),
        "date" => t.invalid_date(label),
        "order" => t.invalid_order(label),
        "too-fine" => t.invalid_too_fine(label),
        "too-large" => t.invalid_too_large(label),
        "too-short" => t.invalid_too_short(label, MIN_PASSWORD_CHARS),
        "too-long" if field == "password" => t.invalid_too_long(label, MAX_PASSWORD_CHARS),
        "characters" => t.invalid_characters(label),
        "far-date" => t.problem_far_date().to_owned(),
        "jobs" => t.problem_jobs().to_owned(),
        "no-party" => t.problem_no_party().to_owned(),
        "too-long" => t.invalid_too_long(label, 1000),
        "taken" => t.invalid_taken(label),
        "outside" => t.invalid_outside(label),
        _ => t.invalid_unknown(label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_again_is_named_in_words() {
        let fields = ["claim.state", "claim.correction", "figure.status", "document.publisher", "document"];
        for t in Locale::ALL {
            let words = message(t, &app::Error::Superseded(fields.map(str::to_owned).into()));
            assert!(fields.iter().all(|field| !field.contains('.') || !words.contains(field)), "{words}");
            assert!(words.contains(t.field_status()), "{words}");
        }
    }
}
