//! Policies, events, opportunities, needs, leads and prospects.

use super::names::TRADES;
use super::random::Random;
use super::world::{Draft, DraftFigure, Mistake, Place, Ref, TODAY, World, later, money, past_day};
use domain::record::RecordKind;
use domain::{Approx, Measure, TimeKind, Unit};
use jiff::civil::Date;

/// Where and when an event is; agreements signed there follow it.
pub(super) struct Gathering {
    pub host: usize,
    pub supporter: usize,
    pub day: Date,
}

impl World {
    pub(super) fn policy(&self, index: usize) -> Draft {
        let mut random = self.random(Ref(RecordKind::Policy, index));
        let place = random.pick(&self.hosts).clone();
        let issued = past_day(&mut random);
        let subject =
            *random.pick(&["用地保障", "厂房租金补助", "物流补贴", "用电优惠", "科技奖励", "人才公寓"]);
        let mut draft = Draft::new(format!("{}关于{subject}的若干措施", place.name))
            .text("number", format!("{}政办〔{}〕{}号", place.name, issued.year(), index + 1))
            .text("issuer", format!("{}人民政府办公室", place.name))
            .place("region", &place)
            .day("issued_on", issued)
            .day("valid_from", later(issued, 30))
            .text("summary", format!("对符合条件的项目给予{subject}。"));
        let valid_to = if random.chance(20) {
            draft.mistakes.push(Mistake::DatesOutOfOrder);
            later(issued, -random.between(1, 300))
        } else {
            later(issued, random.between(1, 5) * 365)
        };
        draft = draft.day("valid_to", valid_to);
        if random.chance(750) {
            let number = format!("公平审〔{}〕{}号", issued.year(), index + 1);
            draft.text("review_number", number).day("review_on", later(issued, -random.between(5, 60)))
        } else {
            draft
        }
    }

    pub(super) fn gathering(&self, index: usize) -> Gathering {
        let mut random = Random::new(self.plan.seed, "gathering", index);
        let host = random.below(self.hosts.len());
        Gathering { host, supporter: random.below(self.supporters.len()), day: past_day(&mut random) }
    }

    pub(super) fn event(&self, index: usize) -> Draft {
        let at = self.gathering(index);
        let mut random = self.random(Ref(RecordKind::Event, index));
        let (host, supporter) = (&self.hosts[at.host], &self.supporters[at.supporter]);
        let (kind, word) = random.weighted(&[
            (("promotion", "招商推介会"), 40),
            (("signing", "集中签约仪式"), 30),
            (("matchmaking", "产业对接会"), 15),
            (("fair", "产品展销会"), 10),
            (("conference", "协作联席会议"), 5),
        ]);
        let mut draft = Draft::new(format!(
            "{}年{}—{}{word}（第{}场）",
            at.day.year(),
            supporter.name,
            host.name,
            index + 1
        ))
        .text("kind", kind)
        .day("date_from", at.day)
        .place("region", host)
        .place("supporting", supporter)
        .text("organisers", format!("{}人民政府、{}人民政府", host.name, supporter.name))
        .link("organiser", self.authority(domain::region::Side::Host, at.host), "organiser")
        .link(
            "organiser",
            self.authority(domain::region::Side::Supporting, at.supporter),
            "co_organiser",
        );
        let to = if random.chance(15) {
            draft.mistakes.push(Mistake::DatesOutOfOrder);
            later(at.day, -1)
        } else {
            later(at.day, random.between(0, 2))
        };
        draft = draft.day("date_to", to);
        if random.chance(200) {
            draft.text("batch", format!("第{}批", random.between(1, 6)))
        } else {
            draft
        }
    }

    pub(super) fn opportunity(&self, index: usize) -> Draft {
        let mut random = self.random(Ref(RecordKind::Opportunity, index));
        let host = random.below(self.hosts.len());
        let (place, trade) = (&self.hosts[host], random.pick(TRADES));
        let listed = past_day(&mut random);
        let status =
            random.weighted(&[("draft", 10), ("open", 50), ("talking", 20), ("signed", 12), ("closed", 8)]);
        let mut draft = Draft::new(format!("{}{}项目", place.name, trade.product))
            .text("status", status)
            .place("region", place)
            .text(
                "form",
                random.weighted(&[("sole", 30), ("joint", 30), ("contract", 10), ("lease", 10), ("any", 20)]),
            )
            .text("basis", format!("建设{}生产线及配套设施。", trade.product))
            .day("valid_to", later(listed, random.between(180, 1200)));
        draft.title_en = random.chance(300).then(|| format!("{} project in {}", trade.en, place.name_en));
        if random.chance(800) {
            draft = draft.record("park", Some(self.park_in(&mut random, host)));
        }
        if random.chance(850) {
            draft =
                draft.text("sector", trade.sector).record("owner", Some(self.office_of(&mut random, host)));
        } else {
            draft.mistakes.push(Mistake::Missing);
        }
        if random.chance(700) {
            let land = random.between(2, 80) * 10;
            draft =
                draft.int("land", land * 100).text("power", "园区双回路供电").text("water", "园区管网供水");
        }
        if random.chance(500) {
            let partner = format!("从事{}的企业", trade.zh);
            draft = draft.text("raw_material", format!("本地{}原料充足", trade.zh)).text("partner", partner);
            draft = draft.record("contact", Some(self.any(&mut random, RecordKind::Contact)));
        }
        for _ in 0..random.below(3) {
            let policy = self.any(&mut random, RecordKind::Policy);
            if draft.links.iter().all(|(_, known, _)| *known != policy) {
                draft = draft.link("policy", policy, "offered");
            }
        }
        if random.chance(900) {
            draft.figures.push(target(money(&mut random, 500, 500_000), listed));
        }
        draft
    }

    pub(super) fn need(&self, index: usize) -> Draft {
        let mut random = self.random(Ref(RecordKind::Need, index));
        let organisation = self.enterprise(&mut random);
        let known = self.enterprise_at(organisation.1);
        let from = past_day(&mut random);
        let wanted =
            *random.pick(&["新建生产基地", "寻找原料供应", "租赁标准厂房", "拓展销售渠道", "设立仓储网点"]);
        let status = random.weighted(&[("open", 45), ("talking", 30), ("met", 15), ("closed", 10)]);
        let mut draft = Draft::new(format!("{}{wanted}", known.short()))
            .text("status", status)
            .record("organisation", Some(organisation))
            .text("description", format!("{wanted}，用于{}。", known.trade.product))
            .day("date_from", from);
        if random.chance(800) {
            draft = draft.text("sector", known.trade.sector).place("region", random.pick(&self.hosts));
        } else {
            draft.mistakes.push(Mistake::Missing);
        }
        let to = if random.chance(20) {
            draft.mistakes.push(Mistake::DatesOutOfOrder);
            later(from, -random.between(1, 60))
        } else {
            later(from, random.between(60, 700))
        };
        draft = draft.day("date_to", to);
        if random.chance(500) {
            draft = draft.text("scale", format!("占地约{}亩", random.between(1, 30) * 10));
            draft = draft.text("requirements", "用电、用水、天然气和货运条件");
            draft = draft.record("contact", Some(self.any(&mut random, RecordKind::Contact)));
        }
        if random.chance(600) {
            draft.figures.push(target(money(&mut random, 200, 200_000), from));
        }
        draft
    }

    pub(super) fn lead(&self, index: usize) -> Draft {
        let mut random = self.random(Ref(RecordKind::Lead, index));
        let host = random.below(self.hosts.len());
        let status = random.weighted(&[("registered", 50), ("released", 25), ("converted", 25)]);
        let agreement = (status == "converted").then(|| self.any(&mut random, RecordKind::Agreement));
        let organisation = match agreement {
            Some(agreement) => self.deal(agreement.1).investor,
            None => self.enterprise(&mut random),
        };
        let known = self.enterprise_at(organisation.1);
        let registered = past_day(&mut random);
        let active = later(registered, random.between(0, 200)).min(TODAY);
        let opportunity = self.any(&mut random, RecordKind::Opportunity);
        Draft::new(format!("{}投资线索", known.short()))
            .text("status", status)
            .record("organisation", Some(organisation))
            .record("owner", Some(self.office_of(&mut random, host)))
            .place("region", &self.hosts[host])
            .record("opportunity", Some(opportunity).filter(|_| random.chance(400)))
            .day("registered_on", registered)
            .day("active_on", active)
            .text("progress", *random.pick(&["已电话沟通", "已实地考察", "商谈用地", "等待董事会决定"]))
            .record("agreement", agreement)
    }

    pub(super) fn prospect(&self, index: usize) -> Draft {
        let mut random = self.random(Ref(RecordKind::Prospect, index));
        let organisation = self.enterprise(&mut random);
        let known = self.enterprise_at(organisation.1);
        let park = self.any(&mut random, RecordKind::Park);
        let status = random.weighted(&[
            ("listed", 35),
            ("contacted", 25),
            ("visited", 15),
            ("talking", 10),
            ("settled", 5),
            ("declined", 10),
        ]);
        let next = later(TODAY, random.between(-200, 120));
        Draft::new(format!("{}意向", known.short()))
            .text("status", status)
            .record("park", Some(park))
            .record("organisation", Some(organisation))
            .text("sector", known.trade.sector)
            .text("origin", *random.pick(&["商会推荐", "展会", "主动来访", "产业链图谱"]))
            .text("next_step", *random.pick(&["电话回访", "邀请考察", "上门拜访", "发送政策"]))
            .day("next_on", next)
    }

    /// What agreements call the host region's place of theirs.
    pub(super) fn host_name(&self, host: usize) -> &Place {
        &self.hosts[host]
    }
}

/// The planned total of something sought.
fn target(fen: i64, day: Date) -> DraftFigure {
    DraftFigure {
        measure: Measure::PlannedTotal,
        unit: Unit::cny(),
        low: fen,
        approx: Approx::Exact,
        kind: TimeKind::Stock,
        from: Some(day),
        to: Some(day),
        target: true,
        approved: false,
        withdrawn: false,
        replaces: None,
    }
}
