//! Who may read, write and administer: the one place that decides.
//!
//! Resolved through the user's membership, and giving the thing itself, never a yes. Missing and forbidden are
//! answered alike.

use super::error;
use super::store::{Snapshot, StoreError, conversations, members, users};
use crate::model::{ConversationId, Error, Listed, Member, MemberState, Role, UserId, UserState};

/// A conversation, as this user may see it.
#[derive(Clone, Debug)]
pub struct Access {
    listed: Listed,
}

/// Finds a conversation through the user's membership.
///
/// # Errors
/// `NotFound` when there is none, or it is not theirs.
pub async fn conversation(snapshot: &mut Snapshot, user: UserId, id: ConversationId) -> Result<Access, Error> {
    let found = find(snapshot, user, id).await.map_err(error::reading)?;
    found.ok_or_else(Error::not_found)
}

async fn find(snapshot: &mut Snapshot, user: UserId, id: ConversationId) -> Result<Option<Access>, StoreError> {
    let member = members::find(&mut snapshot.conn(), id, user).await?;
    if !may_read(member.as_ref()) {
        return Ok(None);
    }
    Ok(conversations::find(&mut snapshot.conn(), id).await?.map(|listed| Access { listed }))
}

impl Access {
    /// The conversation and its heads, to be read.
    pub fn read(&self) -> &Listed {
        &self.listed
    }
}

/// The rule for reading, over the user's own member row.
pub fn may_read(member: Option<&Member>) -> bool {
    member.is_some_and(|member| member.state == MemberState::Joined)
}

/// The rule for posting, over the author's own member row; the writer asks it again inside its transaction.
///
/// # Errors
/// `NotFound`: missing and forbidden are answered alike.
pub fn may_post(member: Option<Member>) -> Result<Member, Error> {
    member.filter(|member| member.state == MemberState::Joined).ok_or_else(Error::not_found)
}

/// Someone who runs the installation.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    id: UserId,
}

/// Finds the user as the owner.
///
/// # Errors
/// `NotFound` when they are not: what the owner sees is not for others to know of.
pub async fn owner(snapshot: &mut Snapshot, user: UserId) -> Result<Owner, Error> {
    let account = users::find(&mut snapshot.conn(), user).await.map_err(error::reading)?;
    let owner = account.filter(|account| account.me.role == Role::Owner && account.state == UserState::Active);
    owner.map(|account| Owner { id: account.me.person.id }).ok_or_else(Error::not_found)
}

impl Owner {
    /// An account that may be put into this state.
    ///
    /// # Errors
    /// `NotFound` when there is none; `Invalid` for disabling oneself, after which nobody could undo it from here.
    pub async fn account(self, snapshot: &mut Snapshot, id: UserId, state: UserState) -> Result<UserId, Error> {
        if id == self.id && state == UserState::Disabled {
            return Err(Error::invalid("You cannot disable your own account."));
        }
        let account = users::find(&mut snapshot.conn(), id).await.map_err(error::reading)?;
        account.map(|account| account.me.person.id).ok_or_else(Error::not_found)
    }
}
