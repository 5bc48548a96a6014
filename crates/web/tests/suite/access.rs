//! The matrix of routes and roles: written down, and driven through the real router against a record of every kind inside
//! and outside the users' region. A new route without a case fails here.

use crate::browser::{Browser, escape};
use crate::site::Site;
use crate::world::{Fixture, OUTSIDE_MARK, World};
use app::{RecordKind, Right, Role, Scope, edit_right, view_right};
use axum::body::Body;
use domain::record::FieldType;
use web::{Access, Route, route_list};

const FORM: &str = "application/x-www-form-urlencoded";

/// The kinds that every role of a programme may read, wherever they lie.
const OPEN: &[RecordKind] = &[
    RecordKind::Organisation,
    RecordKind::Park,
    RecordKind::Enclave,
    RecordKind::Policy,
    RecordKind::Event,
    RecordKind::Office,
    RecordKind::Pairing,
    RecordKind::Cohort,
];

fn cell(access: Access, role: Option<Role>) -> &'static str {
    let (right, role) = match (access, role) {
        (Access::Public, _) | (Access::SignedIn, Some(_)) => return "yes",
        (_, None) => return "sign-in",
        (Access::Right(right) | Access::Everywhere(right), Some(role)) => (right, role),
    };
    match right.scope(role) {
        None if matches!(access, Access::Right(_)) && Right::View.scope(role).is_none() => "404",
        None => "403",
        Some(Scope::Own) => "own",
        Some(Scope::Team) => "team",
        Some(Scope::Reach) => match role {
            Role::Region => "region",
            Role::Park => "park",
            Role::Enterprise => "firm",
            _ => "yes",
        },
    }
}

#[tokio::test]
async fn the_matrix_of_routes_and_roles_is_the_committed_one() {
    let site = Site::new().await;
    let columns: Vec<_> = Role::ALL.iter().map(|role| Some(*role)).chain([None]).collect();
    let name = |role: &Option<Role>| role.map_or("nobody", Role::code);
    let row = |first: &str, cells: Vec<&str>| {
        let cells =
            cells.iter().zip(&columns).map(|(cell, role)| format!("{cell:<0$}", name(role).len().max(6)));
        format!("{first:<62} {}", cells.collect::<Vec<_>>().join(" ")).trim_end().to_owned()
    };
    let mut lines = vec![row("", columns.iter().map(name).collect())];
    for route in route_list(&site.state) {
        let cells = columns.iter().map(|role| cell(route.access, *role)).collect();
        lines.push(row(&format!("{:4} {}", route.method, route.path), cells));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

/// What an answer is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// The record is not there for this user.
    Hidden,
    /// It is there, but the user may not do this.
    Refused,
    /// Anything else that is no failure of the server.
    Allowed,
}

impl Expected {
    fn fits(self, status: u16) -> bool {
        match self {
            Self::Hidden => status == 404,
            Self::Refused => status == 403,
            Self::Allowed => status < 500 && ![401, 403, 404].contains(&status),
        }
    }
}

/// Whether records of a kind belong to a park or organisation, by the description of their fields.
fn concerns(kind: RecordKind, of: RecordKind) -> bool {
    let names = |field: &&domain::record::FieldInfo| {
        field.party && matches!(field.kind, FieldType::Record(other) if other == of)
    };
    kind == of || kind.fields().iter().any(|field| names(&field))
}

/// Whether a record is of the user's own region, park or organisation; the users of the world belong to the inside.
fn is_home(role: Role, of: &Fixture) -> bool {
    match role {
        Role::System | Role::Security => false,
        Role::Audit => true,
        Role::Park => of.inside && concerns(of.kind, RecordKind::Park),
        Role::Enterprise => of.inside && concerns(of.kind, RecordKind::Organisation),
        _ => of.inside,
    }
}

/// Whether the role has the right over the record. Nothing in the world was made by its users: what holds for their own
/// records alone holds for none.
fn holds(role: Role, right: Right, of: &Fixture) -> bool {
    let reads = matches!(right, Right::View | Right::ViewClaim | Right::Export);
    right.scope(role) == Some(Scope::Reach)
        && ((is_home(role, of) && (right != Right::EditRecord || role.keeps(of.kind)))
            || (reads && OPEN.contains(&of.kind)))
}

/// The right that a route asks for over the record that its address names.
fn right_over(route: &Route, right: Right, kind: RecordKind) -> Right {
    match right {
        // A figure is entered upon any document that can be read; where it may lie is asked of the figure.
        Right::EnterFigure if route.path.contains("/documents/") => Right::View,
        // What is attached to a record is kept by who keeps the record.
        Right::AddDocument if route.path.ends_with("/upload") => edit_right(kind),
        Right::ViewContact if route.path.contains("/people") => edit_right(kind),
        Right::Export if kind == RecordKind::Contact => Right::ExportContact,
        Right::View => view_right(kind),
        Right::EditRecord => edit_right(kind),
        right => right,
    }
}

fn expected(route: &Route, role: Role, named: Named<'_>) -> Expected {
    let Access::Right(right) = route.access else { return Expected::Allowed };
    if right.scope(role).is_none() {
        return if Right::View.scope(role).is_none() { Expected::Hidden } else { Expected::Refused };
    }
    let allowed = match named {
        Named::Nothing => true,
        Named::Kind(kind) => {
            let right = right_over(route, right, kind);
            right.scope(role).is_some() && (right != Right::EditRecord || role.keeps(kind))
        }
        Named::Record(of) if !holds(role, Right::View, of) => return Expected::Hidden,
        Named::Record(of) => holds(role, right_over(route, right, of.kind), of),
    };
    if allowed { Expected::Allowed } else { Expected::Refused }
}

/// What an address names: a record, a kind of records, or neither.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Named<'a> {
    Record(&'a Fixture),
    Kind(RecordKind),
    Nothing,
}

/// What lies in no region, or is its record's, and is tried by tests of its own: what came back with a filing, tasks, imports of
/// who brought them, views of who saved them.
const APART: &[&str] = &["/sheets/{digest}", "/tasks/{id}", "/imports/{id}", "/views/{id}"];

/// The addresses of a route; a route with a parameter that nobody thought of has no case.
pub(crate) fn addresses<'a>(route: &Route, fixtures: &'a [Fixture]) -> Vec<(String, Named<'a>)> {
    let path = route.path.replace("{programme}", "invented");
    let each = |name: &str, value: &dyn Fn(&Fixture) -> Option<String>| {
        let address = |of: &'a Fixture| Some((path.replace(name, &value(of)?), Named::Record(of)));
        fixtures.iter().filter_map(address).collect::<Vec<_>>()
    };
    let of_kind =
        |kind: RecordKind| move |of: &Fixture| if of.kind == kind { Some(of.code.clone()) } else { None };
    let described =
        |of: &Fixture| RecordKind::described().any(|kind| kind == of.kind).then(|| of.code.clone());
    let kinds = |name: &str| {
        let address = |kind: RecordKind| (path.replace(name, kind.code()), Named::Kind(kind));
        RecordKind::described().map(address).collect::<Vec<_>>()
    };
    // The digest of what came back is asked for apart.
    if let Some(kind) = only_kind(route.path).filter(|_| !route.path.contains("/sheets/")) {
        return each("{code}", &of_kind(kind));
    }
    match route.path {
        "/p/{programme}/search" => vec![(format!("{path}?q=OUTSIDE"), Named::Nothing)],
        path_ if !path_.replace("{programme}", "").contains('{') => vec![(path.clone(), Named::Nothing)],
        path_ if path_.starts_with("/p/{programme}/claims/{id}") => {
            each("{id}", &|of| of.claim.filter(|_| of.kind == RecordKind::Document).map(|id| id.to_string()))
        }
        path_ if path_.starts_with("/p/{programme}/news/{id}") => {
            each("{id}", &|of| of.news.filter(|_| of.kind == RecordKind::Document).map(|id| id.to_string()))
        }
        path_ if path_.starts_with("/p/{programme}/changes/{id}") => {
            each("{id}", &|of| of.change.filter(|_| of.kind == RecordKind::Figure).map(|id| id.to_string()))
        }
        path_ if path_.contains("/attachments/{id}") || path_.contains("/people/{id}") => {
            let at = usize::from(path_.contains("/people/"));
            let address = |of: &'a Fixture| {
                let path = path.replace("{code}", &of.code).replace("{id}", &of.links?[at].to_string());
                Some((path, Named::Record(of)))
            };
            fixtures.iter().filter_map(address).collect()
        }
        path_ if path_.starts_with("/p/{programme}/settings/") => {
            // Settings lie in no region: whoever keeps them is let through to what there is.
            let used = [("{list}", "agreement_kind"), ("{name}", "全省"), ("{code}", settings_code(path_))];
            let named = used.iter().fold(path.clone(), |path, (name, of)| path.replace(name, &escape(of)));
            vec![(named, Named::Nothing)]
        }
        "/p/{programme}/imports/ledgers/{ledger}" => vec![(path.replace("{ledger}", "1"), Named::Nothing)],
        path_ if APART.iter().any(|part| path_.contains(part)) => Vec::new(),
        // Totals are the same for all who may see totals; records in it are listed as they are elsewhere.
        "/p/{programme}/regions/{code}" => vec![(path.replace("{code}", "X10100"), Named::Nothing)],
        "/p/{programme}/records/{code}/audit" => each("{code}", &|of| Some(of.code.clone())),
        // Sheets of people are not kept.
        "/p/{programme}/records/{code}/cells" => {
            each("{code}", &|of| (of.kind != RecordKind::Contact).then(|| of.code.clone()))
        }
        "/p/{programme}/records/{code}/stage" => {
            let stage = |(path, named)| (format!("{path}?to=talks"), named);
            each("{code}", &of_kind(RecordKind::Project)).into_iter().map(stage).collect()
        }
        "/p/{programme}/records/{code}/aid-step" => each("{code}", &aided),
        path_ if path_.contains("/views") => {
            vec![(path.replace("{kind}", RecordKind::Agreement.code()), Named::Nothing)]
        }
        path_ if path_.starts_with("/p/{programme}/records/{code}") => each("{code}", &described),
        path_ if path_.starts_with("/p/{programme}/lists/{kind}") => kinds("{kind}"),
        path_ if path_.starts_with("/p/{programme}/suggest/{kind}") => {
            kinds("{kind}").into_iter().map(|(path, named)| (format!("{path}?q=OUTSIDE"), named)).collect()
        }
        path_ => panic!("{} {path_} has no case: add how its addresses are made, and a body", route.method),
    }
}

/// The kind of the records that a route is for, where it is one.
fn only_kind(path: &str) -> Option<RecordKind> {
    let kinds = [
        ("documents/{code}", RecordKind::Document),
        ("figures/{code}", RecordKind::Figure),
        ("reporting/{code}", RecordKind::ReportingTask),
        ("filings/{code}", RecordKind::Filing),
        ("records/{code}/sheet", RecordKind::Opportunity),
        ("records/{code}/erase", RecordKind::Contact),
        ("records/{code}/brief", RecordKind::Project),
        ("records/{code}/solve", RecordKind::Problem),
    ];
    let rest = path.strip_prefix("/p/{programme}/")?;
    kinds.into_iter().find(|(start, _)| rest.starts_with(start)).map(|(_, kind)| kind)
}

/// The code of a record whose aid money has steps.
fn aided(of: &Fixture) -> Option<String> {
    matches!(of.kind, RecordKind::AidProject | RecordKind::AidContract).then(|| of.code.clone())
}

/// A region, a stage, a choice that there is.
fn settings_code(path: &str) -> &'static str {
    match path {
        path if path.contains("/regions/") => "X10100",
        path if path.contains("/stages/") => "lead",
        path if path.contains("/aid-shares/") => "livelihood",
        _ => "intent",
    }
}

/// What a form has to hold so that it is understood, where less is refused before anybody looks for the record.
fn body(path: &str) -> String {
    let fields: &[(&str, &str)] = match path.rsplit('/').next().unwrap_or_default() {
        "status" => &[("action", "withdraw"), ("reason", "x")],
        "stage" => &[("from", "signed"), ("to", "landed")],
        "state" => &[("state", "returned"), ("version", "0"), ("reason", "x")],
        "replace" => &[("value", "7"), ("approx", "exact"), ("reason", "x")],
        "details" => &[("title", "x"), ("publisher", ""), ("published_on", "")],
        "figures" => &[
            ("measure", "funds_arrived"),
            ("value", "7"),
            ("unit", "CNY"),
            ("approx", "exact"),
            ("role", "actual"),
            ("host", "X10100"),
            ("period_kind", "flow"),
            ("page", "1"),
            ("rect", "1,1,5,5"),
        ],
        "correct" => &[
            ("measure", "funds_arrived"),
            ("value", "7"),
            ("unit", "CNY"),
            ("approx", "exact"),
            ("role", "actual"),
            ("period_kind", "flow"),
            ("value_max", ""),
            ("place", ""),
            ("org", ""),
            ("period_from", ""),
            ("period_to", ""),
        ],
        "name" => &[("kind", "organisation"), ("record", "x")],
        "join" => &[("record", "x")],
        "remove" => &[("reason", "")],
        _ => &[("reason", "x")],
    };
    fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

async fn ask(browser: &mut Browser, route: &Route, address: &str) -> crate::browser::Answer {
    match route.method {
        "POST" if route.path.ends_with("/upload") => {
            browser.upload(address, &[("file", Some("a.txt"), b"x"), ("role", None, b"attachment")]).await
        }
        "POST" => browser.send("POST", address, Some(FORM), body(route.path).into()).await,
        method => browser.send(method, address, None, Body::empty()).await,
    }
}

/// Lines of an answer that speak of what lies outside and is not open to all.
fn leaks(text: &str) -> Vec<&str> {
    let open: Vec<_> = OPEN.iter().map(|kind| format!("{OUTSIDE_MARK}{}", kind.code())).collect();
    let after = text.split(OUTSIDE_MARK).skip(1);
    after
        .filter(|rest| !open.iter().any(|mark| rest.starts_with(&mark[OUTSIDE_MARK.len()..])))
        .map(|rest| rest.get(..40.min(rest.len())).unwrap_or("…"))
        .collect()
}

#[tokio::test]
async fn every_route_answers_every_role_as_the_matrix_says_inside_and_outside_its_region() {
    let mut world = World::new().await;
    let routes = route_list(&world.site.state);
    let mut wrong = Vec::new();
    for route in routes.iter().filter(|route| matches!(route.access, Access::Right(_))) {
        for (address, named) in addresses(route, &world.fixtures) {
            for (role, browser) in &mut world.users {
                let expected = expected(route, *role, named);
                let answer = ask(browser, route, &address).await;
                if !expected.fits(answer.status) {
                    let (method, status) = (route.method, answer.status);
                    wrong.push(format!("{role:?} {method} {address} {named:?}: {expected:?}, not {status}"));
                }
                let text = answer.text();
                let leaked = leaks(&text);
                if *role != Role::Audit && route.method == "GET" && !leaked.is_empty() {
                    wrong.push(format!("{role:?} {address} shows {leaked:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn what_is_hidden_is_hidden_from_parts_and_from_json_too() {
    let world = World::new().await;
    let routes = route_list(&world.site.state);
    let outside: Vec<_> = world.fixtures.iter().filter(|of| !of.inside).cloned().collect();
    for (name, value) in [("accept", "application/json"), ("hx-request", "true")] {
        let mut region = world.site.signed_in("inside-region").await.with(name, value);
        for route in
            routes.iter().filter(|route| route.method == "GET" && route.path.contains("/p/{programme}/"))
        {
            for (address, named) in addresses(route, &outside) {
                if expected(route, Role::Region, named) == Expected::Hidden {
                    assert_eq!(ask(&mut region, route, &address).await.status, 404, "{name} {address}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_installation_is_kept_by_its_administrators_alone() {
    let mut world = World::new().await;
    for route in route_list(&world.site.state) {
        let Access::Everywhere(right) = route.access else { continue };
        let address = route.path.replace("{login}", "reader").replace("{id}", "1");
        for (role, browser) in &mut world.users {
            // Nothing is sent that could be carried out: only who gets to the form is asked.
            let answer = browser.send(route.method, &address, Some(FORM), Body::empty()).await;
            let allowed = right.scope(*role).is_some();
            assert_eq!(
                answer.status != 403,
                allowed,
                "{role:?} {} {address}: {}",
                route.method,
                answer.status
            );
        }
    }
}
