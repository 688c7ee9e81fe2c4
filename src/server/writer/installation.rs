//! The installation's own row.

use super::Writer;
use super::batch::{Batch, Outcome};
use super::command::Command;
use crate::model::{Epoch, Error, UserId, WorkspaceName};
use crate::server::error::Rejection;
use crate::server::store::installation;

#[derive(Debug)]
pub enum InstallationCommand {
    /// Begins another epoch: clients discard what they hold of the one before.
    RenewEpoch(Epoch),
    /// Names the workspace.
    RenameWorkspace { by: UserId, name: WorkspaceName },
}

impl Writer {
    /// Begins another epoch of the database.
    pub async fn renew_epoch(&self, epoch: Epoch) -> Result<(), Error> {
        self.ask(Command::Installation(InstallationCommand::RenewEpoch(epoch))).await.map(drop)
    }

    /// Names the workspace, asked by its owner.
    ///
    /// # Errors
    /// `SignInRequired` when the owner's account is disabled.
    pub async fn rename_workspace(&self, by: UserId, name: WorkspaceName) -> Result<(), Error> {
        self.ask(Command::Installation(InstallationCommand::RenameWorkspace { by, name })).await.map(drop)
    }
}

impl InstallationCommand {
    /// The user who asks for it.
    pub(super) fn user(&self) -> Option<UserId> {
        match self {
            InstallationCommand::RenewEpoch(_) => None,
            InstallationCommand::RenameWorkspace { by, .. } => Some(*by),
        }
    }

    pub(super) async fn execute(&self, batch: &mut Batch) -> Result<Outcome, Rejection> {
        match self {
            InstallationCommand::RenewEpoch(epoch) => {
                installation::set_epoch(&mut batch.conn(), *epoch).await?;
                Ok(Outcome::done())
            }
            InstallationCommand::RenameWorkspace { name, .. } => {
                installation::set_workspace_name(&mut batch.conn(), name).await?;
                Ok(Outcome { workspace: Some(name.clone()), ..Outcome::done() })
            }
        }
    }
}
