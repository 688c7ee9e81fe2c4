//! The installation's own row.

use super::Writer;
use super::batch::{Batch, Outcome};
use super::command::Command;
use crate::model::{Epoch, Error};
use crate::server::error::Rejection;
use crate::server::store::installation;

#[derive(Debug)]
pub enum InstallationCommand {
    /// Begins another epoch: clients discard what they hold of the one before.
    RenewEpoch(Epoch),
}

impl Writer {
    /// Begins another epoch of the database.
    pub async fn renew_epoch(&self, epoch: Epoch) -> Result<(), Error> {
        self.ask(Command::Installation(InstallationCommand::RenewEpoch(epoch))).await.map(drop)
    }
}

impl InstallationCommand {
    pub(super) async fn execute(&self, batch: &mut Batch) -> Result<Outcome, Rejection> {
        match self {
            InstallationCommand::RenewEpoch(epoch) => installation::set_epoch(&mut batch.conn(), *epoch).await?,
        }
        Ok(Outcome::done())
    }
}
