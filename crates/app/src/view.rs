//! Saved views of lists: a user's own, and those shared with everybody in the programme.

use crate::access::{Actor, Right};
use crate::error::{Error, Result};
use crate::{App, change, typed};
use store::{NewView, SavedView};

/// Longest name of a view, and longest query.
const NAME_CHARS: usize = 60;
const QUERY_CHARS: usize = 4_000;

/// A view to save, as a form sends it.
#[derive(Debug, Clone, Default)]
pub struct ViewForm {
    /// Kind of the list.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Query of the list's address.
    pub query: String,
    /// Everybody in the programme sees it.
    pub shared: bool,
    /// A view of this name is replaced.
    pub replace: bool,
}

impl App {
    /// The views of a list that the actor sees: own ones, then shared ones.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn view_list(&self, actor: &Actor, programme: i64, kind: &str) -> Result<Vec<SavedView>> {
        actor.require(programme, Right::View)?;
        let Some(user) = actor.user else { return Ok(Vec::new()) };
        let mut tx = self.db.read().await?;
        Ok(store::view_list(&mut tx, programme, user, kind).await?)
    }

    /// Saves a view.
    ///
    /// # Errors
    /// [`Error::Conflict`] where one of this name is not to be replaced; [`Error::Invalid`] for a name or a query that
    /// cannot be kept; [`Error::Forbidden`] for who may not share views.
    pub async fn view_save(&self, actor: &Actor, programme: i64, form: &ViewForm) -> Result<()> {
        let user = view_user(actor, programme)?;
        if form.shared {
            actor.require(programme, Right::SharedView)?;
        }
        let name = typed::optional("name", &form.name)?.unwrap_or_default();
        let problem = match () {
            () if name.is_empty() => Some(("name", "missing")),
            () if name.chars().count() > NAME_CHARS => Some(("name", "too-long")),
            () if form.query.chars().count() > QUERY_CHARS => Some(("query", "too-long")),
            () => None,
        };
        if let Some((field, problem)) = problem {
            return Err(Error::Invalid { field, problem });
        }
        let (kind, query, shared) = (form.kind.as_str(), form.query.as_str(), form.shared);
        let new = NewView { programme, user, kind, name: &name, query, shared };
        let mut tx = self.db.write().await?;
        let old = store::view_named(&mut tx, &new).await?;
        if old.is_some() && !form.replace {
            return Err(Error::Conflict);
        }
        let opened = change::open(&mut tx, actor, Some(programme), "view-save", None).await?;
        match old {
            Some(old) => store::view_replace(&mut tx, &opened, &old, query).await?,
            None => store::view_insert(&mut tx, &opened, &new).await.map(|_| ())?,
        }
        Ok(tx.commit().await?)
    }

    /// Deletes a view: one's own, or a shared one where the actor may share views.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn view_delete(&self, actor: &Actor, programme: i64, id: i64) -> Result<SavedView> {
        let user = view_user(actor, programme)?;
        let mut tx = self.db.write().await?;
        let old = seen(store::view_get(&mut tx, programme, id).await?, user)?;
        if old.user != user {
            actor.require(programme, Right::SharedView)?;
        }
        let opened = change::open(&mut tx, actor, Some(programme), "view-delete", None).await?;
        store::view_delete(&mut tx, &opened, &old).await?;
        tx.commit().await?;
        Ok(old)
    }

    /// Sets the view that the actor opens a list with, or none.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a view of another list, or one that is not open to the actor.
    pub async fn view_set_default(
        &self,
        actor: &Actor,
        programme: i64,
        kind: &str,
        id: Option<i64>,
    ) -> Result<()> {
        let user = view_user(actor, programme)?;
        let mut tx = self.db.write().await?;
        if let Some(id) = id {
            let view = seen(store::view_get(&mut tx, programme, id).await?, user)?;
            if view.kind != kind {
                return Err(Error::NotFound);
            }
        }
        let opened = change::open(&mut tx, actor, Some(programme), "view-default", None).await?;
        store::view_set_default(&mut tx, &opened, (programme, user, kind), id).await?;
        Ok(tx.commit().await?)
    }
}

/// Views belong to somebody: the command line has none.
fn view_user(actor: &Actor, programme: i64) -> Result<i64> {
    actor.require(programme, Right::View)?;
    actor.user.ok_or(Error::Forbidden)
}

fn seen(view: SavedView, user: i64) -> Result<SavedView> {
    if view.shared || view.user == user { Ok(view) } else { Err(Error::NotFound) }
}
