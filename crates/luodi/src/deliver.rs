//! What leaves this server: summaries by mail and to robots, where the command line says so, and nothing else ever.

use crate::args::Sending;
use app::{App, MAIL, Outgoing};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MessageBuilder};
use lettre::{Message, SmtpTransport, Transport};
use sha2::Sha256;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long a server of mail or a robot may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// The most of a robot's answer that is read.
const ANSWER_BYTES: u64 = 10_000;

/// Where mail goes.
#[derive(Debug, Clone)]
enum Post {
    /// Files in a folder, for trying.
    Folder(PathBuf),
    Smtp(Arc<SmtpTransport>),
}

/// What this server may send. The default is nothing.
#[derive(Debug, Clone, Default)]
pub struct Delivery {
    post: Option<(Post, Mailbox)>,
    robots: Option<ureq::Agent>,
    /// The origins that robots lie at.
    pub origins: Vec<String>,
}

impl Delivery {
    /// Reads what the command line allows; connects to nobody.
    ///
    /// # Errors
    /// In words, where it cannot be understood.
    pub fn new(args: &Sending) -> Result<Self, String> {
        let from = || {
            let from = args.mail_from.as_deref().ok_or("--mail-from is needed to send mail")?;
            from.parse::<Mailbox>().map_err(|error| format!("--mail-from {from}: {error}"))
        };
        let post = match (&args.mail_folder, &args.smtp) {
            (Some(folder), _) => Some((Post::Folder(folder.clone()), from()?)),
            (None, Some(url)) => {
                // The address holds a password and is not repeated.
                let smtp = SmtpTransport::from_url(url).map_err(|error| format!("--smtp: {error}"))?;
                Some((Post::Smtp(Arc::new(smtp.timeout(Some(PATIENCE)).build())), from()?))
            }
            (None, None) => None,
        };
        let origins: Vec<String> =
            args.robot_origin.iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect();
        for origin in &origins {
            let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if rest.is_none_or(|host| host.is_empty() || host.contains(['/', '@', '?', '#'])) {
                return Err(format!(
                    "--robot-origin {origin}: this is no origin, as https://qyapi.weixin.qq.com is"
                ));
            }
        }
        let agent = || {
            let config = ureq::Agent::config_builder()
                .timeout_global(Some(PATIENCE))
                .max_redirects(0)
                .http_status_as_error(false)
                .proxy(None);
            config.build().new_agent()
        };
        let robots = (!origins.is_empty()).then(agent);
        Ok(Self { post, robots, origins })
    }

    /// Whether mail is sent.
    #[must_use]
    pub fn sends_mail(&self) -> bool {
        self.post.is_some()
    }

    /// Writes the summaries that are due, and sends what waits until asked to stop. What cannot be sent is noted and tried again
    /// later.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run(
        &self,
        app: &App,
        clock: fn() -> Timestamp,
        stopped: &watch::Receiver<bool>,
    ) -> app::Result<()> {
        let can = (self.post.is_some(), self.robots.is_some());
        if can == (false, false) {
            return Ok(());
        }
        web::weekly_prepare(app, clock(), can).await?;
        while !*stopped.borrow() {
            // One that waited behind others is taken, dated and ended by the clock of its own.
            let Some(next) = app.outgoing_take(clock()).await? else { break };
            let (delivery, of) = (self.clone(), next.clone());
            let sent = tokio::task::spawn_blocking(move || delivery.send(&of, clock())).await;
            let error = sent.unwrap_or_else(|_| Err("sending stopped".to_owned())).err();
            if let Some(error) = &error {
                tracing::warn!("the weekly summary {} was not sent: {error}", next.id);
            }
            app.outgoing_end(&next, error.as_deref(), clock()).await?;
        }
        Ok(())
    }

    fn send(&self, of: &Outgoing, now: Timestamp) -> Result<(), String> {
        if of.to.closed {
            return Err("the account is closed or the subscription ended".to_owned());
        }
        if of.to.kind == MAIL {
            let (post, from) = self.post.as_ref().ok_or("mail is off")?;
            return mail(post, &message(of, from, now)?, of.id);
        }
        let agent = self.robots.as_ref().ok_or("robots are off")?;
        if !app::lies_at(&of.to.address, &self.origins) {
            return Err("its address lies at no origin that this server may send to".to_owned());
        }
        robot(agent, of, now)
    }
}

/// A summary as a mail. The same summary has the same identity, however often it is tried.
fn message(of: &Outgoing, from: &Mailbox, now: Timestamp) -> Result<Message, String> {
    let to: Mailbox = of.to.address.parse().map_err(|_| "its address cannot be read".to_owned())?;
    let date = std::time::SystemTime::from(now);
    let domain = from.email.domain().to_owned();
    MessageBuilder::new()
        .from(from.clone())
        .to(to)
        .subject(of.subject.clone())
        .date(date)
        .message_id(Some(format!("<luodi-{}-{}-{}@{domain}>", of.to.programme, of.week, of.id)))
        .header(ContentType::TEXT_PLAIN)
        .body(of.body.clone())
        .map_err(|error| error.to_string())
}

fn mail(post: &Post, message: &Message, id: i64) -> Result<(), String> {
    match post {
        Post::Folder(folder) => into_folder(folder, message, id),
        Post::Smtp(smtp) => smtp.send(message).map(|_| ()).map_err(|error| error.to_string()),
    }
}

fn into_folder(folder: &Path, message: &Message, id: i64) -> Result<(), String> {
    let write = || {
        std::fs::create_dir_all(folder)?;
        let mut file = std::fs::File::create(folder.join(format!("luodi-{id}.eml")))?;
        file.write_all(&message.formatted())
    };
    write().map_err(|error| error.to_string())
}

/// A summary as the robots of 企业微信 and 钉钉 take it: JSON of the kind `markdown`.
fn robot_body(of: &Outgoing) -> String {
    let markdown = match of.to.kind.as_str() {
        "wecom" => serde_json::json!({ "content": of.body }),
        _ => serde_json::json!({ "title": of.subject, "text": of.body }),
    };
    serde_json::json!({ "msgtype": "markdown", "markdown": markdown }).to_string()
}

/// The address of a 钉钉 robot with a secret: the time, and that time signed.
fn signed(address: &str, secret: &str, now: Timestamp) -> String {
    let at = now.as_millisecond();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(format!("{at}\n{secret}").as_bytes());
    let sign = STANDARD.encode(mac.finalize().into_bytes());
    let sign = sign.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}timestamp={at}&sign={sign}")
}

fn robot(agent: &ureq::Agent, of: &Outgoing, now: Timestamp) -> Result<(), String> {
    let address = match &of.to.secret {
        Some(secret) if of.to.kind == "dingtalk" => signed(&of.to.address, secret, now),
        _ => of.to.address.clone(),
    };
    let request = agent.post(&address).header("content-type", "application/json; charset=utf-8");
    // An error may repeat the address, which is a secret.
    let mut answer = request.send(robot_body(of)).map_err(|error| kind_of(&error).to_owned())?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().with_config().limit(ANSWER_BYTES).read_to_string().unwrap_or_default();
    let said: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    match (status, said["errcode"].as_i64()) {
        (200, Some(0)) => Ok(()),
        (200, Some(code)) => Err(format!("errcode {code}: {}", said["errmsg"].as_str().unwrap_or_default())),
        _ => Err(format!("HTTP {status}")),
    }
}

fn kind_of(error: &ureq::Error) -> &'static str {
    match error {
        ureq::Error::Timeout(_) => "it took too long",
        ureq::Error::HostNotFound => "its host is not known",
        ureq::Error::Io(_) | ureq::Error::ConnectionFailed => "it cannot be reached",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "its certificate is not trusted",
        _ => "it could not be sent",
    }
}

#[cfg(test)]
mod tests;
