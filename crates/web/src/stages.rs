//! A project before a gate: the missing facts as a form, sent with the move.

use crate::failure::{self, Failure};
use crate::forms::{Typed, amount, control, sent};
use crate::labels::{self, Labels, choice};
use crate::redirect;
use crate::settings::switches::amount_unit;
use crate::values::{choice_label, field_label};
use crate::visit::Within;
use app::{
    AmountInput, EntryDetail, Gate, How, PermitInput, Problem, RecordKind, Right, StageForm, StepFigure, how,
};
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::Measure;
use domain::record::{FieldInfo, FieldType, Value};
use domain::stage::Fact;
use pages::{Control, FormField, FormSection, Link, Missing, RecordForm, Tone};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Longest reason of a move.
const REASON: u32 = 300;

/// Which gate is asked for, and where to go on afterwards.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    to: String,
    next: String,
}

/// `GET records/{code}/stage?to=`
pub(crate) async fn show(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Failure> {
    let gate = within.app().project_gate(&within.actor, within.id(), &code, &asked.to).await?;
    let typed = Typed { pairs: vec![("next".to_owned(), asked.next)] };
    Ok(Html(page(&within, &gate, &typed, &[]).await?.render()))
}

/// `POST records/{code}/stage`
pub(crate) async fn submit(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let typed = sent(&within, RecordKind::Project, &body).await?;
    let form = stage_form(&typed);
    match within.app().project_move(&within.actor, within.id(), &code, &form).await {
        Ok(record) => {
            let labels = within.labels().await?;
            let words =
                within.locale.stage_moved(labels::pick_title(within.locale, &record), labels.stage(&form.to));
            let to = match typed.get("next") {
                "" => within.to(&format!("records/{code}")),
                next => redirect::local(next).to_owned(),
            };
            Ok(redirect::with_flash(&within.visit, &to, Tone::Good, &words))
        }
        Err(app::Error::Form(problems)) => {
            let gate = within.app().project_gate(&within.actor, within.id(), &code, &form.to).await?;
            let page = page(&within, &gate, &typed, &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render())).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The move that a form sent.
pub(crate) fn stage_form(typed: &Typed) -> StageForm {
    let form = typed.form(RecordKind::Project);
    let mut permits = BTreeMap::new();
    let mut figures = BTreeMap::new();
    for fact in Fact::ALL {
        match how(*fact) {
            How::Permit(kind) => {
                let name = permit_name(kind);
                let granted_on = typed.get(&name).to_owned();
                let number = typed.get(&format!("{name}_number")).to_owned();
                permits.insert(kind.to_owned(), PermitInput { granted_on, number });
            }
            How::Figure(measure) => {
                let name = figure_name(measure);
                let amount = AmountInput {
                    value: typed.get(&name).to_owned(),
                    unit: typed.get(&format!("{name}_unit")).to_owned(),
                    approx: typed.get(&format!("{name}_approx")).to_owned(),
                    ..AmountInput::default()
                };
                let on = typed.get(&format!("{name}_on")).to_owned();
                figures.insert(measure.code().to_owned(), StepFigure { amount, on });
            }
            _ => {}
        }
    }
    StageForm {
        to: typed.get("to").to_owned(),
        from: typed.get("from").to_owned(),
        fields: form.fields,
        amount: form.amount,
        permits,
        figures,
        reason: form.reason,
    }
}

fn permit_name(kind: &str) -> String {
    format!("permit_{kind}")
}

fn figure_name(measure: Measure) -> String {
    format!("figure_{}", measure.code())
}

async fn page(
    within: &Within,
    gate: &Gate,
    typed: &Typed,
    problems: &[Problem],
) -> Result<RecordForm, Failure> {
    let t = within.locale;
    let labels = within.labels().await?;
    let record = &gate.entry.record;
    let asks = Asks { within, labels: &labels, typed, problems };
    let mut fields = Vec::new();
    let missing: Vec<Fact> = gate.asked.iter().copied().filter(|fact| !gate.known.contains(fact)).collect();
    for fact in &missing {
        fields.extend(asks.fields(*fact).await?);
    }
    let from = gate.from.as_ref().map(|stage| stage.code.clone()).unwrap_or_default();
    let from_label = gate.from.as_ref().map_or(t.unknown(), |stage| labels.stage(&stage.code));
    let intro = match fields.is_empty() {
        _ if gate.has_phases => t.problem_phases().to_owned(),
        true => t.stage_nothing_missing().to_owned(),
        false => t.stage_missing(missing.len()),
    };
    let beside: Vec<String> = problems
        .iter()
        .filter(|problem| !fields.iter().any(|field| field.name == problem.field))
        .map(|problem| asks.beside(problem))
        .collect();
    let title = labels::pick_title(t, record).to_owned();
    let back = within.to(&format!("records/{}", record.code));
    Ok(RecordForm {
        shell: within.shell_of(record.kind.code()).await?,
        crumbs: vec![Link { label: title.clone(), href: back.clone() }],
        title: t.stage_title(&title, from_label, labels.stage(&gate.to.code)),
        intro,
        action: within.to(&format!("records/{}/stage", record.code)),
        cancel: match typed.get("next") {
            "" => back,
            next => redirect::local(next).to_owned(),
        },
        hidden: vec![
            ("to".to_owned(), gate.to.code.clone()),
            ("from".to_owned(), from),
            ("next".to_owned(), typed.get("next").to_owned()),
        ],
        errors: beside,
        sections: if fields.is_empty() {
            Vec::new()
        } else {
            vec![FormSection { fields, ..FormSection::default() }]
        },
        submit: t.stage_submit(labels.stage(&gate.to.code)),
        ..RecordForm::default()
    })
}

/// The fields in which what a gate asks for is entered, but for those that are told otherwise.
pub(crate) async fn asked(
    within: &Within,
    labels: &Labels,
    gate: &Gate,
    typed: &Typed,
    problems: &[Problem],
    told: &[&str],
) -> Result<Vec<FormField>, Failure> {
    let asks = Asks { within, labels, typed, problems };
    let mut fields = Vec::new();
    for fact in gate.asked.iter().filter(|fact| !gate.known.contains(fact)) {
        let own = asks.fields(*fact).await?;
        fields.extend(own.into_iter().filter(|field| !told.contains(&field.name.as_str())));
    }
    Ok(fields)
}

/// What the form of a gate is made with.
struct Asks<'a> {
    within: &'a Within,
    labels: &'a Labels,
    typed: &'a Typed,
    problems: &'a [Problem],
}

impl Asks<'_> {
    fn error(&self, name: &str) -> String {
        let of = self.problems.iter().filter(|problem| problem.field == name);
        of.map(|problem| failure::problem(self.within.locale, problem)).collect::<Vec<_>>().join(" ")
    }

    /// A problem that is no field's of the form: somebody else moved the project, a rule between fields.
    fn beside(&self, problem: &Problem) -> String {
        let t = self.within.locale;
        match problem.code {
            "moved" => t.problem_moved(self.labels.stage(&problem.hint)),
            _ => {
                let label = RecordKind::Project.field(&problem.field).map_or("", |info| field_label(t, info));
                format!("{label}: {}", failure::problem(t, problem)).trim_start_matches(": ").to_owned()
            }
        }
    }

    fn field(&self, name: &str, label: &str, control: Control) -> FormField {
        FormField {
            name: name.to_owned(),
            label: label.to_owned(),
            required: true,
            error: self.error(name),
            control,
            ..FormField::default()
        }
    }

    /// The fields in which a missing fact is entered.
    async fn fields(&self, fact: Fact) -> Result<Vec<FormField>, Failure> {
        let t = self.within.locale;
        let label = labels::pick(t, fact.zh(), fact.en());
        Ok(match how(fact) {
            How::Field(info) => vec![self.of_record(info).await?],
            How::Amount => {
                let unit = amount_unit(self.within).await?;
                let field = amount(t, RecordKind::Project, self.typed, (self.error("amount"), &unit));
                field.map(|field| FormField { required: true, ..field }).into_iter().collect()
            }
            How::Permit(kind) => self.permit(&permit_name(kind), label),
            How::Figure(measure) => self.figure(&figure_name(measure), measure, label),
            How::Reason => {
                let value = self.typed.get("reason").to_owned();
                vec![FormField {
                    wide: true,
                    ..self.field("reason", t.reason(), Control::Text { value, max_length: REASON })
                }]
            }
        })
    }

    async fn of_record(&self, info: &'static FieldInfo) -> Result<FormField, Failure> {
        let control = control(self.within, self.labels, info, self.typed).await?;
        let wide = matches!(info.kind, FieldType::Long | FieldType::Links(..));
        Ok(FormField { wide, ..self.field(info.code, field_label(self.within.locale, info), control) })
    }

    fn permit(&self, name: &str, label: &str) -> Vec<FormField> {
        let t = self.within.locale;
        let granted = |code: &str| RecordKind::Permit.field(code).map_or("", |info| field_label(t, info));
        let number = format!("{name}_number");
        let value = self.typed.get(&number).to_owned();
        vec![
            self.field(
                name,
                &format!("{label} · {}", granted("granted_on")),
                Control::Date(self.typed.get(name).to_owned()),
            ),
            FormField {
                required: false,
                ..self.field(
                    &number,
                    &format!("{label} · {}", granted("number")),
                    Control::Text { value, max_length: 200 },
                )
            },
        ]
    }

    fn figure(&self, name: &str, measure: Measure, label: &str) -> Vec<FormField> {
        let t = self.within.locale;
        let (unit, on) = (format!("{name}_unit"), format!("{name}_on"));
        let typed = self.typed.get(&unit);
        let mut units = vec![choice("wan", t.unit_wan_yuan(), typed), choice("yi", t.unit_yi_yuan(), typed)];
        if measure == Measure::Output {
            units.extend(labels::units(t, typed));
        }
        let control = Control::Amount {
            value: self.typed.get(name).to_owned(),
            unit: units,
            approx: labels::approximations(t, self.typed.get(&format!("{name}_approx"))),
        };
        vec![
            self.field(name, label, control),
            self.field(
                &on,
                &format!("{label} · {}", t.stage_as_of()),
                Control::Date(self.typed.get(&on).to_owned()),
            ),
        ]
    }
}

/// The stages that a project may be moved to, the next one first.
pub(crate) fn links(within: &Within, labels: &Labels, detail: &EntryDetail) -> Vec<Link> {
    let may =
        detail.editable && detail.entry.record.kind == RecordKind::Project && within.may(Right::EditRecord);
    if !may {
        return Vec::new();
    }
    let now = detail.entry.text("stage").unwrap_or_default();
    let at = labels.stages.iter().position(|stage| stage.code == now);
    let ahead = labels.stages.iter().skip(at.map_or(0, |at| at + 1));
    let behind = labels.stages.iter().take(at.unwrap_or(0)).rev();
    let link = |stage: &app::Stage| Link {
        label: labels.stage(&stage.code).to_owned(),
        href: within.to(&format!("records/{}/stage?to={}", detail.entry.record.code, stage.code)),
    };
    ahead.chain(behind).map(link).collect()
}

/// The facts that are missing at the stage where a project stands, each with the place where it is entered.
pub(crate) fn missing(within: &Within, detail: &EntryDetail) -> Vec<Missing> {
    let t = within.locale;
    let code = &detail.entry.record.code;
    let place = |fact: Fact| match how(fact) {
        How::Field(info) => within.to(&format!("records/{code}/edit#f-{}", info.code)),
        How::Amount => within.to(&format!("records/{code}/edit#f-amount")),
        How::Permit(kind) => within.to(&format!("lists/permit/new?project={code}&kind={kind}")),
        How::Figure(_) | How::Reason => within.to(&format!("records/{code}#figures")),
    };
    let row = |fact: &Fact| Missing {
        label: label_of(within, *fact),
        href: if detail.editable { place(*fact) } else { String::new() },
        note: t.stage_of_gate().to_owned(),
    };
    detail.missing_facts.iter().map(row).collect()
}

fn label_of(within: &Within, fact: Fact) -> String {
    let t = within.locale;
    match how(fact) {
        How::Permit(kind) => {
            let field = RecordKind::Permit.field("kind");
            let of = field.and_then(|field| field.choice(&Value::Text(kind.to_owned())));
            of.map_or_else(String::new, |of| choice_label(within, of).to_owned())
        }
        _ => labels::pick(t, fact.zh(), fact.en()).to_owned(),
    }
}
