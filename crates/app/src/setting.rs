//! Settings: of a programme, kept by its approvers; of the installation, kept by who runs it.

mod aid_shares;
mod history;
mod labels;
mod regions;
mod rows;
mod stages;

pub use aid_shares::AidShareInput;
pub(crate) use history::{is_setting, put_back};
pub use regions::{RegionInput, RegionPart};
pub use rows::SettingRows;
pub use stages::StageInput;
pub(crate) use stages::{keep as keep_stages, stages as stage_list};

use crate::access::{Actor, Right, Role};
use crate::entry::{Problem, RELEASE_DAYS, release_days};
use crate::error::{Error, Result};
use crate::project::LIGHT_SETTINGS;
use crate::project::light::threshold;
use crate::summary::{WEEKLY_DAY, WEEKLY_HOUR, weekly};
use crate::{App, change, factor};
use rows::{Row, changed, refuse};
use serde_json::json;
use store::Tx;

/// The setting that says whether pages and exports of a programme bear the user's name and the time: `on` or `off`.
pub const WATERMARK: &str = "watermark";
/// The setting that says in which unit amounts are typed unless somebody chooses another: `wan` or `yi`.
pub const AMOUNT_UNIT: &str = "amount_unit";
/// The setting that names, by code and separated by commas, the roles that need a second factor.
pub const FACTOR_ROLES: &str = factor::REQUIRED;

/// Whether a value can be taken for a setting.
fn is_valid(key: &str, value: &str) -> Option<bool> {
    match key {
        WATERMARK => Some(matches!(value, "on" | "off")),
        RELEASE_DAYS => Some(release_days(value).is_some()),
        key if LIGHT_SETTINGS.contains(&key) => Some(threshold(key, value).is_some()),
        AMOUNT_UNIT => Some(matches!(value, "wan" | "yi")),
        WEEKLY_DAY | WEEKLY_HOUR => Some(weekly(key, value).is_some()),
        factor::REQUIRED => {
            let mut roles = value.split(',').map(str::trim).filter(|code| !code.is_empty());
            Some(roles.all(|code| Role::from_code(code).is_some()))
        }
        _ => None,
    }
}

impl App {
    /// Sets a setting of a programme, or of the installation.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep it; [`Error::Invalid`] for an unknown key or a value it cannot take.
    pub async fn setting_set(
        &self,
        actor: &Actor,
        programme: Option<i64>,
        key: &'static str,
        value: &str,
    ) -> Result<()> {
        match programme {
            Some(programme) => actor.require(programme, Right::ManageSettings)?,
            None => actor.require_everywhere(Right::Operate)?,
        }
        if is_valid(key, value) != Some(true) {
            return Err(Error::Invalid { field: key, problem: "unknown" });
        }
        let mut tx = self.db.write().await?;
        let change = change::open(&mut tx, actor, programme, "settings-switches", None).await?;
        store::setting_set(&mut tx, &change, programme, key, value).await?;
        Ok(tx.commit().await?)
    }

    /// The settings of a programme that somebody set, each with its key.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn setting_switches(
        &self,
        actor: &Actor,
        programme: i64,
    ) -> Result<SettingRows<(String, String)>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let rows = store::setting_list(&mut tx, Some(programme)).await?;
        let version = store::change_last_of_rows(&mut tx, "setting", programme).await?;
        Ok(SettingRows { rows, version })
    }

    /// Saves settings of a programme, by key; an empty one becomes one that nobody set.
    ///
    /// # Errors
    /// [`Error::Form`] naming the keys.
    pub async fn setting_switches_save(
        &self,
        actor: &Actor,
        programme: i64,
        version: i64,
        switches: &[(&str, String)],
    ) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let wrong = |(key, value): &&(&str, String)| !value.is_empty() && is_valid(key, value) != Some(true);
        let wrong = switches.iter().filter(wrong);
        let problem = |key: &str| match key {
            RELEASE_DAYS => "days",
            WEEKLY_DAY | WEEKLY_HOUR => "weekly",
            key if LIGHT_SETTINGS.contains(&key) => "threshold",
            _ => "unknown",
        };
        refuse(wrong.map(|(key, _)| Problem::new(key, problem(key))).collect())?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let now = store::setting_list(&mut tx, Some(programme)).await?;
        let row = |(key, value): &(&str, String)| {
            let now = now.iter().find(|(of, _)| of == key).map(|(_, value)| json!(value));
            let typed = (!value.is_empty()).then(|| json!(value));
            Row { key: (*key).to_owned(), field: (*key).to_owned(), typed, now }
        };
        let rows: Vec<Row> = switches.iter().map(row).collect();
        let write = changed(&mut tx, "setting", programme, version, &rows).await?;
        if write.is_empty() {
            return Ok(());
        }
        let change = change::open(&mut tx, actor, Some(programme), "settings-switches", None).await?;
        for (key, value) in write.into_iter().map(|at| &switches[at]) {
            if value.is_empty() {
                store::setting_remove(&mut tx, &change, key).await?;
            } else {
                store::setting_set(&mut tx, &change, Some(programme), key, value).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// A setting of a programme, or of the installation; none while nobody set it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn setting(&self, actor: &Actor, programme: Option<i64>, key: &str) -> Result<Option<String>> {
        if let Some(programme) = programme {
            actor.require(programme, Right::View)?;
        }
        let mut tx = self.db.read().await?;
        Ok(store::setting_get(&mut tx, programme, key).await?)
    }

    /// Whether pages and exports of a programme bear the user's name and the time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_watermark(&self, actor: &Actor, programme: i64) -> Result<bool> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        watermark(&mut tx, programme).await
    }
}

pub(crate) async fn watermark(tx: &mut Tx, programme: i64) -> Result<bool> {
    Ok(store::setting_get(tx, Some(programme), WATERMARK).await?.as_deref() == Some("on"))
}
