//! Tasks, my day, the calendar and the problem list, as a browser sees them.

use crate::browser::Browser;
use crate::site::Site;
use locale::Locale;

const P: &str = "/p/invented";
const T: Locale = Locale::Zh;

async fn made(office: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = office.post(&format!("{P}/lists/{kind}/new"), fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().to_owned()
}

async fn project(office: &mut Browser) -> String {
    let fields = [
        ("title", "测日历纺纱项目"),
        ("region", "X10100"),
        ("stage", "signed"),
        ("signed_on", "2026-01-08"),
        ("next_step", "报审图纸"),
        ("next_on", "2026-11-20"),
        ("different", "yes"),
    ];
    made(office, "project", &fields).await
}

/// The address of the first form whose action ends so.
fn action(page: &str, end: &str) -> String {
    let form = page
        .split("action=\"")
        .skip(1)
        .find(|rest| rest.split('"').next().is_some_and(|of| of.ends_with(end)));
    form.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {end} in {page}")).to_owned()
}

#[tokio::test]
async fn a_task_is_added_on_a_project_stands_on_my_day_and_is_done_there_once() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let record = project(&mut office).await;
        let task = [("title", "测任务去电力公司"), ("owner", "u:office"), ("due", "2026-11-22")];
        for _ in 0..2 {
            assert_eq!(office.post(&format!("{record}/tasks"), &task).await.status, 303);
        }
        let day = office.get(&format!("{P}/day")).await.text();
        assert_eq!(day.matches("测任务去电力公司</a>").count(), 1, "sent twice, stands once: {day}");
        assert!(
            day.contains(&T.due_overdue(2)) && day.contains("测日历纺纱项目"),
            "the next step is overdue"
        );
        let wrong = [("title", ""), ("owner", "u:office"), ("due", "1899-12-31")];
        let refused = office.post(&format!("{record}/tasks"), &wrong).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(T.problem_far_date()), "{}", refused.text());

        let done = action(&day, "/done");
        let next = format!("{P}/day");
        assert_eq!(office.post(&done, &[("next", next.as_str())]).await.location(), next);
        assert!(!office.get(&next).await.text().contains("测任务去电力公司</a>"));
        assert!(office.get(&record).await.text().contains("测任务去电力公司"), "its record keeps it");
        assert_eq!(office.post(&done, &[("open", "yes"), ("next", "//evil.example")]).await.location(), "/");
        assert!(office.get(&next).await.text().contains("测任务去电力公司</a>"), "open again");
        let mut reader = site.signed_in("reader").await;
        assert_eq!(reader.post(&done, &[]).await.status, 403);
        let mut stranger = site.signed_in("stranger").await;
        assert_eq!(stranger.post(&done, &[]).await.status, 404);
    }
}

#[tokio::test]
async fn the_calendar_shows_a_month_and_its_file_holds_the_same() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let record = project(&mut office).await;
        let code = record.rsplit('/').next().expect("a code").to_owned();
        for number in 1..=6 {
            let title = format!("测节点{number}");
            let fields = [
                ("title", title.as_str()),
                ("project", code.as_str()),
                ("due_on", "2026-11-25"),
                ("different", "yes"),
            ];
            made(&mut office, "milestone", &fields).await;
        }
        let month = office.get(&format!("{P}/calendar?month=2026-11&kind=milestone")).await.text();
        assert!(month.contains("测节点6") && !month.contains("报审图纸"), "{month}");
        assert!(month.contains("<details>"), "what does not fit stands behind");
        assert!(!office.get(&format!("{P}/calendar?month=2026-12")).await.text().contains("测节点1"));
        assert!(
            !office
                .get(&format!("{P}/calendar?month=2026-11&region=X12700"))
                .await
                .text()
                .contains("测节点1")
        );
        let unknown = office.get(&format!("{P}/calendar?month=2026-11&region=nowhere")).await.text();
        assert!(unknown.contains(T.problem_unknown()));
        let file = office.get(&format!("{P}/calendar.ics?month=2026-11&kind=milestone")).await.text();
        assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("END:VCALENDAR\r\n"), "{file}");
        assert!(file.contains("DTSTART;VALUE=DATE:20261125\r\n") && file.contains("测节点6"), "{file}");
    }
}

#[tokio::test]
async fn a_problem_is_listed_overdue_and_solved_in_place() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let record = project(&mut office).await;
        let code = record.rsplit('/').next().expect("a code").to_owned();
        let fields = [
            ("title", "测变压器未到"),
            ("project", code.as_str()),
            ("status", "open"),
            ("due_on", "2026-11-12"),
            ("different", "yes"),
        ];
        let problem = made(&mut office, "problem", &fields).await;
        let list = format!("{P}/problems?state=overdue");
        let page = office.get(&list).await.text();
        assert!(page.contains("测变压器未到") && page.contains(&T.problems_days(10)), "{page}");
        for (day, words) in [("", T.problem_missing()), ("1700-01-01", T.problem_far_date())] {
            let answer =
                office.post(&format!("{problem}/solve"), &[("solved_on", day), ("next", &list)]).await;
            assert_eq!(answer.location(), list);
            assert!(office.get(&list).await.text().contains(words), "{day}");
        }
        for _ in 0..2 {
            let sent = [("solved_on", "2026-11-22"), ("next", list.as_str())];
            assert_eq!(office.post(&format!("{problem}/solve"), &sent).await.status, 303);
        }
        assert!(!office.get(&list).await.text().contains("测变压器未到</a>"));
        assert!(office.get(&format!("{P}/problems?state=all")).await.text().contains("测变压器未到</a>"));
        let brief = office.get(&format!("{record}/brief")).await.text();
        assert!(brief.contains("测变压器") || brief.contains("报审图纸"), "{brief}");
        assert_eq!(office.get(&format!("{problem}/brief")).await.status, 404, "a brief is of projects");
        assert_eq!(office.get(&format!("{record}/brief.docx")).await.status, 200);
        for end in ["problems.docx", "problems.xlsx", "schedule.xlsx"] {
            let answer = office.get(&format!("{P}/{end}")).await;
            assert_eq!((answer.status, &answer.body[..2]), (200, &b"PK"[..]), "{end}");
        }
    }
}

#[tokio::test]
async fn where_nothing_is_sent_the_summary_is_a_page_and_nothing_can_be_subscribed() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    project(&mut office).await;
    let page = office.get(&format!("{P}/summary")).await.text();
    assert!(page.contains("测日历纺纱项目") && !page.contains("name=\"address\""), "{page}");
    assert_eq!(office.post(&format!("{P}/summary"), &[("address", "a@b.example")]).await.status, 400);
    assert_eq!(office.get(&format!("{P}/settings/robots")).await.status, 403);
}

#[tokio::test]
async fn a_subscription_comes_back_with_what_is_wrong_and_a_robot_never_shows_its_address_again() {
    use app::{Actor, Role};
    let site = Site::new().await;
    let operator = Actor::operator(crate::site::now());
    let account = ("keeper", "keeper", crate::site::PASSWORD);
    site.app.user_add(&operator, account.0, account.1, account.2, None, Role::Approver).await.expect("added");
    let origin = "https://qyapi.weixin.qq.com".to_owned();
    let config =
        web::Config { sends_mail: true, robot_origins: vec![origin.clone()], ..site.state.config.clone() };
    let router = web::router(web::WebState { config, ..site.state.clone() });
    let mut keeper = Browser::new(router);
    keeper.post("/login", &[("login", "keeper"), ("password", crate::site::PASSWORD)]).await;

    let refused = keeper.post(&format!("{P}/summary"), &[("address", "a@b\r\nBcc: c@d")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains(T.problem_mail_address()) && refused.text().contains("a@b"));
    let done = keeper.post(&format!("{P}/summary"), &[("address", "a@b.example")]).await;
    assert_eq!(done.location(), format!("{P}/summary"));
    assert!(keeper.get(&format!("{P}/summary")).await.text().contains("value=\"a@b.example\""));

    let robots = format!("{P}/settings/robots");
    let elsewhere = [("kind", "wecom"), ("address", "https://evil.example/x"), ("secret", "s3cret")];
    let refused = keeper.post(&robots, &elsewhere).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains(T.problem_robot_address()) && !refused.text().contains("s3cret"));
    let address = format!("{origin}/cgi-bin/webhook/send?key=top-key");
    let good = [("kind", "wecom"), ("address", address.as_str()), ("secret", "s3cret")];
    assert_eq!(keeper.post(&robots, &good).await.status, 303);
    for page in [robots.clone(), format!("{P}/settings/audit"), format!("{P}/settings")] {
        let text = keeper.get(&page).await.text();
        assert!(!text.contains("top-key") && !text.contains("s3cret"), "{page}: {text}");
    }
    let page = keeper.get(&robots).await.text();
    assert!(page.contains("qyapi.weixin.qq.com") && !page.contains("/again"), "nothing failed yet: {page}");
    let day = |days: i64| crate::site::now() + jiff::SignedDuration::from_hours(24 * days);
    web::weekly_prepare(&site.app, day(3), (true, true)).await.expect("written");
    for at in 3..20 {
        while let Some(of) = site.app.outgoing_take(day(at)).await.expect("asked") {
            site.app.outgoing_end(&of, Some("no route"), day(at)).await.expect("noted");
        }
    }
    let summary = format!("{P}/summary");
    for page in [robots.clone(), summary] {
        let again = action(&keeper.get(&page).await.text().replace("formaction", "action"), "/again");
        for words in [T.summary_again_done(), T.summary_again_none()] {
            assert_eq!(keeper.post(&again, &[]).await.status, 303);
            assert!(keeper.get(&page).await.text().contains(words), "pressed twice, sent once: {words}");
        }
        assert!(site.app.outgoing_take(day(20)).await.expect("asked").is_some());
        assert!(site.app.outgoing_take(day(20)).await.expect("asked").is_none());
    }
    let remove = action(&page, "/remove");
    for status in [303, 303] {
        assert_eq!(keeper.post(&remove, &[]).await.status, status, "removed twice");
    }
}
