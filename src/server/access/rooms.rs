//! Who may make, join, leave, change and delete rooms, who may manage their members, and who may become their owner;
//! and who may open a direct conversation. The writer asks inside its transaction.

use super::accounts::is_active;
use crate::model::conversation::CONVERSATIONS_MAX;
use crate::model::room::OWNED_ROOMS_MAX;
use crate::model::{Conversation, ConversationId, ConversationKind, Error, Role, UserId};
use crate::server::error::Rejection;
use crate::server::store::members::{self, Membership};
use crate::server::store::{Conn, StoreError, conversations, users};

/// A user and a conversation, with all that decides what the user may do there.
#[derive(Clone, Debug)]
pub struct RoomAuthorization {
    pub conversation: Conversation,
    pub user: UserId,
    role: Role,
    /// The user's, if they are in the conversation or have been.
    membership: Option<Membership>,
}

/// Reads what decides what a user may do in a conversation; `None` if either does not exist.
///
/// # Errors
/// When the database cannot be read.
pub async fn room(
    conn: &mut Conn<'_>,
    user: UserId,
    id: ConversationId,
) -> Result<Option<RoomAuthorization>, StoreError> {
    let (Some(stored), Some(account)) = (conversations::find(conn, id).await?, users::find(conn, user).await?) else {
        return Ok(None);
    };
    let membership = members::find(conn, id, user).await?;
    Ok(Some(RoomAuthorization { conversation: stored.conversation, user, role: account.me.role, membership }))
}

impl RoomAuthorization {
    fn kind(&self) -> ConversationKind {
        self.conversation.kind
    }

    /// Whether the user is a member now.
    pub fn is_member(&self) -> bool {
        self.membership.as_ref().is_some_and(Membership::is_joined)
    }

    fn sees_it(&self) -> bool {
        self.is_member() || matches!(self.kind(), ConversationKind::Public | ConversationKind::General)
    }

    /// Whether the user sees the page of the room: every public one, and those that they are in.
    ///
    /// # Errors
    /// `NotFound`, also for a direct conversation.
    pub fn may_see_room(&self) -> Result<&Conversation, Error> {
        let sees = self.sees_it() && self.kind() != ConversationKind::Direct;
        Some(&self.conversation).filter(|_| sees).ok_or_else(Error::not_found)
    }

    /// The user's membership, for what members alone may do.
    ///
    /// # Errors
    /// `NotFound` for those who are not in it.
    pub fn member(&self) -> Result<&Membership, Error> {
        self.membership.as_ref().filter(|membership| membership.is_joined()).ok_or_else(Error::not_found)
    }

    /// Joining: everyone may join a public room; to a private one, a member must add them.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn may_join(&self) -> Result<(), Error> {
        match self.kind() {
            ConversationKind::Public | ConversationKind::General => Ok(()),
            ConversationKind::Private | ConversationKind::Direct | ConversationKind::Unknown => self.member().map(drop),
        }
    }

    /// Whether the user becomes the owner by joining: of a room that nobody is in, or where only disabled accounts are.
    ///
    /// # Errors
    /// `Forbidden` for those who own [`OWNED_ROOMS_MAX`] rooms, of which this is none.
    pub async fn becomes_owner_by_joining(&self, conn: &mut Conn<'_>) -> Result<bool, Rejection> {
        let room = &self.conversation;
        let is_room = matches!(room.kind, ConversationKind::Public | ConversationKind::Private);
        if !is_room || self.is_member() || (room.member_count > 0 && room.owner.is_some()) {
            return Ok(false);
        }
        // Members that were enabled again manage a room without an owner together.
        if room.member_count > 0 && members::longest_standing(conn, room.id, self.user, None).await?.is_some() {
            return Ok(false);
        }
        if room.owner != Some(self.user) && !owns_fewer_than_max(conn, self.user).await? {
            let message = format!(
                "Nobody is in this room, so you would own it, and one person owns up to {OWNED_ROOMS_MAX} rooms."
            );
            return Err(Error::refused(message).into());
        }
        Ok(true)
    }

    /// Who becomes the owner when this member's membership ends: of the members with an enabled account the one of
    /// longest standing who owns fewer than [`OWNED_ROOMS_MAX`] rooms; if there is none, the one of longest standing, so
    /// that somebody looks after the room. `None` where only disabled accounts stay.
    pub async fn heir_of(&self, conn: &mut Conn<'_>, member: UserId) -> Result<Option<UserId>, StoreError> {
        let room = self.conversation.id;
        if let Some(heir) = members::longest_standing(conn, room, member, Some(OWNED_ROOMS_MAX)).await? {
            return Ok(Some(heir));
        }
        members::longest_standing(conn, room, member, None).await
    }

    /// Leaving a room.
    ///
    /// # Errors
    /// `NotFound` for those who are not in it, `Forbidden` in General and in direct conversations.
    pub fn may_leave(&self) -> Result<(), Error> {
        self.member()?;
        match self.kind() {
            ConversationKind::Public | ConversationKind::Private => Ok(()),
            ConversationKind::General => Err(Error::refused("Everyone is in General; it cannot be left.")),
            ConversationKind::Direct => Err(Error::refused("A direct conversation cannot be left.")),
            ConversationKind::Unknown => Err(Error::not_found()),
        }
    }

    /// What the rules for managing a room have in common: its owner may, if they are in it, and the owner of the
    /// installation, if they see it. A room without an owner is one where only disabled accounts stayed; its members
    /// manage it once they are enabled again.
    ///
    /// # Errors
    /// `NotFound` for those who do not see it, `Forbidden` for everyone else.
    fn may_manage(&self) -> Result<(), Error> {
        if !self.sees_it() {
            return Err(Error::not_found());
        }
        let is_room = matches!(self.kind(), ConversationKind::Public | ConversationKind::Private);
        let owns_it = is_room && self.is_member() && self.conversation.owner.is_none_or(|owner| owner == self.user);
        if self.kind() != ConversationKind::Direct && (owns_it || self.role == Role::Owner) {
            Ok(())
        } else {
            Err(Error::forbidden())
        }
    }

    /// Changing a room's name and topic. Its notice names who did it, so they must be a member.
    ///
    /// # Errors
    /// As for managing a room; `Forbidden` for an owner of the installation who has not joined.
    pub fn may_change(&self) -> Result<(), Error> {
        self.may_manage()?;
        if self.is_member() { Ok(()) } else { Err(Error::refused("Join this room first.")) }
    }

    /// Deleting a room.
    ///
    /// # Errors
    /// As for managing a room; `Forbidden` for General.
    pub fn may_delete(&self) -> Result<(), Error> {
        self.may_manage()?;
        match self.kind() {
            ConversationKind::General => Err(Error::refused("General cannot be deleted.")),
            ConversationKind::Public | ConversationKind::Private | ConversationKind::Direct => Ok(()),
            ConversationKind::Unknown => Err(Error::not_found()),
        }
    }

    /// Adding members to a room, and removing them.
    ///
    /// # Errors
    /// As [`RoomAuthorization::may_change`]; `Forbidden` for General.
    pub fn may_manage_members(&self) -> Result<(), Error> {
        self.may_change()?;
        match self.kind() {
            ConversationKind::General => Err(Error::refused("Everyone is in General, and stays in it.")),
            ConversationKind::Public | ConversationKind::Private | ConversationKind::Direct => Ok(()),
            ConversationKind::Unknown => Err(Error::not_found()),
        }
    }

    /// Adding this user to the room.
    ///
    /// # Errors
    /// As [`RoomAuthorization::may_manage_members`]; `Forbidden` for an account that is disabled or does not exist.
    pub async fn may_add(&self, conn: &mut Conn<'_>, user: UserId) -> Result<(), Rejection> {
        self.may_manage_members()?;
        if is_active(conn, user).await? {
            Ok(())
        } else {
            Err(Error::refused("There is no such person to add.").into())
        }
    }

    /// Transferring the room's ownership.
    ///
    /// # Errors
    /// As [`RoomAuthorization::may_change`]; `Forbidden` for General.
    pub fn may_transfer_ownership(&self) -> Result<(), Error> {
        self.may_change()?;
        match self.kind() {
            ConversationKind::General => Err(Error::refused("General belongs to the owner of the installation.")),
            ConversationKind::Public | ConversationKind::Private | ConversationKind::Direct => Ok(()),
            ConversationKind::Unknown => Err(Error::not_found()),
        }
    }

    /// Transferring the room's ownership to this user.
    ///
    /// # Errors
    /// As [`RoomAuthorization::may_transfer_ownership`]; `Forbidden` for those who are not members, whose account is
    /// disabled, or who own [`OWNED_ROOMS_MAX`] rooms.
    pub async fn may_transfer_ownership_to(&self, conn: &mut Conn<'_>, user: UserId) -> Result<(), Rejection> {
        self.may_transfer_ownership()?;
        let membership = members::find(conn, self.conversation.id, user).await?;
        if !membership.is_some_and(|membership| membership.is_joined()) {
            return Err(Error::refused("Only a member can become the owner of a room.").into());
        }
        if !is_active(conn, user).await? {
            return Err(Error::refused("This account is disabled. Choose somebody else.").into());
        }
        if self.conversation.owner == Some(user) {
            return Ok(());
        }
        may_own_one_more(conn, user).await
    }
}

/// Making a room.
///
/// # Errors
/// `Forbidden` for those who own [`OWNED_ROOMS_MAX`] rooms or are in [`CONVERSATIONS_MAX`] conversations.
pub async fn may_create_room(conn: &mut Conn<'_>, user: UserId) -> Result<(), Rejection> {
    may_own_one_more(conn, user).await?;
    may_be_in_one_more(conn, user).await
}

/// Making a direct conversation of two users.
///
/// # Errors
/// `Forbidden` with oneself, and for those who are in [`CONVERSATIONS_MAX`] conversations; `NotFound` with somebody
/// whose account is disabled or does not exist.
pub async fn may_open_direct(conn: &mut Conn<'_>, user: UserId, other: UserId) -> Result<(), Rejection> {
    if user == other {
        return Err(Error::refused("This is you. Choose somebody else to write to.").into());
    }
    if !is_active(conn, other).await? {
        return Err(Error::not_found().into());
    }
    may_be_in_one_more(conn, user).await?;
    may_be_in_one_more(conn, other).await
}

/// Being a member of one more conversation.
///
/// # Errors
/// `Forbidden` for those who are in [`CONVERSATIONS_MAX`] conversations.
pub async fn may_be_in_one_more(conn: &mut Conn<'_>, user: UserId) -> Result<(), Rejection> {
    if members::conversations_of(conn, user).await? < CONVERSATIONS_MAX {
        return Ok(());
    }
    Err(Error::refused(format!("One person is in up to {CONVERSATIONS_MAX} conversations.")).into())
}

/// Owning one more room.
async fn may_own_one_more(conn: &mut Conn<'_>, user: UserId) -> Result<(), Rejection> {
    if owns_fewer_than_max(conn, user).await? {
        return Ok(());
    }
    Err(Error::refused(format!("One person owns up to {OWNED_ROOMS_MAX} rooms.")).into())
}

async fn owns_fewer_than_max(conn: &mut Conn<'_>, user: UserId) -> Result<bool, StoreError> {
    Ok(conversations::owned_rooms(conn, user).await? < OWNED_ROOMS_MAX)
}
