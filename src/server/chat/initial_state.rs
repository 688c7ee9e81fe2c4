//! A user's own list.

use crate::model::{Error, InitialState, UserId};
use crate::server::store::{Snapshot, conversations, users};
use crate::server::{Core, access, error};

/// The user's own list as it stands in this snapshot.
///
/// # Errors
/// `SignInRequired` when the account is gone.
pub async fn read(core: &Core, snapshot: &mut Snapshot, user: UserId) -> Result<InitialState, Error> {
    let account =
        users::find(&mut snapshot.conn(), user).await.map_err(error::reading)?.ok_or_else(Error::sign_in_required)?;
    let conversations = conversations::of_user(&mut snapshot.conn(), user).await.map_err(error::reading)?;
    Ok(InitialState { epoch: core.epoch, user_rev: account.user_rev, me: access::me(core, account), conversations })
}
