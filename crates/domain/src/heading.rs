//! What the headings of a ledger may mean: the labels of `data/records.tsv` and `data/codes.tsv` themselves, and what offices write
//! in their place, from `data/lexicon/headings.tsv`.

use crate::record::{FieldInfo, RecordKind};
use crate::{Measure, Role, TimeKind};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a column may stand for.
#[derive(Debug, Clone, Copy)]
pub enum HeadingUse {
    /// The name of the record.
    Title,
    /// Its English name.
    TitleEn,
    /// The code that it has here.
    Code,
    /// Further names.
    Aliases,
    /// A field.
    Field(&'static FieldInfo),
    /// The amount that the kind's form asks for.
    Amount,
    /// A figure of the record; of a sheet of figures, of the row's place.
    Figure(Measure, TimeKind, Role),
    /// Of a sheet of figures: the host region.
    Region,
    /// Of a sheet of figures: the supporting region.
    Supporting,
    /// Of a sheet of figures: the organisation.
    Organisation,
    /// Of a sheet of figures: the period.
    Period,
    /// Of a sheet of figures: what the row measures.
    Measure,
    /// Of a sheet of figures: the value.
    Value,
    /// Of a sheet of figures: the unit of the value.
    UnitOf,
    /// A remark.
    Note,
    /// The number of the row.
    Ordinal,
    /// Nothing that is kept.
    Ignored,
}

/// How sure a heading is that is one of the lexicon or a label.
const EXACT: u8 = 95;
/// How sure a heading is that only holds one.
const HOLDS: u8 = 62;
/// A word that a heading only holds is this long at least.
const HELD_CHARS: usize = 3;

struct Lexicon {
    /// Tidied headings of each kind with what they mean.
    by_kind: HashMap<RecordKind, Vec<(String, HeadingUse)>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon { by_kind: HashMap::new() };
    for kind in RecordKind::described().chain([RecordKind::Figure]) {
        lexicon.labels(kind);
    }
    for line in include_str!("../../../data/lexicon/headings.tsv").lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let mut cells = line.split('\t');
        let (Some(of), Some(meant), Some(headings)) = (cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        for kind in RecordKind::described().chain([RecordKind::Figure]) {
            if of != "*" && of != kind.code() {
                continue;
            }
            let Some(meant) = use_of(kind, meant) else { continue };
            lexicon.add(kind, headings.split('|').map(|heading| (heading, meant)));
        }
    }
    lexicon
});

impl Lexicon {
    fn add<'a>(&mut self, kind: RecordKind, headings: impl Iterator<Item = (&'a str, HeadingUse)>) {
        let known = self.by_kind.entry(kind).or_default();
        known.extend(headings.map(|(heading, meant)| (tidy(heading), meant)));
    }

    /// What a kind calls its own columns.
    fn labels(&mut self, kind: RecordKind) {
        let labels = kind
            .fields()
            .iter()
            .flat_map(|field| [(field.zh, HeadingUse::Field(field)), (field.en, HeadingUse::Field(field))]);
        let own = [("名称", HeadingUse::Title), ("Name", HeadingUse::Title), ("编号", HeadingUse::Code)];
        let more = [
            ("英文名称", HeadingUse::TitleEn),
            ("其他名称", HeadingUse::Aliases),
            ("Code", HeadingUse::Code),
        ];
        if kind == RecordKind::Figure {
            let measures = Measure::ALL.iter().filter(|measure| **measure != Measure::Jobs);
            let figure = |measure: &Measure| HeadingUse::Figure(*measure, TimeKind::Flow, Role::Actual);
            let measures: Vec<_> =
                measures.flat_map(|of| [(of.zh(), figure(of)), (of.en(), figure(of))]).collect();
            self.add(kind, measures.into_iter());
            return;
        }
        self.add(kind, labels.chain(own).chain(more));
        if let Some(amount) = kind.amount() {
            self.add(kind, [(amount.zh, HeadingUse::Amount), (amount.en, HeadingUse::Amount)].into_iter());
        }
    }
}

/// What a use of the lexicon means for a kind; nothing where the kind has no such thing.
fn use_of(kind: RecordKind, text: &str) -> Option<HeadingUse> {
    let is_figure = kind == RecordKind::Figure;
    Some(match text {
        "title" if !is_figure => HeadingUse::Title,
        "title_en" if !is_figure => HeadingUse::TitleEn,
        "code" if !is_figure => HeadingUse::Code,
        "aliases" if !is_figure => HeadingUse::Aliases,
        "amount" => kind.amount().map(|_| HeadingUse::Amount)?,
        "region" if is_figure => HeadingUse::Region,
        "supporting" if is_figure => HeadingUse::Supporting,
        "organisation" if is_figure => HeadingUse::Organisation,
        "period" if is_figure => HeadingUse::Period,
        "measure" if is_figure => HeadingUse::Measure,
        "value" if is_figure => HeadingUse::Value,
        "unit" if is_figure => HeadingUse::UnitOf,
        "note" if is_figure => HeadingUse::Note,
        "ordinal" => HeadingUse::Ordinal,
        "ignored" => HeadingUse::Ignored,
        _ => match text.split_once(':')? {
            ("field", code) => HeadingUse::Field(kind.field(code)?),
            ("figure", rest) => {
                let mut parts = rest.split(':');
                let measure = Measure::from_code(parts.next()?)?;
                let time = TimeKind::from_code(parts.next()?)?;
                let role = parts.next().map_or(Some(Role::Actual), Role::from_code)?;
                HeadingUse::Figure(measure, time, role)
            }
            _ => return None,
        },
    })
}

/// A heading as it is compared: narrow, without white space, without what stands in brackets behind it, in small letters.
#[must_use]
pub fn tidy(text: &str) -> String {
    let narrow = text.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    });
    let plain: String =
        narrow.filter(|c| !c.is_whitespace() && !matches!(c, '*' | '《' | '》' | '“' | '”')).collect();
    let mut cut = plain.as_str();
    while let Some(open) =
        cut.strip_suffix([')', '】', ']', '〕']).and_then(|rest| rest.rfind(['(', '【', '[', '〔']))
    {
        if open == 0 {
            break;
        }
        cut = &cut[..open];
    }
    cut.trim_end_matches([':', '：']).to_lowercase()
}

/// What the headings of a column (groups first) may mean for a kind, the surest first, each with how sure that is, to 100.
///
/// Groups and heading together are surer than the heading alone; a heading that only holds a known one is the least sure, and nothing
/// else is guessed.
#[must_use]
pub fn heading_uses(kind: RecordKind, headings: &[String]) -> Vec<(HeadingUse, u8)> {
    let Some(known) = LEXICON.by_kind.get(&kind) else { return Vec::new() };
    let Some(own) = headings.last().map(|heading| tidy(heading)) else { return Vec::new() };
    let groups: Vec<String> = headings[..headings.len() - 1].iter().map(|heading| tidy(heading)).collect();
    let mut wholes = Vec::new();
    for group in &groups {
        wholes.push(format!("{group}/{own}"));
        wholes.push(format!("{group}{own}"));
        wholes.push(format!("{own}{group}"));
    }
    let mut uses: Vec<(HeadingUse, u8)> = Vec::new();
    let mut held: Option<(usize, HeadingUse)> = None;
    for (heading, meant) in known {
        if wholes.contains(heading) {
            uses.push((*meant, 100));
        } else if *heading == own {
            // Below a group of its own a heading may speak of something else.
            let sure = if groups.is_empty() { EXACT } else { EXACT - 10 };
            uses.push((*meant, sure));
        } else if groups.last() == Some(heading) && (own.chars().count() <= 1 || is_time(&own)) {
            uses.push((*meant, HOLDS + 10));
        } else if heading.chars().count() >= HELD_CHARS && own.contains(heading.as_str()) {
            let length = heading.chars().count();
            if held.is_none_or(|(longest, _)| length > longest) {
                held = Some((length, *meant));
            }
        }
    }
    if let (true, Some((length, meant))) = (uses.is_empty(), held) {
        uses.push((meant, HOLDS + u8::try_from(length.min(10)).unwrap_or(0)));
    }
    uses.sort_by_key(|(_, sure)| std::cmp::Reverse(*sure));
    uses
}

/// Whether a heading only says when: 2025年, 6月, 一季度.
fn is_time(own: &str) -> bool {
    let ends = ["年", "月", "季度", "半年", "月份", "年度"];
    let begins = own.starts_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十上下".contains(c));
    begins && own.chars().count() <= 10 && ends.iter().any(|end| own.ends_with(end))
}

/// Whether some kind has a heading like this one.
#[must_use]
pub fn is_heading(text: &str) -> bool {
    let text = tidy(text);
    !text.is_empty() && LEXICON.by_kind.values().flatten().any(|(heading, _)| *heading == text)
}

/// Which ledger the headings of all columns are those of: kinds with how well they fit, the best first.
#[must_use]
pub fn kind_of(headings: &[Vec<String>]) -> Vec<(RecordKind, u32)> {
    let mut kinds: Vec<(RecordKind, u32)> = Vec::new();
    for kind in RecordKind::described().chain([RecordKind::Figure]) {
        let (mut score, mut has_name) = (0_u32, false);
        let mut seen = Vec::new();
        for column in headings {
            let Some((meant, sure)) = heading_uses(kind, column).into_iter().next() else { continue };
            let weight = match meant {
                HeadingUse::Ordinal | HeadingUse::Ignored | HeadingUse::Note => 0,
                HeadingUse::Title => 2,
                HeadingUse::Field(field) if field.code == "note" => 0,
                // What only this kind has says more than what every kind has.
                HeadingUse::Figure(..) | HeadingUse::Amount | HeadingUse::Field(_) => 3,
                _ => 1,
            };
            let said = format!("{meant:?}");
            if weight > 0 && !seen.contains(&said) {
                score += u32::from(sure) * weight;
                seen.push(said);
            }
            // A record has a name or a code; a sheet of figures holds values.
            has_name |= match meant {
                HeadingUse::Title | HeadingUse::Code => true,
                HeadingUse::Value | HeadingUse::Figure(..) | HeadingUse::Measure => {
                    kind == RecordKind::Figure
                }
                _ => false,
            };
        }
        // Of ledgers that fit alike, that of projects is kept most.
        score += u32::from(kind == RecordKind::Project && score > 0);
        if score > 0 && has_name {
            kinds.push((kind, score));
        }
    }
    kinds.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(kind: RecordKind, headings: &[&str]) -> String {
        let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
        match heading_uses(kind, &headings).first() {
            Some((HeadingUse::Field(field), _)) => field.code.to_owned(),
            Some((HeadingUse::Figure(measure, time, _), _)) => format!("{} {}", measure.code(), time.code()),
            Some((meant, _)) => format!("{meant:?}"),
            None => "nothing".into(),
        }
    }

    #[test]
    fn headings_mean_what_offices_mean_by_them() {
        use RecordKind::{AidProject, Figure, Organisation, Project};
        for (kind, headings, meant) in [
            (Project, &["项目名称"][..], "Title"),
            (Project, &["计划总投资（万元）"], "Amount"),
            (Project, &["落地\n县市"], "region"),
            (Project, &["完成投资", "本月"], "works_completed flow"),
            (Project, &["完成投资（万元）", "累 计"], "works_completed cumulative"),
            (Project, &["2026年累计完成投资"], "works_completed cumulative"),
            (Project, &["序号"], "Ordinal"),
            (Project, &["天气"], "nothing"),
            (Organisation, &["统一社会信用代码"], "uscc"),
            (Organisation, &["曾用名"], "Aliases"),
            (AidProject, &["资金情况（万元）", "下达"], "aid_issued flow"),
            (Figure, &["签约额"], "signed_unspecified flow"),
            (Figure, &["县市"], "Region"),
        ] {
            assert_eq!(first(kind, headings), meant, "{headings:?}");
        }
    }

    #[test]
    fn ledgers_are_known_by_their_headings() {
        let of = |headings: &[&str]| {
            let headings: Vec<Vec<String>> =
                headings.iter().map(|heading| vec![(*heading).to_owned()]).collect();
            kind_of(&headings).first().map(|(kind, _)| *kind)
        };
        assert_eq!(
            of(&["序号", "项目名称", "投资主体", "落地县市", "计划总投资", "累计完成投资"]),
            Some(RecordKind::Project)
        );
        assert_eq!(
            of(&["企业名称", "统一社会信用代码", "所属行业", "注册地址"]),
            Some(RecordKind::Organisation)
        );
        assert_eq!(of(&["园区名称", "级别", "规划面积", "主导产业"]), Some(RecordKind::Park));
        assert_eq!(of(&["县市", "月份", "签约额", "到位资金"]), Some(RecordKind::Figure));
        assert_eq!(
            of(&["项目名称", "援建方", "下达资金", "拨付资金", "受援地区"]),
            Some(RecordKind::AidProject)
        );
        assert_eq!(of(&["天气", "温度"]), None);
    }

    #[test]
    fn every_line_of_the_lexicon_means_something() {
        for line in
            include_str!("../../../data/lexicon/headings.tsv").lines().filter(|line| !line.starts_with('#'))
        {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 3, "{line}");
            let kinds = RecordKind::described().chain([RecordKind::Figure]);
            let mut kinds = kinds.filter(|kind| cells[0] == "*" || cells[0] == kind.code());
            assert!(kinds.any(|kind| use_of(kind, cells[1]).is_some()), "{line}");
            for heading in cells[2].split('|') {
                assert!(!crate::screening::is_listed_heading(heading), "{heading}");
                assert!(!heading.contains("就业"), "{heading}: jobs come from the employer's filing");
            }
        }
    }
}
