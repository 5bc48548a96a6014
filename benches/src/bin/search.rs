//! `cargo xtask bench search [DATABASE …]`: search as you type and the text filter of a list at 100,000 records and 20,000
//! passages of documents, on SQLite and, where `LUODI_TEST_POSTGRES` names a server, on PostgreSQL; or on the databases
//! that are named, which are filled when they are empty and kept. Everything in it is invented.

use benches::{Times, median, percentile};
use domain::record::{Value, Values};
use domain::region::Side;
use jiff::Timestamp;
use jiff::civil::date;
use std::time::Instant;
use store::{
    Change, Condition, Db, DocumentState, DocumentText, ListFilter, NewChange, NewDocument, NewEntry,
    Programme, ProgrammeRegion, Query, Reach, RecordKind, Region, SearchScope, Sort, SortBy,
};

const RECORDS: usize = 100_000;
const REGIONS: usize = 50;
const DOCUMENTS: usize = 4_000;
const PASSAGES_EACH: usize = 5;
const PER_COMMIT: usize = 2_000;
const ROUNDS: usize = 60;
const LIST_ROUNDS: usize = 20;
const SHOWN: usize = 20;

const PLACES: &[&str] = &[
    "乌泽", "临泽", "青川", "石湾", "白河", "红岩", "龙江", "云岭", "金沙", "银湖", "东川", "西岭", "南浦",
    "北屏", "新丰", "长宁", "安澜", "永昌", "兴和", "太平",
];
const TRADES: &[&str] = &[
    "纺织", "服装", "番茄", "葡萄", "棉花", "光伏", "风电", "储能", "化工", "煤炭", "机械", "汽车", "电子",
    "软件", "物流", "冷链", "乳业", "畜牧", "林果", "中药", "建材", "玻璃", "钢铁", "有色", "旅游", "医药",
    "食品", "饮料", "包装", "印刷",
];
const GIVEN: &str = "华盛恒瑞祥泰丰源宏达正信嘉和天宇海通远景博雅凯鸿铭锦程卓越伟业利民德辉耀星晨曦";
const KINDS: &[&str] =
    &["有限公司", "股份有限公司", "集团有限公司", "有限责任公司", "合作社", "产业园", "研究院"];

const QUERIES: [(&str, &str); 11] = [
    ("common word of two characters", "公司"),
    ("another common word", "物流"),
    ("common pair of words", "公司 物流"),
    ("one character", "丰"),
    ("rare word", "晨曦卓越"),
    ("no such word", "髙铁髙铁"),
    ("word of documents only", "段落"),
    ("initials", "wzhs"),
    ("first initial", "w"),
    ("pinyin", "wuze"),
    ("first part of a code", "DW-2026-0123"),
];

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome {
    for db in benches::databases().await? {
        let known = store::programme_list(&mut db.read().await?).await?.first().map(|programme| programme.id);
        let programme = match known {
            Some(programme) => programme,
            None => filled(&db).await?,
        };
        measured(&db, programme).await?;
    }
    Ok(())
}

async fn measured(db: &Db, programme: i64) -> Outcome {
    let regions = store::programme_region_list(&mut db.read().await?, programme).await?;
    let one = regions.first().map_or(0, |region| region.region);
    let of = |key: String| Reach { keys: vec![key], ..Reach::default() };
    let readers = [
        ("", Reach { all: true, ..Reach::default() }),
        (", reader of one region in fifty", of(format!("r{one}"))),
        (", reader of nothing", of("r0".to_owned())),
    ];
    for (whose, reach) in &readers {
        let scope = SearchScope { programme, reach, contacts: reach, kind: None };
        for (what, text) in QUERIES {
            let (query, mut times, mut count) = (Query::new(text), Times::default(), 0);
            for _ in 0..ROUNDS {
                let mut tx = db.read().await?;
                count = times.run(store::search_list(&mut tx, scope, &query, SHOWN)).await?.len();
            }
            print(db, &format!("{what} {text}{whose}: {count} hits"), &times);
        }
        for text in ["公司", "物流", "公司 物流", "晨曦卓越", "髙铁髙铁", "段落"] {
            lists(db, programme, reach, (text, whose)).await?;
        }
    }
    Ok(())
}

/// Pages of the list of organisations with a text filter and two more, in several orders.
async fn lists(db: &Db, programme: i64, reach: &Reach, (text, whose): (&str, &str)) -> Outcome {
    let kind = RecordKind::Organisation;
    let field = |code| kind.field(code).ok_or("no such field");
    let conditions = vec![
        Condition::OneOf(field("kind")?, vec!["enterprise".into(), "park_operator".into()]),
        Condition::OneOf(field("sector")?, vec!["C".into()]),
    ];
    for by in [SortBy::Created, SortBy::Title, SortBy::Changed] {
        let filter = ListFilter {
            text: text.into(),
            reach: reach.clone(),
            conditions: conditions.clone(),
            ..ListFilter::of(kind)
        };
        let (sort, mut times, mut count) = (Sort { by, descending: true }, Times::default(), 0);
        for _ in 0..LIST_ROUNDS {
            let mut tx = db.read().await?;
            count = times.run(store::entry_list(&mut tx, programme, &filter, sort, None, 50)).await?.len();
        }
        print(db, &format!("list with {text} by {by:?}{whose}: {count} rows"), &times);
    }
    Ok(())
}

fn print(db: &Db, what: &str, times: &Times) {
    println!("{:10} p50 {:7.2} ms  p99 {:7.2} ms  {what}", db.name(), median(times), percentile(times, 99));
}

/// A number that follows from another, for choices that look unordered and are the same in every run.
fn mix(seed: usize) -> usize {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x ^= x >> 29;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^ (x >> 32)
}

fn pick<'a>(words: &[&'a str], seed: usize) -> &'a str {
    words[mix(seed) % words.len()]
}

fn name(index: usize) -> String {
    let given: Vec<char> = GIVEN.chars().collect();
    let given: String = (0..2 + index % 3).map(|n| given[mix(index * 7 + n) % given.len()]).collect();
    let (place, trade) = (pick(PLACES, index * 3), pick(TRADES, index * 5));
    format!("{place}{given}{trade}{}", pick(KINDS, index * 11))
}

/// A sentence of a generated report.
fn sentence(index: usize) -> String {
    let (place, trade, other) = (pick(PLACES, index), pick(TRADES, index + 1), pick(TRADES, index * 13));
    format!(
        "{place}推进{trade}与{other}项目{}个，完成投资{}亿元，{}参与。",
        mix(index) % 90,
        mix(index) % 700,
        name(mix(index) % 9_999)
    )
}

async fn filled(db: &Db) -> Outcome<i64> {
    let started = Instant::now();
    let day = date(2026, 1, 2);
    let mut tx = db.write().await?;
    let new = NewChange { kind: "bench", source: "bench", ..NewChange::default() };
    let change = store::change_open(&mut tx, &new, Timestamp::now(), day).await?;
    let (name_zh, name_en, time_zone) = ("甲".into(), "A".into(), "Asia/Shanghai".into());
    let programme = Programme { id: 0, code: "bench".into(), name_zh, name_en, time_zone, has_labels: false };
    let programme = store::programme_insert(&mut tx, &change, &programme).await?;
    let regions = regions(&mut tx, &change, programme).await?;
    tx.commit().await?;
    let new = NewChange { programme: Some(programme), ..new };
    for start in (0..RECORDS).step_by(PER_COMMIT) {
        let mut tx = db.write().await?;
        let change = store::change_open(&mut tx, &new, Timestamp::now(), day).await?;
        for index in start..start + PER_COMMIT {
            let region = regions[mix(index) % regions.len()];
            let text = |text: &str| Value::Text(text.to_owned());
            let sector = if index % 5 == 0 { "G53" } else { "C17" };
            let values = Values::from([
                ("kind", text("enterprise")),
                ("sector", text(sector)),
                ("region", Value::Id(region)),
            ]);
            let entry = NewEntry { title: &name(index), title_en: None, values: &values };
            let record = store::entry_insert(&mut tx, &change, RecordKind::Organisation, &entry).await?;
            store::party_set(&mut tx, &change, record.id, &[(region, Side::Host)], &[], (None, false))
                .await?;
        }
        tx.commit().await?;
    }
    println!("{}: {RECORDS} records in {:.1} s", db.name(), started.elapsed().as_secs_f64());
    let started = Instant::now();
    for start in (0..DOCUMENTS).step_by(100) {
        let mut tx = db.write().await?;
        let change = store::change_open(&mut tx, &new, Timestamp::now(), day).await?;
        for index in start..start + 100 {
            document(&mut tx, &change, index).await?;
        }
        tx.commit().await?;
    }
    println!("{}: {DOCUMENTS} documents in {:.1} s", db.name(), started.elapsed().as_secs_f64());
    Ok(programme)
}

/// Fifty regions under one.
async fn regions(tx: &mut store::Tx, change: &Change, programme: i64) -> Outcome<Vec<i64>> {
    let mut ids = Vec::new();
    for index in 0..=REGIONS {
        let region = Region {
            id: 0,
            code: format!("B{index}"),
            kind: "prefecture".into(),
            name_zh: format!("{index}区"),
            short_zh: None,
            name_en: None,
            parent: ids.first().copied(),
            geo_parent: None,
            valid_from: None,
            valid_to: None,
        };
        ids.extend(store::region_insert(tx, &region).await?);
    }
    store::region_tree_rebuild(tx, change, ids.len()).await?;
    ids.remove(0);
    for region in &ids {
        let part = ProgrammeRegion { region: *region, side: Side::Host, tile: None };
        store::programme_region_insert(tx, change, programme, &part).await?;
    }
    Ok(ids)
}

async fn document(tx: &mut store::Tx, change: &Change, index: usize) -> Outcome {
    let mut text = String::from("段落：");
    let mut chars = 0;
    for n in 0.. {
        let sentence = sentence(index * 1_000 + n);
        chars += sentence.chars().count();
        if chars > PASSAGES_EACH * 1_960 {
            break;
        }
        text.push_str(&sentence);
    }
    let digest = format!("bench:{index}");
    store::blob_insert(tx, &digest, "text/plain", 1, &mut &b"x"[..]).await?;
    let new = NewDocument {
        digest: &digest,
        original_digest: &digest,
        masked_count: 0,
        file_name: &format!("{index}.txt"),
        format: "text",
        state: DocumentState::Ready,
    };
    let document = store::document_insert(tx, change, &new).await?.id;
    let layer = DocumentText { id: 0, producer: "bench".into(), text, map: None, pages: None };
    store::document_text_insert(tx, document, "extracted", &layer).await?;
    // The first record of a fresh database has the id 1.
    let record = 1 + i64::try_from(index * RECORDS / DOCUMENTS)?;
    store::link_insert(tx, change, record, document, (store::ATTACHMENT, "attachment"), None).await?;
    Ok(())
}
