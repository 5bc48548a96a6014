//! Names every statement, so that a test prepares each of them on both databases.

/// Declares statements as constants and lists them in `ALL`.
macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(const $name: &str = $sql;)*
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

/// The statements of every module. The test below fails when a module is missing.
#[cfg(test)]
pub(crate) fn all() -> Vec<(&'static str, &'static [(&'static str, &'static str)])> {
    macro_rules! modules {
        ($($module:ident),*) => { vec![$((stringify!($module), crate::$module::ALL)),*] };
    }
    modules![
        aid_share,
        backup,
        blob,
        bulk,
        bulk_filing,
        change,
        claim,
        contact,
        different,
        document,
        enclave,
        entry,
        evidence,
        factor,
        figure,
        filing,
        filing_figure,
        import,
        job,
        key,
        label,
        lead,
        light,
        link,
        many,
        merge,
        notice,
        outgoing,
        party,
        pending,
        programme,
        project_claim,
        put_back,
        reach,
        record,
        region,
        relation,
        reporting,
        search,
        session,
        setting,
        shared,
        stage,
        status,
        tally,
        task,
        user,
        view
    ]
}

#[cfg(test)]
mod tests {
    use super::all;
    use crate::db::testing;

    #[test]
    fn every_module_with_statements_is_listed() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let listed: Vec<_> = all().into_iter().map(|(module, _)| module.to_owned()).collect();
        for entry in std::fs::read_dir(folder).expect("the sources are here") {
            let path = entry.expect("readable").path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let module = path.file_stem().expect("a name").to_string_lossy().into_owned();
            if text.contains("\nstatements! {") {
                assert!(listed.contains(&module), "{module} declares statements but is not listed");
            }
        }
    }

    #[tokio::test]
    async fn every_statement_is_understood_by_both_databases() {
        for db in testing::databases().await {
            for (module, statements) in all() {
                for (name, sql) in statements {
                    db.prepare(sql)
                        .await
                        .unwrap_or_else(|error| panic!("{module}::{name} on {db:?}: {error}"));
                }
            }
        }
    }
}
