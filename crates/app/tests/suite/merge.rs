//! Two records become one, everything that names the one names the other, and an undo puts every row back.

use crate::common::{applications, create, form_of_another as form, now, user};
use app::{
    Actor, AmountInput, App, EntryForm, Error, LinkInput, MergeForm, Moved, Obstacle, Record, RecordKind,
    Role,
};
use serde_json::Value;
use std::collections::BTreeMap;

fn party(record: &Record, role: &str) -> LinkInput {
    LinkInput { record: record.code.clone(), role: role.to_owned() }
}

fn yuan(value: &str) -> Option<AmountInput> {
    Some(AmountInput { value: value.into(), unit: "wan".into(), ..AmountInput::default() })
}

fn chosen(fields: &[&str]) -> MergeForm {
    let take_other = fields.iter().map(|field| (*field).to_owned()).collect();
    MergeForm { take_other, version: None, reason: "同一家".to_owned() }
}

/// Every row of every table but those of the audit, of logs that only grow, and of counters; by table, in a fixed order.
async fn rows(app: &App) -> BTreeMap<String, Vec<String>> {
    const LEFT_OUT: &[&str] = &[
        "change",
        "change_item",
        "record_counter",
        "register_version",
        "record_status",
        "figure_status",
        "tally_group",
        "tally_total",
        "tally_month",
    ];
    let mut bytes = Vec::new();
    app.backup(&Actor::operator(now()), &mut bytes).await.expect("written");
    let (mut table, mut rows) = (String::new(), BTreeMap::<String, Vec<String>>::new());
    for line in String::from_utf8(bytes).expect("text").lines() {
        let mut value: Value = serde_json::from_str(line).expect("JSON");
        if let Some(name) = value.get("table").and_then(Value::as_str) {
            table = name.to_owned();
        }
        let Some(row) = value.as_array_mut().filter(|_| !LEFT_OUT.contains(&table.as_str())) else {
            continue;
        };
        if table == "record" {
            // Version and time of the last change.
            (row[7], row[11]) = (Value::Null, Value::Null);
        }
        rows.entry(table.clone()).or_default().push(value.to_string());
    }
    rows.values_mut().for_each(|rows| rows.sort_unstable());
    rows
}

/// Rows that are not as before. A figure that the merge entered stays, withdrawn.
fn differing(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let id = |row: &String| row.trim_start_matches('[').split(',').next().unwrap_or_default().to_owned();
    let known: Vec<String> = before["record"].iter().map(id).collect();
    let entered: Vec<String> = after["figure"]
        .iter()
        .filter(|row| !known.contains(&id(row)) && row.contains("\"withdrawn\""))
        .map(id)
        .collect();
    let of_entered = |table: &str, row: &String| {
        ["record", "record_reach", "figure", "figure_region"].contains(&table) && entered.contains(&id(row))
    };
    let mut lines = Vec::new();
    for (table, rows) in before {
        let other = &after[table];
        lines.extend(rows.iter().filter(|row| !other.contains(row)).map(|row| format!("{table} - {row}")));
        let other = other.iter().filter(|row| !of_entered(table, row) && !rows.contains(row));
        lines.extend(other.map(|row| format!("{table} + {row}")));
    }
    lines
}

async fn undo_last(app: &App, actor: &Actor, programme: i64, code: &str) -> app::Result<()> {
    let (_, entries) = app.audit(actor, programme, code, None).await.expect("audited");
    app.change_undo(actor, programme, entries[0].change.id, None).await
}

/// Two organisations that are one, with what names each.
struct Pair {
    keep: Record,
    gone: Record,
    agreement: Record,
    need: Record,
}

async fn pair(app: &App, actor: &Actor, programme: i64) -> Pair {
    let firm = |title: &str, region: &str, note: &str| {
        form(title, &[("kind", "enterprise"), ("region", region), ("note", note)])
    };
    let organisation = RecordKind::Organisation;
    let keep = create(app, actor, programme, organisation, &firm("晴川电子有限公司", "X30000", "甲")).await;
    let mut other = firm("晴川电子", "X20000", "乙");
    other.aliases = Some(vec!["晴电".to_owned()]);
    let gone = create(app, actor, programme, organisation, &other).await;
    let mut agreement =
        form("晴川电子投资协议", &[("kind", "investment"), ("status", "signed"), ("region", "X12700")]);
    agreement.links.insert("party".to_owned(), vec![party(&gone, "investor"), party(&keep, "partner")]);
    agreement.amount = yuan("5000");
    let agreement = create(app, actor, programme, RecordKind::Agreement, &agreement).await;
    let need = form("寻找厂房", &[("status", "open"), ("organisation", &gone.code)]);
    let need = create(app, actor, programme, RecordKind::Need, &need).await;
    Pair { keep, gone, agreement, need }
}

#[tokio::test]
async fn everything_that_names_the_one_names_the_other_and_its_code_leads_there() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let Pair { keep, gone, agreement, need } = pair(&app, &office, programme).await;
        let view = app.merge_preview(&office, programme, &keep.code, &gone.code).await.expect("shown");
        assert!(view.obstacles.is_empty() && view.hidden == 0, "{view:?}");
        for (what, count) in [
            (Moved::Naming(RecordKind::Need), 1),
            (Moved::LinkedFrom, 1),
            (Moved::Figures, 1),
            (Moved::Names, 2),
        ] {
            assert!(view.moves.contains(&(what, count)), "{what:?} in {:?}", view.moves);
        }
        let choice = MergeForm { version: Some(view.version), ..chosen(&["note"]) };
        app.merge(&office, programme, (&keep.code, &gone.code), &choice).await.expect("merged");

        let detail = app.entry(&office, programme, &keep.code).await.expect("there");
        assert_eq!(detail.entry.text("note"), Some("乙"));
        assert_eq!(detail.aliases, ["晴川电子", "晴电"]);
        assert_eq!(detail.named_by.iter().map(|(_, record)| record.id).collect::<Vec<_>>(), [need.id]);
        let detail = app.entry(&office, programme, &agreement.code).await.expect("there");
        let parties: Vec<_> = detail.links.iter().map(|link| (link.record.id, link.role.as_str())).collect();
        assert_eq!(parties, [(keep.id, "investor"), (keep.id, "partner")]);
        assert_eq!(detail.figures[0].figure.organisation, Some(keep.id));
        let record = app.record(&office, programme, &gone.code).await.expect("its code works");
        assert!(record.archived);
        let into = app.merged_into(&office, &record).await.expect("read");
        assert_eq!(into.map(|record| record.id), Some(keep.id));
        let kind = RecordKind::Organisation;
        let named = app.record_list_named(&office, programme, kind, &gone.code).await.expect("read");
        assert_eq!(named.iter().map(|record| record.id).collect::<Vec<_>>(), [keep.id]);
        for code in [&keep.code, &gone.code, &need.code, &detail.figures[0].code] {
            let (_, entries) = app.audit(&office, programme, code, None).await.expect("audited");
            assert_eq!(entries[0].change.kind, "record-merge", "{code}");
            assert_eq!(entries[0].change.reason.as_deref(), Some("同一家"));
        }
        let again = app.merge(&office, programme, (&keep.code, &gone.code), &chosen(&[])).await;
        assert!(matches!(again, Err(Error::Conflict)));
    }
}

#[tokio::test]
async fn an_undo_puts_every_row_back_and_undoing_that_merges_again() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let Pair { keep, gone, need, .. } = pair(&app, &office, programme).await;
        let before = rows(&app).await;
        let fields = ["title", "title_en", "region", "note"];
        app.merge(&office, programme, (&keep.code, &gone.code), &chosen(&fields)).await.expect("merged");
        let merged = rows(&app).await;
        undo_last(&app, &office, programme, &keep.code).await.expect("undone");
        assert_eq!(differing(&before, &rows(&app).await), Vec::<String>::new());
        undo_last(&app, &office, programme, &gone.code).await.expect("merged again");
        assert_eq!(differing(&merged, &rows(&app).await), Vec::<String>::new());
        // What was written again since keeps its later value.
        let mut edit = EntryForm::default();
        edit.fields.insert("organisation".to_owned(), "岚湖青禾食品有限公司".to_owned());
        app.entry_edit(&office, programme, &need.code, &edit).await.expect("edited");
        let refused = undo_last(&app, &office, programme, &keep.code).await;
        assert!(matches!(refused, Err(Error::Superseded(fields)) if fields == ["need.organisation"]));
    }
}

/// Role and lower bound of the figures of a record that nothing replaces.
async fn counting(app: &App, actor: &Actor, programme: i64, record: &Record) -> Vec<(domain::Role, i64)> {
    let mut found = Vec::new();
    let figures = app.entry(actor, programme, &record.code).await.expect("there").figures;
    for row in figures.into_iter().filter(|row| row.figure.status != domain::figure::Status::Withdrawn) {
        if app.figure(actor, programme, &row.code).await.expect("there").replaced_by.is_none() {
            found.push((row.figure.role, row.figure.quantity.low));
        }
    }
    found
}

async fn two_agreements_count_once(status: &str) {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let kind = RecordKind::Agreement;
        let Pair { keep: one, gone: other, .. } = pair(&app, &office, programme).await;
        let agreement = |amount: &str, status: &str, day: &str| {
            let fields =
                [("kind", "investment"), ("status", status), ("region", "X12700"), ("signed_on", day)];
            let mut form = EntryForm { amount: yuan(amount), ..form("晴川投资协议", &fields) };
            form.links.insert("party".to_owned(), vec![party(&one, "investor"), party(&other, "partner")]);
            form
        };
        let keep = create(&app, &office, programme, kind, &agreement("100", "signed", "2026-05-01")).await;
        let gone = create(&app, &office, programme, kind, &agreement("200", status, "2026-05-02")).await;
        let before = rows(&app).await;
        app.merge(&office, programme, (&keep.code, &gone.code), &chosen(&["amount"])).await.expect("merged");
        let detail = app.entry(&office, programme, &keep.code).await.expect("there");
        assert_eq!(detail.entry.amount.map(|amount| amount.low), Some(200_000_000));
        let mut counting = counting(&app, &office, programme, &keep).await;
        counting.retain(|(role, _)| *role == domain::Role::Actual);
        assert_eq!(counting.len(), 1, "{counting:?}");
        assert_eq!(counting[0].1, 200_000_000);
        undo_last(&app, &office, programme, &keep.code).await.expect("undone");
        assert_eq!(differing(&before, &rows(&app).await), Vec::<String>::new());
    }
}

#[tokio::test]
async fn two_records_with_amounts_count_once() {
    two_agreements_count_once("signed").await;
}

#[tokio::test]
async fn an_amount_taken_from_a_draft_counts_as_signed_where_the_agreement_is() {
    two_agreements_count_once("draft").await;
}

#[tokio::test]
async fn an_agreement_that_another_follows_is_the_one_to_keep() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let Pair { keep: one, gone: other, .. } = pair(&app, &office, programme).await;
        let agreement = |title: &str, fields: &[(&str, &str)]| {
            let mut form = EntryForm { amount: yuan("100"), ..form(title, fields) };
            form.links.insert("party".to_owned(), vec![party(&one, "investor"), party(&other, "partner")]);
            form
        };
        let kind = RecordKind::Agreement;
        let signed = [("status", "signed"), ("signed_on", "2026-05-01")];
        let intent: Vec<_> = signed.into_iter().chain([("kind", "intent")]).collect();
        let followed = create(&app, &office, programme, kind, &agreement("晴川意向", &intent)).await;
        let again = create(&app, &office, programme, kind, &agreement("晴川意向书", &intent)).await;
        let contract = [("kind", "investment"), ("upgrades", &followed.code)];
        let contract: Vec<_> = signed.into_iter().chain(contract).collect();
        let contract = create(&app, &office, programme, kind, &agreement("晴川投资", &contract)).await;
        let of = async |keep: &Record, other: &Record| {
            let view = app.merge_preview(&office, programme, &keep.code, &other.code).await;
            view.expect("shown").obstacles
        };
        assert_eq!(of(&again, &followed).await, [Obstacle::Followed]);
        assert_eq!(of(&followed, &contract).await, [Obstacle::Followed]);
        let before = rows(&app).await;
        let pair = (followed.code.as_str(), again.code.as_str());
        app.merge(&office, programme, pair, &chosen(&["status"])).await.expect("merged");
        assert_eq!(counting(&app, &office, programme, &contract).await.len(), 1);
        assert_eq!(counting(&app, &office, programme, &followed).await, [], "the contract's counts");
        undo_last(&app, &office, programme, &followed.code).await.expect("undone");
        assert_eq!(differing(&before, &rows(&app).await), Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_cannot_be_merged_says_why() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let Pair { keep, gone, need, .. } = pair(&app, &office, programme).await;
        let of = async |one: &str, other: &str| {
            app.merge_preview(&office, programme, one, other).await.expect("shown").obstacles
        };
        assert_eq!(of(&keep.code, &keep.code).await, [Obstacle::Same]);
        assert_eq!(of(&keep.code, &need.code).await, [Obstacle::OtherKind]);
        let middle = form("晴川控股", &[("kind", "enterprise"), ("parent", &keep.code)]);
        let middle = create(&app, &office, programme, RecordKind::Organisation, &middle).await;
        let mut edit = EntryForm::default();
        edit.fields.insert("parent".to_owned(), middle.code.clone());
        app.entry_edit(&office, programme, &gone.code, &edit).await.expect("edited");
        assert_eq!(of(&keep.code, &gone.code).await, [Obstacle::Circle]);
        // A parent is merged with its child: it does not stand above itself.
        app.merge(&office, programme, (&keep.code, &middle.code), &chosen(&["parent"]))
            .await
            .expect("merged");
        let kept = app.entry(&office, programme, &keep.code).await.expect("there");
        assert_eq!(kept.entry.id("parent"), None);
        let unexplained = MergeForm { reason: " ".into(), ..chosen(&[]) };
        let refused = app.merge(&office, programme, (&keep.code, &gone.code), &unexplained).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "reason", problem: "missing" })));
        let reader = user(&app, "reader", Role::Reader).await;
        let refused = app.merge_preview(&reader, programme, &keep.code, &gone.code).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
}

#[tokio::test]
async fn of_two_who_merge_at_once_one_is_told_and_what_changed_meanwhile_is_not_overlooked() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let Pair { keep, gone, .. } = pair(&app, &office, programme).await;
        let view = app.merge_preview(&office, programme, &keep.code, &gone.code).await.expect("shown");
        let mut edit = EntryForm::default();
        edit.fields.insert("note".to_owned(), "丙".to_owned());
        app.entry_edit(&office, programme, &gone.code, &edit).await.expect("edited");
        let late = MergeForm { version: Some(view.version), ..chosen(&[]) };
        let refused = app.merge(&office, programme, (&keep.code, &gone.code), &late).await;
        assert!(matches!(refused, Err(Error::Conflict)));
        let choice = chosen(&[]);
        let (one, other) = tokio::join!(
            app.merge(&office, programme, (&keep.code, &gone.code), &choice),
            app.merge(&office, programme, (&gone.code, &keep.code), &choice)
        );
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let refused = one.err().or(other.err());
        assert!(matches!(refused, Some(Error::Conflict)), "{refused:?}");
    }
}

#[tokio::test]
async fn a_record_merged_before_leads_to_where_everything_is() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let Pair { keep, gone, .. } = pair(&app, &office, programme).await;
        let last = form("晴川集团", &[("kind", "enterprise")]);
        let last = create(&app, &office, programme, RecordKind::Organisation, &last).await;
        app.merge(&office, programme, (&keep.code, &gone.code), &chosen(&[])).await.expect("merged");
        app.merge(&office, programme, (&last.code, &keep.code), &chosen(&[])).await.expect("merged");
        let first = app.record(&office, programme, &gone.code).await.expect("its code works");
        let into = app.merged_into(&office, &first).await.expect("read").map(|record| record.id);
        assert_eq!(into, Some(last.id));
        let page = app.entry(&office, programme, &last.code).await.expect("its page");
        assert_eq!(page.merged.len(), 2);
        let (_, entries) = app.audit(&office, programme, &gone.code, None).await.expect("audited");
        let merges: Vec<_> = entries.iter().filter(|entry| entry.change.kind == "record-merge").collect();
        let [later, first] = merges[..] else { panic!("two merges") };
        let refused = app.change_undo(&office, programme, first.change.id, None).await;
        assert!(matches!(refused, Err(Error::Superseded(_))), "{refused:?}");
        app.change_undo(&office, programme, later.change.id, None).await.expect("the later one");
        app.change_undo(&office, programme, first.change.id, None).await.expect("and then the first");
        assert!(!app.record(&office, programme, &gone.code).await.expect("there").archived);
    }
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit as u64).expect("small")
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = self.below(of.len());
        &of[at]
    }
}

/// A world in which records name each other at random, of every kind that names organisations or is named by records.
async fn world(
    app: &App,
    actor: &Actor,
    programme: i64,
    dice: &mut Dice,
) -> BTreeMap<RecordKind, Vec<Record>> {
    use RecordKind::{Agreement, Contact, Event, Need, Office, Opportunity, Organisation, Park, Prospect};
    let mut world: BTreeMap<RecordKind, Vec<Record>> = BTreeMap::new();
    for (kind, count) in [
        (Organisation, 6),
        (Office, 2),
        (Park, 3),
        (Event, 3),
        (Agreement, 5),
        (Contact, 3),
        (Opportunity, 3),
        (Need, 3),
        (Prospect, 3),
    ] {
        for number in 0..count {
            let form = random_form(kind, number, &world, dice);
            let record = create(app, actor, programme, kind, &form).await;
            world.entry(kind).or_default().push(record);
        }
    }
    world
}

fn random_form(
    kind: RecordKind,
    number: usize,
    world: &BTreeMap<RecordKind, Vec<Record>>,
    dice: &mut Dice,
) -> EntryForm {
    use domain::record::FieldType;
    const REGIONS: &[&str] = &["X30000", "X20000", "X12700", "X10000"];
    let mut form = form(&format!("{}{number}{}", kind.zh(), dice.below(1_000_000)), &[]);
    let pick = |of: RecordKind, dice: &mut Dice| world.get(&of).map(|all| dice.one(all).code.clone());
    for field in kind.fields() {
        if !field.required && dice.below(3) == 0 {
            continue;
        }
        let text = match field.kind {
            FieldType::Text if field.code == "website" => Some(format!("www.{}.example", dice.below(100))),
            FieldType::Text | FieldType::Long => Some(format!("词{}", dice.below(100))),
            FieldType::Choice(list) => Some(dice.one(list).code.to_owned()),
            FieldType::Region => Some((*dice.one(REGIONS)).to_owned()),
            FieldType::Record(of) => pick(of, dice),
            FieldType::Quantity(_) => Some(dice.below(100).to_string()),
            FieldType::Links(of, roles) => {
                let rows = (0..dice.below(4)).filter_map(|_| {
                    let role = dice.one(roles).code.to_owned();
                    Some(LinkInput { record: pick(of, dice)?, role })
                });
                form.links.insert(field.code.to_owned(), rows.collect());
                None
            }
            _ => None,
        };
        form.fields.extend(text.map(|text| (field.code.to_owned(), text)));
    }
    form.fields.remove("land_free");
    if let (RecordKind::Agreement, Some([one, other, ..])) =
        (kind, world.get(&RecordKind::Organisation).map(Vec::as_slice))
    {
        let status = *dice.one(&["draft", "signed", "expired"]);
        form.fields.insert("status".to_owned(), status.to_owned());
        form.fields.retain(|field, _| !["upgrades", "renews", "parent"].contains(&field.as_str()));
        form.links.insert("party".to_owned(), vec![party(one, "investor"), party(other, "partner")]);
    }
    form.aliases = Some((0..dice.below(3)).map(|alias| format!("别{alias}{}", dice.below(1_000))).collect());
    form.amount =
        kind.amount().filter(|_| dice.below(2) == 0).and_then(|_| yuan(&(1 + dice.below(3)).to_string()));
    form
}

#[tokio::test]
async fn in_any_world_an_undone_merge_leaves_every_row_as_it_was() {
    for (app, programme) in applications().await {
        let reviewer = user(&app, "reviewer", Role::Reviewer).await;
        for seed in 0..3 {
            let mut dice = Dice(seed);
            let world = world(&app, &reviewer, programme, &mut dice).await;
            let before = rows(&app).await;
            for (kind, records) in &world {
                let (keep, gone) = (&records[0], &records[1]);
                let codes =
                    kind.fields().iter().map(|field| field.code).chain(["title", "title_en", "amount"]);
                let choices: Vec<&str> = codes.filter(|_| dice.below(2) == 0).collect();
                let pair = (keep.code.as_str(), gone.code.as_str());
                match app.merge(&reviewer, programme, pair, &chosen(&choices)).await {
                    Ok(_) => {}
                    Err(Error::Conflict) => continue,
                    Err(error) => panic!("{kind:?}, seed {seed}: {error:?}"),
                }
                undo_last(&app, &reviewer, programme, &keep.code).await.expect("undone");
                let after = rows(&app).await;
                assert_eq!(
                    differing(&before, &after),
                    Vec::<String>::new(),
                    "{kind:?}, seed {seed}, {choices:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn shares_of_an_enclave_go_over_and_come_back() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let fields = [("kind", "forward"), ("sending", "X30100"), ("receiving", "X12921")];
        let kind = RecordKind::Enclave;
        let keep = create(&app, &office, programme, kind, &form("甲飞地", &fields)).await;
        let gone = create(&app, &office, programme, kind, &form("乙园", &fields)).await;
        let share = |from: &str, to: &str| app::ShareInput {
            measure: "output".into(),
            from: from.into(),
            to: to.into(),
            sending: "40".into(),
            receiving: "60".into(),
        };
        for (record, from, to) in [
            (&keep, "2024-01-01", "2024-12-31"),
            (&gone, "2024-06-01", "2024-09-30"),
            (&gone, "2025-01-01", ""),
        ] {
            app.enclave_share_add(&office, programme, &record.code, &share(from, to)).await.expect("added");
        }
        let count = async |code: &str| app.entry(&office, programme, code).await.expect("there").shares.len();
        let before = rows(&app).await;
        app.merge(&office, programme, (&keep.code, &gone.code), &chosen(&[])).await.expect("merged");
        assert_eq!((count(&keep.code).await, count(&gone.code).await), (2, 1), "what overlaps stays behind");
        let (_, changes) = app.audit(&office, programme, &keep.code, None).await.expect("the audit");
        app.change_undo(&office, programme, changes[0].change.id, None).await.expect("undone");
        assert_eq!((count(&keep.code).await, count(&gone.code).await), (1, 2));
        assert_eq!(differing(&before, &rows(&app).await), Vec::<String>::new());
    }
}
