//! What a figure measures, from the words in its sentence, and the role it plays.

use crate::chars::{PAUSE, STOP, Text};
use crate::count::Around;
use crate::lexicon::{Cue, Hit, UnitClass, flag};
use crate::scan::Quantity;
use domain::{Approx, Measure, Role, Unit};

/// The words before and behind one quantity.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub around: Around<'a>,
    pub q: &'a Quantity,
    /// Index of the first hit at or behind the start of the quote.
    pub first: usize,
    /// Index of the first hit behind the quote.
    pub next: usize,
    /// The sentence.
    pub floor: usize,
    pub ceiling: usize,
    /// Start of the next quantity, or the end of the text.
    pub following: usize,
}

/// How many words before a quantity are looked at.
const LOOK: usize = 48;

/// A measure with the rule that found it and whether its word stands in the sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    pub measure: Measure,
    pub rule: &'static str,
    pub stated: bool,
}

fn found(measure: Measure, rule: &'static str) -> Found {
    Found { measure, rule, stated: true }
}

impl<'a> View<'a> {
    fn t(&self) -> Text<'a> {
        self.around.t
    }

    /// Words in front, nearest first, within the sentence.
    fn before(&self) -> impl Iterator<Item = &'a Hit> + use<'a> {
        let floor = self.floor;
        self.around.hits[..self.first].iter().rev().take(LOOK).take_while(move |h| h.start >= floor)
    }

    fn flags(&self, hit: &Hit) -> u64 {
        self.around.lexicon.entry(hit).flags
    }

    fn cue(&self, hit: &Hit) -> Option<Cue> {
        self.around.lexicon.entry(hit).cue
    }

    /// Start of the clause (behind the last comma), at most 60 code points back.
    fn clause(&self) -> usize {
        let low = self.floor.max(self.q.start.saturating_sub(60));
        let t = self.t();
        let comma = |p: &usize| t.is(*p, PAUSE | STOP) && t.at(*p) != '、' as u16;
        (low..self.q.start).rev().find(comma).map_or(low, |p| p + 1)
    }

    fn has_before(&self, bits: u64, from: usize) -> bool {
        self.before().take_while(|h| h.start >= from).any(|h| self.flags(h) & bits != 0)
    }
}

/// The measure of a quantity whose unit is known; `carried` is that of the last amount of the same unit near by.
pub fn of(view: &View<'_>, unit: Unit, role: Role, carried: Option<Measure>) -> Found {
    let found = decided(view, unit, role, carried);
    let aid = carried.is_some_and(|m| m.family() == domain::Family::Aid);
    // 到位 behind aid money that was planned or issued is that aid money's arrival.
    let arrived = aid && found.measure == Measure::FundsArrived && view.t().ends(view.q.start, "资金到位");
    if arrived { Found { measure: Measure::AidArrived, rule: "aid-arrived", ..found } } else { found }
}

fn decided(view: &View<'_>, unit: Unit, role: Role, carried: Option<Measure>) -> Found {
    if role == Role::Threshold && view.q.unit.class != UnitClass::Classifier {
        return found(Measure::Other, "threshold");
    }
    if let Some(measure) = by_unit(unit.code()) {
        return found(measure, "unit");
    }
    match unit.code() {
        "person" => people(view),
        "mu" | "m2" => {
            let capacity =
                nearest(view).filter(|f| f.measure == Measure::Output || f.measure == Measure::Sales);
            capacity
                .filter(|_| view.has_before(flag::CAPACITY, view.clause()))
                .unwrap_or(found(Measure::Area, "unit"))
        }
        "kW" | "kWh" | "spindle" => found(Measure::Output, "unit"),
        _ if view.q.unit.class == UnitClass::Money => money(view, carried),
        "t" | "kg" | "piece" | "set" | "head" | "m3" | "box" | "m" => goods(view),
        _ => Found { measure: Measure::Other, rule: "unit", stated: false },
    }
}

fn by_unit(code: &str) -> Option<Measure> {
    Some(match code {
        "project" => Measure::ProjectCount,
        "enterprise" => Measure::EnterpriseCount,
        "agreement" => Measure::AgreementCount,
        "job" => Measure::Jobs,
        "km" | "li" => Measure::Distance,
        "%" | "pp" | "fold" => Measure::Rate,
        _ => return None,
    })
}

fn people(view: &View<'_>) -> Found {
    let clause = view.clause();
    let job = |h: &&Hit| view.cue(h) == Some(Cue::Is(Measure::Jobs));
    let before = view.before().take_while(|h| h.start >= clause).any(|h| job(&h));
    if before || ahead(view, |c| c == Cue::Is(Measure::Jobs)).is_some() {
        return found(Measure::Jobs, "jobs-word");
    }
    Found { measure: Measure::Other, rule: "people", stated: false }
}

/// Goods are sold, contracted, traded or made; area words and money words say nothing about them.
fn goods(view: &View<'_>) -> Found {
    let goods = |m: Measure| {
        matches!(m, Measure::Sales | Measure::PurchaseContracted | Measure::TradeValue | Measure::Output)
    };
    for hit in view.before() {
        let f = view.cue(hit).map(|cue| decide(view, hit, cue, "word-in-front"));
        if let Some(f) = f.filter(|f| goods(f.measure)) {
            return f;
        }
    }
    let later = ahead(view, |c| matches!(c, Cue::Is(m) if goods(m)));
    match later {
        Some(Cue::Is(measure)) => found(measure, "word-behind"),
        _ => Found { measure: Measure::Other, rule: "goods", stated: false },
    }
}

fn money(view: &View<'_>, carried: Option<Measure>) -> Found {
    let behind = behind(view);
    if let Some(f) = behind.filter(|_| !strong_in_clause(view)) {
        return f;
    }
    if let Some(f) = nearest(view) {
        return f;
    }
    if let Some(Cue::Is(measure)) = ahead(view, |c| matches!(c, Cue::Is(_))) {
        return found(measure, "word-behind");
    }
    match carried {
        Some(measure) => Found { measure, rule: "carried", stated: false },
        None => Found { measure: Measure::Other, rule: "no-word", stated: false },
    }
}

fn strong_in_clause(view: &View<'_>) -> bool {
    let clause = view.clause();
    view.before()
        .take_while(|h| h.start >= clause)
        .any(|h| view.cue(h).is_some() && view.flags(h) & flag::WEAK == 0)
}

/// A measure word right behind the amount: 5亿元(的)投资.
fn behind(view: &View<'_>) -> Option<Found> {
    let t = view.t();
    let at = if t.any(view.q.end, "的") { view.q.end + 1 } else { view.q.end };
    let hit = view.around.hits[view.next..].iter().find(|h| h.start >= at).filter(|h| h.start == at)?;
    if view.flags(hit) & flag::AFTER == 0 {
        return None;
    }
    Some(decide(view, hit, view.cue(hit)?, "word-behind"))
}

/// A word later in the clause that may stand behind its amount: 20吨…的购销协议.
fn ahead(view: &View<'_>, fits: impl Fn(Cue) -> bool) -> Option<Cue> {
    let t = view.t();
    let limit = (view.q.end + 24).min(view.ceiling);
    for hit in view.around.hits[view.next..].iter().take(12).take_while(|h| h.end <= limit) {
        let open = |p: usize| t.is(p, PAUSE | STOP) && t.at(p) != '、' as u16;
        if (view.q.end..hit.start).any(open) {
            return None;
        }
        if let Some(cue) = view.cue(hit).filter(|c| view.flags(hit) & flag::AFTER != 0 && fits(*c)) {
            return Some(cue);
        }
    }
    None
}

/// The nearest strong measure word in front, else the nearest weak one.
fn nearest(view: &View<'_>) -> Option<Found> {
    let mut weak = None;
    for hit in view.before() {
        let Some(cue) = view.cue(hit) else { continue };
        if matches!(cue, Cue::Is(Measure::Jobs)) {
            continue;
        }
        if view.flags(hit) & flag::WEAK != 0 {
            weak = weak.or(Some((hit, cue)));
        } else {
            return Some(decide(view, hit, cue, "word-in-front"));
        }
    }
    weak.map(|(hit, cue)| decide(view, hit, cue, "weak-word-in-front"))
}

/// What a word means among the words around it.
fn decide(view: &View<'_>, hit: &Hit, cue: Cue, rule: &'static str) -> Found {
    match cue {
        Cue::Investment => investment(view, hit),
        Cue::Aid => aid(view, hit),
        Cue::Goods => {
            let bought = |h: &&Hit| view.cue(h) == Some(Cue::Is(Measure::PurchaseContracted));
            let bought = view.before().any(|h| bought(&h));
            found(if bought { Measure::PurchaseContracted } else { Measure::Sales }, "goods-moved")
        }
        Cue::Is(Measure::PlannedTotal) if total_of_operating(view, hit) => {
            found(Measure::InvestedStock, "operating-firms")
        }
        Cue::Is(Measure::FundsArrived) if aid_near(view, hit) => found(Measure::AidArrived, "aid-arrived"),
        Cue::Is(measure) => found(measure, rule),
    }
}

/// 总投资 of firms that already operate there is stock, not a plan.
fn total_of_operating(view: &View<'_>, hit: &Hit) -> bool {
    let total = view.t().ends(hit.end, "总投资额")
        || view.t().ends(hit.end, "投资总额")
        || view.t().ends(hit.end, "总投资");
    if !total {
        return false;
    }
    for h in view.before().filter(|h| h.start < hit.start) {
        if view.flags(h) & flag::OPERATING != 0 {
            return true;
        }
        if view.around.lexicon.entry(h).noun.is_some_and(|u| u.code() == "enterprise") {
            let t = view.t();
            let invested = t.ends(h.start, "投资") || t.ends(h.start, "投资的");
            return invested || view.before().any(|x| view.flags(x) & flag::OPERATING != 0);
        }
        if view.around.lexicon.entry(h).noun.is_some_and(|u| u.code() == "project") {
            return false;
        }
    }
    false
}

fn aid_near(view: &View<'_>, hit: &Hit) -> bool {
    view.before()
        .filter(|h| h.start < hit.start && hit.start - h.end < 8)
        .any(|h| view.cue(h) == Some(Cue::Aid))
}

/// 投资 alone: planned for a project to come, works where completed, otherwise as the text puts it.
fn investment(view: &View<'_>, hit: &Hit) -> Found {
    let t = view.t();
    let near = |h: &&Hit| hit.start.saturating_sub(h.end) <= 6;
    if t.any_before(hit.start, "期") {
        return found(Measure::PlannedTotal, "investment-of-a-phase");
    }
    for h in view.before().filter(|h| h.end <= hit.start).take_while(near) {
        if t.ends(h.end, "完成") {
            return found(Measure::WorksCompleted, "completed-investment");
        }
        if view.flags(h) & flag::TARGET != 0 {
            return found(Measure::PlannedTotal, "planned-investment");
        }
    }
    let clause_end = (view.q.end..(view.q.end + 24).min(view.ceiling)).find(|&p| t.is(p, STOP | PAUSE));
    let built = |h: &Hit| t.starts(h.start, "建设") || t.ends(h.end, "项目") || t.starts(h.start, "新建");
    let end = clause_end.unwrap_or(view.ceiling.min(view.q.end + 24));
    if view.around.hits[view.next..].iter().take(8).take_while(|h| h.end <= end).any(built) {
        return found(Measure::PlannedTotal, "investment-in-project");
    }
    if view.has_before(flag::OPERATING, view.floor) {
        return found(Measure::InvestedStock, "operating-firms");
    }
    found(Measure::LandedUnspecified, "investment")
}

/// Aid money by the verb next to it.
fn aid(view: &View<'_>, hit: &Hit) -> Found {
    const VERBS: u64 =
        flag::AID_PLAN | flag::AID_ISSUE | flag::AID_DISBURSE | flag::AID_SPEND | flag::AID_PUT;
    let window = |h: &&Hit| h.end + 14 > hit.start;
    let verb = view.before().take_while(window).find(|h| view.flags(h) & VERBS != 0);
    let flags = verb.map_or(0, |h| view.flags(h));
    let measure = if flags & flag::AID_PLAN != 0 {
        Measure::AidPlanned
    } else if flags & flag::AID_ISSUE != 0 {
        Measure::AidIssued
    } else if flags & flag::AID_DISBURSE != 0 {
        Measure::AidDisbursed
    } else if flags & flag::AID_SPEND != 0 {
        Measure::AidSpent
    } else {
        Measure::AidUnspecified
    };
    found(measure, "aid-verb")
}

/// The role: a bound of another count, something hoped for, or what happened.
pub fn role(view: &View<'_>) -> (Role, &'static str) {
    let (t, q) = (view.t(), view.q);
    if threshold(view) {
        return (Role::Threshold, "bound-of-a-count");
    }
    let low = q.start.saturating_sub(4);
    let task = (low..q.start).any(|p| t.starts(p, "任务(") || t.starts(p, "目标(") || t.starts(p, "任务为"));
    if t.starts(q.end, "的目标") || t.starts(q.end, "目标") || task {
        return (Role::Target, "target-behind");
    }
    let clause = view.clause();
    for hit in view.before().take_while(|h| h.start >= view.floor) {
        let flags = view.flags(hit);
        let inside = hit.start >= clause;
        if inside
            && flags & flag::REACHED != 0
            && !t.starts(hit.start, "完成")
            && !t.starts(hit.start, "实现")
        {
            return (Role::Actual, "reached-word");
        }
        let aim = flags & flag::AIM != 0 && q.start - hit.end < 60;
        if flags & flag::TARGET != 0
            && (inside || aim)
            && !names_a_plan(t, hit)
            && !t.any_before(hit.start, "模虚")
        {
            return (Role::Target, "target-word");
        }
        if inside
            && flags & flag::CAPACITY != 0
            && !t.any(hit.end, "值量能")
            && q.unit.class != UnitClass::Rate
        {
            return (Role::Target, "capacity-word");
        }
    }
    let every = t.ends(q.start, "召开") || t.ends(q.start, "举办") || t.ends(q.start, "举行");
    if every && view.before().take(4).any(|h| t.starts(h.start, "每")) {
        return (Role::Target, "recurring");
    }
    (Role::Actual, "stated")
}

/// Whether 计划 or 预计 is part of another phrase: 完成年度计划的85%, 三年行动计划.
fn names_a_plan(t: Text<'_>, hit: &Hit) -> bool {
    let plan = hit.end - hit.start == 2 && t.starts(hit.start, "计划");
    plan && (t.any(hit.end, "的任书总(,，、。)》”\"") || t.any_before(hit.start, "度动划产展"))
}

fn threshold(view: &View<'_>) -> bool {
    let (t, q) = (view.t(), view.q);
    let measured = matches!(q.unit.class, UnitClass::Money | UnitClass::Measure);
    if !measured || q.approx != Approx::Over {
        return false;
    }
    if q.bound && t.any_before(q.start, "在") {
        return true;
    }
    let of = t.any(q.end, "的");
    let at = if of { q.end + 1 } else { q.end };
    let clause_end = (at..(at + 16).min(t.len())).find(|&p| t.is(p, PAUSE | STOP)).unwrap_or(at + 16);
    let noun = view.around.hits[view.next..].iter().take(5).find(|h| {
        let unit = view.around.lexicon.entry(h).noun;
        h.end <= clause_end
            && unit.is_some_and(|u| matches!(u.code(), "project" | "enterprise" | "agreement"))
    });
    let near = noun.is_some_and(|h| h.start - at.min(h.start) <= 6);
    if q.bound {
        return near || of;
    }
    let counted = view.following < at + 14 && view.following > q.end;
    near && (q.bare || counted)
}
