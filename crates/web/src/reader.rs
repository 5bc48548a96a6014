//! A document: its text with every claim in place, or the scan with the form for a figure. A long text is shown in
//! parts, so that neither the server nor the browser ever holds all of it.

use crate::claims::panel;
use crate::documents::{classes, format_label, why_failed};
use crate::failure::Failure;
use crate::labels::{self, claim_amount, one_line, reading_of};
use crate::values::{choice_label, link_to};
use crate::visit::Within;
use crate::{format, redirect, viewer};
use app::{Claim, Document, DocumentState, ProjectClaim, Right};
use axum::extract::{Path, Query};
use axum::response::{Html, Response};
use pages::{
    ClaimCounts, ClaimState, DocumentDetails, Flash, Mark, Nav, Paragraph, Parts, Reader, Segment, Tone,
    Wrong,
};
use serde::Deserialize;

/// A heading has at most this many characters.
const HEADING_CHARS: usize = 30;
/// A part of a long text has about this many characters.
const PART_CHARS: i64 = 20_000;
/// It begins at the last line break among this many characters before, where there is one.
const SLACK_CHARS: i64 = 2_000;
/// More parts than any text has; both databases can count their characters.
const MAX_PARTS: i64 = 10_000;

#[derive(Deserialize)]
pub(crate) struct Opened {
    claim: Option<i64>,
    /// Counted from 1.
    part: Option<i64>,
}

/// `GET documents/{code}`
pub(crate) async fn show(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    Query(query): Query<Opened>,
) -> Result<Html<String>, Failure> {
    let document = within.app().document(&within.actor, within.id(), &code).await?;
    if document.state == DocumentState::Evidence {
        return viewer::page(&within, &document, viewer::Entry::default(), Wrong::default()).await;
    }
    let opened = match query.claim {
        Some(id) => match within.app().claim(&within.actor, within.id(), id).await {
            Ok((claim, _)) => Some(claim).filter(|claim| claim.document == document.id),
            Err(app::Error::NotFound) => None,
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    let page = match opened {
        Some(claim) => {
            let panel = panel(&within, claim.id).await?;
            page(&within, &document, part_of(&within, &document, claim.span.0).await?, Some(panel)).await?
        }
        None => {
            let part = part(&within, &document, query.part.unwrap_or(1).clamp(1, MAX_PARTS) - 1).await?;
            page(&within, &document, part, None).await?
        }
    };
    Ok(Html(page.render()))
}

/// The page of a document whose title, publisher and day were refused, as they were typed.
pub(crate) async fn refused(
    within: &Within,
    code: &str,
    (typed, class): ([String; 3], &str),
    wrong: Wrong,
) -> Result<Html<String>, Failure> {
    let document = within.app().document(&within.actor, within.id(), code).await?;
    if document.state == DocumentState::Evidence {
        let mut page = viewer::built(within, &document, viewer::Entry::default(), Wrong::default()).await?;
        (page.details.typed, page.details.wrong) = (Some(typed), wrong);
        page.details.classes = classes(within, class);
        return Ok(Html(page.render()));
    }
    let mut page = page(within, &document, part(within, &document, 0).await?, None).await?;
    (page.details.typed, page.details.wrong) = (Some(typed), wrong);
    page.details.classes = classes(within, class);
    Ok(Html(page.render()))
}

/// The reader with what is told of a project open in this panel.
pub(crate) async fn told(
    within: &Within,
    claim: &ProjectClaim,
    panel: pages::NewsPanel,
) -> Result<Html<String>, Failure> {
    let document = within.app().document(&within.actor, within.id(), &claim.document_code).await?;
    let part = part_of(within, &document, claim.told.span.0).await?;
    let page = page(within, &document, part, None).await?;
    Ok(Html(Reader { news: Some(panel), ..page }.render()))
}

/// The reader with a claim open in this panel.
pub(crate) async fn opened(
    within: &Within,
    claim: &Claim,
    panel: pages::ClaimPanel,
) -> Result<Html<String>, Failure> {
    let document = within.app().document(&within.actor, within.id(), &claim.document_code).await?;
    let page = page(within, &document, part_of(within, &document, claim.span.0).await?, Some(panel)).await?;
    Ok(Html(page.render()))
}

async fn page(
    within: &Within,
    document: &Document,
    part: Part,
    panel: Option<pages::ClaimPanel>,
) -> Result<Reader, Failure> {
    let claims = within
        .app()
        .claim_list_within(&within.actor, within.id(), document.id, (part.start, part.end))
        .await?;
    let mut news = within.app().project_claim_list(&within.actor, within.id(), document.id).await?;
    news.retain(|claim| claim.told.name.start < part.end && claim.told.name.end > part.start);
    let mut paragraphs = paragraphs(&part.text, part.start, &claims, &|claim| mark(within, claim))?;
    for (paragraph, start) in &mut paragraphs {
        paragraph.segments = with_news(within, std::mem::take(&mut paragraph.segments), *start, &news);
    }
    Ok(Reader {
        shell: within.shell(Nav::Documents).await?,
        news: None,
        details: details(within, document).await?,
        counts: counts(within, document.id).await?,
        paragraphs: paragraphs.into_iter().map(|(paragraph, _)| paragraph).collect(),
        panel,
        notices: notices(within, document),
        running: matches!(document.state, DocumentState::Queued | DocumentState::Reading),
        can_review: within.may_on(document.id, Right::ReviewClaim).await?,
        can_edit: within.may_on(document.id, Right::AddDocument).await?,
        parts: parts(within, &document.code, &part),
        code: document.code.clone(),
    })
}

/// `POST documents/{code}/accept-certain`
pub(crate) async fn accept_certain(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let document = within.app().document(&within.actor, within.id(), &code).await?;
    let accepted = within.app().claim_accept_certain(&within.actor, within.id(), document.id).await?;
    let words = within.locale.reader_accepted_certain(accepted);
    Ok(redirect::with_flash(&within.visit, &within.to(&format!("documents/{code}")), Tone::Good, &words))
}

/// Title, publisher and day, as shown beside text and scan.
pub(crate) async fn details(within: &Within, document: &Document) -> Result<DocumentDetails, Failure> {
    let blob = within.app().document_original(&within.actor, document).await?;
    let size = format::size(u64::try_from(blob.size_bytes).unwrap_or(0));
    let records = within.app().attachment_records(&within.actor, within.id(), document.id).await?;
    let proposed = document.details == "proposed";
    Ok(DocumentDetails {
        title: document.display_title().to_owned(),
        publisher: document.publisher.clone().unwrap_or_default(),
        published_on: document.published_on.map(|day| day.to_string()).unwrap_or_default(),
        title_proposed: proposed && !document.title.is_empty(),
        publisher_proposed: proposed && document.publisher.is_some(),
        published_proposed: proposed && document.published_on.is_some(),
        about: format!("{} · {size} · {}", format_label(document), document.code),
        original_href: Some(within.to(&format!("documents/{}/original", document.code))),
        classes: classes(within, document.class.code),
        records: records.iter().map(|link| link_to(within, &link.record)).collect(),
        ..DocumentDetails::default()
    })
}

/// What must be known of a document before reading it.
pub(crate) fn notices(within: &Within, document: &Document) -> Vec<Flash> {
    let mut notices = Vec::new();
    if document.restricted {
        let text = within.locale.document_for_parties(choice_label(within, document.class));
        notices.push(Flash { tone: Tone::Info, text, ..Flash::default() });
    }
    if document.masked_count > 0 {
        notices.push(Flash {
            tone: Tone::Warn,
            text: within.locale.notice_masked(document.masked_count),
            ..Flash::default()
        });
    }
    if document.state == DocumentState::Failed {
        notices.push(Flash { tone: Tone::Bad, text: why_failed(within, document), ..Flash::default() });
    }
    notices
}

/// The claims of a document by state.
pub(crate) async fn counts(within: &Within, document: i64) -> Result<ClaimCounts, Failure> {
    let mut counts = ClaimCounts::default();
    for (state, certain, count) in
        within.app().claim_count_by_state(&within.actor, within.id(), document).await?
    {
        let count = position(count);
        match state {
            app::ClaimState::Open => counts.open += count,
            app::ClaimState::Accepted => counts.accepted += count,
            app::ClaimState::Corrected => counts.corrected += count,
            app::ClaimState::Rejected => counts.rejected += count,
        }
        if certain && state == app::ClaimState::Open {
            counts.certain += count;
        }
    }
    Ok(counts)
}

/// A stretch of a document's text, in code points, and which of how many parts it is (from 0).
struct Part {
    text: String,
    start: i64,
    end: i64,
    number: i64,
    count: i64,
}

/// The part in which the character at `position` stands.
async fn part_of(within: &Within, document: &Document, position: i64) -> Result<Part, Failure> {
    let number = position / PART_CHARS;
    let found = part(within, document, number).await?;
    if position < found.end { Ok(found) } else { part(within, document, number + 1).await }
}

async fn part(within: &Within, document: &Document, number: i64) -> Result<Part, Failure> {
    let lead = if number == 0 { 0 } else { SLACK_CHARS };
    let (from, wanted) = (number * PART_CHARS - lead, lead + PART_CHARS);
    let passage = within.app().document_passage(&within.actor, document, from, wanted).await?;
    let (passage, total) = passage.unwrap_or_default();
    let chars: Vec<char> = passage.chars().collect();
    let (lead, slack) = (position(lead), position(SLACK_CHARS));
    let begin = last_line(&chars[..lead.min(chars.len())]);
    let is_last = from + wanted >= total;
    let rest = if is_last { chars.len() } else { chars.len().saturating_sub(slack) };
    let end = rest + last_line(&chars[rest..]);
    let at = |index: usize| from + i64::try_from(index).unwrap_or(0);
    Ok(Part {
        text: chars[begin..end].iter().collect(),
        start: at(begin),
        end: at(end),
        number,
        count: total.max(1).div_euclid(PART_CHARS) + i64::from(total.max(1) % PART_CHARS > 0),
    })
}

/// Where the last line begins; the end, where all is one line.
fn last_line(chars: &[char]) -> usize {
    chars.iter().rposition(|c| *c == '\n').map_or(chars.len(), |at| at + 1)
}

/// Links to the parts before and after, of a text that has several.
fn parts(within: &Within, code: &str, part: &Part) -> Option<Parts> {
    let to = |number: i64| within.to(&format!("documents/{code}?part={number}"));
    (part.count > 1).then(|| Parts {
        label: within.locale.reader_part(part.number + 1, part.count),
        previous: (part.number > 0).then(|| to(part.number.min(part.count))),
        next: (part.number + 1 < part.count).then(|| to(part.number + 2)),
    })
}

pub(crate) fn state(state: app::ClaimState) -> ClaimState {
    match state {
        app::ClaimState::Open => ClaimState::Open,
        app::ClaimState::Accepted => ClaimState::Accepted,
        app::ClaimState::Corrected => ClaimState::Corrected,
        app::ClaimState::Rejected => ClaimState::Rejected,
    }
}

fn mark(within: &Within, claim: &Claim) -> Result<Mark, Failure> {
    let reading = reading_of(claim)?;
    let measure = labels::measure(within.locale, reading.measure);
    let amount = one_line(&claim_amount(within.locale, &reading));
    let label = format!("{measure} · {amount}");
    let id = claim.id.to_string();
    Ok(Mark { id, state: state(claim.state), certain: claim.certain, label, href: None })
}

/// The runs of a paragraph that begins at `start`, cut where names of projects stand; a claim inside a name keeps its own mark.
fn with_news(within: &Within, segments: Vec<Segment>, start: usize, news: &[ProjectClaim]) -> Vec<Segment> {
    let mut cut = Vec::with_capacity(segments.len());
    let mut at = start;
    for segment in segments {
        let end = at + segment.length;
        if segment.mark.is_some() {
            cut.push(segment);
        } else {
            let chars: Vec<char> = segment.text.chars().collect();
            let mut from = at;
            for told in news {
                let name = &told.told.name;
                let (first, last) = (position(name.start).max(from), position(name.end).min(end));
                // Carriage returns were left out of the run.
                if first < last && chars.len() == segment.length {
                    push(&mut cut, &chars[from - at..first - at], None);
                    push(&mut cut, &chars[first - at..last - at], Some(news_mark(within, told)));
                    from = last;
                }
            }
            push(&mut cut, &chars[(from - at).min(chars.len())..], None);
        }
        at = end;
    }
    cut
}

fn news_mark(within: &Within, told: &ProjectClaim) -> Mark {
    let t = within.locale;
    let label = format!("{} · {}", t.news_title(), crate::news::stage(t, told));
    let href = Some(within.to(&format!("news/{}", told.id)));
    Mark { id: format!("news-{}", told.id), state: state(told.state), certain: false, label, href }
}

type MarkOf<'a> = dyn Fn(&Claim) -> Result<Mark, Failure> + Send + Sync + 'a;

/// The text, whose first character has the position `start`, in paragraphs, cut where claims begin and end. A claim
/// that runs over a line break has a run in each.
fn paragraphs(
    text: &str,
    start: i64,
    claims: &[Claim],
    mark: &MarkOf<'_>,
) -> Result<Vec<(Paragraph, usize)>, Failure> {
    let mut paragraphs = Vec::new();
    let mut start = position(start);
    let mut claims = claims.iter().peekable();
    for line in text.split('\n') {
        let chars: Vec<char> = line.chars().collect();
        let end = start + chars.len();
        let mut segments = Vec::new();
        let mut at = start;
        while let Some(claim) = claims.peek() {
            let (from, to) = (position(claim.span.0).max(at), position(claim.span.1));
            if from >= end {
                break;
            }
            if from < to.min(end) {
                push(&mut segments, &chars[at - start..from - start], None);
                push(&mut segments, &chars[from - start..to.min(end) - start], Some(mark(claim)?));
                at = to.min(end);
            }
            if to > end {
                break;
            }
            claims.next();
        }
        push(&mut segments, &chars[at - start..], None);
        if !line.trim().is_empty() {
            let heading = is_heading(line, paragraphs.is_empty(), &segments);
            paragraphs.push((Paragraph { heading, segments }, start));
        }
        start = end + 1;
    }
    Ok(paragraphs)
}

fn position(at: i64) -> usize {
    usize::try_from(at).unwrap_or(0)
}

fn push(segments: &mut Vec<Segment>, chars: &[char], mark: Option<Mark>) {
    if !chars.is_empty() {
        let text = chars.iter().filter(|c| **c != '\r').collect();
        segments.push(Segment { text, mark, length: chars.len() });
    }
}

/// A short line that says nothing yet: no end of a sentence, no colon and, but for the first line, no claim.
fn is_heading(line: &str, first: bool, segments: &[Segment]) -> bool {
    let ends = line.trim_end().ends_with(['。', '；', '！', '？', '，', '：', '.', ';', ',', ':']);
    let marked = segments.iter().any(|segment| segment.mark.is_some());
    !ends && (first || !marked) && !line.contains(['：', ':']) && line.trim().chars().count() <= HEADING_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::{ClaimReading, ClaimState as State};
    use domain::{Approx, Measure, Period, Role, TimeKind};

    fn claim(id: i64, span: (i64, i64)) -> Claim {
        let reading = ClaimReading {
            value: "1".into(),
            value_max: None,
            unit: "CNY".into(),
            approx: Approx::Exact,
            measure: Measure::Sales,
            role: Role::Actual,
            place: None,
            phrase: None,
            period: Period::unknown(TimeKind::Flow),
            organisation: None,
            event: None,
        };
        Claim {
            id,
            document: 1,
            text: 1,
            engine: String::new(),
            span,
            quote: String::new(),
            reading,
            sentence: span,
            certain: false,
            trail: String::new(),
            state: State::Open,
            correction: None,
            figure: None,
            programme: 1,
            document_code: String::new(),
            document_title: String::new(),
        }
    }

    fn shown(text: &str, spans: &[(i64, i64)]) -> Vec<String> {
        let claims: Vec<_> = (1..).zip(spans).map(|(id, span)| claim(id, *span)).collect();
        let mark = |claim: &Claim| Ok(Mark { id: claim.id.to_string(), ..Mark::default() });
        let segment = |segment: &Segment| match &segment.mark {
            Some(mark) => format!("[{}:{}]", mark.id, segment.text),
            None => segment.text.clone(),
        };
        let paragraphs = paragraphs(text, 0, &claims, &mark).expect("marks are made");
        paragraphs.iter().map(|(paragraph, _)| paragraph.segments.iter().map(segment).collect()).collect()
    }

    #[test]
    fn claims_stand_where_their_code_points_say() {
        assert_eq!(shown("签约3亿元，到位𠮷2亿元", &[(2, 5), (9, 12)]), ["签约[1:3亿元]，到位𠮷[2:2亿元]"]);
        assert_eq!(shown("一\n\n二3个\r\n四", &[(4, 6)]), ["一", "二[1:3个]", "四"]);
        assert_eq!(shown("", &[]), Vec::<String>::new());
    }

    #[test]
    fn a_claim_over_a_line_break_is_marked_on_both_lines() {
        assert_eq!(shown("近3\n亿元。2亿", &[(0, 5), (6, 8)]), ["[1:近3]", "[1:亿元]。[2:2亿]"]);
    }

    #[test]
    fn spans_that_overlap_or_leave_the_text_lose_nothing_of_it() {
        assert_eq!(shown("abcdef", &[(1, 3), (2, 4), (5, 99)]), ["a[1:bc][2:d]e[3:f]"]);
        assert_eq!(shown("ab", &[(7, 9)]), ["ab"]);
    }
}
