//! The command line. Every option has a sentence; `--help` is the reference.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Luodi 落地: runs inter-regional industrial partnership programmes and keeps every number open to its source.
#[derive(Debug, Parser)]
#[command(name = "luodi", version, about, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the claims of texts: every number with its unit, measure, place, period and exact span.
    ///
    /// Reads .txt, .md, .html, .docx and .pdf with a text layer; folders are searched; `-` or nothing reads standard input.
    /// Needs no database and keeps nothing.
    Read(Read),
    /// Serve the pages; one process with an embedded database, or several before one PostgreSQL.
    Serve(Serve),
    /// Bring spreadsheets into the records of a programme: .xlsx, .xls, .ods, .csv.
    ///
    /// Columns are recognised by their headings, or read as those of a source were before. Rows that are wrong or doubtful are left
    /// out and counted; the rest is written in one change a sheet, which can be undone.
    Import(Import),
    /// Add documents to a programme and read them, as if they had been dropped in the browser.
    ImportDocuments(ImportDocuments),
    /// Write the records of a list into a spreadsheet, a CSV file or lines of JSON, as the list's own export does.
    Export(Export),
    /// Write the empty ledgers of an office as workbooks: fill them in and import them as they are. Needs no database.
    Templates(Templates),
    /// Write everything the database holds into one file, as of one moment, while the server runs.
    Backup(Backup),
    /// Fill an empty database from a backup; the backup may come from the other kind of database.
    Restore(Restore),
    /// Check the database, its totals and the tools beside it, and say what is wrong.
    Doctor(DatabaseOnly),
    /// Create, list and close accounts.
    User(User),
    /// Make a programme of invented records, for trying things out and for measuring.
    ///
    /// Regions are those of the invented example, names are nobody's, every record says that it is generated, and some hold
    /// mistakes on purpose. The same number and seed make the same data.
    Generate(Generate),
}

/// Where the data is.
#[derive(Debug, Args)]
pub struct DatabaseOnly {
    /// The database: `sqlite:PATH` (made when missing) or `postgres://USER@HOST/NAME`.
    #[arg(long, env = "LUODI_DATABASE", default_value = "sqlite:luodi.sqlite")]
    pub database: String,
}

#[derive(Debug, Args)]
pub struct Read {
    /// Files and folders; `-` is standard input.
    pub files: Vec<PathBuf>,
    /// One JSON object a line instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Day of publication (YYYY-MM-DD) against which 去年 or 截至11月底 are resolved; proposed from the text when not given.
    #[arg(long)]
    pub published: Option<jiff::civil::Date>,
    /// Region names to know (a file like `data/regions.tsv`); without it only the built-in lexicon is used.
    #[arg(long)]
    pub regions: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub database: DatabaseOnly,
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "LUODI_LISTEN", default_value = "127.0.0.1:8620")]
    pub listen: std::net::SocketAddr,
    /// Load the example programmes and named demo users on the first start, and show the demo users at sign-in.
    ///
    /// A later start without it closes the demo users who still have the demo's password.
    #[arg(long)]
    pub demo: bool,
    /// Let the demo listen on an address that other machines reach, though everybody knows its password.
    #[arg(long, requires = "demo")]
    pub demo_anywhere: bool,
    /// Folder of example programmes.
    #[arg(long, default_value = "examples")]
    pub examples: PathBuf,
    /// Folder of published reports to read into the first example programme on the first start.
    #[arg(long)]
    pub articles: Option<PathBuf>,
    /// Largest file that may be added, in megabytes.
    #[arg(long, env = "LUODI_UPLOAD_MB", default_value_t = 100)]
    pub upload_mb: u64,
    /// Send cookies over TLS only; set it when a proxy in front speaks HTTPS.
    #[arg(long, env = "LUODI_SECURE_COOKIES")]
    pub secure_cookies: bool,
    #[command(flatten)]
    pub sending: Sending,
}

/// What may leave this server: nothing, unless one of these says so.
#[derive(Debug, Args)]
pub struct Sending {
    /// Write weekly summaries as .eml files into this folder instead of sending mail, for trying.
    #[arg(long, env = "LUODI_MAIL_FOLDER")]
    pub mail_folder: Option<PathBuf>,
    /// Send weekly summaries by this server of mail: `smtps://USER:PASSWORD@HOST` or `smtp://HOST?tls=required`.
    ///
    /// The address holds a password: better in the variable than on the command line.
    #[arg(long, env = "LUODI_SMTP", hide_env_values = true)]
    pub smtp: Option<String>,
    /// The sender of mail, for example `Luodi <luodi@office.example>`.
    #[arg(long, env = "LUODI_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// An origin of robots that may be sent to, for example `https://qyapi.weixin.qq.com`; may be given several times.
    #[arg(long, env = "LUODI_ROBOT_ORIGIN", value_delimiter = ',')]
    pub robot_origin: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    pub database: DatabaseOnly,
    /// Code of the programme; may be left out when the database has only one.
    #[arg(long)]
    pub programme: Option<String>,
    /// Login of the user whose rights hold; the operator when not given.
    #[arg(long)]
    pub user: Option<String>,
    /// Code of the kind of records (`project`, `organisation` … or `figure`); recognised by the headings when not given.
    #[arg(long)]
    pub kind: Option<String>,
    /// Name under which the reading of the columns is kept, for the next sheet with the same headings.
    #[arg(long)]
    pub source: Option<String>,
    /// What to do with rows that are stored, and with those that are not.
    #[arg(long, value_enum, default_value_t = ModeArgument::Both)]
    pub mode: ModeArgument,
    /// Register enterprises that are named and not registered yet.
    #[arg(long)]
    pub register: bool,
    /// Take doubtful rows as new records instead of leaving them out.
    #[arg(long)]
    pub doubtful_as_new: bool,
    /// Only say what would be written.
    #[arg(long)]
    pub dry_run: bool,
    /// One JSON object a sheet instead of a line.
    #[arg(long)]
    pub json: bool,
    /// Spreadsheets to bring in.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// What an import does with rows that are stored, and with those that are not.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ModeArgument {
    /// Create records and update stored ones.
    Both,
    /// Create records only.
    Create,
    /// Update stored records only.
    Update,
}

impl ModeArgument {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Create => "create",
            Self::Update => "update",
        }
    }
}

#[derive(Debug, Args)]
pub struct ImportDocuments {
    #[command(flatten)]
    pub database: DatabaseOnly,
    /// Code of the programme; may be left out when the database has only one.
    #[arg(long)]
    pub programme: Option<String>,
    /// Accept every claim that is certain: measure word, place and period in one sentence, role actual.
    #[arg(long)]
    pub accept_certain: bool,
    /// Files and folders to add.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    pub database: DatabaseOnly,
    /// Code of the programme; may be left out when the database has only one.
    #[arg(long)]
    pub programme: Option<String>,
    /// Kind of record, as in the address of its list: project, organisation, agreement, park …
    #[arg(long)]
    pub kind: String,
    /// Filter, order and columns as in the address of the list, behind its `?`: `stage=signed&sort=-amount&columns=all`.
    ///
    /// `columns=all` writes every field, further names and links, so that the file can be imported again.
    #[arg(long, default_value = "")]
    pub filter: String,
    /// Format of the file.
    #[arg(long, value_enum, default_value_t = FormatArgument::Xlsx)]
    pub format: FormatArgument,
    /// File to write, in the place of one of this name; `-` is standard output.
    #[arg(long)]
    pub output: PathBuf,
    /// Login of the account whose rights hold; without it the operator's, who sees everything.
    #[arg(long)]
    pub user: Option<String>,
    /// Say afterwards what was written: `json` is one object with rows, bytes and SHA-256 (on standard error where the file
    /// goes to standard output).
    #[arg(long, value_enum)]
    pub report: Option<ReportArgument>,
}

/// Formats of files that go out.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FormatArgument {
    /// Excel workbook with a sheet that says how it was made.
    Xlsx,
    /// UTF-8 with byte order mark, safe to open in a spreadsheet.
    Csv,
    /// One JSON object a line, with codes as keys.
    Jsonl,
}

/// How a command says what it did.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ReportArgument {
    /// A JSON object.
    Json,
}

#[derive(Debug, Args)]
pub struct Templates {
    /// Folder to write into; made when missing.
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    pub database: DatabaseOnly,
    /// File to write; it must not exist yet.
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    pub database: DatabaseOnly,
    /// Backup to read.
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Generate {
    #[command(flatten)]
    pub database: DatabaseOnly,
    /// How many agreements; half as many organisations, about five times as many figures and all other records follow.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=500_000))]
    pub projects: u32,
    /// Another seed makes other data.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Code of the programme: a new one, or one that holds nothing yet; `generated-` and the seed when not given.
    #[arg(long)]
    pub programme: Option<String>,
}

#[derive(Debug, Args)]
pub struct User {
    #[command(flatten)]
    pub database: DatabaseOnly,
    #[command(subcommand)]
    pub command: UserCommand,
}

/// What to do with accounts. Passwords are read from standard input, never from the command line.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// List the accounts with their roles.
    List,
    /// Create an account; the password (10 characters or more) is the first line of standard input.
    Add {
        /// What is typed at sign-in.
        login: String,
        /// Name shown to others; the login when not given.
        #[arg(long)]
        name: Option<String>,
        /// Role of the account.
        #[arg(long, value_enum, default_value_t = RoleArgument::Office)]
        role: RoleArgument,
        #[command(flatten)]
        limits: Limits,
    },
    /// Give an account a further role.
    Grant {
        /// Login of the account.
        login: String,
        /// The role.
        #[arg(long, value_enum)]
        role: RoleArgument,
        #[command(flatten)]
        limits: Limits,
    },
    /// Set a new password (first line of standard input), lift the lock, end the sessions.
    Password {
        /// Login of the account.
        login: String,
    },
    /// Close an account and end its sessions.
    Disable {
        /// Login of the account.
        login: String,
    },
    /// Open a closed account again.
    Enable {
        /// Login of the account.
        login: String,
    },
}

/// Where a role holds.
#[derive(Debug, Args)]
pub struct Limits {
    /// Code of the programme; all programmes when not given.
    #[arg(long)]
    pub programme: Option<String>,
    /// Code of the region whose tree the role is limited to; the role `region` needs one.
    #[arg(long, requires = "programme")]
    pub region: Option<String>,
    /// Code of the office whose team the user belongs to.
    #[arg(long, requires = "programme")]
    pub office: Option<String>,
    /// Code of the park or organisation that the role `park` or `enterprise` speaks for.
    #[arg(long, requires = "programme")]
    pub record: Option<String>,
}

impl Limits {
    /// As the application takes them.
    pub fn role(&self) -> app::NewRole<'_> {
        app::NewRole {
            programme: self.programme.as_deref(),
            region: self.region.as_deref(),
            office: self.office.as_deref(),
            record: self.record.as_deref(),
        }
    }
}

/// Roles as the command line names them.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RoleArgument {
    /// Reads.
    Reader,
    /// Adds documents, decides claims, enters figures.
    Office,
    /// Also reviews what others entered.
    Reviewer,
    /// Also approves.
    Approver,
    /// Works on the records of one region.
    Region,
    /// Works on one park.
    Park,
    /// Sees what is open to enterprises, keeps its needs.
    Enterprise,
    /// Keeps accounts; edits no business data.
    System,
    /// Reads accounts, confirms roles that need a second person; edits no business data.
    Security,
    /// Reads the audit; edits no business data.
    Audit,
}

impl From<RoleArgument> for app::Role {
    fn from(role: RoleArgument) -> Self {
        match role {
            RoleArgument::Reader => Self::Reader,
            RoleArgument::Office => Self::Office,
            RoleArgument::Reviewer => Self::Reviewer,
            RoleArgument::Approver => Self::Approver,
            RoleArgument::Region => Self::Region,
            RoleArgument::Park => Self::Park,
            RoleArgument::Enterprise => Self::Enterprise,
            RoleArgument::System => Self::System,
            RoleArgument::Security => Self::Security,
            RoleArgument::Audit => Self::Audit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::CommandFactory;

    fn undocumented(command: &clap::Command, found: &mut Vec<String>) {
        for argument in command.get_arguments().filter(|argument| argument.get_help().is_none()) {
            found.push(format!("{} {}", command.get_name(), argument.get_id()));
        }
        for inner in command.get_subcommands() {
            if inner.get_about().is_none() {
                found.push(inner.get_name().to_owned());
            }
            undocumented(inner, found);
        }
    }

    #[test]
    fn every_command_and_option_is_documented() {
        let mut found = Vec::new();
        let command = Arguments::command();
        command.clone().debug_assert();
        undocumented(&command, &mut found);
        assert!(found.is_empty(), "no help for {found:?}");
    }
}
