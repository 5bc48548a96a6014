//! The weekly summary: what moved, what is late, what comes, within the reader's reach; who gets it, when, and what became of it.
//! What goes to a group's robot is within the reach of whoever set it up and names nothing that is protected (law 5).

use crate::access::{Actor, Right};
use crate::due::{DueList, DueQuery, Whose};
use crate::entry::Problem;
use crate::error::{Error, Result};
use crate::project::Turn;
use crate::user::grants;
use crate::{App, change, typed};
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan, Zoned};
pub use store::{NewSubscription, Outgoing, Sent, Subscription};
use store::{Programme, Record, Tx};

/// The setting that says on which day of the week summaries are sent: 1 is Monday.
pub const WEEKLY_DAY: &str = "weekly_day";
/// The setting that says at which full hour summaries are sent.
pub const WEEKLY_HOUR: &str = "weekly_hour";
/// When summaries are sent where a programme set nothing: Monday, eight o'clock.
pub const WEEKLY_DEFAULT: (i8, i8) = (1, 8);
/// The kind of a subscription by mail.
pub const MAIL: &str = "mail";
/// The kinds of robots that take a summary: 企业微信 and 钉钉.
pub const ROBOTS: &[&str] = &["wecom", "dingtalk"];

/// Lines of one part of a summary.
const LINES: i64 = 30;
/// A sending whose end nobody saw within this long is unsure.
const SENDING_SECONDS: i64 = 300;
/// After so many attempts a summary has failed.
const ATTEMPTS: i64 = 8;

/// What a summary says.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The seven days that it looks back on.
    pub days: (Date, Date),
    /// Projects that moved to another stage: the stage's code.
    pub moved: Vec<(Record, String)>,
    /// Projects whose light turned.
    pub turned: Vec<Turn>,
    /// What is late, the latest first.
    pub late: DueList,
    /// What is due within the seven days to come.
    pub next: DueList,
}

/// A subscription whose summary is to be written, with whoever gets it or set it up.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The subscription.
    pub to: Subscription,
    /// Its programme.
    pub programme: Programme,
    /// The Monday of the week.
    pub week: Date,
    /// The user, with the roles held now.
    pub actor: Actor,
}

/// The value of a setting of when summaries are sent.
pub(crate) fn weekly(key: &str, value: &str) -> Option<i8> {
    let range = if key == WEEKLY_DAY { 1..=7 } else { 0..=23 };
    value.trim().parse().ok().filter(|of| range.contains(of))
}

/// The Monday of the week of an instant, and the instant of that week at which summaries are sent. A clock that is put forward
/// over that hour sends right after; one that is put back does not send twice, as a week has one summary.
fn due_of(now: &Zoned, (day, hour): (i8, i8)) -> (Date, Timestamp) {
    let since = i64::from(now.date().weekday().since(Weekday::Monday));
    let week = now.date().checked_sub(since.days()).unwrap_or(now.date());
    let on = week.checked_add(i64::from(day - 1).days()).unwrap_or(week);
    let at = on.at(hour, 0, 0, 0).to_zoned(now.time_zone().clone());
    (week, at.map_or(Timestamp::MAX, |at| at.timestamp()))
}

/// Whether an address lies at one of the origins that the server may send to.
#[must_use]
pub fn lies_at(address: &str, origins: &[String]) -> bool {
    let lies =
        |origin: &String| address.strip_prefix(origin.as_str()).is_some_and(|rest| rest.starts_with('/'));
    origins.iter().any(lies)
}

impl App {
    /// The summary of the last seven days, as the actor may read it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn summary(&self, actor: &Actor, programme: i64) -> Result<Summary> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let today = change::local(&mut tx, Some(programme), actor.at).await?.date();
        let whose = Whose::of(&mut tx, actor, programme).await?;
        let day = |days: i64| today.checked_add(days.days()).unwrap_or(today);
        let mine =
            |from, to, latest| DueQuery { from, to: Some(to), mine: true, latest, ..DueQuery::default() };
        let late = whose.list(&mut tx, &mine(None, day(-1), true), LINES).await?;
        let next = whose.list(&mut tx, &mine(Some(today), day(6), false), LINES).await?;
        let since = actor.at.checked_sub((7 * 24).hours()).unwrap_or(actor.at);
        let moved =
            store::project_list_moved(&mut tx, programme, since, &actor.reach(programme), LINES).await?;
        drop(tx);
        let mut turned = self.project_turns(actor, programme, 7).await?;
        turned.truncate(usize::try_from(LINES).unwrap_or(usize::MAX));
        Ok(Summary { days: (day(-7), day(-1)), moved, turned, late, next })
    }

    /// The subscriptions whose summary of this week is due and not written yet: by mail, to robots, or both, as the server can
    /// send.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn summaries_wanted(
        &self,
        now: Timestamp,
        (mail, robots): (bool, bool),
    ) -> Result<Vec<Wanted>> {
        let mut wanted = Vec::new();
        let mut tx = self.db.read().await?;
        for programme in store::programme_list(&mut tx).await? {
            let subscriptions = store::subscription_list(&mut tx, programme.id).await?;
            if subscriptions.is_empty() {
                continue;
            }
            let when = weekly_of(&mut tx, programme.id).await?;
            let (week, at) = due_of(&change::local(&mut tx, Some(programme.id), now).await?, when);
            let written = store::outgoing_list_of_week(&mut tx, programme.id, week).await?;
            for to in subscriptions {
                let can = if to.kind == MAIL { mail } else { robots };
                let is_due = can && !to.closed && at <= now && to.since <= at;
                if !is_due || written.contains(&to.id) {
                    continue;
                }
                let grants = grants(&mut tx, to.user).await?;
                let (login, name) = (String::new(), to.user_name.clone());
                let actor = Actor { user: Some(to.user), login, name, grants, at: now, source: "engine" };
                if actor.may(programme.id, Right::View) {
                    wanted.push(Wanted { to, programme: programme.clone(), week, actor });
                }
            }
        }
        Ok(wanted)
    }

    /// Puts a summary into the queue, once a week for each subscription; whether this call did.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn summary_queue(&self, of: &Wanted, subject: &str, body: &str) -> Result<bool> {
        let mut tx = self.db.write().await?;
        let done = store::outgoing_queue(&mut tx, of.to.id, of.week, (subject, body), of.actor.at).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Takes the next summary that is to be sent; say with [`App::outgoing_end`] how that ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn outgoing_take(&self, now: Timestamp) -> Result<Option<Outgoing>> {
        let mut tx = self.db.read().await?;
        if store::outgoing_count(&mut tx).await? == 0 {
            return Ok(None);
        }
        drop(tx);
        let mut tx = self.db.write().await?;
        let until = now.checked_add(SENDING_SECONDS.seconds()).unwrap_or(Timestamp::MAX);
        let taken = store::outgoing_take(&mut tx, now, until).await?;
        // Committed before anything is sent: who stops in between has sent it at most once.
        tx.commit().await?;
        Ok(taken)
    }

    /// Notes how sending ended. What failed is tried again after five minutes, then after twice as long each time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn outgoing_end(&self, of: &Outgoing, error: Option<&str>, now: Timestamp) -> Result<()> {
        let state = match error {
            None => "sent",
            Some(_) if of.attempts >= ATTEMPTS => "failed",
            Some(_) => "waiting",
        };
        let minutes = 5_i64 << of.attempts.clamp(1, 12).saturating_sub(1);
        let next = now.checked_add(minutes.minutes()).unwrap_or(Timestamp::MAX);
        let error: Option<String> = error.map(|text| text.chars().take(300).collect());
        let mut tx = self.db.write().await?;
        store::outgoing_end(&mut tx, of.id, state, next, error.as_deref()).await?;
        Ok(tx.commit().await?)
    }

    /// The actor's own subscription by mail, with what became of the last summary.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn mail_subscription(
        &self,
        actor: &Actor,
        programme: i64,
    ) -> Result<Option<(Subscription, Option<Sent>)>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let all = store::subscription_list(&mut tx, programme).await?;
        let own = all.into_iter().find(|of| of.kind == MAIL && Some(of.user) == actor.user);
        let Some(own) = own else { return Ok(None) };
        let last = store::outgoing_last(&mut tx, own.id).await?;
        Ok(Some((own, last)))
    }

    /// Subscribes the actor by mail at this address, or ends that where it is empty.
    ///
    /// # Errors
    /// [`Error::Form`] for what is no address.
    pub async fn mail_subscribe(
        &self,
        actor: &Actor,
        programme: i64,
        address: &str,
        language: &str,
    ) -> Result<()> {
        actor.require(programme, Right::View)?;
        actor.user.ok_or(Error::Forbidden)?;
        let address = address.trim();
        if !address.is_empty() && !is_mail_address(address) {
            return Err(Error::Form(vec![Problem::new("address", "mail-address")]));
        }
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let all = store::subscription_list(&mut tx, programme).await?;
        let own: Vec<_> =
            all.into_iter().filter(|of| of.kind == MAIL && Some(of.user) == actor.user).collect();
        if own.iter().any(|of| of.address == address) || (own.is_empty() && address.is_empty()) {
            return Ok(());
        }
        let kind = if address.is_empty() { "subscription-remove" } else { "subscription-add" };
        let change = change::open(&mut tx, actor, Some(programme), kind, None).await?;
        for of in &own {
            store::subscription_remove(&mut tx, &change, of).await?;
        }
        if !address.is_empty() {
            let new = NewSubscription { kind: MAIL, address, secret: None, language };
            store::subscription_insert(&mut tx, &change, &new).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The robots that get the summary of a programme, with what became of the last one.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep the settings.
    pub async fn robots(&self, actor: &Actor, programme: i64) -> Result<Vec<(Subscription, Option<Sent>)>> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.read().await?;
        let mut robots = Vec::new();
        for of in store::subscription_list(&mut tx, programme).await? {
            if ROBOTS.contains(&of.kind.as_str()) {
                let last = store::outgoing_last(&mut tx, of.id).await?;
                robots.push((of, last));
            }
        }
        Ok(robots)
    }

    /// Sends the summaries of a programme to a robot from now on. Its address lies at one of the origins that the server may
    /// send to.
    ///
    /// # Errors
    /// [`Error::Form`] naming what cannot be taken; [`Error::Forbidden`] for who does not keep the settings.
    pub async fn robot_add(
        &self,
        actor: &Actor,
        programme: i64,
        new: &NewSubscription<'_>,
        origins: &[String],
    ) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        actor.user.ok_or(Error::Forbidden)?;
        let mut problems = Vec::new();
        if !ROBOTS.contains(&new.kind) {
            problems.push(Problem::new("kind", if new.kind.is_empty() { "missing" } else { "unknown" }));
        }
        let is_plain = new.address.bytes().all(|byte| byte.is_ascii_graphic()) && new.address.len() <= 1_000;
        if new.address.is_empty() {
            problems.push(Problem::new("address", "missing"));
        } else if !is_plain || !lies_at(new.address, origins) {
            problems.push(Problem::new("address", "robot-address"));
        }
        if new.secret.is_some_and(|secret| secret.chars().count() > 200) {
            problems.push(Problem::hinting("secret", "too-long", 200));
        }
        if !problems.is_empty() {
            return Err(Error::Form(problems));
        }
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let all = store::subscription_list(&mut tx, programme).await?;
        if all.iter().any(|of| of.address == new.address) {
            return Ok(());
        }
        let change = change::open(&mut tx, actor, Some(programme), "subscription-add", None).await?;
        store::subscription_insert(&mut tx, &change, new).await?;
        Ok(tx.commit().await?)
    }

    /// Ends the summaries to a robot.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such robot; [`Error::Forbidden`] for who does not keep the settings.
    pub async fn robot_remove(&self, actor: &Actor, programme: i64, id: i64) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        let all = store::subscription_list(&mut tx, programme).await?;
        let of = all.iter().find(|of| of.id == id && of.kind != MAIL).ok_or(Error::NotFound)?;
        let change = change::open(&mut tx, actor, Some(programme), "subscription-remove", None).await?;
        store::subscription_remove(&mut tx, &change, of).await?;
        Ok(tx.commit().await?)
    }

    /// Sends the last summary to a robot again, where it failed or nobody knows whether it arrived. Whether it is on its way now:
    /// asked for twice it is sent once.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep the settings.
    pub async fn robot_again(&self, actor: &Actor, programme: i64, id: i64) -> Result<bool> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        let all = store::subscription_list(&mut tx, programme).await?;
        let of = all.iter().find(|of| of.id == id && of.kind != MAIL);
        again(tx, actor, programme, of).await
    }

    /// Sends the actor's own last summary by mail again, as [`App::robot_again`] does.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn mail_again(&self, actor: &Actor, programme: i64) -> Result<bool> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.write().await?;
        let all = store::subscription_list(&mut tx, programme).await?;
        let own = all.iter().find(|of| of.kind == MAIL && Some(of.user) == actor.user);
        again(tx, actor, programme, own).await
    }
}

async fn again(mut tx: Tx, actor: &Actor, programme: i64, of: Option<&Subscription>) -> Result<bool> {
    let Some(of) = of else { return Ok(false) };
    let change = change::open(&mut tx, actor, Some(programme), "outgoing-again", None).await?;
    let done = store::outgoing_again(&mut tx, &change, of.id).await?;
    if done {
        tx.commit().await?;
    }
    Ok(done)
}

async fn weekly_of(tx: &mut Tx, programme: i64) -> Result<(i8, i8)> {
    let (mut day, mut hour) = WEEKLY_DEFAULT;
    for (key, value) in store::setting_list(tx, Some(programme)).await? {
        match (key.as_str(), weekly(&key, &value)) {
            (WEEKLY_DAY, Some(of)) => day = of,
            (WEEKLY_HOUR, Some(of)) => hour = of,
            _ => {}
        }
    }
    Ok((day, hour))
}

/// An address of mail as it is typed: a name, one `@`, a domain; nothing that begins a header.
fn is_mail_address(text: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "._%+-".contains(c));
    text.len() <= 200
        && typed::masked(text) == text
        && text.split_once('@').is_some_and(|(name, domain)| {
            plain(name) && plain(domain) && !domain.starts_with('.') && !domain.ends_with('.')
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    #[test]
    fn a_week_has_one_instant_in_the_time_zone_of_the_programme() {
        let zone = TimeZone::get("Asia/Shanghai").expect("a zone");
        let local = |text: &str| text.parse::<Timestamp>().expect("an instant").to_zoned(zone.clone());
        let monday: Timestamp = "2026-11-16T00:00:00Z".parse().expect("eight o'clock in Shanghai");
        // Sunday evening in UTC is Monday there.
        assert_eq!(due_of(&local("2026-11-15T16:30:00Z"), (1, 8)), (date(2026, 11, 16), monday));
        assert_eq!(due_of(&local("2026-11-22T15:59:00Z"), (1, 8)), (date(2026, 11, 16), monday));
        assert_eq!(due_of(&local("2026-11-22T16:00:00Z"), (1, 8)).0, date(2026, 11, 23));
        let friday: Timestamp = "2026-11-20T09:00:00Z".parse().expect("five o'clock");
        assert_eq!(due_of(&local("2026-11-16T00:00:00Z"), (5, 17)).1, friday);
        // An hour that the clocks leave out comes right after.
        let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
        let sunday = "2027-03-28T06:00:00Z".parse::<Timestamp>().expect("an instant").to_zoned(berlin);
        assert!(due_of(&sunday, (7, 2)).1 <= sunday.timestamp());
    }

    #[test]
    fn clocks_that_change_at_midnight_leave_a_week_its_one_instant() {
        let zone = TimeZone::get("Asia/Beirut").expect("a zone");
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let local = |text: &str| at(text).to_zoned(zone.clone());
        // The midnight that begins Sunday, 28 March, does not exist: it is one o'clock.
        for now in ["2027-03-27T21:59:59Z", "2027-03-27T22:00:00Z"] {
            assert_eq!(due_of(&local(now), (7, 0)), (date(2027, 3, 22), at("2027-03-27T22:00:00Z")), "{now}");
        }
        // The last hour of Saturday, 24 October, comes twice: the first one counts, and it stays Saturday.
        for now in ["2026-10-24T20:30:00Z", "2026-10-24T21:30:00Z"] {
            assert_eq!(
                due_of(&local(now), (6, 23)),
                (date(2026, 10, 19), at("2026-10-24T20:00:00Z")),
                "{now}"
            );
            assert_eq!(local(now).date(), date(2026, 10, 24), "nothing due that day is late yet");
        }
    }

    #[test]
    fn an_address_of_mail_begins_no_header() {
        for right in ["a@b.cn", "zhang.san+luodi@mail.example.cn", "张@例子.公司"] {
            assert!(is_mail_address(right), "{right}");
        }
        for wrong in ["", "a", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nBcc: c@d", "a@.b", "<a@b>", "a@b,c@d"] {
            assert!(!is_mail_address(wrong), "{wrong:?}");
        }
    }
}
