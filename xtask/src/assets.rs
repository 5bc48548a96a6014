//! `cargo xtask assets`: the front end, built by esbuild and checked by tsc.

use crate::needs::{self, Need};
use crate::npm;
use crate::run::{Outcome, root, run};

/// Builds and type-checks.
pub fn assets() -> Outcome {
    build()?;
    check()
}

/// Builds the bundle that the binary embeds.
pub fn build() -> Outcome {
    needs::require(&[Need::Node])?;
    let folder = root().join("assets");
    npm::install(&folder)?;
    run(&mut npm::script(&folder, "build"))
}

/// Checks the types, after [`build`].
pub fn check() -> Outcome {
    run(&mut npm::script(&root().join("assets"), "check"))
}
