//! The rounds of reporting of an example programme: played as people would, each step at its own moment.

use super::parse;
use crate::access::Actor;
use crate::entry::EntryForm;
use crate::error::{Error, Result};
use crate::reporting::{CellEntry, FilingInput, LineInput};
use crate::{App, Right};
use domain::reporting::FilingState;
use jiff::Timestamp;
use serde::Deserialize;
use std::path::Path;
use store::RecordKind;

/// The file of a folder that holds them.
pub(super) const ROUNDS_FILE: &str = "reporting.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rounds {
    round: Vec<Round>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Round {
    name_zh: String,
    name_en: Option<String>,
    owner: String,
    from: String,
    to: String,
    due: String,
    note: Option<String>,
    /// When it was sent out.
    sent: String,
    #[serde(default)]
    closed: bool,
    line: Vec<Line>,
    filing: Vec<Filing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    measure: String,
    unit: String,
    time: String,
    label: Option<String>,
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filing {
    unit: String,
    /// When it was filled in; none for a unit that has not filed.
    at: Option<String>,
    /// By line: a number, `none` or `unknown`.
    #[serde(default)]
    values: Vec<String>,
    /// How far it came: `filled`, `submitted`, `returned`, `reviewed`, `approved`.
    #[serde(default)]
    state: String,
    reason: Option<String>,
}

/// An instant of the file.
fn instant(text: &str) -> Result<Timestamp> {
    text.parse().map_err(|_| Error::Invalid { field: "at", problem: "date" })
}

/// Who plays them: who fills in, who reviews, who approves.
#[derive(Debug, Clone)]
pub struct RoundActors {
    /// Issues rounds and fills filings in.
    pub office: Actor,
    /// Reviews and returns.
    pub reviewer: Actor,
    /// Approves.
    pub approver: Actor,
}

impl App {
    /// Plays the rounds of an example's folder, where it has any; returns how many.
    ///
    /// # Errors
    /// [`Error::Example`] naming the file and what is wrong in it.
    pub async fn load_rounds(&self, programme: i64, folder: &Path, actors: &RoundActors) -> Result<usize> {
        let path = folder.join(ROUNDS_FILE);
        if !path.is_file() {
            return Ok(0);
        }
        actors.office.require(programme, Right::EditRecord)?;
        let rounds: Rounds = parse(&path)?;
        for round in &rounds.round {
            self.load_round(programme, round, actors).await.map_err(|error| Error::Example {
                file: path.display().to_string(),
                problem: format!("{}: {error} {error:?}", round.name_zh),
            })?;
        }
        Ok(rounds.round.len())
    }

    async fn load_round(&self, programme: i64, round: &Round, actors: &RoundActors) -> Result<()> {
        let sent = instant(&round.sent)?;
        let office = Actor { at: sent, ..actors.office.clone() };
        let note = round.note.clone().unwrap_or_default();
        let fields = [
            ("status", "draft"),
            ("owner", &round.owner),
            ("date_from", &round.from),
            ("date_to", &round.to),
            ("due_on", &round.due),
            ("note", &note),
        ];
        let form = EntryForm {
            title: Some(round.name_zh.clone()),
            title_en: round.name_en.clone(),
            fields: fields.into_iter().map(|(code, text)| (code.to_owned(), text.to_owned())).collect(),
            different: true,
            ..EntryForm::default()
        };
        let code = self.entry_create(&office, programme, RecordKind::ReportingTask, &form).await?.code;
        for line in &round.line {
            let input = LineInput {
                measure: line.measure.clone(),
                unit: line.unit.clone(),
                time_kind: line.time.clone(),
                label: line.label.clone().unwrap_or_default(),
                required: !line.optional,
                ..LineInput::default()
            };
            self.reporting_line_add(&office, programme, &code, &input).await?;
        }
        let units: Vec<&str> = round.filing.iter().map(|filing| filing.unit.as_str()).collect();
        self.reporting_unit_add(&office, programme, &code, &units.join("\n"), "").await?;
        self.reporting_send(&office, programme, &code).await?;
        let detail = self.reporting_round(&office, programme, &code).await?;
        let mut last = sent;
        for (wanted, filing) in round.filing.iter().zip(&detail.filings) {
            if let Some(at) = &wanted.at {
                let at = instant(at)?;
                last = last.max(at);
                self.load_filing(programme, &filing.record.code, (wanted, at), actors).await?;
            }
        }
        if round.closed {
            let office = Actor { at: last, ..office };
            self.reporting_close(&office, programme, &code, true, "").await?;
        }
        Ok(())
    }

    async fn load_filing(
        &self,
        programme: i64,
        code: &str,
        (wanted, at): (&Filing, Timestamp),
        actors: &RoundActors,
    ) -> Result<()> {
        let later = |hours: i64, actor: &Actor| Actor {
            at: at + jiff::SignedDuration::from_hours(hours),
            ..actor.clone()
        };
        let office = later(0, &actors.office);
        let detail = self.filing(&office, programme, code).await?;
        let cell = |(line, text): (&store::ReportingLine, &String)| {
            let is_word = matches!(text.as_str(), "none" | "unknown");
            CellEntry {
                line: line.id,
                state: if is_word { text.clone() } else { String::new() },
                value: if is_word { String::new() } else { text.clone() },
                note: String::new(),
            }
        };
        let input = FilingInput {
            version: detail.filing.record.version,
            cells: detail.lines.iter().zip(&wanted.values).map(cell).collect(),
            submit: wanted.state != "filled",
            ..FilingInput::default()
        };
        self.filing_save(&office, programme, code, &input).await?;
        let reason = wanted.reason.clone().unwrap_or_default();
        let steps: &[(i64, &Actor, FilingState)] = match wanted.state.as_str() {
            "returned" => &[(2, &actors.reviewer, FilingState::Returned)],
            "reviewed" => &[(2, &actors.reviewer, FilingState::Reviewed)],
            "approved" => {
                &[(2, &actors.reviewer, FilingState::Reviewed), (4, &actors.approver, FilingState::Approved)]
            }
            _ => &[],
        };
        for (hours, actor, state) in steps {
            let actor = later(*hours, actor);
            let version = self.filing(&actor, programme, code).await?.filing.record.version;
            self.filing_move(&actor, programme, code, *state, &reason, version).await?;
        }
        Ok(())
    }
}
