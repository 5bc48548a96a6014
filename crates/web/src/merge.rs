//! The preview of a merge, and the merge.

use crate::duplicates::side;
use crate::failure::{Failure, message};
use crate::form_body::pairs;
use crate::labels::{Labels, pick};
use crate::redirect;
use crate::values::{Show, field_label, kind_label, plain};
use crate::visit::Within;
use app::{Entry, MergeField, MergeForm, MergeView, Moved, Obstacle};
use axum::body::Bytes;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use locale::Locale;
use pages::{
    Control, FormField, FormSection, Link, MergeField as FieldRow, MergeMove, MergePreview, RecordForm, Tone,
    picked_code,
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Asked {
    keep: String,
    #[serde(default)]
    other: String,
}

/// `GET merge?keep=&other=`: without the other it is asked for.
pub(crate) async fn show(within: Within, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    if asked.other.is_empty() {
        return Ok(Html(which(&within, &asked.keep, "", "").await?.render()).into_response());
    }
    Ok(Html(preview(&within, &asked, &Typed::default()).await?.render()).into_response())
}

/// The form that asks with which record one is merged.
async fn which(within: &Within, keep: &str, typed: &str, error: &str) -> Result<RecordForm, Failure> {
    let t = within.locale;
    let record = within.app().record(&within.actor, within.id(), keep).await?;
    let title = crate::labels::pick_title(t, &record).to_owned();
    let page = within.to(&format!("records/{keep}"));
    let field = FormField {
        name: "other".to_owned(),
        label: t.merge_other_label(kind_label(t, record.kind)),
        hint: t.record_hint().to_owned(),
        required: true,
        error: error.to_owned(),
        control: Control::Record {
            value: typed.to_owned(),
            suggest: within.to(&format!("suggest/{}", record.kind.code())),
        },
        wide: true,
    };
    Ok(RecordForm {
        shell: within.shell_of(record.kind.code()).await?,
        crumbs: vec![Link { label: title, href: page.clone() }],
        title: t.merge_title().to_owned(),
        action: within.to("merge/other"),
        cancel: page,
        hidden: vec![("keep".to_owned(), keep.to_owned())],
        sections: vec![FormSection { fields: vec![field], ..FormSection::default() }],
        submit: t.merge_look().to_owned(),
        ..RecordForm::default()
    })
}

/// `POST merge/other`: the record that was named, on the way to the preview.
pub(crate) async fn other(within: Within, body: Bytes) -> Result<Response, Failure> {
    let typed = Typed { pairs: pairs(&body) };
    let (keep, other) = (typed.get("keep"), typed.get("other"));
    if keep.is_empty() {
        return Err(Failure::BadRequest);
    }
    let record = within.app().record(&within.actor, within.id(), keep).await?;
    let named = picked_code(other);
    let t = within.locale;
    let found = within.app().record_list_named(&within.actor, within.id(), record.kind, named).await?;
    let [found] = &found[..] else {
        let problem = if found.is_empty() { t.problem_unknown() } else { t.problem_ambiguous() };
        let form = which(&within, keep, other, problem).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(form.render())).into_response());
    };
    Ok(redirect::to(&within.to(&format!("merge?keep={keep}&other={}", found.code))))
}

/// What a form sent.
#[derive(Default)]
struct Typed {
    pairs: Vec<(String, String)>,
}

impl Typed {
    fn get(&self, key: &str) -> &str {
        self.pairs.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    fn without_version(&self) -> Self {
        Self { pairs: self.pairs.iter().filter(|(name, _)| name != "version").cloned().collect() }
    }

    /// The form as the use case takes it.
    fn form(&self) -> MergeForm {
        let taken = self.pairs.iter().filter(|(_, value)| value == "other");
        let taken = taken.filter_map(|(name, _)| Some(name.strip_prefix("field_")?.to_owned()));
        MergeForm {
            take_other: taken.collect(),
            version: self.get("version").parse().ok(),
            reason: self.get("reason").to_owned(),
        }
    }
}

/// `POST merge`
pub(crate) async fn merge(within: Within, body: Bytes) -> Result<Response, Failure> {
    let typed = Typed { pairs: pairs(&body) };
    let asked = Asked { keep: typed.get("keep").to_owned(), other: typed.get("other").to_owned() };
    let pair = (asked.keep.as_str(), asked.other.as_str());
    if pair.0.is_empty() || pair.1.is_empty() {
        return Err(Failure::BadRequest);
    }
    let t = within.locale;
    match within.app().merge(&within.actor, within.id(), pair, &typed.form()).await {
        Ok(record) => {
            let to = within.to(&format!("records/{}", record.code));
            Ok(redirect::with_flash(&within.visit, &to, Tone::Good, t.merge_done()))
        }
        Err(error @ app::Error::Invalid { .. }) => {
            let mut page = preview(&within, &asked, &typed).await?;
            page.reason_error = message(t, &error);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render())).into_response())
        }
        Err(app::Error::Conflict) => {
            // The page shows what stands there now; what was chosen and typed stays.
            let mut page = preview(&within, &asked, &typed.without_version()).await?;
            page.reason_error = t.merge_changed_meanwhile().to_owned();
            Ok((StatusCode::CONFLICT, Html(page.render())).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn preview(within: &Within, asked: &Asked, typed: &Typed) -> Result<MergePreview, Failure> {
    let Asked { keep, other } = asked;
    let view = within.app().merge_preview(&within.actor, within.id(), keep, other).await?;
    let labels = within.labels().await?;
    let t = within.locale;
    let kind = view.keep.record.kind;
    let version = if typed.get("version").is_empty() {
        view.version.to_string()
    } else {
        typed.get("version").to_owned()
    };
    Ok(MergePreview {
        shell: within.shell_of(kind.code()).await?,
        crumbs: vec![Link {
            label: t.duplicates_title().to_owned(),
            href: within.to(&format!("duplicates?kind={}", kind.code())),
        }],
        keep: side(within, &labels, &view.keep),
        other: side(within, &labels, &view.other),
        fields: view.fields.iter().map(|of| field(within, &labels, &view, *of, typed)).collect(),
        moves: moves(within, &view),
        obstacles: view.obstacles.iter().map(|of| obstacle(t, *of).to_owned()).collect(),
        action: within.to("merge"),
        swap: within.to(&format!("merge?keep={other}&other={keep}")),
        hidden: [("keep", keep), ("other", other), ("version", &version)]
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .into(),
        reason: typed.get("reason").to_owned(),
        reason_error: String::new(),
        cancel: within.to(&format!("duplicates?kind={}", kind.code())),
    })
}

fn field(
    within: &Within,
    labels: &Labels,
    view: &MergeView,
    (field, proposed): (MergeField, bool),
    typed: &Typed,
) -> FieldRow {
    let t = within.locale;
    let show = Show { within, labels, names: &view.names };
    let words = |entry: &Entry| match field {
        MergeField::Title => entry.record.title.clone(),
        MergeField::TitleEn => entry.record.title_en.clone().unwrap_or_default(),
        MergeField::Field(info) => show.words(info, entry.values.get(info.code)),
        MergeField::Amount => plain(&show.amount(entry.amount)),
    };
    let label = match field {
        MergeField::Title => t.title_label(),
        MergeField::TitleEn => t.title_en_label(),
        MergeField::Field(info) => field_label(t, info),
        MergeField::Amount => {
            view.keep.record.kind.amount().map(|of| pick(t, of.zh, of.en)).unwrap_or_default()
        }
    };
    let name = field.code().to_owned();
    let take_other = match typed.get(&format!("field_{name}")) {
        "" => proposed,
        choice => choice == "other",
    };
    FieldRow { name, label: label.to_owned(), keep: words(&view.keep), other: words(&view.other), take_other }
}

fn moves(within: &Within, view: &MergeView) -> Vec<MergeMove> {
    let t = within.locale;
    let label = |moved: Moved| match moved {
        Moved::Naming(kind) => kind_label(t, kind),
        Moved::Figures => t.figures_title(),
        Moved::Links => t.merge_links(),
        Moved::LinkedFrom => t.merge_linked_from(),
        Moved::Sources => t.record_sources(),
        Moved::Shares => t.merge_shares(),
        Moved::Names => t.merge_names(),
        Moved::Merged => t.merge_merged(),
        Moved::Roles => t.merge_roles(),
    };
    let row = |label: &str, count: i64| MergeMove {
        label: label.to_owned(),
        count: usize::try_from(count).unwrap_or(0),
        href: None,
    };
    let mut rows: Vec<_> = view.moves.iter().map(|(moved, count)| row(label(*moved), *count)).collect();
    if view.hidden > 0 {
        rows.push(row(t.merge_hidden(), view.hidden));
    }
    if view.twice > 0 {
        rows.push(row(t.merge_twice(), i64::try_from(view.twice).unwrap_or(0)));
    }
    rows
}

fn obstacle(t: Locale, obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Same => t.merge_same(),
        Obstacle::OtherKind => t.merge_other_kind(),
        Obstacle::Archived => t.merge_archived(),
        Obstacle::Circle => t.merge_circle(),
        Obstacle::Followed => t.merge_followed(),
        Obstacle::Leads => t.merge_leads(),
    }
}
