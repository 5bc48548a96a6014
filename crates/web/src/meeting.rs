//! Where a claim meets the records: what its words name, what they could, and the agreement its amount is of.

use crate::failure::{Failure, message};
use crate::form_body::pairs;
use crate::labels::{self, Labels, one_line, quantity, reading_of};
use crate::small_form::{Refused, Sent};
use crate::values::{kind_label, link_to};
use crate::visit::Within;
use crate::{claims, cookie, format, reader, redirect};
use app::{
    Claim, ClaimReading, ClaimState, Differing, Met, Record, RecordKind, Resolved, agreement_kind_of,
    edit_right,
};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{Decimal, Quantity};
use pages::{
    Control, Differs, Field, InlineForm, Link, Meeting, Offer, PostButton, Proposed, RecordForm, Tone,
    picked, picked_code,
};

/// The words of a claim for records of a kind, and how they are spoken of.
struct Words {
    kind: RecordKind,
    words: String,
}

/// What a claim has to do with records, and what this user may make of it.
pub(crate) async fn part(
    within: &Within,
    labels: &Labels,
    claim: &Claim,
    resolved: &Resolved,
    can_review: bool,
) -> Result<Meeting, Failure> {
    with(within, labels, claim, resolved, can_review, &Refused::default()).await
}

async fn with(
    within: &Within,
    labels: &Labels,
    claim: &Claim,
    resolved: &Resolved,
    can_review: bool,
    refused: &Refused,
) -> Result<Meeting, Failure> {
    let t = within.locale;
    let meeting = within.app().claim_meeting(&within.actor, within.id(), claim.id).await?;
    let known = meeting.known.iter().map(|record| (kind_label(t, record.kind), record));
    let agreement = meeting.agreement.iter().map(|record| (t.meeting_agreement_of(), record));
    let known = known.chain(agreement).map(|(label, record)| {
        let link = link_to(within, record);
        Field { label: label.to_owned(), value: link.label, href: Some(link.href), note: record.code.clone() }
    });
    let mut part = Meeting { known: known.collect(), ..Meeting::default() };
    if !can_review || claim.state == ClaimState::Rejected {
        return Ok(part);
    }
    let filled =
        Filled { within, labels, claim, resolved, known: &meeting.known, reading: reading_of(claim)? };
    let unknown = [(RecordKind::Organisation, meeting.organisation), (RecordKind::Event, meeting.event)];
    for (kind, words) in unknown {
        if let Some(words) = words.filter(|_| within.may(edit_right(kind))) {
            part.offers.push(filled.naming(&Words { kind, words }, refused));
        }
    }
    let may = within.may(edit_right(RecordKind::Agreement)) && meeting.agreement.is_none();
    if let Some(agreements) = meeting.agreements.filter(|_| may) {
        part.offers.push(filled.joining(&agreements, refused));
    }
    Ok(part)
}

/// A claim that fills in forms.
struct Filled<'a> {
    within: &'a Within,
    labels: &'a Labels,
    claim: &'a Claim,
    resolved: &'a Resolved,
    known: &'a [Record],
    reading: ClaimReading,
}

impl Filled<'_> {
    fn action(&self, what: &str) -> String {
        self.within.to(&format!("claims/{}/{what}", self.claim.id))
    }

    /// The form of a new record with fields filled in; none where this user may not keep records of the kind.
    fn form_of(&self, kind: RecordKind, label: &str, fields: &[(&str, String)]) -> Option<Link> {
        let within = self.within;
        if !within.actor.may_keep(within.id(), edit_right(kind), kind) {
            return None;
        }
        let known = fields.iter().filter(|(_, value)| !value.is_empty());
        let query: String = known.map(|(name, value)| format!("&{name}={}", cookie::escape(value))).collect();
        let href = within.to(&format!("lists/{}/new?claim={}{query}", kind.code(), self.claim.id));
        Some(Link { label: label.to_owned(), href })
    }

    fn region(&self, regions: &[i64]) -> String {
        if let [only] = regions { self.labels.region_code(*only) } else { String::new() }
    }

    /// The day that the claim speaks of, where it is one day.
    fn day(&self) -> String {
        let period = self.reading.period;
        period.from.filter(|from| period.to == Some(*from)).map(|day| day.to_string()).unwrap_or_default()
    }

    fn of_kind(&self, kind: RecordKind) -> Option<&Record> {
        self.known.iter().find(|record| record.kind == kind)
    }

    fn picked(&self, record: Option<&Record>) -> String {
        record
            .map(|record| picked(labels::pick_title(self.within.locale, record), &record.code))
            .unwrap_or_default()
    }

    /// Words that name nothing known: a new record, or a further name of one.
    fn naming(&self, of: &Words, refused: &Refused) -> Offer {
        let t = self.within.locale;
        let is_event = of.kind == RecordKind::Event;
        let (label, is, new) = match is_event {
            true => (t.meeting_unknown_event(&of.words), t.meeting_is_event(), t.meeting_new_event()),
            false => (
                t.meeting_unknown_organisation(&of.words),
                t.meeting_is_organisation(),
                t.meeting_new_organisation(),
            ),
        };
        let title = ("title", of.words.clone());
        let region = ("region", self.region(&self.resolved.hosts));
        let fields = match is_event {
            true => vec![title, ("kind", "promotion".into()), ("date_from", self.day()), region],
            false => {
                let origin = ("region", self.region(&self.resolved.supporters));
                vec![title, ("kind", "enterprise".into()), origin]
            }
        };
        let id = format!("name-{}", of.kind.code());
        let pick = pick(
            self.within,
            &id,
            (is, t.meeting_name_it()),
            (of.kind, t.meeting_name_hint()),
            refused.sent(&id),
        );
        let hidden = vec![("kind".to_owned(), of.kind.code().to_owned())];
        Offer {
            label,
            proposed: Vec::new(),
            pick: InlineForm { action: self.action("name"), hidden, ..pick },
            new: self.form_of(of.kind, new, &fields),
        }
    }

    /// A signed amount: the agreements it may be of, another one, or a new one.
    fn joining(&self, agreements: &[(app::Entry, bool)], refused: &Refused) -> Offer {
        let t = self.within.locale;
        let proposed = agreements.iter().map(|(entry, same)| {
            let mut note: Vec<String> =
                entry.amount.map(|amount| one_line(&format::amount(t, amount))).into_iter().collect();
            note.extend(same.then(|| t.meeting_same_amount().to_owned()));
            note.extend(entry.day("signed_on").map(|day| day.to_string()));
            let hidden = vec![("record".to_owned(), entry.record.code.clone())];
            Proposed {
                record: link_to(self.within, &entry.record),
                note: note.join(" · "),
                button: PostButton {
                    label: t.meeting_join().to_owned(),
                    action: self.action("join"),
                    hidden,
                    ..PostButton::default()
                },
            }
        });
        let kind = RecordKind::Agreement;
        let words = (t.meeting_other_agreement(), t.meeting_join());
        let pick = pick(self.within, "join", words, (kind, t.meeting_join_hint()), refused.sent("join"));
        Offer {
            label: t.meeting_agreement().to_owned(),
            proposed: proposed.collect(),
            pick: InlineForm { action: self.action("join"), ..pick },
            new: self.form_of(kind, t.meeting_new_agreement(), &self.agreement_fields()),
        }
    }

    fn agreement_fields(&self) -> Vec<(&'static str, String)> {
        let kind = agreement_kind_of(self.reading.measure).unwrap_or_default();
        let firm = self.of_kind(RecordKind::Organisation);
        let named = match RecordKind::Agreement.field("kind").map(|field| field.kind) {
            Some(domain::record::FieldType::Choice(list)) => list.iter().find(|choice| choice.code == kind),
            _ => None,
        };
        let kind_words =
            named.filter(|_| kind != "unspecified").map_or(RecordKind::Agreement.zh(), |of| of.zh);
        let words = self.reading.organisation.as_ref().map(|mention| mention.text.as_str());
        let title = firm.map(|firm| firm.title.as_str()).or(words).map(|name| format!("{name}{kind_words}"));
        let mut fields = vec![
            ("title", title.unwrap_or_default()),
            ("kind", kind.to_owned()),
            ("status", "signed".to_owned()),
            ("region", self.region(&self.resolved.hosts)),
            ("supporting", self.region(&self.resolved.supporters)),
            ("event", self.picked(self.of_kind(RecordKind::Event))),
            ("signed_on", self.day()),
        ];
        if firm.is_some() {
            fields.extend([("party", self.picked(firm)), ("party_role", "investor".to_owned())]);
        }
        fields.extend(quantity(&self.reading).into_iter().flat_map(amount_fields));
        fields
    }
}

/// An amount as the form of a record asks for it.
pub(crate) fn amount_fields(amount: Quantity) -> [(&'static str, String); 4] {
    let is_yuan = amount.unit == domain::Unit::cny();
    let shown = |value: Decimal| {
        let value = if is_yuan { value / Decimal::from(10_000) } else { value };
        value.normalize().to_string()
    };
    let unit = if is_yuan { "wan" } else { amount.unit.code() };
    [
        ("amount", shown(amount.low_decimal())),
        ("amount_max", amount.high_decimal().map(shown).unwrap_or_default()),
        ("amount_unit", unit.to_owned()),
        ("amount_approx", amount.approx.code().to_owned()),
    ]
}

fn pick(
    within: &Within,
    id: &str,
    (label, submit): (&str, &str),
    (kind, hint): (RecordKind, &str),
    sent: Sent<'_>,
) -> InlineForm {
    let value = sent.get("record").to_owned();
    let control = Control::Record { value, suggest: within.to(&format!("suggest/{}", kind.code())) };
    let mut field = sent.field(within.locale, "record", kind_label(within.locale, kind), control);
    field.required = true;
    field.hint = hint.to_owned();
    InlineForm {
        id: id.to_owned(),
        label: label.to_owned(),
        fields: vec![field],
        submit: submit.to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }
}

/// The parts of a new record's form that a claim fills in.
pub(crate) async fn filled_in(within: &Within, claim: &str) -> Result<RecordForm, Failure> {
    let Ok(id) = claim.parse::<i64>() else { return Ok(RecordForm::default()) };
    let (claim, _) = within.app().claim(&within.actor, within.id(), id).await?;
    Ok(RecordForm {
        intro: within.locale.meeting_from_claim(&claim.quote),
        hidden: vec![("claim".to_owned(), id.to_string())],
        ..RecordForm::default()
    })
}

/// Back to the claim from which a record was made.
pub(crate) async fn created(within: &Within, record: &Record, claim: i64) -> Result<Response, Failure> {
    let words = within.locale.meeting_created(labels::pick_title(within.locale, record));
    back(within, claim, &words).await
}

async fn back(within: &Within, claim: i64, words: &str) -> Result<Response, Failure> {
    let (claim, _) = within.app().claim(&within.actor, within.id(), claim).await?;
    Ok(redirect::with_flash(&within.visit, &within.claim_href(&claim), Tone::Good, words))
}

type ClaimPath = Path<(String, i64)>;

/// `POST claims/{id}/name`
pub(crate) async fn name(within: Within, Path((_, id)): ClaimPath, body: Bytes) -> Result<Response, Failure> {
    let mut refused = Refused { pairs: pairs(&body), ..Refused::default() };
    let kind = refused.pairs.iter().find(|(name, _)| name == "kind").map_or("", |(_, kind)| kind);
    let kind = RecordKind::from_code(kind).ok_or(Failure::BadRequest)?;
    refused.form = format!("name-{}", kind.code());
    let record = picked_code(refused.sent(&refused.form).get("record"));
    match within.app().claim_name(&within.actor, within.id(), id, kind, record).await {
        Ok(record) => {
            let (claim, _) = within.app().claim(&within.actor, within.id(), id).await?;
            let reading = reading_of(&claim)?;
            let words = if kind == RecordKind::Event { reading.event } else { reading.organisation };
            let words = words.map(|mention| mention.text).unwrap_or_default();
            let title = labels::pick_title(within.locale, &record);
            back(&within, id, &within.locale.meeting_named(words, title)).await
        }
        Err(error) => refuse(&within, id, error, refused).await,
    }
}

/// `POST claims/{id}/join`
pub(crate) async fn join(within: Within, Path((_, id)): ClaimPath, body: Bytes) -> Result<Response, Failure> {
    let t = within.locale;
    let refused = Refused::of("join", &body);
    let sent = refused.sent("join");
    let record = picked_code(sent.get("record"));
    let differing = match sent.get("differing") {
        "keep" => Some(Differing::Keep),
        "replace" => Some(Differing::Replace),
        _ => None,
    };
    let met = within.app().claim_join(&within.actor, within.id(), id, record, differing).await;
    let (agreement, met) = match met {
        Ok(met) => met,
        Err(error) => return refuse(&within, id, error, refused).await,
    };
    let title = labels::pick_title(t, &agreement);
    match met {
        Met::Proves(_) => back(&within, id, &t.meeting_proves(title)).await,
        Met::Beside(_) => back(&within, id, &t.meeting_beside(title)).await,
        Met::Replaced(_) => back(&within, id, &t.meeting_replaced(title)).await,
        Met::Differs(own, stated) => ask(&within, id, &agreement, own, stated).await,
    }
}

/// The claim again, with both amounts and what can be made of them.
async fn ask(
    within: &Within,
    id: i64,
    agreement: &Record,
    own: Quantity,
    stated: Quantity,
) -> Result<Response, Failure> {
    let t = within.locale;
    let button = |label: &str, differing: &str| PostButton {
        label: label.to_owned(),
        action: within.to(&format!("claims/{id}/join")),
        hidden: [("record", agreement.code.as_str()), ("differing", differing)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        ..PostButton::default()
    };
    let (claim, _) = within.app().claim(&within.actor, within.id(), id).await?;
    let mut panel = claims::panel(within, id).await?;
    panel.meeting.differs = Some(Differs {
        agreement: link_to(within, agreement),
        own: format::amount(t, own),
        stated: format::amount(t, stated),
        buttons: vec![button(t.meeting_keep(), "keep"), button(t.meeting_replace(), "replace")],
    });
    Ok((StatusCode::CONFLICT, reader::opened(within, &claim, panel).await?).into_response())
}

/// The claim again, with the form as it was typed and what is wrong with it.
async fn refuse(
    within: &Within,
    id: i64,
    error: app::Error,
    mut refused: Refused,
) -> Result<Response, Failure> {
    let words = match error {
        app::Error::Form(problems) => {
            refused.problems = problems;
            String::new()
        }
        error @ (app::Error::Conflict | app::Error::Invalid { .. }) => message(within.locale, &error),
        error => return Err(error.into()),
    };
    let (claim, resolved) = within.app().claim(&within.actor, within.id(), id).await?;
    let labels = within.labels().await?;
    let mut panel = claims::panel(within, id).await?;
    panel.meeting = with(within, &labels, &claim, &resolved, panel.can_review, &refused).await?;
    let status = if words.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    if !words.is_empty() {
        panel.flash = Some(pages::Flash { tone: Tone::Bad, text: words, ..pages::Flash::default() });
    }
    Ok((status, reader::opened(within, &claim, panel).await?).into_response())
}

#[cfg(test)]
mod tests {
    use super::amount_fields;
    use domain::{Approx, Quantity, Unit};

    #[test]
    fn an_amount_is_filled_in_as_forms_ask_for_it() {
        let of = |low, unit| Quantity { low, high: None, unit, approx: Approx::Over };
        let fields = amount_fields(of(12_000_000_000, Unit::cny())).map(|(_, value)| value);
        assert_eq!(fields, ["12000", "", "wan", "over"].map(str::to_owned));
        let dollars = Unit::from_code("USD").expect("a currency");
        assert_eq!(
            amount_fields(of(150, dollars)).map(|(_, value)| value)[..3],
            ["1.5", "", "USD"].map(str::to_owned)
        );
    }
}
