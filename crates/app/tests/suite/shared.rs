//! One organisation in two programmes: what is known of it is one, what is done with it stays with each.

use crate::common::{applications, create, file, form, form_of_another, now};
use app::{
    Actor, App, Basis, BulkChoice, BulkDone, BulkEdit, EntryDetail, EntryForm, Error, Ground, LinkInput,
    ListFilter, MergeForm, NewRole, Plan, Record, RecordKind, Role, Sort,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The code of an organisation of the invented programme, and one that nobody has.
const CODE: &str = "91990100MA0LD0001Q";
const FREE: &str = "91990100MA0LD0777A";
const GROUND: Ground<'static> = Ground {
    regions: include_str!("../../../../examples/invented/regions.tsv"),
    programme: include_str!("../../../../examples/invented/programme.toml"),
};
const ORGANISATION: RecordKind = RecordKind::Organisation;

/// A second programme in the regions of the first, with the organisations that a file holds.
async fn second(app: &App, folder: &Path, organisations: &str) -> i64 {
    let programme = "code = \"second\"\nname_zh = \"第二协作\"\nname_en = \"Second\"\ntime_zone = \"UTC\"\n\
        [[side]]\nregion = \"X10000\"\nside = \"host\"\n[[side]]\nregion = \"X30000\"\nside = \"supporting\"\n";
    file(folder, "programme.toml", programme.as_bytes());
    file(folder, "organisations.toml", organisations.as_bytes());
    app.load_example(&Actor::operator(now()), folder).await.expect("loads");
    app.programme("second").await.expect("loaded").id
}

/// A user of one programme.
async fn member(app: &App, login: &str, programme: &str, role: Role) -> Actor {
    let new = NewRole { programme: Some(programme), ..NewRole::default() };
    app.user_add_with(&Actor::operator(now()), (login, login, "long enough"), role, &new)
        .await
        .expect("a new login");
    let token = app.sign_in(login, "long enough", now()).await.expect("the right password");
    app.actor(&token.0, now()).await.expect("the database answers").expect("a session")
}

/// One organisation, its record in two programmes and an office user of each.
struct Two {
    app: App,
    first: i64,
    second: i64,
    one: Actor,
    other: Actor,
    here: Record,
}

impl Two {
    async fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for (app, first) in applications().await {
            let folder = tempfile::tempdir().expect("a folder");
            let second = second(&app, folder.path(), "").await;
            let one = member(&app, "one", "invented", Role::Office).await;
            let other = member(&app, "other", "second", Role::Office).await;
            let named = app.record_list_named(&one, first, ORGANISATION, CODE).await.expect("read");
            let here = named.into_iter().next().expect("in the example");
            all.push(Self { app, first, second, one, other, here });
        }
        all
    }

    async fn there(&self, title: &str, fields: &[(&str, &str)]) -> Record {
        create(&self.app, &self.other, self.second, ORGANISATION, &form_of_another(title, fields)).await
    }

    async fn tied(&self) -> Record {
        self.there(&self.here.title, &[("kind", "enterprise"), ("uscc", CODE)]).await
    }

    async fn seen_here(&self) -> EntryDetail {
        self.app.entry(&self.one, self.first, &self.here.code).await.expect("there")
    }

    async fn seen_there(&self, record: &Record) -> EntryDetail {
        self.app.entry(&self.other, self.second, &record.code).await.expect("there")
    }

    async fn edit_there(&self, record: &Record, form: &EntryForm) -> app::Result<Record> {
        self.app.entry_edit(&self.other, self.second, &record.code, form).await
    }

    async fn undo_there(&self, record: &Record) -> app::Result<()> {
        let entries = self.app.audit(&self.other, self.second, &record.code, None).await.expect("audited").1;
        self.app.change_undo(&self.other, self.second, entries[0].change.id, None).await
    }
}

fn fields(fields: &[(&str, &str)]) -> EntryForm {
    EntryForm { title: None, ..form("", fields) }
}

/// What is shared of a record.
fn facts(detail: &EntryDetail) -> (String, Option<String>, Vec<String>, Vec<Option<domain::Value>>) {
    let of = |code: &str| detail.entry.values.get(code).cloned();
    let codes = ["uscc", "kind", "sector", "region", "registered", "address", "website"];
    let record = &detail.entry.record;
    (record.title.clone(), record.title_en.clone(), detail.aliases.clone(), codes.map(of).to_vec())
}

#[tokio::test]
async fn a_known_code_fills_what_is_blank_and_what_was_typed_last_goes_to_both() {
    for two in Two::all().await {
        let before = two.seen_here().await;
        let typed = [("kind", "enterprise"), ("uscc", CODE), ("address", "新街1号"), ("note", "只在本协作")];
        let sent = form_of_another("沧澜新名有限公司", &typed);
        let there = create(&two.app, &two.other, two.second, ORGANISATION, &sent).await;
        let (here, other) = (two.seen_here().await, two.seen_there(&there).await);
        assert_eq!(facts(&here), facts(&other));
        assert_eq!(here.entry.record.title, "沧澜新名有限公司");
        assert!(here.aliases.contains(&before.entry.record.title), "{:?}", here.aliases);
        assert!(before.aliases.iter().all(|name| here.aliases.contains(name)));
        assert_eq!(here.entry.text("address"), Some("新街1号"));
        assert_eq!(other.entry.values.get("region"), before.entry.values.get("region"));
        assert_eq!(here.entry.text("note"), before.entry.text("note"));
        assert!(here.entry.record.version > before.entry.record.version);
        let filled: BTreeSet<String> =
            two.app.entry_filled(&there, &sent).await.expect("read").into_iter().collect();
        let known: BTreeSet<String> = ["sector", "region", "registered", "website"]
            .into_iter()
            .filter(|code| before.entry.values.contains_key(code))
            .map(str::to_owned)
            .chain(before.entry.record.title_en.as_ref().map(|_| "title_en".to_owned()))
            .collect();
        assert_eq!(filled, known);
        assert!(!filled.is_empty());
        // Found at once by its new name and by what it was called.
        for (actor, programme) in [(&two.one, two.first), (&two.other, two.second)] {
            for name in ["沧澜新名有限公司", &before.entry.record.title] {
                let named =
                    two.app.record_list_named(actor, programme, ORGANISATION, name).await.expect("read");
                assert_eq!(named.len(), 1, "{name}");
                let hits = two.app.search(actor, programme, name, 5).await.expect("searched");
                assert!(!hits.is_empty(), "{name}");
            }
        }
        // One undo takes the record back and gives the other what it knew.
        two.undo_there(&there).await.expect("undone");
        assert_eq!(facts(&two.seen_here().await), facts(&before));
        assert!(two.seen_there(&there).await.entry.record.archived);
    }
}

#[tokio::test]
async fn an_edit_is_written_through_and_undone_with_its_change() {
    for two in Two::all().await {
        let there = two.tied().await;
        let before = facts(&two.seen_here().await);
        assert_eq!(before, facts(&two.seen_there(&there).await));
        let mut edit =
            fields(&[("sector", "C17"), ("region", "X30000"), ("address", ""), ("website", "a.example.com")]);
        edit.title_en = Some("Renamed".to_owned());
        edit.aliases = Some(vec!["新简称".to_owned()]);
        edit.reason = "换址".to_owned();
        two.edit_there(&there, &edit).await.expect("saved");
        let here = two.seen_here().await;
        assert_eq!(facts(&here), facts(&two.seen_there(&there).await));
        assert_eq!((here.entry.text("sector"), here.entry.text("address")), (Some("C17"), None));
        assert_eq!(
            (here.aliases.as_slice(), here.entry.record.title_en.as_deref()),
            (&["新简称".to_owned()][..], Some("Renamed"))
        );
        // Whom the record concerns follows from its region in each programme.
        let regions = two.app.party_regions(&two.one, two.first, two.here.id).await.expect("read");
        assert!(regions.contains(&here.entry.id("region").expect("typed")));
        // Notes and parks are each programme's own.
        two.edit_there(&there, &fields(&[("note", "乙")])).await.expect("saved");
        assert_eq!(two.seen_here().await.entry.text("note"), here.entry.text("note"));
        two.undo_there(&there).await.expect("undone");
        let entries = two.app.audit(&two.other, two.second, &there.code, None).await.expect("audited").1;
        let edited = entries.iter().find(|of| of.change.reason.as_deref() == Some("换址")).expect("there");
        two.app.change_undo(&two.other, two.second, edited.change.id, None).await.expect("undone");
        assert_eq!(facts(&two.seen_here().await), before);
        assert_eq!(facts(&two.seen_there(&there).await), before);
    }
}

#[tokio::test]
async fn a_bulk_change_goes_to_the_records_of_other_programmes_too() {
    for two in Two::all().await {
        let there = two.tied().await;
        let alone = two.there("另一家", &[("kind", "enterprise")]).await;
        let edit = BulkEdit { field: "sector".into(), text: "C17".into(), reason: "更正".into() };
        let choice = BulkChoice::Named(vec![(there.code.clone(), None), (alone.code.clone(), None)]);
        let plan =
            two.app.bulk_plan(&two.other, two.second, ORGANISATION, &edit, &choice).await.expect("shown");
        let shown = plan.records.iter().map(|of| (of.record.code.clone(), Some(of.version))).collect();
        let done =
            two.app.bulk_save(&two.other, two.second, ORGANISATION, &edit, shown).await.expect("saved");
        let BulkDone::Saved { change, .. } = done else { panic!("{done:?}") };
        assert_eq!(two.seen_here().await.entry.text("sector"), Some("C17"));
        two.app.change_undo(&two.other, two.second, change, None).await.expect("undone");
        assert_ne!(two.seen_here().await.entry.text("sector"), Some("C17"));
        assert_eq!(facts(&two.seen_here().await), facts(&two.seen_there(&there).await));
    }
}

#[tokio::test]
async fn another_code_or_none_ends_it() {
    for two in Two::all().await {
        let there = two.tied().await;
        let kept = facts(&two.seen_here().await);
        for code in [FREE, ""] {
            two.edit_there(&there, &fields(&[("uscc", code), ("address", "别处")])).await.expect("saved");
            assert_eq!(facts(&two.seen_here().await), kept, "{code:?}");
            two.undo_there(&there).await.expect("undone");
            assert_eq!(facts(&two.seen_there(&there).await), kept, "{code:?}");
        }
        // Tied again: what the one learnt meanwhile reaches the other, and what both knew is the last that was typed.
        two.edit_there(&there, &fields(&[("uscc", ""), ("address", "别处")])).await.expect("saved");
        let site = fields(&[("website", "b.example.com"), ("address", "此处")]);
        two.app.entry_edit(&two.one, two.first, &two.here.code, &site).await.expect("saved");
        two.edit_there(&there, &fields(&[("uscc", CODE)])).await.expect("saved");
        let here = two.seen_here().await;
        assert_eq!(facts(&here), facts(&two.seen_there(&there).await));
        assert_eq!(
            (here.entry.text("website"), here.entry.text("address")),
            (Some("b.example.com"), Some("别处"))
        );
    }
}

#[tokio::test]
async fn what_an_example_brings_is_tied_too() {
    for (app, first) in applications().await {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = format!(
            "[[organisation]]\nname_zh = \"外名公司\"\nkind = \"enterprise\"\nuscc = \"{CODE}\"\naddress = \"例街\"\n"
        );
        let second = second(&app, folder.path(), &rows).await;
        let operator = Actor::operator(now());
        let mut known = Vec::new();
        for programme in [first, second] {
            let named = app.record_list_named(&operator, programme, ORGANISATION, CODE).await.expect("read");
            known.push(facts(&app.entry(&operator, programme, &named[0].code).await.expect("there")));
        }
        assert_eq!(known[0], known[1]);
        assert_eq!(known[0].0, "外名公司");
    }
}

#[tokio::test]
async fn generated_records_of_a_code_that_is_known_are_tied() {
    for (app, _) in applications().await {
        let operator = Actor::operator(now());
        let mut known = Vec::new();
        for code in ["one", "two"] {
            let plan = Plan { projects: 20, seed: 7 };
            app.generate(&operator, plan, Some(code), GROUND, &mut |_, _| ()).await.expect("generated");
            let programme = app.programme(code).await.expect("made").id;
            let all = ListFilter::of(ORGANISATION);
            let all =
                app.entry_list(&operator, programme, all, Sort::default(), None, 500).await.expect("read");
            let coded =
                all.entries.into_iter().filter_map(|of| Some((of.text("uscc")?.to_owned(), of.record)));
            known.push((programme, coded.collect::<BTreeMap<_, _>>()));
        }
        let [(one, first), (two, second)] = &known[..] else { panic!("two programmes") };
        let (code, here) = first.iter().find(|(code, _)| second.contains_key(*code)).expect("one seed");
        let edit = fields(&[("address", "生成街")]);
        app.entry_edit(&operator, *one, &here.code, &edit).await.expect("saved");
        let there = app.entry(&operator, *two, &second[code].code).await.expect("there");
        assert_eq!(there.entry.text("address"), Some("生成街"));
    }
}

#[tokio::test]
async fn a_merge_keeps_the_tie_and_its_undo_gives_both_programmes_back_what_they_knew() {
    for two in Two::all().await {
        let there = two.tied().await;
        let double = two.there("双份公司", &[("kind", "enterprise"), ("address", "双份街")]).await;
        let before = (facts(&two.seen_here().await), facts(&two.seen_there(&there).await));
        let own = facts(&two.seen_there(&double).await);
        let choice = MergeForm {
            take_other: BTreeSet::from(["uscc".to_owned()]),
            version: None,
            reason: "同一家".to_owned(),
        };
        let pair = (double.code.as_str(), there.code.as_str());
        two.app.merge(&two.other, two.second, pair, &choice).await.expect("merged");
        let merged = facts(&two.seen_here().await);
        assert_eq!(merged, facts(&two.seen_there(&double).await));
        assert_eq!(merged.0, "双份公司");
        // The one that stayed is tied from now on, the one that went is not.
        two.edit_there(&double, &fields(&[("address", "新址")])).await.expect("saved");
        assert_eq!(two.seen_here().await.entry.text("address"), Some("新址"));
        assert_ne!(two.seen_there(&there).await.entry.text("address"), Some("新址"));
        two.undo_there(&double).await.expect("the edit");
        let entries = two.app.audit(&two.other, two.second, &double.code, None).await.expect("audited").1;
        let merge = entries.iter().find(|of| of.change.kind == "record-merge").expect("there");
        two.app.change_undo(&two.other, two.second, merge.change.id, None).await.expect("undone");
        assert_eq!(facts(&two.seen_here().await), before.0);
        assert_eq!(facts(&two.seen_there(&there).await), before.1);
        assert_eq!(facts(&two.seen_there(&double).await), own);
        two.edit_there(&there, &fields(&[("address", "旧名新址")])).await.expect("saved");
        assert_eq!(two.seen_here().await.entry.text("address"), Some("旧名新址"));
    }
}

#[tokio::test]
async fn nothing_of_one_programme_is_seen_in_the_other() {
    for two in Two::all().await {
        let there = two.tied().await;
        let contact = form("王甲", &[("organisation", &two.here.code), ("position", "经理")]);
        create(&two.app, &two.one, two.first, RecordKind::Contact, &contact).await;
        let mut agreement =
            form_of_another("甲的协议", &[("kind", "intent"), ("status", "signed"), ("region", "X12700")]);
        let party = LinkInput { record: two.here.code.clone(), role: "investor".into() };
        let host = LinkInput { record: "砾原省发展改革委".into(), role: "host".into() };
        agreement.links.insert("party".to_owned(), vec![party, host]);
        create(&two.app, &two.one, two.first, RecordKind::Agreement, &agreement).await;
        let mut edit = fields(&[("address", "甲知道的地址"), ("note", "甲的备注")]);
        edit.reason = "甲的理由".to_owned();
        two.app.entry_edit(&two.one, two.first, &two.here.code, &edit).await.expect("saved");
        let (other, here) = (two.seen_there(&there).await, two.seen_here().await);
        assert_eq!(other.entry.text("address"), Some("甲知道的地址"));
        assert!(other.links.is_empty() && other.linked_from.is_empty() && other.named_by.is_empty());
        assert!(other.figures.is_empty() && other.documents.is_empty() && other.sources.is_empty());
        assert!(other.people.as_ref().is_none_or(Vec::is_empty) && other.mentions.is_empty());
        assert_eq!(other.entry.text("note"), None);
        // Its history tells that the address changed and when, not who did it and why.
        let entries = two.app.audit(&two.other, two.second, &there.code, None).await.expect("audited").1;
        let change = &entries[0].change;
        assert_eq!((change.user_name.as_deref(), change.reason.as_deref()), (None, None));
        assert_eq!((change.kind.as_str(), change.source.as_str()), ("record-shared", "elsewhere"));
        assert!(!entries[0].undoable);
        assert!(entries[0].items.iter().all(|item| item.record == Some(there.id)), "{:?}", entries[0].items);
        let told = other.changes.first().expect("in the timeline");
        assert_eq!((told.user_name.as_deref(), told.reason.as_deref()), (None, None));
        let refused = two.app.change_undo(&two.other, two.second, change.id, None).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        // Where it was made it is told as ever, without what it wrote elsewhere.
        let own = two.app.audit(&two.one, two.first, &two.here.code, None).await.expect("audited").1;
        assert_eq!(own[0].change.reason.as_deref(), Some("甲的理由"));
        assert!(own[0].undoable && own[0].items.iter().all(|item| item.record == Some(two.here.id)));
        // That the other programme entered it says nothing here: no fact changed.
        assert!(here.changes.iter().all(|of| of.kind != "record-add" && of.kind != "record-shared"));
        // Who works in both may undo it from either.
        let both = crate::common::user(&two.app, "both", Role::Office).await;
        let entries = two.app.audit(&both, two.second, &there.code, None).await.expect("audited").1;
        assert_eq!((entries[0].change.reason.as_deref(), entries[0].undoable), (Some("甲的理由"), true));
        two.app.change_undo(&both, two.second, entries[0].change.id, None).await.expect("undone");
        assert_ne!(two.seen_here().await.entry.text("address"), Some("甲知道的地址"));
        assert_ne!(two.seen_here().await.entry.text("note"), Some("甲的备注"));
    }
}

#[tokio::test]
async fn two_programmes_that_edit_at_once_are_brought_together_or_asked() {
    for two in Two::all().await {
        let there = two.tied().await;
        let opened = two.seen_there(&there).await.version;
        let edit = fields(&[("address", "先来的")]);
        two.app.entry_edit(&two.one, two.first, &two.here.code, &edit).await.expect("saved");
        let basis = Basis::at(opened);
        let mine = EntryForm { basis: basis.clone(), ..fields(&[("website", "c.example.com")]) };
        two.edit_there(&there, &mine).await.expect("what each changed alone meets");
        let late = EntryForm { basis, ..fields(&[("address", "后到的")]) };
        let Err(Error::Stale(stale)) = two.edit_there(&there, &late).await else { panic!("both changed it") };
        assert_eq!(stale.fields.iter().map(|of| of.field.as_str()).collect::<Vec<_>>(), ["address"]);
        assert!(stale.fields[0].by.is_none(), "who it was is not told");
        // Many at once, on one organisation and on two crosswise: all are written, and both records end alike.
        let (a, b) = (fields(&[("address", "甲")]), fields(&[("address", "乙")]));
        for _ in 0..5 {
            let (one, other) = tokio::join!(
                two.app.entry_edit(&two.one, two.first, &two.here.code, &a),
                two.edit_there(&there, &b)
            );
            one.expect("saved");
            other.expect("saved");
            assert_eq!(facts(&two.seen_here().await), facts(&two.seen_there(&there).await));
        }
        // Two who give a free code to a record at once.
        let new = |title: &str| form_of_another(title, &[("kind", "enterprise"), ("uscc", FREE)]);
        let (first, last) = (new("同码甲"), new("同码乙"));
        let (one, other) = tokio::join!(
            two.app.entry_create(&two.one, two.first, ORGANISATION, &first),
            two.app.entry_create(&two.other, two.second, ORGANISATION, &last)
        );
        let (one, other) = (one.expect("created"), other.expect("created"));
        let one = two.app.entry(&two.one, two.first, &one.code).await.expect("there");
        assert_eq!(facts(&one), facts(&two.seen_there(&other).await));
    }
}

#[tokio::test]
async fn what_is_refused_writes_nothing_anywhere() {
    for two in Two::all().await {
        let there = two.tied().await;
        let before = facts(&two.seen_here().await);
        let twice = form_of_another("又一家", &[("kind", "enterprise"), ("uscc", CODE)]);
        let refused = two.app.entry_create(&two.other, two.second, ORGANISATION, &twice).await;
        assert!(matches!(refused, Err(Error::Alike(_))), "{refused:?}");
        let wrong = fields(&[("address", "新址"), ("website", "不是网址")]);
        assert!(matches!(two.edit_there(&there, &wrong).await, Err(Error::Form(_))));
        let reader = member(&two.app, "reader", "second", Role::Reader).await;
        let edit = fields(&[("address", "新址")]);
        let refused = two.app.entry_edit(&reader, two.second, &there.code, &edit).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
        let refused = two.app.entry_edit(&two.other, two.first, &two.here.code, &edit).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        assert_eq!(facts(&two.seen_here().await), before);
        // What was written again there since keeps its later value.
        two.edit_there(&there, &edit).await.expect("saved");
        let later = fields(&[("address", "更新的址")]);
        two.app.entry_edit(&two.one, two.first, &two.here.code, &later).await.expect("saved");
        let entries = two.app.audit(&two.other, two.second, &there.code, None).await.expect("audited").1;
        let refused = two.app.change_undo(&two.other, two.second, entries[1].change.id, None).await;
        assert!(matches!(refused, Err(Error::Superseded(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn what_left_is_no_matter_of_an_undo() {
    for two in Two::all().await {
        let there = two.tied().await;
        let before = two.seen_there(&there).await.entry.text("address").map(str::to_owned);
        two.edit_there(&there, &fields(&[("address", "新址")])).await.expect("saved");
        let apart = fields(&[("uscc", FREE), ("address", "自己的址")]);
        two.app.entry_edit(&two.one, two.first, &two.here.code, &apart).await.expect("saved");
        two.undo_there(&there).await.expect("undone");
        assert_eq!(two.seen_there(&there).await.entry.text("address").map(str::to_owned), before);
        assert_eq!(two.seen_here().await.entry.text("address"), Some("自己的址"));
    }
}

#[tokio::test]
async fn bulk_changes_and_edits_of_both_programmes_at_once_all_end() {
    for two in Two::all().await {
        let codes = [CODE, "91990000MA0LD0002N", "91991270MA0LD0003W", "91993010MA0LD0004H"];
        let (mut here, mut there) = (Vec::new(), Vec::new());
        // In the other order than in the first programme.
        for code in codes.iter().rev() {
            let named =
                two.app.record_list_named(&two.one, two.first, ORGANISATION, code).await.expect("read");
            there.push(two.there(&named[0].title, &[("kind", "enterprise"), ("uscc", code)]).await);
            here.push(named[0].clone());
        }
        let bulk = |text: &str| BulkEdit { field: "address".into(), text: text.into(), reason: "齐".into() };
        let shown = |records: &[Record]| records.iter().map(|of| (of.code.clone(), None)).collect::<Vec<_>>();
        for round in 0..4 {
            let (a, b) = (bulk(&format!("甲{round}")), bulk(&format!("乙{round}")));
            let edit = fields(&[("website", &format!("a{round}.example.com"))]);
            let (one, other, third, fourth) = tokio::join!(
                two.app.bulk_save(&two.one, two.first, ORGANISATION, &a, shown(&here)),
                two.app.bulk_save(&two.other, two.second, ORGANISATION, &b, shown(&there)),
                two.app.entry_edit(&two.one, two.first, &here[0].code, &edit),
                two.edit_there(&there[3], &edit),
            );
            assert!(matches!(one, Ok(BulkDone::Saved { .. })), "{one:?}");
            assert!(matches!(other, Ok(BulkDone::Saved { .. })), "{other:?}");
            third.expect("saved");
            fourth.expect("saved");
            for (here, there) in here.iter().zip(&there) {
                let here = two.app.entry(&two.one, two.first, &here.code).await.expect("there");
                assert_eq!(facts(&here), facts(&two.seen_there(there).await));
            }
        }
    }
}

#[tokio::test]
async fn an_archived_record_is_kept_alike_and_a_person_is_erased_in_both() {
    for two in Two::all().await {
        let there = two.tied().await;
        two.app.entry_archive(&two.other, two.second, &there.code, true, "不再跟进").await.expect("archived");
        let person = form("赵乙丙", &[("organisation", &two.here.code), ("phone", "13800001111")]);
        let person = create(&two.app, &two.one, two.first, RecordKind::Contact, &person).await;
        let edit = fields(&[("address", "新街2号 赵乙丙收")]);
        two.app.entry_edit(&two.one, two.first, &two.here.code, &edit).await.expect("saved");
        assert_eq!(two.seen_there(&there).await.entry.text("address"), Some("新街2号 赵乙丙收"));
        two.app.contact_erase(&two.one, two.first, &person.code, "本人要求").await.expect("erased");
        let mut bytes = Vec::new();
        two.app.backup(&Actor::operator(now()), &mut bytes).await.expect("written");
        assert!(!String::from_utf8(bytes).expect("text").contains("赵乙丙"));
        assert_eq!(facts(&two.seen_here().await), facts(&two.seen_there(&there).await));
    }
}
