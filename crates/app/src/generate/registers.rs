//! Offices, cohorts, organisations, parks, pairings, enclaves and contacts.

use super::names::{TRADES, Trade, brand, contact};
use super::random::Random;
use super::world::{Draft, Mistake, Place, Ref, World, later, past_day};
use domain::organisation::check_character;
use domain::record::RecordKind;
use domain::region::Side;
use jiff::civil::{Date, date};

const BEGIN: Date = date(2021, 3, 1);

/// What an enterprise is, before anything is misspelt.
pub(super) struct Enterprise {
    pub index: usize,
    pub place: Place,
    pub trade: &'static Trade,
    pub brand: (String, String),
    pub form: &'static str,
    /// The one that it repeats.
    pub repeats: Option<usize>,
}

impl Enterprise {
    pub fn full(&self) -> String {
        format!("{}{}{}{}", self.place.name, self.brand.0, self.trade.zh, self.form)
    }

    pub fn short(&self) -> String {
        format!("{}{}", self.brand.0, self.trade.zh)
    }
}

impl World {
    /// Front commands, then for every host region a work team and a task force.
    pub(super) fn office(&self, index: usize) -> Draft {
        let supporters = self.supporters.len();
        if let Some(place) = self.supporters.get(index) {
            let host = &self.hosts[index % self.hosts.len()];
            return Draft::new(format!("{}协作工作前方指挥部", place.name))
                .text("kind", "front_command")
                .place("region", host)
                .place("for_region", place)
                .day("since", BEGIN);
        }
        let at = (index - supporters) / 2;
        let host = &self.hosts[at];
        if (index - supporters).is_multiple_of(2) {
            let command = at % supporters;
            let place = &self.supporters[command];
            Draft::new(format!("{}驻{}工作队", place.name, host.name))
                .text("kind", "work_team")
                .place("region", host)
                .place("for_region", place)
                .record("parent", Some(Ref(RecordKind::Office, command)))
                .day("since", later(BEGIN, 30))
        } else {
            Draft::new(format!("{}产业协作专班", host.name))
                .text("kind", "task_force")
                .place("region", host)
                .place("for_region", host)
        }
    }

    /// The office that follows up what concerns a host region: its work team or its task force.
    pub(super) fn office_of(&self, random: &mut Random, host: usize) -> Ref {
        Ref(RecordKind::Office, self.supporters.len() + 2 * host + random.below(2))
    }

    pub(super) fn cohort(&self, index: usize) -> Draft {
        let (command, number) = (index / 2, index % 2);
        let since = date(if number == 0 { 2021 } else { 2024 }, 3, 1);
        let ordinal = ["第一批", "第二批"][number];
        Draft::new(format!("{}{ordinal}", self.supporters[command].name))
            .record("office", Some(Ref(RecordKind::Office, command)))
            .text("number", ordinal)
            .day("since", since)
            .day("until", later(since, 3 * 365))
    }

    /// Operators of parks, governments of regions, then enterprises.
    pub(super) fn organisation(&self, index: usize) -> Draft {
        let operators = self.count(RecordKind::Park);
        let mut random = self.random(Ref(RecordKind::Organisation, index));
        if index < operators {
            let host = &self.hosts[index % self.hosts.len()];
            let brand = brand(self.plan.seed, 110_591 - index).0;
            return Draft::new(format!("{}{brand}园区运营有限公司", host.name))
                .text("kind", "park_operator")
                .text("sector", "L72")
                .text("uscc", self.credit_code(index))
                .place("region", host)
                .place("registered", host);
        }
        let place = self.hosts.iter().chain(&self.supporters).nth(index - operators);
        match place {
            Some(place) => Draft::new(format!("{}人民政府", place.name))
                .text("kind", "government")
                .text("sector", "S92")
                .place("region", place),
            None => self.enterprise_draft(&mut random, index),
        }
    }

    /// The enterprise of this index. One in thirty repeats one before it.
    pub(super) fn enterprise_at(&self, index: usize) -> Enterprise {
        let first = self.first_enterprise();
        let mut random = Random::new(self.plan.seed, "enterprise", index);
        if index > first + 5 && random.chance(33) {
            let repeated = self.enterprise_at(index - 1 - random.below(5));
            let of = repeated.repeats.unwrap_or(repeated.index);
            return Enterprise { index, repeats: Some(of), ..repeated };
        }
        Enterprise {
            index,
            place: self.origin(index - first).clone(),
            trade: random.pick(TRADES),
            brand: brand(self.plan.seed, index - first),
            form: random.weighted(&[
                ("有限公司", 60),
                ("有限责任公司", 15),
                ("股份有限公司", 10),
                ("（集团）有限公司", 5),
                ("集团有限公司", 10),
            ]),
            repeats: None,
        }
    }

    fn enterprise_draft(&self, random: &mut Random, index: usize) -> Draft {
        let known = self.enterprise_at(index);
        let mut mistakes = Vec::new();
        let mut code = Some(self.credit_code(known.repeats.unwrap_or(index)));
        let mut title = known.full();
        let mut names = vec![];
        if random.chance(400) {
            names.push(known.short());
        }
        if known.repeats.is_some() {
            mistakes.push(Mistake::Duplicate);
            (title, names) = misspelt(random, &known);
            code = code.filter(|_| random.chance(300));
        } else if random.chance(60) {
            mistakes.push(Mistake::NoCode);
            code = None;
        } else if random.chance(15) {
            mistakes.push(Mistake::WrongCode);
            code = code.map(|code| wrong(&code));
        }
        let mut draft = Draft::new(title).text("kind", "enterprise").place("region", &known.place);
        let host = random.below(self.hosts.len());
        if random.chance(80) {
            let park = self.park_in(random, host);
            draft = draft.record("park", Some(park)).place("registered", &self.hosts[host]);
        } else if random.chance(800) {
            draft = draft.place("registered", &known.place);
        }
        if random.chance(30) {
            mistakes.push(Mistake::Missing);
        } else {
            draft = draft.text("sector", known.trade.sector);
        }
        if let Some(code) = code {
            draft = draft.text("uscc", code);
        }
        if random.chance(350) {
            let (place, brand) = (&known.place.name_en, &known.brand.1);
            draft.title_en = Some(format!("{place} {brand} {}", known.trade.en));
        }
        draft.names = names;
        draft.mistakes = mistakes;
        draft
    }

    /// A code that is right by its check character and nobody's: no division's code begins with 99.
    fn credit_code(&self, index: usize) -> String {
        let mut random = Random::new(self.plan.seed, "uscc", index);
        let first = format!("9199{:04}MA{:06}{}", random.below(10_000), index % 1_000_000, random.below(10));
        let check = check_character(&first).expect("seventeen characters of the standard");
        format!("{first}{check}")
    }

    pub(super) fn park(&self, index: usize) -> Draft {
        let mut random = self.random(Ref(RecordKind::Park, index));
        let host = &self.hosts[index % self.hosts.len()];
        let (kind, word) = random.weighted(&[
            (("industrial", "产业园"), 60),
            (("agricultural", "农业园"), 15),
            (("logistics", "物流园"), 12),
            (("port", "口岸园区"), 5),
            (("border_zone", "边境合作区"), 4),
            (("bonded", "保税区"), 4),
        ]);
        let total = random.between(3, 200) * 100;
        let supported = random.chance(600);
        let supporter = random.below(self.supporters.len());
        let trade = random.pick(TRADES);
        let name = brand(self.plan.seed, 100_000 + index).0;
        let mut draft = Draft::new(format!("{}{name}{word}", host.name))
            .text("kind", kind)
            .place("region", host)
            .text(
                "level",
                random.weighted(&[("national", 5), ("province", 30), ("prefecture", 35), ("county", 30)]),
            )
            .record("operator", Some(Ref(RecordKind::Organisation, index)))
            .text("sectors", format!("{}、{}", trade.zh, random.pick(TRADES).zh))
            .int("land_total", total * 100)
            .int("land_free", total * random.between(0, 70))
            .text("power", format!("{}千伏变电站{}座", [35, 110, 220][random.below(3)], random.between(1, 3)))
            .text("water", format!("日供水{}立方米", random.between(1, 60) * 500))
            .text("transport", format!("距货运站{}公里", random.between(2, 90)));
        if supported {
            draft = draft.place("supported_by", &self.supporters[supporter]);
            draft = draft.link("occupant", self.authority(Side::Supporting, supporter), "co_builder");
        }
        if random.chance(500) {
            draft = draft.text("heat", "天然气管网已接入");
        }
        draft
    }

    /// A park of this host region, where it has any.
    pub(super) fn park_in(&self, random: &mut Random, host: usize) -> Ref {
        let (parks, step) = (self.count(RecordKind::Park), self.hosts.len());
        let of_host = parks.saturating_sub(host).div_ceil(step);
        let index = if of_host == 0 { random.below(parks) } else { host + step * random.below(of_host) };
        Ref(RecordKind::Park, index)
    }

    /// One for every host region, then pairings of parks within them.
    pub(super) fn pairing(&self, index: usize) -> Draft {
        let host = index % self.hosts.len();
        let supporting = &self.supporters[host % self.supporters.len()];
        let mut random = self.random(Ref(RecordKind::Pairing, index));
        let (place, nested) = (&self.hosts[host], index >= self.hosts.len());
        let title = format!("{} → {}{}", supporting.name, place.name, if nested { "（园区）" } else { "" });
        let draft =
            Draft::new(title).place("supporting", supporting).place("host", place).day("since", BEGIN);
        if nested {
            let park = self.park_in(&mut random, host);
            draft.record("host_park", Some(park)).record("parent", Some(Ref(RecordKind::Pairing, host)))
        } else {
            draft
        }
    }

    pub(super) fn enclave(&self, index: usize) -> Draft {
        let mut random = self.random(Ref(RecordKind::Enclave, index));
        let host = random.below(self.hosts.len());
        let (there, here) = (&self.hosts[host], random.pick(&self.supporters));
        let forward = random.chance(700);
        let (sending, receiving) = if forward { (here, there) } else { (there, here) };
        let park = self.park_in(&mut random, host);
        let since = past_day(&mut random);
        Draft::new(format!("{}—{}飞地", sending.name, receiving.name))
            .text("kind", if forward { "forward" } else { "reverse" })
            .place("sending", sending)
            .place("receiving", receiving)
            .record("park", Some(park).filter(|_| forward))
            .record("manager", Some(Ref(RecordKind::Organisation, park.1)))
            .day("since", since)
            .day("until", later(since, 3650))
    }

    pub(super) fn contact(&self, index: usize) -> Draft {
        let mut random = self.random(Ref(RecordKind::Contact, index));
        let organisation = self.enterprise(&mut random);
        let scope = *random.pick(&["投资洽谈", "产销对接", "物流对接", "政策咨询"]);
        let draft = Draft::new(contact(index))
            .record("organisation", Some(organisation))
            .text("position", "业务联系人")
            .text("phone", "000-0000")
            .text("email", format!("contact{index}@example.invalid"))
            .text("scope", scope);
        if random.chance(900) { draft.day("consent_on", past_day(&mut random)) } else { draft }
    }
}

/// The name of an enterprise as somebody else entered it, and further names.
fn misspelt(random: &mut Random, known: &Enterprise) -> (String, Vec<String>) {
    let full = known.full();
    match random.below(5) {
        0 => (known.short(), vec![]),
        1 => (format!("{}{}", known.place.name, known.short()), vec![]),
        2 if full.ends_with("有限责任公司") => (full.replace("有限责任公司", "有限公司"), vec![]),
        2 => (full.replace("有限公司", "有限责任公司"), vec![]),
        3 => (format!(" {}　", full.replace('（', "(").replace('）', ")")), vec![]),
        _ => (format!("{}{}实业有限公司", known.place.name, known.brand.0), vec![full]),
    }
}

/// The code with another check character.
fn wrong(code: &str) -> String {
    let (first, check) = code.split_at(code.len() - 1);
    format!("{first}{}", if check == "0" { '1' } else { '0' })
}
