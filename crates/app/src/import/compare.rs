//! Rows against what is stored and against each other, some thousand at a time: each is looked up in sets, none for itself.

use super::draft::{Draft, RowProblem, Said, Told};
use super::mapping::Mapping;
use super::money;
use super::payload::{Payload, PlannedFigure};
use crate::access::Actor;
use crate::alike::{self, Facts, Shown};
use crate::entry::{LinkTo, Problem, check_rules, edit_right};
use crate::error::Result;
use domain::Measure;
use domain::organisation::{Known, Reason, Strength, plain, similarity};
use domain::record::{FieldType, Value, Values};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    Entry, ImportRow, LinkRow, LooseFigure, Reach, RecordKind, RegionWords, RowState, SubjectFigure, Tx,
};

/// Stored records that one row is compared with.
const COMPARED: i64 = 40;
/// Codes that a message names.
const NAMED: usize = 3;

/// What a name stands for.
#[derive(Debug, Clone)]
enum Found {
    One(i64),
    Several(Vec<i64>),
    None,
}

/// What an import does with rows that are stored, and with those that are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Create,
    Update,
    Both,
}

impl Mode {
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "create" => Some(Self::Create),
            "update" => Some(Self::Update),
            "both" => Some(Self::Both),
            _ => None,
        }
    }
}

/// Compares the rows of one sheet, chunk after chunk.
pub(super) struct Comparer<'a> {
    actor: &'a Actor,
    programme: i64,
    kind: RecordKind,
    mode: Mode,
    mapping: Mapping,
    words: RegionWords,
    reach: Reach,
    names: HashMap<(RecordKind, String), Found>,
    /// Records that rows before stand for, with the row.
    met: HashMap<i64, u32>,
    /// Rows before that are new, by what they are found again by, each with what tells it from others of its name.
    made: HashMap<String, Vec<(u32, Shown)>>,
    /// Stored figures of no record, by measure and last day.
    loose: HashMap<(Measure, Option<Date>), Vec<LooseFigure>>,
}

/// What is stored of the records that a chunk may speak of.
#[derive(Default)]
struct Stored {
    entries: HashMap<i64, Entry>,
    names: HashMap<i64, Vec<String>>,
    links: HashMap<i64, Vec<LinkRow>>,
    figures: HashMap<i64, Vec<SubjectFigure>>,
    by_key: HashMap<String, Vec<i64>>,
    /// Of organisations: what they are compared by.
    known: HashMap<i64, Known>,
    editable: Option<BTreeSet<i64>>,
}

/// Which stored record a row is.
enum Match {
    New,
    Is(i64),
    /// It may be that one: code of the reason, and the records.
    Maybe(&'static str, Vec<i64>),
    Refused(RowProblem),
}

impl<'a> Comparer<'a> {
    pub async fn new(
        tx: &mut Tx,
        actor: &'a Actor,
        (programme, kind): (i64, RecordKind),
        mode: Mode,
        mapping: Mapping,
    ) -> Result<Self> {
        let words = RegionWords::load(tx).await?;
        let reach = actor.reach_for_kind(programme, edit_right(kind), kind);
        let (names, met, made, loose) = (HashMap::new(), HashMap::new(), HashMap::new(), HashMap::new());
        Ok(Self { actor, programme, kind, mode, mapping, words, reach, names, met, made, loose })
    }

    /// What becomes of these rows.
    pub async fn compare(&mut self, tx: &mut Tx, drafts: Vec<Draft>) -> Result<Vec<ImportRow>> {
        self.look_up(tx, &drafts).await?;
        if self.kind == RecordKind::Figure {
            self.load_loose(tx, &drafts).await?;
            return Ok(drafts.into_iter().map(|draft| self.figures_only(draft)).collect());
        }
        let stored = self.load(tx, &drafts).await?;
        let mut rows = Vec::with_capacity(drafts.len());
        for draft in drafts {
            rows.push(self.row(tx, draft, &stored).await?);
        }
        Ok(rows)
    }

    /// Looks up the names that no row before had.
    async fn look_up(&mut self, tx: &mut Tx, drafts: &[Draft]) -> Result<()> {
        let mut wanted = BTreeMap::<RecordKind, BTreeSet<String>>::new();
        let mut want = |kind: RecordKind, name: &str| {
            if !self.names.contains_key(&(kind, name.to_owned())) {
                wanted.entry(kind).or_default().insert(name.to_owned());
            }
        };
        for draft in drafts {
            for told in &draft.values {
                match &told.said {
                    Said::Record(kind, name) => want(*kind, name),
                    Said::Links(kind, names) => names.iter().for_each(|(name, _)| want(*kind, name)),
                    _ => {}
                }
            }
            if let Some(code) = &draft.code {
                want(self.kind, code);
            }
            for name in draft.figures.iter().filter_map(|figure| figure.organisation.as_ref()) {
                want(RecordKind::Organisation, name);
            }
        }
        for (kind, names) in wanted {
            let names: Vec<String> = names.into_iter().collect();
            let reach = self.actor.reach(self.programme);
            let mut found = HashMap::<String, Vec<i64>>::new();
            for (name, id) in store::record_list_named_many(tx, self.programme, kind, &names, &reach).await? {
                found.entry(name).or_default().push(id);
            }
            for name in names {
                let of = match found.get(&name).map(Vec::as_slice) {
                    Some([one]) => Found::One(*one),
                    Some(several @ [_, ..]) => Found::Several(several.to_vec()),
                    _ => Found::None,
                };
                self.names.insert((kind, name), of);
            }
        }
        Ok(())
    }

    /// Loads what is stored under the codes, official numbers and names of the rows.
    async fn load(&self, tx: &mut Tx, drafts: &[Draft]) -> Result<Stored> {
        let mut stored = Stored::default();
        let (mut strong, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for draft in drafts {
            let code = draft.code.as_ref().and_then(|code| self.names.get(&(self.kind, code.clone())));
            match (&draft.code, code) {
                (None, _) => strong.extend(self.keys(draft).into_iter().filter(|key| !is_weak(key))),
                (_, Some(Found::One(id))) => drop(ids.insert(*id)),
                _ => {}
            }
        }
        self.load_keys(tx, &mut stored, (strong, ids)).await?;
        // Who shares some characters of a name is looked for only where nobody has the name.
        let mut weak = BTreeSet::new();
        for draft in drafts.iter().filter(|draft| draft.code.is_none()) {
            let keys: Vec<String> = self.keys(draft).into_iter().filter(|key| is_weak(key)).collect();
            if !keys.is_empty() && self.candidates(draft, &said_values(draft), &stored).0.is_empty() {
                weak.extend(keys);
            }
        }
        self.load_keys(tx, &mut stored, (weak, BTreeSet::new())).await?;
        let ids: Vec<i64> = stored.entries.keys().copied().collect();
        let has_links = drafts.iter().flat_map(|of| &of.values).any(|of| matches!(of.said, Said::Links(..)));
        if has_links {
            for link in store::link_list_of(tx, &ids).await? {
                stored.links.entry(link.from).or_default().push(link);
            }
        }
        if drafts.iter().any(|draft| !draft.figures.is_empty()) {
            for figure in store::figure_list_of_subjects(tx, &ids).await? {
                stored.figures.entry(figure.subject).or_default().push(figure);
            }
        }
        if !(self.reach.all && self.reach.protected) {
            let open = store::record_list_of(tx, &ids, &self.reach).await?;
            stored.editable = Some(open.into_iter().map(|record| record.id).collect());
        }
        Ok(stored)
    }

    /// Loads the records of these keys, and these.
    async fn load_keys(
        &self,
        tx: &mut Tx,
        stored: &mut Stored,
        (keys, mut ids): (BTreeSet<String>, BTreeSet<i64>),
    ) -> Result<()> {
        let keys: Vec<String> = keys.into_iter().collect();
        for (key, id) in store::key_list_many(tx, self.programme, &keys, COMPARED).await? {
            ids.insert(id);
            stored.by_key.entry(key).or_default().push(id);
        }
        let ids: Vec<i64> = ids.into_iter().filter(|id| !stored.entries.contains_key(id)).collect();
        for entry in store::entry_list_of(tx, self.kind, &ids).await? {
            stored.entries.insert(entry.record.id, entry);
        }
        for (id, name) in store::record_name_list_of(tx, &ids).await? {
            stored.names.entry(id).or_default().push(name);
        }
        if self.kind == RecordKind::Organisation {
            for entry in ids.iter().filter_map(|id| stored.entries.get(id)) {
                let known = alike::known(&stored.facts(entry), &self.words);
                stored.known.insert(entry.record.id, known);
            }
        }
        Ok(())
    }

    /// The keys of a row, the strongest first.
    fn keys(&self, draft: &Draft) -> Vec<String> {
        let names: Vec<String> = draft.title.iter().chain(draft.aliases.iter().flatten()).cloned().collect();
        let uses = |key: &str| self.mapping.keys.is_empty() || self.mapping.keys.iter().any(|of| of == key);
        let codes = draft.values.iter().filter(|told| told.field.key && uses("key"));
        let codes: Vec<String> = codes.filter_map(|told| said_text(told).map(str::to_owned)).collect();
        let names = if uses("title") { names } else { Vec::new() };
        store::keys_of(self.kind, &names, &codes, &self.words)
    }

    async fn row(&mut self, tx: &mut Tx, mut draft: Draft, stored: &Stored) -> Result<ImportRow> {
        let (mut payload, values) = self.resolve(&mut draft);
        let found = self.find(&draft, &values, stored);
        let before = match &found {
            Match::Is(id) => stored.entries.get(id),
            _ => None,
        };
        if let Some(before) = before {
            self.take_as_stored(before, &mut draft, &mut payload, stored);
            self.keep_what_differs(before, &mut payload, &mut draft, stored);
        } else if matches!(found, Match::New | Match::Maybe(..)) {
            self.complete(&mut payload, &mut draft);
        }
        self.check(tx, &mut payload, before, &mut draft).await?;
        self.plan_money(&mut payload, &mut draft, before, stored);
        Ok(self.judged(draft, payload, values, found, before, stored))
    }

    /// The values of a row with the records that it names.
    fn resolve(&self, draft: &mut Draft) -> (Payload, Values) {
        let mut payload = Payload::default();
        let mut problems = Vec::new();
        for Told { field, column, said } in &draft.values {
            match said {
                Said::Nothing => {
                    payload.parts.values.insert(field.code, None);
                }
                Said::Value(value) => {
                    payload.parts.values.insert(field.code, Some(value.clone()));
                }
                Said::Record(kind, name) => {
                    let named = (field.code, *column, *kind);
                    match self.named(named, name, "", &mut payload.register, &mut problems) {
                        Some(id) => {
                            payload.parts.values.insert(field.code, Some(Value::Id(id)));
                        }
                        None => continue,
                    }
                }
                Said::Links(kind, names) => {
                    let mut links = Vec::new();
                    for (name, role) in names {
                        let named = (field.code, *column, *kind);
                        let id = self.named(named, name, role, &mut payload.register, &mut problems);
                        links.extend(id.map(|to| LinkTo { to, role: (*role).to_owned() }));
                    }
                    payload.parts.links.insert(field.code, links);
                }
            }
        }
        draft.problems.extend(problems);
        payload.parts.title = draft.title.clone();
        payload.parts.title_en = draft.title_en.clone().map(Some);
        payload.parts.aliases = draft.aliases.clone();
        payload.parts.amount = draft.amount;
        let known = payload.parts.values.iter().filter_map(|(code, value)| Some((*code, value.clone()?)));
        let values = known.collect();
        (payload, values)
    }

    /// The record that a name stands for; an enterprise that is none yet may be registered.
    fn named(
        &self,
        (field, column, kind): (&'static str, Option<u16>, RecordKind),
        name: &str,
        role: &str,
        register: &mut Vec<(&'static str, String, String)>,
        problems: &mut Vec<RowProblem>,
    ) -> Option<i64> {
        let mut tell = |code: &str, is_note| {
            problems.push(RowProblem {
                column,
                field: field.to_owned(),
                code: code.to_owned(),
                said: name.to_owned(),
                is_note,
                ..RowProblem::default()
            });
        };
        match self.names.get(&(kind, name.to_owned())) {
            Some(Found::One(id)) => return Some(*id),
            Some(Found::Several(_)) => tell("ambiguous", false),
            _ if kind == RecordKind::Organisation && self.mapping.register => {
                tell("registers", true);
                register.push((field, name.to_owned(), role.to_owned()));
            }
            _ => tell("unknown", false),
        }
        None
    }

    /// Which stored record a row is: by its code, then by an official number, then by its name.
    fn find(&self, draft: &Draft, values: &Values, stored: &Stored) -> Match {
        if let Some(code) = &draft.code {
            return match self.names.get(&(self.kind, code.clone())) {
                Some(Found::One(id)) if stored.entries.contains_key(id) => Match::Is(*id),
                _ => Match::Refused(RowProblem {
                    field: "code".into(),
                    code: "unknown".into(),
                    said: code.clone(),
                    ..RowProblem::default()
                }),
            };
        }
        let (same, alike_ones) = self.candidates(draft, values, stored);
        // An official number decides, where one has it.
        let by_code: Vec<i64> = same.iter().filter(|(by_code, _)| *by_code).map(|(_, id)| *id).collect();
        let same: Vec<i64> =
            if by_code.is_empty() { same.into_iter().map(|(_, id)| id).collect() } else { by_code };
        match (same.as_slice(), alike_ones.is_empty()) {
            ([one], _) => Match::Is(*one),
            ([_, ..], _) => Match::Maybe("several", same),
            ([], false) => Match::Maybe("alike", alike_ones),
            ([], true) => Match::New,
        }
    }

    /// The stored records that a row is, each with whether its official number says so, and those that it may be. Who is the same has
    /// the same number or name; only where nobody has, those are looked at who share some characters.
    fn candidates(&self, draft: &Draft, values: &Values, stored: &Stored) -> (Vec<(bool, i64)>, Vec<i64>) {
        let names: Vec<&str> =
            draft.title.iter().chain(draft.aliases.iter().flatten()).map(String::as_str).collect();
        let row = Row::new(Facts { kind: self.kind, names, values }, draft.title.as_deref(), &self.words);
        let keys = self.keys(draft);
        let (weak, strong): (Vec<&String>, Vec<&String>) = keys.iter().partition(|key| is_weak(key));
        let (mut same, mut alike_ones) = (Vec::new(), Vec::new());
        for keys in [strong, weak] {
            let of_key = keys.into_iter().filter_map(|key| stored.by_key.get(key)).flatten();
            let candidates: BTreeSet<i64> = of_key.copied().collect();
            for id in candidates {
                let Some(entry) = stored.entries.get(&id) else { continue };
                match row.is(entry, stored) {
                    Is::Same { by_code } => same.push((by_code, id)),
                    Is::Alike => alike_ones.push(id),
                    Is::Other => {}
                }
            }
            if !same.is_empty() {
                break;
            }
        }
        alike_ones.sort_unstable();
        alike_ones.dedup();
        (same, alike_ones)
    }

    /// A name that several records have means the one of them that is stored there; what is stored as it is said is not refused,
    /// whatever is wrong with it (law 6).
    fn take_as_stored(&self, before: &Entry, draft: &mut Draft, payload: &mut Payload, stored: &Stored) {
        let Draft { values, problems, .. } = draft;
        problems.retain(|problem| {
            let Some(told) = values.iter().find(|told| told.field.code == problem.field) else {
                return problem.said.is_empty() || before.text(&problem.field) != Some(problem.said.as_str());
            };
            let links = stored.links.get(&before.record.id);
            let is_link = |id: &i64| {
                links.into_iter().flatten().any(|link| link.kind == told.field.code && link.to == *id)
            };
            let id = match (&told.said, problem.code.as_str()) {
                (Said::Record(kind, _) | Said::Links(kind, _), "ambiguous") => {
                    match self.names.get(&(*kind, problem.said.clone())) {
                        Some(Found::Several(several)) => several
                            .iter()
                            .copied()
                            .find(|id| before.id(told.field.code) == Some(*id) || is_link(id)),
                        _ => None,
                    }
                }
                _ => None,
            };
            if let (Some(to), Said::Links(_, names)) = (id, &told.said) {
                let role = names.iter().find(|(name, _)| *name == problem.said).map_or("", |(_, role)| role);
                let wanted = payload.parts.links.entry(told.field.code).or_default();
                wanted.push(LinkTo { to, role: role.to_owned() });
            }
            id.is_none()
        });
    }

    /// Of a stored record: what the row says otherwise.
    fn keep_what_differs(&self, before: &Entry, payload: &mut Payload, draft: &mut Draft, stored: &Stored) {
        let id = before.record.id;
        let parts = &mut payload.parts;
        parts.values.retain(|code, value| before.values.get(code) != value.as_ref());
        if let Some(state) = self.kind.state().filter(|field| matches!(field.kind, FieldType::Stage))
            && parts.values.remove(state.code).is_some()
        {
            let column =
                draft.values.iter().find(|told| told.field.code == state.code).and_then(|of| of.column);
            draft.problems.push(RowProblem {
                column,
                field: state.code.to_owned(),
                code: "by-gate".into(),
                is_note: true,
                ..RowProblem::default()
            });
        }
        parts.title = parts.title.take().filter(|title| *title != before.record.title);
        // A row that was found by one of its names does not rename it.
        if draft.code.is_none() && !self.mapping.keys.iter().any(|key| key == "key") {
            let known = stored.names.get(&id).into_iter().flatten();
            let title = parts.title.clone();
            if known.into_iter().any(|name| Some(name) == title.as_ref()) {
                parts.title = None;
            }
        }
        parts.title_en = parts.title_en.take().filter(|title| *title != before.record.title_en);
        parts.aliases = parts.aliases.take().filter(|aliases| {
            let known: BTreeSet<&String> = stored.names.get(&id).into_iter().flatten().collect();
            aliases.iter().collect::<BTreeSet<_>>() != known
        });
        let links = stored.links.get(&id);
        let (register, figures) = (&payload.register, &payload.figures);
        debug_assert!(figures.is_empty(), "amounts are planned afterwards");
        parts.links.retain(|field, wanted| {
            let present = links.into_iter().flatten().filter(|link| link.kind == *field);
            let present: BTreeSet<_> = present.map(|link| (link.to, link.role.as_str())).collect();
            let wanted: BTreeSet<_> = wanted.iter().map(|link| (link.to, link.role.as_str())).collect();
            present != wanted || register.iter().any(|(of, ..)| of == field)
        });
        parts.amount = parts.amount.filter(|amount| *amount != before.amount);
    }

    /// Of a new record: what it cannot be without.
    fn complete(&self, payload: &mut Payload, draft: &mut Draft) {
        let parts = &mut payload.parts;
        parts.values.retain(|_, value| value.is_some());
        parts.amount = parts.amount.filter(Option::is_some);
        let mut missing = |field: &str| {
            if !draft.problems.iter().any(|problem| problem.field == field && !problem.is_note) {
                draft.problems.push(RowProblem {
                    field: field.to_owned(),
                    code: "missing".into(),
                    ..RowProblem::default()
                });
            }
        };
        if parts.title.is_none() {
            missing("title");
        }
        for field in self.kind.fields().iter().filter(|field| field.required) {
            let registers = payload.register.iter().any(|(of, ..)| *of == field.code);
            if !parts.has(field.code, None) && !registers {
                missing(field.code);
            }
        }
    }

    /// The rules of the kind.
    async fn check(
        &self,
        tx: &mut Tx,
        payload: &mut Payload,
        before: Option<&Entry>,
        draft: &mut Draft,
    ) -> Result<()> {
        let mut problems: Vec<Problem> = Vec::new();
        let by = (self.actor, self.programme);
        check_rules(tx, by, self.kind, &mut payload.parts, before, &mut problems).await?;
        for problem in problems {
            // A reason is given for the whole import.
            if problem.field == "reason" {
                continue;
            }
            let column =
                draft.values.iter().find(|told| told.field.code == problem.field).and_then(|of| of.column);
            draft.problems.push(RowProblem {
                column,
                field: problem.field,
                code: problem.code.to_owned(),
                hint: problem.hint,
                ..RowProblem::default()
            });
        }
        Ok(())
    }

    fn plan_money(&self, payload: &mut Payload, draft: &mut Draft, before: Option<&Entry>, stored: &Stored) {
        let none = Vec::new();
        let of = before.and_then(|before| stored.figures.get(&before.record.id)).unwrap_or(&none);
        let stated = draft.figures.iter().map(|figure| PlannedFigure::of(figure, None)).collect();
        let (planned, problems) = money::plan_all(stated, of);
        payload.figures.extend(planned);
        draft.problems.extend(problems);
    }

    fn judged(
        &mut self,
        mut draft: Draft,
        mut payload: Payload,
        values: Values,
        found: Match,
        before: Option<&Entry>,
        stored: &Stored,
    ) -> ImportRow {
        let title = draft.title.clone().or(before.map(|of| of.record.title.clone())).unwrap_or_default();
        let mut state = match &found {
            Match::New if draft.is_total_like => RowState::Doubtful,
            Match::New => RowState::New,
            Match::Is(_) if payload.is_empty() => RowState::Same,
            Match::Is(_) => RowState::Changed,
            Match::Maybe(..) => RowState::Doubtful,
            Match::Refused(_) => RowState::Wrong,
        };
        tell_match(&found, stored, &mut payload, &mut draft);
        let mut record = before.map(|of| (of.record.id, of.record.version));
        if let (Some((id, _)), Some(editable)) = (record, &stored.editable)
            && state == RowState::Changed
            && !editable.contains(&id)
        {
            draft.problems.push(RowProblem {
                field: "title".into(),
                code: "not-yours".into(),
                ..RowProblem::default()
            });
        }
        self.note_twice(&mut draft, &values, record.map(|(id, _)| id), state);
        let is_wrong = draft.problems.iter().any(|problem| !problem.is_note);
        state = match (state, self.mode) {
            _ if is_wrong => RowState::Wrong,
            (RowState::New | RowState::Doubtful, Mode::Update) => RowState::Left,
            (RowState::Changed | RowState::Doubtful, Mode::Create) => RowState::Left,
            (state, _) => state,
        };
        if state == RowState::Doubtful {
            (record, payload.asks) = (None, true);
        }
        let problems = serde_json::to_value(&draft.problems).ok().filter(|_| !draft.problems.is_empty());
        let keeps = matches!(state, RowState::New | RowState::Changed | RowState::Doubtful);
        ImportRow {
            number: i64::from(draft.number),
            state,
            title,
            record: record.map(|(id, _)| id),
            version: record.map(|(_, version)| version),
            payload: keeps.then(|| payload.to_json()),
            problems,
            decision: None,
        }
    }

    /// Says of a row that another before it is the same.
    fn note_twice(&mut self, draft: &mut Draft, values: &Values, record: Option<i64>, state: RowState) {
        let mut twice = None;
        if let Some(id) = record {
            twice = self.met.get(&id).copied();
            self.met.entry(id).or_insert(draft.number);
        } else if matches!(state, RowState::New | RowState::Doubtful) {
            let is_own = |key: &String| !is_weak(key);
            let shown = alike::shown(self.kind, values);
            for key in self.keys(draft).into_iter().filter(is_own) {
                let rows = self.made.entry(key.clone()).or_default();
                let is_code = matches!(store::key_strength(&key), store::KeyStrength::Code);
                let found = rows.iter().find(|(_, other)| is_code || !alike::says_other(other, &shown));
                twice = twice.or(found.map(|(row, _)| *row));
                rows.push((draft.number, shown.clone()));
            }
        }
        if let Some(row) = twice {
            draft.problems.push(RowProblem {
                field: "title".into(),
                code: "row-twice".into(),
                hint: row.to_string(),
                ..RowProblem::default()
            });
        }
    }

    /// Loads the stored figures that those of the rows may say again.
    async fn load_loose(&mut self, tx: &mut Tx, drafts: &[Draft]) -> Result<()> {
        for figure in drafts.iter().flat_map(|draft| &draft.figures) {
            let key = (figure.measure, figure.to);
            if !self.loose.contains_key(&key) {
                let stored = store::figure_list_loose(tx, self.programme, figure.measure, figure.to).await?;
                self.loose.insert(key, stored);
            }
        }
        Ok(())
    }

    /// The figure as it is to be written: not at all where it is stored as it is said, as a correction where it is otherwise.
    fn not_stored(&self, mut planned: PlannedFigure) -> Option<PlannedFigure> {
        let mut regions: Vec<i64> = planned.hosts.iter().chain(&planned.supporters).copied().collect();
        regions.sort_unstable();
        regions.dedup();
        let mut stored = self.loose.get(&(planned.measure, planned.period.to)).into_iter().flatten();
        let same = |of: &&LooseFigure| {
            let old = &of.figure;
            old.role == planned.role
                && old.quantity.unit == planned.quantity.unit
                && old.period == planned.period
                && of.organisation == planned.organisation
                && of.regions == regions
        };
        match stored.rfind(same) {
            Some(old) if old.figure.quantity == planned.quantity => return None,
            Some(old) => planned.replaces = Some(old.figure.id),
            None => {}
        }
        Some(planned)
    }

    /// A row of a sheet of figures: each amount a figure of its place.
    fn figures_only(&mut self, mut draft: Draft) -> ImportRow {
        let mut payload = Payload::default();
        let mut problems = Vec::new();
        for figure in &draft.figures {
            let mut organisation = None;
            if let Some(name) = &figure.organisation {
                let named = ("organisation", None, RecordKind::Organisation);
                organisation = self.named(named, name, "", &mut payload.register, &mut problems);
            }
            payload.figures.extend(self.not_stored(PlannedFigure::of(figure, organisation)));
        }
        draft.problems.extend(problems);
        let is_wrong = draft.problems.iter().any(|problem| !problem.is_note);
        let state = match (is_wrong, payload.figures.is_empty()) {
            (true, _) => RowState::Wrong,
            (false, true) if draft.figures.is_empty() => RowState::Left,
            (false, true) => RowState::Same,
            (false, false) => RowState::New,
        };
        ImportRow {
            number: i64::from(draft.number),
            state,
            title: String::new(),
            record: None,
            version: None,
            payload: (state == RowState::New).then(|| payload.to_json()),
            problems: serde_json::to_value(&draft.problems).ok().filter(|_| !draft.problems.is_empty()),
            decision: None,
        }
    }
}

/// A row as it is compared with what is stored.
struct Row<'a> {
    facts: Facts<'a>,
    title: Option<&'a str>,
    /// Of an organisation.
    known: Option<Known>,
}

/// What a stored record is to a row.
enum Is {
    Same { by_code: bool },
    Alike,
    Other,
}

impl<'a> Row<'a> {
    fn new(facts: Facts<'a>, title: Option<&'a str>, words: &RegionWords) -> Self {
        let known = (facts.kind == RecordKind::Organisation).then(|| alike::known(&facts, words));
        Self { facts, title, known }
    }

    fn is(&self, entry: &Entry, stored: &Stored) -> Is {
        let id = entry.record.id;
        let likeness = match self.known.as_ref().zip(stored.known.get(&id)) {
            Some((own, other)) => similarity(own, other),
            None => alike::compare_titles(&self.facts, &stored.facts(entry)),
        };
        let by_code = likeness.reasons.contains(&Reason::SameCode);
        let by_name = likeness.reasons.contains(&Reason::SameName) && likeness.objections.is_empty();
        let is_same = by_code
            || likeness.strength == Strength::Same
            || (by_name && self.facts.kind != RecordKind::Organisation)
            || (by_name && self.title.map(plain) == Some(plain(&entry.record.title)));
        match is_same {
            true => Is::Same { by_code },
            false if alike::asks(&likeness) => Is::Alike,
            false => Is::Other,
        }
    }
}

impl Stored {
    fn facts<'a>(&'a self, entry: &'a Entry) -> Facts<'a> {
        let further = self.names.get(&entry.record.id).into_iter().flatten();
        let names = std::iter::once(&entry.record.title).chain(further).map(String::as_str).collect();
        Facts { kind: entry.record.kind, names, values: &entry.values }
    }
}

/// Says of a row what it may be, and what makes that doubtful.
fn tell_match(found: &Match, stored: &Stored, payload: &mut Payload, draft: &mut Draft) {
    match found {
        Match::Refused(problem) => draft.problems.push(problem.clone()),
        Match::Maybe(code, records) => {
            let codes = records.iter().take(NAMED).filter_map(|id| stored.entries.get(id));
            let codes: Vec<&str> = codes.map(|entry| entry.record.code.as_str()).collect();
            payload.candidate = Some(records[0]).filter(|_| records.len() == 1);
            draft.problems.push(RowProblem {
                field: "title".into(),
                code: (*code).into(),
                hint: codes.join("、"),
                is_note: true,
                ..RowProblem::default()
            });
        }
        _ => {}
    }
    if draft.is_total_like {
        draft.problems.push(RowProblem {
            field: "title".into(),
            code: "total-like".into(),
            is_note: true,
            ..RowProblem::default()
        });
    }
}

fn is_weak(key: &str) -> bool {
    matches!(store::key_strength(key), store::KeyStrength::Weak)
}

/// What a row says itself, before records that it names are looked up.
fn said_values(draft: &Draft) -> Values {
    let said = draft.values.iter().filter_map(|told| match &told.said {
        Said::Value(value) => Some((told.field.code, value.clone())),
        _ => None,
    });
    said.collect()
}

fn said_text(told: &Told) -> Option<&str> {
    match &told.said {
        Said::Value(value) => value.text(),
        _ => None,
    }
}
