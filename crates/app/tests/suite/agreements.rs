//! Agreements: their parties, their amounts as figures, what follows what, and that a deal counts once.

use crate::common::{applications, user};
use app::{Actor, AmountInput, App, Condition, EntryForm, Error, LinkInput, ListFilter, Role};
use domain::RecordKind;
use domain::tally::{Reason, Scope};

/// A form of an agreement between a host government and an enterprise.
fn form(title: &str, kind: &str, status: &str, amount: &str) -> EntryForm {
    let fields = [("kind", kind), ("status", status), ("region", "X10100")];
    let party = |record: &str, role: &str| LinkInput { record: record.into(), role: role.into() };
    let parties = vec![party("砾原省发展改革委", "host"), party("岚湖青禾食品有限公司", "investor")];
    EntryForm {
        title: Some(title.into()),
        fields: fields.map(|(key, value)| (key.into(), value.into())).into(),
        links: [("party".to_owned(), parties)].into(),
        amount: Some(yi(amount)),
        ..EntryForm::default()
    }
}

fn yi(value: &str) -> AmountInput {
    AmountInput { value: value.into(), unit: "yi".into(), ..AmountInput::default() }
}

fn with(mut form: EntryForm, fields: &[(&str, &str)]) -> EntryForm {
    form.fields.extend(fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    form
}

fn edit(fields: &[(&str, &str)], reason: &str) -> EntryForm {
    EntryForm { reason: reason.into(), ..with(EntryForm::default(), fields) }
}

struct Desk {
    app: App,
    programme: i64,
    office: Actor,
    /// What counts before the test.
    base: (i64, i64, i64),
}

impl Desk {
    async fn all() -> Vec<Self> {
        let mut desks = Vec::new();
        for (app, programme) in applications().await {
            let office = user(&app, "office", Role::Office).await;
            let mut desk = Self { app, programme, office, base: (0, 0, 0) };
            desk.base = desk.counted().await;
            desks.push(desk);
        }
        desks
    }

    async fn add(&self, form: EntryForm) -> String {
        let added = self.app.entry_create(&self.office, self.programme, RecordKind::Agreement, &form).await;
        added.expect("a right form").code
    }

    async fn save(&self, code: &str, form: &EntryForm) {
        self.app.entry_edit(&self.office, self.programme, code, form).await.expect("a right form");
    }

    /// The problems that a form has, as `field code`.
    async fn problems(&self, code: Option<&str>, form: &EntryForm) -> Vec<String> {
        let saved = match code {
            Some(code) => self.app.entry_edit(&self.office, self.programme, code, form).await,
            None => self.app.entry_create(&self.office, self.programme, RecordKind::Agreement, form).await,
        };
        match saved {
            Ok(_) => Vec::new(),
            Err(Error::Form(problems)) => {
                problems.iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect()
            }
            Err(error) => panic!("{error}"),
        }
    }

    async fn status(&self, code: &str) -> String {
        let detail = self.app.entry(&self.office, self.programme, code).await.expect("open");
        detail.entry.text("status").unwrap_or_default().to_owned()
    }

    /// The amount it is listed with, in 亿元.
    async fn listed(&self, code: &str) -> Option<i64> {
        let detail = self.app.entry(&self.office, self.programme, code).await.expect("open");
        detail.entry.amount.map(|amount| amount.low / 10_000_000_000)
    }

    /// What counts of intents, contracts and purchases, in 亿元; the kept totals are those of the reference definition.
    async fn counted(&self) -> (i64, i64, i64) {
        let wrong = self.app.verify_totals(&self.office, self.programme).await.expect("counted");
        assert!(wrong.is_empty(), "{wrong:?}");
        let overview = self.app.overview(&self.office, self.programme, &[]).await.expect("counted");
        let of = |code: &str| {
            let totals = overview.totals.iter().filter(|total| total.group.measure.code() == code);
            totals.map(|total| total.sum.low / 10_000_000_000).sum()
        };
        (of("signed_intent"), of("signed_contract"), of("purchase_contracted"))
    }

    /// What the test adds to intents and contracts, in 亿元.
    async fn totals(&self) -> (i64, i64) {
        let (intents, contracts, _) = self.counted().await;
        (intents - self.base.0, contracts - self.base.1)
    }

    async fn undo_last(&self, code: &str) {
        let (_, entries) = self.app.audit(&self.office, self.programme, code, None).await.expect("audited");
        let mut done = entries.iter().map(|entry| &entry.change);
        let last =
            done.find(|change| change.undone_by.is_none() && change.kind != "undo").expect("a change").id;
        self.app.change_undo(&self.office, self.programme, last, None).await.expect("undone");
    }
}

#[tokio::test]
async fn an_intents_amount_is_never_a_contracts() {
    for desk in Desk::all().await {
        let code = desk.add(form("意向", "intent", "signed", "3")).await;
        assert_eq!(desk.totals().await, (3, 0));
        desk.save(&code, &edit(&[("kind", "investment")], "原件是投资协议")).await;
        assert_eq!(desk.totals().await, (0, 3));
        desk.undo_last(&code).await;
        assert_eq!(desk.totals().await, (3, 0));
    }
}

#[tokio::test]
async fn what_is_not_signed_yet_is_a_target_that_no_total_counts() {
    for desk in Desk::all().await {
        let code = desk.add(form("拟签", "investment", "draft", "2")).await;
        assert_eq!((desk.totals().await, desk.listed(&code).await), ((0, 0), Some(2)));
        desk.save(&code, &edit(&[("status", "signed"), ("signed_on", "2025-12-01")], "")).await;
        assert_eq!((desk.totals().await, desk.listed(&code).await), ((0, 2), Some(2)));
        desk.save(&code, &edit(&[("status", "draft")], "误点")).await;
        assert_eq!((desk.totals().await, desk.listed(&code).await), ((0, 0), Some(2)));
    }
}

#[tokio::test]
async fn an_upgrade_keeps_both_and_counts_once() {
    for desk in Desk::all().await {
        let intent = desk.add(form("意向", "intent", "signed", "3")).await;
        let upgrade = with(form("投资", "investment", "signed", "2"), &[("upgrades", &intent)]);
        let contract = desk.add(upgrade).await;
        assert_eq!(desk.totals().await, (0, 2));
        assert_eq!(desk.status(&intent).await, "upgraded");
        assert_eq!(desk.listed(&intent).await, Some(3), "it stays to be seen");
        let overview = desk.app.overview(&desk.office, desk.programme, &[]).await.expect("counted");
        let of_intents = |total: &&app::TallyTotal| total.group.measure.code() == "signed_intent";
        let group = overview.totals.iter().find(of_intents).expect("intents").group;
        let opened =
            desk.app.total_open(&desk.office, desk.programme, group, Scope::Programme).await.expect("opened");
        let carried_on = opened.carried_on.values().any(|to| *to == (Some(contract.clone()), false));
        assert!(carried_on, "a total says where it is counted");
        desk.save(&contract, &EntryForm { amount: Some(yi("4")), ..edit(&[], "更正") }).await;
        assert_eq!(desk.totals().await, (0, 4), "a correction brings the intent's amount not back");
        desk.undo_last(&contract).await;
        desk.undo_last(&contract).await;
        assert_eq!((desk.totals().await, desk.status(&intent).await.as_str()), ((3, 0), "signed"));
    }
}

#[tokio::test]
async fn a_contract_in_draft_upgrades_nothing_yet() {
    for desk in Desk::all().await {
        let intent = desk.add(form("意向", "intent", "signed", "3")).await;
        let upgrade = with(form("投资", "investment", "draft", "2"), &[("upgrades", &intent)]);
        let contract = desk.add(upgrade).await;
        assert_eq!((desk.totals().await, desk.status(&intent).await.as_str()), ((3, 0), "signed"));
        desk.save(&contract, &edit(&[("status", "signed")], "")).await;
        assert_eq!((desk.totals().await, desk.status(&intent).await.as_str()), ((0, 2), "upgraded"));
        desk.save(&contract, &edit(&[("status", "draft")], "")).await;
        assert_eq!((desk.totals().await, desk.status(&intent).await.as_str()), ((3, 0), "signed"));
        desk.save(&contract, &edit(&[("status", "signed")], "")).await;
        desk.save(&contract, &edit(&[("upgrades", "")], "另一份意向")).await;
        assert_eq!((desk.totals().await, desk.status(&intent).await.as_str()), ((3, 2), "signed"));
        desk.save(&contract, &edit(&[("upgrades", &intent)], "就是这份")).await;
        assert_eq!((desk.totals().await, desk.status(&intent).await.as_str()), ((0, 2), "upgraded"));
    }
}

#[tokio::test]
async fn an_intent_ends_with_its_upgrade_whatever_becomes_of_that() {
    for desk in Desk::all().await {
        let intent = desk.add(form("意向", "memorandum", "signed", "3")).await;
        let upgrade = with(form("投资", "investment", "signed", ""), &[("upgrades", &intent)]);
        let contract = desk.add(upgrade).await;
        assert_eq!(
            desk.totals().await,
            (0, 0),
            "the contract states no amount, and the intent is one no more"
        );
        desk.save(&contract, &EntryForm { amount: Some(yi("2")), ..EntryForm::default() }).await;
        assert_eq!(desk.totals().await, (0, 2));
        let rescind = edit(&[("status", "rescinded"), ("rescinded_on", "2026-01-01")], "资金未到位");
        desk.save(&contract, &rescind).await;
        assert_eq!(desk.totals().await, (0, 0));
        for code in [&intent, &contract] {
            let detail = desk.app.entry(&desk.office, desk.programme, code).await.expect("open");
            assert!(!detail.amount_stands() && !detail.figures.is_empty(), "withdrawn, and still to be seen");
        }
        desk.undo_last(&contract).await;
        assert_eq!(desk.totals().await, (0, 2));
        let detail = desk.app.entry(&desk.office, desk.programme, &contract).await.expect("open");
        assert!(detail.amount_stands());
    }
}

#[tokio::test]
async fn a_rescission_has_a_day_and_a_reason_and_can_be_taken_back() {
    for desk in Desk::all().await {
        let code = desk.add(form("投资", "investment", "signed", "5")).await;
        let missing = ["rescinded_on missing", "reason missing"];
        assert_eq!(desk.problems(Some(&code), &edit(&[("status", "rescinded")], " ")).await, missing);
        let rescind = edit(&[("status", "rescinded"), ("rescinded_on", "2026-01-01")], "资金未到位");
        desk.save(&code, &rescind).await;
        assert_eq!((desk.totals().await, desk.listed(&code).await), ((0, 0), Some(5)));
        let amount = EntryForm { amount: Some(yi("6")), ..edit(&[], "改") };
        assert_eq!(desk.problems(Some(&code), &amount).await, ["amount over"]);
        assert!(desk.problems(Some(&code), &edit(&[("note", "存档")], "")).await.is_empty());
        desk.undo_last(&code).await;
        desk.undo_last(&code).await;
        assert_eq!((desk.totals().await, desk.status(&code).await.as_str()), ((0, 5), "signed"));
        desk.save(&code, &rescind).await;
        desk.save(&code, &edit(&[("status", "signed")], "恢复履行")).await;
        assert_eq!((desk.totals().await, desk.listed(&code).await), ((0, 5), Some(5)));
        let detail = desk.app.entry(&desk.office, desk.programme, &code).await.expect("open");
        assert_eq!(detail.entry.day("rescinded_on"), None);
    }
}

#[tokio::test]
async fn a_renewal_goes_on_with_the_amount_and_goods_are_bought_again() {
    for desk in Desk::all().await {
        let old = desk.add(form("框架", "framework", "signed", "7")).await;
        let new = desk.add(with(form("续签框架", "framework", "signed", "8"), &[("renews", &old)])).await;
        assert_eq!((desk.totals().await, desk.status(&old).await.as_str()), ((8, 0), "renewed"));
        let again = with(form("再续", "framework", "signed", "9"), &[("renews", &old)]);
        assert_eq!(desk.problems(None, &again).await, ["renews not-signed"]);
        desk.undo_last(&new).await;
        assert_eq!((desk.totals().await, desk.status(&old).await.as_str()), ((7, 0), "signed"));
        let bought = desk.add(form("购销", "purchase", "signed", "1")).await;
        desk.add(with(form("次年购销", "purchase", "signed", "2"), &[("renews", &bought)])).await;
        assert_eq!(desk.counted().await.2 - desk.base.2, 3);
        assert_eq!(desk.status(&bought).await, "renewed");
    }
}

#[tokio::test]
async fn an_agreement_of_five_parties_is_one_record_and_one_of_one_is_none() {
    for desk in Desk::all().await {
        let names =
            ["砾原省发展改革委", "岚湖青禾食品有限公司", "江屿沉舟港务集团有限公司", "沧澜州江屿商会"];
        let party = |record: &str, role: &str| LinkInput { record: record.into(), role: role.into() };
        let mut five: Vec<_> = names.iter().map(|name| party(name, "partner")).collect();
        five.push(party("岚湖百味仓电子商务有限公司", "buyer"));
        let parties = |rows: Vec<LinkInput>| EntryForm {
            links: [("party".to_owned(), rows)].into(),
            ..form("五方协议", "framework", "signed", "")
        };
        let code = desk.add(parties(five)).await;
        let detail = desk.app.entry(&desk.office, desk.programme, &code).await.expect("open");
        assert_eq!(detail.links.iter().filter(|link| link.kind == "party").count(), 5);
        let twice = vec![party(names[0], "partner"), party(names[1], "buyer"), party(names[0], "partner")];
        assert_eq!(desk.problems(None, &parties(twice)).await, ["party twice"]);
        let witnessed = vec![party(names[0], "host"), party(names[1], "witness")];
        assert_eq!(desk.problems(None, &parties(witnessed.clone())).await, ["party parties"]);
        let draft = EntryForm { title: Some("草拟".into()), ..parties(witnessed) };
        let draft = desk.add(with(draft, &[("status", "draft")])).await;
        let sign = edit(&[("status", "signed")], "");
        assert_eq!(desk.problems(Some(&draft), &sign).await, ["party parties"]);
        assert!(desk.problems(Some(&draft), &edit(&[("note", "待定")], "")).await.is_empty());
    }
}

#[tokio::test]
async fn only_intents_are_upgraded_and_only_to_contracts() {
    for desk in Desk::all().await {
        let contract = desk.add(form("投资", "investment", "signed", "1")).await;
        let draft = desk.add(form("拟签意向", "intent", "draft", "1")).await;
        let upgrade = |of: &str, kind: &str| with(form("升级", kind, "signed", "1"), &[("upgrades", of)]);
        assert_eq!(desk.problems(None, &upgrade(&contract, "investment")).await, ["upgrades not-intent"]);
        assert_eq!(desk.problems(None, &upgrade(&draft, "investment")).await, ["upgrades not-signed"]);
        assert_eq!(
            desk.problems(None, &upgrade(&draft, "framework")).await,
            ["upgrades not-signed", "kind not-contract"]
        );
        let child = with(form("子协议", "investment", "signed", "1"), &[("parent", &contract)]);
        assert_eq!(desk.problems(None, &child).await, ["parent not-framework"]);
    }
}

#[tokio::test]
async fn undoing_a_change_of_parties_or_a_creation_leaves_no_second_figure() {
    for desk in Desk::all().await {
        let code = desk.add(form("投资", "investment", "signed", "5")).await;
        let party = |record: &str, role: &str| LinkInput { record: record.into(), role: role.into() };
        let other = vec![party("砾原省发展改革委", "host"), party("江屿沉舟港务集团有限公司", "investor")];
        let change =
            EntryForm { links: [("party".to_owned(), other)].into(), ..edit(&[], "更正签约方") };
        desk.save(&code, &change).await;
        assert_eq!(desk.totals().await, (0, 5));
        desk.undo_last(&code).await;
        assert_eq!(desk.totals().await, (0, 5));
        desk.app.entry_archive(&desk.office, desk.programme, &code, true, "重复").await.expect("archived");
        assert_eq!(desk.totals().await, (0, 0));
        desk.app.entry_archive(&desk.office, desk.programme, &code, false, "不重复").await.expect("restored");
        assert_eq!(desk.totals().await, (0, 5));
        let added = desk.add(form("另一份", "investment", "signed", "1")).await;
        desk.undo_last(&added).await;
        assert_eq!(desk.totals().await, (0, 5));
    }
}

#[tokio::test]
async fn what_is_entered_as_rescinded_was_signed_before() {
    for desk in Desk::all().await {
        let rescinded =
            [("status", "rescinded"), ("signed_on", "2025-03-01"), ("rescinded_on", "2025-09-01")];
        let code = desk.add(with(form("旧约", "investment", "signed", "1"), &rescinded)).await;
        let detail = desk.app.entry(&desk.office, desk.programme, &code).await.expect("open");
        let log: Vec<_> = detail.statuses.iter().map(|of| (of.status.as_str(), of.effective_on)).collect();
        let day = |month| Some(jiff::civil::date(2025, month, 1));
        assert_eq!(log, [("signed", day(3)), ("rescinded", day(9))]);
    }
}

#[tokio::test]
async fn the_map_counts_each_agreement_once_in_a_region_as_its_list_does() {
    for desk in Desk::all().await {
        // Its own region lies below that of its host's office: two of its regions are in one tree.
        desk.add(form("岚湖预制菜项目", "framework", "signed", "1")).await;
        let filter = |conditions| ListFilter { conditions, ..ListFilter::of(RecordKind::Agreement) };
        let (app, office, programme) = (&desk.app, &desk.office, desk.programme);
        let counts = app.entry_regions(office, programme, filter(Vec::new())).await.expect("counted");
        assert!(counts.iter().any(|(_, n)| *n > 0));
        for (region, n) in counts {
            let within = filter(vec![Condition::Within { region, geographic: false }]);
            let listed = app.entry_count(office, programme, within, 1_000).await.expect("counted");
            assert_eq!(n, listed, "{region}");
        }
    }
}

#[tokio::test]
async fn what_is_typed_is_refused_once_and_for_the_right_reason() {
    for desk in Desk::all().await {
        let good = || form("青禾冷链项目", "framework", "signed", "1");
        for (value, expected) in [("1e5", vec!["amount number"]), ("１，２００．５", vec![])] {
            let form = EntryForm { amount: Some(yi(value)), ..good() };
            assert_eq!(desk.problems(None, &form).await, expected, "{value}");
        }
        let long = EntryForm { title: Some("长".repeat(501)), ..good() };
        assert_eq!(desk.problems(None, &long).await, ["title too-long"]);
        let need = EntryForm {
            title: Some("找地".into()),
            fields: [("organisation".to_owned(), "没有这家企业".to_owned())].into(),
            ..EntryForm::default()
        };
        let refused = desk.app.entry_create(&desk.office, desk.programme, RecordKind::Need, &need).await;
        let Err(Error::Form(problems)) = refused else { panic!("{refused:?}") };
        let of: Vec<_> = problems.iter().filter(|of| of.field == "organisation").map(|of| of.code).collect();
        assert_eq!(of, ["unknown"]);
    }
}

#[tokio::test]
async fn an_amount_lies_where_it_lands_and_not_where_witnesses_and_partners_are() {
    for desk in Desk::all().await {
        let (app, programme) = (&desk.app, desk.programme);
        let party = |record: &str, role: &str| LinkInput { record: record.into(), role: role.into() };
        let parties = vec![
            party("澜城市人民政府", "host"),
            party("岚湖青禾食品有限公司", "investor"),
            party("砾原省发展改革委", "witness"),
            party("枣滩县人民政府", "partner"),
        ];
        let five = |region: &str, kind: &str| EntryForm {
            links: [("party".to_owned(), parties.clone())].into(),
            different: true,
            ..with(form("多方协议", kind, "signed", "3"), &[("region", region)])
        };
        let regions = app.regions(&desk.office, programme).await.expect("known");
        for (region, lies) in [("", "X12701"), ("X12921", "X12921")] {
            let code = desk.add(five(region, "intent")).await;
            let detail = app.entry(&desk.office, programme, &code).await.expect("open");
            let hosts = detail.figures.iter().flat_map(|row| &row.figure.hosts);
            let hosts: Vec<_> = hosts.map(|id| regions.region(*id).expect("known").code.as_str()).collect();
            assert_eq!(hosts, [lies]);
        }
        let mut two = five("", "intent");
        two.links.get_mut("party").expect("parties").push(party("枣滩县人民政府", "host"));
        desk.add(two).await;
        assert_eq!(desk.totals().await, (9, 0), "of two regions: the programme counts it");
        let overview = app.overview(&desk.office, programme, &[]).await.expect("counted");
        let of_intents = |total: &&app::TallyTotal| total.group.measure.code() == "signed_intent";
        let group = overview.totals.iter().find(of_intents).expect("intents").group;
        for part in ["X12701", "X12921"] {
            let region = regions.region_coded(part).map(|region| region.id);
            let scope = region.map_or(Scope::Programme, Scope::Host);
            let opened = app.total_open(&desk.office, programme, group, scope).await.expect("opened");
            let named = opened.tally.left_out.iter().filter(|(_, why)| *why == Reason::SeveralRegions);
            assert_eq!(named.count(), 1, "{part} says what it leaves out");
        }
    }
}

#[tokio::test]
async fn a_creation_is_undone_only_while_nobody_changed_it_since() {
    for desk in Desk::all().await {
        let (app, programme) = (&desk.app, desk.programme);
        let intent = desk.add(form("意向", "intent", "signed", "3")).await;
        let upgrade = with(form("投资", "investment", "signed", "2"), &[("upgrades", &intent)]);
        let contract = desk.add(upgrade).await;
        let rescind = edit(&[("status", "rescinded"), ("rescinded_on", "2026-01-01")], "资金未到位");
        desk.save(&contract, &rescind).await;
        let (_, audit) = app.audit(&desk.office, programme, &contract, None).await.expect("audited");
        let creation = audit.last().expect("a change").change.id;
        let undone = app.change_undo(&desk.office, programme, creation, None).await;
        let Err(Error::Superseded(fields)) = undone else { panic!("{undone:?}") };
        assert!(fields.contains(&"agreement.status".to_owned()), "{fields:?}");
        desk.undo_last(&contract).await;
        app.change_undo(&desk.office, programme, creation, None).await.expect("as it was made");
        assert_eq!((desk.totals().await, desk.status(&intent).await.as_str()), ((3, 0), "signed"));
        let detail = app.entry(&desk.office, programme, &intent).await.expect("open");
        let way: Vec<_> =
            detail.statuses.iter().filter(|of| of.stands).map(|of| of.status.as_str()).collect();
        assert_eq!(way, ["signed"], "what was undone is no part of its way");
        assert_eq!(detail.statuses.len(), 3, "and stays in the log");
    }
}
