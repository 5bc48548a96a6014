//! What a form of settings sent, and what came of it: saved, or shown again with everything that was typed.

use crate::failure::{self, Failure, message};
use crate::redirect;
use crate::settings::shell;
use crate::visit::Within;
use app::Problem;
use axum::http::StatusCode;
use axum::response::Response;
use pages::{Choice, Control, Flash, FormField, SettingCell, Shell, Tone};

/// What a form sent, with what is wrong with it; nothing where a page is only shown.
#[derive(Default)]
pub(super) struct Sent {
    pairs: Vec<(String, String)>,
    problems: Vec<Problem>,
}

impl Sent {
    pub(super) fn new(body: &[u8]) -> Self {
        Self { pairs: crate::form_body::pairs(body), problems: Vec::new() }
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value)
    }

    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(of, _)| of == name).map(|(_, value)| value.clone()).collect()
    }

    pub(super) fn version(&self) -> i64 {
        self.get("version").parse().unwrap_or(0)
    }

    /// The keys of the rows that were sent: what stands behind this beginning in the names of their fields.
    pub(super) fn keys(&self, beginning: &str) -> Vec<String> {
        self.pairs.iter().filter_map(|(name, _)| Some(name.strip_prefix(beginning)?.to_owned())).collect()
    }

    fn is_stale(&self) -> bool {
        self.problems.iter().any(|problem| problem.code == "stale")
    }

    /// Whether the form was sent for another row, or nobody but somebody else changed the row.
    fn says_nothing_of(&self, key: &str) -> bool {
        self.pairs.is_empty()
            || self.problems.iter().any(|problem| problem.code == "theirs" && problem.hint == key)
    }

    /// What is wrong with a field.
    pub(super) fn error(&self, within: &Within, name: &str) -> String {
        let of = self.problems.iter().filter(|problem| problem.field == name && problem.code != "theirs");
        of.map(|problem| failure::problem(within.locale, problem)).collect::<Vec<_>>().join(" ")
    }

    /// The version to save with: what was shown when the form was opened, until the user has seen what changed since.
    pub(super) fn version_of(&self, now: i64) -> String {
        if self.get("version").is_empty() || self.is_stale() {
            now.to_string()
        } else {
            self.get("version").to_owned()
        }
    }

    /// What a field of a row holds: as typed where a form came back, else as it stands.
    pub(super) fn value(&self, key: &str, name: &str, stands: &str) -> String {
        let sent = self.pairs.iter().any(|(of, _)| of == name) && !self.says_nothing_of(key);
        if sent { self.get(name).to_owned() } else { stands.to_owned() }
    }

    /// The values of a field of which several can be chosen.
    pub(super) fn values(&self, key: &str, name: &str, stands: Vec<String>) -> Vec<String> {
        let sent = self.pairs.iter().any(|(of, _)| of.ends_with(&format!("_{key}")));
        if sent && !self.says_nothing_of(key) { self.all(name) } else { stands }
    }

    /// A field of one line in a row.
    pub(super) fn line(
        &self,
        within: &Within,
        key: &str,
        (name, label): (&str, &str),
        stands: &str,
    ) -> SettingCell {
        let value = self.value(key, name, stands);
        let hint = self.now(within, &value, stands);
        let control = Control::Text { value, max_length: 100 };
        SettingCell::Field(FormField { hint, ..self.field(within, name, label, control) })
    }

    /// A field of a row that is chosen from a list.
    pub(super) fn choice(
        &self,
        within: &Within,
        key: &str,
        (name, label): (&str, &str),
        (choices, stands): (&[(&str, &str)], &str),
    ) -> SettingCell {
        let value = self.value(key, name, stands);
        let words = choices.iter().find(|(code, _)| *code == stands).map_or(stands, |(_, words)| *words);
        let hint = if value == stands { String::new() } else { self.now(within, &value, words) };
        let control = Control::Choice(chosen(choices, &value));
        SettingCell::Field(FormField { hint, required: true, ..self.field(within, name, label, control) })
    }

    pub(super) fn field(&self, within: &Within, name: &str, label: &str, control: Control) -> FormField {
        let (name, label) = (name.to_owned(), label.to_owned());
        FormField { error: self.error(within, &name), name, label, control, ..FormField::default() }
    }

    /// What stands in a field whose form came back because somebody else changed it.
    fn now(&self, within: &Within, typed: &str, stands: &str) -> String {
        if self.is_stale() && typed != stands { within.locale.settings_now(stands) } else { String::new() }
    }

    /// The frame of the page, which says what is the matter with the whole.
    pub(super) async fn shell(&self, within: &Within) -> Result<Shell, Failure> {
        let mut shell = shell(within).await?;
        if self.is_stale() {
            let text = within.locale.settings_stale().to_owned();
            shell.flash = Some(Flash { tone: Tone::Bad, text, ..Flash::default() });
        }
        Ok(shell)
    }

    pub(super) fn status(&self) -> StatusCode {
        match () {
            () if self.problems.is_empty() => StatusCode::OK,
            () if self.is_stale() => StatusCode::CONFLICT,
            () => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// Whether a form that came back is the one with this field, and open for it.
    pub(super) fn concerns(&self, names: &[&str]) -> bool {
        self.problems.iter().any(|problem| names.contains(&problem.field.as_str()))
    }

    /// Comes back with what is wrong with it.
    pub(super) fn refuse(&mut self, problems: Vec<Problem>) {
        self.problems = problems;
    }

    /// Where a form that was taken leads; what was sent with what is wrong with it where it was not.
    pub(super) fn settle(
        self,
        within: &Within,
        done: app::Result<()>,
        rest: &str,
    ) -> Result<Result<Response, Self>, Failure> {
        let to = within.to(&format!("settings/{rest}"));
        match done {
            Ok(()) => {
                Ok(Ok(redirect::with_flash(&within.visit, &to, Tone::Good, within.locale.settings_saved())))
            }
            Err(app::Error::Form(problems)) => Ok(Err(Self { problems, ..self })),
            Err(error @ app::Error::InUse { .. }) => {
                let words = message(within.locale, &error);
                Ok(Ok(redirect::with_flash(&within.visit, &to, Tone::Bad, &words)))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Choices by code and words, with one selected.
pub(super) fn chosen(choices: &[(&str, &str)], selected: &str) -> Vec<Choice> {
    choices.iter().map(|(code, words)| crate::labels::choice(code, words, selected)).collect()
}
