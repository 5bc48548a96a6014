//! Notices in words: the message of their kind, with what they hold.

use crate::format;
use crate::values::link_to;
use crate::visit::Within;
use locale::Locale;
use pages::{DueLine, Link};

/// What a notice says.
fn words(t: Locale, kind: &str, args: &[String]) -> String {
    match (kind, args) {
        ("task", [title]) => t.notice_task(title),
        _ => {
            let head = t.by_key(&format!("notice_{}", kind.replace('-', "_"))).unwrap_or(kind);
            let parts = [head].into_iter().chain(args.iter().map(String::as_str));
            parts.collect::<Vec<_>>().join(" · ")
        }
    }
}

/// A notice as a line of my day.
pub(crate) fn line(within: &Within, of: &app::Notice) -> DueLine {
    let about = of.record.as_ref().map(|record| link_to(within, record));
    let own = of.path.as_ref().map(|path| within.to(path));
    let href =
        own.or_else(|| about.as_ref().map(|link| link.href.clone())).unwrap_or_else(|| within.to("day"));
    DueLine {
        day: format::instant(of.at, &within.zone()),
        what: Link { label: words(within.locale, &of.kind, &of.args), href },
        about,
        notes: of.due.map(|day| within.locale.due_by(day)).into_iter().collect(),
        ..DueLine::default()
    }
}
