//! Settings: of a programme, kept by its approvers; of the installation, kept by who runs it.

use crate::access::{Actor, Right, Role};
use crate::entry::{RELEASE_DAYS, release_days};
use crate::error::{Error, Result};
use crate::{App, change, factor};

/// Whether pages and exports of a programme bear the user's name and the time.
const WATERMARK: &str = "watermark";

/// Whether a value can be taken for a setting.
fn is_valid(key: &str, value: &str) -> Option<bool> {
    match key {
        WATERMARK => Some(matches!(value, "on" | "off")),
        RELEASE_DAYS => Some(release_days(value).is_some()),
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
        let change = change::open(&mut tx, actor, programme, "setting", None).await?;
        store::setting_set(&mut tx, &change, programme, key, value).await?;
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
        Ok(self.setting(actor, Some(programme), WATERMARK).await?.as_deref() == Some("on"))
    }
}
