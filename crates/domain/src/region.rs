//! Regions and the tree that sums follow.

use std::collections::HashMap;

/// The identity of a region within one installation.
pub type RegionId = i64;

/// Which side of a programme a region stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// 支援地: the region that helps.
    Supporting,
    /// 受援地: the region that is helped.
    Host,
}

impl Side {
    /// The stable code used in files and the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Supporting => "supporting",
            Self::Host => "host",
        }
    }

    /// The side with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Supporting, Self::Host].into_iter().find(|side| side.code() == code)
    }
}

/// The administrative tree of regions. The geographic parent is not part of it: a corps division lies inside a
/// prefecture on the map, but not in its sums.
#[derive(Debug, Clone, Default)]
pub struct RegionTree {
    parents: HashMap<RegionId, RegionId>,
}

impl RegionTree {
    /// A tree from pairs (region, administrative parent).
    pub fn new(parents: impl IntoIterator<Item = (RegionId, RegionId)>) -> Self {
        Self { parents: parents.into_iter().collect() }
    }

    /// The region itself and all that lie above it, nearest first. A loop in bad data ends the walk.
    pub fn ancestors(&self, region: RegionId) -> impl Iterator<Item = RegionId> {
        let mut steps = self.parents.len() + 1;
        std::iter::successors(Some(region), move |current| {
            steps -= 1;
            if steps == 0 { None } else { self.parents.get(current).copied() }
        })
    }

    /// Whether `inner` is `outer` or lies below it.
    #[must_use]
    pub fn covers(&self, outer: RegionId, inner: RegionId) -> bool {
        self.ancestors(inner).any(|region| region == outer)
    }

    /// How many regions lie above this one.
    #[must_use]
    pub fn depth(&self, region: RegionId) -> usize {
        self.ancestors(region).count() - 1
    }

    /// Whether a region of one set covers a region of the other.
    #[must_use]
    pub fn sets_overlap(&self, a: &[RegionId], b: &[RegionId]) -> bool {
        a.iter().any(|&x| b.iter().any(|&y| self.covers(x, y) || self.covers(y, x)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_share_no_ground_but_their_parent_covers_both() {
        let tree = RegionTree::new([(2, 1), (3, 1), (4, 2)]);
        assert!(tree.covers(1, 4) && tree.covers(4, 4) && !tree.covers(4, 1));
        assert!(!tree.sets_overlap(&[2], &[3]));
        assert!(tree.sets_overlap(&[3, 4], &[2]));
        assert_eq!((tree.depth(1), tree.depth(4)), (0, 2));
    }

    #[test]
    fn a_loop_in_bad_data_ends() {
        let tree = RegionTree::new([(1, 2), (2, 1)]);
        assert!(!tree.covers(3, 1));
        assert!(tree.depth(1) > 0);
    }
}
