//! What a programme calls the choices of its records.

use super::rows::{Row, SettingRows, changed, refuse, word};
use crate::access::{Actor, Right};
use crate::error::{Error, Result};
use crate::{App, change};
use domain::record::choice_of;
use store::Label;

impl App {
    /// The choices for which a programme has words of its own.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn setting_labels(&self, actor: &Actor, programme: i64) -> Result<SettingRows<Label>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let rows = store::label_list(&mut tx, programme).await?;
        let version = store::change_last_of_rows(&mut tx, "label", programme).await?;
        Ok(SettingRows { rows, version })
    }

    /// Saves words for choices. Where nothing is typed, or what the choice is called anyway, it keeps its own words.
    ///
    /// # Errors
    /// [`Error::Form`] naming the fields: `zh_LIST.CODE`, `en_LIST.CODE`.
    pub async fn setting_labels_save(
        &self,
        actor: &Actor,
        programme: i64,
        version: i64,
        rows: &[Label],
    ) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let now = store::label_list(&mut tx, programme).await?;
        let (mut sent, mut typed, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let choice = choice_of(&row.list, &row.code).ok_or(Error::NotFound)?;
            let key = format!("{}.{}", row.list, row.code);
            let or = |text: &str, own: &str| if text.trim().is_empty() { own } else { text }.to_owned();
            let zh = word(&format!("zh_{key}"), &or(&row.zh, choice.zh), &mut problems);
            let en = word(&format!("en_{key}"), &or(&row.en, choice.en), &mut problems);
            let label = Label { zh, en, ..row.clone() };
            let is_own = label.zh == choice.zh && label.en == choice.en;
            let stands = now.iter().find(|of| of.list == row.list && of.code == row.code);
            let (field, now) = (format!("zh_{key}"), stands.map(Label::to_json));
            sent.push(Row { key, field, typed: (!is_own).then(|| label.to_json()), now });
            typed.push((label, is_own));
        }
        refuse(problems)?;
        let write = changed(&mut tx, "label", programme, version, &sent).await?;
        if write.is_empty() {
            return Ok(());
        }
        let change = change::open(&mut tx, actor, Some(programme), "settings-labels", None).await?;
        for at in write {
            let (label, is_own) = &typed[at];
            let words = (!is_own).then_some((label.zh.as_str(), label.en.as_str()));
            store::label_set(&mut tx, &change, (&label.list, &label.code), words).await?;
        }
        Ok(tx.commit().await?)
    }
}
