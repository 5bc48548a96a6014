//! Finds the quantities of a text: a numeral with its unit and the approximators that touch it, and the time phrases
//! whose numerals are none. What is not a figure (ordinals, names, idioms, clock times) is passed over here.

use crate::chars::{DIGIT, LATIN, NUMERAL, PAUSE, STOP, TEN, Text};
use crate::lexicon::{Hit, Lexicon, ONE, UnitClass, UnitWord, flag, unit_at};
use crate::numeral::{self, Numeral};
use crate::period::{self, Span};
use domain::Approx;
use jiff::civil::Date;

/// A figure as it stands in the repaired text, before its frame is known.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// First code point of the quote.
    pub start: usize,
    /// First code point of the numeral.
    pub numeral: usize,
    /// One past the last code point of the quote.
    pub end: usize,
    /// In 10^-9 of the base unit.
    pub value: i128,
    pub max: Option<i128>,
    pub unit: &'static UnitWord,
    pub approx: Approx,
    /// Whether 以上, 以下 stands behind it.
    pub bound: bool,
    /// Whether no digit stands in it (近亿元).
    pub bare: bool,
    /// Whether it was written as a fraction: the unit is per cent whatever stands behind.
    pub rate: bool,
    pub rule: &'static str,
}

/// What one pass over the numerals yields.
pub struct Scan {
    pub quantities: Vec<Quantity>,
    pub periods: Vec<Span>,
}

/// Scans the whole text.
pub fn scan(t: Text<'_>, hits: &[Hit], lexicon: &Lexicon, day: Option<Date>) -> Scan {
    let mut out = Scan { quantities: vec![], periods: vec![] };
    let (mut i, mut next) = (0, 0);
    while i < t.len() {
        if !t.is(i, NUMERAL) {
            i += 1;
            continue;
        }
        while next < hits.len() && hits[next].end <= i {
            next += 1;
        }
        let covering = hits.get(next).filter(|h| h.start <= i && h.end > i + 1);
        if let Some(hit) =
            covering.filter(|h| h.start < i || lexicon.entry(h).flags & flag::PERIOD == 0 || h.end > i)
        {
            i = hit.end;
            continue;
        }
        let before = (next > 0).then(|| hits[next - 1]);
        i = Scanner { t, day, fall: before.is_some_and(|h| is_fall(t, &h, lexicon, i)) }.at(i, &mut out);
    }
    out
}

/// Whether a word of falling stands right in front of `i`, at most an approximator between.
fn is_fall(t: Text<'_>, hit: &Hit, lexicon: &Lexicon, i: usize) -> bool {
    lexicon.entry(hit).flags & flag::FALL != 0
        && i - hit.end <= 3
        && (hit.end..i).all(|p| t.any(p, "了约近超过逾 "))
}

struct Scanner<'a> {
    t: Text<'a>,
    day: Option<Date>,
    fall: bool,
}

impl Scanner<'_> {
    /// Handles the numeral at `i`; returns where to go on.
    fn at(&self, i: usize, out: &mut Scan) -> usize {
        let t = self.t;
        let n = match numeral::parse(t, i) {
            Ok(n) => n,
            Err(end) => return end,
        };
        if let Some(span) = period::at_numeral(t, i, &n, self.day) {
            let end = span.end.max(n.end);
            out.periods.push(span);
            return end;
        }
        if let Some(end) = self.no_figure(i, &n) {
            return end;
        }
        if let Some(q) = self.fraction(i, &n).or_else(|| self.tenths(i, &n)).or_else(|| self.quantity(i, &n))
        {
            let end = q.end;
            let overlaps = out.quantities.last().is_some_and(|last| last.end > q.start);
            if !overlaps {
                out.quantities.push(q);
            }
            return end;
        }
        n.end
    }

    /// The end of an ordinal, a number in a code, a clock time or a version, if that is what stands here.
    fn no_figure(&self, i: usize, n: &Numeral) -> Option<usize> {
        let t = self.t;
        if t.any_before(i, "第") || (t.any_before(i, "前") && !t.starts(n.end, "个月")) {
            return Some(n.end);
        }
        if n.serial {
            return Some(n.end);
        }
        let arabic = t.is(i, DIGIT);
        if arabic && (t.is_before(i, LATIN) || t.any_before(i, "_=")) {
            return Some(n.end);
        }
        let joint = |p: usize| t.any(p, ".:/-") && !t.starts(p, "--");
        if arabic && i >= 2 && joint(i - 1) && t.is(i - 2, DIGIT) && !t.any(i - 1, "-") {
            return Some(n.end);
        }
        if arabic && (t.any(n.end, ".:") && t.is(n.end + 1, DIGIT)) {
            let mut p = n.end;
            while t.is(p, DIGIT) || t.any(p, ".:") {
                p += 1;
            }
            return Some(p);
        }
        None
    }

    /// 百分之三十, 三分之二.
    fn fraction(&self, i: usize, n: &Numeral) -> Option<Quantity> {
        let t = self.t;
        if !t.starts(n.end, "分之") || n.value <= 0 {
            return None;
        }
        let at = n.end + 2;
        let upper = t.is(at, NUMERAL).then(|| numeral::parse(t, at).ok()).flatten()?;
        let value = upper.value.checked_mul(100 * ONE)?.checked_div(n.value)?;
        let value = if n.value % (10 * ONE) == 0 { value } else { value / (ONE / 100) * (ONE / 100) };
        self.rate(i, upper.end, value, "fraction")
    }

    /// 三成, 近八成五.
    fn tenths(&self, i: usize, n: &Numeral) -> Option<Quantity> {
        let t = self.t;
        let at = t.skip_space(n.end);
        if t.at(at) != '成' as u16
            || n.value > 10 * ONE
            || n.bare
            || t.any(at + 1, "立为果员本都功交熟人就长品效为套分份绩")
        {
            return None;
        }
        let mut value = n.value * 10;
        let mut end = at + 1;
        if n.chinese
            && t.is(end, crate::chars::CN_DIGIT)
            && !t.is(end + 1, NUMERAL)
            && unit_at(&t.units()[end + 1..]).is_none()
        {
            value += numeral::parse(t, end).ok()?.value;
            end += 1;
        }
        self.rate(i, end, value, "tenths")
    }

    fn rate(&self, i: usize, end: usize, value: i128, rule: &'static str) -> Option<Quantity> {
        let unit = unit_at(&[u16::from(b'%')])?;
        self.finish(i, Quantity { rate: true, ..self.draft(i, end, value, None, unit, rule) }, false)
    }

    fn draft(
        &self,
        i: usize,
        end: usize,
        value: i128,
        max: Option<i128>,
        unit: &'static UnitWord,
        rule: &'static str,
    ) -> Quantity {
        let approx = Approx::Exact;
        Quantity {
            start: i,
            numeral: i,
            end,
            value,
            max,
            unit,
            approx,
            bound: false,
            bare: false,
            rate: false,
            rule,
        }
    }

    /// A numeral with a unit, or a range of two.
    fn quantity(&self, i: usize, n: &Numeral) -> Option<Quantity> {
        let t = self.t;
        if let Some(q) = self.range(i, n) {
            return Some(q);
        }
        let (unit, end) = self.unit(n)?;
        let unit = self.per_unit(i, n, unit).unwrap_or(unit);
        if !self.fits(i, n, unit, end) {
            return None;
        }
        let scale = |v: i128| v.checked_mul(unit.factor).map(|v| v / ONE);
        let max = n.max.and_then(scale);
        let mut q = self.draft(i, end, scale(n.value)?, max, unit, "numeral");
        q.bare = n.bare;
        if let Some((max, end)) = self.second(end, &q) {
            (q.max, q.end) = (Some(max), end);
        }
        let q = self.finish(i, q, n.over)?;
        let touched = q.approx != Approx::Exact;
        let hundred_million = n.value >= 10_000_000_000 * ONE && unit.class == UnitClass::Money;
        let level = t.any(q.end, "级产") || t.starts(q.end, "工程");
        (!n.bare || ((touched || hundred_million) && !level)).then_some(q)
    }

    fn unit(&self, n: &Numeral) -> Option<(&'static UnitWord, usize)> {
        let t = self.t;
        let at = t.skip_space(n.end);
        if let Some(unit) = unit_at(&t.units()[at..]) {
            return Some((unit, at + unit.surface.len()));
        }
        // A scale without a unit is money where it ends a phrase: 总投资25亿。
        let ends = t.is(n.end, crate::chars::BREAK) || t.at(n.end) == 0;
        let scale = n.scaled && t.any(n.end - 1, "亿") && ends;
        scale.then(|| unit_at(&['元' as u16])).flatten().map(|u| (u, n.end))
    }

    /// 每公斤12元: an amount per unit whose unit stands in front.
    fn per_unit(&self, i: usize, n: &Numeral, unit: &UnitWord) -> Option<&'static UnitWord> {
        let t = self.t;
        if unit.class != UnitClass::Money || n.scaled || unit.unit.code() != "CNY" {
            return None;
        }
        let low = i.saturating_sub(9);
        let each = (low..i).rev().take_while(|p| !t.is(*p, PAUSE | STOP)).find(|p| t.any(*p, "每"))?;
        let per = ["公斤", "千克", "吨", "亩", "斤"].iter().find(|w| t.starts(each + 1, w))?;
        unit_at(&format!("元/{per}").encode_utf16().collect::<Vec<_>>())
    }

    /// 3至5亿元, 10-20家: two numerals before one unit.
    fn range(&self, i: usize, n: &Numeral) -> Option<Quantity> {
        let t = self.t;
        let sep = t.skip_space(n.end);
        if !t.any(sep, "-—–~至到") || n.bare || n.over {
            return None;
        }
        let at = t.skip_space(sep + 1);
        let m = t.is(at, NUMERAL).then(|| numeral::parse(t, at).ok()).flatten()?;
        let (unit, end) = self.unit(&m)?;
        let low = if m.scaled && !n.scaled && m.value >= 10_000 * ONE && n.value < 10_000 * ONE {
            n.value.checked_mul(scale_of(t, &m))?
        } else {
            n.value
        };
        if low >= m.value || unit.class == UnitClass::Direct || !self.fits(at, &m, unit, end) {
            return None;
        }
        let scale = |v: i128| v.checked_mul(unit.factor).map(|v| v / ONE);
        let q = self.draft(i, end, scale(low)?, Some(scale(m.value)?), unit, "range");
        self.finish(i, q, m.over)
    }

    /// The upper end of a range whose lower end has its own unit: 3亿元至5亿元, 10%-15%.
    fn second(&self, end: usize, q: &Quantity) -> Option<(i128, usize)> {
        let t = self.t;
        if !t.any(end, "-—–~至到") || !t.is(end + 1, NUMERAL) || t.any_before(q.start, "从由") {
            return None;
        }
        let m = numeral::parse(t, end + 1).ok()?;
        let (unit, end) = self.unit(&m)?;
        let value = m.value.checked_mul(unit.factor)? / ONE;
        let same = unit.unit == q.unit.unit && unit.class == q.unit.class;
        (same && value > q.value && !matches!(unit.class, UnitClass::Direct | UnitClass::Time))
            .then_some((value, end))
    }

    /// Whether numeral and unit make a figure at all.
    fn fits(&self, i: usize, n: &Numeral, unit: &UnitWord, end: usize) -> bool {
        let t = self.t;
        if unit.veto.contains(&t.at(end)) && end < t.len() {
            return false;
        }
        let alone = n.chinese && n.end == i + 1;
        let one = alone && t.at(i) == '一' as u16;
        match unit.class {
            UnitClass::Direct => direct_fits(t, n, unit),
            UnitClass::Time => time_fits(t, i, n, end),
            UnitClass::Classifier if one => {
                unit.surface == ['次' as u16] && t.any_before(i, "开办行") && !t.any_before(i, "第每")
            }
            UnitClass::Classifier => n.value < 100_000_000 * ONE,
            UnitClass::Money => !(alone && !n.bare && n.value < 10 * ONE && unit.unit.code() == "CNY"),
            UnitClass::Measure => {
                !alone || n.bare || (!one && (unit.surface.len() > 1 || t.any(n.end, "吨亩辆")))
            }
            UnitClass::Rate | UnitClass::Price => true,
        }
    }

    /// Adds what touches the figure on both sides, and its sign.
    fn finish(&self, i: usize, mut q: Quantity, over: bool) -> Option<Quantity> {
        let t = self.t;
        let (start, before) = approximator(t, i, q.bare);
        let (end, behind, bound) = follower(t, q.end);
        q.start = start;
        q.end = end;
        q.bound = bound;
        q.approx = before.or(behind).unwrap_or(if over { Approx::Over } else { Approx::Exact });
        let minus = t.any_before(start, "-−负") && (start < 2 || !t.is(start - 2, DIGIT | LATIN));
        if minus && start == q.numeral {
            q.start -= 1;
        }
        if self.fall || (minus && start == q.numeral) {
            let (value, max) = (q.value, q.max);
            q.value = -max.unwrap_or(value);
            q.max = max.map(|_| -value);
        }
        Some(q)
    }
}

/// The last scale of a numeral: 亿 in 5亿, 万 in 3万.
fn scale_of(t: Text<'_>, m: &Numeral) -> i128 {
    if t.at(m.end - 1) == '亿' as u16 {
        if t.any_before(m.end - 1, "万") { 1_000_000_000_000 } else { 100_000_000 }
    } else {
        10_000
    }
}

fn direct_fits(t: Text<'_>, n: &Numeral, unit: &UnitWord) -> bool {
    let aspect = matches!(unit.unit.code(), "aspect" | "kind");
    let small = n.value < 1000 * ONE && !n.scaled && !n.bare && !n.decimals;
    small && (!n.chinese || (aspect && !t.any(n.end - 1, "一")))
}

fn time_fits(t: Text<'_>, i: usize, n: &Numeral, end: usize) -> bool {
    if n.scaled || n.bare || n.value >= 1000 * ONE || (n.digits == 4) {
        return false;
    }
    if t.any_before(i, "每前近第过未这满") || t.ends(i, "未来") || t.ends(i, "过去") || t.ends(i, "最近")
    {
        return false;
    }
    if n.chinese && n.value <= ONE {
        return false;
    }
    let names = [
        "行动", "规划", "计划", "期", "来", "以来", "以前", "前", "后", "内", "之", "间", "以内", "多来",
        "级", "制", "度", "底", "初",
    ];
    !names.iter().any(|w| t.starts(end, w))
}

/// The approximator in front of a numeral that starts at `i`: where the quote starts, and what it says.
fn approximator(t: Text<'_>, i: usize, bare: bool) -> (usize, Option<Approx>) {
    const WORDS: [(&str, Approx, &str); 24] = [
        ("超过了", Approx::Over, ""),
        ("突破了", Approx::Over, ""),
        ("不低于", Approx::Over, ""),
        ("不少于", Approx::Over, ""),
        ("不超过", Approx::Nearly, ""),
        ("超过", Approx::Over, ""),
        ("突破", Approx::Over, ""),
        ("超出", Approx::Over, ""),
        ("高于", Approx::Over, ""),
        ("至少", Approx::Over, ""),
        ("将近", Approx::Nearly, ""),
        ("接近", Approx::Nearly, ""),
        ("不足", Approx::Nearly, ""),
        ("不到", Approx::Nearly, ""),
        ("大约", Approx::About, ""),
        ("大概", Approx::About, ""),
        ("逾", Approx::Over, ""),
        ("超", Approx::Over, ""),
        ("近", Approx::Nearly, "附邻临最靠"),
        ("约", Approx::About, "签节合条预履违特邀集相公契"),
        ("上", Approx::Over, "以线网会路海马加晚早"),
        ("破", Approx::Over, "突"),
        ("数", Approx::Over, ""),
        ("几", Approx::Over, ""),
    ];
    for (word, approx, not_after) in WORDS {
        let only_bare = matches!(word, "上" | "破" | "数" | "几");
        if t.ends(i, word) && (!only_bare || bare || t.is(i, TEN)) {
            let start = i - word.chars().count();
            if not_after.is_empty() || !t.any_before(start, not_after) {
                return (start, Some(approx));
            }
        }
    }
    if bare && t.any_before(i, "过") && !t.any_before(i - 1, "通经超不") {
        return (i - 1, Some(Approx::Over));
    }
    (i, None)
}

/// The approximator behind a figure: where the quote ends, what it says, and whether it is a bound.
fn follower(t: Text<'_>, end: usize) -> (usize, Option<Approx>, bool) {
    for (word, approx, bound) in [
        ("及以上", Approx::Over, true),
        ("以上", Approx::Over, true),
        ("以下", Approx::Nearly, true),
        ("以内", Approx::Nearly, true),
        ("左右", Approx::About, false),
        ("上下", Approx::About, false),
        ("有余", Approx::Over, false),
    ] {
        if t.starts(end, word) && !(word == "以下" && t.is(end + 2, STOP)) {
            return (end + word.chars().count(), Some(approx), bound);
        }
    }
    (end, None, false)
}
