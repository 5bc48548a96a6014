//! The second step of sign-in, one's own account, and the accounts that administrators keep.

use askama::Template;

use crate::{Badge, InlineForm, PostButton, Shell, Wrong, page};

/// The second step of sign-in: POST `/login/factor` with `code`, `next`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "factor.html")]
pub struct Factor {
    pub shell: Shell,
    pub next: String,
    /// Where the code is sent: `/login/factor`, or `/account/factor` for one who is signed in.
    pub action: String,
    /// Why the last try failed.
    pub wrong: Wrong,
    /// What to put into an authenticator app first, where nothing is set up yet.
    pub setup: Option<FactorSetup>,
}

/// A secret for an authenticator app.
#[derive(Debug, Clone, Default)]
pub struct FactorSetup {
    /// In groups of four letters.
    pub secret: String,
    /// `otpauth://…`, for the app of the same device.
    pub address: String,
    /// The QR code of the address: its modules a side, and one path that draws them.
    pub modules: usize,
    pub path: String,
}

/// The recovery codes, shown once.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "recovery.html")]
pub struct RecoveryCodes {
    pub shell: Shell,
    pub codes: Vec<String>,
    /// Where to go on to.
    pub next: String,
}

/// One's own account.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "account.html")]
pub struct OwnAccount {
    pub shell: Shell,
    pub login: String,
    pub name: String,
    /// Role and where it holds, one line each.
    pub roles: Vec<String>,
    /// Recovery codes that are left; none where no second factor is set up.
    pub recovery_left: Option<usize>,
    /// Whether a role asks for a second factor.
    pub required: bool,
}

/// All accounts.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "accounts.html")]
pub struct Accounts {
    pub shell: Shell,
    pub rows: Vec<AccountRow>,
    /// Creating one, for who may.
    pub add: Option<InlineForm>,
}

/// One line of the accounts.
#[derive(Debug, Clone, Default)]
pub struct AccountRow {
    pub href: String,
    pub login: String,
    pub name: String,
    pub roles: Vec<RoleLine>,
    /// Closed, waits for confirmation; none for an open account.
    pub state: Option<Badge>,
}

/// A role an account holds.
#[derive(Debug, Clone, Default)]
pub struct RoleLine {
    /// `地区 · 苍梧协作 · 海澜州`.
    pub label: String,
    /// Says that it waits for a second administrator.
    pub pending: Option<Badge>,
    /// What this administrator may do with it: confirm, take away.
    pub buttons: Vec<PostButton>,
}

/// One account.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "account_detail.html")]
pub struct AccountDetail {
    pub shell: Shell,
    pub row: AccountRow,
    /// What this administrator may do: give a role, set a password.
    pub forms: Vec<InlineForm>,
    /// Close or open it, take its second factor away.
    pub buttons: Vec<PostButton>,
}

page!(Factor, RecoveryCodes, OwnAccount, Accounts, AccountDetail);
