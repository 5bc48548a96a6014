//! Loading reference regions and example programmes: a folder of facts, each with its source.

mod figures;
mod rounds;
mod rows;
mod steps;
mod tasks;

pub use rounds::RoundActors;

use crate::access::{Actor, Right};
use crate::error::{Error, Result};
use crate::setting::{AidShareInput, keep_stages};
use crate::{App, change};
use domain::region::Side;
use domain::stage::{Fact, Milestone};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rows::Rows;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::path::Path;
use store::{Change, EvidenceKind, Programme, ProgrammeRegion, Region, Stage, Tx};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeFile {
    code: String,
    name_zh: String,
    name_en: String,
    time_zone: String,
    regions: Option<String>,
    reports: Option<String>,
    #[serde(default)]
    source: Vec<Source>,
    #[serde(default)]
    pub(crate) side: Vec<SideRow>,
    #[serde(default)]
    alias: Vec<Alias>,
    /// Stages in the place of those that every programme begins with, in their order.
    #[serde(default)]
    stage: Vec<StageRow>,
    /// Shares of its aid money that it keeps.
    #[serde(default)]
    aid_share: Vec<ShareRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareRow {
    code: String,
    zh: String,
    en: String,
    step: String,
    /// Per cent.
    minimum: String,
    /// A field of aid projects, and the codes of its choices that count.
    field: String,
    choices: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StageRow {
    code: String,
    zh: String,
    en: String,
    milestone: String,
    #[serde(default)]
    facts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    id: String,
    title: String,
    publisher: Option<String>,
    date: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SideRow {
    pub(crate) region: String,
    pub(crate) side: String,
    pub(crate) tile: Option<(i64, i64)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alias {
    text: String,
    region: String,
}

/// What loading an example programme did.
#[derive(Debug, Clone)]
pub struct ExampleLoaded {
    /// Code of the programme.
    pub code: String,
    /// Whether it was there already; then nothing was changed.
    pub existed: bool,
    /// The folder of its generated reports, where it has one.
    pub reports: Option<std::path::PathBuf>,
}

fn parse<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let problem = |problem: String| Error::Example { file: path.display().to_string(), problem };
    let text = std::fs::read_to_string(path).map_err(|error| problem(error.to_string()))?;
    toml::from_str(&text).map_err(|error| problem(error.to_string()))
}

impl App {
    /// Loads regions from a table of tab-separated text (`data/regions.tsv` says which columns). Known codes stay as they
    /// are. Returns how many were added.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep the installation; [`Error::Example`] naming the line that cannot be
    /// read.
    pub async fn load_regions(&self, actor: &Actor, text: &str, file: &str) -> Result<usize> {
        actor.require_everywhere(Right::Operate)?;
        let mut tx = self.db.write().await?;
        let change = change::open(&mut tx, actor, None, "regions-add", None).await?;
        let added = insert_regions(&mut tx, &change, text, file).await?;
        if added > 0 {
            tx.commit().await?;
        }
        Ok(added)
    }

    /// Loads a programme from its folder, unless its code is known.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep the installation; [`Error::Example`] naming the file and what is wrong in it; then nothing was stored.
    pub async fn load_example(&self, actor: &Actor, folder: &Path) -> Result<ExampleLoaded> {
        actor.require_everywhere(Right::Operate)?;
        let file: ProgrammeFile = parse(&folder.join("programme.toml"))?;
        if TimeZone::get(&file.time_zone).is_err() {
            let problem = format!("no time zone is called {:?}", file.time_zone);
            return Err(Error::Example {
                file: folder.join("programme.toml").display().to_string(),
                problem,
            });
        }
        let reports = file.reports.as_ref().map(|name| folder.join(name)).filter(|path| path.is_dir());
        let loaded = |existed| ExampleLoaded { code: file.code.clone(), existed, reports: reports.clone() };
        let mut tx = self.db.write().await?;
        if store::programme_by_code(&mut tx, &file.code).await.is_ok() {
            return Ok(loaded(true));
        }
        let opened = change::open(&mut tx, actor, None, "programme-add", None).await?;
        if let Some(regions) = &file.regions {
            let path = folder.join(regions);
            let text = std::fs::read_to_string(&path)?;
            insert_regions(&mut tx, &opened, &text, &path.display().to_string()).await?;
        }
        let (code, name_zh, name_en) = (file.code.clone(), file.name_zh.clone(), file.name_en.clone());
        let time_zone = file.time_zone.clone();
        let new = Programme { id: 0, code, name_zh, name_en, time_zone, has_labels: false };
        let programme = store::programme_insert(&mut tx, &opened, &new).await?;
        let change = change::open(&mut tx, actor, Some(programme), "programme-add", None).await?;
        let mut loader = Loader::new(&mut tx, &change, folder, &file).await?;
        loader.sides(&mut tx, &file).await?;
        loader.stages(&mut tx, &file).await?;
        loader.aid_shares(&mut tx, &file).await?;
        loader.rows.load(&mut tx).await?;
        tx.commit().await?;
        Ok(loaded(false))
    }
}

pub(crate) async fn insert_regions(tx: &mut Tx, change: &Change, text: &str, file: &str) -> Result<usize> {
    let mut ids: HashMap<String, i64> =
        store::region_list(tx).await?.into_iter().map(|region| (region.code, region.id)).collect();
    let mut added = 0;
    // A geographic parent may stand below in the file; such rows wait until it is there.
    let mut rows: Vec<(usize, Vec<&str>)> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| (number + 1, line.split('\t').collect()))
        .collect();
    while !rows.is_empty() {
        let before = rows.len();
        let mut waiting = Vec::new();
        for (number, row) in rows {
            let cell = |index: usize| row.get(index).copied().map(str::trim).filter(|cell| !cell.is_empty());
            let known = |index| cell(index).is_none_or(|code| ids.contains_key(code));
            if !known(5) || !known(6) {
                waiting.push((number, row));
                continue;
            }
            let (Some(code), Some(kind), Some(name)) = (cell(0), cell(1), cell(2)) else {
                let problem = format!("line {number}: code, kind and name are needed");
                return Err(Error::Example { file: file.to_owned(), problem });
            };
            if ids.contains_key(code) {
                continue;
            }
            let id_of = |index| cell(index).and_then(|code| ids.get(code).copied());
            let owned = |index| cell(index).map(str::to_owned);
            let region = Region {
                id: 0,
                code: code.to_owned(),
                kind: kind.to_owned(),
                name_zh: name.to_owned(),
                short_zh: owned(3),
                name_en: owned(4),
                parent: id_of(5),
                geo_parent: id_of(6),
                valid_from: owned(7),
                valid_to: owned(8),
            };
            let Some(id) = store::region_insert(tx, &region).await? else { continue };
            let aliases = cell(9).unwrap_or_default().split(';');
            for name in [name].into_iter().chain(cell(3)).chain(aliases).filter(|name| !name.is_empty()) {
                store::region_name_insert(tx, id, name).await?;
            }
            ids.insert(code.to_owned(), id);
            added += 1;
        }
        rows = waiting;
        if rows.len() == before {
            let problem = format!("line {}: the parent's code is not in the file", rows[0].0);
            return Err(Error::Example { file: file.to_owned(), problem });
        }
    }
    if added > 0 {
        store::region_tree_rebuild(tx, change, added).await?;
    }
    Ok(added)
}

/// Loads what belongs to the programme itself.
struct Loader<'a> {
    rows: Rows<'a>,
}

impl<'a> Loader<'a> {
    async fn new(tx: &mut Tx, change: &Change, folder: &'a Path, file: &ProgrammeFile) -> Result<Self> {
        let regions =
            store::region_list(tx).await?.into_iter().map(|region| (region.code, region.id)).collect();
        let mut sources = HashMap::new();
        for source in &file.source {
            let published_on = day(source.date.as_deref(), folder)?;
            let (title, publisher) = (source.title.clone(), source.publisher.clone());
            let citation = EvidenceKind::Citation { title, publisher, published_on };
            let evidence = store::evidence_insert(tx, None, &citation).await?;
            sources.insert(source.id.clone(), (evidence, published_on));
        }
        Ok(Self { rows: Rows { change: *change, folder, regions, sources, records: HashMap::new() } })
    }

    fn problem(&self, problem: String) -> Error {
        Error::Example { file: self.rows.folder.join("programme.toml").display().to_string(), problem }
    }

    fn region(&self, code: &str) -> Result<i64> {
        let unknown = || self.problem(format!("no region has the code {code}"));
        self.rows.regions.get(code).copied().ok_or_else(unknown)
    }

    async fn sides(&mut self, tx: &mut Tx, file: &ProgrammeFile) -> Result<()> {
        let change = self.rows.change;
        let programme = change.programme.ok_or(Error::NotFound)?;
        for row in &file.side {
            let unknown = || self.problem(format!("no side is called {}", row.side));
            let side = Side::from_code(&row.side).ok_or_else(unknown)?;
            let region = ProgrammeRegion { region: self.region(&row.region)?, side, tile: row.tile };
            store::programme_region_insert(tx, &change, programme, &region).await?;
        }
        for alias in &file.alias {
            store::programme_name_insert(tx, programme, &alias.text, self.region(&alias.region)?).await?;
        }
        Ok(())
    }

    /// The stages of its own, or those that every programme begins with.
    async fn stages(&mut self, tx: &mut Tx, file: &ProgrammeFile) -> Result<()> {
        let change = self.rows.change;
        for (row, ord) in file.stage.iter().zip((1..).map(|n| n * 10)) {
            let no_milestone = || self.problem(format!("no milestone is called {}", row.milestone));
            let milestone = Milestone::from_code(&row.milestone).ok_or_else(no_milestone)?;
            let fact = |code: &String| {
                Fact::from_code(code).ok_or_else(|| self.problem(format!("no fact is called {code}")))
            };
            let mut facts = row.facts.iter().map(fact).collect::<Result<Vec<_>>>()?;
            facts.sort();
            let [code, zh, en] = [&row.code, &row.zh, &row.en].map(String::clone);
            let stage = Stage { code, ord, zh, en, milestone, facts };
            store::stage_set(tx, &change, &row.code, Some(&stage)).await?;
        }
        keep_stages(tx, &change, change.programme.ok_or(Error::NotFound)?).await
    }

    async fn aid_shares(&mut self, tx: &mut Tx, file: &ProgrammeFile) -> Result<()> {
        let change = self.rows.change;
        for row in &file.aid_share {
            let [code, zh, en, step, minimum] =
                [&row.code, &row.zh, &row.en, &row.step, &row.minimum].map(String::clone);
            let choices = row.choices.iter().map(|choice| format!("{}.{choice}", row.field)).collect();
            let mut problems = Vec::new();
            let rule = AidShareInput { code, zh, en, step, minimum, choices }.rule("", &mut problems);
            let rule = rule.filter(|_| problems.is_empty());
            let wrong = || self.problem(format!("aid_share {}: {problems:?}", row.code));
            store::aid_share_set(tx, &change, &row.code, Some(&rule.ok_or_else(wrong)?)).await?;
        }
        Ok(())
    }
}

fn day(text: Option<&str>, folder: &Path) -> Result<Option<Date>> {
    let problem = |text: &str| Error::Example {
        file: folder.display().to_string(),
        problem: format!("{text:?} is no date"),
    };
    text.map(|text| text.parse().map_err(|_| problem(text))).transpose()
}
