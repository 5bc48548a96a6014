//! Records that are stored twice: the pairs that may be the same, and the merge of two.

use askama::Template;

use crate::{Link, Shell, page};

/// The pairs of a kind that may be the same, the likeliest first.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "duplicates.html")]
pub struct DuplicatePairs {
    pub shell: Shell,
    pub crumbs: Vec<Link>,
    /// The kinds of records, each with whether it is the one shown.
    pub kinds: Vec<(Link, bool)>,
    pub rows: Vec<DuplicatePair>,
    pub next: Option<String>,
}

/// Two records that may be the same.
#[derive(Debug, Clone, Default)]
pub struct DuplicatePair {
    pub left: MergeSide,
    pub right: MergeSide,
    /// What speaks for it: `信用代码相同`, `简称相同`.
    pub reasons: Vec<String>,
    /// The merge's preview; None where this user may not merge.
    pub merge: Option<String>,
    /// Where 不是同一个 is sent, with `hidden`; None where this user may not.
    pub different: Option<String>,
    pub hidden: Vec<(String, String)>,
}

/// One of two records.
#[derive(Debug, Clone, Default)]
pub struct MergeSide {
    pub record: Link,
    pub code: String,
    /// One line about it: kind, region, credit code.
    pub facts: String,
    /// Who entered it and when; may be empty.
    pub entered: String,
}

/// What a merge would do: POST `action` with `field_{name}` = `keep` or `other` for each field that differs, `reason`
/// and `hidden`. The record on the left stays; the other leads to it from then on; one change, which can be undone.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "merge.html")]
pub struct MergePreview {
    pub shell: Shell,
    pub crumbs: Vec<Link>,
    pub keep: MergeSide,
    pub other: MergeSide,
    pub fields: Vec<MergeField>,
    /// What goes over from the other record.
    pub moves: Vec<MergeMove>,
    /// Why it cannot be done; empty where it can.
    pub obstacles: Vec<String>,
    pub action: String,
    /// This page with the records changed round.
    pub swap: String,
    /// The versions of both records.
    pub hidden: Vec<(String, String)>,
    pub reason: String,
    /// What is wrong with the reason; may be empty.
    pub reason_error: String,
    /// Where giving up leads.
    pub cancel: String,
}

/// A field of both records as people read it; empty is unknown.
#[derive(Debug, Clone, Default)]
pub struct MergeField {
    pub name: String,
    pub label: String,
    pub keep: String,
    pub other: String,
    /// The other's value is chosen: proposed where only it is known.
    pub take_other: bool,
}

/// How many of something go over: `数据` 12, `资料` 3, `别名` 1.
#[derive(Debug, Clone, Default)]
pub struct MergeMove {
    pub label: String,
    pub count: usize,
    /// Where they are listed.
    pub href: Option<String>,
}

impl MergeField {
    pub(crate) fn same(&self) -> bool {
        self.keep == self.other
    }
}

page!(DuplicatePairs, MergePreview);
