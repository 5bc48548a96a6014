//! The shares of its aid money that a programme keeps.

use super::rows::{Row, SettingRows, changed, refuse, word};
use crate::access::{Actor, Right};
use crate::entry::Problem;
use crate::error::{Error, Result};
use crate::{App, change};
use domain::Decimal;
use domain::aid::AidStep;
use domain::record::{FieldInfo, FieldType};
use store::AidShare;

/// A share to keep as a form sends it.
#[derive(Debug, Clone, Default)]
pub struct AidShareInput {
    /// Its code; empty where it is added.
    pub code: String,
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// Code of the step.
    pub step: String,
    /// The least share in per cent.
    pub minimum: String,
    /// Choices that count, each with its field: `category.housing`; all of one field.
    pub choices: Vec<String>,
}

impl AidShareInput {
    /// The rule, as far as it can be taken.
    pub(crate) fn rule(&self, end: &str, problems: &mut Vec<Problem>) -> Option<AidShare> {
        let field = |name: &str| format!("{name}{end}");
        let zh = word(&field("zh"), &self.zh, problems);
        let en = word(&field("en"), &self.en, problems);
        let step = AidStep::from_code(&self.step);
        if step.is_none() {
            problems.push(Problem::new(&field("step"), "missing"));
        }
        let minimum =
            percent(&self.minimum).map_err(|code| problems.push(Problem::new(&field("minimum"), code))).ok();
        let chosen =
            chosen(&self.choices).map_err(|code| problems.push(Problem::new(&field("choices"), code))).ok();
        let ((of, choices), code) = (chosen?, self.code.clone());
        Some(AidShare { code, zh, en, step: step?, minimum: minimum?, field: of, choices })
    }
}

/// A percentage in hundredths of a per cent, from 0 to 100.
fn percent(text: &str) -> std::result::Result<i64, &'static str> {
    let text = text.trim().trim_end_matches(['%', '％']).trim_end();
    if text.is_empty() {
        return Err("missing");
    }
    let number = domain::quantity::typed_number(text).ok_or("number")?;
    let fine = number.checked_mul(Decimal::ONE_HUNDRED).ok_or("over-hundred")?;
    if number.is_sign_negative() {
        return Err("negative");
    }
    if number > Decimal::ONE_HUNDRED {
        return Err("over-hundred");
    }
    if fine.fract().is_zero() { i64::try_from(fine).map_err(|_| "number") } else { Err("too-fine") }
}

/// The field that all the choices are of, and their codes.
fn chosen(choices: &[String]) -> std::result::Result<(&'static FieldInfo, Vec<String>), &'static str> {
    let mut of = None;
    let mut codes = Vec::new();
    for choice in choices {
        let (field, code) = choice.split_once('.').ok_or("unknown")?;
        let field = store::aid_share_field(field).ok_or("unknown")?;
        if of.is_some_and(|of: &FieldInfo| of.code != field.code) {
            return Err("one-field");
        }
        let FieldType::Choice(list) = field.kind else { return Err("unknown") };
        if !list.iter().any(|known| known.code == code) {
            return Err("unknown");
        }
        of = Some(field);
        codes.push(code.to_owned());
    }
    Ok((of.ok_or("missing")?, codes))
}

impl App {
    /// The shares to keep.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn setting_aid_shares(&self, actor: &Actor, programme: i64) -> Result<SettingRows<AidShare>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let rows = store::aid_share_list(&mut tx, programme).await?;
        let version = store::change_last_of_rows(&mut tx, "aid_share", programme).await?;
        Ok(SettingRows { rows, version })
    }

    /// Saves shares that are there.
    ///
    /// # Errors
    /// [`Error::Form`] naming the fields: `zh_CODE`, `en_CODE`, `step_CODE`, `minimum_CODE`, `choices_CODE`.
    pub async fn setting_aid_shares_save(
        &self,
        actor: &Actor,
        programme: i64,
        version: i64,
        rows: &[AidShareInput],
    ) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let now = store::aid_share_list(&mut tx, programme).await?;
        let (mut sent, mut typed, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for input in rows {
            let Some(rule) = input.rule(&format!("_{}", input.code), &mut problems) else { continue };
            let stands = now.iter().find(|of| of.code == input.code).map(AidShare::to_json);
            let (key, field) = (input.code.clone(), format!("zh_{}", input.code));
            sent.push(Row { key, field, typed: Some(rule.to_json()), now: stands });
            typed.push(rule);
        }
        refuse(problems)?;
        let write = changed(&mut tx, "aid_share", programme, version, &sent).await?;
        if write.is_empty() {
            return Ok(());
        }
        let change = change::open(&mut tx, actor, Some(programme), "settings-aid-shares", None).await?;
        for at in write {
            sent[at].now.as_ref().ok_or(Error::NotFound)?;
            store::aid_share_set(&mut tx, &change, &typed[at].code, Some(&typed[at])).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Adds a share to keep.
    ///
    /// # Errors
    /// [`Error::Form`] naming the fields: `zh`, `en`, `step`, `minimum`, `choices`.
    pub async fn setting_aid_share_add(
        &self,
        actor: &Actor,
        programme: i64,
        input: &AidShareInput,
    ) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let now = store::aid_share_list(&mut tx, programme).await?;
        let mut problems = Vec::new();
        let rule = input.rule("", &mut problems);
        let twice = now.iter().any(|of| of.zh == input.zh.trim());
        if twice {
            problems.push(Problem::new("zh", "name-taken"));
        }
        refuse(problems)?;
        let mut rule = rule.ok_or(Error::NotFound)?;
        let free = |code: &String| !now.iter().any(|of| of.code == *code);
        rule.code = (1..).map(|n| format!("{}_{n}", rule.field.code)).find(free).ok_or(Error::Conflict)?;
        let change = change::open(&mut tx, actor, Some(programme), "settings-aid-shares", None).await?;
        store::aid_share_set(&mut tx, &change, &rule.code, Some(&rule)).await?;
        Ok(tx.commit().await?)
    }

    /// Removes a share to keep.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none with this code.
    pub async fn setting_aid_share_remove(&self, actor: &Actor, programme: i64, code: &str) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        if !store::aid_share_list(&mut tx, programme).await?.iter().any(|rule| rule.code == code) {
            return Err(Error::NotFound);
        }
        let change = change::open(&mut tx, actor, Some(programme), "settings-aid-shares", None).await?;
        store::aid_share_set(&mut tx, &change, code, None).await?;
        Ok(tx.commit().await?)
    }
}
