//! Aid projects with the steps of their money, and their contracts with payments.

use super::random::Random;
use super::world::{Draft, DraftFigure, Mistake, Ref, Replaces, TODAY, World, later, money};
use domain::record::RecordKind;
use domain::{Approx, Measure, TimeKind, Unit};
use jiff::civil::{Date, date};

/// Statuses with how likely they are.
const STATUSES: &[(&str, usize)] = &[
    ("planned", 15),
    ("started", 35),
    ("completed", 15),
    ("accepted", 12),
    ("audited", 10),
    ("handed_over", 8),
    ("cancelled", 5),
];
const WAY: [&str; 6] = ["planned", "started", "completed", "accepted", "audited", "handed_over"];
/// Categories with what is built and whether it serves livelihood.
const WORKS: &[((&str, &str, &str), usize)] = &[
    (("housing", "安居房", "livelihood"), 18),
    (("education", "学校改扩建", "livelihood"), 18),
    (("health", "医院设备", "livelihood"), 14),
    (("utilities", "供水管网", "livelihood"), 14),
    (("farming", "高标准农田", "livelihood"), 14),
    (("industry", "园区厂房", "other"), 12),
    (("training", "技术人才培训", "livelihood"), 5),
    (("planning", "规划编制", "other"), 5),
];
const PLACES: &[(&str, usize)] = &[("prefecture", 15), ("county", 50), ("township", 35)];
const PROCUREMENT: &[(&str, usize)] = &[("open", 60), ("negotiated", 20), ("invited", 10), ("direct", 10)];

/// An aid project as its contract knows it.
struct Course {
    status: &'static str,
    /// How far it is on the way; a cancelled one stayed at its beginning.
    at: usize,
    host: usize,
    /// The first year it is planned for, and how many years its money comes in.
    year: i16,
    years: i16,
    /// Of a year, in fen.
    fen: i64,
    start: Date,
}

impl World {
    fn aid_course(&self, index: usize) -> Course {
        let mut random = Random::new(self.plan.seed, "aid-course", index);
        let status = random.weighted(STATUSES);
        let at = WAY.iter().position(|of| *of == status).unwrap_or(0);
        let year = 2021 + i16::try_from(random.below(6)).unwrap_or(0);
        let years = (1 + i16::try_from(random.below(3)).unwrap_or(0)).min(2027 - year);
        let fen = money(&mut random, 100, 8_000);
        let start = later(date(year, 4, 1), random.between(0, 120));
        Course { status, at, host: random.below(self.hosts.len()), year, years, fen, start }
    }

    pub(super) fn aid_project(&self, index: usize) -> Draft {
        let course = self.aid_course(index);
        let mut random = self.random(Ref(RecordKind::AidProject, index));
        let host = self.host_name(course.host);
        let (category, work, purpose) = random.weighted(WORKS);
        let payer = &self.supporters[random.below(self.supporters.len())];
        let first = if course.year < 2026 { 2021 } else { 2026 };
        let mut draft = Draft::new(format!("{}{work}援助项目{}", host.name, index + 1))
            .text("status", course.status)
            .place("region", host)
            .place("supporting", payer)
            .text("category", category)
            .text("mode", if random.chance(600) { "money" } else { "keys" })
            .text("plan_change", *random.pick(&["new", "new", "continued", "adjusted"]))
            .text("payer_level", if random.chance(700) { "province" } else { "city" })
            .record("owner", Some(self.office_of(&mut random, course.host)))
            .day("plan_from", date(first, 1, 1))
            .day("plan_to", date(first + 4, 12, 31))
            .text("content", format!("{work}及配套。"));
        if random.chance(950) {
            draft = draft.text("purpose", purpose).text("place_level", random.weighted(PLACES));
        } else {
            draft.mistakes.push(Mistake::Missing);
        }
        if category == "industry" {
            draft = draft.record("park", Some(self.park_in(&mut random, course.host)));
            draft = draft.record("serves", Some(self.any(&mut random, RecordKind::Project)));
        }
        let end = later(course.start, random.between(100, 500));
        draft = draft.day("start_planned", course.start).day("complete_planned", end);
        for (field, days) in [
            ("started_on", 10),
            ("completed_on", 300),
            ("accepted_on", 350),
            ("audited_on", 420),
            ("handed_over_on", 450),
        ]
        .iter()
        .take(course.at)
        {
            draft = draft.day(field, later(course.start, *days).min(TODAY));
        }
        steps(&mut random, &mut draft, &course, first);
        draft
    }

    pub(super) fn aid_contract(&self, index: usize) -> Draft {
        let project = Ref(RecordKind::AidProject, index % self.count(RecordKind::AidProject));
        let course = self.aid_course(project.1);
        let mut random = self.random(Ref(RecordKind::AidContract, index));
        let mut draft = Draft::new(format!("{}施工合同", self.aid_project(project.1).title))
            .record("aid_project", Some(project))
            .record("contractor", Some(self.enterprise(&mut random)))
            .text("procurement", random.weighted(PROCUREMENT));
        if course.at == 0 {
            return draft;
        }
        let signed = later(course.start, -random.between(5, 30)).min(TODAY);
        draft = draft.day("signed_on", signed).text("number", format!("HT-{}-{}", signed.year(), index + 1));
        let whole = course.fen / 100 * random.between(60, 95);
        draft.figures.push(figure(Measure::AidContracted, whole.max(1), (signed, signed)));
        for (part, days) in [(30, 30), (40, 150), (25, 330)].iter().take(course.at.min(3)) {
            let day = later(signed, *days).min(TODAY);
            draft.figures.push(figure(Measure::AidSpent, (whole / 100 * part).max(1), (day, day)));
        }
        draft
    }
}

/// The five-year plan, and each year's plan with what became of it.
fn steps(random: &mut Random, draft: &mut Draft, course: &Course, first: i16) {
    let of_plan = (date(first, 1, 1), date(first + 4, 12, 31));
    let whole = figure(Measure::AidPlanned, course.fen * i64::from(course.years), of_plan);
    draft.figures.push(DraftFigure { target: true, ..whole });
    for year in course.year..course.year + course.years {
        let planned = figure(Measure::AidPlanned, course.fen, (date(year, 1, 1), date(year, 12, 31)));
        draft.figures.push(DraftFigure { approved: true, ..planned });
        let day = |month, random: &mut Random| later(date(year, month, 1), random.between(0, 40)).min(TODAY);
        if course.status == "cancelled" || random.chance(60) {
            continue;
        }
        let mut fen = course.fen;
        for (measure, month) in
            [(Measure::AidIssued, 2), (Measure::AidArrived, 4), (Measure::AidDisbursed, 6)]
        {
            let on = day(month, random);
            if measure == Measure::AidArrived && random.chance(15) {
                draft.mistakes.push(Mistake::Tenfold);
                draft.figures.push(figure(measure, fen * 10, (on, on)));
                draft.figures.push(DraftFigure {
                    replaces: Some(Replaces::Previous),
                    ..figure(measure, fen, (on, on))
                });
            } else {
                draft
                    .figures
                    .push(DraftFigure { approved: random.chance(600), ..figure(measure, fen, (on, on)) });
            }
            fen = (fen / 100 * random.between(70, 100)).max(1);
        }
    }
    if course.at >= 4 {
        let on = later(course.start, 420).min(TODAY);
        draft.figures.push(figure(Measure::AidAudited, (course.fen / 100 * 95).max(1), (on, on)));
    }
}

fn figure(measure: Measure, low: i64, (from, to): (Date, Date)) -> DraftFigure {
    DraftFigure {
        measure,
        unit: Unit::cny(),
        low,
        approx: Approx::Exact,
        kind: TimeKind::Flow,
        from: Some(from),
        to: Some(to),
        target: false,
        approved: false,
        withdrawn: false,
        replaces: None,
    }
}
