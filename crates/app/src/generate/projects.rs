//! Industry projects, and what belongs to them.

use super::random::Random;
use super::world::{Draft, DraftFigure, Mistake, Ref, TODAY, World, later, money, past_day};
use domain::record::RecordKind;
use domain::{Approx, Measure, TimeKind, Unit};
use jiff::civil::Date;

/// Stages with how likely they are; what is further on has all the days before it.
const STAGES: &[(&str, usize)] = &[
    ("lead", 4),
    ("talks", 7),
    ("to_sign", 5),
    ("signed", 16),
    ("landed", 15),
    ("started", 22),
    ("completed", 8),
    ("production", 12),
    ("capacity", 6),
    ("on_hold", 3),
    ("ended", 2),
];
/// The way without rest and end.
const WAY: [&str; 9] =
    ["lead", "talks", "to_sign", "signed", "landed", "started", "completed", "production", "capacity"];
/// One percent in the scale of its unit.
const PERCENT: i64 = 10_000;

/// A project as its permits and milestones know it.
struct Course {
    stage: &'static str,
    /// How far it is on the way.
    at: usize,
    host: usize,
    signed: Date,
    start: Date,
    complete: Date,
}

impl World {
    fn course(&self, index: usize) -> Course {
        let mut random = Random::new(self.plan.seed, "course", index);
        let stage = random.weighted(STAGES);
        let at = WAY.iter().position(|of| *of == stage).unwrap_or(4);
        let days = [0, 0, 0, 30, 120, 300, 600, 700, 800][at];
        let signed = past_day(&mut random).min(later(TODAY, -days));
        let start = later(signed, random.between(40, 200));
        let complete = later(start, random.between(150, 700));
        Course { stage, at, host: random.below(self.hosts.len()), signed, start, complete }
    }

    pub(super) fn project(&self, index: usize) -> Draft {
        let course = self.course(index);
        let mut random = self.random(Ref(RecordKind::Project, index));
        let (host, supporter) = (self.host_name(course.host), random.below(self.supporters.len()));
        let investor = self.enterprise_from(&mut random, supporter);
        let known = self.enterprise_at(investor.1);
        let title = format!("{}{}{}项目", host.name, known.brand.0, known.trade.product);
        let mut draft = Draft::new(title)
            .text("stage", course.stage)
            .place("region", host)
            .place("supporting", &self.supporters[supporter])
            .text("sector", known.trade.sector)
            .record("investor", Some(investor))
            .text("content", format!("新建{}生产线及配套设施。", known.trade.product));
        if random.chance(850) {
            draft = draft.record("owner", Some(self.office_of(&mut random, course.host)));
        }
        if random.chance(400) {
            draft = draft.record("park", Some(self.park_in(&mut random, course.host)));
        }
        draft = days(&mut random, draft, &course);
        if random.chance(700) && course.at < 8 {
            draft = draft
                .text(
                    "next_step",
                    *random.pick(&["补齐用地材料", "组织专家评审", "协调供电接入", "设备进场"]),
                )
                .day("next_on", later(TODAY, random.between(-40, 90)));
        }
        figures(&mut random, &mut draft, &course);
        draft
    }

    pub(super) fn permit(&self, index: usize) -> Draft {
        let project = Ref(RecordKind::Project, index % self.count(RecordKind::Project));
        let course = self.course(project.1);
        let mut random = self.random(Ref(RecordKind::Permit, index));
        let first = index < self.count(RecordKind::Project);
        let (kind, name) = if first { ("filing", "备案") } else { ("construction", "施工许可") };
        let granted = course.at > if first { 3 } else { 4 };
        let draft = Draft::new(format!("{}{name}", self.project(project.1).title))
            .record("project", Some(project))
            .text("kind", kind)
            .text("status", if granted { "granted" } else { "todo" });
        if granted {
            let day = later(course.signed, random.between(10, 40));
            draft
                .day("granted_on", day.min(TODAY))
                .text("number", format!("备〔{}〕{}号", day.year(), index + 1))
        } else {
            draft.day("due_on", later(course.start, -random.between(1, 30)))
        }
    }

    pub(super) fn milestone(&self, index: usize) -> Draft {
        let project = Ref(RecordKind::Project, index % self.count(RecordKind::Project));
        let course = self.course(project.1);
        let mut random = self.random(Ref(RecordKind::Milestone, index));
        let due = later(course.start, random.between(30, 140));
        let draft = Draft::new(format!("{}主体完工", self.project(project.1).title))
            .record("project", Some(project))
            .day("due_on", due);
        if course.at > 5 {
            draft.day("met_on", later(due, random.between(-10, 60)).min(TODAY))
        } else {
            draft
        }
    }

    pub(super) fn problem(&self, index: usize) -> Draft {
        let mut random = self.random(Ref(RecordKind::Problem, index));
        let project = self.any(&mut random, RecordKind::Project);
        let (kind, words) = random.weighted(&[
            (("land", "用地尚未落实"), 30),
            (("utilities", "供电线路未接入"), 30),
            (("funds", "配套贷款未到位"), 20),
            (("permit", "节能审查待补正"), 20),
        ]);
        let found = later(TODAY, -random.between(10, 300));
        let draft = Draft::new(format!("{}：{words}", self.project(project.1).title))
            .record("project", Some(project))
            .text("kind", kind)
            .text("description", format!("{words}。"))
            .day("found_on", found)
            .day("due_on", later(found, random.between(20, 120)));
        if random.chance(600) {
            let solved = later(found, random.between(5, 100)).min(TODAY);
            draft.text("status", "solved").day("solved_on", solved)
        } else {
            draft.text("status", "open")
        }
    }

    pub(super) fn inquiry(&self, index: usize) -> Draft {
        let mut random = self.random(Ref(RecordKind::Inquiry, index));
        let project = self.any(&mut random, RecordKind::Project);
        let (topic, words) = random.weighted(&[
            (("environment", "排污许可是否覆盖新增产能"), 30),
            (("ownership", "实际控制人是否已披露"), 30),
            (("finance", "自有资金证明是否齐备"), 30),
            (("origin", "原料产地证明是否齐备"), 10),
        ]);
        let asked = later(TODAY, -random.between(10, 300));
        let draft = Draft::new(format!("{}：{words}", self.project(project.1).title))
            .record("project", Some(project))
            .text("topic", topic)
            .text("question", format!("{words}？"))
            .day("asked_on", asked);
        if random.chance(500) {
            let answered = later(asked, random.between(3, 60)).min(TODAY);
            draft.text("status", "answered").text("answer", "已书面答复。").day("answered_on", answered)
        } else {
            draft.text("status", "open")
        }
    }
}

/// The days of a project: what was planned, and what is known of what happened.
fn days(random: &mut Random, mut draft: Draft, course: &Course) -> Draft {
    if course.at >= 3 {
        draft = draft.day("signed_on", course.signed);
    }
    if course.at >= 2 && random.chance(900) {
        draft = draft.day("start_planned", course.start);
        if random.chance(20) {
            draft.mistakes.push(Mistake::DatesOutOfOrder);
            draft = draft.day("complete_planned", later(course.start, -random.between(1, 90)));
        } else {
            draft = draft.day("complete_planned", course.complete);
        }
    }
    let started = later(course.start, random.between(-10, 120)).min(TODAY);
    let completed = later(course.complete, random.between(-30, 120)).min(TODAY).max(started);
    let running = later(completed, random.between(20, 60)).min(TODAY);
    if course.at >= 5 && WAY.contains(&course.stage) {
        draft = draft.day("started_on", started);
    }
    if course.at >= 6 {
        draft = draft.day("completed_on", completed);
    }
    if course.at >= 7 {
        draft = draft.day("production_on", running);
    }
    if course.at >= 8 {
        draft = draft.day("capacity_on", TODAY.min(later(running, 90)));
    }
    if course.stage == "started" && random.chance(850) {
        draft = draft.int("progress", random.between(1, 95) * PERCENT).day("progress_on", TODAY);
    }
    draft
}

fn figures(random: &mut Random, draft: &mut Draft, course: &Course) {
    if course.at < 2 {
        return;
    }
    let fen = money(random, 500, 200_000);
    let figure = |measure, low, kind, from| DraftFigure {
        measure,
        unit: Unit::cny(),
        low,
        approx: Approx::Exact,
        kind,
        from,
        to: Some(course.signed),
        target: false,
        approved: false,
        withdrawn: false,
        replaces: None,
    };
    draft.figures.push(figure(Measure::PlannedTotal, fen, TimeKind::Stock, Some(course.signed)));
    if course.at >= 5 && random.chance(800) {
        let done = fen / 100 * random.between(5, 100).max(1);
        let works = figure(Measure::WorksCompleted, done.max(1), TimeKind::Cumulative, None);
        draft.figures.push(DraftFigure { to: Some(TODAY), approved: random.chance(500), ..works });
    }
}
