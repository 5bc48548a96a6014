//! `cargo xtask bench search [DATABASE …]`: search as you type and the text filter of a list at 100,000 records and 20,000
//! passages of documents, on SQLite and, where `LUODI_TEST_POSTGRES` names a server, on PostgreSQL; or on the databases
//! that are named, which are filled when they are empty and kept. Everything in it is invented.

use benches::{Times, median, percentile};
use jiff::Timestamp;
use jiff::civil::date;
use std::time::Instant;
use store::{
    Change, Db, DocumentState, DocumentText, NewChange, NewDocument, Programme, Query, Reach, RecordKind,
    SearchScope,
};

const RECORDS: usize = 100_000;
const DOCUMENTS: usize = 4_000;
const PASSAGES_EACH: usize = 5;
const PER_COMMIT: usize = 2_000;
const ROUNDS: usize = 60;
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

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome {
    let mut databases = Vec::new();
    for address in std::env::args().skip(1) {
        databases.push(Db::open(&address).await?);
    }
    if databases.is_empty() {
        databases = store::testing::databases().await;
    }
    for db in databases {
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
    let all = Reach::everything();
    let reaches: &[(&str, &Reach)] = &[("", &all)];
    let queries = [
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
    for (whose, reach) in reaches {
        let scope = SearchScope { programme, reach, contacts: reach };
        for (what, text) in queries {
            let (query, mut times, mut count) = (Query::new(text), Times::default(), 0);
            for _ in 0..ROUNDS {
                let mut tx = db.read().await?;
                count = times.run(store::search_list(&mut tx, scope, &query, SHOWN)).await?.len();
            }
            print(db, &format!("{what} {text}{whose}: {count} hits"), &times);
        }
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
    let programme = Programme { id: 0, code: "bench".into(), name_zh, name_en, time_zone };
    let programme = store::programme_insert(&mut tx, &change, &programme).await?;
    tx.commit().await?;
    let new = NewChange { programme: Some(programme), ..new };
    for start in (0..RECORDS).step_by(PER_COMMIT) {
        let mut tx = db.write().await?;
        let change = store::change_open(&mut tx, &new, Timestamp::now(), day).await?;
        for index in start..start + PER_COMMIT {
            let kind = if index % 3 == 0 { RecordKind::Organisation } else { RecordKind::Park };
            let record = store::record_insert(&mut tx, &change, kind, &name(index), None).await?;
            store::search_put(&mut tx, record.id).await?;
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
    Ok(())
}
