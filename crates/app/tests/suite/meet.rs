//! What reading proposes meets what is recorded, on both databases: organisations, events, agreements.

use crate::common::{applications, file, form, now, user};
use app::{
    Actor, AmountInput, App, Claim, ClaimState, Differing, EntryForm, Error, LinkInput, Met, Record,
    RecordKind, Role, TallyGroup,
};
use domain::figure::Status;
use domain::{Measure, TimeKind, Unit};

/// A report of our own wording, of firms that no register knows.
const REPORT: &str = "紫橡新材料有限公司落户芦滩县\n\n来源：砾原日报 2025-06-20\n\n\
    2025年6月18日，紫橡新材料有限公司与芦滩县签订投资协议，合同额1.2亿元。\n\
    截至2025年6月20日，紫橡新材料有限公司到位资金0.3亿元。\n";
const AGAIN: &str = "紫橡新材料项目进展\n\n来源：砾原日报 2025-08-02\n\n\
    2025年6月18日，紫橡新材料有限公司与芦滩县签订投资协议，合同额1.3亿元。\n";

async fn read(app: &App, actor: &Actor, programme: i64, text: &str) -> Vec<Claim> {
    let folder = tempfile::tempdir().expect("works");
    let path = file(folder.path(), "a.txt", text.as_bytes());
    let added = app.document_add(actor, programme, &path, "a.txt").await.expect("works");
    assert_eq!(app.work(now).await.expect("works"), 1);
    app.claim_list(actor, programme, added.id).await.expect("works")
}

fn quoted<'a>(claims: &'a [Claim], quote: &str) -> &'a Claim {
    let found = claims.iter().find(|claim| claim.quote == quote);
    found.unwrap_or_else(|| {
        panic!("{quote} is not among {:?}", claims.iter().map(|c| &c.quote).collect::<Vec<_>>())
    })
}

async fn firm(app: &App, actor: &Actor, programme: i64, title: &str) -> Record {
    let form = form(title, &[("kind", "enterprise")]);
    app.entry_create(actor, programme, RecordKind::Organisation, &form).await.expect("a new firm")
}

async fn agreement(app: &App, actor: &Actor, programme: i64, party: &str, amount_yi: &str) -> Record {
    let fields =
        [("kind", "investment"), ("status", "signed"), ("signed_on", "2025-06-18"), ("region", "X10121")];
    let amount = AmountInput { value: amount_yi.into(), unit: "yi".into(), ..AmountInput::default() };
    let amount = (!amount_yi.is_empty()).then_some(amount);
    let form = EntryForm { links: parties(party), amount, ..form("紫橡新材料投资协议", &fields) };
    app.entry_create(actor, programme, RecordKind::Agreement, &form).await.expect("a new agreement")
}

fn parties(investor: &str) -> std::collections::BTreeMap<String, Vec<LinkInput>> {
    let link = |record: &str, role: &str| LinkInput { record: record.into(), role: role.into() };
    [("party".to_owned(), vec![link(investor, "investor"), link("岚湖省工商业联合会", "host")])].into()
}

/// The total of contracts signed, those of the example among them: how much in fen, of how many figures.
async fn total(app: &App, actor: &Actor, programme: i64) -> (i64, i64) {
    let group = TallyGroup { measure: Measure::SignedContract, unit: Unit::cny(), kind: TimeKind::Flow };
    let overview = app.overview(actor, programme, &[]).await.expect("an overview");
    let found = overview.totals.iter().find(|total| total.group == group);
    assert!(app.verify_totals(actor, programme).await.expect("counted").is_empty());
    found.map_or((0, 0), |total| (total.sum.low, total.sum.count))
}

async fn undo_last(app: &App, actor: &Actor, programme: i64, code: &str) {
    let (_, audit) = app.audit(actor, programme, code, None).await.expect("an audit");
    let last = audit.iter().find(|entry| entry.undoable).expect("something to undo");
    app.change_undo(actor, programme, last.change.id, Some("试")).await.expect("undone");
}

#[tokio::test]
async fn words_that_name_nothing_known_become_an_organisation_with_the_quote_as_its_source() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let before = total(&app, &office, programme).await;
        let claims = read(&app, &office, programme, REPORT).await;
        let (signed, arrived) = (quoted(&claims, "1.2亿元"), quoted(&claims, "0.3亿元"));
        let meeting = app.claim_meeting(&office, programme, signed.id).await.unwrap();
        assert_eq!(meeting.organisation.as_deref(), Some("紫橡新材料有限公司"));
        let form = form("紫橡新材料", &[("kind", "enterprise"), ("region", "X30000")]);
        let kind = RecordKind::Organisation;
        let record = app.entry_create_from(&office, programme, kind, &form, signed.id).await.unwrap();
        let detail = app.entry(&office, programme, &record.code).await.unwrap();
        assert_eq!((detail.aliases, detail.sources.len()), (vec!["紫橡新材料有限公司".to_owned()], 1));
        assert_eq!(detail.figures.len(), 1, "the figure of the claim is its own");
        assert_eq!(detail.figures[0].figure.supporters.len(), 1, "where the firm is from");
        assert_eq!(detail.mentions.len(), 2, "the open claim of the same words too");
        let (claim, resolved) = app.claim(&office, programme, arrived.id).await.unwrap();
        assert_eq!((claim.state, resolved.organisation), (ClaimState::Open, Some(record.id)));
        let again = app.entry_create_from(&office, programme, kind, &form, arrived.id).await;
        assert!(matches!(again, Err(Error::Conflict)), "the words are known now");
        undo_last(&app, &office, programme, &record.code).await;
        let (claim, resolved) = app.claim(&office, programme, signed.id).await.unwrap();
        assert_eq!((claim.state, claim.figure, resolved.organisation), (ClaimState::Open, None, None));
        assert!(app.record(&office, programme, &record.code).await.unwrap().archived);
        assert_eq!(total(&app, &office, programme).await, before);
    }
}

#[tokio::test]
async fn a_record_that_others_build_on_is_not_undone_with_the_claim_that_made_it() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, REPORT).await;
        let form = form("紫橡新材料有限公司", &[("kind", "enterprise")]);
        let signed = quoted(&claims, "1.2亿元").id;
        let kind = RecordKind::Organisation;
        let record = app.entry_create_from(&office, programme, kind, &form, signed).await.unwrap();
        app.claim_accept(&office, programme, quoted(&claims, "0.3亿元").id).await.unwrap();
        let reopened = app.claim_reopen(&office, programme, signed).await;
        assert!(matches!(reopened, Err(Error::Superseded(_))), "{reopened:?}");
        assert!(!app.record(&office, programme, &record.code).await.unwrap().archived);
    }
}

#[tokio::test]
async fn words_become_a_further_name_and_the_figure_is_restated_as_the_firms_own() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, REPORT).await;
        let (signed, arrived) = (quoted(&claims, "1.2亿元").id, quoted(&claims, "0.3亿元").id);
        app.claim_accept(&office, programme, signed).await.unwrap();
        let firm = firm(&app, &office, programme, "紫橡集团").await;
        let kind = RecordKind::Organisation;
        let nobody = app.claim_name(&office, programme, signed, kind, "没有这家").await;
        assert!(matches!(nobody, Err(Error::Form(problems)) if problems[0].field == "record"));
        app.claim_name(&office, programme, signed, kind, &firm.code).await.unwrap();
        let detail = app.entry(&office, programme, &firm.code).await.unwrap();
        assert_eq!(detail.figures.len(), 1);
        let figure = app.figure(&office, programme, &detail.figures[0].code).await.unwrap();
        assert!(figure.replaces.is_some() && figure.evidence.len() == 1);
        let (_, resolved) = app.claim(&office, programme, arrived).await.unwrap();
        assert_eq!(resolved.organisation, Some(firm.id), "what is read next means it");
        undo_last(&app, &office, programme, &firm.code).await;
        let detail = app.entry(&office, programme, &firm.code).await.unwrap();
        assert!(detail.aliases.is_empty() && detail.sources.is_empty() && detail.mentions.is_empty());
        let (claim, resolved) = app.claim(&office, programme, signed).await.unwrap();
        assert_eq!((claim.state, resolved.organisation), (ClaimState::Accepted, None));
        let restored = app.record_by_id(&office, programme, claim.figure.expect("as before")).await.unwrap();
        let figure = app.figure(&office, programme, &restored.code).await.unwrap();
        assert!(figure.replaced_by.is_none() && figure.entry.figure.status == Status::Filed);
    }
}

#[tokio::test]
async fn a_quote_that_says_the_same_proves_the_amount_of_the_agreement_and_counts_once() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, REPORT).await;
        let (signed, arrived) = (quoted(&claims, "1.2亿元").id, quoted(&claims, "0.3亿元").id);
        let firm = firm(&app, &office, programme, "紫橡新材料有限公司").await;
        let record = agreement(&app, &office, programme, &firm.code, "1.2").await;
        let once = total(&app, &office, programme).await;
        let meeting = app.claim_meeting(&office, programme, signed).await.unwrap();
        let proposed = meeting.agreements.expect("a signed amount");
        assert_eq!((proposed[0].0.record.id, proposed[0].1), (record.id, true), "organisation and amount");
        assert!(app.claim_meeting(&office, programme, arrived).await.unwrap().agreements.is_none());
        let mixed = app.claim_join(&office, programme, arrived, &record.code, None).await;
        assert!(matches!(mixed, Err(Error::Form(problems)) if problems[0].code == "no-amount"));

        // First as a figure of its own, then as what it is.
        app.claim_accept(&office, programme, signed).await.unwrap();
        assert_eq!(total(&app, &office, programme).await, once, "items before stated figures");
        let (_, met) = app.claim_join(&office, programme, signed, &record.code, None).await.unwrap();
        let Met::Proves(figure) = met else { panic!("{met:?}") };
        let detail = app.entry(&office, programme, &record.code).await.unwrap();
        assert_eq!((detail.figures.len(), detail.mentions.len()), (1, 1));
        assert_eq!((detail.figures[0].figure.id, detail.figures[0].documents.len()), (figure, 1));
        assert_eq!(total(&app, &office, programme).await, once);
        let meeting = app.claim_meeting(&office, programme, signed).await.unwrap();
        assert_eq!(meeting.agreement.map(|record| record.id), Some(record.id));
        undo_last(&app, &office, programme, &record.code).await;
        let detail = app.entry(&office, programme, &record.code).await.unwrap();
        assert_eq!(detail.figures[0].figure.status, Status::Filed, "the amount was not the quote's alone");
        assert!(detail.figures[0].documents.is_empty() && detail.mentions.is_empty());
        assert_eq!(total(&app, &office, programme).await, once);
    }
}

#[tokio::test]
async fn a_quote_that_says_something_else_stands_beside_the_amount_or_corrects_it() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, AGAIN).await;
        let id = quoted(&claims, "1.3亿元").id;
        let firm = firm(&app, &office, programme, "紫橡新材料有限公司").await;
        let record = agreement(&app, &office, programme, &firm.code, "1.2").await;
        let once = total(&app, &office, programme).await;
        let (_, met) = app.claim_join(&office, programme, id, &record.code, None).await.unwrap();
        let Met::Differs(own, stated) = met else { panic!("{met:?}") };
        assert_eq!((own.low, stated.low), (12_000_000_000, 13_000_000_000));
        let (claim, _) = app.claim(&office, programme, id).await.unwrap();
        assert_eq!(claim.state, ClaimState::Open, "nothing was written");

        let (_, kept) =
            app.claim_join(&office, programme, id, &record.code, Some(Differing::Keep)).await.unwrap();
        assert!(matches!(kept, Met::Beside(_)));
        let detail = app.entry(&office, programme, &record.code).await.unwrap();
        let mut amounts: Vec<_> = detail.figures.iter().map(|row| row.figure.quantity.low).collect();
        amounts.sort_unstable();
        assert_eq!((amounts, detail.mentions.len()), (vec![12_000_000_000, 13_000_000_000], 1));
        assert_eq!(total(&app, &office, programme).await, once, "the item is the total");
        undo_last(&app, &office, programme, &record.code).await;

        let replace = Some(Differing::Replace);
        let (_, met) = app.claim_join(&office, programme, id, &record.code, replace).await.unwrap();
        assert!(matches!(met, Met::Replaced(_)));
        let detail = app.entry(&office, programme, &record.code).await.unwrap();
        assert_eq!(detail.entry.amount.map(|amount| amount.low), Some(13_000_000_000));
        assert_eq!(total(&app, &office, programme).await, (once.0 + 1_000_000_000, once.1));
        undo_last(&app, &office, programme, &record.code).await;
        let detail = app.entry(&office, programme, &record.code).await.unwrap();
        assert_eq!(detail.entry.amount.map(|amount| amount.low), Some(12_000_000_000));
        assert_eq!(total(&app, &office, programme).await, once);
    }
}

#[tokio::test]
async fn an_agreement_made_from_a_claim_has_its_amount_once_with_the_quote_as_evidence() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let before = total(&app, &office, programme).await;
        let claims = read(&app, &office, programme, REPORT).await;
        let signed = quoted(&claims, "1.2亿元").id;
        let firm = firm(&app, &office, programme, "紫橡新材料有限公司").await;
        let fields = [("status", "signed"), ("signed_on", "2025-06-18"), ("region", "X10121")];
        let of_kind = |kind: &str| {
            let mut form =
                EntryForm { links: parties(&firm.code), ..form("紫橡新材料投资协议", &fields) };
            form.fields.insert("kind".into(), kind.into());
            form
        };
        let kind = RecordKind::Agreement;
        let mixed = app.entry_create_from(&office, programme, kind, &of_kind("intent"), signed).await;
        assert!(matches!(mixed, Err(Error::Form(problems)) if problems[0].code == "mixed"));
        let record =
            app.entry_create_from(&office, programme, kind, &of_kind("investment"), signed).await.unwrap();
        let detail = app.entry(&office, programme, &record.code).await.unwrap();
        assert_eq!(detail.entry.amount.map(|amount| amount.low), Some(12_000_000_000));
        assert_eq!(
            (detail.figures.len(), detail.figures[0].documents.len(), detail.sources.len()),
            (1, 1, 1)
        );
        assert_eq!(total(&app, &office, programme).await, (before.0 + 12_000_000_000, before.1 + 1));
        let (claim, _) = app.claim(&office, programme, signed).await.unwrap();
        assert_eq!((claim.state, claim.figure), (ClaimState::Accepted, Some(detail.figures[0].figure.id)));
        undo_last(&app, &office, programme, &record.code).await;
        assert_eq!(total(&app, &office, programme).await, before);
        let (claim, _) = app.claim(&office, programme, signed).await.unwrap();
        assert_eq!((claim.state, claim.figure), (ClaimState::Open, None));
    }
}

#[tokio::test]
async fn whoever_only_reads_makes_nothing_of_a_claim() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let reader = user(&app, "reader", Role::Reader).await;
        let claims = read(&app, &office, programme, REPORT).await;
        let signed = quoted(&claims, "1.2亿元").id;
        let firm = firm(&app, &office, programme, "紫橡集团").await;
        let kind = RecordKind::Organisation;
        let named = app.claim_name(&reader, programme, signed, kind, &firm.code).await;
        assert!(matches!(named, Err(Error::Forbidden)));
        let form = form("甲", &[("kind", "enterprise")]);
        let made = app.entry_create_from(&reader, programme, kind, &form, signed).await;
        assert!(matches!(made, Err(Error::Forbidden)));
        let joined = app.claim_join(&reader, programme, signed, &firm.code, None).await;
        assert!(matches!(joined, Err(Error::Forbidden)));
    }
}
