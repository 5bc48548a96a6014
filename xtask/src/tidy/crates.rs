//! Which crate may use which: domain ← store, reading, matching, sheets, documents ← app ← web ← luodi.

use serde_json::Value;

use super::Complaint;

/// What each crate may use of the others. `luodi` and `benches` may use all; a crate not listed may use none.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("locale", &[]),
    ("store", &["domain"]),
    ("reading", &["domain"]),
    ("matching", &["domain"]),
    ("sheets", &["domain"]),
    ("documents", &["domain"]),
    ("pages", &["locale"]),
    ("app", &["domain", "store", "reading", "matching", "sheets", "documents"]),
    ("web", &["app", "pages", "locale", "domain"]),
];
const MAY_USE_ALL: &[&str] = &["luodi", "benches"];

/// Libraries that one crate keeps to itself, so that no other knows SQL, HTTP or templates.
const KEPT: &[(&str, &[&str])] =
    &[("sqlx", &["store"]), ("axum", &["web", "luodi", "benches"]), ("askama", &["pages"])];

/// One dependency of one crate of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub struct Dependency {
    from: String,
    to: String,
    /// `to` lies in the workspace.
    own: bool,
    /// Only tests use it.
    dev: bool,
}

/// The dependencies that `cargo metadata --no-deps` lists.
pub fn dependencies(metadata: &Value) -> Vec<Dependency> {
    let mut found = Vec::new();
    for package in members(&metadata["packages"]) {
        for dependency in members(&package["dependencies"]) {
            found.push(Dependency {
                from: text(&package["name"]),
                to: text(&dependency["name"]),
                own: dependency["path"].is_string(),
                dev: dependency["kind"] == "dev",
            });
        }
    }
    found
}

fn members(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}

/// Complaints about dependencies against the direction.
pub fn check(dependencies: &[Dependency]) -> Vec<Complaint> {
    let broken = dependencies.iter().filter(|dependency| !is_allowed(dependency));
    broken
        .map(|Dependency { from, to, .. }| Complaint {
            place: format!("crate {from}"),
            message: format!("must not use {to}"),
        })
        .collect()
}

fn is_allowed(Dependency { from, to, own, dev }: &Dependency) -> bool {
    let (from, to) = (from.as_str(), to.as_str());
    if let Some((_, keepers)) = KEPT.iter().find(|(library, _)| *library == to) {
        return keepers.contains(&from);
    }
    if !own || *dev || MAY_USE_ALL.contains(&from) {
        return true;
    }
    DIRECTIONS.iter().any(|(name, may_use)| *name == from && may_use.contains(&to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(from: &str, to: &str, own: bool) -> Dependency {
        Dependency { from: from.into(), to: to.into(), own, dev: false }
    }

    #[test]
    fn metadata_tells_own_crates_by_their_path() {
        let metadata = serde_json::json!({"packages": [{"name": "app", "dependencies": [
            {"name": "store", "path": "crates/store", "kind": null},
            {"name": "tempfile", "kind": "dev"},
        ]}]});
        let expected = [
            dependency("app", "store", true),
            Dependency { dev: true, ..dependency("app", "tempfile", false) },
        ];
        assert_eq!(dependencies(&metadata), expected);
    }

    #[test]
    fn dependencies_point_one_way() {
        for (from, to) in [("app", "store"), ("web", "app"), ("luodi", "reading"), ("pages", "locale")] {
            assert!(check(&[dependency(from, to, true)]).is_empty(), "{from} may use {to}");
        }
        for (from, to) in [("store", "reading"), ("web", "store"), ("pages", "domain"), ("new", "domain")] {
            assert_eq!(check(&[dependency(from, to, true)]).len(), 1, "{from} must not use {to}");
        }
    }

    #[test]
    fn only_the_store_knows_sqlx_and_only_the_web_knows_axum() {
        assert!(check(&[dependency("store", "sqlx", false)]).is_empty());
        assert_eq!(check(&[dependency("app", "sqlx", false), dependency("app", "axum", false)]).len(), 2);
    }
}
