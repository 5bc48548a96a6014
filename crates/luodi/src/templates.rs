//! `luodi templates`: the empty ledgers as workbooks.

use crate::args::Templates;
use crate::{Outcome, message};
use std::process::ExitCode;

/// Writes every ledger into the folder.
pub fn run(args: &Templates) -> Outcome {
    std::fs::create_dir_all(&args.folder).map_err(|error| error.to_string())?;
    for template in app::template_list() {
        let bytes = template.workbook().map_err(|error| message::of(&error))?;
        let file = args.folder.join(format!("{}.xlsx", template.name));
        std::fs::write(&file, bytes).map_err(|error| format!("{}: {error}", file.display()))?;
        println!("{}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}
