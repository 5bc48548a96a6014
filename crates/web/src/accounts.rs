//! Accounts as administrators keep them.

use crate::failure::{Failure, message};
use crate::redirect;
use crate::visit::{SignedIn, Visit, role_label};
use app::{Account, Actor, HeldRole, NewRole, Right, Role};
use axum::Form;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use locale::Locale;
use pages::{
    AccountDetail, AccountRow, Accounts, Badge, Choice, Control, FormField, InlineForm, Nav, PostButton,
    RoleLine, Tone,
};
use serde::Deserialize;

/// What a form of these pages may hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    login: String,
    name: String,
    password: String,
    role: String,
    programme: String,
    region: String,
    office: String,
    record: String,
    disabled: String,
}

impl Fields {
    /// The role; all programmes are chosen on purpose, not by choosing nothing.
    fn role(&self) -> Result<Role, app::Error> {
        if self.programme.is_empty() {
            return Err(app::Error::Invalid { field: "programme", problem: "missing" });
        }
        Role::from_code(&self.role).ok_or(app::Error::Invalid { field: "role", problem: "unknown" })
    }

    fn limits(&self) -> NewRole<'_> {
        let [programme, region, office, record] =
            [&self.programme, &self.region, &self.office, &self.record].map(|code| Some(code.as_str()));
        NewRole { programme, region, office, record }
    }
}

/// A form that was refused: the field it is about, and the words.
type Refused = Option<(&'static str, String)>;

fn may(actor: &Actor, right: Right) -> bool {
    actor.require_everywhere(right).is_ok()
}

/// `GET /users`
pub(crate) async fn list(by: SignedIn) -> Result<Response, Failure> {
    list_page(&by, &Fields::default(), None).await
}

async fn list_page(by: &SignedIn, typed: &Fields, refused: Refused) -> Result<Response, Failure> {
    let SignedIn { visit, actor } = by;
    let t = visit.locale;
    let rows = visit.state.app.user_list(actor).await?;
    let mut add = None;
    if may(actor, Right::ManageUsers) {
        let mut fields = vec![
            field("login", t.login(), &typed.login, "", &refused),
            field("name", t.name_label(), &typed.name, "", &refused),
            field("password", t.password(), "", t.account_password_hint(), &refused),
        ];
        fields.extend(role_fields(by, typed, &refused).await?);
        add = Some(form("add-account", t.accounts_add(), "/users", fields, refused.is_some(), t));
    }
    let rows = rows.iter().map(|account| row(t, account)).collect();
    Ok(Html(Accounts { shell: visit.shell(Nav::Elsewhere), rows, add }.render()).into_response())
}

/// `POST /users`
pub(crate) async fn add(by: SignedIn, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let (visit, actor) = (&by.visit, &by.actor);
    let account = (fields.login.as_str(), fields.name.as_str(), fields.password.as_str());
    let done = match fields.role() {
        Ok(role) => visit.state.app.user_add_with(actor, account, role, &fields.limits()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let words = visit.locale.account_added(&fields.login);
            Ok(redirect::with_flash(visit, &address(&fields.login), Tone::Good, &words))
        }
        Err(error) => {
            let page = list_page(&by, &fields, Some(refusal(visit.locale, &error)?)).await?;
            Ok((Failure::from(error).status(), page).into_response())
        }
    }
}

/// `GET /users/{login}`
pub(crate) async fn show(by: SignedIn, Path(login): Path<String>) -> Result<Response, Failure> {
    detail_page(&by, &login, &Fields::default(), None).await
}

async fn detail_page(
    by: &SignedIn,
    login: &str,
    typed: &Fields,
    refused: Refused,
) -> Result<Response, Failure> {
    let SignedIn { visit, actor } = by;
    let t = visit.locale;
    let account = visit.state.app.user(actor, login).await?;
    let (own, at) = (actor.login == login, address(login));
    let mut shown = row(t, &account);
    let (mut forms, mut buttons) = (Vec::new(), Vec::new());
    if may(actor, Right::ManageUsers) && !own {
        for (line, role) in shown.roles.iter_mut().zip(&account.roles) {
            let to = format!("{at}/roles/{}/remove", role.id);
            line.buttons.push(button(t.account_take_role(), to, Tone::Bad));
        }
        let fields = role_fields(by, typed, &refused).await?;
        let to = format!("{at}/roles");
        let password = refused.as_ref().is_some_and(|(field, _)| *field == "password");
        forms.push(form("add-role", t.account_add_role(), &to, fields, refused.is_some() && !password, t));
        let new = field("password", t.account_new_password(), "", t.account_password_hint(), &refused);
        let to = format!("{at}/password");
        forms.push(form("password", t.account_password(), &to, vec![new], password, t));
        let (label, value, tone) = match account.disabled {
            true => (t.account_reopen(), "no", Tone::Neutral),
            false => (t.account_close(), "yes", Tone::Bad),
        };
        let hidden = vec![("disabled".to_owned(), value.to_owned())];
        buttons.push(PostButton { hidden, ..button(label, format!("{at}/disabled"), tone) });
    }
    if may(actor, Right::ConfirmRole) && !own {
        for (line, role) in shown.roles.iter_mut().zip(&account.roles).filter(|(_, role)| role.confirmable) {
            let to = format!("{at}/roles/{}/confirm", role.id);
            line.buttons.push(button(t.account_confirm_role(), to, Tone::Good));
        }
        buttons.push(button(t.factor_reset(), format!("{at}/factor/reset"), Tone::Bad));
    }
    let shell = visit.shell(Nav::Elsewhere);
    Ok(Html(AccountDetail { shell, row: shown, forms, buttons }.render()).into_response())
}

/// `POST /users/{login}/roles`
pub(crate) async fn add_role(
    by: SignedIn,
    Path(login): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let app = &by.visit.state.app;
    let done = match fields.role() {
        Ok(role) => app.user_role_add(&by.actor, &login, role, &fields.limits()).await.map(|()| role),
        Err(error) => Err(error),
    };
    let waits = matches!(done, Ok(role) if role.needs_two());
    let words = if waits { by.visit.locale.account_role_waits() } else { by.visit.locale.account_saved() };
    answer(&by, &login, &fields, done.map(|_| ()), words).await
}

/// `POST /users/{login}/roles/{id}/confirm`
pub(crate) async fn confirm_role(
    by: SignedIn,
    Path((login, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    by.visit.state.app.user_role_confirm(&by.actor, &login, id).await?;
    Ok(saved(&by.visit, &login, by.visit.locale.account_saved()))
}

/// `POST /users/{login}/roles/{id}/remove`
pub(crate) async fn remove_role(
    by: SignedIn,
    Path((login, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    by.visit.state.app.user_role_remove(&by.actor, &login, id).await?;
    Ok(saved(&by.visit, &login, by.visit.locale.account_saved()))
}

/// `POST /users/{login}/password`
pub(crate) async fn set_password(
    by: SignedIn,
    Path(login): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let done = by.visit.state.app.user_set_password(&by.actor, &login, &fields.password).await;
    answer(&by, &login, &Fields::default(), done, by.visit.locale.account_saved()).await
}

/// `POST /users/{login}/disabled`
pub(crate) async fn set_disabled(
    by: SignedIn,
    Path(login): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    by.visit.state.app.user_set_disabled(&by.actor, &login, fields.disabled == "yes").await?;
    Ok(saved(&by.visit, &login, by.visit.locale.account_saved()))
}

/// `POST /users/{login}/factor/reset`
pub(crate) async fn reset_factor(by: SignedIn, Path(login): Path<String>) -> Result<Response, Failure> {
    by.visit.state.app.factor_reset(&by.actor, &login).await?;
    Ok(saved(&by.visit, &login, by.visit.locale.factor_reset_done()))
}

fn saved(visit: &Visit, login: &str, words: &str) -> Response {
    redirect::with_flash(visit, &address(login), Tone::Good, words)
}

/// The account's page again: with a message, or with what was typed and what is wrong with it.
async fn answer(
    by: &SignedIn,
    login: &str,
    typed: &Fields,
    done: app::Result<()>,
    words: &str,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(saved(&by.visit, login, words)),
        Err(error) => {
            let refused = Some(refusal(by.visit.locale, &error)?);
            let page = detail_page(by, login, typed, refused).await?;
            Ok((Failure::from(error).status(), page).into_response())
        }
    }
}

/// What a form says at its field; what is no fault of the form is a failure of the page.
fn refusal(t: Locale, error: &app::Error) -> Result<(&'static str, String), Failure> {
    match error {
        app::Error::Invalid { field, .. } => Ok((field, message(t, error))),
        app::Error::OwnAccount => Err(app::Error::OwnAccount.into()),
        app::Error::NotFound => Err(app::Error::NotFound.into()),
        app::Error::Forbidden => Err(app::Error::Forbidden.into()),
        _ => Ok(("role", message(t, error))),
    }
}

fn address(login: &str) -> String {
    format!("/users/{}", crate::cookie::escape(login))
}

fn button(label: &str, action: String, tone: Tone) -> PostButton {
    PostButton { label: label.to_owned(), action, hidden: Vec::new(), tone }
}

fn form(id: &str, label: &str, action: &str, fields: Vec<FormField>, open: bool, t: Locale) -> InlineForm {
    let [id, label, action, submit] = [id, label, action, t.save()].map(str::to_owned);
    InlineForm { id, label, action, hidden: Vec::new(), fields, submit, open }
}

fn field(name: &str, label: &str, value: &str, hint: &str, refused: &Refused) -> FormField {
    let control = match name {
        "password" => Control::Password,
        _ => Control::Text { value: value.to_owned(), max_length: 200 },
    };
    let error = refused.as_ref().filter(|(field, _)| *field == name).map(|(_, words)| words.clone());
    FormField {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        required: matches!(name, "login" | "password"),
        error: error.unwrap_or_default(),
        control,
        wide: false,
    }
}

/// The role, the programme it holds in, and what limits it.
async fn role_fields(by: &SignedIn, typed: &Fields, refused: &Refused) -> Result<Vec<FormField>, Failure> {
    let t = by.visit.locale;
    let choice = |value: &str, label: String, chosen: &str| Choice {
        value: value.to_owned(),
        label,
        selected: value == chosen,
        depth: 0,
    };
    let roles = Role::ALL.iter();
    let roles = roles.map(|role| choice(role.code(), role_label(t, *role).to_owned(), &typed.role)).collect();
    let mut programmes = vec![choice("*", t.account_all_programmes().to_owned(), &typed.programme)];
    for (code, name) in by.visit.state.app.programme_codes(&by.actor).await? {
        let name = if t == Locale::Zh { name.0 } else { name.1 };
        programmes.push(choice(&code, name, &typed.programme));
    }
    let mut role = field("role", t.role(), "", "", refused);
    let mut programme = field("programme", t.programme(), "", "", refused);
    (role.control, role.required) = (Control::Choice(roles), true);
    (programme.control, programme.required) = (Control::Choice(programmes), true);
    Ok(vec![
        role,
        programme,
        field("region", t.region(), &typed.region, t.account_region_hint(), refused),
        field("office", t.office(), &typed.office, t.account_office_hint(), refused),
        field("record", t.record(), &typed.record, t.account_record_hint(), refused),
    ])
}

fn row(t: Locale, account: &Account) -> AccountRow {
    let badge = |label: &str, tone| Some(Badge { label: label.to_owned(), tone });
    AccountRow {
        href: address(&account.login),
        login: account.login.clone(),
        name: account.name.clone(),
        roles: account.roles.iter().map(|role| line(t, role)).collect(),
        state: if account.disabled { badge(t.account_closed(), Tone::Bad) } else { None },
    }
}

fn line(t: Locale, role: &HeldRole) -> RoleLine {
    let name = role.role.map_or(role.code.as_str(), |role| role_label(t, role));
    let programme = role.programme.as_deref().unwrap_or(t.account_all_programmes());
    let limits = [&role.region, &role.office, &role.record].into_iter().flatten().map(String::as_str);
    let words: Vec<&str> = [name, programme].into_iter().chain(limits).collect();
    let waits = || Badge { label: t.account_role_pending().to_owned(), tone: Tone::Warn };
    RoleLine { label: words.join(" · "), pending: role.pending.then(waits), buttons: Vec::new() }
}
