//! The audit of a programme's settings, and what undoing a change puts back there.

use super::regions::{crowded, refuse_used};
use crate::App;
use crate::access::{Actor, Right};
use crate::error::{Error, Result};
use crate::undo::{AUDIT_PAGE, AuditEntry, is_lasting};
use serde_json::Value;
use store::{AidShare, Change, ChangeItem, ProgrammeRegion, Stage, Tx};

/// The tables of a programme's settings, whose rows the audit names by their key.
const TABLES: &[&str] = &["setting", "programme_region", "programme_name", "stage", "label", "aid_share"];

/// Whether a table belongs to the settings of a programme.
pub(crate) fn is_setting(entity: &str) -> bool {
    TABLES.contains(&entity)
}

impl App {
    /// The audit of a programme's settings, newest first: [`AUDIT_PAGE`] changes below the id `before`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may not see audits.
    pub async fn setting_audit(
        &self,
        actor: &Actor,
        programme: i64,
        before: Option<i64>,
    ) -> Result<Vec<AuditEntry>> {
        actor.require(programme, Right::ViewAudit)?;
        let may_undo = actor.may(programme, Right::Undo) && actor.may(programme, Right::ManageSettings);
        let mut tx = self.db.read().await?;
        let mut entries = Vec::new();
        for change in store::change_list_of_settings(&mut tx, programme, before, AUDIT_PAGE).await? {
            let mut items = store::change_item_list(&mut tx, change.id).await?;
            items.retain(|item| is_setting(&item.entity));
            let undoable = may_undo && change.undone_by.is_none() && !is_lasting(&change.kind);
            entries.push(AuditEntry { change, items, undoable });
        }
        Ok(entries)
    }
}

/// Puts rows of settings back as they stood.
pub(crate) async fn put_back(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    items: &[&ChangeItem],
) -> Result<()> {
    let programme = change.programme.ok_or(Error::NotUndoable)?;
    actor.require(programme, Right::ManageSettings)?;
    for item in items {
        put_back_row(tx, change, programme, item).await?;
    }
    if crowded(tx, programme).await?.is_empty() {
        Ok(())
    } else {
        Err(Error::Superseded(vec!["programme_region.tile".into()]))
    }
}

async fn put_back_row(tx: &mut Tx, change: &Change, programme: i64, item: &ChangeItem) -> Result<()> {
    let (key, before) = (item.field.as_str(), item.before.as_ref());
    match (item.entity.as_str(), before) {
        (_, _) if key == "*" => return Err(Error::NotUndoable),
        ("setting", Some(value)) => {
            let value = value.as_str().ok_or(Error::NotUndoable)?;
            store::setting_set(tx, change, Some(programme), key, value).await?;
        }
        ("setting", None) => store::setting_remove(tx, change, key).await?,
        ("programme_region", before) => {
            let region = store::region_by_code(tx, key).await?.id;
            if before.is_none() {
                refuse_used(tx, programme, region).await?;
            }
            let part = before.map(|json| ProgrammeRegion::from_json(json).ok_or(Error::NotUndoable));
            store::programme_region_set(tx, change, (region, key), part.transpose()?.as_ref()).await?;
        }
        ("programme_name", before) => {
            let region = before.and_then(|json| json.get("region")?.as_i64());
            store::programme_name_set(tx, change, key, region).await?;
        }
        ("stage", before) => {
            let stage = before.map(|json| Stage::from_json(key, json).ok_or(Error::NotUndoable));
            store::stage_set(tx, change, key, stage.transpose()?.as_ref()).await?;
        }
        ("aid_share", before) => {
            let rule = before.map(|json| AidShare::from_json(key, json).ok_or(Error::NotUndoable));
            store::aid_share_set(tx, change, key, rule.transpose()?.as_ref()).await?;
        }
        (_, before) => {
            let choice = key.split_once('.').ok_or(Error::NotUndoable)?;
            let word = |json: &Value, of: &str| json.get(of).and_then(Value::as_str).map(str::to_owned);
            let words = before.and_then(|json| word(json, "zh").zip(word(json, "en")));
            let words = words.as_ref().map(|(zh, en)| (zh.as_str(), en.as_str()));
            store::label_set(tx, change, choice, words).await?;
        }
    }
    Ok(())
}
