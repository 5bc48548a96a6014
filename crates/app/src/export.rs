//! Taking lists out as files: exactly the filter's rows, all of them, page by page.

use crate::App;
use crate::access::{Actor, Right};
use crate::error::{Error, Result};
use sheets::{About, Cell, Column, CsvWriter, SheetWriter, XlsxWriter};
use std::fs::File;
use std::io::BufWriter;
use store::{FigureFilter, FigureRow};

const PAGE: i64 = 1_000;

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Excel workbook with a second sheet that says how it was made.
    Xlsx,
    /// UTF-8 with byte order mark.
    Csv,
}

impl App {
    /// Writes the figures of a filter into a temporary file, the newest first. The words come from the caller: the
    /// columns, what the second sheet of a workbook says, and how a figure becomes cells.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may not export; when reading or writing fails.
    pub async fn figure_export(
        &self,
        actor: &Actor,
        programme: i64,
        filter: &FigureFilter,
        format: ExportFormat,
        (columns, about): (&[Column], About),
        cells: &(dyn Fn(&FigureRow) -> Vec<Cell> + Send + Sync),
    ) -> Result<File> {
        actor.require(programme, Right::Export)?;
        let mark = about.mark.clone();
        let file = tempfile::tempfile()?;
        let target = BufWriter::new(file.try_clone()?);
        let failed = |error: sheets::SheetError| Error::from(std::io::Error::other(error));
        let mut writer: Box<dyn SheetWriter + Send> = match format {
            ExportFormat::Xlsx => Box::new(XlsxWriter::new(target, columns, about).map_err(failed)?),
            ExportFormat::Csv => Box::new(CsvWriter::new(target, columns).map_err(failed)?),
        };
        let mut tx = self.db.read().await?;
        let filter = &FigureFilter { reach: actor.reach_for(programme, Right::Export), ..filter.clone() };
        let mut before = None;
        loop {
            let rows = store::figure_list(&mut tx, programme, filter, before, PAGE).await?;
            for row in &rows {
                writer.row(&cells(row)).map_err(failed)?;
            }
            before = rows.last().map(|row| row.figure.id);
            if before.is_none() {
                break;
            }
        }
        if format == ExportFormat::Csv && !mark.is_empty() {
            let mut last = vec![Cell::Empty; columns.len()];
            if let Some(cell) = last.first_mut() {
                *cell = Cell::Text(mark);
            }
            writer.row(&last).map_err(failed)?;
        }
        writer.finish().map_err(failed)?;
        let mut file = file;
        std::io::Seek::rewind(&mut file)?;
        Ok(file)
    }
}
