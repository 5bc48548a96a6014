//! Random numbers that are the same everywhere for the same seed.

/// The next number of the sequence that SplitMix64 gives (Steele, Lea, Flood 2014).
pub(super) struct Random(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random {
    /// A sequence of its own for each subject and index, so that records can be made in any order and any batches.
    pub fn new(seed: u64, subject: &str, index: usize) -> Self {
        let of_subject = subject.bytes().fold(mix(seed.wrapping_add(STEP)), |state, byte| {
            mix(state.wrapping_add(STEP) ^ u64::from(byte))
        });
        Self(mix(of_subject ^ mix(index as u64)))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A UUIDv7 of this instant.
    pub fn uid(&mut self, at: jiff::Timestamp) -> String {
        let (milliseconds, a, b) = (at.as_millisecond(), self.next() & 0xfff, self.next());
        let (clock, node) = (0x8000 | (b >> 48 & 0x3fff), b & 0xffff_ffff_ffff);
        format!("{:08x}-{:04x}-7{a:03x}-{clock:04x}-{node:012x}", milliseconds >> 16, milliseconds & 0xffff)
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// A number from `first` to `last`, both included.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let width = usize::try_from(last - first + 1).unwrap_or(1);
        first + i64::try_from(self.below(width)).unwrap_or(0)
    }

    /// True in so many of a thousand cases.
    pub fn chance(&mut self, of_thousand: usize) -> bool {
        self.below(1000) < of_thousand
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// One of the values, each as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, from: &[(T, usize)]) -> T {
        let mut left = self.below(from.iter().map(|(_, weight)| weight).sum());
        for (value, weight) in from {
            if left < *weight {
                return *value;
            }
            left -= weight;
        }
        from[0].0
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_sequence_depends_on_seed_subject_and_index_alone() {
        let first = |seed, subject: &str, index| Random::new(seed, subject, index).next();
        assert_eq!(first(1, "park", 0), first(1, "park", 0));
        let all = [first(1, "park", 0), first(2, "park", 0), first(1, "event", 0), first(1, "park", 1)];
        assert!((0..4).all(|a| (a + 1..4).all(|b| all[a] != all[b])));
    }

    #[test]
    fn a_uid_begins_with_its_instant_and_names_its_version() {
        let at = jiff::Timestamp::from_millisecond(0x0199_1234_5678).expect("an instant");
        let uid = Random::new(1, "uid", 0).uid(at);
        assert!(uid.starts_with("01991234-5678-7") && uid.len() == 36, "{uid}");
        assert!("89ab".contains(&uid[19..20]), "{uid}");
    }

    #[test]
    fn numbers_stay_in_their_bounds_and_reach_them() {
        let mut random = Random::new(7, "bounds", 0);
        let drawn: Vec<_> = (0..1000).map(|_| random.between(-2, 2)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&2)));
        assert_eq!(random.below(0), 0);
        assert!((0..100).all(|_| random.weighted(&[('a', 0), ('b', 3)]) == 'b'));
    }
}
