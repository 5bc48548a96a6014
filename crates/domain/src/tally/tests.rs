use super::*;
use crate::{Measure, Period, Quantity, TimeKind, Unit};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const PROVINCE: RegionId = 1;
const CITY: RegionId = 2;
const PEER: RegionId = 3;
const DISTRICT: RegionId = 4;

fn tree() -> RegionTree {
    RegionTree::new([(CITY, PROVINCE), (PEER, PROVINCE), (DISTRICT, CITY)])
}

fn year(year: i16) -> Period {
    Period { kind: TimeKind::Flow, from: Some(date(year, 1, 1)), to: Some(date(year, 12, 31)) }
}

fn figure(id: FigureId, value: i64, hosts: &[RegionId]) -> Figure {
    Figure {
        id,
        measure: Measure::SignedUnspecified,
        quantity: Quantity { low: value, high: None, unit: Unit::cny(), approx: Approx::Exact },
        role: Role::Actual,
        grain: Grain::Stated,
        hosts: hosts.to_vec(),
        supporters: Vec::new(),
        organisation: None,
        event: None,
        subject: None,
        period: year(2023),
        published: None,
        status: Status::Filed,
        replaced: false,
    }
}

fn parts(whole: FigureId, parts: &[FigureId]) -> Relation {
    Relation { whole, parts: parts.to_vec(), coverage: Coverage::Complete }
}

fn count(figures: &[Figure], relations: &[Relation], scope: Scope) -> Tally {
    tally(figures, relations, &tree(), scope).expect("no overflow")
}

#[test]
fn a_total_with_its_parts_counts_once() {
    let figures = [
        figure(1, 24618, &[CITY]),
        figure(2, 7875, &[DISTRICT]),
        figure(3, 9195, &[CITY]),
        figure(4, 7548, &[CITY]),
    ];
    let tally = count(&figures, &[parts(1, &[2, 3, 4])], Scope::Programme);
    assert_eq!((tally.total.low, tally.counted), (24618, vec![1]));
    assert_eq!(tally.left_out, [2, 3, 4].map(|id| (id, Reason::PartOf(1))));
}

#[test]
fn within_a_region_its_own_part_counts() {
    let figures = [figure(1, 66, &[CITY, PEER]), figure(2, 41, &[CITY]), figure(3, 25, &[PEER])];
    let relations = [parts(1, &[2, 3])];
    assert_eq!(count(&figures, &relations, Scope::Programme).total.low, 66);
    assert_eq!(count(&figures, &relations, Scope::Host(CITY)).total.low, 41);
    assert_eq!(count(&figures, &relations, Scope::Host(PEER)).total.low, 25);
    assert_eq!(count(&figures, &relations, Scope::Host(PROVINCE)).total.low, 66);
}

#[test]
fn what_speaks_of_several_regions_counts_where_all_of_them_lie_and_is_named_where_some_do() {
    for grain in [Grain::Item, Grain::Stated] {
        let both = Figure { grain, ..figure(1, 66, &[DISTRICT, PEER]) };
        let tally = |scope| count(std::slice::from_ref(&both), &[], scope);
        assert_eq!(tally(Scope::Host(PROVINCE)).counted, [1]);
        for part in [CITY, DISTRICT, PEER] {
            let tally = tally(Scope::Host(part));
            assert_eq!((tally.total.count, tally.left_out), (0, vec![(1, Reason::SeveralRegions)]));
        }
    }
}

#[test]
fn the_wider_figure_wins_and_the_inner_one_adds_nothing() {
    let mut wide = figure(2, 19000, &[PROVINCE]);
    wide.quantity.approx = Approx::Over;
    let tally = count(&[figure(1, 525, &[CITY]), wide], &[], Scope::Programme);
    assert_eq!((tally.total.low, tally.total.approx), (19000, Approx::Over));
    assert_eq!(tally.left_out, [(1, Reason::Overlaps(2))]);
}

#[test]
fn the_later_publication_wins_between_equals() {
    let published = |id, value, day: Date| Figure { published: Some(day), ..figure(id, value, &[CITY]) };
    let figures =
        [published(1, 10, date(2024, 1, 1)), published(2, 12, date(2024, 2, 1)), figure(3, 9, &[CITY])];
    assert_eq!(count(&figures, &[], Scope::Programme).counted, [2]);
}

#[test]
fn other_years_events_supporters_and_organisations_add_up() {
    let base = figure(1, 1, &[CITY]);
    let other_year = Figure { id: 2, period: year(2022), ..base.clone() };
    assert_eq!(count(&[base.clone(), other_year], &[], Scope::Programme).total.low, 2);
    let event = |id, event| Figure { id, event: Some(event), ..base.clone() };
    assert_eq!(count(&[event(1, 7), event(2, 8)], &[], Scope::Programme).total.low, 2);
    let supporter = |id, region| Figure { id, supporters: vec![region], ..base.clone() };
    assert_eq!(count(&[supporter(1, 90), supporter(2, 91)], &[], Scope::Programme).total.low, 2);
    let organisation = |id, organisation| Figure { id, organisation: Some(organisation), ..base.clone() };
    assert_eq!(count(&[organisation(1, 5), organisation(2, 6)], &[], Scope::Programme).total.low, 2);
}

#[test]
fn a_figure_without_a_region_never_pushes_out_one_that_has_one() {
    let tally = count(&[figure(1, 500, &[]), figure(2, 3, &[DISTRICT])], &[], Scope::Programme);
    assert_eq!(tally.counted, [2]);
    assert_eq!(tally.left_out, [(1, Reason::Overlaps(2))]);
    assert_eq!(count(&[figure(1, 500, &[])], &[], Scope::Programme).counted, [1]);
}

#[test]
fn targets_withdrawn_and_replaced_figures_are_left_out_with_their_reason() {
    let target = Figure { role: Role::Target, ..figure(1, 1, &[CITY]) };
    let withdrawn = Figure { status: Status::Withdrawn, ..figure(2, 1, &[CITY]) };
    let replaced = Figure { replaced: true, ..figure(3, 1, &[CITY]) };
    let tally = count(&[target, withdrawn, replaced], &[], Scope::Programme);
    assert_eq!(tally.total.count, 0);
    assert_eq!(tally.left_out, [(1, Reason::NotActual), (2, Reason::Withdrawn), (3, Reason::Replaced)]);
}

#[test]
fn items_are_the_total_and_the_stated_figure_stands_beside_it() {
    let item = |id, value| Figure { grain: Grain::Item, ..figure(id, value, &[CITY]) };
    let tally = count(&[item(1, 40), item(2, 50), figure(3, 100, &[CITY])], &[], Scope::Programme);
    assert_eq!(tally.total.low, 90);
    assert_eq!(tally.stated.map(|sum| sum.low), Some(100));
    assert_eq!(tally.left_out, [(3, Reason::ItemsCounted)]);
}

#[test]
fn parts_count_when_their_whole_is_withdrawn() {
    let whole = Figure { status: Status::Withdrawn, ..figure(1, 66, &[CITY, PEER]) };
    let figures = [whole, figure(2, 41, &[CITY]), figure(3, 25, &[PEER])];
    assert_eq!(count(&figures, &[parts(1, &[2, 3])], Scope::Programme).total.low, 66);
}

#[test]
fn states_of_different_days_are_never_added_and_the_later_counts() {
    let state = |id, value, day| {
        let period = Period { kind: TimeKind::Stock, from: Some(day), to: Some(day) };
        Figure { period, ..figure(id, value, &[CITY]) }
    };
    let tally =
        count(&[state(1, 66, date(2023, 12, 31)), state(2, 70, date(2024, 12, 31))], &[], Scope::Programme);
    assert_eq!((tally.total.low, tally.left_out), (70, vec![(1, Reason::Overlaps(2))]));
}

#[test]
fn a_later_report_of_something_narrower_does_not_push_out_the_total() {
    let total = Figure { published: Some(date(2024, 1, 1)), ..figure(1, 100, &[CITY]) };
    let late = |value| Figure { published: Some(date(2024, 2, 1)), ..figure(2, value, &[CITY]) };
    let half = Period { to: Some(date(2023, 6, 30)), ..year(2023) };
    for narrow in [
        Figure { supporters: vec![90], ..late(30) },
        Figure { period: half, ..late(40) },
        Figure { organisation: Some(5), ..late(3) },
        Figure { event: Some(7), ..late(9) },
    ] {
        assert_eq!(count(&[total.clone(), narrow], &[], Scope::Programme).total.low, 100);
    }
}

#[test]
fn of_running_totals_the_one_to_the_later_day_counts() {
    let until = |id, value, month, published| {
        let period = Period {
            kind: TimeKind::Cumulative,
            from: Some(date(2023, 1, 1)),
            to: Some(date(2023, month, 28)),
        };
        Figure { period, published: Some(published), ..figure(id, value, &[CITY]) }
    };
    let figures = [until(1, 66, 12, date(2024, 1, 1)), until(2, 30, 6, date(2024, 3, 1))];
    assert_eq!(count(&figures, &[], Scope::Programme).counted, [1]);
}

#[test]
fn a_total_without_a_region_stands_on_the_ground_of_its_parts() {
    let figures =
        [figure(1, 100, &[]), figure(2, 40, &[CITY]), figure(3, 60, &[PEER]), figure(4, 3, &[DISTRICT])];
    let tally = count(&figures, &[parts(1, &[2, 3])], Scope::Programme);
    assert_eq!((tally.total.low, tally.counted), (100, vec![1]));
}

#[test]
fn the_parts_of_a_total_that_is_not_counted_stand_for_themselves() {
    let whole = figure(1, 100, &[CITY, PEER]);
    let wide = Figure { event: None, ..figure(9, 70, &[PROVINCE]) };
    let other_year = Figure { period: year(2021), ..figure(2, 40, &[CITY]) };
    let tally = count(&[whole, other_year, wide], &[parts(1, &[2])], Scope::Programme);
    assert_eq!(tally.counted, [9, 2], "the whole lies in the province's figure, its part in another year");
}

#[test]
fn of_the_states_of_one_record_the_last_counts() {
    let item = |id, value, subject, day| Figure {
        grain: Grain::Item,
        subject: Some(subject),
        period: Period { kind: TimeKind::Stock, from: Some(day), to: Some(day) },
        ..figure(id, value, &[CITY])
    };
    let (june, december) = (date(2023, 6, 30), date(2023, 12, 31));
    let figures = [item(1, 10, 1, december), item(2, 7, 1, june), item(3, 5, 2, june)];
    let tally = count(&figures, &[], Scope::Programme);
    assert_eq!((tally.total.low, tally.left_out), (15, vec![(2, Reason::Outdated(1))]));
}

#[test]
fn an_overflow_is_an_error() {
    let item = |id| Figure { grain: Grain::Item, ..figure(id, i64::MAX, &[CITY]) };
    assert_eq!(tally(&[item(1), item(2)], &[], &tree(), Scope::Programme), Err(Overflow));
}

prop_compose! {
    fn any_figure(id: FigureId)(
        value in 0_i64..1000,
        hosts in proptest::collection::btree_set(1_i64..5, 0..3),
        item in any::<bool>(), target in any::<bool>(), replaced in any::<bool>(),
        event in proptest::option::of(1_i64..3), start in 2020_i16..2024,
    ) -> Figure {
        Figure {
            grain: if item { Grain::Item } else { Grain::Stated },
            role: if target { Role::Target } else { Role::Actual },
            replaced, event, period: year(start),
            ..figure(id, value, &hosts.into_iter().collect::<Vec<_>>())
        }
    }
}

fn any_figures() -> impl Strategy<Value = Vec<Figure>> {
    (0_i64..12).prop_flat_map(|n| (1..=n).map(any_figure).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn every_figure_in_scope_is_counted_or_left_out_exactly_once(
        figures in any_figures(),
        relations in proptest::collection::vec((1_i64..12, 1_i64..12), 0..6),
    ) {
        let relations: Vec<_> = relations.into_iter().map(|(whole, part)| parts(whole, &[part])).collect();
        let tally = count(&figures, &relations, Scope::Programme);
        let mut seen: Vec<_> = tally.counted.iter().copied().chain(tally.left_out.iter().map(|x| x.0)).collect();
        seen.sort_unstable();
        let all: Vec<_> = figures.iter().map(|figure| figure.id).collect();
        prop_assert_eq!(seen, all);
    }

    #[test]
    fn the_order_of_entry_into_the_list_does_not_matter(figures in any_figures()) {
        let forward = count(&figures, &[], Scope::Programme).total;
        let mut reversed = figures;
        reversed.reverse();
        prop_assert_eq!(forward, count(&reversed, &[], Scope::Programme).total);
    }

    #[test]
    fn no_two_counted_stated_figures_overlap(figures in any_figures()) {
        let tally = count(&figures, &[], Scope::Programme);
        let counted: Vec<_> = figures.iter()
            .filter(|figure| tally.counted.contains(&figure.id) && figure.grain == Grain::Stated).collect();
        for (index, a) in counted.iter().enumerate() {
            prop_assert!(counted[index + 1..].iter().all(|b| !overlap(a, b, &Grounds::new(), &tree())));
        }
    }
}
