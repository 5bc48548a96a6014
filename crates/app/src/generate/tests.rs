//! What holds for every world, without a database.

use super::world::{Draft, Mistake, ORDER, Place, Plan, Ref, Replaces, TODAY, World};
use domain::organisation::{CreditCode, CreditCodeError};
use domain::record::{FieldType, RecordKind, Value};
use domain::region::Side;
use domain::{Measure, TimeKind};
use std::collections::{BTreeMap, BTreeSet};

fn places() -> Vec<Place> {
    let place = |id, name: &str, side| Place { id, name: name.into(), name_en: "Place".into(), side };
    let hosts = (1..=5).map(|id| place(id, &format!("砾原{id}"), Side::Host));
    hosts.chain((6..=8).map(|id| place(id, &format!("江屿{id}"), Side::Supporting))).collect()
}

fn world(projects: usize, seed: u64) -> World {
    World::new(Plan { projects, seed }, places()).expect("hosts and supporters")
}

fn all(world: &World) -> Vec<(Ref, Draft)> {
    let refs = ORDER.iter().flat_map(|kind| (0..world.count(*kind)).map(|index| Ref(*kind, index)));
    refs.map(|record| (record, world.draft(record))).collect()
}

#[test]
fn a_world_needs_hosts_supporters_and_something_to_make() {
    let plan = Plan { projects: 5, seed: 1 };
    assert!(World::new(plan, vec![]).is_none());
    assert!(
        World::new(plan, places().into_iter().filter(|place| place.side == Side::Host).collect()).is_none()
    );
    assert!(World::new(Plan { projects: 0, ..plan }, places()).is_none());
}

#[test]
fn the_same_seed_makes_the_same_world_and_another_seed_another() {
    let text = |seed| format!("{:?}", all(&world(60, seed)));
    assert_eq!(text(7), text(7));
    assert_ne!(text(7), text(8));
}

#[test]
fn every_field_is_one_of_its_kind_and_holds_what_the_kind_says() {
    for (Ref(kind, index), draft) in all(&world(300, 1)) {
        let fields = draft.values.keys().copied().chain(draft.refs.iter().map(|(field, _)| *field));
        for code in fields {
            let field = kind.field(code).unwrap_or_else(|| panic!("{kind:?} has no field {code}"));
            let fits = match (field.kind, draft.values.get(code)) {
                (FieldType::Text | FieldType::Long | FieldType::Uscc, Some(Value::Text(text))) => {
                    !text.is_empty()
                }
                (FieldType::Sector, Some(Value::Text(text))) => {
                    domain::sector::Sector::from_code(text).is_some()
                }
                (FieldType::Stage, Some(Value::Text(text))) => {
                    domain::stage::default_stages().iter().any(|stage| stage.code == text)
                }
                (FieldType::Choice(_), Some(value)) => field.choice(value).is_some(),
                (FieldType::Region, Some(Value::Id(_))) | (FieldType::Date, Some(Value::Day(_))) => true,
                (FieldType::Quantity(_), Some(Value::Int(int))) => *int >= 0,
                (FieldType::Record(of), None) => {
                    draft.refs.iter().all(|(field, record)| *field != code || record.0 == of)
                }
                _ => false,
            };
            assert!(fits, "{kind:?} {index}: {code} {:?}", draft.values.get(code));
        }
        for field in kind.fields().iter().filter(|field| field.required) {
            let there = draft.values.contains_key(field.code)
                || draft.refs.iter().any(|(code, _)| *code == field.code);
            assert!(there, "{kind:?} {index} has no {}", field.code);
        }
        let Some(Value::Text(note)) = draft.values.get("note") else { panic!("{kind:?} has no note") };
        assert!(note.starts_with("生成数据 generated"));
    }
}

#[test]
fn a_record_names_only_what_was_made_before_it_and_nothing_twice() {
    let world = world(300, 2);
    let order = |Ref(kind, index): Ref| {
        // Operators and governments are made before parks, enterprises after them.
        let at = ORDER.iter().position(|known| *known == kind).expect("generated");
        let late = kind == RecordKind::Organisation && index >= world.first_enterprise();
        (if late { 2 * at + 3 } else { 2 * at }, index)
    };
    for (record, draft) in all(&world) {
        for (field, named) in &draft.refs {
            assert!(named.1 < world.count(named.0), "{record:?} {field} {named:?}");
            assert!(order(*named) < order(record), "{record:?} {field} {named:?}");
        }
        let mut seen = BTreeSet::new();
        for (field, named, role) in &draft.links {
            let info = record.0.field(field).expect("a field");
            let FieldType::Links(kind, roles) = info.kind else { panic!("{field} is no link") };
            assert!(
                kind == named.0 && roles.iter().any(|choice| choice.code == *role),
                "{record:?} {field} {role}"
            );
            assert!(order(*named) < order(record), "{record:?} {field} {named:?}");
            assert!(seen.insert((*field, named.1)), "{record:?} links {named:?} twice");
        }
    }
}

#[test]
fn mistakes_of_every_kind_are_made_and_said() {
    let world = world(2000, 3);
    let mut counts = BTreeMap::<Mistake, usize>::new();
    for (_, draft) in all(&world) {
        for mistake in &draft.mistakes {
            *counts.entry(*mistake).or_default() += 1;
        }
        let code = draft.values.get("uscc").and_then(|value| value.text()).map(CreditCode::parse);
        let wrong = matches!(code, Some(Err(CreditCodeError::Check { .. })));
        assert_eq!(wrong, draft.mistakes.contains(&Mistake::WrongCode), "{}", draft.title);
        assert!(wrong || !matches!(code, Some(Err(_))), "{}", draft.title);
    }
    assert_eq!(counts.keys().copied().collect::<Vec<_>>(), Mistake::ALL);
}

#[test]
fn amounts_are_of_the_measure_of_their_kind_and_a_slip_is_replaced() {
    for (Ref(kind, _), draft) in all(&world(1000, 4)) {
        let measure = kind.amount().and_then(|amount| amount.measure_of(kind, &draft.values));
        if let (Some(first), RecordKind::Agreement) = (draft.figures.first(), kind) {
            assert_eq!(Some(first.measure), measure);
        }
        for (at, figure) in draft.figures.iter().enumerate() {
            // A plan of aid money reaches to the end of its year.
            let past = figure.to <= Some(TODAY) || figure.measure == Measure::AidPlanned;
            assert!(figure.low > 0 && figure.from <= figure.to && past, "{figure:?}");
            assert!(figure.kind != TimeKind::Stock || figure.from == figure.to);
            if figure.replaces == Some(Replaces::Previous) {
                assert_eq!(draft.figures[at - 1].low, figure.low * 10);
                assert_eq!(draft.figures[at - 1].measure, figure.measure);
            }
        }
        let arrived = draft.figures.iter().filter(|figure| figure.measure == Measure::FundsArrived);
        let signed = draft.figures.iter().find(|figure| figure.measure == Measure::SignedContract);
        assert!(arrived.map(|figure| figure.low).sum::<i64>() <= signed.map_or(0, |figure| figure.low));
    }
}

#[test]
fn the_contract_that_an_intent_became_replaces_its_amount() {
    let world = world(1000, 6);
    let mut passed = 0;
    for index in 0..1000 {
        let draft = world.draft(Ref(RecordKind::Agreement, index));
        let taken = draft.figures.iter().find_map(|figure| figure.replaces);
        if let Some(Replaces::AmountOf(of)) = taken {
            assert!(draft.refs.contains(&("upgrades", of)));
            let intent = world.draft(of);
            assert_eq!(intent.values.get("status").and_then(Value::text), Some("upgraded"));
            passed += 1;
        }
    }
    assert!(passed > 10, "{passed}");
}

#[test]
fn about_five_figures_belong_to_each_agreement_and_one_organisation_to_two() {
    let world = world(4000, 5);
    let figures: usize =
        (0..4000).map(|index| world.draft(Ref(RecordKind::Agreement, index)).figures.len()).sum();
    assert!((18_000..22_000).contains(&figures), "{figures}");
    let organisations = world.count(RecordKind::Organisation);
    assert!((2000..2100).contains(&organisations), "{organisations}");
}

#[test]
fn rounds_are_closed_late_returned_approved_and_under_way_and_tasks_due_done_and_overdue() {
    use domain::reporting::FilingState;
    for projects in [5, 300, 4_000] {
        let world = world(projects, 8);
        let count = world.count(RecordKind::ReportingTask);
        let states = |index: usize| world.filings(index).iter().map(|of| of.state).collect::<BTreeSet<_>>();
        for state in [FilingState::Open, FilingState::Returned, FilingState::Approved] {
            assert!(states(count - 2).contains(&state), "{projects} {state:?}");
        }
        assert!(states(count - 1).iter().all(|state| *state <= FilingState::Submitted), "{projects}");
        assert!(states(0).contains(&FilingState::Approved), "{projects}");
        for of in (0..count).flat_map(|index| world.filings(index)) {
            let is_filed = of.submitted_on.is_some_and(|day| day <= TODAY);
            assert_eq!(is_filed, of.state >= FilingState::Submitted);
            assert_eq!(of.cells.is_empty(), of.state == FilingState::Open, "who has not filed said nothing");
        }
        let tasks: Vec<_> = (0..world.tasks()).map(|index| world.task(index)).collect();
        assert!(tasks.iter().any(|of| of.done.is_some_and(|day| day <= TODAY)));
        assert!(tasks.iter().any(|of| of.done.is_none() && of.due < TODAY));
        assert!(tasks.iter().any(|of| of.done.is_none() && of.due > TODAY));
        let projects: BTreeSet<_> = tasks.iter().map(|of| of.project).collect();
        assert_eq!(projects.len(), tasks.len(), "each on another project");
    }
}
