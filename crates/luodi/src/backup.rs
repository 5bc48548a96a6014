//! `luodi backup` and `luodi restore`.

use crate::args::{Backup, Restore};
use crate::message::language;
use crate::{Outcome, now, open};
use app::Actor;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Write};
use std::process::ExitCode;

/// Writes the backup beside its final name and renames it, so that a file of that name is always whole.
pub async fn write(args: &Backup) -> Outcome {
    let path = &args.file;
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    if path.exists() {
        return Err(language().cli_backup_exists(path.display()));
    }
    let app = open(&args.database.database).await?;
    let part = path.with_extension("part");
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(&part).map_err(failed)?;
    let mut writer = BufWriter::new(file);
    app.backup(&Actor::operator(now()), &mut writer).await.map_err(|error| error.to_string())?;
    writer.flush().map_err(failed)?;
    writer.get_ref().sync_all().map_err(failed)?;
    std::fs::rename(&part, path).map_err(failed)?;
    println!("{}", path.display());
    Ok(ExitCode::SUCCESS)
}

/// Fills an empty database.
pub async fn restore(args: &Restore) -> Outcome {
    let file = File::open(&args.file).map_err(|error| format!("{}: {error}", args.file.display()))?;
    let app = open(&args.database.database).await?;
    let restored = app.restore(&Actor::operator(now()), &mut BufReader::new(file)).await;
    restored.map_err(|error| match error {
        app::Error::Conflict => language().cli_restore_not_empty().to_owned(),
        error => format!("{}: {error}", args.file.display()),
    })?;
    println!("{}", language().cli_restored(&args.database.database));
    app.close().await;
    Ok(ExitCode::SUCCESS)
}
