//! Delivery against servers of this test: what they are told, to the byte, and that nothing is told where nothing is configured.

use super::*;
use app::{Actor, NewRole, NewSubscription, Role, Subscription};
use jiff::civil::date;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

fn now() -> Timestamp {
    "2026-11-16T00:00:00Z".parse().expect("Monday, eight o'clock in Shanghai")
}

fn before() -> Timestamp {
    "2026-11-10T03:00:00Z".parse().expect("an instant")
}

fn a_week_later() -> Timestamp {
    "2026-11-23T00:00:00Z".parse().expect("the next Monday")
}

/// Nobody asks it to stop.
fn going() -> watch::Receiver<bool> {
    watch::channel(false).1
}

fn sending() -> Sending {
    Sending {
        mail_folder: None,
        smtp: None,
        mail_from: Some("luodi@office.example".into()),
        robot_origin: vec![],
    }
}

fn outgoing(kind: &str, address: &str, secret: Option<&str>) -> Outgoing {
    let to = Subscription {
        id: 3,
        programme: 1,
        user: 2,
        kind: kind.into(),
        address: address.into(),
        secret: secret.map(str::to_owned),
        language: "zh-CN".into(),
        since: before(),
        user_name: "甲".into(),
        closed: false,
    };
    let (subject, body) = ("每周摘要".to_owned(), "- 远帆纺纱项目 → 开工".to_owned());
    Outgoing { id: 7, week: date(2026, 11, 16), subject, body, attempts: 1, to }
}

/// A server for one connection; what it was told.
fn server(talk: impl FnOnce(TcpStream) -> String + Send + 'static) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (told, heard) = channel();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        let _ = told.send(talk(stream));
    });
    (port, heard)
}

fn http(mut stream: TcpStream, answer: &str) -> String {
    let mut reader = BufReader::new(stream.try_clone().expect("a copy"));
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        head.push_str(&line);
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{answer}", answer.len()).expect("answered");
    head + &String::from_utf8(body).expect("text")
}

fn robots(port: u16) -> Delivery {
    let origin = format!("http://127.0.0.1:{port}");
    Delivery::new(&Sending { robot_origin: vec![origin], ..sending() }).expect("understood")
}

#[test]
fn a_robot_is_told_its_format_and_one_with_a_secret_gets_a_signed_address() {
    let (port, heard) = server(|stream| http(stream, "{\"errcode\":0,\"errmsg\":\"ok\"}"));
    let address = format!("http://127.0.0.1:{port}/cgi-bin/webhook/send?key=k1");
    robots(port).send(&outgoing("wecom", &address, None), now()).expect("sent");
    let told = heard.recv().expect("told");
    assert!(told.starts_with("POST /cgi-bin/webhook/send?key=k1 HTTP/1.1\r\n"), "{told}");
    let body = told.split("\r\n\r\n").nth(1).expect("a body");
    assert_eq!(body, r#"{"markdown":{"content":"- 远帆纺纱项目 → 开工"},"msgtype":"markdown"}"#);

    let (port, heard) = server(|stream| http(stream, "{\"errcode\":310000,\"errmsg\":\"sign not match\"}"));
    let address = format!("http://127.0.0.1:{port}/robot/send?access_token=t1");
    let refused = robots(port).send(&outgoing("dingtalk", &address, Some("SEC1")), now());
    assert_eq!(refused.expect_err("refused"), "errcode 310000: sign not match");
    let told = heard.recv().expect("told");
    // HMAC-SHA256 over "1794787200000\nSEC1" with the key SEC1, by another implementation.
    assert!(told.starts_with(SIGNED), "{told}");
    assert!(
        told.ends_with(
            r#"{"markdown":{"text":"- 远帆纺纱项目 → 开工","title":"每周摘要"},"msgtype":"markdown"}"#
        ),
        "{told}"
    );
}

const SIGNED: &str = "POST /robot/send?access_token=t1&timestamp=1794787200000&sign=%2B73OJc0FE0CvXeP1m09%2FIjn%2B0HWb4%2BkNnRV86qgGSto%3D HTTP/1.1\r\n";

#[test]
fn a_robot_elsewhere_is_not_told() {
    let away = robots(1).send(&outgoing("wecom", "http://127.0.0.1:10/x", None), now());
    assert!(away.expect_err("refused").contains("no origin"));
    let gone = robots(1).send(&outgoing("wecom", "http://127.0.0.1:1/secret-key", None), now());
    let words = gone.expect_err("nobody listens");
    assert!(!words.contains("secret-key"), "{words}");
}

/// Plays a server of mail and gives back the lines it was told.
fn smtp(mut stream: TcpStream) -> String {
    let mut reader = BufReader::new(stream.try_clone().expect("a copy"));
    let mut told = String::new();
    stream.write_all(b"220 mail.example\r\n").expect("greeted");
    let mut in_text = false;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).expect("a line") == 0 {
            return told;
        }
        told.push_str(&line);
        let answer: &[u8] = match line.trim_end() {
            "." if in_text => {
                in_text = false;
                b"250 taken\r\n"
            }
            _ if in_text => continue,
            "DATA" => {
                in_text = true;
                b"354 go on\r\n"
            }
            "QUIT" => return told,
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer).expect("answered");
    }
}

#[test]
fn a_mail_is_sent_as_text_with_an_identity_of_its_own() {
    let (port, heard) = server(smtp);
    let args = Sending { smtp: Some(format!("smtp://127.0.0.1:{port}")), ..sending() };
    Delivery::new(&args)
        .expect("understood")
        .send(&outgoing(MAIL, "a@b.example", None), now())
        .expect("sent");
    let told = heard.recv().expect("told");
    for line in [
        "MAIL FROM:<luodi@office.example>",
        "RCPT TO:<a@b.example>",
        "To: a@b.example\r\n",
        "Message-ID: <luodi-1-2026-11-16-7@office.example>\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Date: Mon, 16 Nov 2026 00:00:00 +0000\r\n",
    ] {
        assert!(told.contains(line), "{line} in {told}");
    }
}

#[test]
fn what_cannot_be_understood_is_refused_without_repeating_a_password() {
    let wrong = Delivery::new(&Sending { smtp: Some("castle://u:secret@h".into()), ..sending() });
    let words = wrong.expect_err("refused");
    assert!(words.contains("--smtp") && !words.contains("secret"), "{words}");
    let nameless = Sending { mail_folder: Some("x".into()), mail_from: None, ..sending() };
    assert!(Delivery::new(&nameless).expect_err("refused").contains("--mail-from"));
    for origin in ["qyapi.weixin.qq.com", "https://", "https://a/b", "https://u@h", "ftp://h"] {
        let args = Sending { robot_origin: vec![origin.to_owned()], ..sending() };
        assert!(Delivery::new(&args).is_err(), "{origin}");
    }
}

/// The invented programme with a user who subscribed, and a robot.
async fn subscribed(db: store::Db, origin: &str) -> App {
    let app = App::with_db(db);
    let operator = Actor::operator(before());
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/invented");
    app.load_example(&operator, &examples).await.expect("loads");
    let new = NewRole { programme: Some("invented"), ..NewRole::default() };
    app.user_add_with(&operator, ("boss", "boss", "long enough"), Role::Approver, &new).await.expect("added");
    let actor = app.actor_named("boss", before()).await.expect("there");
    let programme = app.programme("invented").await.expect("loaded").id;
    app.mail_subscribe(&actor, programme, "boss@office.example", "zh-CN").await.expect("subscribed");
    let address = format!("{origin}/send?key=1");
    let robot = NewSubscription { kind: "wecom", address: &address, secret: None, language: "zh-CN" };
    app.robot_add(&actor, programme, &robot, &[origin.to_owned()]).await.expect("added");
    app
}

fn letters(folder: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let read = |file: std::fs::DirEntry| std::fs::read_to_string(file.path()).expect("text");
    files.map(|file| read(file.expect("a file"))).collect()
}

#[tokio::test]
async fn nothing_leaves_without_being_configured_and_a_week_is_sent_once_whatever_is_tried() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("set");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    for db in store::testing::databases().await {
        let app = subscribed(db, &origin).await;
        let folder = tempfile::tempdir().expect("a folder");
        let silent = Delivery::new(&sending()).expect("understood");
        assert!(!silent.sends_mail());
        silent.run(&app, now, &going()).await.expect("ran");
        assert!(app.outgoing_take(now()).await.expect("read").is_none(), "nothing is written either");
        assert!(listener.accept().is_err(), "nobody connected");

        let mail = Sending { mail_folder: Some(folder.path().to_owned()), ..sending() };
        let mail = Delivery::new(&mail).expect("understood");
        mail.run(&app, before, &going()).await.expect("ran");
        assert!(letters(folder.path()).is_empty(), "not before its hour");
        let going = going();
        let (one, two) = tokio::join!(mail.run(&app, now, &going), mail.run(&app, now, &going));
        one.expect("ran");
        two.expect("ran");
        mail.run(&app, now, &going).await.expect("ran");
        let sent = letters(folder.path());
        assert_eq!(sent.len(), 1, "once, by two nodes");
        assert!(sent[0].contains("To: boss@office.example"), "{}", sent[0]);
        assert!(listener.accept().is_err(), "robots are off");
        mail.run(&app, a_week_later, &going).await.expect("ran");
        assert_eq!(letters(folder.path()).len(), 2, "and again the next week");
    }
}

#[tokio::test]
async fn what_fails_is_tried_again_later_and_what_may_have_been_sent_is_not() {
    for db in store::testing::databases().await {
        let app = subscribed(db, "http://127.0.0.1:1").await;
        let origin = Sending { robot_origin: vec!["http://127.0.0.1:1".into()], ..sending() };
        let nobody = Delivery::new(&origin).expect("understood");
        nobody.run(&app, now, &going()).await.expect("ran");
        let actor = app.actor_named("boss", now()).await.expect("there");
        let programme = app.programme("invented").await.expect("loaded").id;
        let last = app.robots(&actor, programme).await.expect("read")[0].1.clone().expect("tried");
        assert_eq!((last.state.as_str(), last.attempts), ("waiting", 1));
        assert!(last.error.expect("why").contains("cannot be reached"));
        nobody.run(&app, now, &going()).await.expect("ran");
        let minutes = |count| now().checked_add(jiff::SignedDuration::from_mins(count)).expect("an instant");
        let taken = app.outgoing_take(minutes(6)).await.expect("read").expect("due again");
        assert_eq!(taken.attempts, 2, "not before five minutes");
        // The server stops here, and starts again.
        assert!(app.outgoing_take(minutes(60)).await.expect("read").is_none(), "it may have arrived");
        let last = app.robots(&actor, programme).await.expect("read")[0].1.clone().expect("tried");
        assert_eq!(last.state, "unsure");
    }
}

/// A server of mail that takes a connection and says nothing until told to.
fn silent_smtp() -> (u16, Receiver<()>, std::sync::mpsc::Sender<()>, Receiver<String>) {
    let (called, calls) = channel();
    let (go, gone) = channel();
    let (port, heard) = server(move |stream| {
        called.send(()).expect("the test waits");
        gone.recv().expect("the test goes on");
        smtp(stream)
    });
    (port, calls, go, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_read_while_a_server_of_mail_does_not_answer() {
    for db in store::testing::databases().await {
        let app = subscribed(db, "http://127.0.0.1:1").await;
        let (port, calls, go, heard) = silent_smtp();
        let args = Sending { smtp: Some(format!("smtp://127.0.0.1:{port}")), ..sending() };
        let (stop, stopped) = watch::channel(false);
        let delivery = Delivery::new(&args).expect("understood");
        let background = crate::serve::background(&app, delivery, now, &stopped);
        tokio::task::spawn_blocking(move || calls.recv()).await.expect("waited").expect("it was called");

        let actor = app.actor_named("boss", now()).await.expect("there");
        let operator = Actor::operator(now());
        let programme = app.programme("invented").await.expect("loaded").id;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "2026年，芦滩县签约项目3个。\n").expect("written");
        let added = app.document_add(&operator, programme, &path, "a.txt").await.expect("stored");
        let state = async || app.document(&operator, programme, &added.code).await.expect("there").state;
        while state().await != app::DocumentState::Ready {
            tokio::task::yield_now().await;
        }
        // Only now the mail goes on: did the two wait for each other, sending would have been given up before.
        go.send(()).expect("the server waits");
        let told = tokio::task::spawn_blocking(move || heard.recv()).await.expect("waited");
        let told = told.expect("sending was given up before the document was read");
        assert!(told.contains("RCPT TO:<boss@office.example>"), "sending was given up before: {told:?}");
        stop.send(true).expect("both listen");
        for task in background {
            task.await.expect("ended");
        }
        let last = app.mail_subscription(&actor, programme).await.expect("read").expect("subscribed").1;
        let last = last.expect("sent");
        assert_eq!((last.state.as_str(), last.attempts), ("sent", 1));
    }
}
