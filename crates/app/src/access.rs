//! Who may do what, and to which records: decided here and nowhere else.

mod matrix;

pub use matrix::{Right, Role, Scope};

use crate::error::{Error, Result};
use jiff::Timestamp;
use store::{Reach, ReachKey, Record, RecordKind, Tx};

/// A role as somebody holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The programme; none for all of them.
    pub programme: Option<i64>,
    /// The role.
    pub role: Role,
    /// The region whose tree it is limited to.
    pub region: Option<i64>,
    /// The office whose team the user belongs to.
    pub office: Option<i64>,
    /// The park of a park's role, the organisation of an enterprise's.
    pub record: Option<i64>,
}

impl Grant {
    /// A role without limits, in one programme or in all.
    #[must_use]
    pub fn of(programme: Option<i64>, role: Role) -> Self {
        Self { programme, role, region: None, office: None, record: None }
    }

    /// The records a right covers by this grant; none where the role has it not.
    fn reach(&self, user: i64, right: Right) -> Option<Reach> {
        let scope = right.scope(self.role)?;
        let mut reach = if scope == Scope::Reach { self.home() } else { Reach::default() };
        let mut keys = vec![ReachKey::User(user)];
        if scope >= Scope::Team {
            keys.extend(self.office.map(ReachKey::Team));
            keys.extend(self.office.filter(|_| self.role.is_party()).map(ReachKey::PartyTeam));
        }
        if scope == Scope::Reach {
            keys.extend(self.party(right));
        }
        if scope == Scope::Reach && right.covers_open() {
            keys.push(ReachKey::Open);
        }
        reach.keys.extend(keys.iter().map(ReachKey::to_string));
        Some(reach)
    }

    /// By what the role reaches documents that are open to the parties, the verifier and the auditor alone (law 5); auditors
    /// reach whatever is protected. Whoever only verifies does not say what a document is.
    fn party(&self, right: Right) -> Vec<ReachKey> {
        let mut keys = Vec::new();
        if self.role.is_party() {
            keys.extend(self.region.map(ReachKey::PartyRegion));
        }
        match self.role {
            Role::Park => keys.extend(self.record.map(ReachKey::PartyPark)),
            Role::Enterprise => keys.extend(self.record.map(ReachKey::PartyOrganisation)),
            _ => {}
        }
        let verifies =
            [Right::ReviewFigure, Right::ApproveFigure].iter().any(|of| of.scope(self.role).is_some());
        if verifies && !right.edits() && right != Right::Undo {
            keys.push(ReachKey::Verifier(self.region));
        }
        keys
    }

    /// What the role reaches beside its user's and its team's own: the whole programme, a region's tree, a park, an
    /// organisation.
    fn home(&self) -> Reach {
        let key = match self.role {
            Role::System | Role::Security => None,
            Role::Park => self.record.map(ReachKey::Park),
            Role::Enterprise => self.record.map(ReachKey::Organisation),
            Role::Region => self.region.map(ReachKey::Region),
            _ if self.region.is_none() => {
                return Reach { all: true, protected: self.role == Role::Audit, ..Reach::default() };
            }
            _ => self.region.map(ReachKey::Region),
        };
        Reach { keys: key.iter().map(ReachKey::to_string).collect(), ..Reach::default() }
    }
}

/// Who acts, when, and through what. Made by the transport; use cases never look at a clock.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user; none for the programme itself at work and for the command line.
    pub user: Option<i64>,
    /// What the user types at sign-in; empty without a user.
    pub login: String,
    /// Name shown to others.
    pub name: String,
    /// What the user holds.
    pub grants: Vec<Grant>,
    /// The instant of the request.
    pub at: Timestamp,
    /// `web`, `cli` or `engine`.
    pub source: &'static str,
}

impl Actor {
    /// The operator at the command line, who may do everything.
    #[must_use]
    pub fn operator(at: Timestamp) -> Self {
        let grants = vec![Grant::of(None, Role::Approver), Grant::of(None, Role::System)];
        Self { user: None, login: String::new(), name: "luodi".into(), grants, at, source: "cli" }
    }

    /// The role in a programme; of several the one with the most rights.
    #[must_use]
    pub fn role_in(&self, programme: i64) -> Option<Role> {
        strongest(self.grants_in(programme).map(|grant| grant.role))
    }

    /// The role with the most rights, wherever it is held.
    #[must_use]
    pub fn role_anywhere(&self) -> Option<Role> {
        strongest(self.grants.iter().map(|grant| grant.role))
    }

    fn grants_in(&self, programme: i64) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(move |grant| grant.programme.is_none_or(|of| of == programme))
    }

    /// Whether the actor has a right in a programme, by any role held there, over whichever records.
    #[must_use]
    pub fn may(&self, programme: i64, right: Right) -> bool {
        self.grants_in(programme).any(|grant| right.scope(grant.role).is_some())
    }

    /// Refuses who has not this right by a role held in all programmes.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require_everywhere(&self, right: Right) -> Result<()> {
        let mut grants = self.grants.iter().filter(|grant| grant.programme.is_none());
        if grants.any(|grant| right.scope(grant.role).is_some()) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Refuses who has not this right, over whichever records.
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

    /// The records of a programme that the actor can see.
    #[must_use]
    pub fn reach(&self, programme: i64) -> Reach {
        self.reach_for(programme, Right::View)
    }

    /// The records of a programme over which the actor has a right, of whichever kind; see [`Actor::reach_for_kind`].
    #[must_use]
    pub fn reach_for(&self, programme: i64, right: Right) -> Reach {
        self.reach_by(programme, right, |_| true)
    }

    /// The records of one kind over which the actor has a right that changes them: a park keeps parks and opportunities,
    /// an enterprise its needs.
    #[must_use]
    pub fn reach_for_kind(&self, programme: i64, right: Right, kind: RecordKind) -> Reach {
        self.reach_by(programme, right, |role| !right.edits() || role.keeps(kind))
    }

    /// Whether there are records of a kind over which the actor may have a right.
    #[must_use]
    pub fn may_keep(&self, programme: i64, right: Right, kind: RecordKind) -> bool {
        self.reach_for_kind(programme, right, kind) != Reach::default()
    }

    fn reach_by(&self, programme: i64, right: Right, counts: impl Fn(Role) -> bool) -> Reach {
        let Some(user) = self.user else { return Reach::everything() };
        let grants = self.grants_in(programme).filter(|grant| counts(grant.role));
        union(grants.filter_map(|grant| grant.reach(user, right)))
    }

    /// Where the actor may place records that come under a right, whoever enters them.
    pub(crate) fn places(&self, programme: i64, right: Right, kind: RecordKind) -> Reach {
        if self.user.is_none() {
            return Reach::everything();
        }
        let counts =
            |grant: &&Grant| right.scope(grant.role).is_some() && (!right.edits() || grant.role.keeps(kind));
        union(self.grants_in(programme).filter(counts).map(Grant::home))
    }

    /// Whether the actor may use a right in the name of an office: of its own team's, of one below that, or of one that lies
    /// in its own region. `above` are the office and those above it, `regions` its region and those above it.
    pub(crate) fn speaks_for(&self, programme: i64, right: Right, above: &[i64], regions: &[i64]) -> bool {
        let speaks = |grant: &Grant| match (grant.office, grant.region) {
            (None, None) => grant.home().all,
            (office, region) => {
                office.is_some_and(|id| above.contains(&id)) || region.is_some_and(|id| regions.contains(&id))
            }
        };
        let mut grants = self.grants_in(programme).filter(|grant| right.scope(grant.role).is_some());
        self.user.is_none() || grants.any(speaks)
    }

    /// The offices that the actor belongs to in a programme.
    #[must_use]
    pub fn offices(&self, programme: i64) -> Vec<i64> {
        let mut offices: Vec<i64> = self.grants_in(programme).filter_map(|grant| grant.office).collect();
        offices.sort_unstable();
        offices.dedup();
        offices
    }

    /// The units that the actor is of in a programme: the teams, parks and enterprises of their roles.
    #[must_use]
    pub fn units(&self, programme: i64) -> Vec<i64> {
        let of = |grant: &Grant| [grant.office, grant.record];
        let mut units: Vec<i64> = self.grants_in(programme).flat_map(of).flatten().collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Whether the actor is of a unit itself: of its team, park or enterprise.
    #[must_use]
    pub fn is_of(&self, programme: i64, unit: i64) -> bool {
        self.units(programme).contains(&unit)
    }

    /// The office whose team owns what the actor creates in a programme.
    #[must_use]
    pub fn team(&self, programme: i64) -> Option<i64> {
        self.grants_in(programme).find_map(|grant| grant.office)
    }
}

fn union(reaches: impl Iterator<Item = Reach>) -> Reach {
    let mut union = Reach::default();
    for reach in reaches {
        union.all |= reach.all;
        union.protected |= reach.protected;
        union.keys.extend(reach.keys);
    }
    union.keys.sort();
    union.keys.dedup();
    union
}

fn strongest(roles: impl Iterator<Item = Role>) -> Option<Role> {
    roles.max_by_key(|role| Right::all().filter(|right| right.scope(*role).is_some()).count())
}

/// The record of a programme with this code, for doing something to it.
///
/// # Errors
/// [`Error::NotFound`] when there is none or the actor cannot see it; [`Error::Forbidden`] when it can be seen but the
/// actor has not this right over it.
pub(crate) async fn open(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    code: &str,
    right: Right,
) -> Result<Record> {
    let record = store::record_by_code(tx, programme, code).await?;
    allow(tx, actor, &record, right).await?;
    Ok(record)
}

/// The record of a programme with this id, for doing something to it.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_id(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    id: i64,
    right: Right,
) -> Result<Record> {
    let record = store::record_get(tx, id).await?;
    if record.programme != programme {
        return Err(Error::NotFound);
    }
    allow(tx, actor, &record, right).await?;
    Ok(record)
}

/// Refuses who has not this right over a record.
pub(crate) async fn allow(tx: &mut Tx, actor: &Actor, record: &Record, right: Right) -> Result<()> {
    let Record { programme, kind, .. } = *record;
    let seen = actor.reach(programme);
    if !reaches(tx, record, &seen).await? {
        return Err(Error::NotFound);
    }
    actor.require(programme, right)?;
    let reach = actor.reach_for_kind(programme, right, kind);
    if reach == seen || reaches(tx, record, &reach).await? { Ok(()) } else { Err(Error::Forbidden) }
}

/// Whether a record, just read, is within reach: the database is asked only where its keys decide.
pub(crate) async fn reaches(tx: &mut Tx, record: &Record, reach: &Reach) -> Result<bool> {
    Ok(reach.covers(record) || store::record_visible(tx, record.id, reach).await?)
}

/// Refuses a record, just written, that lies outside what the actor's right reaches: a region enters nothing for another.
///
/// # Errors
/// [`Error::Invalid`] at the region.
pub(crate) async fn settle(tx: &mut Tx, actor: &Actor, programme: i64, id: i64, right: Right) -> Result<()> {
    let record = store::record_get(tx, id).await?;
    let places = actor.places(programme, right, record.kind);
    // What is protected is its team's, wherever it lies.
    let own = record.protected && places != Reach::default();
    if own || store::record_visible(tx, id, &places).await? {
        Ok(())
    } else {
        Err(Error::Invalid { field: "region", problem: "outside" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(grants: &[Grant]) -> Actor {
        Actor { user: Some(9), grants: grants.to_vec(), ..Actor::operator(Timestamp::UNIX_EPOCH) }
    }

    fn limited(role: Role, region: i64) -> Grant {
        Grant { region: Some(region), ..Grant::of(Some(1), role) }
    }

    #[test]
    fn a_programme_that_is_not_open_to_a_user_does_not_exist_for_them() {
        let reader = actor(&[Grant::of(Some(1), Role::Reader)]);
        assert!(reader.require(1, Right::View).is_ok());
        assert!(matches!(reader.require(1, Right::ReviewClaim), Err(Error::Forbidden)));
        assert!(matches!(reader.require(2, Right::View), Err(Error::NotFound)));
    }

    #[test]
    fn every_role_in_a_programme_gives_its_rights() {
        let both = actor(&[
            Grant::of(None, Role::Reader),
            Grant::of(Some(1), Role::Office),
            Grant::of(Some(1), Role::Audit),
        ]);
        assert!(both.may(1, Right::ReviewClaim) && !both.may(2, Right::ReviewClaim));
        assert_eq!((both.role_in(1), both.role_in(2)), (Some(Role::Office), Some(Role::Reader)));
        assert_eq!(both.role_anywhere(), Some(Role::Office));
    }

    #[test]
    fn the_installation_is_kept_by_who_has_a_role_in_all_of_it() {
        let system = actor(&[Grant::of(None, Role::System)]);
        let of_one = actor(&[Grant::of(Some(1), Role::System), Grant::of(None, Role::Approver)]);
        assert!(system.require_everywhere(Right::Operate).is_ok());
        assert!(matches!(of_one.require_everywhere(Right::Operate), Err(Error::Forbidden)));
    }

    #[test]
    fn a_role_without_region_reaches_all_but_what_is_protected_and_audit_that_too() {
        let reach = actor(&[Grant::of(None, Role::Office)]).reach(1);
        assert!(reach.all && !reach.protected);
        let reach = actor(&[Grant::of(None, Role::Audit)]).reach(1);
        assert!(reach.all && reach.protected);
        let reach = actor(&[Grant::of(None, Role::System)]).reach(1);
        assert_eq!(reach, Reach::default());
    }

    #[test]
    fn a_role_reaches_its_region_its_team_and_what_is_open_to_all() {
        let office = Grant { office: Some(5), ..limited(Role::Office, 3) };
        assert_eq!(actor(&[office]).reach(1).keys, ["*", "kr3", "kt5", "r3", "t5", "u9"]);
        let park = Grant { record: Some(7), ..Grant::of(Some(1), Role::Park) };
        assert_eq!(actor(&[park]).reach(1).keys, ["*", "kp7", "p7", "u9"]);
        let firm = Grant { record: Some(8), ..Grant::of(Some(1), Role::Enterprise) };
        assert_eq!(actor(&[firm]).reach(1).keys, ["*", "ko8", "o8", "u9"]);
        assert_eq!(actor(&[limited(Role::Region, 3)]).reach(2), Reach::default(), "another programme");
    }

    #[test]
    fn what_is_open_to_all_is_edited_by_those_who_reach_it_otherwise() {
        let region = actor(&[limited(Role::Region, 3)]);
        assert_eq!(region.reach_for(1, Right::EditRecord).keys, ["kr3", "r3", "u9"]);
        assert_eq!(region.reach_for(1, Right::EnterFigure).keys, ["u9"]);
        assert_eq!(region.reach_for(1, Right::ApproveFigure), Reach::default());
    }

    #[test]
    fn a_right_holds_where_the_role_that_gives_it_reaches() {
        let two = actor(&[Grant::of(Some(1), Role::Reader), limited(Role::Office, 3)]);
        assert!(two.reach(1).all);
        let edit = two.reach_for(1, Right::EditRecord);
        assert!(!edit.all && edit.keys.contains(&"r3".to_owned()));
    }

    #[test]
    fn who_acts_for_an_office_is_of_its_team_or_of_its_region() {
        let speaks = |grant: Grant, above: &[i64], regions: &[i64]| {
            actor(&[grant]).speaks_for(1, Right::RegisterLead, above, regions)
        };
        assert!(
            speaks(limited(Role::Region, 3), &[5], &[4, 3]) && !speaks(limited(Role::Region, 3), &[5], &[4])
        );
        let team = Grant { office: Some(5), ..Grant::of(Some(1), Role::Office) };
        assert!(speaks(team, &[6, 5], &[]) && !speaks(team, &[6], &[4]));
        assert!(speaks(Grant::of(Some(1), Role::Office), &[6], &[]), "an office for the whole programme");
        assert!(!speaks(Grant::of(Some(1), Role::Region), &[6], &[4]), "a region's role without a region");
        assert!(!speaks(Grant::of(Some(1), Role::Reader), &[6], &[4]));
    }

    #[test]
    fn an_enterprise_keeps_its_needs_and_no_document() {
        let firm = actor(&[Grant { record: Some(8), ..Grant::of(Some(1), Role::Enterprise) }]);
        let documents = firm.reach_for_kind(1, Right::EditRecord, RecordKind::Document);
        assert_eq!(documents, Reach::default());
        assert_eq!(firm.reach_for_kind(1, Right::View, RecordKind::Document), firm.reach(1));
    }
}
