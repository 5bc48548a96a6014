//! Lights of projects in words: on the board, on the page of a project, and what turned.

use crate::failure::Failure;
use crate::labels;
use crate::values::{kind_label, link_to};
use crate::visit::Within;
use app::{RecordKind, Turn};
use axum::extract::Query;
use axum::response::Html;
use domain::light::{Cause, CauseKind, Light};
use jiff::civil::Date;
use locale::Locale;
use pages::{Badge, LightGroup, LightRow, Lights, Link, Notice, Tone};
use serde::Deserialize;

/// How far back the page looks.
const DAYS: i64 = 7;

/// The word for a light.
pub(crate) fn label(t: Locale, light: Light) -> &'static str {
    match light {
        Light::None => t.light_none(),
        Light::Unknown => t.light_unknown(),
        Light::Green => t.light_green(),
        Light::Yellow => t.light_yellow(),
        Light::Red => t.light_red(),
    }
}

fn tone(light: Light) -> Tone {
    match light {
        Light::None | Light::Unknown => Tone::Neutral,
        Light::Green => Tone::Good,
        Light::Yellow => Tone::Warn,
        Light::Red => Tone::Bad,
    }
}

/// A light as a dot with its word; nothing for what has none.
pub(crate) fn badge(t: Locale, light: Light) -> Option<Badge> {
    let of = || Badge { label: format!("● {}", label(t, light)), tone: tone(light) };
    (light != Light::None).then(of)
}

/// A cause in words, as of a day.
pub(crate) fn cause(t: Locale, of: &Cause, today: Date) -> String {
    let days = of.days(today);
    match of.kind {
        CauseKind::Start => t.light_cause_start(of.day, days),
        CauseKind::Completion => t.light_cause_completion(of.day, days),
        CauseKind::Production => t.light_cause_production(of.day, days),
        CauseKind::Progress => t.light_cause_progress(of.day, of.points),
        CauseKind::Silent => t.light_cause_silent(of.day, days),
        CauseKind::Problem => t.light_cause_problem(of.day, days),
        CauseKind::Milestone => t.light_cause_milestone(of.day, days),
    }
}

/// Causes in words, as of a day.
pub(crate) fn causes(within: &Within, causes: &[Cause], day: Date) -> Vec<String> {
    causes.iter().map(|of| cause(within.locale, of, day)).collect()
}

/// How a project stands, for the head of its page.
pub(crate) async fn notice(within: &Within, code: &str) -> Result<Option<Notice>, Failure> {
    let t = within.locale;
    let (_, now, _) = within.app().project_light(&within.actor, within.id(), code).await?;
    let Some(now) = now.filter(|now| now.light != Light::None) else { return Ok(None) };
    let causes: Vec<String> = now.causes.iter().map(|of| cause(t, of, within.today())).collect();
    let head = format!("● {}", t.light_since(label(t, now.light), now.since));
    let text = if causes.is_empty() { head } else { t.light_because(head, causes.join(" · ")) };
    let link =
        Link { label: t.light_history().to_owned(), href: within.to(&format!("lights?project={code}")) };
    Ok(Some(Notice { tone: tone(now.light), text, link: Some(link) }))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    project: String,
}

/// `GET lights?project=`
pub(crate) async fn show(within: Within, Query(asked): Query<Asked>) -> Result<Html<String>, Failure> {
    let t = within.locale;
    let (app, actor, id) = (within.app(), &within.actor, within.id());
    let rows = |turns: &[Turn]| turns.iter().map(|of| row(&within, of)).collect::<Vec<_>>();
    let mut page = Lights {
        shell: within.shell_of("lights").await?,
        crumbs: vec![Link {
            label: kind_label(t, RecordKind::Project).to_owned(),
            href: within.to("lists/project"),
        }],
        ..Lights::default()
    };
    if asked.project.is_empty() {
        let turns = app.project_turns(actor, id, DAYS).await?;
        let today = within.today();
        let (new, old): (Vec<Turn>, Vec<Turn>) = turns.into_iter().partition(|of| of.day == today);
        page.groups = vec![
            LightGroup { label: t.light_today().to_owned(), rows: rows(&new) },
            LightGroup { label: t.light_days(DAYS), rows: rows(&old) },
        ];
    } else {
        let (record, _, turns) = app.project_light(actor, id, &asked.project).await?;
        page.project = labels::pick_title(t, &record).to_owned();
        page.groups = vec![LightGroup { label: t.light_history().to_owned(), rows: rows(&turns) }];
    }
    Ok(Html(page.render()))
}

fn row(within: &Within, of: &Turn) -> LightRow {
    let t = within.locale;
    LightRow {
        day: of.day.to_string(),
        project: link_to(within, &of.record),
        code: of.record.code.clone(),
        from: of.was.map(|light| label(t, light).to_owned()).unwrap_or_default(),
        to: label(t, of.light).to_owned(),
        tone: tone(of.light),
        // As it was on that day.
        causes: of.causes.iter().map(|cause| self::cause(t, cause, of.day)).collect(),
    }
}
