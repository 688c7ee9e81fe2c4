//! The workspace's name.

use crate::model::{Error, UserId, WorkspaceName};
use crate::server::store::installation;
use crate::server::{Core, access, error};

/// The workspace's name, for the page where its owner changes it.
///
/// # Errors
/// `NotFound` for all but the owner.
pub async fn name_to_change(core: &Core, user: UserId) -> Result<String, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::owner(&mut snapshot, user).await?;
    installation::workspace_name(&mut snapshot.conn()).await.map_err(error::reading)
}

/// Names the workspace.
///
/// # Errors
/// `NotFound` for all but the owner, `Invalid` for what is no name.
pub async fn rename(core: &Core, user: UserId, name: &str) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::owner(&mut snapshot, user).await?;
    drop(snapshot);
    core.writer.rename_workspace(user, WorkspaceName::parse(name)?).await
}
