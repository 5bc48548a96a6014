//! The filter bar of a list and what it is filtered by now, in words.

use crate::format;
use crate::labels::{self, Labels};
use crate::lights;
use crate::list_query::{
    AMOUNT, ARCHIVED, Asked, LIGHT, ListQuery, MISSING, PLACE, REACHED, UNKNOWN, WITH, WORDS, may_be_missing,
};
use crate::values::{choice_label, field_label, label_with_unit, sector_label};
use crate::visit::Within;
use app::RecordKind;
use domain::light::Light;
use domain::record::{FieldInfo, FieldType};
use domain::sector;
use domain::stage::{Milestone, is_aside};
use locale::Locale;
use pages::{Chip, Choice, Filter, FilterControl, picked};

/// What the filter bar is made from.
pub(crate) struct Bar<'a> {
    pub within: &'a Within,
    pub labels: &'a Labels,
    pub kind: RecordKind,
    pub query: &'a ListQuery,
    pub asked: &'a Asked,
}

impl Bar<'_> {
    /// The controls, by the types of the fields.
    pub(crate) fn filters(&self) -> Vec<Filter> {
        let t = self.within.locale;
        let search = FilterControl::Text {
            value: self.query.get(WORDS).to_owned(),
            placeholder: t.list_search_hint().to_owned(),
        };
        let mut filters = vec![self.filter(WORDS, t.search(), search, false)];
        filters.push(self.filter(PLACE, t.region(), self.region(), false));
        filters.push(self.filter(WITH, t.filter_with_region(), self.with_region(), true));
        if let Some(of) = self.kind.amount() {
            let numbers = self.numbers(AMOUNT, t.unit_wan_yuan());
            filters.push(self.filter(AMOUNT, labels::pick(t, of.zh, of.en), numbers, true));
        }
        for field in self.kind.fields().iter().filter(|field| field.filter) {
            let in_bar =
                field.list && matches!(field.kind, FieldType::Choice(_) | FieldType::Stage | FieldType::Date);
            let control = self.control(field);
            filters.extend(
                control.map(|control| self.filter(field.code, field_label(t, field), control, !in_bar)),
            );
        }
        if self.kind == RecordKind::Project {
            filters.push(self.filter(LIGHT, t.light_title(), self.light(), true));
            filters.push(self.filter(REACHED, t.progress_reached(), self.reached(), true));
        }
        filters.extend(self.missing());
        let archived = Choice {
            value: "yes".to_owned(),
            label: t.list_archived_only().to_owned(),
            selected: self.query.get(ARCHIVED) == "yes",
            depth: 0,
        };
        filters.push(self.filter(ARCHIVED, t.archived(), FilterControl::Many(vec![archived]), true));
        filters
    }

    fn light(&self) -> FilterControl {
        let asked: Vec<&str> = self.query.all(LIGHT).collect();
        let choice = |light: Light| Choice {
            value: light.code().to_owned(),
            label: lights::label(self.within.locale, light).to_owned(),
            selected: asked.contains(&light.code()),
            depth: 0,
        };
        FilterControl::Many(Light::ALL.into_iter().rev().map(choice).collect())
    }

    /// The milestones on the way, by which rates count.
    fn reached(&self) -> FilterControl {
        let asked = self.query.get(REACHED);
        let choice = |of: &Milestone| Choice {
            value: of.code().to_owned(),
            label: labels::pick(self.within.locale, of.zh(), of.en()).to_owned(),
            selected: asked == of.code(),
            depth: 0,
        };
        FilterControl::One(Milestone::ALL.iter().filter(|of| !is_aside(**of)).map(choice).collect())
    }

    fn filter(&self, name: &str, label: &str, control: FilterControl, more: bool) -> Filter {
        let error = self.asked.problems.get(name).cloned().unwrap_or_default();
        // What has to be mended is not left in the popover.
        let more = more && error.is_empty();
        Filter { name: name.to_owned(), label: label.to_owned(), control, more, error }
    }

    fn region(&self) -> FilterControl {
        let typed = self.query.get(PLACE);
        let region = self.asked.region.and_then(|id| self.labels.names.region(id));
        let value = region.map(|region| picked(&self.labels.region(region.id), &region.code));
        FilterControl::Region {
            value: value.unwrap_or_else(|| typed.to_owned()),
            suggest: self.within.to("suggest/region"),
            geographic: Some(self.query.get("place_by") == "geographic"),
        }
    }

    fn with_region(&self) -> FilterControl {
        let region = self.asked.with.and_then(|id| self.labels.names.region(id));
        let value = region.map(|region| picked(&self.labels.region(region.id), &region.code));
        FilterControl::Region {
            value: value.unwrap_or_else(|| self.query.get(WITH).to_owned()),
            suggest: self.within.to("suggest/region"),
            geographic: None,
        }
    }

    fn part(&self, name: &str, end: &str) -> String {
        self.query.get(&format!("{name}{end}")).to_owned()
    }

    fn numbers(&self, name: &str, unit: &str) -> FilterControl {
        let (from, to) = (self.part(name, "_from"), self.part(name, "_to"));
        FilterControl::Numbers { from, to, unit: unit.to_owned() }
    }

    fn control(&self, field: &'static FieldInfo) -> Option<FilterControl> {
        let t = self.within.locale;
        let value = self.query.get(field.code);
        let unknown = || Choice {
            value: UNKNOWN.to_owned(),
            label: t.unknown().to_owned(),
            selected: self.query.all(field.code).any(|code| code == UNKNOWN),
            depth: 0,
        };
        Some(match field.kind {
            FieldType::Choice(list) => {
                let asked: Vec<&str> = self.query.all(field.code).collect();
                let many = |of: &domain::record::Choice| Choice {
                    value: of.code.to_owned(),
                    label: choice_label(self.within, of).to_owned(),
                    selected: asked.contains(&of.code),
                    depth: 0,
                };
                let unknown = (!field.required).then(unknown);
                FilterControl::Many(list.iter().map(many).chain(unknown).collect())
            }
            FieldType::Stage => {
                let asked: Vec<&str> = self.query.all(field.code).collect();
                let choice = |stage: &app::Stage| Choice {
                    value: stage.code.clone(),
                    label: self.labels.stage(&stage.code).to_owned(),
                    selected: asked.contains(&stage.code.as_str()),
                    depth: 0,
                };
                FilterControl::Many(self.labels.stages.iter().map(choice).collect())
            }
            FieldType::Sector => {
                let mut choices = sector_choices(t, value);
                choices.insert(0, unknown());
                FilterControl::One(choices)
            }
            FieldType::Record(kind) => FilterControl::Record {
                value: match self.asked.records.get(field.code) {
                    Some(record) => picked(labels::pick_title(t, record), &record.code),
                    None => value.to_owned(),
                },
                suggest: self.within.to(&format!("suggest/{}", kind.code())),
            },
            FieldType::Date => {
                FilterControl::Days { from: self.part(field.code, "_from"), to: self.part(field.code, "_to") }
            }
            FieldType::Quantity(unit) => {
                let unit = domain::Unit::from_code(unit).map(|unit| format::unit_label(t, unit));
                self.numbers(field.code, unit.unwrap_or_default())
            }
            // Regions are filtered by the one region filter, with all below.
            _ => return None,
        })
    }

    /// The fields that should be known: records that lack all of the chosen ones.
    fn missing(&self) -> Option<Filter> {
        let t = self.within.locale;
        let asked: Vec<&str> = self.query.all(MISSING).collect();
        let choice = |field: &FieldInfo| Choice {
            value: field.code.to_owned(),
            label: field_label(t, field).to_owned(),
            selected: asked.contains(&field.code),
            depth: 0,
        };
        let choices: Vec<_> =
            self.kind.fields().iter().filter(|field| may_be_missing(field)).map(choice).collect();
        let control = FilterControl::Many(choices);
        let any = matches!(&control, FilterControl::Many(choices) if !choices.is_empty());
        any.then(|| self.filter(MISSING, t.list_missing(), control, true))
    }

    /// What is filtered by, each with the address without it.
    pub(crate) fn chips(&self, path: &str) -> Vec<Chip> {
        let (t, query) = (self.within.locale, self.query);
        let mut chips = Chips { query, path, chips: Vec::new() };
        chips.whole(t.search(), query.get(WORDS), &[WORDS]);
        match self.asked.region {
            Some(region) => {
                let by = query.get("place_by") == "geographic";
                let how = if by { t.filter_by_geographic_hint() } else { t.filter_by_administrative_hint() };
                let words = format!("{} ({how})", self.labels.region(region));
                chips.whole(t.region(), &words, &[PLACE, "place_by"]);
            }
            None => chips.whole(t.region(), query.get(PLACE), &[PLACE, "place_by"]),
        }
        let with = self.asked.with.map(|region| self.labels.region(region));
        chips.whole(t.filter_with_region(), with.as_deref().unwrap_or(query.get(WITH)), &[WITH]);
        if query.get(ARCHIVED) == "yes" {
            chips.whole(t.state(), t.archived(), &[ARCHIVED]);
        }
        if let Some(of) = self.kind.amount() {
            chips.span(&format!("{} ({})", labels::pick(t, of.zh, of.en), t.unit_wan_yuan()), AMOUNT);
        }
        for field in self.kind.fields().iter().filter(|field| field.filter) {
            self.field_chips(&mut chips, field);
        }
        for code in query.all(LIGHT).filter(|_| self.kind == RecordKind::Project) {
            let label = Light::from_code(code).map_or(code, |light| lights::label(t, light));
            chips.one(t.light_title(), label, (LIGHT, code));
        }
        if let Some(of) =
            Milestone::from_code(query.get(REACHED)).filter(|_| self.kind == RecordKind::Project)
        {
            chips.whole(t.progress_reached(), labels::pick(t, of.zh(), of.en()), &[REACHED]);
        }
        for code in query.all(MISSING) {
            let label = self.kind.field(code).map_or(code, |field| field_label(t, field));
            chips.one(t.list_missing(), label, (MISSING, code));
        }
        chips.chips
    }

    fn field_chips(&self, chips: &mut Chips<'_>, field: &'static FieldInfo) {
        let t = self.within.locale;
        let label = field_label(t, field);
        for code in self.query.all(field.code) {
            let words = match field.kind {
                _ if code == UNKNOWN => t.unknown().to_owned(),
                FieldType::Choice(list) => {
                    let of = list.iter().find(|choice| choice.code == code);
                    of.map_or(code, |choice| choice_label(self.within, choice)).to_owned()
                }
                FieldType::Stage => self.labels.stage(code).to_owned(),
                FieldType::Sector => sector_label(t, code),
                FieldType::Record(_) => match self.asked.records.get(field.code) {
                    Some(record) => labels::pick_title(t, record).to_owned(),
                    None => code.to_owned(),
                },
                FieldType::Region => match self.labels.names.region_coded(code) {
                    Some(region) => self.labels.region(region.id),
                    None => code.to_owned(),
                },
                _ => code.to_owned(),
            };
            chips.one(label, &words, (field.code, code));
        }
        if matches!(field.kind, FieldType::Date | FieldType::Quantity(_)) {
            chips.span(&label_with_unit(t, field), field.code);
        }
    }

    /// What is filtered by in words, for exports.
    pub(crate) fn in_words(&self) -> String {
        let chips = self.chips("");
        let words: Vec<_> = chips.iter().map(|chip| format!("{}: {}", chip.label, chip.value)).collect();
        if words.is_empty() { self.within.locale.all().to_owned() } else { words.join("; ") }
    }
}

struct Chips<'a> {
    query: &'a ListQuery,
    path: &'a str,
    chips: Vec<Chip>,
}

impl Chips<'_> {
    /// A condition that stands in these keys.
    fn whole(&mut self, label: &str, words: &str, keys: &[&str]) {
        if !words.is_empty() {
            let remove = self.query.address(self.path, keys, &[]);
            self.chips.push(Chip { label: label.to_owned(), value: words.to_owned(), remove });
        }
    }

    /// One of several values of a key.
    fn one(&mut self, label: &str, words: &str, (key, value): (&str, &str)) {
        let remove = self.query.address_less(self.path, key, value);
        self.chips.push(Chip { label: label.to_owned(), value: words.to_owned(), remove });
    }

    fn span(&mut self, label: &str, name: &str) {
        let [from, to] = ["_from", "_to"].map(|end| format!("{name}{end}"));
        let (low, high) = (self.query.get(&from), self.query.get(&to));
        if !low.is_empty() || !high.is_empty() {
            self.whole(label, &format!("{low} – {high}"), &[&from, &to]);
        }
    }
}

/// Sections with their divisions.
pub(crate) fn sector_choices(t: Locale, selected: &str) -> Vec<Choice> {
    let choice = |of: &sector::Sector| Choice {
        value: of.path(),
        label: sector_label(t, &of.path()),
        selected: of.path() == selected,
        depth: u8::from(!of.is_section()),
    };
    sector::all().iter().map(choice).collect()
}
