//! What an import writes is seen by nobody before all of it is there, and leaves nothing behind when it is given up.

use crate::access::addresses;
use crate::browser::Browser;
use crate::site::{Site, now};
use crate::world::{Fixture, World};
use app::{Actor, App, ImportState, RecordKind};
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use web::route_list;

const IMPORTS: &str = "/p/invented/imports";
/// More than are written in two steps.
const ROWS: usize = 1_200;

/// A ledger of projects of an enterprise that there is and of one that is registered with them.
fn ledger(enterprise: &str) -> String {
    let mut text =
        "2026年6月项目台账\n项目名称,落地县市,投资主体,计划总投资（万元）,累计完成投资（万元）,建设内容\n"
            .to_owned();
    for row in 0..ROWS {
        let owner = if row % 2 == 0 { enterprise } else { "隐砾新能源有限公司" };
        let _ = writeln!(text, "隐砾{row:04}号,乌泽市,{owner},{},{},隐砾加工", row + 100, row + 1);
    }
    text
}

fn later() -> Timestamp {
    now().checked_add(1.hour()).expect("an instant")
}

/// Brings a ledger as far as its preview; the address of its page and its id.
async fn preview(site: &Site, office: &mut Browser, text: &str) -> (String, i64) {
    let answer = office.upload(IMPORTS, &[("file", Some("台账.csv"), text.as_bytes())]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let to = answer.header("location").to_owned();
    let mapping = [("kind", "project"), ("mode", "both"), ("register", "yes"), ("do", "read")];
    assert_eq!(office.post(&format!("{to}/mapping"), &mapping).await.status, 303);
    site.app.work(now).await.expect("worked");
    let id = to.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    (to, id)
}

async fn import(app: &App, id: i64) -> app::Import {
    let programme = app.programme("invented").await.expect("the example").id;
    let operator = Actor::operator(now());
    app.import_get(&operator, programme, id).await.expect("there").import
}

/// Has an import written until its first rows are, and stops there as a server that is killed.
async fn break_off(site: &Site, office: &mut Browser, (to, id): (&str, i64)) {
    let answer = office.post(&format!("{to}/commit"), &[("reason", "六月台账")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let begun = async {
        while import(&site.app, id).await.done == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        done = site.app.work(now) => panic!("it was written before anybody looked: {done:?}"),
        () = begun => {}
    }
    assert_eq!(import(&site.app, id).await.state, ImportState::Writing);
}

/// What every page says to some of the users, but those of imports.
async fn pages(world: &mut World) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let routes = route_list(&world.site.state);
    let mut asked: Vec<String> = routes
        .iter()
        .filter(|route| {
            route.method == "GET"
                && route.path.starts_with("/p/{programme}/")
                && !route.path.contains("/imports")
        })
        .flat_map(|route| addresses(route, &world.fixtures).into_iter().map(|(address, _)| address))
        .collect();
    for kind in [RecordKind::Project, RecordKind::Organisation] {
        let list = format!("/p/invented/lists/{}", kind.code());
        asked.extend([
            format!("{list}?archived=yes"),
            format!("{list}?q=隐砾"),
            format!("{list}/export.csv?columns=all"),
        ]);
        asked.push(format!("/p/invented/suggest/{}?q=隐砾", kind.code()));
    }
    asked.extend(["/p/invented/figures?status=withdrawn".to_owned(), "/p/invented/search?q=隐砾".to_owned()]);
    for (role, browser) in
        world.users.iter_mut().filter(|(role, _)| matches!(role, app::Role::Audit | app::Role::Office))
    {
        for address in &asked {
            let answer = browser.get(address).await;
            // A workbook says when it was made; its rows are those of the .csv.
            let text = if answer.body.starts_with(b"PK") { String::new() } else { answer.text() };
            pages.insert(format!("{} {address}", role.code()), format!("{} {}", answer.status, text));
        }
    }
    pages
}

fn differences(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let differs = |(address, text): (&String, &String)| {
        let other = &after[address];
        (text != other).then(|| {
            let at = text.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
            let cut = |text: &str| {
                String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(80)..text.len().min(at + 80)])
                    .into_owned()
            };
            format!("{address}\n  was {}\n  is  {}", cut(text), cut(other))
        })
    };
    before.iter().filter_map(differs).collect()
}

#[tokio::test]
async fn no_page_shows_what_an_import_has_not_written_whole_and_nothing_is_left_of_one_given_up() {
    for site in Site::on_every_database().await {
        let mut world = World::on(site).await;
        let mut office = world.site.signed_in("office").await;
        let (operator, programme) =
            (Actor::operator(now()), world.site.app.programme("invented").await.expect("it").id);
        let is_enterprise = |of: &&Fixture| of.kind == RecordKind::Organisation && of.inside;
        let code = world.fixtures.iter().find(is_enterprise).expect("an enterprise").code.clone();
        let enterprise = world.site.app.record(&operator, programme, &code).await.expect("there").title;
        let (to, id) = preview(&world.site, &mut office, &ledger(&enterprise)).await;
        let before = (pages(&mut world).await, world.site.rows().await);
        break_off(&world.site, &mut office, (&to, id)).await;
        let during = pages(&mut world).await;
        assert_eq!(differences(&before.0, &during), [""; 0]);
        // Of one that is given up nothing is left, but that somebody wanted it.
        assert_eq!(office.post(&format!("{to}/cancel"), &[]).await.status, 303);
        world.site.app.work(later).await.expect("worked");
        assert_eq!(import(&world.site.app, id).await.state, ImportState::Cancelled);
        let mut left = world.site.rows().await;
        for own in ["change", "contact_seen", "contact_view", "import_row", "record_counter"] {
            left.insert(own.to_owned(), before.1[own]);
        }
        assert_eq!(left, before.1);
        // What a killed server began goes on: all of it is there, once.
        let (to, id) = preview(&world.site, &mut office, &ledger(&enterprise)).await;
        break_off(&world.site, &mut office, (&to, id)).await;
        world.site.app.work(later).await.expect("worked");
        assert_eq!(import(&world.site.app, id).await.state, ImportState::Done);
        let list = office.get("/p/invented/lists/project/export.csv?q=隐砾").await.text();
        assert_eq!(list.matches("隐砾0").count() + list.matches("隐砾1").count(), ROWS);
        let registered = office.get("/p/invented/lists/organisation/export.csv?q=隐砾新能源").await.text();
        assert_eq!(registered.matches("隐砾新能源有限公司").count(), 1);
    }
}
