//! Lead registration (law 5): who registered first keeps the enterprise; another team learns three things of it, no more.

use crate::common::{applications, form, now};
use app::{Actor, App, EntryForm, EntryRows, Error, LeadTaken, LinkInput, ListFilter, NewRole, Role, Sort};
use domain::RecordKind;
use jiff::ToSpan;
use serde_json::json;
use std::io::Read;

/// Two teams of one programme, each with an office of its own.
struct Teams {
    app: App,
    programme: i64,
    first: Actor,
    second: Actor,
}

async fn member(app: &App, programme: i64, login: &str, office: &str, region: &str) -> Actor {
    let operator = Actor::operator(now());
    let offices = app.record_list_named(&operator, programme, RecordKind::Office, office).await;
    let office = offices.expect("asked").remove(0).code;
    let new =
        NewRole { programme: Some("invented"), region: Some(region), office: Some(&office), record: None };
    let named = (login, login, "long enough");
    app.user_add_with(&operator, named, Role::Office, &new).await.expect("a new login");
    app.actor_named(login, now()).await.expect("the account")
}

impl Teams {
    async fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for (app, programme) in applications().await {
            let first = member(&app, programme, "first", "汐港市协作工作队", "X12700").await;
            let second = member(&app, programme, "second", "岚阳市协作工作分指挥部", "X12900").await;
            all.push(Self { app, programme, first, second });
        }
        all
    }

    async fn register(&self, actor: &Actor, title: &str, enterprise: &str) -> app::Result<String> {
        let fields = [("organisation", enterprise)];
        let form = form(title, &fields);
        let made = self.app.entry_create(actor, self.programme, RecordKind::Lead, &form).await;
        made.map(|record| record.code)
    }

    async fn status(&self, code: &str) -> String {
        let operator = Actor::operator(now());
        let detail = self.app.entry(&operator, self.programme, code).await.expect("there");
        detail.entry.text("status").unwrap_or_default().to_owned()
    }

    async fn organisation(&self, title: &str, uscc: &str) -> String {
        let mut form = form(title, &[("kind", "enterprise"), ("uscc", uscc), ("region", "X20300")]);
        form.different = true;
        let operator = Actor::operator(now());
        let made = self.app.entry_create(&operator, self.programme, RecordKind::Organisation, &form).await;
        made.expect("made").code
    }

    /// The titles of the leads that the actor exports; none for who may not export.
    async fn exported(&self, actor: &Actor) -> Option<String> {
        let view = (ListFilter::of(RecordKind::Lead), Sort::default());
        let rows = EntryRows::Lines(&|entry, _| json!(entry.record.title));
        let file = self.app.entry_export(actor, self.programme, view, false, rows);
        let mut text = String::new();
        file.await.ok()?.file.read_to_string(&mut text).expect("readable");
        Some(text)
    }
}

fn taken(result: app::Result<String>) -> LeadTaken {
    match result {
        Err(Error::LeadTaken(taken)) => *taken,
        other => panic!("{other:?}"),
    }
}

const ENTERPRISE: &str = "汐港蓝梭冷链有限公司";
const CREDIT_CODE: &str = "91990100MA0LE9002L";
const OTHER_CREDIT_CODE: &str = "91990000MA0LE9001C";

#[tokio::test]
async fn another_team_learns_that_it_is_registered_since_when_and_whom_to_ask() {
    for teams in Teams::all().await {
        let code = teams.register(&teams.first, "秘密项目", ENTERPRISE).await.expect("free");
        let detail = teams.app.entry(&teams.first, teams.programme, &code).await.expect("own");
        assert_eq!(detail.entry.text("status"), Some("registered"));
        assert_eq!(detail.entry.day("registered_on").map(|day| day.to_string()), Some("2026-01-02".into()));
        let told = taken(teams.register(&teams.second, "我方项目", ENTERPRISE).await);
        assert_eq!((told.enterprise.as_str(), told.office.as_str()), (ENTERPRISE, "汐港市协作工作队"));
        assert_eq!(told.since.to_string(), "2026-01-02");
        assert!(!format!("{told:?}").contains("秘密") && !format!("{told:?}").contains(&code));
    }
}

#[tokio::test]
async fn an_enterprise_on_record_twice_is_still_one() {
    for teams in Teams::all().await {
        teams.register(&teams.first, "甲", ENTERPRISE).await.expect("free");
        teams.organisation("汐港蓝梭冷链有限责任公司", "").await;
        let told = taken(teams.register(&teams.second, "乙", "汐港蓝梭冷链有限责任公司").await);
        assert_eq!(told.enterprise, "汐港蓝梭冷链有限责任公司", "as the other team entered it");
        teams.organisation("汐港蓝梭仓储有限公司", "").await;
        teams.register(&teams.second, "丙", "汐港蓝梭仓储有限公司").await.expect("another enterprise");
    }
}

#[tokio::test]
async fn an_enterprise_is_known_by_its_code_its_credit_code_and_its_further_names() {
    for teams in Teams::all().await {
        let (app, programme) = (&teams.app, teams.programme);
        let known =
            app.record_list_named(&teams.second, programme, RecordKind::Organisation, ENTERPRISE).await;
        let code = known.expect("asked").remove(0).code;
        let uscc = EntryForm { fields: form("", &[("uscc", CREDIT_CODE)]).fields, ..EntryForm::default() };
        app.entry_edit(&Actor::operator(now()), programme, &code, &uscc).await.expect("saved");
        teams.register(&teams.first, "甲", ENTERPRISE).await.expect("free");
        for entered in [code.as_str(), CREDIT_CODE, "蓝梭冷链"] {
            let told = taken(teams.register(&teams.second, "乙", entered).await);
            assert_eq!(told.enterprise, ENTERPRISE, "entered as {entered}");
        }
        let alias = teams.organisation("蓝梭冷链", "").await;
        taken(teams.register(&teams.second, "乙", &alias).await);
        let sister = teams.organisation("汐港 蓝梭冷链 有限公司", OTHER_CREDIT_CODE).await;
        teams
            .register(&teams.second, "丙", &sister)
            .await
            .expect("another credit code is another enterprise");
    }
}

#[tokio::test]
async fn neither_search_nor_export_nor_a_reader_elsewhere_shows_a_protected_lead() {
    for teams in Teams::all().await {
        let (app, programme, operator) = (&teams.app, teams.programme, Actor::operator(now()));
        let new = NewRole { programme: Some("invented"), region: Some("X12900"), ..NewRole::default() };
        let named = ("reader", "reader", "long enough");
        app.user_add_with(&operator, named, Role::Reader, &new).await.expect("a new login");
        let reader = app.actor_named("reader", now()).await.expect("the account");
        let code = teams.register(&teams.first, "深蓝计划", ENTERPRISE).await.expect("free");
        for actor in [&teams.second, &reader] {
            for text in ["深蓝计划", "sljh", &code] {
                let found = app.search(actor, programme, text, 20).await.expect("searched");
                assert!(found.iter().all(|hit| hit.hit.code != code), "{text}");
            }
            assert!(!teams.exported(actor).await.unwrap_or_default().contains("深蓝计划"));
        }
        let found = app.search(&teams.first, programme, "深蓝计划", 20).await.expect("searched");
        assert!(found.iter().any(|hit| hit.hit.code == code));
        assert!(teams.exported(&teams.first).await.is_some_and(|text| text.contains("深蓝计划")));
        assert!(teams.exported(&teams.second).await.is_some(), "who may export leads");
    }
}

#[tokio::test]
async fn nothing_of_a_protected_lead_is_found_by_another_team() {
    for teams in Teams::all().await {
        let (app, programme, second) = (&teams.app, teams.programme, &teams.second);
        let secret = "深蓝计划";
        let code = teams.register(&teams.first, secret, ENTERPRISE).await.expect("free");
        let list = |text: &str| ListFilter { text: text.to_owned(), ..ListFilter::of(RecordKind::Lead) };
        let mine = app.entry_list(&teams.first, programme, list(ENTERPRISE), Sort::default(), None, 50).await;
        assert!(
            mine.expect("listed").entries.iter().any(|entry| entry.record.code == code),
            "by its enterprise"
        );
        for text in [ENTERPRISE, &ENTERPRISE[..12]] {
            let found = app.search(second, programme, text, 50).await.expect("searched");
            assert!(found.iter().all(|hit| hit.hit.code != code), "{text}");
        }
        for filter in [list(""), list(secret), list(&code), list("sljh"), list(ENTERPRISE)] {
            let page = app.entry_list(second, programme, filter.clone(), Sort::default(), None, 50).await;
            let page = page.expect("listed");
            assert!(page.entries.iter().all(|entry| entry.record.code != code), "{filter:?}");
            let count = app.entry_count(second, programme, filter, 100).await.expect("counted");
            assert_eq!(usize::try_from(count).expect("small"), page.entries.len());
        }
        for text in ["", secret, "深", "sljh", &code, ENTERPRISE] {
            let found =
                app.entry_suggest(second, programme, RecordKind::Lead, text, 20).await.expect("asked");
            assert!(found.iter().all(|entry| entry.record.code != code), "{text}");
        }
        let named = app.record_list_named(second, programme, RecordKind::Lead, secret).await.expect("asked");
        assert!(named.is_empty());
        for result in [
            app.entry(second, programme, &code).await.map(|_| ()),
            app.record(second, programme, &code).await.map(|_| ()),
            app.audit(second, programme, &code, None).await.map(|_| ()),
            app.entry_edit(second, programme, &code, &EntryForm::default()).await.map(|_| ()),
        ] {
            assert!(matches!(result, Err(Error::NotFound)), "{result:?}");
        }
        let enterprise = app.record_list_named(second, programme, RecordKind::Organisation, ENTERPRISE).await;
        let enterprise = enterprise.expect("asked").remove(0).code;
        let detail = app.entry(second, programme, &enterprise).await.expect("open");
        assert!(detail.named_by.iter().all(|(_, record)| record.code != code));
        let operator = Actor::operator(now());
        let (_, audit) = app.audit(&operator, programme, &enterprise, None).await.expect("audited");
        assert!(!format!("{audit:?}").contains(secret) && !format!("{audit:?}").contains(&code));
        let counts = app.entry_regions(second, programme, list("")).await.expect("counted");
        let all = app.entry_regions(&operator, programme, list("")).await.expect("counted");
        assert_ne!(counts, all, "regions of the protected lead are not on the map");
    }
}

#[tokio::test]
async fn of_two_teams_that_register_at_once_one_wins() {
    for teams in Teams::all().await {
        let (a, b) = tokio::join!(
            teams.register(&teams.first, "甲", ENTERPRISE),
            teams.register(&teams.second, "乙", ENTERPRISE)
        );
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
        taken(if a.is_ok() { b } else { a });
    }
}

#[tokio::test]
async fn a_need_or_a_draft_for_a_registered_enterprise_comes_with_a_notice() {
    for teams in Teams::all().await {
        let (app, programme) = (&teams.app, teams.programme);
        teams.register(&teams.first, "甲", ENTERPRISE).await.expect("free");
        let need = form("冷库", &[("status", "open"), ("organisation", ENTERPRISE), ("region", "X12901")]);
        let need =
            app.entry_create(&teams.second, programme, RecordKind::Need, &need).await.expect("no refusal");
        let told = app.entry(&teams.second, programme, &need.code).await.expect("own").leads.taken;
        assert_eq!(told.map(|told| told.office), Some("汐港市协作工作队".to_owned()));
        let mut draft = form("冷库", &[("kind", "intent"), ("status", "draft"), ("region", "X12901")]);
        let party = LinkInput { record: ENTERPRISE.into(), role: "investor".into() };
        draft.links = [("party".to_owned(), vec![party])].into();
        let draft = app.entry_create(&teams.second, programme, RecordKind::Agreement, &draft).await;
        let draft = draft.expect("no refusal").code;
        let told = app.entry(&teams.second, programme, &draft).await.expect("own").leads.taken;
        assert!(told.is_some());
        let operator = Actor::operator(now());
        let told = app.entry(&operator, programme, &draft).await.expect("open").leads.taken;
        assert!(told.is_none(), "who did not enter it is told nothing");
        let own = form("冷库", &[("status", "open"), ("organisation", ENTERPRISE), ("region", "X12701")]);
        let own = app.entry_create(&teams.first, programme, RecordKind::Need, &own).await.expect("made");
        assert!(app.entry(&teams.first, programme, &own.code).await.expect("own").leads.taken.is_none());
    }
}

#[tokio::test]
async fn a_team_is_warned_of_its_own_second_lead_and_registers_for_itself_only() {
    for teams in Teams::all().await {
        let first = teams.register(&teams.first, "甲", ENTERPRISE).await.expect("free");
        let again = teams.register(&teams.first, "乙", ENTERPRISE).await.expect("only a warning");
        let twin = teams.app.entry(&teams.first, teams.programme, &again).await.expect("own").leads.twin;
        assert_eq!(twin.map(|record| record.code), Some(first));
        let fields = [("organisation", "岚湖青禾食品有限公司"), ("owner", "岚阳市协作工作分指挥部")];
        let form = form("丙", &fields);
        let made = teams.app.entry_create(&teams.first, teams.programme, RecordKind::Lead, &form).await;
        let Err(Error::Form(problems)) = made else { panic!("{made:?}") };
        assert_eq!(problems.iter().map(|of| of.code).collect::<Vec<_>>(), ["not-yours"]);
    }
}

#[tokio::test]
async fn a_lead_rests_only_so_long() {
    for teams in Teams::all().await {
        let (app, programme) = (&teams.app, teams.programme);
        let operator = Actor::operator(now());
        app.setting_set(&operator, Some(programme), "lead_release_days", "0").await.expect_err("no days");
        app.setting_set(&operator, Some(programme), "lead_release_days", "30").await.expect("set");
        let resting = teams.register(&teams.first, "甲", ENTERPRISE).await.expect("free");
        let worked_on = teams.register(&teams.first, "乙", "岚湖青禾食品有限公司").await.expect("free");
        let later = Actor { at: now() + (20 * 24).hours(), ..teams.first.clone() };
        let active =
            EntryForm { fields: [("active_on".into(), "2026-01-22".into())].into(), ..EntryForm::default() };
        app.entry_edit(&later, programme, &worked_on, &active).await.expect("saved");
        app.work(|| now() + (30 * 24).hours()).await.expect("worked");
        assert_eq!(teams.status(&resting).await, "registered", "thirty days are not over");
        app.work(|| now() + (31 * 24).hours()).await.expect("worked");
        assert_eq!(teams.status(&resting).await, "released");
        assert_eq!(teams.status(&worked_on).await, "registered");
        let (_, audit) = app.audit(&teams.first, programme, &resting, None).await.expect("audited");
        let change = &audit.first().expect("a change").change;
        assert_eq!((change.kind.as_str(), change.source.as_str()), ("lead-release", "engine"));
        assert_eq!(change.reason.as_deref(), Some("lead-idle"));
        let theirs = teams.register(&teams.second, "丙", ENTERPRISE).await.expect("free again");
        let undone = app.change_undo(&later, programme, change.id, None).await;
        assert!(matches!(undone, Err(Error::LeadTaken(_))), "{undone:?}");
        assert_eq!(teams.status(&theirs).await, "registered");
    }
}

#[tokio::test]
async fn a_signing_by_its_team_converts_a_lead_and_undoing_it_protects_again() {
    for teams in Teams::all().await {
        let (app, programme) = (&teams.app, teams.programme);
        let lead = teams.register(&teams.first, "甲", ENTERPRISE).await.expect("free");
        let mut draft = form("冷链", &[("kind", "investment"), ("status", "draft"), ("region", "X12701")]);
        let party = |record: &str, role: &str| LinkInput { record: record.into(), role: role.into() };
        let parties = vec![party(ENTERPRISE, "investor"), party("澜城市人民政府", "host")];
        draft.links = [("party".to_owned(), parties)].into();
        let made = app.entry_create(&teams.first, programme, RecordKind::Agreement, &draft).await;
        let code = made.expect("made").code;
        assert_eq!(teams.status(&lead).await, "registered");
        let sign = EntryForm { fields: [("status".into(), "signed".into())].into(), ..EntryForm::default() };
        app.entry_edit(&teams.first, programme, &code, &sign).await.expect("signed");
        assert_eq!(teams.status(&lead).await, "converted");
        let detail = app.entry(&teams.first, programme, &lead).await.expect("own");
        assert!(detail.entry.id("agreement").is_some() && !detail.entry.record.protected);
        let (_, audit) = app.audit(&teams.first, programme, &code, None).await.expect("audited");
        let last = audit.first().expect("a change").change.id;
        app.change_undo(&teams.first, programme, last, None).await.expect("undone");
        assert_eq!(teams.status(&lead).await, "registered");
        assert!(app.entry(&teams.first, programme, &lead).await.expect("own").entry.record.protected);
    }
}

#[tokio::test]
async fn a_region_without_an_office_registers_for_offices_that_lie_in_it_only() {
    for teams in Teams::all().await {
        let (app, programme) = (&teams.app, teams.programme);
        let new = NewRole { programme: Some("invented"), region: Some("X12700"), ..NewRole::default() };
        let named = ("region", "region", "long enough");
        app.user_add_with(&Actor::operator(now()), named, Role::Region, &new).await.expect("a new login");
        let region = app.actor_named("region", now()).await.expect("the account");
        let owned = |owner: &str| form("甲", &[("organisation", ENTERPRISE), ("owner", owner)]);
        let foreign = owned("岚阳市协作工作分指挥部");
        let made = app.entry_create(&region, programme, RecordKind::Lead, &foreign).await;
        let Err(Error::Form(problems)) = made else { panic!("{made:?}") };
        let told: Vec<_> = problems.iter().map(|of| (of.field.as_str(), of.code)).collect();
        assert_eq!(told, [("owner", "not-yours")]);
        let own = owned("汐港市协作工作队");
        let made = app.entry_create(&region, programme, RecordKind::Lead, &own).await.expect("its own");
        teams.register(&teams.second, "乙", "岚湖青禾食品有限公司").await.expect("free");
        let moved = EntryForm {
            fields: [("owner".into(), "岚阳市协作工作分指挥部".into())].into(),
            ..EntryForm::default()
        };
        let moved = app.entry_edit(&region, programme, &made.code, &moved).await;
        assert!(matches!(moved, Err(Error::Form(_))), "nor is one handed to another region: {moved:?}");
    }
}

#[tokio::test]
async fn two_enterprises_with_leads_of_two_teams_are_not_merged() {
    for teams in Teams::all().await {
        let (one, other) =
            (teams.organisation("甲厂", CREDIT_CODE).await, teams.organisation("乙坊", "").await);
        let first = teams.register(&teams.first, "秘密项目", &one).await.expect("free");
        teams.register(&teams.second, "另一项目", &other).await.expect("free");
        let pair = (one.as_str(), other.as_str());
        let operator = Actor::operator(now());
        let view = teams.app.merge_preview(&operator, teams.programme, pair.0, pair.1).await.expect("shown");
        assert_eq!(view.obstacles, [app::Obstacle::Leads]);
        let why = app::MergeForm { reason: "同一家".into(), ..app::MergeForm::default() };
        let refused = teams.app.merge(&operator, teams.programme, pair, &why).await;
        assert!(matches!(refused, Err(Error::Conflict)), "{refused:?}");
        let release =
            EntryForm { reason: "双方商定".into(), ..form("秘密项目", &[("status", "released")]) };
        teams.app.entry_edit(&operator, teams.programme, &first, &release).await.expect("released");
        teams.app.merge(&operator, teams.programme, pair, &why).await.expect("one team is left");
    }
}

#[tokio::test]
async fn a_picker_offers_the_offices_that_one_may_register_for() {
    for teams in Teams::all().await {
        let app = &teams.app;
        let offered = async |actor: &Actor| {
            let offices = app.lead_owner_suggest(actor, teams.programme, "", 99).await.expect("asked");
            offices.into_iter().map(|office| office.record).collect::<Vec<_>>()
        };
        let operator = Actor::operator(now());
        let all = offered(&operator).await;
        let own = offered(&teams.first).await;
        assert!(own.len() < all.len() && own.iter().any(|office| office.title == "汐港市协作工作队"));
        let enterprise = teams.organisation("丙厂", "").await;
        for office in all {
            let fields = [("organisation", enterprise.as_str()), ("owner", office.code.as_str())];
            let lead = form("某线索", &fields);
            let made = app.entry_create(&teams.first, teams.programme, RecordKind::Lead, &lead).await;
            let refused = matches!(&made, Err(Error::Form(problems)) if problems[0].code == "not-yours");
            assert_eq!(refused, !own.iter().any(|of| of.id == office.id), "{}: {made:?}", office.title);
        }
    }
}
