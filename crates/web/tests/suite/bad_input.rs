//! Wrong, missing, oversized and hostile values in the form of every kind and in every field, as `data/records.tsv` describes
//! them: the same form comes back with a message at the field and what was typed, and nothing is half saved.

use crate::browser::{Answer, Browser};
use crate::site::{Site, now};
use crate::world::World;
use app::{Actor, RecordKind, Role};
use domain::record::{FieldInfo, FieldType, MAX_LONG_CHARS, MAX_TEXT_CHARS};

pub const P: &str = "/p/invented";
pub const HOSTILE: &str = "<script>alert('x')</script>\"; DROP TABLE record; --";

/// Everything the database holds, but who looked at contacts, and totals, which are counted anew by themselves.
pub async fn stored(site: &Site) -> String {
    let mut bytes = Vec::new();
    site.app.backup(&Actor::operator(now()), &mut bytes).await.expect("written");
    let text = String::from_utf8(bytes).expect("text");
    let other = |table: &&str| !["\"contact_", "\"tally"].iter().any(|name| table.starts_with(name));
    text.split("{\"table\":").filter(other).collect()
}

/// As a page shows a text.
pub fn shown(text: &str) -> String {
    let escape = |c: char| match c {
        '&' => "&#38;".to_owned(),
        '<' => "&#60;".to_owned(),
        '>' => "&#62;".to_owned(),
        '"' => "&#34;".to_owned(),
        '\'' => "&#39;".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}

/// A form of a kind that would be taken, made of a record of the world: its title and the fields it cannot be without.
fn good(world: &World, kind: RecordKind) -> Vec<(String, String)> {
    let mut pairs = vec![("title".to_owned(), format!("新{}", kind.code()))];
    let is_stage = |field: &FieldInfo| matches!(field.kind, FieldType::Stage);
    for field in kind.fields().iter().filter(|field| field.required || is_stage(field)) {
        let value = match field.kind {
            FieldType::Region => "X10100".to_owned(),
            FieldType::Record(of) => code(world, of, true),
            FieldType::Choice(list) => list[0].code.to_owned(),
            FieldType::Stage => "signed".to_owned(),
            FieldType::Date => "2026-05-01".to_owned(),
            _ => "1".to_owned(),
        };
        pairs.push((field.code.to_owned(), value));
    }
    pairs
}

pub fn code(world: &World, kind: RecordKind, inside: bool) -> String {
    let mut found = world.fixtures.iter().filter(|of| of.kind == kind && of.inside == inside);
    found.next().expect("one of every kind").code.clone()
}

/// Texts that are more than any text: an address of the web, a national project code.
const CHECKED: &[&str] = &["website", "national_code"];

/// What no field of a type takes.
fn wrong(world: &World, field: &FieldInfo) -> Vec<String> {
    let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    match field.kind {
        FieldType::Text => vec!["长".repeat(MAX_TEXT_CHARS + 1)],
        FieldType::Long => vec!["长".repeat(MAX_LONG_CHARS + 1)],
        FieldType::Uscc => own(&["1", HOSTILE, "91650100MA0000000O", "\u{202e}"]),
        FieldType::Sector => own(&["Z99", HOSTILE, "C1", "\u{202e}"]),
        FieldType::Choice(_) | FieldType::Stage => own(&["castle", HOSTILE, "\u{202e}", "1"]),
        FieldType::Flag => Vec::new(),
        FieldType::Region => own(&["X99999", HOSTILE, "\u{202e}", "-1", "9223372036854775808"]),
        FieldType::Record(of) | FieldType::Links(of, _) => {
            let other = if of == RecordKind::Park { RecordKind::Event } else { RecordKind::Park };
            let mut all = own(&["XX-2026-999999", HOSTILE, "\u{202e}", "' OR 1=1 --"]);
            all.push(code(world, other, true));
            all
        }
        FieldType::Date => own(&[
            "0000-01-01",
            "1899-12-31",
            "9999-12-31",
            "2026-02-30",
            "2026-13-01",
            "31/12/2026",
            "-262143-01-01",
            "many",
            HOSTILE,
        ]),
        FieldType::Quantity(_) => own(&[
            "-1",
            "many",
            "99999999999999999999999999999999999",
            "0.000000000001",
            HOSTILE,
            "NaN",
            "\u{202e}1",
        ]),
    }
}

/// What cannot be chosen is not shown as chosen; anything typed stands in the form again.
fn keeps(field: &FieldInfo) -> bool {
    !matches!(field.kind, FieldType::Choice(_) | FieldType::Stage | FieldType::Sector | FieldType::Flag)
}

pub async fn post(browser: &mut Browser, path: &str, pairs: &[(String, String)]) -> Answer {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &pairs).await
}

/// The form as it was sent, but with this value in a field.
pub fn with(form: &[(String, String)], name: &str, value: &str) -> Vec<(String, String)> {
    let mut form: Vec<_> = form.iter().filter(|(of, _)| of != name).cloned().collect();
    form.push((name.to_owned(), value.to_owned()));
    form
}

/// What is wrong with the answer to a refused form.
pub fn check(answer: &Answer, name: &str, value: &str, keeps: bool) -> Option<String> {
    let text = answer.text();
    let short: String = value.chars().take(30).collect();
    let at = || format!("{name} = {short:?}");
    if answer.status != 422 {
        return Some(format!("{}: {}", at(), answer.status));
    }
    if !text.contains("class=\"field-error\"") && !text.contains("aria-invalid=\"true\"") {
        return Some(format!("{}: no message at a field", at()));
    }
    if !text.contains(&format!("-{name}-error\"")) {
        return Some(format!("{}: no message at its own field", at()));
    }
    if text.contains("<script>alert") {
        return Some(format!("{}: not escaped", at()));
    }
    (keeps && !text.contains(&shown(value))).then(|| format!("{}: not kept", at()))
}

#[tokio::test]
async fn every_field_of_every_kind_refuses_what_it_cannot_hold_and_keeps_what_was_typed() {
    for site in Site::on_every_database().await {
        let world = World::on(site).await;
        let mut office = world.site.signed_in("reviewer").await;
        let mut problems = Vec::new();
        for kind in RecordKind::described() {
            let before = stored(&world.site).await;
            let form = good(&world, kind);
            let new = format!("{P}/lists/{}/new", kind.code());
            let edit = format!("{P}/records/{}/edit", code(&world, kind, true));
            let mut cases: Vec<(&str, String, bool)> = vec![
                ("title", String::new(), true),
                ("title", " \u{202e}\u{7}".to_owned(), false),
                ("title", "长".repeat(1_001), true),
                ("title_en", "x".repeat(1_001), true),
                ("aliases", "x".repeat(1_001), true),
                ("aliases", "a\n".repeat(201), false),
            ];
            if kind.amount().is_some() {
                let amounts = ["-1", "many", "100000000001", "0.00000001", "1e400", HOSTILE, "1e5", "１ｅ５"];
                cases.extend(amounts.map(|value| ("amount", value.to_owned(), true)));
            }
            for field in kind.fields() {
                cases.extend(wrong(&world, field).into_iter().map(|value| (field.code, value, keeps(field))));
                if field.required {
                    cases.push((field.code, String::new(), true));
                }
            }
            for (name, value, keeps) in &cases {
                let mut sent = with(&form, name, value);
                sent.push(("amount_unit".to_owned(), "wan".to_owned()));
                for path in [&new, &edit] {
                    // A lead without status, team or day is registered today by the team that enters it.
                    let filled = path == &new
                        && kind == RecordKind::Lead
                        && value.is_empty()
                        && ["status", "registered_on"].contains(name);
                    // The stage of a project is chosen once; then a gate decides, which projects.rs of `app` tries.
                    let by_gate = kind == RecordKind::Project
                        && path == &edit
                        && kind.state().is_some_and(|state| state.code == *name);
                    if !filled && !by_gate {
                        let answer = post(&mut office, path, &sent).await;
                        problems.extend(
                            check(&answer, name, value, *keeps).map(|wrong| format!("{path}: {wrong}")),
                        );
                    }
                }
            }
            let after = stored(&world.site).await;
            let saved = after.lines().zip(before.lines()).find(|(after, before)| after != before);
            problems.extend(saved.map(|lines| format!("{kind:?}: something was saved: {lines:?}")));
            if before.len() != after.len() {
                problems.push(format!("{kind:?}: something was saved"));
            }
        }
        assert!(problems.is_empty(), "{} wrong:\n{}", problems.len(), problems.join("\n"));
    }
}

#[tokio::test]
async fn a_hostile_text_is_a_text_like_any_other_and_loses_what_nobody_can_see() {
    for site in Site::on_every_database().await {
        let world = World::on(site).await;
        let mut office = world.site.signed_in("reviewer").await;
        let typed = format!("甲{HOSTILE}\u{202e}\u{1}\u{1b}乙");
        for kind in RecordKind::described().filter(|kind| *kind != RecordKind::Lead) {
            let mut form = with(&good(&world, kind), "title", &typed);
            for field in kind.fields() {
                if matches!(field.kind, FieldType::Text | FieldType::Long) && !CHECKED.contains(&field.code) {
                    form = with(&form, field.code, &typed);
                }
            }
            form = with(&with(&form, "title_en", &typed), "aliases", &typed);
            let saved = post(&mut office, &format!("{P}/lists/{}/new", kind.code()), &form).await;
            if kind == RecordKind::Agreement || saved.status == 409 {
                continue;
            }
            assert_eq!(saved.status, 303, "{kind:?}: {}", saved.text());
            for page in [saved.location().to_owned(), format!("{}/edit", saved.location())] {
                let text = office.get(&page).await.text();
                assert!(text.contains(&shown(HOSTILE)), "{page}: {text}");
                assert!(!text.contains("<script>alert"), "{page}");
                let hidden = |c: char| matches!(c, '\u{202e}' | '\u{1}' | '\u{1b}');
                let at = text.find(hidden);
                assert!(
                    at.is_none(),
                    "{page}: {:?}",
                    at.map(|at| text[..at].chars().rev().take(99).collect::<String>())
                );
            }
        }
    }
}

#[tokio::test]
async fn a_text_of_ten_megabytes_comes_back_with_a_message_at_its_field() {
    let world = World::new().await;
    let before = stored(&world.site).await;
    let text = "x".repeat(10 << 20);
    for (field, kind) in
        [("note", RecordKind::Park), ("title", RecordKind::Event), ("water", RecordKind::Park)]
    {
        let form = with(&good(&world, kind), field, &text);
        let length = (text.len() + 1_000).to_string();
        let office = world.site.signed_in("office").await;
        let mut office = office.with("content-length", &length);
        let answer = post(&mut office, &format!("{P}/lists/{}/new", kind.code()), &form).await;
        assert_eq!(answer.status, 422, "{field}");
        let page = answer.text();
        assert!(page.contains(&format!("-{field}-error\"")) && page.contains(&text), "{field}");
    }
    assert!(before == stored(&world.site).await, "nothing is half saved");
}

#[tokio::test]
async fn a_region_names_no_record_of_another_that_it_cannot_see() {
    let mut world = World::new().await;
    let mut users = std::mem::take(&mut world.users);
    let (_, region) = users.iter_mut().find(|(role, _)| *role == Role::Region).expect("every role");
    let before = stored(&world.site).await;
    let hidden = [RecordKind::Need, RecordKind::Agreement, RecordKind::Prospect, RecordKind::Contact];
    for kind in RecordKind::described() {
        for field in kind.fields() {
            let FieldType::Record(of) = field.kind else { continue };
            if hidden.contains(&of) {
                let form = with(&good(&world, kind), field.code, &code(&world, of, false));
                let answer = post(region, &format!("{P}/lists/{}/new", kind.code()), &form).await;
                let wrong = check(&answer, field.code, "", false);
                assert!(wrong.is_none(), "{kind:?}: {wrong:?}");
                assert!(!answer.text().contains("OUTSIDE-"), "{kind:?} {}", field.code);
            }
        }
    }
    assert!(before == stored(&world.site).await, "nothing is half saved");
}

#[tokio::test]
async fn a_step_that_is_refused_comes_back_with_what_was_typed() {
    let world = World::new().await;
    let mut office = world.site.signed_in("reviewer").await;
    let agreement = code(&world, RecordKind::Agreement, true);
    let page = format!("{P}/records/{agreement}");
    let text = office.get(&page).await.text();
    assert!(text.contains("id=\"move-signed\""), "{text}");
    let before = stored(&world.site).await;
    for day in ["2026-13-01", "0000-01-01", "9999-12-31", HOSTILE] {
        let fields = [("status", "signed"), ("signed_on", day)];
        let answer = office.post(&format!("{page}/status"), &fields).await;
        let wrong = check(&answer, "signed_on", day, true);
        assert!(wrong.is_none(), "{wrong:?}");
    }
    // A rule that speaks of another field is told with the step.
    let fields = [("status", "signed"), ("signed_on", "2026-05-01")];
    let answer = office.post(&format!("{page}/status"), &fields).await;
    assert!(answer.status == 422 && answer.text().contains("value=\"2026-05-01\""), "{}", answer.text());
    assert!(answer.text().contains("签约各方:"), "{}", answer.text());
    let forged = office.post(&format!("{page}/status"), &[("status", HOSTILE)]).await;
    assert_eq!(forged.status, 400);
    assert_eq!(before, stored(&world.site).await);
}

#[tokio::test]
async fn a_view_that_cannot_be_saved_comes_back_with_its_name() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let before = stored(&site).await;
    let list = format!("{P}/lists/park");
    let long = format!("{HOSTILE}{}", "x".repeat(60));
    for name in ["", " ", long.as_str()] {
        let fields = [("name", name), ("query", "q=x")];
        let answer = office.post(&format!("{list}/views"), &fields).await;
        assert_eq!(answer.status, 422, "{name}");
        let text = answer.text();
        assert!(text.contains("id=\"view-name-error\"") && text.contains(&shown(name.trim())), "{text}");
        assert!(!text.contains("<script>alert"));
    }
    let long = format!("q={}", "x".repeat(5_000));
    assert_eq!(office.post(&format!("{list}/views"), &[("name", "a"), ("query", &long)]).await.status, 422);
    assert_eq!(before, stored(&site).await, "nothing is half saved");
}

/// What is wrong with the answers to bad figures of a record.
async fn of_figures(office: &mut Browser, park: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let figure = [
        ("measure", "funds_arrived"),
        ("amount", "1"),
        ("amount_unit", "wan"),
        ("role", "actual"),
        ("period_kind", "flow"),
        ("period_from", "2026-01-01"),
        ("period_to", "2026-02-01"),
        ("citation_title", "某文"),
    ];
    let long = "长".repeat(1_001);
    for (name, value) in [
        ("measure", "castle"),
        ("amount", ""),
        ("amount", "-1"),
        ("amount", "100000000001"),
        ("amount", HOSTILE),
        ("role", "castle"),
        ("period_from", "2026-02-30"),
        ("period_from", "0000-01-01"),
        ("period_to", "9999-12-31"),
        ("period_to", "2025-01-01"),
        ("note", long.as_str()),
        ("citation_on", HOSTILE),
    ] {
        let fields = figure.map(|(of, typed)| if of == name { (of, value) } else { (of, typed) });
        let others = figure.iter().all(|(of, _)| *of != name).then_some((name, value));
        let sent: Vec<_> = fields.into_iter().chain(others).collect();
        let answer = office.post(&format!("{P}/records/{park}/figures"), &sent).await;
        let keeps = !["measure", "role"].contains(&name);
        problems.extend(check(&answer, name, value, keeps).map(|wrong| format!("figure {wrong}")));
    }
    problems
}

/// The same of people and documents that are linked to it.
async fn of_links(office: &mut Browser, park: &str, event: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for (form, field, value) in [
        ("people", "contact", HOSTILE),
        ("people", "contact", ""),
        ("people", "contact", event),
        ("attachments", "document", HOSTILE),
        ("attachments", "document", ""),
        ("attachments", "document", event),
    ] {
        let sent = [(field, value), ("role", "attachment")];
        let answer = office.post(&format!("{P}/records/{park}/{form}"), &sent).await;
        problems.extend(check(&answer, field, value, true).map(|wrong| format!("{form} {wrong}")));
    }
    problems
}

/// The same of settings.
async fn of_settings(approver: &mut Browser) -> Vec<String> {
    let long = "长".repeat(1_001);
    let mut problems = Vec::new();
    for (form, field, value) in [
        ("names", "name", ""),
        ("names", "name", long.as_str()),
        ("regions/add", "region", HOSTILE),
        ("stages/add", "zh", ""),
        ("stages/add", "en", long.as_str()),
        ("units", "amount_unit", "castle"),
        ("switches", "lead_release_days", HOSTILE),
    ] {
        let answer =
            approver.post(&format!("{P}/settings/{form}"), &[("version", "999999"), (field, value)]).await;
        let keeps = field != "amount_unit";
        problems.extend(check(&answer, field, value, keeps).map(|wrong| format!("settings/{form} {wrong}")));
    }
    problems
}

#[tokio::test]
async fn the_small_forms_and_the_settings_come_back_with_what_was_typed() {
    let mut world = World::new().await;
    let mut users = std::mem::take(&mut world.users);
    let mut office = world.site.signed_in("reviewer").await;
    let park = code(&world, RecordKind::Park, true);
    let event = code(&world, RecordKind::Event, true);
    let before = stored(&world.site).await;
    let mut problems = of_figures(&mut office, &park).await;
    problems.extend(of_links(&mut office, &park, &event).await);
    for (role, user) in &mut users {
        if *role == Role::Approver {
            problems.extend(of_settings(user).await);
        }
    }
    if before != stored(&world.site).await {
        problems.push("something was saved".to_owned());
    }
    assert!(problems.is_empty(), "{} wrong:\n{}", problems.len(), problems.join("\n"));
}
