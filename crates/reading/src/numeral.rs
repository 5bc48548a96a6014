//! Numerals: digits with thousands separators, Chinese and formal numerals, mixtures (3亿5千万), scales without a
//! numeral (百亿), rounding marks inside (1200余亿, 十几). Values are fixed point with nine decimals.

use crate::chars::{CN_DIGIT, DIGIT, SCALE, TEN, Text};
use crate::lexicon::ONE;

/// A numeral as it stands at some position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numeral {
    /// One past its last code point.
    pub end: usize,
    /// In 10^-9.
    pub value: i128,
    /// The upper end where the numeral itself is a range: 七八, 二三十.
    pub max: Option<i128>,
    /// Whether 余, 多 or 几 stands in it.
    pub over: bool,
    /// Whether no digit stands in it: 百亿, 万.
    pub bare: bool,
    /// Whether its first digit is Chinese.
    pub chinese: bool,
    /// Whether 万 or 亿 stands in it.
    pub scaled: bool,
    /// Digits in a row that are a name or a year, not a number: 一四二, 二〇二三.
    pub serial: bool,
    /// How many Arabic digits stand before the point.
    pub digits: usize,
    /// Whether it has decimals.
    pub decimals: bool,
}

#[derive(Default)]
struct Sum {
    total: i128,
    wan: i128,
    small: i128,
    num: Option<i128>,
    /// How far a pair such as 七八 reaches beyond its lower end.
    spread: i128,
    last: i128,
    zero: bool,
}

impl Sum {
    fn tens(&mut self, m: i128) -> Option<()> {
        let one = if self.num.is_none() && self.spread == 0 { ONE } else { 0 };
        self.small = self.small.checked_add((self.num.take().unwrap_or(0) + one).checked_mul(m)?)?;
        self.spread = self.spread.checked_mul(m)?;
        (self.last, self.zero) = (m, false);
        Some(())
    }

    fn wan(&mut self) -> Option<()> {
        let mut section = self.small.checked_add(self.num.take().unwrap_or(0))?;
        if section == 0 {
            section = if self.wan > 0 { std::mem::take(&mut self.wan) } else { ONE };
        }
        self.wan = self.wan.checked_add(section.checked_mul(10_000)?)?;
        self.spread = self.spread.checked_mul(10_000)?;
        (self.small, self.last, self.zero) = (0, 10_000, false);
        Some(())
    }

    fn yi(&mut self) -> Option<()> {
        let mut all = self.wan.checked_add(self.small)?.checked_add(self.num.take().unwrap_or(0))?;
        if all == 0 {
            all = ONE;
        }
        self.total = self.total.checked_add(all.checked_mul(100_000_000)?)?;
        self.spread = self.spread.checked_mul(100_000_000)?;
        (self.wan, self.small, self.last, self.zero) = (0, 0, 100_000_000, false);
        Some(())
    }

    /// The value; a last Chinese digit right behind a scale stands for its next lower one (二百五).
    fn value(&self, trailing: bool) -> Option<i128> {
        let num = match self.num {
            Some(num) if trailing && self.last >= 100 && !self.zero => num.checked_mul(self.last / 10)?,
            num => num.unwrap_or(0),
        };
        self.total.checked_add(self.wan)?.checked_add(self.small)?.checked_add(num)
    }
}

/// Reads the numeral at `start`, whose character has a numeral class. `Err` holds the position behind something
/// that only looks like a number.
pub fn parse(t: Text<'_>, start: usize) -> Result<Numeral, usize> {
    let mut parser = Parser::new(t, start);
    let sound = parser.run();
    let end = parser.p.max(start + 1);
    sound.and_then(|()| parser.finish(end)).ok_or(end)
}

struct Parser<'a> {
    t: Text<'a>,
    p: usize,
    start: usize,
    sum: Sum,
    n: Numeral,
    any: bool,
    trailing: bool,
}

impl<'a> Parser<'a> {
    fn new(t: Text<'a>, start: usize) -> Self {
        let chinese = !t.is(start, DIGIT);
        let n = Numeral {
            end: start,
            value: 0,
            max: None,
            over: false,
            bare: false,
            chinese,
            scaled: false,
            serial: false,
            digits: 0,
            decimals: false,
        };
        Self { t, p: start, start, sum: Sum::default(), n, any: false, trailing: false }
    }

    fn run(&mut self) -> Option<()> {
        loop {
            let class = self.t.class(self.p);
            if class & DIGIT != 0 {
                if self.sum.num.is_some() || self.n.over || self.n.serial {
                    return Some(());
                }
                self.arabic()?;
            } else if class & CN_DIGIT != 0 && !self.n.over {
                if !self.chinese_digit() {
                    return Some(());
                }
            } else if class & (TEN | SCALE) != 0 && !self.n.serial {
                if !self.multiplier(class)? {
                    return Some(());
                }
            } else if !self.mark() {
                return Some(());
            }
        }
    }

    fn arabic(&mut self) -> Option<()> {
        let (value, end, digits, decimals) = arabic(self.t, self.p);
        self.p = end;
        if self.p - self.start > 0 && self.any {
            self.n.digits = 9;
        } else {
            (self.n.digits, self.n.decimals) = (digits, decimals);
        }
        self.any = true;
        self.trailing = false;
        self.sum.num = Some(value?);
        Some(())
    }

    fn chinese_digit(&mut self) -> bool {
        let d = digit(self.t.at(self.p));
        let point = self.t.at(self.p + 1) == '点' as u16;
        match self.sum.num {
            _ if d == 0 && !self.any && !point => {
                self.n.serial = true;
                self.sum.num = Some(0);
            }
            None if d == 0 && !point => self.sum.zero = true,
            None => self.sum.num = Some(d * ONE),
            Some(_) if !self.n.chinese => return false,
            Some(before)
                if d * ONE == before + ONE && self.sum.spread == 0 && !self.n.serial && before > 0 =>
            {
                self.sum.spread = ONE;
            }
            Some(_) => self.n.serial = true,
        }
        self.any = true;
        self.trailing = true;
        self.p += 1;
        true
    }

    fn multiplier(&mut self, class: u16) -> Option<bool> {
        let c = self.t.at(self.p);
        let wan = c == '万' as u16;
        // 千 of 千瓦, 千克, 千米 belongs to the unit.
        let kilo = c == '千' as u16 && self.t.any(self.p + 1, "瓦克米伏卡赫焦");
        if kilo && (self.any || self.n.scaled) {
            return Some(false);
        }
        if c == '兆' as u16
            || (wan && self.sum.last == 100_000_000 && self.sum.num.is_none() && self.sum.small == 0)
        {
            return Some(false);
        }
        if class & TEN != 0 {
            if self.sum.num.is_none() && !self.any && self.p > self.start && self.sum.last <= ten(c) {
                return Some(false);
            }
            self.any |= ten(c) == 10;
            self.sum.tens(ten(c))?;
        } else {
            self.n.scaled = true;
            if wan { self.sum.wan()? } else { self.sum.yi()? }
        }
        self.trailing = false;
        self.p += 1;
        Some(true)
    }

    /// Rounding marks, the Chinese decimal point, and a space before a scale; false where the numeral ends.
    fn mark(&mut self) -> bool {
        let c = self.t.at(self.p);
        let next = self.t.class(self.p + 1);
        if c == '点' as u16 && self.trailing && next & CN_DIGIT != 0 && !self.n.serial {
            return self.decimals();
        }
        let more = "余多".chars().any(|m| m as u16 == c) && !(self.n.decimals && self.sum.num.is_some());
        let some = c == '几' as u16 && self.sum.num.is_none() && self.sum.last == 10;
        if (more || some) && !self.n.over && self.p > self.start {
            self.n.over = true;
        } else if !(c == ' ' as u16 && next & SCALE != 0 && self.any && self.t.at(self.p + 2) == '元' as u16)
        {
            return false;
        }
        self.p += 1;
        true
    }

    fn decimals(&mut self) -> bool {
        let mut p = self.p + 1;
        let (mut unit, mut frac) = (ONE / 10, 0);
        while self.t.is(p, CN_DIGIT) && unit > 0 {
            frac += digit(self.t.at(p)) * unit;
            unit /= 10;
            p += 1;
        }
        if self.t.is(p, TEN) && !self.t.is(p, SCALE) {
            return false; // 三点五十: a time of day
        }
        self.sum.num = Some(self.sum.num.unwrap_or(0) + frac);
        (self.n.decimals, self.trailing, self.p) = (true, false, p);
        true
    }

    fn finish(mut self, end: usize) -> Option<Numeral> {
        let value = self.sum.value(self.trailing && self.n.chinese)?;
        self.n.end = end;
        self.n.value = value;
        self.n.max =
            (self.sum.spread > 0 && !self.n.serial).then(|| value.checked_add(self.sum.spread)).flatten();
        self.n.bare = !self.any;
        if self.sum.spread > 0 && self.n.max.is_some() && self.sum.num.is_none() && self.n.over {
            self.n.max = None;
        }
        Some(self.n)
    }
}

/// Digits with thousands separators and decimals at `p`: value (none when too long), end, digits before the point,
/// whether decimals follow.
fn arabic(t: Text<'_>, start: usize) -> (Option<i128>, usize, usize, bool) {
    let (mut p, mut value, mut digits) = (start, 0i128, 0usize);
    let push = |value: &mut i128, p: usize| {
        *value = value.saturating_mul(10).saturating_add(i128::from(t.at(p) - 48))
    };
    while t.is(p, DIGIT) {
        push(&mut value, p);
        (p, digits) = (p + 1, digits + 1);
    }
    if digits <= 3 && t.at(start) != 48 {
        while t.at(p) == 44 && (1..=3).all(|k| t.is(p + k, DIGIT)) && !t.is(p + 4, DIGIT) {
            (1..=3).for_each(|k| push(&mut value, p + k));
            (p, digits) = (p + 4, digits + 3);
        }
    }
    value = value.saturating_mul(ONE);
    let mut decimals = false;
    if t.at(p) == 46 && t.is(p + 1, DIGIT) {
        let mut unit = ONE / 10;
        p += 1;
        decimals = true;
        while t.is(p, DIGIT) {
            value = value.saturating_add(i128::from(t.at(p) - 48) * unit);
            unit /= 10;
            p += 1;
        }
    }
    ((digits <= 15).then_some(value), p, digits, decimals)
}

fn digit(c: u16) -> i128 {
    const DIGITS: [&str; 10] =
        ["零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"];
    let is = |s: &str| s.chars().any(|x| x as u16 == c);
    DIGITS.iter().position(|s| is(s)).map_or(0, |d| d as i128)
}

fn ten(c: u16) -> i128 {
    match char::from_u32(u32::from(c)) {
        Some('十' | '拾') => 10,
        Some('百' | '佰') => 100,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, usize)> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let n = parse(Text::new(&units), 0).ok()?;
        let value = rust_decimal::Decimal::try_from_i128_with_scale(n.value, 9).ok()?.normalize();
        Some((value.to_string(), n.end))
    }

    fn value(text: &str) -> String {
        let (value, end) = read(text).expect("a numeral");
        assert_eq!(end, text.chars().count(), "{text}");
        value
    }

    #[test]
    fn numerals_have_their_values() {
        let cases = [
            ("1,234,567", "1234567"),
            ("12.50", "12.5"),
            ("三百五十一万亿", "351000000000000"),
            ("一千二百亿", "120000000000"),
            ("一点零四亿", "104000000"),
            ("二百余万", "2000000"),
            ("壹佰万", "1000000"),
            ("二百五", "250"),
            ("九万零四百", "90400"),
            ("四千零五万", "40050000"),
            ("5万4千6百", "54600"),
            ("4.78万亿", "4780000000000"),
            ("十几", "10"),
            ("百余", "100"),
            ("上亿".trim_start_matches('上'), "100000000"),
            ("四万万", "400000000"),
            ("2千零30万", "20300000"),
            ("一百零几".trim_end_matches('几'), "100"),
            ("零点五", "0.5"),
            ("五亿零六", "500000006"),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn list_commas_do_not_group() {
        assert_eq!(read("12,34"), Some(("12".into(), 2)));
        assert_eq!(read("1200,345"), Some(("1200".into(), 4)));
    }

    #[test]
    fn pairs_are_ranges_and_rows_are_names() {
        let parse = |s: &str| parse(Text::new(&s.encode_utf16().collect::<Vec<_>>()), 0).expect("a numeral");
        assert_eq!(parse("二三十").max.map(|m| m / ONE), Some(30));
        assert_eq!(parse("七八").value / ONE, 7);
        assert!(parse("一四二").serial && parse("二〇二三").serial);
    }

    #[test]
    fn a_row_of_digits_too_long_is_no_number() {
        let long = "9".repeat(1000);
        assert_eq!(parse(Text::new(&long.encode_utf16().collect::<Vec<_>>()), 0), Err(1000));
    }
}
