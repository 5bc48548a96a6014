//! The ledger on both databases: figures, relations, kept totals against the reference, audit, backup.

use domain::figure::{Coverage, Grain, Status};
use domain::region::RegionTree;
use domain::tally::{Scope, tally};
use domain::{Approx, Measure, Period, Quantity, Role, TimeKind, Unit, Value, Values};
use jiff::Timestamp;
use jiff::civil::date;
use store::*;

const PROVINCE: &str = "X1";
const CITY: &str = "X11";
const PEER: &str = "X12";
const DISTRICT: &str = "X111";

fn now() -> Timestamp {
    "2026-01-02T03:04:05Z".parse().expect("an instant")
}

fn today() -> jiff::civil::Date {
    date(2026, 1, 2)
}

/// A programme with four regions; returns the programme and the regions' ids in the order of the constants.
async fn programme(tx: &mut Tx) -> (Change, [i64; 4]) {
    let opened =
        change_open(tx, &NewChange { kind: "test", source: "test", ..NewChange::default() }, now(), today())
            .await
            .expect("works");
    let mut ids = Vec::new();
    for (code, parent) in [(PROVINCE, None), (CITY, Some(0)), (PEER, Some(0)), (DISTRICT, Some(1))] {
        let region = Region {
            id: 0,
            code: code.into(),
            kind: "test".into(),
            name_zh: format!("{code}区"),
            short_zh: None,
            name_en: None,
            parent: parent.map(|index: usize| ids[index]),
            geo_parent: None,
            valid_from: None,
            valid_to: None,
        };
        ids.push(region_insert(tx, &region).await.expect("works").expect("new"));
    }
    region_tree_rebuild(tx, &opened, 4).await.expect("works");
    let (code, zone) = ("p".to_owned(), "Asia/Shanghai".to_owned());
    let new = Programme {
        id: 0,
        code,
        name_zh: "甲".into(),
        name_en: "A".into(),
        time_zone: zone,
        has_labels: false,
    };
    let programme = programme_insert(tx, &opened, &new).await.expect("works");
    let new = NewChange { programme: Some(programme), kind: "test", source: "test", ..NewChange::default() };
    let change = change_open(tx, &new, now(), today()).await.expect("works");
    (change, ids.try_into().expect("four"))
}

fn figure(value: i64, hosts: &[i64], grain: Grain) -> NewFigure {
    NewFigure {
        measure: Measure::SignedUnspecified,
        quantity: Quantity { low: value, high: None, unit: Unit::cny(), approx: Approx::Exact },
        role: Role::Actual,
        grain,
        hosts: hosts.to_vec(),
        supporters: vec![],
        organisation: None,
        event: None,
        subject: None,
        period: Period { kind: TimeKind::Flow, from: Some(date(2025, 1, 1)), to: Some(date(2025, 12, 31)) },
        phrase: Some("2025年".into()),
        published: None,
        replaces: None,
        note: None,
    }
}

fn everything() -> FigureFilter {
    FigureFilter { reach: Reach::everything(), ..FigureFilter::default() }
}

fn group() -> TallyGroup {
    TallyGroup { measure: Measure::SignedUnspecified, unit: Unit::cny(), kind: TimeKind::Flow }
}

async fn kept(tx: &mut Tx, programme: i64, region: Option<i64>) -> Option<(i64, i64)> {
    tally_refresh(tx, programme).await.expect("works");
    let totals = tally_list(tx, programme, region).await.expect("works");
    totals.iter().find(|total| total.group == group()).map(|total| (total.sum.low, total.sum.count))
}

#[tokio::test]
async fn kept_totals_follow_every_write() {
    for db in testing::databases().await {
        let mut tx = db.write().await.unwrap();
        let (change, [_, city, peer, district]) = programme(&mut tx).await;
        let programme = change.programme.unwrap();
        assert_eq!(kept(&mut tx, programme, None).await, None);
        let whole = figure_insert(&mut tx, &change, &figure(66, &[city, peer], Grain::Stated)).await.unwrap();
        figure_insert(&mut tx, &change, &figure(41, &[district], Grain::Stated)).await.unwrap();
        assert_eq!(kept(&mut tx, programme, None).await, Some((66, 1)), "{db:?}: the wider scope counts");
        assert_eq!(
            kept(&mut tx, programme, Some(city)).await,
            Some((41, 1)),
            "{db:?}: within the city only its own"
        );
        figure_set_status(&mut tx, &change, whole.figure.id, Status::Withdrawn, Some("test")).await.unwrap();
        assert_eq!(
            kept(&mut tx, programme, None).await,
            Some((41, 1)),
            "{db:?}: withdrawn figures do not count"
        );
        for value in [10, 20] {
            figure_insert(&mut tx, &change, &figure(value, &[peer], Grain::Item)).await.unwrap();
        }
        assert_eq!(kept(&mut tx, programme, None).await, Some((30, 2)), "{db:?}: items are the total");
        assert_eq!(kept(&mut tx, programme, Some(peer)).await, Some((30, 2)));
        assert_eq!(kept(&mut tx, programme, Some(city)).await, Some((41, 1)));
    }
}

#[tokio::test]
async fn totals_that_were_written_to_while_they_were_reckoned_are_not_kept() {
    for db in testing::databases().await {
        let mut tx = db.write().await.unwrap();
        let (change, [_, city, ..]) = programme(&mut tx).await;
        let programme = change.programme.unwrap();
        figure_insert(&mut tx, &change, &figure(66, &[city], Grain::Item)).await.unwrap();
        let early = tally_reckon(&mut tx, programme).await.unwrap().expect("out of date");
        figure_insert(&mut tx, &change, &figure(5, &[city], Grain::Item)).await.unwrap();
        let late = tally_reckon(&mut tx, programme).await.unwrap().expect("out of date");
        assert!(!tally_keep(&mut tx, early).await.unwrap(), "{db:?}: it misses a figure");
        assert!(tally_is_stale(&mut tx, programme).await, "{db:?}");
        assert!(tally_keep(&mut tx, late).await.unwrap(), "{db:?}");
        assert!(!tally_is_stale(&mut tx, programme).await, "{db:?}");
        assert_eq!(kept(&mut tx, programme, Some(city)).await, Some((71, 2)), "{db:?}");
    }
}

async fn tally_is_stale(tx: &mut Tx, programme: i64) -> bool {
    tally_reckon(tx, programme).await.expect("works").is_some()
}

#[tokio::test]
async fn kept_totals_equal_the_reference_definition() {
    // A small pseudo-random sequence of figures; the same on every run and database.
    let mut seed = 20_260_102_u64;
    let mut next = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for db in testing::databases().await {
        let mut tx = db.write().await.unwrap();
        let (change, regions) = programme(&mut tx).await;
        let programme = change.programme.unwrap();
        let tree =
            RegionTree::new([(regions[1], regions[0]), (regions[2], regions[0]), (regions[3], regions[1])]);
        let values = Values::from([("kind", Value::Text("enterprise".into()))]);
        let firm = NewEntry { title: "甲公司", title_en: None, values: &values };
        let subject = entry_insert(&mut tx, &change, RecordKind::Organisation, &firm).await.unwrap().id;
        for round in 0..80 {
            let kind = if round % 2 == 0 { TimeKind::Flow } else { TimeKind::Stock };
            let hosts: Vec<i64> = regions.iter().copied().filter(|_| next(3) == 0).collect();
            let grain = if round > 40 && next(2) == 0 { Grain::Item } else { Grain::Stated };
            let mut new = figure(i64::try_from(next(1000)).unwrap(), &hosts, grain);
            new.role = if next(5) == 0 { Role::Target } else { Role::Actual };
            new.quantity.approx = if next(4) == 0 { Approx::Over } else { Approx::Exact };
            let year = 2020 + i16::try_from(next(4)).unwrap();
            let (first, last) = (date(year, 1, 1), date(year, 12, 31));
            let from = if kind == TimeKind::Stock { last } else { first };
            new.period = Period { kind, from: Some(from), to: Some(last) };
            new.subject = (grain == Grain::Item && next(2) == 0).then_some(subject);
            new.supporters = regions.iter().copied().filter(|_| next(4) == 0).collect();
            figure_insert(&mut tx, &change, &new).await.unwrap();
            tally_refresh(&mut tx, programme).await.unwrap();
            let group = TallyGroup { kind, ..group() };
            let (_, figures) = tally_open(&mut tx, programme, group, Scope::Programme).await.unwrap();
            for region in regions.iter().copied().map(Some).chain([None]) {
                let scope = region.map_or(Scope::Programme, Scope::Host);
                let place = format!("{db:?}, round {round}, {region:?}");
                let (opened, _) = tally_open(&mut tx, programme, group, scope).await.unwrap();
                let reference = tally(&figures, &[], &tree, scope).unwrap();
                assert_eq!(opened, reference, "{place}");
                let kept = tally_list(&mut tx, programme, region).await.unwrap();
                let kept = kept.iter().find(|total| total.group == group);
                let any = reference.total.count > 0 || !reference.left_out.is_empty();
                assert_eq!(kept.map(|total| total.sum), any.then_some(reference.total), "{place}");
                let left_out = kept.map_or(0, |total| usize::try_from(total.left_out).unwrap());
                assert_eq!(left_out, reference.left_out.len(), "{place}");
                let stated = kept.and_then(|total| total.stated).map(|(low, _)| low);
                assert_eq!(stated, reference.stated.map(|sum| sum.low), "{place}");
            }
        }
    }
}

#[tokio::test]
async fn an_equal_figure_is_found_and_another_is_not() {
    for db in testing::databases().await {
        let mut tx = db.write().await.unwrap();
        let (change, [_, city, peer, _]) = programme(&mut tx).await;
        let programme = change.programme.unwrap();
        let stated = figure(500, &[city], Grain::Stated);
        let id = figure_insert(&mut tx, &change, &stated).await.unwrap().figure.id;
        assert_eq!(figure_list_equal(&mut tx, programme, &stated).await.unwrap(), [id]);
        for other in [figure(501, &[city], Grain::Stated), figure(500, &[peer], Grain::Stated)] {
            assert!(figure_list_equal(&mut tx, programme, &other).await.unwrap().is_empty(), "{db:?}");
        }
        let replacing = NewFigure { replaces: Some(id), ..figure(510, &[city], Grain::Stated) };
        figure_insert(&mut tx, &change, &replacing).await.unwrap();
        let equal = figure_list_equal(&mut tx, programme, &stated).await.unwrap();
        assert!(equal.is_empty(), "replaced figures are past");
        assert!(matches!(figure_insert(&mut tx, &change, &replacing).await, Err(Error::Duplicate)));
    }
}

#[tokio::test]
async fn the_list_filters_by_region_tree_and_pages_by_key() {
    for db in testing::databases().await {
        let mut tx = db.write().await.unwrap();
        let (change, [province, city, peer, district]) = programme(&mut tx).await;
        let programme = change.programme.unwrap();
        for (value, host) in [(1, city), (2, peer), (3, district)] {
            figure_insert(&mut tx, &change, &figure(value, &[host], Grain::Stated)).await.unwrap();
        }
        let values =
            |rows: Vec<FigureRow>| rows.iter().map(|row| row.figure.quantity.low).collect::<Vec<_>>();
        for (region, expected) in [(province, vec![3, 2, 1]), (city, vec![3, 1]), (peer, vec![2])] {
            let filter = FigureFilter { region: Some(region), ..everything() };
            assert_eq!(
                values(figure_list(&mut tx, programme, &filter, None, 10).await.unwrap()),
                expected,
                "{db:?}"
            );
        }
        let first = figure_list(&mut tx, programme, &everything(), None, 2).await.unwrap();
        let key = first.last().map(|row| row.figure.id);
        assert_eq!(values(figure_list(&mut tx, programme, &everything(), key, 2).await.unwrap()), [1]);
    }
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    for db in testing::databases().await {
        let mut tx = db.write().await.unwrap();
        programme(&mut tx).await;
        drop(tx);
        let mut tx = db.read().await.unwrap();
        assert!(programme_list(&mut tx).await.unwrap().is_empty(), "{db:?}");
    }
}

#[tokio::test]
async fn a_backup_restores_into_an_empty_database_of_either_kind() {
    let databases = testing::databases().await;
    for db in &databases {
        let mut tx = db.write().await.unwrap();
        let (change, [_, city, ..]) = programme(&mut tx).await;
        figure_insert(&mut tx, &change, &figure(7, &[city], Grain::Stated)).await.unwrap();
        blob_insert(&mut tx, "sha256:x", "text/plain", 3, &mut &b"\x00\xffz"[..]).await.unwrap();
        tx.commit().await.unwrap();
        let mut bytes = Vec::new();
        backup_write(db, &mut bytes).await.unwrap();
        for fresh in testing::databases().await {
            backup_restore(&fresh, &mut &bytes[..]).await.unwrap();
            let mut again = Vec::new();
            backup_write(&fresh, &mut again).await.unwrap();
            assert!(bytes == again, "{db:?} to {fresh:?}");
            assert!(matches!(backup_restore(&fresh, &mut &bytes[..]).await, Err(Error::Duplicate)));
            let mut tx = fresh.write().await.unwrap();
            let entry = figure_insert(&mut tx, &change, &figure(8, &[city], Grain::Stated)).await.unwrap();
            assert!(entry.code.ends_with("000002"), "{}", entry.code);
        }
        let cut = &bytes[..bytes.len() / 2];
        let fresh = testing::sqlite().await;
        assert!(matches!(backup_restore(&fresh, &mut &cut[..]).await, Err(Error::Damaged(_))));
    }
}

#[tokio::test]
async fn a_change_is_undone_once_and_its_items_are_read_back() {
    for db in testing::databases().await {
        let mut tx = db.write().await.unwrap();
        let (change, [_, city, ..]) = programme(&mut tx).await;
        let entry = figure_insert(&mut tx, &change, &figure(7, &[city], Grain::Stated)).await.unwrap();
        let items = change_item_list(&mut tx, change.id).await.unwrap();
        let created = items.iter().find(|item| item.record == Some(entry.figure.id)).expect("audited");
        assert_eq!((created.field.as_str(), created.before.is_none()), ("*", true));
        let undo =
            NewChange { undoes: Some(change.id), kind: "undo", source: "test", ..NewChange::default() };
        change_open(&mut tx, &undo, now(), today()).await.unwrap();
        assert!(change_get(&mut tx, change.id).await.unwrap().undone_by.is_some());
        assert!(matches!(change_open(&mut tx, &undo, now(), today()).await, Err(Error::Duplicate)));
    }
}

#[tokio::test]
async fn relations_reach_the_total_through_the_claims() {
    for db in testing::databases().await {
        let mut tx = db.write().await.unwrap();
        let (change, [_, city, ..]) = programme(&mut tx).await;
        let programme = change.programme.unwrap();
        blob_insert(&mut tx, "sha256:y", "text/plain", 1, &mut &b"y"[..]).await.unwrap();
        let new = NewDocument {
            digest: "sha256:y",
            original_digest: "sha256:y",
            masked_count: 0,
            file_name: "y.txt",
            format: "text",
            state: DocumentState::Ready,
        };
        let document = document_insert(&mut tx, &change, &new).await.unwrap();
        let text = DocumentText { id: 0, producer: "t/1".into(), text: "y".into(), map: None, pages: None };
        let text = document_text_insert(&mut tx, document.id, "extracted", &text).await.unwrap();
        let mut claims = Vec::new();
        // Two parts of one region and period would overlap; the relation says that they are parts.
        for value in [30, 10, 20] {
            let reading = ClaimReading {
                value: value.to_string(),
                value_max: None,
                unit: "CNY".into(),
                approx: Approx::Exact,
                measure: Measure::SignedUnspecified,
                role: Role::Actual,
                place: None,
                phrase: None,
                period: Period::unknown(TimeKind::Flow),
                organisation: None,
                event: None,
            };
            let new = NewClaim {
                span: (0, 1),
                quote: "y".into(),
                reading,
                sentence: (0, 1),
                certain: true,
                trail: String::new(),
            };
            let id = claim_insert(&mut tx, (programme, document.id, text), "engine/1", &new).await.unwrap();
            let claim = claim_lock(&mut tx, id).await.unwrap();
            let entry =
                figure_insert(&mut tx, &change, &figure(value, &[city], Grain::Stated)).await.unwrap();
            claim_decide(&mut tx, &change, &claim, ClaimState::Accepted, None, Some(entry.figure.id))
                .await
                .unwrap();
            claims.push(id);
        }
        relation_insert(&mut tx, programme, document.id, claims[0], &claims[1..], Coverage::Complete)
            .await
            .unwrap();
        let (opened, _) = tally_open(&mut tx, programme, group(), Scope::Programme).await.unwrap();
        assert_eq!((opened.total.low, opened.counted.len()), (30, 1), "{db:?}");
        assert!(
            opened.left_out.iter().all(|(_, reason)| reason.code() == "part_of"),
            "{:?}",
            opened.left_out
        );
        assert_eq!(relation_list(&mut tx, programme).await.unwrap().len(), 1);
        assert_eq!(relation_claim_list(&mut tx, programme, &Reach::everything()).await.unwrap().len(), 3);
    }
}

/// Lets what was spawned run until it waits for this transaction.
async fn meanwhile() {
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
}

#[tokio::test]
async fn the_same_bytes_stored_by_two_at_once_are_stored_once() {
    for db in testing::databases().await {
        let mut first = db.write().await.unwrap();
        blob_insert(&mut first, "sha256:z", "text/plain", 1, &mut &b"z"[..]).await.unwrap();
        let other = db.clone();
        let second = tokio::spawn(async move {
            let mut tx = other.write().await?;
            blob_insert(&mut tx, "sha256:z", "text/plain", 1, &mut &b"z"[..]).await?;
            tx.commit().await
        });
        meanwhile().await;
        first.commit().await.unwrap();
        second.await.unwrap().unwrap();
        let mut bytes = Vec::new();
        blob_copy(&mut db.read().await.unwrap(), "sha256:z", &mut bytes).await.unwrap();
        assert_eq!(bytes, b"z", "{db:?}");
    }
}

#[tokio::test]
async fn what_stood_before_is_what_the_one_before_wrote() {
    for db in testing::databases().await {
        let mut tx = db.write().await.unwrap();
        let (change, _) = programme(&mut tx).await;
        blob_insert(&mut tx, "sha256:y", "text/plain", 1, &mut &b"y"[..]).await.unwrap();
        let new = NewDocument {
            digest: "sha256:y",
            original_digest: "sha256:y",
            masked_count: 0,
            file_name: "y.txt",
            format: "text",
            state: DocumentState::Ready,
        };
        let document = document_insert(&mut tx, &change, &new).await.unwrap().id;
        tx.commit().await.unwrap();
        let details = |title: &str| DocumentDetails {
            title: title.into(),
            publisher: Some(title.into()),
            published_on: None,
            details: "confirmed".into(),
        };
        let new =
            NewChange { programme: change.programme, kind: "b", source: "test", ..NewChange::default() };
        let mut first = db.write().await.unwrap();
        document_set_details(&mut first, &change, document, &details("first")).await.unwrap();
        let (other, second) = (db.clone(), details("second"));
        let second = tokio::spawn(async move {
            let mut tx = other.write().await?;
            let change = change_open(&mut tx, &new, now(), today()).await?;
            document_set_details(&mut tx, &change, document, &second).await?;
            tx.commit().await.map(|()| change.id)
        });
        meanwhile().await;
        first.commit().await.unwrap();
        let second = second.await.unwrap().unwrap();
        let items = change_item_list(&mut db.read().await.unwrap(), second).await.unwrap();
        for field in ["title", "publisher"] {
            let item = items.iter().find(|item| item.field == field).expect("audited");
            assert_eq!(item.before, Some("first".into()), "{db:?} {field}");
        }
    }
}

#[tokio::test]
async fn who_holds_a_programme_does_not_keep_others_from_writing_to_it() {
    // SQLite has one writer anyway.
    for db in testing::databases().await.into_iter().filter(|db| db.name() == "PostgreSQL") {
        let mut tx = db.write().await.unwrap();
        let (change, _) = programme(&mut tx).await;
        tx.commit().await.unwrap();
        let mut holder = db.write().await.unwrap();
        programme_lock(&mut holder, change.programme.unwrap()).await.unwrap();
        let mut tx = db.write().await.unwrap();
        let new =
            NewChange { programme: change.programme, kind: "b", source: "test", ..NewChange::default() };
        let opened = change_open(&mut tx, &new, now(), today());
        let opened = tokio::time::timeout(std::time::Duration::from_secs(20), opened).await;
        opened.expect("it does not wait for the holder").unwrap();
    }
}

#[tokio::test]
async fn a_listed_figure_knows_the_names_of_its_organisation_and_event_in_both_languages() {
    for db in testing::databases().await {
        let mut tx = db.write().await.unwrap();
        let (change, [_, city, ..]) = programme(&mut tx).await;
        let values = Values::new();
        let entry = |title, title_en| NewEntry { title, title_en, values: &values };
        let (firm, fair) = (entry("甲公司", None), entry("推介会", Some("Fair")));
        let firm = entry_insert(&mut tx, &change, RecordKind::Organisation, &firm).await.unwrap().id;
        let fair = entry_insert(&mut tx, &change, RecordKind::Event, &fair).await.unwrap().id;
        let new = figure(7, &[city], Grain::Stated);
        let new = NewFigure { organisation: Some(firm), event: Some(fair), ..new };
        figure_insert(&mut tx, &change, &new).await.unwrap();
        let programme = change.programme.unwrap();
        let rows = figure_list(&mut tx, programme, &everything(), None, 5).await.unwrap();
        assert_eq!(rows[0].organisation, Some(("甲公司".into(), None)), "{db:?}");
        assert_eq!(rows[0].event, Some(("推介会".into(), Some("Fair".into()))), "{db:?}");
    }
}
