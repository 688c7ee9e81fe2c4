//! Who may read, write and administer: the one place that decides.
//!
//! Resolved through the user's membership, and giving the thing itself, never a yes. Missing and forbidden are
//! answered alike.

use super::config::Registration;
use super::store::conversations::Found;
use super::store::members::Membership;
use super::store::users::Account;
use super::store::{Conn, Snapshot, StoreError, conversations, members, users};
use super::{Core, error};
use crate::model::{ConversationId, ConversationKind, Error, Me, Role, UserId, UserState};

/// A conversation, as this user may see it.
#[derive(Clone, Debug)]
pub struct Access {
    found: Found,
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
    let membership = members::find(&mut snapshot.conn(), id, user).await?;
    if !membership.as_ref().is_some_and(Membership::is_joined) {
        return Ok(None);
    }
    Ok(conversations::find(&mut snapshot.conn(), id).await?.map(|found| Access { found }))
}

impl Access {
    /// The conversation and its heads, to be read.
    pub fn read(&self) -> &Found {
        &self.found
    }
}

/// The rule for posting, over the author's own place; the writer asks it inside its transaction.
///
/// # Errors
/// `NotFound`: missing and forbidden are answered alike.
pub fn may_post(membership: Option<Membership>) -> Result<Membership, Error> {
    membership.filter(Membership::is_joined).ok_or_else(Error::not_found)
}

/// Where a user stands towards a conversation: what the rules for changing it are asked over, inside the writer's
/// transaction.
#[derive(Clone, Debug)]
pub struct Standing {
    pub found: Found,
    pub user: UserId,
    pub role: Role,
    /// Theirs, if they are in it or have been.
    pub membership: Option<Membership>,
}

/// Where a user stands towards a conversation; none if either is not there.
///
/// # Errors
/// When the database cannot be read.
pub async fn standing(conn: &mut Conn<'_>, user: UserId, id: ConversationId) -> Result<Option<Standing>, StoreError> {
    let (Some(found), Some(account)) = (conversations::find(conn, id).await?, users::find(conn, user).await?) else {
        return Ok(None);
    };
    let membership = members::find(conn, id, user).await?;
    Ok(Some(Standing { found, user, role: account.me.role, membership }))
}

impl Standing {
    /// Whether they see the room at all.
    ///
    /// # Errors
    /// `NotFound` for those who do not, and for what is no room.
    pub fn room(&self) -> Result<&Found, Error> {
        let sees = self.is_in() || matches!(self.kind(), ConversationKind::Public | ConversationKind::General);
        Some(&self.found).filter(|_| sees && self.kind() != ConversationKind::Direct).ok_or_else(Error::not_found)
    }

    /// Whether they are in it.
    pub fn is_in(&self) -> bool {
        self.membership.as_ref().is_some_and(Membership::is_joined)
    }

    fn kind(&self) -> ConversationKind {
        self.found.conversation.kind
    }

    /// For whatever only those who are in it may do.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn member(&self) -> Result<&Membership, Error> {
        self.membership.as_ref().filter(|membership| membership.is_joined()).ok_or_else(Error::not_found)
    }

    /// Joining a room by oneself.
    ///
    /// # Errors
    /// `NotFound` for what is not public and not theirs already.
    pub fn may_join(&self) -> Result<(), Error> {
        match self.kind() {
            ConversationKind::Public | ConversationKind::General => Ok(()),
            ConversationKind::Private | ConversationKind::Direct | ConversationKind::Unknown => self.member().map(drop),
        }
    }

    /// Leaving.
    ///
    /// # Errors
    /// `NotFound` for a stranger, `Forbidden` where one cannot leave.
    pub fn may_leave(&self) -> Result<(), Error> {
        self.member()?;
        match self.kind() {
            ConversationKind::Public | ConversationKind::Private => Ok(()),
            ConversationKind::General => Err(Error::refused("Everyone is in General; it cannot be left.")),
            ConversationKind::Direct => Err(Error::refused("A direct conversation cannot be left.")),
            ConversationKind::Unknown => Err(Error::not_found()),
        }
    }

    /// Viewing after a room: its name and topic, who is in it, and its end. That is its owner, and the owner of the
    /// installation where they see it: public rooms, and those they are in.
    ///
    /// # Errors
    /// `NotFound` for those who do not see it, `Forbidden` for everyone else.
    pub fn may_manage(&self) -> Result<(), Error> {
        let sees = self.is_in() || matches!(self.kind(), ConversationKind::Public | ConversationKind::General);
        if !sees {
            return Err(Error::not_found());
        }
        let is_creator = self.is_in() && self.found.conversation.owner == Some(self.user);
        let is_room = self.kind() != ConversationKind::Direct;
        if is_room && (is_creator || self.role == Role::Owner) { Ok(()) } else { Err(Error::forbidden()) }
    }

    /// Changing what a room is called and about: the room is told by whom, so they are in it.
    ///
    /// # Errors
    /// As [`Standing::may_manage`], and a word to an owner who has not joined.
    pub fn may_change(&self) -> Result<(), Error> {
        self.may_manage()?;
        if self.is_in() { Ok(()) } else { Err(Error::refused("Join this room first.")) }
    }

    /// Bringing somebody in, or showing them out.
    ///
    /// # Errors
    /// As [`Standing::may_change`]; General has everyone in it.
    pub fn may_manage_members(&self) -> Result<(), Error> {
        self.may_change()?;
        match self.kind() {
            ConversationKind::General => Err(Error::refused("Everyone is in General, and stays in it.")),
            ConversationKind::Public | ConversationKind::Private | ConversationKind::Direct => Ok(()),
            ConversationKind::Unknown => Err(Error::not_found()),
        }
    }

    /// Ending a room.
    ///
    /// # Errors
    /// As [`Standing::may_manage`]; General stays.
    pub fn may_delete(&self) -> Result<(), Error> {
        self.may_manage()?;
        match self.kind() {
            ConversationKind::General => Err(Error::refused("General cannot be deleted.")),
            ConversationKind::Public | ConversationKind::Private | ConversationKind::Direct => Ok(()),
            ConversationKind::Unknown => Err(Error::not_found()),
        }
    }
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

    /// An account that may be given the right to invite, or have it taken away.
    ///
    /// # Errors
    /// `NotFound` when there is none; `Invalid` for the owner's own, who always may.
    pub async fn guest(self, snapshot: &mut Snapshot, id: UserId) -> Result<UserId, Error> {
        if id == self.id {
            return Err(Error::invalid("As the owner you may always invite."));
        }
        self.account(snapshot, id, UserState::Active).await
    }
}

/// Someone who may make invitations.
#[derive(Clone, Copy, Debug)]
pub struct Inviter {
    id: UserId,
    role: Role,
}

/// The rule for inviting: the owner may, and whom the owner lets; the writer asks it inside its transaction.
pub fn may_invite(account: &Account) -> Option<Inviter> {
    let may = account.state == UserState::Active && (account.me.role == Role::Owner || account.me.may_invite);
    may.then_some(Inviter { id: account.me.person.id, role: account.me.role })
}

/// Finds the user as someone who may invite.
///
/// # Errors
/// `NotFound` when they may not, or where accounts are not made by invitation.
pub async fn inviter(core: &Core, snapshot: &mut Snapshot, user: UserId) -> Result<Inviter, Error> {
    let account = users::find(&mut snapshot.conn(), user).await.map_err(error::reading)?;
    let account = account.filter(|_| core.registration == Registration::Invite);
    account.and_then(|account| may_invite(&account)).ok_or_else(Error::not_found)
}

impl Inviter {
    /// Whether they look after the invitations of this maker: their own, and as the owner everybody's.
    pub fn manages(self, maker: UserId) -> bool {
        self.role == Role::Owner || maker == self.id
    }

    /// Whose invitations they see; everybody's for the owner.
    pub fn sees(self) -> Option<UserId> {
        (self.role != Role::Owner).then_some(self.id)
    }
}

/// An account as its user sees it: a right that is of no use here is not told of.
pub fn me(core: &Core, account: Account) -> Me {
    let may_invite = core.registration == Registration::Invite && may_invite(&account).is_some();
    Me { may_invite, ..account.me }
}
