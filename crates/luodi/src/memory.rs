//! How the system's allocator is set, which it asks before a program runs: left to itself it keeps what a large file took
//! for a moment (three times as much memory, measured in docs/PERFORMANCE.md).

use std::os::unix::process::CommandExt;
use std::process::Command;

/// Few arenas, and large blocks straight from the system and back to it. Only the C library of GNU reads these.
const SETTINGS: [(&str, &str); 3] =
    [("MALLOC_ARENA_MAX", "2"), ("MALLOC_MMAP_THRESHOLD_", "262144"), ("MALLOC_TRIM_THRESHOLD_", "262144")];

/// Starts this program again in the same process with the allocator set, unless it is set already. Goes on as it is
/// where that fails.
pub fn set_allocator() {
    if !cfg!(target_env = "gnu") || SETTINGS.iter().any(|(name, _)| std::env::var_os(name).is_some()) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let arguments: Vec<_> = std::env::args_os().collect();
    let Some((name, rest)) = arguments.split_first() else { return };
    // Only a failure comes back.
    let _ = Command::new(program).arg0(name).args(rest).envs(SETTINGS).exec();
}
