//! Contracts and bank slips are for the parties, the verifier and the auditor (law 5), on both databases.

use crate::common::{applications, file, form, now, user};
use app::{
    Actor, AmountInput, App, Error, FigureFilter, ListFilter, NewRole, Proof, RecordFigure, RecordKind, Role,
    Sort, TallyGroup,
};
use domain::{Measure, TimeKind, Unit};

const PROVINCE: &str = "X10000";
const WUZE: &str = "X10100";
const LUTAN: &str = "X10121";
const CANGLAN: &str = "X12700";
/// A slip of our own wording, with a number that is read.
const SLIP: &str = "紫橡回单\n\n2025年，芦滩县到位资金3.7亿元。\n";
const WORDS: &str = "紫橡";

/// A record with a bank slip that proves money arrived.
struct Deal {
    app: App,
    programme: i64,
    office: Actor,
    record: String,
    slip: String,
    figure: String,
}

impl Deal {
    async fn all() -> Vec<Self> {
        let mut deals = Vec::new();
        for (app, programme) in applications().await {
            let office = user(&app, "office", Role::Office).await;
            let park = first(&app, &office, programme, RecordKind::Park).await;
            let fields = [("status", "open"), ("region", LUTAN), ("park", park.as_str())];
            let form = form("冷链仓储项目", &fields);
            let record = app.entry_create(&office, programme, RecordKind::Opportunity, &form).await;
            let record = record.expect("a new record").code;
            let slip = upload(&app, &office, programme, &record, "bank_slip").await.expect("stored").code;
            let new = RecordFigure {
                measure: "funds_arrived".into(),
                amount: AmountInput { value: "3.7".into(), unit: "yi".into(), ..AmountInput::default() },
                role: "actual".into(),
                period_kind: "flow".into(),
                period_from: "2025-01-01".into(),
                period_to: "2025-12-31".into(),
                proof: Proof { document: slip.clone(), ..Proof::default() },
                ..RecordFigure::default()
            };
            let figure = app.figure_add(&office, programme, &record, &new).await.expect("entered");
            app.work(now).await.expect("read");
            deals.push(Self { app, programme, office, record, slip, figure });
        }
        deals
    }

    async fn actor(&self, login: &str, role: Role, region: Option<&str>, record: Option<&str>) -> Actor {
        let new = NewRole { programme: Some("invented"), region, record, ..NewRole::default() };
        let account = (login, login, "long enough");
        self.app.user_add_with(&Actor::operator(now()), account, role, &new).await.expect("a new login");
        self.app.actor_named(login, now()).await.expect("the account")
    }

    /// Whether somebody who sees the record sees the slip: everywhere, or nowhere.
    async fn is_open_to(&self, actor: &Actor) -> bool {
        let Self { app, programme, .. } = self;
        let detail = app.entry(actor, *programme, &self.record).await.expect("the record is seen");
        let open = detail.documents.len() == 1;
        let login = &actor.login;
        assert_eq!(detail.closed, usize::from(!open), "{login}");
        assert_eq!(app.document(actor, *programme, &self.slip).await.is_ok(), open, "{login}");
        let listed = app.document_list(actor, *programme, None, 9).await.expect("a list");
        assert_eq!(listed.len(), usize::from(open), "{login}");
        let offered = app.document_suggest(actor, *programme, WORDS, 9).await.expect("a list");
        assert_eq!(offered.len(), usize::from(open), "{login}");
        let hits = app.search(actor, *programme, WORDS, 9).await.expect("an answer");
        assert_eq!(hits.is_empty(), !open, "{login}: the slip and the record by the words of it");
        let filter = ListFilter { text: WORDS.into(), ..ListFilter::of(RecordKind::Opportunity) };
        let found =
            app.entry_list(actor, *programme, filter, Sort::default(), None, 9).await.expect("a list");
        assert_eq!(found.entries.len(), usize::from(open), "{login}");
        if actor.may(*programme, app::Right::ViewClaim) {
            let claims = app.claim_list_open(actor, *programme, None, 9).await.expect("a list").1;
            assert_eq!(claims > 0, open, "{login}");
        }
        open
    }

    /// Whether somebody who sees the figure sees what proves it; that something does, all of them see.
    async fn proves_to(&self, actor: &Actor) -> bool {
        let Self { app, programme, .. } = self;
        let figure = app.figure(actor, *programme, &self.figure).await.expect("the figure is seen");
        let open = figure.evidence.len() == 1;
        assert_eq!(figure.closed, usize::from(!open));
        let filter = FigureFilter::default();
        let rows = app.figure_list(actor, *programme, &filter, None, 200).await.expect("a list");
        let row = rows.iter().find(|row| row.code == self.figure).expect("listed");
        assert_eq!((row.documents.len(), row.closed), (usize::from(open), !open));
        open
    }
}

async fn first(app: &App, actor: &Actor, programme: i64, kind: RecordKind) -> String {
    let page = app.entry_list(actor, programme, ListFilter::of(kind), Sort::default(), None, 1).await;
    page.expect("a list").entries[0].record.code.clone()
}

async fn upload(
    app: &App,
    actor: &Actor,
    programme: i64,
    record: &str,
    class: &str,
) -> app::Result<app::Added> {
    let folder = tempfile::tempdir().expect("works");
    let path = file(folder.path(), "x", SLIP.as_bytes());
    app.attachment_upload(actor, programme, record, (&path, "紫橡.txt"), ("stamped", class)).await
}

#[tokio::test]
async fn a_slip_is_open_to_the_parties_the_verifier_and_the_auditor_and_to_nobody_else() {
    for deal in Deal::all().await {
        let (app, programme) = (&deal.app, deal.programme);
        let park = first(app, &deal.office, programme, RecordKind::Park).await;
        let firm = first(app, &deal.office, programme, RecordKind::Organisation).await;
        for (login, role, region, record, open) in [
            ("party", Role::Region, Some(LUTAN), None, true),
            ("party-office", Role::Office, Some(LUTAN), None, true),
            ("park", Role::Park, None, Some(park.as_str()), true),
            ("verifier", Role::Reviewer, None, None, true),
            ("verifier-above", Role::Approver, Some(WUZE), None, true),
            ("auditor", Role::Audit, None, None, true),
            ("above", Role::Region, Some(WUZE), None, false),
            ("office-above", Role::Office, Some(PROVINCE), None, false),
            ("reader-there", Role::Reader, Some(LUTAN), None, false),
            ("leader", Role::Reader, None, None, false),
            ("other", Role::Office, None, None, false),
            ("firm", Role::Enterprise, None, Some(firm.as_str()), false),
        ] {
            let actor = deal.actor(login, role, region, record).await;
            assert_eq!(deal.is_open_to(&actor).await, open, "{login}");
            if !matches!(role, Role::Park | Role::Enterprise) {
                assert_eq!(deal.proves_to(&actor).await, open, "{login}");
            }
        }
        assert!(deal.is_open_to(&deal.office).await, "who added it sees it");
        let outside = deal.actor("outside", Role::Approver, Some(CANGLAN), None).await;
        assert!(matches!(app.document(&outside, programme, &deal.slip).await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn what_a_slip_proves_counts_for_all_and_the_audit_does_not_tell_of_it() {
    for deal in Deal::all().await {
        let (app, programme) = (&deal.app, deal.programme);
        let other = deal.actor("other", Role::Office, None, None).await;
        let group = TallyGroup { measure: Measure::FundsArrived, unit: Unit::cny(), kind: TimeKind::Flow };
        let ours = app
            .total_open(&deal.office, programme, group, domain::tally::Scope::Programme)
            .await
            .expect("opened");
        let theirs =
            app.total_open(&other, programme, group, domain::tally::Scope::Programme).await.expect("opened");
        assert_eq!(ours.tally.total, theirs.tally.total);
        assert!(!theirs.tally.counted.is_empty());
        for code in [&deal.figure, &deal.record] {
            let told = app.audit(&other, programme, code, None).await.expect("the audit").1;
            let items: Vec<_> = told.iter().flat_map(|entry| &entry.items).collect();
            assert!(!format!("{items:?}").contains(WORDS), "{items:?}");
        }
        let again = upload(app, &other, programme, &deal.record, "").await.expect_err("it is here");
        assert!(matches!(&again, Error::DuplicateFile { file, .. } if file == "紫橡.txt"), "{again:?}");
    }
}

#[tokio::test]
async fn a_document_is_opened_and_closed_by_its_parties_in_changes_that_can_be_undone() {
    for deal in Deal::all().await {
        let (app, programme, office) = (&deal.app, deal.programme, &deal.office);
        let other = deal.actor("other", Role::Office, None, None).await;
        let verifier = deal.actor("verifier", Role::Reviewer, None, None).await;
        let set = |actor: &Actor, class: &str| {
            let (app, actor, slip, class) = (app.clone(), actor.clone(), deal.slip.clone(), class.to_owned());
            async move {
                app.document_set_details(&actor, programme, &slip, ("回单", None), None, Some(&class)).await
            }
        };
        assert!(matches!(set(&other, "ordinary").await, Err(Error::NotFound)));
        assert!(
            matches!(set(&verifier, "ordinary").await, Err(Error::Forbidden)),
            "who verifies does not open it"
        );
        let unknown = set(office, "secret").await;
        assert!(matches!(unknown, Err(Error::Invalid { field: "class", problem: "unknown" })));
        set(office, "ordinary").await.expect("opened");
        let detail = app.entry(&other, programme, &deal.record).await.expect("seen");
        assert_eq!((detail.documents.len(), detail.closed), (1, 0));
        let no_party = set(&other, "contract").await;
        assert!(
            matches!(no_party, Err(Error::Invalid { field: "class", problem: "no-party" })),
            "{no_party:?}"
        );
        app.document(&other, programme, &deal.slip).await.expect("nothing was written");
        let (_, audit) = app.audit(office, programme, &deal.slip, None).await.expect("the audit");
        app.change_undo(office, programme, audit[0].change.id, None).await.expect("undone");
        assert!(!deal.is_open_to(&other).await);
        let document = app.document(office, programme, &deal.slip).await.expect("seen");
        assert!(document.restricted && document.class.code == "bank_slip");
    }
}

#[tokio::test]
async fn the_same_bytes_sent_as_a_contract_close_the_document_that_has_them() {
    for deal in Deal::all().await {
        let (app, programme, office) = (&deal.app, deal.programme, &deal.office);
        let other = deal.actor("other", Role::Office, None, None).await;
        app.document_set_details(office, programme, &deal.slip, ("回单", None), None, Some("ordinary"))
            .await
            .expect("opened");
        let added = upload(app, office, programme, &deal.record, "contract").await.expect("attached");
        assert!(added.known && added.code == deal.slip);
        assert!(matches!(app.document(&other, programme, &deal.slip).await, Err(Error::NotFound)));
        upload(app, office, programme, &deal.record, "ordinary").await.expect("attached");
        let still = app.document(office, programme, &deal.slip).await.expect("seen");
        assert!(still.restricted, "sent as an ordinary paper it is not opened in passing");
        let unknown = upload(app, office, programme, &deal.record, "secret").await;
        assert!(matches!(unknown, Err(Error::Form(problems)) if problems[0].field == "class"));
    }
}
