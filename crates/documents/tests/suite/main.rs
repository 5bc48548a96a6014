//! The crate as its callers see it: files in, text or a refusal out.

// The setting in clippy.toml covers test functions, not the helpers beside them.
#![allow(clippy::unwrap_used)]

mod articles;
mod docx;
mod files;
mod hidden;
mod made;
