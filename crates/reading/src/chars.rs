//! Classes of characters, one table look-up each; text is handled as one `u16` a code point (others become U+FFFD).

use std::sync::LazyLock;

/// 0 to 9.
pub const DIGIT: u16 = 1;
/// 零 to 九, 两, and the formal digits.
pub const CN_DIGIT: u16 = 2;
/// 十 百 千 and their formal forms.
pub const TEN: u16 = 4;
/// 万 亿.
pub const SCALE: u16 = 8;
/// Ends a sentence.
pub const STOP: u16 = 16;
/// Ends a clause.
pub const PAUSE: u16 = 32;
/// A Chinese character.
pub const HAN: u16 = 64;
/// A Latin letter.
pub const LATIN: u16 = 128;
/// A space.
pub const SPACE: u16 = 256;
/// Any other punctuation: brackets, quotation marks.
pub const MARK: u16 = 512;
/// Starts a numeral.
pub const NUMERAL: u16 = DIGIT | CN_DIGIT | TEN | SCALE;
/// Ends a name or a noun phrase.
pub const BREAK: u16 = STOP | PAUSE | MARK | SPACE;

static CLASS: LazyLock<Box<[u16]>> = LazyLock::new(build);

fn build() -> Box<[u16]> {
    let mut table = vec![0u16; 1 << 16];
    let mut set = |chars: &str, class: u16| {
        for c in chars.chars() {
            table[c as usize] |= class;
        }
    };
    set("0123456789", DIGIT);
    set("零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖", CN_DIGIT);
    set("十百千拾佰仟", TEN);
    set("万亿兆", SCALE);
    set("。!?！？\n\r", STOP);
    set(",，、:：;；…", PAUSE);
    set(" \t\u{a0}\u{3000}", SPACE);
    set("()（）《》〈〉【】[]「」『』“”‘’\"'—–-~～·/|>*#_=&<", MARK);
    for (i, class) in table.iter_mut().enumerate() {
        match i {
            0x4e00..=0x9fff | 0x3400..=0x4dbf => *class |= HAN,
            0x41..=0x5a | 0x61..=0x7a => *class |= LATIN,
            _ => {}
        }
    }
    table.into_boxed_slice()
}

/// A text with its classes at hand.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    units: &'a [u16],
    class: &'static [u16],
}

impl<'a> Text<'a> {
    pub fn new(units: &'a [u16]) -> Self {
        Self { units, class: &CLASS }
    }

    pub fn len(self) -> usize {
        self.units.len()
    }

    /// The code point at `i`, or NUL beyond the end.
    pub fn at(self, i: usize) -> u16 {
        self.units.get(i).copied().unwrap_or(0)
    }

    pub fn class(self, i: usize) -> u16 {
        self.units.get(i).map_or(0, |&u| self.class[usize::from(u)])
    }

    pub fn is(self, i: usize, class: u16) -> bool {
        self.class(i) & class != 0
    }

    pub fn is_before(self, i: usize, class: u16) -> bool {
        i > 0 && self.is(i - 1, class)
    }

    /// Whether `word` stands at `i`.
    pub fn starts(self, i: usize, word: &str) -> bool {
        let mut at = i;
        word.chars().all(|c| {
            at += 1;
            self.at(at - 1) == c as u16 && at <= self.len()
        })
    }

    /// Whether `word` ends at `i`.
    pub fn ends(self, i: usize, word: &str) -> bool {
        let n = word.chars().count();
        n <= i && self.starts(i - n, word)
    }

    /// Whether the code point at `i` is one of `set`.
    pub fn any(self, i: usize, set: &str) -> bool {
        i < self.len() && set.chars().any(|c| c as u16 == self.at(i))
    }

    /// Whether the code point before `i` is one of `set`.
    pub fn any_before(self, i: usize, set: &str) -> bool {
        i > 0 && self.any(i - 1, set)
    }

    /// The position behind at most one space at `i`.
    pub fn skip_space(self, i: usize) -> usize {
        if self.is(i, SPACE) { i + 1 } else { i }
    }

    pub fn units(self) -> &'a [u16] {
        self.units
    }
}
