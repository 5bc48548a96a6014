//! One record of every kind inside a region and one outside, and a user of every role who belongs to the inside.

use crate::browser::Browser;
use crate::site::{PASSWORD, Site, now};
use app::{Actor, EntryForm, FigureFilter, NewRole, RecordKind, Role};
use domain::record::{FieldInfo, FieldType};
use std::collections::BTreeMap;

/// The region of the users, and another beside it.
const REGIONS: [&str; 2] = ["X10100", "X12700"];
const NAMES: [&str; 2] = ["乌泽市", "沧澜自治州"];

/// What every page shows that shows an outside record.
pub const OUTSIDE_MARK: &str = "OUTSIDE-";

/// A record, and what belongs to it where it is a document or figure.
#[derive(Debug, Clone)]
pub struct Fixture {
    pub kind: RecordKind,
    pub inside: bool,
    pub code: String,
    /// A claim of the document that waits for review.
    pub claim: Option<i64>,
    /// What the document tells of a project, which waits for review.
    pub news: Option<i64>,
    /// The change that wrote the figure.
    pub change: Option<i64>,
    /// The links of a policy to a document and to a contact.
    pub links: Option<[i64; 2]>,
}

pub struct World {
    pub site: Site,
    pub fixtures: Vec<Fixture>,
    pub users: Vec<(Role, Browser)>,
}

impl World {
    pub async fn new() -> Self {
        Self::on(Site::new().await).await
    }

    pub async fn on(site: Site) -> Self {
        let operator = Actor::operator(now());
        let programme = site.app.programme("invented").await.expect("the example").id;
        let mut fixtures = Vec::new();
        for inside in [true, false] {
            let mut made =
                Made { site: &site, operator: &operator, programme, inside, codes: BTreeMap::new() };
            for kind in RecordKind::described() {
                made.record(kind).await;
            }
            let filing = made.filing().await;
            let codes = std::mem::take(&mut made.codes);
            let contact = codes[&RecordKind::Contact].clone();
            let fixture = |(kind, code)| Fixture {
                kind,
                inside,
                code,
                claim: None,
                news: None,
                change: None,
                links: None,
            };
            let from = fixtures.len();
            fixtures.extend(codes.into_iter().chain([(RecordKind::Filing, filing)]).map(fixture));
            let report = report(&site, &operator, programme, inside).await;
            let policy =
                fixtures[from..].iter_mut().find(|of| of.kind == RecordKind::Policy).expect("a policy");
            policy.links =
                Some(links(&site, &operator, programme, [&policy.code, &report[0].code, &contact]).await);
            fixtures.extend(report);
        }
        let mut world = Self { site, fixtures, users: Vec::new() };
        for role in Role::ALL {
            world.user(*role).await;
        }
        world
    }

    fn inside(&self, kind: RecordKind) -> &Fixture {
        let mut found = self.fixtures.iter().filter(|fixture| fixture.kind == kind && fixture.inside);
        found.next().expect("one of every kind")
    }

    async fn user(&mut self, role: Role) {
        let login = format!("inside-{}", role.code());
        let mut new = NewRole { programme: Some("invented"), ..NewRole::default() };
        let record = match role {
            Role::Park => self.inside(RecordKind::Park).code.clone(),
            Role::Enterprise => self.inside(RecordKind::Organisation).code.clone(),
            _ => String::new(),
        };
        match role {
            Role::Park | Role::Enterprise => new.record = Some(&record),
            Role::System | Role::Security | Role::Audit => new.programme = None,
            _ => new.region = Some(REGIONS[0]),
        }
        let operator = Actor::operator(now());
        let account = (login.as_str(), login.as_str(), PASSWORD);
        self.site.app.user_add_with(&operator, account, role, &new).await.expect("a new user");
        let browser = self.site.signed_in(&login).await;
        self.users.push((role, browser));
    }
}

/// Makes records in one place; what a field must name is made first.
struct Made<'a> {
    site: &'a Site,
    operator: &'a Actor,
    programme: i64,
    inside: bool,
    codes: BTreeMap<RecordKind, String>,
}

impl Made<'_> {
    async fn record(&mut self, kind: RecordKind) -> String {
        if let Some(code) = self.codes.get(&kind) {
            return code.clone();
        }
        let mark = if self.inside { "INSIDE-" } else { OUTSIDE_MARK };
        let mut fields = BTreeMap::new();
        let is_stage = |field: &FieldInfo| matches!(field.kind, FieldType::Stage);
        for field in kind.fields().iter().filter(|field| field.required || field.party || is_stage(field)) {
            let value = match field.kind {
                FieldType::Region => REGIONS[usize::from(!self.inside)].to_owned(),
                FieldType::Record(of) if of == kind => continue,
                FieldType::Record(of) => Box::pin(self.record(of)).await,
                FieldType::Choice(list) => {
                    // A registered lead is its team's alone; here every lead is released.
                    let last = kind == RecordKind::Lead && field.code == "status";
                    list[usize::from(last)].code.to_owned()
                }
                // Before it is signed a project is its team's alone; here every one is signed.
                FieldType::Stage => "signed".to_owned(),
                FieldType::Date => "2026-05-01".to_owned(),
                _ => "1".to_owned(),
            };
            fields.insert(field.code.to_owned(), value);
        }
        let form = EntryForm {
            title: Some(format!("{mark}{}", kind.code())),
            fields,
            different: true,
            ..EntryForm::default()
        };
        let made = self.site.app.entry_create(self.operator, self.programme, kind, &form).await;
        let code = made.unwrap_or_else(|error| panic!("{kind:?}: {error:?}")).code;
        self.codes.insert(kind, code.clone());
        code
    }
}

impl Made<'_> {
    /// A filing of the office in a round that was sent out.
    async fn filing(&mut self) -> String {
        let (app, operator, programme) = (&self.site.app, self.operator, self.programme);
        let office = self.codes[&RecordKind::Office].clone();
        // Named after its office, which everybody may read, as they may the round.
        let title = format!("{}office round", if self.inside { "INSIDE-" } else { OUTSIDE_MARK });
        let days = [("date_from", "2026-01-01"), ("date_to", "2026-01-31"), ("due_on", "2026-02-05")];
        let fields = [("status", "draft"), ("owner", office.as_str())].into_iter().chain(days);
        let fields = fields.map(|(code, text)| (code.to_owned(), text.to_owned())).collect();
        let form = EntryForm { title: Some(title), fields, different: true, ..EntryForm::default() };
        let round = app
            .entry_create(operator, programme, RecordKind::ReportingTask, &form)
            .await
            .expect("a round")
            .code;
        let line = app::LineInput {
            measure: "sales".to_owned(),
            unit: "wan".to_owned(),
            time_kind: "flow".to_owned(),
            ..app::LineInput::default()
        };
        app.reporting_line_add(operator, programme, &round, &line).await.expect("a line");
        app.reporting_unit_add(operator, programme, &round, &office, "").await.expect("a unit");
        app.reporting_send(operator, programme, &round).await.expect("sent");
        let detail = app.reporting_round(operator, programme, &round).await.expect("seen");
        detail.filings[0].record.code.clone()
    }
}

/// A document with an accepted claim and an open one, and the figure that was accepted.
async fn report(site: &Site, operator: &Actor, programme: i64, inside: bool) -> [Fixture; 2] {
    let name = NAMES[usize::from(!inside)];
    let mark = if inside { "INSIDE-" } else { OUTSIDE_MARK };
    let text = format!(
        "2025年，{name}到位资金12.5亿元。\n2025年，{name}签约总额80亿元。\n青禾粮油加工项目在{name}开工。\n"
    );
    let title = format!("{mark}document");
    let added = site.app.document_add_text(operator, programme, &text, &title).await.expect("added");
    site.read_documents().await;
    let claims = site.app.claim_list(operator, programme, added.id).await.expect("claims");
    assert!(claims.len() >= 2, "{claims:?}");
    site.app.claim_accept(operator, programme, claims[0].id).await.expect("accepted");
    let filter = FigureFilter { document: Some(added.id), ..FigureFilter::default() };
    let rows = site.app.figure_list(operator, programme, &filter, None, 9).await.expect("figures");
    let figure = rows.first().expect("the accepted one").code.clone();
    let (_, audit) = site.app.audit(operator, programme, &figure, None).await.expect("the audit");
    let change = audit.first().map(|entry| entry.change.id);
    let told = site.app.project_claim_list(operator, programme, added.id).await.expect("works");
    let news = Some(told.first().expect("news of a project").id);
    let claim = Some(claims[1].id);
    let fixture = |kind, code| Fixture { kind, inside, code, claim, news, change, links: None };
    [fixture(RecordKind::Document, added.code), fixture(RecordKind::Figure, figure)]
}

/// Attaches a document to a record and links a contact to it: both links.
async fn links(
    site: &Site,
    operator: &Actor,
    programme: i64,
    [record, document, contact]: [&str; 3],
) -> [i64; 2] {
    let app = &site.app;
    app.attachment_add(operator, programme, record, document, "attachment").await.expect("attached");
    app.contact_link(operator, programme, record, contact).await.expect("linked");
    let detail = app.entry(operator, programme, record).await.expect("the record");
    let person = detail.people.and_then(|people| people[0].link).expect("a contact");
    [detail.documents[0].0.id, person]
}
