//! The initial state of a client: the user and their conversation summaries.

use crate::model::{Error, InitialState, UserId};
use crate::server::store::{Snapshot, conversations, installation, users};
use crate::server::{Core, access, error};

/// Reads a user's initial state.
///
/// # Errors
/// `SignInRequired` when there is no such account.
pub async fn read(core: &Core, user: UserId) -> Result<InitialState, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    read_in(core, &mut snapshot, user).await
}

/// Reads a user's initial state in a snapshot that is read further.
///
/// # Errors
/// As [`read`].
pub async fn read_in(core: &Core, snapshot: &mut Snapshot, user: UserId) -> Result<InitialState, Error> {
    let account =
        users::find(&mut snapshot.conn(), user).await.map_err(error::reading)?.ok_or_else(Error::sign_in_required)?;
    let conversations = conversations::of_user(&mut snapshot.conn(), user).await.map_err(error::reading)?;
    let workspace = installation::workspace_name(&mut snapshot.conn()).await.map_err(error::reading)?;
    let (epoch, user_rev) = (core.epoch, account.user_rev);
    Ok(InitialState { epoch, user_rev, me: access::me(core, account), workspace, conversations })
}
