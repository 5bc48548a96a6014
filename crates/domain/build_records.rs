//! Turns `data/records.tsv` into the enum and the tables of `record.rs`.

use std::fmt::Write as _;

type Row<'a> = Vec<&'a str>;

/// The generated source.
pub fn generate(text: &str) -> String {
    let rows: Vec<Row> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    let of = |name: &str| rows.iter().filter(|row| row[0] == name).cloned().collect::<Vec<_>>();
    let (kinds, fields, choices, amounts) = (of("kind"), of("field"), of("choice"), of("amount"));
    let moves = of("move");
    let mut out = String::new();
    kind_enum(&mut out, &kinds);
    choice_lists(&mut out, &choices);
    out.push_str(
        "/// Every kind with its fields, in the order of the data file.\nstatic KINDS: &[KindInfo] = &[\n",
    );
    for row in &kinds {
        let own: String =
            fields.iter().filter(|field| field[1] == row[1]).map(|field| field_row(field)).collect();
        let amount = amounts.iter().find(|amount| amount[1] == row[1]);
        let moves: String =
            moves.iter().filter(|of| of[1] == row[1]).map(|of| format!("{}, ", move_of(of))).collect();
        writeln!(
            out,
            "    KindInfo {{ code: {:?}, prefix: {:?}, zh: {:?}, en: {:?}, group: Group::{}, amount: {}, moves: &[{moves}], \
             fields: &[\n{own}    ] }},",
            row[1], row[2], row[3], row[4], camel(row[5]), amount_of(amount)
        )
        .expect("writing to a string");
    }
    out.push_str("];\n");
    out
}

fn camel(code: &str) -> String {
    code.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

fn kind_enum(out: &mut String, kinds: &[Row]) {
    let variants: String = kinds
        .iter()
        .map(|row| format!("    /// {} · {}\n    {},\n", row[3], row[4], camel(row[1])))
        .collect();
    let all: String = kinds.iter().map(|row| format!("Self::{}, ", camel(row[1]))).collect();
    writeln!(
        out,
        "/// What a record is. Codes, labels and fields: `data/records.tsv`.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum RecordKind {{\n{variants}}}\n\n\
         impl RecordKind {{\n    /// Every kind, in the order of the data file.\n    pub const ALL: &[Self] = &[{all}];\n}}\n"
    )
    .expect("writing to a string");
}

fn choice_lists(out: &mut String, choices: &[Row]) {
    let mut names: Vec<&str> = choices.iter().map(|row| row[1]).collect();
    names.dedup();
    let all: String = names.iter().map(|name| format!("{}, ", name.to_uppercase())).collect();
    writeln!(out, "static CHOICES: &[&[Choice]] = &[{all}];").expect("writing to a string");
    for name in names {
        let rows: String = choices
            .iter()
            .filter(|row| row[1] == name)
            .map(|row| {
                let extra = row.get(5).copied().unwrap_or_default();
                format!(
                    "    Choice {{ list: {name:?}, code: {:?}, zh: {:?}, en: {:?}, extra: {extra:?} }},\n",
                    row[2], row[3], row[4]
                )
            })
            .collect();
        writeln!(out, "static {}: &[Choice] = &[\n{rows}];", name.to_uppercase())
            .expect("writing to a string");
    }
}

fn field_row(row: &Row) -> String {
    let flags = row.get(6).copied().unwrap_or_default();
    let flag = |name: &str| flags.split(',').any(|flag| flag == name);
    format!(
        "        FieldInfo {{ code: {:?}, zh: {:?}, en: {:?}, kind: {}, required: {}, list: {}, filter: {}, sort: {}, \
         party: {}, key: {}, open: {}, due: {}, personal: {}, shared: {} }},\n",
        row[2],
        row[4],
        row[5],
        field_type(row[3]),
        flag("required"),
        flag("list"),
        flag("filter"),
        flag("sort"),
        flag("party"),
        flag("key"),
        flag("open"),
        flag("due"),
        flag("personal"),
        flag("shared")
    )
}

fn field_type(text: &str) -> String {
    let parts: Vec<&str> = text.split(':').collect();
    match parts[..] {
        ["choice", list] => format!("FieldType::Choice({})", list.to_uppercase()),
        ["record", kind] => format!("FieldType::Record(RecordKind::{})", camel(kind)),
        ["quantity", unit] => format!("FieldType::Quantity({unit:?})"),
        ["links", kind, list] => {
            format!("FieldType::Links(RecordKind::{}, {})", camel(kind), list.to_uppercase())
        }
        [simple] => format!("FieldType::{}", camel(simple)),
        _ => panic!("data/records.tsv: unknown type {text:?}"),
    }
}

fn amount_of(row: Option<&Row>) -> String {
    row.map_or("None".to_owned(), |row| {
        let measure = match row[2].strip_prefix("by:") {
            Some(field) => format!("AmountOf::ByChoice({field:?})"),
            None => format!("AmountOf::Measure(Measure::{})", camel(row[2])),
        };
        format!(
            "Some(AmountInfo {{ measure: {measure}, role: Role::{}, zh: {:?}, en: {:?} }})",
            camel(row[3]),
            row[4],
            row[5]
        )
    })
}

fn move_of(row: &Row) -> String {
    let asks: Vec<&str> = row[4].split(',').filter(|ask| !ask.is_empty()).collect();
    format!("Move {{ from: {:?}, to: {:?}, asks: &{asks:?} }}", row[2], row[3])
}
