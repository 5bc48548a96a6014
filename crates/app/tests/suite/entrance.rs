//! Sign-in, and what is refused before a byte is stored (laws 9 and 11).

use crate::common::{REPORT, applications, file, now, user};
use app::{Error, Role};
use jiff::ToSpan;

#[tokio::test]
async fn wrong_passwords_lock_the_account_for_a_while() {
    for (app, _) in applications().await {
        user(&app, "office", Role::Office).await;
        for _ in 0..4 {
            assert!(matches!(app.sign_in("office", "wrong", now()).await, Err(Error::WrongPassword)));
        }
        assert!(matches!(app.sign_in("office", "wrong", now()).await, Err(Error::Locked { .. })));
        assert!(matches!(
            app.sign_in("office", "long enough", now()).await,
            Err(Error::Locked { minutes: 1..=16 })
        ));
        let later = now() + 16.minutes();
        assert!(app.sign_in("office", "long enough", later).await.is_ok());
    }
}

#[tokio::test]
async fn an_unknown_or_closed_login_answers_as_a_wrong_password_does() {
    for (app, _) in applications().await {
        let answers = async |login: &str| {
            let mut answers = Vec::new();
            for minute in [0, 0, 0, 0, 0, 1, 14, 16, 16] {
                let at = now() + minute.minutes();
                answers.push(format!("{:?}", app.sign_in(login, "wrong", at).await.expect_err("wrong")));
            }
            answers
        };
        user(&app, "office", Role::Office).await;
        user(&app, "closed", Role::Office).await;
        app.user_set_disabled(&app::Actor::operator(now()), "closed", true).await.unwrap();
        let of_account = answers("office").await;
        assert!(
            of_account[4].contains("Locked") && of_account[8].contains("WrongPassword"),
            "{of_account:?}"
        );
        assert_eq!(answers("nobody").await, of_account);
        assert_eq!(answers("closed").await, of_account);
    }
}

#[tokio::test]
async fn guessing_in_parallel_locks_as_guessing_in_a_row_does() {
    for (app, _) in applications().await {
        user(&app, "office", Role::Office).await;
        let mut tries = tokio::task::JoinSet::new();
        for password in [&["wrong"; 11][..], &["long enough"]].concat() {
            let app = app.clone();
            tries.spawn(async move { (password, app.sign_in("office", password, now()).await) });
        }
        let answers = tries.join_all().await;
        let count = |wanted: fn(&Error) -> bool| {
            answers.iter().filter(|(_, answer)| answer.as_ref().is_err_and(wanted)).count()
        };
        assert!(answers.iter().all(|(_, answer)| answer.is_err()), "the account was locked by then");
        assert_eq!(count(|error| matches!(error, Error::WrongPassword)), 4);
        assert_eq!(count(|error| matches!(error, Error::Locked { .. })), 8);
    }
}

#[tokio::test]
async fn a_session_ends_when_idle_and_after_a_working_day() {
    for (app, _) in applications().await {
        user(&app, "office", Role::Office).await;
        let token = app.sign_in("office", "long enough", now()).await.unwrap().0;
        assert!(app.actor(&token, now() + 119.minutes()).await.unwrap().is_some());
        assert!(app.actor(&token, now() + 230.minutes()).await.unwrap().is_some(), "it was used meanwhile");
        assert!(app.actor(&token, now() + 360.minutes()).await.unwrap().is_none(), "idle");
        let token = app.sign_in("office", "long enough", now()).await.unwrap().0;
        for minutes in (100..=700).step_by(100) {
            assert!(app.actor(&token, now() + minutes.minutes()).await.unwrap().is_some());
        }
        assert!(app.actor(&token, now() + 721.minutes()).await.unwrap().is_none(), "over");
        assert!(app.actor("no such token", now()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn closing_an_account_or_changing_its_password_ends_its_sessions() {
    for (app, _) in applications().await {
        let operator = app::Actor::operator(now());
        user(&app, "office", Role::Office).await;
        let token = app.sign_in("office", "long enough", now()).await.unwrap().0;
        app.user_set_password(&operator, "office", "another secret").await.unwrap();
        assert!(app.actor(&token, now()).await.unwrap().is_none());
        let token = app.sign_in("office", "another secret", now()).await.unwrap().0;
        app.user_set_disabled(&operator, "office", true).await.unwrap();
        assert!(app.actor(&token, now()).await.unwrap().is_none());
        assert!(matches!(app.sign_in("office", "another secret", now()).await, Err(Error::WrongPassword)));
        let short = app.user_add(&operator, "x", "x", "short", None, Role::Reader).await;
        assert!(matches!(short, Err(Error::Invalid { field: "password", .. })));
    }
}

#[tokio::test]
async fn accounts_and_the_installation_are_kept_by_the_system_administrator_only() {
    for (app, _) in applications().await {
        let office = user(&app, "office", Role::Approver).await;
        let (system, security) =
            (user(&app, "system", Role::System).await, user(&app, "security", Role::Security).await);
        let mut backup = Vec::new();
        for refused in [&office, &security] {
            let answers = [
                app.user_add(refused, "new", "new", "long enough", None, Role::Approver).await,
                app.user_set_password(refused, "system", "long enough").await,
                app.user_set_disabled(refused, "system", true).await,
                app.user_has_password(refused, "system", "long enough").await.map(drop),
                app.load_regions(refused, "", "regions.tsv").await.map(drop),
                app.load_example(refused, &crate::common::repository().join("examples/invented"))
                    .await
                    .map(drop),
                app.backup(refused, &mut backup).await,
                app.restore(refused, &mut &backup[..]).await,
            ];
            for (index, answer) in answers.into_iter().enumerate() {
                assert!(matches!(answer, Err(Error::Forbidden)), "{index}: {answer:?}");
            }
        }
        assert!(matches!(app.user_list(&office).await, Err(Error::Forbidden)));
        assert_eq!(app.user_list(&security).await.unwrap().len(), 3);
        app.user_set_disabled(&system, "office", true).await.unwrap();
        assert!(app.user_has_password(&system, "security", "long enough").await.unwrap());
        assert!(!app.user_has_password(&system, "security", "another one").await.unwrap());
        app.backup(&system, &mut backup).await.unwrap();
    }
}

#[tokio::test]
async fn refused_files_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let secret = format!("机密★1年\n{REPORT}");
    let listed = "姓名,民族,身份证号\n某某,某族,x\n";
    let cases: &[(&str, &[u8], &str)] = &[
        ("empty.txt", b"", "empty"),
        ("secret.txt", secret.as_bytes(), "secrecy-mark"),
        ("listed.txt", listed.as_bytes(), "listed-headings"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "save-as"),
        ("broken.docx", b"PK\x03\x04 and no more", "broken-docx"),
    ];
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        for (name, bytes, expected) in cases {
            let path = file(folder.path(), name, bytes);
            match app.document_add(&office, programme, &path, name).await {
                Err(Error::Refused { file, code, .. }) => {
                    assert_eq!((file.as_str(), code), (*name, *expected))
                }
                other => panic!("{name}: {other:?}"),
            }
        }
        assert!(app.document_list(&office, programme, None, 10).await.unwrap().is_empty());
        let mut backup = Vec::new();
        app.backup(&app::Actor::operator(now()), &mut backup).await.unwrap();
        let backup = String::from_utf8(backup).unwrap();
        assert!(!backup.contains("机密★1年") && !backup.contains("身份证号"));
    }
}

#[tokio::test]
async fn an_identity_number_is_masked_everywhere_before_it_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let number = "11010519491231002X";
    let path = file(folder.path(), "a.txt", format!("{REPORT}联系编号 {number}。\n").as_bytes());
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let added = app.document_add(&office, programme, &path, "a.txt").await.unwrap();
        app.work(now).await.unwrap();
        assert_eq!(added.masked, 1);
        let document = app.document(&office, programme, &added.code).await.unwrap();
        assert_ne!(document.digest, document.original_digest);
        let bytes = app.document_original_chunk(&office, &document, 0).await.unwrap().unwrap();
        assert!(!String::from_utf8(bytes).unwrap().contains(number));
        let mut backup = Vec::new();
        app.backup(&app::Actor::operator(now()), &mut backup).await.unwrap();
        assert!(!String::from_utf8(backup).unwrap().contains(number));
        let again = app.document_add(&office, programme, &path, "a.txt").await;
        assert!(matches!(again, Err(Error::DuplicateFile { .. })), "the original's hash is known");
    }
}

#[tokio::test]
async fn another_programme_is_not_there_for_who_has_no_role_in_it() {
    for (app, programme) in applications().await {
        let operator = app::Actor::operator(now());
        let outsider =
            app::Actor { grants: vec![app::Grant::of(Some(programme + 1), Role::Approver)], ..operator };
        assert!(matches!(app.document_list(&outsider, programme, None, 1).await, Err(Error::NotFound)));
        assert!(app.programme_list(&outsider).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn the_claims_of_a_document_are_those_of_its_programme() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.txt", REPORT.as_bytes());
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let document = app.document_add(&office, programme, &path, "a.txt").await.unwrap().id;
        app.work(now).await.unwrap();
        assert!(!app.claim_list(&office, programme, document).await.unwrap().is_empty());
        let other = programme + 1;
        let answers = [
            app.claim_list(&office, other, document).await.map(drop),
            app.claim_list_within(&office, other, document, (0, 100)).await.map(drop),
            app.claim_count_by_state(&office, other, document).await.map(drop),
            app.claim_accept_certain(&office, other, document).await.map(drop),
        ];
        assert!(answers.iter().all(|answer| matches!(answer, Err(Error::NotFound))), "{answers:?}");
    }
}

#[tokio::test]
async fn both_example_programmes_load_and_say_where_each_fact_comes_from() {
    for db in store::testing::databases().await {
        let app = app::App::with_db(db);
        let operator = app::Actor::operator(now());
        let regions = std::fs::read_to_string(crate::common::repository().join("data/regions.tsv")).unwrap();
        assert!(app.load_regions(&operator, &regions, "regions.tsv").await.unwrap() > 3_000);
        for name in ["xinjiang", "invented"] {
            let folder = crate::common::repository().join("examples").join(name);
            assert!(!app.load_example(&operator, &folder).await.unwrap().existed);
            assert!(
                app.load_example(&operator, &folder).await.unwrap().existed,
                "a second start changes nothing"
            );
            let programme = app.programme(name).await.unwrap().id;
            for kind in ["office", "pairing", "cohort", "organisation", "park", "event"] {
                let kind = app::RecordKind::from_code(kind).unwrap();
                let list = app::ListFilter::of(kind);
                let page = app.entry_list(&operator, programme, list, app::Sort::default(), None, 500).await;
                let entries = page.unwrap().entries;
                assert!(!entries.is_empty(), "{name} has no {}", kind.code());
                for entry in entries {
                    let detail = app.entry(&operator, programme, &entry.record.code).await.unwrap();
                    assert!(
                        !detail.sources.is_empty(),
                        "{} {} has no source",
                        kind.code(),
                        entry.record.title
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn days_and_years_are_those_of_the_programme() {
    let at: jiff::Timestamp = "2025-12-31T17:30:00Z".parse().unwrap();
    for (app, programme) in applications().await {
        let office = app::Actor { at, ..user(&app, "office", Role::Office).await };
        let added = app.document_add_text(&office, programme, REPORT, "").await.unwrap();
        assert!(added.code.starts_with("ZL-2026-"), "{}", added.code);
        let document = app.document(&office, programme, &added.code).await.unwrap();
        assert_eq!(document.file_name, "20260101-013000.txt");
        app.work(now).await.unwrap();
        app.claim_accept_certain(&office, programme, added.id).await.unwrap();
        let rows = app.figure_list(&office, programme, &app::FigureFilter::default(), None, 1).await.unwrap();
        let figure = app.figure(&office, programme, &rows[0].code).await.unwrap();
        assert!(rows[0].code.starts_with("SJ-2026-"), "{}", rows[0].code);
        assert_eq!(figure.log[0].effective_on, Some(jiff::civil::date(2026, 1, 1)));
    }
}

#[tokio::test]
async fn a_programme_in_no_known_time_zone_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let source = crate::common::repository().join("examples/invented/programme.toml");
    let text = std::fs::read_to_string(source).unwrap().replace("Asia/Shanghai", "Asia/Nowhere");
    file(folder.path(), "programme.toml", text.as_bytes());
    let app = app::App::with_db(store::testing::sqlite().await);
    let answer = app.load_example(&app::Actor::operator(now()), folder.path()).await;
    assert!(
        matches!(&answer, Err(Error::Example { problem, .. }) if problem.contains("Asia/Nowhere")),
        "{answer:?}"
    );
}
