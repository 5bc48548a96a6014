//! `luodi serve`: the pages, the worker that reads documents and the sender of summaries, until asked to stop.

use crate::args::Serve;
use crate::connection::Patient;
use crate::deliver::Delivery;
use crate::{Outcome, demo, message, now, open, spool};
use jiff::Timestamp;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Requests under way when the server is asked to stop have this long to end.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// Whether a summary is due is looked up this often.
const BETWEEN_SENDINGS: Duration = Duration::from_secs(5);

/// Serves until SIGINT or SIGTERM, then finishes what is under way.
pub async fn run(args: Serve) -> Outcome {
    if args.demo && !args.demo_anywhere && !args.listen.ip().is_loopback() {
        return Err(message::language().cli_demo_outside(args.listen));
    }
    let delivery = Delivery::new(&args.sending)?;
    // First of all: another server on this address may be at work on this database.
    let listener = TcpListener::bind(args.listen)
        .await
        .map_err(|error| format!("{} cannot be listened on: {error}", args.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let app = open(&args.database.database).await?;
    let database = &args.database.database;
    app.recover_jobs()
        .await
        .map_err(|error| format!("the database {database} cannot be written: {error}"))?;
    if args.demo {
        demo::prepare(&app, &args.examples, args.articles.as_deref()).await?;
    } else {
        demo::close_accounts(&app).await?;
    }
    let folder = std::env::temp_dir();
    let spool =
        spool::open(&folder).map_err(|error| format!("{} cannot be written: {error}", folder.display()))?;
    // Pasted texts lie there too. It was not set before, so it is set now.
    let _ = tempfile::env::override_temp_dir(spool.path());
    let (stop, stopped) = watch::channel(false);
    let (sends_mail, robot_origins) = (delivery.sends_mail(), delivery.origins.clone());
    let background = background(&app, delivery, now, &stopped);
    let config = web::Config {
        secure_cookies: args.secure_cookies,
        demo: if args.demo { Some(demo::offered(&args.examples)?) } else { None },
        upload_limit_bytes: args.upload_mb << 20,
        spool: spool.path().to_owned(),
        sends_mail,
        robot_origins,
    };
    let router = web::router(web::WebState { app: app.clone(), config, clock: now });
    println!("{} · listening on http://{address}", app.database_name());
    tokio::spawn(async move {
        until_asked().await;
        let _ = stop.send(true);
    });
    let serving =
        axum::serve(Patient::new(listener), router).with_graceful_shutdown(stopping(stopped.clone()));
    let served = tokio::select! {
        served = serving => served.map_err(|error| error.to_string()),
        () = async { stopping(stopped).await; tokio::time::sleep(LAST_REQUESTS).await } => Ok(()),
    };
    for task in background {
        let _ = task.await;
    }
    app.close().await;
    served.map(|()| ExitCode::SUCCESS)
}

/// What runs beside the pages: one task reads, another sends, so that a server of mail or a robot that does not answer keeps
/// nobody waiting but the summaries behind it.
pub(crate) fn background(
    app: &app::App,
    delivery: Delivery,
    clock: fn() -> Timestamp,
    stopped: &watch::Receiver<bool>,
) -> [JoinHandle<()>; 2] {
    let reading = tokio::spawn(read(app.clone(), clock, stopped.clone()));
    [reading, tokio::spawn(send(app.clone(), delivery, clock, stopped.clone()))]
}

/// Reads documents as they arrive. What is being read when the server stops is read again at the next start.
async fn read(app: app::App, clock: fn() -> Timestamp, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(error) = app.work(clock).await {
            tracing::error!("reading documents: {error}");
        }
        tokio::select! {
            () = app.work_arrives() => {}
            _ = stopped.changed() => return,
        }
    }
}

/// Sends what is due. What is on its way when the server stops is waited for, as nobody could say later whether it arrived.
async fn send(
    app: app::App,
    delivery: Delivery,
    clock: fn() -> Timestamp,
    mut stopped: watch::Receiver<bool>,
) {
    while !*stopped.borrow_and_update() {
        if let Err(error) = delivery.run(&app, clock, &stopped).await {
            tracing::error!("sending summaries: {error}");
        }
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_SENDINGS) => {}
            _ = stopped.changed() => return,
        }
    }
}

async fn stopping(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn until_asked() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
