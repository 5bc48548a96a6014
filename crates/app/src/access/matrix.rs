//! The matrix: which role has which right, and over which of the records it can see.

use store::RecordKind;

/// A role in a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads.
    Reader,
    /// Works: adds documents, decides claims, enters figures, keeps records.
    Office,
    /// An office that also reviews what others entered.
    Reviewer,
    /// A reviewer who also approves, and keeps the settings of the programme.
    Approver,
    /// A region at work on its own records.
    Region,
    /// A park at work on itself, its prospects and the opportunities in it.
    Park,
    /// An enterprise: sees what is open to all and what it is a party to, keeps its own needs.
    Enterprise,
    /// Keeps accounts and the installation; edits no business data.
    System,
    /// Watches over accounts, confirms roles that need a second person; edits no business data.
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
        Self::Region,
        Self::Park,
        Self::Enterprise,
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
            Self::Region => "region",
            Self::Park => "park",
            Self::Enterprise => "enterprise",
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

    /// Whether this role is given by one administrator and confirmed by another.
    #[must_use]
    pub fn needs_two(self) -> bool {
        matches!(self, Self::Approver | Self::System | Self::Security | Self::Audit)
    }

    /// Whether who holds this role works for an office or region, and so for one that is a party; a reader only looks.
    #[must_use]
    pub fn is_party(self) -> bool {
        matches!(self, Self::Office | Self::Reviewer | Self::Approver | Self::Region)
    }

    /// Whether this role keeps records of this kind where it may edit at all. A park keeps what lies in it, an
    /// enterprise its needs.
    #[must_use]
    pub fn keeps(self, kind: RecordKind) -> bool {
        match self {
            Self::Park => matches!(kind.code(), "park" | "opportunity" | "prospect" | "document"),
            Self::Enterprise => kind.code() == "need",
            _ => true,
        }
    }
}

/// Over which records a role has a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Those the user created.
    Own,
    /// Those of the user's team too.
    Team,
    /// All that the role reaches: its region's tree, its park, its organisation, or the whole programme.
    Reach,
}

/// Something a user may have the right to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// See the programme: records, documents and figures.
    View,
    /// See totals: the overview, the map, one total opened.
    ViewTotal,
    /// See claims, and checks between stated numbers.
    ViewClaim,
    /// See checks that do not agree.
    ViewDisagreement,
    /// See business contacts; each view is audited.
    ViewContact,
    /// See the audit of a record.
    ViewAudit,
    /// Take lists out as a file.
    Export,
    /// Take contacts out as a file; audited.
    ExportContact,
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
    /// Fill in and submit filings of reporting tasks (填报).
    FileReport,
    /// Create and edit records.
    EditRecord,
    /// Edit many records at once.
    BulkEdit,
    /// Merge records that are the same.
    MergeRecord,
    /// Register a lead (首谈登记).
    RegisterLead,
    /// Undo a change.
    Undo,
    /// Save a view for everybody.
    SharedView,
    /// Set the settings of the programme.
    ManageSettings,
    /// See who saw business contacts. Held in the whole installation, as those below.
    WatchContacts,
    /// List the accounts.
    ViewUsers,
    /// Create and close accounts, set their passwords, give and take roles.
    ManageUsers,
    /// Confirm a role that another administrator gave, reset a second factor.
    ConfirmRole,
    /// Load regions and programmes, write and read backups.
    Operate,
}

use Right::{
    AddDocument, ApproveFigure, BulkEdit, ConfirmRole, EditRecord, EnterFigure, Export, ExportContact,
    FileReport, ManageSettings, ManageUsers, MergeRecord, Operate, RegisterLead, ReviewClaim, ReviewFigure,
    SharedView, Undo, View, ViewAudit, ViewClaim, ViewContact, ViewDisagreement, ViewTotal, ViewUsers,
    WatchContacts,
};

/// One column a role, in the order of [`Role::ALL`]: `R` all it reaches, `T` its team's, `O` its own, `-` not at all.
const MATRIX: &[(Right, &[u8; 10])] = &[
    // Reader, Office, Reviewer, Approver; Region, Park, Enterprise; System, Security, Audit.
    (View, b"RRRRRRR--R"),
    (ViewTotal, b"RRRRR----R"),
    (ViewClaim, b"RRRRR----R"),
    (ViewDisagreement, b"-RRR------"),
    (ViewContact, b"-RRRR-----"),
    (ViewAudit, b"-RRRR----R"),
    (Export, b"-RRRRR----"),
    (ExportContact, b"--RR------"),
    (AddDocument, b"-RRRTO----"),
    (ReviewClaim, b"-RRRT-----"),
    (EnterFigure, b"-RRRT-----"),
    (ReviewFigure, b"--RR------"),
    (ApproveFigure, b"---R------"),
    (FileReport, b"-RRRRRR---"),
    (EditRecord, b"-RRRRRR---"),
    (BulkEdit, b"-RRRR-----"),
    (MergeRecord, b"-RRR------"),
    (RegisterLead, b"-RRRR-----"),
    (Undo, b"-RRRT-----"),
    (SharedView, b"-RRR------"),
    (ManageSettings, b"---R------"),
    (WatchContacts, b"--------RR"),
    (ViewUsers, b"-------RR-"),
    (ManageUsers, b"-------R--"),
    (ConfirmRole, b"-------RR-"),
    (Operate, b"-------R--"),
];

impl Right {
    /// Every right, in the order of the matrix.
    pub fn all() -> impl Iterator<Item = Self> {
        MATRIX.iter().map(|(right, _)| *right)
    }

    /// Over which records a role has this right, if it has it at all.
    #[must_use]
    pub fn scope(self, role: Role) -> Option<Scope> {
        let (_, row) = MATRIX.iter().find(|(right, _)| *right == self)?;
        let column = Role::ALL.iter().position(|of| *of == role)?;
        match row[column] {
            b'R' => Some(Scope::Reach),
            b'T' => Some(Scope::Team),
            b'O' => Some(Scope::Own),
            _ => None,
        }
    }

    /// The roles that have this right.
    #[must_use]
    pub fn roles(self) -> Vec<Role> {
        Role::ALL.iter().copied().filter(|role| self.scope(*role).is_some()).collect()
    }

    /// Whether it changes records, which a park or an enterprise does to some kinds only.
    pub(super) fn edits(self) -> bool {
        matches!(self, AddDocument | EditRecord)
    }

    /// Whether it covers what is open to every role of the programme: that is read and taken out by all, edited and
    /// audited by those alone who reach it otherwise.
    pub(super) fn covers_open(self) -> bool {
        matches!(self, View | ViewTotal | ViewClaim | Export)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_administrators_edit_no_business_data() {
        let theirs = [
            View,
            ViewTotal,
            ViewClaim,
            ViewAudit,
            WatchContacts,
            ViewUsers,
            ManageUsers,
            ConfirmRole,
            Operate,
        ];
        for role in [Role::System, Role::Security, Role::Audit] {
            for right in Right::all().filter(|right| !theirs.contains(right)) {
                assert_eq!(right.scope(role), None, "{role:?} has {right:?}");
            }
        }
    }

    #[test]
    fn the_rights_of_each_role_are_the_committed_ones() {
        let heads = Role::ALL.iter().map(|role| role.code()).collect::<Vec<_>>().join(" ");
        let row = |right: Right| {
            let cells = Role::ALL.iter().map(|role| {
                let mark = match right.scope(*role) {
                    Some(Scope::Reach) => "reach",
                    Some(Scope::Team) => "team",
                    Some(Scope::Own) => "own",
                    None => "-",
                };
                format!("{mark:<width$}", width = role.code().len())
            });
            format!("{:<16} {}", format!("{right:?}"), cells.collect::<Vec<_>>().join(" "))
                .trim_end()
                .to_owned()
        };
        let rows = Right::all().map(row).collect::<Vec<_>>().join("\n");
        let matrix = format!("{:<16} {heads}\n{rows}", "");
        insta::assert_snapshot!(matrix);
    }
}
