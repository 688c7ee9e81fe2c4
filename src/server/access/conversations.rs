//! Who reads a conversation, and who posts in it: its members.

use super::rooms::room;
use crate::model::{ConversationId, Error, UserId};
use crate::server::error;
use crate::server::store::conversations::{self, StoredConversation};
use crate::server::store::members::{self, Membership};
use crate::server::store::{Snapshot, StoreError};

/// A conversation that its reader is a member of.
#[derive(Clone, Debug)]
pub struct Access {
    stored: StoredConversation,
}

/// Finds a conversation through the user's membership.
///
/// # Errors
/// `NotFound` when there is no such conversation, or the user is not in it.
pub async fn conversation(snapshot: &mut Snapshot, user: UserId, id: ConversationId) -> Result<Access, Error> {
    find(snapshot, user, id).await.map_err(error::reading)?.ok_or_else(Error::not_found)
}

/// The same for a conversation's page.
///
/// # Errors
/// `NotMember` for a room that the user sees without being in it: its page lets them join. `NotFound` otherwise.
pub async fn conversation_page(snapshot: &mut Snapshot, user: UserId, id: ConversationId) -> Result<Access, Error> {
    if let Some(access) = find(snapshot, user, id).await.map_err(error::reading)? {
        return Ok(access);
    }
    let room = room(&mut snapshot.conn(), user, id).await.map_err(error::reading)?;
    room.ok_or_else(Error::not_found)?.may_see_room()?;
    Err(Error::not_member())
}

async fn find(snapshot: &mut Snapshot, user: UserId, id: ConversationId) -> Result<Option<Access>, StoreError> {
    let membership = members::find(&mut snapshot.conn(), id, user).await?;
    if !membership.as_ref().is_some_and(Membership::is_joined) {
        return Ok(None);
    }
    Ok(conversations::find(&mut snapshot.conn(), id).await?.map(|stored| Access { stored }))
}

impl Access {
    /// The conversation, to be read.
    pub fn read(&self) -> &StoredConversation {
        &self.stored
    }
}

/// Whether a user may move their read position in a conversation, by their membership there.
///
/// # Errors
/// As [`may_post`].
pub fn may_read(membership: Option<Membership>) -> Result<Membership, Error> {
    may_post(membership)
}

/// Whether the author may post in a conversation, by their membership there.
///
/// # Errors
/// `NotFound` for those who are not in it, `SignInRequired` for those whose account is disabled (as
/// [`super::may_act`], without a query of its own for each message).
pub fn may_post(membership: Option<Membership>) -> Result<Membership, Error> {
    let membership = membership.filter(Membership::is_joined).ok_or_else(Error::not_found)?;
    if membership.is_active { Ok(membership) } else { Err(Error::sign_in_required()) }
}
