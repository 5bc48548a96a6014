//! The pages as view structs and their askama templates.
//!
//! Invariants: this crate knows no use case, no store, no request and no clock. A view struct holds text that
//! is ready to be read (formatted amounts, labels of data in the reader's language, addresses); what is
//! chosen here is only layout, and the words of the interface, which come from `locale`. Pages hold no inline
//! script and no inline style, so that the content policy can forbid both; everything works without script
//! except dragging a rectangle on a scan.

mod accounts;
mod aid;
mod around;
mod audit;
mod board;
mod brief;
mod brochure;
mod bulk;
mod cell;
mod checks;
mod claims;
mod common;
mod contacts;
mod documents;
mod entrance;
mod figures;
mod filter;
mod follow;
mod form;
mod imports;
mod lights;
mod list;
mod map;
mod mentions;
mod merge;
mod news;
mod overview;
mod progress;
mod reader;
mod record;
mod reporting;
mod schedule;
mod search;
mod settings;
mod shell;
mod totals;
mod viewer;

pub use accounts::{
    AccountDetail, AccountRow, Accounts, Factor, FactorSetup, OwnAccount, RecoveryCodes, RoleLine,
};
pub use aid::{AidContractRow, AidFigures, AidMoney, AidRate, AidShareRow, AidStepRow, AidSummary, AidTotal};
pub use around::{
    Around, AroundFiling, AroundSide, Count, PairingRow, RegionGroup, RegionLine, RegionsPage, StageTable,
};
pub use audit::{Audit, ChangeItem, ChangeRow};
pub use board::{Board, BoardColumn, Card};
pub use brief::{BriefGroup, BriefPage};
pub use brochure::{OpportunityPublic, Prospectus, Sheet, SheetPolicy, SheetSection};
pub use bulk::{BulkPreview, BulkRow};
pub use cell::Cell;
pub use checks::{Check, CheckSummary, Checks, Part, Verdict};
pub use claims::{Claims, ReviewItem};
pub use common::{Amount, Badge, Choice, Field, Link, Quote, Tone};
pub use contacts::{ContactViewRow, ContactViews};
pub use documents::{DocumentRow, DocumentState, Documents, DocumentsProgress, UploadResult};
pub use entrance::{DemoUser, ErrorPage, Login, ProgrammeCard, Programmes};
pub use figures::{
    Action, FigureCorrection, FigureFilter, FigurePage, FigureRow, Figures, LogEntry, ScanEvidence,
};
pub use filter::{Chip, Filter, FilterControl};
pub use follow::{CalendarDay, CalendarPage, DayGroup, DayPage, DueLine, ProblemRow, ProblemsPage, Tasks};
pub use form::{
    Conflict, ConflictField, Control, Duplicate, Duplicates, FormField, FormSection, InlineForm, LinkRow,
    Protected, RecordForm, Suggestion, Suggestions, Wrong, picked, picked_code,
};
pub use imports::{
    ImportCell, ImportCells, ImportColumn, ImportConstant, ImportLine, ImportMapping, ImportPage,
    ImportPreview, ImportRowView, ImportTab, Imports,
};
pub use lights::{LightGroup, LightRow, Lights};
pub use list::{Bulk, Column, List, ListRow, Order, SavedView, Sort, ViewConfirm, Views};
pub use map::{Flow, Map, Supporter, Tile};
pub use mentions::Mentions;
pub use merge::{DuplicatePair, DuplicatePairs, MergeField, MergeMove, MergePreview, MergeSide};
pub use news::{News, NewsItem, NewsOffer, NewsPanel};
pub use overview::{Headline, MeasureGroup, MeasureRow, Overview, Phase, RegionCell, RegionRow};
pub use progress::{
    CohortRow, CohortStep, CohortTable, FunnelRow, MonthRow, MonthTable, MoveRow, PartAmount, PartAmounts,
    Progress, RegionPage,
};
pub use reader::{
    ClaimCounts, ClaimForm, ClaimPanel, ClaimState, Differs, DocumentDetails, Mark, Meeting, Offer,
    Paragraph, Parts, Proposed, Reader, Segment,
};
pub use record::{
    Attachment, Attachments, Fact, FactGroup, MeasureLine, Mention, Missing, NameRow, Notice, Parties,
    PartyRow, People, Person, PostButton, RecordFigures, RecordPage, RelatedRow, RelationGroup, ShareRow,
    Shares, SourceRow, Standing, Step, StepState, SumCheck, TimelineEntry,
};
pub use reporting::{
    FilingOffer, FilingPage, FilingRow, Round, RoundCell, RoundLine, RoundRow, RoundTotal, RoundUnit, Rounds,
};
pub use schedule::{SchedulePage, ScheduleRow};
pub use search::{SearchHits, SearchPage, SearchPlace, SearchRow};
pub use settings::{
    SettingCell, Settings, SettingsForm, SettingsGroup, SettingsRow, SettingsSection, SettingsTable,
};
pub use shell::{Flash, Nav, NavEntry, NavGroup, ProgrammeRef, Shell, UserRef};
pub use totals::{LeftOut, Total};
pub use viewer::{FigureForm, Rectangle, Viewer};

/// Gives a page its `render`: writing to a string cannot fail, and no template calls anything that can.
macro_rules! page {
    ($($name:ident),+) => {$(
        impl $name {
            /// The finished HTML.
            #[must_use]
            pub fn render(&self) -> String {
                askama::Template::render(self).expect("templates only write to a string")
            }
        }
    )+};
}
use page;
