//! Every address that takes a form: what it cannot take comes back with a message at the field and what was typed, never a
//! password, and nothing is half saved. A route that is missing here fails the test.

use crate::bad_input::{HOSTILE, P, check, code, post, stored};
use crate::browser::Browser;
use crate::site::now;
use crate::world::{Fixture, World};
use app::{Actor, RecordKind, Role};
use web::route_list;

/// Routes that are not walked here, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    ("/logout", "a button"),
    ("/locale", "a button"),
    ("/users/{login}/roles/{id}/confirm", "a button"),
    ("/users/{login}/roles/{id}/remove", "a button"),
    ("/users/{login}/disabled", "a button"),
    ("/users/{login}/factor/reset", "a button"),
    ("/p/{programme}/documents", "files: refused one by one, see upload.rs"),
    ("/p/{programme}/documents/{code}/accept-certain", "a button"),
    ("/p/{programme}/claims/{id}/accept", "a button"),
    ("/p/{programme}/claims/{id}/reopen", "a button"),
    ("/p/{programme}/news/{id}/reopen", "a button"),
    ("/p/{programme}/news/{id}/join", "boxes to tick, and the fields of a stage's gate, see news.rs"),
    ("/p/{programme}/lists/{kind}/views/default", "a button"),
    ("/p/{programme}/lists/{kind}/views/{id}/delete", "a button"),
    ("/p/{programme}/imports", "files: refused one by one, see imports.rs"),
    ("/p/{programme}/imports/{id}/mapping", "a field for every column, see imports.rs"),
    ("/p/{programme}/imports/{id}/sheet", "a button"),
    ("/p/{programme}/imports/{id}/decide", "a button"),
    ("/p/{programme}/imports/{id}/commit", "a button, see imports.rs"),
    ("/p/{programme}/imports/{id}/cancel", "a button"),
    ("/p/{programme}/lists/{kind}/bulk/done", "a preview that sends what was checked before"),
    ("/p/{programme}/duplicates/different", "a button"),
    ("/p/{programme}/records/{code}/upload", "files, see attached.rs and upload.rs"),
    ("/p/{programme}/records/{code}/attachments/{id}/remove", "a button"),
    ("/p/{programme}/records/{code}/people/{id}/remove", "a button"),
    ("/p/{programme}/records/{code}/solve", "a day beside its button, see follow.rs"),
    ("/p/{programme}/tasks/{id}/done", "a button"),
    ("/p/{programme}/tasks/{id}/remove", "a button"),
    ("/p/{programme}/day/seen", "a button"),
    ("/p/{programme}/reporting/{code}/lines/remove", "a button"),
    ("/p/{programme}/reporting/{code}/units/remove", "a button"),
    ("/p/{programme}/reporting/{code}/send", "a button"),
    ("/p/{programme}/reporting/{code}/remind", "a button"),
    ("/p/{programme}/reporting/{code}/close", "a button"),
    ("/p/{programme}/reporting/{code}/next", "for rounds that were sent out, see reporting.rs"),
    ("/p/{programme}/reporting/{code}/reopen", "a reason, for closed rounds, see reporting.rs"),
    ("/p/{programme}/filings/{code}", "fields named after lines, see reporting.rs"),
    ("/p/{programme}/filings/{code}/state", "a reason beside its button, see reporting.rs"),
    ("/p/{programme}/filings/{code}/correct", "fields of approved filings, see reporting.rs"),
    ("/p/{programme}/filings/{code}/upload", "files, see reporting.rs"),
    ("/p/{programme}/summary", "nothing is sent from here, see follow.rs"),
    ("/p/{programme}/settings/robots", "nothing is sent from here, see follow.rs"),
    ("/p/{programme}/settings/robots/{code}/remove", "a button"),
    ("/p/{programme}/settings/robots/{code}/again", "a button"),
    ("/p/{programme}/summary/again", "a button"),
    ("/p/{programme}/settings/regions/{code}/remove", "a button"),
    ("/p/{programme}/settings/names/{name}/remove", "a button"),
    ("/p/{programme}/settings/stages/{code}/remove", "a button"),
    ("/p/{programme}/settings/aid-shares/{code}/remove", "a button"),
    ("/p/{programme}/settings/labels/{list}/{code}/reset", "a button"),
];

/// A form: its route, its address, what it would take, and what it does not: field, value, and the name of the field
/// that says so.
#[derive(Clone)]
struct Form {
    route: &'static str,
    role: Role,
    path: String,
    good: Vec<(&'static str, String)>,
    bad: Vec<(&'static str, String)>,
}

fn form(
    route: &'static str,
    role: Role,
    path: &str,
    good: &[(&'static str, &str)],
    bad: &[(&'static str, &str)],
) -> Form {
    let own = |pairs: &[(&'static str, &str)]| {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    Form { route, role, path: path.to_owned(), good: own(good), bad: own(bad) }
}

fn long(chars: usize) -> String {
    "长".repeat(chars)
}

fn accounts() -> Vec<Form> {
    let account = [
        ("login", "someone"),
        ("name", "某人"),
        ("password", "long enough pw"),
        ("role", "office"),
        ("programme", "invented"),
    ];
    let (many, password) = (long(1_001), "x".repeat(201));
    let limits = [
        ("role", ""),
        ("role", "castle"),
        ("programme", ""),
        ("programme", HOSTILE),
        ("region", HOSTILE),
        ("office", "\u{202e}X"),
        ("record", HOSTILE),
    ];
    let own = [
        ("login", ""),
        ("login", HOSTILE),
        ("login", "reader"),
        ("login", "a\u{202e}b c"),
        ("login", many.as_str()),
        ("name", many.as_str()),
        ("password", ""),
        ("password", "short"),
        ("password", password.as_str()),
    ];
    let password_forms = [("password", ""), ("password", "short"), ("password", password.as_str())];
    vec![
        form("/users", Role::System, "/users", &account, &[&own[..], &limits[..]].concat()),
        form(
            "/users/{login}/roles",
            Role::System,
            "/users/reader/roles",
            &[("role", "office"), ("programme", "invented")],
            &limits,
        ),
        form("/users/{login}/password", Role::System, "/users/reader/password", &[], &password_forms),
    ]
}

/// A step of aid money.
fn aid(world: &World) -> Vec<Form> {
    let inside = world.fixtures.iter().find(|of| of.kind == RecordKind::AidProject && of.inside);
    let inside = inside.expect("an aid project");
    vec![form(
        "/p/{programme}/records/{code}/aid-step",
        Role::Reviewer,
        &format!("{P}/records/{}/aid-step", inside.code),
        &[
            ("step", "arrived"),
            ("amount", "100"),
            ("amount_unit", "wan"),
            ("on", "2026-05-01"),
            ("unproven", "yes"),
        ],
        &[
            ("step", ""),
            ("step", "castle"),
            ("step", "programmed"),
            ("amount", ""),
            ("amount", HOSTILE),
            ("amount", "-1"),
            ("amount", "1000000001"),
            ("on", ""),
            ("on", HOSTILE),
            ("on", "0001-01-01"),
            ("on", "2999-01-01"),
            ("note", &long(2_000)),
            ("unproven", ""),
        ],
    )]
}

fn forms_of(world: &World) -> Vec<Form> {
    [
        accounts(),
        documents(world),
        claims(world),
        figures(world),
        records(world),
        rounds(world),
        tasks(world),
        aid(world),
    ]
    .concat()
}

/// What no value, unit, role or time of a figure is.
const VALUE: &[(&str, &str)] = &[
    ("measure", "castle"),
    ("value", ""),
    ("value", HOSTILE),
    ("value", "-1"),
    ("value", "10000000000001"),
    ("value_max", HOSTILE),
    ("value_max", "0.5"),
    ("unit", "castle"),
    ("approx", "castle"),
    ("role", "castle"),
    ("period_kind", "castle"),
    ("period_from", "0001-01-01"),
    ("period_from", HOSTILE),
    ("period_to", "9999-12-31"),
    ("period_to", "2020-01-01"),
];

/// A figure as a form states it.
const STATED: &[(&str, &str)] = &[
    ("measure", "funds_arrived"),
    ("value", "1"),
    ("unit", "CNY"),
    ("approx", "exact"),
    ("role", "actual"),
    ("period_kind", "flow"),
    ("period_from", "2026-01-01"),
    ("period_to", "2026-02-01"),
    ("page", "1"),
];

fn fixture(world: &World, kind: RecordKind) -> &Fixture {
    world.fixtures.iter().find(|of| of.kind == kind && of.inside).expect("one of every kind")
}

fn documents(world: &World) -> Vec<Form> {
    let path = format!("{P}/documents/{}", fixture(world, RecordKind::Document).code);
    let many = long(1_001);
    let details = [
        ("title", ""),
        ("title", many.as_str()),
        ("publisher", many.as_str()),
        ("published_on", "2026-02-30"),
        ("published_on", "0001-01-01"),
        ("published_on", "9999-12-31"),
        ("published_on", HOSTILE),
    ];
    let scan = [
        ("page", ""),
        ("page", HOSTILE),
        ("x", HOSTILE),
        ("host", "castle"),
        ("supporter", HOSTILE),
        ("phrase", many.as_str()),
        ("note", many.as_str()),
    ];
    let to_scan = format!("{P}/documents/{}/figures", "SCAN");
    let title = [("title", "某文"), ("publisher", "某局"), ("published_on", "2026-01-01")];
    vec![
        form(
            "/p/{programme}/documents/{code}/details",
            Role::Reviewer,
            &format!("{path}/details"),
            &title,
            &details,
        ),
        form(
            "/p/{programme}/documents/{code}/figures",
            Role::Reviewer,
            &to_scan,
            STATED,
            &[VALUE, &scan[..]].concat(),
        ),
    ]
}

fn claims(world: &World) -> Vec<Form> {
    let document = fixture(world, RecordKind::Document);
    let claim = format!("{P}/claims/{}", document.claim.expect("an open claim"));
    let many = long(1_001);
    let words = [("place", many.as_str()), ("org", many.as_str())];
    vec![
        form(
            "/p/{programme}/claims/{id}/correct",
            Role::Reviewer,
            &format!("{claim}/correct"),
            STATED,
            &[VALUE, &words[..]].concat(),
        ),
        form(
            "/p/{programme}/claims/{id}/reject",
            Role::Reviewer,
            &format!("{claim}/reject"),
            &[],
            &[("reason", many.as_str())],
        ),
        form(
            "/p/{programme}/news/{id}/reject",
            Role::Reviewer,
            &format!("{P}/news/{}/reject", document.news.expect("news of a project")),
            &[],
            &[("reason", many.as_str())],
        ),
        form(
            "/p/{programme}/claims/{id}/join",
            Role::Reviewer,
            &format!("{claim}/join"),
            &[],
            &[("record", ""), ("record", HOSTILE)],
        ),
    ]
}

fn figures(world: &World) -> Vec<Form> {
    let figure = fixture(world, RecordKind::Figure);
    let many = long(1_001);
    let replaced = [
        ("value", ""),
        ("value", HOSTILE),
        ("value", "-1"),
        ("value", "10000000000001"),
        ("value_max", "many"),
        ("approx", "castle"),
        ("reason", ""),
        ("reason", many.as_str()),
    ];
    let figure_path = format!("{P}/figures/{}", figure.code);
    let step = [("action", "withdraw"), ("reason", "录错")];
    let new = [("value", "2"), ("approx", "exact"), ("reason", "录错")];
    let change = figure.change.expect("a change");
    vec![
        form(
            "/p/{programme}/figures/{code}/status",
            Role::Reviewer,
            &format!("{figure_path}/status"),
            &step,
            &[("reason", ""), ("reason", many.as_str())],
        ),
        form(
            "/p/{programme}/figures/{code}/replace",
            Role::Reviewer,
            &format!("{figure_path}/replace"),
            &new,
            &replaced,
        ),
        form(
            "/p/{programme}/changes/{id}/undo",
            Role::Reviewer,
            &format!("{P}/changes/{change}/undo"),
            &[("next", "/p/invented/figures")],
            &[("reason", many.as_str())],
        ),
    ]
}

fn tasks(world: &World) -> Vec<Form> {
    let many = long(1_001);
    let tasks = [
        ("title", ""),
        ("title", many.as_str()),
        ("owner", ""),
        ("owner", "u:nobody"),
        ("due", "1899-12-31"),
        ("due", "2026-01-01"),
        ("due", HOSTILE),
        ("note", many.as_str()),
    ];
    let project = code(world, RecordKind::Project, true);
    vec![form(
        "/p/{programme}/records/{code}/tasks",
        Role::Reviewer,
        &format!("{P}/records/{project}/tasks"),
        &[("title", "核实"), ("owner", "u:reviewer"), ("due", "2026-12-01")],
        &tasks,
    )]
}

fn records(world: &World) -> Vec<Form> {
    let at = |kind| format!("{P}/records/{}", code(world, kind, true));
    let firm = code(world, RecordKind::Organisation, true);
    let other = code(world, RecordKind::Organisation, false);
    let (many, long_text) = (long(1_001), long(domain::record::MAX_LONG_CHARS + 1));
    let reasons = [("reason", ""), ("reason", many.as_str())];
    let share = [("measure", "output"), ("from", "2026-01-01"), ("sending", "40"), ("receiving", "60")];
    let shares = [
        ("measure", "castle"),
        ("from", "0000-01-01"),
        ("from", "9999-12-31"),
        ("from", HOSTILE),
        ("to", "2020-01-01"),
        ("sending", "101"),
        ("sending", HOSTILE),
        ("receiving", "-1"),
    ];
    let park = code(world, RecordKind::Park, true);
    vec![
        form(
            "/p/{programme}/records/{code}/stage",
            Role::Reviewer,
            &format!("{}/stage", at(RecordKind::Project)),
            &[("from", "signed"), ("to", "talks"), ("reason", "退回")],
            &reasons,
        ),
        form(
            "/p/{programme}/records/{code}/archive",
            Role::Reviewer,
            &format!("{}/archive", at(RecordKind::Event)),
            &[],
            &reasons,
        ),
        form(
            "/p/{programme}/records/{code}/erase",
            Role::Reviewer,
            &format!("{}/erase", at(RecordKind::Contact)),
            &[],
            &reasons,
        ),
        form(
            "/p/{programme}/records/{code}/shares",
            Role::Reviewer,
            &format!("{}/shares", at(RecordKind::Enclave)),
            &share,
            &shares,
        ),
        form(
            "/p/{programme}/merge",
            Role::Reviewer,
            &format!("{P}/merge"),
            &[("keep", &firm), ("other", &other)],
            &reasons,
        ),
        form(
            "/p/{programme}/merge/other",
            Role::Reviewer,
            &format!("{P}/merge/other"),
            &[("keep", &firm)],
            &[("other", ""), ("other", HOSTILE), ("other", &park)],
        ),
        form(
            "/p/{programme}/lists/{kind}/bulk",
            Role::Reviewer,
            &format!("{P}/lists/park/bulk"),
            &[("record", &format!("{park}:0")), ("field", "note"), ("note", "甲"), ("reason", "改")],
            &[("note", &long_text), ("reason", many.as_str()), ("reason", ""), ("field", "castle")],
        ),
    ]
}

/// Forms of a round of reporting.
fn rounds(world: &World) -> Vec<Form> {
    let many = long(1_001);
    let round = format!("{P}/reporting/{}", code(world, RecordKind::ReportingTask, true));
    let line =
        [("measure", "sales"), ("unit", "wan"), ("time_kind", "flow"), ("role", "actual"), ("label", "x")];
    let lines = [
        ("measure", "castle"),
        ("unit", "castle"),
        ("time_kind", "castle"),
        ("role", HOSTILE),
        ("label", many.as_str()),
    ];
    vec![
        form(
            "/p/{programme}/reporting/{code}/lines",
            Role::Approver,
            &format!("{round}/lines"),
            &line,
            &lines,
        ),
        form(
            "/p/{programme}/reporting/{code}/units",
            Role::Approver,
            &format!("{round}/units"),
            &[("units", ""), ("group", "work_team")],
            &[("units", HOSTILE), ("group", "castle")],
        ),
    ]
}

/// What forms of records, figures, people, attachments, views and settings do is walked in bad_input.rs, meet.rs, shares.rs and below.
const WALKED: &[&str] = &[
    "/p/{programme}/lists/{kind}/new",
    "/p/{programme}/records/{code}/edit",
    "/p/{programme}/records/{code}/status",
    "/p/{programme}/records/{code}/attachments",
    "/p/{programme}/records/{code}/figures",
    "/p/{programme}/records/{code}/people",
    "/p/{programme}/records/{code}/shares/remove",
    "/p/{programme}/records/{code}/restore",
    "/p/{programme}/lists/{kind}/views",
    "/p/{programme}/settings/regions",
    "/p/{programme}/settings/regions/add",
    "/p/{programme}/settings/names",
    "/p/{programme}/settings/stages",
    "/p/{programme}/settings/stages/add",
    "/p/{programme}/settings/aid-shares",
    "/p/{programme}/settings/aid-shares/add",
    "/p/{programme}/settings/labels",
    "/p/{programme}/settings/units",
    "/p/{programme}/settings/switches",
    "/p/{programme}/claims/{id}/name",
    "/account/factor",
    "/login",
    "/login/factor",
];

#[tokio::test]
async fn every_route_that_takes_a_form_is_walked_or_named() {
    let world = World::new().await;
    let forms = forms_of(&world);
    let named = ELSEWHERE.iter().map(|(route, _)| *route).chain(WALKED.iter().copied());
    let mut known: Vec<&str> = named.chain(forms.iter().map(|form| form.route)).collect();
    let mut there: Vec<&str> =
        route_list(&world.site.state).iter().filter(|of| of.method == "POST").map(|of| of.path).collect();
    known.sort_unstable();
    there.sort_unstable();
    assert_eq!(known, there);
}

/// What cannot be chosen is not shown as chosen; a password is never given back.
fn keeps(name: &str) -> bool {
    ![
        "password",
        "code",
        "role",
        "programme",
        "measure",
        "unit",
        "approx",
        "period_kind",
        "time_kind",
        "group",
        "host",
        "owner",
        "supporter",
        "page",
        "field",
        "step",
        "unproven",
    ]
    .contains(&name)
}

async fn refused(browser: &mut Browser, form: &Form, name: &str, value: &str) -> Option<String> {
    let mut sent: Vec<(String, String)> =
        form.good.iter().map(|(of, typed)| ((*of).to_owned(), typed.clone())).collect();
    sent.retain(|(of, _)| of != name);
    sent.push((name.to_owned(), value.to_owned()));
    let answer = post(browser, &form.path, &sent).await;
    let wrong = check(&answer, name, value, keeps(name));
    let leaked = name == "password" && !value.is_empty() && answer.text().contains(value);
    let wrong = wrong.or_else(|| leaked.then(|| "a password came back".to_owned()));
    wrong.map(|wrong| format!("{}: {wrong}", form.path))
}

#[tokio::test]
async fn every_form_says_at_the_field_what_is_wrong() {
    for site in crate::site::Site::on_every_database().await {
        let mut world = World::on(site).await;
        let scan = crate::evidence::photo(&world.site).await;
        let mut forms = forms_of(&world);
        for form in &mut forms {
            form.path = form.path.replace(&format!("{P}/documents/SCAN"), &scan);
        }
        let mut users = std::mem::take(&mut world.users);
        let mut reviewer = world.site.signed_in("reviewer").await;
        let operator = Actor::operator(now());
        assert!(world.site.app.user(&operator, "reader").await.is_ok());
        let before = stored(&world.site).await;
        let mut problems = Vec::new();
        for form in &forms {
            let own = users.iter_mut().find(|(role, _)| *role == form.role).expect("every role");
            let browser = if form.role == Role::Reviewer { &mut reviewer } else { &mut own.1 };
            for (name, value) in &form.bad {
                problems.extend(refused(browser, form, name, value).await);
            }
        }
        let after = stored(&world.site).await;
        let saved = after.lines().zip(before.lines()).find(|(after, before)| after != before);
        problems.extend(saved.map(|lines| format!("something was saved: {lines:?}")));
        assert!(problems.is_empty(), "{} wrong:\n{}", problems.len(), problems.join("\n"));
    }
}

#[tokio::test]
async fn a_text_of_ten_megabytes_comes_back_from_every_form_inside() {
    let mut world = World::new().await;
    let text = "x".repeat(10 << 20);
    let mut users = std::mem::take(&mut world.users);
    let before = stored(&world.site).await;
    let forms = forms_of(&world);
    let mut problems = Vec::new();
    for (path, name) in [
        ("/users", "name"),
        ("/users", "password"),
        ("/users/reader/password", "password"),
        ("/details", "publisher"),
        ("/reject", "reason"),
        ("/replace", "reason"),
        ("/archive", "reason"),
        ("/erase", "reason"),
        ("/merge", "reason"),
        ("/bulk", "note"),
        ("/undo", "reason"),
    ] {
        let form = forms.iter().find(|form| form.path.ends_with(path)).expect("a form");
        let browser = match form.role {
            Role::Reviewer => world.site.signed_in("reviewer").await,
            _ => {
                let at = users.iter().position(|(role, _)| *role == form.role).expect("every role");
                users.swap_remove(at).1
            }
        };
        let mut browser = browser.with("content-length", &(text.len() + 1_000).to_string());
        problems.extend(refused(&mut browser, form, name, &text).await);
        if form.role != Role::Reviewer {
            users.push((form.role, browser));
        }
    }
    assert!(problems.is_empty(), "{} wrong:\n{}", problems.len(), problems.join("\n"));
    assert!(before == stored(&world.site).await, "nothing is half saved");
}

#[tokio::test]
async fn signing_in_says_at_the_field_what_is_wrong() {
    let site = crate::site::Site::new().await;
    let mut anybody = site.browser();
    for (name, login, password) in
        [("login", "", "x"), ("password", "office", ""), ("password", HOSTILE, "secret words")]
    {
        let answer = anybody.post("/login", &[("login", login), ("password", password)]).await;
        let text = answer.text();
        assert!([401, 422].contains(&answer.status), "{}", answer.status);
        assert!(text.contains(&format!("id=\"sign-in-{name}-error\"")), "{text}");
        assert!(!text.contains("secret words") && !text.contains("<script>alert"), "{text}");
    }
    let mut office = site.signed_in("office").await;
    for code in ["", HOSTILE, "12"] {
        let answer = office.post("/account/factor", &[("code", code)]).await;
        assert_eq!(answer.status, 401);
        assert!(answer.text().contains("id=\"factor-code-error\""), "{}", answer.text());
    }
}
