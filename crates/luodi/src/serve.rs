//! `luodi serve`: the pages and the worker that reads documents, until asked to stop.

use crate::args::Serve;
use crate::{Outcome, demo, now, open};
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Serves until SIGINT or SIGTERM, then finishes what is under way.
pub async fn run(args: Serve) -> Outcome {
    let app = open(&args.database.database).await?;
    app.recover_jobs().await.map_err(|error| error.to_string())?;
    if args.demo {
        demo::prepare(&app, &args.examples, args.articles.as_deref()).await?;
    }
    let listener = TcpListener::bind(args.listen)
        .await
        .map_err(|error| format!("{} cannot be listened on: {error}", args.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(work(app.clone(), stopped.clone()));
    let config = web::Config {
        secure_cookies: args.secure_cookies,
        demo_password: args.demo.then(|| demo::PASSWORD.to_owned()),
        upload_limit_bytes: args.upload_mb << 20,
        ..web::Config::default()
    };
    let router = web::router(web::WebState { app: app.clone(), config, clock: now });
    println!("{} · listening on http://{address}", app.database_name());
    let serving = axum::serve(listener, router).with_graceful_shutdown(until_asked());
    let served = serving.await.map_err(|error| error.to_string());
    let _ = stop.send(true);
    let _ = worker.await;
    app.close().await;
    served.map(|()| ExitCode::SUCCESS)
}

/// Reads documents as they arrive. What is being read when the server stops is read again at the next start.
async fn work(app: app::App, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(error) = app.work(now).await {
            tracing::error!("reading documents: {error}");
        }
        tokio::select! {
            () = app.work_arrives() => {}
            _ = stopped.changed() => return,
        }
    }
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
