//! What a host region shows to enterprises: the public page of one opportunity, and a prospectus of several.

use askama::Template;
use askama::filters::HtmlSafe;
use locale::Locale;

use crate::{Badge, Fact, Link, Shell, page};

/// One opportunity as a sheet of paper: only what may be published.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub code: String,
    pub title: String,
    /// The title in the other language; may be empty.
    pub other_title: String,
    /// Region and park: `云川州 · 绿谷产业园`.
    pub place: String,
    pub sector: String,
    /// Two or three sentences; may be empty.
    pub summary: String,
    /// The numbers that are looked for first: investment sought, land, power, water. Four fit on a line.
    pub highlights: Vec<Fact>,
    pub sections: Vec<SheetSection>,
    /// Only published documents with number, validity and fair-competition review.
    pub policies: Vec<SheetPolicy>,
    /// The office to turn to, a line each: name, telephone, mail, address.
    pub contact: Vec<String>,
    /// When it was last changed.
    pub updated: String,
}

/// A part of the sheet: text, facts or both. One without either is left out.
#[derive(Debug, Clone, Default)]
pub struct SheetSection {
    pub heading: String,
    pub paragraphs: Vec<String>,
    pub facts: Vec<Fact>,
}

/// A policy that is offered.
#[derive(Debug, Clone, Default)]
pub struct SheetPolicy {
    pub title: String,
    /// `云政规〔2025〕14号`.
    pub number: String,
    /// `2025-11-03 – 2026-12-31`.
    pub valid: String,
    /// Of the fair-competition review: `已审查`.
    pub review: Badge,
    /// What it offers here; may be empty.
    pub offer: String,
    pub href: Option<String>,
}

/// The public page of an opportunity.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "opportunity_public.html")]
pub struct OpportunityPublic {
    /// Without programme and user where it is read without signing in.
    pub shell: Shell,
    /// Who publishes it: the programme's name.
    pub publisher: String,
    pub sheet: Sheet,
    /// Where it leads back to and what can be downloaded (`.docx`).
    pub links: Vec<Link>,
}

/// A printable prospectus: cover, contents, one sheet each.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "prospectus.html")]
pub struct Prospectus {
    pub shell: Shell,
    pub title: String,
    pub publisher: String,
    pub date: String,
    /// A line at the foot of the cover: to whom, by which filter; may be empty.
    pub note: String,
    pub sheets: Vec<Sheet>,
    /// Where it leads back to and what can be downloaded (`.docx`).
    pub links: Vec<Link>,
}

impl Sheet {
    pub(crate) fn view(&self, t: &Locale) -> SheetView<'_> {
        SheetView { t: *t, sheet: self }
    }
}

#[derive(Template)]
#[template(path = "part/sheet.html")]
pub(crate) struct SheetView<'a> {
    t: Locale,
    sheet: &'a Sheet,
}

impl HtmlSafe for SheetView<'_> {}

page!(OpportunityPublic, Prospectus);
