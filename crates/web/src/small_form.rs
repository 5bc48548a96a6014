//! The small forms inside a record's page: as they are offered, or as they were refused, with what was typed.

use crate::failure::{self, Failure};
use crate::form_body::pairs;
use crate::visit::Within;
use crate::{records, redirect};
use app::Problem;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use locale::Locale;
use pages::{Control, FormField, Tone};

/// A form that was refused: which, what was typed, and what is wrong.
#[derive(Default)]
pub(crate) struct Refused {
    pub form: String,
    pub pairs: Vec<(String, String)>,
    pub problems: Vec<Problem>,
    /// What is wrong with a field in words of its own.
    pub words: Vec<(&'static str, String)>,
}

impl Refused {
    /// The form with this id as it was sent; what is wrong with it is still to be said.
    pub(crate) fn of(form: &str, body: &[u8]) -> Self {
        Self { form: form.to_owned(), pairs: pairs(body), ..Self::default() }
    }

    /// What was typed in the form with this id; nothing where another was refused, or none.
    pub(crate) fn sent(&self, form: &str) -> Sent<'_> {
        Sent((self.form == form).then_some(self))
    }
}

/// What was typed in one form.
#[derive(Clone, Copy)]
pub(crate) struct Sent<'a>(Option<&'a Refused>);

impl<'a> Sent<'a> {
    pub(crate) fn is_open(self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn get(self, key: &str) -> &'a str {
        self.get_or(key, "")
    }

    /// What was typed; `offered` where the form was not sent.
    pub(crate) fn get_or(self, key: &str, offered: &'a str) -> &'a str {
        match self.0 {
            Some(refused) => {
                refused.pairs.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str())
            }
            None => offered,
        }
    }

    /// A field with what is wrong with it.
    pub(crate) fn field(self, t: Locale, name: &str, label: &str, control: Control) -> FormField {
        let wrong = self.0.map(|refused| wrong(t, refused, name)).unwrap_or_default();
        FormField {
            name: name.to_owned(),
            label: label.to_owned(),
            error: wrong,
            control,
            ..FormField::default()
        }
    }
}

fn wrong(t: Locale, refused: &Refused, name: &str) -> String {
    let problems = refused.problems.iter().filter(|problem| problem.field == name);
    let problems = problems.map(|problem| failure::problem(t, problem));
    let words = refused.words.iter().filter(|(field, _)| *field == name).map(|(_, words)| words.clone());
    problems.chain(words).collect::<Vec<_>>().join(" ")
}

/// Back to the part of the record's page where the form stands, or the page with the form as it was typed.
pub(crate) async fn answer(
    within: &Within,
    code: &str,
    part: &str,
    done: app::Result<String>,
    mut refused: Refused,
) -> Result<Response, Failure> {
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match done {
        Ok(words) => {
            let to = within.to(&format!("records/{code}#{part}"));
            return Ok(redirect::with_flash(&within.visit, &to, Tone::Good, &words));
        }
        Err(app::Error::Form(problems)) => refused.problems = problems,
        Err(error @ (app::Error::Refused { .. } | app::Error::DuplicateFile { .. })) => {
            refused.words.push(("file", failure::message(within.locale, &error)));
        }
        Err(app::Error::Invalid { field, problem }) => {
            refused
                .words
                .push((field, failure::message(within.locale, &app::Error::Invalid { field, problem })));
        }
        Err(error @ app::Error::LeadTaken(_)) => {
            refused.words.push(("reason", failure::message(within.locale, &error)));
            status = StatusCode::CONFLICT;
        }
        Err(error) => return Err(error.into()),
    }
    let page = records::page(within, code, &refused).await?;
    Ok((status, page).into_response())
}
