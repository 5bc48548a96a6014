//! What a gate asks for: decided from the programme's stages and what is known of a project, nothing else.

use domain::record::FieldInfo;
use domain::stage::Fact;
use domain::{Measure, RecordKind};
use store::Stage;

/// How a fact that a gate asks for is entered.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// In a field of the project.
    Field(&'static FieldInfo),
    /// As the amount of the project's form.
    Amount,
    /// As a permit of this kind that was granted: its day and number.
    Permit(&'static str),
    /// As a figure of this measure, as of a day.
    Figure(Measure),
    /// As the reason of the move.
    Reason,
}

/// Where a fact stands.
#[must_use]
pub fn how(fact: Fact) -> How {
    let field = |code: &str| RecordKind::Project.field(code).map_or(How::Reason, How::Field);
    match fact {
        Fact::Investor => field("investor"),
        Fact::Region => field("region"),
        Fact::Sector => field("sector"),
        Fact::Content => field("content"),
        Fact::PlannedTotal => How::Amount,
        Fact::Agreement => field("agreement"),
        Fact::SignedOn => field("signed_on"),
        Fact::ProjectCompany => field("company"),
        Fact::ProjectFiled => How::Permit("filing"),
        Fact::ProjectCode => field("national_code"),
        Fact::Land => How::Permit("land"),
        Fact::ConstructionPermit => How::Permit("construction"),
        Fact::StartedOn => field("started_on"),
        Fact::WorksCompleted => How::Figure(Measure::WorksCompleted),
        Fact::CompletedOn => field("completed_on"),
        Fact::Acceptance => How::Permit("acceptance"),
        Fact::ProductionOn => field("production_on"),
        Fact::Output => How::Figure(Measure::Output),
        Fact::CapacityOn => field("capacity_on"),
        Fact::Reason => How::Reason,
    }
}

pub use domain::stage::is_aside;

/// The facts that a project at a stage should have: those of its gate and of every gate before it.
#[must_use]
pub fn due(stages: &[Stage], at: &Stage) -> Vec<Fact> {
    if is_aside(at.milestone) {
        return Vec::new();
    }
    let passed = stages.iter().filter(|stage| stage.ord <= at.ord && !is_aside(stage.milestone));
    ordered(passed.flat_map(|stage| stage.facts.iter().copied()).collect())
}

/// The facts that a move asks for: those of every gate on the way; going back, resting and ending ask for the reason.
#[must_use]
pub fn asked(stages: &[Stage], from: Option<&Stage>, to: &Stage) -> Vec<Fact> {
    let rested = from.is_some_and(|from| is_aside(from.milestone));
    let back = from.is_some_and(|from| !rested && to.ord < from.ord);
    let mut facts = if is_aside(to.milestone) {
        to.facts.clone()
    } else if back {
        Vec::new()
    } else {
        due(stages, to)
    };
    if rested || back || is_aside(to.milestone) {
        facts.push(Fact::Reason);
    }
    ordered(facts)
}

fn ordered(mut facts: Vec<Fact>) -> Vec<Fact> {
    facts.sort();
    facts.dedup();
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::stage::default_stages;

    fn stages() -> Vec<Stage> {
        let ords = (1..).map(|n| n * 10);
        let stage = |(of, ord): (&domain::stage::StageInfo, i64)| Stage {
            code: of.code.to_owned(),
            ord,
            zh: of.zh.to_owned(),
            en: of.en.to_owned(),
            milestone: of.milestone,
            facts: of.facts.to_vec(),
        };
        default_stages().iter().zip(ords).map(stage).collect()
    }

    fn between(from: &str, to: &str) -> Vec<Fact> {
        let stages = stages();
        let of = |code: &str| stages.iter().find(|stage| stage.code == code).expect("a stage");
        asked(&stages, Some(of(from)), of(to))
    }

    #[test]
    fn a_step_on_asks_for_every_gate_on_the_way() {
        assert_eq!(between("lead", "talks"), [Fact::Investor, Fact::Region]);
        let far = between("lead", "signed");
        for fact in [Fact::Investor, Fact::Content, Fact::PlannedTotal, Fact::Agreement, Fact::SignedOn] {
            assert!(far.contains(&fact), "{fact:?}");
        }
        assert!(!far.contains(&Fact::Reason) && !far.contains(&Fact::Land));
    }

    #[test]
    fn going_back_resting_and_ending_ask_for_the_reason_alone() {
        assert_eq!(between("started", "landed"), [Fact::Reason]);
        assert_eq!(between("signed", "on_hold"), [Fact::Reason]);
        assert_eq!(between("signed", "ended"), [Fact::Reason]);
    }

    #[test]
    fn coming_back_from_rest_asks_for_the_reason_and_the_gates() {
        let back = between("on_hold", "signed");
        assert!(back.contains(&Fact::Reason) && back.contains(&Fact::Agreement));
    }

    #[test]
    fn every_fact_is_entered_somewhere() {
        for fact in Fact::ALL.iter().filter(|fact| **fact != Fact::Reason) {
            assert!(!matches!(how(*fact), How::Reason), "{fact:?}");
            if let How::Permit(kind) = how(*fact) {
                let field = RecordKind::Permit.field("kind").expect("permits have kinds");
                assert!(field.parse(kind).is_ok(), "{kind}");
            }
        }
    }
}
