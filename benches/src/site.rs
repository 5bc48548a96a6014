//! A filled database before the real router.

use crate::Outcome;
use app::{Actor, App, Ground, Plan, Role};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use jiff::Timestamp;
use std::path::Path;
use std::time::Instant;
use tower::ServiceExt;
use web::{Config, WebState};

/// Size of a plan: so many agreements, and half as many projects; another where `LUODI_BENCH_SIZE` says so.
const SIZE: usize = 200_000;
const PASSWORD: &str = "a password of benches";

/// A signed-in user before the router.
#[derive(Clone)]
pub struct Site {
    router: Router,
    cookie: String,
    /// Code of the programme.
    pub programme: String,
}

impl Site {
    /// The site of a database, which is filled with a generated programme and its user when it is empty.
    ///
    /// # Errors
    /// When it cannot be filled.
    pub async fn open(app: &App) -> Outcome<Self> {
        let programme = filled(app).await?;
        let state = WebState { app: app.clone(), config: Config::default(), clock: Timestamp::now };
        let router = web::router(state);
        let form = format!("login=bench&password={}", PASSWORD.replace(' ', "+"));
        let request = Request::post("/login")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "luodi.example")
            .body(Body::from(form))?;
        let response = router.clone().oneshot(request).await?;
        let cookies = response.headers().get_all(header::SET_COOKIE).iter();
        let cookies: Vec<_> = cookies.filter_map(|line| line.to_str().ok()?.split(';').next()).collect();
        Ok(Self { cookie: cookies.join("; "), router, programme })
    }

    /// One page of the programme, read to its end; its size in bytes.
    ///
    /// # Errors
    /// Where the answer is another than 200.
    pub async fn get(&self, path: &str) -> Outcome<usize> {
        let address = format!("/p/{}/{path}", self.programme);
        let request = Request::get(address.trim_end_matches('/'))
            .header(header::COOKIE, &self.cookie)
            .header(header::HOST, "luodi.example")
            .body(Body::empty())?;
        let response = self.router.clone().oneshot(request).await?;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await?;
        if status == 200 { Ok(body.len()) } else { Err(format!("{path}: {status}").into()) }
    }
}

/// A generated programme, with the users that ask.
async fn filled(app: &App) -> Outcome<String> {
    let operator = Actor::operator(Timestamp::now());
    let known = app.programme_list(&operator).await?;
    if let Some(card) = known.first() {
        let code = card.programme.code.clone();
        if app.actor_named("bench", Timestamp::now()).await.is_err() {
            app.user_add(&operator, "bench", "Bench", PASSWORD, Some(&code), Role::Reviewer).await?;
        }
        return Ok(code);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/invented");
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let (regions, programme) = (read("regions.tsv")?, read("programme.toml")?);
    let size = std::env::var("LUODI_BENCH_SIZE").ok().and_then(|size| size.parse().ok());
    let plan = Plan { projects: size.unwrap_or(SIZE), seed: 1 };
    let started = Instant::now();
    let ground = Ground { regions: &regions, programme: &programme };
    let made = app.generate(&operator, plan, None, ground, &mut |_, _| {}).await?;
    println!("{} figures in {:.0} s", made.figures, started.elapsed().as_secs_f64());
    app.user_add(&operator, "bench", "Bench", PASSWORD, Some(&made.code), Role::Reviewer).await?;
    Ok(made.code)
}
