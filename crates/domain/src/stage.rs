//! Stages of industry projects. A programme names and orders its own; each carries one milestone, whose meaning is fixed, and
//! a gate: the facts that are asked for before a project enters it.

include!(concat!(env!("OUT_DIR"), "/stages.rs"));

/// A stage that a new programme begins with.
#[derive(Debug, PartialEq, Eq)]
pub struct StageInfo {
    /// Stable code.
    pub code: &'static str,
    /// Chinese label.
    pub zh: &'static str,
    /// English label.
    pub en: &'static str,
    /// What reaching it means.
    pub milestone: Milestone,
    /// What its gate asks for.
    pub facts: &'static [Fact],
}

/// The stages that a new programme begins with, in their order (DESIGN section 3).
#[must_use]
pub fn default_stages() -> &'static [StageInfo] {
    STAGES
}

/// Whether a milestone is no step on the way: a project rests or ended there.
#[must_use]
pub fn is_aside(milestone: Milestone) -> bool {
    matches!(milestone, Milestone::OnHold | Milestone::Ended)
}

/// The furthest milestone that dated facts speak of: signed, started, completed, in production, at capacity.
#[must_use]
pub fn furthest(dated: [bool; 5]) -> Option<Milestone> {
    const DATED: [Milestone; 5] = [
        Milestone::Signed,
        Milestone::Started,
        Milestone::Completed,
        Milestone::Production,
        Milestone::Capacity,
    ];
    DATED.into_iter().zip(dated).filter(|(_, known)| *known).map(|(milestone, _)| milestone).next_back()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_milestone_has_one_stage_of_its_own_to_begin_with() {
        let reached: Vec<_> = default_stages().iter().map(|stage| stage.milestone).collect();
        assert_eq!(reached, Milestone::ALL);
        let codes: BTreeSet<_> = default_stages().iter().map(|stage| stage.code).collect();
        assert_eq!(codes.len(), default_stages().len());
    }

    #[test]
    fn no_gate_asks_for_jobs() {
        let about_jobs = |fact: &&Fact| fact.code().contains("job") || fact.zh().contains("就业");
        assert_eq!(Fact::ALL.iter().find(about_jobs), None);
    }
}
