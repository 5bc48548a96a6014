//! The use cases: who may do what, in one change.
//!
//! Invariants: everything the web, the command line and later the API do goes through here. This crate knows no
//! HTTP and no language; clock and user come with the [`Actor`]. Rights are decided in `access` and nowhere else.

mod access;
mod account;
mod aid;
mod alike;
mod around;
mod attachment;
mod change;
mod claim;
mod contact;
mod document;
mod due;
mod enclave;
mod entry;
mod error;
mod example;
mod export;
mod factor;
mod figure;
mod generate;
mod guesses;
mod import;

mod meet;
mod mention;
mod merge;
mod names;
mod news;
mod notice;
mod one_time;
mod opportunity;
mod progress;
mod project;
mod regions;
mod register;
mod reporting;
mod screen;
mod search;
mod setting;
mod shared;
mod summary;
mod sums;
mod task;
mod template;
mod total;
mod typed;
mod undo;
mod user;
mod view;
mod worker;

pub use access::{Actor, Grant, Right, Role, Scope};
pub use account::{Account, HeldRole, NewRole};
pub use aid::{AidLedger, AidMoney, AidShareStanding, AidStepDone, AidStepInput, AidSums, aid_steps};
pub use alike::{Alike, AlikePair};
pub use attachment::ATTACHMENT_ROLES;
pub use claim::{Correction, Decided, effective};
pub use contact::{CONTACT_VIEWS_PAGE, Person};
pub use document::Added;
pub use due::{CALENDAR_LIMIT, Due, DueKind, DueList, DueQuery, MyDay};
pub use enclave::{SHARED_MEASURES, ShareInput};
pub use entry::{
    AmountInput, BULK_LIMIT, Basis, Belonging, BulkChoice, BulkDone, BulkEdit, BulkOutcome, BulkPlan,
    BulkRecord, DEFAULT_RELEASE_DAYS, EntryDetail, EntryForm, EntryPage, LeadNotice, LeadTaken, LinkInput,
    MENTIONS, Problem, Proof, RELEASE_DAYS, RecordFigure, RecordName, RecordNames, bulk_fields, edit_right,
    is_intent, is_open, view_right,
};
pub use error::{Error, Result, Stale, StaleField};
pub use example::{ExampleLoaded, RoundActors};
pub use export::{
    Beside, EntryRows, ExportFormat, ExportRows, Exported, FigureRows, TableFormat, WholeRows, export_right,
};
pub use factor::{Enrolment, FactorState, Waiting};
pub use figure::{FigureDetail, HandEntry, NewValue, WHOLE_PAGE};
pub use generate::{Generated, Ground, Mistake, Plan, Progress};

pub use domain::organisation::{Reason, Strength};
pub use import::{
    CellOrigin, Import, ImportChoice, ImportRow, ImportSource, ImportState, ImportView, KEYS, MappedColumn,
    Mapping, PutBackConflict, RowChange, RowProblem, RowState, RowView, SheetWindow, Target, WindowRow,
    is_importable, unit_code, unit_of, unmapped_required,
};
pub use meet::{Differing, Meeting, Met, agreement_kind_of};
pub use merge::{MergeField, MergeForm, MergeView, Moved, Obstacle};
pub use names::{Names, Resolved};
pub use news::{Candidate, NewsChange, NewsForm, NewsMeeting, NewsOffer, Speaks, news_day};
pub use one_time::one_time_code;
pub use opportunity::{Offer, PROSPECTUS_LIMIT, policy_is_public};
pub use progress::{Cohort, FunnelStage, MONTHS, MOST_COUNTED, ProjectProgress, STEPS, WEEK_DAYS};
pub use project::{
    BoardColumn, CARDS, Gate, How, LIGHT_MONTHS, LIGHT_RED, LIGHT_SETTINGS, LIGHT_SILENT, LIGHT_YELLOW,
    PROBLEMS_LIMIT, PermitInput, ProblemState, Problems, ProjectMeasure, SCHEDULE_LIMIT, Schedule, StageForm,
    Standing, StepFigure, Turn, how,
};
pub use regions::Regions;
pub use register::ProgrammeCard;
pub use reporting::{
    CellEntry, CellNow, FilingDetail, FilingInput, LedgerOffer, LineInput, LineTotal, NextInput, ROUNDS,
    RoundCard, RoundDetail, RoundNext, SHEET_BYTES, SheetTaken, SheetWords, UNIT_GROUPS, filing_punctuality,
    line_unit, number_in_line, read_value, round_status, typed_value,
};
pub use search::SearchHit;
pub use setting::{
    AMOUNT_UNIT, AidShareInput, FACTOR_ROLES, RegionInput, RegionPart, SettingRows, StageInput, WATERMARK,
};
pub use sheets::{
    About, Block, Cell, Column, FORM_COLUMNS, FormLine, FormSheet, Kind, PICTURE_BYTES, Page as Paper,
    Picture, TableSheet, cell_name, cell_place, column_letters, joined, write_docx, write_forms, write_table,
};
pub use store::{
    ATTACHMENT, AidShare, AidStarts, Blob, CellInput, ChangeEntry, ChangeItem, Claim, ClaimReading,
    ClaimState, Condition, ContactView, Cursor, Document, DocumentState, DocumentText, EnclaveShare, Entry,
    Evidence, EvidenceKind, FigureEntry, FigureFilter, FigureRow, Filing, FilingCell, FilingFigure,
    FilingLog, Label, Link, ListFilter, Mention, NewNotice, Notice, Programme, ProgrammeRegion, ProjectClaim,
    Record, RecordKind, RecordStatus, Region, ReportingLine, SavedView, Sort, SortBy, Stage, StageMove,
    StatusEntry, TallyGroup, TallyMonth, TallyTotal, Task,
};
pub use summary::{
    MAIL, NewSubscription, Outgoing, ROBOTS, Sent, Subscription, Summary, WEEKLY_DAY, WEEKLY_DEFAULT,
    WEEKLY_HOUR, Wanted, lies_at,
};
pub use sums::{SumLine, SumOf, has_sums};
pub use task::{RecordTasks, TaskInput, TaskOwner};
pub use template::{Template, template_list};
pub use total::{Check, Opened, Overview};
pub use typed::file_name;
pub use undo::{AUDIT_PAGE, AuditEntry};
pub use user::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, Token};
pub use view::ViewForm;

use guesses::Guesses;
use std::collections::HashMap;
use std::sync::Arc;
use store::Db;
use tokio::sync::{Mutex, Notify, Semaphore};

const EXTRACTIONS_AT_ONCE: usize = 2;
/// An export holds a connection as long as it reads.
const EXPORTS_AT_ONCE: usize = 2;
/// Checking a password takes 19 MB and a processor.
const VERIFICATIONS_AT_ONCE: usize = 2;

/// The application: an open database and what use cases share. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) db: Db,
    pub(crate) dummy_hash: Arc<str>,
    /// Only so many passwords are checked at once.
    pub(crate) verifying: Arc<Semaphore>,
    /// Wrong passwords for logins that nobody has.
    pub(crate) guesses: Arc<Guesses>,
    /// Tells the worker that something was written.
    pub(crate) wake: Arc<Notify>,
    /// Extraction may take 70 MB at its peak: only so many files at once.
    pub(crate) extracting: Arc<Semaphore>,
    pub(crate) exporting: Arc<Semaphore>,
    /// The names of each programme with the version of its registers.
    pub(crate) names: Arc<Mutex<KnownNames>>,
    /// The regions as each programme sees them, with their version.
    pub(crate) regions: KnownRegions,
}

/// By programme: the version of its registers and the names made from them.
type KnownNames = HashMap<i64, ((i64, i64), Arc<Names>)>;
/// By programme: the version of the regions, and they.
type KnownRegions = Arc<Mutex<HashMap<i64, (i64, Arc<Regions>)>>>;

impl App {
    /// Opens the database at `sqlite:PATH` or `postgres://…`.
    ///
    /// # Errors
    /// When it cannot be opened or brought up to date.
    pub async fn open(address: &str) -> Result<Self> {
        Ok(Self::with_db(Db::open(address).await?))
    }

    /// Works on an open database.
    #[must_use]
    pub fn with_db(db: Db) -> Self {
        let extracting = Arc::new(Semaphore::new(EXTRACTIONS_AT_ONCE));
        Self {
            db,
            dummy_hash: user::dummy_hash().into(),
            verifying: Arc::new(Semaphore::new(VERIFICATIONS_AT_ONCE)),
            guesses: Arc::default(),
            wake: Arc::default(),
            extracting,
            exporting: Arc::new(Semaphore::new(EXPORTS_AT_ONCE)),
            names: Arc::default(),
            regions: Arc::default(),
        }
    }

    /// What kind of database it works on, for messages.
    #[must_use]
    pub fn database_name(&self) -> &'static str {
        self.db.name()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        let mut tx = self.db.read().await?;
        store::job_count(&mut tx).await?;
        Ok(())
    }

    /// Commits, and wakes the worker: it may have a document to read or totals to count.
    pub(crate) async fn commit(&self, tx: store::Tx) -> Result<()> {
        tx.commit().await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Waits for what is being written and closes the database.
    pub async fn close(&self) {
        self.db.close().await;
    }

    /// Writes everything the database holds, as of one moment.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep the installation; when reading or writing fails.
    pub async fn backup(&self, actor: &Actor, writer: &mut (dyn std::io::Write + Send)) -> Result<()> {
        actor.require_everywhere(Right::Operate)?;
        Ok(store::backup_write(&self.db, writer).await?)
    }

    /// Fills an empty database from a backup.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep the installation; [`Error::Conflict`] when the database holds records
    /// already.
    pub async fn restore(&self, actor: &Actor, reader: &mut (dyn std::io::BufRead + Send)) -> Result<()> {
        actor.require_everywhere(Right::Operate)?;
        Ok(store::backup_restore(&self.db, reader).await?)
    }
}
