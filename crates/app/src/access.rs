//! Who may do what: decided here and nowhere else.

use crate::error::{Error, Result};
use jiff::Timestamp;

/// A role in a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads.
    Reader,
    /// Works: adds documents, decides claims, enters figures.
    Office,
    /// An office that also reviews what others entered.
    Reviewer,
    /// A reviewer who also approves.
    Approver,
    /// Keeps accounts and the installation; edits no business data.
    System,
    /// Reads the accounts and settings; edits no business data.
    Security,
    /// Reads the audit; edits no business data.
    Audit,
}

impl Role {
    /// Every role.
    pub const ALL: &[Self] = &[
        Self::Reader,
        Self::Office,
        Self::Reviewer,
        Self::Approver,
        Self::System,
        Self::Security,
        Self::Audit,
    ];

    /// The stable code used in the database and on the command line.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Office => "office",
            Self::Reviewer => "reviewer",
            Self::Approver => "approver",
            Self::System => "system",
            Self::Security => "security",
            Self::Audit => "audit",
        }
    }

    /// The role with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.code() == code)
    }
}

/// Something a user may have the right to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// See the programme: overview, documents, figures, registers.
    View,
    /// See checks that do not agree.
    ViewDisagreement,
    /// Take figures out as a file.
    Export,
    /// Add documents and set their details.
    AddDocument,
    /// Accept, correct, reject claims.
    ReviewClaim,
    /// Enter a figure by hand, withdraw or refile one.
    EnterFigure,
    /// Review and return figures that others entered.
    ReviewFigure,
    /// Approve figures that others entered.
    ApproveFigure,
    /// See the audit of a record.
    ViewAudit,
    /// Undo a change.
    Undo,
    /// List the accounts. Held in the whole installation, as the two below.
    ViewUsers,
    /// Create and close accounts, set their passwords.
    ManageUsers,
    /// Load regions and programmes, write and read backups.
    Operate,
}

impl Right {
    /// Every right.
    pub const ALL: &[Self] = &[
        Self::View,
        Self::ViewDisagreement,
        Self::Export,
        Self::AddDocument,
        Self::ReviewClaim,
        Self::EnterFigure,
        Self::ReviewFigure,
        Self::ApproveFigure,
        Self::ViewAudit,
        Self::Undo,
        Self::ViewUsers,
        Self::ManageUsers,
        Self::Operate,
    ];

    /// The roles that have this right. The administrators of DESIGN section 4 edit no business data.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        use Role::{Approver, Audit, Office, Reader, Reviewer, Security, System};
        match self {
            Self::View => &[Reader, Office, Reviewer, Approver, Audit],
            Self::Export | Self::ViewDisagreement => &[Office, Reviewer, Approver],
            Self::AddDocument | Self::ReviewClaim | Self::EnterFigure | Self::Undo => {
                &[Office, Reviewer, Approver]
            }
            Self::ReviewFigure => &[Reviewer, Approver],
            Self::ApproveFigure => &[Approver],
            Self::ViewAudit => &[Office, Reviewer, Approver, Audit],
            Self::ViewUsers => &[System, Security],
            Self::ManageUsers | Self::Operate => &[System],
        }
    }
}

/// Who acts, when, and through what. Made by the transport; use cases never look at a clock.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user; none for the programme itself at work and for the command line.
    pub user: Option<i64>,
    /// Name shown to others.
    pub name: String,
    /// Roles: in one programme, or in all where none is named.
    pub roles: Vec<(Option<i64>, Role)>,
    /// The instant of the request.
    pub at: Timestamp,
    /// `web`, `cli` or `engine`.
    pub source: &'static str,
}

impl Actor {
    /// The operator at the command line, who may do everything.
    #[must_use]
    pub fn operator(at: Timestamp) -> Self {
        let roles = vec![(None, Role::Approver), (None, Role::System)];
        Self { user: None, name: "luodi".into(), roles, at, source: "cli" }
    }

    /// The role in a programme; of several the one with the most rights.
    #[must_use]
    pub fn role_in(&self, programme: i64) -> Option<Role> {
        strongest(self.roles_in(programme))
    }

    /// The role with the most rights, wherever it is held.
    #[must_use]
    pub fn role_anywhere(&self) -> Option<Role> {
        strongest(self.roles.iter().map(|(_, role)| *role))
    }

    fn roles_in(&self, programme: i64) -> impl Iterator<Item = Role> {
        self.roles.iter().filter(move |(of, _)| of.is_none_or(|of| of == programme)).map(|(_, role)| *role)
    }

    /// Whether the actor has a right in a programme, by any role held there.
    #[must_use]
    pub fn may(&self, programme: i64, right: Right) -> bool {
        self.roles_in(programme).any(|role| right.roles().contains(&role))
    }

    /// Refuses who has not this right by a role held in all programmes.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require_everywhere(&self, right: Right) -> Result<()> {
        let mut roles = self.roles.iter().filter(|(of, _)| of.is_none());
        if roles.any(|(_, role)| right.roles().contains(role)) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Refuses who has not this right.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor at all, else [`Error::Forbidden`].
    pub fn require(&self, programme: i64, right: Right) -> Result<()> {
        match () {
            () if self.may(programme, right) => Ok(()),
            () if self.may(programme, Right::View) => Err(Error::Forbidden),
            () => Err(Error::NotFound),
        }
    }
}

fn strongest(roles: impl Iterator<Item = Role>) -> Option<Role> {
    roles.max_by_key(|role| Right::ALL.iter().filter(|right| right.roles().contains(role)).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(roles: &[(Option<i64>, Role)]) -> Actor {
        Actor { roles: roles.to_vec(), ..Actor::operator(Timestamp::UNIX_EPOCH) }
    }

    #[test]
    fn the_administrators_edit_no_business_data() {
        let reading = [Right::View, Right::ViewAudit, Right::ViewUsers, Right::ManageUsers, Right::Operate];
        for role in [Role::System, Role::Security, Role::Audit] {
            for right in Right::ALL.iter().filter(|right| !reading.contains(right)) {
                assert!(!right.roles().contains(&role), "{role:?} has {right:?}");
            }
        }
    }

    #[test]
    fn a_programme_that_is_not_open_to_a_user_does_not_exist_for_them() {
        let reader = actor(&[(Some(1), Role::Reader)]);
        assert!(reader.require(1, Right::View).is_ok());
        assert!(matches!(reader.require(1, Right::ReviewClaim), Err(Error::Forbidden)));
        assert!(matches!(reader.require(2, Right::View), Err(Error::NotFound)));
    }

    #[test]
    fn every_role_in_a_programme_gives_its_rights() {
        let both = actor(&[(None, Role::Reader), (Some(1), Role::Office), (Some(1), Role::Audit)]);
        assert!(both.may(1, Right::ReviewClaim) && !both.may(2, Right::ReviewClaim));
        assert_eq!((both.role_in(1), both.role_in(2)), (Some(Role::Office), Some(Role::Reader)));
        assert_eq!(both.role_anywhere(), Some(Role::Office));
    }

    #[test]
    fn the_installation_is_kept_by_who_has_a_role_in_all_of_it() {
        let system = actor(&[(None, Role::System)]);
        let of_one = actor(&[(Some(1), Role::System), (None, Role::Approver)]);
        assert!(system.require_everywhere(Right::Operate).is_ok());
        assert!(matches!(of_one.require_everywhere(Right::Operate), Err(Error::Forbidden)));
    }

    #[test]
    fn the_rights_of_each_role_are_the_committed_ones() {
        let heads = Role::ALL.iter().map(|role| role.code()).collect::<Vec<_>>().join(" ");
        let row = |right: &Right| {
            let cells = Role::ALL.iter().map(|role| {
                let mark = if right.roles().contains(role) { "yes" } else { "-" };
                format!("{mark:<width$}", width = role.code().len())
            });
            format!("{:<16} {}", format!("{right:?}"), cells.collect::<Vec<_>>().join(" "))
                .trim_end()
                .to_owned()
        };
        let rows = Right::ALL.iter().map(row).collect::<Vec<_>>().join("\n");
        let matrix = format!("{:<16} {heads}\n{rows}", "");
        insta::assert_snapshot!(matrix);
    }
}
