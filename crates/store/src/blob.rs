//! Bytes of documents, kept once per digest in chunks, so that a large file never stands in memory whole.

use crate::db::{Tx, params};
use crate::error::{Error, Result};

statements! {
    INSERT = "INSERT INTO blob (digest, size_bytes, media_type) VALUES ($1, $2, $3)
        ON CONFLICT (digest) DO UPDATE SET size_bytes = excluded.size_bytes, media_type = excluded.media_type
        WHERE blob.size_bytes = 0 AND excluded.size_bytes > 0";
    INSERT_CHUNK = "INSERT INTO blob_chunk (digest, seq, bytes) VALUES ($1, $2, $3)";
    GET = "SELECT size_bytes, media_type FROM blob WHERE digest = $1";
    ERASE = "DELETE FROM blob_chunk WHERE digest = $1";
    ERASED = "UPDATE blob SET size_bytes = 0 WHERE digest = $1";
    CHUNK = "SELECT bytes FROM blob_chunk WHERE digest = $1 AND seq = $2";
}

/// Size of a chunk in bytes.
pub const BLOB_CHUNK_BYTES: usize = 1 << 20;

/// What is known of stored bytes.
#[derive(Debug, Clone)]
pub struct Blob {
    /// Size in bytes.
    pub size_bytes: i64,
    /// Media type to serve them with.
    pub media_type: String,
}

/// Stores what a reader gives under its digest, unless it is there already.
///
/// # Errors
/// When reading or writing fails.
pub async fn blob_insert(
    tx: &mut Tx,
    digest: &str,
    media_type: &str,
    size_bytes: i64,
    reader: &mut (dyn std::io::Read + Send),
) -> Result<()> {
    // Who stores the same bytes at the same time waits here, and has nothing left to do.
    if tx.execute(INSERT, params![digest, size_bytes, media_type]).await? == 0 {
        return Ok(());
    }
    for seq in 0_i64.. {
        let mut chunk = Vec::new();
        std::io::Read::read_to_end(
            &mut std::io::Read::take(&mut *reader, BLOB_CHUNK_BYTES as u64),
            &mut chunk,
        )?;
        if chunk.is_empty() {
            break;
        }
        tx.execute(INSERT_CHUNK, params![digest, seq, chunk]).await?;
    }
    Ok(())
}

/// What is known of the bytes with this digest.
///
/// # Errors
/// [`Error::NotFound`] when there are none.
pub async fn blob_get(tx: &mut Tx, digest: &str) -> Result<Blob> {
    let row = tx.one(GET, params![digest]).await?;
    Ok(Blob { size_bytes: row.int(0)?, media_type: row.text(1)? })
}

/// One chunk of the bytes, none past the end.
///
/// # Errors
/// When the database fails.
pub async fn blob_chunk(tx: &mut Tx, digest: &str, seq: i64) -> Result<Option<Vec<u8>>> {
    tx.optional(CHUNK, params![digest, seq]).await?.map(|row| row.bytes(0)).transpose()
}

/// Copies stored bytes to a writer, chunk by chunk.
///
/// # Errors
/// [`Error::NotFound`] when there are none; otherwise when reading or writing fails.
pub async fn blob_copy(tx: &mut Tx, digest: &str, writer: &mut (dyn std::io::Write + Send)) -> Result<()> {
    let blob = blob_get(tx, digest).await?;
    let mut copied = 0_i64;
    for seq in 0_i64.. {
        let Some(chunk) = blob_chunk(tx, digest, seq).await? else { break };
        writer.write_all(&chunk)?;
        copied += i64::try_from(chunk.len()).unwrap_or(i64::MAX);
    }
    if copied == blob.size_bytes { Ok(()) } else { Err(Error::Damaged(format!("{digest} is cut short"))) }
}

/// Erases bytes that must not be kept; their digest stays known.
///
/// # Errors
/// When the database fails.
pub async fn blob_erase(tx: &mut Tx, digest: &str) -> Result<()> {
    tx.execute(ERASE, params![digest]).await?;
    tx.execute(ERASED, params![digest]).await?;
    Ok(())
}
