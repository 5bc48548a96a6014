//! Labels of data in the reader's language, and the small views that many pages share.

use crate::failure::Failure;
use crate::format;
use crate::visit::Within;
use app::{Claim, ClaimReading, FigureRow, Regions, Stage, effective};
use domain::figure::Status;
use domain::region::RegionId;
use domain::{Approx, Family, Measure, Quantity, Role, TimeKind, Unit};
use locale::Locale;
use pages::{Amount, Badge, Choice, Link, Tone};
use std::sync::Arc;

/// Regions named in one cell before the rest is only counted.
const NAMED_REGIONS: usize = 4;

/// The names of regions in one language.
pub(crate) struct Labels {
    pub locale: Locale,
    pub names: Arc<Regions>,
    /// The stages of the programme's projects in their order.
    pub stages: Vec<Stage>,
}

/// The zh or en text of a label.
pub(crate) fn pick(locale: Locale, zh: &'static str, en: &'static str) -> &'static str {
    match locale {
        Locale::Zh => zh,
        Locale::En => en,
    }
}

pub(crate) fn measure(locale: Locale, measure: Measure) -> &'static str {
    pick(locale, measure.zh(), measure.en())
}

/// What figures of a measure count.
pub(crate) fn definition(locale: Locale, measure: Measure) -> &'static str {
    pick(locale, measure.definition_zh(), measure.definition_en())
}

pub(crate) fn role(locale: Locale, role: Role) -> &'static str {
    pick(locale, role.zh(), role.en())
}

/// The label of a role that must not be overlooked; nothing for what happened.
pub(crate) fn role_unless_actual(locale: Locale, of: Role) -> String {
    if of == Role::Actual { String::new() } else { role(locale, of).to_owned() }
}

pub(crate) fn family(t: Locale, family: Family) -> &'static str {
    match family {
        Family::Signing => t.family_signing(),
        Family::Size => t.family_size(),
        Family::CarriedOut => t.family_carried_out(),
        Family::Aid => t.family_aid(),
        Family::Goods => t.family_goods(),
        Family::Count => t.family_count(),
        Family::Other => t.family_other(),
    }
}

pub(crate) fn status(t: Locale, status: Status) -> Badge {
    let (label, tone) = match status {
        Status::Filed => (t.status_filed(), Tone::Info),
        Status::Reviewed => (t.status_reviewed(), Tone::Good),
        Status::Returned => (t.status_returned(), Tone::Warn),
        Status::Approved => (t.status_approved(), Tone::Good),
        Status::Withdrawn => (t.status_withdrawn(), Tone::Neutral),
    };
    Badge { label: label.to_owned(), tone }
}

/// What a claim says now, as values; none where a value does not fit into its unit.
pub(crate) fn quantity(reading: &ClaimReading) -> Option<Quantity> {
    let unit = Unit::from_code(&reading.unit)?;
    let low = format::parse(&reading.value, unit)?;
    let high = match &reading.value_max {
        Some(text) => Some(format::parse(text, unit)?),
        None => None,
    };
    Some(Quantity { low, high, unit, approx: reading.approx })
}

/// A claim's value; as it was read where it does not fit into its unit.
pub(crate) fn claim_amount(locale: Locale, reading: &ClaimReading) -> Amount {
    match quantity(reading) {
        Some(quantity) => format::amount(locale, quantity),
        None => Amount {
            short: reading.value.clone(),
            exact: reading.value.clone(),
            unit: reading.unit.clone(),
            approx: format::approx_word(locale, reading.approx).to_owned(),
        },
    }
}

/// What a claim says now: as read, or as corrected.
pub(crate) fn reading_of(claim: &Claim) -> Result<ClaimReading, Failure> {
    Ok(effective(claim)?)
}

/// An amount as one line: `超 390 亿元`.
pub(crate) fn one_line(amount: &Amount) -> String {
    let number = if amount.unit == "%" { format!("{}%", amount.short) } else { amount.short.clone() };
    let unit = if amount.unit == "%" { "" } else { amount.unit.as_str() };
    [amount.approx.as_str(), &number, unit].join(" ").trim().to_owned()
}

impl Within {
    pub(crate) async fn labels(&self) -> Result<Labels, Failure> {
        let names = self.app().regions(&self.actor, self.id()).await?;
        let stages = self.app().stage_list(&self.actor, self.id()).await?;
        Ok(Labels { locale: self.locale, names, stages })
    }

    /// Where a claim is read in its document.
    pub(crate) fn claim_href(&self, claim: &Claim) -> String {
        self.to(&format!("documents/{}?claim={1}#c-{1}", claim.document_code, claim.id))
    }
}

impl Labels {
    pub(crate) fn region(&self, id: RegionId) -> String {
        let Some(region) = self.names.region(id) else { return String::new() };
        let zh = region.short_zh.as_ref().unwrap_or(&region.name_zh);
        match self.locale {
            Locale::Zh => zh.clone(),
            Locale::En => region.name_en.as_ref().unwrap_or(zh).clone(),
        }
    }

    /// What a stage of the programme is called; its code where the programme has it no more.
    pub(crate) fn stage<'a>(&'a self, code: &'a str) -> &'a str {
        let stage = self.stages.iter().find(|stage| stage.code == code);
        match (stage, self.locale) {
            (Some(stage), Locale::Zh) => &stage.zh,
            (Some(stage), Locale::En) => &stage.en,
            (None, _) => code,
        }
    }

    pub(crate) fn region_code(&self, id: RegionId) -> String {
        self.names.region(id).map_or_else(String::new, |region| region.code.clone())
    }

    /// A place as a text names it; for readers of English by the name of the region it is.
    pub(crate) fn place(&self, text: &str) -> String {
        let region = |text: &str| self.names.region_named(text).map(|region| self.region(region.id));
        let regions =
            || text.split('、').map(region).collect::<Option<Vec<_>>>().map(|names| names.join(", "));
        match self.locale {
            Locale::Zh => text.to_owned(),
            Locale::En => regions().unwrap_or_else(|| text.to_owned()),
        }
    }

    /// Regions as one text; a long list ends in how many more there are.
    pub(crate) fn regions(&self, ids: &[RegionId]) -> String {
        let separator = if self.locale == Locale::Zh { "、" } else { ", " };
        let names: Vec<_> = ids.iter().take(NAMED_REGIONS).map(|id| self.region(*id)).collect();
        let more = ids.len().saturating_sub(NAMED_REGIONS);
        let rest = if more > 0 { format!(" +{more}") } else { String::new() };
        names.join(separator) + &rest
    }

    /// Regions as one text, every one of them.
    pub(crate) fn all_regions(&self, ids: &[RegionId]) -> String {
        let separator = if self.locale == Locale::Zh { "、" } else { ", " };
        ids.iter().map(|id| self.region(*id)).collect::<Vec<_>>().join(separator)
    }

    pub(crate) fn figure_row(&self, within: &Within, row: &FigureRow) -> pages::FigureRow {
        let figure = &row.figure;
        let document = row.documents.first().map(|(code, title)| Link {
            label: title.clone(),
            href: within.to(&format!("documents/{code}")),
        });
        pages::FigureRow {
            code: row.code.clone(),
            href: within.to(&format!("figures/{}", row.code)),
            measure: measure(self.locale, figure.measure).to_owned(),
            value: format::amount(self.locale, figure.quantity),
            role: role_unless_actual(self.locale, figure.role),
            host: self.regions(&figure.hosts),
            supporter: self.regions(&figure.supporters),
            period: format::period(self.locale, figure.period, row.phrase.as_deref()),
            status: status(self.locale, figure.status),
            withdrawn: figure.status == Status::Withdrawn,
            note: String::new(),
            evidence: row.documents.len() + row.citations.len(),
            closed: row.closed,
            document,
        }
    }
}

/// One option of a select.
pub(crate) fn choice(value: &str, label: &str, selected: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), selected: value == selected, depth: 0 }
}

pub(crate) fn measures(locale: Locale, selected: &str) -> Vec<Choice> {
    Measure::ALL.iter().map(|of| choice(of.code(), measure(locale, *of), selected)).collect()
}

pub(crate) fn units(locale: Locale, selected: &str) -> Vec<Choice> {
    Unit::all().map(|of| choice(of.code(), format::unit_label(locale, of), selected)).collect()
}

pub(crate) fn approximations(t: Locale, selected: &str) -> Vec<Choice> {
    let label = |of: Approx| if of == Approx::Exact { t.approx_exact() } else { pick(t, of.zh(), of.en()) };
    Approx::ALL.iter().map(|of| choice(of.code(), label(*of), selected)).collect()
}

pub(crate) fn roles(locale: Locale, selected: &str) -> Vec<Choice> {
    Role::ALL.iter().map(|of| choice(of.code(), role(locale, *of), selected)).collect()
}

pub(crate) fn time_kinds(locale: Locale, selected: &str) -> Vec<Choice> {
    TimeKind::ALL.iter().map(|of| choice(of.code(), format::time_kind(locale, *of), selected)).collect()
}

/// A record's name in a language; the Chinese one where there is no English.
pub(crate) fn pick_title(locale: Locale, record: &app::Record) -> &str {
    title(locale, &record.title, record.title_en.as_deref())
}

/// The reason of a change: in somebody's words, or a code where the programme itself did it.
pub(crate) fn reason(t: Locale, reason: Option<&str>) -> String {
    let reason = reason.unwrap_or_default();
    t.by_key(&format!("reason_{}", reason.replace('-', "_"))).unwrap_or(reason).to_owned()
}

/// A title in the language of the reader, where it is known in it.
pub(crate) fn title<'a>(locale: Locale, zh: &'a str, en: Option<&'a str>) -> &'a str {
    match locale {
        Locale::Zh => zh,
        Locale::En => en.filter(|en| !en.is_empty()).unwrap_or(zh),
    }
}
